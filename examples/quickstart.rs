//! Which days of the last two years were not as they should have been, and why?
//!
//! Reads a detection in YAML and a metric in CSV, both of which ship with the project, and prints
//! one line for each incident with its reason, then the whole reasoning for the first of them.

use std::error::Error;
use std::path::Path;

use tuatara::Detection;
use tuatara::frame::Metric;
use tuatara::frame::files::{self, ReadOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = Detection::from_yaml(&std::fs::read_to_string(here.join("revenue.yaml"))?)?;
    let frame = files::read_path(
        here.join("../datasets/daily-revenue.csv"),
        &ReadOptions::new().metric(Metric::new("revenue")),
    )?;

    let report = detection.run(&frame, detection.extent(&frame)?)?;

    println!(
        "{} in two years of {}:",
        detection.name(),
        detection.metric()
    );
    for anomaly in report.anomalies() {
        let why = &report.explain(&anomaly.slice, anomaly.peak.at)?[0];
        let first = frame.zone().local(anomaly.interval.start()).date();
        let days = anomaly.flagged;
        println!(
            "  {first}, {days} day{}. {}",
            if days == 1 { "" } else { "s" },
            why.headline()
        );
    }

    if let Some(anomaly) = report.anomalies().first() {
        println!("\nThe first of them in full:");
        let start = anomaly.interval.start();
        print!("{}", report.explain(&anomaly.slice, start)?[0]);
    }
    Ok(())
}
