//! Random numbers that are the same on every machine and in every release.
//!
//! The bits are the ChaCha8 key stream (D. J. Bernstein, *ChaCha, a variant of Salsa20*, 2008)
//! under the key
//!
//! ```text
//! key = seed (8 bytes, little endian) ++ domain (24 bytes, padded with zeros)
//! ```
//!
//! with the number of the stream as nonce. Two streams of one seed are independent, so that one
//! decision can be drawn more or less often without moving any other. From 64 bits `x`:
//!
//! ```text
//! uniform  u = ⌊x / 2¹¹⌋ · 2⁻⁵³                   in [0, 1)
//! below n  k = ⌊x · n / 2⁶⁴⌋                       in 0..n, off from even by less than n / 2⁶⁴
//! normal   z = √(−2 ln(1 − u₁)) · cos(2π u₂)      Box–Muller, one of the pair, always two draws
//! ```

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::f64::consts::TAU;

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Draw {
    bits: ChaCha8Rng,
}

impl Draw {
    /// The stream number `stream` of `seed` within `domain`, from its beginning.
    ///
    /// The first 24 bytes of `domain` count; a dataset gives its own name.
    pub fn new(seed: u64, domain: &str, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        for (slot, byte) in key[8..].iter_mut().zip(domain.bytes()) {
            *slot = byte;
        }
        let mut bits = ChaCha8Rng::from_seed(key);
        bits.set_stream(stream);
        Self { bits }
    }

    /// A number in [0, 1), every multiple of 2⁻⁵³ equally likely.
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        (self.bits.next_u64() >> 11) as f64 * STEP
    }

    /// A number in [`low`, `high`), from one uniform: `low + (high − low) · u`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A whole number in `0..n`; 0 when `n` is 0, too.
    pub fn below(&mut self, n: usize) -> usize {
        // The product of two 64-bit numbers, shifted by 64, is below n and so a usize again.
        ((u128::from(self.bits.next_u64()) * n as u128) >> 64) as usize
    }

    /// A whole number in `low..=high`; `low` when `high` is smaller.
    pub fn within(&mut self, low: usize, high: usize) -> usize {
        low + self.below(
            high.saturating_sub(low)
                .saturating_add(usize::from(high >= low)),
        )
    }

    /// A number from the normal distribution with mean 0 and deviation 1.
    pub fn normal(&mut self) -> f64 {
        let (u1, u2) = (self.uniform(), self.uniform());
        libm::sqrt(-2.0 * libm::log(1.0 - u1)) * libm::cos(TAU * u2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_the_published_chacha8_key_stream() {
        // Key and nonce zero: 3e00ef2f 895f40d6 7f5bb8e8 1f09a5a1 (ChaCha8,
        // 256 bits, test vector 1 of draft-strombergson-chacha-test-vectors).
        let mut draw = Draw::new(0, "", 0);
        assert_eq!(
            draw.bits.next_u64(),
            u64::from_le_bytes(*b"\x3e\x00\xef\x2f\x89\x5f\x40\xd6")
        );
        assert_eq!(
            draw.bits.next_u64(),
            u64::from_le_bytes(*b"\x7f\x5b\xb8\xe8\x1f\x09\xa5\xa1")
        );
    }

    #[test]
    fn seed_domain_and_stream_each_make_another_sequence() {
        let first = |seed, domain, stream| Draw::new(seed, domain, stream).bits.next_u64();
        let reference = first(1, "a", 0);
        assert_eq!(first(1, "a", 0), reference);
        for other in [first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)] {
            assert_ne!(other, reference);
        }
    }

    #[test]
    fn uniform_numbers_have_mean_one_half_and_stay_in_range() {
        let mut draw = Draw::new(1, "uniform", 0);
        let numbers: Vec<f64> = (0..40_000).map(|_| draw.uniform()).collect();
        assert!(numbers.iter().all(|u| (0.0..1.0).contains(u)));
        // The mean of 40 000 has deviation √(1/12) / 200 = 0.00144; five of them are 0.0072.
        let mean = numbers.iter().sum::<f64>() / 40_000.0;
        assert!((mean - 0.5).abs() < 0.0072, "{mean}");
    }

    #[test]
    fn normal_numbers_have_mean_zero_deviation_one_and_normal_tails() {
        let mut draw = Draw::new(1, "normal", 0);
        let numbers: Vec<f64> = (0..40_000).map(|_| draw.normal()).collect();
        let n = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / n;
        let variance = numbers.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / n;
        let beyond_two = numbers.iter().filter(|z| z.abs() > 2.0).count() as f64 / n;
        assert!(mean.abs() < 0.025, "{mean}"); // five deviations of 1/√n
        assert!((variance - 1.0).abs() < 0.036, "{variance}"); // five of √(2/n)
        assert!((beyond_two - 0.0455).abs() < 0.0053, "{beyond_two}"); // five of √(p(1−p)/n)
    }

    #[test]
    fn whole_numbers_cover_their_range_evenly() {
        let mut draw = Draw::new(1, "whole", 0);
        let mut counts = [0; 4];
        for _ in 0..40_000 {
            counts[draw.within(3, 6) - 3] += 1;
        }
        // 10 000 each, with deviation √(40 000 · ¼ · ¾) = 87.
        assert!(
            counts.iter().all(|count| (9_565..=10_435).contains(count)),
            "{counts:?}"
        );
        assert_eq!(draw.below(0), 0);
        assert_eq!(draw.below(1), 0);
    }
}
