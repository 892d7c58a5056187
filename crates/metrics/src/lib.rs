#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | question                                         | measure                                             |
//! |--------------------------------------------------|-----------------------------------------------------|
//! | does it score well on NAB, searched and as shipped? | [`NabCorpus`], [`NabDecisions`], by [`Profile`]  |
//! | does the score rank anomalies first?             | [`vus_pr`], [`average_precision`]                   |
//! | do flagged ranges match true ones?               | [`range_score`], [`affiliation()`]                  |
//! | are events found, how late, at how many alerts?  | [`EventTally`]                                      |
//! | is the one anomaly where it guesses?             | [`ucr_accuracy`]                                    |
//! | what does a person on call count?                | [`operator`]: [`Watch`](operator::Watch)            |
//! | what would know-nothings get?                    | [`RandomDetector`], [`flag_everything`]             |
//! | all of it, methods side by side                  | [`QualityTable`] of [`Summary`]                     |
//! | what do old tables mean?                         | [`point_adjusted_f1`], with a warning               |
//! | how do labelled sets come in?                    | `labelled` (feature `labels`, on by default)        |

pub mod affiliation;
mod error;
pub mod events;
#[cfg(feature = "labels")]
pub mod labelled;
pub mod nab;
pub mod operator;
pub mod period;
pub mod point_adjusted;
pub mod pointwise;
pub mod range;
mod rows;
mod summary;
mod table;
mod truth;
pub mod ucr;
pub mod vus;
pub mod yardstick;

pub use affiliation::{Affiliation, affiliation};
pub use error::{MetricsError, Result};
pub use events::{EventTally, alerts};
pub use nab::{NabCorpus, NabDecisions, NabScore, Profile};
pub use period::{DEFAULT_BUFFER, period};
pub use point_adjusted::point_adjusted_f1;
pub use pointwise::{average_precision, best_f1, f1};
pub use range::{RangeScore, best_range_f1, range_score};
pub use rows::{Decisions, Labels, Scores, Windows};
pub use summary::{ALERT_GAP, Summary, summarise};
pub use table::{EVERYTHING, QualityTable, RANDOM};
pub use truth::{Probation, Truth};
pub use ucr::{ucr_accuracy, ucr_hit};
pub use vus::{Vus, vus, vus_pr};
pub use yardstick::{Answer, RandomDetector, flag_everything};
