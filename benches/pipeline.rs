//! A whole detection from YAML: 1 000 slices of 90 daily values, three rules, with merge and
//! filters. Budget: 0.1 s. The same with incidents over all slices. A rule of Holt-Winters over as many,
//! fitted each week; budget: 1 s on two cores. And 10 000 slices of which the first hundred of each
//! day are watched.

#![allow(missing_docs, reason = "criterion's macros make public items")]

mod shops;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use shops::{DAYS, frame};
use tuatara::Detection;

const SLICES: usize = 1_000;

const SPEC: &str = "
detectionName: a thousand shops
metric: orders
dimensionExploration:
  dimensions: [shop]
rules:
  - detection:
      - name: week_over_week
        type: PERCENTAGE_RULE
        params: { offset: wo1w, percentageChange: 0.3 }
    filter:
      - name: lasting
        type: PERCENTAGE_CHANGE_FILTER
        params: { offset: median4w, threshold: 0.1 }
  - detection:
      - name: four_weeks
        type: PERCENTAGE_RULE
        params: { offset: median4w, percentageChange: 0.3 }
  - detection:
      - name: limit
        type: THRESHOLD
        params: { min: 20 }
";

/// What is watched is chosen anew for each of 90 days.
const RANKED: &str = "
detectionName: the large ones of ten thousand shops
metric: orders
dimensionExploration:
  dimensions: [shop]
  k: 100
  minValueDaily: 100
rules:
  - detection:
      - name: week_over_week
        type: PERCENTAGE_RULE
        params: { offset: wo1w, percentageChange: 0.3 }
";

const SMOOTHED: &str = "
detectionName: a thousand shops
metric: orders
dimensionExploration:
  dimensions: [shop]
rules:
  - detection: { name: smoothed, type: HOLT_WINTERS_RULE, params: PARAMS }
";

fn pipeline(c: &mut Criterion) {
    let frame = frame(SLICES);
    let mut group = c.benchmark_group("detection, 1 000 slices x 90 days, 3 rules");
    group.sample_size(20);
    group.throughput(Throughput::Elements(SLICES as u64 * DAYS as u64));
    group.bench_function("from YAML to anomalies", |b| {
        b.iter(|| {
            let detection = Detection::from_yaml(black_box(SPEC)).expect("a detection");
            let extent = detection.extent(&frame).expect("data");
            let report = detection.run(&frame, extent).expect("a run");
            black_box(report.anomalies().len())
        });
    });
    let grouped = format!("{SPEC}grouper: {{ type: INCIDENT_GROUPER }}\n");
    group.bench_function("from YAML to incidents", |b| {
        b.iter(|| {
            let detection = Detection::from_yaml(black_box(&grouped)).expect("a detection");
            let extent = detection.extent(&frame).expect("data");
            let report = detection.run(&frame, extent).expect("a run");
            black_box(report.incidents().len())
        });
    });
    group.finish();
}

fn smoothed(c: &mut Criterion) {
    let frame = frame(SLICES);
    let mut group = c.benchmark_group("detection, 1 000 slices x 90 days, fitted each week");
    group.sample_size(10);
    group.throughput(Throughput::Elements(SLICES as u64 * DAYS as u64));
    for (name, params) in [
        ("as told", "{ sensitivity: 8 }"),
        ("BOBYQA", "{ sensitivity: 8, optimizer: BOBYQA }"),
        (
            "GAUSS_NEWTON",
            "{ sensitivity: 8, optimizer: GAUSS_NEWTON }",
        ),
    ] {
        let spec = SMOOTHED.replace("PARAMS", params);
        let detection = Detection::from_yaml(&spec).expect("a detection");
        let extent = detection.extent(&frame).expect("data");
        group.bench_function(name, |b| {
            b.iter(|| {
                let report = detection.run(&frame, extent).expect("a run");
                black_box(report.anomalies().len())
            });
        });
    }
    group.finish();
}

fn ranked(c: &mut Criterion) {
    let slices = 10 * SLICES;
    let frame = frame(slices);
    let mut group = c.benchmark_group("detection, 10 000 slices x 90 days, 100 watched, 1 rule");
    group.sample_size(10);
    group.throughput(Throughput::Elements(slices as u64 * DAYS as u64));
    group.bench_function("from YAML to anomalies", |b| {
        b.iter(|| {
            let detection = Detection::from_yaml(black_box(RANKED)).expect("a detection");
            let extent = detection.extent(&frame).expect("data");
            let report = detection.run(&frame, extent).expect("a run");
            black_box(report.anomalies().len())
        });
    });
    group.finish();
}

criterion_group!(whole, pipeline, smoothed, ranked);
criterion_main!(whole);
