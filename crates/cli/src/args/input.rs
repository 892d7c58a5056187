//! What to run over what, and how to read it.

use std::path::PathBuf;

use tuatara::frame::files::{Layout, TimeUnit};
use tuatara::frame::{Aggregation, Duration, FrameError, Granularity, Missing, Zone};
use tuatara::spec::dataset::{Start, StartError};

/// What to run over what.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Input {
    /// The detection in YAML; - for standard input
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
    /// Data files, plain or gzip; - for standard input. Of several, the one that the dataset of the
    /// specification names is read, or else all as one
    #[arg(value_name = "DATA")]
    pub(crate) data: Vec<PathBuf>,
    /// A dataset by name, as an alternative to DATA; once for each of its files
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    pub(crate) dataset: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) columns: Columns,
    /// Events in YAML or a table, beside those of the specification; once for each file
    #[arg(long, value_name = "FILE")]
    pub(crate) calendar: Vec<PathBuf>,
    /// Judge buckets that end after this instant or local date [default: all there are]
    #[arg(long, value_name = "T")]
    pub(crate) since: Option<String>,
    /// Judge buckets that end up to this instant or local date [default: the end of the data]
    #[arg(long, value_name = "T")]
    pub(crate) until: Option<String>,
    /// Worker threads; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Which column is what, and how to read it; each comes before what a dataset file says.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Columns {
    /// What is declared of the data [default: DATA.tuatara.yaml, if it is there]
    #[arg(long, value_name = "PATH")]
    pub(crate) dataset_file: Option<PathBuf>,
    /// How rows are written: long, wide, series, ndjson or prometheus [default: long, or JSON where
    /// the file begins like it]
    #[arg(long, value_name = "NAME", value_parser = layout)]
    pub(crate) layout: Option<Layout>,
    /// Between two cells: a comma, a semicolon, | or tab [default: found in the header]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// The column with the time [default: timestamp, time, ts, ds, date, datetime or timestamp_ms]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) time: Option<String>,
    /// Unit of numbers in the time column: s, ms, us or ns since 1970, or rows for a row counter
    #[arg(long, value_name = "UNIT", value_parser = time_unit)]
    pub(crate) time_unit: Option<TimeUnit>,
    /// Date or instant of row counter 0 [default: 1970-01-01T00:00:00Z]
    #[arg(long, value_name = "T", value_parser = start)]
    pub(crate) start: Option<Start>,
    /// Zone of local stamps and of the dataset's days, such as Europe/London [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(crate) tz: Option<Zone>,
    /// Time between points, such as PT5M, PT1H or P1D [default: found in the data]
    #[arg(long, value_name = "STEP", value_parser = granularity)]
    pub(crate) granularity: Option<Granularity>,
    /// Refuse data in which the stamps of a series decrease
    #[arg(long)]
    pub(crate) in_order: bool,
    /// A column that is not read
    #[arg(long, value_name = "COLUMN")]
    pub(crate) ignore: Vec<String>,
    /// The column of a metric, where it is called otherwise
    #[arg(long, value_name = "NAME=COLUMN", value_parser = maybe_pair)]
    pub(crate) metric: Vec<(String, Option<String>)>,
    /// A column that is a dimension; those that the specification names are known already
    #[arg(long, value_name = "NAME[=COLUMN]", value_parser = maybe_pair)]
    pub(crate) dimension: Vec<(String, Option<String>)>,
    /// A dimension whose value is the name of the file without its endings
    #[arg(long, value_name = "NAME")]
    pub(crate) file_dimension: Option<String>,
    /// How rows of one bucket become one: sum, count, min, max, mean, median or last [default: sum]
    #[arg(long, value_name = "NAME", value_parser = aggregation)]
    pub(crate) aggregation: Option<Aggregation>,
    /// What becomes of empty buckets: leave, zero, carry:LIMIT or interpolate:LIMIT, the limit in
    /// buckets [default: leave]
    #[arg(long, value_name = "POLICY[:LIMIT]", value_parser = missing)]
    pub(crate) missing: Option<Missing>,
    /// The smallest value that is possible at all
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true, value_parser = bound)]
    pub(crate) min: Option<f64>,
    /// The largest value that is possible at all
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true, value_parser = bound)]
    pub(crate) max: Option<f64>,
    /// How long after its end a bucket may still get rows, such as PT2H [default: not at all]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) completeness_delay: Option<Duration>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

fn maybe_pair(text: &str) -> Result<(String, Option<String>), String> {
    match text.split_once('=') {
        None if !text.is_empty() => Ok((text.to_owned(), None)),
        _ => pair(text).map(|(name, value)| (name, Some(value))),
    }
}

pub(super) fn zone(text: &str) -> Result<Zone, FrameError> {
    text.parse()
}

fn granularity(text: &str) -> Result<Granularity, FrameError> {
    text.parse()
}

fn aggregation(text: &str) -> Result<Aggregation, FrameError> {
    text.parse()
}

fn time_unit(text: &str) -> Result<TimeUnit, FrameError> {
    text.parse()
}

fn layout(text: &str) -> Result<Layout, FrameError> {
    text.parse()
}

fn start(text: &str) -> Result<Start, StartError> {
    text.parse()
}

pub(super) fn duration(text: &str) -> Result<Duration, FrameError> {
    text.parse()
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        "," | ";" | "|" | "\t" => Ok(text.as_bytes()[0]),
        _ => Err("write one of , ; | or tab".to_owned()),
    }
}

fn bound(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| !number.is_nan());
    number.ok_or_else(|| "write a number, such as 0 or 99.5".to_owned())
}

/// `leave`, `zero`, `carry:3`, `interpolate:3`.
fn missing(text: &str) -> Result<Missing, String> {
    let (policy, limit) = match text.split_once(':') {
        Some((policy, limit)) => (policy, Some(limit)),
        None => (text, None),
    };
    let count = || match limit.map(str::parse) {
        Some(Ok(limit)) if limit > 0 => Ok(limit),
        _ => Err(format!(
            "write a limit in buckets from 1 after it, such as {policy}:3"
        )),
    };
    match (policy.to_ascii_lowercase().as_str(), limit) {
        ("leave", None) => Ok(Missing::Leave),
        ("zero", None) => Ok(Missing::Zero),
        ("leave" | "zero", Some(_)) => Err(format!("{policy} has no limit; write {policy} alone")),
        ("carry", _) => Ok(Missing::Carry { limit: count()? }),
        ("interpolate", _) => Ok(Missing::Interpolate { limit: count()? }),
        _ => Err("write leave, zero, carry:LIMIT or interpolate:LIMIT".to_owned()),
    }
}
