//! Holt-Winters: one fit with all its starts, a pass of a fitted model, and eight passes side by side
//! against one.
//!
//! Budgets: a fit of a year of days (season 7) 0.5 ms by BOBYQA and 0.1 ms by Gauss-Newton, of 30 days
//! of hours (season 24) 1.0 and 0.2 ms; a pass of a fitted model 10 ns per point.

#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tuatara_core::{Forecast, Forecaster, Memo, Window};
use tuatara_frame::{Duration, Granularity, Instant, Interval, Series, TimeAxis, Zone};
use tuatara_holt_winters::{
    FitSettings, HoltWinters, Model, Optimizer, Outliers, Periods, Season, Trend,
};

const SERIES: u64 = 200;
/// 2020-01-06T00:00:00Z, a Monday.
const START: i64 = 1_578_268_800_000;
const HOUR: i64 = 3_600_000;

/// A trend, a season of `period` and repeatable noise.
fn values(seed: u64, len: usize, period: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut noise = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64 - 0.5
    };
    let shape: Vec<f64> = (0..period).map(|_| 1.0 + 0.6 * noise()).collect();
    let mut level = 1000.0;
    (0..len)
        .map(|t| {
            level += 0.2 + 8.0 * noise();
            level * shape[t % period] * (1.0 + 0.05 * noise())
        })
        .collect()
}

fn fits(c: &mut Criterion) {
    for (name, len, period) in [
        ("365 days, season 7", 365, 7),
        ("720 hours, season 24", 720, 24),
    ] {
        let all: Vec<Vec<f64>> = (0..SERIES).map(|seed| values(seed, len, period)).collect();
        for season in [Season::Additive, Season::Multiplicative] {
            let model = Model::new(Trend::Additive, season, &[period]).expect("a season");
            for optimizer in [Optimizer::Bobyqa, Optimizer::GaussNewton] {
                let settings = FitSettings::default().with_optimizer(optimizer);
                let mut next = all.iter().cycle();
                c.bench_function(&format!("fit {name}, {season:?}, {optimizer}"), |b| {
                    b.iter(|| model.fit(black_box(next.next().expect("a cycle")), &settings));
                });
            }
        }
    }
}

fn lanes(c: &mut Criterion) {
    let series = values(1, 365, 7);
    for season in [Season::Additive, Season::Multiplicative] {
        let model = Model::new(Trend::Additive, season, &[7]).expect("a season");
        let eight: [Vec<f64>; 8] =
            std::array::from_fn(|lane| vec![0.1 + 0.1 * lane as f64, 0.1, 0.2]);
        let settings = FitSettings::default();
        model
            .with_objective(&series, &settings, |cost| {
                c.bench_function(&format!("1 pass of 365, {season:?}"), |b| {
                    b.iter(|| cost.cost_at(black_box(&eight[0])));
                });
                c.bench_function(&format!("8 passes of 365 side by side, {season:?}"), |b| {
                    b.iter(|| cost.cost_of_lanes(black_box(&eight)));
                });
            })
            .expect("long enough");
    }
}

fn hourly(values: Vec<f64>) -> Series {
    let at = |millis| Instant::from_millis(millis).expect("within the calendar");
    let span = Interval::new(at(START), at(START + values.len() as i64 * HOUR)).expect("in order");
    let step = Granularity::fixed(Duration::hours(1)).expect("one hour");
    let axis = TimeAxis::covering(step, Zone::UTC, span).expect("a grid");
    Series::new(axis, values).expect("as many values as buckets")
}

/// Rows of one refit, the fit known: what a pass costs per point, and one more point of a stream.
fn passes(c: &mut Criterion) {
    let series = hourly(values(3, 24 * 60, 24));
    let of = |outliers| HoltWinters {
        periods: Periods::Steps(vec![24]),
        outliers,
        ..HoltWinters::default()
    };
    let day = Window::new(series.axis(), 24 * 50, 24 * 51).expect("within");
    let last = Window::new(series.axis(), 24 * 51 - 1, 24 * 51).expect("within");
    let mut group = c.benchmark_group("warm memo");
    for (name, outliers) in [
        ("leave out", Outliers::LeaveOut),
        ("learn", Outliers::Learn),
    ] {
        for (what, window) in [("a day", day), ("a point", last)] {
            let (forecaster, mut memo, mut out) =
                (of(outliers), Memo::default(), Forecast::default());
            group.throughput(Throughput::Elements(window.len() as u64));
            group.bench_function(format!("{what}, {name}"), |b| {
                b.iter(|| {
                    forecaster
                        .forecast(series.view(), window, &mut memo, &mut out)
                        .expect("a window of the axis");
                    black_box(out.expected());
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, fits, lanes, passes);
criterion_main!(benches);
