//! One file per command, and the run that several of them begin with.

pub(crate) mod check;
pub(crate) mod detect;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod points;

use tuatara::frame::Interval;
use tuatara::{Carry, Report};

use crate::args::Input;
use crate::data::{Loaded, on_threads};
use crate::failure::Failure;
use crate::progress::{Bar, Work};

/// Runs the detection over `interval`, on as many threads as asked for.
fn judge(
    input: &Input,
    loaded: &Loaded,
    interval: Interval,
    carry: Option<&Carry>,
) -> Result<Report, Failure> {
    let bar = Bar::new(Work::Slices, input.quiet);
    let (detection, frame) = (&loaded.detection, &loaded.frame);
    Ok(on_threads(input.threads, || {
        detection.run_watched(frame, interval, carry, &bar)
    })??)
}
