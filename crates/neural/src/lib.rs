#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | to …                                             | see                                           |
//! |--------------------------------------------------|-----------------------------------------------|
//! | judge series with the weights that come along    | `Model::pretrained` (feature `pretrained`), [`Model::opinions`] |
//! | judge the newest value alone                     | [`Model::last_opinion`]                       |
//! | judge many series, one after the other           | [`Workspace`], kept between them              |
//! | read and write models as files                   | [`Model::read`], [`Model::to_bytes`], [`Card`] |
//! | name it in a configuration                       | [`ALERTIGER_RULE`](AlerTigerParams)           |
//! | train a model, with candle                       | `train` (feature `train`)                     |
//! | compare with the detector this one goes past     | [`original`]                                  |
//! | run a small network, the same bits always        | [`Dense`], [`Mlp`], [`Activation`]            |
//!
//! | formula of …                                     | stands in                                     |
//! |--------------------------------------------------|-----------------------------------------------|
//! | the naive answer, its error, and the inputs      | [`columns`]                                   |
//! | the expectation and the band                     | [`forecaster`]                                |
//! | the probability of an anomaly                    | [`classifier`]                                |
//! | the verdict                                      | [`verdict`]                                   |
//! | the detector of the paper, as it was trained     | [`original`], of [`windows`](original::windows), [`forecaster`](original::forecaster), [`classifier`](original::classifier), [`filter`](original::filter) |
//! | what training minimises                          | `train::loss` (feature `train`)               |

mod activation;
mod calibration;
mod card;
pub mod classifier;
pub mod columns;
mod dense;
mod detector;
mod error;
mod file;
pub mod forecaster;
mod model;
pub mod original;
mod panel;
mod params;
#[cfg(feature = "pretrained")]
mod pretrained;
mod ranks;
#[cfg(feature = "train")]
pub mod train;
pub mod verdict;

pub use activation::Activation;
pub use card::Card;
pub use dense::{Dense, Mlp};
pub use detector::{AlerTiger, customary_period};
pub use error::{NeuralError, Result};
pub use file::{FORMAT, VERSION};
pub use model::Model;
pub use panel::{Opinion, Workspace};
pub use params::AlerTigerParams;
