//! A page of a thousand slices beside the detection that found what is on it: drawing may take no
//! longer than finding.

mod shops;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use shops::frame;
use tuatara::Detection;
use tuatara_report::{Ink, Page};

const SPEC: &str = "
detectionName: a thousand shops
metric: orders
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: week_over_week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
    filter: { name: lasting, type: PERCENTAGE_CHANGE_FILTER, params: { offset: median4w, threshold: 0.1 } }
  - detection: { name: four_weeks, type: PERCENTAGE_RULE, params: { offset: median4w, percentageChange: 0.3 } }
  - detection: { name: limit, type: THRESHOLD, params: { min: 20 } }
";

fn report(c: &mut Criterion) {
    let frame = frame(1_000);
    let detection = Detection::from_yaml(SPEC).expect("a detection");
    let extent = detection.extent(&frame).expect("data");
    let run = || detection.run(&frame, extent).expect("a run");
    let report = run();
    let mut group = c.benchmark_group("a thousand slices");
    group.sample_size(20);
    group.bench_function("detection", |b| b.iter(run));
    group.bench_function("page", |b| {
        b.iter(|| {
            Page::of(black_box(&report))
                .spec(SPEC)
                .html()
                .expect("a page")
        });
    });
    group.bench_function("terminal", |b| {
        b.iter(|| Page::of(black_box(&report)).terminal(Ink::Plain));
    });
    group.finish();
}

criterion_group!(benches, report);
criterion_main!(benches);
