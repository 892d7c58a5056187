//! Does the shipped specification find incidents that it was not written for?
//!
//! Draws the daily dataset at twenty other seeds, runs the same specification over each, and
//! prints how many of the labelled incidents it finds and what else it says. Ends with an error
//! when it finds fewer than 95 % in all, or more than two extra anomalies at any seed.

use std::error::Error;
use std::path::Path;

use tuatara::Detection;
use tuatara::frame::{Frame, Granularity, Instant, Interval, Metric};
use tuatara_synth::{Dataset, daily_revenue};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=20;
const MOST_EXTRA: usize = 2;

fn frame(dataset: &Dataset) -> Result<Frame, Box<dyn Error>> {
    let mut builder = Frame::builder(dataset.name(), [Metric::new(dataset.metric())])
        .granularity(Granularity::days());
    for row in dataset.rows() {
        let stamp = Instant::from_millis(row.time.timestamp_millis())?;
        builder.row(stamp, &[], &[row.value])?;
    }
    Ok(builder.build()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = Detection::from_yaml(&std::fs::read_to_string(here.join("revenue.yaml"))?)?;

    println!("seed  incidents  found  extra");
    let (mut incidents, mut found, mut worst) = (0, 0, 0);
    for seed in SEEDS {
        let dataset = daily_revenue(seed)?;
        let frame = frame(&dataset)?;
        let report = detection.run(&frame, detection.extent(&frame)?)?;
        let mut labels = Vec::new();
        for incident in dataset.labels() {
            labels.push(Interval::new(
                Instant::from_millis(incident.start.timestamp_millis())?,
                Instant::from_millis(incident.end.timestamp_millis())?,
            )?);
        }
        let hit = |label: &&Interval| {
            report
                .anomalies()
                .iter()
                .any(|anomaly| anomaly.interval.overlaps(**label))
        };
        let hits = labels.iter().filter(hit).count();
        let extra = report
            .anomalies()
            .iter()
            .filter(|anomaly| !labels.iter().any(|label| label.overlaps(anomaly.interval)))
            .count();
        println!("{seed:4}  {:9}  {hits:5}  {extra:5}", labels.len());
        incidents += labels.len();
        found += hits;
        worst = worst.max(extra);
    }
    let share = 100.0 * found as f64 / incidents as f64;
    println!("in all {found} of {incidents} ({share:.1} %), at most {worst} extra at one seed");
    if share < 95.0 || worst > MOST_EXTRA {
        return Err("the specification does not carry over to other seeds".into());
    }
    Ok(())
}
