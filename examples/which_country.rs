//! Which country made the total fall?
//!
//! One rule watches all orders together. For what it finds, the same rule is asked of each country and
//! platform, and the difference from what was expected is shared out among them: the parts add up to
//! the whole, so that nothing is hidden in a rest.

use std::error::Error;
use std::path::Path;

use tuatara::core::Pattern;
use tuatara::frame::files::{self, ReadOptions};
use tuatara::frame::{Interval, Metric, SliceKey};
use tuatara::rules::PercentageRuleParams;
use tuatara::{Detection, Report, Rule};

/// Orders against the mean of the same hour of the last four weeks: means add up, medians do not.
fn detection(name: &str, dimensions: &[&str]) -> Result<Detection, Box<dyn Error>> {
    let fewer = PercentageRuleParams {
        offset: "mean4w".to_owned(),
        percentage_change: Some(0.15),
        pattern: Pattern::Down,
        ..PercentageRuleParams::default()
    };
    let built = Detection::builder(name, "orders")
        .dataset("hourly-orders")
        .by(dimensions.iter().copied())
        .rule(Rule::from_params("fewer", fewer)?)
        .build()?;
    Ok(built)
}

/// What a slice had too much or, below zero, too little within `interval`.
fn difference(
    report: &Report,
    slice: &SliceKey,
    interval: Interval,
) -> Result<f64, Box<dyn Error>> {
    let rows = report.slice(slice)?.rules()[0].rows();
    let within = rows.filter(|(hour, _)| interval.contains(hour.start()));
    Ok(within.map(|(_, row)| row.observed - row.expected).sum())
}

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let total = detection("all orders", &[])?;
    let frame = files::read_path(
        here.join("../datasets/hourly-orders.csv"),
        &ReadOptions::new()
            .metric(Metric::new("orders"))
            .dimension("country")
            .dimension("platform")
            .zone("America/New_York".parse()?),
    )?;
    let all = total.run(&frame, total.extent(&frame)?)?;
    let by_both = detection("orders by part", &["country", "platform"])?;

    for anomaly in all.anomalies() {
        let missing = difference(&all, &anomaly.slice, anomaly.interval)?;
        println!(
            "{} .. {}: {missing:+.0} orders",
            anomaly.interval.start(),
            anomaly.interval.end()
        );
        let parts = by_both.run(&frame, anomaly.interval)?;
        let mut shares = Vec::new();
        for part in parts.slices() {
            shares.push((
                difference(&parts, part.key(), anomaly.interval)?,
                part.key(),
            ));
        }
        shares.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (named, rest) = shares.split_at(3.min(shares.len()));
        for (part, slice) in named {
            println!("  {part:+6.0}  {:4.0} %  {slice}", 100.0 * part / missing);
        }
        let rest: f64 = rest.iter().map(|(part, _)| part).sum();
        println!(
            "  {rest:+6.0}  {:4.0} %  all others",
            100.0 * rest / missing
        );
    }
    Ok(())
}
