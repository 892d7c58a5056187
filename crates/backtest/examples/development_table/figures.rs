//! The measures of each setting on each half of each kind, as CSV.

use std::collections::VecDeque;
use std::path::Path;
use std::time::Instant as Clock;

use rayon::prelude::*;
use tuatara_metrics::operator::OperatorTally;
use tuatara_metrics::{
    NabCorpus, NabDecisions, Profile, Scores, average_precision, range_score, ucr_accuracy, vus_pr,
};

use crate::Outcome;
use crate::judge::{Made, judge, tallied, yardstick};
use crate::read::{Kind, Series, kind, methods_in};

/// Share of a file within which only the highest score so far counts, for the figures of thinned
/// scores.
const REFRACTORY: f64 = 0.03;

/// The names of the figures, in the order in which they are printed, and their decimals in tables.
pub(crate) const COLUMNS: [(&str, usize); 18] = [
    ("NAB", 1),
    ("NAB thinned", 1),
    ("NAB told searched", 1),
    ("NAB as told", 1),
    ("low FP told", 1),
    ("low FN told", 1),
    ("VUS-PR", 3),
    ("AP", 3),
    ("range F1", 3),
    ("alert precision", 3),
    ("found", 3),
    ("event F1", 3),
    ("alerts/30 d", 2),
    ("false/30 d", 2),
    ("delay rows", 1),
    ("delay min", 0),
    ("UCR", 3),
    ("under alert", 3),
];

/// What is measured on one series alone.
struct Own {
    vus_pr: Option<f64>,
    average_precision: Option<f64>,
    range_f1: Option<f64>,
    tally: OperatorTally,
    thinned: Scores,
}

/// Runs every setting in `methods` on every kind; a line for each half, and for all.
pub(crate) fn print(methods: &Path, kinds: &[&str]) -> Outcome<()> {
    let methods = methods_in(methods)?;
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    println!("kind,half,series,method,setting,{}", names.join(","));
    for arg in kinds {
        let kind = kind(arg)?;
        let rows: usize = kind.series.iter().map(|series| series.rows.len()).sum();
        eprintln!("{}: {} series, {rows} rows", kind.name, kind.series.len());
        for (name, everything) in [("random", false), ("flag everything", true)] {
            let numbered: Vec<(u64, &Series)> = (0..).zip(&kind.series).collect();
            let made = numbered.into_par_iter();
            let made = made.map(|(number, series)| yardstick(everything, number, series));
            lines(&kind, name, "-", &made.collect::<Outcome<Vec<_>>>()?)?;
        }
        for (method, setting, detection) in &methods {
            let begin = Clock::now();
            let made = kind.series.par_iter();
            let made = made.map(|series| judge(detection, series));
            let made = match made.collect::<Outcome<Vec<_>>>() {
                Ok(made) => made,
                // Such as a season of a day where a bucket is one.
                Err(error) => {
                    eprintln!("{} {method}/{setting} left out: {error}", kind.name);
                    continue;
                }
            };
            let judged = begin.elapsed().as_secs_f64();
            lines(&kind, method, setting, &made)?;
            let took = begin.elapsed().as_secs_f64();
            eprintln!(
                "{} {method}/{setting}: {judged:.1} s, measured in {:.1} s",
                kind.name,
                took - judged
            );
        }
    }
    Ok(())
}

fn lines(kind: &Kind, method: &str, setting: &str, made: &[Made]) -> Outcome<()> {
    let pairs: Vec<(&Series, &Made)> = kind.series.iter().zip(made).collect();
    let own = pairs.par_iter().map(|(series, made)| own(series, made));
    let own: Vec<Own> = own.collect::<Outcome<_>>()?;
    for (half, words) in [(Some(true), "even"), (Some(false), "odd"), (None, "all")] {
        let counts = |series: &Series| half.is_none_or(|half| series.even == half);
        let pairs = pairs.iter().copied().zip(&own);
        let pairs: Vec<(&Series, &Made, &Own)> = pairs
            .filter(|((series, _), _)| counts(series))
            .map(|((series, made), own)| (series, made, own))
            .collect();
        if pairs.is_empty() {
            continue;
        }
        let cells = measured(&pairs)?
            .map(|figure| figure.map_or_else(String::new, |figure| format!("{figure:.4}")));
        println!(
            "{},{words},{},{method},{setting},{}",
            kind.name,
            pairs.len(),
            cells.join(",")
        );
    }
    Ok(())
}

fn own(series: &Series, made: &Made) -> Outcome<Own> {
    let truth = &series.truth;
    let labels = truth.scored_labels();
    let scores = truth.scored(&made.answer.scores)?;
    let decisions = truth.decided(&made.answer.decisions)?;
    Ok(Own {
        vus_pr: vus_pr(labels, &scores, truth.buffer())?,
        average_precision: average_precision(labels, &scores)?,
        range_f1: range_score(labels, &decisions)?.map(|range| range.f1),
        tally: tallied(series, made)?,
        thinned: thinned(&made.answer.scores)?,
    })
}

/// The figures of [`COLUMNS`].
fn measured(pairs: &[(&Series, &Made, &Own)]) -> Outcome<[Option<f64>; COLUMNS.len()]> {
    let (mut raw, mut thinned) = (NabCorpus::default(), NabCorpus::default());
    let (mut searched, mut told) = (NabCorpus::default(), NabDecisions::default());
    let (mut tally, mut timed) = (OperatorTally::default(), OperatorTally::default());
    for (series, made, own) in pairs {
        raw.add(&series.truth, &made.answer.scores)?;
        thinned.add(&series.truth, &own.thinned)?;
        searched.add(&series.truth, &made.told)?;
        told.add(&series.truth, &made.told_rows())?;
        tally.add(&own.tally);
        if series.has_clock {
            timed.add(&own.tally);
        }
    }
    let mean = |of: fn(&Own) -> Option<f64>| {
        let there: Vec<f64> = pairs.iter().filter_map(|(_, _, own)| of(own)).collect();
        (!there.is_empty()).then(|| there.iter().sum::<f64>() / there.len() as f64)
    };
    let has_one = |series: &Series| series.truth.scored_labels().segments().len() == 1;
    let ucr = match pairs.iter().all(|(series, _, _)| has_one(series)) {
        true => ucr_accuracy(
            pairs
                .iter()
                .map(|(series, made, _)| (&series.truth, &made.answer.scores)),
        )?,
        false => None,
    };
    let standard = Profile::Standard;
    Ok([
        raw.searched(standard).score,
        thinned.searched(standard).score,
        searched.searched(standard).score,
        told.score(standard).score,
        told.score(Profile::RewardLowFp).score,
        told.score(Profile::RewardLowFn).score,
        mean(|own| own.vus_pr),
        mean(|own| own.average_precision),
        mean(|own| own.range_f1),
        tally.precision(),
        tally.share_found(),
        event_f1(&tally),
        timed.alerts_per_30_days(),
        timed.false_alerts_per_30_days(),
        tally.median_delay().map(|delay| delay.report_rows),
        timed.median_delay().map(|delay| delay.report_minutes),
        ucr,
        tally.share_alerted(),
    ])
}

/// The harmonic mean of the precision of alerts and the share of incidents found; 0 without either.
fn event_f1(tally: &OperatorTally) -> Option<f64> {
    let found = tally.share_found()?;
    let precision = tally.precision().unwrap_or(0.0);
    let sum = precision + found;
    Some(if sum > 0.0 {
        2.0 * precision * found / sum
    } else {
        0.0
    })
}

/// Scores that count only where they exceed all in the share of the file before them.
fn thinned(scores: &Scores) -> Outcome<Scores> {
    let values = scores.values();
    let back = ((REFRACTORY * values.len() as f64) as usize).max(1);
    // The rows of the stretch before, with falling scores: the first is the highest.
    let mut before: VecDeque<usize> = VecDeque::new();
    let mut kept = vec![f64::NAN; values.len()];
    for (row, &score) in values.iter().enumerate() {
        while before.front().is_some_and(|&first| first + back < row) {
            before.pop_front();
        }
        let most = before
            .front()
            .map_or(f64::NEG_INFINITY, |&first| values[first]);
        if score > most {
            kept[row] = score;
        }
        if !score.is_nan() {
            while before.back().is_some_and(|&last| values[last] <= score) {
                before.pop_back();
            }
            before.push_back(row);
        }
    }
    Ok(Scores::new(kept)?)
}
