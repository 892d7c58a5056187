//! Commands that write and describe files of the project's own.

use std::path::PathBuf;

use clap::ValueEnum;
#[cfg(feature = "train")]
use tuatara::neural::train::TrainingSettings;

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
