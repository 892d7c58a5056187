//! `tuatara detect`: find anomalies.

use std::io::{self, IsTerminal, Write};

use tuatara::Report;
use tuatara::merge::Incident;
use tuatara_report::Page;

use crate::Found;
use crate::args::{Detect, Format};
use crate::commands::preview::ink;
use crate::commands::{judge, load};
use crate::data::{Loaded, interval};
use crate::failure::Failure;
use crate::output::{Head, Printer};
use crate::state::State;
use crate::summary::summary;

pub(crate) fn run(args: &Detect, out: &mut dyn Write) -> Result<Found, Failure> {
    let state = args.state.as_deref().map(State::read).transpose()?;
    let carry = state.as_ref().and_then(State::carry);
    let loaded = load(&args.input)?;
    let from = carry.map(tuatara::Carry::until);
    let gathers = loaded.detection.gathers();
    if args.incidents && !gathers {
        return Err(Failure::said(
            "--incidents writes what a grouper gathers, and the specification has none; add \
             `grouper: { type: INCIDENT_GROUPER }` to it, or leave --incidents out",
        ));
    }
    let interval = interval(&args.input, &loaded.profile, from)?;
    let report = judge(&args.input, &loaded, interval, carry)?;
    let head = Head {
        report: &report,
        zone: loaded.profile.zone,
        granularity: loaded.finest(),
    };
    let events = args.events || args.state.is_some();
    if args.format == Format::Table && !events {
        charts(&report, &loaded, out)?;
    }
    // What is told is told once.
    if let Some(state) = &state {
        state.check()?;
    }
    // Later runs go on where this one ended: their output is appended.
    let printer = Printer::new(head, carry.is_none());
    // For people, incidents are what there is to know.
    let incidents = args.incidents || gathers && args.format == Format::Table;
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
    match (state, written) {
        (Some(state), Ok(())) => state.write(report.carry())?,
        (Some(state), Err(failure)) if failure.is_closed_output() => {
            return Err(Failure::said(format!(
                "standard output was closed before everything was written; {} stays as it was, \
                 so that the next run says it again",
                state.path().display()
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
                && report.of_quality().all(|anomaly| anomaly.is_suppressed())
        }
        false => report.anomalies().len() == report.suppressed(),
    };
    Ok(match is_quiet {
        true => Found::Nothing,
        false => Found::Anomalies,
    })
}

/// Series of which a terminal shows a chart.
const CHARTS: usize = 5;

/// On a terminal, what was found is seen before it is read.
fn charts(report: &Report, loaded: &Loaded, out: &mut dyn Write) -> Result<(), Failure> {
    if !io::stdout().is_terminal() {
        return Ok(());
    }
    let page = Page::of(report).zone(loaded.profile.zone).series(CHARTS);
    let drawn = page.charts(ink());
    if !drawn.is_empty() {
        writeln!(out, "{drawn}")?;
    }
    Ok(())
}
