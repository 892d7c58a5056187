//! How do I put detection into my own service, where the data are already in memory?
//!
//! No YAML and no CSV: rows come from the program, rules are built in code. Every night the
//! service goes on where it stopped, with the carry that it keeps beside its own state.

use std::error::Error;

use tuatara::frame::{Aggregation, Duration, Frame, Granularity, Instant, Interval, Metric, Zone};
use tuatara::merge::MergePolicy;
use tuatara::rules::{DurationFilterParams, PercentageRuleParams, ThresholdParams};
use tuatara::{Carry, Detection, Rule};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Monday 5 January 2026, 00:00 UTC.
const START: i64 = 1_767_571_200_000;
const DAYS: i64 = 28;

/// What the service measures: busy days, calm nights, and on the last Wednesday a half-broken
/// checkout in one region.
fn requests(region: &str, hour: i64) -> f64 {
    let by_hour = [30.0, 25.0, 40.0, 90.0, 130.0, 140.0, 110.0, 60.0];
    let usual = by_hour[(hour % 24 / 3) as usize] * if region == "eu" { 2.0 } else { 1.0 };
    let wobble = ((hour * 7919) % 13) as f64 / 13.0;
    let broken = region == "eu" && (23 * 24 + 9..23 * 24 + 15).contains(&hour);
    (usual + 4.0 * wobble) * if broken { 0.45 } else { 1.0 }
}

fn main() -> Result<(), Box<dyn Error>> {
    let metric = Metric::new("requests").with_aggregation(Aggregation::Sum);
    let mut builder = Frame::builder("gateway", [metric])
        .dimensions(["region"])
        .zone(Zone::UTC)
        .granularity(Granularity::fixed(Duration::hours(1))?);
    for hour in 0..DAYS * 24 {
        let stamp = Instant::from_millis(START + hour * HOUR)?;
        for region in ["eu", "us"] {
            builder.row(stamp, &[region], &[requests(region, hour)])?;
        }
    }
    let frame = builder.build()?;

    let drop = PercentageRuleParams {
        offset: "median3w".to_owned(),
        percentage_change: Some(0.3),
        ..PercentageRuleParams::default()
    };
    let lasting = DurationFilterParams {
        min_duration: "PT2H".to_owned(),
        ..DurationFilterParams::default()
    };
    let silent = ThresholdParams {
        min: Some(1.0),
        max: None,
    };
    let detection = Detection::builder("gateway traffic", "requests")
        .by(["region"])
        .merge(MergePolicy::new(Duration::hours(1), Duration::days(1))?)
        .rule(Rule::from_params("unusual", drop)?.with_filter_params("lasting", lasting)?)
        .rule(Rule::from_params("silent", silent)?)
        .build()?;

    // Night after night, each run going on from the last.
    let mut carry: Option<Carry> = None;
    for night in 21..DAYS {
        let day = Interval::new(
            Instant::from_millis(START + night * DAY)?,
            Instant::from_millis(START + (night + 1) * DAY)?,
        )?;
        let report = match &carry {
            Some(carry) => detection.run_with(&frame, day, carry)?,
            None => detection.run(&frame, day)?,
        };
        println!("{}: {} events", day.start(), report.events().len());
        for event in report.events() {
            let anomaly = &event.anomaly;
            println!(
                "  {} {:8} {} since {}: {:.0} instead of {:.0}",
                event.at,
                event.kind.as_str(),
                anomaly.slice,
                anomaly.interval.start(),
                anomaly.observed,
                anomaly.expected
            );
        }
        // A service would write this beside its own state.
        let kept = serde_json::to_string(report.carry())?;
        carry = Some(serde_json::from_str(&kept)?);
    }
    Ok(())
}
