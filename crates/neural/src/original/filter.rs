//! What the original does to flags before it shows them.
//!
//! ```text
//! severity  |mean − y| / |upper − lower| ≥ 1;  0 where y is the mean, e⁵ where the band has no width
//! duration  two flags in some three days running that contain the day
//! ```
//!
//! Duration counts flags that severity may take away. It is hindsight: the first day of an episode
//! is shown once a later one is flagged, so that this filter stands in tables of comparison only and
//! in no pipeline.

use super::Verdict;

/// How the two conditions go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// Both must hold.
    Both,
    /// One is enough.
    Either,
}

/// The filters after the networks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PostFilter {
    /// The least severity, in widths of the band. In [0, ∞).
    pub severity: f64,
    /// Days running that are looked at together. Above 0.
    pub days: usize,
    /// Flags that must be among them. 1 lets every flag pass.
    pub flags: usize,
    /// How the two go together.
    pub combine: Combine,
}

impl PostFilter {
    /// As the original infers: severity 1, two flags in three days, both.
    pub const ORIGINAL: Self = Self {
        severity: 1.0,
        days: 3,
        flags: 2,
        combine: Combine::Both,
    };

    /// For each day whether its flag is shown. `values` are those of the verdicts, day by day.
    #[must_use]
    pub fn shown(&self, values: &[f64], verdicts: &[Verdict]) -> Vec<bool> {
        let lasting = self.lasting(verdicts);
        let days = values.iter().zip(verdicts).zip(lasting);
        days.map(|((value, verdict), lasts)| {
            let is_severe = severity(*value, verdict) >= self.severity;
            verdict.is_flagged
                && match self.combine {
                    Combine::Both => is_severe && lasts,
                    Combine::Either => is_severe || lasts,
                }
        })
        .collect()
    }

    /// For each day whether it lies within `days` days running that have enough flags.
    fn lasting(&self, verdicts: &[Verdict]) -> Vec<bool> {
        let mut lasting = vec![false; verdicts.len()];
        // Days before the first and after the last have no flag: every stretch within is enough,
        // and one that is cut off at an end has the flags of a whole one that lies within.
        let days = self.days.clamp(1, verdicts.len().max(1));
        for (start, stretch) in verdicts.windows(days).enumerate() {
            let flags = stretch.iter().filter(|verdict| verdict.is_flagged).count();
            if flags >= self.flags {
                lasting[start..start + days].fill(true);
            }
        }
        lasting
    }
}

/// How many widths of its band a value lies from what is expected; 0 where nothing is.
fn severity(value: f64, verdict: &Verdict) -> f64 {
    let distance = (verdict.expected - value).abs();
    let width = (verdict.upper - verdict.lower).abs();
    if distance > 0.0 && width > 0.0 {
        distance / width
    } else if distance > 0.0 && width <= 0.0 {
        libm::exp(5.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(is_flagged: bool) -> Verdict {
        Verdict {
            expected: 0.0,
            lower: -1.0,
            upper: 1.0,
            probability: 0.9,
            is_flagged,
        }
    }

    fn shown(filter: PostFilter, flags: &[u8], values: &[f64]) -> Vec<u8> {
        let verdicts: Vec<Verdict> = flags.iter().map(|&flag| day(flag == 1)).collect();
        filter
            .shown(values, &verdicts)
            .iter()
            .map(|&shown| u8::from(shown))
            .collect()
    }

    #[test]
    fn a_flag_needs_another_within_two_days() {
        let flags = [1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1];
        let far = [9.0; 11];
        assert_eq!(
            shown(PostFilter::ORIGINAL, &flags, &far),
            [1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1]
        );
    }

    #[test]
    fn a_band_width_from_the_mean_is_severe_and_less_is_not() {
        let flags = [1, 1, 1];
        assert_eq!(
            shown(PostFilter::ORIGINAL, &flags, &[2.0, -2.0, 1.9]),
            [1, 1, 0]
        );
    }

    #[test]
    fn a_flag_taken_away_for_its_severity_still_confirms_its_neighbour() {
        assert_eq!(shown(PostFilter::ORIGINAL, &[1, 1], &[1.5, 3.0]), [0, 1]);
    }

    #[test]
    fn one_condition_is_enough_where_either_may_hold() {
        let either = PostFilter {
            combine: Combine::Either,
            ..PostFilter::ORIGINAL
        };
        assert_eq!(
            shown(either, &[1, 0, 0, 1, 1], &[3.0, 9.0, 9.0, 1.5, 1.5]),
            [1, 0, 0, 1, 1]
        );
    }

    #[test]
    fn severity_has_a_value_where_the_band_or_the_expectation_has_none() {
        let flat = Verdict {
            lower: 0.0,
            upper: 0.0,
            ..day(true)
        };
        assert!((severity(1.0, &flat) - 5.0_f64.exp()).abs() < 1e-9);
        assert!(severity(0.0, &flat).abs() < 1e-12);
        assert!(severity(f64::NAN, &day(true)).abs() < 1e-12);
        assert!(severity(1.0, &Verdict::NONE).abs() < 1e-12);
    }

    #[test]
    fn a_series_shorter_than_the_stretch_is_one_stretch() {
        assert_eq!(shown(PostFilter::ORIGINAL, &[1, 1], &[9.0, 9.0]), [1, 1]);
        assert_eq!(shown(PostFilter::ORIGINAL, &[1], &[9.0]), [0]);
        assert!(shown(PostFilter::ORIGINAL, &[], &[]).is_empty());
    }
}
