//! `tuatara backtest`: what detections would have told, and how good that was.

use std::io::Write;
use std::path::PathBuf;

use tuatara::frame::{Duration, Interval};
use tuatara_backtest::{Backtest, Known, Ran};

use crate::Found;
use crate::args::{Backtest as Args, Input};
use crate::commands::{judge_history, load_with};
use crate::data::{Loaded, in_order, interval, is_stdin};
use crate::failure::Failure;
use crate::labels::{Case, cases};
use crate::output::backtest::{Asked, write};
use crate::say::say;

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Found, Failure> {
    in_order(&args.input)?;
    let specs = specifications(&args.input);
    let cases = cases(&args.input, &args.known)?;
    if specs.iter().any(|spec| is_stdin(spec)) && cases.len() > 1 {
        return Err(Failure::said(
            "a specification is read once for each set of data; give it as a file",
        ));
    }
    let data = || cases.iter().flat_map(|case| &case.data);
    if specs.len() > 1 && data().any(|path| is_stdin(path)) {
        return Err(Failure::said(
            "the data are read once for each specification; give them as a file",
        ));
    }
    let several = cases.iter().any(|case| case.name.is_some());
    if several && !args.input.quiet {
        say(format_args!(
            "note: {} file{}, each a series of its own",
            cases.len(),
            if cases.len() == 1 { "" } else { "s" }
        ));
    }
    let names: Vec<String> = specs
        .iter()
        .map(|spec| spec.display().to_string())
        .collect();
    let mut backtest = Backtest::new(&names);
    let arrival = args.arrival_delay.unwrap_or(Duration::ZERO);
    let mut span: Option<Interval> = None;
    for case in &cases {
        let mut judged = Vec::new();
        let mut known = None;
        for (at, spec) in specs.iter().enumerate() {
            let mut input = args.input.clone();
            (input.spec, input.data) = (spec.clone(), case.data.clone());
            // The data are the same for every specification, and so is what is to be said of them.
            input.quiet |= several || at > 0;
            judged.push(one(args, &input, &specs, case, &mut known, arrival)?);
        }
        let sources = judged.iter().map(|(loaded, _)| loaded.source());
        let sources = sources.collect::<Result<Vec<_>, _>>()?;
        let runs: Vec<(&Ran, &dyn tuatara::frame::Source)> = judged
            .iter()
            .zip(&sources)
            .map(|((_, ran), source)| (ran, source as &dyn tuatara::frame::Source))
            .collect();
        for (_, ran) in &judged {
            let history = ran.history();
            span = Some(match span {
                Some(span) => Interval::new(
                    span.start().min(history.start()),
                    span.end().max(history.end()),
                )?,
                None => history,
            });
        }
        // There is at least one specification.
        let known = known.unwrap_or(Known::Nothing);
        backtest.add(case.name.as_deref(), &runs, &known)?;
    }
    let contestants = backtest.contestants(args.seed)?;
    let comparisons = backtest.comparisons(&contestants, args.seed);
    let asked = Asked {
        backtest: &backtest,
        contestants: &contestants,
        comparisons: &comparisons,
        span,
        arrival,
        seed: args.seed,
    };
    write(&asked, args.format, out)?;
    if !args.input.quiet {
        notes(&backtest);
    }
    Ok(Found::Nothing)
}

/// Runs one of `specs` over one set of data. What is known of it is read once, in the zone in which
/// the data were read.
fn one(
    args: &Args,
    input: &Input,
    specs: &[PathBuf],
    case: &Case,
    known: &mut Option<Known>,
    arrival: Duration,
) -> Result<(Loaded, Ran), Failure> {
    let mut loaded = load_with(input, &case.declared(), specs)?;
    let known = match known {
        Some(known) => known,
        None => known.insert(case.known(input, loaded.profile.zone)?),
    };
    if let Some(delay) = args.learn_labels_after {
        let Known::Incidents(_) = known else {
            return Err(Failure::said(
                "--learn-labels-after needs incidents with their times; give --labels a file with \
                 start,end",
            ));
        };
        loaded.detection = loaded.detection.with_calendar(known.left_out(delay)?);
    }
    let history = interval(input, &loaded.profile, None)?;
    let ran = judge_history(input, &loaded, history, arrival)?;
    Ok((loaded, ran))
}

/// The first specification, and those among the data.
fn specifications(input: &Input) -> Vec<PathBuf> {
    let further = input.data.iter().filter(|path| is_specification(path));
    std::iter::once(&input.spec)
        .chain(further)
        .cloned()
        .collect()
}

/// Whether a file among the data is a specification by its name.
pub(crate) fn is_specification(path: &std::path::Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("yaml" | "yml"))
}

/// Says of how many incidents nothing is counted.
pub(crate) fn say_elsewhere(incidents: usize) {
    if incidents > 0 {
        let (count, they) = match incidents {
            1 => ("1 incident".to_owned(), "it concerns"),
            _ => (format!("{incidents} incidents"), "they concern"),
        };
        say(format_args!(
            "note: {count} of the labels {} not counted: {they} no series, or {} outside of its history",
            if incidents == 1 { "is" } else { "are" },
            if incidents == 1 { "lies" } else { "lie" },
        ));
    }
}

/// What a person has to know to read the figures.
fn notes(backtest: &Backtest) {
    let series = backtest.series();
    let unwatched = series
        .iter()
        .filter(|series| series.watched.is_empty())
        .count();
    if unwatched > 0 {
        say(format_args!(
            "note: {unwatched} of {} series were never judged, and nothing is counted on them",
            series.len()
        ));
    }
    let before = series.iter().map(|series| {
        let before = series.before.iter();
        before
            .filter(|incident| incident.start() < series.watched.start())
            .count()
    });
    let before: usize = before.sum();
    if before > 0 {
        let (incidents, them) = match before {
            1 => ("1 incident lies", "it"),
            _ => ("incidents lie", "them"),
        };
        let count = if before == 1 {
            String::new()
        } else {
            format!("{before} ")
        };
        say(format_args!(
            "note: {count}{incidents} before the time that counts, which begins where every \
             specification has judged a bucket, or behind the training part; nobody could have been \
             told of {them}"
        ));
    }
    say_elsewhere(backtest.elsewhere());
    let incidents: usize = series.iter().map(|series| series.incidents.len()).sum();
    if backtest.is_labelled() && incidents == 0 {
        say(
            "note: there is no incident in the time that counts: every alert is false, and nothing is \
             said of what would be found",
        );
    }
    if !backtest.is_labelled() {
        say(
            "note: without --labels or --label-column nothing is known of incidents: alerts are \
             counted, and none is called false",
        );
    }
}
