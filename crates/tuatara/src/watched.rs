//! Which slices are watched on which days.
//!
//! ```text
//! d_i   first instant of local day i                      c_i = d_i − completeness delay
//! b_i   start of the bucket of the data that holds c_i: what ends by then was complete when day i began
//! day i is ranked over [b_{i−n}, b_i), n the days of the lookback, as far as there are data
//! ```
//!
//! A bucket belongs to the day in which it starts. The metric is folded once for each slice and each
//! `[b_{i−1}, b_i)`, and the values of n such stretches, in order of time, make that of a lookback:
//! where a run begins and ends changes no bit of it. Means and medians do not follow from stretches;
//! the source is asked for each lookback as a whole.

use std::ops::Range;

use rayon::prelude::*;
use tuatara_core::ranking::{Choice, Live, LookedBack, Standing};
use tuatara_core::{Explore, Ranking};
use tuatara_frame::{
    Duration, Exploration, Granularity, Instant, Interval, Profile, SeriesView, SliceKey,
    SliceRequest, Source, TimeAxis, Zone,
};

use crate::unwatched::Unwatched;
use crate::{Detection, Error, Result};

/// The rankings of a run: one for each of its days, or one for all of it.
#[derive(Debug)]
pub(crate) struct Watched {
    ranking: Ranking,
    /// What slices are ranked by.
    profile: Profile,
    zone: Zone,
    /// The days that are ranked; `None` where all of the run is ranked at once.
    days: Option<TimeAxis>,
    /// What each ranking looked back at, as far as there are data.
    over: Vec<Interval>,
    /// In order.
    slices: Vec<SliceKey>,
    /// Of each ranking, one for each slice.
    standings: Vec<Vec<Standing>>,
    /// Of each ranking, whether each slice is watched.
    watched: Vec<Vec<bool>>,
}

/// What a run wants to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) detection: &'a Detection,
    pub(crate) source: &'a dyn Source,
    /// In any order.
    pub(crate) slices: &'a [SliceKey],
    /// What the run judges.
    pub(crate) complete: Interval,
    /// From the start of the first bucket that is folded to the start of the last, if there are any.
    pub(crate) starts: Option<(Instant, Instant)>,
}

/// A grid of the data with the stretches that are ranked over.
#[derive(Debug)]
struct Stretches {
    axis: TimeAxis,
    /// Buckets between which a stretch lies: one more than there are stretches.
    bounds: Vec<usize>,
    /// How many stretches make a lookback.
    back: usize,
}

impl Watched {
    /// The rankings that the run needs; `None` where the detection watches every slice.
    pub(crate) fn plan(asked: Asked<'_>) -> Result<Option<Self>> {
        let plan = &asked.detection.plan;
        let Some(ranking) = &plan.ranking else {
            return Ok(None);
        };
        let metric = ranking.metric().unwrap_or(&plan.look_at.metric);
        let profile = asked.source.profile(metric)?;
        let zone = ranking.zone().unwrap_or(profile.zone);
        long_enough(ranking, profile.granularity)?;
        let (days, stretches) = match (ranking.explore(), asked.starts) {
            (Explore::Once, _) => (None, once(ranking, &profile, asked.complete)?),
            (_, Some(starts)) => daily(ranking, &profile, zone, starts)?,
            (_, None) => (None, Stretches::nothing(&profile)?),
        };
        let mut slices = asked.slices.to_vec();
        slices.sort_unstable();
        let over = stretches.lookbacks();
        let by_slice = slices
            .par_iter()
            .zip(known(&asked, metric, &slices)?)
            .map(|(slice, known)| match known {
                true => stretches.standings(&asked, ranking, &profile, &slice.of_metric(metric)),
                false => Ok(vec![NOTHING; over.len()]),
            })
            .collect::<Result<Vec<Vec<Standing>>>>()?;
        let standings: Vec<Vec<Standing>> = (0..over.len())
            .map(|place| by_slice.iter().map(|standings| standings[place]).collect())
            .collect();
        let mut watched = Self {
            ranking: ranking.clone(),
            profile,
            zone,
            days,
            over,
            slices,
            standings,
            watched: Vec::new(),
        };
        let rankings = (0..watched.over.len()).into_par_iter();
        watched.watched = rankings
            .map(|place| {
                let choices = watched.choices(place).into_iter();
                let is_watched = |choice| matches!(choice, Choice::Watched { .. });
                choices.map(is_watched).collect()
            })
            .collect();
        Ok(Some(watched))
    }

    fn choices(&self, place: usize) -> Vec<Choice> {
        let over = LookedBack {
            duration: self.over[place].duration(),
            aggregation: self.profile.metric.aggregation(),
        };
        self.ranking.choose(&self.standings[place], over)
    }

    /// The ranking of the day in which `at` lies, counted from the first.
    fn place_of(&self, at: Instant) -> Option<usize> {
        match &self.days {
            Some(days) => days.index_of(at),
            None => (!self.over.is_empty()).then_some(0),
        }
    }

    /// The buckets of `axis` in `buckets` on whose day `slice` is not watched, in order; neighbours
    /// are one range.
    pub(crate) fn idle(
        &self,
        slice: &SliceKey,
        days: &[(usize, Range<usize>)],
    ) -> Vec<Range<usize>> {
        let at = self.slices.binary_search(slice).ok();
        let mut idle: Vec<Range<usize>> = Vec::new();
        for (place, buckets) in days {
            // What has gone from the data is not watched.
            if at.is_some_and(|at| self.watched[*place][at]) {
                continue;
            }
            match idle.last_mut() {
                Some(last) if last.end == buckets.start => last.end = buckets.end,
                _ => idle.push(buckets.clone()),
            }
        }
        idle
    }

    /// The buckets of `axis` in `buckets` by the ranking that they belong to, in order of time.
    pub(crate) fn by_ranking(
        &self,
        axis: &TimeAxis,
        buckets: Range<usize>,
    ) -> Vec<(usize, Range<usize>)> {
        let mut by_ranking: Vec<(usize, Range<usize>)> = Vec::new();
        for i in buckets {
            let place = self
                .place_of(axis.start(i))
                .expect("invariant: every bucket that is folded starts on a day that is ranked");
            match by_ranking.last_mut() {
                Some((last, buckets)) if *last == place => buckets.end = i + 1,
                _ => by_ranking.push((place, i..i + 1)),
            }
        }
        by_ranking
    }

    /// Why `slice` is not watched on the day in which `at` lies; `None` where it is.
    pub(crate) fn why_not(&self, slice: &SliceKey, at: Instant) -> Option<Unwatched> {
        let place = self.place_of(at)?;
        let reason = match self.slices.binary_search(slice) {
            Ok(at) => match self.choices(place)[at] {
                Choice::Watched { .. } => return None,
                Choice::Left(reason) => Some(reason),
            },
            Err(_) => None,
        };
        Some(Unwatched {
            day: self.days.as_ref().map(|days| days.bucket(place)),
            zone: self.zone,
            metric: self.profile.metric.clone(),
            lookback_days: self.ranking.lookback_days(),
            over: self.over[place],
            reason,
        })
    }

    /// The days from that of `first` on, each with how many slices are watched on it. Where all of the
    /// run is ranked at once, there is one for `run`.
    pub(crate) fn counts(&self, first: Instant, run: Interval) -> Vec<(Interval, usize)> {
        let count = |place: usize| self.watched[place].iter().filter(|is| **is).count();
        match &self.days {
            Some(days) => (days.index_of(first).unwrap_or(days.len())..days.len())
                .map(|place| (days.bucket(place), count(place)))
                .collect(),
            None => (0..self.over.len())
                .map(|place| (run, count(place)))
                .collect(),
        }
    }

    /// What a person should know of `counts`.
    pub(crate) fn notes(&self, counts: &[(Interval, usize)]) -> Vec<String> {
        let all = match self.slices.len() {
            1 => "1 slice".to_owned(),
            all => format!("{all} slices"),
        };
        let by = self.profile.metric.name();
        if self.days.is_none() {
            let of = counts
                .iter()
                .map(|(_, watched)| format!("{watched} of {all} watched"));
            return of
                .map(|of| {
                    format!(
                        "{of}, ranked once by {by} over {}: that is hindsight, as what was watched \
                         at its beginning depends on what came later",
                        self.over[0]
                    )
                })
                .collect();
        }
        let watched = counts.iter().map(|(_, watched)| *watched);
        let (Some(least), Some(most)) = (watched.clone().min(), watched.max()) else {
            return Vec::new();
        };
        let span = if least == most {
            format!("{least}")
        } else {
            format!("{least} to {most}")
        };
        let days = match counts.len() {
            1 => "the day".to_owned(),
            days => format!("each of {days} days"),
        };
        let back = match self.ranking.lookback_days() {
            1 => "the day before it".to_owned(),
            days => format!("the {days} days before it"),
        };
        vec![format!(
            "{span} of {all} watched on {days}, ranked by {by} over {back}"
        )]
    }
}

/// What a slice has that was not there.
const NOTHING: Standing = Standing {
    value: f64::NAN,
    live: Live {
        of: 0,
        buckets: 0,
        sum: 0.0,
    },
};

/// For each of `slices`, whether there are rows of it to rank by. All of them have rows; another
/// metric may be kept apart from the one that is watched.
fn known(asked: &Asked<'_>, metric: &str, slices: &[SliceKey]) -> Result<Vec<bool>> {
    let look_at = &asked.detection.plan.look_at;
    if metric == look_at.metric {
        return Ok(vec![true; slices.len()]);
    }
    let mut there = asked.source.explore(&Exploration {
        metric: metric.to_owned(),
        ..look_at.clone()
    })?;
    there.sort_unstable();
    let is_there = |slice: &SliceKey| there.binary_search(&slice.of_metric(metric)).is_ok();
    Ok(slices.iter().map(is_there).collect())
}

/// Refuses a lookback that may lie within one bucket of the data.
fn long_enough(ranking: &Ranking, granularity: Granularity) -> Result<()> {
    const DAY: i64 = 86_400_000;
    let nominal = granularity.nominal().millis();
    // A month is 30 days by name and up to 31 in fact.
    let months = match granularity.is_civil() && nominal % (30 * DAY) == 0 {
        true => nominal / (30 * DAY),
        false => 0,
    };
    let needed = (nominal + DAY - 1) / DAY + months;
    if i64::from(ranking.lookback_days()) >= needed {
        return Ok(());
    }
    Err(Error::ShortLookback {
        lookback: Duration::days(ranking.lookback_days()),
        granularity,
        needed: Duration::days(u32::try_from(needed).unwrap_or(u32::MAX)),
    })
}

/// The days from that of the first to that of the last of `starts`, and what they are ranked over.
fn daily(
    ranking: &Ranking,
    profile: &Profile,
    zone: Zone,
    (first, last): (Instant, Instant),
) -> Result<(Option<TimeAxis>, Stretches)> {
    let beyond = last.checked_add(Duration::from_millis(1)?).unwrap_or(last);
    let days = TimeAxis::covering(Granularity::days(), zone, Interval::new(first, beyond)?)?;
    let back = usize::try_from(ranking.lookback_days()).unwrap_or(usize::MAX);
    let all = days.extended_back(back)?;
    let delay = profile.completeness_delay;
    let complete = (0..all.len()).map(|i| back_from(all.start(i), delay));
    let complete: Vec<Instant> = complete.collect();
    let stretches = Stretches::between(&complete, back, profile)?;
    Ok((Some(days), stretches))
}

/// All of the run, and at least the lookback before its end.
fn once(ranking: &Ranking, profile: &Profile, run: Interval) -> Result<Stretches> {
    let lookback = Duration::days(ranking.lookback_days());
    let start = run.start().min(back_from(run.end(), lookback));
    Stretches::between(&[start, run.end()], 1, profile)
}

fn back_from(at: Instant, by: Duration) -> Instant {
    at.checked_sub(by).unwrap_or(Instant::MIN)
}

impl Stretches {
    fn nothing(profile: &Profile) -> Result<Self> {
        Self::between(&[], 1, profile)
    }

    /// The stretches between neighbours of `instants`, each rounded down to a bucket of the data.
    /// Before the data there is nothing.
    fn between(instants: &[Instant], back: usize, profile: &Profile) -> Result<Self> {
        let data = profile.extent.start();
        let first = instants.first().map_or(data, |first| data.max(*first));
        let last = instants.last().map_or(first, |last| first.max(*last));
        let (granularity, zone) = (profile.granularity, profile.zone);
        let axis = TimeAxis::covering(granularity, zone, Interval::new(first, last)?)?;
        let position = |at: &Instant| match axis.index_of(*at) {
            Some(i) => i,
            None if *at < axis.span().start() => 0,
            None => axis.len(),
        };
        let bounds = instants.iter().map(position).collect();
        Ok(Self { axis, bounds, back })
    }

    fn lookbacks(&self) -> Vec<Interval> {
        let over = |bounds: &[usize]| {
            let (first, last) = (bounds[0], bounds[self.back]);
            Interval::new(self.axis.start(first), self.axis.start(last))
                .expect("invariant: bounds never fall")
        };
        self.bounds.windows(self.back + 1).map(over).collect()
    }

    /// What `slice` did over each lookback.
    fn standings(
        &self,
        asked: &Asked<'_>,
        ranking: &Ranking,
        profile: &Profile,
        slice: &SliceKey,
    ) -> Result<Vec<Standing>> {
        let aggregation = profile.metric.aggregation();
        let over = self.lookbacks();
        // Means and medians are asked for, unless single buckets matter, too.
        if !aggregation.is_foldable() && ranking.live_above().is_none() {
            let asked = over.iter().map(|over| of_all(asked, slice, *over));
            let alone = |value| Standing { value, ..NOTHING };
            return asked.map(|value| Ok(alone(value?))).collect();
        }
        if self.axis.is_empty() {
            return Ok(vec![NOTHING; over.len()]);
        }
        let (source, axis) = (asked.source, self.axis.clone());
        let request = SliceRequest {
            slice: slice.clone(),
            axis,
        };
        let series = source.series(&request)?.series;
        let view = series.view();
        let stretches = self.bounds.windows(2).map(|bounds| {
            let mut fold = aggregation.over_buckets();
            let measured = measured(view, bounds[0]..bounds[1]);
            measured.for_each(|value| fold.push(value));
            let live = live(view, bounds[0]..bounds[1], ranking.live_above());
            (fold.value(), live)
        });
        let stretches: Vec<(f64, Live)> = stretches.collect();
        let lookbacks = stretches.windows(self.back).zip(over);
        lookbacks
            .map(|(stretches, over)| {
                let mut fold = aggregation.over_buckets();
                let mut live = NOTHING.live;
                for (value, of_stretch) in stretches {
                    fold.push(*value);
                    live.of += of_stretch.of;
                    live.buckets += of_stretch.buckets;
                    live.sum += of_stretch.sum;
                }
                let value = match aggregation.is_foldable() {
                    true => fold.value(),
                    false => of_all(asked, slice, over)?,
                };
                Ok(Standing { value, live })
            })
            .collect()
    }
}

/// The metric over all rows of `over`, which the source knows.
fn of_all(asked: &Asked<'_>, slice: &SliceKey, over: Interval) -> Result<f64> {
    if over.is_empty() {
        return Ok(f64::NAN);
    }
    Ok(asked.source.aggregate(slice, over)?)
}

/// The measurements of some buckets, in order of time.
fn measured(view: SeriesView<'_>, buckets: Range<usize>) -> impl Iterator<Item = f64> {
    let values = view.values();
    let measured = buckets.filter(move |&i| view.is_measured(i));
    measured.map(|i| values[i])
}

fn live(view: SeriesView<'_>, buckets: Range<usize>, above: Option<f64>) -> Live {
    let mut live = NOTHING.live;
    let Some(above) = above else {
        return live;
    };
    live.of = buckets.len();
    for value in measured(view, buckets).filter(|value| *value > above) {
        live.buckets += 1;
        live.sum += value;
    }
    live
}
