//! Which slices are watched on which days.
//!
//! ```text
//! d_i   first instant of local day i                      c_i = d_i − completeness delay
//! b_i   start of the bucket of the data that holds c_i: what ends by then was complete when day i began
//! day i is ranked over [b_{i−n}, b_i), n the days of the lookback, as far as there are data
//! ```
//!
//! A bucket belongs to the day in which it starts.

mod stretches;

use std::ops::Range;

use rayon::prelude::*;
use tuatara_core::ranking::{Choice, LookedBack, Standing};
use tuatara_core::{Explore, Ranking};
use tuatara_frame::{Exploration, Instant, Interval, Profile, SliceKey, Source, TimeAxis, Zone};

use crate::unwatched::Unwatched;
use crate::{Part, Result};
use stretches::{NOTHING, Stretches, daily, long_enough, once};

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
    pub(crate) part: &'a Part,
    pub(crate) source: &'a dyn Source,
    /// In any order.
    pub(crate) slices: &'a [SliceKey],
    /// What the run judges.
    pub(crate) complete: Interval,
    /// From the start of the first bucket that is folded to the start of the last, if there are any.
    pub(crate) starts: Option<(Instant, Instant)>,
}

impl Watched {
    /// The rankings that the run needs, by `ranking`.
    pub(crate) fn plan(ranking: &Ranking, asked: Asked<'_>) -> Result<Self> {
        let part = asked.part;
        let metric = ranking.metric().unwrap_or(part.metric());
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
                true => {
                    let slice = slice.of_metric(metric);
                    stretches.standings(asked.source, ranking, &profile, &slice, &over)
                }
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
        Ok(watched)
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
        let (place, slice) = (self.place_of(at)?, self.slices.binary_search(slice).ok()?);
        let Choice::Left(reason) = self.choices(place)[slice] else {
            return None;
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

/// For each of `slices`, whether there are rows of it to rank by. All of them have rows; another
/// metric may be kept apart from the one that is watched.
fn known(asked: &Asked<'_>, metric: &str, slices: &[SliceKey]) -> Result<Vec<bool>> {
    let look_at = asked.part.exploration();
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
