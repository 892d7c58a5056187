//! How far residuals usually stray, at each position of the short season, and how far each has.
//!
//! ```text
//! w_p² = (n_p·v_p + k·v) / (n_p + k) · f          the unit of width at a position
//! v the mean square of all residuals, v_p that of the n_p at the position, k = 5, and f = 1;
//! where the start has seen the values f = (n + d)/(n − d), d the weights, level, trend and positions
//!
//! size = √f·|e| / u          u² = (w_p²·(n_p + k) − f·r²) / (n_p + k − 1), the width of the others
//! e what the forecaster would have judged the value by, r its residual among those of the width
//! ```
//!
//! Positions with few residuals lean on all of them, and those with many stand for themselves. So a unit is 0 only
//! where all residuals are: sizes are left out there, and the band has no width, whatever it is calibrated by.

use crate::fit::Fit;
use crate::recurrence::{Place, expected_ahead};
use crate::steady::{Heard, Steady};
use crate::uncertainty::Uncertainty;
use crate::unseen::Unseen;

/// Residuals that all of them count for at each position.
const SHARED: f64 = 5.0;

/// Unit width at each position of the short season, in units of the data, from `residuals` in scaled ones, NaN
/// where there is none.
pub(crate) fn widths(fit: &Fit, foresight: f64, residuals: &[f64], places: &[Place]) -> Vec<f64> {
    let period = fit.model().both_periods()[0];
    let mut sums = vec![0.0; period];
    let mut counts = vec![0_u32; period];
    for (r, place) in residuals.iter().zip(places).filter(|(r, _)| !r.is_nan()) {
        sums[place[0] as usize] += r * r;
        counts[place[0] as usize] += 1;
    }
    let n = f64::from(counts.iter().sum::<u32>());
    let mean = sums.iter().sum::<f64>() / n.max(1.0);
    let width = |(sum, count): (&f64, &u32)| {
        let shared = (sum + SHARED * mean) / (f64::from(*count) + SHARED);
        (shared * foresight).sqrt() * fit.scale()
    };
    sums.iter().zip(&counts).map(width).collect()
}

/// How far each value of the history lay from what was expected of it, as the forecaster would have
/// judged it, in the width that the others of its position have: ascending. Of values in a row that were held the first counts, and
/// no more than the limit beyond which it was.
pub(crate) fn calibration(
    fit: &Fit,
    (unseen, foresight): (&[Unseen], f64),
    begun: Steady,
    (values, residuals): (&[f64], &[f64]),
    places: &[Place],
    widths: &[f64],
) -> Vec<f64> {
    let weights = fit.all_weights();
    let first = values
        .iter()
        .position(|y| !y.is_nan())
        .unwrap_or(values.len());
    let mut counts = vec![0.0; widths.len()];
    for (_, place) in residuals.iter().zip(places).filter(|(r, _)| !r.is_nan()) {
        counts[place[0] as usize] += 1.0;
    }
    let mut sizes = Vec::with_capacity(values.len());
    for part in unseen {
        let mut state = part.state.clone();
        let mut uncertainty = Uncertainty::new(fit.model(), weights);
        let mut steady = begun.clone();
        let mut before = Heard::Missing;
        steady.begin();
        let judged = values[..part.counted.end].iter().zip(places).enumerate();
        for (t, (&y, &place)) in judged.skip(first) {
            let expected = expected_ahead(fit.model(), &weights, &state, 1, place) * fit.scale();
            let ahead = uncertainty.factor() * steady.spread();
            let most = steady.limit(place) * uncertainty.factor();
            let width = widths[place[0] as usize];
            let heard = steady.advance(fit, &mut state, &mut uncertainty, y, place);
            let goes_on = before == Heard::Held && heard != Heard::Learnt;
            if part.counted.contains(&t) && !y.is_nan() && !goes_on {
                let residual = (y - expected).abs().min(most) / ahead;
                let count = counts[place[0] as usize] + SHARED;
                // Its own square is one of those that the width is made of, where it is among them.
                let own = residuals[t] * fit.scale();
                let own = match own.is_nan() {
                    true => 0.0,
                    false => foresight * own * own,
                };
                let others = (width * width * count - own) / (count - 1.0);
                if others > 0.0 {
                    sizes.push(foresight.sqrt() * residual / others.sqrt());
                }
            }
            if heard != Heard::Missing {
                before = heard;
            }
        }
    }
    sizes.sort_unstable_by(f64::total_cmp);
    sizes
}

/// The same of residuals of raw values, where those learnt from are smoothed.
pub(crate) fn calibration_of(
    fit: &Fit,
    foresight: f64,
    residuals: &[f64],
    places: &[Place],
    widths: &[f64],
) -> Vec<f64> {
    let unit = fit.scale() * foresight.sqrt();
    let size = |(r, place): (&f64, &Place)| {
        let width = widths[place[0] as usize];
        (width > 0.0).then(|| (r * unit).abs() / width)
    };
    let mut sizes: Vec<f64> = residuals
        .iter()
        .zip(places)
        .filter(|(r, _)| !r.is_nan())
        .filter_map(size)
        .collect();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::fit_or_fall_back;
    use crate::initial::{Centre, places_from_zero};
    use crate::{FitSettings, Model, Season, Trend, Weights};

    /// Expects 0 of 16 values, whatever they are, which lie where is said beside it.
    fn nothing() -> (Fit, Vec<Place>) {
        let model = Model::new(Trend::None, Season::None, &[]).unwrap();
        let places = places_from_zero(model, 16);
        let weights = Weights {
            alpha: 0.0,
            ..Weights::default()
        };
        let settings = FitSettings::given(weights);
        let fit = fit_or_fall_back(model, &[0.0; 16], &places, &settings, Centre::Mean).unwrap();
        (fit, places)
    }

    /// Of 15 residuals of 1 the width is √((15 + 5·1)/20) = 1. A value of 50 that is not among them is
    /// 50/√(20/19) of the width that they have, and each of them 1/√((20 − 1)/19); in thousandths alike.
    #[test]
    fn a_residual_is_measured_by_the_others_whether_it_is_among_them_or_not() {
        let (fit, places) = nothing();
        for unit in [1.0, 1e-3] {
            let mut values = [unit; 16];
            values[7] = 50.0 * unit;
            let mut residuals = [unit; 16];
            residuals[7] = f64::NAN;
            let widths = widths(&fit, 1.0, &residuals, &places);
            assert!((widths[0] - unit).abs() < 1e-12);
            let unseen = [Unseen::none(&fit, &values)];
            let steady = Steady::without_limits(4);
            let learnt = (&values[..], &residuals[..]);
            let sizes = calibration(&fit, (&unseen, 1.0), steady, learnt, &places, &widths);
            assert!(sizes[..15].iter().all(|size| (size - 1.0).abs() < 1e-9));
            let wanted = 50.0 / (20.0_f64 / 19.0).sqrt();
            assert!((sizes[15] - wanted).abs() < 1e-9, "{sizes:?}");
        }
    }

    /// Of nothing but residuals of 0, and a value of 50 that is not among them, or of one that is: what strays
    /// by 50 is so many of the root of (5/15)/(15 + 5 − 1) of 50, and nothing where the others are 0.
    #[test]
    fn where_nothing_else_strays_a_size_is_in_no_unit() {
        let (fit, places) = nothing();
        let sizes = |unit: f64, is_among: bool| {
            let mut values = [0.0; 16];
            values[7] = 50.0 * unit;
            let mut residuals = values;
            residuals[3] = f64::NAN;
            if !is_among {
                residuals[7] = f64::NAN;
            }
            let widths = widths(&fit, 1.0, &residuals, &places);
            let unseen = [Unseen::none(&fit, &values)];
            let steady = Steady::without_limits(4);
            let learnt = (&values[..], &residuals[..]);
            calibration(&fit, (&unseen, 1.0), steady, learnt, &places, &widths)
        };
        for unit in [1e-6, 1.0, 1e6] {
            assert!(sizes(unit, false).is_empty());
            let wanted = 1.0 / (5.0_f64 / 15.0 / 19.0).sqrt();
            let sizes = sizes(unit, true);
            assert!((sizes[15] - wanted).abs() < 1e-9, "{sizes:?}");
        }
    }
}
