//! Rules and baselines over one long hourly series, into reused columns, beside the physical limits:
//! copying, and merely writing, as many bytes as the columns of a rule have.
//!
//! A rule is run over the whole series, whose columns no cache holds, and over one window after
//! the other, as a host does that passes the rows on: the same answers by Law 1, from columns that
//! stay in the cache.
//!
//! Budgets, per point: a rule over `wo1w` 10 ns, the `median4w` baseline 35 ns.

#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;
use std::ops::Range;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tuatara_baseline::Baseline;
use tuatara_core::{
    BLOCK, BuildContext, Detector, Evaluation, Forecast, Forecaster, Memo, Params, Window,
};
use tuatara_frame::{Duration, Granularity, Instant, Interval, Series, TimeAxis, Zone};
use tuatara_rules::{AbsoluteChangeRuleParams, PercentageRuleParams, ThresholdParams};

const POINTS: usize = 1_000_000;
/// Buckets of a window whose columns stay in the cache.
const WINDOW: usize = 8192;
/// Observed, expected, lower, upper and score; the verdict is a byte.
const NUMBERS: usize = 5;
/// 1950-01-01T00:00:00Z, so that a million hours end in 2064.
const START: i64 = -631_152_000_000;
const HOUR: i64 = 3_600_000;

/// A daily and a weekly shape with a repeatable wobble, and a missing value now and then.
fn series(zone: Zone) -> Series {
    let end = START + POINTS as i64 * HOUR;
    let at = |millis| Instant::from_millis(millis).expect("within the calendar");
    let span = Interval::new(at(START), at(end)).expect("in order");
    let hourly = Granularity::fixed(Duration::hours(1)).expect("one hour");
    let axis = TimeAxis::covering(hourly, zone, span).expect("a grid");
    let mut state = 1_u64;
    let values = (0..axis.len())
        .map(|i| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let wobble = (state >> 40) as f64 / (1_u64 << 24) as f64;
            if state.is_multiple_of(997) {
                return f64::NAN;
            }
            100.0 + ((i % 24) as f64 - 12.0).abs() + 5.0 * ((i / 24 % 7) as f64) + 10.0 * wobble
        })
        .collect();
    Series::new(axis, values).expect("as many values as buckets")
}

/// As many bytes as the columns of an evaluation have.
#[derive(Clone)]
struct Rows {
    numbers: [Vec<f64>; NUMBERS],
    verdicts: Vec<u8>,
}

impl Rows {
    fn new(rows: usize) -> Self {
        Self {
            numbers: std::array::from_fn(|_| vec![0.5; rows]),
            verdicts: vec![1; rows],
        }
    }

    fn copy(&mut self, from: &Self) {
        for (to, from) in self.numbers.iter_mut().zip(&from.numbers) {
            to.copy_from_slice(from);
        }
        self.verdicts.copy_from_slice(&from.verdicts);
    }

    fn fill(&mut self, rows: Range<usize>, number: f64) {
        for column in &mut self.numbers {
            column[rows.clone()].fill(number);
        }
        self.verdicts[rows].fill(1);
    }
}

fn rules(c: &mut Criterion) {
    let utc = series(Zone::UTC);
    let context = BuildContext::new("bench");
    let threshold = ThresholdParams {
        min: Some(101.0),
        max: Some(145.0),
    };
    let percentage = PercentageRuleParams {
        percentage_change: Some(0.1),
        ..PercentageRuleParams::default()
    };
    let absolute = AbsoluteChangeRuleParams {
        absolute_change: Some(12.0),
        ..AbsoluteChangeRuleParams::default()
    };
    let rules: [(&str, Box<dyn Detector>); 3] = [
        ("threshold", threshold.build(&context).expect("valid")),
        (
            "percentage wo1w",
            percentage.build(&context).expect("valid"),
        ),
        ("absolute wo1w", absolute.build(&context).expect("valid")),
    ];
    let mut group = c.benchmark_group("rule, all columns, 1 M points");
    group.throughput(Throughput::Elements(POINTS as u64));
    let rows = Rows::new(POINTS);
    let mut to = rows.clone();
    group.bench_function("limit: copy of as many bytes", |b| {
        b.iter(|| to.copy(black_box(&rows)));
    });
    group.bench_function("limit: writing as many bytes", |b| {
        b.iter(|| {
            for start in (0..POINTS).step_by(BLOCK) {
                to.fill(start..POINTS.min(start + BLOCK), black_box(1.0));
            }
            black_box(&to);
        });
    });
    group.bench_function("limit: writing as many bytes, by windows", |b| {
        let mut rows = Rows::new(WINDOW);
        b.iter(|| {
            for start in (0..POINTS).step_by(WINDOW) {
                rows.fill(0..WINDOW.min(POINTS - start), black_box(1.0));
                black_box(&rows);
            }
        });
    });
    for (name, rule) in rules {
        for (how, rows) in [("whole", POINTS), ("by windows", WINDOW)] {
            // Outside of the closure, which is called for every sample: fresh columns cost page faults.
            let (mut memo, mut out) = (Memo::default(), Evaluation::default());
            group.bench_function(format!("{name}, {how}"), |b| {
                b.iter(|| {
                    for start in (0..POINTS).step_by(rows) {
                        let end = POINTS.min(start + rows);
                        let window = Window::new(utc.axis(), start, end).expect("on the axis");
                        rule.evaluate(black_box(utc.view()), window, &mut memo, &mut out)
                            .expect("a window of the series");
                        black_box(out.score().last());
                    }
                });
            });
        }
    }
    group.finish();
}

fn baselines(c: &mut Criterion) {
    let utc = series(Zone::UTC);
    let berlin = series("Europe/Berlin".parse().expect("a zone"));
    let mut group = c.benchmark_group("baseline, 1 M points");
    group.throughput(Throughput::Elements(POINTS as u64));
    for (name, offset, series) in [
        ("wo1w", "wo1w", &utc),
        ("median4w", "median4w", &utc),
        ("mean4w", "mean4w", &utc),
        ("median7d", "median7d", &utc),
        ("median4w in Berlin", "median4w", &berlin),
        ("mo1m in Berlin", "mo1m", &berlin),
    ] {
        let baseline = Baseline::new(offset.parse().expect("an offset"));
        let (mut memo, mut out) = (Memo::default(), Forecast::default());
        group.bench_function(name, |b| {
            let window = Window::whole(series.axis());
            b.iter(|| {
                baseline
                    .forecast(black_box(series.view()), window, &mut memo, &mut out)
                    .expect("a whole window");
                black_box(out.expected()[POINTS - 1])
            });
        });
    }
    group.finish();
}

criterion_group!(columns, rules, baselines);
criterion_main!(columns);
