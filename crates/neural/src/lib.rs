//! Small global networks for series that they have never seen.
//!
//! | to …                                   | see                     |
//! |----------------------------------------|-------------------------|
//! | run a small network, the same bits always | [`Dense`], [`Activation`] |

mod activation;
mod dense;
mod error;
pub mod original;

pub use activation::Activation;
pub use dense::{Dense, Mlp};
pub use error::{NeuralError, Result};
