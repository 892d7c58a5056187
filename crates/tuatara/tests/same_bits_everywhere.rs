//! The bits of a report do not depend on the number of threads, nor on the machine.

#![cfg(all(feature = "yaml", feature = "files"))]

use std::path::{Path, PathBuf};

use tuatara::core::{Anomaly, Row};
use tuatara::frame::files::{self, ReadOptions};
use tuatara::frame::{Metric, StableHash};
use tuatara::{Detection, Report};

/// Hashes of all rows, events and anomalies on the shipped orders, and of the state afterwards, as
/// found on the machine that wrote this test. Another number on another machine is a defect; after
/// a change of the data, of a specification or of a rule it is to be expected.
const SHIPPED: [&str; 2] = [
    "549a0f441f48163bc593d6b1ff580097",
    "d9f43acd507727d55f275233fdf0c974",
];
const TOUCHY: [&str; 2] = [
    "eda69cd87bf48327d3c82331ab91919d",
    "15efa89a5f19f968cadb82c324822fc9",
];

/// The touchy detection where a part of the combinations is watched.
const RANKED: [&str; 2] = [
    "7ee7ee5db3cc4d817359fbec7624d439",
    "06b2ced2eef47656c88434c0226951d5",
];

/// Rules of several zones and steps with narrow bands, so that much is found and much is open.
const TOUCHY_SPEC: &str = "
detectionName: touchy
metric: orders
dimensionExploration: { dimensions: [country, platform] }
rules:
  - detection:
      - name: two_weeks
        type: PERCENTAGE_RULE
        timezone: America/Sao_Paulo
        params: { offset: mean2w, percentageChange: 0.1 }
    filter:
      - name: far
        type: PERCENTAGE_CHANGE_FILTER
        params: { offset: median4w, upThreshold: 0.12, downThreshold: 0.08 }
  - detection:
      - name: by_day
        type: ABSOLUTE_CHANGE_RULE
        params: { offset: mean3w, absoluteChange: 150, monitoringGranularity: 1_DAYS }
    filter:
      - { name: short, type: DURATION_FILTER, params: { maxDuration: P3D } }
merger: { maxGap: P1D, maxDuration: P4D }
";

fn take_row(hash: &mut StableHash, row: &Row) {
    for number in [row.observed, row.expected, row.lower, row.upper, row.score] {
        hash.write_f64(number);
    }
    hash.write_str(&row.verdict.to_string());
}

fn take_anomaly(hash: &mut StableHash, anomaly: &Anomaly) {
    hash.write_str(&anomaly.id.to_string());
    hash.write_str(&anomaly.slice.to_string());
    hash.write_str(&anomaly.rules.join(","));
    hash.write_i64(anomaly.interval.start().millis());
    hash.write_i64(anomaly.interval.end().millis());
    hash.write_i64(anomaly.reportable_at.map_or(-1, |at| at.millis()));
    hash.write_i64(i64::from(anomaly.flagged));
    for word in [
        &anomaly.status as &dyn ToString,
        &anomaly.direction,
        &anomaly.severity,
    ] {
        hash.write_str(&word.to_string());
    }
    hash.write_i64(anomaly.peak.at.millis());
    let peak = [
        anomaly.peak.score,
        anomaly.peak.observed,
        anomaly.peak.expected,
    ];
    let whole = [
        anomaly.observed,
        anomaly.expected,
        anomaly.lower,
        anomaly.upper,
    ];
    for number in peak.into_iter().chain(whole) {
        hash.write_f64(number);
    }
    for judgement in &anomaly.judgements {
        hash.write_str(&judgement.to_string());
        hash.write_f64(judgement.value);
    }
}

/// Everything in the report, in its order.
fn hash_of(report: &Report) -> String {
    let mut hash = StableHash::new();
    for slice in report.slices() {
        hash.write_str(&slice.key().to_string());
        for rule in slice.rules() {
            hash.write_str(rule.name());
            for (bucket, row) in rule.rows() {
                hash.write_i64(bucket.start().millis());
                take_row(&mut hash, &row);
            }
        }
    }
    for event in report.events() {
        hash.write_i64(event.at.millis());
        hash.write_str(&event.kind.to_string());
        take_anomaly(&mut hash, &event.anomaly);
    }
    for anomaly in report.anomalies().iter().chain(report.removed()) {
        take_anomaly(&mut hash, anomaly);
    }
    format!("{:032x}", hash.finish())
}

fn hash_of_state(report: &Report) -> String {
    let mut hash = StableHash::new();
    hash.write_str(&serde_json::to_string(report.carry()).unwrap());
    format!("{:032x}", hash.finish())
}

fn run(spec: &str, threads: usize) -> Report {
    let detection = Detection::from_yaml(spec).unwrap();
    let options = ReadOptions::new()
        .metric(Metric::new("orders"))
        .dimension("country")
        .dimension("platform");
    let frame = files::read_path(root().join("datasets/hourly-orders.csv"), &options).unwrap();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let extent = detection.extent(&frame).unwrap();
    pool.install(|| detection.run(&frame, extent)).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_shipped_detection_gives_these_bits_on_any_number_of_threads() {
    let spec = std::fs::read_to_string(root().join("examples/orders.yaml")).unwrap();
    for threads in [1, 2, 7] {
        let report = run(&spec, threads);
        assert_eq!(report.slices().len(), 12);
        assert_eq!(
            [hash_of(&report), hash_of_state(&report)],
            SHIPPED,
            "{threads} threads"
        );
    }
}

#[test]
fn a_touchy_detection_gives_these_bits_on_any_number_of_threads() {
    for threads in [1, 2, 7] {
        let report = run(TOUCHY_SPEC, threads);
        let found = [
            report.anomalies().len(),
            report.removed().len(),
            report.carry().len(),
        ];
        assert!(
            found[0] > 100 && found[1] > 500 && found[2] > 10,
            "{found:?}"
        );
        assert_eq!(
            [hash_of(&report), hash_of_state(&report)],
            TOUCHY,
            "{threads} threads"
        );
    }
}

#[test]
fn what_is_watched_is_the_same_on_any_number_of_threads() {
    let all = "dimensions: [country, platform]";
    let large = format!("{all}, minContribution: 0.065, k: 7, lookback: 3d");
    let spec = TOUCHY_SPEC.replace(all, &large);
    for threads in [1, 2, 7] {
        let report = run(&spec, threads);
        let mut counts: Vec<usize> = report.watched_by_day().iter().map(|day| day.1).collect();
        counts.sort_unstable();
        counts.dedup();
        assert!(counts.len() > 2, "{counts:?}");
        assert_eq!(
            [hash_of(&report), hash_of_state(&report)],
            RANKED,
            "{threads} threads"
        );
    }
}
