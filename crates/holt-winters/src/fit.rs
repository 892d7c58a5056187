//! Fitting: the weights with the smallest squared one-step error in a box.
//!
//! 1. A coarse grid over the box, eight weights side by side in one pass over the data.
//! 2. Of its points the best, and the best that lies apart from it: local minima are common.
//! 3. From each of the two a solver; the lower end counts.
//!
//! Weights that are given stay as they are. Fits start from the same places each time.

mod reading;

use argmin::core::{CostFunction, Executor, Solver};

use crate::bobyqa_solver::{BobyqaSolver, FitState};
use crate::gauss_newton::GaussNewtonSolver;
use crate::initial::{Centre, places_from_zero, start};
use crate::objective::{LeastSquares, MOST, Objective};
use crate::recurrence::{Gains, Place, State, expected_ahead, run};
use crate::scalar::LANES;
use crate::{
    Model, NotMultiplicative, Residuals, Result, Season, SmoothingError, Variant, WEIGHT_NAMES,
    Weights,
};

/// The box of fitted weights, in the order of [`Weights::to_array`].
const LOWER: [f64; MOST] = [0.001, 0.001, 0.001, 0.001, 0.8, 0.001];
const UPPER: [f64; MOST] = [0.999, 0.999, 0.999, 0.999, 0.999, 0.999];
/// The most that the level takes of a deviation where residuals are autocorrelated: what passes is
/// theirs.
const LASTING: f64 = 0.5;
/// Where the grid looks, for each weight.
const GRID: [&[f64]; MOST] = [
    &[0.02, 0.15, 0.4, 0.8],
    &[0.01, 0.2],
    &[0.02, 0.15, 0.5],
    &[0.02, 0.3],
    &[0.95],
    &[0.1, 0.6, 0.95],
];
/// Where it looks for ThirdEye's recurrence, which has more minima and less data.
const FINE_GRID: [&[f64]; MOST] = [
    &[0.01, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9],
    &[0.002, 0.03, 0.15, 0.5],
    &[0.002, 0.02, 0.1, 0.3, 0.6],
    &[0.02],
    &[0.95],
    &[0.0],
];
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
/// Starts are apart when some weight differs by at least this.
const APART: f64 = 0.15;
/// Solvers are started from so many points of the grid.
const STARTS: usize = 2;
/// First radius of BOBYQA around a point of the grid.
const RADIUS: f64 = 0.03;
/// Last radius of BOBYQA: the accuracy of weights, of which the error feels the square.
const ACCURACY: f64 = 1e-4;
/// The same for ThirdEye's recurrence, whose minima are sharper.
const FINE_ACCURACY: f64 = 1e-5;
/// Evaluations of BOBYQA at most, for one start.
const EVALUATIONS: usize = 600;
/// Gauss-Newton ends where a step gains less than this fraction of the cost.
const TOLERANCE: f64 = 1e-7;
/// Steps of Gauss-Newton at most, for one start.
const STEPS: u64 = 60;
/// An optimum is flat along a weight that can go to either end of the box for less than this
/// fraction of the cost.
const FLAT: f64 = 0.01;

/// What looks for the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Optimizer {
    /// [`BobyqaSolver`], which needs nothing but the cost.
    #[default]
    Bobyqa,
    /// [`GaussNewtonSolver`], which needs exact sensitivities.
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

/// Which weights are given, and what looks for the others.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FitSettings {
    /// Weights that are not to be fitted, in the order of [`Weights::to_array`].
    pub given: [Option<f64>; 6],
    /// What looks for the others.
    pub optimizer: Optimizer,
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
        Self { optimizer, ..self }
    }

    /// All weights as far as they are given, and which are to be fitted.
    fn split(&self, model: Model) -> Result<([f64; MOST], Vec<usize>)> {
        let neutral = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let mut weights = neutral;
        let mut free = Vec::new();
        for (at, has) in model.has().into_iter().enumerate() {
            match self.given[at] {
                _ if !has => {
                    // Without a trend there is nothing to damp.
                    let none = at == 4 && model.trend() == crate::Trend::None;
                    weights[at] = if none { 0.0 } else { neutral[at] };
                }
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

/// How the weights were found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Found {
    optimizer: Option<Optimizer>,
    evaluations: usize,
    starts: usize,
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
    /// ahead, whether it is there or not.
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
        let gains = Gains::of(weights.to_array());
        let mut expected = Vec::with_capacity(values.len());
        for (y, place) in values.iter().zip(&places) {
            expected.push(expected_ahead(self, &weights.to_array(), &state, 1, *place));
            run(self, &gains, &mut state, &[*y], &[*place], |_, _, _| {});
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
            trend: components.trend,
            seasons,
            deviation: components.deviation,
        })
    }
}

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
            if let (Some(times), Some(plus)) = (cost(self.model), cost(additive))
                && plus < times
            {
                return fit_at(additive, values, places, settings, None, centre);
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
    let lanes = GLANCE.map(|weights| free.iter().map(|&at| weights[at]).collect());
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
    let (fitted, found) = minimise(&objective, &free, settings.optimizer);
    let weights = objective.weights(&fitted);
    let mut fit = Fit {
        model,
        fallback,
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

/// All of the grid over the weights `free`, padded to whole lanes with its first point.
fn grid(model: Model, free: &[usize]) -> Vec<Vec<f64>> {
    let values = match model.variant() {
        Variant::Textbook => GRID,
        Variant::ThirdEye => FINE_GRID,
    };
    let mut points = vec![Vec::new()];
    for &weight in free {
        let grow = |point: &Vec<f64>| {
            let point = point.clone();
            values[weight].iter().map(move |&value| {
                let mut longer = point.clone();
                longer.push(value);
                longer
            })
        };
        points = points.iter().flat_map(grow).collect();
    }
    let first = points[0].clone();
    points.resize(points.len().next_multiple_of(LANES), first);
    points
}

/// The points that solvers start from, the best first.
fn starts(objective: &Objective<'_>, free: &[usize]) -> (Vec<Vec<f64>>, usize) {
    let points = grid(objective.model(), free);
    let mut ranked: Vec<(f64, usize)> = Vec::with_capacity(points.len());
    for (block, lanes) in points.chunks_exact(LANES).enumerate() {
        let lanes: &[Vec<f64>; LANES] = lanes.try_into().expect("invariant: whole lanes");
        let costs = objective.cost_of_lanes(lanes);
        ranked.extend(costs.into_iter().zip(block * LANES..));
    }
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<Vec<f64>> = Vec::new();
    for (_, at) in ranked {
        let point = &points[at];
        let is_apart = |other: &Vec<f64>| {
            let far = |(a, b): (&f64, &f64)| (a - b).abs() >= APART;
            point.iter().zip(other).any(far)
        };
        if chosen.iter().all(is_apart) {
            chosen.push(point.clone());
        }
        if chosen.len() == STARTS {
            break;
        }
    }
    (chosen, points.len())
}

/// The upper end of the box.
fn upper(model: Model) -> [f64; MOST] {
    let mut upper = UPPER;
    if model.residuals() == Residuals::Autocorrelated {
        upper[0] = LASTING;
    }
    upper
}

/// The fitted weights.
fn minimise(objective: &Objective<'_>, free: &[usize], optimizer: Optimizer) -> (Vec<f64>, Found) {
    if free.is_empty() {
        return (Vec::new(), Found::default());
    }
    let (mut starts, mut evaluations) = starts(objective, free);
    let lower: Vec<f64> = free.iter().map(|&at| LOWER[at]).collect();
    let upper = upper(objective.model());
    let upper: Vec<f64> = free.iter().map(|&at| upper[at]).collect();
    for start in &mut starts {
        for (weight, most) in start.iter_mut().zip(&upper) {
            *weight = weight.min(*most);
        }
    }
    let count = starts.len();
    let mut best: Option<(f64, Vec<f64>)> = None;
    let mut take = |cost: f64, weights: Vec<f64>| {
        if best.as_ref().is_none_or(|(lowest, _)| cost < *lowest) {
            best = Some((cost, weights));
        }
    };
    match optimizer {
        Optimizer::Bobyqa => {
            let accuracy = match objective.model().variant() {
                Variant::Textbook => ACCURACY,
                Variant::ThirdEye => FINE_ACCURACY,
            };
            let mut solver = BobyqaSolver::new(lower, upper, RADIUS, accuracy, EVALUATIONS);
            for start in starts {
                let (cost, weights, after) = solve(objective, solver, start, 1);
                solver = after;
                take(cost, weights);
            }
            evaluations += solver.evaluations();
        }
        Optimizer::GaussNewton => {
            for start in starts {
                let solver = GaussNewtonSolver::new(lower.clone(), upper.clone(), TOLERANCE);
                let (cost, weights, after) = solve(objective, solver, start, STEPS);
                evaluations += after.evaluations();
                take(cost, weights);
            }
        }
    }
    let (_, weights) = best.expect("invariant: the grid has points");
    let found = Found {
        optimizer: Some(optimizer),
        evaluations,
        starts: count,
    };
    (weights, found)
}

/// Runs any solver of argmin from `start`: its best cost, where that is, and the solver.
fn solve<'a, S>(
    objective: &'a Objective<'a>,
    solver: S,
    start: Vec<f64>,
    iterations: u64,
) -> (f64, Vec<f64>, S)
where
    S: Solver<Borrowed<'a>, FitState> + Clone,
{
    let kept = solver.clone();
    let fallback = start.clone();
    let executor = Executor::new(Borrowed(objective), solver)
        .configure(|state| state.param(start).max_iters(iterations))
        .timer(false)
        .ctrlc(false);
    match executor.run() {
        Ok(mut answer) => {
            let cost = answer.state.get_best_cost();
            let weights = answer.state.take_best_param().unwrap_or(fallback);
            (cost, weights, answer.solver)
        }
        // The cost is never an error, and a solver that gives up leaves the start.
        Err(_) => (objective.cost_at(&fallback), fallback, kept),
    }
}

/// An objective that argmin may own for one run.
#[derive(Debug)]
struct Borrowed<'a>(&'a Objective<'a>);

impl CostFunction for Borrowed<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, weights: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        self.0.cost(weights)
    }
}

impl LeastSquares for Borrowed<'_> {
    fn normal(&self, weights: &[f64]) -> crate::Normal {
        self.0.normal(weights)
    }
}
