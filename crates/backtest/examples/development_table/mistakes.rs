//! The five worst mistakes of a setting, as pictures.
//!
//! Three are the false alerts of which it is most certain, by the highest score in them, of no two
//! on one series; two are the incidents that it missed by most, by the highest score in them, likewise.

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use tuatara::Detection;
use tuatara::frame::{Duration, Instant, Interval, SliceKey};
use tuatara_backtest::Ran;
use tuatara_report::Draw;

use crate::Outcome;
use crate::judge::{incidents, judge, watched};
use crate::read::{Series, detection, kind};

const FALSE: usize = 3;
const MISSED: usize = 2;

/// The width of the area of a picture in which values are drawn.
const WIDTH: f64 = 930.0;

struct Mistake<'s> {
    series: &'s Series,
    interval: Interval,
    /// The highest score in it; 0 if nothing was judged.
    score: f64,
    missed: bool,
}

/// Draws the mistakes of the specification at `spec` on `arg`, a kind, into `folder`.
pub(crate) fn draw(spec: &Path, arg: &str, folder: &Path) -> Outcome<()> {
    let detection = detection(spec)?;
    let kind = kind(arg)?;
    let found = kind.series.par_iter();
    let found = found.map(|series| mistakes(&detection, series));
    let found = found.collect::<Outcome<Vec<_>>>()?;
    let (mut missed, mut wrong): (Vec<Mistake<'_>>, Vec<Mistake<'_>>) = found
        .into_iter()
        .flatten()
        .partition(|mistake| mistake.missed);
    println!(
        "{} false alerts, {} incidents missed",
        wrong.len(),
        missed.len()
    );
    wrong.sort_by(|a, b| b.score.total_cmp(&a.score));
    missed.sort_by(|a, b| a.score.total_cmp(&b.score));
    let worst = one_each(wrong, FALSE).into_iter();
    fs::create_dir_all(folder)?;
    for (place, mistake) in (1..).zip(worst.chain(one_each(missed, MISSED))) {
        let half = if mistake.series.even { "even" } else { "odd" };
        let words = if mistake.missed {
            "missed"
        } else {
            "false alert"
        };
        let Mistake {
            series,
            interval,
            score,
            ..
        } = &mistake;
        println!(
            "{place}: {} ({half}), {words} {interval}, score {score:.2}",
            series.name
        );
        fs::write(
            folder.join(format!("{place}.svg")),
            picture(&detection, series)?,
        )?;
    }
    Ok(())
}

/// The first of each series, `most` at most.
fn one_each(all: Vec<Mistake<'_>>, most: usize) -> Vec<Mistake<'_>> {
    let mut kept: Vec<Mistake<'_>> = Vec::new();
    for mistake in all {
        if kept.len() < most
            && kept
                .iter()
                .all(|other| other.series.name != mistake.series.name)
        {
            kept.push(mistake);
        }
    }
    kept
}

fn mistakes<'s>(detection: &Detection, series: &'s Series) -> Outcome<Vec<Mistake<'s>>> {
    let Some(watched) = watched(series)? else {
        return Ok(Vec::new());
    };
    let made = judge(detection, series)?;
    let incidents = incidents(series)?;
    let highest = |interval: Interval| {
        let scores = series.rows.iter().zip(made.answer.scores.values());
        let inside = scores.filter(|(at, _)| interval.contains(**at));
        inside.map(|(_, &score)| score).fold(0.0, f64::max)
    };
    let mistake = |interval, missed| Mistake {
        series,
        interval,
        score: highest(interval),
        missed,
    };
    let alerts = made.alerts.iter().map(|alert| alert.interval);
    let alerts: Vec<Interval> = alerts.filter(|alert| alert.overlaps(watched)).collect();
    let meets = |one: &Interval, others: &[Interval]| others.iter().any(|o| o.overlaps(*one));
    let wrong = alerts.iter().filter(|alert| !meets(alert, &incidents));
    let mut all: Vec<Mistake<'_>> = wrong.map(|alert| mistake(*alert, false)).collect();
    let missed = incidents.iter();
    let missed = missed.filter(|one| one.overlaps(watched) && !meets(one, &alerts));
    all.extend(missed.map(|incident| mistake(*incident, true)));
    Ok(all)
}

/// The first column of a series with what the engine said of it, labelled windows tinted.
fn picture(detection: &Detection, series: &Series) -> Outcome<String> {
    let frame = series.frames.first().ok_or("a series has a column")?;
    let history = detection.extent(frame)?;
    let ran = Ran::over(detection, frame, history, Duration::ZERO, None)?;
    let drawn = ran.report().to_svg(&SliceKey::new(detection.metric()))?;
    let span = ran.report().interval();
    let at = |instant: Instant| {
        let since = (instant.millis() - span.start().millis()) as f64;
        (since / span.duration().millis() as f64 * WIDTH).clamp(0.0, WIDTH)
    };
    let mut tinted = String::new();
    for incident in incidents(series)? {
        let (from, to) = (at(incident.start()), at(incident.end()));
        let width = (to - from).max(1.0);
        tinted += &format!(
            "<rect x=\"{from:.1}\" y=\"0\" width=\"{width:.1}\" height=\"100%\" fill=\"#56b4e9\" \
             fill-opacity=\"0.25\"/>\n"
        );
    }
    let paper = drawn
        .find("class=\"paper\"")
        .ok_or("a picture has a plot")?;
    let after = drawn[paper..].find("/>").ok_or("an element is closed")? + paper + 2;
    Ok(format!("{}\n{tinted}{}", &drawn[..after], &drawn[after..]))
}
