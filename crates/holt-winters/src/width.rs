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
//! Where fewer than five lie beyond that rank, q is the largest of three: that residual, or the largest there is;
//! what of normal residuals it would be, z; and what a tail says, of those that reach farthest: see
//! [`tail`](crate::tail). Where five to eleven do, and z is farther than q, q goes towards z, by a sixth for each
//! that fewer lie beyond. So q grows with z, and where the tail begins by no more than from one residual to the next.
//!
//! Source: A. N. Angelopoulos, S. Bates, *A gentle introduction to conformal prediction* (2021),
//! §1: the rank among n + 1. Here the residuals are those of the fit, all before the refit.

use crate::tail::{HANGS_ON, Tail};

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

/// So many residuals beyond a quantile, and itself, make it known well enough to narrow a band.
const KNOWN: f64 = HANGS_ON as f64;

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
        // So many of n + 1 are to lie beyond.
        let beyond = (n + 1.0) * libm::erfc(z / std::f64::consts::SQRT_2);
        let normal = (2.0 - beyond / KNOWN).clamp(0.0, 1.0);
        let mut quantile = quantile + normal * (z - quantile).max(0.0);
        if beyond < KNOWN
            && let Some(tail) = Tail::of(sizes)
        {
            quantile = quantile.max(tail.at(KNOWN / beyond));
        }
        quantile / z
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

    /// Of a thousand quantiles of a distribution from 0 to `most`, its density falling as a triangle does.
    fn triangle(most: f64) -> Vec<f64> {
        let part = |i: i32| (f64::from(i) - 0.5) / 1000.0;
        (1..=1000)
            .map(|i| most * (1.0 - (1.0 - part(i)).sqrt()))
            .collect()
    }

    fn edge(sizes: &[f64], z: f64) -> f64 {
        z * Width::Calibrated { z }.factor(sizes)
    }

    /// The rule of the rank alone: the residual of that rank or the largest, and no less than z where fewer than
    /// five lie beyond it.
    fn of_the_rank(sizes: &[f64], z: f64) -> f64 {
        let n = sizes.len();
        let rank = ((n + 1) as f64 * coverage_of(z)).ceil() as usize;
        let quantile = sizes[rank.min(n) - 1];
        match rank + 5 > n {
            true => quantile.max(z),
            false => quantile,
        }
    }

    #[test]
    fn a_band_that_covers_more_is_no_narrower_and_never_narrower_than_its_rank() {
        let few = vec![0.0, 0.0, 0.3, 0.3, 0.4, 1.1, 1.1, 7.0, 7.0, 31.0];
        for sizes in [triangle(1.5), triangle(50.0), few, vec![0.2], vec![0.0; 40]] {
            let mut before = 0.0;
            for step in 1..900 {
                let z = f64::from(step) / 100.0;
                let edge = edge(&sizes, z);
                assert!(edge >= before - 1e-12, "{z}: {before}, {edge}");
                assert!(edge >= of_the_rank(&sizes, z) - 1e-12, "{z}");
                before = edge;
            }
            assert!(before.is_finite());
        }
    }

    /// Of 1 000 residuals six are to lie beyond a band of 995/1001, whose rank is that of the sixth largest, and a
    /// little less beyond a wider one, with the rank of the fifth: from one to the other and no farther, or what is
    /// normal where that is more.
    #[test]
    fn where_the_tail_begins_nothing_jumps() {
        let border = deviations_for(995.0 / 1001.0);
        for sizes in [triangle(1.5), triangle(50.0)] {
            let (before, after) = (edge(&sizes, border - 1e-9), edge(&sizes, border + 1e-9));
            assert!((before - sizes[994].max(border)).abs() < 1e-6, "{before}");
            assert!((after - sizes[995].max(border)).abs() < 1e-6, "{after}");
        }
        // What is normal counts for nothing where twelve lie beyond.
        let twelve = deviations_for(989.0 / 1001.0);
        assert!((edge(&triangle(1.5), twelve - 1e-9) - triangle(1.5)[988]).abs() < 1e-6);
    }

    /// One in a million of a thousand is not the largest of them.
    #[test]
    fn a_band_of_one_in_a_million_lies_beyond_all_that_were_seen() {
        let sizes = triangle(50.0);
        let z = deviations_for(0.999_999);
        assert!(edge(&sizes, z) > 1.2 * sizes[999], "{}", edge(&sizes, z));
    }
}
