//! How the cost of Holt-Winters grows: per point with the length of the series, by one point of a
//! stream with a memo and without, and over ten thousand series at once.
//!
//! Each figure is printed beside another of the same run; none is meant alone.

use std::hint::black_box;
use std::time::Instant as Clock;

use tuatara::Detection;
use tuatara::frame::{Frame, Granularity, Instant, Metric};
use tuatara_core::{Forecast, Forecaster, Memo, Window};
use tuatara_frame::{Duration, Interval, Series, TimeAxis, Zone};
use tuatara_holt_winters::{FitSettings, HoltWinters, Periods, Weights};

/// Monday 5 January 2026.
const START: i64 = 1_767_571_200_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

const SPEC: &str = "
detectionName: ten thousand shops
metric: orders
dimensionExploration: { dimensions: [shop], combinationLimit: 10000 }
rules:
  - detection: { name: smoothed, type: HOLT_WINTERS_RULE, params: { sensitivity: 8 } }
";

/// The same numbers in [-0.5, 0.5) at every run.
struct Wobble(u64);

impl Wobble {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1_u64 << 24) as f64 - 0.5
    }
}

fn hourly(len: usize) -> Series {
    let mut wobble = Wobble(len as u64);
    let values = (0..len)
        .map(|t| 1000.0 + 40.0 * (t % 24) as f64 + 50.0 * wobble.next())
        .collect();
    let at = |millis| Instant::from_millis(millis).expect("within the calendar");
    let span = Interval::new(at(START), at(START + len as i64 * HOUR)).expect("in order");
    let step = Granularity::fixed(Duration::hours(1)).expect("one hour");
    let axis = TimeAxis::covering(step, Zone::UTC, span).expect("a grid");
    Series::new(axis, values).expect("as many values as buckets")
}

/// Seconds that the quickest of `times` runs of `work` takes.
fn quickest(times: usize, mut work: impl FnMut()) -> f64 {
    (0..times)
        .map(|_| {
            let start = Clock::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

/// Nanoseconds per row of the forecaster over a whole series of `len` hours.
fn per_point(forecaster: &HoltWinters, len: usize, times: usize) -> f64 {
    let series = hourly(len);
    let all = Window::whole(series.axis());
    let mut out = Forecast::default();
    let seconds = quickest(times, || {
        let mut memo = Memo::default();
        forecaster
            .forecast(series.view(), all, &mut memo, &mut out)
            .expect("a window of the axis");
        black_box(out.expected());
    });
    seconds * 1e9 / len as f64
}

fn lengths() {
    let periods = Periods::Steps(vec![24]);
    let weights = Weights::from_array([0.2, 0.05, 0.1, 0.1, 0.98, 0.2]);
    let given = HoltWinters {
        fit: FitSettings::given(weights),
        periods: periods.clone(),
        ..HoltWinters::default()
    };
    let fitted = HoltWinters {
        periods,
        ..HoltWinters::default()
    };
    for (name, forecaster, lengths) in [
        (
            "weights given",
            &given,
            &[1_000, 10_000, 100_000, 1_000_000][..],
        ),
        ("fitted each day", &fitted, &[1_000, 10_000, 100_000][..]),
    ] {
        let mut first = None;
        for &len in lengths {
            let times = (200_000 / len).clamp(1, 20);
            let cost = per_point(forecaster, len, times);
            let first = *first.get_or_insert(cost);
            println!(
                "{name}, {len} points: {cost:.0} ns per point, {:.2} times the shortest",
                cost / first
            );
        }
    }
}

/// One more point of an hourly stream.
fn stream() {
    let series = hourly(24 * 90);
    let forecaster = HoltWinters {
        periods: Periods::Steps(vec![24]),
        ..HoltWinters::default()
    };
    let len = series.axis().len();
    let last = Window::new(series.axis(), len - 1, len).expect("within");
    let mut out = Forecast::default();
    let mut one = |memo: &mut Memo| {
        forecaster
            .forecast(series.view(), last, memo, &mut out)
            .expect("a window of the axis");
        black_box(out.expected());
    };
    let cold = quickest(50, || one(&mut Memo::default()));
    let mut memo = Memo::default();
    one(&mut memo);
    let warm = quickest(50, || one(&mut memo));
    println!(
        "one more hour: {:.1} us with a memo, {:.0} times less than without",
        warm * 1e6,
        cold / warm
    );
}

fn shops(slices: usize, days: i64) -> Frame {
    let mut builder = Frame::builder("shops", [Metric::new("orders")])
        .dimensions(["shop"])
        .granularity(Granularity::days());
    let mut wobble = Wobble(7);
    for day in 0..days {
        let stamp = Instant::from_millis(START + day * DAY).expect("within the calendar");
        for shop in 0..slices {
            let orders = (100.0 + 20.0 * (day % 7) as f64) * (1.0 + 0.2 * wobble.next());
            builder
                .row(stamp, &[&format!("shop-{shop:05}")], &[orders])
                .expect("a row");
        }
    }
    builder.build().expect("a frame")
}

/// The most memory that the process has held, in MiB, where the system tells.
fn peak() -> String {
    let told = || {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some((kib / 1024).to_string())
    };
    told().unwrap_or_else(|| "?".to_owned())
}

fn many() {
    const SLICES: usize = 10_000;
    const DAYS: i64 = 365;
    let run = |frame: &Frame| {
        let detection = Detection::from_yaml(SPEC).expect("a detection");
        let extent = detection.extent(frame).expect("data");
        let start = Clock::now();
        let report = detection.run(frame, extent).expect("a run");
        black_box(report.anomalies().len());
        start.elapsed().as_secs_f64()
    };
    let few = shops(SLICES / 100, DAYS);
    let hundredth = (0..3).map(|_| run(&few)).fold(f64::INFINITY, f64::min);
    let frame = shops(SLICES, DAYS);
    let before = peak();
    let seconds = run(&frame);
    println!(
        "{SLICES} series of {DAYS} days, fitted each week: {:.0} points per second on all threads, \
         {:.0} times a hundredth of them; {before} MiB with the data, {} MiB at the end",
        SLICES as f64 * DAYS as f64 / seconds,
        seconds / hundredth,
        peak()
    );
}

fn main() {
    lengths();
    stream();
    many();
}
