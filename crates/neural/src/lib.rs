//! Small global networks for series that they have never seen: a quantile forecaster and an anomaly
//! classifier, trained once on made-up series and usable on the fifteenth day of a real one.
//!
//! | to …                                             | see                                           |
//! |--------------------------------------------------|-----------------------------------------------|
//! | judge series with the weights that come along    | `Model::pretrained` (feature `pretrained`), [`Model::opinions`] |
//! | judge the newest value alone                     | [`Model::last_opinion`]                       |
//! | read and write models as files                   | [`Model::read`], [`Model::to_bytes`], [`Card`] |
//! | name it in a configuration                       | [`ALERTIGER_RULE`](AlerTigerParams)           |
//! | train a model, with candle                       | `train` (feature `train`)                     |
//! | compare with the detector this one goes past     | [`original`]                                  |
//! | run a small network, the same bits always        | [`Dense`], [`Mlp`], [`Activation`]            |
//!
//! What happens to a value, in three steps:
//!
//! 1. *The naive answer.* The median of the values one to eight seasons before, and the usual error of
//!    such medians, which is the unit of all that follows. Values that stand out by four units are
//!    replaced by their naive answer for all that looks back: one pass over the values as they are.
//! 2. *The forecaster* adds to the naive answer what it has learned to, and a band on either side that
//!    holds 99 % of normal values, calibrated by how regular a series is. 1 778 numbers.
//! 3. *The classifier* sees the residual, the band, the regularity and the seven residuals before, and
//!    gives the probability of an anomaly. 769 numbers.
//!
//! A value is an anomaly where it lies outside the band and is more probable than the threshold that was
//! best on series held out. The unit of a metric, its zero and its sign do not matter, by construction.
//! No bucket after the one judged is looked at, and a bounded number before it.
//!
//! Inference is a kernel of our own in f32: sums in the order of the inputs, no fused multiply-add,
//! transcendental functions from `libm`. A row has the same bits alone, in a series and in a panel, on
//! every machine. candle trains the networks, behind the feature `train`; nobody else compiles it.
//!
//! Source: Y. Wang et al., *AlerTiger: Deep Learning for AI Model Health Monitoring at LinkedIn* (KDD
//! 2023). Departs from it: the naive answer as the residual path, units that are robust and relative,
//! bounds that cannot cross and may widen, conformal calibration, any season, gaps as missing inputs,
//! symmetry of rises and drops, residuals before the one judged instead of filters that look ahead.

mod activation;
mod calibration;
mod card;
mod classifier;
mod columns;
mod dense;
mod detector;
mod error;
mod file;
mod forecaster;
mod model;
pub mod original;
mod panel;
mod params;
#[cfg(feature = "pretrained")]
mod pretrained;
mod ranks;
#[cfg(feature = "train")]
pub mod train;
mod verdict;

pub use activation::Activation;
pub use card::Card;
pub use dense::{Dense, Mlp};
pub use detector::{AlerTiger, customary_period};
pub use error::{NeuralError, Result};
pub use file::{FORMAT, VERSION};
pub use model::Model;
pub use panel::{Opinion, Workspace};
pub use params::AlerTigerParams;
