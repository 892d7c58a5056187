//! How long does it take to see what a specification would have told of thirty days of hourly data on a
//! thousand slices? By the clock, and of processors, which other programs disturb less (on Linux).

use std::fs;
use std::time::Instant as Clock;

use tuatara::Detection;
use tuatara::frame::{Duration, Frame, Granularity, Instant, Interval, Metric};
use tuatara_backtest::{Backtest, Known, Ran};
use tuatara_metrics::labelled::LabelledIncident;
use tuatara_synth::draw::Draw;

const SPEC: &str = "
detectionName: visits of shops
metric: visits
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: week_over_week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.4 } }
    filter: { name: lasting, type: DURATION_FILTER, params: { minDuration: PT2H } }
  - detection: { name: far, type: ROBUST_ZSCORE, params: { lookback: P7D, threshold: 6 } }
merger: { maxGap: 0 }
";

const SLICES: usize = 1_000;
const HOURS: i64 = 30 * 24;
/// Monday 5 January 2026.
const START: i64 = 1_767_571_200_000;
const HOUR: i64 = 3_600_000;
/// How often each part is timed; the median counts.
const RUNS: usize = 5;

fn at(hour: i64) -> Instant {
    Instant::from_millis(START + hour * HOUR).expect("within the calendar")
}

/// Visits with the shape of a day, and in each tenth shop six hours in which half of them are missing.
fn shops() -> Result<(Frame, Vec<LabelledIncident>), Box<dyn std::error::Error>> {
    let hourly = Granularity::fixed(Duration::hours(1))?;
    let builder = Frame::builder("shops", [Metric::new("visits")]).granularity(hourly);
    let mut rows = builder.dimensions(["shop"]);
    let mut draw = Draw::new(1, "thousand slices", 0);
    let incident = |shop: usize| (shop.is_multiple_of(10)).then(|| 300 + (shop as i64 * 7) % 400);
    let names: Vec<String> = (0..SLICES).map(|shop| format!("shop-{shop:04}")).collect();
    let mut incidents = Vec::new();
    for (shop, name) in names.iter().enumerate() {
        if let Some(from) = incident(shop) {
            incidents.push(LabelledIncident {
                interval: Interval::new(at(from), at(from + 6))?,
                dimensions: vec![("shop".to_owned(), name.clone())],
                kind: None,
                size: None,
                label: None,
                line: 0,
            });
        }
    }
    for hour in 0..HOURS {
        let shape = 100.0 + 10.0 * (12 - (hour % 24 - 12).abs()) as f64;
        for (shop, name) in names.iter().enumerate() {
            let is_low = incident(shop).is_some_and(|from| (from..from + 6).contains(&hour));
            let visits = shape * draw.between(0.9, 1.1) * if is_low { 0.5 } else { 1.0 };
            rows.row(at(hour), &[name], &[visits])?;
        }
    }
    Ok((rows.build()?, incidents))
}

/// The processor time of all threads so far, in seconds; 0 where no list of threads is kept.
fn processors() -> f64 {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else {
        return 0.0;
    };
    let nanos = tasks.filter_map(|task| {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    nanos.sum::<u64>() as f64 / 1e9
}

/// By the clock and of processors, in seconds.
struct Watch(Clock, f64);

impl Watch {
    fn start() -> Self {
        Self(Clock::now(), processors())
    }

    fn stop(self) -> [f64; 2] {
        [self.0.elapsed().as_secs_f64(), processors() - self.1]
    }
}

fn median(times: &[[f64; 2]]) -> String {
    let [clock, processors] = [0, 1].map(|of| {
        let mut times: Vec<f64> = times.iter().map(|both| both[of]).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    format!("{clock:.2} s ({processors:.2} s of processors)")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (frame, incidents) = shops()?;
    let detection = Detection::from_yaml(SPEC)?;
    let history = detection.extent(&frame)?;
    let known = Known::Incidents(incidents);
    let (mut engine, mut scored, mut measured) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = None;
    for _ in 0..RUNS {
        let begin = Watch::start();
        let ran = Ran::over(&detection, &frame, history, Duration::ZERO, None)?;
        engine.push(begin.stop());
        let begin = Watch::start();
        let mut backtest = Backtest::new(["visits"]);
        backtest.add(None, &[(&ran, &frame)], &known)?;
        scored.push(begin.stop());
        let begin = Watch::start();
        last = Some(backtest.contestants(1)?);
        measured.push(begin.stop());
    }
    let contestants = last.ok_or("it ran")?;
    let operator = &contestants[0].total.operator;
    println!(
        "{SLICES} slices, {HOURS} hours: {} alerts, {} of {} incidents found",
        operator.alerts,
        operator.found.len(),
        operator.incidents
    );
    println!("the engine {}", median(&engine));
    println!("alerts and incidents by series {}", median(&scored));
    println!(
        "every measure of three contestants, on each series and all, {}",
        median(&measured)
    );
    Ok(())
}
