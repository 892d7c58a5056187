//! The score: one scale on which 1 is the boundary for every detector.
//!
//! ```text
//! score > 1  ⇔  the verdict is Anomalous
//! ```
//!
//! It is finite or NaN (not judged), 0 is as expected, higher is worse. Only the boundary is
//! common to all detectors: how far beyond 1 can be compared after calibration, not before.
//!
//! | kind          | score                                                         |
//! |---------------|---------------------------------------------------------------|
//! | [`of_band`]   | `\|y − ŷ\| / max(w, 1e-9·max(\|ŷ\|, \|y\|))`, 0 on a side that does not count |
//! | [`of_limits`] | `max(0, 1 + (y − max)/s, 1 + (min − y)/s)`                    |
//! | [`of_tail`]   | `ln q / ln α` for a tail probability `q` at the wanted rate `α` |
//!
//! The verdict comes first, from the band or the limits, and the score is moved to its side of 1
//! where rounding would disagree: a picture of the band never contradicts a verdict.

/// The relative width below which a band counts as having none.
pub(crate) const RELATIVE_FLOOR: f64 = 1e-9;

/// The highest band score: a deviation of `|ŷ| + |y|` over a band without width.
const HIGHEST_BAND_SCORE: f64 = 2.0 / RELATIVE_FLOOR;

/// Score of a value against a band of half-width `width` around `expected`.
///
/// `anomalous` is the verdict of the band itself; `observed`, `expected` are finite, `width` is
/// not negative and may be infinite. The side must count: for one that does not, the score is 0.
/// In [0, 2·10⁹].
#[inline]
pub fn of_band(observed: f64, expected: f64, width: f64, anomalous: bool) -> f64 {
    let residual = (observed - expected).abs();
    if residual == 0.0 {
        return 0.0;
    }
    let floor = RELATIVE_FLOOR * expected.abs().max(observed.abs());
    let scale = width.max(floor);
    let score = if residual.is_finite() {
        residual / scale
    } else {
        // |y − ŷ| overflows only beyond half of the largest number: halve everything.
        (observed / 2.0 - expected / 2.0).abs() / (scale / 2.0)
    };
    // Below the smallest normal number the floor itself vanishes.
    let score = if score <= HIGHEST_BAND_SCORE {
        score
    } else {
        HIGHEST_BAND_SCORE
    };
    beside_one(score, anomalous)
}

/// Score of a value against limits, either of which may be unset (infinite).
///
/// `s` is half the range when both limits are given, else the magnitude of the one given, else 1
/// (also where that comes out as 0). In [0, the largest number].
pub fn of_limits(observed: f64, min: f64, max: f64, anomalous: bool) -> f64 {
    let scale = scale_of_limits(min, max);
    // A limit that is not set is infinitely far, which counts as 0.
    let beyond = (observed - max).max(min - observed);
    beside_one((1.0 + beyond / scale).clamp(0.0, f64::MAX), anomalous)
}

/// The `s` of [`of_limits`]: half the range when both limits are given, else the magnitude of the
/// one given, else 1 (also where that comes out as 0).
pub fn scale_of_limits(min: f64, max: f64) -> f64 {
    let scale = match (min.is_finite(), max.is_finite()) {
        (true, true) => max / 2.0 - min / 2.0,
        (true, false) => min.abs(),
        (false, true) => max.abs(),
        (false, false) => 1.0,
    };
    if scale > 0.0 { scale } else { 1.0 }
}

/// Score of a tail probability: `ln q / ln α`.
///
/// `q` in [0, 1] is how probable a value at least as extreme is, `alpha` in (0, 1) the rate at
/// which alarms are wanted. A `q` below the smallest positive number counts as that number.
pub fn of_tail(q: f64, alpha: f64, anomalous: bool) -> f64 {
    let score = libm::log(q.max(f64::from_bits(1))) / libm::log(alpha);
    beside_one(score.max(0.0), anomalous)
}

/// Moves `score` to its side of 1 where rounding put it on the other.
#[inline]
fn beside_one(score: f64, anomalous: bool) -> f64 {
    if anomalous == (score > 1.0) {
        score
    } else if anomalous {
        1.0_f64.next_up()
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

    use super::*;

    #[test]
    fn a_band_score_counts_half_widths() {
        assert_eq!(of_band(130.0, 100.0, 20.0, true), 1.5);
        assert_eq!(of_band(110.0, 100.0, 20.0, false), 0.5);
        assert_eq!(of_band(100.0, 100.0, 20.0, false), 0.0);
    }

    #[test]
    fn the_edge_itself_scores_one() {
        assert_eq!(of_band(120.0, 100.0, 20.0, false), 1.0);
    }

    #[test]
    fn rounding_never_contradicts_the_band() {
        // 0.1 + 0.2 lies above 0.3, though 0.2 / 0.2 says 1: the band is right.
        assert!(of_band(0.1 + 0.2, 0.1, 0.2, true) > 1.0);
        assert_eq!(of_band(0.3, 0.1, 0.2 - f64::EPSILON, false), 1.0);
    }

    #[test]
    fn a_band_without_width_gives_a_finite_score() {
        assert_eq!(of_band(5.0, 0.0, 0.0, true), 1e9);
        assert_eq!(of_band(5e-324, 0.0, 0.0, true), HIGHEST_BAND_SCORE);
        assert!((of_band(f64::MAX, -f64::MAX, 0.0, true) - 2e9).abs() < 1.0);
        assert_eq!(of_band(0.0, 0.0, 0.0, false), 0.0);
    }

    #[test]
    fn an_open_band_scores_zero() {
        assert_eq!(of_band(5.0, 1.0, f64::INFINITY, false), 0.0);
    }

    #[test]
    fn limits_score_one_at_the_limit_and_zero_in_the_middle() {
        assert_eq!(of_limits(10.0, 0.0, 10.0, false), 1.0);
        assert_eq!(of_limits(5.0, 0.0, 10.0, false), 0.0);
        assert_eq!(of_limits(15.0, 0.0, 10.0, true), 2.0);
        assert_eq!(of_limits(-5.0, 0.0, 10.0, true), 2.0);
    }

    #[test]
    fn one_limit_is_measured_by_its_own_size() {
        assert_eq!(of_limits(30.0, f64::NEG_INFINITY, 20.0, true), 1.5);
        assert_eq!(of_limits(3.0, f64::NEG_INFINITY, 0.0, true), 4.0);
        assert_eq!(of_limits(1.0, f64::NEG_INFINITY, f64::INFINITY, false), 0.0);
        assert_eq!(
            of_limits(f64::MAX, f64::NEG_INFINITY, 1e-300, true),
            f64::MAX
        );
    }

    #[test]
    fn a_tail_scores_one_at_the_wanted_rate() {
        assert_eq!(of_tail(0.01, 0.01, false), 1.0);
        assert!((of_tail(1e-4, 0.01, true) - 2.0).abs() < 1e-12);
        assert_eq!(of_tail(1.0, 0.01, false), 0.0);
        assert!(of_tail(0.0, 0.01, true).is_finite());
    }
}
