//! What can be wrong with times, grids and tables, each with its remedy.

mod words;

use crate::place::Place;
use crate::{Duration, Granularity, Instant, SliceKey};
use words::{delimiter_in_words, did_you_mean, listed, name_a_column, of_another_name};

/// Everything this crate refuses.
///
/// A message names the thing, the value it had, what is allowed and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// A text that should be an instant is none.
    #[error(
        "`{text}` is not an instant; allowed: RFC 3339 with an offset, such as \
         2020-03-08T10:00:00Z; {remedy}"
    )]
    InstantText {
        /// The text as it was given.
        text: String,
        /// What to write instead.
        remedy: &'static str,
    },

    /// An instant outside the years 1 to 9999.
    #[error(
        "the instant {millis} ms after 1970 is outside 0001-01-01T00:00:00Z to \
         9999-12-31T23:59:59.999Z; are these milliseconds?"
    )]
    InstantRange {
        /// Milliseconds since 1970-01-01T00:00:00Z.
        millis: i64,
    },

    /// A text that should be a duration is none.
    #[error(
        "`{text}` is not a duration; allowed: ISO 8601 such as PT15M, P7D, PT0.5S, or a number and \
         one of ms, s, m, h, d, w; {remedy}"
    )]
    DurationText {
        /// The text as it was given.
        text: String,
        /// What to write instead.
        remedy: &'static str,
    },

    /// A duration below zero.
    #[error(
        "a duration of {millis} ms is below zero; allowed: 0 and more; swap the two ends it was \
         made from"
    )]
    NegativeDuration {
        /// The length that was asked for, in milliseconds.
        millis: i64,
    },

    /// An interval that ends before it starts.
    #[error("the interval starts at {start} and ends before, at {end}; swap the two")]
    IntervalReversed {
        /// The start that was asked for.
        start: Instant,
        /// The end that was asked for.
        end: Instant,
    },

    /// A name that is no time zone.
    #[error(
        "`{name}` is not a time zone; allowed: names of the IANA database, such as UTC or \
         Europe/London; {}",
        did_you_mean(suggestion.as_deref(), "see the column \"TZ identifier\" of its list")
    )]
    UnknownZone {
        /// The name as it was given.
        name: String,
        /// The zone that was probably meant.
        suggestion: Option<String>,
    },

    /// A text that should be a granularity is none.
    #[error(
        "`{text}` is not a granularity; allowed: ISO 8601 such as PT5M, PT1H, P1D, P1W, P1M, or \
         5_MINUTES, 1_DAYS, or 5m, 1h, 1d, 1w, 1mo; {remedy}"
    )]
    GranularityText {
        /// The text as it was given.
        text: String,
        /// What to write instead.
        remedy: &'static str,
    },

    /// A part of a granularity that cannot be meant.
    #[error("the {part} of the granularity is {value}; allowed: {allowed}; {remedy}")]
    GranularityPart {
        /// `step`, `phase`, `count` or `months`.
        part: &'static str,
        /// The value as it was given.
        value: String,
        /// The values that can be meant.
        allowed: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },

    /// A lag of nothing.
    #[error("a lag of 0 {unit} is the present itself; allowed: 1 and more; write 1")]
    LagOfZero {
        /// The unit, in the plural.
        unit: &'static str,
    },

    /// A text that should be a lag is none.
    #[error(
        "`{text}` is not a lag; allowed: a number from 1 to 4294967295 and one of h, d, w, mo, y, \
         such as 4w"
    )]
    LagText {
        /// The text as it was given.
        text: String,
    },

    /// A grid that would leave the years 1 to 9999.
    #[error(
        "a grid of {granularity} with {buckets} buckets from bucket {ordinal} leaves the years 1 \
         to 9999; ask for a shorter interval"
    )]
    AxisRange {
        /// The step of the grid.
        granularity: Granularity,
        /// Absolute number of the first bucket.
        ordinal: i64,
        /// Number of buckets.
        buckets: u64,
    },

    /// A grid of local dates cannot change its zone.
    #[error(
        "a grid of {granularity} is made of local dates and cannot be read in another zone; \
         allowed: fixed steps such as PT1H; cover the interval anew in that zone"
    )]
    CivilAxisZone {
        /// The step of the grid.
        granularity: Granularity,
    },

    /// A range with its ends in the wrong order, or an end that is not a number.
    #[error(
        "the range from {min} to {max} holds no value; allowed: two numbers, infinite ones \
         included, the first not above the second; swap or drop them"
    )]
    BadRange {
        /// The lower end as it was given.
        min: f64,
        /// The upper end as it was given.
        max: f64,
    },

    /// A word that is no aggregation.
    #[error(
        "`{text}` is not an aggregation; allowed: SUM, COUNT, MIN, MAX, MEAN (or AVG), MEDIAN, LAST"
    )]
    AggregationText {
        /// The text as it was given.
        text: String,
    },

    /// A text that names no slice.
    #[error(
        "`{text}` is not a slice: at byte {at}, {problem}; allowed: \
         `metric{{dimension=value,other=a|b}}`"
    )]
    SliceText {
        /// The text as it was given.
        text: String,
        /// Where it goes wrong, counted in bytes from 1.
        at: usize,
        /// What is wrong there.
        problem: &'static str,
    },

    /// A series with another number of values than its axis has buckets.
    #[error(
        "{values} values do not fit on an axis of {buckets} buckets; give one for each, NaN where missing"
    )]
    SeriesLength {
        /// The number of values.
        values: usize,
        /// The length of the axis.
        buckets: usize,
    },

    /// A fill that cannot belong to its series.
    #[error(
        "the fill of buckets {start} to {end} {problem}; allowed on an axis of {buckets} buckets: \
         fills in order of time, of finite values or NaN, each known only after the sample that \
         ends its gap"
    )]
    BadFill {
        /// The first bucket that it fills.
        start: usize,
        /// The first bucket after.
        end: usize,
        /// What is wrong with it.
        problem: &'static str,
        /// The length of the axis.
        buckets: usize,
    },

    /// Too little data to see its granularity.
    #[error(
        "the granularity cannot be seen in {stamps} distinct stamp(s); pass it, for instance \
         P1D or PT1H (--granularity)"
    )]
    GranularityUnknown {
        /// The number of distinct stamps.
        stamps: usize,
    },

    /// Stamps of no regular step.
    #[error(
        "the stamps are irregular: their most common step, {step}, is {count} of {total}; pass \
         the granularity, for instance P1D or PT1H (--granularity)"
    )]
    GranularityUnclear {
        /// The most common difference between neighbouring stamps.
        step: Duration,
        /// How many differences are that long.
        count: usize,
        /// How many differences there are.
        total: usize,
    },

    /// A grid that is finer than the data.
    #[error(
        "`{dataset}` has one row per {native} and cannot be read at {requested}; ask for \
         {native} or something coarser"
    )]
    TooFine {
        /// The name of the dataset.
        dataset: String,
        /// The granularity that was asked for.
        requested: Granularity,
        /// The granularity of the data.
        native: Granularity,
    },

    /// A grid whose buckets hold now more, now fewer rows of the data.
    #[error(
        "`{dataset}` has one row per {native}, which does not divide {requested} evenly: the \
         buckets would differ by arithmetic alone; ask for a multiple of {native}"
    )]
    Uneven {
        /// The name of the dataset.
        dataset: String,
        /// The granularity that was asked for.
        requested: Granularity,
        /// The granularity of the data.
        native: Granularity,
    },

    /// A grid with more buckets than a series can hold.
    #[error(
        "a series of {buckets} buckets of {granularity} is too long; allowed: up to {most}; ask \
         for a shorter interval or a coarser granularity"
    )]
    TooManyBuckets {
        /// The granularity that was asked for.
        granularity: Granularity,
        /// How many buckets the grid has.
        buckets: usize,
        /// How many there may be.
        most: usize,
    },

    /// A dataset without a single row.
    #[error("`{dataset}` has no rows, so it spans no time; give it at least one")]
    NoRows {
        /// The name of the dataset, or of its file.
        dataset: String,
    },

    /// Rows whose buckets no calendar has, as they lie at its very end.
    #[error(
        "`{dataset}` has rows from {first} to {last}, whose buckets of {granularity} leave the years 1 \
         to 9999; stamps as far as these often stand for no time at all: take such rows out"
    )]
    RowsRange {
        /// The name of the dataset, or of its file.
        dataset: String,
        /// The earliest stamp.
        first: Instant,
        /// The latest stamp.
        last: Instant,
        /// The granularity of the data.
        granularity: Granularity,
    },

    /// A dataset that is not there.
    #[error(
        "there is no dataset `{dataset}`; there are: {}; {}",
        listed(known), did_you_mean(suggestion.as_deref(), "name one of these")
    )]
    UnknownDataset {
        /// The name that was asked for.
        dataset: String,
        /// The datasets that are there.
        known: Vec<String>,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },

    /// A name that two datasets would have.
    #[error("there are two datasets `{dataset}`; give one of them another name")]
    DuplicateDataset {
        /// The name.
        dataset: String,
    },

    /// A metric that the dataset does not have.
    #[error(
        "`{dataset}` has no metric `{metric}`; it has: {}; {}",
        known.join(", "), did_you_mean(suggestion.as_deref(), "name one of these")
    )]
    UnknownMetric {
        /// The name of the dataset.
        dataset: String,
        /// The name that was asked for.
        metric: String,
        /// The metrics that are there.
        known: Vec<String>,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },

    /// A dimension that the dataset does not have.
    #[error(
        "`{dataset}` has no dimension `{dimension}`; it has: {}; {}",
        listed(known), did_you_mean(suggestion.as_deref(), "name one of these")
    )]
    UnknownDimension {
        /// The name of the dataset.
        dataset: String,
        /// The name that was asked for.
        dimension: String,
        /// The dimensions that are there.
        known: Vec<String>,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },

    /// A value that its dimension never takes.
    #[error(
        "`{value}` never occurs in dimension `{dimension}` of `{dataset}`, which has {count} \
         value(s); {}",
        did_you_mean(suggestion.as_deref(), "values are compared letter by letter")
    )]
    UnknownValue {
        /// The name of the dataset.
        dataset: String,
        /// The dimension that was filtered.
        dimension: String,
        /// The value that was asked for.
        value: String,
        /// How many distinct values the dimension has.
        count: usize,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },

    /// A filter whose parts all occur, but never together.
    #[error(
        "no row of `{dataset}` matches {slice}, although each of its values occurs; drop one of \
         the filters"
    )]
    EmptySlice {
        /// The name of the dataset.
        dataset: String,
        /// The slice without rows.
        slice: SliceKey,
    },

    /// Two things of one name.
    #[error("there are two {what}s called `{name}`; names are unique, rename one")]
    DuplicateName {
        /// `metric`, `dimension` or `column`.
        what: &'static str,
        /// The name that occurs twice.
        name: String,
    },

    /// A row with more or fewer cells than the table has columns.
    #[error("a row at {at} brings {got} {what}(s) to a table with {expected}; give one for each")]
    RowShape {
        /// The instant of the row.
        at: Instant,
        /// `dimension` or `metric`.
        what: &'static str,
        /// How many the row has.
        got: usize,
        /// How many the table has.
        expected: usize,
    },

    /// A table without a column of values.
    #[error("`{dataset}` has no metric; name at least one")]
    NoMetric {
        /// The name of the dataset.
        dataset: String,
    },

    /// Dimensions named when rows had come already.
    #[error("the dimensions of `{dataset}` were named after its first row; name them before")]
    LateDimensions {
        /// The name of the dataset.
        dataset: String,
    },

    /// A word that is no unit of time.
    #[error(
        "`{text}` is not a unit of time; allowed: s, ms, us, ns since 1970, or rows for a row \
         counter"
    )]
    TimeUnitText {
        /// The text as it was given.
        text: String,
    },

    /// A file that cannot be read at all.
    #[error("{file} cannot be read: {source}; check the path, the permission and the compression")]
    Unreadable {
        /// The name of the file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },

    /// A file without a header.
    #[error("{file} is empty; the first line names the columns, such as `timestamp,value`")]
    EmptyFile {
        /// The name of the file.
        file: String,
    },

    /// Bytes that are not UTF-8.
    #[error("{place}: the text is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// The cell.
        place: Box<Place>,
    },

    /// Two columns of one name.
    #[error("{file} has two columns called `{column}`; rename one in the header")]
    DuplicateColumn {
        /// The name of the file.
        file: String,
        /// The name that occurs twice.
        column: String,
    },

    /// A column that the file does not have.
    #[error(
        "{file} has no column `{column}` for the {role}{}; it has: {}; {}",
        of_another_name(name.as_deref(), column),
        listed(known),
        name_a_column(suggestion.as_deref(), role, name.as_deref().unwrap_or(column), known.len())
    )]
    UnknownColumn {
        /// The name of the file.
        file: String,
        /// What the column was wanted for: `time`, `metric`, `dimension` or `list of columns to
        /// ignore`.
        role: &'static str,
        /// The metric or dimension that was to be in it.
        name: Option<Box<str>>,
        /// The column that was asked for.
        column: String,
        /// The columns that are there.
        known: Box<[String]>,
        /// The one that was probably meant.
        suggestion: Option<Box<str>>,
    },

    /// A column has to be named because none, or more than one, suggests itself.
    #[error(
        "{file}: {count} of the columns {} {} for the {role}; name the {role} column ({flag})",
        known.join(", "), if *count == 1 { "suggests itself" } else { "suggest themselves" }
    )]
    ColumnToName {
        /// The name of the file.
        file: String,
        /// What the column is wanted for: `time` or `metric`.
        role: &'static str,
        /// How many columns have a name that would do.
        count: usize,
        /// The columns that are there.
        known: Vec<String>,
        /// How the command takes the name.
        flag: &'static str,
    },

    /// A row with more or fewer cells than the header.
    #[error(
        "{file}, row {row}: {got} cell(s) under a header of {expected}; a cell that holds {} needs \
         quotes around it",
        delimiter_in_words(*delimiter)
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
        /// What stands between cells.
        delimiter: u8,
    },

    /// A cell that should be a number.
    #[error("{place}: `{value}` is not a number; allowed: {allowed}; {remedy}")]
    BadNumber {
        /// The cell.
        place: Box<Place>,
        /// Its text.
        value: String,
        /// What would do.
        allowed: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },

    /// A cell that should be a stamp.
    #[error("{place}: `{value}` is not a stamp; allowed: {allowed}; {remedy}")]
    BadStamp {
        /// The cell.
        place: Box<Place>,
        /// Its text.
        value: String,
        /// What would do.
        allowed: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },

    /// A bare number in the time column, with no unit declared.
    #[error(
        "{place}: `{value}` may be seconds, milliseconds or something else since 1970; declare \
         the time unit (--time-unit s|ms|us|ns, or rows for a row counter)"
    )]
    UnitUnknown {
        /// The cell.
        place: Box<Place>,
        /// Its text.
        value: String,
    },

    /// A civil stamp that no clock ever showed.
    #[error(
        "{place}: `{value}` does not exist in {zone}, where the clocks skip it on {date}; name the \
         zone in which the stamps were written (--tz), or write stamps with an offset"
    )]
    StampSkipped {
        /// The cell.
        place: Box<Place>,
        /// Its text.
        value: String,
        /// The zone in which the stamp was read.
        zone: &'static str,
        /// The local date of the stamp.
        date: chrono::NaiveDate,
    },

    /// An event that cannot be meant.
    #[error(transparent)]
    Event(Box<crate::events::EventError>),

    /// A data file that cannot be read for a reason of its form.
    #[cfg(feature = "files")]
    #[error(transparent)]
    File(Box<crate::files::FileError>),

    /// Something that a source outside this crate has to say.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}
