//! `tuatara check`: what is wrong with a specification, and when it runs.

use std::io::Write;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::TimeDelta;
use tuatara::frame::{Instant, Zone};
use tuatara::spec::Schedule;
use tuatara::{Detection, files};

use crate::Found;
use crate::args::Check;
use crate::data::{instant, read_checked};
use crate::failure::Failure;
use crate::say::say;

/// How many runs of a schedule are listed.
const LISTED: usize = 3;

/// Reads every specification, so that one pass shows all errors.
pub(crate) fn run(args: &Check, out: &mut dyn Write) -> Result<Found, Failure> {
    let zone = args.tz.unwrap_or_default();
    let from = match &args.from {
        Some(text) => instant("--from", text, zone)?,
        None => now()?,
    };
    let mut refused = 0;
    for path in &args.calendar {
        match check_calendar(path, out) {
            Err(failure @ Failure::Output(_)) => return Err(failure),
            Err(failure) => {
                refused += 1;
                say(failure.text());
            }
            Ok(()) => {}
        }
    }
    for path in &args.specs {
        if let Err(failure) = check(path, zone, from, out) {
            if matches!(failure, Failure::Output(_)) {
                return Err(failure);
            }
            refused += 1;
            say(failure.text());
        }
    }
    if refused == 0 {
        return Ok(Found::Nothing);
    }
    let (specs, calendars) = (args.specs.len(), args.calendar.len());
    let of = match calendars {
        0 => format!("{specs} specifications"),
        _ => format!("{} files", specs + calendars),
    };
    Err(Failure::said(format!("{refused} of {of} cannot be used")))
}

fn check_calendar(path: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let (calendar, diagnosis) = files::read_calendar(path)?;
    if !diagnosis.is_empty() {
        say(&diagnosis);
    }
    let events = calendar.events().len();
    let plural = if events == 1 { "" } else { "s" };
    let holidays: Vec<String> = calendar.holidays().map(|c| c.to_string()).collect();
    let holidays = match &holidays[..] {
        [] => String::new(),
        some => format!(", holidays of {}", some.join(", ")),
    };
    let name = path.display();
    writeln!(out, "{name}: ok: {events} event{plural}{holidays}")?;
    Ok(())
}

fn check(path: &Path, zone: Zone, from: Instant, out: &mut dyn Write) -> Result<(), Failure> {
    let checked = read_checked(path)?;
    let schedule = checked.spec.schedule.as_ref().map(|s| s.value.clone());
    let detection = Detection::from_spec(checked.spec)?;
    if !checked.diagnosis.is_empty() {
        say(&checked.diagnosis);
    }
    let rules: Vec<&str> = detection.rule_names().collect();
    let name = path.display();
    writeln!(
        out,
        "{name}: ok: {:?} on {} with {}",
        detection.name(),
        detection.metric(),
        rules.join(", ")
    )?;
    if let Some(schedule) = schedule {
        let runs = next_runs(&schedule, zone, from);
        writeln!(out, "{name}: cron {schedule} in {zone}: {runs}")?;
    }
    Ok(())
}

/// The next runs by the local clock, each with what that is ahead of UTC.
fn next_runs(schedule: &Schedule, zone: Zone, from: Instant) -> String {
    let after = |last: &Instant| schedule.next_after(*last, zone);
    let runs: Vec<String> = std::iter::successors(after(&from), after)
        .take(LISTED)
        .map(|run| stamp(run, zone))
        .collect();
    match runs.is_empty() {
        true => format!("no run after {}", stamp(from, zone)),
        false => format!("next runs {}", runs.join(", ")),
    }
}

/// RFC 3339 with the offset of the local clock.
fn stamp(instant: Instant, zone: Zone) -> String {
    let offset = TimeDelta::milliseconds(zone.offset_millis(instant));
    let local = zone.local(instant).format("%Y-%m-%dT%H:%M:%S");
    let sign = if offset < TimeDelta::zero() { '-' } else { '+' };
    let minutes = offset.abs().num_minutes();
    match minutes {
        0 => format!("{local}Z"),
        _ => format!("{local}{sign}{:02}:{:02}", minutes / 60, minutes % 60),
    }
}

/// The present time; nothing but the list of runs depends on it.
fn now() -> Result<Instant, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    since
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .and_then(|millis| Instant::from_millis(millis).ok())
        .ok_or_else(|| {
            Failure::said("the clock of this machine is not in the years 1970 to 9999; give --from")
        })
}
