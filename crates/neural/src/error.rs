//! What can be wrong with a network or with the file that it comes from.

use thiserror::Error;

/// Result of this crate.
pub type Result<T, E = NeuralError> = std::result::Result<T, E>;

/// A network that cannot be, or a file that holds none.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum NeuralError {
    /// A layer was given another number of weights than its shape asks for.
    #[error(
        "{layer}: {found} numbers where a layer of {inputs} inputs and {outputs} outputs has \
         {needed}; was the file made for another network?"
    )]
    Shape {
        /// The layer, as the file calls it.
        layer: String,
        /// How many inputs it has.
        inputs: usize,
        /// How many outputs it has.
        outputs: usize,
        /// Numbers that such a layer has.
        needed: usize,
        /// Numbers that were given.
        found: usize,
    },
    /// A weight is not a finite number.
    #[error("{layer}: number {index} is {value}, not a finite number; train the model again")]
    NotFinite {
        /// The layer, as the file calls it.
        layer: String,
        /// Which number, from 0, in the order of the file.
        index: usize,
        /// The number.
        value: f32,
    },
    /// The arithmetic of training failed.
    #[error("training failed: {what}; is there memory enough for a smaller batch?")]
    Training {
        /// What candle says.
        what: String,
    },
    /// There is no row to learn from.
    #[error(
        "none of the {series} series has {needed} values running, which {network} needs to learn from \
         one; give longer series, or fill their gaps"
    )]
    NothingToLearn {
        /// What was to be trained.
        network: &'static str,
        /// How many series there are.
        series: usize,
        /// How many values a row needs, its own included.
        needed: usize,
    },
}

#[cfg(feature = "train")]
impl From<candle_core::Error> for NeuralError {
    fn from(error: candle_core::Error) -> Self {
        Self::Training {
            what: error.to_string(),
        }
    }
}
