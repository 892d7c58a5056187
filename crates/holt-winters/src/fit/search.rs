//! The search for the weights: a grid in lanes, the best points that lie apart, a solver from each.

use argmin::core::{CostFunction, Executor, Solver};

use crate::bobyqa_solver::{BobyqaSolver, FitState};
use crate::gauss_newton::GaussNewtonSolver;
use crate::objective::{LeastSquares, MOST, Objective};
use crate::scalar::{LANES, ROUGH_LANES};
use crate::{Model, Optimizer, Residuals, Result, Variant};

/// The box of fitted weights, in the order of [`Weights::to_array`].
pub(super) const LOWER: [f64; MOST] = [0.001, 0.001, 0.001, 0.001, 0.8, 0.001];
const UPPER: [f64; MOST] = [0.999, 0.999, 0.999, 0.999, 0.999, 0.999];
/// The most that the level takes of a deviation where residuals are autocorrelated: what passes is
/// theirs.
const LASTING: f64 = 0.5;
/// Up to so many weights have a fine grid.
const FEW: usize = 3;
/// Where a fine grid looks, for each weight.
const FINE: [&[f64]; MOST] = [
    &[0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.9, 0.99],
    &[0.005, 0.05, 0.2, 0.5, 0.95],
    &[0.02, 0.15, 0.4, 0.7, 0.97],
    &[0.02, 0.15, 0.4, 0.7, 0.97],
    &[0.82, 0.9, 0.95, 0.99],
    &[0.1, 0.4, 0.7, 0.95],
];
/// Where a coarse one looks.
const COARSE: [&[f64]; MOST] = [
    &[0.02, 0.15, 0.4, 0.8],
    &[0.01, 0.2],
    &[0.02, 0.15, 0.5],
    &[0.02, 0.3],
    &[0.95],
    &[0.1, 0.6, 0.95],
];
/// Where that of ThirdEye's recurrence looks, which has more minima and less data.
const THIRD_EYE: [&[f64]; MOST] = [
    &[0.01, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9],
    &[0.002, 0.03, 0.15, 0.5],
    &[0.002, 0.02, 0.1, 0.3, 0.6],
    &[0.02],
    &[0.95],
    &[0.0],
];
/// So many points of a fine grid are looked at over the whole history.
const KEPT: usize = 24;
/// What is looked at first, a quarter of the history, is at least so many values.
const LEAST_EARLY: usize = 64;
/// Starts are apart when some weight differs by at least this.
const APART: f64 = 0.15;
/// First radius of BOBYQA around a point of the grid.
const RADIUS: f64 = 0.03;
/// Last radius of BOBYQA: the accuracy of weights, of which the error feels the square.
const ACCURACY: f64 = 1e-4;
/// The same for ThirdEye's recurrence, whose minima are sharper.
const FINE_ACCURACY: f64 = 1e-5;
/// Evaluations of BOBYQA at most, for one start.
const EVALUATIONS: usize = 600;
/// Gauss-Newton ends where a step gains less than this fraction of the cost.
const TOLERANCE: f64 = 1e-8;
/// Steps of Gauss-Newton at most, for one start.
const STEPS: u64 = 200;

/// How the weights were found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Found {
    pub(super) optimizer: Option<Optimizer>,
    pub(super) evaluations: usize,
    pub(super) starts: usize,
}

/// Weights to be fitted, the first of [`MOST`] numbers.
type Point = [f64; MOST];

/// Whether the grid over the weights `free` is the fine one.
fn is_fine(model: Model, free: &[usize]) -> bool {
    model.variant() == Variant::Textbook && free.len() <= FEW
}

/// All of the grid over the weights `free`; the last weight changes the fastest.
fn grid(model: Model, free: &[usize]) -> Vec<Point> {
    let values = match model.variant() {
        Variant::Textbook if is_fine(model, free) => FINE,
        Variant::Textbook => COARSE,
        Variant::ThirdEye => THIRD_EYE,
    };
    let count: usize = free.iter().map(|&weight| values[weight].len()).product();
    let point = |at: usize| {
        let (mut point, mut rest) = ([0.0; MOST], at);
        for (k, &weight) in free.iter().enumerate().rev() {
            let values = values[weight];
            point[k] = values[rest % values.len()];
            rest /= values.len();
        }
        point
    };
    (0..count).map(point).collect()
}

/// The points that solvers start from, and how many were looked at: of the grid the best, and the best that
/// lies apart from it. Of a fine grid those alone that are the best [`KEPT`] of the first quarter.
fn starts(objective: &Objective<'_>, free: &[usize]) -> (Vec<Vec<f64>>, usize) {
    let mut points = grid(objective.model(), free);
    let looked_at = points.len();
    if is_fine(objective.model(), free) && looked_at > KEPT {
        let mut early = early_costs(&objective.of_first_quarter(LEAST_EARLY), &points);
        early.select_nth_unstable_by(KEPT - 1, dearer);
        early.truncate(KEPT);
        // In the order of the grid: of equals the first counts.
        early.sort_unstable_by_key(|(_, at)| *at);
        points = early.iter().map(|(_, at)| points[*at]).collect();
    }
    let mut costs = costs(objective, &points);
    costs.sort_unstable_by(dearer);
    let mut ranked = costs.iter().map(|(_, at)| points[*at]);
    let best = ranked.next();
    let apart = ranked.find(|point| best.is_some_and(|best| are_apart(&best, point)));
    let starts = best.into_iter().chain(apart);
    let starts = starts.map(|point| point[..free.len()].to_vec());
    (starts.collect(), looked_at)
}

/// What each of `points` costs, `N` side by side, and which it is.
fn side_by_side<const N: usize>(
    points: &[Point],
    cost_of: impl Fn(&[Point; N]) -> [f64; N],
) -> Vec<(f64, usize)> {
    let mut costs = Vec::with_capacity(points.len().next_multiple_of(N));
    for some in points.chunks(N) {
        // What is left over of the lanes repeats the last.
        let lanes = std::array::from_fn(|lane| some[lane.min(some.len() - 1)]);
        let from = costs.len();
        costs.extend(cost_of(&lanes).into_iter().zip(from..));
    }
    costs.truncate(points.len());
    costs
}

/// In double precision.
fn costs(objective: &Objective<'_>, points: &[Point]) -> Vec<(f64, usize)> {
    side_by_side(points, |lanes: &[Point; LANES]| {
        objective.cost_of_lanes(lanes)
    })
}

/// In single precision, for half the work; again in double where that does not tell points apart.
fn early_costs(objective: &Objective<'_>, points: &[Point]) -> Vec<(f64, usize)> {
    let rough = side_by_side(points, |lanes: &[Point; ROUGH_LANES]| {
        objective.rough_cost_of_lanes(lanes)
    });
    let least = rough.iter().map(|(cost, _)| *cost);
    let least = least.fold(f64::MAX, f64::min);
    match least > objective.roughness() && least < f64::MAX {
        true => rough,
        false => costs(objective, points),
    }
}

/// Whether one costs more, or comes later for the same.
fn dearer(one: &(f64, usize), other: &(f64, usize)) -> std::cmp::Ordering {
    one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))
}

/// Whether some weight of two points differs by [`APART`].
fn are_apart(one: &[f64], other: &[f64]) -> bool {
    let far = |(a, b): (&f64, &f64)| (a - b).abs() >= APART;
    one.iter().zip(other).any(far)
}

/// The upper end of the box.
pub(super) fn upper(model: Model) -> [f64; MOST] {
    let mut upper = UPPER;
    if model.residuals() == Residuals::Autocorrelated {
        upper[0] = LASTING;
    }
    upper
}

/// The fitted weights, and how they were found.
pub(super) fn minimise(
    objective: &Objective<'_>,
    free: &[usize],
    optimizer: Optimizer,
) -> (Vec<f64>, Found) {
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
            let mut known = Vec::new();
            for start in starts {
                let solver = GaussNewtonSolver::new(lower.clone(), upper.clone(), TOLERANCE);
                let solver = solver.with_known(known);
                let (cost, weights, after) = solve(objective, solver, start, STEPS);
                evaluations += after.evaluations();
                known = after.into_known(&weights);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FitSettings, Season, Trend};

    fn wandering(seed: u64, len: usize) -> Vec<f64> {
        let mut draw = tuatara_testkit::Draw::new(seed);
        let mut level = 100.0;
        let season = |t: usize| [5.0, 9.0, 2.0, 4.0, 7.0, -20.0, -30.0][t % 7];
        let mut next = |t| {
            level += draw.within(-3.0, 3.0);
            level + season(t) + draw.within(-4.0, 4.0)
        };
        (0..len).map(&mut next).collect()
    }

    /// Of a fine grid the best 24 of the first quarter, here of 100 values or of all 64; a coarse grid is looked
    /// at as a whole. A billion above 0 the same values have errors that single precision does not show.
    #[test]
    fn starts_are_the_best_of_the_grid_that_lie_apart() {
        for (trend, season, len, above) in [
            (Trend::None, Season::None, 400, 0.0),
            (Trend::None, Season::Multiplicative, 64, 0.0),
            (Trend::Additive, Season::Additive, 64, 0.0),
            (Trend::Additive, Season::Additive, 400, 0.0),
            (Trend::Additive, Season::Additive, 400, 1e9),
            (Trend::Additive, Season::Multiplicative, 400, 0.0),
            (Trend::Damped, Season::Additive, 400, 0.0),
        ] {
            let mut values = wandering(len as u64, len);
            values.iter_mut().for_each(|y| *y += above);
            let periods: &[usize] = if season == Season::None { &[] } else { &[7] };
            let model = Model::new(trend, season, periods).unwrap();
            let has = model.has();
            let free: Vec<usize> = (0..MOST).filter(|&weight| has[weight]).collect();
            let settings = FitSettings::default();
            let (found, wanted) = model
                .with_objective(&values, &settings, |objective| {
                    let mut points = grid(model, &free);
                    let early = objective.of_first_quarter(64);
                    if free.len() == 3 {
                        let cost = |point: &Point| early.cost_at(point);
                        points.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
                        points.truncate(24);
                    }
                    let cost = |point: &Point| objective.cost_at(point);
                    points.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
                    let apart = points.iter().find(|point| are_apart(&points[0], *point));
                    let of = |point: &Point| point[..free.len()].to_vec();
                    let wanted = vec![of(&points[0]), of(apart.unwrap())];
                    (starts(objective, &free).0, wanted)
                })
                .unwrap();
            assert_eq!(found, wanted, "{trend:?} {season:?} {above}");
        }
    }
}
