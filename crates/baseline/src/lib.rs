#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | to …                                  | see                                      |
//! |---------------------------------------|------------------------------------------|
//! | read `wo1w`, `median4w`, `mo1m`, …    | [`Offset`]: the grammar                  |
//! | expect what was observed there        | [`Baseline`], a [`Forecaster`](tuatara_core::Forecaster) |
//! | have it as a formula                  | [`baseline`](mod@baseline), [`offset`](mod@offset) |
//! | make one value of several             | [`Combine`]                              |

pub mod baseline;
mod combine;
mod error;
mod lagged;
pub mod offset;
mod plan;

pub use baseline::{Baseline, LAGS_FOUND};
pub use combine::Combine;
pub use error::{BaselineError, Result};
pub use offset::Offset;
