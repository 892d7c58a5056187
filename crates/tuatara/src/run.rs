//! The way of the data: explore slices, fetch each, judge its buckets, fold them.
//!
//! ```text
//! source ─ explore ─ per slice, in parallel ─ per clock: series ─ per rule: rows ─ fold ─┐
//!                     several rules: fold across them ─ events in order of time, slice ─┴─ report
//! ```

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use tuatara_core::{OtherSeries, OtherSlice, Window};
use tuatara_frame::events::{EventsWithin, SliceEvents, SuppressionWindow};
use tuatara_frame::{
    Aggregation, Duration, Exploration, FrameError, Granularity, Instant, Interval, Profile,
    RegulariseReport, Series, SliceKey, SliceRequest, Source, TimeAxis, Zone,
};
use tuatara_merge::{Across, AcrossCarry, Folded, NamedFilter, NamedLabeler, Stage};

use crate::group::gather;
use crate::part::source_of;
use crate::report::{Chosen, Joined, Judged, Report, RuleReport, SliceReport};
use crate::rule::Behind;
use crate::watch::{Count, Watch};
use crate::watched::{Asked, Watched};
use crate::{Carry, Detection, Error, Part, Result, Rule, idle};

/// Rules that look at the same buckets by the same clock share a series.
#[derive(Debug)]
struct Clock {
    axis: TimeAxis,
    /// Buckets that are folded, the early ones of a run without a carry included.
    window: Window,
    /// First bucket of the window that belongs to this run.
    judged_from: usize,
    /// The window, and the buckets after it that have ended but may still get rows.
    seen: Window,
    /// How long after its end a bucket is judged.
    delay: Duration,
    /// What is judged: buckets that end after its start and up to its end.
    complete: Interval,
    /// Where not every slice is watched, those buckets by the ranking that they belong to.
    by_ranking: Vec<(usize, Range<usize>)>,
    /// What is known of the calendar in that time.
    events: EventsWithin,
}

/// Series that filters want to see beside those they judge, with how their metrics fold, by clock.
pub(crate) type Others = BTreeMap<(usize, OtherSlice), (Series, Aggregation)>;

/// What is the same for every slice of a run.
#[derive(Debug)]
struct Course<'a> {
    detection: &'a Detection,
    /// The position of the part among those of the detection.
    at: usize,
    part: &'a Part,
    source: &'a dyn Source,
    interval: Interval,
    profile: Profile,
    /// What the run judges by the delay of the data alone, see [`Clock::complete`].
    complete: Interval,
    /// In order, those that are gone included.
    slices: Vec<SliceKey>,
    /// Slices of the carry that the source no longer has, in order.
    gone: Vec<SliceKey>,
    clocks: Vec<Clock>,
    /// Per rule, its clock.
    clock_of: Vec<usize>,
    /// Per rule, for each of what stands [behind](Rule::behind) it, its axis where it goes by another
    /// clock.
    own_axes: Vec<Vec<Option<TimeAxis>>>,
    /// Per clock, the series that filters want to see beside those they judge.
    others: Arc<Others>,
    carry: Option<&'a Carry>,
    /// Where not every slice is watched, which are.
    watched: Option<Arc<Watched>>,
    /// With several rules, the ends of all buckets that are folded, in order.
    instants: Option<Arc<[Instant]>>,
}

pub(crate) fn run(
    detection: &Detection,
    source: &dyn Source,
    interval: Interval,
    carry: Option<&Carry>,
    watch: Option<&dyn Watch>,
) -> Result<Report> {
    if let Some(carry) = carry {
        carry.check(detection, interval.start())?;
    }
    let parts = detection.parts().iter().enumerate();
    let courses: Vec<Course<'_>> = parts
        .map(|(at, part)| {
            let source = source_of(detection, part, source)?;
            Course::plan(detection, (at, part), source, interval, carry)
        })
        .collect::<Result<_>>()?;
    let clocks: Vec<String> = courses.iter().flat_map(Course::clock_names).collect();
    if let Some(carry) = carry {
        carry.check_clocks(&clocks)?;
    }
    let all: Vec<(&Course<'_>, &SliceKey)> = courses
        .iter()
        .flat_map(|course| course.slices.iter().map(move |slice| (course, slice)))
        .collect();
    let count = Count::new(watch, all.len());
    let slices = all
        .par_iter()
        .map(|(course, slice)| {
            let report = course.slice(slice)?;
            count.one()?;
            Ok(report)
        })
        .collect::<Result<Vec<_>>>()?;
    let groups = match detection.plan.groups.is_empty() {
        true => Vec::new(),
        false => {
            let later = later(&courses);
            let of: Vec<_> = courses.iter().zip(later.iter().copied()).collect();
            gather(detection, &slices, (&instants(&of), &later), carry)
        }
    };
    let judged = Judged {
        interval,
        complete: courses.iter().map(|course| course.complete).collect(),
        watched: courses.iter().map(Course::chosen).collect(),
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
fn instants(courses: &[(&Course<'_>, Duration)]) -> Vec<Instant> {
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

/// Per course, how much longer its data are waited for than those of the first that are complete.
fn later(courses: &[Course<'_>]) -> Vec<Duration> {
    let delays = courses
        .iter()
        .map(|course| course.profile.completeness_delay);
    let first = delays.clone().min().unwrap_or(Duration::ZERO);
    let later = delays.map(|delay| Duration::from_millis(delay.millis() - first.millis()));
    later
        .map(|later| later.expect("the first is the least"))
        .collect()
}

impl<'a> Course<'a> {
    fn plan(
        detection: &'a Detection,
        (at, part): (usize, &'a Part),
        source: &'a dyn Source,
        interval: Interval,
        carry: Option<&'a Carry>,
    ) -> Result<Self> {
        let slices = source.explore(part.exploration())?;
        part.check_combinations(slices.len())?;
        // What is open on a slice that the source no longer has goes on over missing buckets.
        let gone = carry.map_or_else(Vec::new, |carry| carry.slices_beside(part, &slices));
        let profile = source.profile(part.metric())?;
        let complete = complete(interval, profile.completeness_delay, profile.extent.start())?;
        let mut course = Self {
            detection,
            at,
            part,
            source,
            interval,
            profile,
            complete,
            slices,
            gone,
            clocks: Vec::new(),
            clock_of: Vec::new(),
            own_axes: Vec::new(),
            others: Arc::default(),
            carry,
            watched: None,
            instants: None,
        };
        // A clock is a granularity, a zone and a delay; its axis reaches back as far as any of its
        // rules.
        let mut keys: Vec<(Granularity, Zone, Duration)> = Vec::new();
        let mut back: Vec<usize> = Vec::new();
        for rule in &part.rules {
            let key = course.clock(rule);
            let at = keys.iter().position(|known| *known == key);
            let at = at.unwrap_or_else(|| {
                keys.push(key);
                back.push(0);
                keys.len() - 1
            });
            let axis = TimeAxis::covering(key.0, key.1, interval)?;
            back[at] = back[at].max(course.reach(rule, &axis)?);
            course.clock_of.push(at);
        }
        for (&key, back) in keys.iter().zip(back) {
            course.clocks.push(course.clock_axis(key, back)?);
        }
        for (rule, &clock) in part.rules.iter().zip(&course.clock_of) {
            let axis = &course.clocks[clock].axis;
            let axes = rule.behind().map(|judge| judge.axis(axis));
            let axes = axes.collect::<Result<_, FrameError>>()?;
            course.own_axes.push(axes);
        }
        course.rank()?;
        course.others = Arc::new(course.fetch_others()?);
        course.slices.extend_from_slice(&course.gone);
        course.slices.sort_unstable();
        if part.rules.len() > 1 {
            course.instants = Some(instants(&[(&course, Duration::ZERO)]).into());
        }
        Ok(course)
    }

    /// Ranks the slices for every day on which a bucket starts that is folded.
    fn rank(&mut self) -> Result<()> {
        let seen = self.clocks.iter().filter(|clock| !clock.seen.is_empty());
        let first = seen
            .clone()
            .map(|clock| clock.axis.start(clock.seen.start()));
        let last = seen.map(|clock| clock.axis.start(clock.seen.end() - 1));
        let watched = Watched::plan(Asked {
            part: self.part,
            source: self.source,
            slices: &self.slices,
            complete: self.complete,
            starts: first.min().zip(last.max()),
        })?;
        if let Some(watched) = &watched {
            for clock in &mut self.clocks {
                clock.by_ranking = watched.by_ranking(&clock.axis, clock.seen.range());
            }
        }
        self.watched = watched.map(Arc::new);
        Ok(())
    }

    /// Where not every slice is watched, which are, and how many on each day.
    fn chosen(&self) -> Option<Chosen> {
        let watched = Arc::clone(self.watched.as_ref()?);
        Some(Chosen {
            counts: self.counts(),
            watched,
        })
    }

    /// How many slices are watched on each day of the run.
    fn counts(&self) -> Vec<(Interval, usize)> {
        let judged = self
            .clocks
            .iter()
            .filter(|clock| clock.judged_from < clock.seen.end());
        let first = judged
            .map(|clock| clock.axis.start(clock.judged_from))
            .min();
        match (&self.watched, first) {
            (Some(watched), Some(first)) => watched.counts(first, self.interval),
            _ => Vec::new(),
        }
    }

    /// Civil buckets are the dataset's; on fixed ones the rule's zone is the wall clock of lags.
    /// A bucket waits for the delay of the data, or for the rule's own where that is longer.
    fn clock(&self, rule: &Rule) -> (Granularity, Zone, Duration) {
        let granularity = rule.granularity.unwrap_or(self.profile.granularity);
        let zone = match rule.zone {
            Some(zone) if !granularity.is_civil() => zone,
            _ => self.profile.zone,
        };
        let delay = self.profile.completeness_delay.max(rule.delay);
        (granularity, zone, delay)
    }

    /// How much later than by the delay of the data buckets of `clock` are judged.
    fn lateness(&self, clock: &Clock) -> Duration {
        let late = clock.delay.millis() - self.profile.completeness_delay.millis();
        Duration::from_millis(late).expect("no clock has a delay below that of the data")
    }

    /// What each rule goes by: its buckets, their zone, and how the metric folds over them. A
    /// carry can only go on by the same.
    fn clock_names(&self) -> Vec<String> {
        let aggregation = self.profile.metric.aggregation();
        self.clock_of
            .iter()
            .map(|&clock| {
                let Clock { axis, delay, .. } = &self.clocks[clock];
                let (granularity, zone) = (axis.granularity(), axis.zone());
                let phase = granularity.phase().filter(|phase| *phase != Duration::ZERO);
                let phase = phase.map_or_else(String::new, |phase| format!(" at {phase} past"));
                let first_day = granularity.week_start();
                let first_day = first_day.map_or_else(String::new, |day| format!(" from {day}"));
                let late = Some(*delay).filter(|delay| *delay != Duration::ZERO);
                let late = late.map_or_else(String::new, |late| format!(", complete after {late}"));
                format!(
                    "{granularity}{phase}{first_day} in {}, {aggregation}{late}",
                    zone.name()
                )
            })
            .collect()
    }

    /// Buckets before the window that `rule` and its filters may look at.
    fn reach(&self, rule: &Rule, axis: &TimeAxis) -> Result<usize> {
        let detector = rule
            .detector
            .lookback(axis)
            .map_err(Error::detect(&rule.name))?;
        let mut reach = detector.len();
        for judge in rule.behind() {
            let own = judge.axis(axis)?;
            for slice in &self.slices {
                let needs = judge.needs(slice, own.as_ref().unwrap_or(axis))?;
                // Filters see an anomaly from its start, which may lie before the window.
                let history = needs.lookback().len().saturating_add(self.span(axis));
                reach = reach.max(history);
            }
        }
        Ok(reach)
    }

    /// What the filters of the rules ask for beside the slices, each series once. Beside a slice
    /// that is `gone`, nothing may be left to ask for: that is a series without values.
    fn fetch_others(&self) -> Result<Others> {
        let mut wanted: BTreeMap<(usize, OtherSlice), bool> = BTreeMap::new();
        for (rule, &clock) in self.part.rules.iter().zip(&self.clock_of) {
            for judge in rule.behind() {
                let there = self.slices.iter().map(|slice| (slice, true));
                for (slice, there) in there.chain(self.gone.iter().map(|slice| (slice, false))) {
                    let needs = judge.needs(slice, &self.clocks[clock].axis)?;
                    for other in needs.others() {
                        *wanted.entry((clock, other.clone())).or_default() |= there;
                    }
                }
            }
        }
        let fetch = |((clock, other), there): ((usize, OtherSlice), bool)| {
            // A filter may name the dataset of the detection itself.
            let other_dataset = other.dataset.as_deref();
            let source = match other_dataset.filter(|name| Some(*name) != self.part.dataset()) {
                None => self.source,
                Some(dataset) => {
                    self.source
                        .dataset(dataset)
                        .ok_or_else(|| Error::UnknownDataset {
                            dataset: dataset.to_owned(),
                            detection: self.detection.name().to_owned(),
                        })?
                }
            };
            let profile = source.profile(other.slice.metric())?;
            let axis = self.clocks[clock].axis.clone();
            let events = self.clocks[clock].events.on(&other.slice);
            let series = if there || source.explore(&exploration(&other.slice)).is_ok() {
                let slice = other.slice.clone();
                source.series(&SliceRequest { slice, axis })?.series
            } else {
                let missing = vec![f64::NAN; axis.len()];
                Series::new(axis, missing)?
            };
            let aggregation = profile.metric.aggregation();
            Ok(((clock, other), (with_events(series, &events), aggregation)))
        };
        wanted.into_par_iter().map(fetch).collect()
    }

    /// Buckets that an open candidate may reach back: `maxDuration + maxGap`, or one long bucket.
    fn span(&self, axis: &TimeAxis) -> usize {
        let policy = &self.part.policy;
        let (longest, gap) = (policy.max_duration().millis(), policy.max_gap().millis());
        let step = axis.granularity().nominal().millis().max(1);
        let buckets = longest.saturating_add(gap) / step;
        usize::try_from(buckets)
            .unwrap_or(usize::MAX)
            .saturating_add(2)
    }

    /// Buckets that a run without a carry starts early. What several rules found may hang together
    /// over `maxDuration + maxGap`, wait as long for what a filter has not kept yet, and follow
    /// something that was under way before. What thinning asks of the buckets before comes on top.
    fn early(&self, axis: &TimeAxis) -> usize {
        let rules = self.part.rules.iter();
        let thinning = rules.map(|rule| rule.thinning.lookback(axis)).max();
        let span = self.span(axis).saturating_add(thinning.unwrap_or(0));
        if self.part.rules.len() < 2 {
            return span;
        }
        let rules = self.part.rules.iter();
        let steps = rules.map(|rule| self.clock(rule).0.nominal().millis());
        // An anomaly waits for the rule that judges last.
        let late = self.part.rules.iter().map(|rule| rule.delay.millis());
        let longest = steps.max().unwrap_or(0) + late.max().unwrap_or(0);
        let step = axis.granularity().nominal().millis().max(1);
        let waits = usize::try_from(longest / step).unwrap_or(usize::MAX);
        let three = span.saturating_mul(3);
        three.saturating_add(waits).saturating_add(1)
    }

    fn clock_axis(&self, key: (Granularity, Zone, Duration), back: usize) -> Result<Clock> {
        let (granularity, zone, delay) = key;
        let data = self.profile.extent.start();
        let complete = complete(self.interval, delay, data)?;
        let (start, end) = (complete.start(), self.interval.end());
        // A little further, so that a bucket without length at the end, a date that clocks skip,
        // is there: it belongs to the run in which it ends.
        let beyond = end.checked_add(Duration::from_millis(1)?).unwrap_or(end);
        let judged = TimeAxis::covering(granularity, zone, Interval::new(start, beyond)?)?;
        let ended_by = |instant| {
            let last = (0..judged.len()).rev().find(|&i| judged.end(i) <= instant);
            last.map_or(0, |i| i + 1)
        };
        // The last may end after the interval.
        let (folded, seen) = (ended_by(complete.end()), ended_by(end));
        // Before the first value, and the first candidate of the carry, there is nothing to see.
        let carried = self.carry.and_then(Carry::earliest);
        let first = carried.map_or(data, |carried| carried.min(data));
        let there = match Interval::new(first, start) {
            Ok(before) => TimeAxis::covering(granularity, zone, before)?.len(),
            Err(_) => 0,
        };
        // Without a carry, what is under way at the start is found by starting early.
        let early = match self.carry {
            Some(_) => 0,
            None => self.early(&judged).min(there),
        };
        let axis = judged.extended_back(back.saturating_add(early).min(there))?;
        let first = axis.len() - judged.len();
        let window = |buckets| {
            Window::new(&axis, first - early, first + buckets)
                .map_err(Error::detect(self.detection.name()))
        };
        let (window, seen) = (window(folded)?, window(seen)?);
        let judged_from = seen.range().find(|&i| axis.end(i) > start);
        Ok(Clock {
            window,
            judged_from: judged_from.unwrap_or(seen.end()),
            seen,
            events: self.events(carried, axis.span())?,
            axis,
            delay,
            complete,
            by_ranking: Vec::new(),
        })
    }

    /// What is known of the calendar in the time of an axis, and from the first candidate of the
    /// carry on, which may have started before it.
    fn events(&self, carried: Option<Instant>, span: Interval) -> Result<EventsWithin> {
        let start = carried.map_or(span.start(), |carried| carried.min(span.start()));
        let calendar = self.part.calendar();
        Ok(calendar.within(self.profile.zone, Interval::new(start, span.end())?))
    }

    fn slice(&self, slice: &SliceKey) -> Result<SliceReport> {
        let is_there = self.gone.binary_search(slice).is_err();
        let mut series = Vec::with_capacity(self.clocks.len());
        let mut regularised = Vec::with_capacity(self.clocks.len());
        for clock in &self.clocks {
            if !is_there {
                let missing = vec![f64::NAN; clock.axis.len()];
                series.push(Series::new(clock.axis.clone(), missing)?);
                regularised.push(RegulariseReport::default());
                continue;
            }
            let fetched = self.source.series(&SliceRequest {
                slice: slice.clone(),
                axis: clock.axis.clone(),
            })?;
            regularised.push(fetched.report);
            let of_slice = fetched.series.with_complete_until(clock.complete.end());
            series.push(with_events(of_slice, &clock.events.on(slice)));
        }
        let mut report = SliceReport::new(self.at, slice.clone(), is_there, series, regularised);
        for (at, rule) in self.part.rules.iter().enumerate() {
            let folded = self.rule(at, rule, &report)?;
            report.rules.push(folded);
        }
        if let Some(instants) = &self.instants {
            report.joined = Some(self.join(&report, instants));
        }
        Ok(report)
    }

    /// Tells once what several rules found.
    fn join(&self, slice: &SliceReport, instants: &Arc<[Instant]>) -> Joined {
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
            carry_out: carry_in.clone(),
            carry_in,
            events: Vec::new(),
        };
        joined.fold(&slice.rules);
        joined
    }

    fn rule(&self, at: usize, rule: &Rule, slice: &SliceReport) -> Result<RuleReport> {
        let clock = &self.clocks[self.clock_of[at]];
        let series = slice.series[self.clock_of[at]].view();
        let idle = match &self.watched {
            Some(watched) => watched.idle(slice.key(), &clock.by_ranking),
            None => Vec::new(),
        };
        let evaluation = idle::evaluate(rule, series, clock.seen, &idle)?;
        let carry_in = match self.carry {
            Some(carry) => carry.of(slice.key(), &rule.name),
            None => tuatara_merge::RuleCarry::default(),
        };
        let mut report = RuleReport {
            name: rule.name.clone(),
            axis: clock.axis.clone(),
            clock: self.clock_of[at],
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
            carry_out: carry_in.clone(),
            carry_in,
            folded: Folded::default(),
            found: Vec::new(),
        };
        let at_clock = self.clock_of[at];
        let others = other_series(rule, slice.key(), &clock.axis, at_clock, &self.others)?;
        let (own_axes, events) = (report.own_axes.clone(), Arc::clone(&report.events));
        let filters = named_filters(rule, &own_axes, &others);
        let labeler = named_labeler(rule, &own_axes, &others);
        let stage = stage(
            (self.detection, self.part),
            rule,
            slice.key(),
            &report,
            &filters,
            labeler,
            events.windows(),
        );
        stage
            .fold(
                series,
                report.window,
                &report.evaluation,
                &mut report.carry_out,
                &mut report.folded,
            )
            .map_err(Error::merge(&rule.name))?;
        Ok(report)
    }
}

/// What a run over `interval` judges: the buckets whose last rows may have come in that time.
///
/// With a `delay` a bucket belongs to the run in which the delay after its end runs
/// out, so that adjoining runs neither miss nor repeat one. Before the first value, which lies in
/// the bucket that starts with `data`, nothing waits.
fn complete(interval: Interval, delay: Duration, data: Instant) -> Result<Interval> {
    let back = |at: Instant| at.checked_sub(delay).unwrap_or(Instant::MIN);
    let start = back(interval.start()).max(data.min(interval.start()));
    Ok(Interval::new(start, back(interval.end()).max(start))?)
}

/// The series with what is known of the calendar.
fn with_events(series: Series, events: &SliceEvents) -> Series {
    let series = match events.mask().is_empty() {
        true => series,
        false => series.with_mask(events.mask().clone()),
    };
    match events.factors().is_empty() {
        true => series,
        false => series.with_factors(events.factors().clone()),
    }
}

/// The rows of one slice.
fn exploration(slice: &SliceKey) -> Exploration {
    Exploration {
        metric: slice.metric().to_owned(),
        dimensions: Vec::new(),
        filters: slice.dimensions().to_vec(),
    }
}

/// For each of what stands behind `rule`, the series that it wants to see beside that of `slice`.
pub(crate) fn other_series<'r>(
    rule: &Rule,
    slice: &SliceKey,
    axis: &TimeAxis,
    clock: usize,
    others: &'r Others,
) -> Result<Vec<Vec<OtherSeries<'r>>>> {
    let of_judge = |judge: Behind<'_>| {
        let needs = judge.needs(slice, axis)?;
        let shown = needs.others().iter().map(|other| {
            let (series, aggregation) = &others[&(clock, other.clone())];
            OtherSeries::new(series.view(), *aggregation)
        });
        Ok(shown.collect())
    };
    rule.behind().map(of_judge).collect()
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
