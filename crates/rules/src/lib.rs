#![doc = include_str!("../README.md")]
//!
//! # Contents
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
//! | labeler                        | a severity is reached when                               |
//! |--------------------------------|----------------------------------------------------------|
//! | [`THRESHOLD_SEVERITY_LABELER`] | the change, or how long it has lasted, is at least so large |
//!
//! Each name leads to the formula, the parameters and the source; baselines such as `wo1w` and `median4w` are
//! [`Offset`](tuatara_baseline::Offset)s.
//!
//! [`THRESHOLD`]: mod@threshold
//! [`PERCENTAGE_RULE`]: mod@percentage_rule
//! [`ABSOLUTE_CHANGE_RULE`]: mod@absolute_change_rule
//! [`MEAN_VARIANCE_RULE`]: mod@mean_variance_rule
//! [`ROBUST_ZSCORE`]: mod@robust_zscore
//! [`FLATLINE`]: mod@flatline
//! [`MISSING_DATA`]: mod@missing_data
//! [`DATA_SLA`]: mod@data_sla
//! [`DURATION_FILTER`]: mod@duration_filter
//! [`PERCENTAGE_CHANGE_FILTER`]: mod@percentage_change_filter
//! [`ABSOLUTE_CHANGE_FILTER`]: mod@absolute_change_filter
//! [`SITEWIDE_IMPACT_FILTER`]: mod@sitewide_impact_filter
//! [`THRESHOLD_RULE_FILTER`]: mod@threshold_rule_filter
//! [`VOLUME_FILTER`]: mod@volume_filter
//! [`TIME_OF_WEEK_FILTER`]: mod@time_of_week_filter
//! [`THRESHOLD_SEVERITY_LABELER`]: mod@threshold_severity_labeler

pub mod absolute_change_filter;
pub mod absolute_change_rule;
mod baseline_params;
mod comparison;
pub mod data_sla;
pub mod duration_filter;
mod duration_param;
pub mod flatline;
pub mod mean_variance_rule;
pub mod missing_data;
mod other_slice;
mod over_buckets;
mod per_time;
pub mod percentage_change_filter;
pub mod percentage_rule;
mod reached_values;
pub mod robust_zscore;
pub mod sitewide_impact_filter;
mod sorted_values;
pub mod threshold;
pub mod threshold_rule_filter;
pub mod threshold_severity_labeler;
pub mod time_of_week_filter;
mod usual_run;
pub mod volume_filter;
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
