//! The part of `augurs` that `benches/peers/beside.py` measures: fits of exponential smoothing with a
//! trend and without a season, which it has not.
//!
//! Reads the name of a task per line, and answers with the processor time of one fit in seconds.

use std::fs;
use std::hint::black_box;
use std::io::{self, BufRead, Write};

use augurs::ets::AutoETS;
use augurs::Fit;
use rustix::time::{clock_gettime, ClockId};

/// How often all series are fitted for one answer.
const ROUNDS: usize = 20;

/// The processor time of all threads of this process so far, in seconds.
fn processor() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
}

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of the inputs");
    for task in io::stdin().lock().lines() {
        let task = task.expect("a line");
        let text = fs::read_to_string(format!("{folder}/{task}.csv")).expect("the series");
        let number = |cell: &str| cell.parse().expect("a number");
        let series: Vec<Vec<f64>> = text
            .lines()
            .map(|line| line.split(',').map(number).collect())
            .collect();
        let before = processor();
        for values in series.iter().cycle().take(ROUNDS * series.len()) {
            let mut search = AutoETS::new(1, "AAN").expect("a model");
            search = search.damped(false).expect("without damping");
            black_box(search.fit(black_box(values)).expect("a fit"));
        }
        println!("{:e}", (processor() - before) / (ROUNDS * series.len()) as f64);
        io::stdout().flush().expect("somebody reads");
    }
}
