//! `tuatara detect`: find anomalies.

use std::io::Write;

use crate::Found;
use crate::args::Detect;
use crate::commands::{judge, load};
use crate::data::interval;
use crate::failure::Failure;
use crate::output::{Head, Printer};
use crate::state;
use crate::summary::summary;

pub(crate) fn run(args: &Detect, out: &mut dyn Write) -> Result<Found, Failure> {
    let carry = match &args.state {
        Some(path) => state::read(path)?,
        None => None,
    };
    let loaded = load(&args.input)?;
    let from = carry.as_ref().map(tuatara::Carry::until);
    let interval = interval(&args.input, &loaded.profile, from)?;
    let report = judge(&args.input, &loaded, interval, carry.as_ref())?;
    let head = Head {
        report: &report,
        zone: loaded.profile.zone,
        granularity: loaded.profile.granularity,
    };
    // Later runs go on where this one ended: their output is appended.
    let printer = Printer::new(head, carry.is_none());
    let written = if args.events || args.state.is_some() {
        printer.events(args.format, out)
    } else {
        printer.anomalies(args.format, out)
    };
    let written = written.and_then(|()| out.flush()).map_err(Failure::from);
    if !args.input.quiet {
        summary(&report, &loaded)?;
    }
    match (&args.state, written) {
        (Some(path), Ok(())) => state::write(path, report.carry())?,
        (Some(path), Err(failure)) if failure.is_closed_output() => {
            return Err(Failure::said(format!(
                "standard output was closed before everything was written; {} stays as it was, \
                 so that the next run says it again",
                path.display()
            )));
        }
        // Whoever reads has read enough.
        (None, Err(failure)) if failure.is_closed_output() => {}
        (_, written) => written?,
    }
    // What was to be expected is no reason to act.
    Ok(match report.anomalies().len() == report.suppressed() {
        true => Found::Nothing,
        false => Found::Anomalies,
    })
}
