//! What a unit of width is: the spread of residuals, or their empirical quantile.
//!
//! A band of `z` units covers, of normal residuals, the fraction `2Φ(z) − 1`. Calibrated, a unit is
//! such that `z` of them are the quantile of that fraction among the residuals of the fit, so that
//! heavy tails widen the band and light ones narrow it:
//!
//! ```text
//! factor = q / z        q the residual, in its usual width, of rank ⌈(n + 1)·(2Φ(z) − 1)⌉ of n
//! ```
//!
//! Source: A. N. Angelopoulos, S. Bates, *A gentle introduction to conformal prediction* (2021),
//! §1: the rank among n + 1. Here the residuals are those of the fit, all before the refit.

/// What a unit of width is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Width {
    /// The usual residual at the position of the season.
    #[default]
    Spread,
    /// The same, by the factor with which `z` of them cover, in the history, what they would of
    /// normal residuals.
    Calibrated {
        /// How many units the band has to a side.
        z: f64,
    },
}

/// So many residuals beyond a quantile make it known well enough to narrow a band.
const BEYOND: f64 = 5.0;

impl Width {
    pub(crate) fn is_calibrated(self) -> bool {
        matches!(self, Self::Calibrated { .. })
    }

    /// The factor on every unit, from ascending sizes of residuals.
    pub(crate) fn factor(self, sizes: &[f64]) -> f64 {
        let Self::Calibrated { z } = self else {
            return 1.0;
        };
        if sizes.is_empty() || z <= 0.0 {
            return 1.0;
        }
        let n = sizes.len() as f64;
        let rank = ((n + 1.0) * coverage_of(z)).ceil();
        let quantile = sizes[(rank.clamp(1.0, n) as usize) - 1];
        // Few lie beyond it, so it is hardly known: that, or what is normal, if that is wider.
        if n - rank < BEYOND {
            quantile.max(z) / z
        } else {
            quantile / z
        }
    }
}

/// The fraction of normal residuals within `z` deviations: `2Φ(z) − 1`.
pub fn coverage_of(z: f64) -> f64 {
    libm::erf(z / std::f64::consts::SQRT_2)
}

/// How many deviations cover the fraction `coverage`, in (0, 1), of normal residuals: the inverse
/// of [`coverage_of`], to the last digits.
pub fn deviations_for(coverage: f64) -> f64 {
    // Halving: 80 steps of a monotone function need no care at the ends.
    let (mut low, mut high) = (0.0, 9.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if coverage_of(middle) < coverage {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables of the normal distribution.
    #[test]
    fn coverage_is_that_of_the_tables() {
        for (z, coverage) in [
            (1.0, 0.682_689_492_137),
            (2.0, 0.954_499_736_104),
            (3.0, 0.997_300_203_937),
        ] {
            assert!((coverage_of(z) - coverage).abs() < 1e-12);
            assert!((deviations_for(coverage) - z).abs() < 1e-9);
        }
        assert!((deviations_for(0.99) - 2.575_829_303_549).abs() < 1e-11);
    }

    /// Of 19 residuals the rank of 0.9 is 18 of 20: the 18th.
    #[test]
    fn a_calibrated_unit_is_the_quantile_of_the_history() {
        let sizes: Vec<f64> = (1..20).map(f64::from).collect();
        let z = deviations_for(0.9);
        let width = Width::Calibrated { z };
        assert!((width.factor(&sizes) * z - 18.0).abs() < 1e-9);
        assert!((Width::Spread.factor(&sizes) - 1.0).abs() < 1e-15);
    }
}
