//! The calendar against `jiff`, over random zones and moments from 1970 to 2037.
//!
//! Both carry an edition of the IANA database, and the editions may differ. A case is judged where
//! the offsets of both agree for two days around the moments it needs, and the rest are counted.

use std::cell::Cell;

use chrono::NaiveTime;
use chrono_tz::TZ_VARIANTS;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp, ToSpan};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tuatara_frame::{
    Duration, Granularity, Instant, Interval, Lag, LagUnit, NaiveDate, NaiveDateTime, Resolved,
    TimeAxis, Weekday, Zone,
};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// 1970-01-01 and 2037-01-01, with room for lags.
const FROM: i64 = 800 * DAY;
const TO: i64 = 2_114_380_800_000;

/// A zone in both libraries, and a moment, often close to a clock change.
#[derive(Debug, Clone)]
struct Place {
    zone: Zone,
    oracle: TimeZone,
    at: i64,
}

fn places() -> impl Strategy<Value = Place> {
    let zones: Vec<(Zone, TimeZone)> = TZ_VARIANTS
        .iter()
        .filter_map(|tz| Some((Zone::from(*tz), TimeZone::get(tz.name()).ok()?)))
        .collect();
    assert!(zones.len() > 550, "the oracle knows {} zones", zones.len());
    (0..zones.len(), FROM..TO, -30 * HOUR..30 * HOUR, 0..4_u8).prop_map(
        move |(index, at, near, how)| {
            let (zone, oracle) = zones[index].clone();
            let change = oracle
                .following(stamp(at))
                .next()
                .or_else(|| oracle.preceding(stamp(at)).next());
            let change = change.map(|change| change.timestamp().as_millisecond());
            let quarter = HOUR / 4;
            let at = match (how, change.filter(|change| (FROM..TO).contains(change))) {
                (0, _) | (_, None) => at,
                (1, Some(change)) => change + near,
                // Whole quarters of an hour, at which labels and grids meet changes exactly.
                (2, Some(change)) => change + near.div_euclid(quarter) * quarter,
                (_, Some(change)) => change + near.div_euclid(16 * quarter) * quarter,
            };
            Place { zone, oracle, at }
        },
    )
}

impl Place {
    fn offset(&self, at: i64) -> i64 {
        i64::from(self.oracle.to_offset(stamp(at)).seconds()) * 1000
    }

    /// Whether both libraries agree for two days around `at`.
    fn agree(&self, at: i64) -> bool {
        (-48..=48).all(|hours| {
            let at = at + hours * HOUR;
            self.offset(at) == self.zone.offset_millis(instant(at))
        })
    }

    /// The first moment at which the oracle's clock shows `label` or a later one: the label at an
    /// offset in force nearby, or the end of a jump across it.
    fn first_reaching(&self, label: DateTime) -> i64 {
        let utc = millis(label);
        let jumps = self
            .oracle
            .following(stamp(utc - 2 * DAY))
            .map(|change| change.timestamp().as_millisecond())
            .take_while(|change| *change < utc + 2 * DAY);
        let labels = (-16..=16).map(|step| utc - self.offset(utc + step * 3 * HOUR));
        jumps
            .chain(labels)
            .filter(|at| *at + self.offset(*at) >= utc)
            .min()
            .expect("some offset is in force")
    }
}

/// Judges `cases` cases; `judge` says false for a case that the editions do not agree on.
fn check<S: Strategy>(
    cases: u32,
    strategy: S,
    judge: impl Fn(S::Value) -> Result<bool, TestCaseError>,
) {
    let skipped = Cell::new(0_u32);
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
    .run(&strategy, |case| {
        if !judge(case)? {
            skipped.set(skipped.get() + 1);
        }
        Ok(())
    })
    .unwrap();
    assert!(
        skipped.get() * 100 <= cases * 4,
        "{} of {cases} skipped",
        skipped.get()
    );
}

fn instant(millis: i64) -> Instant {
    Instant::from_millis(millis).unwrap()
}

fn stamp(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap()
}

fn chrono_label(label: DateTime) -> NaiveDateTime {
    let date = chrono_date(label.date());
    let time = NaiveTime::from_hms_milli_opt(
        label.hour().unsigned_abs().into(),
        label.minute().unsigned_abs().into(),
        label.second().unsigned_abs().into(),
        label.millisecond().unsigned_abs().into(),
    );
    date.and_time(time.unwrap())
}

fn chrono_date(date: Date) -> NaiveDate {
    let [month, day] = [date.month(), date.day()].map(|part| part.unsigned_abs().into());
    NaiveDate::from_ymd_opt(date.year().into(), month, day).unwrap()
}

/// A label's milliseconds, as if it were UTC.
fn millis(label: DateTime) -> i64 {
    label
        .to_zoned(TimeZone::UTC)
        .unwrap()
        .timestamp()
        .as_millisecond()
}

fn span(lag: Lag) -> Span {
    let count = i64::from(lag.count());
    match lag.unit() {
        LagUnit::Hours => count.hours(),
        LagUnit::Days => count.days(),
        LagUnit::Weeks => count.weeks(),
        LagUnit::Months => count.months(),
        LagUnit::Years => count.years(),
    }
}

fn lags() -> impl Strategy<Value = Lag> {
    prop_oneof![
        (1_u32..200).prop_map(|count| Lag::new(count, LagUnit::Hours)),
        (1_u32..40).prop_map(|count| Lag::new(count, LagUnit::Days)),
        (1_u32..10).prop_map(|count| Lag::new(count, LagUnit::Weeks)),
        (1_u32..15).prop_map(|count| Lag::new(count, LagUnit::Months)),
        (1_u32..3).prop_map(|count| Lag::new(count, LagUnit::Years)),
    ]
    .prop_map(Result::unwrap)
}

fn fixed_steps() -> impl Strategy<Value = Granularity> {
    (
        prop::sample::select(vec![1_u32, 5, 15, 30, 60, 120, 360, 1440, 2880]),
        0..4_i64,
    )
        .prop_map(|(minutes, quarter)| {
            let step = Duration::minutes(minutes);
            let phase = Duration::from_millis(step.millis() / 4 * quarter).unwrap();
            Granularity::fixed(step).unwrap().with_phase(phase).unwrap()
        })
}

fn civil_steps() -> impl Strategy<Value = Granularity> {
    let first = (0..7_u8).prop_map(|day| Granularity::weeks(Weekday::try_from(day).unwrap()));
    let days = (1..9_u32, 0..20_i32).prop_map(|(count, anchor)| {
        Granularity::days_from(count, NaiveDate::from_epoch_days(anchor).unwrap()).unwrap()
    });
    let months = prop::sample::select(vec![1, 2, 3, 4, 6, 12])
        .prop_map(|count| Granularity::months(count).unwrap());
    prop_oneof![2 => Just(Granularity::days()), 1 => first, 1 => days, 1 => months]
}

/// The first date of a civil bucket, read off the grid of UTC, on which every date starts at 00:00.
fn first_date(granularity: Granularity, ordinal: i64) -> Date {
    let first = granularity.nominal().millis() * ordinal;
    let around = Interval::new(instant(first - 400 * DAY), instant(first + 800 * DAY)).unwrap();
    let utc = TimeAxis::covering(granularity, Zone::UTC, around).unwrap();
    let start = utc.start(usize::try_from(ordinal - utc.ordinal()).unwrap());
    stamp(start.millis()).to_zoned(TimeZone::UTC).date()
}

/// The axis of the buckets within `before` and `after` milliseconds of a place.
fn axis(granularity: Granularity, place: &Place, before: i64, after: i64) -> TimeAxis {
    let span = Interval::new(instant(place.at - before), instant(place.at + after)).unwrap();
    TimeAxis::covering(granularity, place.zone, span).unwrap()
}

#[test]
fn the_local_clock_agrees() {
    check(4000, places(), |place| {
        let local = stamp(place.at).to_zoned(place.oracle.clone()).datetime();
        let offset = place.offset(place.at);
        if offset != place.zone.offset_millis(instant(place.at)) {
            return Ok(false);
        }
        prop_assert_eq!(place.zone.local(instant(place.at)), chrono_label(local));
        Ok(true)
    });
}

#[test]
fn every_label_resolves_alike() {
    let kinds = [Cell::new(0), Cell::new(0), Cell::new(0)];
    check(8000, places(), |place| {
        if !place.agree(place.at) {
            return Ok(false);
        }
        // The moment read as a label: it need not exist.
        let label = stamp(place.at).to_zoned(TimeZone::UTC).datetime();
        let label = label + (place.offset(place.at - 2 * DAY) / 1000).seconds();
        let to_instant = |offset: jiff::tz::Offset| {
            instant(offset.to_timestamp(label).unwrap().as_millisecond())
        };
        let (kind, expected) = match place.oracle.to_ambiguous_timestamp(label).offset() {
            AmbiguousOffset::Unambiguous { offset } => (0, Resolved::Unique(to_instant(offset))),
            AmbiguousOffset::Fold { before, after } => (
                1,
                Resolved::Doubled {
                    earlier: to_instant(before),
                    later: to_instant(after),
                },
            ),
            AmbiguousOffset::Gap { .. } => (
                2,
                Resolved::Skipped {
                    next: instant(place.first_reaching(label)),
                },
            ),
        };
        // Where two rules meet without a change of the clock (Nuuk, October 2023), the oracle sees
        // a fold and names an instant at which its own clock does not show the label.
        if let Resolved::Doubled { earlier, .. } = expected
            && earlier.millis() + place.offset(earlier.millis()) != millis(label)
        {
            return Ok(false);
        }
        kinds[kind].set(kinds[kind].get() + 1);
        prop_assert_eq!(place.zone.resolve(chrono_label(label)), expected);
        Ok(true)
    });
    assert!(kinds.iter().all(|kind| kind.get() > 100), "{kinds:?}");
}

#[test]
fn every_date_starts_alike() {
    check(4000, places(), |place| {
        if !place.agree(place.at) {
            return Ok(false);
        }
        let date = stamp(place.at).to_zoned(place.oracle.clone()).date();
        let midnight = date.at(0, 0, 0, 0);
        let start = place.first_reaching(midnight);
        prop_assert_eq!(
            place.zone.start_of_day(chrono_date(date)),
            Some(instant(start))
        );
        // Where midnight exists, the oracle has the same answer of its own.
        let resolved = place.oracle.to_ambiguous_timestamp(midnight);
        if !matches!(resolved.offset(), AmbiguousOffset::Gap { .. }) {
            prop_assert_eq!(start, resolved.earlier().unwrap().as_millisecond());
        }
        Ok(true)
    });
}

#[test]
fn a_lag_on_fixed_steps_is_the_wall_clock_minus_a_span() {
    let (none, other_shift) = (Cell::new(0), Cell::new(0));
    let cases = (places(), fixed_steps(), lags(), any::<bool>());
    check(12_000, cases, |(mut place, granularity, lag, later)| {
        if later {
            // What is near a change is where the lag leads.
            let label = stamp(place.at).to_zoned(place.oracle.clone()).datetime() + span(lag);
            place.at = label
                .to_zoned(place.oracle.clone())
                .unwrap()
                .timestamp()
                .as_millisecond();
        }
        let axis = axis(granularity, &place, 0, 1);
        let index = axis.len() - 1;
        let start = axis.start(index).millis();
        let now = stamp(start).to_zoned(place.oracle.clone());
        let label = now.datetime() - span(lag);
        let target = if lag.unit() == LagUnit::Hours {
            Some((now.timestamp() - span(lag)).as_millisecond())
        } else {
            let resolved = place.oracle.to_ambiguous_timestamp(label);
            match resolved.offset() {
                AmbiguousOffset::Unambiguous { offset } => Some(offset),
                AmbiguousOffset::Gap { .. } => None,
                AmbiguousOffset::Fold { after, .. } if after == now.offset() => Some(after),
                AmbiguousOffset::Fold { before, .. } => Some(before),
            }
            .map(|offset| offset.to_timestamp(label).unwrap().as_millisecond())
        };
        // The same meeting of rules as above.
        let shows =
            |at: i64| lag.unit() == LagUnit::Hours || at + place.offset(at) == millis(label);
        if !place.agree(start) || !place.agree(millis(label)) || !target.is_none_or(shows) {
            return Ok(false);
        }
        let (step, phase) = (granularity.step().unwrap(), granularity.phase().unwrap());
        let bucket = |at: i64| (at - phase.millis()).div_euclid(step.millis());
        let expected = target.map(|at| bucket(at) - axis.ordinal());
        prop_assert_eq!(axis.lag(index, lag), expected, "{:?} - {}", axis, lag);
        none.set(none.get() + u32::from(expected.is_none()));
        let exact = start - millis(now.datetime()) + millis(label);
        other_shift.set(other_shift.get() + u32::from(target.is_some_and(|at| at != exact)));
        Ok(true)
    });
    assert!(
        none.get() > 5 && other_shift.get() > 200,
        "{} {}",
        none.get(),
        other_shift.get()
    );
}

#[test]
fn a_lag_on_civil_steps_is_a_date_minus_a_span() {
    check(
        4000,
        (places(), civil_steps(), lags()),
        |(place, granularity, lag)| {
            if !place.agree(place.at) {
                return Ok(false);
            }
            let axis = axis(granularity, &place, 0, 1);
            let index = axis.len() - 1;
            if lag.unit() == LagUnit::Hours {
                // The bucket with the last start at or before the moment.
                let at = instant(axis.start(index).millis() - i64::from(lag.count()) * HOUR);
                let longer = axis.extended_back(axis.reach(lag)).unwrap();
                let holds = (0..longer.len())
                    .rev()
                    .find(|i| longer.start(*i) <= at)
                    .unwrap();
                let target = longer.ordinal() + i64::try_from(holds).unwrap() - axis.ordinal();
                prop_assert_eq!(axis.lag(index, lag), Some(target));
                return Ok(true);
            }
            let ordinal = axis.ordinal() + i64::try_from(index).unwrap();
            let moved = first_date(granularity, ordinal) - span(lag);
            let target = (0..).map(|back| ordinal - back);
            let target = target
                .take(1000)
                .find(|target| first_date(granularity, *target) <= moved);
            let relative = target.unwrap() - axis.ordinal();
            prop_assert_eq!(axis.lag(index, lag), Some(relative), "{:?} - {}", axis, lag);
            Ok(true)
        },
    );
}

#[test]
fn civil_buckets_start_on_the_first_instant_of_their_date() {
    check(2000, (places(), civil_steps()), |(place, granularity)| {
        let axis = axis(granularity, &place, 40 * DAY, 40 * DAY);
        let mut agreed = true;
        for index in 0..=axis.len() {
            let start = axis.start(index).millis();
            let date = first_date(granularity, axis.ordinal() + i64::try_from(index).unwrap());
            agreed &= place.agree(start);
            if place.agree(start) {
                prop_assert_eq!(place.first_reaching(date.at(0, 0, 0, 0)), start);
            }
        }
        Ok(agreed)
    });
}

fn steps() -> impl Strategy<Value = Granularity> {
    prop_oneof![fixed_steps(), civil_steps()]
}

#[test]
fn each_instant_lies_in_the_last_bucket_that_has_started() {
    check(
        3000,
        (places(), steps(), 0..9 * DAY, 1..9 * DAY),
        |(place, step, before, after)| {
            let axis = axis(step, &place, before, after);
            let (start, end) = (place.at - before, place.at + after);
            prop_assert!(
                axis.span().start().millis() <= start && end <= axis.span().end().millis()
            );
            prop_assert!(start < axis.end(0).millis() && axis.start(axis.len() - 1).millis() < end);
            for index in (0..axis.len()).step_by((axis.len() / 50).max(1)) {
                let bucket = axis.bucket(index);
                if bucket.is_empty() {
                    continue;
                }
                prop_assert_eq!(axis.index_of(bucket.start()), Some(index));
                prop_assert_eq!(
                    axis.index_of(instant(bucket.end().millis() - 1)),
                    Some(index)
                );
            }
            let found = axis.index_of(instant(place.at)).unwrap();
            prop_assert!(axis.bucket(found).contains(instant(place.at)));
            prop_assert_eq!(axis.index_of(axis.span().end()), None);
            Ok(true)
        },
    );
}

#[test]
fn a_plan_says_for_each_row_what_the_lag_says() {
    let spans = (0..500 * DAY, 0..30 * DAY);
    let part = (0.0..1.0_f64, 0.0..1.0_f64);
    let runs = Cell::new(0);
    check(
        1500,
        (places(), steps(), lags(), spans, part),
        |(place, step, lag, spans, part)| {
            let rows = 4000 * step.nominal().millis();
            let axis = axis(step, &place, spans.0.min(rows), spans.1.min(rows));
            let row = |part: f64| (part * axis.len() as f64) as usize;
            let rows = row(part.0.min(part.1) / 4.0)..(row(part.0.max(part.1)) + 1).min(axis.len());
            let plan = axis.lag_plan(lag, rows.clone());
            prop_assert_eq!(plan.runs.first().map(|run| run.start), Some(rows.start));
            prop_assert_eq!(plan.runs.last().map(|run| run.end), Some(rows.end));
            for pair in plan.runs.windows(2) {
                prop_assert_eq!(pair[0].end, pair[1].start);
                prop_assert_ne!(pair[0].shift, pair[1].shift);
            }
            let reach = i64::try_from(axis.reach(lag)).unwrap();
            for index in rows {
                let source = axis.lag(index, lag);
                prop_assert_eq!(
                    plan.source(index),
                    source,
                    "row {} of {:?} - {}",
                    index,
                    axis,
                    lag
                );
                let shift = source.map(|source| i64::try_from(index).unwrap() - source);
                prop_assert!(shift.is_none_or(|shift| (1..=reach).contains(&shift)));
            }
            runs.set(runs.get() + plan.runs.len());
            Ok(true)
        },
    );
    assert!(runs.get() > 1000, "{} runs", runs.get());
}
