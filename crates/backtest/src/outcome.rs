//! What one contestant made of one series.

use std::ops::Range;

use tuatara::frame::{Instant, SliceKey};
use tuatara_metrics::operator::{Alert, OperatorTally, Watch};
use tuatara_metrics::{
    ALERT_GAP, Answer, Decisions, RandomDetector, Scores, alerts, flag_everything,
};

use crate::{Ran, Result, ScoredSeries, Told};

/// What one contestant made of one series: scores and decisions by row, and alerts.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// A score for every row, NaN where nothing was judged, and whether it lies in an anomaly that
    /// stands at the end.
    pub answer: Answer,
    /// The rows at whose end a person was told of an anomaly: one for each.
    pub told: Decisions,
    /// The alerts in the time that counts.
    pub alerts: Vec<Alert>,
    /// Alerts that a filter took back.
    pub taken_back: usize,
}

impl Outcome {
    /// What the engine made of `slice`, on the rows of `series`.
    pub(crate) fn of(
        ran: &Ran,
        told: &[Told],
        slice: &SliceKey,
        taken_back: usize,
        series: &ScoredSeries,
    ) -> Result<Self> {
        let alerts: Vec<Alert> = told.iter().map(|told| told.alert).collect();
        let mut in_alert = vec![false; series.rows.len()];
        let mut told = vec![false; series.rows.len()];
        // Rows of a file may be out of order; most are not, and then each is found by halving.
        let sorted = series.rows.is_sorted();
        for alert in &alerts {
            for row in rows_in(
                &series.rows,
                sorted,
                alert.interval.start(),
                alert.interval.end(),
            ) {
                in_alert[row] = true;
            }
            if let Some(row) = row_before(&series.rows, sorted, alert.reportable_at) {
                told[row] = true;
            }
        }
        let counted = alerts.into_iter();
        let counted = counted.filter(|alert| alert.interval.overlaps(series.watched));
        Ok(Self {
            answer: Answer {
                scores: Scores::new(ran.scores(slice, &series.rows))?,
                decisions: Decisions::new(in_alert),
            },
            told: Decisions::new(told),
            alerts: counted.collect(),
            taken_back,
        })
    }

    /// What somebody makes of series number `number` who flags rows by chance.
    pub(crate) fn by_chance(random: RandomDetector, number: u64, series: &ScoredSeries) -> Self {
        Self::of_rows(random.answer(number, series.rows.len()), series)
    }

    /// What somebody makes of it who flags every row.
    pub(crate) fn of_everything(series: &ScoredSeries) -> Self {
        Self::of_rows(flag_everything(series.rows.len()), series)
    }

    /// Runs of flagged rows are one alert, told at the end of the first of them.
    fn of_rows(answer: Answer, series: &ScoredSeries) -> Self {
        let runs = alerts(&answer.decisions, ALERT_GAP);
        let mut told = vec![false; series.rows.len()];
        let alert = |run: &Range<usize>| Alert {
            interval: series.span(run),
            reportable_at: series.span(&(run.start..run.start + 1)).end(),
        };
        for run in &runs {
            told[run.start] = true;
        }
        let all = runs.iter().map(alert);
        let alerts = all.filter(|alert| alert.interval.overlaps(series.watched));
        Self {
            alerts: alerts.collect(),
            answer,
            told: Decisions::new(told),
            taken_back: 0,
        }
    }

    /// What an operator counts.
    pub(crate) fn tally(&self, series: &ScoredSeries) -> Result<OperatorTally> {
        if series.watched.is_empty() {
            return Ok(OperatorTally {
                series: 1,
                ..OperatorTally::default()
            });
        }
        let watch = Watch::new(
            &series.name,
            series.watched,
            series.step,
            series.incidents.clone(),
            self.alerts.clone(),
        )?;
        Ok(watch.with_others(series.before.clone()).tally())
    }
}

/// The rows from `start` up to `end`.
fn rows_in(rows: &[Instant], sorted: bool, start: Instant, end: Instant) -> Vec<usize> {
    if sorted {
        let first = rows.partition_point(|row| *row < start);
        return (first..rows.partition_point(|row| *row < end)).collect();
    }
    let within = |row: &usize| start <= rows[*row] && rows[*row] < end;
    (0..rows.len()).filter(within).collect()
}

/// The last row before `at`.
fn row_before(rows: &[Instant], sorted: bool, at: Instant) -> Option<usize> {
    if sorted {
        return rows.partition_point(|row| *row < at).checked_sub(1);
    }
    let before = (0..rows.len()).filter(|&row| rows[row] < at);
    before.max_by_key(|&row| (rows[row], row))
}
