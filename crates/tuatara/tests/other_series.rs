//! Filters that look beside the anomaly's own series: at a site, and at another dataset.

use tuatara::frame::{Datasets, Frame, Instant, Interval, Metric, Source};
use tuatara::merge::EventKind;
use tuatara::{Detection, Report};

const DAY: i64 = 86_400_000;

/// 1 March 2026 and `days` later.
fn day(days: i64) -> Instant {
    let first: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    Instant::from_millis(first.millis() + days * DAY).unwrap()
}

/// Orders by country and day: us, then ca.
fn orders(rows: &[(f64, f64)]) -> Frame {
    let mut frame = Frame::builder("orders", [Metric::new("orders")]).dimensions(["country"]);
    for (at, (us, ca)) in (0..).zip(rows) {
        frame.row(day(at), &["us"], &[*us]).unwrap();
        frame.row(day(at), &["ca"], &[*ca]).unwrap();
    }
    frame.build().unwrap()
}

/// Visits by day.
fn visits(rows: &[f64]) -> Frame {
    let mut frame = Frame::builder("visits", [Metric::new("visits")]);
    for (at, visits) in (0..).zip(rows) {
        frame.row(day(at), &[], &[*visits]).unwrap();
    }
    frame.build().unwrap()
}

fn run(filter: &str, source: &dyn Source, days: i64) -> Report {
    let yaml = format!(
        "
detectionName: orders halved
metric: orders
dimensionExploration: {{ dimensions: country }}
rules:
  - detection:
      - {{ name: day, type: PERCENTAGE_RULE, params: {{ offset: do1d, percentageChange: 0.4 }} }}
    filter:
      - {{ name: beside, {filter} }}
merger: {{ maxGap: 0 }}
"
    );
    let interval = Interval::new(day(0), day(days)).unwrap();
    let detection = Detection::from_yaml(&yaml).unwrap();
    detection.run(source, interval).unwrap()
}

/// Slices with what was opened and what was removed, each with the last judgement.
fn told(report: &Report) -> Vec<String> {
    let opened = report.events().iter();
    let opened = opened.filter(|event| event.kind == EventKind::Opened);
    let mut told: Vec<String> = opened
        .map(|event| &event.anomaly)
        .chain(report.removed())
        .map(|anomaly| format!("{}: {}", anomaly.slice, anomaly.judgements[0]))
        .collect();
    told.sort();
    told
}

#[test]
fn a_small_country_does_not_move_the_site() {
    // On the third day both halve: us 800 of 950 before, ca 25 of 950.
    let data = orders(&[(1600.0, 50.0), (1600.0, 50.0), (800.0, 25.0)]);
    let report = run(
        "type: SITEWIDE_IMPACT_FILTER, params: { threshold: 0.05 }",
        &data,
        3,
    );
    assert_eq!(
        told(&report),
        [
            "orders{country=ca}: removed by beside:SITEWIDE_IMPACT_FILTER: 25 is 25 below the \
             expected value, 50: -3.0 % of orders, 825, at least 5 % is asked",
            "orders{country=us}: kept by beside:SITEWIDE_IMPACT_FILTER: 800 is 800 below the \
             expected value, 1600: -97.0 % of orders, 825, at least 5 % is asked",
        ]
    );
}

#[test]
fn the_volume_can_come_from_another_dataset() {
    let rows = [(10.0, 10.0), (10.0, 10.0), (5.0, 10.0), (10.0, 10.0)];
    let all = Datasets::new("orders", orders(&rows))
        .with("traffic", visits(&[900.0, 900.0, 40.0, 900.0]))
        .unwrap();
    let report = run(
        "type: VOLUME_FILTER, params: { metric: visits, dataset: traffic, filters: {}, minValueDaily: 100 }",
        &all,
        4,
    );
    // The drop and the return one day later are one anomaly: 40 visits at first, 940 in two days.
    assert_eq!(
        told(&report),
        [
            "orders{country=us}: kept by beside:VOLUME_FILTER: visits of traffic was 470 per day \
             in P2D, at least 100 is asked"
        ]
    );
}

#[test]
fn a_dataset_that_is_not_there_is_an_error_with_its_name() {
    let data = orders(&[(10.0, 10.0); 2]);
    let yaml = "
detectionName: orders halved
metric: orders
rules:
  - detection:
      - { name: day, type: PERCENTAGE_RULE, params: { percentageChange: 0.4 } }
    filter:
      - { name: visits, type: VOLUME_FILTER, params: { metric: visits, dataset: traffic } }
";
    let interval = Interval::new(day(0), day(1)).unwrap();
    let error = Detection::from_yaml(yaml)
        .unwrap()
        .run(&data, interval)
        .unwrap_err();
    assert!(error.to_string().contains("\"traffic\""), "{error}");
}
