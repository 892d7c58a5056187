#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! What this crate has:
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
//! And what the others have; formulas are listed on the first page of each:
//!
//! | crate                                                          | what it holds                                      |
//! |----------------------------------------------------------------|----------------------------------------------------|
//! | [`tuatara_frame`](frame)                                       | instants, zones, calendars, grids, series, data files |
//! | [`tuatara_core`](core)                                         | the contracts: forecaster, judge, detector, filter, the score |
//! | [`tuatara_baseline`](../tuatara_baseline/index.html)           | offsets: `wo1w`, `median4w`, `mo1m`, …             |
//! | [`tuatara_rules`](rules)                                       | rule detectors, filters, a labeler                 |
//! | [`tuatara_holt_winters`](../tuatara_holt_winters/index.html)   | smoothing, fitted anew at instants of the calendar |
//! | [`tuatara_neural`](../tuatara_neural/index.html)               | two small networks, their weights and training     |
//! | [`tuatara_merge`](merge)                                       | the fold: from rows to anomalies and incidents     |
//! | [`tuatara_spec`](spec)                                         | the configuration language                         |
//! | [`tuatara_synth`](../tuatara_synth/index.html)                 | generators of labelled series                      |
//! | [`tuatara_metrics`](../tuatara_metrics/index.html)             | measures of quality                                |
//! | [`tuatara_backtest`](../tuatara_backtest/index.html)           | what a detection would have told                   |
//! | [`tuatara_report`](../tuatara_report/index.html)               | pages, pictures, charts on a terminal              |
//! | [`tuatara_studio`](../tuatara_studio/index.html)               | a live preview in the browser                      |
//! | [`tuatara_testkit`](../tuatara_testkit/index.html)             | batteries of the two laws; not published           |

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
mod idle_events;
mod level_change;
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
pub use level_change::LevelChange;
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
