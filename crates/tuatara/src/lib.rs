//! Tuatara finds anomalies in time series, says why, and stays quiet otherwise.
//!
//! This crate is the thin pipeline that others embed: a [`Detection`] runs over a
//! [`Source`](frame::Source) and answers a [`Report`], which can explain every instant.
//!
//! | to …                                          | see                                     |
//! |-----------------------------------------------|-----------------------------------------|
//! | describe what to look for, in YAML            | [`Detection::from_yaml`]                |
//! | … or in code                                  | [`Detection::builder`], [`Rule`]        |
//! | watch several metrics at once, ask for what happens together | [`Detection::compose`], [`DetectionBuilder::gather`] |
//! | run once, or go on from where one stopped     | [`Detection::run`], [`Detection::run_with`], [`Carry`] |
//! | show how far a run is, or stop it              | [`Detection::run_watched`], [`Watch`]   |
//! | turn a setting and see what changes            | [`Session`]                             |
//! | read what was found                           | [`Report`]                              |
//! | ask why, or why not                           | [`Report::explain`]                     |
//! | hold data in memory                           | [`frame::Frame`]                        |
//! | say what is known of the calendar             | [`frame::events`], [`DetectionBuilder::calendar`] |
//! | read data files, with what is declared of them | `files` (features `files` and `yaml`)  |
//! | add detectors and filters of one's own        | [`core`], [`standard_registry`]         |
//!
//! ```
//! use tuatara::Detection;
//! use tuatara::frame::{Frame, Granularity, Instant, Metric};
//!
//! // Four weeks of a metric with a weekly shape, and a drop on the last Thursday.
//! let mut builder = Frame::builder("shop", [Metric::new("orders")]).granularity(Granularity::days());
//! for day in 0..28_i64 {
//!     let usual = [120.0, 118.0, 121.0, 119.0, 130.0, 80.0, 70.0][day as usize % 7];
//!     let orders = if day == 24 { 60.0 } else { usual };
//!     let midnight = Instant::from_millis(1_767_571_200_000 + day * 86_400_000)?;
//!     builder.row(midnight, &[], &[orders])?;
//! }
//! let frame = builder.build()?;
//!
//! let detection = Detection::from_yaml("
//! detectionName: orders drop
//! metric: orders
//! rules:
//!   - detection:
//!       - name: against_last_weeks
//!         type: PERCENTAGE_RULE
//!         params: { offset: median3w, percentageChange: 0.3, pattern: DOWN }
//! ")?;
//! let report = detection.run(&frame, detection.extent(&frame)?)?;
//!
//! let anomaly = &report.anomalies()[0];
//! assert_eq!(anomaly.interval.start().to_string(), "2026-01-29T00:00:00Z");
//! assert_eq!((anomaly.observed, anomaly.expected), (60.0, 119.0));
//!
//! let why = &report.explain(&anomaly.slice, anomaly.interval.start())?[0];
//! assert_eq!(
//!     why.headline(),
//!     "It fired: 60 is 49.6 % below the expected 119, the band starts at 83.3."
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod carry;
mod composition;
mod config;
mod course;
mod detection;
mod error;
mod explain;
#[cfg(all(feature = "files", feature = "yaml"))]
pub mod files;
mod group;
mod idle;
mod part;
mod report;
mod rule;
mod run;
mod session;
mod slice_report;
mod unwatched;
mod watch;
mod watched;

pub use carry::Carry;
pub use composition::CompositionBuilder;
pub use config::standard_registry;
pub use detection::{Detection, DetectionBuilder};
pub use error::{Error, Result};
pub use explain::Explanation;
pub use part::Part;
pub use report::Report;
pub use rule::Rule;
pub use session::{Answer, Counted, Ran, Session};
pub use slice_report::{RuleReport, SliceReport};
pub use unwatched::Unwatched;
pub use watch::Watch;

pub use tuatara_core as core;
pub use tuatara_frame as frame;
#[cfg(feature = "holt-winters")]
pub use tuatara_holt_winters as holt_winters;
pub use tuatara_merge as merge;
#[cfg(feature = "neural")]
pub use tuatara_neural as neural;
pub use tuatara_rules as rules;
pub use tuatara_spec as spec;

/// The README's code is tested here.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
