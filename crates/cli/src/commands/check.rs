//! `tuatara check`: what is wrong with a specification, and when it runs.

mod subscription;

use std::io::Write;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::TimeDelta;
use tuatara::frame::{Instant, Zone};
use tuatara::spec::Schedule;
use tuatara::spec::subscription::SubscriptionSpec;
use tuatara::{Detection, files};

use self::subscription::Group;
use crate::Found;
use crate::args::Check;
use crate::data::{checked, instant, read_text};
use crate::failure::Failure;
use crate::output::metrics;
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
    let (mut detections, mut groups) = (Vec::new(), Vec::new());
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
        match check(path, zone, from, out) {
            Ok(Checked::Detection(name)) => detections.push(name),
            Ok(Checked::Subscription(group)) => groups.push(group),
            Err(failure @ Failure::Output(_)) => return Err(failure),
            Err(failure) => {
                refused += 1;
                say(failure.text());
            }
        }
    }
    if refused == 0 {
        // Subscriptions on their own may be about detections that live elsewhere.
        if !detections.is_empty() {
            groups
                .into_iter()
                .for_each(|group| group.compare(&detections));
        }
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

/// A specification that can be used.
enum Checked {
    /// The name of a detection.
    Detection(String),
    Subscription(Group),
}

fn check(path: &Path, zone: Zone, from: Instant, out: &mut dyn Write) -> Result<Checked, Failure> {
    let text = read_text(path)?;
    if SubscriptionSpec::recognises(&text) {
        let group = subscription::check(text, path, zone, from, out)?;
        return Ok(Checked::Subscription(group));
    }
    let checked = checked(&text, path)?;
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
        metrics(&detection),
        rules.join(", ")
    )?;
    if let Some(schedule) = schedule {
        let runs = next_runs(&schedule, zone, from);
        writeln!(out, "{name}: cron {schedule} in {zone}: {runs}")?;
    }
    Ok(Checked::Detection(detection.name().to_owned()))
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
