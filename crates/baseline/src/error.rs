//! What can be wrong with an offset.

use thiserror::Error;

/// Result of this crate.
pub type Result<T, E = BaselineError> = std::result::Result<T, E>;

/// What can be wrong with an offset or a baseline.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// The text is no offset.
    #[error(
        "offset {text:?} is not known{}; allowed: {ALLOWED}",
        suggestion.as_ref().map(|s| format!(", did you mean {s:?}?")).unwrap_or_default()
    )]
    UnknownOffset {
        /// What was written.
        text: String,
        /// The offset that was probably meant.
        suggestion: Option<String>,
    },
    /// The number in an offset is outside its range.
    #[error("offset {text:?} counts {count}; allowed: {allowed}")]
    Count {
        /// What was written.
        text: String,
        /// The number in it.
        count: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// More lags are required than the offset has.
    #[error("minLags is {required}, but {offset} has {lags} lags; allowed: 1 to {lags}")]
    TooManyRequired {
        /// Lags that must be found.
        required: usize,
        /// The offset.
        offset: String,
        /// Lags it has.
        lags: usize,
    },
}

/// The grammar, for messages.
pub(crate) const ALLOWED: &str = "current, none, ho1h, do1d, wo1w, mo1m, yo1y and the same with \
     other counts, mean4w, median4w, min4w, max4w and the same with other counts and units h, d, m";
