//! `TIME_OF_WEEK_FILTER`.

use tuatara_core::{Filter, Params};
use tuatara_rules::TimeOfWeekFilterParams;

use crate::case::{Case, NAN, axis, filter, words};

/// Hours that are ignored, days that are.
fn times(hours: &[&str], days: &[&str]) -> Box<dyn Filter> {
    filter(TimeOfWeekFilterParams {
        ignore_hours: hours.iter().map(|text| text.parse().unwrap()).collect(),
        ignore_days: days.iter().map(|text| text.parse().unwrap()).collect(),
    })
}

#[test]
fn an_anomaly_of_ignored_hours_alone_is_dropped_and_kept_once_it_reaches_beyond() {
    // Monday 22:00 to Tuesday 7:00, hour by hour.
    let case = Case::hourly(&[1.0; 48]);
    let night = times(&["22-24", "0-6"], &[]);
    for last in 22..30 {
        let judgement = case.judge(&*night, 22..last + 1, NAN);
        assert!(!judgement.kept, "{judgement:?}");
    }
    assert_eq!(
        words(&case.judge(&*night, 22..30, NAN)),
        "dropped, time that counts in ms 0: all of its PT8H lies in the ignored times, in UTC"
    );
    assert_eq!(
        words(&case.judge(&*night, 22..31, NAN)),
        "kept, time that counts in ms 3600000: PT1H of its PT9H lie outside the ignored times, in UTC"
    );
}

#[test]
fn days_are_those_of_the_clock_of_the_series() {
    // Saturday is the sixth day: its first hour in Berlin is Friday, 23:00 in UTC.
    let weekend = times(&[], &["SATURDAY", "sun"]);
    let berlin = Case::on(axis("PT1H", "Europe/Berlin", 168), &[1.0; 168]);
    assert!(!berlin.judge(&*weekend, 120..168, NAN).kept);
    assert!(berlin.judge(&*weekend, 119..121, NAN).kept);
    let same_instants = berlin.series.axis().with_zone("UTC".parse().unwrap());
    let utc = Case::on(same_instants.unwrap(), &[1.0; 168]);
    assert!(utc.judge(&*weekend, 120..121, NAN).kept);
}

#[test]
fn a_day_is_dropped_by_its_day_and_not_by_hours() {
    let case = Case::daily(&[1.0; 14]);
    let weekend = times(&["0-12"], &["SATURDAY", "SUNDAY"]);
    assert!(!case.judge(&*weekend, 5..7, NAN).kept);
    assert!(case.judge(&*weekend, 0..1, NAN).kept);
    let both_halves = times(&["0-12", "12-24"], &[]);
    assert!(!case.judge(&*both_halves, 0..14, NAN).kept);
}

#[test]
fn hours_can_be_those_of_one_day() {
    // Maintenance on Sunday from 2:00 to 4:30; half an hour of 4:00 to 5:00 counts.
    let case = Case::hourly(&[1.0; 168]);
    let maintenance = times(&["SUNDAY 2-4:30"], &[]);
    let sunday = 6 * 24;
    assert!(!case.judge(&*maintenance, sunday + 2..sunday + 4, NAN).kept);
    let judgement = case.judge(&*maintenance, sunday + 2..sunday + 5, NAN);
    assert_eq!(
        words(&judgement),
        "kept, time that counts in ms 1800000: PT30M of its PT3H lie outside the ignored times, in UTC"
    );
    assert!(case.judge(&*maintenance, 2..4, NAN).kept, "Monday");
}

#[test]
fn a_clock_change_moves_the_ignored_hours_with_the_clock() {
    // 25 October 2026 in Berlin: 2:00 to 3:00 comes twice, so 0:00 to 6:00 lasts seven hours. It is
    // day 293 from 5 January, of which the clock change in March took an hour.
    let zone: tuatara_frame::Zone = "Europe/Berlin".parse().unwrap();
    let midnight = zone.start_of_day("2026-10-25".parse().unwrap()).unwrap();
    let axis = axis("PT1H", "Europe/Berlin", 300 * 24);
    let first = axis.index_of(midnight).unwrap();
    assert_eq!(first, 293 * 24 - 1);
    let case = Case::on(axis, &[1.0; 300 * 24]);
    let night = times(&["0-6"], &[]);
    assert!(!case.judge(&*night, first..first + 7, NAN).kept);
    assert!(case.judge(&*night, first..first + 8, NAN).kept);
    let second = times(&["2-3"], &[]);
    assert!(!case.judge(&*second, first + 2..first + 4, NAN).kept);
}

#[test]
fn ignoring_nothing_or_everything_is_doubted() {
    let params = |hours: &[&str]| TimeOfWeekFilterParams {
        ignore_hours: hours.iter().map(|text| text.parse().unwrap()).collect(),
        ..Default::default()
    };
    let message = |hours: &[&str]| params(hours).warnings()[0].message.clone();
    assert_eq!(
        message(&[]),
        "no hours or days are ignored, so everything is kept"
    );
    assert_eq!(
        message(&["12-24", "0-12:30"]),
        "the whole week is ignored, so nothing is kept"
    );
    assert!(params(&["22-24"]).warnings().is_empty());
}

#[test]
fn a_span_of_hours_that_cannot_be_meant_is_refused_with_the_remedy() {
    let remedy = |text: &str| {
        let error = text.parse::<tuatara_rules::HoursOfWeek>().unwrap_err();
        let error = error.to_string();
        error.rsplit_once("; ").unwrap().1.to_owned()
    };
    assert_eq!(remedy("22-6"), "over midnight write two: 22-24 and 0-6");
    assert_eq!(remedy("22-0"), "write 22-24");
    assert_eq!(remedy("6-6"), "write 0-24 for the whole day, or delete it");
    assert_eq!(remedy("20-25"), "a day has the hours 0 to 24");
    assert_eq!(remedy("2:75-4"), "a day has the hours 0 to 24");
    assert_eq!(remedy("7"), "write 7-8");
    assert_eq!(remedy("night"), "write where it begins and where it ends");
    assert_eq!(remedy("SUNDY 2-4"), "did you mean `SUNDAY`?");
}
