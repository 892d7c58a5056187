//! What slices did over each lookback.
//!
//! The metric is folded once for each slice and each stretch `[b_{i−1}, b_i)` between two days, and the
//! values of n such stretches, in order of time, make that of a lookback: where a run begins and ends
//! changes no bit of it. Means and medians do not follow from stretches; the source is asked for each
//! lookback as a whole.

use std::ops::Range;

use tuatara_core::Ranking;
use tuatara_core::ranking::{Live, Standing};
use tuatara_frame::{
    Duration, Granularity, Instant, Interval, Profile, SeriesView, SliceKey, SliceRequest, Source,
    TimeAxis, Zone,
};

use crate::{Error, Result};

/// A grid of the data with the stretches that are ranked over.
#[derive(Debug)]
pub(super) struct Stretches {
    axis: TimeAxis,
    /// Buckets between which a stretch lies: one more than there are stretches.
    bounds: Vec<usize>,
    /// How many stretches make a lookback.
    back: usize,
}

/// What a slice has that was not there.
pub(super) const NOTHING: Standing = Standing {
    value: f64::NAN,
    live: Live {
        of: 0,
        buckets: 0,
        sum: 0.0,
    },
};

/// Refuses a lookback that may lie within one bucket of the data.
pub(super) fn long_enough(ranking: &Ranking, granularity: Granularity) -> Result<()> {
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
pub(super) fn daily(
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
pub(super) fn once(ranking: &Ranking, profile: &Profile, run: Interval) -> Result<Stretches> {
    let lookback = Duration::days(ranking.lookback_days());
    let start = run.start().min(back_from(run.end(), lookback));
    Stretches::between(&[start, run.end()], 1, profile)
}

fn back_from(at: Instant, by: Duration) -> Instant {
    at.checked_sub(by).unwrap_or(Instant::MIN)
}

impl Stretches {
    pub(super) fn nothing(profile: &Profile) -> Result<Self> {
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

    pub(super) fn lookbacks(&self) -> Vec<Interval> {
        let over = |bounds: &[usize]| {
            let (first, last) = (bounds[0], bounds[self.back]);
            Interval::new(self.axis.start(first), self.axis.start(last))
                .expect("invariant: bounds never fall")
        };
        self.bounds.windows(self.back + 1).map(over).collect()
    }

    /// What `slice` did over each lookback; these are `over`.
    pub(super) fn standings(
        &self,
        source: &dyn Source,
        ranking: &Ranking,
        profile: &Profile,
        slice: &SliceKey,
        over: &[Interval],
    ) -> Result<Vec<Standing>> {
        let aggregation = profile.metric.aggregation();
        // Means and medians are asked for, unless single buckets matter, too.
        if !aggregation.is_foldable() && ranking.live_above().is_none() {
            let values = over.iter().map(|over| of_all(source, slice, *over));
            let alone = |value| Standing { value, ..NOTHING };
            return values.map(|value| Ok(alone(value?))).collect();
        }
        if self.axis.is_empty() {
            return Ok(vec![NOTHING; over.len()]);
        }
        let request = SliceRequest {
            slice: slice.clone(),
            axis: self.axis.clone(),
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
                    false => of_all(source, slice, *over)?,
                };
                Ok(Standing { value, live })
            })
            .collect()
    }
}

/// The metric over all rows of `over`, which the source knows.
fn of_all(source: &dyn Source, slice: &SliceKey, over: Interval) -> Result<f64> {
    if over.is_empty() {
        return Ok(f64::NAN);
    }
    Ok(source.aggregate(slice, over)?)
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
