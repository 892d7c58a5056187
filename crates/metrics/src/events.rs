//! Alerts and events of rows: what was found, when, and how often in vain.
//!
//! An *event* is a run of anomalous rows. An *alert* is a run of flagged rows, joined with the next
//! one where at most `gap − 1` rows lie between them. An alert is *true* if it shares a row with an
//! event; an event is *found* if one of its rows is flagged, and its *delay* is the number of rows
//! before the first of these.
//!
//! ```text
//! precision = true alerts / alerts     recall = found / events     F1 = 2PR / (P + R)
//! ```
//!
//! What an operator sees of intervals and instants is in [`operator`](crate::operator).

use std::ops::Range;

use serde::Serialize;

use crate::{Decisions, Labels, Result};

/// What alerts and events of one or more series have to do with each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EventTally {
    /// Alerts.
    pub alerts: usize,
    /// Alerts that share a row with an event.
    pub true_alerts: usize,
    /// Events.
    pub events: usize,
    /// For each event that was found, in order, the rows from its first to the first flagged one.
    pub delays: Vec<usize>,
}

impl EventTally {
    /// Counts over the rows of one series. Runs of flagged rows whose distance, from the last row
    /// of one to the first of the next, is at most `gap` are one alert; 5 is customary.
    ///
    /// ```
    /// use tuatara_metrics::{Decisions, EventTally, Labels};
    ///
    /// let labels = Labels::new((0..40).map(|row| (10..20).contains(&row)).collect());
    /// let decisions = Decisions::new((0..40).map(|row| [13, 15, 30].contains(&row)).collect());
    /// let tally = EventTally::count(&labels, &decisions, 5)?;
    /// assert_eq!((tally.alerts, tally.true_alerts, tally.false_alerts()), (2, 1, 1));
    /// assert_eq!((tally.events, tally.delays), (1, vec![3]));
    /// # Ok::<(), tuatara_metrics::MetricsError>(())
    /// ```
    ///
    /// # Errors
    /// [`MetricsError::Length`](crate::MetricsError::Length)
    pub fn count(labels: &Labels, decisions: &Decisions, gap: usize) -> Result<Self> {
        labels.check("decisions", decisions.len())?;
        let (events, alerts) = (labels.segments(), alerts(decisions, gap));
        let true_alerts = alerts.iter().filter(|alert| {
            let next = events.partition_point(|event| event.end <= alert.start);
            events
                .get(next)
                .is_some_and(|event| event.start < alert.end)
        });
        let delays = events.iter().filter_map(|event| {
            decisions.flags()[event.clone()]
                .iter()
                .position(|&flagged| flagged)
        });
        Ok(Self {
            alerts: alerts.len(),
            true_alerts: true_alerts.count(),
            events: events.len(),
            delays: delays.collect(),
        })
    }

    /// Adds what was counted on another series.
    pub fn add(&mut self, other: &Self) {
        self.alerts += other.alerts;
        self.true_alerts += other.true_alerts;
        self.events += other.events;
        self.delays.extend(&other.delays);
    }

    /// Alerts without an event.
    pub fn false_alerts(&self) -> usize {
        self.alerts - self.true_alerts
    }

    /// Events that were found.
    pub fn found(&self) -> usize {
        self.delays.len()
    }

    /// The share of alerts that are true; `None` without an alert.
    pub fn precision(&self) -> Option<f64> {
        (self.alerts > 0).then(|| self.true_alerts as f64 / self.alerts as f64)
    }

    /// The share of events that were found; `None` without an event.
    pub fn recall(&self) -> Option<f64> {
        (self.events > 0).then(|| self.found() as f64 / self.events as f64)
    }

    /// The harmonic mean of precision and recall, 0 where one of them is 0 or there is no alert;
    /// `None` without an event.
    pub fn f1(&self) -> Option<f64> {
        let recall = self.recall()?;
        let precision = self.precision().unwrap_or(0.0);
        let sum = precision + recall;
        Some(if sum > 0.0 {
            2.0 * precision * recall / sum
        } else {
            0.0
        })
    }

    /// The median of the delays in rows, the mean of the two in the middle of an even number;
    /// `None` if no event was found.
    pub fn median_delay(&self) -> Option<f64> {
        median(self.delays.iter().map(|&rows| rows as f64).collect())
    }

    /// The mean of the delays in rows; `None` if no event was found.
    pub fn mean_delay(&self) -> Option<f64> {
        let sum: usize = self.delays.iter().sum();
        (!self.delays.is_empty()).then(|| sum as f64 / self.delays.len() as f64)
    }
}

/// The alerts of decisions: runs of flagged rows, joined where their distance is at most `gap`.
pub fn alerts(decisions: &Decisions, gap: usize) -> Vec<Range<usize>> {
    let mut alerts: Vec<Range<usize>> = Vec::new();
    for run in decisions.segments() {
        match alerts.last_mut() {
            Some(alert) if run.start - (alert.end - 1) <= gap => alert.end = run.end,
            _ => alerts.push(run),
        }
    }
    alerts
}

/// The median, or none of nothing.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    Some(match values.len() % 2 {
        1 => upper,
        _ => f64::midpoint(values[values.len() / 2 - 1], upper),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_whose_distance_is_the_gap_are_joined_and_farther_ones_are_not() {
        let flags =
            |rows: &[usize]| Decisions::new((0..20).map(|row| rows.contains(&row)).collect());
        assert_eq!(alerts(&flags(&[2, 7]), 5).first(), Some(&(2..8)));
        assert_eq!(alerts(&flags(&[2, 8]), 5), [2..3, 8..9]);
        assert_eq!(alerts(&flags(&[2, 3, 5]), 1), [2..4, 5..6]);
    }

    #[test]
    fn an_event_between_two_runs_of_one_alert_makes_it_true_and_is_not_found() {
        let labels = Labels::new((0..10).map(|row| row == 4).collect());
        let decisions = Decisions::new((0..10).map(|row| row == 3 || row == 6).collect());
        let tally = EventTally::count(&labels, &decisions, 5).unwrap();
        assert_eq!((tally.true_alerts, tally.found()), (1, 0));
        assert_eq!(
            (tally.precision(), tally.recall(), tally.f1()),
            (Some(1.0), Some(0.0), Some(0.0))
        );
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 4.0, 2.0]), Some(3.0));
        assert_eq!(median(vec![9.0, 1.0, 4.0]), Some(4.0));
        assert_eq!(median(vec![]), None);
    }
}
