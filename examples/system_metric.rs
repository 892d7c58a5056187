//! What happened to this host in the last weeks?
//!
//! Six weeks of CPU utilisation every five minutes, as a monitoring agent sends them: a bump every
//! night, a calm weekend, lost rows. The data know what was planted in them, so the answer stands
//! beside the truth. Ends with an error when something that was planted is missed.

mod planted;

use std::error::Error;
use std::path::Path;

use planted::Outcome;
use tuatara::{Detection, files};
use tuatara_synth::{SEED, five_minute_cpu};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = Detection::from_yaml(&std::fs::read_to_string(here.join("cpu.yaml"))?)?;
    // The dataset file beside the data says that rows are five minutes apart, 0 to 100 per cent.
    let data = files::open([here.join("../datasets/five-minute-cpu.csv")])
        .for_detection(&detection)
        .read()?;
    let report = detection.run(&data.frame, detection.extent(&data.frame)?)?;

    let dataset = five_minute_cpu(SEED)?;
    let outcome = Outcome::of(&dataset, &report)?;
    for (incident, found) in &outcome.planted {
        let (start, end) = (dataset.stamp(incident.start), dataset.stamp(incident.end));
        println!(
            "{start} .. {end}  {}: {}",
            incident.kind, incident.description
        );
        match found {
            None => println!("  missed"),
            Some(anomaly) => {
                let since = anomaly.interval.start();
                println!("  {} since {since}", anomaly.rules.join(", "));
                let why = report.explain(&anomaly.slice, anomaly.peak.at)?;
                for why in why.iter().filter(|why| anomaly.rules.contains(&why.rule)) {
                    println!("  {}", why.headline());
                    // Where there is nothing to compare with, the facts say why.
                    for fact in why.facts.iter().filter(|_| why.row.expected.is_nan()) {
                        println!("  - {fact}");
                    }
                }
            }
        }
    }
    for anomaly in &outcome.extra {
        println!(
            "{}  {} tells of nothing planted",
            anomaly.interval,
            anomaly.rules.join(", ")
        );
    }
    let (found, planted) = (outcome.found(), outcome.planted.len());
    println!(
        "{found} of {planted} incidents were found, with {} extra anomalies",
        outcome.extra.len()
    );
    if found < planted {
        return Err("an incident was missed".into());
    }
    Ok(())
}
