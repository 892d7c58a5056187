//! How much before its start a run without a carry has to see, so that it finds and says what one
//! run over all says: `maxDuration + maxGap` for one rule, three times that for several.
//!
//! This holds where `maxDuration` cuts nothing. A longer stretch is cut from where the fold began,
//! so that without a carry no overlap is enough.

#![cfg(feature = "yaml")]

use std::sync::Arc;

use tuatara::core::Anomaly;
use tuatara::frame::{Frame, Instant, Interval, Metric};
use tuatara::{Detection, Report};
use tuatara_testkit::Draw;

/// 2026-01-01, in hours.
const FIRST: i64 = 1_767_225_600_000 / 3_600_000;
/// Days of data.
const DAYS: i64 = 25;
/// `maxDuration + maxGap`, in hours.
const SPAN: i64 = 32;

const ONE_RULE: &str = "
detectionName: high
metric: value
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 10 } }
    filter: { name: lasting, type: DURATION_FILTER, params: { minDuration: PT3H, maxDuration: PT12H } }
merger: { maxGap: PT2H, maxDuration: PT30H }
";

const THREE_RULES: &str = "
detectionName: strange
metric: value
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 10 } }
    filter: { name: lasting, type: DURATION_FILTER, params: { minDuration: PT3H, maxDuration: PT12H } }
  - detection: { name: higher, type: THRESHOLD, params: { max: 20 } }
  - detection: { name: low, type: THRESHOLD, params: { min: 1 } }
    filter: { name: short, type: DURATION_FILTER, params: { maxDuration: PT4H } }
  - detection: { name: long, type: THRESHOLD, params: { max: 24, monitoringGranularity: 3_HOURS } }
merger: { maxGap: PT2H, maxDuration: PT30H }
";

/// Beside the overlap of one rule: four buckets before the last ten hours.
const THINNED: &str = "
detectionName: high
metric: value
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 10 } }
    thinning: { enter: 1.4, leave: 0.9, k: 2, n: 5, quiet: PT10H }
merger: { maxGap: PT2H, maxDuration: PT30H }
";

fn hour(hour: i64) -> Instant {
    Instant::from_millis((FIRST + hour) * 3_600_000).unwrap()
}

/// Values of hours from `from` on.
fn frame(values: &[f64], from: i64) -> Frame {
    let mut builder =
        Frame::builder("sales", [Metric::new("value")]).granularity("PT1H".parse().unwrap());
    for (i, &value) in values
        .iter()
        .enumerate()
        .skip(usize::try_from(from).unwrap())
    {
        builder.row(hour(i as i64), &[], &[value]).unwrap();
    }
    builder.build().unwrap()
}

/// Runs of strange hours; from 20:00 on every day is quiet, so that no stretch lasts longer.
fn values(seed: u64) -> Vec<f64> {
    let mut draw = Draw::new(seed);
    let (mut value, mut left) = (5.0, 0);
    let hours = 0..DAYS * 24;
    hours
        .map(|hour| {
            if left == 0 {
                value = *draw.pick(&[5.0, 5.0, 15.0, 30.0, 0.0]);
                left = draw.between(1..7);
            }
            left -= 1;
            if hour % 24 < 20 { value } else { 5.0 }
        })
        .collect()
}

fn run(detection: &Detection, frame: &Frame, from: i64, to: i64) -> Report {
    let interval = Interval::new(hour(from), hour(to)).unwrap();
    detection.run(frame, interval).unwrap()
}

/// What `report` finds and says after `from`, as text.
fn after(report: &Report, from: i64) -> [Vec<String>; 3] {
    let of = |all: &[Arc<Anomaly>]| -> Vec<String> {
        let later = all.iter().filter(|one| one.interval.end() > hour(from));
        later.map(|one| format!("{one:?}")).collect()
    };
    let said = report.events().iter().filter(|event| event.at > hour(from));
    let said = said.map(|event| format!("{event:?}")).collect();
    [of(report.anomalies()), of(report.removed()), said]
}

/// The data before `cut` that are further away than `overlap` hours are not there.
fn same_with(spec: &str, overlap: i64) -> usize {
    let detection = Detection::from_yaml(spec).unwrap();
    let (end, mut told) = (DAYS * 24, 0);
    for seed in 0..12 {
        let values = values(seed);
        let whole = run(&detection, &frame(&values, 0), 0, end);
        let mut draw = Draw::new(seed);
        for _ in 0..12 {
            let cut = draw.between(usize::try_from(overlap).unwrap()..values.len()) as i64;
            let part = run(&detection, &frame(&values, cut - overlap), cut, end);
            assert_eq!(after(&part, cut), after(&whole, cut), "seed {seed}, {cut}");
            let [of_part, of_whole] =
                [&part, &whole].map(|report| serde_json::to_string(report.carry()).unwrap());
            assert_eq!(of_part, of_whole, "seed {seed}, {cut}");
            told += part.events().len();
        }
    }
    told
}

#[test]
fn for_one_rule_max_duration_and_max_gap_are_enough() {
    assert!(same_with(ONE_RULE, SPAN) > 3_000);
}

#[test]
fn thinning_asks_for_its_quiet_and_its_buckets_on_top() {
    assert!(same_with(THINNED, SPAN + 10 + 4) > 300);
}

#[test]
fn for_several_rules_three_times_that_is_enough() {
    assert!(same_with(THREE_RULES, 3 * SPAN) > 3_000);
}

#[test]
fn for_several_rules_the_longest_delay_comes_on_top() {
    let late = "type: THRESHOLD, windowDelay: 7, windowDelayUnit: HOURS, params: { max: 20 }";
    let spec = THREE_RULES.replace("type: THRESHOLD, params: { max: 20 }", late);
    assert!(spec.contains("windowDelay"));
    assert!(same_with(&spec, 3 * SPAN + 7) > 3_000);
}

/// By hand: `low` finds 00:00 to 10:00. From 12:00 to 31:00 `high` has a candidate that its filter
/// never keeps, and that could have joined it. So it is over only when the candidate is: at 34:00,
/// longer than `maxDuration + maxGap` = 22 hours after its end.
#[test]
fn for_several_rules_max_duration_and_max_gap_alone_are_not_enough() {
    let detection = Detection::from_yaml(
        "
detectionName: strange
metric: value
rules:
  - detection: { name: low, type: THRESHOLD, params: { min: 10 } }
  - detection: { name: high, type: THRESHOLD, params: { max: 80 } }
    filter: { name: shorter, type: DURATION_FILTER, params: { maxDuration: PT0S } }
merger: { maxGap: PT2H, maxDuration: PT20H }
",
    )
    .unwrap();
    let value = |hour: i64| match hour {
        0..10 => 0.0,
        12..31 => 100.0,
        _ => 50.0,
    };
    let values: Vec<f64> = (0..40).map(value).collect();
    let said = |from: i64| -> Vec<String> {
        let report = run(&detection, &frame(&values, from), 32, 40);
        let say = |event: &tuatara::merge::Event| {
            let found = &event.anomaly;
            format!("{} {} {}", event.at, event.kind, found.rules.join(","))
        };
        report.events().iter().map(say).collect()
    };
    assert_eq!(said(0), ["2026-01-02T10:00:00Z closed low:THRESHOLD"]);
    assert!(said(32 - 22).is_empty());
}
