//! Smoothing equations in component form, as textbooks print them.
//!
//! ```text
//! ŷ  = (l + φb) + s + S + ρd
//! l' = α(y − s − S) + (1 − α)(l + φb)          b' = β(l' − l) + (1 − β)φb
//! s' = γ(y − l' − S) + (1 − γ)s                S' = Γ(y − l' − s) + (1 − Γ)S
//! d' = y − (l + φb) − s − S
//! ```
//!
//! With factors, products and quotients stand for the sums and differences of l, s and S. Of a
//! missing value, `l' = l + φb`, `b' = φb` and `d' = ρd`.
//!
//! Source: R. J. Hyndman, G. Athanasopoulos, *Forecasting: principles and practice*, 3rd edition,
//! §8.2 to §8.4; of two seasons and ρ J. W. Taylor, *Short-term electricity demand forecasting using
//! double seasonal exponential smoothing* (2003).

/// How seasons and the level are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combined {
    /// By sums.
    Plus,
    /// By products.
    Times,
}

impl Combined {
    fn put(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Plus => a + b,
            Self::Times => a * b,
        }
    }

    fn off(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Plus => a - b,
            Self::Times => a / b,
        }
    }

    fn neutral(self) -> f64 {
        match self {
            Self::Plus => 0.0,
            Self::Times => 1.0,
        }
    }
}

/// Level, trend, seasons and last deviation, and how they learn.
#[derive(Debug, Clone, PartialEq)]
pub struct Smoothing {
    /// How seasons and the level are combined.
    pub combined: Combined,
    /// `[α, β, γ, Γ, φ, ρ]`; φ is 0 without a trend.
    pub weights: [f64; 6],
    /// l
    pub level: f64,
    /// b
    pub trend: f64,
    /// s by position; none without a season.
    pub season: Vec<f64>,
    /// S by position; none without a second season.
    pub season_long: Vec<f64>,
    /// d
    pub deviation: f64,
}

impl Smoothing {
    /// Moves on over value `y` at step `t` from the first one: what was expected of it.
    pub fn step(&mut self, t: usize, y: f64) -> f64 {
        let [alpha, beta, gamma, gamma_long, phi, rho] = self.weights;
        let with = self.combined;
        let (i, j) = (
            t % self.season.len().max(1),
            t % self.season_long.len().max(1),
        );
        let s = self.season.get(i).copied().unwrap_or(with.neutral());
        let k = self.season_long.get(j).copied().unwrap_or(with.neutral());
        let (l, b) = (self.level + phi * self.trend, phi * self.trend);
        let usual = with.put(with.put(l, s), k);
        let expected = usual + rho * self.deviation;
        if y.is_nan() {
            (self.level, self.trend) = (l, b);
            self.deviation *= rho;
            return expected;
        }
        let next = alpha * with.off(with.off(y, s), k) + (1.0 - alpha) * l;
        self.trend = beta * (next - self.level) + (1.0 - beta) * b;
        self.level = next;
        self.deviation = y - usual;
        // Both seasons learn from what the other was before.
        if let Some(season) = self.season.get_mut(i) {
            *season = gamma * with.off(with.off(y, next), k) + (1.0 - gamma) * s;
        }
        if let Some(season) = self.season_long.get_mut(j) {
            *season = gamma_long * with.off(with.off(y, next), s) + (1.0 - gamma_long) * k;
        }
        expected
    }

    /// What is expected of each of `values`, NaN where missing, one step ahead.
    pub fn expected(mut self, values: &[f64]) -> Vec<f64> {
        let steps = values.iter().enumerate();
        steps.map(|(t, y)| self.step(t, *y)).collect()
    }
}
