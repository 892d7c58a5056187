//! The command line. These names are public: they stay.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use tuatara::frame::files::TimeUnit;
use tuatara::frame::{Aggregation, FrameError, Granularity, Zone};

/// Finds anomalies in time series, says why, and stays quiet otherwise.
#[derive(Debug, Parser)]
#[command(
    name = "tuatara",
    version,
    after_help = "Exit status: 0 nothing found, 1 anomalies found, 2 error."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read specifications and say what is wrong with them
    Check(Check),
    /// Find anomalies
    Detect(Detect),
    /// Write one row per slice, rule and bucket
    Points(Points),
    /// Say what was made of one instant, and why
    Explain(Explain),
    /// Write a synthetic dataset with its labels
    Generate(Generate),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Detections in YAML; - for standard input
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
}

/// What to run over what.
#[derive(Debug, clap::Args)]
pub(crate) struct Input {
    /// The detection in YAML; - for standard input
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
    /// Long CSV files, plain or gzip; - for standard input. With several, the dataset of the
    /// specification names the one to read
    #[arg(value_name = "DATA")]
    pub(crate) data: Vec<PathBuf>,
    /// A dataset by name, as an alternative to DATA
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    pub(crate) dataset: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) columns: Columns,
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

/// Which column is what, and how to read it.
#[derive(Debug, clap::Args)]
pub(crate) struct Columns {
    /// The column with the time [default: timestamp, time, ts, ds, date, datetime or timestamp_ms]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) time: Option<String>,
    /// The column of a metric, where it is called otherwise
    #[arg(long, value_name = "NAME=COLUMN", value_parser = maybe_pair)]
    pub(crate) metric: Vec<(String, Option<String>)>,
    /// A column that is a dimension; those that the specification names are known already
    #[arg(long, value_name = "NAME[=COLUMN]", value_parser = maybe_pair)]
    pub(crate) dimension: Vec<(String, Option<String>)>,
    /// Zone of local stamps and of the dataset's days, such as Europe/London [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(crate) tz: Option<Zone>,
    /// Time between points, such as PT5M, PT1H or P1D [default: found in the data]
    #[arg(long, value_name = "STEP", value_parser = granularity)]
    pub(crate) granularity: Option<Granularity>,
    /// How rows of one bucket become one: sum, count, min, max or mean
    #[arg(long, value_name = "NAME", default_value = "sum", value_parser = aggregation)]
    pub(crate) aggregation: Aggregation,
    /// Unit of numbers in the time column: s, ms, us or ns
    #[arg(long, value_name = "UNIT", value_parser = time_unit)]
    pub(crate) time_unit: Option<TimeUnit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people
    Table,
    /// One document
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Detect {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Go on from this file and keep it up to date; writes events (implies --events), and the
    /// outputs of adjoining runs, joined, are those of one run
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Write what happened (opened, extended, rescored, closed, retracted) instead of anomalies
    #[arg(long)]
    pub(crate) events: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// Every bucket of the grid, in order of slice, rule and time
    Grid,
    /// Every row of the file, in its order; rows of one bucket share a verdict
    Input,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PointsFormat {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object a line
    Ndjson,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Points {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Add the detector's own columns
    #[arg(long)]
    pub(crate) internals: bool,
    /// Which rows to write
    #[arg(long, value_enum, default_value_t = Rows::Grid)]
    pub(crate) rows: Rows,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = PointsFormat::Csv)]
    pub(crate) format: PointsFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The instant: 2026-03-01T10:00:00Z, or local to the zone: 2026-03-01T10:00 or 2026-03-01
    #[arg(long, value_name = "T")]
    pub(crate) at: String,
    /// The slice, as in revenue{country=US}; needed when there are several
    #[arg(long, value_name = "SLICE")]
    pub(crate) slice: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// daily-revenue or hourly-orders
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Another draw of the same kind [default: that of the shipped files]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Folder for NAME.csv and NAME.labels.csv
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub(crate) output: PathBuf,
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

fn zone(text: &str) -> Result<Zone, FrameError> {
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
