//! How the losses went down.

use std::fmt;

/// The two networks, in the order in which they are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The quantile forecaster.
    Forecaster,
    /// The anomaly classifier.
    Classifier,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forecaster => "forecaster",
            Self::Classifier => "classifier",
        })
    }
}

/// The losses of an epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Which network.
    pub stage: Stage,
    /// The number of the epoch, from 1.
    pub epoch: u32,
    /// The mean loss of its batches, while the network still changed.
    pub training: f64,
    /// The loss on series that nothing is learned from, after it.
    pub validation: f64,
}

/// The losses of all epochs, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// One for each epoch of each stage.
    pub points: Vec<CurvePoint>,
}
