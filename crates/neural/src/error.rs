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
    /// A file cannot be read.
    #[error("{path} cannot be read: {why}")]
    Read {
        /// The file.
        path: String,
        /// What the system says.
        why: String,
    },
    /// The bytes are no safetensors file, or not all of one.
    #[error("this is no whole safetensors file: {why}; was it cut off while it was copied?")]
    Damaged {
        /// What is wrong with them.
        why: String,
    },
    /// A safetensors file of something else.
    #[error(
        "the header says format {found:?}, not \"tuatara-neural\": this is no model of Tuatara; \
         `tuatara train` makes one"
    )]
    Foreign {
        /// What the header says, empty where it says nothing.
        found: String,
    },
    /// A file that a later release wrote.
    #[error(
        "the model is written in version {version} of the format, and this release reads up to \
         {known}; use a newer release, or train the model again with this one"
    )]
    Newer {
        /// The version of the file.
        version: u32,
        /// The newest that is read.
        known: u32,
    },
    /// An entry of the header cannot be.
    #[error("the header says {key} {value:?}; allowed: {allowed}; train the model again")]
    Header {
        /// The entry.
        key: &'static str,
        /// What it says, empty where it is missing.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A tensor is missing or cannot be what its name says.
    #[error("{tensor} {problem}; train the model again")]
    Tensor {
        /// The tensor.
        tensor: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A setting of training cannot be used.
    #[error("{setting} is {value}; allowed: {allowed}; {remedy}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// What it was set to.
        value: String,
        /// What is allowed.
        allowed: &'static str,
        /// What to do about it.
        remedy: &'static str,
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
