//! Residuals of values that a start has not seen.
//!
//! A start is taken from the first seasons of a history. Where that is all or most of it, residuals
//! of the same values are too small: each position's mean has the value itself in it. So residuals
//! count from a split on, from a start that is taken from what lies before it:
//!
//! ```text
//! split = max(2·m, min(n/2, 4·m))      n values from the first that is there on, and m steps in the
//!                                      longest season; 12 values at least
//! ```
//!
//! Where less than a short season lies behind the split, or there is no start before it, residuals
//! are those of the fit.

use crate::fit::Fit;
use crate::initial::{Centre, start};
use crate::recurrence::{Place, State};

/// Seasons that a start is taken from, at most.
const EARLY: usize = 4;
/// The least that lies before a split.
const LEAST: usize = 12;

/// Where residuals are counted from, and the state at the first value.
#[derive(Debug, Clone)]
pub(crate) struct Unseen {
    /// Level, trend and seasons before the first value there is, in scaled units.
    pub(crate) state: State<f64>,
    /// The first value whose residual counts.
    pub(crate) from: usize,
    /// Whether the state has seen none of the values from there on.
    pub(crate) is_unseen: bool,
}

impl Unseen {
    /// Where all residuals count, from the start of the fit.
    pub(crate) fn none(fit: &Fit, values: &[f64]) -> Self {
        let first = values.iter().position(|y| !y.is_nan());
        Self {
            state: fit.state_before().clone(),
            from: first.unwrap_or(values.len()),
            is_unseen: false,
        }
    }

    /// For the fit to `values` at `places`.
    pub(crate) fn of(fit: &Fit, values: &[f64], places: &[Place], centre: Centre) -> Self {
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
                from: first + split,
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

    fn unseen(values: &[f64]) -> Unseen {
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
            assert_eq!((before.from, before.is_unseen), (from, true));
            let mut changed = values;
            changed[from..].iter_mut().for_each(|y| *y = 2.5);
            let after = unseen(&changed);
            assert_eq!(format!("{:?}", before.state), format!("{:?}", after.state));
        }
    }

    /// Twelve values and not one season more.
    #[test]
    fn a_short_history_has_the_residuals_of_its_fit() {
        let values: Vec<f64> = (0..15).map(|t| f64::from(t % 4)).collect();
        assert!(!unseen(&values).is_unseen);
    }
}
