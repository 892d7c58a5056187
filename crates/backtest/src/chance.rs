//! What chance alone would do.

use std::f64::consts::LN_2;

use tuatara_synth::draw::Draw;

/// How often resamples are drawn.
const RESAMPLES: usize = 2_000;

/// Two-sided probability that, of `n = wins + losses` fair coins, the sides differ at least as much.
///
/// ```text
/// p = min(1, 2 · Σ_{k ≤ min(wins, losses)} C(n, k) / 2ⁿ)
/// ```
///
/// The sign test (J. Arbuthnott 1710); ties say nothing and are left out. 1 without a coin.
pub fn sign_test(wins: usize, losses: usize) -> f64 {
    let n = wins + losses;
    let mut total = 0.0;
    // ln C(n, k), from ln C(n, 0) = 0 on.
    let mut choose = 0.0;
    for k in 0..=wins.min(losses) {
        if k > 0 {
            choose += libm::log((n - k + 1) as f64) - libm::log(k as f64);
        }
        total += libm::exp(choose - n as f64 * LN_2);
    }
    (2.0 * total).min(1.0)
}

/// The range in which the mean of `values` lies in 95 of 100 resamples with replacement, by the
/// percentile method (B. Efron 1979), drawn from `seed`; `None` for fewer than two values.
pub fn bootstrap_mean(values: &[f64], seed: u64) -> Option<[f64; 2]> {
    if values.len() < 2 {
        return None;
    }
    let mut draw = Draw::new(seed, "bootstrap of means", 0);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let sum: f64 = values
                .iter()
                .map(|_| values[draw.below(values.len())])
                .sum();
            sum / values.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[((RESAMPLES - 1) as f64 * share) as usize];
    Some([at(0.025), at(0.975)])
}

/// The 95 % interval of a share of which `hits` of `trials` were seen, in [0, 1]; all of it without a
/// trial.
///
/// ```text
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)        z = 1.959964
/// ```
///
/// E. B. Wilson, *Probable inference* (1927).
pub fn wilson(hits: usize, trials: usize) -> [f64; 2] {
    const Z: f64 = 1.959_964;
    if trials == 0 {
        return [0.0, 1.0];
    }
    let n = trials as f64;
    let p = hits as f64 / n;
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * libm::sqrt(p * (1.0 - p) / n + Z * Z / (4.0 * n * n));
    let scale = 1.0 + Z * Z / n;
    [
        ((middle - half) / scale).max(0.0),
        ((middle + half) / scale).min(1.0),
    ]
}

/// Probability of at least `seen` independent events where `expected` are to be expected.
///
/// ```text
/// P(X ≥ k) = 1 − Σ_{i < k} e^{−λ} λⁱ / i!
/// ```
///
/// The law of small numbers (S. D. Poisson 1837).
pub fn at_least(seen: usize, expected: f64) -> f64 {
    let mut below = 0.0;
    // ln of e^{−λ} λⁱ / i!, from i = 0 on.
    let mut term = -expected;
    for i in 0..seen {
        if i > 0 {
            term += libm::log(expected) - libm::log(i as f64);
        }
        below += libm::exp(term);
    }
    (1.0 - below).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_counts_coins() {
        // Of five coins, none or five heads: 2 of 32.
        assert!((sign_test(5, 0) - 2.0 / 32.0).abs() < 1e-12);
        // At most one of six, or at least five: 2 · 7 of 64.
        assert!((sign_test(1, 5) - 14.0 / 64.0).abs() < 1e-12);
        assert!((sign_test(3, 3) - 1.0).abs() < 1e-12);
        assert!((sign_test(0, 0) - 1.0).abs() < 1e-12);
        // 2⁻¹⁹⁹⁹ is no longer a number of its own, and no panic.
        assert!(sign_test(2_000, 0) < 1e-300);
    }

    #[test]
    fn rare_events_come_by_the_law_of_small_numbers() {
        // e⁻² = 0.135335: at least one 0.8647, at least two 1 − 3 e⁻² = 0.5940.
        assert!((at_least(0, 2.0) - 1.0).abs() < 1e-12);
        assert!((at_least(1, 2.0) - 0.864_664_7).abs() < 1e-6);
        assert!((at_least(2, 2.0) - 0.593_994_2).abs() < 1e-6);
        assert!(at_least(3, 0.0).abs() < 1e-12);
    }

    #[test]
    fn the_interval_of_wilson_is_that_of_the_textbook() {
        // n = 10, 9 hits: (0.9 + 0.19207 ± 1.96 · √(0.009 + 0.0096)) / 1.38415.
        let [low, high] = wilson(9, 10);
        assert!(
            (low - 0.5958).abs() < 5e-4 && (high - 0.9821).abs() < 5e-4,
            "{low} {high}"
        );
        let [low, high] = wilson(0, 20);
        assert!(
            low.abs() < 1e-12 && (high - 0.1611).abs() < 5e-4,
            "{low} {high}"
        );
        let [low, high] = wilson(0, 0);
        assert!(low.abs() < 1e-12 && (high - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_bootstrap_is_the_same_for_a_seed_and_holds_the_mean() {
        let values: Vec<f64> = (0..40).map(|i| f64::from(i) / 7.0).collect();
        let range = bootstrap_mean(&values, 7).unwrap();
        assert_eq!(bootstrap_mean(&values, 7), Some(range));
        assert_ne!(bootstrap_mean(&values, 8), Some(range));
        // Mean 2.786; deviation 1.65, of the mean 0.261: about ±0.51.
        assert!(range[0] > 2.1 && range[0] < 2.45, "{range:?}");
        assert!(range[1] > 3.1 && range[1] < 3.5, "{range:?}");
        assert_eq!(bootstrap_mean(&values[..1], 7), None);
    }
}
