//! How much an anomaly matters, as of each bucket in which it grows.

#![cfg(feature = "yaml")]

use tuatara::Detection;
use tuatara::core::Severity;
use tuatara::frame::{Frame, Instant, Interval, Metric, SliceKey};
use tuatara::merge::EventKind;

fn hour(hour: i64) -> Instant {
    Instant::from_millis(1_767_225_600_000 + hour * 3_600_000).unwrap()
}

/// An hour before it 100, then a drop to 60 that deepens to 20, and the end of it.
fn orders() -> Frame {
    let mut builder =
        Frame::builder("shop", [Metric::new("orders")]).granularity("PT1H".parse().unwrap());
    for (at, value) in [100.0, 60.0, 50.0, 20.0, 20.0, 100.0]
        .into_iter()
        .enumerate()
    {
        builder.row(hour(at as i64), &[], &[value]).unwrap();
    }
    builder.build().unwrap()
}

/// The expected value is that of midnight; 30 % is low, 50 % over all, or four hours, are high.
fn detection() -> Detection {
    Detection::from_yaml(
        "
detectionName: drops
metric: orders
rules:
  - detection:
      - { name: limit, type: THRESHOLD, params: { min: 100 } }
    labeler:
      - name: size
        type: THRESHOLD_SEVERITY_LABELER
        params:
          severity:
            high: { change: 0.6, duration: PT4H }
            medium: { change: 0.5 }
            low: { change: 0.3 }
",
    )
    .unwrap()
}

#[test]
fn severity_rises_as_an_anomaly_grows_and_each_rise_is_said() {
    let interval = Interval::new(hour(0), hour(6)).unwrap();
    let report = detection().run(&orders(), interval).unwrap();
    let said: Vec<_> = report
        .events()
        .iter()
        .map(|event| (event.kind.as_str(), event.anomaly.severity))
        .collect();
    // Changes of the whole so far: 40 %, 45 %, 57 % (130 of 300), 62.5 % (150 of 400) and 4 hours.
    assert_eq!(
        said,
        [
            ("opened", Severity::Low),
            ("rescored", Severity::Low),
            ("rescored", Severity::Medium),
            ("rescored", Severity::High),
        ]
    );
    // The last two are equally deep: what is said again is the severity.
    assert_eq!(report.events()[3].kind, EventKind::Rescored);
    let anomaly = &report.anomalies()[0];
    let label = anomaly.label.as_ref().unwrap();
    assert_eq!(label.labeler, "size:THRESHOLD_SEVERITY_LABELER");
    assert_eq!(
        (label.severity, anomaly.severity),
        (Severity::High, Severity::High)
    );
}

#[test]
fn the_explanation_says_who_gave_the_severity_and_why() {
    let interval = Interval::new(hour(0), hour(6)).unwrap();
    let report = detection().run(&orders(), interval).unwrap();
    let why = &report.explain(&SliceKey::new("orders"), hour(1)).unwrap()[0];
    let text = why.to_string();
    let line = text.lines().last().unwrap();
    assert!(
        line.starts_with("  - low by size:THRESHOLD_SEVERITY_LABELER: "),
        "{text}"
    );
}

#[test]
fn a_labeler_that_hangs_on_a_carry_goes_on_where_it_was() {
    let detection = detection();
    let frame = orders();
    let between = |from, to| Interval::new(hour(from), hour(to)).unwrap();
    let whole = detection.run(&frame, between(0, 6)).unwrap();
    let first = detection.run(&frame, between(0, 3)).unwrap();
    let second = detection
        .run_with(&frame, between(3, 6), first.carry())
        .unwrap();
    let said: Vec<String> = first
        .events()
        .iter()
        .chain(second.events())
        .map(|event| format!("{event:?}"))
        .collect();
    let expected: Vec<String> = whole.events().iter().map(|e| format!("{e:?}")).collect();
    assert_eq!(said, expected);
}
