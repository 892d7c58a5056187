//! Toy series with the answer a person expects: small enough to see through, each with one idea.
//!
//! ```
//! let toy = tuatara_testkit::gallery::toy("drop to zero").unwrap();
//! assert_eq!(toy.anomalous, [30]);
//! assert!(toy.answer.ends_with('.'));
//! ```

use tuatara_frame::{Duration, Granularity, Instant, Interval, Series, TimeAxis, Zone};

use crate::Draw;

/// A series with the answer a person expects.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Toy {
    /// What it shows, in a few words.
    pub name: &'static str,
    /// The data, from a Monday on; days in UTC where nothing else is said.
    pub series: Series,
    /// The buckets a person calls anomalous, in time order.
    pub anomalous: Vec<usize>,
    /// Why, in one sentence.
    pub answer: &'static str,
}

/// The toy of that name.
pub fn toy(name: &str) -> Option<Toy> {
    all().into_iter().find(|toy| toy.name == name)
}

/// All toys, always the same.
pub fn all() -> Vec<Toy> {
    let mut toys = Vec::new();
    toys.extend(plain());
    toys.extend(levels());
    toys.extend(gaps());
    toys.extend(spikes());
    toys.extend(clocks());
    toys.extend(scales());
    toys
}

fn plain() -> [Toy; 4] {
    let mut stuck = breath(42, 100.0, 3.0);
    let last = stuck[31];
    stuck[32..37].fill(last);
    [
        daily("flat", vec![100.0; 42], &[], "Nothing happens."),
        daily(
            "flat with a breath",
            breath(42, 100.0, 1.0),
            &[],
            "Noise of one in a hundred.",
        ),
        daily(
            "stuck at a changing value",
            stuck,
            &[32, 33, 34, 35, 36],
            "The value is a usual one, but a metric that always moves has stopped moving.",
        ),
        daily(
            "weekend shape",
            weeks(42),
            &[],
            "Weekends are low, every week.",
        ),
    ]
}

fn levels() -> [Toy; 4] {
    let mut shift = breath(49, 100.0, 1.0);
    shift[28..].iter_mut().for_each(|y| *y += 50.0);
    let zero = changed(weeks(42), &[(30, 0.0)]);
    let ramp = (0..42).map(|day| 100.0 + f64::from(day)).collect();
    // A Monday off, and some of it made up for on Tuesday.
    let holiday = changed(weeks(49), &[(28, 42.0), (29, 115.0)]);
    [
        daily(
            "level shift kept",
            shift,
            &[28],
            "The day on which the level rises is news; afterwards it is the level.",
        ),
        daily(
            "drop to zero",
            zero,
            &[30],
            "Nothing arrives on a Wednesday that should have 100.",
        ),
        daily(
            "ramp",
            ramp,
            &[],
            "Growth by one a day is what it always does.",
        ),
        daily(
            "holiday and bounce",
            holiday,
            &[28],
            "The holiday is as low as a weekend; the little more on the day after is its echo.",
        ),
    ]
}

fn gaps() -> [Toy; 3] {
    let gap: Vec<(usize, f64)> = (30..34).map(|day| (day, f64::NAN)).collect();
    let mut spike = gap.clone();
    spike.push((34, 300.0));
    [
        daily(
            "gap",
            changed(weeks(49), &gap),
            &[],
            "No data is no value, high or low.",
        ),
        daily(
            "gap ending in a spike",
            changed(weeks(49), &spike),
            &[34],
            "The first value after the gap is three times the usual.",
        ),
        daily(
            "all missing",
            vec![f64::NAN; 42],
            &[],
            "There is nothing to judge.",
        ),
    ]
}

fn spikes() -> [Toy; 4] {
    let noise = || breath(42, 100.0, 5.0);
    [
        daily(
            "spike on noise",
            changed(noise(), &[(33, 180.0)]),
            &[33],
            "Far outside the noise.",
        ),
        daily(
            "spike at the first point",
            changed(noise(), &[(0, 180.0)]),
            &[0],
            "With the whole series in view, the first value stands out.",
        ),
        daily(
            "spike at the last point",
            changed(noise(), &[(41, 180.0)]),
            &[41],
            "The newest value stands out, with nothing after it to say so.",
        ),
        daily(
            "two spikes one lag apart",
            changed(noise(), &[(28, 180.0), (35, 180.0)]),
            &[28, 35],
            "The second is no more usual for having happened a week before.",
        ),
    ]
}

fn clocks() -> [Toy; 2] {
    [
        hourly(
            "clock change",
            "America/Los_Angeles",
            ("2020-03-02T08:00:00Z", "2020-03-16T07:00:00Z"),
            "The day lost an hour; every hour that is there is as always.",
        ),
        hourly(
            "doubled hour",
            "Europe/London",
            ("2020-10-18T23:00:00Z", "2020-11-02T00:00:00Z"),
            "One o'clock came twice, and was as always both times.",
        ),
    ]
}

fn scales() -> [Toy; 4] {
    let counts: Vec<f64> = (0..42)
        .map(|day| f64::from(3 + (day * 5 + day / 3) % 2))
        .collect();
    let negative = breath(42, -100.0, 2.0);
    let tiny: Vec<f64> = breath(42, 1.0, 0.01).iter().map(|y| y * 1e-9).collect();
    let offset: Vec<f64> = breath(42, 0.0, 2.0).iter().map(|y| 1e12 + y).collect();
    [
        daily(
            "quantised",
            changed(counts, &[(30, 9.0)]),
            &[30],
            "Three or four a day is usual; nine is not.",
        ),
        daily(
            "negative",
            changed(negative, &[(30, -200.0)]),
            &[30],
            "A balance around −100 falls to −200: down, although twice as large.",
        ),
        daily(
            "tiny scale",
            changed(tiny, &[(30, 5e-9)]),
            &[30],
            "Five times the usual, however small the unit.",
        ),
        daily(
            "huge offset",
            changed(offset, &[(30, 1e12 + 50.0)]),
            &[30],
            "A counter around 10¹² moves by two; fifty is far, though nothing relative to 10¹².",
        ),
    ]
}

fn daily(name: &'static str, values: Vec<f64>, anomalous: &[usize], answer: &'static str) -> Toy {
    let start: Instant = "2026-01-05T00:00:00Z".parse().expect("a Monday");
    let days = u32::try_from(values.len()).expect("a few days");
    let end = start.checked_add(Duration::days(days)).expect("soon after");
    let span = Interval::new(start, end).expect("in the order of time");
    let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, span).expect("in range");
    let series = Series::new(axis, values).expect("one value for each day");
    Toy {
        name,
        series,
        anomalous: anomalous.to_vec(),
        answer,
    }
}

/// Two weeks of hours that are 50 at midnight and 280 at eleven at night, by the local clock.
fn hourly(name: &'static str, zone: &str, (start, end): (&str, &str), answer: &'static str) -> Toy {
    let zone: Zone = zone.parse().expect("the zone is known");
    let instant = |text: &str| text.parse::<Instant>().expect("an instant");
    let span = Interval::new(instant(start), instant(end)).expect("in the order of time");
    let hour = Granularity::fixed(Duration::hours(1)).expect("an hour is a step");
    let axis = TimeAxis::covering(hour, zone, span).expect("in range");
    let value = |i: usize| {
        let local = zone.local(axis.start(i)).format("%H").to_string();
        50.0 + 10.0 * local.parse::<f64>().expect("an hour")
    };
    let values = (0..axis.len()).map(value).collect();
    let series = Series::new(axis, values).expect("one value for each hour");
    Toy {
        name,
        series,
        anomalous: Vec::new(),
        answer,
    }
}

/// Weekdays around 100, weekends around 40.
fn weeks(days: usize) -> Vec<f64> {
    let level = |day: usize| if day % 7 < 5 { 100.0 } else { 40.0 };
    let noise = breath(days, 0.0, 1.0);
    (0..days).map(|day| level(day) + noise[day]).collect()
}

/// `level` and uniform noise of ±`width`, rounded so that it can be read.
fn breath(days: usize, level: f64, width: f64) -> Vec<f64> {
    let mut draw = Draw::new(4);
    (0..days)
        .map(|_| level + width * (draw.within(-100.0, 100.0).round() / 100.0))
        .collect()
}

fn changed(mut values: Vec<f64>, changes: &[(usize, f64)]) -> Vec<f64> {
    for &(i, value) in changes {
        values[i] = value;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_21_toys_with_a_name_and_a_sentence_each() {
        let toys = all();
        assert_eq!(toys.len(), 21);
        for toy in &toys {
            assert!(
                toy.answer.ends_with('.') && toy.anomalous.is_sorted(),
                "{}",
                toy.name
            );
            assert_eq!(
                toys.iter().filter(|other| other.name == toy.name).count(),
                1
            );
            assert!(
                toy.anomalous
                    .iter()
                    .all(|&i| !toy.series.values()[i].is_nan())
            );
        }
    }

    #[test]
    fn the_clocks_change_within_their_toys() {
        assert_eq!(toy("clock change").unwrap().series.len(), 14 * 24 - 1);
        assert_eq!(toy("doubled hour").unwrap().series.len(), 14 * 24 + 1);
    }
}
