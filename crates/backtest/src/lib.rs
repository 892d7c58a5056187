#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | question                                            | answer                                  |
//! |-----------------------------------------------------|-----------------------------------------|
//! | what would it have told, when?                      | [`Ran`]                                 |
//! | what if data came late?                             | [`Late`]                                |
//! | what would an operator have counted, and what are the scores worth? | [`Backtest`], [`Figures`] |
//! | which of two specifications is better, or is it chance? | [`Comparison`]                      |
//! | what would another specification have told instead? | [`Diff`]                                |
//! | which incidents would it tell, how soon?            | [`inject`]                              |
//! | which value of a setting keeps to a budget of alerts? | [`Tuning`], [`Setting`], [`Budget`]   |

mod backtest;
mod budget;
mod chance;
mod diff;
mod edit;
mod error;
mod figures;
pub mod inject;
mod known;
mod late;
mod outcome;
mod paired;
mod ran;
mod tune;
mod values;

pub use backtest::{Backtest, Contestant, EVERYTHING, RANDOM};
pub use budget::Budget;
pub use chance::{at_least, bootstrap_mean, sign_test, wilson};
pub use diff::{Change, Diff, Side};
pub use edit::Setting;
pub use error::{BacktestError, Result};
pub use figures::Figures;
pub use known::{Known, ScoredSeries};
pub use late::Late;
pub use outcome::Outcome;
pub use paired::{Comparison, PairedMeasure};
pub use ran::{Ran, Told};
pub use tune::{Chosen, Counted, Tried, Tuning};
pub use values::values;
