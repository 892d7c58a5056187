//! Why did my alert fire after every clock change, and why does it not here?
//!
//! Visits to three sites, by the hour of UTC, over the clock changes of spring and autumn. People
//! come by the clock on the wall, so a week ago at the same time is 168 hours ago, except across a
//! change: then it is 167 or 169. The same detection runs twice over each site, once in the zone of
//! its visitors and once as if everything were UTC.

mod planted;

use std::error::Error;
use std::path::Path;

use planted::Outcome;
use tuatara::frame::files::{self, Layout, ReadOptions};
use tuatara::frame::{Frame, Instant, Lag, Metric, TimeAxis, Zone};
use tuatara::{Detection, Report};
use tuatara_synth::{SEED, hourly_visits};

/// A site, the zone of its visitors, and an early hour there on the Monday after a change.
const SITES: [(&str, &str, &str); 3] = [
    ("los_angeles", "America/Los_Angeles", "2026-11-02T15:00:00Z"),
    ("london", "Europe/London", "2026-10-26T07:00:00Z"),
    ("kathmandu", "Asia/Kathmandu", "2026-10-26T02:00:00Z"),
];

/// One column of the file, read as living in `zone`.
fn read(site: &str, zone: Zone) -> Result<Frame, Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut options = ReadOptions::new()
        .layout(Layout::Wide)
        .metric(Metric::new("visits"))
        .zone(zone);
    for (other, ..) in SITES.iter().filter(|(other, ..)| *other != site) {
        options = options.ignore(*other);
    }
    Ok(files::read_path(
        here.join("../datasets/hourly-visits.csv"),
        &options,
    )?)
}

/// Prints when a week is not 168 hours.
fn print_uneven_weeks(frame: &Frame, report: &Report) -> Result<(), Box<dyn Error>> {
    let zone = frame.zone();
    let axis = TimeAxis::covering("PT1H".parse()?, zone, report.interval())?;
    let plan = axis.lag_plan("1w".parse::<Lag>()?, 0..axis.len());
    let mut is_even = true;
    for run in plan.runs.iter().filter(|run| run.shift != Some(168)) {
        is_even = false;
        let local = |i: usize| zone.local(axis.start(i));
        let (from, until) = (local(run.start), local(run.end));
        match run.shift {
            Some(hours) => println!("  from {from} to {until} a week is {hours} hours"),
            None => println!("  from {from} to {until} there was no such time a week ago"),
        }
    }
    if is_even {
        println!("  a week is 168 hours, always");
    }
    Ok(())
}

/// Prints what the hour at `at` was compared with.
fn print_comparison(report: &Report, frame: &Frame, at: Instant) -> Result<(), Box<dyn Error>> {
    let why = &report.explain(report.slices()[0].key(), at)?[0];
    let lag = why.facts.first().map(ToString::to_string);
    println!(
        "  {} with {}",
        frame.zone().local(at),
        lag.unwrap_or_default()
    );
    println!("    {}", why.headline());
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = Detection::from_yaml(&std::fs::read_to_string(here.join("visits.yaml"))?)?;
    let dataset = hourly_visits(SEED)?;
    let mut is_right = true;
    for (site, zone, hour) in SITES {
        for zone in [zone.parse::<Zone>()?, Zone::UTC] {
            println!("{site} by the clock of {zone}");
            let frame = read(site, zone)?;
            let report = detection.run(&frame, detection.extent(&frame)?)?;
            let outcome = Outcome::of(&dataset, &report)?;
            print_uneven_weeks(&frame, &report)?;
            print_comparison(&report, &frame, hour.parse()?)?;
            let (found, extra) = (outcome.found(), outcome.extra.len());
            println!("  {found} of 2 incidents found, {extra} false alarms");
            is_right &= zone == Zone::UTC || (found == 2 && extra == 0);
        }
    }
    if !is_right {
        return Err("an incident was missed, or the clock change looked like one".into());
    }
    Ok(())
}
