//! What is learnt at a refit: a fit, which of its values were outliers, and how far residuals
//! usually stray.
//!
//! 1. A pass over the history as it is, from a robust start and with cautious weights, which holds
//!    on to level, trend and season where a value stands out; see [`steady`](crate::steady). A new level that lasts
//!    is adopted.
//! 2. A fit to the history without the outliers, which carry the state forward like missing values,
//!    and with what lies before a new level moved to it: the shape is kept. That is one level deep:
//!    outliers are never looked for again.
//!    Level, trend and seasons at the refit are those of a pass over the history with what was fitted, which
//!    holds and follows as it does after the refit: what happened right before it is not forgotten. A pass that does
//!    worse over its last season than expecting 0 has run away, and those of the fit stand:
//!
//! ```text
//! lost ⇔ Σ e² > 4·Σ y²        over the values there are in the last (long) season
//! ```
//!
//! 3. The spread of the residuals of that fit, at each position of the short season, of values that
//!    its start has not seen; see [`unseen`](crate::unseen) and [`spread`](crate::spread).

use tuatara_core::Shift;

use crate::fit::{Asked, Fit};
use crate::initial::Centre;
use crate::recurrence::{Gains, Place, State, expected_ahead, run};
use crate::spread::{calibration, calibration_of, units};
use crate::steady::{Heard, HoldingPass, OF_MEDIAN, OUTLIER, Steady};
use crate::uncertainty::Uncertainty;
use crate::unseen::Unseen;
use crate::{FitSettings, Result, SmoothingError, Weights};

/// No fit leaves out more than this fraction of the values.
const MOST_OUTLIERS: f64 = 0.25;
/// Weights that neither a spike nor a few of them move far.
const CAUTIOUS: Weights = Weights {
    alpha: 0.2,
    beta: 0.02,
    gamma: 0.1,
    gamma_long: 0.1,
    phi: 0.95,
    rho: 0.7,
};
/// Residuals that a position needs for a scale of its own.
const ENOUGH: usize = 8;
/// Deviations that nine in ten of normal values do not exceed: Φ⁻¹(0.95).
const OF_NINE_TENTHS: f64 = 1.644_853_626_951_472_2;
/// A deviation smaller than this fraction of the largest value is rounding.
const ROUNDING: f64 = 1e-9;
/// A pass whose squared errors in the last season are so many times those of expecting 0 is lost.
const WORSE_THAN_NOTHING: f64 = 4.0;

/// What becomes of values that stand out from the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Outliers {
    /// They are judged, and then count as missing.
    #[default]
    LeaveOut,
    /// They are learnt from like any value.
    Learn,
}

/// How outliers are told, and what becomes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Robustness {
    pub(crate) outliers: Outliers,
    /// Buckets after which a new level is adopted.
    pub(crate) adopt: usize,
}

/// What values are judged by a fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged<'a> {
    /// The raw values up to the refit, where those learnt from are smoothed.
    pub(crate) raw: Option<&'a [f64]>,
    /// How many buckets before a judged one the last that was learnt from lies, one left out.
    pub(crate) delay: usize,
    /// Whether residuals are kept for a calibrated width.
    pub(crate) calibrated: bool,
}

/// What is known from a refit on.
#[derive(Debug, Clone)]
pub(crate) struct Learned {
    fit: Fit,
    /// Level, trend and seasons at the refit, and what was going on.
    going: Going,
    /// Which of the values were outliers.
    pub(crate) outliers: Vec<usize>,
    /// New levels that were adopted in the history: from which value on, and what moved.
    pub(crate) adopted: Vec<(usize, Shift)>,
    /// Unit width at each position of the short season, in units of the data.
    pub(crate) widths: Vec<f64>,
    /// Residuals of the fit in units of their width, ascending and without sign.
    pub(crate) calibration: Vec<f64>,
}

/// Level, trend and seasons going on from a refit.
#[derive(Debug, Clone)]
pub(crate) struct Going {
    pub(crate) state: State<f64>,
    pub(crate) uncertainty: Uncertainty,
    pub(crate) steady: Steady,
}

impl Learned {
    /// Learns from `values`, oldest first, NaN where missing; `places` go on to the refit.
    ///
    /// # Errors
    /// As [`Asked::fit`].
    pub(crate) fn from(
        asked: Asked,
        values: &[f64],
        places: &[Place],
        settings: &FitSettings,
        robustness: Robustness,
        judged: Judged<'_>,
    ) -> Result<Self> {
        let (mut kept, mut at_one_level) = (None, None);
        let (mut outliers, mut adopted) = (Vec::new(), Vec::new());
        let mut steady = Steady::without_limits(robustness.adopt);
        let mut told = false;
        let holds = robustness.outliers == Outliers::LeaveOut;
        let pass =
            holds.then(|| cautious(asked, values, &places[..values.len()], robustness.adopt));
        if let Some((_, pass)) = pass.flatten() {
            if !(pass.held.is_empty() && pass.adopted.is_empty()) {
                at_one_level = Some(pass.moved(values));
                kept = Some(pass.cleaned(values));
            }
            (outliers, adopted) = (pass.held, pass.adopted);
            steady = pass.steady;
            told = true;
        }
        let learnt = &places[..values.len()];
        let fit_to = |values| asked.fit(values, learnt, settings, Centre::Mean);
        let (kept, fit) = match kept.as_deref().map(|kept| (kept, fit_to(kept))) {
            None => (values, fit_to(values)?),
            // All that some position has was held: then it is no outlier.
            Some((_, Err(SmoothingError::TooShort { .. }))) => {
                (outliers, adopted, at_one_level) = (Vec::new(), Vec::new(), None);
                (values, fit_to(values)?)
            }
            Some((kept, fit)) => (kept, fit?),
        };
        let moved = at_one_level.as_deref().unwrap_or(values);
        let unseen = Unseen::of(&fit, kept, learnt, Centre::Mean);
        let mut residuals = residuals_of(&fit, &unseen, kept, learnt);
        if told {
            steady.judge_by(limits(&fit, &residuals, learnt, tailed_deviation));
        }
        let going = match told {
            true => Going::over(&fit, steady.clone(), (kept, moved), learnt),
            false => Going::after(&fit, steady.clone(), kept),
        };
        if let Some(raw) = judged.raw {
            residuals = residuals_ahead(&fit, &unseen, kept, raw, places, judged.delay);
        }
        // What few values per parameter make too small.
        let foresight = match unseen[0].is_unseen {
            true => fit.foresight_of_weights(residuals.iter().filter(|r| !r.is_nan()).count()),
            false => fit.foresight(),
        };
        let units = units(&fit, foresight, &residuals, places);
        let calibration = match (judged.calibrated, judged.raw) {
            (false, _) => Vec::new(),
            (true, Some(_)) => calibration_of(&fit, foresight, &residuals, places, &units),
            (true, None) => {
                let seen = (unseen.as_slice(), foresight);
                calibration(
                    &fit,
                    seen,
                    steady.clone(),
                    (moved, &residuals),
                    learnt,
                    &units,
                )
            }
        };
        Ok(Self {
            fit,
            going,
            outliers,
            adopted,
            widths: units.iter().map(|unit| unit.width).collect(),
            calibration,
        })
    }

    /// The fit that is forecast by.
    pub(crate) fn fit(&self) -> &Fit {
        &self.fit
    }

    /// Level, trend and seasons at the refit.
    pub(crate) fn going(&self) -> Going {
        self.going.clone()
    }

    /// Goes over one more bucket with value `y`, NaN where missing: what became of it.
    pub(crate) fn advance(&self, going: &mut Going, y: f64, place: Place) -> Heard {
        going.advance(&self.fit, y, place)
    }
}

impl Going {
    /// After the last of the `values` that `fit` was made from.
    fn after(fit: &Fit, steady: Steady, values: &[f64]) -> Self {
        let mut uncertainty = Uncertainty::new(fit.model(), fit.all_weights());
        let missed = values.iter().rev().take_while(|y| y.is_nan());
        missed.for_each(|_| uncertainty.miss());
        Self {
            state: fit.state().clone(),
            uncertainty,
            steady,
        }
    }

    /// The same where `values` are gone over as they would be after the refit, from the first of `kept` on;
    /// where that runs away, what the fit itself was left with.
    fn over(fit: &Fit, steady: Steady, (kept, values): (&[f64], &[f64]), places: &[Place]) -> Self {
        let begun = steady.clone();
        let mut going = Self {
            state: fit.state_before().clone(),
            uncertainty: Uncertainty::new(fit.model(), fit.all_weights()),
            steady,
        };
        let first = kept.iter().position(|y| !y.is_nan());
        let first = first.unwrap_or(values.len());
        let last = values.len().saturating_sub(fit.model().longest_period());
        let (mut errors, mut squares) = (0.0, 0.0);
        for (t, (&y, &place)) in values.iter().zip(places).enumerate().skip(first) {
            if t >= last && !y.is_nan() {
                let weights = fit.all_weights();
                let expected = expected_ahead(fit.model(), &weights, &going.state, 1, place);
                let y = y / fit.scale();
                errors += (y - expected) * (y - expected);
                squares += y * y;
            }
            going.advance(fit, y, place);
        }
        // Factors may have run away, which a fit without what was held did not show.
        let is_lost = errors.is_nan() || errors > WORSE_THAN_NOTHING * squares;
        match is_lost {
            true => Self::after(fit, begun, kept),
            false => going,
        }
    }

    fn advance(&mut self, fit: &Fit, y: f64, place: Place) -> Heard {
        let (state, uncertainty) = (&mut self.state, &mut self.uncertainty);
        self.steady.advance(fit, state, uncertainty, y, place)
    }
}

/// The pass that tells outliers; `None` where too many of the values would be.
fn cautious(
    asked: Asked,
    values: &[f64],
    places: &[Place],
    adopt: usize,
) -> Option<(Fit, HoldingPass)> {
    let settings = FitSettings::given(CAUTIOUS);
    let fit = asked.fit(values, places, &settings, Centre::Median).ok()?;
    // All of them: of the later half alone, a new level would be most.
    let all = [Unseen::none(&fit, values)];
    let residuals = residuals_of(&fit, &all, values, places);
    let limits = limits(&fit, &residuals, places, robust_deviation);
    let steady = Steady::new(limits, adopt);
    let pass = HoldingPass::over(&fit, &steady, values, places);
    // Not a few that stand out, but many that are hard to expect.
    let many = pass.held.len() as f64 > MOST_OUTLIERS * fit.counted() as f64;
    (!many).then_some((fit, pass))
}

/// Beyond which residuals stand out, at each position, in units of the data.
fn limits(
    fit: &Fit,
    residuals: &[f64],
    places: &[Place],
    deviation_of: fn(&[f64]) -> f64,
) -> Vec<f64> {
    let period = fit.model().both_periods()[0];
    let all = deviation_of(residuals).max(ROUNDING);
    let mut by_position: Vec<Vec<f64>> = vec![Vec::new(); period];
    for (r, place) in residuals.iter().zip(places).filter(|(r, _)| !r.is_nan()) {
        by_position[place[0] as usize].push(*r);
    }
    let limit = |residuals: &Vec<f64>| {
        let own = if residuals.len() < ENOUGH {
            0.0
        } else {
            deviation_of(residuals)
        };
        OUTLIER * all.max(own) * fit.scale()
    };
    by_position.iter().map(limit).collect()
}

/// One-step residuals of a fit on the values it was made from, in its scaled units; NaN where there
/// is none.
fn residuals_of(fit: &Fit, unseen: &[Unseen], values: &[f64], places: &[Place]) -> Vec<f64> {
    let mut out = vec![f64::NAN; values.len()];
    let first = values
        .iter()
        .position(|y| !y.is_nan())
        .unwrap_or(values.len());
    let scaled: Vec<f64> = values[first..].iter().map(|y| y / fit.scale()).collect();
    let gains = Gains::of(fit.all_weights());
    for part in unseen {
        let mut state = part.state.clone();
        let until = part.counted.end;
        run(
            fit.model(),
            &gains,
            &mut state,
            &scaled[..until - first],
            &places[first..until],
            |i, expected, y| {
                if part.counted.contains(&(first + i)) {
                    out[first + i] = y - expected;
                }
            },
        );
    }
    out
}

/// The same of `raw` values against what `values` before them, `delay` left out, make expected.
fn residuals_ahead(
    fit: &Fit,
    unseen: &[Unseen],
    values: &[f64],
    raw: &[f64],
    places: &[Place],
    delay: usize,
) -> Vec<f64> {
    let mut out = vec![f64::NAN; raw.len()];
    let first = values
        .iter()
        .position(|y| !y.is_nan())
        .unwrap_or(values.len());
    let gains = Gains::of(fit.all_weights());
    // Those that are not learnt from yet belong to the last part.
    let last = unseen.len().saturating_sub(1);
    for (k, part) in unseen.iter().enumerate() {
        let end = match k == last {
            true => raw.len(),
            false => part.counted.end,
        };
        let mut state = part.state.clone();
        for t in first..values.len().min(end.saturating_sub(delay)) {
            let ahead = t + delay;
            if ahead >= part.counted.start {
                let expected = expected_ahead(
                    fit.model(),
                    &fit.all_weights(),
                    &state,
                    delay + 1,
                    places[ahead],
                );
                out[ahead] = raw[ahead] / fit.scale() - expected;
            }
            let value = [values[t] / fit.scale()];
            run(
                fit.model(),
                &gains,
                &mut state,
                &value,
                &[places[t]],
                |_, _, _| {},
            );
        }
    }
    // One outlier among raw values must not be what is usual.
    let limit = OUTLIER * robust_deviation(&out);
    out.iter_mut()
        .filter(|r| r.abs() > limit && limit > 0.0)
        .for_each(|r| *r = f64::NAN);
    out
}

/// Distances of `residuals` from 0 where they are there, ascending.
fn sizes(residuals: &[f64]) -> Vec<f64> {
    let there = residuals.iter().map(|r| r.abs()).filter(|r| !r.is_nan());
    let mut sizes: Vec<f64> = there.collect();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes
}

/// 1.4826 median distances from 0, or the distance of nine in ten by 1.645 where that is 0.
fn robust_deviation(residuals: &[f64]) -> f64 {
    let sizes = sizes(residuals);
    if sizes.is_empty() {
        return 0.0;
    }
    let near = sizes[sizes.len() / 2];
    if near > 0.0 {
        return OF_MEDIAN * near;
    }
    sizes[sizes.len() * 9 / 10] / OF_NINE_TENTHS
}

/// The larger of 1.4826 median distances from 0 and the distance of nine in ten by 1.645: residuals
/// without outliers may still have heavy tails.
fn tailed_deviation(residuals: &[f64]) -> f64 {
    let sizes = sizes(residuals);
    let tail = sizes.get(sizes.len() * 9 / 10);
    tail.map_or(0.0, |tail| {
        let near = OF_MEDIAN * sizes[sizes.len() / 2];
        near.max(tail / OF_NINE_TENTHS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::fit_or_fall_back;
    use crate::initial::places_from_zero;
    use crate::{Model, Season, Trend};

    /// Where a level that follows nearly all it sees has seen a million among ones: the fit, which did not,
    /// is left at 1. Of a million in its last value alone a pass has been off by that and no more.
    #[test]
    fn a_pass_that_runs_away_gives_way_to_the_fit() {
        let model = Model::new(Trend::None, Season::Additive, &[4]).unwrap();
        let places = places_from_zero(model, 40);
        let weights = Weights {
            alpha: 0.9,
            ..Weights::default()
        };
        let settings = FitSettings::given(weights);
        let mut kept = [1.0; 40];
        kept[35] = f64::NAN;
        let fit = fit_or_fall_back(model, &kept, &places, &settings, Centre::Mean).unwrap();
        let level = |values: &[f64]| {
            let steady = Steady::without_limits(4);
            let going = Going::over(&fit, steady, (&kept, values), &places);
            going.state.level * fit.scale()
        };
        let mut values = [1.0; 40];
        values[35] = 1e6;
        assert!((level(&values) - 1.0).abs() < 1e-9, "{}", level(&values));
        // As before, but in the last season itself: 1e6 is there to be compared with.
        let mut values = [1.0; 40];
        values[39] = 1e6;
        assert!(level(&values) > 1e5, "{}", level(&values));
    }
}
