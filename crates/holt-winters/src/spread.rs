//! How far residuals usually stray, at each position of the short season, and how far each has.
//!
//! ```text
//! w_p² = f · (n_p·v_p + 10·a_p) / (n_p + 10)      the unit of width at position p
//! a_p  = (m_p·u_p + 25·v) / (m_p + 25)            what is usual around it
//!
//! v_p  the mean square of the n_p residuals at p
//! u_p  that of the m_p at the positions up to r away from p, itself among them, round the end of the season:
//!      the smallest r from 1 on with m_p ≥ 100, or all
//! v    that of all n
//! f = 1; where the start has seen the values f = (n + d)/(n − d), d the weights, level, trend and positions
//!
//! size = √f·|e| / u          u² = (w_p²·(n_p + 10) − o·f·r²) / (n_p + 10 − o), what the others make
//! e what the forecaster would have judged the value by, r its residual, which counts there
//! o = 1 + 10·(1 + 25/n) / (m_p + 25) times, and 0 where it is not among those of the width
//! ```
//!
//! Positions with few residuals lean on those around them, as at the minutes of one hour, and a little on all; those with
//! many stand for themselves. So a unit is 0 only where all residuals are: sizes are left out there, and the band has no
//! width, whatever it is calibrated by.

use crate::fit::Fit;
use crate::recurrence::{Place, expected_ahead};
use crate::steady::{Heard, Steady};
use crate::uncertainty::Uncertainty;
use crate::unseen::Unseen;

/// So many residuals those around a position count for.
const FROM_AROUND: f64 = 10.0;
/// So many of them tell what is usual there.
const ENOUGH_AROUND: u32 = 100;
/// So many residuals all of them count for around a position.
const FROM_ALL: f64 = 25.0;
/// What is left of squares when all of them were taken away.
const ROUNDING: f64 = 1e-12;

/// The unit of width at a position, in units of the data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unit {
    pub(crate) width: f64,
    /// As how many residuals it is made of.
    counts: f64,
    /// As how many of these one at the position counts.
    own: f64,
}

impl Unit {
    /// What the others make of it, without one whose square is `own`; 0 where they are all 0.
    fn without(&self, own: f64) -> f64 {
        let squares = self.width * self.width * self.counts;
        let others = squares - self.own * own;
        match others > ROUNDING * squares {
            true => (others / (self.counts - self.own)).sqrt(),
            false => 0.0,
        }
    }
}

/// The unit at each position of the short season, from `residuals` in scaled units, NaN where there is none.
pub(crate) fn units(fit: &Fit, foresight: f64, residuals: &[f64], places: &[Place]) -> Vec<Unit> {
    let period = fit.model().both_periods()[0];
    let mut sums = vec![0.0; period];
    let mut counts = vec![0_u32; period];
    for (r, place) in residuals.iter().zip(places) {
        if (r * r).is_finite() {
            sums[place[0] as usize] += r * r;
            counts[place[0] as usize] += 1;
        }
    }
    let around = Around::of(&sums, &counts);
    let unit = |place: usize| {
        let (usual, own) = around.at(place);
        let counts = f64::from(counts[place]) + FROM_AROUND;
        let square = (sums[place] + FROM_AROUND * usual) / counts;
        Unit {
            width: (square * foresight).sqrt() * fit.scale(),
            counts,
            own: 1.0 + FROM_AROUND * own,
        }
    };
    (0..period).map(unit).collect()
}

/// Squares and counts of the first positions of two rounds of the season, one after the other: none, one, two …
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

    /// What is usual around a position, and which part of it one square there is.
    fn at(&self, place: usize) -> (f64, f64) {
        let most = self.period / 2;
        let (mut few, mut reach) = (0, most);
        // The nearest that are enough lie beyond `few` and within `reach`.
        while few + 1 < reach {
            let middle = few.midpoint(reach);
            match self.within(middle, place).1 < ENOUGH_AROUND {
                true => few = middle,
                false => reach = middle,
            }
        }
        let (sum, count) = self.within(reach, place);
        let (all, of_all) = self.within(most, place);
        let from_all = FROM_ALL / f64::from(of_all.max(1));
        let counts = f64::from(count) + FROM_ALL;
        ((sum + from_all * all) / counts, (1.0 + from_all) / counts)
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
    units: &[Unit],
) -> Vec<f64> {
    let weights = fit.all_weights();
    let first = values
        .iter()
        .position(|y| !y.is_nan())
        .unwrap_or(values.len());
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
            let unit = &units[place[0] as usize];
            let heard = steady.advance(fit, &mut state, &mut uncertainty, y, place);
            let goes_on = before == Heard::Held && heard != Heard::Learnt;
            if part.counted.contains(&t) && !y.is_nan() && !goes_on {
                let residual = (y - expected).abs().min(most) / ahead;
                let own = residuals[t] * fit.scale();
                let others = match (own * own).is_finite() {
                    true => unit.without(foresight * own * own),
                    false => unit.width,
                };
                if others > 0.0 {
                    sizes.push(foresight.sqrt() * residual / others);
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

/// The same of residuals of raw values, where those learnt from are smoothed: in the width of all of their position, their
/// own squares among them.
pub(crate) fn calibration_of(
    fit: &Fit,
    foresight: f64,
    residuals: &[f64],
    places: &[Place],
    units: &[Unit],
) -> Vec<f64> {
    let scale = fit.scale() * foresight.sqrt();
    let size = |(r, place): (&f64, &Place)| {
        let width = units[place[0] as usize].width;
        (width > 0.0).then(|| (r * scale).abs() / width)
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
    /// those of position 0 on both sides of where the season begins. With 120 each it is those beside it. Of four
    /// positions with one each all are, as of two and of one; and one without residuals has those beside it.
    #[test]
    fn around_a_position_are_as_many_as_tell() {
        let around =
            |sums: &[f64], counts: &[u32], place: usize| Around::of(sums, counts).at(place);
        let even = |period: u32, each: u32, place: usize| {
            let sums: Vec<f64> = (0..period).map(|p| f64::from(p * each)).collect();
            around(&sums, &vec![each; period as usize], place)
        };
        let near = |(mean, own): (f64, f64), wanted: f64, part: f64| {
            assert!((mean - wanted).abs() < 1e-9, "{mean} {wanted}");
            assert!((own - part).abs() < 1e-12, "{own} {part}");
        };
        let all = 25.0 * 29.5;
        let part = (1.0 + 25.0 / 1200.0) / 125.0;
        near(even(60, 20, 30), (100.0 * 30.0 + all) / 125.0, part);
        let beginning = 20.0 * (58.0 + 59.0 + 1.0 + 2.0);
        near(even(60, 20, 0), (beginning + all) / 125.0, part);
        let part = (1.0 + 25.0 / 7200.0) / 385.0;
        near(
            even(60, 120, 59),
            (120.0 * (58.0 + 59.0) + all) / 385.0,
            part,
        );
        near(even(4, 1, 1), 1.5, (1.0 + 25.0 / 4.0) / 29.0);
        near(even(2, 1, 0), 0.5, (1.0 + 25.0 / 2.0) / 27.0);
        near(around(&[14.0], &[7], 0), 2.0, (1.0 + 25.0 / 7.0) / 32.0);
        let (sums, counts) = ([80.0, 0.0, 240.0, 640.0], [80, 0, 80, 80]);
        let wanted = (80.0 + 240.0 + 25.0 * 4.0) / (160.0 + 25.0);
        near(
            around(&sums, &counts, 1),
            wanted,
            (1.0 + 25.0 / 240.0) / 185.0,
        );
        near(around(&[0.0; 3], &[0; 3], 1), 0.0, 26.0 / 25.0);
    }

    /// Four positions in turn, with 50 residuals each, of which those of one are 3 and the others 1: squares of 3 on
    /// average. Three positions have enough: around the first, which does not touch the loud one, 150 squares of 1;
    /// around the others 100 of 1 and 50 of 9.
    #[test]
    fn a_position_has_a_width_of_its_own() {
        let model = Model::new(Trend::None, Season::Additive, &[4]).unwrap();
        let places = places_from_zero(model, 200);
        let settings = FitSettings::given(Weights::default());
        let fit = fit_or_fall_back(model, &[0.0; 200], &places, &settings, Centre::Mean).unwrap();
        let strays = |t: usize| if t % 4 == 2 { 3.0 } else { 1.0 };
        let residuals: Vec<f64> = (0..200).map(strays).collect();
        let (quiet, loud) = ((150.0 + 25.0 * 3.0) / 175.0, (550.0 + 25.0 * 3.0) / 175.0);
        let wanted = [(50.0, quiet), (50.0, loud), (450.0, loud), (50.0, loud)];
        for (unit, (own, around)) in units(&fit, 1.0, &residuals, &places).iter().zip(wanted) {
            let square: f64 = (own + 10.0 * around) / 60.0;
            assert!((unit.width - square.sqrt()).abs() < 1e-12, "{unit:?}");
        }
    }

    /// Of 15 residuals of 1 the width is √((15 + 10·1)/25) = 1. A value of 50 that is not among them is 50 of it, and
    /// each of them 1, as the others are 1; in thousandths alike.
    #[test]
    fn a_residual_is_measured_by_the_others_whether_it_is_among_them_or_not() {
        let (fit, places) = nothing();
        for scale in [1.0, 1e-3] {
            let mut values = [scale; 16];
            values[7] = 50.0 * scale;
            let mut residuals = [scale; 16];
            residuals[7] = f64::NAN;
            let units = units(&fit, 1.0, &residuals, &places);
            assert!((units[0].width - scale).abs() < 1e-12);
            let unseen = [Unseen::none(&fit, &values)];
            let steady = Steady::without_limits(4);
            let learnt = (&values[..], &residuals[..]);
            let sizes = calibration(&fit, (&unseen, 1.0), steady, learnt, &places, &units);
            assert!(sizes[..15].iter().all(|size| (size - 1.0).abs() < 1e-9));
            assert!((sizes[15] - 50.0).abs() < 1e-9, "{sizes:?}");
        }
    }

    /// 15 residuals of 1 and one of 50, which counts as often as it does in its own width: by the others it is 50.
    #[test]
    fn its_own_square_is_no_part_of_what_a_residual_is_measured_by() {
        let (fit, places) = nothing();
        let mut values = [1.0; 16];
        values[7] = 50.0;
        let units = units(&fit, 1.0, &values, &places);
        assert!(units[0].width > 10.0);
        let unseen = [Unseen::none(&fit, &values)];
        let steady = Steady::without_limits(4);
        let learnt = (&values[..], &values[..]);
        let sizes = calibration(&fit, (&unseen, 1.0), steady, learnt, &places, &units);
        assert!((sizes[15] - 50.0).abs() < 1e-9, "{sizes:?}");
    }

    /// Of nothing but residuals of 0, and a value of 50 that is not among them, or of one that is: what strays
    /// is in no unit.
    #[test]
    fn where_nothing_else_strays_a_size_is_in_no_unit() {
        let (fit, places) = nothing();
        let sizes = |scale: f64, is_among: bool| {
            let mut values = [0.0; 16];
            values[7] = 50.0 * scale;
            let mut residuals = values;
            residuals[3] = f64::NAN;
            if !is_among {
                residuals[7] = f64::NAN;
            }
            let units = units(&fit, 1.0, &residuals, &places);
            let unseen = [Unseen::none(&fit, &values)];
            let steady = Steady::without_limits(4);
            let learnt = (&values[..], &residuals[..]);
            calibration(&fit, (&unseen, 1.0), steady, learnt, &places, &units)
        };
        for scale in [1e-6, 1.0, 1e6] {
            assert!(sizes(scale, false).is_empty());
            let among = sizes(scale, true);
            assert!(among.iter().all(|size| size.abs() < 1e-9), "{among:?}");
            assert_eq!(among.len(), 15);
        }
    }
}
