//! `tuatara tune`: the value of a setting that keeps to a budget of alerts.

use std::fs;
use std::io::Write;
use std::path::Path;

use tuatara::frame::Duration;
use tuatara::{Detection, files};
use tuatara_backtest::{Known, Setting, Tuning};

use crate::Found;
use crate::args::{Input, Tune as Args};
use crate::commands::backtest::say_elsewhere;
use crate::commands::{judge_history, load_with};
use crate::data::{alone, checked, interval, is_stdin, keeps, read_text};
use crate::failure::Failure;
use crate::labels::cases;
use crate::output::tune::{Asked, write};
use crate::say::say;

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Found, Failure> {
    let input = &args.input;
    if is_stdin(&input.spec) {
        return Err(Failure::said(
            "tune reads the specification once for each value; give it as a file",
        ));
    }
    if let Some(path) = &args.write {
        keeps(input, &[], path)?;
    }
    alone(input)?;
    let text = read_text(&input.spec)?;
    let name = input.spec.display().to_string();
    let setting = Setting::find(&text, &name, &args.param)?;
    let cases = cases(input, &args.known)?;
    let [case] = &cases[..] else {
        return Err(Failure::said(
            "tune takes one set of data, as the alerts of one are counted; name its files",
        ));
    };
    // Every value is read before any is run, so that a wrong one is told at once.
    let detections = args
        .values
        .0
        .iter()
        .map(|value| detection(input, &text, &setting, value));
    let detections = detections.collect::<Result<Vec<_>, _>>()?;
    let mut loaded = load_with(input, &case.declared(), &[])?;
    let known = case.known(input, loaded.profile.zone)?;
    let history = interval(input, &loaded.profile, None)?;
    let arrival = args.arrival_delay.unwrap_or(Duration::ZERO);
    let mut tuning = Tuning::new(args.budget, history, args.held_back);
    let mut of_quality = 0;
    for (value, detection) in args.values.0.iter().zip(detections) {
        loaded.detection = detection;
        let ran = judge_history(input, &loaded, history, arrival)?;
        let found = ran.report().of_quality();
        of_quality = of_quality.max(found.filter(|one| !one.is_suppressed()).count());
        tuning.add(value, &ran, &loaded.source()?, &known)?;
    }
    let chosen = tuning.chosen();
    let asked = Asked {
        tuning: &tuning,
        chosen: chosen.as_ref(),
        setting: &setting,
        spec: &name,
        history,
    };
    write(&asked, args.format, out)?;
    if !input.quiet {
        say_elsewhere(tuning.elsewhere());
    }
    if !input.quiet && of_quality > 0 {
        say(format_args!(
            "note: up to {of_quality} of the alerts of a value tell of the quality of the data, by \
             `quality`; the budget counts them, too"
        ));
    }
    if !input.quiet && case.is_labelled() && tuning.has_judged() && !tuning.has_incidents() {
        let rows = match &known {
            Known::Rows(_) => " that is scored",
            _ => "",
        };
        say(format_args!(
            "note: there is no incident{rows} before {}: nothing is known of what a value finds, and \
             the budget alone has chosen",
            tuning.cut()
        ));
    }
    if let (Some(path), Some(chosen)) = (&args.write, &chosen) {
        let edited = setting.with(&args.values.0[chosen.at]);
        fs::write(path, edited).map_err(|error| Failure::unwritten(path, &error))?;
    }
    Ok(match chosen {
        Some(chosen) if chosen.holds => Found::Nothing,
        _ => Found::Anomalies,
    })
}

/// The detection with `value` in the place of the setting in `text`, refused as the parser would.
fn detection(
    input: &Input,
    text: &str,
    setting: &Setting,
    value: &str,
) -> Result<Detection, Failure> {
    // What is shown of it nobody has written: the name says what was put in.
    let name = format!(
        "{} with {} {value}, by --values",
        input.spec.display(),
        setting.path()
    );
    let checked = checked(&setting.with(value), Path::new(&name)).or_else(|failure| {
        // What is wrong without it is shown as it stands in the file.
        checked(text, &input.spec).and(Err(failure))
    })?;
    let mut detection = Detection::from_spec(checked.spec)?;
    for path in &input.calendar {
        detection = detection.with_calendar(files::read_calendar(path)?.0);
    }
    Ok(detection)
}
