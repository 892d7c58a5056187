//! Fitting: the weights with the smallest squared one-step error in a box.
//!
//! 1. A grid over the box, eight points side by side in one pass over the data: a fine one for up to three
//!    weights, of which the best in the first quarter of the values are looked at in all of them, a coarse one for
//!    more. That quarter takes sixteen points side by side, in single precision where it tells them apart.
//! 2. Of its points the best, and the best that lies apart from it: local minima are common.
//! 3. From each of the two a solver; the lower end counts.
//!
//! Weights that are given stay as they are. Fits start from the same places each time.

mod kind;
mod reading;
mod search;

pub(crate) use kind::{Asked, Kind, fit_or_fall_back};

use crate::initial::{Centre, places_from_zero, start};
use crate::objective::{MOST, Objective};
use crate::recurrence::{Gains, Place, State, expected_ahead, run};
use crate::{
    Model, NotMultiplicative, Result, Season, SmoothingError, Variant, WEIGHT_NAMES, Weights,
};
use search::{Found, minimise};

/// An optimum is flat along a weight that can go to either end of the box for less than this
/// fraction of the cost.
const FLAT: f64 = 0.01;

/// What looks for the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Optimizer {
    /// [`BobyqaSolver`](crate::BobyqaSolver), which needs nothing but the cost.
    Bobyqa,
    /// [`GaussNewtonSolver`](crate::GaussNewtonSolver), which needs exact sensitivities.
    GaussNewton,
}

impl std::fmt::Display for Optimizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bobyqa => "BOBYQA",
            Self::GaussNewton => "GAUSS_NEWTON",
        })
    }
}

impl Optimizer {
    /// What looks for the weights `free` of `model` where nothing is said: Gauss-Newton where no more than
    /// alpha, beta and gamma of the textbook's recurrence are fitted, where it ends lower than BOBYQA more
    /// often than above it and takes less time, and BOBYQA otherwise.
    fn customary(model: Model, free: &[usize]) -> Self {
        let few = free.iter().all(|weight| *weight < 3);
        match model.variant() {
            Variant::Textbook if few => Self::GaussNewton,
            _ => Self::Bobyqa,
        }
    }
}

/// Which weights are given, and what looks for the others.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FitSettings {
    /// Weights that are not to be fitted, in the order of [`Weights::to_array`].
    pub given: [Option<f64>; 6],
    /// What looks for the others. By default [`Optimizer::GaussNewton`] where no more than alpha, beta and gamma
    /// of the textbook's recurrence are fitted, and [`Optimizer::Bobyqa`] otherwise.
    pub optimizer: Option<Optimizer>,
}

impl FitSettings {
    /// Weights that are given as they are.
    pub fn given(weights: Weights) -> Self {
        Self {
            given: weights.to_array().map(Some),
            ..Self::default()
        }
    }

    /// The same with another solver.
    #[must_use]
    pub fn with_optimizer(self, optimizer: Optimizer) -> Self {
        Self {
            optimizer: Some(optimizer),
            ..self
        }
    }

    /// All weights as far as they are given, and which are to be fitted.
    fn split(&self, model: Model) -> Result<([f64; MOST], Vec<usize>)> {
        let mut weights = model.neutral();
        let mut free = Vec::new();
        for (at, has) in model.has().into_iter().enumerate() {
            match self.given[at] {
                _ if !has => {}
                Some(value) if (0.0..=1.0).contains(&value) => weights[at] = value,
                Some(value) => {
                    return Err(SmoothingError::Weight {
                        weight: WEIGHT_NAMES[at],
                        value,
                        range: "[0, 1]",
                    });
                }
                None => free.push(at),
            }
        }
        Ok((weights, free))
    }
}

/// A fitted model: its weights, and its state after the last value.
#[derive(Debug, Clone)]
pub struct Fit {
    model: Model,
    fallback: Option<NotMultiplicative>,
    /// Of the kind of season that was not taken and of this one the squared error at a glance, in
    /// units of the data, where the better was.
    compared: Option<[f64; 2]>,
    weights: [f64; MOST],
    fitted: Vec<usize>,
    scale: f64,
    sse: f64,
    counted: usize,
    /// Population deviation of the residuals about their mean.
    spread: f64,
    found: Found,
    start: State<f64>,
    state: State<f64>,
    /// Position in both seasons of the bucket after the last; of a cyclic fit alone.
    next: Place,
}

/// What a model expects some buckets ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// The expected value.
    pub expected: f64,
    /// Its standard deviation, which grows with the distance; see [`crate::Uncertainty`].
    pub deviation: f64,
}

/// Level, trend and seasons, in units of the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// The level.
    pub level: f64,
    /// Its change per step.
    pub trend: f64,
    /// What each position of the season (the short one of two) adds, or multiplies with; position
    /// 0 is that of the first value. Empty without one.
    pub season: Vec<f64>,
    /// The same of the long season; empty without one.
    pub season_long: Vec<f64>,
    /// How far the last value lay from level and season; 0 where residuals are independent.
    pub deviation: f64,
}

/// The power of two that brings the largest of `values` near 1, so that squares stay numbers.
fn scale_of(values: &[f64]) -> f64 {
    let largest = values.iter().map(|y| y.abs()).fold(0.0, f64::max);
    if !(largest > 0.0 && largest.is_finite()) {
        return 1.0;
    }
    let (_, exponent) = libm::frexp(largest);
    // Divided by it, numbers stay clear of both ends of the range.
    libm::ldexp(1.0, exponent.clamp(-1021, 1022))
}

impl Model {
    /// Fits it to `values`, oldest first, NaN where missing; the first value there is stands at
    /// the first position of the season if it is the first of `values`.
    ///
    /// # Errors
    /// [`SmoothingError::TooShort`] with fewer than two seasons,
    /// [`SmoothingError::NotMultiplicative`] where factors have no meaning,
    /// [`SmoothingError::Weight`] for a given weight outside [0, 1], and
    /// [`SmoothingError::NotFinite`] where no weights give finite errors.
    pub fn fit(self, values: &[f64], settings: &FitSettings) -> Result<Fit> {
        let places = places_from_zero(self, values.len() + 1);
        let mut fit = fit_at(
            self,
            values,
            &places[..values.len()],
            settings,
            None,
            Centre::Mean,
        )?;
        fit.next = places[values.len()];
        Ok(fit)
    }

    /// The same, with an additive season where a multiplicative one has no meaning;
    /// [`Fit::fallback`] says why.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), without [`SmoothingError::NotMultiplicative`].
    pub fn fit_or_fall_back(self, values: &[f64], settings: &FitSettings) -> Result<Fit> {
        let places = places_from_zero(self, values.len() + 1);
        let mut fit = fit_or_fall_back(
            self,
            values,
            &places[..values.len()],
            settings,
            Centre::Mean,
        )?;
        fit.next = places[values.len()];
        Ok(fit)
    }

    /// Hands the cost of the weights that are not given to `with`, to be minimised there by any solver
    /// of argmin, or looked at. Its weights come in the order of [`Weights::to_array`].
    ///
    /// ```
    /// use tuatara_holt_winters::{FitSettings, Model, Season, Trend};
    ///
    /// let values: Vec<f64> = (0..40).map(|t| 10.0 + (t % 4) as f64 + 0.1 * (t % 3) as f64).collect();
    /// let model = Model::new(Trend::None, Season::Additive, &[4])?;
    /// let settings = FitSettings { given: [Some(0.1), None, None, None, None, None], ..Default::default() };
    /// let [low, high] = model.with_objective(&values, &settings, |cost| {
    ///     [0.0, 0.9].map(|gamma| cost.cost_at(&[gamma]))
    /// })?;
    /// assert!(low < high);
    /// # Ok::<(), tuatara_holt_winters::SmoothingError>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn with_objective<R>(
        self,
        values: &[f64],
        settings: &FitSettings,
        with: impl FnOnce(&Objective<'_>) -> R,
    ) -> Result<R> {
        let (given, free) = settings.split(self)?;
        let places = places_from_zero(self, values.len());
        let first = values
            .iter()
            .position(|y| !y.is_nan())
            .unwrap_or(values.len());
        let (values, places) = (&values[first..], &places[first..]);
        let start = start(self, values, places, Centre::Mean)?;
        Ok(with(&Objective::new(
            self, &start, values, places, given, &free,
        )))
    }

    /// Goes over `values` from `components` on with `weights`: what was expected of each, one step
    /// ahead, whether it is there or not. Weights and a trend that the model does not have are
    /// not looked at.
    ///
    /// # Errors
    /// [`SmoothingError::Periods`] when the seasons are not as long as those of the model.
    pub fn expected(
        self,
        weights: Weights,
        components: &Components,
        values: &[f64],
    ) -> Result<Vec<f64>> {
        let mut state = self.state_of(components)?;
        let places = places_from_zero(self, values.len());
        let weights = self.own(weights);
        let gains = Gains::of(weights);
        let mut expected = Vec::with_capacity(values.len());
        let (mut rest, mut at) = (values, &places[..]);
        while let Some(y) = rest.first() {
            // A pass says nothing of a missing value.
            if y.is_nan() {
                expected.push(expected_ahead(self, &weights, &state, 1, at[0]));
            }
            let alike = rest.iter().take_while(|other| other.is_nan() == y.is_nan());
            let run_of = if y.is_nan() { 1 } else { alike.count() };
            let (values, places) = (&rest[..run_of], &at[..run_of]);
            run(self, &gains, &mut state, values, places, |_, y, _| {
                expected.push(y);
            });
            (rest, at) = (&rest[run_of..], &at[run_of..]);
        }
        Ok(expected)
    }

    fn state_of(self, components: &Components) -> Result<State<f64>> {
        let neutral = match self.season() {
            Season::Multiplicative => 1.0,
            _ => 0.0,
        };
        let of = |season: &[f64]| match season {
            [] => vec![neutral],
            season => season.to_vec(),
        };
        let seasons = [of(&components.season), of(&components.season_long)];
        if seasons[0].len() != self.both_periods()[0] || seasons[1].len() != self.both_periods()[1]
        {
            return Err(SmoothingError::Periods {
                periods: seasons.iter().map(Vec::len).collect(),
                allowed: "those of the model",
                remedy: "give one number for each position",
            });
        }
        Ok(State {
            level: components.level,
            trend: if self.trend() == crate::Trend::None {
                0.0
            } else {
                components.trend
            },
            seasons,
            deviation: components.deviation,
        })
    }
}

fn fit_at(
    model: Model,
    values: &[f64],
    places: &[Place],
    settings: &FitSettings,
    fallback: Option<NotMultiplicative>,
    centre: Centre,
) -> Result<Fit> {
    let (given, free) = settings.split(model)?;
    let first = values
        .iter()
        .position(|y| !y.is_nan())
        .unwrap_or(values.len());
    let (values, places) = (&values[first..], &places[first..]);
    let scale = scale_of(values);
    let scaled: Vec<f64> = values.iter().map(|y| y / scale).collect();
    if model.variant() == Variant::ThirdEye && model.season() == Season::Multiplicative {
        crate::initial::of_one_sign(&scaled)?;
    }
    let start = start(model, &scaled, places, centre)?;
    let objective = Objective::new(model, &start, &scaled, places, given, &free);
    let customary = || Optimizer::customary(model, &free);
    let optimizer = settings.optimizer.unwrap_or_else(customary);
    let (fitted, found) = minimise(&objective, &free, optimizer);
    let weights = objective.weights(&fitted);
    let mut fit = Fit {
        model,
        fallback,
        compared: None,
        weights,
        fitted: free.clone(),
        scale,
        sse: 0.0,
        counted: 0,
        spread: 0.0,
        found,
        state: start.clone(),
        start,
        next: [0, 0],
    };
    let mut residuals = Vec::with_capacity(scaled.len());
    let mut sse = 0.0;
    let of_third_eye = model.variant() == Variant::ThirdEye;
    let gains = Gains::of(weights);
    run(
        model,
        &gains,
        &mut fit.state,
        &scaled,
        places,
        |_, expected: f64, y| {
            if !of_third_eye || expected.abs() > 0.0 || expected.is_nan() {
                sse += (y - expected) * (y - expected);
                residuals.push(y - expected);
            }
        },
    );
    (fit.sse, fit.counted, fit.spread) = (sse, residuals.len(), spread(&residuals));
    let state = [fit.state.level, fit.state.trend];
    let seasons = fit.state.seasons.iter().flatten();
    if !sse.is_finite() || state.iter().chain(seasons).any(|x| !x.is_finite()) {
        return Err(SmoothingError::NotFinite {
            what: "the squared error",
        });
    }
    Ok(fit)
}

/// The population deviation about the mean; 0 of nothing.
fn spread(residuals: &[f64]) -> f64 {
    let n = residuals.len().max(1) as f64;
    let mean = residuals.iter().sum::<f64>() / n;
    let squares: f64 = residuals.iter().map(|r| (r - mean) * (r - mean)).sum();
    (squares / n).sqrt()
}
