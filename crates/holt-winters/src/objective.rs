//! The squared one-step error as a function of the weights that are not given.

use std::cell::RefCell;
use std::hint::black_box;

use argmin::core::CostFunction;

use crate::recurrence::{Gains, Place, State, run};
use crate::scalar::{Dual, LANES, Lane, Lanes, ROUGH_LANES, Scalar};
use crate::wide::{Wide, widest};
use crate::{Model, Variant};

/// The most weights there are.
pub(crate) const MOST: usize = 6;

/// Single precision has seven digits: errors of this fraction of the largest value are known to a hundredth.
const ROUGH: f64 = 1e-4;

/// Σ (y − ŷ)² over the values that are there, as a function of the weights to be fitted, which
/// are a part of `[alpha, beta, gamma, gammaLong, phi, rho]` in this order.
///
/// It is argmin's [`CostFunction`], so any of its solvers that need no more can minimise it, and
/// has [`LeastSquares`] for those that want derivatives. Errors that are no number, because the
/// recurrence left the range of numbers, cost [`f64::MAX`].
#[derive(Debug)]
pub struct Objective<'a> {
    model: Model,
    start: &'a State<f64>,
    values: &'a [f64],
    places: &'a [Place],
    /// All weights; those that are fitted hold any number.
    given: [f64; MOST],
    free: &'a [usize],
    scratch: RefCell<Scratch>,
}

#[derive(Debug)]
struct Scratch {
    one: State<f64>,
    lanes: State<Lanes<f64, LANES>>,
    rough: State<Lanes<f32, ROUGH_LANES>>,
}

/// The cost, its gradient, and the Gauss-Newton part of its second derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal {
    /// Σ e², as [`Objective::cost_at`] has it; with a multiplicative season but for its last digits.
    pub cost: f64,
    /// −Σ e·∂ŷ/∂w, half the gradient of the cost; as many as there are free weights.
    pub gradient: [f64; MOST],
    /// Σ ∂ŷ/∂w · ∂ŷ/∂v
    pub hessian: [[f64; MOST]; MOST],
}

/// A sum of squares with exact sensitivities.
pub trait LeastSquares {
    /// Cost and sensitivities at `weights`.
    fn normal(&self, weights: &[f64]) -> Normal;
}

/// Not a number is as bad as can be.
fn finite(cost: f64) -> f64 {
    if cost.is_finite() { cost } else { f64::MAX }
}

impl<'a> Objective<'a> {
    pub(crate) fn new(
        model: Model,
        start: &'a State<f64>,
        values: &'a [f64],
        places: &'a [Place],
        given: [f64; MOST],
        free: &'a [usize],
    ) -> Self {
        Self {
            model,
            start,
            values,
            places,
            given,
            free,
            scratch: RefCell::new(Scratch {
                one: State::empty(),
                lanes: State::empty(),
                rough: State::empty(),
            }),
        }
    }

    /// The same over the first quarter of the values, and no fewer than `least` of them.
    pub(crate) fn of_first_quarter(&self, least: usize) -> Self {
        let len = (self.values.len() / 4).max(least).min(self.values.len());
        let (values, places) = (&self.values[..len], &self.places[..len]);
        Self::new(
            self.model, self.start, values, places, self.given, self.free,
        )
    }

    pub(crate) fn model(&self) -> Model {
        self.model
    }

    /// All weights, given and `fitted`.
    pub(crate) fn weights(&self, fitted: &[f64]) -> [f64; MOST] {
        let mut weights = self.given;
        for (&at, &weight) in self.free.iter().zip(fitted) {
            weights[at] = weight;
        }
        weights
    }

    /// Σ e² at `fitted`.
    pub fn cost_at(&self, fitted: &[f64]) -> f64 {
        let gains = Gains::of(self.weights(fitted));
        let state = &mut self.scratch.borrow_mut().one;
        state.reset(self.start);
        let mut sum = 0.0;
        let of_third_eye = self.model.variant() == Variant::ThirdEye;
        run(
            self.model,
            &gains,
            state,
            self.values,
            self.places,
            |_, expected, y| {
                let e: f64 = y - expected;
                if !of_third_eye || counts(expected) {
                    sum += e * e;
                }
            },
        );
        finite(sum)
    }

    /// [`cost_at`](Self::cost_at) of eight, side by side: each with the bits it has alone.
    pub fn cost_of_lanes(&self, fitted: &[impl AsRef<[f64]>; LANES]) -> [f64; LANES] {
        let gains = self.gains_of_lanes(fitted);
        let state = &mut self.scratch.borrow_mut().lanes;
        widest(SideBySide {
            objective: self,
            gains,
            state,
        })
    }

    /// The same of twice as many in single precision, in the registers of eight.
    pub(crate) fn rough_cost_of_lanes(
        &self,
        fitted: &[impl AsRef<[f64]>; ROUGH_LANES],
    ) -> [f64; ROUGH_LANES] {
        let gains = self.gains_of_lanes(fitted);
        let state = &mut self.scratch.borrow_mut().rough;
        widest(SideBySide {
            objective: self,
            gains,
            state,
        })
    }

    /// What errors of [`ROUGH`] of the largest value cost: costs in single precision are believed above it.
    pub(crate) fn roughness(&self) -> f64 {
        let largest = self.values.iter().map(|y| y.abs()).fold(0.0, f64::max);
        let error = ROUGH * largest;
        self.values.len() as f64 * error * error
    }

    fn gains_of_lanes<F: Lane, const N: usize>(
        &self,
        fitted: &[impl AsRef<[f64]>; N],
    ) -> Gains<Lanes<F, N>> {
        let mut weights = [Lanes::of(0.0); MOST];
        for (lane, fitted) in fitted.iter().enumerate() {
            for (weight, value) in weights.iter_mut().zip(self.weights(fitted.as_ref())) {
                weight.0[lane] = F::near(value);
            }
        }
        Gains::of(weights)
    }

    fn normal_of<const K: usize>(&self, fitted: &[f64]) -> Normal {
        let mut weights = self.given.map(Dual::<K>::of);
        for (k, (&at, &weight)) in self.free.iter().zip(fitted).enumerate() {
            weights[at] = Dual::weight(weight, k);
        }
        widest(Sensitive {
            objective: self,
            gains: Gains::of(weights),
        })
    }
}

/// The costs of all lanes.
struct SideBySide<'a, F, const N: usize> {
    objective: &'a Objective<'a>,
    gains: Gains<Lanes<F, N>>,
    state: &'a mut State<Lanes<F, N>>,
}

impl<F: Lane, const N: usize> Wide for SideBySide<'_, F, N> {
    type Answer = [f64; N];

    #[inline(always)]
    fn run(self) -> [f64; N] {
        let of = self.objective;
        self.state.reset(of.start);
        let mut sum = Lanes::<F, N>::of(0.0);
        let of_third_eye = of.model.variant() == Variant::ThirdEye;
        run(
            of.model,
            &self.gains,
            self.state,
            of.values,
            of.places,
            #[inline(always)]
            |_, expected, y| {
                let mut e = Lanes::of(y) - expected;
                if of_third_eye {
                    for (e, expected) in e.0.iter_mut().zip(expected.0) {
                        if !counts(expected.exactly()) {
                            *e = F::near(0.0);
                        }
                    }
                }
                sum = sum + e * e;
            },
        );
        sum.0.map(|sum| finite(sum.exactly()))
    }
}

/// A cost and its sensitivities to K weights.
struct Sensitive<'a, const K: usize> {
    objective: &'a Objective<'a>,
    gains: Gains<Dual<K>>,
}

impl<const K: usize> Wide for Sensitive<'_, K> {
    type Answer = Normal;

    #[inline(always)]
    #[expect(
        clippy::needless_range_loop,
        reason = "rows and columns, as the formulas have them"
    )]
    fn run(self) -> Normal {
        let of = self.objective;
        let mut state = State::<Dual<K>>::empty();
        state.reset(of.start);
        // Where the compiler sees that the number beside each derivative is the same, it works it out alone and spreads it
        // in every step, which takes twice as long.
        let (mut state, gains) = (black_box(state), black_box(self.gains));
        // As often as there are derivatives, which all tell the same.
        let mut cost = [0.0; K];
        let mut gradient = [0.0; K];
        // In row r each derivative by the one r further on, round: whole rows, of which the first half has all pairs.
        let mut pairs = [[0.0; K]; K];
        let of_third_eye = of.model.variant() == Variant::ThirdEye;
        run(
            of.model,
            &gains,
            &mut state,
            of.values,
            of.places,
            #[inline(always)]
            |_, expected, y| {
                if of_third_eye && !counts(expected.value()) {
                    return;
                }
                for k in 0..K {
                    let e = y - expected.v[k];
                    cost[k] += e * e;
                    gradient[k] -= e * expected.d[k];
                }
                for r in 0..=K / 2 {
                    for k in 0..K {
                        pairs[r][k] += expected.d[k] * expected.d[(k + r) % K];
                    }
                }
            },
        );
        let mut normal = Normal {
            cost: finite(cost[0]),
            gradient: [0.0; MOST],
            hessian: [[0.0; MOST]; MOST],
        };
        normal.gradient[..K].copy_from_slice(&gradient);
        for r in 0..=K / 2 {
            for a in 0..K {
                let b = (a + r) % K;
                (normal.hessian[a][b], normal.hessian[b][a]) = (pairs[r][a], pairs[r][a]);
            }
        }
        normal
    }
}

/// ThirdEye leaves out values for which it expected exactly 0.
#[inline(always)]
fn counts(expected: f64) -> bool {
    expected.to_bits() << 1 != 0
}

impl LeastSquares for Objective<'_> {
    fn normal(&self, weights: &[f64]) -> Normal {
        // Derivatives are worked out four at a time anyway.
        match self.free.len() {
            0..=4 => self.normal_of::<4>(weights),
            _ => self.normal_of::<MOST>(weights),
        }
    }
}

impl CostFunction for Objective<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, weights: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        Ok(self.cost_at(weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FitSettings, Residuals, Season, Trend};

    /// A year of days with a gap.
    fn days() -> Vec<f64> {
        let mut y: Vec<f64> = (0..365)
            .map(|t| 100.0 + 0.1 * t as f64 + [5.0, 9.0, 2.0, 4.0, 7.0, -20.0, -30.0][t % 7])
            .collect();
        for (t, y) in y.iter_mut().enumerate() {
            *y += ((t * 7919) % 101) as f64 * 0.07;
        }
        y[40..45].fill(f64::NAN);
        y
    }

    fn models() -> [Model; 7] {
        let new = |trend, season, periods: &[usize]| Model::new(trend, season, periods).unwrap();
        [
            new(Trend::None, Season::None, &[]),
            new(Trend::Additive, Season::Additive, &[7]),
            new(Trend::Damped, Season::Multiplicative, &[7]),
            new(Trend::Additive, Season::Additive, &[7, 28]),
            new(Trend::Damped, Season::Multiplicative, &[7, 28]),
            new(Trend::Additive, Season::Additive, &[7]).with_residuals(Residuals::Autocorrelated),
            new(Trend::Damped, Season::Multiplicative, &[7, 28])
                .with_residuals(Residuals::Autocorrelated),
        ]
    }

    fn weights(lane: usize, free: usize) -> Vec<f64> {
        let at = lane as f64 * 0.11;
        let weights = [0.05 + at, 0.02 + at / 3.0, 0.9 - at, 0.1 + at / 2.0, 0.85];
        let weights = [&weights[..], &[0.7 - at / 2.0]].concat();
        weights[..free].to_vec()
    }

    fn free(model: Model) -> usize {
        model.has().into_iter().filter(|has| *has).count()
    }

    #[test]
    fn each_of_eight_lanes_has_the_bits_of_its_own_pass() {
        for model in models() {
            let lanes = std::array::from_fn(|lane| weights(lane, free(model)));
            let check = |cost: &Objective<'_>| {
                for (side_by_side, weights) in cost.cost_of_lanes(&lanes).iter().zip(&lanes) {
                    assert_eq!(
                        side_by_side.to_bits(),
                        cost.cost_at(weights).to_bits(),
                        "{model}"
                    );
                }
            };
            model
                .with_objective(&days(), &FitSettings::default(), check)
                .unwrap();
        }
    }

    #[test]
    fn rough_costs_have_four_digits() {
        for model in models() {
            let lanes = std::array::from_fn(|lane| weights(lane / 2, free(model)));
            let check = |cost: &Objective<'_>| {
                for (rough, weights) in cost.rough_cost_of_lanes(&lanes).iter().zip(&lanes) {
                    let exact = cost.cost_at(weights);
                    assert!(
                        (rough - exact).abs() < 1e-4 * exact,
                        "{model}: {rough} {exact}"
                    );
                    assert!(*rough > cost.roughness());
                }
            };
            model
                .with_objective(&days(), &FitSettings::default(), check)
                .unwrap();
        }
    }

    /// Whatever registers the processor has.
    #[test]
    fn sensitivities_have_the_bits_of_narrow_registers() {
        for model in models() {
            let check = |cost: &Objective<'_>| {
                let fitted = weights(2, free(model));
                let mut all = cost.given.map(Dual::<MOST>::of);
                for (k, (&at, &weight)) in cost.free.iter().zip(&fitted).enumerate() {
                    all[at] = Dual::weight(weight, k);
                }
                let sensitive = || Sensitive {
                    objective: cost,
                    gains: Gains::of(all),
                };
                assert_eq!(widest(sensitive()), sensitive().run(), "{model}");
            };
            model
                .with_objective(&days(), &FitSettings::default(), check)
                .unwrap();
        }
    }

    /// Central differences of the cost: its gradient is twice what is kept.
    #[test]
    fn sensitivities_are_those_of_finite_differences() {
        for model in models() {
            let check = |cost: &Objective<'_>| {
                let at = weights(2, free(model));
                let normal = cost.normal(&at);
                let alone = cost.cost_at(&at);
                assert!((normal.cost - alone).abs() < 1e-12 * alone, "{model}");
                if model.season() != Season::Multiplicative {
                    assert_eq!(normal.cost.to_bits(), alone.to_bits(), "{model}");
                }
                for k in 0..at.len() {
                    let step = 1e-6;
                    let moved = |by: f64| {
                        let mut moved = at.clone();
                        moved[k] += by;
                        cost.cost_at(&moved)
                    };
                    let difference = (moved(step) - moved(-step)) / (2.0 * step);
                    let exact = 2.0 * normal.gradient[k];
                    let size = difference.abs().max(1e-3 * normal.cost);
                    assert!(
                        (difference - exact).abs() < 1e-5 * size,
                        "{model} {k}: {difference} {exact}"
                    );
                }
            };
            model
                .with_objective(&days(), &FitSettings::default(), check)
                .unwrap();
        }
    }
}
