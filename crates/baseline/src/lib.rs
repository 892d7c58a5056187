//! Baselines: an expectation taken from earlier values at civil lags.
//!
//! | to …                                  | see                                      |
//! |---------------------------------------|------------------------------------------|
//! | read `wo1w`, `median4w`, `mo1m`, …    | [`Offset`]: the grammar                  |
//! | expect what was observed there        | [`Baseline`], a [`Forecaster`](tuatara_core::Forecaster) |
//! | make one value of several             | [`Combine`]                              |
//!
//! ```
//! use tuatara_baseline::{Baseline, Offset};
//! use tuatara_core::Forecaster;
//! use tuatara_frame::{Granularity, Interval, TimeAxis, Zone};
//!
//! let year = Interval::new("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?)?;
//! let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, year)?;
//! let baseline = Baseline::new("median4w".parse::<Offset>()?);
//! // Four weeks, and four more that can stand in for weeks that are left out.
//! assert_eq!(baseline.lookback(&axis)?.len(), 56);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod baseline;
mod combine;
mod error;
mod lagged;
mod offset;
mod plan;

pub use baseline::{Baseline, LAGS_FOUND};
pub use combine::Combine;
pub use error::{BaselineError, Result};
pub use offset::Offset;
