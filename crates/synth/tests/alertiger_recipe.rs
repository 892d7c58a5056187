//! The recipe's sets are distributed as it says, for seeds that nobody chose.

use tuatara_synth::alertiger::Recipe;
use tuatara_synth::{AnomalyKind, LabelledSeries};

/// 800 series of a year.
fn many() -> Vec<LabelledSeries> {
    Recipe::training().with_series_per_shape(200).series(1)
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_others() {
    let bits = |seed| -> Vec<u64> {
        let set = Recipe::mixed().series(seed);
        set.iter()
            .flat_map(|series| series.values.iter().map(|value| value.to_bits()))
            .collect()
    };
    assert_eq!(bits(1), bits(1));
    assert_ne!(bits(1), bits(2));
}

#[test]
fn two_fifths_have_a_spike_two_fifths_a_shift_and_a_fifth_nothing() {
    let set = many();
    let share = |kind| {
        let with = |series: &&LabelledSeries| series.anomalies.first().map(|a| a.kind) == kind;
        set.iter().filter(with).count() as f64 / set.len() as f64
    };
    // Of √(p (1 − p) / 800): 0.0173 and 0.0141; five of each.
    assert!((share(Some(AnomalyKind::Spike)) - 0.4).abs() < 0.087);
    assert!((share(Some(AnomalyKind::Shift)) - 0.4).abs() < 0.087);
    assert!((share(None) - 0.2).abs() < 0.071);
    assert!(set.iter().all(|series| series.anomalies.len() <= 1));
}

#[test]
fn an_anomaly_has_two_to_ten_days_and_leaves_four_weeks_before_it() {
    let lengths: Vec<f64> = many()
        .iter()
        .flat_map(|series| series.anomalies.clone())
        .map(|anomaly| {
            assert!(anomaly.span.start >= 28 && anomaly.span.end <= 365);
            assert!((2..=10).contains(&anomaly.span.len()));
            anomaly.span.len() as f64
        })
        .collect();
    // Even in 2 to 10: mean 6, deviation √(80/12) = 2.58; of about 640, five of 0.102.
    assert!((mean(lengths.iter().copied()) - 6.0).abs() < 0.52);
}

#[test]
fn the_noise_is_normal_with_the_deviation_asked_for() {
    for (recipe, deviation) in [(Recipe::standard(), 0.05), (Recipe::noisy(), 0.2)] {
        let mut noise = Vec::new();
        for series in recipe.series(3) {
            let labels = series.labels();
            for (step, (value, expected)) in series.values.iter().zip(&series.expected).enumerate()
            {
                if !labels[step] {
                    noise.push((value - expected) / deviation);
                }
            }
        }
        let n = noise.len() as f64;
        let variance = noise.iter().map(|z| z * z).sum::<f64>() / n;
        let beyond_two = noise.iter().filter(|z| z.abs() > 2.0).count() as f64 / n;
        assert!(n > 17_000.0);
        assert!((variance - 1.0).abs() < 5.0 * (2.0 / n).sqrt());
        assert!((beyond_two - 0.0455).abs() < 5.0 * (0.0455 * 0.9545 / n).sqrt());
    }
}

#[test]
fn an_anomaly_adds_a_size_within_the_range_and_changes_the_mean_by_a_tenth() {
    for series in many() {
        let Some(anomaly) = series.anomalies.first() else {
            continue;
        };
        let span = anomaly.span.clone();
        let added = |step: usize| series.values[step] - series.expected[step];
        // The noise of a stretch is within 4 √n deviations of nothing, all but surely.
        let tolerance = 0.05 * 4.0 / (span.len() as f64).sqrt();
        let change = mean(span.clone().map(added));
        let share = match anomaly.kind {
            // (m + 1) / 2m for an even length, m / (2m − 1) for an odd one, m = ⌈d/2⌉.
            AnomalyKind::Spike => {
                let m = span.len().div_ceil(2) as f64;
                if span.len() % 2 == 0 {
                    (m + 1.0) / (2.0 * m)
                } else {
                    m / (2.0 * m - 1.0)
                }
            }
            _ => 1.0,
        };
        let size = change / share;
        assert!(
            size > 0.5 - tolerance / share && size < 1.0 + tolerance / share,
            "{size}"
        );
        let before = mean(span.map(|step| series.expected[step])).abs();
        assert!(
            change > 0.1 * before - 2.0 * tolerance,
            "{change} on {before}"
        );
    }
}

#[test]
fn every_second_series_of_the_mixed_set_is_the_standard_one_upside_down() {
    let (standard, mixed) = (Recipe::standard().series(7), Recipe::mixed().series(7));
    for (index, (standard, mixed)) in standard.iter().zip(&mixed).enumerate() {
        let sign = if index % 2 == 1 { -1.0 } else { 1.0 };
        assert_eq!(standard.labels(), mixed.labels());
        for (standard, mixed) in standard.values.iter().zip(&mixed.values) {
            assert_eq!((sign * standard).to_bits(), mixed.to_bits());
        }
    }
}

#[test]
fn the_sets_have_the_sizes_of_their_sources() {
    let size = |recipe: Recipe| (recipe.len(), recipe.one(1, 0).len());
    assert_eq!(size(Recipe::standard()), (100, 181));
    assert_eq!(size(Recipe::readme()), (200, 90));
    assert_eq!(size(Recipe::training()), (200, 365));
}
