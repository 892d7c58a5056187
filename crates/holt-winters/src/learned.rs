//! What is learnt at a refit: a fit, which of its values were outliers, and how far residuals
//! usually stray.
//!
//! 1. A fit to the history as it is. Values whose residual exceeds [`OUTLIER`] robust deviations
//!    are outliers.
//! 2. Where there are any, a fit to the history without them: they carry the state forward like
//!    missing values. That is one level deep: outliers are never looked for again.
//! 3. The spread of the residuals of that fit, at each position of the short season:
//!
//! ```text
//! w_p² = (n_p·v_p + k·v) / (n_p + k) · n/(n − d)
//! v the mean square of all residuals, v_p that of the n_p at the position, k = 10, and
//! d the weights, level, trend and positions that were fitted
//! ```
//!
//! Positions with few residuals lean on all of them, and those with many stand for themselves.

use crate::fit::{Fit, fit_or_fall_back};
use crate::recurrence::{Gains, Place, State, run};
use crate::uncertainty::Uncertainty;
use crate::{FitSettings, Model, Result};

/// Residuals beyond so many robust deviations are outliers.
const OUTLIER: f64 = 4.0;
/// No fit leaves out more than this fraction of the values.
const MOST_OUTLIERS: f64 = 0.1;
/// Deviations in one median distance of normal values: 1/Φ⁻¹(3/4).
const OF_MEDIAN: f64 = 1.482_602_218_505_602;
/// Deviations that nine in ten of normal values do not exceed: Φ⁻¹(0.95).
const OF_NINE_TENTHS: f64 = 1.644_853_626_951_472_2;
/// A deviation smaller than this fraction of the largest value is rounding.
const ROUNDING: f64 = 1e-9;
/// Residuals that all of them count for at each position.
const SHARED: f64 = 10.0;

/// What becomes of values that stand out from the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Outliers {
    /// They are judged, and then count as missing.
    #[default]
    LeaveOut,
    /// They are learnt from like any value.
    Learn,
}

/// What is known from a refit on.
#[derive(Debug, Clone)]
pub(crate) struct Learned {
    /// To the history as it is.
    pub(crate) raw: Fit,
    /// Without outliers; `None` where there are none.
    pub(crate) clean: Option<Fit>,
    /// Residuals of `raw` beyond this are outliers, in its scaled units; infinite to learn them.
    pub(crate) limit: f64,
    /// Which of the values they were.
    pub(crate) outliers: Vec<usize>,
    /// Unit width at each position of the short season, in units of the data.
    pub(crate) widths: Vec<f64>,
    /// Residuals of the fit in units of their width, ascending and without sign.
    pub(crate) calibration: Vec<f64>,
    /// Buckets since the last value that counted.
    missed: usize,
}

/// Level, trend and seasons going on from a refit, with and without outliers.
#[derive(Debug, Clone)]
pub(crate) struct Going {
    pub(crate) raw: State<f64>,
    pub(crate) clean: State<f64>,
    pub(crate) uncertainty: Uncertainty,
}

impl Learned {
    /// Learns from `values`, oldest first, NaN where missing.
    ///
    /// # Errors
    /// As [`Model::fit_or_fall_back`].
    pub(crate) fn from(
        model: Model,
        values: &[f64],
        places: &[Place],
        settings: &FitSettings,
        outliers: Outliers,
        calibrated: bool,
    ) -> Result<Self> {
        let raw = fit_or_fall_back(model, values, places, settings)?;
        let mut kept = values.to_vec();
        let (mut limit, mut found, mut clean) = (f64::INFINITY, Vec::new(), None);
        if outliers == Outliers::LeaveOut {
            let mut residuals = vec![f64::NAN; values.len()];
            residuals_of(&raw, values, places, &mut residuals);
            limit = OUTLIER * robust_deviation(&residuals).max(ROUNDING);
            let most = (MOST_OUTLIERS * raw.counted() as f64) as usize;
            found = (0..values.len())
                .filter(|&t| residuals[t].abs() > limit)
                .collect();
            if found.len() > most {
                // Not a few that stand out, but many that are hard to expect.
                found.clear();
            }
            if !found.is_empty() {
                found.iter().for_each(|&t| kept[t] = f64::NAN);
                clean = fit_or_fall_back(model, &kept, places, settings).ok();
                if clean.is_none() {
                    (found, kept) = (Vec::new(), values.to_vec());
                }
            }
        }
        let fit = clean.as_ref().unwrap_or(&raw);
        let mut residuals = vec![f64::NAN; values.len()];
        residuals_of(fit, &kept, places, &mut residuals);
        let widths = widths(fit, &residuals, places);
        let calibration = if calibrated {
            calibration(fit, &residuals, places, &widths)
        } else {
            Vec::new()
        };
        let missed = kept.iter().rev().take_while(|y| y.is_nan()).count();
        Ok(Self {
            limit,
            outliers: found,
            widths,
            calibration,
            missed,
            raw,
            clean,
        })
    }

    /// The fit that is forecast by.
    pub(crate) fn fit(&self) -> &Fit {
        self.clean.as_ref().unwrap_or(&self.raw)
    }

    /// Level, trend and seasons at the refit.
    pub(crate) fn going(&self) -> Going {
        let fit = self.fit();
        let mut uncertainty = Uncertainty::new(fit.model(), fit.all_weights());
        (0..self.missed).for_each(|_| uncertainty.miss());
        Going {
            raw: self.raw.state().clone(),
            clean: fit.state().clone(),
            uncertainty,
        }
    }

    /// Goes over one more bucket with value `y`, NaN where missing.
    pub(crate) fn advance(&self, going: &mut Going, y: f64, place: Place) {
        let (raw, fit) = (&self.raw, self.fit());
        let mut kept = y;
        if self.limit < f64::INFINITY {
            let residual = step(raw, &mut going.raw, y, place);
            if residual.abs() > self.limit {
                kept = f64::NAN;
            }
        }
        let residual = step(fit, &mut going.clean, kept, place);
        if residual.is_nan() {
            going.uncertainty.miss();
        } else {
            going.uncertainty.observe();
        }
    }
}

/// One step of `state`: the residual, NaN where `y` is missing.
fn step(fit: &Fit, state: &mut State<f64>, y: f64, place: Place) -> f64 {
    let gains = Gains::of(fit.all_weights());
    let mut residual = f64::NAN;
    run(
        fit.model(),
        &gains,
        state,
        &[y / fit.scale()],
        &[place],
        |_, expected, y| {
            residual = y - expected;
        },
    );
    residual
}

/// One-step residuals of a fit on the values it was made from, in its scaled units; `out` holds NaN.
fn residuals_of(fit: &Fit, values: &[f64], places: &[Place], out: &mut [f64]) {
    let first = values
        .iter()
        .position(|y| !y.is_nan())
        .unwrap_or(values.len());
    let scaled: Vec<f64> = values[first..].iter().map(|y| y / fit.scale()).collect();
    let gains = Gains::of(fit.all_weights());
    let mut state = fit.state_before().clone();
    run(
        fit.model(),
        &gains,
        &mut state,
        &scaled,
        &places[first..],
        |i, expected, y| {
            out[first + i] = y - expected;
        },
    );
}

/// 1.4826 median distances from 0, or the distance of nine in ten by 1.645 where that is 0.
fn robust_deviation(residuals: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = residuals
        .iter()
        .map(|r| r.abs())
        .filter(|r| !r.is_nan())
        .collect();
    if sizes.is_empty() {
        return 0.0;
    }
    sizes.sort_unstable_by(f64::total_cmp);
    let near = sizes[sizes.len() / 2];
    if near > 0.0 {
        return OF_MEDIAN * near;
    }
    sizes[sizes.len() * 9 / 10] / OF_NINE_TENTHS
}

fn widths(fit: &Fit, residuals: &[f64], places: &[Place]) -> Vec<f64> {
    let period = fit.model().both_periods()[0];
    let mut sums = vec![0.0; period];
    let mut counts = vec![0_u32; period];
    for (r, place) in residuals.iter().zip(places).filter(|(r, _)| !r.is_nan()) {
        sums[place[0] as usize] += r * r;
        counts[place[0] as usize] += 1;
    }
    let n = f64::from(counts.iter().sum::<u32>());
    let mean = sums.iter().sum::<f64>() / n.max(1.0);
    let deviation = fit.scaled_deviation();
    // What few residuals per parameter make too small.
    let freedom = if mean > 0.0 {
        deviation * deviation / mean
    } else {
        1.0
    };
    let width = |(sum, count): (&f64, &u32)| {
        let shared = (sum + SHARED * mean) / (f64::from(*count) + SHARED);
        (shared * freedom).sqrt() * fit.scale()
    };
    sums.iter().zip(&counts).map(width).collect()
}

fn calibration(fit: &Fit, residuals: &[f64], places: &[Place], widths: &[f64]) -> Vec<f64> {
    let size = |(r, place): (&f64, &Place)| {
        let width = widths[place[0] as usize];
        (r * fit.scale()).abs() / if width > 0.0 { width } else { 1.0 }
    };
    let mut sizes: Vec<f64> = residuals
        .iter()
        .zip(places)
        .filter(|(r, _)| !r.is_nan())
        .map(size)
        .collect();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes
}
