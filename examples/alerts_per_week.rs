//! How many alerts a week would sensitivity 7 give?
//!
//! Runs one specification at each sensitivity over the data that are there: the fold that runs in
//! production, so that the numbers are those that production would have given. A session fits the
//! models once for all of them.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use tuatara::frame::files::{self, Layout, ReadOptions};
use tuatara::frame::{Duration, Metric};
use tuatara::holt_winters::HoltWintersParams;
use tuatara::merge::MergePolicy;
use tuatara::{Detection, Rule, Session};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let detection = |sensitivity: f64| -> Result<Detection, Box<dyn Error>> {
        let params = HoltWintersParams {
            sensitivity: Some(sensitivity),
            ..HoltWintersParams::default()
        };
        let built = Detection::builder("visits", "visits")
            .dataset("hourly-visits")
            .by(["series"])
            .merge(MergePolicy::new(Duration::hours(2), Duration::days(7))?)
            .rule(Rule::from_params("smoothed", params)?)
            .build()?;
        Ok(built)
    };
    let first = detection(0.0)?;
    let frame = files::read_path(
        here.join("../datasets/hourly-visits.csv"),
        &ReadOptions::new()
            .metric(Metric::new("visits"))
            .layout(Layout::Wide),
    )?;
    let all = first.extent(&frame)?;
    let weeks = all.duration().millis() as f64 / Duration::days(7).millis() as f64;

    println!("sensitivity  alerts  a week");
    let mut session = Session::new(Arc::new(frame));
    let mut ran = None;
    for sensitivity in [0.0, 3.0, 5.0, 7.0, 9.0] {
        let answer = session.run(&detection(sensitivity)?, all)?;
        let alerts = answer.report.anomalies().len();
        ran = Some(answer.ran);
        println!(
            "{sensitivity:11}  {alerts:6}  {:6.1}",
            alerts as f64 / weeks
        );
    }
    if let Some(ran) = ran {
        println!("What the last one took: {ran}.");
    }
    Ok(())
}
