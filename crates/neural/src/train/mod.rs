//! Training, with candle: fresh series for each epoch, two networks one after the other, calibration
//! and a threshold on series that took no part.
//!
//! What is random comes from one seed: the series, the weights that a network begins with and the
//! order of rows. With one thread the same seed gives the same model twice.
//!
//! | to …                                    | see                              |
//! |-----------------------------------------|----------------------------------|
//! | train a model                           | [`train()`], [`TrainingSettings`] |
//! | let it learn from series of one's own   | [`OwnSeries`]                    |
//! | read what came out                      | [`Trained`]                      |
//! | draw the losses of each epoch           | [`Curve`], [`CurvePoint`], [`Stage`] |
//! | know what is made small, as a formula   | [`loss`]                         |

pub(crate) mod batch;
mod curve;
mod data;
mod fit;
pub mod loss;
#[cfg(test)]
mod loss_tests;
mod measure;
mod network;
mod settings;
mod stages;
mod windows;

pub use curve::{Curve, CurvePoint, Stage};
pub use data::OwnSeries;
pub use settings::TrainingSettings;
pub use stages::{Trained, train};
