//! What is said of a run beside its results, on standard error.

use tuatara::Report;
use tuatara::frame::{RegulariseReport, SliceKey, SliceRequest, Source, TimeAxis};

use crate::data::Loaded;
use crate::failure::Failure;
use crate::output::series;
use crate::say::say;

/// How much was found, what filters removed, whether the run ends after the data, which rules had
/// nothing to judge, and how the data came onto their grid.
pub(crate) fn summary(report: &Report, loaded: &Loaded) -> Result<(), Failure> {
    let (anomalies, slices) = (report.anomalies().len(), series(report));
    let removed: String = report
        .removed_by()
        .into_iter()
        .map(|(filter, count)| format!(", {filter} removed {count}"))
        .collect();
    let suppressed = report.suppressed();
    let suppressed = match suppressed {
        0 => String::new(),
        count => format!(", {count} of them suppressed,"),
    };
    let span = report.interval();
    let incidents = match (report.detection().gathers(), report.incidents().len()) {
        (false, _) => String::new(),
        (true, 1) => "1 incident, ".to_owned(),
        (true, count) => format!("{count} incidents, "),
    };
    say(format_args!(
        "note: {incidents}{anomalies} anomal{}{suppressed} in {slices} slice{} from {} to {}{}",
        if anomalies == 1 { "y" } else { "ies" },
        plural(slices),
        span.start(),
        span.end(),
        removed.replacen(", ", "; ", 1)
    ));
    for note in report.ranking_notes() {
        say(format_args!("note: {note}"));
    }
    for note in report.level_notes() {
        say(format_args!("note: {note}"));
    }
    if let Some(warning) = report.idle_events() {
        say(format_args!("warning: {warning}"));
    }
    let data_end = loaded.profile.extent.end();
    if span.end() > data_end && !span.is_empty() {
        say(format_args!(
            "note: the data end at {data_end}; buckets after it count as missing, and a run that \
             goes on from this one does not judge them again"
        ));
    }
    for (at, part) in report.detection().parts().iter().enumerate() {
        for (rule, name) in part.rule_names().enumerate() {
            if let Some(verdicts) = unjudged(report, at, rule) {
                say(format_args!("note: {name} judged no bucket: {verdicts}"));
            }
        }
    }
    grid(report, loaded)
}

/// How the rows of the run came onto their grid, in one note: what was out of order, merged, filled
/// in or left out, and where first. Nothing where each row had a bucket and each bucket a row.
pub(crate) fn grid(report: &Report, loaded: &Loaded) -> Result<(), Failure> {
    let untidy = untidy(report, loaded)?;
    if let Some((first, _)) = untidy.first() {
        let mut total = RegulariseReport::default();
        for (_, of_slice) in &untidy {
            total.absorb(of_slice);
        }
        let more = match untidy.len() - 1 {
            0 => String::new(),
            count => format!(" and {count} more slice{}", plural(count)),
        };
        say(format_args!("note: {first}{more}: {total}"));
    }
    Ok(())
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The verdicts of a rule that judged nothing, with their counts: "no anomalies" would mislead.
fn unjudged(report: &Report, part: usize, rule: usize) -> Option<String> {
    let slices = report.slices().iter().filter(|slice| slice.part() == part);
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for (_, row) in slices.flat_map(|slice| slice.rules()[rule].rows()) {
        // What is judged has a score.
        if !row.score.is_nan() {
            return None;
        }
        let verdict = row.verdict.as_str();
        match counts.iter_mut().find(|(known, _)| *known == verdict) {
            Some((_, count)) => *count += 1,
            None => counts.push((verdict, 1)),
        }
    }
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(verdict, count)| format!("{count} {verdict}"))
        .collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// Slices whose rows did not come one to a bucket, within the interval of the run: what lies
/// before it was said by the run before.
fn untidy<'r>(
    report: &'r Report,
    loaded: &Loaded,
) -> Result<Vec<(&'r SliceKey, RegulariseReport)>, Failure> {
    let mut untidy = Vec::new();
    for slice in report.slices() {
        let mut rules = slice.rules().iter();
        if rules.all(|rule| is_tidy(slice.regularised(rule))) {
            continue;
        }
        let frame = loaded.frame_of(slice.part());
        let axis = TimeAxis::covering(frame.granularity(), frame.zone(), report.interval())?;
        let fetched = frame.series(&SliceRequest {
            slice: slice.key().clone(),
            axis,
        })?;
        if !is_tidy(&fetched.report) {
            untidy.push((slice.key(), fetched.report));
        }
    }
    Ok(untidy)
}

/// Whether there is nothing to say of how rows came onto their grid.
fn is_tidy(report: &RegulariseReport) -> bool {
    let filled = report.filled;
    let tallies = [filled.zero, filled.carried, filled.interpolated];
    report.is_clean() && tallies.iter().all(|tally| tally.count == 0)
}
