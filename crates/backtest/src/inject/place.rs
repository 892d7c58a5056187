//! Where incidents are put.

use tuatara::frame::{Duration, Instant, Interval, SliceKey, Source, TimeAxis};
use tuatara_synth::draw::Draw;

use crate::known::Gridded;
use crate::ran::dataset;
use crate::{Known, Ran, Result};

/// A bucket of a slice at which an incident may begin.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) slice: SliceKey,
    pub(super) start: Instant,
}

/// How long a trial is, and how far it keeps from what was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// From the start of the incident to the end of the trial.
    pub(super) trial: Duration,
    /// Before and behind it.
    pub(super) apart: Duration,
}

/// Every place with room: in slice order, then in order of time.
///
/// # Errors
/// Those of the labels.
pub(super) fn places(
    ran: &Ran,
    source: &dyn Source,
    known: &Known,
    room: Room,
) -> Result<Vec<Place>> {
    let report = ran.report();
    let mut places: Vec<Place> = Vec::new();
    let parts = report.detection().parts();
    let tried = report
        .slices()
        .iter()
        .filter(|slice| slice.part() == 0 && !parts[0].is_of_quality());
    let tried: Vec<_> = tried.collect();
    let keys: Vec<&SliceKey> = tried.iter().map(|slice| slice.key()).collect();
    known.check_slices("the data", keys.len())?;
    known.check_dimensions(&keys)?;
    for slice in tried {
        let of_slice = report.anomalies().iter().chain(report.removed());
        let of_slice = of_slice.filter(|anomaly| anomaly.slice == *slice.key());
        let mut taken: Vec<Interval> = of_slice.map(|anomaly| anomaly.interval).collect();
        if known.is_labelled() {
            let source = dataset(source, &parts[0]);
            let profile = source.profile(slice.key().metric())?;
            let scored = known.scored(Gridded {
                name: slice.key().to_string(),
                slice: slice.key(),
                source,
                axis: TimeAxis::covering(profile.granularity, profile.zone, ran.history())?,
                judged_from: ran.judged_from(slice.key()),
            })?;
            taken.extend(scored.incidents);
            taken.extend(scored.before);
        }
        taken.sort_by_key(|interval| interval.start());
        let Some(rule) = slice.rules().first() else {
            continue;
        };
        // A bucket that any rule judged.
        let judged = |at: Instant| {
            slice.rules().iter().any(|rule| {
                let row = rule.position(at).and_then(|place| rule.row(place));
                row.is_some_and(|(_, row)| !row.score.is_nan())
            })
        };
        for (bucket, _) in rule.rows() {
            let start = bucket.start();
            if fits(start, room, ran.history().end(), &taken) && judged(start) {
                places.push(Place {
                    slice: slice.key().clone(),
                    start,
                });
            }
        }
    }
    Ok(places)
}

/// Whether a trial from `start` ends within the history and touches nothing that is taken.
fn fits(start: Instant, room: Room, end: Instant, taken: &[Interval]) -> bool {
    let Some(over) = start.checked_add(room.trial) else {
        return false;
    };
    let from = start.checked_sub(room.apart).unwrap_or(Instant::MIN);
    let until = over.checked_add(room.apart).unwrap_or(Instant::MAX);
    over <= end
        && taken
            .iter()
            .all(|taken| taken.end() < from || until < taken.start())
}

/// Up to `count` of `places`, each once, drawn from `seed`: as they come.
pub(super) fn drawn(mut places: Vec<Place>, count: usize, seed: u64, stream: u64) -> Vec<Place> {
    let mut draw = Draw::new(seed, "places of incidents", stream);
    let count = count.min(places.len());
    // The first steps of a shuffle (R. A. Fisher, F. Yates 1938).
    for at in 0..count {
        let other = at + draw.below(places.len() - at);
        places.swap(at, other);
    }
    places.truncate(count);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Instant {
        Instant::from_millis(hour * 3_600_000).unwrap()
    }

    #[test]
    fn a_trial_keeps_apart_from_what_was_found_and_ends_within_history() {
        let room = Room {
            trial: Duration::hours(3),
            apart: Duration::hours(2),
        };
        let taken = [Interval::new(at(10), at(12)).unwrap()];
        let fit: Vec<i64> = (0..30)
            .filter(|&h| fits(at(h), room, at(24), &taken))
            .collect();
        // Before it 4 + 3 + 2 < 10; after it 15 − 2 > 12; the last begins at 21.
        assert_eq!(fit, [0, 1, 2, 3, 4, 15, 16, 17, 18, 19, 20, 21]);
    }

    #[test]
    fn places_are_drawn_once_each_and_by_the_seed() {
        let all = |count: i64| -> Vec<Place> {
            let place = |hour| Place {
                slice: SliceKey::new("m"),
                start: at(hour),
            };
            (0..count).map(place).collect()
        };
        let mut starts: Vec<_> = drawn(all(50), 50, 1, 0).iter().map(|p| p.start).collect();
        assert_ne!(starts, (0..50).map(at).collect::<Vec<_>>());
        starts.sort();
        assert_eq!(starts, (0..50).map(at).collect::<Vec<_>>());
        assert_eq!(drawn(all(50), 5, 1, 0), drawn(all(50), 5, 1, 0));
        assert_ne!(drawn(all(50), 5, 1, 0), drawn(all(50), 5, 2, 0));
        assert_eq!(drawn(all(3), 5, 1, 0).len(), 3);
    }
}
