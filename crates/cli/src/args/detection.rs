//! Commands that read, run and draw a detection.

use std::path::PathBuf;

use tuatara::frame::Zone;

use super::form::{Format, PointsFormat, Profile, Rows};
use super::input::{Input, zone};
#[cfg(feature = "studio")]
use super::quality::Labels;

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
