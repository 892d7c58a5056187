//! Is last night's dip real?
//!
//! Visits fall every night, and a chart of one day cannot tell that from a failure. Looks back over one
//! day of one site, takes the hour with the fewest visits and the hour with the fewest of those that
//! were expected, and says of each which it is.

use std::error::Error;
use std::path::Path;

use tuatara::Detection;
use tuatara::core::Row;
use tuatara::frame::files::{self, Layout, ReadOptions};
use tuatara::frame::{Duration, Instant, Interval, Metric};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = Detection::from_yaml(&std::fs::read_to_string(here.join("visits.yaml"))?)?;
    let frame = files::read_path(
        here.join("../datasets/hourly-visits.csv"),
        &ReadOptions::new()
            .metric(Metric::new("visits"))
            .layout(Layout::Wide)
            .zone("Europe/London".parse()?),
    )?;

    // Two days after a change of the clocks: the zone of the data decides what the same hour is.
    let now: Instant = "2026-03-31T18:00:00Z".parse()?;
    let yesterday = now.checked_sub(Duration::days(1)).ok_or("no day before")?;
    let report = detection.run(&frame, Interval::new(yesterday, now)?)?;

    let is_london = |value: &[String]| value == ["london"];
    let mut slices = report.slices().iter();
    let london = slices
        .find(|slice| is_london(&slice.key().dimensions()[0].1))
        .ok_or("there is no such site")?;
    let rows: Vec<(Interval, Row)> = london.rules()[0].rows().collect();
    let least = |of: fn(&Row) -> f64| {
        let row = rows.iter().min_by(|a, b| of(&a.1).total_cmp(&of(&b.1)));
        row.map(|(hour, _)| hour.start())
            .ok_or("no hour was judged")
    };
    let fewest = least(|row| row.observed)?;
    let farthest = least(|row| row.observed / row.expected)?;

    println!("London, the day before {now}.");
    for (what, at) in [
        ("the fewest visits", fewest),
        ("the fewest of those expected", farthest),
    ] {
        let why = &report.explain(london.key(), at)?[0];
        println!("Hour with {what}: {at}. {}", why.headline());
    }
    for anomaly in report
        .anomalies()
        .iter()
        .filter(|a| a.slice == *london.key())
    {
        println!(
            "Real: from {} to {}, {:.0} visits instead of {:.0}.",
            anomaly.interval.start(),
            anomaly.interval.end(),
            anomaly.observed,
            anomaly.expected
        );
    }
    Ok(())
}
