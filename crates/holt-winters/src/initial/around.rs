//! What the level was around each of the first values.
//!
//! ```text
//! x_t = y_t − (s⁰ − a)   or  y_t / (s⁰ / a)      s⁰ the mean at the long position about the line, a of all
//! l_t = mean of x over one season around t       of an even m over m + 1, those at both ends by half
//! ```
//!
//! The first and the last half of a season have none and do not tell of the season; nor has any value
//! one where less than half of the season around it is there, or some position would be without.
//!
//! Source: Hyndman et al. (2008), §2.6.1: the centred moving average. Departs from it: of values without a
//! first guess of the season, so that some may be missing.

use super::SMALLEST_FACTOR;
use crate::recurrence::Place;
use crate::{Model, Season};

/// The level around each of `values`, NaN where a season around it is not there; `by_position` are their
/// means at each long position about a line of `slope`. `None` where some position has none, or
/// factors have no meaning.
pub(super) fn around(
    model: Model,
    values: &[f64],
    places: &[Place],
    by_position: &[f64],
    slope: f64,
) -> Option<Vec<f64>> {
    let periods = model.both_periods();
    let (m, which) = (model.longest_period(), usize::from(periods[1] > 1));
    if model.season() == Season::None || values.len() < 2 * m {
        return None;
    }
    let base = by_position.iter().sum::<f64>() / by_position.len() as f64;
    let season: Vec<f64> = match model.season() {
        Season::Multiplicative => by_position.iter().map(|s| s / base).collect(),
        _ => by_position.iter().map(|s| s - base).collect(),
    };
    let factors = model.season() == Season::Multiplicative;
    if factors && !season.iter().all(|s| *s >= SMALLEST_FACTOR) {
        return None;
    }
    // Sums before each value, about the line: a value that is missing lies on it.
    let (mut sums, mut counts) = (vec![0.0], vec![0_usize]);
    for (t, (y, place)) in values.iter().zip(places).enumerate() {
        let s = season[place[which] as usize];
        let x = if factors { y / s } else { y - s };
        let there = !y.is_nan();
        let off = if there { x - slope * t as f64 } else { 0.0 };
        sums.push(sums[t] + off);
        counts.push(counts[t] + usize::from(there));
    }
    let mean = |from: usize| {
        let count = counts[from + m] - counts[from];
        let enough = 2 * count >= m;
        enough.then(|| (sums[from + m] - sums[from]) / count as f64)
    };
    let half = m / 2;
    let mut has = periods.map(|period| vec![false; period]);
    let mut levels = vec![f64::NAN; values.len()];
    for t in half..values.len() - half {
        let middle = match m % 2 {
            1 => mean(t - half),
            _ => mean(t - half)
                .zip(mean(t + 1 - half))
                .map(|(early, late)| 0.5 * early + 0.5 * late),
        };
        let Some(middle) = middle.filter(|_| !values[t].is_nan()) else {
            continue;
        };
        levels[t] = middle + slope * t as f64;
        for (has, &at) in has.iter_mut().zip(&places[t]) {
            has[at as usize] = true;
        }
    }
    has.iter().flatten().all(|has| *has).then_some(levels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Trend;
    use crate::initial::{Centre, places_from_zero, start};

    fn model(trend: Trend, season: Season, periods: &[usize]) -> Model {
        Model::new(trend, season, periods).unwrap()
    }

    /// What both seasons together make of the four positions of the long one.
    fn season_of(model: Model, values: &[f64]) -> Vec<f64> {
        let places = places_from_zero(model, values.len());
        let state = start(model, values, &places, Centre::Mean).unwrap();
        let both = |t: usize| (state.seasons[0][t % 2], state.seasons[1][t]);
        let factors = model.season() == Season::Multiplicative;
        let of = |(s, l): (f64, f64)| if factors { s * l } else { s + l };
        (0..4).map(|t| of(both(t))).collect()
    }

    fn near(found: &[f64], wanted: [f64; 4]) {
        let off = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-12;
        assert!(!found.iter().zip(&wanted).any(off), "{found:?} {wanted:?}");
    }

    /// Four seasons of 1, −1, 3, −3, of which the last two are 8 higher: one of the four values around the
    /// seventh lies there by half, and so on; two at each end have no season around them.
    #[test]
    fn the_level_around_a_value_is_that_of_a_season_around_it() {
        let s = [1.0, -1.0, 3.0, -3.0];
        let values: Vec<f64> = (0..16)
            .map(|t| s[t % 4] + if t < 8 { 0.0 } else { 8.0 })
            .collect();
        let model = model(Trend::Damped, Season::Additive, &[4]);
        let places = places_from_zero(model, 16);
        let by_position: Vec<f64> = s.iter().map(|s| s + 4.0).collect();
        let levels = around(model, &values, &places, &by_position, 0.0).unwrap();
        let wanted = [0.0, 0.0, 0.0, 0.0, 1.0, 3.0, 5.0, 7.0, 8.0, 8.0, 8.0, 8.0];
        assert!(levels[..2].iter().chain(&levels[14..]).all(|l| l.is_nan()));
        for (found, wanted) in levels[2..14].iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-12, "{levels:?}");
        }
    }

    /// However the level goes up, each position keeps what it is above it.
    #[test]
    fn a_trend_leaves_the_season_as_it_is() {
        let s = [1.0, -1.0, 3.0, -3.0];
        let rising: Vec<f64> = (0..16).map(|t| s[t % 4] + 0.5 * t as f64).collect();
        for trend in [Trend::None, Trend::Additive, Trend::Damped] {
            near(
                &season_of(model(trend, Season::Additive, &[2, 4]), &rising),
                s,
            );
        }
    }

    /// The level goes up by 2 a step and stays at 16 from the ninth value on. Of three values of each position
    /// the kink moves one at most, 1 and ¼ and ¼ as the season around it has 15, 13¾ and 15¾: medians are left
    /// alone, where a line of slope 1¼, the median change of a season, would lean.
    #[test]
    fn medians_tell_the_season_from_the_level_around_it_too() {
        let s = [1.0, -1.0, 3.0, -3.0];
        let level = |t: usize| 2.0 * t.min(8) as f64;
        let values: Vec<f64> = (0..16).map(|t| s[t % 4] + level(t)).collect();
        let model = model(Trend::Damped, Season::Additive, &[2, 4]);
        let places = places_from_zero(model, 16);
        let state = start(model, &values, &places, Centre::Median).unwrap();
        let both = |t: usize| state.seasons[0][t % 2] + state.seasons[1][t];
        near(&[both(0), both(1), both(2), both(3)], s);
    }

    #[test]
    fn a_missing_value_moves_nothing() {
        let f = [1.2, 0.8, 1.5, 0.5];
        let mut values: Vec<f64> = (0..16).map(|t| 10.0 * f[t % 4]).collect();
        values[6] = f64::NAN;
        let model = model(Trend::Damped, Season::Multiplicative, &[2, 4]);
        near(&season_of(model, &values), f);
    }
}
