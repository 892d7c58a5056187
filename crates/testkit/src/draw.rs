//! Random draws from a seed: the same on every machine.

use std::ops::Range;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Random numbers from one seed, the same on every machine (ChaCha with 8 rounds).
#[derive(Debug, Clone)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The draws of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A seed for draws of their own.
    pub fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number of `range`, which must not be empty.
    ///
    /// # Panics
    /// When `range` is empty.
    pub fn between(&mut self, range: Range<usize>) -> usize {
        let width = range
            .end
            .checked_sub(range.start)
            .filter(|&width| width > 0);
        let width = width.expect("there is something to draw from") as u64;
        range.start + usize::try_from(self.0.next_u64() % width).expect("below a usize")
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in [low, high).
    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of `items`, which must not be empty.
    ///
    /// # Panics
    /// When `items` is empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.between(0..items.len())]
    }

    /// Roughly normal, mean 0, deviation 1, in (−6, 6): twelve uniform draws less six.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A value that no method expects: missing, infinite, zero, huge, tiny or anything else.
    pub fn garbage(&mut self) -> f64 {
        match self.between(0..7) {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => 0.0,
            3 => 1e300 * self.normal(),
            4 => 1e-300 * self.normal(),
            _ => 100.0 * self.normal(),
        }
    }

    /// Cut points of `range` into at most `pieces` pieces, none empty unless `range` is; starts
    /// with `range.start` and ends with `range.end`.
    pub fn cuts(&mut self, range: Range<usize>, pieces: usize) -> Vec<usize> {
        let mut cuts = vec![range.start, range.end];
        if range.len() > 1 {
            cuts.extend((1..pieces).map(|_| self.between(range.start + 1..range.end)));
        }
        cuts.sort_unstable();
        cuts.dedup();
        if range.is_empty() {
            vec![range.start; 2]
        } else {
            cuts
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_for_ever() {
        let mut draw = Draw::new(1);
        let drawn: Vec<usize> = (0..6).map(|_| draw.between(0..1000)).collect();
        let mut again = Draw::new(1);
        assert!(drawn.iter().all(|&number| number == again.between(0..1000)));
    }

    #[test]
    fn normal_draws_have_mean_0_and_deviation_1() {
        let mut draw = Draw::new(2);
        let drawn: Vec<f64> = (0..20_000).map(|_| draw.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let square = drawn.iter().map(|z| z * z).sum::<f64>() / 20_000.0;
        assert!(
            mean.abs() < 0.03 && (square - 1.0).abs() < 0.05,
            "{mean} {square}"
        );
    }

    #[test]
    fn cuts_cover_the_range() {
        let mut draw = Draw::new(3);
        for len in 0..20 {
            let cuts = draw.cuts(5..5 + len, 4);
            assert_eq!((cuts[0], *cuts.last().unwrap()), (5, 5 + len));
            assert!(cuts.windows(2).all(|cut| cut[0] < cut[1] || len == 0));
        }
    }
}
