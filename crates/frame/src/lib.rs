#![doc = include_str!("../README.md")]
//!
//! # Contents
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
//! | [`regularise()`] | from rows to a grid, with a [`RegulariseReport`]; its [formulas](mod@regularise), those of [missing values](mod@missing) and of [the step](mod@infer) |
//! | [`infer_granularity`] | the step of data, seen in their stamps                             |
//! | `files`         | data files: tables, JSON, Prometheus (feature `files`, on by default)    |
//! | [`StableHash`]  | a hash that never changes                                                |
//! | [`closest`]     | "did you mean …?"                                                        |

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
pub mod infer;
mod instant;
mod interval;
mod lag;
mod lag_plan;
mod mask;
mod metric;
pub mod missing;
mod place;
mod reach;
pub mod regularise;
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
