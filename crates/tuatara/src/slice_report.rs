//! What a run found on one slice, and what one rule made of it.

use std::ops::Range;
use std::sync::Arc;

use tuatara_core::{Anomaly, Detail, Evaluation, Memo, Row, Window};
use tuatara_frame::events::SliceEvents;
use tuatara_frame::{
    Aggregation, Duration, Instant, Interval, RegulariseReport, Series, SliceKey, TimeAxis,
};
use tuatara_merge::{Across, AcrossCarry, Event, EventKind, FoldedRule, RuleCarry, fold_across};

use crate::course::Others;
use crate::session::{Fold, Gridded, Join};
use crate::{Detection, Error, Result};
/// What a run found on one slice.
#[derive(Debug)]
pub struct SliceReport {
    /// The position of the part among those of the detection.
    pub(crate) part: usize,
    /// Whether the source has it: something may be open on one that is gone.
    pub(crate) is_there: bool,
    pub(crate) key: SliceKey,
    pub(crate) series: Vec<Arc<Series>>,
    regularised: Vec<Arc<RegulariseReport>>,
    pub(crate) rules: Vec<RuleReport>,
    /// With several rules, what they found together.
    pub(crate) joined: Option<Joined>,
}

/// What several rules found together on one slice.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) across: Across,
    /// Ends of all buckets that were folded.
    pub(crate) instants: Arc<[Instant]>,
    pub(crate) carry_in: AcrossCarry,
    /// What came out of it, for whoever comes by the same.
    pub(crate) join: Arc<Join>,
}

impl Joined {
    /// Joins what `rules` found.
    pub(crate) fn fold(&self, rules: &[RuleReport], carry: &mut AcrossCarry, out: &mut Vec<Event>) {
        fold_across(&self.across, &self.instants, &folded(rules), carry, out);
    }

    /// The open parents after what happened at `at`.
    pub(crate) fn parents_at(&self, rules: &[RuleReport], at: Instant) -> Vec<Anomaly> {
        let until = self.instants.partition_point(|&instant| instant <= at);
        let (mut carry, mut out) = (self.carry_in.clone(), Vec::new());
        let instants = &self.instants[..until];
        fold_across(&self.across, instants, &folded(rules), &mut carry, &mut out);
        self.across.parents(&carry)
    }
}

fn folded(rules: &[RuleReport]) -> Vec<FoldedRule<'_>> {
    rules
        .iter()
        .map(|rule| FoldedRule {
            axis: &rule.axis,
            delay: rule.delay,
            folded: &rule.fold.folded,
            carry: &rule.fold.carry,
        })
        .collect()
}

/// Whether a bucket of `anomaly`, of one rule or several, belongs to the run.
pub(crate) fn has_judged(rules: &[RuleReport], anomaly: &Anomaly) -> bool {
    let of_one = |found: &Anomaly| {
        let mut rules = rules.iter();
        rules.any(|rule| found.rules.contains(&rule.name) && rule.has_judged(found))
    };
    match anomaly.children.as_slice() {
        [] => of_one(anomaly),
        children => children.iter().any(of_one),
    }
}

/// The anomalies that closed.
pub(crate) fn closed<'e>(events: impl Iterator<Item = &'e Event>) -> Vec<Arc<Anomaly>> {
    let closed = events.filter(|event| event.kind == EventKind::Closed);
    closed.map(|event| Arc::clone(&event.anomaly)).collect()
}

impl SliceReport {
    pub(crate) fn new(part: usize, key: SliceKey, is_there: bool, gridded: Vec<Gridded>) -> Self {
        let each = gridded.into_iter().map(|one| (one.series, one.report));
        let (series, regularised) = each.unzip();
        Self {
            part,
            is_there,
            key,
            series,
            regularised,
            rules: Vec::new(),
            joined: None,
        }
    }

    /// What happened to its anomalies, those that several rules found told once.
    pub(crate) fn told(&self) -> impl Iterator<Item = &Event> {
        let joined = self.joined.iter().flat_map(|joined| &joined.join.events);
        let rules = self.rules.iter().filter(|_| self.joined.is_none());
        joined.chain(rules.flat_map(|rule| &rule.fold.folded.events))
    }

    /// The position of the part that looks at it among [those of the
    /// detection](Detection::parts).
    pub fn part(&self) -> usize {
        self.part
    }

    /// The slice.
    pub fn key(&self) -> &SliceKey {
        &self.key
    }

    /// One report per rule of its part, in their order.
    pub fn rules(&self) -> &[RuleReport] {
        &self.rules
    }

    /// How the rows came onto the grid of `rule`.
    pub fn regularised(&self, rule: &RuleReport) -> &RegulariseReport {
        &self.regularised[rule.clock]
    }

    /// The rows of the rule at position `rule` again, with the detector's own columns.
    ///
    /// # Errors
    /// [`Error::Detect`] when the detector refuses what it took before.
    ///
    /// # Panics
    /// When there is no such rule.
    pub fn with_internals(&self, detection: &Detection, rule: usize) -> Result<Evaluation> {
        let report = &self.rules[rule];
        let rule = &detection.parts()[self.part].rules[rule];
        let mut evaluation = Evaluation::new(Detail::Internals);
        let window = Window::new(&report.axis, report.judged_from, report.seen.end());
        let series = self.series[report.clock].view();
        window
            .and_then(|window| {
                let memo = &mut Memo::default();
                rule.detector
                    .evaluate(series, window, memo, &mut evaluation)
            })
            .map_err(Error::detect(&rule.name))?;
        for buckets in &report.idle {
            let from = buckets.start.max(report.judged_from);
            let rows = from - report.judged_from..buckets.end.max(from) - report.judged_from;
            evaluation.take_back(rows);
        }
        Ok(evaluation)
    }
}

/// What one rule made of one slice.
#[derive(Debug)]
pub struct RuleReport {
    pub(crate) name: String,
    pub(crate) axis: TimeAxis,
    pub(crate) clock: usize,
    /// For each of what stands behind the rule, its axis where it goes by another clock.
    pub(crate) own_axes: Vec<Option<TimeAxis>>,
    pub(crate) others: Arc<Others>,
    /// What is known of the calendar for the slice.
    pub(crate) events: Arc<SliceEvents>,
    /// Buckets that were folded.
    pub(crate) window: Window,
    /// Buckets that have a row: those of the window, and incomplete ones after it.
    pub(crate) seen: Window,
    /// First bucket that belongs to the run.
    pub(crate) judged_from: usize,
    /// What was judged: buckets that end after its start and up to its end.
    pub(crate) complete: Interval,
    /// How much later than by the delay of the data.
    pub(crate) delay: Duration,
    /// Buckets of days on which the slice is not watched, in order.
    pub(crate) idle: Vec<Range<usize>>,
    pub(crate) aggregation: Aggregation,
    pub(crate) evaluation: Arc<Evaluation>,
    pub(crate) carry_in: RuleCarry,
    /// What came out of the fold, for whoever comes by the same rows.
    pub(crate) fold: Arc<Fold>,
    /// What its filters keep.
    pub(crate) found: Vec<Arc<Anomaly>>,
}

impl RuleReport {
    /// The rule, as `name:TYPE`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The end of what it has judged: buckets that end later may still get rows, or wait for the
    /// [delay](crate::Rule::with_delay) of the rule.
    pub fn complete_until(&self) -> Instant {
        self.complete.end()
    }

    /// The buckets that it goes by, with their zone; those of the run are among them.
    pub fn axis(&self) -> &TimeAxis {
        &self.axis
    }

    /// What is known of the calendar for the slice.
    pub fn events(&self) -> &SliceEvents {
        &self.events
    }

    /// Whether a bucket of `anomaly` belongs to the run.
    pub(crate) fn has_judged(&self, anomaly: &Anomaly) -> bool {
        anomaly.interval.end() > self.complete.start()
    }

    /// Every bucket that was judged with its row, and then those that have ended but may still get
    /// rows, as incomplete; in order of time.
    pub fn rows(&self) -> impl Iterator<Item = (Interval, Row)> + '_ {
        let buckets = self.judged_from..self.seen.end();
        buckets.filter_map(|i| Some((self.axis.bucket(i), self.at(i)?)))
    }

    /// The position among [`rows`](Self::rows) of the bucket in which `at` lies, if it is there.
    pub fn position(&self, at: Instant) -> Option<usize> {
        let i = self.axis.index_of(at)?;
        (i < self.seen.end()).then(|| i.checked_sub(self.judged_from))?
    }

    /// The bucket at `position` among [`rows`](Self::rows) with its row.
    pub fn row(&self, position: usize) -> Option<(Interval, Row)> {
        let i = self.judged_from + position;
        let row = self.at(i)?;
        Some((self.axis.bucket(i), row))
    }

    /// Anomalies of this rule with a bucket in the interval that every filter keeps as of their
    /// last bucket, by start: with several rules, what those of the run are made of.
    pub fn anomalies(&self) -> &[Arc<Anomaly>] {
        &self.found
    }

    /// Whether bucket `i` lies on a day on which the slice is not watched.
    pub(crate) fn is_idle(&self, i: usize) -> bool {
        self.idle.iter().any(|idle| idle.contains(&i))
    }

    pub(crate) fn at(&self, i: usize) -> Option<Row> {
        self.evaluation.row(i.checked_sub(self.seen.start())?)
    }
}
