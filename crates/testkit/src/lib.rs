#![doc = include_str!("../README.md")]
//!
//! # Contents
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
