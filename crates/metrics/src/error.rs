//! What the measures refuse, each with its remedy.

use thiserror::Error;
use tuatara_frame::{FrameError, Instant, Interval, Place};

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
        reportable_at: Instant,
    },
    /// A row of a table with more or fewer cells than the header.
    #[error(
        "{file}, row {row}: {got} cell(s) under a header of {expected}; put quotes around a cell \
         that holds the delimiter"
    )]
    RaggedRow {
        /// The name of the file.
        file: String,
        /// The line of the file, from 1.
        row: u64,
        /// How many cells the row has.
        got: usize,
        /// How many columns the header has.
        expected: usize,
    },
    /// A column that a labelled file needs and does not have.
    #[error(
        "{file} has no column `{column}` for the {role}; it has: {}; {}",
        known.join(", "),
        suggestion.as_ref().map_or_else(
            || "name the column".to_owned(),
            |name| format!("did you mean `{name}`?"),
        )
    )]
    NoColumn {
        /// The name of the file.
        file: String,
        /// What the column was wanted for.
        role: &'static str,
        /// The name that was looked for.
        column: String,
        /// The columns that are there.
        known: Vec<String>,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// Several columns with a usual name.
    #[error(
        "{file} has several columns that may be the {role}: {}; name the one to read",
        found.join(", ")
    )]
    SeveralColumns {
        /// The name of the file.
        file: String,
        /// What the column is wanted for.
        role: &'static str,
        /// The columns that may be it.
        found: Vec<String>,
    },
    /// A cell that should be a label.
    #[error(
        "{place}: `{value}` is not a label; allowed: 0 and 1, and nothing in rows that are not \
         scored; write 1 where the row is anomalous and 0 elsewhere"
    )]
    BadLabel {
        /// The cell.
        place: Box<Place>,
        /// Its text.
        value: String,
    },
    /// A cell that should say which part of a set a row belongs to.
    #[error(
        "{place}: `{value}` {problem}; allowed: `train` in the first rows and `test` in all \
         others; correct it, or leave the column out"
    )]
    BadSplit {
        /// The cell.
        place: Box<Place>,
        /// Its text.
        value: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// An incident that does not end after it starts.
    #[error(
        "{place}: `{value}` does not lie after the start {start}; the end is not included: \
             write the first instant that is normal again"
    )]
    IncidentReversed {
        /// The cell of the end.
        place: Box<Place>,
        /// Its text.
        value: String,
        /// The start of the incident.
        start: Instant,
    },
    /// Windows in other JSON than that of the benchmark.
    #[error(
        "{file}, row {row}, byte {byte}: {problem}; allowed: an object with a list of \
         [\"first stamp\", \"last stamp\"] for each file, as in combined_windows.json"
    )]
    BadWindows {
        /// The name of the file.
        file: String,
        /// The line of the file, from 1.
        row: usize,
        /// The byte of the line, from 1.
        byte: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A data file that the windows do not mention.
    #[error(
        "{file} has no windows for `{series}`; {}",
        suggestion.as_ref().map_or_else(
            || "add an entry, with an empty list where nothing is anomalous".to_owned(),
            |name| format!("did you mean `{name}`?"),
        )
    )]
    NoWindows {
        /// The name of the file with the windows.
        file: String,
        /// The name of the data file.
        series: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// A window that begins or ends at a stamp that no row has.
    #[error(
        "{file}: no row of `{series}` has the stamp `{stamp}` of its window; give the stamps of \
         the first and the last row in it, such as 2014-04-10 07:15:00"
    )]
    NoSuchRow {
        /// The name of the file with the windows.
        file: String,
        /// The name of the data file.
        series: String,
        /// The stamp of the window.
        stamp: String,
    },
    /// Something that is wrong with a file as a whole.
    #[error("{file}: {source}")]
    InFile {
        /// The name of the file.
        file: String,
        /// What is wrong.
        source: Box<MetricsError>,
    },
    /// A time, a cell or a file that cannot be.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

#[cfg(feature = "labels")]
impl MetricsError {
    /// Says in which file it is.
    pub(crate) fn in_file(file: &str, error: Self) -> Self {
        Self::InFile {
            file: file.to_owned(),
            source: Box::new(error),
        }
    }
}
