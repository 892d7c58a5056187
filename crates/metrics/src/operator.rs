//! What an operator counts: alerts, false alerts, incidents found, and how long they took.
//!
//! An alert is *true* if it shares time with an incident. An incident is *found* if an alert shares
//! time with it; then it has two delays, each 0 where the alert was there before it:
//!
//! ```text
//! delay of the onset   = start of the first alert that shares time with it − its start
//! delay of the report  = earliest `reportable_at` of the alerts that share time with it − its start
//! alerts per series per 30 days = 30 · alerts / Σ over series of the days it was watched
//! ```
//!
//! Of an incident that began before anybody watched, both count from where the watch began.
//!
//! The second delay is the one that a person feels: an alert is known at the end of the bucket at
//! which it was first reported, however early it began. Medians are over the incidents that were
//! found, so read them beside the share found. And read all of it beside the share of the time that
//! is under an alert: who is never silent finds everything at once, in one alert.

use std::ops::Range;

use serde::Serialize;
use tuatara_frame::{Duration, Instant, Interval};

use crate::events::median;
use crate::{MetricsError, Result};

const DAY_MILLIS: f64 = 86_400_000.0;
const MINUTE_MILLIS: f64 = 60_000.0;

/// An anomaly as it reached a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// When it was.
    pub interval: Interval,
    /// The end of the first bucket at which it was reported.
    pub reportable_at: Instant,
}

/// One series that was watched: its incidents and its alerts, each checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    watched: Interval,
    step: Duration,
    incidents: Vec<Interval>,
    /// Incidents that are not counted, and make alerts true all the same.
    others: Vec<Interval>,
    alerts: Vec<Alert>,
}

impl Watch {
    /// A series called `series` in messages, that was watched over `watched` with a bucket every
    /// `step`. Incidents and alerts come in any order; those in the time that is not watched, such
    /// as the part a method learns from, are to be left out before.
    ///
    /// # Errors
    /// [`MetricsError::Setting`] when the step or the time watched is 0;
    /// [`MetricsError::Unwatched`] for an incident or alert that shares no time with `watched`;
    /// [`MetricsError::ReportedBefore`] for an alert that is reportable before it begins.
    pub fn new(
        series: &str,
        watched: Interval,
        step: Duration,
        mut incidents: Vec<Interval>,
        mut alerts: Vec<Alert>,
    ) -> Result<Self> {
        for (field, length) in [("step", step), ("watched time", watched.duration())] {
            if length.millis() == 0 {
                return Err(MetricsError::Setting {
                    field,
                    value: 0.0,
                    range: "(0, ∞) ms",
                    fix: "give the time from a bucket to the next, and the span that was judged",
                });
            }
        }
        let spans = incidents.iter().map(|&interval| ("incident", interval));
        let alerted = alerts.iter().map(|alert| ("alert", alert.interval));
        for (what, interval) in spans.chain(alerted) {
            if !interval.overlaps(watched) {
                let series = series.to_owned();
                return Err(MetricsError::Unwatched {
                    series,
                    what,
                    interval,
                    watched,
                });
            }
        }
        for &Alert {
            interval,
            reportable_at,
        } in &alerts
        {
            if reportable_at < interval.start() {
                let series = series.to_owned();
                return Err(MetricsError::ReportedBefore {
                    series,
                    interval,
                    reportable_at,
                });
            }
        }
        incidents.sort_by_key(|interval| (interval.start(), interval.end()));
        alerts.sort_by_key(|alert| (alert.interval.start(), alert.interval.end()));
        Ok(Self {
            watched,
            step,
            incidents,
            others: Vec::new(),
            alerts,
        })
    }

    /// Incidents that are not counted, such as those before the time watched: an alert that shares
    /// time with one of them is true.
    #[must_use]
    pub fn with_others(mut self, others: Vec<Interval>) -> Self {
        self.others = others;
        self
    }

    /// What an operator counts on this series.
    pub fn tally(&self) -> OperatorTally {
        let mut tally = OperatorTally {
            series: 1,
            days: self.watched.duration().millis() as f64 / DAY_MILLIS,
            alerted_days: self.alerted_millis() as f64 / DAY_MILLIS,
            alerts: self.alerts.len(),
            incidents: self.incidents.len(),
            ..OperatorTally::default()
        };
        let incidents = self.incidents.iter().chain(&self.others);
        let mut incidents: Vec<Interval> = incidents.copied().collect();
        incidents.sort_by_key(|incident| incident.start());
        let near = Near::new(incidents.iter().copied());
        let is_true = |alert: &&Alert| {
            let mut near = incidents[near.to(alert.interval)].iter();
            near.any(|incident| incident.overlaps(alert.interval))
        };
        tally.true_alerts = self.alerts.iter().filter(is_true).count();
        let near = Near::new(self.alerts.iter().map(|alert| alert.interval));
        for incident in &self.incidents {
            let (from, alerts) = (self.watched.start(), &self.alerts[near.to(*incident)]);
            let delay = Delay::of(*incident, from, self.step, alerts);
            tally.found.extend(delay);
        }
        tally
    }

    /// The time watched that is under at least one alert.
    fn alerted_millis(&self) -> i64 {
        let (mut millis, mut covered) = (0, self.watched.start().millis());
        // In order of their starts, so that what is counted never lies behind.
        for Alert { interval, .. } in &self.alerts {
            let start = interval.start().millis().max(covered);
            let end = interval.end().millis().min(self.watched.end().millis());
            millis += (end - start).max(0);
            covered = covered.max(end);
        }
        millis
    }
}

/// Where to look, among intervals in order of their starts, for those that share time with another.
struct Near {
    starts: Vec<Instant>,
    /// For each the latest end up to it.
    ends: Vec<Instant>,
}

impl Near {
    fn new(sorted: impl Iterator<Item = Interval>) -> Self {
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for interval in sorted {
            let before = ends.last().copied().unwrap_or(interval.end());
            starts.push(interval.start());
            ends.push(interval.end().max(before));
        }
        Self { starts, ends }
    }

    /// None outside of these places shares time with `interval`; some within may not.
    fn to(&self, interval: Interval) -> Range<usize> {
        let first = self.ends.partition_point(|end| *end <= interval.start());
        let after = self.starts.partition_point(|start| *start < interval.end());
        first..after.max(first)
    }
}

/// How long it took to find one incident, from its start.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Delay {
    /// To the start of the first alert, in minutes.
    pub onset_minutes: f64,
    /// The same in buckets of the series.
    pub onset_rows: f64,
    /// To the first instant at which an alert was reportable, in minutes.
    pub report_minutes: f64,
    /// The same in buckets of the series.
    pub report_rows: f64,
}

impl Delay {
    /// How long it took until one of `alerts` found `incident`, with a bucket every `step`; `None` if
    /// none shares time with it. Of an incident that began before `from`, when nobody watched, the
    /// time counts from then on.
    pub fn of(incident: Interval, from: Instant, step: Duration, alerts: &[Alert]) -> Option<Self> {
        let own = || {
            let alerts = alerts.iter();
            alerts.filter(|alert| alert.interval.overlaps(incident))
        };
        let from = incident.start().max(from);
        let since = |at: Instant| (at.millis() - from.millis()).max(0) as f64;
        let onset = since(own().map(|alert| alert.interval.start()).min()?);
        let report = since(own().map(|alert| alert.reportable_at).min()?);
        let row = step.millis() as f64;
        Some(Self {
            onset_minutes: onset / MINUTE_MILLIS,
            onset_rows: onset / row,
            report_minutes: report / MINUTE_MILLIS,
            report_rows: report / row,
        })
    }
}

/// What an operator counts, on one series or several.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OperatorTally {
    /// Series.
    pub series: usize,
    /// Days watched, summed over the series.
    pub days: f64,
    /// Days under at least one alert, of those watched.
    pub alerted_days: f64,
    /// Alerts.
    pub alerts: usize,
    /// Alerts that share time with an incident.
    pub true_alerts: usize,
    /// Incidents.
    pub incidents: usize,
    /// The delays of the incidents that were found, by series and start.
    pub found: Vec<Delay>,
}

impl OperatorTally {
    /// Adds what was counted on other series.
    pub fn add(&mut self, other: &Self) {
        self.series += other.series;
        self.days += other.days;
        self.alerted_days += other.alerted_days;
        self.alerts += other.alerts;
        self.true_alerts += other.true_alerts;
        self.incidents += other.incidents;
        self.found.extend(&other.found);
    }

    /// Alerts without an incident.
    pub fn false_alerts(&self) -> usize {
        self.alerts - self.true_alerts
    }

    /// The share of alerts that are true, in [0, 1]; `None` without an alert.
    pub fn precision(&self) -> Option<f64> {
        (self.alerts > 0).then(|| self.true_alerts as f64 / self.alerts as f64)
    }

    /// The share of incidents that were found, in [0, 1]; `None` without an incident.
    pub fn share_found(&self) -> Option<f64> {
        (self.incidents > 0).then(|| self.found.len() as f64 / self.incidents as f64)
    }

    /// The share of the time watched that is under an alert, in [0, 1]; `None` if nothing was watched.
    pub fn share_alerted(&self) -> Option<f64> {
        (self.days > 0.0).then(|| self.alerted_days / self.days)
    }

    /// Alerts on one series in 30 days; `None` if nothing was watched.
    pub fn alerts_per_30_days(&self) -> Option<f64> {
        (self.days > 0.0).then(|| 30.0 * self.alerts as f64 / self.days)
    }

    /// False alerts on one series in 30 days; `None` if nothing was watched.
    pub fn false_alerts_per_30_days(&self) -> Option<f64> {
        (self.days > 0.0).then(|| 30.0 * self.false_alerts() as f64 / self.days)
    }

    /// The median of each delay on its own; `None` if nothing was found.
    pub fn median_delay(&self) -> Option<Delay> {
        let of = |part: fn(&Delay) -> f64| median(self.found.iter().map(part).collect());
        Some(Delay {
            onset_minutes: of(|delay| delay.onset_minutes)?,
            onset_rows: of(|delay| delay.onset_rows)?,
            report_minutes: of(|delay| delay.report_minutes)?,
            report_rows: of(|delay| delay.report_rows)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minute `from` to minute `to` of 2026.
    fn span(from: i64, to: i64) -> Interval {
        Interval::new(at(from), at(to)).unwrap()
    }

    fn at(minute: i64) -> Instant {
        Instant::from_millis(1_767_225_600_000 + minute * 60_000).unwrap()
    }

    fn alert(from: i64, to: i64, reportable: i64) -> Alert {
        Alert {
            interval: span(from, to),
            reportable_at: at(reportable),
        }
    }

    /// Ten days of five-minute buckets.
    fn watch(incidents: Vec<Interval>, alerts: Vec<Alert>) -> Result<Watch> {
        Watch::new(
            "load",
            span(0, 14_400),
            Duration::minutes(5),
            incidents,
            alerts,
        )
    }

    #[test]
    fn delays_are_counted_to_the_onset_and_to_the_report() {
        // The incident starts at 1000. The first alert begins 10 minutes into it and is reported
        // after 35; the second began earlier than the incident, and is reported later.
        let alerts = vec![alert(1_010, 1_040, 1_035), alert(5_000, 5_005, 5_005)];
        let tally = watch(vec![span(1_000, 1_060)], alerts).unwrap().tally();
        let delay = Delay {
            onset_minutes: 10.0,
            onset_rows: 2.0,
            report_minutes: 35.0,
            report_rows: 7.0,
        };
        assert_eq!(tally.median_delay(), Some(delay));
        assert_eq!(
            (tally.alerts, tally.true_alerts, tally.false_alerts()),
            (2, 1, 1)
        );
        assert_eq!(
            (tally.precision(), tally.share_found()),
            (Some(0.5), Some(1.0))
        );
        // Two in ten days are six in thirty.
        assert_eq!(tally.alerts_per_30_days(), Some(6.0));
        assert_eq!(tally.false_alerts_per_30_days(), Some(3.0));
    }

    #[test]
    fn an_alert_within_a_long_one_is_counted_like_any_other() {
        // The first alert lasts over both incidents, the second ends before either begins, the third
        // finds the second incident, too; the last lies after everything.
        let alerts = vec![
            alert(0, 900, 10),
            alert(20, 30, 25),
            alert(500, 510, 505),
            alert(1_000, 1_010, 1_005),
        ];
        let watch = watch(vec![span(400, 450), span(505, 520)], alerts).unwrap();
        let tally = watch.with_others(vec![span(1_005, 1_006)]).tally();
        assert_eq!((tally.alerts, tally.true_alerts), (4, 3));
        let reports: Vec<f64> = tally
            .found
            .iter()
            .map(|delay| delay.report_minutes)
            .collect();
        assert_eq!(reports, [0.0, 0.0]);
    }

    #[test]
    fn an_incident_that_is_not_counted_makes_an_alert_true() {
        let watch = watch(vec![], vec![alert(0, 30, 20), alert(100, 110, 105)]).unwrap();
        let tally = watch.with_others(vec![span(-60, 5)]).tally();
        assert_eq!((tally.alerts, tally.true_alerts), (2, 1));
        assert_eq!((tally.incidents, tally.found.len()), (0, 0));
    }

    #[test]
    fn the_delay_of_an_incident_that_was_there_before_counts_from_when_somebody_watched() {
        // It began an hour before; the alert came 20 minutes after the watch began.
        let tally = watch(vec![span(-60, 60)], vec![alert(15, 30, 20)])
            .unwrap()
            .tally();
        let delay = tally.median_delay().unwrap();
        assert_eq!((delay.onset_minutes, delay.report_minutes), (15.0, 20.0));
    }

    #[test]
    fn an_alert_that_was_open_before_has_no_delay() {
        let tally = watch(vec![span(1_000, 1_060)], vec![alert(900, 1_010, 910)])
            .unwrap()
            .tally();
        let delay = tally.median_delay().unwrap();
        assert!(delay.onset_minutes.abs() < 1e-12 && delay.report_minutes.abs() < 1e-12);
    }

    #[test]
    fn the_earliest_report_counts_even_if_it_is_of_a_later_alert() {
        let alerts = vec![alert(1_005, 1_015, 1_050), alert(1_020, 1_030, 1_025)];
        let tally = watch(vec![span(1_000, 1_060)], alerts).unwrap().tally();
        let delay = tally.median_delay().unwrap();
        assert_eq!((delay.onset_minutes, delay.report_minutes), (5.0, 25.0));
    }

    #[test]
    fn touching_is_not_sharing_time() {
        let tally = watch(vec![span(1_000, 1_060)], vec![alert(1_060, 1_070, 1_065)])
            .unwrap()
            .tally();
        assert_eq!((tally.true_alerts, tally.share_found()), (0, Some(0.0)));
        assert_eq!(tally.median_delay(), None);
    }

    #[test]
    fn time_under_two_alerts_counts_once_and_only_while_it_is_watched() {
        // 100 to 300 from the first two, 14 000 to 14 400 of the last: 600 of 14 400 minutes.
        let alerts = vec![
            alert(100, 250, 105),
            alert(200, 300, 205),
            alert(210, 220, 215),
            alert(14_000, 15_000, 14_005),
        ];
        let share = watch(vec![], alerts)
            .unwrap()
            .tally()
            .share_alerted()
            .unwrap();
        assert!((share - 600.0 / 14_400.0).abs() < 1e-12, "{share}");
    }

    #[test]
    fn totals_are_per_series_and_day() {
        let mut total = watch(vec![], vec![alert(10, 20, 15)]).unwrap().tally();
        total.add(&watch(vec![span(0, 5)], vec![]).unwrap().tally());
        // One alert in twice ten days.
        assert_eq!((total.series, total.alerts_per_30_days()), (2, Some(1.5)));
        assert_eq!(OperatorTally::default().alerts_per_30_days(), None);
    }

    #[test]
    fn an_incident_outside_the_time_watched_is_refused() {
        let error = watch(vec![span(14_400, 14_410)], vec![]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "load: the incident 2026-01-11T00:00:00Z/2026-01-11T00:10:00Z has no part in \
             2026-01-01T00:00:00Z/2026-01-11T00:00:00Z, in which it was watched; leave it out, or \
             watch longer"
        );
        assert!(watch(vec![], vec![alert(10, 20, 9)]).is_err());
    }
}
