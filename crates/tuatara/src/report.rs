//! What a run found: anomalies, events, the rows they came from, and what filters removed.

use std::sync::Arc;

use tuatara_core::{Anomaly, Detail, Evaluation, Memo, Row, Window};
use tuatara_frame::events::{CalendarEvent, SliceEvents};
use tuatara_frame::{
    Aggregation, Instant, Interval, RegulariseReport, Series, SliceKey, Source, TimeAxis,
};
use tuatara_merge::{
    Across, AcrossCarry, Event, EventKind, Folded, FoldedRule, RuleCarry, fold_across,
};

use crate::explain::{Explanation, explain};
use crate::run::Others;
use crate::{Carry, Detection, Error, Result};

/// What a run found.
#[derive(Debug)]
pub struct Report {
    detection: Detection,
    interval: Interval,
    complete: Interval,
    data: Option<u128>,
    slices: Vec<SliceReport>,
    events: Vec<Event>,
    anomalies: Vec<Anomaly>,
    removed: Vec<Anomaly>,
    carry: Carry,
}

impl Report {
    /// `slices` in order; what happened on those that are `gone` counts, their rows do not.
    pub(crate) fn gather(
        detection: &Detection,
        source: &dyn Source,
        interval: Interval,
        complete: Interval,
        mut slices: Vec<SliceReport>,
        gone: &[SliceKey],
        clocks: Vec<String>,
    ) -> Self {
        let mut events = Vec::new();
        let (mut anomalies, mut removed) = (Vec::new(), Vec::new());
        let mut open: Vec<(SliceKey, String, RuleCarry)> = Vec::new();
        let mut parents: Vec<(SliceKey, AcrossCarry)> = Vec::new();
        for slice in &mut slices {
            for rule in &mut slice.rules {
                rule.found = closed(&rule.folded.events);
                removed.append(&mut rule.folded.removed);
                let candidate = rule.carry_out.candidate().cloned();
                if rule.carry_out.is_reported() {
                    rule.found.extend(candidate);
                } else {
                    removed.extend(candidate);
                }
                let ends_later = |anomaly: &Anomaly| anomaly.interval.end() > complete.start();
                rule.found.retain(ends_later);
                open.push((slice.key.clone(), rule.name.clone(), rule.carry_out.clone()));
                if slice.joined.is_none() {
                    anomalies.extend_from_slice(&rule.found);
                    events.append(&mut rule.folded.events);
                }
            }
            if let Some(joined) = &mut slice.joined {
                anomalies.extend(closed(&joined.events));
                anomalies.extend(joined.across.parents(&joined.carry_out));
                events.append(&mut joined.events);
                parents.push((slice.key.clone(), joined.carry_out.clone()));
            }
        }
        // Stable: what happens at one instant stays in the order of slices, rules and steps.
        events.sort_by_key(|event| event.at);
        for found in [&mut anomalies, &mut removed] {
            found.retain(|anomaly| anomaly.interval.end() > complete.start());
            found.sort_by_key(|anomaly| anomaly.interval.start());
        }
        slices.retain(|slice| gone.binary_search(&slice.key).is_err());
        Self {
            detection: detection.clone(),
            interval,
            complete,
            data: source.fingerprint(),
            slices,
            events,
            anomalies,
            removed,
            carry: Carry::new(detection, interval.end(), clocks, open, parents),
        }
    }

    /// The detection that ran.
    pub fn detection(&self) -> &Detection {
        &self.detection
    }

    /// The time that the run stands for. Buckets whose last rows were due in it, its end included
    /// and its start not, were judged: those that end in it, unless the data have a
    /// [completeness delay](tuatara_frame::Profile::completeness_delay).
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The end of what was judged: buckets that end later may still get rows.
    pub fn complete_until(&self) -> Instant {
        self.complete.end()
    }

    /// A name for the content of the data, where the source has one.
    pub fn data_fingerprint(&self) -> Option<u128> {
        self.data
    }

    /// Anomalies with a bucket in the interval that every filter keeps as of their last bucket;
    /// by start, then slice, then rule. What several rules found in one direction and one stretch of
    /// time is one anomaly, with theirs as its [children](Anomaly::children).
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// How many of the [anomalies](Self::anomalies) are
    /// [suppressed](Anomaly::is_suppressed): they start in the window of an event.
    pub fn suppressed(&self) -> usize {
        let anomalies = self.anomalies.iter();
        anomalies.filter(|anomaly| anomaly.is_suppressed()).count()
    }

    /// Anomalies of one rule with a bucket in the interval that a filter does not keep; each carries the
    /// judgements that say which, and by which number.
    pub fn removed(&self) -> &[Anomaly] {
        &self.removed
    }

    /// How many anomalies each filter removed, as `name:TYPE`, in the order of the rules; the
    /// first filter that does not keep an anomaly counts.
    pub fn removed_by(&self) -> Vec<(&str, usize)> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for rule in &self.detection.plan.rules {
            for name in rule.filter_names() {
                if !counts.iter().any(|(known, _)| *known == name) {
                    counts.push((name, 0));
                }
            }
        }
        for anomaly in &self.removed {
            let first = anomaly.judgements.iter().find(|judgement| !judgement.kept);
            for (name, count) in &mut counts {
                if first.is_some_and(|judgement| judgement.filter == *name) {
                    *count += 1;
                }
            }
        }
        counts
    }

    /// What happened to the [anomalies](Self::anomalies), in order of time, slice and rule.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What a person should know about how the settings fit the data, one sentence each.
    pub fn notes(&self) -> Vec<String> {
        let gap = self.detection.plan.policy.max_gap();
        let mut notes = Vec::new();
        if self.complete.end() < self.interval.end() {
            notes.push(format!(
                "buckets that end after {} may still get rows: they are incomplete, and a run that \
                 ends later judges them",
                self.complete.end()
            ));
        }
        notes.extend(self.idle_events());
        for rule in self
            .slices
            .first()
            .into_iter()
            .flat_map(|slice| &slice.rules)
        {
            let granularity = rule.axis.granularity();
            let note = format!(
                "maxGap {gap} is shorter than one step of {granularity}, \
                 so only neighbouring buckets become one anomaly"
            );
            if gap < granularity.nominal() && !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }

    /// That events hold for no series that was looked at, in one sentence, if there are such.
    pub fn idle_events(&self) -> Option<String> {
        let slices: Vec<&SliceKey> = self.slices.iter().map(SliceReport::key).collect();
        let of_no_slice = |event: &&CalendarEvent| !slices.iter().any(|key| event.holds_for(key));
        let mut idle = self
            .detection
            .calendar()
            .events()
            .iter()
            .filter(of_no_slice);
        let first = idle.next().filter(|_| !slices.is_empty())?;
        let more = match idle.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "the event {:?}{more} holds for no series that was looked at: an event with dimensions \
             holds for series that are nothing but its values",
            first.name()
        ))
    }

    /// The slices that were looked at, in order.
    pub fn slices(&self) -> &[SliceReport] {
        &self.slices
    }

    /// What the next run needs to go on from here.
    pub fn carry(&self) -> &Carry {
        &self.carry
    }

    /// The slice `key`.
    ///
    /// # Errors
    /// [`Error::UnknownSlice`] when the run did not look at it.
    pub fn slice(&self, key: &SliceKey) -> Result<&SliceReport> {
        if let Some(slice) = self.slices.iter().find(|slice| slice.key == *key) {
            return Ok(slice);
        }
        const SHOWN: usize = 8;
        let names: Vec<String> = self.slices.iter().map(|s| s.key.to_string()).collect();
        let closest = tuatara_frame::closest(&key.to_string(), names.iter().map(String::as_str));
        let mut known = names[..names.len().min(SHOWN)].join(", ");
        if names.len() > SHOWN {
            known.push_str(&format!(" and {} more", names.len() - SHOWN));
        }
        Err(Error::UnknownSlice {
            slice: key.clone(),
            closest: closest.map(str::to_owned),
            known,
        })
    }

    /// Says of every rule what it made of the bucket of `slice` in which `at` lies, fired or not,
    /// as of that bucket: value, expectation and where it came from, band, score, and what the
    /// fold and each filter did. A rule of coarser buckets that has not judged its one yet says
    /// nothing.
    ///
    /// # Errors
    /// [`Error::UnknownSlice`], and [`Error::OutsideRun`] when no rule judged a bucket with `at`.
    pub fn explain(&self, slice: &SliceKey, at: Instant) -> Result<Vec<Explanation>> {
        let slice = self.slice(slice)?;
        let rules = self.detection.plan.rules.iter().zip(&slice.rules);
        let judged = rules.filter_map(|(rule, report)| {
            let seen = report.judged_from..report.seen.end();
            let i = report.axis.index_of(at).filter(|i| seen.contains(i))?;
            Some(explain(&self.detection, rule, slice, report, i))
        });
        let said = judged.collect::<Result<Vec<_>>>()?;
        if said.is_empty() {
            return Err(Error::OutsideRun {
                at,
                interval: self.interval,
            });
        }
        Ok(said)
    }
}

/// What a run found on one slice.
#[derive(Debug)]
pub struct SliceReport {
    pub(crate) key: SliceKey,
    pub(crate) series: Vec<Series>,
    regularised: Vec<RegulariseReport>,
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
    pub(crate) carry_out: AcrossCarry,
    /// What happened, until the report of the run has gathered it.
    pub(crate) events: Vec<Event>,
}

impl Joined {
    /// Joins what `rules` found; what happens up to `start` is not told.
    pub(crate) fn fold(&mut self, rules: &[RuleReport], start: Instant) {
        let (carry, out) = (&mut self.carry_out, &mut self.events);
        fold_across(&self.across, &self.instants, &folded(rules), carry, out);
        self.events.retain(|event| event.at > start);
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
            folded: &rule.folded,
            carry: &rule.carry_out,
        })
        .collect()
}

/// The anomalies that closed.
fn closed(events: &[Event]) -> Vec<Anomaly> {
    let closed = events
        .iter()
        .filter(|event| event.kind == EventKind::Closed);
    closed.map(|event| event.anomaly.clone()).collect()
}

impl SliceReport {
    pub(crate) fn new(
        key: SliceKey,
        series: Vec<Series>,
        regularised: Vec<RegulariseReport>,
    ) -> Self {
        Self {
            key,
            series,
            regularised,
            rules: Vec::new(),
            joined: None,
        }
    }

    /// Forgets what happened to the anomalies of the rules up to `start`.
    pub(crate) fn leave_out_before(&mut self, start: Instant) {
        for rule in &mut self.rules {
            rule.folded.events.retain(|event| event.at > start);
        }
    }

    /// The slice.
    pub fn key(&self) -> &SliceKey {
        &self.key
    }

    /// One report per rule, in their order.
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
        let rule = &detection.plan.rules[rule];
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
    pub(crate) aggregation: Aggregation,
    pub(crate) evaluation: Evaluation,
    pub(crate) carry_in: RuleCarry,
    pub(crate) carry_out: RuleCarry,
    /// What happened. The report of the run takes what was removed and, of the only rule, the
    /// events.
    pub(crate) folded: Folded,
    /// What its filters keep.
    pub(crate) found: Vec<Anomaly>,
}

impl RuleReport {
    /// The rule, as `name:TYPE`.
    pub fn name(&self) -> &str {
        &self.name
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
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.found
    }

    pub(crate) fn at(&self, i: usize) -> Option<Row> {
        self.evaluation.row(i.checked_sub(self.seen.start())?)
    }
}
