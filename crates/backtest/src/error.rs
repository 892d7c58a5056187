//! What cannot be asked of history, each with its remedy.

use tuatara::frame::{FrameError, Interval, SliceKey};

/// Result of this crate.
pub type Result<T, E = BacktestError> = std::result::Result<T, E>;

/// Why a question about history has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BacktestError {
    /// The production engine refused.
    #[error(transparent)]
    Engine(#[from] tuatara::Error),
    /// The source refused.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The measures refused.
    #[error(transparent)]
    Metrics(#[from] tuatara_metrics::MetricsError),
    /// Labels by row belong to one series, and the detection looks at several.
    #[error(
        "{case} has a label for every row, which are those of one series, and the detection looks at \
         {slices} slices of it; list incidents as start,end with a column for each dimension, or \
         leave the dimensions out of the detection"
    )]
    RowsOfSeveral {
        /// The labelled file.
        case: String,
        /// How many slices there are.
        slices: usize,
    },
    /// Labels by row that only count rows.
    #[error(
        "the rows of {case} have no time, so that alerts have no delay; declare what its stamps count"
    )]
    NoClock {
        /// The labelled file.
        case: String,
    },
    /// A label that is neither 0 nor 1.
    #[error(
        "the label of {slice} is {value} in {bucket}; allowed: 0 and 1, or nothing for 0; choose the \
         column that holds labels"
    )]
    BadLabel {
        /// The series of labels.
        slice: SliceKey,
        /// The bucket.
        bucket: Interval,
        /// What stands there.
        value: f64,
    },
    /// Nothing was judged.
    #[error("nothing was judged; name at least one set of data with a series")]
    Nothing,
}
