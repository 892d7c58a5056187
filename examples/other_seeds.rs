//! Do the shipped specifications find incidents that they were not written for?
//!
//! Draws the datasets at twenty other seeds, runs the same specifications over each, and prints how
//! many of the labelled incidents they find and what else they say. Ends with an error when one
//! finds fewer than 95 % in all, or more than two extra anomalies at any seed.

mod planted;

use std::error::Error;
use std::path::Path;

use planted::Outcome;
use tuatara::Detection;
use tuatara::frame::{Aggregation, Frame, Granularity, Instant, Metric};
use tuatara_synth::{Dataset, generate};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=20;
const MOST_EXTRA: usize = 2;

/// Which specification is for which dataset.
const PAIRS: [(&str, &str); 4] = [
    ("revenue.yaml", "daily-revenue"),
    ("cpu.yaml", "five-minute-cpu"),
    ("latency.yaml", "five-minute-latency"),
    ("sensors.yaml", "hourly-sensors"),
];

/// The rows of a dataset, in memory; a step that comes twice would be an average.
fn frame(dataset: &Dataset) -> Result<Frame, Box<dyn Error>> {
    let metric = Metric::new(dataset.metric()).with_aggregation(Aggregation::Mean);
    let mut builder = Frame::builder(dataset.name(), [metric])
        .dimensions(dataset.dimension_names().iter().copied())
        .granularity(dataset.granularity().parse::<Granularity>()?);
    for row in dataset.rows() {
        let stamp = Instant::from_millis(row.time.timestamp_millis())?;
        builder.row(stamp, row.dimensions, &[row.value])?;
    }
    Ok(builder.build()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, name) in PAIRS {
        let detection = Detection::from_yaml(&std::fs::read_to_string(here.join(file))?)?;
        println!("{name} with {file}\nseed  incidents  found  extra");
        let (mut incidents, mut found, mut worst) = (0, 0, 0);
        for seed in SEEDS {
            let dataset = generate(name, Some(seed))?;
            let frame = frame(&dataset)?;
            let report = detection.run(&frame, detection.extent(&frame)?)?;
            let outcome = Outcome::of(&dataset, &report)?;
            let (here, extra) = (outcome.planted.len(), outcome.extra.len());
            println!("{seed:4}  {here:9}  {:5}  {extra:5}", outcome.found());
            incidents += here;
            found += outcome.found();
            worst = worst.max(extra);
        }
        let share = 100.0 * found as f64 / incidents as f64;
        println!(
            "in all {found} of {incidents} ({share:.1} %), at most {worst} extra at one seed\n"
        );
        if share < 95.0 || worst > MOST_EXTRA {
            return Err(format!("{file} does not carry over to other seeds").into());
        }
    }
    Ok(())
}
