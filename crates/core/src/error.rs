//! What can go wrong in a request to a detector or a filter. Bad data is no error: it gets a
//! [`Verdict`](crate::Verdict).

use thiserror::Error;
use tuatara_frame::FrameError;

/// Result of the contracts of this crate.
pub type Result<T, E = DetectError> = std::result::Result<T, E>;

/// A request to a detector that cannot be meant.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DetectError {
    /// The window does not lie on the axis of the series.
    #[error(
        "window {start}..{end} does not lie on an axis of {axis} buckets; \
         ask for a range with start <= end <= {axis}"
    )]
    Window {
        /// First bucket asked for.
        start: usize,
        /// One past the last bucket asked for.
        end: usize,
        /// Buckets there are.
        axis: usize,
    },
    /// A detector or forecaster answered with another number of rows than it was asked for.
    #[error(
        "{got} rows came back for a window of {expected} buckets; \
         fill one row per bucket, as the contract of the trait says"
    )]
    Rows {
        /// Rows that came back.
        got: usize,
        /// Buckets of the window.
        expected: usize,
    },
    /// A setting of a judge or detector lies outside its range.
    #[error("{field} is {value}, outside {range}; {fix}")]
    Setting {
        /// The setting, spelled as in a configuration.
        field: &'static str,
        /// What it was set to.
        value: f64,
        /// What is allowed, in interval notation.
        range: &'static str,
        /// What to do about it.
        fix: &'static str,
    },
    /// Time or data could not be served.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// An error of a detector defined elsewhere.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl DetectError {
    /// Refuses an answer of `got` rows to a window of `expected` buckets.
    ///
    /// # Errors
    /// [`DetectError::Rows`]
    pub fn check_rows(got: usize, expected: usize) -> Result<()> {
        if got == expected {
            return Ok(());
        }
        Err(Self::Rows { got, expected })
    }
}

/// A request to a filter or labeler that cannot be meant.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FilterError {
    /// Time or data could not be served.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A baseline or detector used by the filter refused the request.
    #[error(transparent)]
    Detect(#[from] DetectError),
    /// An error of a filter defined elsewhere.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}
