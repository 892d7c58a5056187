//! Residuals of values that a start has not seen.
//!
//! A start is taken from the first seasons of a history. Where that is all or most of it, residuals
//! of the same values are too small: each position's mean has the value itself in it. So residuals
//! are those of other starts.
//!
//! Of three or four seasons, all of which a start is taken from, each is left out of one, and its residuals are
//! those of the pass from there: they lie from a season of nearly as many values as that of the fit, which is
//! what comes after the refit will do. Of a longer history, and of one that some such start cannot be taken
//! from, residuals count from a split on, from a start that is taken from what lies before it:
//!
//! ```text
//! split = max(2·m, min(n/2, 4·m))      n values from the first that is there on, and m steps in the
//!                                      longest season; 12 values at least
//! ```
//!
//! Where less than a short season lies behind the split, or there is no start before it, residuals
//! are those of the fit.
//!
//! Source: R. F. Barber, E. J. Candès, A. Ramdas, R. J. Tibshirani, *Predictive inference with the
//! jackknife+* (2021), §3: residuals of what was left out, in parts. Departs from it: weights are those of
//! all values, and the expectation is that of the fit alone.

use std::ops::Range;

use crate::Season;
use crate::fit::Fit;
use crate::initial::{Centre, start};
use crate::recurrence::{Place, State};

/// Seasons that a start is taken from, at most.
const EARLY: usize = 4;
/// The least that lies before a split.
const LEAST: usize = 12;
/// Of fewer seasons none can be left out: a start is taken from two.
const LEAST_SEASONS: usize = 3;

/// Which residuals count, and the state at the first value of a pass that makes them.
#[derive(Debug, Clone)]
pub(crate) struct Unseen {
    /// Level, trend and seasons before the first value there is, in scaled units.
    pub(crate) state: State<f64>,
    /// The values whose residuals count.
    pub(crate) counted: Range<usize>,
    /// Whether the state has seen none of them.
    pub(crate) is_unseen: bool,
}

impl Unseen {
    /// Where all residuals count, from the start of the fit.
    pub(crate) fn none(fit: &Fit, values: &[f64]) -> Self {
        let first = values.iter().position(|y| !y.is_nan());
        Self {
            state: fit.state_before().clone(),
            counted: first.unwrap_or(values.len())..values.len(),
            is_unseen: false,
        }
    }

    /// For the fit to `values` at `places`: no value counts twice.
    pub(crate) fn of(fit: &Fit, values: &[f64], places: &[Place], centre: Centre) -> Vec<Self> {
        let parts = Self::left_out(fit, values, places, centre);
        parts.unwrap_or_else(|| vec![Self::after_split(fit, values, places, centre)])
    }

    /// Each season of a history that a start is taken from all of, from the others; what is left over
    /// belongs to the last. `None` of a longer or shorter one, and where the others have no start.
    fn left_out(fit: &Fit, values: &[f64], places: &[Place], centre: Centre) -> Option<Vec<Self>> {
        let first = values.iter().position(|y| !y.is_nan())?;
        let season = fit.model().longest_period();
        let seasons = (values.len() - first) / season;
        if fit.model().season() == Season::None || !(LEAST_SEASONS..=EARLY).contains(&seasons) {
            return None;
        }
        let part = |k: usize| {
            let from = first + k * season;
            let until = match k + 1 == seasons {
                true => values.len(),
                false => from + season,
            };
            let mut others: Vec<f64> = values[first..].iter().map(|y| y / fit.scale()).collect();
            others[from - first..until - first].fill(f64::NAN);
            let state = start(fit.model(), &others, &places[first..values.len()], centre).ok()?;
            Some(Self {
                state,
                counted: from..until,
                is_unseen: true,
            })
        };
        (0..seasons).map(part).collect()
    }

    fn after_split(fit: &Fit, values: &[f64], places: &[Place], centre: Centre) -> Self {
        let first = values
            .iter()
            .position(|y| !y.is_nan())
            .unwrap_or(values.len());
        let there = values.len() - first;
        let model = fit.model();
        let longest = model.longest_period();
        let split = (EARLY * longest).min(there / 2);
        let split = split.max(2 * longest).max(LEAST);
        let in_sample = || Self::none(fit, values);
        if split + model.both_periods()[0] > there {
            return in_sample();
        }
        let before = first..first + split;
        let scaled: Vec<f64> = values[before.clone()]
            .iter()
            .map(|y| y / fit.scale())
            .collect();
        match start(model, &scaled, &places[before], centre) {
            Ok(state) => Self {
                state,
                counted: first + split..values.len(),
                is_unseen: true,
            },
            Err(_) => in_sample(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::fit_or_fall_back;
    use crate::initial::places_from_zero;
    use crate::{FitSettings, Model, Season, Trend, Weights};

    fn unseen(values: &[f64]) -> Vec<Unseen> {
        let model = Model::new(Trend::None, Season::Additive, &[4]).unwrap();
        let settings = FitSettings::given(Weights::default());
        let places = places_from_zero(model, values.len());
        let fit = fit_or_fall_back(model, values, &places, &settings, Centre::Mean).unwrap();
        Unseen::of(&fit, values, &places, Centre::Mean)
    }

    /// Of 20 values 12 are before the split, as it is the least; of 100 four seasons.
    #[test]
    fn residuals_count_after_what_the_start_is_taken_from() {
        for (len, from) in [(20, 12), (100, 16)] {
            let values: Vec<f64> = (0..len).map(|t| f64::from(t % 4)).collect();
            let before = unseen(&values);
            assert_eq!(
                (before.len(), &before[0].counted),
                (1, &(from..values.len()))
            );
            assert!(before[0].is_unseen);
            let mut changed = values;
            changed[from..].iter_mut().for_each(|y| *y = 2.5);
            let after = unseen(&changed);
            assert_eq!(
                format!("{:?}", before[0].state),
                format!("{:?}", after[0].state)
            );
        }
    }

    /// Four seasons of 0, 1, 2, 3 and three values, which belong to the last. A 1.5 in the second moves the
    /// start that the first was left out of by a third of ½, and not the one that it was left out of itself.
    #[test]
    fn each_of_a_few_seasons_is_left_out_of_a_start() {
        let mut values: Vec<f64> = (0..19).map(|t| f64::from(t % 4)).collect();
        values[5] = 1.5;
        let parts = unseen(&values);
        let counted: Vec<_> = parts.iter().map(|part| part.counted.clone()).collect();
        assert_eq!(counted, [0..4, 4..8, 8..12, 12..19]);
        assert!(parts.iter().all(|part| part.is_unseen));
        // The fit is in units of 4, the power of two above the largest.
        let season = |part: usize, at: usize| 4.0 * parts[part].state.seasons[0][at];
        assert!((season(0, 1) - season(0, 0) - 3.5 / 3.0).abs() < 1e-12);
        assert!((season(1, 1) - season(1, 0) - 1.0).abs() < 1e-12);
    }

    /// Two seasons of six are the twelve values that come first, and five are no season.
    #[test]
    fn a_short_history_has_the_residuals_of_its_fit() {
        let model = Model::new(Trend::None, Season::Additive, &[6]).unwrap();
        let values: Vec<f64> = (0..17).map(|t| f64::from(t % 6)).collect();
        let settings = FitSettings::given(Weights::default());
        let places = places_from_zero(model, values.len());
        let fit = fit_or_fall_back(model, &values, &places, &settings, Centre::Mean).unwrap();
        assert!(!Unseen::of(&fit, &values, &places, Centre::Mean)[0].is_unseen);
    }
}
