//! One file per command, and the run that several of them begin with.

pub(crate) mod backtest;
pub(crate) mod check;
pub(crate) mod detect;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod inject;
pub(crate) mod model;
pub(crate) mod points;
pub(crate) mod preview;
pub(crate) mod schema;
#[cfg(feature = "studio")]
pub(crate) mod studio;
#[cfg(feature = "train")]
pub(crate) mod train;
pub(crate) mod tune;

use std::path::PathBuf;

use tuatara::frame::{Duration, FrameError, Interval};
use tuatara::spec::dataset::DatasetSpec;
use tuatara::{Carry, Error, Report};
use tuatara_backtest::Ran;

use crate::args::Input;
use crate::data::{self, Loaded, on_threads};
use crate::failure::Failure;
use crate::progress::{Bar, Work};

/// Reads the specification and the data; an empty range is told with the flags that made it.
fn load(input: &Input) -> Result<Loaded, Failure> {
    load_with(input, &DatasetSpec::new(), &[])
}

/// [`load`] of data of which `more` is declared, too, where the command has the specifications
/// `beside` that of `input`.
fn load_with(input: &Input, more: &DatasetSpec, beside: &[PathBuf]) -> Result<Loaded, Failure> {
    data::load_with(input, more, beside).map_err(|failure| match failure {
        Failure::Library(Error::Frame(error @ FrameError::BadRange { .. })) => {
            let columns = &input.columns;
            let of = match (columns.min, columns.max) {
                (Some(_), Some(_)) => "--min and --max: ",
                (Some(_), None) => "--min, with the `max` of the dataset file: ",
                (None, Some(_)) => "--max, with the `min` of the dataset file: ",
                (None, None) => "",
            };
            Failure::said(format!("{of}{error}"))
        }
        other => other,
    })
}

/// Runs the detection over `history` as of when its data had arrived, `arrival` after their
/// buckets or later, on as many threads as asked for.
fn judge_history(
    input: &Input,
    loaded: &Loaded,
    history: Interval,
    arrival: Duration,
) -> Result<Ran, Failure> {
    let bar = Bar::new(Work::Slices, input.quiet);
    let source = loaded.source()?;
    Ok(on_threads(input.threads, || {
        Ran::over(&loaded.detection, &source, history, arrival, Some(&bar))
    })??)
}

/// Runs the detection over `interval`, on as many threads as asked for.
fn judge(
    input: &Input,
    loaded: &Loaded,
    interval: Interval,
    carry: Option<&Carry>,
) -> Result<Report, Failure> {
    let bar = Bar::new(Work::Slices, input.quiet);
    let source = loaded.source()?;
    Ok(on_threads(input.threads, || {
        let detection = &loaded.detection;
        detection.run_watched(&source, interval, carry, &bar)
    })??)
}
