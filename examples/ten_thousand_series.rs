//! How do I watch ten thousand series at once?
//!
//! One detection by the dimension `host`: slices are judged in parallel, and what comes out is the same
//! on any number of threads. Five of the hosts were broken on the last day; nothing else may be told.
//! The time that it took goes to standard error.

use std::error::Error;
use std::time::Instant as Clock;

use tuatara::frame::{Frame, Granularity, Instant, Metric};
use tuatara::rules::PercentageRuleParams;
use tuatara::{Detection, Rule};

const HOSTS: usize = 10_000;
const DAYS: i64 = 60;
const DAY: i64 = 86_400_000;
/// Monday 5 January 2026, 00:00 UTC.
const START: i64 = 1_767_571_200_000;

/// Requests of a host on a day: weekends are calm, hosts differ, and nothing is quite regular.
fn requests(host: usize, day: i64) -> f64 {
    let weekend = day % 7 >= 5;
    let size = 1000.0 + (host % 97) as f64 * 10.0;
    let wobble = ((host as i64 * 7919 + day * 104_729) % 1009) as f64 / 1009.0;
    let broken = host % 2000 == 77 && day == DAYS - 1;
    size * if weekend { 0.6 } else { 1.0 } * (0.95 + 0.1 * wobble) * if broken { 0.3 } else { 1.0 }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Frame::builder("hosts", [Metric::new("requests")])
        .dimensions(["host"])
        .granularity(Granularity::days());
    for day in 0..DAYS {
        let stamp = Instant::from_millis(START + day * DAY)?;
        for host in 0..HOSTS {
            builder.row(stamp, &[&format!("host-{host:05}")], &[requests(host, day)])?;
        }
    }
    let frame = builder.build()?;

    let fell = PercentageRuleParams {
        offset: "median4w".to_owned(),
        percentage_change: Some(0.4),
        ..PercentageRuleParams::default()
    };
    let detection = Detection::builder("hosts that fell", "requests")
        .by(["host"])
        .rule(Rule::from_params("fell", fell)?)
        .build()?;
    let clock = Clock::now();
    let report = detection.run(&frame, detection.extent(&frame)?)?;
    eprintln!(
        "{} series in {:.2?}",
        report.slices().len(),
        clock.elapsed()
    );

    println!(
        "{} series of {DAYS} days, {} anomalies:",
        report.slices().len(),
        report.anomalies().len()
    );
    for anomaly in report.anomalies() {
        println!(
            "  {}  {:.0} instead of {:.0}",
            anomaly.slice, anomaly.observed, anomaly.expected
        );
    }
    Ok(())
}
