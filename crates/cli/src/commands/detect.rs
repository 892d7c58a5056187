//! `tuatara detect`: find anomalies.

use std::io::Write;

use tuatara::Report;

use crate::Found;
use crate::args::Detect;
use crate::data::{Loaded, interval, load, on_threads};
use crate::failure::Failure;
use crate::output::Printer;
use crate::state;

pub(crate) fn run(args: &Detect, out: &mut dyn Write) -> Result<Found, Failure> {
    let carry = match &args.state {
        Some(path) => state::read(path)?,
        None => None,
    };
    let loaded = load(&args.input)?;
    let from = carry.as_ref().map(tuatara::Carry::until);
    let interval = interval(&args.input, &loaded.profile, from)?;
    let Loaded {
        detection,
        frame,
        profile,
    } = &loaded;
    let report = on_threads(args.input.threads, || match &carry {
        Some(carry) => detection.run_with(frame, interval, carry),
        None => detection.run(frame, interval),
    })??;
    let printer = Printer {
        report: &report,
        zone: profile.zone,
        civil: profile.granularity.is_civil(),
        // Later runs go on where this one ended: their output is appended.
        header: carry.is_none(),
    };
    if args.events || args.state.is_some() {
        printer.events(args.format, out)?;
    } else {
        printer.anomalies(args.format, out)?;
    }
    if !args.input.quiet {
        summary(&report);
    }
    if let Some(path) = &args.state {
        out.flush()?;
        state::write(path, report.carry())?;
    }
    Ok(match report.anomalies() {
        [] => Found::Nothing,
        _ => Found::Anomalies,
    })
}

fn summary(report: &Report) {
    let removed: Vec<String> = report
        .removed_by()
        .into_iter()
        .map(|(filter, count)| format!("{filter} removed {count}"))
        .collect();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (anomalies, slices) = (report.anomalies().len(), report.slices().len());
    let span = report.interval();
    eprintln!(
        "note: {anomalies} anomal{} in {slices} slice{} from {} to {}{}{}",
        if anomalies == 1 { "y" } else { "ies" },
        plural(slices),
        span.start(),
        span.end(),
        if removed.is_empty() { "" } else { "; " },
        removed.join(", ")
    );
    let mut untidy = report
        .slices()
        .iter()
        .flat_map(|slice| {
            slice
                .rules()
                .iter()
                .take(1)
                .map(|rule| (slice.key(), slice.regularised(rule)))
        })
        .filter(|(_, report)| !report.is_clean());
    if let Some((slice, said)) = untidy.next() {
        let more = match untidy.count() {
            0 => String::new(),
            count => format!(" (and {count} more slice{})", plural(count)),
        };
        eprintln!("note: {slice}: {said}{more}");
    }
}
