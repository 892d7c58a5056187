//! What is usual changes for good: one anomaly until then, and one change of level.
#![cfg(feature = "holt-winters")]

use tuatara::core::Shift;
use tuatara::frame::{Frame, Granularity, Instant, Interval, Metric};
use tuatara::{Detection, LevelChange, Report};

const SPEC: &str = "
detectionName: two shops
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: smoothed, type: HOLT_WINTERS_RULE, params: { sensitivity: 5, minRel: 0.1 } }
";
const DAY: i64 = 86_400_000;
/// Monday 5 January 2026.
const START: i64 = 1_767_571_200_000;
/// Shop b sells half as much again from this day on.
const CHANGE: i64 = 45;
const DAYS: i64 = 90;

fn at(day: i64) -> Instant {
    Instant::from_millis(START + day * DAY).unwrap()
}

fn shops() -> Frame {
    let mut builder = Frame::builder("shops", [Metric::new("orders")])
        .dimensions(["shop"])
        .granularity(Granularity::days());
    for day in 0..DAYS {
        let week = [100.0, 104.0, 98.0, 110.0, 130.0, 60.0, 50.0][(day % 7) as usize];
        let wobble = 1.0 + 0.02 * ((day * 37 % 11) as f64 - 5.0) / 5.0;
        let times = if day < CHANGE { 1.0 } else { 1.5 };
        builder.row(at(day), &["a"], &[week * wobble]).unwrap();
        builder
            .row(at(day), &["b"], &[week * wobble * times])
            .unwrap();
    }
    builder.build().unwrap()
}

fn run(frame: &Frame, from: i64, until: i64) -> Report {
    let detection = Detection::from_yaml(SPEC).unwrap();
    let interval = Interval::new(at(from), at(until)).unwrap();
    detection.run(frame, interval).unwrap()
}

#[test]
fn a_level_that_lasts_is_one_anomaly_and_one_change() {
    let report = run(&shops(), 21, DAYS);
    let [change] = &report.level_changes()[..] else {
        panic!("{:?}", report.level_changes());
    };
    // A week of days is a new level, where nothing else is said.
    let (since, adopted) = (at(CHANGE), at(CHANGE + 7));
    assert_eq!((change.since, change.adopted), (since, adopted));
    assert_eq!(change.slice.to_string(), "orders{shop=b}");
    assert_eq!(change.rule, "smoothed:HOLT_WINTERS_RULE");
    assert!(
        matches!(change.shift, Shift::Times(times) if (times - 1.5).abs() < 0.05),
        "{change}"
    );
    let found: Vec<Interval> = report.anomalies().iter().map(|one| one.interval).collect();
    assert_eq!(found, [Interval::new(since, adopted).unwrap()]);
    let notes = report.notes();
    assert!(notes.contains(&change.to_string()), "{notes:?}");
}

/// Wherever time is cut, each change belongs to one run.
#[test]
fn a_change_is_told_by_the_run_that_judges_the_day_it_is_adopted_with() {
    let frame = shops();
    let whole = run(&frame, 21, DAYS).level_changes();
    for cut in 22..DAYS {
        let parts = [(21, cut), (cut, DAYS)].map(|(from, until)| run(&frame, from, until));
        let told: Vec<LevelChange> = parts.iter().flat_map(Report::level_changes).collect();
        assert_eq!(told, whole, "cut at {cut}");
    }
}
