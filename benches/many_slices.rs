//! 100 000 slices of 90 daily values: one run of three rules with filters, merges across rules and
//! incidents, its time beside that of a thousand slices in the same process, and the memory it took.

mod shops;

use std::hint::black_box;
use std::time::{Duration, Instant as Clock};

use shops::frame;
use tuatara::Detection;
use tuatara::frame::Frame;

const SPEC: &str = "
detectionName: a hundred thousand shops
metric: orders
dimensionExploration: { dimensions: [shop], combinationLimit: 100000 }
rules:
  - detection: { name: week_over_week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
    filter: { name: lasting, type: PERCENTAGE_CHANGE_FILTER, params: { offset: median4w, threshold: 0.1 } }
  - detection: { name: four_weeks, type: PERCENTAGE_RULE, params: { offset: median4w, percentageChange: 0.3 } }
  - detection: { name: limit, type: THRESHOLD, params: { min: 20 } }
grouper: { type: INCIDENT_GROUPER }
";

/// The most memory that the process has held, in MiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}

fn run(frame: &Frame) -> (Duration, usize, usize) {
    let detection = Detection::from_yaml(black_box(SPEC)).expect("a detection");
    let extent = detection.extent(frame).expect("data");
    let start = Clock::now();
    let report = detection.run(frame, extent).expect("a run");
    let (anomalies, incidents) = (report.anomalies().len(), report.incidents().len());
    (start.elapsed(), anomalies, incidents)
}

fn main() {
    let told = |peak: Option<u64>| peak.map_or("?".to_owned(), |mib| mib.to_string());
    let few = frame(1_000);
    let (one, ..) = (0..5).map(|_| run(&few)).min().expect("five runs");
    let many = frame(100_000);
    let before = peak();
    let (time, anomalies, incidents) = run(&many);
    println!(
        "100 000 slices: {anomalies} anomalies, {incidents} incidents; {:.0} times a thousand slices; \
         {} MiB of data, {} MiB in all",
        time.as_secs_f64() / one.as_secs_f64(),
        told(before),
        told(peak())
    );
}
