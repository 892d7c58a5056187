//! Grids that lie across clock changes.

use std::ops::Range;

use tuatara_frame::{Duration, Granularity, Instant, Interval, TimeAxis, Weekday, Zone};

use crate::Draw;

/// Zones, each with instants at which its clock changes (UTC: at which February has 29 days).
const ZONES: [(&str, &[&str]); 8] = [
    ("UTC", &["2020-02-29T12:00:00Z"]),
    (
        "America/Los_Angeles",
        &["2020-03-08T10:00:00Z", "2020-11-01T09:00:00Z"],
    ),
    (
        "Europe/London",
        &["2020-03-29T01:00:00Z", "2020-10-25T01:00:00Z"],
    ),
    // Half an hour.
    (
        "Australia/Lord_Howe",
        &["2020-04-04T15:00:00Z", "2020-10-03T15:30:00Z"],
    ),
    // The 30th of December 2011 was skipped.
    (
        "Pacific/Apia",
        &["2011-12-30T10:00:00Z", "2012-03-31T14:00:00Z"],
    ),
    // Midnight is skipped in spring and doubled in autumn.
    (
        "America/Santiago",
        &["2019-09-08T04:00:00Z", "2020-04-05T03:00:00Z"],
    ),
    // From 5:30 to 5:45 ahead of UTC, once.
    ("Asia/Kathmandu", &["1985-12-31T18:30:00Z"]),
    // At one minute past midnight, until 2011.
    (
        "America/St_Johns",
        &["2006-04-02T03:31:00Z", "2006-10-29T02:31:00Z"],
    ),
];

/// A zone of [`ZONES`].
pub(crate) fn zone(draw: &mut Draw) -> Zone {
    let (name, _) = *draw.pick(&ZONES);
    name.parse().expect("the zone is known")
}

/// One of five and fifteen minutes, an hour on the hour and four minutes past, a day, a week and
/// a month.
pub(crate) fn granularity(draw: &mut Draw) -> Granularity {
    let fixed = |minutes| Granularity::fixed(Duration::minutes(minutes)).expect("a step");
    match draw.between(0..10) {
        0 => fixed(5),
        1 => fixed(15),
        2 | 3 => fixed(60),
        4 => fixed(60)
            .with_phase(Duration::minutes(4))
            .expect("within the hour"),
        5..=7 => Granularity::days(),
        8 => Granularity::weeks(*draw.pick(&[Weekday::Mon, Weekday::Sun])),
        _ => Granularity::months(1).expect("one month is a step"),
    }
}

/// An axis of `len` buckets that lies across a clock change of `zone`, where it is long enough;
/// zones of which none is known get the leap day of 2020.
///
/// # Panics
/// When the axis would leave the years 1 to 9999.
pub fn axis_of(draw: &mut Draw, granularity: Granularity, zone: Zone, len: usize) -> TimeAxis {
    let known = ZONES.iter().find(|(name, _)| *name == zone.name());
    let (_, changes) = known.unwrap_or(&ZONES[0]);
    let change: Instant = draw.pick(changes).parse().expect("an instant");
    let step = granularity.nominal().millis();
    let before = draw.between(0..len.max(1)) as i64;
    // Twice the span and more: nominal steps are not exact.
    let start = change.millis() - before * step;
    let end = start + 2 * (len as i64 + 2) * step;
    let instant = |millis| Instant::from_millis(millis).expect("the years 1 to 9999");
    let span = Interval::new(instant(start), instant(end)).expect("start before end");
    let axis = TimeAxis::covering(granularity, zone, span).expect("the years 1 to 9999");
    let starts = (0..4)
        .filter_map(|first| part_of(&axis, first..first + len))
        .next();
    starts.expect("at most one skipped date lies at an edge")
}

/// The buckets `range` of `axis` as an axis of their own; `None` where it would start or end at a
/// date that the zone skipped, as no instant names such a bucket.
///
/// # Panics
/// When `range` does not lie on `axis`.
pub fn part_of(axis: &TimeAxis, range: Range<usize>) -> Option<TimeAxis> {
    let span = Interval::new(axis.start(range.start), axis.start(range.end)).ok()?;
    let part = TimeAxis::covering(axis.granularity(), axis.zone(), span).ok()?;
    let first = axis.ordinal() + i64::try_from(range.start).ok()?;
    (part.ordinal() == first && part.len() == range.len()).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_and_granularity_gives_an_axis_of_the_length_asked_for() {
        let mut draw = Draw::new(1);
        for _ in 0..200 {
            let (granularity, zone) = (granularity(&mut draw), zone(&mut draw));
            let len = draw.between(0..300);
            assert_eq!(axis_of(&mut draw, granularity, zone, len).len(), len);
        }
    }

    #[test]
    fn a_part_has_the_buckets_of_the_whole() {
        let mut draw = Draw::new(2);
        let axis = axis_of(&mut draw, Granularity::days(), Zone::UTC, 20);
        let part = part_of(&axis, 5..9).unwrap();
        assert_eq!(
            (part.len(), part.bucket(0), part.bucket(3)),
            (4, axis.bucket(5), axis.bucket(8))
        );
        assert_eq!(part_of(&axis, 7..7).map(|part| part.len()), Some(0));
    }
}
