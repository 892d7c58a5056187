//! A rule that waits longer than its data: each bucket is judged once its own delay is over.

#![cfg(feature = "yaml")]

use tuatara::frame::{Duration, Frame, Instant, Interval, Metric};
use tuatara::rules::ThresholdParams;
use tuatara::{Carry, Detection, Report, Rule};

fn hour(hour: i64) -> Instant {
    Instant::from_millis(1_767_225_600_000 + hour * 3_600_000).unwrap()
}

fn between(from: i64, to: i64) -> Interval {
    Interval::new(hour(from), hour(to)).unwrap()
}

/// Twelve hours of which 02:00 and 03:00 are high; rows may be late by `delay` hours.
fn visits(delay: u32) -> Frame {
    let mut builder = Frame::builder("site", [Metric::new("visits")])
        .granularity("PT1H".parse().unwrap())
        .completeness_delay(Duration::hours(delay));
    for i in 0..12 {
        let value = if i == 2 || i == 3 { 50.0 } else { 5.0 };
        builder.row(hour(i), &[], &[value]).unwrap();
    }
    builder.build().unwrap()
}

/// One rule that waits for three hours.
fn late() -> Detection {
    Detection::from_yaml(
        "
detectionName: high
metric: visits
rules:
  - detection:
      - { name: late, type: THRESHOLD, windowDelay: 3, windowDelayUnit: HOURS, params: { max: 10 } }
",
    )
    .unwrap()
}

/// One that judges at once, and one that waits for three hours.
fn both() -> Detection {
    Detection::from_yaml(
        "
detectionName: high
metric: visits
rules:
  - detection:
      - { name: prompt, type: THRESHOLD, params: { max: 20 } }
      - { name: late, type: THRESHOLD, windowDelay: 3, windowDelayUnit: HOURS, params: { max: 10 } }
merger: { maxGap: PT0S }
",
    )
    .unwrap()
}

/// The verdicts of the rule at position `rule`, from the first hour that belongs to the run.
fn verdicts(report: &Report, rule: usize) -> Vec<String> {
    let rows = report.slices()[0].rules()[rule].rows();
    let say = |(bucket, row): (Interval, tuatara::core::Row)| {
        let at = (bucket.start().millis() - hour(0).millis()) / 3_600_000;
        format!("{at} {}", row.verdict)
    };
    rows.map(say).collect()
}

/// `hour word rules start..end` of each event.
fn said(reports: &[&Report]) -> Vec<String> {
    let hours = |at: Instant| (at.millis() - hour(0).millis()) / 3_600_000;
    let events = reports.iter().flat_map(|report| report.events());
    let say = |event: &tuatara::merge::Event| {
        let found = &event.anomaly;
        let (start, end) = (hours(found.interval.start()), hours(found.interval.end()));
        let rules: Vec<&str> = found
            .rules
            .iter()
            .filter_map(|rule| rule.split(':').next())
            .collect();
        let (at, word) = (hours(event.at), event.kind.as_str());
        format!("{at} {word} {} {start}..{end}", rules.join("+"))
    };
    events.map(say).collect()
}

#[test]
fn a_bucket_is_judged_when_the_delay_of_its_rule_is_over() {
    let report = late().run(&visits(0), between(0, 6)).unwrap();
    assert_eq!(
        verdicts(&report, 0),
        [
            "0 normal",
            "1 normal",
            "2 anomaly_up",
            "3 incomplete",
            "4 incomplete",
            "5 incomplete"
        ]
    );
    // Known three hours after the end of 02:00.
    assert_eq!(said(&[&report]), ["6 opened late 2..3"]);
    assert_eq!(report.anomalies()[0].reportable_at, Some(hour(6)));
    assert_eq!(report.complete_until(), hour(6));
    assert_eq!(report.slices()[0].rules()[0].complete_until(), hour(3));
    assert_eq!(
        report.notes(),
        [
            "late:THRESHOLD waits for its windowDelay: a run that ends later judges buckets that end \
          after 2026-01-01T03:00:00Z"
        ]
    );
}

#[test]
fn a_run_starts_with_what_the_one_before_left() {
    let frame = visits(0);
    let first = late().run(&frame, between(0, 6)).unwrap();
    let second = late()
        .run_with(&frame, between(6, 12), first.carry())
        .unwrap();
    assert_eq!(verdicts(&second, 0)[0], "3 anomaly_up");
    let whole = late().run(&frame, between(0, 12)).unwrap();
    assert_eq!(said(&[&first, &second]), said(&[&whole]));
    // Two quiet hours may follow within the gap: the third ends at 07:00.
    assert_eq!(
        said(&[&whole]),
        [
            "6 opened late 2..3",
            "7 extended late 2..4",
            "10 closed late 2..4"
        ]
    );
    // And without the carry.
    let alone = late().run(&frame, between(6, 12)).unwrap();
    assert_eq!(said(&[&alone]), said(&[&second]));
    assert_eq!(alone.anomalies(), second.anomalies());
}

#[test]
fn the_longer_of_the_two_delays_counts() {
    let longer = late().run(&visits(5), between(0, 8)).unwrap();
    assert_eq!(verdicts(&longer, 0)[3], "3 incomplete");
    // As for every rule then: told as of the end of the bucket.
    assert_eq!(said(&[&longer]), ["3 opened late 2..3"]);
    let shorter = late().run(&visits(1), between(0, 6)).unwrap();
    assert_eq!(
        verdicts(&shorter, 0)[2..4],
        ["2 anomaly_up", "3 incomplete"]
    );
    assert_eq!(said(&[&shorter]), ["5 opened late 2..3"]);
}

#[test]
fn what_a_late_rule_finds_joins_what_a_prompt_one_has_told() {
    let whole = both().run(&visits(0), between(0, 12)).unwrap();
    assert_eq!(
        said(&[&whole]),
        [
            "3 opened prompt 2..3",
            "4 extended prompt 2..4",
            // The prompt one is done with it at 05:00, and it waits for the late one, of which the
            // score is higher.
            "6 rescored prompt+late 2..4",
            "7 extended late+prompt 2..4",
            "8 closed late+prompt 2..4",
        ]
    );
    // Cut anywhere, the same is said.
    for cut in 1..12 {
        let first = both().run(&visits(0), between(0, cut)).unwrap();
        let carry = serde_json::to_string(first.carry()).unwrap();
        let carry: Carry = serde_json::from_str(&carry).unwrap();
        let second = both()
            .run_with(&visits(0), between(cut, 12), &carry)
            .unwrap();
        assert_eq!(said(&[&first, &second]), said(&[&whole]), "{cut}");
        let alone = both().run(&visits(0), between(cut, 12)).unwrap();
        assert_eq!(said(&[&alone]), said(&[&second]), "{cut}");
    }
}

#[test]
fn an_anomaly_belongs_to_the_run_in_which_its_rule_judged_it() {
    // By 05:00 the prompt rule is done; the late one judges 02:00 only at 06:00.
    let after = both().run(&visits(0), between(5, 7)).unwrap();
    assert_eq!(after.anomalies().len(), 1);
    assert_eq!(after.anomalies()[0].interval, between(2, 4));
    assert_eq!(after.slices()[0].rules()[0].anomalies(), []);
    assert_eq!(after.slices()[0].rules()[1].anomalies().len(), 1);
}

#[test]
fn a_rule_built_in_code_waits_alike() {
    let limit = ThresholdParams {
        max: Some(10.0),
        min: None,
    };
    let rule = Rule::from_params("late", limit).unwrap();
    let built = Detection::builder("high", "visits")
        .rule(rule.with_delay(Duration::hours(3)))
        .build()
        .unwrap();
    let [one, other] = [built, late()].map(|detection| {
        let report = detection.run(&visits(0), between(0, 9)).unwrap();
        said(&[&report])
    });
    assert_eq!(one, other);
}

#[test]
fn the_state_of_another_delay_is_refused() {
    let frame = visits(0);
    let first = late().run(&frame, between(0, 6)).unwrap();
    let mut carry = serde_json::to_value(first.carry()).unwrap();
    assert_eq!(carry["clocks"][0], "PT1H in UTC, SUM, complete after PT3H");
    carry["clocks"][0] = "PT1H in UTC, SUM".into();
    let carry: Carry = serde_json::from_value(carry).unwrap();
    let refused = late().run_with(&frame, between(6, 7), &carry).unwrap_err();
    assert!(
        refused.to_string().contains("complete after PT3H"),
        "{refused}"
    );
}
