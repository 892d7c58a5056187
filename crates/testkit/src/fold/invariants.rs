//! What is true of every fold, whatever the policy.

use std::collections::BTreeMap;

use tuatara_core::Anomaly;
use tuatara_merge::{Event, EventKind, RuleCarry, Thinning, merge_anomalies};

use super::FoldReport;
use super::trial::FoldTrial;
use crate::{Law, Violation};

/// What a carry may take beside the buckets it waits for: one anomaly with its judgements.
const ANOMALY_BYTES: usize = 8_192;
/// What one bucket may take.
const BUCKET_BYTES: usize = 256;

impl FoldTrial<'_> {
    pub(super) fn check_invariants(&self, report: &mut FoldReport) -> Result<(), Violation> {
        self.check_events(report)?;
        let closed = self
            .folded
            .events
            .iter()
            .filter(|event| event.kind == EventKind::Closed);
        let mut all: Vec<&Anomaly> = closed.map(|event| &*event.anomaly).collect();
        report.closed += all.len();
        report.removed += self.folded.removed.len();
        report.thinned += self.thinned();
        report.delayed += all
            .iter()
            .filter(|a| a.reportable_at.is_some_and(|at| at > first_end(self, a)))
            .count();
        all.extend(self.folded.removed.iter().map(|anomaly| &**anomaly));
        all.extend(self.carry.candidate());
        all.sort_by_key(|anomaly| anomaly.interval.start());
        self.check_partition(&all)?;
        self.check_twice(&all)
    }

    /// Flagged buckets that are part of no anomaly.
    fn thinned(&self) -> usize {
        let flagged = self.rows.rows().filter(|row| row.verdict.is_anomalous());
        let over = self.folded.events.iter();
        let over = over.filter(|event| event.kind == EventKind::Closed);
        let over = over.map(|event| &event.anomaly);
        let over = over.chain(&self.folded.removed).map(|anomaly| &**anomaly);
        let all = over.chain(self.carry.candidate());
        let kept: usize = all.map(|anomaly| anomaly.flagged as usize).sum();
        flagged.count().saturating_sub(kept)
    }

    /// Nothing is left in the carry of buckets further back than thinning looks.
    fn check_forgotten(&self, end: usize, carry: &RuleCarry, text: &str) -> Result<(), Violation> {
        let reach = self.folding.thinning.lookback(self.series.axis());
        let last = end.saturating_sub(reach)..end;
        let mut rows = last.map(|i| self.row(i));
        if carry.is_empty() || rows.any(|row| row.verdict.is_anomalous()) {
            return Ok(());
        }
        let why = format!("{reach} buckets without a flag before {end}, and it holds {text}");
        Err(self.violation(Law::Bounded, why))
    }

    /// What the fold has merged, merged again as anomalies that are finished.
    fn check_twice(&self, all: &[&Anomaly]) -> Result<(), Violation> {
        let spans = |all: &[Anomaly]| -> Vec<_> {
            let mut spans: Vec<_> = all.iter().map(|a| (a.interval, a.id)).collect();
            spans.sort_by_key(|(interval, _)| interval.start());
            spans
        };
        let once: Vec<Anomaly> = all.iter().map(|&anomaly| anomaly.clone()).collect();
        let twice = merge_anomalies(once.iter().cloned(), self.folding.policy);
        if spans(&once) == spans(&twice) {
            return Ok(());
        }
        let detail = format!("{:?}\n  became {:?}", spans(&once), spans(&twice));
        Err(self.violation(Law::Twice, detail))
    }

    /// Disjoint intervals, each flagged bucket in exactly one, none too long.
    fn check_partition(&self, all: &[&Anomaly]) -> Result<(), Violation> {
        let fail = |detail: String| Err(self.violation(Law::Partition, detail));
        for pair in all.windows(2) {
            if pair[0].interval.end() > pair[1].interval.start() {
                return fail(format!(
                    "{} and {} overlap",
                    pair[0].interval, pair[1].interval
                ));
            }
        }
        let axis = self.series.axis();
        let is_thinned = self.folding.thinning != Thinning::default();
        let mut flagged = vec![0_u32; all.len()];
        for (i, row) in self
            .rows
            .rows()
            .enumerate()
            .filter(|(_, row)| row.verdict.is_anomalous())
        {
            let bucket = axis.bucket(i);
            let holding = |anomaly: &&&Anomaly| {
                anomaly.interval.start() <= bucket.start() && bucket.end() <= anomaly.interval.end()
            };
            let mut holders = all
                .iter()
                .enumerate()
                .filter(|(_, anomaly)| holding(anomaly));
            match (holders.next(), holders.next()) {
                (Some((holder, anomaly)), None) => {
                    flagged[holder] += 1;
                    if !is_thinned && row.score > anomaly.peak.score {
                        return fail(format!("the peak is not the highest score: {anomaly:?}"));
                    }
                }
                (None, _) if is_thinned => {}
                _ => return fail(format!("bucket {i} ({bucket}) does not lie in one anomaly")),
            }
        }
        for (anomaly, flagged) in all.iter().zip(flagged) {
            let counted = match is_thinned {
                true => (1..=flagged).contains(&anomaly.flagged),
                false => anomaly.flagged == flagged && flagged > 0,
            };
            if !counted {
                return fail(format!("{flagged} flagged buckets, says {anomaly:?}"));
            }
            let whole = anomaly.interval.duration() <= self.folding.policy.max_duration();
            if !whole && flagged > 1 {
                return fail(format!("{} is longer than maxDuration", anomaly.interval));
            }
            // It begins and ends with a flagged bucket.
            let last = anomaly.interval.end().millis() - 1;
            let edges = [anomaly.interval.start().millis(), last].map(|millis| {
                let instant = tuatara_frame::Instant::from_millis(millis).ok()?;
                let row = self.rows.row(axis.index_of(instant)?)?;
                Some(row.verdict.is_anomalous())
            });
            if edges[0] != Some(true) || !is_thinned && edges[1] != Some(true) {
                return fail(format!(
                    "{} has an edge that is not flagged",
                    anomaly.interval
                ));
            }
        }
        Ok(())
    }

    /// Opened, then extended or rescored, then retracted or closed; nothing after that but, once
    /// retracted, opened again.
    fn check_events(&self, report: &mut FoldReport) -> Result<(), Violation> {
        let fail = |event: &Event, why: &str| {
            Err(self.violation(Law::Events, format!("{why}: {event:?}")))
        };
        let mut reported: BTreeMap<_, Option<bool>> = BTreeMap::new();
        let mut now = None;
        for event in &self.folded.events {
            report.events += 1;
            if now.is_some_and(|now| event.at < now) {
                return fail(event, "events are in the order of time");
            }
            now = Some(event.at);
            let stands = reported.entry(event.anomaly.id).or_insert(Some(false));
            *stands = match (&event.kind, *stands) {
                (EventKind::Opened, Some(false)) => Some(true),
                (EventKind::Extended | EventKind::Rescored, Some(true)) => Some(true),
                (EventKind::Closed, Some(true)) => None,
                (EventKind::Retracted(_), Some(true)) => {
                    report.retracted += 1;
                    Some(false)
                }
                _ => return fail(event, "the event does not follow from the one before"),
            };
            let kept = event.anomaly.is_kept();
            if kept == matches!(event.kind, EventKind::Retracted(_)) {
                return fail(event, "the event and the judgements disagree");
            }
            let since = event.anomaly.reportable_at;
            if since.is_none_or(|since| since > event.at || since < event.anomaly.interval.start())
            {
                return fail(event, "it is told before it is reportable");
            }
            if event.kind == EventKind::Opened
                && since == Some(event.at)
                && event.anomaly.interval.end() != event.at
            {
                return fail(
                    event,
                    "it becomes reportable at the end of a flagged bucket",
                );
            }
        }
        Ok(())
    }

    /// The carry after the buckets before `end` have been folded.
    pub(super) fn check_carry(
        &self,
        end: usize,
        carry: &RuleCarry,
        text: &str,
    ) -> Result<(), Violation> {
        let Some(anomaly) = carry.candidate() else {
            return self.check_forgotten(end, carry, text);
        };
        let now = self.series.axis().start(end);
        if self
            .folding
            .policy
            .is_out_of_reach(anomaly.interval.end(), now)
        {
            let why = format!(
                "at {now} nothing can join {}, and it is open",
                anomaly.interval
            );
            return Err(self.violation(Law::Bounded, why));
        }
        let last = self
            .series
            .axis()
            .index_of(anomaly.interval.start())
            .unwrap_or(0);
        let waiting = (last..end)
            .filter(|&i| self.series.axis().start(i) >= anomaly.interval.end())
            .count();
        if text.len() > ANOMALY_BYTES + BUCKET_BYTES * waiting {
            let why = format!("{} bytes for {waiting} waiting buckets: {text}", text.len());
            return Err(self.violation(Law::Bounded, why));
        }
        Ok(())
    }
}

/// End of the first bucket of `anomaly`.
fn first_end(trial: &FoldTrial<'_>, anomaly: &Anomaly) -> tuatara_frame::Instant {
    let axis = trial.series.axis();
    let first = axis
        .index_of(anomaly.interval.start())
        .expect("an anomaly begins on the axis");
    axis.end(first)
}
