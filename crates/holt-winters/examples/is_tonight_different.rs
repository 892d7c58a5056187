//! Is last night's dip real? Eight weeks of hourly requests, judged by smoothing that knows days and
//! weeks, and asked why.
//!
//! ```text
//! cargo run -p tuatara-holt-winters --example is_tonight_different
//! ```

use std::error::Error;

use tuatara_core::{BuildContext, Detail, Evaluation, Memo, Params, Window};
use tuatara_frame::{Duration, Granularity, Instant, Interval, Series, TimeAxis, Zone};
use tuatara_holt_winters::HoltWintersParams;

const HOUR: i64 = 3_600_000;
/// 2026-01-05, a Monday.
const MONDAY: i64 = 1_767_571_200_000;
const HOURS: usize = 8 * 7 * 24;

/// Requests in an hour: busy by day, half at weekends, and with a little noise.
fn requests(hour: usize) -> f64 {
    let (day, of_day) = (hour / 24 % 7, hour % 24);
    let weekend = if day >= 5 { 0.5 } else { 1.0 };
    let noise = ((hour * 7919) % 101) as f64 / 101.0 - 0.5;
    let by_day = 1.0 - (of_day as f64 / 24.0 * std::f64::consts::TAU).cos();
    weekend * (200.0 + 400.0 * by_day) + 20.0 * noise
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut values: Vec<f64> = (0..HOURS).map(requests).collect();
    // The last night, from one to four.
    let dip = HOURS - 23..HOURS - 20;
    values[dip.clone()].iter_mut().for_each(|y| *y *= 0.7);

    let span = Interval::new(
        Instant::from_millis(MONDAY)?,
        Instant::from_millis(MONDAY + HOURS as i64 * HOUR)?,
    )?;
    let hours = Granularity::fixed(Duration::hours(1))?;
    let axis = TimeAxis::covering(hours, Zone::UTC, span)?;
    let last_day = Window::new(&axis, HOURS - 24, HOURS)?;
    let series = Series::new(axis, values)?;

    let rule = HoltWintersParams {
        coverage: Some(0.999),
        ..HoltWintersParams::default()
    };
    let rule = rule.build(&BuildContext::new("requests"))?;
    let mut rows = Evaluation::new(Detail::Trace);
    rule.evaluate(series.view(), last_day, &mut Memo::default(), &mut rows)?;

    for i in 0..rows.len() {
        let row = rows.row(i).ok_or("a row for each bucket")?;
        if row.verdict.is_anomalous() {
            println!(
                "{} {:.0}, where {:.0} to {:.0} was expected",
                series.axis().start(last_day.start() + i),
                row.observed,
                row.lower,
                row.upper,
            );
        }
    }
    println!("\nWhy, at {}:", series.axis().start(dip.start));
    for fact in rows.facts(dip.start - last_day.start()) {
        println!("  {fact}");
    }
    Ok(())
}
