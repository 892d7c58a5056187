//! Why did it *not* fire on Friday?
//!
//! A silent alert is as puzzling as a false one. Asks of each day of a week in which revenue fell why it
//! was reported or not: the answer is the first of the stages that kept it back, with its number.

use std::error::Error;
use std::path::Path;

use tuatara::frame::{Instant, Interval};
use tuatara::{Detection, files};

const SPEC: &str = "
detectionName: revenue drops
metric: revenue
rules:
  - detection:
      - { name: against_four_weeks, type: PERCENTAGE_RULE, params: { offset: median4w, percentageChange: 0.3, pattern: DOWN } }
    filter:
      - { name: lasting, type: DURATION_FILTER, params: { minDuration: P2D } }
merger: { maxGap: 0 }
";

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = Detection::from_yaml(SPEC)?;
    let data = files::open([here.join("../datasets/daily-revenue.csv")])
        .for_detection(&detection)
        .read()?;
    let at = |date: &str| format!("{date}T00:00:00Z").parse::<Instant>();
    let week = Interval::new(at("2025-04-14")?, at("2025-04-28")?)?;
    let report = detection.run(&data.frame, week)?;

    let slice = &report.slices()[0];
    for (day, row) in slice.rules()[0].rows().skip(2).take(8) {
        let why = &report.explain(slice.key(), day.start())?[0];
        let date = data.frame.zone().local(day.start()).date();
        println!(
            "{} {date}  {:9}  {}",
            date.format("%a"),
            row.verdict.as_str(),
            why.headline()
        );
    }
    Ok(())
}
