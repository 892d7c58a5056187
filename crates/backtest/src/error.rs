//! What cannot be asked of history, each with its remedy.

use tuatara::frame::{Duration, FrameError, Instant, Interval, SliceKey};

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
    /// Labels by row of another time.
    #[error(
        "the rows of {case} are from {first} to {last}, and none of them lies in the time that is \
         judged, {history}; give the labels of these data, or another --since and --until"
    )]
    RowsElsewhere {
        /// The labelled file.
        case: String,
        /// Its first row.
        first: Instant,
        /// Its last row.
        last: Instant,
        /// What is judged.
        history: Interval,
    },
    /// A dimension of incidents that no slice has, and that is called much like one that they have.
    #[error(
        "the incident in line {line} is confined by `{dimension}`, which no series has; they have: {}; \
         did you mean `{suggestion}`?",
        known.join(", ")
    )]
    NoDimension {
        /// The column.
        dimension: String,
        /// The line of the list, from 1.
        line: u64,
        /// The dimensions of the slices.
        known: Vec<String>,
        /// What was probably meant.
        suggestion: String,
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
    /// A path that leads nowhere in a specification.
    #[error(
        "{path}: {}{}{}",
        if step.is_empty() { format!("there is nothing {place}") }
        else { format!("there is no `{step}` {place}") },
        if known.is_empty() { "; write keys with a point between, such as drop.sensitivity or \
            rules[0].detection[0].params.sensitivity".to_owned() }
        else { format!("; there are: {}", known.join(", ")) },
        suggestion.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
    )]
    NoSetting {
        /// The path.
        path: String,
        /// Where it was looked for.
        place: &'static str,
        /// The step that leads nowhere; may be empty.
        step: String,
        /// What there is in that place.
        known: Vec<String>,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// A setting that an alias repeats.
    #[error(
        "{path} is behind an alias of what stands in line {line}, which would change, too; write it out in \
         place of the alias"
    )]
    Aliased {
        /// The path.
        path: String,
        /// The line of what is repeated.
        line: usize,
    },
    /// A path to a list or mapping.
    #[error("{path} stands for several values, in line {line}; name one of them")]
    NotOneValue {
        /// The path.
        path: String,
        /// Where they begin.
        line: usize,
    },
    /// A name that several components have.
    #[error(
        "{path}: {count} components are called `{name}`; write the path from the top, such as \
         rules[0].detection[0].params.sensitivity"
    )]
    SeveralNamed {
        /// The path.
        path: String,
        /// Its name.
        name: String,
        /// How many there are.
        count: usize,
    },
    /// A text that is no budget.
    #[error(
        "`{text}` is no budget; allowed: a number above 0, then /day, /week or /month of 30 days, then \
         /series if each has so many; write 2/week"
    )]
    BadBudget {
        /// The text.
        text: String,
    },
    /// A text that is no list of values.
    #[error(
        "`{text}` is no list of values; allowed: values with commas between, or two numbers with `..` \
         between, and behind them / and how many there are to be, from 2 to 1000; write 0..10/11"
    )]
    BadValues {
        /// The text.
        text: String,
    },
    /// A text that is no incident.
    #[error(
        "`{text}` is no incident; allowed: spike=50%, drop=20% up to 100%, zero, level=-10%, \
         trend=5%/day, variance=200%, flat, gap; write one of them with a size of your own"
    )]
    BadIncident {
        /// The text.
        text: String,
    },
    /// A trial in which nothing could be told.
    #[error(
        "an incident that lasts {lasting} cannot be told within {within}: a bucket of {detection} takes \
         {bucket}, and its data are waited for {waits}; give --lasting above PT0S and --within of at \
         least {least}"
    )]
    NoTime {
        /// The detection.
        detection: String,
        /// How long an incident lasts.
        lasting: Duration,
        /// Within which time it is to be told.
        within: Duration,
        /// How long a bucket is.
        bucket: Duration,
        /// How long its data are waited for.
        waits: Duration,
        /// The least time in which it may be told.
        least: Duration,
    },
    /// A change of values that nobody can see in a count of rows.
    #[error(
        "{incident}: {metric} counts rows, whatever their values are, so that no value changes it; put a \
         gap in, or look at a metric of values"
    )]
    CountsRows {
        /// What was to be put in.
        incident: String,
        /// The metric.
        metric: String,
    },
    /// History without room for an incident.
    #[error(
        "{detection} judges no bucket that is {apart} away from everything it finds with {trial} of \
         history behind it; give more history, or shorten the incident or the merger's maxGap"
    )]
    NoPlace {
        /// The detection.
        detection: String,
        /// How long a trial is.
        trial: Duration,
        /// How far it has to be from anything found.
        apart: Duration,
    },
    /// Nothing was judged.
    #[error("nothing was judged; name at least one set of data with a series")]
    Nothing,
}
