//! Powell's BOBYQA as a solver of argmin.

use argmin::core::{
    CostFunction, Error, IterState, KV, Problem, Solver, TerminationReason, TerminationStatus,
};
use bobyqa::{Bobyqa, Config, Status};

/// The state of argmin that our solvers move on: weights and cost.
pub type FitState = IterState<Vec<f64>, (), (), (), (), f64>;

/// BOBYQA within a box, by quadratic models of the cost alone.
///
/// The crate underneath cannot be stepped, so one run from start to end is one iteration, with its
/// number of evaluations and the reason why it ended.
///
/// Source: M. J. D. Powell, *The BOBYQA algorithm for bound constrained optimization without
/// derivatives*, DAMTP 2009/NA06.
#[derive(Debug, Clone)]
pub struct BobyqaSolver {
    lower: Vec<f64>,
    upper: Vec<f64>,
    config: Config,
    solver: Option<Bobyqa>,
    evaluations: usize,
    reason: Option<Status>,
}

impl BobyqaSolver {
    /// Within the box from `lower` to `upper`, of the same length: a first radius of `radius`, and
    /// `accuracy` the last, in units of the weights; at most `evaluations`.
    pub fn new(
        lower: Vec<f64>,
        upper: Vec<f64>,
        radius: f64,
        accuracy: f64,
        evaluations: usize,
    ) -> Self {
        let mut config = Config::new(lower.len());
        let narrowest = lower
            .iter()
            .zip(&upper)
            .map(|(lower, upper)| (upper - lower) / 2.0)
            .fold(f64::INFINITY, f64::min);
        config.rho_begin = radius.min(narrowest);
        config.rho_end = accuracy.min(config.rho_begin);
        config.max_fun = evaluations.max(config.npt + 1);
        let solver = Bobyqa::new(lower.len(), config).ok();
        Self {
            lower,
            upper,
            config,
            solver,
            evaluations: 0,
            reason: None,
        }
    }

    /// How often the cost was asked for, in all runs.
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// Why the last run ended, in its own words; empty before the first.
    pub fn reason(&self) -> String {
        self.reason
            .map_or(String::new(), |reason| reason.to_string())
    }
}

impl<O> Solver<O, FitState> for BobyqaSolver
where
    O: CostFunction<Param = Vec<f64>, Output = f64>,
{
    fn name(&self) -> &str {
        "BOBYQA"
    }

    fn init(
        &mut self,
        _: &mut Problem<O>,
        state: FitState,
    ) -> Result<(FitState, Option<KV>), Error> {
        self.reason = None;
        Ok((state, None))
    }

    fn next_iter(
        &mut self,
        problem: &mut Problem<O>,
        mut state: FitState,
    ) -> Result<(FitState, Option<KV>), Error> {
        let mut x = state.take_param().unwrap_or_default();
        let mut point = x.clone();
        let mut failed = None;
        let solver = match &mut self.solver {
            Some(solver) => solver,
            none => none.insert(Bobyqa::new(x.len(), self.config).map_err(Error::msg)?),
        };
        // One call for the whole run: argmin counts calls, and a count costs more than a pass.
        let outcome = problem.problem("cost_count", |cost| {
            Ok(solver.minimize(
                |at| {
                    point.copy_from_slice(at);
                    cost.cost(&point).unwrap_or_else(|error| {
                        failed.get_or_insert(error);
                        f64::NAN
                    })
                },
                &mut x,
                &self.lower,
                &self.upper,
            ))
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        self.evaluations += outcome.n_eval;
        self.reason = Some(outcome.status);
        let cost = if outcome.f.is_nan() {
            f64::MAX
        } else {
            outcome.f
        };
        Ok((state.param(x).cost(cost), None))
    }

    fn terminate(&mut self, _: &FitState) -> TerminationStatus {
        match self.reason {
            None => TerminationStatus::NotTerminated,
            Some(Status::Converged) => {
                TerminationStatus::Terminated(TerminationReason::SolverConverged)
            }
            Some(other) => {
                let why = TerminationReason::SolverExit(other.to_string());
                TerminationStatus::Terminated(why)
            }
        }
    }
}
