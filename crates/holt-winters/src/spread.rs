//! How far residuals usually stray, at each position of the short season, and how far each has.
//!
//! ```text
//! w_p² = (n_p·v_p + 10·a_p) / (n_p + 10) · f       the unit of width at a position
//! a_p  = (m_p·u_p + 25·v) / (m_p + 25)             what is usual around it
//!
//! v_p  the mean square of the n_p residuals at the position
//! u_p  that of the m_p residuals at the position and as many to either side, one at least, as have 100 together
//! v    that of all residuals
//! f = 1; where the start has seen the values f = (n + d)/(n − d), d the weights, level, trend and positions
//!
//! size = √f·|e| / u          u² = (w_p²·(n_p + 10) − f·r²) / (n_p + 9), the width of the others
//! e what the forecaster would have judged the value by, r its residual among those of the width
//! ```
//!
//! Positions with few residuals lean on those beside them, as at the minutes of one hour, and little on all; those with many
//! stand for themselves. So a unit is 0 only where all residuals are: sizes are left out there, and the band has no width,
//! whatever it is calibrated by.

use crate::fit::Fit;
use crate::recurrence::{Place, expected_ahead};
use crate::steady::{Heard, Steady};
use crate::uncertainty::Uncertainty;
use crate::unseen::Unseen;

/// Residuals that those around a position count for at it.
const SHARED: f64 = 10.0;
/// So many residuals tell what is usual around a position.
const AROUND: u32 = 100;
/// Residuals that all of them count for around a position.
const ALL: f64 = 25.0;

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
    let around = Around::of(&sums, &counts);
    let width = |place: usize| {
        let squares = sums[place] + SHARED * around.mean(place);
        let shared = squares / (f64::from(counts[place]) + SHARED);
        (shared * foresight).sqrt() * fit.scale()
    };
    (0..period).map(width).collect()
}

/// Squares and counts of the positions before each of two rounds.
struct Around {
    sums: Vec<f64>,
    counts: Vec<u32>,
    period: usize,
}

impl Around {
    fn of(sums: &[f64], counts: &[u32]) -> Self {
        let period = sums.len();
        let (mut before, mut counted) = (vec![0.0], vec![0]);
        for place in 0..2 * period {
            before.push(before[place] + sums[place % period]);
            counted.push(counted[place] + counts[place % period]);
        }
        Self {
            sums: before,
            counts: counted,
            period,
        }
    }

    /// Of the positions that are no more than `reach` away, each once: their squares, and how many those are.
    fn within(&self, reach: usize, place: usize) -> (f64, u32) {
        let width = (2 * reach + 1).min(self.period);
        let from = (place + self.period - reach) % self.period;
        let until = from + width;
        (
            self.sums[until] - self.sums[from],
            self.counts[until] - self.counts[from],
        )
    }

    /// What is usual around a position.
    fn mean(&self, place: usize) -> f64 {
        let most = self.period / 2;
        let (mut few, mut reach) = (0, most);
        // The nearest that are enough lie beyond `few` and within `reach`.
        while few + 1 < reach {
            let middle = few.midpoint(reach);
            match self.within(middle, place).1 < AROUND {
                true => few = middle,
                false => reach = middle,
            }
        }
        let (sum, count) = self.within(reach, place);
        let (all, of_all) = self.within(most, place);
        let mean = all / f64::from(of_all.max(1));
        (sum + ALL * mean) / (f64::from(count) + ALL)
    }
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

    /// Of 60 positions with 20 residuals each, of mean squares 0, 1, 2 to 59, and 29.5 of all: five have 100,
    /// those of position 0 on both sides of where the season begins. With 120 each it is those beside it; of four
    /// positions with one each all are.
    #[test]
    fn around_a_position_are_as_many_as_tell() {
        let around = |period: usize, each: u32, place: usize| {
            let sums: Vec<f64> = (0..period).map(|p| (p as u32 * each) as f64).collect();
            Around::of(&sums, &vec![each; period]).mean(place)
        };
        let near =
            |mean: f64, wanted: f64| assert!((mean - wanted).abs() < 1e-9, "{mean} {wanted}");
        near(around(60, 20, 30), (100.0 * 30.0 + 25.0 * 29.5) / 125.0);
        near(
            around(60, 20, 0),
            (20.0 * (58.0 + 59.0 + 1.0 + 2.0) + 25.0 * 29.5) / 125.0,
        );
        near(
            around(60, 120, 59),
            (120.0 * (58.0 + 59.0) + 25.0 * 29.5) / 385.0,
        );
        near(around(4, 1, 1), 1.5);
        near(around(1, 7, 0), 0.0);
    }

    /// Of 15 residuals of 1 the width is √((15 + 10·1)/25) = 1. A value of 50 that is not among them is
    /// 50/√(25/24) of the width that they have, and each of them 1/√((25 − 1)/24); in thousandths alike.
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
            let wanted = 50.0 / (25.0_f64 / 24.0).sqrt();
            assert!((sizes[15] - wanted).abs() < 1e-9, "{sizes:?}");
        }
    }

    /// Of nothing but residuals of 0, and a value of 50 that is not among them, or of one that is: what strays
    /// by 50 is so many of the root of (10/15)/(15 + 10 − 1) of 50, and nothing where the others are 0.
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
            let wanted = 1.0 / (10.0_f64 / 15.0 / 24.0).sqrt();
            let sizes = sizes(unit, true);
            assert!((sizes[15] - wanted).abs() < 1e-9, "{sizes:?}");
        }
    }
}
