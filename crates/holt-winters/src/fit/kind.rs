//! Which season a model is fitted with: the kind that was asked for, the better of two, or another
//! where the one that was asked for has no meaning.

use super::{Fit, FitSettings, fit_at, scale_of};
use crate::initial::{Centre, start};
use crate::objective::{MOST, Objective};
use crate::recurrence::Place;
use crate::scalar::LANES;
use crate::{Model, NotMultiplicative, Result, Season, SmoothingError};

/// Where both kinds of season are compared.
const GLANCE: [[f64; MOST]; LANES] = [
    [0.02, 0.01, 0.05, 0.1, 0.95, 0.3],
    [0.02, 0.01, 0.05, 0.1, 0.95, 0.9],
    [0.02, 0.01, 0.4, 0.1, 0.95, 0.3],
    [0.02, 0.01, 0.4, 0.1, 0.95, 0.9],
    [0.3, 0.01, 0.05, 0.1, 0.95, 0.3],
    [0.3, 0.01, 0.05, 0.1, 0.95, 0.9],
    [0.3, 0.01, 0.4, 0.1, 0.95, 0.3],
    [0.3, 0.01, 0.4, 0.1, 0.95, 0.9],
];

/// Whether the kind of a model's season was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It was.
    Asked,
    /// Whichever kind has the smaller squared error, told by eight weights of each.
    Better,
}

/// A model that is to be fitted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) model: Model,
    pub(crate) kind: Kind,
}

impl Asked {
    /// Fits it, with an additive season where that is better, or where factors have no meaning.
    ///
    /// # Errors
    /// As [`Model::fit_or_fall_back`].
    pub(crate) fn fit(
        self,
        values: &[f64],
        places: &[Place],
        settings: &FitSettings,
        centre: Centre,
    ) -> Result<Fit> {
        let additive = self.model.with_additive_season();
        if self.kind == Kind::Better && self.model != additive {
            let cost = |model| glance(model, values, places, settings, centre);
            if let (Some(times), Some(plus)) = (cost(self.model), cost(additive)) {
                let (model, compared) = match plus < times {
                    true => (additive, [times, plus]),
                    false => (self.model, [plus, times]),
                };
                let mut fit = fit_or_fall_back(model, values, places, settings, centre)?;
                fit.compared = fit.fallback.is_none().then_some(compared);
                return Ok(fit);
            }
        }
        fit_or_fall_back(self.model, values, places, settings, centre)
    }
}

/// The smallest squared error at eight weights; `None` where there is no start.
fn glance(
    model: Model,
    values: &[f64],
    places: &[Place],
    settings: &FitSettings,
    centre: Centre,
) -> Option<f64> {
    let (given, free) = settings.split(model).ok()?;
    let first = values.iter().position(|y| !y.is_nan())?;
    let (values, places) = (&values[first..], &places[first..]);
    let scale = scale_of(values);
    let scaled: Vec<f64> = values.iter().map(|y| y / scale).collect();
    let start = start(model, &scaled, places, centre).ok()?;
    let objective = Objective::new(model, &start, &scaled, places, given, &free);
    let lanes: [Vec<f64>; LANES] =
        GLANCE.map(|weights| free.iter().map(|&at| weights[at]).collect());
    let costs = objective.cost_of_lanes(&lanes);
    Some(scale * scale * costs.into_iter().fold(f64::INFINITY, f64::min))
}

/// Fits `model`, or the same with an additive season where factors have no meaning.
pub(crate) fn fit_or_fall_back(
    model: Model,
    values: &[f64],
    places: &[Place],
    settings: &FitSettings,
    centre: Centre,
) -> Result<Fit> {
    let multiplicative = model.season() == Season::Multiplicative;
    let reason = match fit_at(model, values, places, settings, None, centre) {
        Err(SmoothingError::NotMultiplicative { reason }) => reason,
        Err(SmoothingError::NotFinite { .. }) if multiplicative => NotMultiplicative::Diverged,
        answer => return answer,
    };
    fit_at(
        model.fallen_back(),
        values,
        places,
        settings,
        Some(reason),
        centre,
    )
}

impl Model {
    /// What is fitted where a multiplicative season has no meaning: an additive one, or none of
    /// one step.
    fn fallen_back(self) -> Self {
        let season = match self.periods() {
            [1] => Season::None,
            _ => Season::Additive,
        };
        let periods: &[usize] = match season {
            Season::None => &[],
            _ => self.periods(),
        };
        let fallen_back = Self::new(self.trend(), season, periods);
        fallen_back
            .expect("invariant: periods were checked")
            .with_residuals(self.residuals())
    }
}
