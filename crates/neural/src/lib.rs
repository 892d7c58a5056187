//! Small global networks for series that they have never seen.
//!
//! | to …                                   | see                     |
//! |----------------------------------------|-------------------------|
//! | run a small network, the same bits always | [`Dense`], [`Activation`] |

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
mod knowledge;
mod model;
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
pub use detector::AlerTiger;
pub use error::{NeuralError, Result};
pub use file::{FORMAT, VERSION};
pub use model::Model;
pub use panel::{Opinion, Workspace};
pub use params::AlerTigerParams;
