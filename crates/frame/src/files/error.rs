//! What can be wrong with a data file as a whole, and with JSON, each with its remedy.

use super::Layout;
use crate::{FrameError, Instant, Place};

/// How many of many names a message shows.
const SHOWN: usize = 8;

/// What the readers of files refuse, beyond what can be wrong with any table
/// ([`FrameError`](crate::FrameError)).
///
/// A message names the file, the line, the column and the value as far as there are any, what is
/// allowed and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// A word that is no layout.
    #[error(
        "`{text}` is not a layout; allowed: long, wide, series, ndjson, prometheus; {}",
        suggestion.map_or_else(|| "write one of these".to_owned(), |word| format!("did you mean `{word}`?"))
    )]
    LayoutText {
        /// The text as it was given.
        text: String,
        /// The one that was probably meant.
        suggestion: Option<&'static str>,
    },

    /// Stamps that do not show their granularity.
    #[error("{file}: {source}")]
    Granularity {
        /// The name of the file, the first of several.
        file: String,
        /// Why it cannot be seen.
        source: Box<FrameError>,
    },

    /// An option that the file has no use for.
    #[error("{file}: {option} does not go with {with}; {remedy}")]
    Unfit {
        /// The name of the file.
        file: String,
        /// The option with its value.
        option: String,
        /// What it does not go with.
        with: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },

    /// A file of another format.
    #[error(
        "{file} is {what}; allowed: UTF-8 text (CSV, one JSON object a line, a Prometheus \
         response), plain or gzip; {remedy}"
    )]
    NotText {
        /// The name of the file.
        file: String,
        /// What it is.
        what: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },

    /// A line that cannot be cut into cells.
    #[error("{file}, row {row}: {problem}; {remedy}")]
    BrokenRow {
        /// The name of the file.
        file: String,
        /// The line of the file, from 1.
        row: u64,
        /// What is wrong there.
        problem: String,
        /// What to do instead.
        remedy: &'static str,
    },

    /// A header with several characters that may be the delimiter.
    #[error(
        "{file}, row 1: {} stand in the header, and only one can be the delimiter; say which \
         (--delimiter), or put quotes around the names that hold the others",
        found.join(" and ")
    )]
    DelimiterUnclear {
        /// The name of the file.
        file: String,
        /// The characters, in words.
        found: Vec<&'static str>,
    },

    /// A column without a name where its name is that of a series.
    #[error("{file}, row 1: column {column} has no name, so its series has none; {remedy}")]
    UnnamedSeries {
        /// The name of the file.
        file: String,
        /// The number of the column, from 1.
        column: usize,
        /// What to do about it.
        remedy: &'static str,
    },

    /// A first line without a wanted column, which is no header by the looks of it.
    #[error("{file} has no column for the {role}, as its first line {problem}; {remedy}")]
    NoHeader {
        /// The name of the file.
        file: String,
        /// What the column was wanted for: `time` or `metric`.
        role: &'static str,
        /// What the line looks like.
        problem: String,
        /// What to do about it.
        remedy: &'static str,
    },

    /// Many numbered columns, none of which is the wanted one.
    #[error(
        "{file} has no column for the {role}; it has: {}; say --layout series where each row is a \
         series, --layout wide where each column is one, or name the column ({flag})",
        beginning(known)
    )]
    NumberedColumns {
        /// The name of the file.
        file: String,
        /// What the column was wanted for: `time`, or `metric` with the name that it was to have.
        role: String,
        /// The columns that are there.
        known: Vec<String>,
        /// How the command takes the name.
        flag: &'static str,
    },

    /// A file with a time and nothing else.
    #[error(
        "{file} has no column for a series beside {}; allowed in layout {layout}: one column or \
         more; add one, or ignore fewer",
        columns.join(", ")
    )]
    NoSeries {
        /// The name of the file.
        file: String,
        /// How it is laid out.
        layout: Layout,
        /// The columns that are there.
        columns: Vec<String>,
    },

    /// Row counters whose step is unknown.
    #[error(
        "{file} counts rows, which says nothing about the time between them; declare it, for \
         instance PT1M (--granularity)"
    )]
    StepUnknown {
        /// The name of the file.
        file: String,
    },

    /// Files that do not go together.
    #[error(
        "{file} cannot be read together with {first}: {difference}; give all files of a dataset \
         the same columns, or read them on their own"
    )]
    FilesDiffer {
        /// The name of the file.
        file: String,
        /// The name of the first file.
        first: String,
        /// What differs.
        difference: String,
    },

    /// A stamp before that of an earlier row.
    #[error(
        "{place}: `{value}` comes after {previous} in {before}, although the rows of each series \
         are declared to be in order; sort them, or do not declare an order"
    )]
    OutOfOrder {
        /// The cell.
        place: Box<Place>,
        /// Its text.
        value: String,
        /// The stamp of the row before, of the same series.
        previous: Instant,
        /// Where that row is.
        before: String,
    },

    /// Stamps of different forms in one column.
    #[error(
        "{place}: `{value}` is {form}, while row {first_row} has {first_form}; write one form \
         throughout the column"
    )]
    MixedStamps {
        /// The cell.
        place: Box<Place>,
        /// Its text.
        value: String,
        /// Its form.
        form: &'static str,
        /// The line of the first stamp of the file.
        first_row: u64,
        /// The form of the first stamp.
        first_form: &'static str,
    },

    /// Text that is no JSON, or JSON that is no row.
    #[error("{file}, row {row}, byte {column}: {problem}; {remedy}")]
    BrokenJson {
        /// The name of the file.
        file: String,
        /// The line of the file, from 1.
        row: u64,
        /// The byte of the line, from 1.
        column: usize,
        /// What is wrong there.
        problem: String,
        /// What to do instead.
        remedy: &'static str,
    },

    /// A row in JSON without a key that every row needs.
    #[error(
        "{file}, row {row}: no key for the {role}; it has: {}; {remedy}",
        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
    )]
    MissingKey {
        /// The name of the file.
        file: String,
        /// The line of the file, from 1.
        row: u64,
        /// What is missing.
        role: String,
        /// The keys that are there.
        known: Vec<String>,
        /// What to do about it.
        remedy: &'static str,
    },

    /// A value in JSON that no dimension can have.
    #[error(
        "{place}: {value} is not the value of a dimension; allowed: text, numbers, true and false, \
         and null where there is none; {remedy}"
    )]
    BadLabel {
        /// The cell.
        place: Box<Place>,
        /// The value in words.
        value: String,
        /// What to do instead.
        remedy: &'static str,
    },

    /// Rows of several metrics, none of which was asked for.
    #[error(
        "{file} has rows of {count} metrics, {}; name those to read (--metric NAME)",
        known.join(", ")
    )]
    SeveralMetrics {
        /// The name of the file.
        file: String,
        /// How many there are.
        count: usize,
        /// Their names, or the first of them.
        known: Vec<String>,
    },

    /// A header that is none of a table of events.
    #[error(
        "{file}, row 1: {problem}; allowed: name, start, end, before, after, known_at, leave_out, \
         expect, suppress, expected_change, acceptable_deviation, and dimensions; {remedy}"
    )]
    EventColumns {
        /// The name of the file.
        file: String,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        remedy: String,
    },

    /// A cell that cannot be meant of an event.
    #[error("{place}: {source}")]
    EventCell {
        /// The cell.
        place: Box<Place>,
        /// What is wrong with it.
        source: Box<FrameError>,
    },

    /// A server that answered with an error.
    #[error("{file} holds no data but an error of the server, {kind}: {message}; repeat the query")]
    ServerError {
        /// The name of the file.
        file: String,
        /// The type of the error, as the server gave it.
        kind: String,
        /// Its message.
        message: String,
    },

    /// An answer of a server that is no matrix of samples.
    #[error("{file}, row {row}, byte {column}: {found}; allowed: {allowed}; {remedy}")]
    BadResponse {
        /// The name of the file.
        file: String,
        /// The line of the file, from 1.
        row: u64,
        /// The byte of the line, from 1.
        column: usize,
        /// What is there.
        found: String,
        /// What is allowed.
        allowed: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },
}

/// The first of many names, and how many more there are.
fn beginning(names: &[String]) -> String {
    match names.get(SHOWN..) {
        None | Some([]) => names.join(", "),
        Some(rest) => format!("{} and {} more", names[..SHOWN].join(", "), rest.len()),
    }
}

impl From<FileError> for FrameError {
    fn from(error: FileError) -> Self {
        Self::File(Box::new(error))
    }
}
