//! The command line. These names are public: they stay.

use std::fmt;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use tuatara::frame::files::{Layout, TimeUnit};
use tuatara::frame::{Aggregation, Duration, FrameError, Granularity, Missing, Zone};
#[cfg(feature = "train")]
use tuatara::neural::train::TrainingSettings;
use tuatara::spec::dataset::{Start, StartError};
use tuatara_backtest::inject::Injected;
use tuatara_backtest::{BacktestError, Budget};

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
    /// Say what detections would have told, and how good that was
    Backtest(Backtest),
    /// Say what another specification would have told instead
    Diff(Diff),
    /// Find the value of a setting that keeps to a budget of alerts
    Tune(Tune),
    /// Say which incidents would be told, and how soon, by putting them into the data
    Inject(Inject),
    /// Draw what was found, and what would have been
    Preview(Preview),
    /// Turn the knobs of a specification in a browser, and see what it would have found
    #[cfg(feature = "studio")]
    Studio(Studio),
    /// Write a synthetic dataset with its labels
    Generate(Generate),
    /// Write the JSON Schema of a kind of file, for editors, or the reference of all keys
    Schema(Schema),
    /// Say what a model of ALERTIGER_RULE is
    Model(ModelFile),
    /// Train a model for ALERTIGER_RULE
    #[cfg(feature = "train")]
    Train(Train),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Detections in YAML; - for standard input
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// Zone of the clock by which `cron` runs, such as Europe/London [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(crate) tz: Option<Zone>,
    /// List the runs of `cron` after this instant or local date [default: now]
    #[arg(long, value_name = "T")]
    pub(crate) from: Option<String>,
    /// Events in YAML or a table, to be checked, too; once for each file
    #[arg(long, value_name = "FILE")]
    pub(crate) calendar: Vec<PathBuf>,
}

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
    /// Write incidents, where the specification has a grouper, instead of anomalies
    #[arg(long)]
    pub(crate) incidents: bool,
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
    /// One JSON document
    Json,
}

/// Whose names the columns of points get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// ds, y, yhat, yhat_lower, yhat_upper
    Prophet,
    /// timestamp, for, y, yhat, yhat_lower, yhat_upper, anomaly_score
    Vmanomaly,
    /// As ML.DETECT_ANOMALIES writes them
    Bigquery,
    /// As DETECT_ANOMALIES writes them
    Snowflake,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prophet => "prophet",
            Self::Vmanomaly => "vmanomaly",
            Self::Bigquery => "bigquery",
            Self::Snowflake => "snowflake",
        })
    }
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
    /// Names and columns that users of another program expect
    #[arg(long, value_enum)]
    pub(crate) profile: Option<Profile>,
    /// The points of one rule only, by its name or name:TYPE
    #[arg(long, value_name = "NAME")]
    pub(crate) rule: Option<String>,
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

/// Form of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FigureFormat {
    /// Lines for people
    Table,
    /// One document
    Json,
    /// Comma-separated values with a header
    Csv,
}

/// What is known of the past.
#[derive(Debug, clap::Args)]
pub(crate) struct Labels {
    /// Incidents as start,end with a column for each dimension, or data with a label in each row; or
    /// the windows of NAB in JSON, of which each file is a series of its own
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: Option<PathBuf>,
    /// A column of the data that is 1 in incidents and 0 elsewhere
    #[arg(long, value_name = "COLUMN", conflicts_with = "labels")]
    pub(crate) label_column: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Files called .yaml or .yml among DATA are further specifications, which are \
    compared with the first. Of a folder each file is a series of its own."
)]
pub(crate) struct Backtest {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) known: Labels,
    /// Leave incidents of --labels out of training from this long after their end on, as if they were
    /// labelled then [default: labels never reach the engine]
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "labels")]
    pub(crate) learn_labels_after: Option<Duration>,
    /// Data arrive this long after the end of their bucket [default: as the data declare]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) arrival_delay: Option<Duration>,
    /// What chance is drawn from: the random contestant and the resamples of comparisons
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Exit status: 0 both tell the same, 1 they differ, 2 error.")]
pub(crate) struct Diff {
    /// The detection in YAML as it was; SPEC is what it is to be
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    #[command(flatten)]
    pub(crate) input: Input,
    /// Data arrive this long after the end of their bucket [default: as the data declare]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) arrival_delay: Option<Duration>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit status: 0 a value keeps to the budget, in the part held back, too; 1 none \
    does, or not there; 2 error."
)]
pub(crate) struct Tune {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The setting: drop.sensitivity by the name of a component, or from the top, such as
    /// rules[0].detection[0].params.sensitivity
    #[arg(long, value_name = "PATH")]
    pub(crate) param: String,
    /// The values to try: 0.1,0.2,0.5, or 0..10 for eleven, or 0..1/6 for six
    #[arg(long, value_name = "VALUES", allow_hyphen_values = true, value_parser = values)]
    pub(crate) values: Values,
    /// How many alerts are welcome: 2/week, 1/day, 6/month, or 1/month/series on each series
    #[arg(long, value_name = "N/UNIT", value_parser = budget)]
    pub(crate) budget: Budget,
    /// The last share of the time, on which the value is checked that was chosen before it
    #[arg(long, value_name = "SHARE", default_value = "0.3333", value_parser = share)]
    pub(crate) held_back: f64,
    #[command(flatten)]
    pub(crate) known: Labels,
    /// Data arrive this long after the end of their bucket [default: as the data declare]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) arrival_delay: Option<Duration>,
    /// Write the specification with the value that was found to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Inject {
    #[command(flatten)]
    pub(crate) input: Input,
    /// What is put in: spike=50%, drop=20%, zero, level=-10%, trend=5%/day, variance=200%, flat or gap;
    /// once for each [default: a drop of 20 % and of 50 %, zero, a spike of 50 %, a level of 20 %, flat
    /// and gap]
    #[arg(long, value_name = "SHAPE[=SIZE]", value_parser = incident)]
    pub(crate) incident: Vec<Injected>,
    /// How long an incident lasts; a level and a trend stay [default: twelve buckets]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) lasting: Option<Duration>,
    /// How long after its start it has to be told to count [default: as long as it lasts, and as its
    /// data are waited for]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) within: Option<Duration>,
    /// How many places are tried for each
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = trials)]
    pub(crate) trials: usize,
    /// What places are drawn from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) known: Labels,
    /// Data arrive this long after the end of their bucket [default: as the data declare]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) arrival_delay: Option<Duration>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Preview {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The page, one HTML file; - for standard output
    #[arg(long, short, value_name = "FILE", required_unless_present = "terminal")]
    pub(crate) output: Option<PathBuf>,
    /// Draw on the terminal, too, or instead of a page
    #[arg(long)]
    pub(crate) terminal: bool,
    /// Draw this many series at most, those with the gravest anomalies first
    #[arg(long, value_name = "N", default_value_t = tuatara_report::SERIES)]
    pub(crate) series: usize,
}

#[cfg(feature = "studio")]
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The address that is written has a secret in it: who does not know it gets nothing. \
    The page is served until the command is ended, and no file is written."
)]
pub(crate) struct Studio {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Another specification, with which SPEC is compared
    #[arg(long, value_name = "OTHER")]
    pub(crate) compare: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) known: Labels,
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// daily-revenue, five-minute-cpu, five-minute-latency, hourly-orders, hourly-sensors or
    /// hourly-visits
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Another draw of the same kind [default: that of the shipped files]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Folder for NAME.csv and NAME.labels.csv
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub(crate) output: PathBuf,
}

/// What a schema is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Described {
    /// A detection
    Detection,
    /// A subscription
    Subscription,
    /// A dataset file
    Dataset,
    /// A file of events
    Calendar,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// What the schema is of
    #[arg(value_enum, value_name = "KIND", default_value_t = Described::Detection)]
    pub(crate) of: Described,
    /// Write the page of all keys and parameters, in Markdown, instead
    #[arg(long, conflicts_with = "of")]
    pub(crate) reference: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ModelFile {
    /// A file that `tuatara train` wrote, or pretrained for the one that comes with the program
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
}

#[cfg(feature = "train")]
#[derive(Debug, clap::Args)]
pub(crate) struct Train {
    /// Data of one's own to learn from beside made-up series: every metric of every slice
    #[arg(value_name = "DATA")]
    pub(crate) data: Vec<PathBuf>,
    /// The incidents in DATA: a table with start, end and maybe dimensions
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: Option<PathBuf>,
    /// The model file to write
    #[arg(long, short, value_name = "MODEL")]
    pub(crate) output: PathBuf,
    /// The losses of each epoch: a picture where it ends in .svg, else a table
    #[arg(long, value_name = "FILE")]
    pub(crate) curve: Option<PathBuf>,
    /// What the model is to be called
    #[arg(long, value_name = "NAME", default_value = "unnamed")]
    pub(crate) name: String,
    /// What everything random comes from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Epochs at most for each of the two networks
    #[arg(long, value_name = "N", default_value_t = TrainingSettings::default().epochs)]
    pub(crate) epochs: u32,
    /// Daily series drawn for each epoch; hourly and weekly ones come on top
    #[arg(long, value_name = "N", default_value_t = TrainingSettings::default().series)]
    pub(crate) series: u32,
    /// Quantile levels above the median, growing; the last is the band
    #[arg(
        long,
        value_name = "LEVEL",
        value_delimiter = ',',
        default_value = "0.995"
    )]
    pub(crate) levels: Vec<f64>,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
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

fn layout(text: &str) -> Result<Layout, FrameError> {
    text.parse()
}

fn start(text: &str) -> Result<Start, StartError> {
    text.parse()
}

fn duration(text: &str) -> Result<Duration, FrameError> {
    text.parse()
}

/// Values to try, as they are written.
#[derive(Debug, Clone)]
pub(crate) struct Values(pub(crate) Vec<String>);

fn values(text: &str) -> Result<Values, BacktestError> {
    tuatara_backtest::values(text).map(Values)
}

fn incident(text: &str) -> Result<Injected, BacktestError> {
    text.parse()
}

fn trials(text: &str) -> Result<usize, String> {
    let count = text
        .parse()
        .ok()
        .filter(|count| (1..=100_000).contains(count));
    count.ok_or_else(|| "write a whole number from 1 to 100000".to_owned())
}

fn budget(text: &str) -> Result<Budget, BacktestError> {
    text.parse()
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|share| (0.0..1.0).contains(share));
    let number = number.filter(|share: &f64| *share > 0.0);
    number.ok_or_else(|| "write a share above 0 and below 1, such as 0.25".to_owned())
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
