//! How the uncertainty of an expectation grows with its distance.
//!
//! ```text
//! v₁ = 1        v_{h+1} = v_h + c_h²
//! c_j = α + αβ·(φ + φ² + … + φ^j) + γ(1 − α)·[m divides j] + Γ(1 − α)·[M divides j]
//! ```
//!
//! The variance h steps ahead is v_h times that of one step. Exact for additive seasons; with
//! factors it is that of the additive model with the same weights, to first order, where the
//! seasonal factors of neighbours are alike.
//!
//! Source: Hyndman et al. (2008), §6.3, class 1, equation 6.8 and table 6.2.

use crate::Model;
use crate::objective::MOST;

/// The variance ahead, step by step.
#[derive(Debug, Clone, Copy)]
pub struct Uncertainty {
    periods: [usize; 2],
    seasons: usize,
    alpha: f64,
    trend: f64,
    gammas: [f64; 2],
    phi: f64,
    ahead: usize,
    damping: f64,
    damped: f64,
    variance: f64,
}

impl Uncertainty {
    pub(crate) fn new(model: Model, [alpha, beta, gamma, long, phi]: [f64; MOST]) -> Self {
        Self {
            periods: model.both_periods(),
            seasons: model.periods().len(),
            alpha,
            trend: alpha * beta,
            gammas: [gamma * (1.0 - alpha), long * (1.0 - alpha)],
            phi,
            ahead: 1,
            damping: 1.0,
            damped: 0.0,
            variance: 1.0,
        }
    }

    /// A value came: the next bucket is one step ahead.
    #[inline]
    pub(crate) fn observe(&mut self) {
        (self.ahead, self.damping, self.damped, self.variance) = (1, 1.0, 0.0, 1.0);
    }

    /// No value came: the next bucket is one step farther.
    pub(crate) fn miss(&mut self) {
        self.damping *= self.phi;
        self.damped += self.damping;
        let mut c = self.alpha + self.trend * self.damped;
        for (gamma, period) in self.gammas.iter().zip(self.periods).take(self.seasons) {
            if self.ahead.is_multiple_of(period) {
                c += gamma;
            }
        }
        self.variance += c * c;
        self.ahead += 1;
    }

    /// The deviation ahead, in deviations of one step.
    #[inline]
    pub(crate) fn factor(&self) -> f64 {
        self.variance.sqrt()
    }
}
