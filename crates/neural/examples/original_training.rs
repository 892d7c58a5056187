//! How long does the original take to train here, and does it get where it got at home?
//!
//! ```sh
//! cargo run --release -p tuatara-neural --features train --example original_training
//! cargo run --release -p tuatara-neural --features train --example original_training -- literal
//! ```
//!
//! The set of its notebook, 200 series of a year, 50 and 50 epochs. At home that took 840 seconds of
//! processor time, 246 of them for windows, and ended at losses of 0.1036 and 0.0144.

use std::time::Instant;

use tuatara_neural::original::training::{Stage, Training, train};
use tuatara_synth::alertiger::Recipe;

/// Seconds of processor time and losses of the original at home.
const AT_HOME: (f64, [f64; 2]) = (840.0, [0.1036, 0.0144]);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let is_literal = std::env::args()
        .nth(1)
        .is_some_and(|word| word == "literal");
    let training = if is_literal {
        Training::literal(1)
    } else {
        Training::quick(1)
    };
    let set = Recipe::training().series(1);
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
    if let Some(seconds) = processor_seconds() {
        let share = AT_HOME.0 / seconds;
        println!(
            "{seconds:.1} s of processor time, {:.0} at home: 1/{share:.0} of it",
            AT_HOME.0
        );
    }
    Ok(())
}

/// The processor time of this process, where the system tells it in hundredths of a second.
fn processor_seconds() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = status.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let hundredths = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((hundredths(11)? + hundredths(12)?) / 100.0)
}
