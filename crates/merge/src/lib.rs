#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | to …                                             | see                  |
//! |--------------------------------------------------|----------------------|
//! | fold the rows of one rule on one slice           | [`Stage`]            |
//! | keep what is open between two runs               | [`RuleCarry`]        |
//! | hear what happened                               | [`Event`]            |
//! | tell once what several rules found               | [`Across`], [`fold_across`] |
//! | keep what they have open between two runs        | [`AcrossCarry`]      |
//! | tell once what belongs together, across slices and detections | [`Grouping`], [`Incident`] |
//! | ask for what happens at the same time            | [`Gathers`], [`Expression`](tuatara_core::Expression) |
//! | join finished anomalies of one's own             | [`merge_anomalies`]  |
//! | decide whether two stretches belong together     | [`MergePolicy`]      |
//! | leave out what is not worth an anomaly           | [`Thinning`]         |
//! | merge finished intervals of one's own            | [`merge_intervals`]  |
//!
//! | formula of …                                     | stands in            |
//! |--------------------------------------------------|----------------------|
//! | one step of the fold                             | [`stage`]            |
//! | what is near enough to be one anomaly            | [`policy`]           |
//! | what opens an anomaly                            | [`thinning`]         |
//! | what several rules found                         | [`across`], instant by instant [`across_fold`] |
//! | what is gathered to an incident                  | [`grouping`], instant by instant [`grouping_fold`] |

pub mod across;
mod across_carry;
pub mod across_fold;
mod carry;
mod error;
mod event;
pub mod grouping;
mod grouping_carry;
pub mod grouping_fold;
mod incident;
mod intervals;
pub mod policy;
mod spans;
pub mod stage;
pub mod thinning;
mod totals;

pub use across::{Across, merge_anomalies};
pub use across_carry::AcrossCarry;
pub use across_fold::{FoldedRule, fold_across};
pub use carry::RuleCarry;
pub use error::{MergeError, Result};
pub use event::{Event, EventKind, Retraction};
pub use grouping::{Change, Gathers, Grouping};
pub use grouping_carry::GroupCarry;
pub use grouping_fold::{Settled, fold_groups};
pub use incident::{Found, Incident, IncidentEvent, Member};
pub use intervals::merge_intervals;
pub use policy::{MergePolicy, Placement};
pub use stage::{Folded, NamedFilter, NamedLabeler, Spell, Stage};
pub use thinning::{Admission, Thinned, Thinning, ThinningParams};
