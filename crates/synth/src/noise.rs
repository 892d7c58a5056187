//! Noise: relative, with a memory; and the scatter of counts.
//!
//! ```text
//! relative  n_0 = σ z_0        n_t = φ n_{t−1} + √(1 − φ²) σ z_t        factor exp(n_t)
//! counts    k = max(0, round(λ + √λ z))
//! ```
//!
//! The z are independent and normal. `n` has deviation σ at every t, and neighbours correlate by φ.
//! A count has mean and variance λ, as a Poisson count; the normal form needs one draw whatever λ
//! is, and departs from Poisson noticeably only where λ is below about 20.

use crate::draw::Draw;
use crate::error::{Result, require, require_noise};

/// Autocorrelated relative noise: a stream of factors around 1.
#[derive(Debug, Clone)]
pub struct RelativeNoise {
    draw: Draw,
    deviation: f64,
    memory: f64,
    last: Option<f64>,
}

impl RelativeNoise {
    /// Noise with deviation `deviation` (σ, 0.03 is about three per cent) and correlation `memory`
    /// (φ) between neighbours.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::SynthError::OutOfRange) unless σ is in [0, 1] and φ in [0, 0.99].
    pub fn new(draw: Draw, deviation: f64, memory: f64) -> Result<Self> {
        require_noise(deviation)?;
        require(
            "memory",
            memory,
            [0.0, 0.99],
            "[0, 0.99]",
            "0 is noise without memory",
        )?;
        Ok(Self {
            draw,
            deviation,
            memory,
            last: None,
        })
    }

    /// The next factor, above zero.
    pub fn factor(&mut self) -> f64 {
        let shock = self.deviation * self.draw.normal();
        let next = match self.last {
            None => shock,
            Some(last) => self.memory * last + libm::sqrt(1.0 - self.memory * self.memory) * shock,
        };
        self.last = Some(next);
        libm::exp(next)
    }
}

/// A whole count, zero or more, where `expected` were expected; `z` is a normal number.
///
/// NaN when `expected` is negative or NaN.
pub fn count(expected: f64, z: f64) -> f64 {
    let count = (expected + libm::sqrt(expected) * z).round();
    if count < 0.0 { 0.0 } else { count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_deviation_every_factor_is_one() {
        let mut noise = RelativeNoise::new(Draw::new(1, "noise", 0), 0.0, 0.5).unwrap();
        assert!((0..10).all(|_| noise.factor().to_bits() == 1.0f64.to_bits()));
    }

    #[test]
    fn noise_has_the_deviation_and_the_memory_it_was_given() {
        let mut noise = RelativeNoise::new(Draw::new(1, "noise", 0), 0.05, 0.6).unwrap();
        let logs: Vec<f64> = (0..40_000).map(|_| noise.factor().ln()).collect();
        let n = logs.len() as f64;
        let variance = logs.iter().map(|x| x * x).sum::<f64>() / n;
        let covariance = logs.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / n;
        // Relative deviations: of s √((1+φ²)/(1−φ²)/2n) = 0.0052, of φ̂ √((1−φ²)/n) = 0.004; five of each.
        assert!((variance.sqrt() / 0.05 - 1.0).abs() < 0.026, "{variance}");
        assert!(
            (covariance / variance - 0.6).abs() < 0.02,
            "{}",
            covariance / variance
        );
    }

    #[test]
    fn counts_are_whole_and_never_negative() {
        assert_eq!(count(100.0, 0.0).to_bits(), 100.0f64.to_bits());
        assert_eq!(count(100.0, 1.0).to_bits(), 110.0f64.to_bits()); // 100 + √100
        assert_eq!(count(100.0, -0.26).to_bits(), 97.0f64.to_bits()); // 97.4
        assert_eq!(count(4.0, -3.0).to_bits(), 0.0f64.to_bits()); // 4 − 6
        assert_eq!(count(0.0, 5.0).to_bits(), 0.0f64.to_bits());
        assert!(count(-1.0, 0.0).is_nan());
    }

    #[test]
    fn a_deviation_or_memory_outside_its_range_is_refused() {
        let noise =
            |deviation, memory| RelativeNoise::new(Draw::new(1, "noise", 0), deviation, memory);
        assert_eq!(
            noise(-0.1, 0.0).unwrap_err().to_string(),
            "noise is -0.1, outside [0, 1]; 0.03 is three per cent"
        );
        assert_eq!(
            noise(0.1, 1.0).unwrap_err().to_string(),
            "memory is 1, outside [0, 0.99]; 0 is noise without memory"
        );
        assert!(noise(f64::NAN, 0.0).is_err());
    }
}
