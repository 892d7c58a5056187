#![doc = include_str!("../README.md")]

mod args;
mod commands;
mod data;
mod failure;
mod labels;
mod output;
mod progress;
mod say;
mod state;
mod summary;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::failure::Failure;
use crate::say::say;

/// What a command found; its number is the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing = 0,
    Anomalies = 1,
}

const ERROR: u8 = 2;

/// Bytes of results that are held before they are written.
const HELD: usize = 1 << 16;

fn main() -> ExitCode {
    let args = Args::parse();
    let mut out = io::BufWriter::with_capacity(HELD, io::stdout().lock());
    let outcome = run(&args, &mut out).and_then(|found| match out.flush().map_err(Failure::from) {
        // Whoever reads has read enough.
        Err(failure) if failure.is_closed_output() => Ok(found),
        flushed => flushed.map(|()| found),
    });
    match outcome {
        Ok(found) => ExitCode::from(found as u8),
        Err(failure) if failure.is_closed_output() => ExitCode::SUCCESS,
        Err(failure) => {
            say(failure.text());
            ExitCode::from(ERROR)
        }
    }
}

fn run(args: &Args, out: &mut dyn Write) -> Result<Found, Failure> {
    match &args.command {
        Command::Check(check) => commands::check::run(check, out),
        Command::Detect(detect) => commands::detect::run(detect, out),
        Command::Points(points) => commands::points::run(points, out),
        Command::Explain(explain) => commands::explain::run(explain, out),
        Command::Backtest(backtest) => commands::backtest::run(backtest, out),
        Command::Diff(diff) => commands::diff::run(diff, out),
        Command::Tune(tune) => commands::tune::run(tune, out),
        Command::Inject(inject) => commands::inject::run(inject, out),
        Command::Preview(preview) => commands::preview::run(preview, out),
        #[cfg(feature = "studio")]
        Command::Studio(studio) => commands::studio::run(studio, out),
        #[cfg(not(feature = "studio"))]
        Command::Studio(_) => Err(Failure::left_out("studio", "")),
        Command::Generate(generate) => commands::generate::run(generate, out),
        Command::Schema(schema) => commands::schema::run(schema, out),
        Command::Model(model) => commands::model::run(model, out),
        #[cfg(feature = "train")]
        Command::Train(train) => commands::train::run(train, out),
        #[cfg(not(feature = "train"))]
        Command::Train(_) => Err(Failure::left_out("train", " --features train")),
    }
}
