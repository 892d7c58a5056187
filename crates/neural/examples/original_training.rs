//! How long does the original take to train here, and does it get where it got at home?
//!
//! ```sh
//! cargo run --release -p tuatara-neural --features train --example original_training
//! cargo run --release -p tuatara-neural --features train --example original_training -- literal 2
//! ```
//!
//! `literal` is its own schedule, batches of 32 at one rate; a number is the seed of the set, 1 if none.
//! The set of its notebook, 200 series of a year, 50 and 50 epochs. At home that took 840 seconds of
//! processor time, 246 of them for windows, and ended at losses of 0.1036 and 0.0144.

use std::time::Instant;

use tuatara_neural::original::HISTORY;
use tuatara_neural::original::training::{Stage, Training, train};
use tuatara_synth::LabelledSeries;
use tuatara_synth::alertiger::Recipe;

/// Seconds of processor time and losses of the original at home.
const AT_HOME: (f64, [f64; 2]) = (840.0, [0.1036, 0.0144]);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_literal = words.iter().any(|word| word == "literal");
    let seed = words.iter().find_map(|word| word.parse().ok()).unwrap_or(1);
    let training = if is_literal {
        Training::literal(1)
    } else {
        Training::quick(1)
    };
    let set = Recipe::training().series(seed);
    let clock = Instant::now();
    println!("{training:?}");
    let trained = train(&set, &training, |epoch| {
        if epoch.number % 10 == 0 || epoch.number == 1 {
            let seconds = clock.elapsed().as_secs_f64();
            println!(
                "{:>10} {:>3}  {:.4}  {seconds:6.1} s",
                epoch.stage, epoch.number, epoch.loss
            );
        }
    })?;
    let losses = [Stage::Forecaster, Stage::Classifier].map(|stage| trained.last_loss(stage));
    println!("losses {losses:.4?}, at home {:.4?}", AT_HOME.1);
    println!(
        "a forecaster that knows trend and season: {:.4}",
        least_loss(&set)
    );
    if let Some(seconds) = processor_seconds() {
        let share = AT_HOME.0 / seconds;
        println!(
            "{seconds:.1} s of processor time, {:.0} at home: 1/{share:.0} of it",
            AT_HOME.0
        );
    }
    Ok(())
}

/// The loss of the forecaster whose mean is the expectation and whose bounds are the true quantiles:
/// how hard a set is depends on the trends that were drawn.
fn least_loss(set: &[LabelledSeries]) -> f64 {
    const NOISE: f64 = 0.05;
    const BOUND: f64 = 2.575_829_303_548_901; // the 99.5 % quantile of normal numbers
    let (mut sum, mut rows) = (0.0, 0.0);
    for series in set {
        let (count, labels) = (series.len() as f64, series.labels());
        let mean = series.values.iter().sum::<f64>() / count;
        let squares: f64 = series.values.iter().map(|y| (y - mean).powi(2)).sum();
        let unit = (squares / (count - 1.0)).sqrt();
        let days = series.values.iter().zip(&series.expected).zip(&labels);
        for ((value, expected), label) in days.skip(HISTORY) {
            rows += 1.0;
            if !label {
                let error = (value - expected) / unit;
                let pinball = |error: f64, level: f64| (level * error).max((level - 1.0) * error);
                let bound = BOUND * NOISE / unit;
                sum +=
                    error * error + pinball(error + bound, 0.005) + pinball(error - bound, 0.995);
            }
        }
    }
    sum / rows
}

/// The processor time of this process, where the system tells it in hundredths of a second.
fn processor_seconds() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = status.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let hundredths = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((hundredths(11)? + hundredths(12)?) / 100.0)
}
