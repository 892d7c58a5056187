//! The stretch of time that a run judges, as a person writes it.

use chrono::{NaiveDate, NaiveDateTime};
use tuatara::frame::{Instant, Interval, Profile, Resolved, Zone};

use crate::args::Input;
use crate::failure::Failure;

/// The interval that `--since` and `--until` ask for; by default all there is, from `from` on.
pub(crate) fn interval(
    input: &Input,
    profile: &Profile,
    from: Option<Instant>,
) -> Result<Interval, Failure> {
    let read = |flag: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => instant(flag, text, profile.zone).map(Some),
    };
    let since = read("--since", &input.since)?;
    let until = read("--until", &input.until)?;
    let start = since.or(from).unwrap_or(profile.extent.start());
    let end = until.unwrap_or(profile.extent.end());
    if start > end && until.is_none() && since.is_none() {
        // The data end before the state does: there is nothing new.
        return Ok(Interval::new(start, start)?);
    }
    if start > end && since.is_none() && from.is_some() {
        return Err(Failure::said(format!(
            "the state ends at {start}, so a run cannot end at {end}; \
             choose --until after it, or start anew without the state"
        )));
    }
    if start > end && until.is_none() {
        return Err(Failure::said(format!(
            "the data end at {end}, so a run cannot start at {start}; choose --since before that"
        )));
    }
    if start > end {
        return Err(Failure::said(format!(
            "the run would start at {start} and end at {end}; \
             the data reach from {} to {}, so choose --since and --until in that order",
            profile.extent.start(),
            profile.extent.end()
        )));
    }
    Ok(Interval::new(start, end)?)
}

/// An instant with its offset, or a local time or date of `zone`.
pub(crate) fn instant(flag: &str, text: &str, zone: Zone) -> Result<Instant, Failure> {
    if let Ok(instant) = text.parse() {
        return Ok(instant);
    }
    let place = zone.name();
    if let Ok(date) = text.parse::<NaiveDate>() {
        return zone.start_of_day(date).ok_or_else(|| {
            Failure::said(format!("{flag} {text} lies outside the years 1 to 9999"))
        });
    }
    let forms = [
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
    ];
    let local = forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    match local.map(|local| zone.resolve(local)) {
        Some(Resolved::Unique(instant)) => Ok(instant),
        Some(Resolved::Doubled { earlier, later }) => Err(Failure::said(format!(
            "{flag} {text} comes twice in {place}, as clocks go back; write {earlier} or {later}"
        ))),
        Some(Resolved::Skipped { next }) => Err(Failure::said(format!(
            "{flag} {text} does not exist in {place}, as clocks go forward; the next is {next}"
        ))),
        _ => Err(Failure::said(format!(
            "{flag} {text} is no instant; allowed: 2026-03-01T10:00:00Z, \
             or in {place}: 2026-03-01T10:00 or 2026-03-01"
        ))),
    }
}
