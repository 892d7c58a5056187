//! `tuatara diff`: what another specification would have told instead.

use std::io::Write;

use tuatara::frame::{Duration, Interval};
use tuatara::spec::dataset::DatasetSpec;
use tuatara_backtest::Diff;

use crate::Found;
use crate::args::Diff as Args;
use crate::commands::{judge_history, load_with};
use crate::data::interval;
use crate::failure::Failure;
use crate::output::diff::{Asked, write};

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Found, Failure> {
    let arrival = args.arrival_delay.unwrap_or(Duration::ZERO);
    let nothing = DatasetSpec::new();
    let new = load_with(&args.input, &nothing, std::slice::from_ref(&args.old))?;
    let mut input = args.input.clone();
    input.spec.clone_from(&args.old);
    // What is to be said of the data was said.
    input.quiet = true;
    let old = load_with(&input, &nothing, std::slice::from_ref(&args.input.spec))?;
    // Specifications may look at other metrics, which begin or end elsewhere.
    let spans = [
        interval(&input, &old.profile, None)?,
        interval(&args.input, &new.profile, None)?,
    ];
    let history = Interval::new(
        spans[0].start().min(spans[1].start()),
        spans[0].end().max(spans[1].end()),
    )?;
    let before = judge_history(&input, &old, history, arrival)?;
    let after = judge_history(&args.input, &new, history, arrival)?;
    let diff = Diff::between(&before, &after);
    let asked = Asked {
        diff: &diff,
        old: args.old.display().to_string(),
        new: args.input.spec.display().to_string(),
        history,
        zone: new.profile.zone,
        granularity: new.finest(),
    };
    write(&asked, args.format, out)?;
    Ok(match diff.is_same() {
        true => Found::Nothing,
        false => Found::Anomalies,
    })
}
