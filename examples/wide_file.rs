//! Which of these twelve sensors moved?
//!
//! Reads a wide file, one column for each sensor, and asks of each whether it is far from where it
//! was at the same hour of the weeks before. The weather moves all of them, and by less.

use std::error::Error;
use std::path::Path;

use tuatara::{Detection, files};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = Detection::from_yaml(&std::fs::read_to_string(here.join("sensors.yaml"))?)?;
    // The dataset file beside the data says that the layout is wide: the columns become the values of
    // the dimension `series`.
    let data = files::open([here.join("../datasets/hourly-sensors.csv")])
        .for_detection(&detection)
        .read()?;
    let report = detection.run(&data.frame, detection.extent(&data.frame)?)?;

    let mut still = Vec::new();
    for slice in report.slices() {
        let key = slice.key();
        let sensor = &key.dimensions()[0].1[0];
        match report.anomalies().iter().find(|a| a.slice == *key) {
            None => still.push(sensor.as_str()),
            Some(anomaly) => println!(
                "{sensor} moved at {}: {:.1} °C on average instead of {:.1} °C",
                anomaly.interval.start(),
                anomaly.observed,
                anomaly.expected
            ),
        }
    }
    println!("{} did not: {}", still.len(), still.join(", "));
    Ok(())
}
