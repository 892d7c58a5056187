//! Gauss-Newton steps within a box, damped after Levenberg and Marquardt, as a solver of argmin.
//!
//! ```text
//! (H + λ·diag H) · step = −g         over the weights that are not held at an edge of the box
//! w' = w + step, moved into the box; taken where it costs less
//! ```
//!
//! g and H are exact for the recurrence: they come from its derivatives, worked out along with it.
//! A weight is held at an edge where the cost falls beyond it. λ falls after a step that was taken,
//! the faster the better the quadratic model foretold its gain, and grows after one that was not.
//!
//! Source: J. J. Moré, *The Levenberg-Marquardt algorithm* (1978), with the damping of
//! H. B. Nielsen, *Damping parameter in Marquardt's method*, IMM-REP-1999-05, §3.

use argmin::core::{Error, KV, Problem, Solver, TerminationReason, TerminationStatus};

use crate::bobyqa_solver::FitState;
use crate::objective::{LeastSquares, MOST, Normal};

/// First damping, as a fraction of the curvature.
const FIRST_DAMPING: f64 = 1e-3;
/// What is nearer to an edge is at it.
const EDGE: f64 = 1e-9;
/// Above this, no step is worth taking.
const MOST_DAMPING: f64 = 1e12;

/// Box-projected Gauss-Newton with damping.
#[derive(Debug, Clone)]
pub struct GaussNewtonSolver {
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// Ends where a step gains less than this fraction of the cost.
    tolerance: f64,
    damping: f64,
    growth: f64,
    at: Option<Normal>,
    evaluations: usize,
    done: bool,
}

impl GaussNewtonSolver {
    /// Within the box from `lower` to `upper`, of the same length, until a step gains less than
    /// `tolerance` of the cost.
    pub fn new(lower: Vec<f64>, upper: Vec<f64>, tolerance: f64) -> Self {
        Self {
            lower,
            upper,
            tolerance,
            damping: FIRST_DAMPING,
            growth: 2.0,
            at: None,
            evaluations: 0,
            done: false,
        }
    }

    /// How often cost and sensitivities were asked for.
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// Whether weight `k` is held at an edge.
    fn is_held(&self, k: usize, x: &[f64], normal: &Normal) -> bool {
        let falls_beyond_lower = x[k] <= self.lower[k] + EDGE && normal.gradient[k] >= 0.0;
        let falls_beyond_upper = x[k] >= self.upper[k] - EDGE && normal.gradient[k] <= 0.0;
        falls_beyond_lower || falls_beyond_upper
    }

    /// The step in the box from `x`.
    fn step(&self, x: &[f64], normal: &Normal) -> Option<[f64; MOST]> {
        let mut fixed = [Some(0.0); MOST];
        for (k, fixed) in fixed.iter_mut().enumerate().take(x.len()) {
            *fixed = self.is_held(k, x, normal).then_some(0.0);
        }
        // A step that leaves the box goes to its edge, and the others are worked out anew for
        // that: each round fixes one more.
        for _ in 0..=x.len() {
            let step = solve(normal, &fixed, self.damping)?;
            let out = (0..x.len())
                .filter(|&k| fixed[k].is_none())
                .map(|k| {
                    (
                        k,
                        (x[k] + step[k]).clamp(self.lower[k], self.upper[k]) - x[k],
                    )
                })
                .find(|&(k, inside)| (inside - step[k]).abs() > 0.0);
            match out {
                Some((k, inside)) => fixed[k] = Some(inside),
                None => return Some(step),
            }
        }
        None
    }
}

/// Solves the damped equations where some of the steps are fixed; `None` where they are singular.
#[expect(
    clippy::needless_range_loop,
    reason = "rows and columns, as the formulas have them"
)]
fn solve(normal: &Normal, fixed: &[Option<f64>; MOST], damping: f64) -> Option<[f64; MOST]> {
    let mut a = normal.hessian;
    let mut b = normal.gradient.map(|g| -g);
    let largest = (0..MOST)
        .filter(|&k| fixed[k].is_none())
        .map(|k| a[k][k])
        .fold(0.0, f64::max);
    for k in 0..MOST {
        // What the cost hardly depends on has next to no curvature of its own.
        a[k][k] += damping * a[k][k].max(1e-10 * largest);
    }
    for (k, fixed) in fixed.iter().enumerate() {
        let Some(by) = fixed else { continue };
        for i in 0..MOST {
            b[i] -= a[i][k] * by;
            (a[i][k], a[k][i]) = (0.0, 0.0);
        }
        a[k][k] = 1.0;
    }
    for (b, fixed) in b.iter_mut().zip(fixed) {
        *b = fixed.unwrap_or(*b);
    }
    // Cholesky: a = l·lᵀ.
    let mut l = [[0.0; MOST]; MOST];
    for i in 0..MOST {
        for j in 0..=i {
            let mut sum = a[i][j];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            if i == j {
                if sum <= 0.0 || !sum.is_finite() {
                    return None;
                }
                l[i][i] = sum.sqrt();
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    for i in 0..MOST {
        for k in 0..i {
            b[i] -= l[i][k] * b[k];
        }
        b[i] /= l[i][i];
    }
    for i in (0..MOST).rev() {
        for k in i + 1..MOST {
            b[i] -= l[k][i] * b[k];
        }
        b[i] /= l[i][i];
    }
    Some(b)
}

impl<O: LeastSquares> Solver<O, FitState> for GaussNewtonSolver {
    fn name(&self) -> &str {
        "Gauss-Newton"
    }

    fn init(
        &mut self,
        problem: &mut Problem<O>,
        mut state: FitState,
    ) -> Result<(FitState, Option<KV>), Error> {
        let x = state.take_param().unwrap_or_default();
        let normal = problem.problem("normal_count", |o| Ok(o.normal(&x)))?;
        self.evaluations += 1;
        self.at = Some(normal);
        (self.damping, self.growth) = (FIRST_DAMPING, 2.0);
        self.done = normal.cost >= f64::MAX;
        Ok((state.param(x).cost(normal.cost), None))
    }

    fn next_iter(
        &mut self,
        problem: &mut Problem<O>,
        mut state: FitState,
    ) -> Result<(FitState, Option<KV>), Error> {
        let x = state.take_param().unwrap_or_default();
        let Some(normal) = self.at else {
            self.done = true;
            return Ok((state.param(x), None));
        };
        let Some(step) = self.step(&x, &normal) else {
            self.done = true;
            return Ok((state.param(x).cost(normal.cost), None));
        };
        let mut to = x.clone();
        let mut moved = false;
        let mut foretold = 0.0;
        for k in 0..x.len() {
            to[k] = (x[k] + step[k]).clamp(self.lower[k], self.upper[k]);
            // At an edge, not a rounding beside it: there it would be held back for ever.
            for edge in [self.lower[k], self.upper[k]] {
                if (to[k] - edge).abs() <= EDGE {
                    to[k] = edge;
                }
            }
            moved |= (to[k] - x[k]).abs() > 1e-12;
        }
        for a in 0..x.len() {
            let by = to[a] - x[a];
            foretold -= 2.0 * normal.gradient[a] * by;
            for b in 0..x.len() {
                foretold -= by * normal.hessian[a][b] * (to[b] - x[b]);
            }
        }
        if !moved || foretold <= self.tolerance * normal.cost {
            // Little is left to gain, unless only the damping says so.
            self.done = !moved || self.damping <= FIRST_DAMPING;
            self.damping *= 0.1;
            return Ok((state.param(x).cost(normal.cost), None));
        }
        let there = problem.problem("normal_count", |o| Ok(o.normal(&to)))?;
        self.evaluations += 1;
        let gain = normal.cost - there.cost;
        if gain > 0.0 {
            let quality = 2.0 * gain / foretold - 1.0;
            let shrink = (1.0 - quality * quality * quality).max(1.0 / 3.0);
            self.damping = (self.damping * shrink).max(1e-12);
            self.growth = 2.0;
            self.at = Some(there);
            self.done = gain <= self.tolerance * there.cost;
            return Ok((state.param(to).cost(there.cost), None));
        }
        self.damping *= self.growth;
        self.growth *= 2.0;
        self.done = self.damping > MOST_DAMPING;
        Ok((state.param(x).cost(normal.cost), None))
    }

    fn terminate(&mut self, state: &FitState) -> TerminationStatus {
        if self.done && state.get_cost() < f64::MAX {
            return TerminationStatus::Terminated(TerminationReason::SolverConverged);
        }
        if self.done {
            let why = "the cost is no number at the start".to_owned();
            return TerminationStatus::Terminated(TerminationReason::SolverExit(why));
        }
        TerminationStatus::NotTerminated
    }
}
