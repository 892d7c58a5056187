//! What the measures refuse, each with its remedy.

use thiserror::Error;
use tuatara_frame::{FrameError, Interval};

/// Result of this crate.
pub type Result<T, E = MetricsError> = std::result::Result<T, E>;

/// Labels, scores and decisions that cannot be meant together.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MetricsError {
    /// Two things that describe the same rows and have different lengths.
    #[error("{got} {what} do not go with {rows} labels; give one for every row, in row order")]
    Length {
        /// What has another length than the labels.
        what: &'static str,
        /// How many rows it has.
        got: usize,
        /// How many the labels have.
        rows: usize,
    },
    /// A window that is empty or not within the rows.
    #[error(
        "the window {start}..{end} does not lie in {rows} rows; give ranges with \
         start < end <= {rows}, the end not included"
    )]
    Window {
        /// Its first row.
        start: usize,
        /// One past its last row.
        end: usize,
        /// How many rows there are.
        rows: usize,
    },
    /// Two windows that share a row.
    #[error(
        "the windows {first_start}..{first_end} and {start}..{end} overlap; \
         join them into one"
    )]
    WindowsOverlap {
        /// First row of the one that begins earlier.
        first_start: usize,
        /// One past its last row.
        first_end: usize,
        /// First row of the other.
        start: usize,
        /// One past its last row.
        end: usize,
    },
    /// An infinite score.
    #[error(
        "the score of row {row} is {value}; allowed: finite numbers, and NaN for no opinion; \
         write a large finite number where certainty is meant"
    )]
    InfiniteScore {
        /// The row, from 0.
        row: usize,
        /// Its score.
        value: f64,
    },
    /// More rows left out of scoring than there are.
    #[error(
        "{unscored} rows are to be left out of scoring and there are {rows}; \
         allowed: 0 to {rows}; leave fewer out"
    )]
    Probation {
        /// Rows to be left out.
        unscored: usize,
        /// Rows there are.
        rows: usize,
    },
    /// A setting outside its range.
    #[error("{field} is {value}, outside {range}; {fix}")]
    Setting {
        /// The setting.
        field: &'static str,
        /// What it was set to.
        value: f64,
        /// What is allowed, in interval notation.
        range: &'static str,
        /// What to do about it.
        fix: &'static str,
    },
    /// A series for the UCR accuracy without exactly one anomaly.
    #[error(
        "the UCR accuracy asks for the one anomaly of a series, and this one has {found} \
         where it is scored; allowed: 1; use another measure, or leave the series out"
    )]
    NotOneAnomaly {
        /// How many it has.
        found: usize,
    },
    /// A method that did not answer for every series, or a set without any.
    #[error(
        "{method} answers for {got} series and there are {series}; allowed: one answer for each \
         of at least one series, in the same order"
    )]
    Answers {
        /// The name of the method.
        method: String,
        /// How many answers it has.
        got: usize,
        /// How many series there are.
        series: usize,
    },
    /// An incident or alert outside the time in which the series was watched.
    #[error(
        "{series}: the {what} {interval} has no part in {watched}, in which it was watched; \
         leave it out, or watch longer"
    )]
    Unwatched {
        /// The name of the series.
        series: String,
        /// `incident` or `alert`.
        what: &'static str,
        /// When it was.
        interval: Interval,
        /// When the series was watched.
        watched: Interval,
    },
    /// An alert that was reported before it happened.
    #[error(
        "{series}: the alert {interval} became reportable at {reportable_at}, before it began; \
         give the end of the first bucket at which it was reported"
    )]
    ReportedBefore {
        /// The name of the series.
        series: String,
        /// When the alert was.
        interval: Interval,
        /// When it became reportable.
        reportable_at: tuatara_frame::Instant,
    },
    /// A time that cannot be.
    #[error(transparent)]
    Frame(#[from] FrameError),
}
