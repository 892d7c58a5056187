//! From local times to instants, across changes of the clock.
//!
//! The search goes from stretch to stretch of constant offset. Clock changes are at least six days
//! apart, so within a day there is one at most, which bisecting finds; stretches without a run are
//! left out by the calendar, up to three days before the next local time that fits, which is more
//! than offsets ever differ.

use tuatara_frame::{Instant, NaiveDateTime, Resolved, Zone};

use super::Schedule;

const SECOND: i64 = 1000;
const DAY: i64 = 24 * 3600 * SECOND;
/// More than a day and twice the largest offset.
const MARGIN: i64 = 3 * DAY;

pub(super) fn next_after(schedule: &Schedule, after: Instant, zone: Zone) -> Option<Instant> {
    let mut at = Instant::from_millis(after.millis().div_euclid(SECOND) * SECOND).ok()?;
    // The first run may lie so far after `at`; at first `at` itself is out of the question.
    let mut least = SECOND;
    loop {
        let end = Instant::from_millis(at.millis() + DAY).ok()?;
        let change = (zone.offset_millis(end) != zone.offset_millis(at))
            .then(|| first_change(zone, at, end));
        let here = zone.local(at);
        let label = schedule.next_label(here + chrono::TimeDelta::milliseconds(least));
        let wait = label.map(|label| (label - here).num_milliseconds());
        least = 0;

        let until = change.unwrap_or(end);
        if let (Some(label), Some(wait)) = (label, wait)
            && at.millis() + wait < until.millis()
        {
            let found = Instant::from_millis(at.millis() + wait).ok()?;
            match end_of_repetition(schedule, found, label, zone) {
                Some(end) => at = end,
                None => return Some(found),
            }
            continue;
        }
        at = match (change, wait) {
            (Some(change), _) => {
                let is_skipped = |label: NaiveDateTime| label < zone.local(change);
                if !schedule.has_every_hour() && label.is_some_and(is_skipped) {
                    return Some(change);
                }
                change
            }
            (None, Some(wait)) => {
                Instant::from_millis(end.millis().max(at.millis() + wait - MARGIN)).ok()?
            }
            (None, None) => return None,
        };
    }
}

/// Where the clock has repeated all it had shown before, if `found` has the `label` of a run that
/// was in the first of the two.
fn end_of_repetition(
    schedule: &Schedule,
    found: Instant,
    label: NaiveDateTime,
    zone: Zone,
) -> Option<Instant> {
    if schedule.has_every_hour() {
        return None;
    }
    match zone.resolve(label) {
        Resolved::Doubled { earlier, later } if found == later => {
            let change = first_change(zone, earlier, later);
            Instant::from_millis(change.millis() + (later.millis() - earlier.millis())).ok()
        }
        _ => None,
    }
}

/// The first instant with the offset of `to`, which differs from that of `from`; whole seconds.
fn first_change(zone: Zone, from: Instant, to: Instant) -> Instant {
    let before = zone.offset_millis(from);
    let (mut last, mut first) = (from.millis() / SECOND, to.millis() / SECOND);
    let at = |seconds: i64| {
        Instant::from_millis(seconds * SECOND)
            .expect("invariant: between two instants of whole seconds")
    };
    while first - last > 1 {
        let middle = last + (first - last) / 2;
        match zone.offset_millis(at(middle)) == before {
            true => last = middle,
            false => first = middle,
        }
    }
    at(first)
}
