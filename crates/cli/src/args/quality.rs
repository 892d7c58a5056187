//! Commands that say how good a detection is.

use std::path::PathBuf;

use tuatara::frame::Duration;
use tuatara_backtest::inject::Injected;
use tuatara_backtest::{BacktestError, Budget};

use super::form::FigureFormat;
use super::input::{Input, duration};

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
