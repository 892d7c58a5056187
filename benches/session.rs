//! A slider over 100 slices of a year of hours, `HOLT_WINTERS_RULE` with two filters: what a step
//! takes that needs no refit, by the stage from which on it runs. Budget: 100 ms for each. What is
//! fitted anew is timed once, apart; there a model is fitted each week, which no step depends on.

#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant as Clock;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tuatara::frame::{Duration, Frame, Granularity, Instant, Interval, Metric};
use tuatara::{Answer, Detection, Session};

const SLICES: usize = 100;
const HOURS: i64 = 8_760;
/// Monday 6 January 2025.
const START: i64 = 1_736_121_600_000;
const HOUR: i64 = 3_600_000;

/// Hourly orders of many shops: a day's and a week's shape, noise, and a few broken hours each month.
fn frame() -> Frame {
    let hourly = Granularity::fixed(Duration::hours(1)).expect("a step");
    let mut builder = Frame::builder("shops", [Metric::new("orders")])
        .dimensions(["shop"])
        .granularity(hourly);
    let mut state = 7_u64;
    let mut broken = [0_u32; SLICES];
    for hour in 0..HOURS {
        let stamp = Instant::from_millis(START + hour * HOUR).expect("within the calendar");
        for (shop, broken) in broken.iter_mut().enumerate() {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let wobble = (state >> 40) as f64 / (1_u64 << 24) as f64;
            *broken = match (state >> 20).is_multiple_of(250) {
                true => 4,
                false => broken.saturating_sub(1),
            };
            let day = [0.5, 0.4, 0.6, 1.2, 1.5, 1.0][(hour % 24 / 4) as usize];
            let week = if hour % 168 < 120 { 1.0 } else { 0.7 };
            let orders = 1_000.0 * day * week * (0.9 + 0.2 * wobble);
            let orders = orders * if *broken > 0 { 0.6 } else { 1.0 };
            let name = format!("shop-{shop:03}");
            builder.row(stamp, &[&name], &[orders]).expect("a row");
        }
    }
    builder.build().expect("a frame")
}

/// Settings that a slider turns.
#[derive(Debug, Clone, Copy)]
struct Settings {
    alpha: f64,
    sensitivity: f64,
    threshold: f64,
    max_gap: u32,
}

const AT_FIRST: Settings = Settings {
    alpha: -1.0,
    sensitivity: 5.0,
    threshold: 0.1,
    max_gap: 2,
};

impl Settings {
    fn yaml(self) -> String {
        let Self {
            alpha,
            sensitivity,
            threshold,
            max_gap,
        } = self;
        format!(
            "
detectionName: a hundred shops
metric: orders
dimensionExploration: {{ dimensions: [shop] }}
rules:
  - detection:
      - name: smooth
        type: HOLT_WINTERS_RULE
        params: {{ refit: WEEK, alpha: {alpha}, sensitivity: {sensitivity} }}
    filter:
      - {{ name: lasting, type: DURATION_FILTER, params: {{ minDuration: PT2H }} }}
      - name: far
        type: PERCENTAGE_CHANGE_FILTER
        params: {{ offset: median4w, threshold: {threshold} }}
merger: {{ maxGap: PT{max_gap}H }}
"
        )
    }

    fn answer(self, session: &mut Session, interval: Interval) -> Answer {
        let detection = Detection::from_yaml(black_box(&self.yaml())).expect("a detection");
        session.run(&detection, interval).expect("a run")
    }
}

fn steps(c: &mut Criterion) {
    let frame = Arc::new(frame());
    let detection = Detection::from_yaml(&AT_FIRST.yaml()).expect("a detection");
    let interval = detection.extent(&*frame).expect("data");
    let mut session = Session::new(frame);
    let start = Clock::now();
    let first = AT_FIRST.answer(&mut session, interval);
    println!(
        "the first run: {:.1} s, {} anomalies, {} removed; {}",
        start.elapsed().as_secs_f64(),
        first.report.anomalies().len(),
        first.report.removed().len(),
        first.ran
    );
    drop(first);

    let mut group = c.benchmark_group("a slider, 100 slices x 8 760 hours, HOLT_WINTERS_RULE");
    group.sample_size(20);
    group.throughput(Throughput::Elements(SLICES as u64 * HOURS as u64));
    // A setting that was not there before, each time.
    let mut turn = 0.0;
    let mut step = |name: &str, turned: fn(f64) -> Settings| {
        let said = turned(0.0).answer(&mut session, interval).ran;
        println!("{name}: {said}");
        group.bench_function(name, |b| {
            b.iter(|| {
                turn = (turn + 1.0) % 97.0;
                let answer = turned(turn).answer(&mut session, interval);
                black_box(answer.report.anomalies().len())
            });
        });
    };
    step("nothing", |_| AT_FIRST);
    step("threshold of a filter", |turn| Settings {
        threshold: 0.1 + 0.001 * turn,
        ..AT_FIRST
    });
    step("maxGap", |turn| Settings {
        max_gap: 1 + turn as u32,
        ..AT_FIRST
    });
    step("sensitivity", |turn| Settings {
        sensitivity: 5.0 + 0.01 * turn,
        ..AT_FIRST
    });
    group.finish();

    let start = Clock::now();
    let given = Settings {
        alpha: 0.2,
        ..AT_FIRST
    };
    let refitted = given.answer(&mut session, interval).ran;
    println!("alpha: {:.1} s; {refitted}", start.elapsed().as_secs_f64());
}

criterion_group!(slider, steps);
criterion_main!(slider);
