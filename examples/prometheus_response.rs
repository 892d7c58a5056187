//! Which of my services is slow?
//!
//! Reads what Prometheus answers to a `query_range`, here the 99th percentile of how long four
//! services take, as `curl` would have saved it. Each service is compared with itself at the same
//! time of the days before, so that one that always takes its time is not called slow. One series
//! begins in the middle, another is `NaN` at night; neither is an alarm.

use std::error::Error;
use std::path::Path;

use tuatara::core::Verdict;
use tuatara::{Detection, files};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = Detection::from_yaml(&std::fs::read_to_string(here.join("latency.yaml"))?)?;
    let data = files::open([here.join("../datasets/five-minute-latency.json")])
        .for_detection(&detection)
        .read()?;
    let report = detection.run(&data.frame, detection.extent(&data.frame)?)?;

    for slice in report.slices() {
        let key = slice.key();
        let rows = || slice.rules()[0].rows().map(|(_, row)| row.verdict);
        let steps = rows().count();
        let missing = rows().filter(|is| *is == Verdict::Missing).count();
        let judged = rows()
            .filter(|is| *is == Verdict::Normal || is.is_anomalous())
            .count();
        println!("{key}: {steps} steps, {missing} of them without a value, {judged} judged");

        let own = || report.anomalies().iter().filter(|a| a.slice == *key);
        for anomaly in own() {
            println!(
                "  slow from {} to {}: {:.2} s on average instead of {:.2} s",
                anomaly.interval.start(),
                anomaly.interval.end(),
                anomaly.observed,
                anomaly.expected,
            );
            let worst = &report.explain(key, anomaly.peak.at)?[0];
            println!("  worst at {}. {}", anomaly.peak.at, worst.headline());
        }
        if own().next().is_none() {
            println!("  as quick as ever");
        }
    }
    Ok(())
}
