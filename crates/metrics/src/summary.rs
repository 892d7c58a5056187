//! All measures of one method over a set of series.

use serde::Serialize;

use crate::events::median;
use crate::nab::{NabCorpus, NabDecisions, NabScore, Profile};
use crate::{
    Answer, EventTally, Labels, MetricsError, Result, Scores, Truth, affiliation,
    average_precision, best_f1, best_range_f1, f1, range_score, ucr_accuracy, vus_pr,
};

const DAY_MILLIS: f64 = 86_400_000.0;
const MINUTE_MILLIS: f64 = 60_000.0;

/// How runs of flagged rows become alerts unless something else is said.
pub const ALERT_GAP: usize = 5;

/// Every measure of one method over a set of series, on the rows that are scored.
///
/// Of the measures per series the mean over those series is given that have one; `None` if none
/// has. *Best* means at the threshold that is best on these very labels, an upper bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Series.
    pub series: usize,
    /// Rows that are scored.
    pub rows: usize,
    /// NAB with the best threshold on these labels, in the order of [`Profile::ALL`].
    pub nab_searched: [NabScore; 3],
    /// NAB of the decisions as they were shipped, in the same order.
    pub nab_decided: [NabScore; 3],
    /// Mean volume under the surface, the buffer of each series being its own.
    pub vus_pr: Option<f64>,
    /// Mean average precision.
    pub average_precision: Option<f64>,
    /// Mean of the best F1 of each series; of series with both kinds of rows, as the next two.
    pub best_f1: Option<f64>,
    /// Mean of the best range F1 of each series.
    pub best_range_f1: Option<f64>,
    /// Average precision over the rows of all series together.
    pub pooled_average_precision: Option<f64>,
    /// Best F1 over the rows of all series together.
    pub pooled_best_f1: Option<f64>,
    /// Mean F1 of the decisions.
    pub f1: Option<f64>,
    /// Mean range precision of the decisions.
    pub range_precision: Option<f64>,
    /// Mean range recall of the decisions.
    pub range_recall: Option<f64>,
    /// Mean range F1 of the decisions.
    pub range_f1: Option<f64>,
    /// Mean affiliation precision of the decisions.
    pub affiliation_precision: Option<f64>,
    /// Mean affiliation recall of the decisions.
    pub affiliation_recall: Option<f64>,
    /// Mean affiliation F1 of the decisions.
    pub affiliation_f1: Option<f64>,
    /// The UCR accuracy, if every series has exactly one anomaly.
    pub ucr_accuracy: Option<f64>,
    /// Alerts and events.
    pub events: EventTally,
    /// The share of the scored rows that are flagged: who flags everything is in one long alert.
    pub share_flagged: Option<f64>,
    /// Days that are scored, over the series whose step is known.
    pub days: f64,
    /// Alerts per series and 30 days, over the series whose step is known.
    pub alerts_per_30_days: Option<f64>,
    /// False alerts per series and 30 days, over the series whose step is known.
    pub false_alerts_per_30_days: Option<f64>,
    /// Median delay in minutes, over the events found in series whose step is known.
    pub median_delay_minutes: Option<f64>,
}

/// Every measure of `answers`, one for each of `truths` and in the same order. Runs of flagged rows
/// at a distance of at most `gap` rows are one alert; [`ALERT_GAP`] is customary. `method` is its
/// name in messages.
///
/// # Errors
/// [`MetricsError::Answers`] unless there is an answer for each of at least one series;
/// [`MetricsError::Length`] unless each has all rows.
pub fn summarise(
    method: &str,
    truths: &[Truth],
    answers: &[Answer],
    gap: usize,
) -> Result<Summary> {
    if truths.is_empty() || truths.len() != answers.len() {
        return Err(MetricsError::Answers {
            method: method.to_owned(),
            got: answers.len(),
            series: truths.len(),
        });
    }
    let (mut searched, mut decided) = (NabCorpus::default(), NabDecisions::default());
    let mut means = Means::default();
    let (mut events, mut timed) = (EventTally::default(), EventTally::default());
    let (mut days, mut minutes, mut flagged) = (0.0, Vec::new(), 0_usize);
    let (mut all_labels, mut all_scores) = (Vec::new(), Vec::new());
    for (truth, answer) in truths.iter().zip(answers) {
        searched.add(truth, &answer.scores)?;
        decided.add(truth, &answer.decisions)?;
        let labels = truth.scored_labels();
        let scores = truth.scored(&answer.scores)?;
        let decisions = truth.decided(&answer.decisions)?;

        let positives = labels.positives();
        means.vus_pr.add(vus_pr(labels, &scores, truth.buffer())?);
        means
            .average_precision
            .add(average_precision(labels, &scores)?);
        if positives < labels.len() {
            means.best_f1.add(best_f1(labels, &scores)?);
            means.best_range_f1.add(best_range_f1(labels, &scores)?);
        }
        means.f1.add(f1(labels, &decisions)?);
        let range = range_score(labels, &decisions)?;
        means
            .range_precision
            .add(range.map(|range| range.precision));
        means.range_recall.add(range.map(|range| range.recall));
        means.range_f1.add(range.map(|range| range.f1));
        let near = affiliation(labels, &decisions)?;
        means
            .affiliation_precision
            .add(near.and_then(|near| near.precision));
        means.affiliation_recall.add(near.map(|near| near.recall));
        means.affiliation_f1.add(near.map(|near| near.f1));

        flagged += decisions.flags().iter().filter(|&&flag| flag).count();
        let tally = EventTally::count(labels, &decisions, gap)?;
        if let Some(step) = truth.step() {
            let millis = step.millis() as f64;
            days += labels.len() as f64 * millis / DAY_MILLIS;
            timed.add(&tally);
            minutes.extend(
                tally
                    .delays
                    .iter()
                    .map(|&rows| rows as f64 * millis / MINUTE_MILLIS),
            );
        }
        events.add(&tally);
        all_labels.extend(labels.flags());
        all_scores.extend(scores.values());
    }
    let rows = all_labels.len();
    let (all_labels, all_scores) = (Labels::new(all_labels), Scores::new(all_scores)?);
    let per_30_days = |count: usize| (days > 0.0).then(|| 30.0 * count as f64 / days);
    Ok(Summary {
        series: truths.len(),
        rows,
        nab_searched: Profile::ALL.map(|profile| searched.searched(profile)),
        nab_decided: Profile::ALL.map(|profile| decided.score(profile)),
        vus_pr: means.vus_pr.get(),
        average_precision: means.average_precision.get(),
        best_f1: means.best_f1.get(),
        best_range_f1: means.best_range_f1.get(),
        pooled_average_precision: average_precision(&all_labels, &all_scores)?,
        pooled_best_f1: best_f1(&all_labels, &all_scores)?,
        f1: means.f1.get(),
        range_precision: means.range_precision.get(),
        range_recall: means.range_recall.get(),
        range_f1: means.range_f1.get(),
        affiliation_precision: means.affiliation_precision.get(),
        affiliation_recall: means.affiliation_recall.get(),
        affiliation_f1: means.affiliation_f1.get(),
        ucr_accuracy: one_each(truths, answers)?,
        alerts_per_30_days: per_30_days(timed.alerts),
        false_alerts_per_30_days: per_30_days(timed.false_alerts()),
        median_delay_minutes: median(minutes),
        share_flagged: (rows > 0).then(|| flagged as f64 / rows as f64),
        events,
        days,
    })
}

/// The UCR accuracy where it has a meaning.
fn one_each(truths: &[Truth], answers: &[Answer]) -> Result<Option<f64>> {
    let has_one = |truth: &Truth| truth.scored_labels().segments().len() == 1;
    if !truths.iter().all(has_one) {
        return Ok(None);
    }
    let pairs = truths.iter().zip(answers);
    ucr_accuracy(pairs.map(|(truth, answer)| (truth, &answer.scores)))
}

#[derive(Default)]
struct Means {
    vus_pr: Mean,
    average_precision: Mean,
    best_f1: Mean,
    best_range_f1: Mean,
    f1: Mean,
    range_precision: Mean,
    range_recall: Mean,
    range_f1: Mean,
    affiliation_precision: Mean,
    affiliation_recall: Mean,
    affiliation_f1: Mean,
}

/// The mean of what is there.
#[derive(Default)]
struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1;
        }
    }

    fn get(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}
