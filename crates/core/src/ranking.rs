//! Which of many slices are watched: a ranking of what each did before.
//!
//! ```text
//! y_s       what the ranking's metric says of slice s over the lookback
//! share_s = y_s / Σ y                            over all slices that have a value
//! rate_s  = y_s · 1 h / L,  y_s · 1 d / L        for a SUM or COUNT, L the length of the lookback; y_s otherwise
//! live_s    the buckets of the lookback with a value above minLiveZone
//!
//! chosen ⇔  share_s ≥ minContribution
//!           y_s ≥ minValue                                                          unless minLiveZone is set
//!           minValueHourly ≤ rate_s ≤ maxValueHourly,  minValueDaily ≤ rate_s ≤ maxValueDaily
//!           |live_s| / buckets ≥ liveBucketPercentageThreshold,  mean of live_s ≥ minValue   where it is set
//!           s is among the first k by y_s of those left
//! ```
//!
//! The tests are made in this order, and the first that fails is the reason. Every limit is itself
//! allowed; one that is not set asks nothing. Of slices with one value, the first by name comes
//! first. A slice without a value over the lookback is never chosen. A bucket without a value is not
//! live, so that a night without rows and a night of zeros are the same. Where Σ y is 0 there are no
//! shares, and none is large enough.
//!
//! Source: ThirdEye 2020, *Data filter* under *Dimension exploration*. Departs from it: limits are
//! checked; buckets without rows count among those of which a share has to be live.

mod choice;

use tuatara_frame::{Duration, Zone};

use crate::ParamError;

pub use choice::{Choice, Live, LookedBack, Per, Reason, Standing};

/// When slices are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Explore {
    /// At the start of each day, by the lookback before it: what is watched on a day was known
    /// before it began.
    #[default]
    Daily,
    /// Once, by all of the run and at least the lookback before its end. That is hindsight: what is
    /// watched depends on what happens later, and on where the run begins and ends.
    Once,
}

/// Settings of [`Ranking`]. Without a limit and without `k` every slice that has a value is chosen.
///
/// ```
/// use tuatara_core::RankingSpec;
///
/// let large = RankingSpec { min_contribution: Some(0.05), ..Default::default() };
/// assert_eq!(large.build()?.lookback_days(), 7);
/// # Ok::<(), tuatara_core::ParamError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RankingSpec {
    /// The smallest share of the sum of all slices that is watched, a fraction in [0, 1].
    pub min_contribution: Option<f64>,
    /// The most slices that are watched, at least 1: the first by their value.
    pub k: Option<u64>,
    /// The smallest value over the lookback; with `min_live_zone`, the smallest mean of the live
    /// buckets.
    pub min_value: Option<f64>,
    /// The smallest value per hour.
    pub min_value_hourly: Option<f64>,
    /// The largest value per hour.
    pub max_value_hourly: Option<f64>,
    /// The smallest value per 24 hours.
    pub min_value_daily: Option<f64>,
    /// The largest value per 24 hours.
    pub max_value_daily: Option<f64>,
    /// Above it a bucket is live. Needs `min_value`.
    pub min_live_zone: Option<f64>,
    /// The smallest share of buckets that have to be live, a fraction in [0, 1]; 0.5 by default.
    /// Counts only with `min_live_zone`.
    pub live_bucket_percentage_threshold: f64,
    /// Ranks by another metric of the same dataset; by the metric that is watched by default.
    pub dimension_filter_metric: Option<String>,
    /// How far back the ranking looks: whole days, 1 to 3660. 7 days by default.
    pub lookback: Duration,
    /// Whose days: a day is watched as a whole. By default the zone of the dataset.
    pub timezone: Option<Zone>,
    /// When slices are ranked; at the start of each day by default.
    pub explore: Explore,
}

impl Default for RankingSpec {
    fn default() -> Self {
        Self {
            min_contribution: None,
            k: None,
            min_value: None,
            min_value_hourly: None,
            max_value_hourly: None,
            min_value_daily: None,
            max_value_daily: None,
            min_live_zone: None,
            live_bucket_percentage_threshold: LIVE_SHARE,
            dimension_filter_metric: None,
            lookback: Duration::days(LOOKBACK_DAYS),
            timezone: None,
            explore: Explore::Daily,
        }
    }
}

const LIVE_SHARE: f64 = 0.5;
const LOOKBACK_DAYS: u32 = 7;
const MOST_DAYS: u32 = 3660;

impl RankingSpec {
    /// Whether anything is asked of a slice. What only says how to ask does not count.
    pub fn asks(&self) -> bool {
        let limits = [
            self.min_contribution,
            self.min_value,
            self.min_value_hourly,
            self.max_value_hourly,
            self.min_value_daily,
            self.max_value_daily,
            self.min_live_zone,
        ];
        self.k.is_some() || limits.into_iter().any(|limit| set(limit).is_some())
    }

    /// Checks every setting. What comes back cannot be misconfigured. NaN is a limit that is not
    /// set.
    ///
    /// # Errors
    /// [`ParamError`] under the key of the configuration: for a fraction outside [0, 1], a limit
    /// that is not finite, a lowest above the highest, a `k` of 0, a lookback that is not made of 1
    /// to 3660 whole days, and `minLiveZone` without `minValue`.
    pub fn build(self) -> Result<Ranking, ParamError> {
        let least_share = fraction(
            "minContribution",
            self.min_contribution,
            "0.05 watches what makes up 5 % and more",
        )?;
        let live_share = fraction(
            "liveBucketPercentageThreshold",
            Some(self.live_bucket_percentage_threshold),
            "0.5 asks that half of the buckets are live",
        )?;
        if self.k == Some(0) {
            let (allowed, remedy) = ("1 and more", "leave it out to watch all");
            return Err(ParamError::new("k", 0, allowed, remedy));
        }
        let least = finite("minValue", self.min_value)?;
        let live_above = finite("minLiveZone", self.min_live_zone)?;
        if let (Some(zone), None) = (live_above, least) {
            return Err(ParamError::new(
                "minLiveZone",
                zone,
                "only beside `minValue`, which is what the mean of live buckets has to reach",
                "add `minValue:`, or delete `minLiveZone:`",
            ));
        }
        let day = Duration::days(1).millis();
        let days = u32::try_from(self.lookback.millis() / day).unwrap_or(u32::MAX);
        if self.lookback.millis() % day != 0 || !(1..=MOST_DAYS).contains(&days) {
            return Err(ParamError::new(
                "lookback",
                self.lookback,
                format!("whole days, P1D to P{MOST_DAYS}D"),
                "P7D, or 1w, looks back a week",
            ));
        }
        Ok(Ranking {
            least_share,
            first: self.k.map(|k| usize::try_from(k).unwrap_or(usize::MAX)),
            least,
            hourly: range(
                ("minValueHourly", self.min_value_hourly),
                ("maxValueHourly", self.max_value_hourly),
            )?,
            daily: range(
                ("minValueDaily", self.min_value_daily),
                ("maxValueDaily", self.max_value_daily),
            )?,
            live_above,
            live_share: live_share.unwrap_or(LIVE_SHARE),
            metric: self.dimension_filter_metric,
            days,
            zone: self.timezone,
            explore: self.explore,
        })
    }
}

/// Which of many slices are watched; see [`RankingSpec`].
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    least_share: Option<f64>,
    first: Option<usize>,
    least: Option<f64>,
    hourly: Range,
    daily: Range,
    live_above: Option<f64>,
    live_share: f64,
    metric: Option<String>,
    days: u32,
    zone: Option<Zone>,
    explore: Explore,
}

/// The lowest and the highest rate, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    least: Option<f64>,
    most: Option<f64>,
}

impl Ranking {
    /// The metric it ranks by, where that is not the one that is watched.
    pub fn metric(&self) -> Option<&str> {
        self.metric.as_deref()
    }

    /// How many local days it looks back.
    pub fn lookback_days(&self) -> u32 {
        self.days
    }

    /// Whose days, where it is not the zone of the dataset.
    pub fn zone(&self) -> Option<Zone> {
        self.zone
    }

    /// When slices are ranked.
    pub fn explore(&self) -> Explore {
        self.explore
    }

    /// Above which value a bucket is live, where that matters.
    pub fn live_above(&self) -> Option<f64> {
        self.live_above
    }
}

/// A setting that is there and a number: in documented configurations NaN means "not set".
fn set(value: Option<f64>) -> Option<f64> {
    value.filter(|value| !value.is_nan())
}

fn fraction(
    key: &'static str,
    value: Option<f64>,
    remedy: &str,
) -> Result<Option<f64>, ParamError> {
    match set(value) {
        Some(value) if !(0.0..=1.0).contains(&value) => {
            Err(ParamError::new(key, value, "a fraction in [0, 1]", remedy))
        }
        value => Ok(value),
    }
}

fn finite(key: &'static str, value: Option<f64>) -> Result<Option<f64>, ParamError> {
    match set(value) {
        Some(value) if !value.is_finite() => Err(ParamError::new(
            key,
            value,
            "a finite number",
            "leave it out where nothing is asked",
        )),
        value => Ok(value),
    }
}

/// A limit as it is written: its key and its value.
type Written = (&'static str, Option<f64>);

fn range(min: Written, max: Written) -> Result<Range, ParamError> {
    let (least, most) = (finite(min.0, min.1)?, finite(max.0, max.1)?);
    match (least, most) {
        (Some(least), Some(most)) if least > most => Err(ParamError::new(
            min.0,
            least,
            format!("a number up to {}, which is {most}", max.0),
            "exchange the two",
        )),
        _ => Ok(Range { least, most }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(spec: RankingSpec) -> String {
        spec.build().unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_the_remedy() {
        let nothing = RankingSpec::default;
        let cases = [
            (
                RankingSpec {
                    min_contribution: Some(5.0),
                    ..nothing()
                },
                "minContribution is 5; allowed: a fraction in [0, 1]; 0.05 watches what makes up 5 % \
                 and more",
            ),
            (
                RankingSpec {
                    k: Some(0),
                    ..nothing()
                },
                "k is 0; allowed: 1 and more; leave it out to watch all",
            ),
            (
                RankingSpec {
                    lookback: Duration::hours(36),
                    ..nothing()
                },
                "lookback is P1DT12H; allowed: whole days, P1D to P3660D; P7D, or 1w, looks back a \
                 week",
            ),
            (
                RankingSpec {
                    lookback: Duration::ZERO,
                    ..nothing()
                },
                "lookback is PT0S; allowed: whole days, P1D to P3660D; P7D, or 1w, looks back a week",
            ),
            (
                RankingSpec {
                    min_live_zone: Some(1.0),
                    ..nothing()
                },
                "minLiveZone is 1; allowed: only beside `minValue`, which is what the mean of live \
                 buckets has to reach; add `minValue:`, or delete `minLiveZone:`",
            ),
            (
                RankingSpec {
                    live_bucket_percentage_threshold: 50.0,
                    ..nothing()
                },
                "liveBucketPercentageThreshold is 50; allowed: a fraction in [0, 1]; 0.5 asks that \
                 half of the buckets are live",
            ),
            (
                RankingSpec {
                    min_value_daily: Some(9.0),
                    max_value_daily: Some(3.0),
                    ..nothing()
                },
                "minValueDaily is 9; allowed: a number up to maxValueDaily, which is 3; exchange the \
                 two",
            ),
            (
                RankingSpec {
                    min_value: Some(f64::INFINITY),
                    ..nothing()
                },
                "minValue is inf; allowed: a finite number; leave it out where nothing is asked",
            ),
        ];
        for (spec, said) in cases {
            assert_eq!(refused(spec), said);
        }
    }

    #[test]
    fn nan_is_not_set() {
        let spec = RankingSpec {
            min_contribution: Some(f64::NAN),
            min_value: Some(f64::NAN),
            ..Default::default()
        };
        assert!(!spec.asks());
        assert_eq!(spec.build(), RankingSpec::default().build());
    }

    #[test]
    fn what_only_says_how_to_ask_asks_nothing() {
        let spec = RankingSpec {
            lookback: Duration::days(3),
            timezone: Some(Zone::UTC),
            dimension_filter_metric: Some("visits".to_owned()),
            ..Default::default()
        };
        assert!(!spec.asks());
        assert!(RankingSpec { k: Some(3), ..spec }.asks());
    }
}
