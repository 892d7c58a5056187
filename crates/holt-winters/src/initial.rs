//! Where level, trend and seasons start, from the data alone.
//!
//! ```text
//! K seasons of m steps: no more than four, no fewer than it takes for a value at every position
//! b₀ = mean of (y_{t+m} − y_t) / m               over the pairs of them that are there
//! a  = mean over positions of the mean of y_t − b₀·t
//! l₀ = a − b₀                                     the level before the first bucket
//! s  = mean at each short position of  y_t − (a + b₀·t)    or  y_t / (a + b₀·t)
//! S  = the same at each long position of what s leaves
//! ```
//!
//! Where the history may hold outliers, medians take the place of the means.
//!
//! Of two seasons a history has few of the long one, and a start is taken from all of them. Where a trend
//! fades, or there is none, seasons are then told from what the level was around each value; see [`around`].
//! A line through all of it leans where the level moved once, every season leans the other way, and where
//! the last position is followed by the first, right after the history, they are off by a season of the slope.
//! So is each first hour of a week within the history, which a pass that tells outliers would then hold. Medians
//! do so of four seasons on: of three values two outvote an outlier.
//!
//! Both seasons are centred: their mean is 0, or 1. Nothing here depends on the weights.
//!
//! Source: Hyndman et al. (2008), §2.6.1. Departs from it: with an additive trend pairs instead of a moving
//! average; and all early seasons count for the trend.

pub mod around;

use self::around::around;
use crate::recurrence::{Place, State};
use crate::{Model, NotMultiplicative, Result, Season, SmoothingError, Trend, Variant};

/// Seasons that a start is taken from, at most.
const EARLY: usize = 4;
/// The same where medians are to outvote outliers.
const EARLY_MEDIANS: usize = 8;
/// So many seasons have three with a level around each value, of which two outvote an outlier.
const OUTVOTING: usize = 4;
/// Values that a start without a season is taken from, at most.
const EARLY_VALUES: usize = 12;
/// Seasonal factors below this divide by nearly nothing.
const SMALLEST_FACTOR: f64 = 0.02;

/// What stands for several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Centre {
    Mean,
    Median,
}

impl Centre {
    /// Of `values`, in whatever order; 0 of none.
    fn of(self, values: &mut [f64]) -> f64 {
        match (self, values.len()) {
            (_, 0) => 0.0,
            (Self::Mean, n) => values.iter().sum::<f64>() / n as f64,
            (Self::Median, n) => {
                values.sort_unstable_by(f64::total_cmp);
                0.5 * values[n / 2] + 0.5 * values[(n - 1) / 2]
            }
        }
    }
}

/// The state before the first of `values`, which is there.
///
/// # Errors
/// [`SmoothingError::TooShort`] with fewer than two seasons, or positions without a value, and
/// [`SmoothingError::NotMultiplicative`].
pub(crate) fn start(
    model: Model,
    values: &[f64],
    places: &[Place],
    centre: Centre,
) -> Result<State<f64>> {
    let short_of = || SmoothingError::TooShort {
        have: values.len(),
        found: values.iter().filter(|y| !y.is_nan()).count(),
        need: model.shortest_history(),
    };
    if values.len() < model.shortest_history() {
        return Err(short_of());
    }
    if model.variant() == Variant::ThirdEye {
        return Ok(third_eye(model.longest_period(), values));
    }
    if model.season() == Season::Multiplicative {
        of_one_sign(values)?;
    }
    let seasons = match centre {
        Centre::Mean => EARLY,
        Centre::Median => EARLY_MEDIANS,
    };
    let early = early(model, values, places, seasons).ok_or_else(short_of)?;
    let (values, places) = (&values[..early], &places[..early]);
    let step = model.longest_period();
    let slope = match model.trend() {
        Trend::None => 0.0,
        _ => slope(values, step, centre),
    };
    let periods = model.both_periods();
    let which = usize::from(periods[1] > 1);
    let detrended = |t: usize, y: f64| y - slope * t as f64;
    let by_position = centres(values, places, (which, periods[which]), centre, detrended);
    let base = by_position.iter().sum::<f64>() / by_position.len() as f64;
    let line = |t: usize| base + slope * t as f64;
    let fades = periods[1] > 1 && model.trend() != Trend::Additive;
    let outvotes = centre == Centre::Mean || early >= OUTVOTING * step;
    let usual = || around(model, values, places, &by_position, slope);
    let usual = (fades && outvotes).then(usual).flatten();
    // NaN where a value does not tell of the season.
    let about = |t: usize| usual.as_ref().map_or_else(|| line(t), |usual| usual[t]);
    let mut state = State {
        level: base - slope,
        trend: slope,
        seasons: [vec![0.0], vec![0.0]],
        deviation: 0.0,
    };
    match model.season() {
        Season::None => {}
        Season::Additive => {
            let mut short = centres(values, places, (0, periods[0]), centre, |t, y| y - about(t));
            let mean = short.iter().sum::<f64>() / short.len() as f64;
            short.iter_mut().for_each(|s| *s -= mean);
            if periods[1] > 1 {
                let left = |t: usize, y: f64| y - about(t) - short[places[t][0] as usize];
                state.seasons[1] = centres(values, places, (1, periods[1]), centre, left);
            }
            state.seasons[0] = short;
        }
        Season::Multiplicative => {
            let level = SmoothingError::NotMultiplicative {
                reason: NotMultiplicative::Level,
            };
            // Of one sign throughout: that of both ends.
            let (first, last) = (line(0), line(early));
            if !(state.level * first > 0.0 && first * last > 0.0) {
                return Err(level);
            }
            let mut short = centres(values, places, (0, periods[0]), centre, |t, y| y / about(t));
            let mean = short.iter().sum::<f64>() / short.len() as f64;
            if !(mean > 0.0 && mean.is_finite()) {
                return Err(level);
            }
            short.iter_mut().for_each(|s| *s /= mean);
            if periods[1] > 1 {
                let left = |t: usize, y: f64| y / (about(t) * short[places[t][0] as usize]);
                state.seasons[1] = centres(values, places, (1, periods[1]), centre, left);
            } else {
                state.seasons[1] = vec![1.0];
            }
            state.seasons[0] = short;
            let smallest = state.seasons.iter().flatten().copied().fold(1.0, f64::min);
            if smallest < SMALLEST_FACTOR {
                return Err(SmoothingError::NotMultiplicative {
                    reason: NotMultiplicative::NearZero { factor: smallest },
                });
            }
        }
    }
    Ok(state)
}

/// Refuses values for which factors have no meaning.
pub(crate) fn of_one_sign(values: &[f64]) -> Result<()> {
    let (mut negative, mut positive, mut zeros) = (false, false, false);
    for y in values {
        negative |= *y < 0.0;
        positive |= *y > 0.0;
        zeros |= y.to_bits() << 1 == 0;
    }
    let reason = match (negative && positive, zeros) {
        (true, _) => NotMultiplicative::Signs,
        (_, true) => NotMultiplicative::Zeros,
        _ => return Ok(()),
    };
    Err(SmoothingError::NotMultiplicative { reason })
}

/// How many of the first values count; `None` where some position never has a value.
fn early(model: Model, values: &[f64], places: &[Place], seasons: usize) -> Option<usize> {
    if model.season() == Season::None {
        let enough = values.len().min(EARLY_VALUES);
        return Some(enough);
    }
    let periods = model.both_periods();
    let step = model.longest_period();
    let mut has = [vec![false; periods[0]], vec![false; periods[1]]];
    let mut lacking = if periods[1] > 1 {
        periods[0] + periods[1]
    } else {
        has[1][0] = true;
        periods[0]
    };
    let wanted = values.len().min(seasons * step);
    for (t, (y, place)) in values.iter().zip(places).enumerate() {
        if lacking == 0 && t >= wanted {
            return Some(t);
        }
        if y.is_nan() {
            continue;
        }
        for (has, &at) in has.iter_mut().zip(place) {
            let has = &mut has[at as usize];
            lacking -= usize::from(!*has);
            *has = true;
        }
    }
    (lacking == 0).then_some(values.len())
}

/// The usual change per step, from values `step` apart.
fn slope(values: &[f64], step: usize, centre: Centre) -> f64 {
    let pairs = values.iter().zip(&values[step.min(values.len())..]);
    let changes = pairs.map(|(y, later)| later - y);
    let mut changes: Vec<f64> = changes.filter(|change| !change.is_nan()).collect();
    centre.of(&mut changes) / step as f64
}

/// The centre at each position of a season, `which` of so many steps, of what `of` makes of a value;
/// NaN of what is left out.
fn centres(
    values: &[f64],
    places: &[Place],
    (which, period): (usize, usize),
    centre: Centre,
    of: impl Fn(usize, f64) -> f64,
) -> Vec<f64> {
    let there = || {
        values
            .iter()
            .zip(places)
            .enumerate()
            .filter(|(_, (y, _))| !y.is_nan())
    };
    if centre == Centre::Median {
        let mut by_position = vec![Vec::new(); period];
        for (t, (&y, place)) in there() {
            let x = of(t, y);
            if !x.is_nan() {
                by_position[place[which] as usize].push(x);
            }
        }
        return by_position.iter_mut().map(|at| centre.of(at)).collect();
    }
    let mut sums = vec![0.0; period];
    let mut counts = vec![0_u32; period];
    for (t, (&y, place)) in there() {
        let at = place[which] as usize;
        let x = of(t, y);
        if !x.is_nan() {
            sums[at] += x;
            counts[at] += 1;
        }
    }
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum /= f64::from(count.max(1));
    }
    sums
}

/// See [`Model::third_eye`]. Where a first value is missing, so is everything.
fn third_eye(period: usize, values: &[f64]) -> State<f64> {
    let p = period as f64;
    let mut trend = 0.0;
    for i in 0..period {
        trend += (values[period + i] - values[i]) / p;
    }
    let seasons = values.len() / period;
    let mean_of = |j: usize| values[j * period..][..period].iter().sum::<f64>() / p;
    let means: Vec<f64> = (0..seasons).map(mean_of).collect();
    let index = |i: usize| {
        let ratios = means
            .iter()
            .enumerate()
            .map(|(j, mean)| values[j * period + i] / mean);
        ratios.sum::<f64>() / seasons as f64
    };
    State {
        level: values[0],
        trend: trend / p,
        seasons: [(0..period).map(index).collect(), vec![1.0]],
        deviation: 0.0,
    }
}

/// The positions of `len` buckets in the seasons of `model`, the first at position 0.
pub(crate) fn places_from_zero(model: Model, len: usize) -> Vec<Place> {
    let of = |period| u32::try_from(period).expect("invariant: periods are short");
    let periods = model.both_periods().map(of);
    let mut next = [0; 2];
    let place = |_| {
        let place = next;
        for (at, period) in next.iter_mut().zip(periods) {
            *at = if *at + 1 == period { 0 } else { *at + 1 };
        }
        place
    };
    (0..len).map(place).collect()
}
