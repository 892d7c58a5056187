//! How the uncertainty of an expectation grows with its distance.
//!
//! ```text
//! v₁ = 1        v_{h+1} = v_h + c_h²        ρ = 0 where residuals are independent: c_j = k_j
//! k_j = α + αβ·(φ + φ² + … + φ^j) + γ(1 − α)·[m divides j] + Γ(1 − α)·[M divides j]
//! c_j = k_j + ρ·k_{j−1} + … + ρ^{j−1}·k_1 + ρ^j
//! ```
//!
//! The variance h steps ahead is v_h times that of one step. Exact for additive seasons; with
//! factors it is that of the additive model with the same weights, to first order, where the
//! seasonal factors of neighbours are alike.
//!
//! Source: Hyndman et al. (2008), §6.3, class 1, equation 6.8 and table 6.2; of autocorrelated residuals
//! the same of A. M. De Livera, R. J. Hyndman, R. D. Snyder, *Forecasting time series with complex
//! seasonal patterns using exponential smoothing* (2011), §2.2, with p = 1 and q = 0.

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
    rho: f64,
    ahead: usize,
    damping: f64,
    damped: f64,
    /// ρ^j
    left: f64,
    /// k_j + ρ·k_{j−1} + …
    passed_on: f64,
    variance: f64,
}

impl Uncertainty {
    pub(crate) fn new(model: Model, [alpha, beta, gamma, long, phi, rho]: [f64; MOST]) -> Self {
        Self {
            periods: model.both_periods(),
            seasons: model.periods().len(),
            alpha,
            trend: alpha * beta,
            gammas: [gamma * (1.0 - alpha), long * (1.0 - alpha)],
            phi,
            rho,
            ahead: 1,
            damping: 1.0,
            damped: 0.0,
            left: 1.0,
            passed_on: 0.0,
            variance: 1.0,
        }
    }

    /// A value came: the next bucket is one step ahead.
    #[inline]
    pub(crate) fn observe(&mut self) {
        (self.ahead, self.damping, self.damped, self.variance) = (1, 1.0, 0.0, 1.0);
        (self.left, self.passed_on) = (1.0, 0.0);
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
        self.left *= self.rho;
        self.passed_on = c + self.rho * self.passed_on;
        let c = self.passed_on + self.left;
        self.variance += c * c;
        self.ahead += 1;
    }

    /// The deviation ahead, in deviations of one step.
    #[inline]
    pub(crate) fn factor(&self) -> f64 {
        self.variance.sqrt()
    }
}
