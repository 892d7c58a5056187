//! Gauss-Newton steps within a box, damped after Levenberg and Marquardt, as a solver of argmin.
//!
//! ```text
//! B = H + S, or H alone where that is not positive definite
//! (B + λ·diag B) · step = −g         over the weights that are not held at an edge of the box
//! w' = w + step, moved into the box; taken where it costs less
//! ```
//!
//! g and H are exact for the recurrence: they come from its derivatives, worked out along with it. S is what
//! the curvature of the residuals themselves adds, learnt from the steps; see [`secant`](crate::secant).
//! A weight is held at an edge where the cost falls beyond it. λ falls after a step that was taken,
//! the faster the better the quadratic model foretold its gain, and grows after one that was not.
//!
//! A descent that comes to where the quadratic of a minimum m that is known tells the cost ends there, as it would end
//! in m:
//!
//! ```text
//! r = 2·gₘᵀ(w − m) + (w − m)ᵀBₘ(w − m)        r ≤ 0.005·cost(m) and |cost(w) − cost(m) − r| ≤ r/2
//! ```
//!
//! Source: J. J. Moré, *The Levenberg-Marquardt algorithm* (1978), with the damping of
//! H. B. Nielsen, *Damping parameter in Marquardt's method*, IMM-REP-1999-05, §3.

use argmin::core::{Error, KV, Problem, Solver, TerminationReason, TerminationStatus};

use crate::bobyqa_solver::FitState;
use crate::objective::{LeastSquares, MOST, Normal};
use crate::secant::Secant;

/// First damping, as a fraction of the curvature.
const FIRST_DAMPING: f64 = 1e-3;
/// What is nearer to an edge is at it.
const EDGE: f64 = 1e-9;
/// Rounds of active sets at most: an edge for each weight, some of them twice.
const ROUNDS: usize = 4 * MOST;
/// Above this, no step is worth taking.
const MOST_DAMPING: f64 = 1e12;
/// How far above a minimum its quadratic is believed, as a fraction of its cost.
const BASIN: f64 = 0.005;
/// How much of a rise that a quadratic foretells may be otherwise.
const OTHERWISE: f64 = 0.5;

/// Where a descent ended, and the quadratic that it knew there.
#[derive(Debug, Clone)]
pub struct Minimum {
    at: Vec<f64>,
    quadratic: Normal,
}

impl Minimum {
    /// Whether a descent from `x`, which costs `cost`, would end here: `x` is near, and lies as high above it as
    /// the quadratic says.
    fn draws(&self, x: &[f64], cost: f64) -> bool {
        let by: Vec<f64> = x.iter().zip(&self.at).map(|(x, at)| x - at).collect();
        let Normal {
            cost: least,
            gradient,
            hessian,
        } = &self.quadratic;
        let slope = |(g, row): (&f64, &[f64; MOST])| 2.0 * g + dot(row, &by);
        let slopes: Vec<f64> = gradient.iter().zip(hessian).map(slope).collect();
        let rise = dot(&slopes, &by);
        rise <= BASIN * least && (cost - least - rise).abs() <= OTHERWISE * rise
    }
}

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
    secant: Secant,
    known: Vec<Minimum>,
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
            secant: Secant::default(),
            known: Vec::new(),
            evaluations: 0,
            done: false,
        }
    }

    /// Ends in the basin of one of `known`, too.
    #[must_use]
    pub fn with_known(mut self, known: Vec<Minimum>) -> Self {
        self.known = known;
        self
    }

    /// The minima that were known, and `at`, where the descent ended, if it ended in none of them: the best place of
    /// argmin's state.
    pub fn into_known(self, at: &[f64]) -> Vec<Minimum> {
        let found = self.at.filter(|normal| !self.is_known(at, normal.cost));
        let mut known = self.known;
        known.extend(found.map(|normal| Minimum {
            at: at.to_vec(),
            quadratic: self.secant.added_to(&normal),
        }));
        known
    }

    /// Whether a descent from `x`, which costs `cost`, would end in a minimum that is known.
    fn is_known(&self, x: &[f64], cost: f64) -> bool {
        self.known.iter().any(|minimum| minimum.draws(x, cost))
    }

    /// How often cost and sensitivities were asked for.
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// The step from `x` that the damped quadratic foretells to cost least in the box, by active
    /// sets: weights are held at the edges they come to, and let go where the cost falls inwards.
    /// `None` where the equations are singular.
    fn step(&self, x: &[f64], normal: &Normal) -> Option<[f64; MOST]> {
        let n = x.len();
        let hessian = damped(normal, n, self.damping);
        let slope = |k: usize, step: &[f64; MOST]| {
            let along: f64 = (0..n).map(|j| hessian[k][j] * step[j]).sum();
            normal.gradient[k] + along
        };
        let mut step = [0.0; MOST];
        let mut held = [None; MOST];
        for k in 0..n {
            held[k] = match normal.gradient[k] {
                g if g >= 0.0 && x[k] <= self.lower[k] + EDGE => Some(Edge::Lower),
                g if g <= 0.0 && x[k] >= self.upper[k] - EDGE => Some(Edge::Upper),
                _ => None,
            };
        }
        // Each round holds one more or lets one go, and foretells less cost.
        for _ in 0..ROUNDS {
            let to = solve(n, &hessian, &normal.gradient, &step, &held)?;
            let mut part = 1.0;
            let mut met = None;
            for k in (0..n).filter(|&k| held[k].is_none()) {
                let (edge, most) = match to[k] > step[k] {
                    true => (Edge::Upper, self.upper[k] - x[k]),
                    false => (Edge::Lower, self.lower[k] - x[k]),
                };
                let of_way = (most - step[k]) / (to[k] - step[k]);
                if of_way < part {
                    (part, met) = (of_way.max(0.0), Some((k, edge, most)));
                }
            }
            for k in 0..n {
                step[k] += part * (to[k] - step[k]);
            }
            if let Some((k, edge, most)) = met {
                (step[k], held[k]) = (most, Some(edge));
                continue;
            }
            let inwards = |k: usize| match held[k] {
                Some(Edge::Lower) => -slope(k, &step),
                Some(Edge::Upper) => slope(k, &step),
                None => 0.0,
            };
            let steepest = (0..n).max_by(|&a, &b| inwards(a).total_cmp(&inwards(b)));
            match steepest.filter(|&k| inwards(k) > 0.0) {
                Some(k) => held[k] = None,
                None => break,
            }
        }
        Some(step)
    }
}

/// An edge of the box.
#[derive(Debug, Clone, Copy)]
enum Edge {
    Lower,
    Upper,
}

/// H + λ·diag H of the first `n` weights.
fn damped(normal: &Normal, n: usize, damping: f64) -> [[f64; MOST]; MOST] {
    let mut hessian = normal.hessian;
    let largest = (0..n).map(|k| hessian[k][k]).fold(0.0, f64::max);
    for (k, row) in hessian.iter_mut().enumerate().take(n) {
        // What the cost hardly depends on has next to no curvature of its own.
        row[k] += damping * row[k].max(1e-10 * largest);
    }
    hessian
}

/// Where `hessian · step = −gradient` for those of the first `n` weights that are not held, with the others as
/// they are in `step`; `None` where that is singular.
#[expect(
    clippy::needless_range_loop,
    reason = "rows and columns, as the formulas have them"
)]
fn solve(
    n: usize,
    hessian: &[[f64; MOST]; MOST],
    gradient: &[f64; MOST],
    step: &[f64; MOST],
    held: &[Option<Edge>; MOST],
) -> Option<[f64; MOST]> {
    let mut a = *hessian;
    let mut b = gradient.map(|g| -g);
    for k in (0..n).filter(|&k| held[k].is_some()) {
        for i in 0..n {
            b[i] -= a[i][k] * step[k];
            (a[i][k], a[k][i]) = (0.0, 0.0);
        }
        a[k][k] = 1.0;
    }
    for k in (0..n).filter(|&k| held[k].is_some()) {
        b[k] = step[k];
    }
    // Cholesky: a = l·lᵀ.
    let mut l = [[0.0; MOST]; MOST];
    for i in 0..n {
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
    for i in 0..n {
        for k in 0..i {
            b[i] -= l[i][k] * b[k];
        }
        b[i] /= l[i][i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            b[i] -= l[k][i] * b[k];
        }
        b[i] /= l[i][i];
    }
    Some(b)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
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
        self.secant = Secant::default();
        self.done = normal.cost >= f64::MAX || self.is_known(&x, normal.cost);
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
        let bent = self.secant.added_to(&normal);
        let step = self.step(&x, &bent).map(|step| (step, bent));
        let plain = || self.step(&x, &normal).map(|step| (step, normal));
        let Some((step, model)) = step.or_else(plain) else {
            self.done = true;
            return Ok((state.param(x).cost(normal.cost), None));
        };
        let mut to = x.clone();
        let mut moved = false;
        let mut by = [0.0; MOST];
        for k in 0..x.len() {
            to[k] = (x[k] + step[k]).clamp(self.lower[k], self.upper[k]);
            // At an edge, not a rounding beside it: there it would be held back for ever.
            for edge in [self.lower[k], self.upper[k]] {
                if (to[k] - edge).abs() <= EDGE {
                    to[k] = edge;
                }
            }
            by[k] = to[k] - x[k];
            moved |= by[k].abs() > 1e-12;
        }
        let mut foretold = 0.0;
        for a in 0..x.len() {
            foretold -= 2.0 * model.gradient[a] * by[a];
            for b in 0..x.len() {
                foretold -= by[a] * model.hessian[a][b] * by[b];
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
        if there.cost < f64::MAX {
            self.secant.learn(&by, &normal, &there);
        }
        let gain = normal.cost - there.cost;
        if gain > 0.0 {
            let quality = 2.0 * gain / foretold - 1.0;
            let shrink = (1.0 - quality * quality * quality).max(1.0 / 3.0);
            self.damping = (self.damping * shrink).max(1e-12);
            self.growth = 2.0;
            self.at = Some(there);
            self.done = gain <= self.tolerance * there.cost || self.is_known(&to, there.cost);
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

#[cfg(test)]
mod tests {
    use super::*;
    use argmin::core::State;
    use tuatara_testkit::Draw;

    /// Three weights: the least of ½·sᵀHs + gᵀs over the box, by trying all 27 ways to hold each at its
    /// lower edge, at its upper one, or nowhere, and of those in the box taking the best.
    fn least(hessian: &[[f64; MOST]; MOST], gradient: &[f64; MOST], box_of: &[[f64; 2]; 3]) -> f64 {
        let mut least = f64::INFINITY;
        for way in 0..27_usize {
            let at = [way % 3, way / 3 % 3, way / 9];
            let mut step = [0.0; 3];
            for (k, at) in at.iter().enumerate().filter(|(_, at)| **at < 2) {
                step[k] = box_of[k][*at];
            }
            let free: Vec<usize> = (0..3).filter(|&k| at[k] == 2).collect();
            // Sweeps of Gauss and Seidel: each free weight in turn to where its own slope is 0.
            for _ in 0..2_000 {
                for &k in &free {
                    let others: f64 = (0..3)
                        .filter(|&j| j != k)
                        .map(|j| hessian[k][j] * step[j])
                        .sum();
                    step[k] = -(gradient[k] + others) / hessian[k][k];
                }
            }
            let inside = |(s, [low, high]): (&f64, &[f64; 2])| (*low..=*high).contains(s);
            if step.iter().zip(box_of).all(inside) {
                least = least.min(cost(hessian, gradient, &step));
            }
        }
        least
    }

    fn cost(hessian: &[[f64; MOST]; MOST], gradient: &[f64; MOST], step: &[f64]) -> f64 {
        let along = |a: usize| {
            let bent: f64 = step.iter().zip(hessian[a]).map(|(s, h)| s * h).sum();
            step[a] * (gradient[a] + 0.5 * bent)
        };
        (0..step.len()).map(along).sum()
    }

    /// Errors w + 1 and c·w² + w − 1, least at 0 where −1 < c < 1. H is 2 there and S −2c, so that each step by
    /// H alone leaves c times what was off: from 1 to 1e-6 it takes 62 of them with c = 0.8. From K. Madsen,
    /// H. B. Nielsen, O. Tingleff, *Methods for non-linear least squares problems* (2004), example 3.3.
    struct Bent(f64);

    impl LeastSquares for Bent {
        fn normal(&self, weights: &[f64]) -> Normal {
            let w = weights[0];
            let (e, slopes) = (
                [w + 1.0, self.0 * w * w + w - 1.0],
                [1.0, 2.0 * self.0 * w + 1.0],
            );
            let mut normal = Normal {
                cost: e[0] * e[0] + e[1] * e[1],
                gradient: [0.0; MOST],
                hessian: [[0.0; MOST]; MOST],
            };
            normal.gradient[0] = e[0] * slopes[0] + e[1] * slopes[1];
            normal.hessian[0][0] = slopes[0] * slopes[0] + slopes[1] * slopes[1];
            normal
        }
    }

    #[test]
    fn large_errors_do_not_slow_the_last_steps() {
        for bent in [-0.8, 0.8] {
            let solver = GaussNewtonSolver::new(vec![-2.0], vec![2.0], 1e-14);
            let answer = argmin::core::Executor::new(Bent(bent), solver)
                .configure(|state: FitState| state.param(vec![1.0]).max_iters(100))
                .timer(false)
                .ctrlc(false)
                .run()
                .unwrap();
            let at = answer.state.get_best_param().unwrap()[0];
            assert!(at.abs() < 1e-6, "{bent}: {at}");
            let count = answer.solver.evaluations();
            assert!(count <= 12, "{bent}: {count}");
        }
    }

    /// Errors w² − 1 and 10: at 1 and −1 the cost is 100, at 0 it is 101.
    struct Wells;

    impl LeastSquares for Wells {
        fn normal(&self, weights: &[f64]) -> Normal {
            let w = weights[0];
            let (e, slope) = (w * w - 1.0, 2.0 * w);
            let mut normal = Normal {
                cost: e * e + 100.0,
                gradient: [0.0; MOST],
                hessian: [[0.0; MOST]; MOST],
            };
            (normal.gradient[0], normal.hessian[0][0]) = (e * slope, slope * slope);
            normal
        }
    }

    /// What 1 and the quadratic 100 + 4(w − 1)² tell: that of 1.2 is 100.16, the cost 100.19; that of −0.9 is 114.
    #[test]
    fn a_descent_into_a_known_basin_ends_there() {
        let from = |start: f64, known: Vec<Minimum>| {
            let solver = GaussNewtonSolver::new(vec![-2.0], vec![2.0], 1e-12).with_known(known);
            let answer = argmin::core::Executor::new(Wells, solver)
                .configure(|state: FitState| state.param(vec![start]).max_iters(100))
                .timer(false)
                .ctrlc(false)
                .run()
                .unwrap();
            let at = answer.state.get_best_param().unwrap().clone();
            (
                at[0],
                answer.solver.evaluations(),
                answer.solver.into_known(&at),
            )
        };
        let (first, alone, known) = from(1.7, Vec::new());
        assert!((first - 1.0).abs() < 1e-6 && known.len() == 1, "{first}");
        let (near, once, both) = from(1.2, known.clone());
        assert_eq!((near.to_bits(), once, both.len()), (1.2f64.to_bits(), 1, 1));
        let (again, fewer, _) = from(1.7, known.clone());
        assert!(
            again > 1.0 && again < 1.4 && fewer < alone,
            "{again} {fewer} {alone}"
        );
        for start in [-1.7, -0.9] {
            let (other, _, both) = from(start, known.clone());
            assert!((other + 1.0).abs() < 1e-6 && both.len() == 2, "{other}");
        }
    }

    #[test]
    fn a_step_is_the_best_that_the_box_has() {
        let mut draw = Draw::new(27);
        let mut at_edges = 0;
        for case in 0..500 {
            // Of three random rows the squares, and a little more, are positive definite.
            let rows: Vec<[f64; 3]> = (0..3)
                .map(|_| std::array::from_fn(|_| draw.within(-1.0, 1.0)))
                .collect();
            let mut normal = Normal {
                cost: 1.0,
                gradient: [0.0; MOST],
                hessian: [[0.0; MOST]; MOST],
            };
            for a in 0..3 {
                for b in 0..3 {
                    normal.hessian[a][b] = rows.iter().map(|row| row[a] * row[b]).sum();
                }
                normal.hessian[a][a] += 0.1;
                normal.gradient[a] = draw.within(-1.0, 1.0);
            }
            let lower = vec![0.0; 3];
            // Now and then a weight begins at an edge.
            let x: Vec<f64> = (0..3)
                .map(|_| match draw.chance(0.3) {
                    true => 0.0,
                    false => draw.within(0.0, 1.0),
                })
                .collect();
            let mut solver = GaussNewtonSolver::new(lower, vec![1.0; 3], 1e-7);
            solver.damping = 0.0;
            let step = solver.step(&x, &normal).unwrap();
            let box_of: [[f64; 2]; 3] = std::array::from_fn(|k| [-x[k], 1.0 - x[k]]);
            for (k, s) in step[..3].iter().enumerate() {
                assert!(
                    (-1e-12..=1.0 + 1e-12).contains(&(x[k] + s)),
                    "{case}: {step:?}"
                );
                at_edges += usize::from(box_of[k].iter().any(|edge| (s - edge).abs() < 1e-12));
            }
            let found = cost(&normal.hessian, &normal.gradient, &step[..3]);
            let least = least(&normal.hessian, &normal.gradient, &box_of);
            assert!((found - least).abs() < 1e-9, "{case}: {found} {least}");
        }
        assert!(at_edges > 500, "{at_edges}");
    }
}
