//! What is the same for every slice of a run of one part: its clocks, how far back they reach, what
//! is watched, and what filters want to see beside.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use tuatara_core::{OtherSlice, Window};
use tuatara_frame::events::{EventsWithin, SliceEvents};
use tuatara_frame::{
    Aggregation, Duration, Exploration, Fetched, FrameError, Granularity, Instant, Interval,
    Profile, RegulariseReport, Series, SliceKey, SliceRequest, Source, TimeAxis, Zone,
};

use crate::part::dataset_of;
use crate::report::Chosen;
use crate::run::instants;
use crate::session::{
    Desk, FoldedBy, Gridded, Keep, Known, KnownRule, Place, RankingKey, SeriesKey,
};
use crate::watched::{Asked, Watched};
use crate::{Carry, Detection, Error, Part, Result, Rule};

/// Rules that look at the same buckets by the same clock share a series.
#[derive(Debug)]
pub(crate) struct Clock {
    pub(crate) axis: TimeAxis,
    /// Buckets that are folded, the early ones of a run without a carry included.
    pub(crate) window: Window,
    /// First bucket of the window that belongs to this run.
    pub(crate) judged_from: usize,
    /// The window, and the buckets after it that have ended but may still get rows.
    pub(crate) seen: Window,
    /// How long after its end a bucket is judged.
    pub(crate) delay: Duration,
    /// What is judged: buckets that end after its start and up to its end.
    pub(crate) complete: Interval,
    /// Where not every slice is watched, those buckets by the ranking that they belong to.
    pub(crate) by_ranking: Vec<(usize, Range<usize>)>,
    /// What is known of the calendar in that time.
    pub(crate) events: EventsWithin,
}

/// Series that filters want to see beside those they judge, with how their metrics fold, by clock.
pub(crate) type Others = BTreeMap<(usize, OtherSlice), (Arc<Series>, Aggregation)>;

/// What is the same for every slice of a run.
#[derive(Debug)]
pub(crate) struct Course<'a> {
    pub(crate) detection: &'a Detection,
    /// The position of the part among those of the detection.
    pub(crate) at: usize,
    pub(crate) part: &'a Part,
    pub(crate) source: &'a dyn Source,
    pub(crate) interval: Interval,
    pub(crate) profile: Profile,
    /// What the run judges by the delay of the data alone, see [`Clock::complete`].
    pub(crate) complete: Interval,
    /// In order, those that are gone included.
    pub(crate) slices: Vec<SliceKey>,
    /// Those that are worked on, in order, where not all are.
    only: Option<&'a [SliceKey]>,
    /// Slices of the carry that the source no longer has, in order.
    pub(crate) gone: Vec<SliceKey>,
    pub(crate) clocks: Vec<Clock>,
    /// Per rule, its clock.
    pub(crate) clock_of: Vec<usize>,
    /// Per rule, for each of what stands [behind](Rule::behind) it, its axis where it goes by another
    /// clock.
    pub(crate) own_axes: Vec<Vec<Option<TimeAxis>>>,
    /// Per clock, the series that filters want to see beside those they judge.
    pub(crate) others: Arc<Others>,
    pub(crate) carry: Option<&'a Carry>,
    /// Where not every slice is watched, which are.
    pub(crate) watched: Option<Arc<Watched>>,
    /// With several rules, the ends of all buckets that are folded, in order.
    pub(crate) instants: Option<Arc<[Instant]>>,
    /// What runs before have made.
    pub(crate) keep: &'a Keep<'a>,
    /// The names of datasets on the way to the source.
    datasets: Vec<String>,
    /// Per rule, where anything is kept, what its rows and folds are recognised by.
    pub(crate) known: Vec<KnownRule>,
}

impl<'a> Course<'a> {
    pub(crate) fn plan(
        detection: &'a Detection,
        (at, part): (usize, &'a Part),
        source: &'a dyn Source,
        interval: Interval,
        carry: Option<&'a Carry>,
        keep: &'a Keep<'a>,
        only: Option<&'a [SliceKey]>,
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
            only,
            gone,
            clocks: Vec::new(),
            clock_of: Vec::new(),
            own_axes: Vec::new(),
            others: Arc::default(),
            carry,
            watched: None,
            instants: None,
            keep,
            datasets: dataset_of(detection, part)
                .map(ToOwned::to_owned)
                .into_iter()
                .collect(),
            known: Vec::new(),
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
        if keep.is_on() {
            let rules = part.rules.iter().enumerate();
            course.known = rules.map(|(at, rule)| course.known(at, rule)).collect();
        }
        Ok(course)
    }

    /// The slices that are worked on, in order. How far back the clocks reach, and what a ranking
    /// watches, depends on all of them all the same.
    pub(crate) fn asked_for(&self) -> impl Iterator<Item = &SliceKey> {
        let slices = self.slices.iter();
        slices.filter(|slice| {
            self.only
                .is_none_or(|only| only.binary_search(slice).is_ok())
        })
    }

    /// What rows and folds of `rule` are recognised by.
    fn known(&self, at: usize, rule: &Rule) -> KnownRule {
        let detector = Known::new(&rule.detector, rule.detector.settings());
        let filters = rule.filters.iter().map(|one| {
            let known = Known::new(&one.filter, one.filter.settings());
            (one.name.clone(), known)
        });
        let labeler = rule.labeler.as_ref().map(|one| {
            let known = Known::new(&one.labeler, one.labeler.settings());
            (one.name.clone(), known)
        });
        let folded_by = FoldedBy {
            detection: self.detection.name().to_owned(),
            rule: rule.name.clone(),
            policy: self.part.policy,
            thinning: rule.thinning,
            delay: self.lateness(&self.clocks[self.clock_of[at]]),
            filters: filters.collect(),
            labeler,
            axes: self.own_axes[at].clone(),
        };
        KnownRule {
            detector: Arc::new(detector),
            folded_by: Arc::new(folded_by),
        }
    }

    /// Where the series of `slice` lies, of another dataset where that is named.
    pub(crate) fn place(&self, slice: &SliceKey, other_dataset: Option<&str>) -> Place {
        let datasets = self.datasets.iter().map(String::as_str);
        Place {
            part: self.at,
            datasets: datasets
                .chain(other_dataset)
                .map(ToOwned::to_owned)
                .collect(),
            slice: slice.clone(),
        }
    }

    /// Ranks the slices for every day on which a bucket starts that is folded.
    fn rank(&mut self) -> Result<()> {
        let seen = self.clocks.iter().filter(|clock| !clock.seen.is_empty());
        let first = seen
            .clone()
            .map(|clock| clock.axis.start(clock.seen.start()));
        let last = seen.map(|clock| clock.axis.start(clock.seen.end() - 1));
        let asked = Asked {
            part: self.part,
            source: self.source,
            slices: &self.slices,
            complete: self.complete,
            starts: first.min().zip(last.max()),
        };
        let Some(ranking) = self.part.ranking() else {
            return Ok(());
        };
        let key = || RankingKey {
            datasets: self.datasets.clone(),
            ranking: ranking.clone(),
            look_at: self.part.exploration().clone(),
            slices: asked.slices.to_vec(),
            complete: asked.complete,
            starts: asked.starts,
        };
        let watched = self.keep.at(
            || None,
            |desk| desk.once(key, || Ok(Arc::new(Watched::plan(ranking, asked)?))),
        )?;
        for clock in &mut self.clocks {
            clock.by_ranking = watched.by_ranking(&clock.axis, clock.seen.range());
        }
        self.watched = Some(watched);
        Ok(())
    }

    /// Where not every slice is watched, which are, and how many on each day.
    pub(crate) fn chosen(&self) -> Option<Chosen> {
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
    pub(crate) fn lateness(&self, clock: &Clock) -> Duration {
        let late = clock.delay.millis() - self.profile.completeness_delay.millis();
        Duration::from_millis(late).expect("no clock has a delay below that of the data")
    }

    /// What each rule goes by: its buckets, their zone, and how the metric folds over them. A
    /// carry can only go on by the same.
    pub(crate) fn clock_names(&self) -> Vec<String> {
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
                let there = self.asked_for().map(|slice| (slice, true));
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
            let other_dataset = other_dataset.filter(|name| Some(*name) != self.part.dataset());
            let source = match other_dataset {
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
            let is_there = there || source.explore(&exploration(&other.slice)).is_ok();
            let place = || Some(self.place(&other.slice, other_dataset));
            let asked = (&other.slice, &axis, is_there);
            let gridded = self
                .keep
                .at(place, |desk| gridded(desk, source, asked, None, &events))?;
            let aggregation = profile.metric.aggregation();
            Ok(((clock, other), (gridded.series, aggregation)))
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

    /// Buckets that an incident may reach back beyond its anomalies.
    fn gathered(&self, axis: &TimeAxis) -> usize {
        let step = axis.granularity().nominal().millis().max(1);
        let reach = crate::group::longest(&self.detection.plan.groups);
        usize::try_from(reach / step).unwrap_or(usize::MAX)
    }

    /// Buckets that a run without a carry starts early. What several rules found may hang together
    /// over `maxDuration + maxGap`, wait as long for what a filter has not kept yet, and follow
    /// something that was under way before. What thinning asks of the buckets before comes on top.
    fn early(&self, axis: &TimeAxis) -> usize {
        let rules = self.part.rules.iter();
        let thinning = rules.map(|rule| rule.thinning.lookback(axis)).max();
        let span = self.span(axis).saturating_add(thinning.unwrap_or(0));
        let span = span.saturating_add(self.gathered(axis));
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

/// The series of a slice on an axis, `complete` until some instant where that is said, with what is
/// known of the calendar; without values where it is not there.
pub(crate) fn gridded(
    desk: &mut Desk<'_>,
    source: &dyn Source,
    (slice, axis, is_there): (&SliceKey, &TimeAxis, bool),
    complete: Option<Instant>,
    events: &SliceEvents,
) -> Result<Gridded> {
    let key = || SeriesKey {
        axis: axis.clone(),
        complete,
        mask: events.mask().clone(),
        factors: events.factors().clone(),
        is_there,
    };
    desk.once(key, || {
        let fetched = if is_there {
            let (slice, axis) = (slice.clone(), axis.clone());
            source.series(&SliceRequest { slice, axis })?
        } else {
            Fetched {
                series: Series::new(axis.clone(), vec![f64::NAN; axis.len()])?,
                report: RegulariseReport::default(),
            }
        };
        let series = match complete {
            Some(instant) => fetched.series.with_complete_until(instant),
            None => fetched.series,
        };
        Ok(Gridded {
            series: Arc::new(with_events(series, events)),
            report: Arc::new(fetched.report),
        })
    })
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
