//! `tuatara detect`: find anomalies.

use std::io::Write;

use tuatara::core::Anomaly;
use tuatara::merge::Incident;

use crate::Found;
use crate::args::{Detect, Format};
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
    let gathers = loaded.detection.gathers();
    if args.incidents && !gathers {
        return Err(Failure::said(
            "--incidents writes what a grouper gathers, and the specification has none; add \
             `grouper: { type: INCIDENT_GROUPER }` to it, or leave --incidents out",
        ));
    }
    let interval = interval(&args.input, &loaded.profile, from)?;
    let report = judge(&args.input, &loaded, interval, carry.as_ref())?;
    let head = Head {
        report: &report,
        zone: loaded.profile.zone,
        granularity: loaded.finest(),
    };
    // Later runs go on where this one ended: their output is appended.
    let printer = Printer::new(head, carry.is_none());
    // For people, incidents are what there is to know.
    let incidents = args.incidents || gathers && args.format == Format::Table;
    let events = args.events || args.state.is_some();
    let written = match (incidents, events) {
        (true, true) => printer.incident_events(args.format, out),
        (true, false) => printer.incidents(args.format, out),
        (false, true) => printer.events(args.format, out),
        (false, false) => printer.anomalies(args.format, out),
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
    let is_quiet = match gathers {
        true => {
            report.incidents().iter().all(Incident::is_suppressed)
                && report.of_quality().all(Anomaly::is_suppressed)
        }
        false => report.anomalies().len() == report.suppressed(),
    };
    Ok(match is_quiet {
        true => Found::Nothing,
        false => Found::Anomalies,
    })
}
