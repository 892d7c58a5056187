//! Rules that find anomalies without learning, and filters and a labeler that
//! decide which are worth telling, and how loudly.
//!
//! | detector                 | a bucket is anomalous when                                     |
//! |--------------------------|----------------------------------------------------------------|
//! | [`THRESHOLD`]            | it lies above `max` or below `min`                             |
//! | [`PERCENTAGE_RULE`]      | it is more than a fraction away from a baseline                |
//! | [`ABSOLUTE_CHANGE_RULE`] | it is more than an amount away from a baseline                 |
//! | [`MEAN_VARIANCE_RULE`]   | it is farther from the last value than its changes usually lead |
//! | [`ROBUST_ZSCORE`]        | it is many robust deviations away from the median of its past  |
//! | [`FLATLINE`]             | its value has not changed for unusually long                   |
//! | [`MISSING_DATA`]         | it has no value where there always was one                     |
//! | [`DATA_SLA`]             | at its end the newest data are older than agreed               |
//!
//! | filter                       | an anomaly is kept when                                    |
//! |------------------------------|------------------------------------------------------------|
//! | [`DURATION_FILTER`]          | it lasts neither too short nor too long                    |
//! | [`PERCENTAGE_CHANGE_FILTER`] | as a whole it is at least a fraction away from a baseline  |
//! | [`ABSOLUTE_CHANGE_FILTER`]   | as a whole it is at least an amount away from a baseline   |
//! | [`SITEWIDE_IMPACT_FILTER`]   | what it changes is at least a fraction of a whole site     |
//! | [`THRESHOLD_RULE_FILTER`]    | its value, per hour or day if asked, lies within limits    |
//! | [`VOLUME_FILTER`]            | there is enough of another metric                          |
//! | [`TIME_OF_WEEK_FILTER`]      | some of it lies outside the hours and days to ignore       |
//!
//! [`THRESHOLD_SEVERITY_LABELER`] says how much an anomaly matters.
//!
//! [`THRESHOLD`]: ThresholdParams
//! [`PERCENTAGE_RULE`]: PercentageRuleParams
//! [`ABSOLUTE_CHANGE_RULE`]: AbsoluteChangeRuleParams
//! [`MEAN_VARIANCE_RULE`]: MeanVarianceRuleParams
//! [`ROBUST_ZSCORE`]: RobustZscoreParams
//! [`FLATLINE`]: FlatlineParams
//! [`MISSING_DATA`]: MissingDataParams
//! [`DATA_SLA`]: DataSlaParams
//! [`DURATION_FILTER`]: DurationFilterParams
//! [`PERCENTAGE_CHANGE_FILTER`]: PercentageChangeFilterParams
//! [`ABSOLUTE_CHANGE_FILTER`]: AbsoluteChangeFilterParams
//! [`SITEWIDE_IMPACT_FILTER`]: SitewideImpactFilterParams
//! [`THRESHOLD_RULE_FILTER`]: ThresholdRuleFilterParams
//! [`VOLUME_FILTER`]: VolumeFilterParams
//! [`TIME_OF_WEEK_FILTER`]: TimeOfWeekFilterParams
//! [`THRESHOLD_SEVERITY_LABELER`]: ThresholdSeverityLabelerParams
//!
//! Baselines are offsets such as `wo1w` and `median4w`: see [`tuatara_baseline::Offset`].
//!
//! ```
//! use tuatara_core::{BuildContext, Evaluation, Memo, Params, Pattern, Window};
//! use tuatara_frame::{Granularity, Interval, Series, TimeAxis, Zone};
//! use tuatara_rules::PercentageRuleParams;
//!
//! let rule = PercentageRuleParams {
//!     offset: "wo1w".to_owned(),
//!     percentage_change: Some(0.3),
//!     pattern: Pattern::Down,
//!     ..Default::default()
//! }
//! .build(&BuildContext::new("drop:PERCENTAGE_RULE"))?;
//!
//! let days = Interval::new("2026-01-01T00:00:00Z".parse()?, "2026-01-09T00:00:00Z".parse()?)?;
//! let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, days)?;
//! let week_and_a_day = vec![100.0, 90.0, 80.0, 95.0, 99.0, 60.0, 55.0, 64.0];
//! let series = Series::new(axis, week_and_a_day)?;
//! let last = Window::new(series.axis(), 7, 8)?;
//! let mut rows = Evaluation::default();
//! rule.evaluate(series.view(), last, &mut Memo::default(), &mut rows)?;
//! assert_eq!((rows.expected(), rows.lower()), ([100.0].as_slice(), [70.0].as_slice()));
//! assert!(rows.verdict().is_anomalous(0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod absolute_change_filter;
mod absolute_change_rule;
mod baseline_params;
mod comparison;
mod data_sla;
mod duration_filter;
mod duration_param;
mod flatline;
mod mean_variance_rule;
mod missing_data;
mod other_slice;
mod over_buckets;
mod per_time;
mod percentage_change_filter;
mod percentage_rule;
mod reached_values;
mod robust_zscore;
mod sitewide_impact_filter;
mod sorted_values;
mod threshold;
mod threshold_rule_filter;
mod threshold_severity_labeler;
mod time_of_week_filter;
mod usual_run;
mod volume_filter;
mod week_time;

pub use absolute_change_filter::{AbsoluteChangeFilter, AbsoluteChangeFilterParams};
pub use absolute_change_rule::AbsoluteChangeRuleParams;
pub use data_sla::{DataSla, DataSlaParams};
pub use duration_filter::{DurationFilter, DurationFilterParams};
pub use flatline::{Flatline, FlatlineParams, ZeroRuns};
pub use mean_variance_rule::{MeanVariance, MeanVarianceRuleParams};
pub use missing_data::{MissingData, MissingDataParams};
pub use percentage_change_filter::{PercentageChangeFilter, PercentageChangeFilterParams};
pub use percentage_rule::PercentageRuleParams;
pub use robust_zscore::{RobustLevel, RobustZscoreParams};
pub use sitewide_impact_filter::{SitewideImpactFilter, SitewideImpactFilterParams};
pub use threshold::{Threshold, ThresholdParams};
pub use threshold_rule_filter::{ThresholdRuleFilter, ThresholdRuleFilterParams};
pub use threshold_severity_labeler::{
    SeverityThreshold, SeverityThresholds, ThresholdSeverityLabeler, ThresholdSeverityLabelerParams,
};
pub use time_of_week_filter::{TimeOfWeekFilter, TimeOfWeekFilterParams};
pub use volume_filter::{VolumeFilter, VolumeFilterParams};
pub use week_time::{DayOfWeek, HoursOfWeek, WeekTimeError};
