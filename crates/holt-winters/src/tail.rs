//! How far residuals reach beyond the largest that were seen.
//!
//! Of n sizes, b = (n + 1)·(1 − coverage) lie beyond the band on average. Where that is less than 6, one or the
//! other of the largest would decide, and where it is less than 1 the band would have to lie beyond them all. What
//! lies beyond the sixth largest, x₆, is taken for a generalised Pareto tail, which what exceeds a high threshold
//! comes close to, whatever the distribution:
//!
//! ```text
//! q(b) = x₆ + σ₆·((6/b)^ξ − 1)/ξ        σ₆·ln(6/b) where ξ = 0; x₆ itself where b = 6
//! σ₆   = σ·(k/6)^ξ                       the scale at x₆ from that at the threshold
//!
//! y_i  = x_i − x_{k+1}, i = 1 … k        of the k largest, the largest first, k = min(n/5, 3·√n), 6 at least
//! a₀   = Σ y_i / k        a₁ = Σ y_i·(i − 1)/(k − 1) / k
//! m    = 2 − a₀/(a₀ − 2·a₁), and −1 where that is less or a₀ ≤ 2·a₁
//! ξ    = (k·m + 90·0.1) / (k + 90), within [0, ⅓]
//! σ    = min((1 − ξ)·a₀, 2·(2 − ξ)·a₁)   the two are one where nothing was moved
//! ```
//!
//! The largest has no weight in a₁: whatever it is, it moves q by a shape of ⅓ at most. A shape below 0 would be
//! an end that nothing exceeds, which so few cannot show; ⅓ is that of Student's t with three degrees of freedom.
//! All of it goes with the unit of the sizes, and q grows with 1/b.
//!
//! Assumed: sizes beyond the threshold are alike and, within a while, independent of each other.
//!
//! Sources: J. R. M. Hosking, J. R. Wallis, *Parameter and quantile estimation for the generalized Pareto
//! distribution* (1987), §3, a₀ and a₁, the moments without bias; E. S. Martins, J. R. Stedinger, *Generalized maximum
//! likelihood Pareto-Poisson estimators for partial duration series* (2001), a shape of 0.10 ± 0.122 before any data,
//! which is what 90 values say; A. Vehtari, D. Simpson, A. Gelman, Y. Yao, J. Gabry, *Pareto smoothed importance
//! sampling* (2024), §3, k. Departs from them: the prior is weighed with an estimate by moments, the shape has
//! ends, and the tail is hung on x₆.

/// The tail hangs on the largest but five.
pub(crate) const HANGS_ON: usize = 6;
/// Part of the sizes that a tail is made of, at most.
const TAIL_PART: f64 = 0.2;
/// The same in square roots of how many there are.
const TAIL_ROOTS: f64 = 3.0;
/// The shape before any data, and how many values that counts for.
const PRIOR: (f64, f64) = (0.1, 90.0);
/// The heaviest shape.
const HEAVIEST: f64 = 1.0 / 3.0;

/// A generalised Pareto tail beyond the largest sizes but five.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tail {
    from: f64,
    scale: f64,
    shape: f64,
}

impl Tail {
    /// Of ascending `sizes`; `None` of less than seven, and where the largest are not finite.
    pub(crate) fn of(sizes: &[f64]) -> Option<Self> {
        let n = sizes.len();
        if n <= HANGS_ON || !sizes[n - 1].is_finite() {
            return None;
        }
        let most = (TAIL_PART * n as f64).min(TAIL_ROOTS * (n as f64).sqrt());
        let k = (most as usize).max(HANGS_ON);
        let threshold = sizes[n - 1 - k];
        let count = k as f64;
        let (mut a0, mut a1) = (0.0, 0.0);
        for (i, x) in sizes[n - k..].iter().rev().enumerate() {
            let y = (x - threshold) / count;
            a0 += y;
            a1 += y * (i as f64 / (count - 1.0));
        }
        let shape = match a0 > 2.0 * a1 {
            true => (2.0 - a0 / (a0 - 2.0 * a1)).max(-1.0),
            false => -1.0,
        };
        let (before, worth) = PRIOR;
        let shape = (count * shape + worth * before) / (count + worth);
        let shape = shape.clamp(0.0, HEAVIEST);
        let scale = ((1.0 - shape) * a0).min(2.0 * (2.0 - shape) * a1);
        Some(Self {
            from: sizes[n - HANGS_ON],
            scale: scale * libm::pow(count / HANGS_ON as f64, shape),
            shape,
        })
    }

    /// The size beyond which one in `times` of those beyond where it hangs lies; `times` is 1 or more.
    pub(crate) fn at(&self, times: f64) -> f64 {
        let logarithm = libm::log(times.max(1.0));
        let reach = match self.shape > 0.0 {
            true => libm::expm1(self.shape * logarithm) / self.shape,
            false => logarithm,
        };
        self.from + self.scale * reach
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 64 bits of SplitMix64, as a number in (0, 1).
    struct Chance(u64);

    impl Chance {
        fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        }

        fn normal(&mut self) -> f64 {
            let radius = (-2.0 * self.uniform().ln()).sqrt();
            radius * (std::f64::consts::TAU * self.uniform()).cos()
        }

        fn sorted(&mut self, n: usize, size: fn(&mut Self) -> f64) -> Vec<f64> {
            let mut sizes: Vec<f64> = (0..n).map(|_| size(self)).collect();
            sizes.sort_unstable_by(f64::total_cmp);
            sizes
        }
    }

    /// Of 0 to 6, k = 6 and y = 6, 5, 4, 3, 2, 1: a₀ = 21/6, a₁ = (5 + 8 + 9 + 8 + 5)/30, the shape of the
    /// moments −1, and of six values beside ninety of 0.1 (−6 + 9)/96 = 1/32; σ = 31/32 · 3.5. It hangs on 1.
    #[test]
    fn a_tail_of_seven_sizes_is_that_of_the_formula() {
        let sizes: Vec<f64> = (0..7).map(f64::from).collect();
        let tail = Tail::of(&sizes).unwrap();
        let scale = 31.0 / 32.0 * 3.5;
        for times in [1.0, 8.0, 1e6] {
            let wanted = 1.0 + scale * 32.0 * (f64::powf(times, 1.0 / 32.0) - 1.0);
            assert!((tail.at(times) - wanted).abs() < 1e-9 * wanted);
        }
        assert!(Tail::of(&sizes[1..]).is_none());
    }

    /// Of 400 the tail is made of the 60 largest: 3·√400. Of exponential quantiles a₀ and a₁ are nearly those of a
    /// shape of 0, which the prior makes 9/150.
    #[test]
    fn an_exponential_tail_is_nearly_one() {
        let sizes: Vec<f64> = (1..=400)
            .map(|i| -(1.0 - (f64::from(i) - 0.5) / 400.0).ln())
            .collect();
        let tail = Tail::of(&sizes).unwrap();
        assert!((tail.shape - 0.06).abs() < 0.02, "{tail:?}");
        assert!((tail.scale - 1.0).abs() < 0.1, "{tail:?}");
    }

    #[test]
    fn sizes_in_another_unit_have_the_same_tail_in_that_unit() {
        let mut chance = Chance(11);
        let sizes = chance.sorted(300, |chance| chance.normal().abs());
        let here = Tail::of(&sizes).unwrap();
        for unit in [1e-6, 1e6] {
            let there: Vec<f64> = sizes.iter().map(|size| size * unit).collect();
            let there = Tail::of(&there).unwrap();
            for times in [1.0, 10.0, 1e6] {
                let wanted = here.at(times) * unit;
                assert!((there.at(times) - wanted).abs() < 1e-12 * wanted);
            }
        }
    }

    /// An outlier makes the shape ⅓ at most, and has no part in the scale: a thousand or a million of
    /// deviations are one to it.
    #[test]
    fn one_outlier_moves_the_tail_no_farther_than_its_heaviest_shape() {
        let mut chance = Chance(12);
        let mut sizes = chance.sorted(500, |chance| chance.normal().abs());
        let clean = Tail::of(&sizes).unwrap();
        let mut with = |outlier: f64| {
            sizes[499] = outlier;
            Tail::of(&sizes).unwrap()
        };
        let (far, farther) = (with(1e3), with(1e6));
        assert!((far.at(1e4) - farther.at(1e4)).abs() < 1e-6);
        assert!(farther.shape <= HEAVIEST);
        let most = 3.0 * clean.scale * (f64::powf(1e4, HEAVIEST) - 1.0);
        assert!(farther.at(1e4) < clean.from + 2.0 * most);
    }

    /// Counts that are zero nine times in ten, a few levels, and one value alone have a tail without a NaN,
    /// no end and nothing below where it hangs.
    #[test]
    fn ties_and_zeros_have_a_tail() {
        let zeros: Vec<f64> = (0..100).map(|i| f64::from((i - 89).max(0))).collect();
        let levels: Vec<f64> = (0..100).map(|i| f64::from(i / 30)).collect();
        for sizes in [zeros, levels, vec![0.0; 100], vec![2.5; 9]] {
            let tail = Tail::of(&sizes).unwrap();
            let ahead = [1.0, 2.0, 1e3, 1e9].map(|times| tail.at(times));
            assert!(ahead[0] >= sizes[sizes.len() - 6], "{tail:?}");
            assert!(ahead.is_sorted() && ahead[3].is_finite(), "{ahead:?}");
        }
    }

    /// What lies beyond a band, truly, by how much was to: on average over 300 histories, for bands of one in a
    /// thousand to one in a million. The largest of 2 000 is exceeded by some 500 times as much as one in a million.
    #[test]
    fn of_known_distributions_about_as_much_lies_beyond_as_promised() {
        type Known = (
            &'static str,
            fn(&mut Chance) -> f64,
            fn(f64) -> f64,
            [f64; 3],
        );
        const ONE_IN: [f64; 4] = [1e3, 1e4, 1e5, 1e6];
        const HISTORIES: i32 = 300;
        const SQRT_2: f64 = std::f64::consts::SQRT_2;
        const SQRT_3: f64 = 1.732_050_807_568_877_2;
        // With 100, 500 and 2 000 of them, how many times as much as promised may lie beyond.
        let known: [Known; 6] = [
            (
                "normal",
                |chance| chance.normal().abs(),
                |x| libm::erfc(x / SQRT_2),
                [1.0, 1.0, 1.0],
            ),
            (
                "Laplace",
                |chance| -chance.uniform().ln(),
                |x| (-x).exp(),
                [10.0, 3.0, 2.0],
            ),
            (
                "Student's t, three degrees",
                |chance| {
                    let square = |chance: &mut Chance| chance.normal().powi(2);
                    let sum = square(chance) + square(chance) + square(chance);
                    chance.normal().abs() / (sum / 3.0).sqrt()
                },
                |x| {
                    let x = x / SQRT_3;
                    std::f64::consts::FRAC_2_PI * ((1.0 / x).atan() - x / (1.0 + x * x))
                },
                [300.0, 100.0, 40.0],
            ),
            (
                "lognormal",
                |chance| chance.normal().exp(),
                |x| 0.5 * libm::erfc(x.ln() / SQRT_2),
                [300.0, 40.0, 20.0],
            ),
            (
                "uniform",
                |chance| chance.uniform(),
                |x| (1.0 - x).max(0.0),
                [0.1, 0.1, 0.1],
            ),
            (
                "normal in steps of one",
                |chance| chance.normal().abs().round(),
                |x| libm::erfc((x.floor() + 0.5) / SQRT_2),
                [2000.0, 100.0, 10.0],
            ),
        ];
        let mut chance = Chance(2026);
        for (name, size, beyond, most) in known {
            for (n, most) in [100_usize, 500, 2000].into_iter().zip(most) {
                let mut beyond_by = [0.0; 4];
                for _ in 0..HISTORIES {
                    let sizes = chance.sorted(n, size);
                    let tail = Tail::of(&sizes).unwrap();
                    for (sum, one_in) in beyond_by.iter_mut().zip(ONE_IN) {
                        let times = HANGS_ON as f64 * one_in / (n + 1) as f64;
                        let edge = tail.at(times).max(sizes[n - 1]);
                        *sum += beyond(edge) * one_in / f64::from(HISTORIES);
                    }
                }
                println!("{name}, {n}: {beyond_by:.2?}");
                assert!(beyond_by.iter().all(|sum| *sum <= most), "{name}, {n}");
            }
        }
    }
}
