//! The way of the data: explore slices, fetch each, judge its buckets, fold them.
//!
//! ```text
//! source ─ explore ─ per slice, in parallel ─ per clock: series ─ per rule: rows ─ fold ─┐
//!                     several rules: fold across them ─ events in order of time, slice ─┴─ report
//! ```

use std::sync::Arc;

use rayon::prelude::*;
use tuatara_core::OtherSeries;
use tuatara_frame::events::SuppressionWindow;
use tuatara_frame::{Aggregation, Duration, Instant, Interval, Series, SliceKey, Source, TimeAxis};
use tuatara_merge::{Across, AcrossCarry, Folded, NamedFilter, NamedLabeler, Stage};

use crate::course::{Course, Others, gridded};
use crate::group::gather;
use crate::part::source_of;
use crate::report::{Judged, Report};
use crate::rule::Behind;
use crate::session::{Desk, Fold, FoldKey, Join, JoinKey, Keep, RowsKey, Same};
use crate::slice_report::{Joined, RuleReport, SliceReport};
use crate::watch::{Count, Watch};
use crate::{Carry, Detection, Error, Part, Result, Rule, idle};

pub(crate) fn run(
    detection: &Detection,
    source: &dyn Source,
    interval: Interval,
    carry: Option<&Carry>,
    watch: Option<&dyn Watch>,
    keep: &Keep<'_>,
    only: Option<&[SliceKey]>,
) -> Result<Report> {
    if let Some(carry) = carry {
        carry.check(detection, interval.start())?;
    }
    let parts = detection.parts().iter().enumerate();
    let courses: Vec<Course<'_>> = parts
        .map(|(at, part)| {
            let source = source_of(detection, part, source)?;
            Course::plan(detection, (at, part), source, interval, carry, keep, only)
        })
        .collect::<Result<_>>()?;
    let clocks: Vec<String> = courses.iter().flat_map(Course::clock_names).collect();
    if let Some(carry) = carry {
        carry.check_clocks(&clocks)?;
    }
    let all: Vec<(&Course<'_>, &SliceKey)> = courses
        .iter()
        .flat_map(|course| course.asked_for().map(move |slice| (course, slice)))
        .collect();
    let of_all: usize = courses.iter().map(|course| course.slices.len()).sum();
    let count = Count::new(watch, all.len());
    let slices = all
        .par_iter()
        .map(|(course, slice)| {
            let report = course.slice(slice)?;
            count.one()?;
            Ok(report)
        })
        .collect::<Result<Vec<_>>>()?;
    let later = later(&courses);
    // What belongs together is only known where everything is.
    let groups = match detection.plan.groups.is_empty() || only.is_some() {
        true => Vec::new(),
        false => {
            let of: Vec<_> = courses.iter().zip(later.iter().copied()).collect();
            gather(detection, &slices, (&instants(&of), &later), carry)
        }
    };
    let judged = Judged {
        interval,
        complete: courses.iter().map(|course| course.complete).collect(),
        delay: delays(&courses).min().unwrap_or(Duration::ZERO),
        later,
        watched: courses.iter().map(Course::chosen).collect(),
        left_out: only.map(|_| of_all - all.len()),
    };
    Ok(Report::gather(
        detection,
        source.fingerprint(),
        judged,
        slices,
        groups,
        clocks,
    ))
}

/// When the buckets of all clocks are judged: their ends, the delays of the rules, and how much
/// later still what each course finds is told; in order.
pub(crate) fn instants(courses: &[(&Course<'_>, Duration)]) -> Vec<Instant> {
    let mut instants: Vec<Instant> = Vec::new();
    for (course, later) in courses {
        for clock in &course.clocks {
            let late = course
                .lateness(clock)
                .millis()
                .saturating_add(later.millis());
            let late = Duration::from_millis(late).unwrap_or(Duration::ZERO);
            let judged = |i| clock.axis.end(i).checked_add(late).unwrap_or(Instant::MAX);
            instants.extend(clock.window.range().map(judged));
        }
    }
    instants.sort_unstable();
    instants.dedup();
    instants
}

fn delays(courses: &[Course<'_>]) -> impl Iterator<Item = Duration> {
    courses
        .iter()
        .map(|course| course.profile.completeness_delay)
}

/// Per course, how much longer its data are waited for than those of the first that are complete.
fn later(courses: &[Course<'_>]) -> Vec<Duration> {
    let first = delays(courses).min().unwrap_or(Duration::ZERO);
    let later = delays(courses).map(|delay| Duration::from_millis(delay.millis() - first.millis()));
    later
        .map(|later| later.expect("the first is the least"))
        .collect()
}

impl Course<'_> {
    fn slice(&self, slice: &SliceKey) -> Result<SliceReport> {
        let place = || Some(self.place(slice, None));
        self.keep.at(place, |desk| self.stages(slice, desk))
    }

    fn stages(&self, slice: &SliceKey, desk: &mut Desk<'_>) -> Result<SliceReport> {
        let is_there = self.gone.binary_search(slice).is_err();
        let on_clocks = self.clocks.iter().map(|clock| {
            let (complete, events) = (Some(clock.complete.end()), clock.events.on(slice));
            let asked = (slice, &clock.axis, is_there);
            gridded(desk, self.source, asked, complete, &events)
        });
        let on_clocks = on_clocks.collect::<Result<_>>()?;
        let mut report = SliceReport::new(self.at, slice.clone(), is_there, on_clocks);
        let mut folds = Vec::new();
        for (at, rule) in self.part.rules.iter().enumerate() {
            let (folded, fold) = self.rule(at, rule, &report, desk)?;
            report.rules.push(folded);
            folds.extend(fold);
        }
        if let Some(instants) = &self.instants {
            report.joined = Some(self.join(&report, folds, instants, desk)?);
        }
        Ok(report)
    }

    /// Tells once what several rules found. `folds` are where that came from, if anything is kept.
    fn join(
        &self,
        slice: &SliceReport,
        folds: Vec<Same<Fold>>,
        instants: &Arc<[Instant]>,
        desk: &mut Desk<'_>,
    ) -> Result<Joined> {
        let carry_in = match self.carry {
            Some(carry) => carry.across(&self.part.name, slice.key()),
            None => AcrossCarry::default(),
        };
        let across = Across {
            policy: self.part.policy,
        };
        let mut joined = Joined {
            across,
            instants: Arc::clone(instants),
            carry_in,
            join: Arc::default(),
        };
        let key = || JoinKey {
            folds,
            policy: self.part.policy,
            instants: Arc::clone(instants),
        };
        joined.join = desk.once(key, || {
            let (mut carry, mut events) = (joined.carry_in.clone(), Vec::new());
            joined.fold(&slice.rules, &mut carry, &mut events);
            Ok(Arc::new(Join { carry, events }))
        })?;
        Ok(joined)
    }

    /// What the rule at position `at` makes of a slice, and, if anything is kept, where that came
    /// from.
    fn rule(
        &self,
        at: usize,
        rule: &Rule,
        slice: &SliceReport,
        desk: &mut Desk<'_>,
    ) -> Result<(RuleReport, Option<Same<Fold>>)> {
        let at_clock = self.clock_of[at];
        let (clock, series) = (&self.clocks[at_clock], &slice.series[at_clock]);
        let idle = match &self.watched {
            Some(watched) => watched.idle(slice.key(), &clock.by_ranking),
            None => Vec::new(),
        };
        let key = || RowsKey {
            series: Same::of(series),
            detector: Arc::clone(&self.known[at].detector),
            seen: clock.seen,
            idle: idle.clone(),
        };
        // First, so that it is kept as long as there are rows of it.
        let expected = idle::expectations(rule, series, clock.seen, &idle, desk)?;
        let evaluation = desk.once(key, || {
            let expected = expected.as_deref();
            let rows = idle::evaluate(rule, series.view(), clock.seen, &idle, expected)?;
            Ok(Arc::new(rows))
        })?;
        let carry_in = match self.carry {
            Some(carry) => carry.of(slice.key(), &rule.name),
            None => tuatara_merge::RuleCarry::default(),
        };
        let mut report = RuleReport {
            name: rule.name.clone(),
            axis: clock.axis.clone(),
            clock: at_clock,
            own_axes: self.own_axes[at].clone(),
            others: Arc::clone(&self.others),
            events: clock.events.on(slice.key()),
            window: clock.window,
            seen: clock.seen,
            judged_from: clock.judged_from,
            complete: clock.complete,
            delay: self.lateness(clock),
            idle,
            aggregation: self.profile.metric.aggregation(),
            evaluation,
            carry_in,
            fold: Arc::default(),
            found: Vec::new(),
        };
        let beside = shown(rule, slice.key(), &clock.axis, at_clock, &self.others)?;
        let key = || FoldKey {
            rows: Same::of(&report.evaluation),
            by: Arc::clone(&self.known[at].folded_by),
            window: report.window,
            others: beside
                .iter()
                .map(|all| all.iter().map(same).collect())
                .collect(),
            aggregation: report.aggregation,
            events: Arc::clone(&report.events),
        };
        let make = || {
            let mut fold = Fold {
                carry: report.carry_in.clone(),
                folded: Folded::default(),
            };
            let others = views(&beside);
            let filters = named_filters(rule, &report.own_axes, &others);
            let labeler = named_labeler(rule, &report.own_axes, &others);
            let stage = stage(
                (self.detection, self.part),
                rule,
                slice.key(),
                &report,
                &filters,
                labeler,
                report.events.windows(),
            );
            let (carry, folded) = (&mut fold.carry, &mut fold.folded);
            stage
                .fold(
                    series.view(),
                    report.window,
                    &report.evaluation,
                    carry,
                    folded,
                )
                .map_err(Error::merge(&rule.name))?;
            Ok(Arc::new(fold))
        };
        report.fold = desk.once(key, make)?;
        let kept = desk.keeps().then(|| Same::of(&report.fold));
        Ok((report, kept))
    }
}

/// A series that is shown beside that of a slice, with how its metric folds.
type Shown = (Arc<Series>, Aggregation);

fn same((series, aggregation): &&Shown) -> (Same<Series>, Aggregation) {
    (Same::of(series), *aggregation)
}

/// For each of what stands behind `rule`, the series that it wants to see beside that of `slice`.
pub(crate) fn shown<'r>(
    rule: &Rule,
    slice: &SliceKey,
    axis: &TimeAxis,
    clock: usize,
    others: &'r Others,
) -> Result<Vec<Vec<&'r Shown>>> {
    let of_judge = |judge: Behind<'_>| {
        let needs = judge.needs(slice, axis)?;
        let shown = needs.others().iter();
        Ok(shown
            .map(|other| &others[&(clock, other.clone())])
            .collect())
    };
    rule.behind().map(of_judge).collect()
}

/// The same to read.
pub(crate) fn views<'r>(shown: &[Vec<&'r Shown>]) -> Vec<Vec<OtherSeries<'r>>> {
    let view = |(series, aggregation): &&'r Shown| OtherSeries::new(series.view(), *aggregation);
    shown
        .iter()
        .map(|all| all.iter().map(view).collect())
        .collect()
}

pub(crate) fn named_filters<'r>(
    rule: &'r Rule,
    axes: &'r [Option<TimeAxis>],
    others: &'r [Vec<OtherSeries<'r>>],
) -> Vec<NamedFilter<'r>> {
    rule.filters
        .iter()
        .zip(axes)
        .zip(others)
        .map(|((filter, axis), others)| NamedFilter {
            name: &filter.name,
            filter: filter.filter.as_ref(),
            axis: axis.as_ref(),
            others,
        })
        .collect()
}

pub(crate) fn named_labeler<'r>(
    rule: &'r Rule,
    axes: &'r [Option<TimeAxis>],
    others: &'r [Vec<OtherSeries<'r>>],
) -> Option<NamedLabeler<'r>> {
    let labeler = rule.labeler.as_ref()?;
    Some(NamedLabeler {
        name: &labeler.name,
        labeler: labeler.labeler.as_ref(),
        axis: axes.last()?.as_ref(),
        others: others.last()?,
    })
}

pub(crate) fn stage<'r>(
    (detection, part): (&'r Detection, &Part),
    rule: &'r Rule,
    slice: &'r SliceKey,
    report: &RuleReport,
    filters: &'r [NamedFilter<'r>],
    labeler: Option<NamedLabeler<'r>>,
    windows: &'r [SuppressionWindow],
) -> Stage<'r> {
    Stage {
        detection: detection.name(),
        rule: &rule.name,
        slice,
        aggregation: report.aggregation,
        policy: part.policy,
        thinning: rule.thinning,
        delay: report.delay,
        filters,
        labeler,
        windows,
    }
}
