//! Rules that find anomalies without learning, and filters that decide which are worth telling.
//!
//! | detector                 | a bucket is anomalous when                                     |
//! |--------------------------|----------------------------------------------------------------|
//! | [`THRESHOLD`]            | it lies above `max` or below `min`                             |
//! | [`PERCENTAGE_RULE`]      | it is more than a fraction away from a baseline                |
//! | [`ABSOLUTE_CHANGE_RULE`] | it is more than an amount away from a baseline                 |
//!
//! | filter                       | an anomaly is kept when                                    |
//! |------------------------------|------------------------------------------------------------|
//! | [`DURATION_FILTER`]          | it lasts neither too short nor too long                    |
//! | [`PERCENTAGE_CHANGE_FILTER`] | as a whole it is at least a fraction away from a baseline  |
//!
//! [`THRESHOLD`]: ThresholdParams
//! [`PERCENTAGE_RULE`]: PercentageRuleParams
//! [`ABSOLUTE_CHANGE_RULE`]: AbsoluteChangeRuleParams
//! [`DURATION_FILTER`]: DurationFilterParams
//! [`PERCENTAGE_CHANGE_FILTER`]: PercentageChangeFilterParams
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
//! assert!(rows.verdict()[0].is_anomalous());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod absolute_change_rule;
mod baseline_params;
mod duration_filter;
mod percentage_change_filter;
mod percentage_rule;
mod threshold;

pub use absolute_change_rule::AbsoluteChangeRuleParams;
pub use duration_filter::{DurationFilter, DurationFilterParams};
pub use percentage_change_filter::{PercentageChangeFilter, PercentageChangeFilterParams};
pub use percentage_rule::PercentageRuleParams;
pub use threshold::{Threshold, ThresholdParams};
