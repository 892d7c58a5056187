//! `MISSING_DATA`.

use tuatara_core::{Direction, Row, Verdict};
use tuatara_frame::Series;
use tuatara_rules::MissingDataParams;

use crate::judged::{GONE, built, days, facts, found, hours, refused, rows};

const WEEK: usize = 168;

/// `weeks` weeks of hours, each with a value.
fn full(weeks: usize) -> Vec<f64> {
    vec![10.0; weeks * WEEK]
}

/// The same with data on working days from eight to six alone, from a Monday on.
fn office(weeks: usize) -> Vec<f64> {
    let mut values = full(weeks);
    for (hour, value) in values.iter_mut().enumerate() {
        let (day, hour) = (hour / 24 % 7, hour % 24);
        if day > 4 || !(8..18).contains(&hour) {
            *value = GONE;
        }
    }
    values
}

fn without(mut values: Vec<f64>, gone: impl IntoIterator<Item = usize>) -> Series {
    for i in gone {
        values[i] = GONE;
    }
    hours(&values)
}

fn lasting(min_duration: &str) -> MissingDataParams {
    MissingDataParams {
        min_duration: min_duration.to_owned(),
        ..Default::default()
    }
}

#[test]
fn absence_is_reported_at_its_onset() {
    let rows = rows(&*built(lasting("0s")), &without(full(5), 700..706));
    let verdicts = |row: &Row| row.verdict == Verdict::Anomalous(Direction::Neither);
    let found: Vec<usize> = (0..rows.len()).filter(|&i| verdicts(&rows[i])).collect();
    assert_eq!(found, [700, 701, 702, 703, 704, 705]);
    let first = rows[700];
    assert!(first.observed.is_nan() && first.expected.is_nan() && first.upper.is_nan());
    // None is normal: 1 + 1, 1 + 2, …
    assert!((first.score - 2.0).abs() < 1e-12 && (rows[703].score - 5.0).abs() < 1e-12);
    assert_eq!((rows[699].score, rows[699].verdict), (0.0, Verdict::Normal));
}

#[test]
fn nights_and_weekends_without_data_are_not_missed() {
    assert!(found(&*built(lasting("0s")), &hours(&office(6))).is_empty());
    // Tuesday of the fifth week at ten and eleven, and the evening before.
    let tuesday = 4 * WEEK + 24;
    let series = without(office(6), [tuesday - 4, tuesday + 10, tuesday + 11]);
    assert_eq!(
        found(&*built(lasting("0s")), &series),
        [tuesday + 10, tuesday + 11]
    );
}

#[test]
fn an_absence_goes_on_after_a_night() {
    // From Tuesday at four in the afternoon: two hours, the night, and all of Wednesday.
    let tuesday = 4 * WEEK + 24;
    let series = without(office(6), tuesday + 16..tuesday + 44);
    let wednesday = tuesday + 24;
    let expected: Vec<usize> = (tuesday + 16..tuesday + 18)
        .chain(wednesday + 8..wednesday + 18)
        .collect();
    let rows = rows(&*built(lasting("0s")), &series);
    assert_eq!(found(&*built(lasting("0s")), &series), expected);
    assert_eq!(rows[tuesday + 20].verdict, Verdict::Missing);
    // The third promised bucket without a value.
    assert!((rows[wednesday + 8].score - 4.0).abs() < 1e-12);
}

#[test]
fn an_absence_must_last_as_long_as_is_asked() {
    let series = without(full(5), 700..706);
    let found = |min: &str| found(&*built(lasting(min)), &series);
    assert_eq!(found("1h"), [700, 701, 702, 703, 704, 705]);
    assert_eq!(found("3h"), [702, 703, 704, 705]);
    assert_eq!(found("150m"), [702, 703, 704, 705]);
    assert!(found("7h").is_empty());
    // Two are normal: 3/2 at the third.
    let rows = rows(&*built(lasting("3h")), &series);
    assert!((rows[702].score - 1.5).abs() < 1e-12);
    assert_eq!(rows[701].verdict, Verdict::Missing);
}

#[test]
fn nothing_is_missing_before_the_data_begin_or_are_a_week_old() {
    let begins = 200;
    let late = without(full(5), 0..begins);
    assert!(found(&*built(lasting("0s")), &late).is_empty());
    // In their first week nobody knows which hours have data.
    let young = without(full(5), (0..begins).chain([begins + 100, begins + 300]));
    assert_eq!(found(&*built(lasting("0s")), &young), [begins + 300]);
}

#[test]
fn data_that_end_are_missed_for_a_lookback_and_have_ended_then() {
    let end = 5 * WEEK;
    let series = without(full(12), end..12 * WEEK);
    let found = found(&*built(lasting("0s")), &series);
    // The last value is that of the bucket before.
    assert_eq!(found, (end..end + 4 * WEEK).collect::<Vec<_>>());
}

#[test]
fn where_single_buckets_get_lost_all_the_time_a_gap_must_be_longer() {
    let lossy: Vec<usize> = (WEEK..6 * WEEK).step_by(31).collect();
    let outage = 5 * WEEK + 3;
    assert!(!lossy.iter().any(|lost| (outage..outage + 4).contains(lost)));
    let series = without(full(6), lossy.iter().copied().chain(outage..outage + 4));
    let found = found(&*built(lasting("0s")), &series);
    // The first three are news; afterwards one is usual, and two in a row are not.
    assert_eq!(found[..3], lossy[..3]);
    assert_eq!(found[3..], [outage + 1, outage + 2, outage + 3]);
}

#[test]
fn two_earlier_outages_hide_nothing() {
    let outages = (500..520).chain(600..640);
    let series = without(full(5), outages.chain([800]));
    assert!(found(&*built(lasting("0s")), &series).contains(&800));
}

#[test]
fn a_bucket_that_may_still_get_rows_is_incomplete() {
    let series = without(full(5), 700..5 * WEEK);
    let known = series.axis().end(701);
    let rows = rows(&*built(lasting("0s")), &series.with_complete_until(known));
    assert!(rows[700].verdict.is_anomalous() && rows[701].verdict.is_anomalous());
    assert!(
        rows[702..]
            .iter()
            .all(|row| row.verdict == Verdict::Incomplete)
    );
}

#[test]
fn days_are_missed_too() {
    let mut values = vec![3.0; 42];
    for saturday in (5..42).step_by(7) {
        values[saturday] = GONE;
    }
    values[37] = GONE;
    assert_eq!(found(&*built(lasting("0s")), &days(&values)), [37]);
}

#[test]
fn the_facts_say_what_was_due_and_how_much_is_gone() {
    let series = without(full(5), 700..706);
    assert_eq!(
        facts(&*built(lasting("0s")), &series, 702),
        [
            "a value was due: 4 of 4 earlier weeks have one at this time",
            "3 buckets in a row have none where one was due, 0 are normal",
        ]
    );
    let office = hours(&office(6));
    assert_eq!(
        facts(&*built(lasting("0s")), &office, 4 * WEEK + 20)[0],
        "no value was due: 0 of 4 earlier weeks have one at this time"
    );
}

#[test]
fn what_cannot_be_used_is_refused_with_the_remedy() {
    let with = |min: &str, lookback: &str| {
        refused(MissingDataParams {
            min_duration: min.to_owned(),
            lookback: lookback.to_owned(),
        })
    };
    assert_eq!(
        with("0s", "P6D"),
        "lookback is P6D; allowed: a duration of at least P7D; four weeks, P28D, show at which \
         times data arrive"
    );
    assert!(with("0s", "P1000D").contains("a duration up to P728D"));
    assert!(with("7d", "7d").contains("shorter than lookback, which is P7D"));
    assert!(with("soon", "7d").starts_with("minDuration is soon"));
}
