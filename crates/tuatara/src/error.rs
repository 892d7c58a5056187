//! What can go wrong in a run.

use thiserror::Error;
use tuatara_core::{DetectError, FilterError};
use tuatara_frame::{Duration, FrameError, Granularity, Instant, Interval, SliceKey};
use tuatara_merge::MergeError;

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in building or running a detection.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration has errors; the text shows each of them with its place.
    #[error(transparent)]
    Spec(#[from] tuatara_spec::SpecError),
    /// A detection has no rule.
    #[error("detection {detection:?} has no rule; add at least one with DetectionBuilder::rule")]
    NoRules {
        /// The detection.
        detection: String,
    },
    /// Two rules or two filters of a detection have the same name.
    #[error("the name {name:?} is used twice in detection {detection:?}; give each its own")]
    DuplicateName {
        /// The detection.
        detection: String,
        /// The name.
        name: String,
    },
    /// A filter compares with a dataset that the source does not have.
    #[error(
        "detection {detection:?} compares with dataset {dataset:?}, which is not there; add it to \
         the source (--dataset {dataset}=PATH), or leave the dataset out to compare with a metric \
         of the same one"
    )]
    UnknownDataset {
        /// The dataset.
        dataset: String,
        /// The detection.
        detection: String,
    },
    /// A part of a detection looks at a dataset that the source does not have.
    #[error(
        "{part:?} of detection {detection:?} looks at dataset {dataset:?}, which is not there; add \
         it to the source (--dataset {dataset}=PATH)"
    )]
    MissingDataset {
        /// The dataset.
        dataset: String,
        /// The part.
        part: String,
        /// The detection.
        detection: String,
    },
    /// An expression names nothing that the detection has.
    #[error("{name:?} in the expression of {detection:?} is none of {}", known.join(", "))]
    UnknownMember {
        /// What the expression says.
        name: String,
        /// The detection.
        detection: String,
        /// What it can name.
        known: Vec<String>,
    },
    /// More combinations of dimensions than are allowed.
    #[error(
        "detection {detection:?} explores {count} combinations of {}, more than the {limit} that are \
         allowed; keep fewer rows (filters), explore fewer dimensions, or allow more \
         (combinationLimit, DetectionBuilder::combination_limit)",
        dimensions.join(", ")
    )]
    TooManyCombinations {
        /// The detection.
        detection: String,
        /// The dimensions that are explored.
        dimensions: Vec<String>,
        /// How many combinations of their values there are.
        count: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A ranking that looks back less than one bucket of the data.
    #[error(
        "the lookback {lookback} of the dimension exploration may hold no whole bucket of {granularity}, \
         the step of the data; look back {needed} or more"
    )]
    ShortLookback {
        /// How far it looks back.
        lookback: Duration,
        /// The step of the data.
        granularity: Granularity,
        /// The shortest lookback that always holds one.
        needed: Duration,
    },
    /// The data could not be served.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// No data file was named.
    #[error("no data file is named; name at least one")]
    NoFiles,
    /// A data file was named twice.
    #[error("{path} is given twice, so that its rows would count twice; name it once")]
    FileTwice {
        /// The file.
        path: String,
    },
    /// What should be a text that people write is none.
    #[error("{path} is {what}; {expected} is expected; {remedy}")]
    NotText {
        /// The file, or the folder.
        path: String,
        /// What it is.
        what: String,
        /// What it should be.
        expected: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },
    /// A specification, a dataset file or a file of events cannot be read at all.
    #[error(
        "{path} cannot be read: {source}; {expected} is expected: check the path and the permission"
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What it should be.
        expected: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// Two dataset files stand beside one data file.
    #[error(
        "{data} has two dataset files, {full} and {short}; remove {short}, or move all it says \
         there and remove {full}"
    )]
    TwoDatasetFiles {
        /// The data file.
        data: String,
        /// The dataset file that names it in full.
        full: String,
        /// The one that names it without its endings.
        short: String,
    },
    /// Files that are read as one dataset have dataset files that differ.
    #[error(
        "{file}, beside {data}, {first}; one dataset has one dataset file: make them equal, name \
         the one that applies (--dataset-file), or read the files on their own"
    )]
    OtherDatasetFile {
        /// The data file.
        data: String,
        /// Its dataset file.
        file: String,
        /// How it differs from that of the first data file.
        first: String,
    },
    /// A start of row counters outside the years that there are.
    #[cfg(feature = "files")]
    #[error("row counters cannot start at {start}; choose a date in the years 1 to 9999")]
    StartRange {
        /// The start.
        start: tuatara_spec::dataset::Start,
    },
    /// A detector refused the request.
    #[error("rule {rule}: {source}")]
    Detect {
        /// The rule, as `name:TYPE`.
        rule: String,
        /// Why.
        source: Box<DetectError>,
    },
    /// A filter refused the request.
    #[error("filter {filter}: {source}")]
    Filter {
        /// The filter, as `name:TYPE`.
        filter: String,
        /// Why.
        source: Box<FilterError>,
    },
    /// The fold could not go on.
    #[error("rule {rule}: {source}")]
    Merge {
        /// The rule, as `name:TYPE`.
        rule: String,
        /// Why.
        source: MergeError,
    },
    /// A carry of another detection, or of another version of this one.
    #[error(
        "the state belongs to {theirs}, this is {ours}; \
         go on with the specification it was made by, or start anew without it"
    )]
    ForeignCarry {
        /// Name and fingerprint in the carry.
        theirs: String,
        /// Name and fingerprint of the detection.
        ours: String,
    },
    /// A carry whose rules went by other buckets, another zone or another aggregation.
    #[error(
        "the state was made on {theirs}, this run would go on by {ours}; \
         read the data with the granularity, zone and aggregation of before, or start anew"
    )]
    OtherClock {
        /// Buckets, zone and aggregation of the carry.
        theirs: String,
        /// Those of the run.
        ours: String,
    },
    /// A carry that no run has made: it was changed since.
    #[error("the state is broken: {what}; restore it, or start anew without it")]
    BrokenCarry {
        /// What is wrong with it.
        what: String,
    },
    /// A carry of some slices alone: on the others, what was open would be lost.
    #[error("the state is of some slices alone; go on from that of a run over all of them")]
    PartialCarry,
    /// The interval does not begin where the carry ends.
    #[error(
        "the state ends at {until}, but the run starts at {start}; start there, \
         so that no bucket is missed or counted twice"
    )]
    CarryGap {
        /// End of the run that made the carry.
        until: Instant,
        /// Start of the run that was asked for.
        start: Instant,
    },
    /// A question about an instant that lies in no bucket of the run.
    #[error("{at} lies in no bucket of the run over {interval}; ask for an instant within it")]
    OutsideRun {
        /// The instant asked for.
        at: Instant,
        /// The interval of the run.
        interval: Interval,
    },
    /// A question about a slice that the run did not look at.
    #[error("the run has no slice {slice}{}; it has {known}", closest.as_ref().map(|c| format!(", did you mean {c}?")).unwrap_or_default())]
    UnknownSlice {
        /// The slice asked for.
        slice: SliceKey,
        /// The slice that was probably meant.
        closest: Option<String>,
        /// Slices there are.
        known: String,
    },
    /// Whoever watched the run has stopped it; there is no report of a part.
    #[error("the run was stopped after {done} of {of} slices; start it again for a report")]
    Stopped {
        /// Slices that were finished.
        done: usize,
        /// Slices of the run.
        of: usize,
    },
}

impl Error {
    /// What the detector of `rule` refused.
    pub(crate) fn detect(rule: &str) -> impl Fn(DetectError) -> Self + '_ {
        |source| Self::Detect {
            rule: rule.to_owned(),
            source: Box::new(source),
        }
    }

    /// What `filter` refused.
    pub(crate) fn filter(filter: &str) -> impl Fn(FilterError) -> Self + '_ {
        |source| Self::Filter {
            filter: filter.to_owned(),
            source: Box::new(source),
        }
    }

    /// Where the fold of `rule` could not go on.
    pub(crate) fn merge(rule: &str) -> impl Fn(MergeError) -> Self + '_ {
        |source| Self::Merge {
            rule: rule.to_owned(),
            source,
        }
    }
}
