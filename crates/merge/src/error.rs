//! What can go wrong in the fold.

use thiserror::Error;
use tuatara_core::FilterError;
use tuatara_frame::Instant;

/// Result of this crate.
pub type Result<T, E = MergeError> = std::result::Result<T, E>;

/// What can go wrong in the fold.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MergeError {
    /// The longest duration of an anomaly is zero.
    #[error("maxDuration is PT0S; an anomaly needs room: 15 minutes or more, P7D is customary")]
    NoDuration,
    /// A setting of thinning is out of its range.
    #[error("thinning: `{field}` is {value}; allowed: {allowed}; {remedy}")]
    Thinning {
        /// The setting.
        field: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        allowed: String,
        /// What to write instead.
        remedy: &'static str,
    },
    /// A filter refused the request.
    #[error("filter {filter}: {source}")]
    Filter {
        /// Name of the filter.
        filter: String,
        /// Why.
        source: Box<FilterError>,
    },
    /// An anomaly of the carry began before the series that was served to its filters.
    #[error(
        "an anomaly that began at {start} was carried over, but the series starts later; \
         serve the series from maxDuration + maxGap and the filters' lookback before the window"
    )]
    SeriesTooShort {
        /// Start of the anomaly.
        start: Instant,
    },
}
