//! The fold of Law 2 for one rule on one slice.
//!
//! ```text
//! each bucket       thinning says whether it opens an anomaly, goes on with one, or is nothing
//! one that is       place it beside the open candidate: join, or close that and open another;
//!                   then every filter judges the candidate as of this bucket, the labeler says
//!                   how much it matters, and windows of events mark it as suppressed
//! one that is not   wait; close the candidate once nothing that follows can join it
//! ```
//!
//! A bucket is an atom. Where the documented merge would cut through one to keep `maxDuration`,
//! the open anomaly ends at its last whole bucket and the next starts with this one; a single
//! bucket longer than `maxDuration` is one anomaly.

use std::sync::Arc;

use tuatara_core::{
    Anomaly, AnomalyId, Evaluation, Evidence, Filter, Labeler, Memo, OtherSeries, Peak, Row,
    Status, Suppression, Verdict, Window,
};
use tuatara_frame::events::SuppressionWindow;
use tuatara_frame::{Aggregation, Duration, Instant, Interval, SeriesView, SliceKey, TimeAxis};

use crate::carry::Open;
use crate::{
    Admission, Event, EventKind, MergeError, MergePolicy, Placement, Result, Retraction, RuleCarry,
    Thinning,
};

/// A filter with its name, and the wall clock it compares by.
#[derive(Debug, Clone, Copy)]
pub struct NamedFilter<'a> {
    /// As `name:TYPE`.
    pub name: &'a str,
    /// What judges.
    pub filter: &'a dyn Filter,
    /// The axis of the series on the filter's own wall clock, where that is another one.
    pub axis: Option<&'a TimeAxis>,
    /// The series that it [asked for](tuatara_core::Needs::others), on the axis of the series.
    pub others: &'a [OtherSeries<'a>],
}

/// A labeler with its name, and the wall clock it compares by.
#[derive(Debug, Clone, Copy)]
pub struct NamedLabeler<'a> {
    /// As `name:TYPE`.
    pub name: &'a str,
    /// What says how much an anomaly matters.
    pub labeler: &'a dyn Labeler,
    /// As of a [filter](NamedFilter::axis).
    pub axis: Option<&'a TimeAxis>,
    /// As of a [filter](NamedFilter::others).
    pub others: &'a [OtherSeries<'a>],
}

/// What is fixed while one rule is folded over one slice.
#[derive(Debug, Clone, Copy)]
pub struct Stage<'a> {
    /// Name of the detection.
    pub detection: &'a str,
    /// The rule, as `name:TYPE`.
    pub rule: &'a str,
    /// Where it looks.
    pub slice: &'a SliceKey,
    /// How the metric folds over buckets.
    pub aggregation: Aggregation,
    /// When stretches belong together.
    pub policy: MergePolicy,
    /// Which flagged buckets are worth an anomaly.
    pub thinning: Thinning,
    /// How long after the end of a bucket it is judged; events come that much later. What several
    /// rules found is joined in the order in which they speak.
    pub delay: Duration,
    /// All must keep an anomaly; asked in this order.
    pub filters: &'a [NamedFilter<'a>],
    /// Says how much an anomaly matters, kept by the filters or not.
    pub labeler: Option<NamedLabeler<'a>>,
    /// Anomalies that start in one of these are marked, kept by the filters or not.
    pub windows: &'a [SuppressionWindow],
}

/// What came out of a fold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folded {
    /// What happened, in time order.
    pub events: Vec<Event>,
    /// Candidates that closed while a filter did not keep them.
    pub removed: Vec<Arc<Anomaly>>,
    /// Every candidate that closed, kept by the filters or not, in time order.
    pub spells: Vec<Spell>,
}

/// The time of a candidate that has closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// Start of its first flagged bucket.
    pub start: Instant,
    /// End of the bucket at which it closed, and the [delay](Stage::delay) after it.
    pub until: Instant,
}

impl Stage<'_> {
    /// Folds the rows of `evaluation`, which lie in `window` on the axis of `series`, into
    /// `carry`, and appends what happens to `out`.
    ///
    /// Filters are shown `series`, which reaches back far enough for their lookback before the
    /// start of an anomaly of the carry, and is complete up to the bucket at hand.
    ///
    /// # Errors
    /// [`MergeError::Filter`] when a filter refuses a request, [`MergeError::SeriesTooShort`]
    /// when `series` starts after an anomaly of the carry.
    pub fn fold(
        &self,
        series: SeriesView<'_>,
        window: Window,
        evaluation: &Evaluation,
        carry: &mut RuleCarry,
        out: &mut Folded,
    ) -> Result<()> {
        let mut memos = Vec::new();
        for (row, i) in window.range().enumerate() {
            // Most buckets are normal and most of the time nothing is open.
            if carry.is_empty() && !evaluation.verdict().is_anomalous(row) {
                continue;
            }
            let row = evaluation
                .row(row)
                .expect("an evaluation has one row per bucket of its window");
            self.step(series, i, row, carry, &mut memos, out)?;
        }
        Ok(())
    }

    /// One bucket, at position `i` of the axis of `series`. `memos` are those of the filters and the
    /// labeler, empty at first, for one fold over one series.
    ///
    /// # Errors
    /// As [`fold`](Self::fold).
    pub fn step(
        &self,
        series: SeriesView<'_>,
        i: usize,
        row: Row,
        carry: &mut RuleCarry,
        memos: &mut Vec<Memo>,
        out: &mut Folded,
    ) -> Result<()> {
        let bucket = series.axis().bucket(i);
        let at = bucket.end();
        let at = at.checked_add(self.delay).unwrap_or(Instant::MAX);
        let admission = self.admission(carry, bucket, &row);
        carry.recent.note(&self.thinning, bucket, &row);
        if !matches!(admission, Admission::Opens | Admission::GoesOn) {
            if let Some(open) = &mut carry.open {
                open.wait(&row, self.aggregation);
                if self
                    .policy
                    .is_out_of_reach(open.anomaly.interval.end(), bucket.end())
                {
                    close(carry, at, out);
                }
            }
            return Ok(());
        }
        let place = carry
            .open
            .as_ref()
            .map(|open| self.policy.place(open.anomaly.interval, bucket));
        let mut worse = false;
        match (&mut carry.open, place) {
            (Some(open), Some(Placement::Join)) => {
                worse = extend(&mut open.anomaly, bucket, peak(bucket, &row));
                open.include(&row, self.aggregation);
            }
            _ => {
                close(carry, at, out);
                let peak = peak(bucket, &row).expect("only a flagged bucket opens");
                let id = AnomalyId::new(self.detection, self.rule, self.slice, bucket.start());
                let anomaly =
                    Anomaly::open(id, self.detection, self.rule, self.slice, bucket, peak);
                carry.open = Some(Open::new(anomaly, &row, self.aggregation));
            }
        }
        let open = carry.open.as_mut().expect("joined or just opened");
        let before = (open.anomaly.severity, open.anomaly.is_suppressed());
        self.judge(series, i, &mut open.anomaly, memos)?;
        self.suppress(&mut open.anomaly, bucket.end());
        worse |= before != (open.anomaly.severity, open.anomaly.is_suppressed());
        report(open, at, worse, out);
        Ok(())
    }

    /// Marks the anomaly, or takes the mark away, as of the instant `as_of`.
    fn suppress(&self, anomaly: &mut Anomaly, as_of: Instant) {
        let says = |window| Suppression::by(window, anomaly, as_of);
        anomaly.suppressions = self.windows.iter().filter_map(says).collect();
    }

    /// What becomes of the bucket that comes after those of `carry`.
    pub fn admission(&self, carry: &RuleCarry, bucket: Interval, row: &Row) -> Admission {
        let is_flagged = row.verdict.is_anomalous();
        let open = carry.open.as_ref().map(|open| open.anomaly.interval);
        let is_near = |open: &Interval| !self.policy.is_out_of_reach(open.end(), bucket.start());
        if let Some(open) = open.filter(is_near) {
            let fits = self.policy.place(open, bucket) == Placement::Join;
            return match (is_flagged, self.thinning.ends(row.score)) {
                (true, Some(thinned)) => Admission::Thinned(thinned),
                (true, None) if fits => Admission::GoesOn,
                (true, None) => Admission::Opens,
                (false, _) if fits && self.thinning.goes_on(row) => Admission::GoesOn,
                (false, _) => Admission::Quiet,
            };
        }
        if !is_flagged {
            return Admission::Quiet;
        }
        match self.thinning.thins(&carry.recent, bucket, row) {
            Some(thinned) => Admission::Thinned(thinned),
            None => Admission::Opens,
        }
    }

    /// Asks every filter, and the labeler, about the anomaly as of bucket `i`.
    fn judge<'s>(
        &'s self,
        series: SeriesView<'s>,
        i: usize,
        anomaly: &mut Anomaly,
        memos: &mut Vec<Memo>,
    ) -> Result<()> {
        if self.filters.is_empty() && self.labeler.is_none() {
            return Ok(());
        }
        let start = anomaly.interval.start();
        let first = series
            .axis()
            .index_of(start)
            .ok_or(MergeError::SeriesTooShort { start })?;
        let as_of = series.axis().end(i);
        let known = series.known_until(i + 1);
        let evidence = |axis: Option<&'s TimeAxis>, others: &'s [OtherSeries<'s>]| {
            let known = axis.map_or(known, |axis| known.with_axis(axis));
            let others = others.iter();
            Evidence::new(known, first..i + 1, as_of, self.aggregation)
                .with_others(others.map(|other| other.known_until(i + 1, axis)))
        };
        let refused = |name: &str, source| MergeError::Filter {
            filter: name.to_owned(),
            source: Box::new(source),
        };
        let mut judgements = Vec::with_capacity(self.filters.len());
        // One for each filter, and the last for the labeler.
        memos.resize_with(self.filters.len() + 1, Memo::default);
        let (of_labeler, of_filters) = memos.split_last_mut().expect("there is at least one");
        for (named, memo) in self.filters.iter().zip(of_filters) {
            let evidence = evidence(named.axis, named.others);
            let mut judgement = named
                .filter
                .judge(anomaly, &evidence, memo)
                .map_err(|source| refused(named.name, source))?;
            named.name.clone_into(&mut judgement.filter);
            judgements.push(judgement);
        }
        anomaly.judgements = judgements;
        if let Some(named) = &self.labeler {
            let evidence = evidence(named.axis, named.others);
            let mut label = named
                .labeler
                .label(anomaly, &evidence, of_labeler)
                .map_err(|source| refused(named.name, source))?;
            named.name.clone_into(&mut label.labeler);
            anomaly.severity = label.severity;
            anomaly.label = Some(label);
        }
        Ok(())
    }
}

/// The flagged bucket as a peak.
fn peak(bucket: Interval, row: &Row) -> Option<Peak> {
    let Verdict::Anomalous(direction) = row.verdict else {
        return None;
    };
    Some(Peak {
        at: bucket.start(),
        direction,
        score: row.score,
        observed: row.observed,
        expected: row.expected,
        lower: row.lower,
        upper: row.upper,
    })
}

/// Whether it is worse than before.
fn extend(anomaly: &mut Anomaly, bucket: Interval, peak: Option<Peak>) -> bool {
    let start = anomaly.interval.start();
    anomaly.interval =
        Interval::new(start, bucket.end()).expect("buckets come in the order of time");
    let Some(peak) = peak else {
        return false;
    };
    anomaly.flagged += 1;
    let is_worse = peak.score > anomaly.peak.score;
    if is_worse {
        anomaly.peak = peak;
        anomaly.direction = peak.direction;
    }
    is_worse
}

/// Says what the judgements of this bucket mean to those who were told, or were not.
fn report(open: &mut Open, at: Instant, worse: bool, out: &mut Folded) {
    let dropped_by = open
        .anomaly
        .judgements
        .iter()
        .find(|judgement| !judgement.kept)
        .map(|judgement| judgement.filter.clone());
    let kind = match (dropped_by, open.reported) {
        (None, false) => EventKind::Opened,
        (None, true) if worse => EventKind::Rescored,
        (None, true) => EventKind::Extended,
        (Some(filter), true) => EventKind::Retracted(Retraction::Filtered { filter }),
        (Some(_), false) => return,
    };
    open.reported = !matches!(kind, EventKind::Retracted(_));
    if open.reported {
        open.anomaly.reportable_at.get_or_insert(at);
    }
    out.events.push(Event {
        at,
        kind,
        anomaly: Arc::new(open.anomaly.clone()),
    });
}

fn close(carry: &mut RuleCarry, at: Instant, out: &mut Folded) {
    let Some(mut open) = carry.open.take() else {
        return;
    };
    open.anomaly.status = Status::Closed;
    out.spells.push(Spell {
        start: open.anomaly.interval.start(),
        until: at,
    });
    if open.reported {
        out.events.push(Event {
            at,
            kind: EventKind::Closed,
            anomaly: Arc::new(open.anomaly),
        });
    } else {
        out.removed.push(Arc::new(open.anomaly));
    }
}
