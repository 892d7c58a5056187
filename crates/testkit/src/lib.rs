//! What the tests of Tuatara stand on: batteries for the two laws, naive oracles, and toy series
//! with the answer a person expects.
//!
//! | to …                                                   | see                                |
//! |--------------------------------------------------------|------------------------------------|
//! | try Law 1 on a detector of one's own                   | [`check_detector`]                 |
//! | choose seed, size and coverage                         | [`PointBattery`]                   |
//! | try Law 2 on detectors, filters and the fold           | [`check_fold`], [`check_labelers`], [`FoldBattery`] |
//! | try the fold across rules                              | [`check_across`]                   |
//! | compare with something that cannot have the same bug   | [`naive`]                          |
//! | show what a method does to data one can see through    | [`gallery`]                        |
//! | draw random grids and series from a seed               | [`Draw`], [`Scenario`]             |
//!
//! All randomness comes from fixed, visible seeds: a battery fails or passes the same everywhere,
//! and its message names the seed of the scenario.
//!
//! ```
//! use tuatara_core::*;
//! use tuatara_frame::{SeriesView, TimeAxis};
//! use tuatara_testkit::{Law, PointBattery};
//!
//! /// Calls a value anomalous when the next one is lower: it looks ahead.
//! #[derive(Debug)]
//! struct Prophet;
//!
//! impl Detector for Prophet {
//!     fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
//!         Ok(Lookback::NONE)
//!     }
//!     fn evaluate(
//!         &self,
//!         series: SeriesView<'_>,
//!         window: Window,
//!         _: &mut Memo,
//!         out: &mut Evaluation,
//!     ) -> Result<()> {
//!         window.check(series.len())?;
//!         let mut columns = out.columns(window.len());
//!         for (row, i) in window.range().enumerate() {
//!             let observed = series.values()[i];
//!             let next = series.values().get(i + 1).copied().unwrap_or(f64::NAN);
//!             let in_range = series.range().is_none_or(|range| range.contains(observed));
//!             let complete = series.is_complete(i);
//!             let unjudged =
//!                 unjudged_because(complete, observed, in_range, Readiness::Ready);
//!             columns.set(row, match unjudged {
//!                 Some(verdict) => Row::unjudged(observed, verdict),
//!                 None if next < observed => Row {
//!                     score: 2.0,
//!                     ..Row::unjudged(observed, Verdict::Anomalous(Direction::Neither))
//!                 },
//!                 None => Row { score: 0.0, ..Row::unjudged(observed, Verdict::Normal) },
//!             });
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let violation = PointBattery::default().check("prophet", &Prophet).unwrap_err();
//! assert_eq!(violation.law, Law::Causal);
//! ```

mod across;
mod draw;
mod fold;
pub mod gallery;
pub mod naive;
mod points;
mod scenario;
mod violation;

pub use across::{AcrossReport, check_across};
pub use draw::Draw;
pub use fold::{FoldBattery, FoldReport, check_fold, check_labelers};
pub use points::{BatteryReport, PointBattery, check_detector};
pub use scenario::{Scenario, Shape, axis_of, part_of};
pub use violation::{Law, Violation};
