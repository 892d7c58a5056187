//! Rows that may come late: a bucket is judged once the completeness delay after its end is over.

#![cfg(feature = "yaml")]

use tuatara::core::Verdict;
use tuatara::frame::{Duration, Frame, Instant, Interval, Metric, SliceKey, Source};
use tuatara::{Detection, Error};

/// Six hours from midnight, rows up to two hours late; the last two are still low.
fn visits() -> Frame {
    let mut builder = Frame::builder("site", [Metric::new("visits")])
        .granularity("PT1H".parse().unwrap())
        .completeness_delay(Duration::hours(2));
    for (i, value) in [100.0, 101.0, 20.0, 100.0, 60.0, 7.0]
        .into_iter()
        .enumerate()
    {
        builder.row(hour(i as i64), &[], &[value]).unwrap();
    }
    builder.build().unwrap()
}

fn hour(hour: i64) -> Instant {
    Instant::from_millis(1_767_225_600_000 + hour * 3_600_000).unwrap()
}

fn between(from: i64, to: i64) -> Interval {
    Interval::new(hour(from), hour(to)).unwrap()
}

fn low() -> Detection {
    Detection::from_yaml(
        "
detectionName: low
metric: visits
rules:
  - detection: { name: limit, type: THRESHOLD, params: { min: 50 } }
",
    )
    .unwrap()
}

fn verdicts(report: &tuatara::Report) -> Vec<(Instant, &'static str)> {
    let rows = report.slices()[0].rules()[0].rows();
    rows.map(|(bucket, row)| (bucket.start(), row.verdict.as_str()))
        .collect()
}

#[test]
fn buckets_that_may_still_get_rows_are_incomplete_and_raise_no_alarm() {
    let report = low().run(&visits(), between(0, 6)).unwrap();
    let words: Vec<_> = verdicts(&report)
        .into_iter()
        .map(|(_, word)| word)
        .collect();
    let expected = [
        "normal",
        "normal",
        "anomaly_down",
        "normal",
        "incomplete",
        "incomplete",
    ];
    assert_eq!(words, expected);
    assert_eq!(report.anomalies().len(), 1);
    assert_eq!(report.complete_until(), hour(4));
    assert_eq!(
        report.notes()[0],
        "buckets that end after 2026-01-01T04:00:00Z may still get rows: they are incomplete, and \
         a run that ends later judges them"
    );
}

#[test]
fn a_later_run_judges_what_the_earlier_left_and_nothing_twice() {
    let (detection, frame) = (low(), visits());
    let first = detection.run(&frame, between(0, 6)).unwrap();
    let second = detection
        .run_with(&frame, between(6, 8), first.carry())
        .unwrap();
    assert_eq!(
        verdicts(&second),
        [
            (hour(4), "normal"),
            (hour(5), "anomaly_down"),
            (hour(6), "incomplete"),
            (hour(7), "incomplete")
        ]
    );
    // 02:00 and 05:00 lie within two hours of each other.
    assert_eq!(second.anomalies()[0].id, first.anomalies()[0].id);
    assert_eq!(second.anomalies()[0].interval, between(2, 6));
}

#[test]
fn an_incomplete_bucket_is_explained_as_such_and_leaves_the_open_anomaly_alone() {
    let report = low().run(&visits(), between(0, 6)).unwrap();
    let why = &report.explain(&SliceKey::new("visits"), hour(5)).unwrap()[0];
    assert_eq!(why.row.verdict, Verdict::Incomplete);
    assert_eq!(
        why.headline(),
        "Not judged: the bucket is incomplete, it may still get rows."
    );
    assert_eq!(why.candidate.as_ref().unwrap().interval, between(2, 3));
}

#[test]
fn a_run_shorter_than_the_delay_judges_nothing_and_goes_on_from_there() {
    let (detection, frame) = (low(), visits());
    let first = detection.run(&frame, between(0, 1)).unwrap();
    assert_eq!(verdicts(&first), [(hour(0), "incomplete")]);
    let second = detection
        .run_with(&frame, between(1, 3), first.carry())
        .unwrap();
    assert_eq!(
        verdicts(&second),
        [
            (hour(0), "normal"),
            (hour(1), "incomplete"),
            (hour(2), "incomplete")
        ]
    );
}

#[test]
fn a_state_made_with_another_delay_is_refused() {
    let detection = low();
    let first = detection.run(&visits(), between(0, 4)).unwrap();
    let mut prompt =
        Frame::builder("site", [Metric::new("visits")]).granularity("PT1H".parse().unwrap());
    prompt.row(hour(0), &[], &[1.0]).unwrap();
    let prompt = prompt.build().unwrap();
    assert_eq!(
        prompt.profile("visits").unwrap().completeness_delay,
        Duration::ZERO
    );
    let error = detection
        .run_with(&prompt, between(4, 5), first.carry())
        .unwrap_err();
    let Error::OtherClock { theirs, ours } = error else {
        panic!("{error}");
    };
    assert_eq!(theirs, "PT1H in UTC, SUM, complete after PT2H");
    assert_eq!(ours, "PT1H in UTC, SUM");
}

/// Rows up to 11:00 and, in the later snapshot, again from 14:00 on: four hours a bucket.
#[test]
fn a_long_bucket_whose_time_is_over_does_not_change_when_later_rows_come() {
    let detection = Detection::from_yaml(
        "
detectionName: many
metric: visits
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 200, monitoringGranularity: 4_HOURS } }
",
    )
    .unwrap();
    let visits = |hours: &[i64]| {
        let mut builder =
            Frame::builder("site", [Metric::new("visits")]).granularity("PT1H".parse().unwrap());
        for &at in hours {
            let value = if at < 8 { 1.0 } else { 67.0 };
            builder.row(hour(at), &[], &[value]).unwrap();
        }
        builder.build().unwrap()
    };
    let early: Vec<i64> = (0..11).collect();
    let late: Vec<i64> = (0..11).chain(14..20).collect();
    let (early, late) = (visits(&early), visits(&late));
    let first = detection.run(&early, between(0, 13)).unwrap();
    assert_eq!(
        verdicts(&first),
        [
            (hour(0), "normal"),
            (hour(4), "normal"),
            (hour(8), "anomaly_up")
        ]
    );
    assert_eq!(
        verdicts(&detection.run(&late, between(0, 13)).unwrap()),
        verdicts(&first)
    );
    let second = detection
        .run_with(&late, between(13, 20), first.carry())
        .unwrap();
    let whole = detection.run(&late, between(0, 20)).unwrap();
    let ids = |report: &tuatara::Report| -> Vec<_> {
        report.anomalies().iter().map(|found| found.id).collect()
    };
    assert_eq!([ids(&first), ids(&second)].concat(), ids(&whole));
}
