//! Time, grids and series: what every detector reads.
//!
//! | module          | what it holds                                                            |
//! |-----------------|--------------------------------------------------------------------------|
//! | [`Instant`]     | a point in time, UTC, to the millisecond                                 |
//! | [`Duration`]    | an exact length of time                                                  |
//! | [`Interval`]    | the instants from a start up to an end                                   |
//! | [`Zone`]        | a time zone: the local clock and back                                    |
//! | [`Granularity`] | the step of a grid, local dates or exact lengths, with its anchor        |
//! | [`TimeAxis`]    | every bucket of a granularity over a span                                |
//! | [`Lag`]         | a step back, on the wall clock or in exact hours; [`LagPlan`] for many rows |
//! | [`Series`]      | a value for every bucket; detectors see a [`SeriesView`]                 |
//! | [`Mask`]        | spans that do not train, each from when it is known                      |
//! | [`events`]      | holidays, campaigns, deploys, incidents as data                          |
//! | [`Metric`]      | a quantity: [`Aggregation`], [`ValueRange`], [`Missing`] values          |
//! | [`SliceKey`]    | the name of one metric under one filter                                  |
//! | [`Source`]      | the door to data; [`Frame`] is one, a long table in memory               |
//! | [`Datasets`]    | several datasets as one source, each with its name                      |
//! | [`regularise`]  | from rows to a grid, with a [`RegulariseReport`]                         |
//! | [`infer_granularity`] | the step of data, seen in their stamps                             |
//! | `files`         | data files: tables, JSON, Prometheus (feature `files`, on by default)    |
//! | [`StableHash`]  | a hash that never changes                                                |
//! | [`closest`]     | "did you mean …?"                                                        |
//!
//! A day is a local date, and a lag of a week keeps the wall clock when clocks change:
//!
//! ```
//! use tuatara_frame::{Granularity, Interval, Lag, LagUnit, TimeAxis, Zone};
//!
//! let zone: Zone = "Europe/London".parse()?;
//! let october = Interval::new("2020-10-01T00:00:00Z".parse()?, "2020-11-01T00:00:00Z".parse()?)?;
//! let axis = TimeAxis::covering("PT1H".parse()?, zone, october)?;
//!
//! // 09:00 on Monday 26 October, after the clock went back; a week earlier 09:00 was 08:00 UTC.
//! let monday = axis.index_of("2020-10-26T09:00:00Z".parse()?).expect("on the axis");
//! let week_before = axis.lag(monday, Lag::new(1, LagUnit::Weeks)?).expect("09:00 exists");
//! assert_eq!(monday as i64 - week_before, 169);
//! # Ok::<(), tuatara_frame::FrameError>(())
//! ```

mod aggregation;
mod axis;
mod calendar;
mod datasets;
mod duration;
mod error;
pub mod events;
#[cfg(feature = "files")]
pub mod files;
mod frame;
mod granularity;
mod granularity_text;
mod hash;
mod infer;
mod instant;
mod interval;
mod lag;
mod lag_plan;
mod mask;
mod metric;
mod missing;
mod place;
mod reach;
mod regularise;
mod serde_text;
mod series;
mod slice;
mod source;
mod suggest;
mod zone;

pub use aggregation::{Aggregation, BucketFold};
pub use axis::TimeAxis;
pub use chrono::{NaiveDate, NaiveDateTime, Weekday};
pub use datasets::Datasets;
pub use duration::Duration;
pub use error::FrameError;
pub use frame::{Frame, FrameBuilder};
pub use granularity::Granularity;
pub use hash::StableHash;
pub use infer::{Inferred, infer_granularity};
pub use instant::Instant;
pub use interval::Interval;
pub use lag::{Lag, LagUnit};
pub use lag_plan::{LagPlan, LagRun};
pub use mask::Mask;
pub use metric::{Metric, ValueRange};
pub use missing::{Fill, Missing};
pub use place::Place;
pub use regularise::{Filled, Gap, RegulariseReport, Tally, regularise, regularise_metric};
pub use series::{Series, SeriesView};
pub use slice::{Exploration, SliceKey, SliceRequest};
pub use source::{Fetched, Profile, Source};
pub use suggest::closest;
pub use zone::{Resolved, Zone};
