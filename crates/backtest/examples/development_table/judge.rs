//! What a setting, or a yardstick, makes of a series.

use tuatara::Detection;
use tuatara::frame::{Duration, Instant, Interval, SliceKey};
use tuatara_backtest::Ran;
use tuatara_metrics::operator::{Alert, OperatorTally, Watch};
use tuatara_metrics::{
    ALERT_GAP, Answer, Decisions, RandomDetector, Scores, alerts, flag_everything,
};

use crate::Outcome;
use crate::read::Series;

const SEED: u64 = 1;

/// What a setting made of a series.
pub(crate) struct Made {
    /// The scores, and whether a row is in an alert.
    pub(crate) answer: Answer,
    /// The highest score that an alert had when it was told, at the row at which it was; NaN at all
    /// other rows.
    pub(crate) told: Scores,
    pub(crate) alerts: Vec<Alert>,
}

impl Made {
    /// The rows at which something was told.
    pub(crate) fn told_rows(&self) -> Decisions {
        let told = self.told.values().iter();
        Decisions::new(told.map(|score| !score.is_nan()).collect())
    }

    fn new(series: &Series, scores: Vec<f64>, alerts: Vec<Alert>) -> Outcome<Self> {
        let rows = &series.rows;
        let mut in_alert = vec![false; rows.len()];
        let mut told = vec![f64::NAN; rows.len()];
        // Stamps are in order, but for what the files have wrong, which the frame has sorted.
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&row| rows[row]);
        let first = |at: Instant| order.partition_point(|&row| rows[row] < at);
        for alert in &alerts {
            let (from, to) = (first(alert.interval.start()), first(alert.interval.end()));
            for &row in &order[from..to] {
                in_alert[row] = true;
            }
            // The last row that was there when it was told.
            let known = first(alert.reportable_at);
            let Some(&row) = known.checked_sub(1).and_then(|last| order.get(last)) else {
                continue;
            };
            let own = order[from.min(known)..known].iter().map(|&row| scores[row]);
            // The greater of a number and NaN is the number.
            let score = own.fold(f64::NAN, f64::max).max(0.0);
            told[row] = score.max(told[row]);
        }
        Ok(Self {
            answer: Answer {
                scores: Scores::new(scores)?,
                decisions: Decisions::new(in_alert),
            },
            told: Scores::new(told)?,
            alerts,
        })
    }
}

/// Runs the production engine over each column of `series`.
pub(crate) fn judge(detection: &Detection, series: &Series) -> Outcome<Made> {
    let mut scores = vec![f64::NAN; series.rows.len()];
    let mut told: Vec<Alert> = Vec::new();
    for frame in &series.frames {
        let history = detection.extent(frame)?;
        let ran = Ran::over(detection, frame, history, Duration::ZERO, None)?;
        let slice = SliceKey::new(detection.metric());
        for (score, other) in scores.iter_mut().zip(ran.scores(&slice, &series.rows)) {
            *score = score.max(other);
        }
        told.extend(ran.told().into_iter().map(|told| told.alert));
    }
    Made::new(series, scores, joined(told)?)
}

/// Alerts of several columns that share time are one, told when the first was.
fn joined(mut all: Vec<Alert>) -> Outcome<Vec<Alert>> {
    all.sort_by_key(|alert| (alert.interval.start(), alert.interval.end()));
    let mut joined: Vec<Alert> = Vec::new();
    for alert in all {
        match joined
            .last_mut()
            .filter(|last| last.interval.overlaps(alert.interval))
        {
            Some(last) => {
                let end = last.interval.end().max(alert.interval.end());
                last.interval = Interval::new(last.interval.start(), end)?;
                last.reportable_at = last.reportable_at.min(alert.reportable_at);
            }
            None => joined.push(alert),
        }
    }
    Ok(joined)
}

/// The answer of somebody who flags everything, or a hundredth of the rows by chance.
pub(crate) fn yardstick(everything: bool, number: u64, series: &Series) -> Outcome<Made> {
    let rows = series.rows.len();
    let answer = match everything {
        true => flag_everything(rows),
        false => RandomDetector::new(SEED, 0.01)?.answer(number, rows),
    };
    let after = |row: usize| after(series, row);
    let mut told = Vec::new();
    for run in alerts(&answer.decisions, ALERT_GAP) {
        let start = series.rows[run.start];
        told.push(Alert {
            interval: Interval::new(start, after(run.end - 1).max(start))?,
            reportable_at: after(run.start),
        });
    }
    Made::new(series, answer.scores.values().to_vec(), told)
}

fn after(series: &Series, row: usize) -> Instant {
    let end = series.rows[row].checked_add(series.step);
    end.unwrap_or(Instant::MAX)
}

/// The rows of `series` that are scored, as time; none if that is no time at all.
pub(crate) fn watched(series: &Series) -> Outcome<Option<Interval>> {
    let Some(first) = series.rows.get(series.truth.unscored()) else {
        return Ok(None);
    };
    let end = after(series, series.rows.len() - 1).max(*first);
    Ok(Some(Interval::new(*first, end)?).filter(|watched| !watched.is_empty()))
}

/// The incidents that are labelled in a series.
pub(crate) fn incidents(series: &Series) -> Outcome<Vec<Interval>> {
    let rows = &series.rows;
    let segments = series.truth.labels().segments().into_iter();
    let incidents = segments.map(|run| {
        Interval::new(
            rows[run.start],
            after(series, run.end - 1).max(rows[run.start]),
        )
    });
    Ok(incidents.collect::<Result<_, _>>()?)
}

/// What an operator counts on the rows that are scored.
pub(crate) fn tallied(series: &Series, made: &Made) -> Outcome<OperatorTally> {
    let Some(watched) = watched(series)? else {
        return Ok(OperatorTally::default());
    };
    let incidents = incidents(series)?.into_iter();
    let incidents = incidents.filter(|incident| incident.overlaps(watched));
    let alerts = made.alerts.iter().copied();
    let alerts = alerts.filter(|alert| alert.interval.overlaps(watched));
    let (incidents, alerts) = (incidents.collect(), alerts.collect());
    Ok(Watch::new(&series.name, watched, series.step, incidents, alerts)?.tally())
}
