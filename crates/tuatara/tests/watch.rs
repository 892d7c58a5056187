//! Who watches a run is told of every slice, can stop it, and changes nothing.

#![cfg(all(feature = "yaml", feature = "files"))]

use std::ops::ControlFlow;
use std::sync::Mutex;

use tuatara::frame::files::{self, ReadOptions};
use tuatara::frame::{Frame, Interval, Metric};
use tuatara::{Detection, Error, Report};

const SPEC: &str = "
detectionName: touchy
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection:
      - { name: hours, type: PERCENTAGE_RULE, params: { offset: mean3h, percentageChange: 0.2 } }
merger: { maxGap: PT2H }
";

/// Shops × hours.
const SHOPS: usize = 9;
const HOURS: usize = 40;

fn shops() -> Frame {
    let mut text = "timestamp,shop,orders\n".to_owned();
    for shop in 0..SHOPS {
        for hour in 0..HOURS {
            let (day, clock) = (1 + hour / 24, hour % 24);
            let orders = 100 + (hour * (7 + shop) * 13) % 90;
            text += &format!("2026-01-{day:02}T{clock:02}:00:00Z,s{shop},{orders}\n");
        }
    }
    let options = ReadOptions::new()
        .metric(Metric::new("orders"))
        .dimension("shop");
    files::read(text.as_bytes(), "shops.csv", &options).unwrap()
}

fn touchy() -> (Detection, Frame, Interval) {
    let detection = Detection::from_yaml(SPEC).unwrap();
    let frame = shops();
    let all = detection.extent(&frame).unwrap();
    (detection, frame, all)
}

/// All that a report says, numbers to the last bit.
fn said(report: &Report) -> String {
    let rows: Vec<String> = report
        .slices()
        .iter()
        .flat_map(|slice| slice.rules().iter().flat_map(|rule| rule.rows()))
        .map(|(bucket, row)| {
            let numbers = [row.observed, row.expected, row.lower, row.upper, row.score];
            format!("{bucket} {:?} {}", numbers.map(f64::to_bits), row.verdict)
        })
        .collect();
    let carry = serde_json::to_string(report.carry()).unwrap();
    format!(
        "{rows:?} {:?} {:?} {carry}",
        report.events(),
        report.anomalies()
    )
}

#[test]
fn each_number_of_finished_slices_is_told_once() {
    let (detection, frame, all) = touchy();
    let told = Mutex::new(Vec::new());
    let watch = |done: usize, of: usize| {
        told.lock().unwrap().push((done, of));
        ControlFlow::Continue(())
    };
    detection.run_watched(&frame, all, None, &watch).unwrap();
    let mut told = told.into_inner().unwrap();
    told.sort_unstable();
    let every: Vec<_> = (1..=SHOPS).map(|done| (done, SHOPS)).collect();
    assert_eq!(told, every);
}

#[test]
fn a_watched_report_is_the_same_to_the_last_bit_with_a_carry_and_without() {
    let (detection, frame, all) = touchy();
    let watch = |_: usize, _: usize| ControlFlow::Continue(());
    let alone = detection.run(&frame, all).unwrap();
    assert!(
        alone.anomalies().len() > SHOPS,
        "there is something to compare"
    );
    let watched = detection.run_watched(&frame, all, None, &watch).unwrap();
    assert_eq!(said(&watched), said(&alone));

    let cut = "2026-01-02T01:00:00Z".parse().unwrap();
    let (before, after) = (
        Interval::new(all.start(), cut).unwrap(),
        Interval::new(cut, all.end()).unwrap(),
    );
    let first = detection.run(&frame, before).unwrap();
    let alone = detection.run_with(&frame, after, first.carry()).unwrap();
    let watched = detection
        .run_watched(&frame, after, Some(first.carry()), &watch)
        .unwrap();
    assert_eq!(said(&watched), said(&alone));
}

#[test]
fn a_watcher_that_breaks_stops_the_run() {
    let (detection, frame, all) = touchy();
    let at_three = |done: usize, _: usize| match done {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let error = detection
        .run_watched(&frame, all, None, &at_three)
        .unwrap_err();
    assert!(matches!(error, Error::Stopped { done: 3, of: SHOPS }));
    assert_eq!(
        error.to_string(),
        "the run was stopped after 3 of 9 slices; start it again for a report"
    );
}
