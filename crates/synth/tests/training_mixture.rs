//! Training data hold what they promise: every kind of trouble, at every scale, fresh and repeatable.

use tuatara_synth::training::Mixture;
use tuatara_synth::{AnomalyKind, Cadence, LabelledSeries};

const CADENCES: [Cadence; 3] = [Cadence::Daily, Cadence::Hourly, Cadence::Weekly];

fn many(cadence: Cadence, series: u32) -> impl Iterator<Item = LabelledSeries> {
    (0..series).map(move |index| Mixture::new(cadence).draw(1, 0, index))
}

fn bits(series: &LabelledSeries) -> Vec<u64> {
    series.values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn a_series_is_a_function_of_seed_epoch_and_number() {
    for cadence in CADENCES {
        let mixture = Mixture::new(cadence);
        let reference = mixture.draw(1, 2, 3);
        assert_eq!(bits(&mixture.draw(1, 2, 3)), bits(&reference));
        // The last is the stream that (2, 3) would have if the numbers were added or swapped.
        for (seed, epoch, index) in [(2, 2, 3), (1, 3, 3), (1, 2, 4), (1, 3, 2)] {
            assert_ne!(bits(&mixture.draw(seed, epoch, index)), bits(&reference));
        }
    }
}

#[test]
fn values_are_finite_or_missing_and_labels_lie_within_the_series() {
    for cadence in CADENCES {
        for series in many(cadence, 400) {
            assert_eq!(series.len(), Mixture::new(cadence).steps());
            assert_eq!(series.len(), series.expected.len());
            assert!(series.values.iter().all(|value| !value.is_infinite()));
            assert!(series.expected.iter().all(|value| value.is_finite()));
            let mut end = 0;
            for anomaly in &series.anomalies {
                assert!(end <= anomaly.span.start && anomaly.span.start < anomaly.span.end);
                end = anomaly.span.end;
            }
            assert!(end <= series.len());
            let unclear = series.clear().iter().filter(|clear| !**clear).count();
            assert!(unclear == 0 || !series.unclear.is_empty());
        }
    }
}

#[test]
fn every_cadence_has_every_kind_of_anomaly_and_few_labelled_steps() {
    for cadence in CADENCES {
        let (mut labelled, mut steps) = (0, 0);
        let mut series_with = [0; AnomalyKind::ALL.len()];
        for series in many(cadence, 600) {
            labelled += series.labels().iter().filter(|label| **label).count();
            steps += series.len();
            for anomaly in &series.anomalies {
                let kind = AnomalyKind::ALL
                    .iter()
                    .position(|kind| *kind == anomaly.kind);
                series_with[kind.unwrap()] += 1;
            }
        }
        assert!(
            series_with.iter().all(|&count| count >= 25),
            "{series_with:?}"
        );
        let share = labelled as f64 / steps as f64;
        assert!((0.01..0.12).contains(&share), "{cadence}: {share}");
    }
}

#[test]
fn anomalies_point_up_as_often_as_down() {
    for cadence in CADENCES {
        let (mut up, mut down) = (0.0, 0.0);
        for series in many(cadence, 800) {
            let passing = [AnomalyKind::Spike, AnomalyKind::Shift];
            for anomaly in series
                .anomalies
                .iter()
                .filter(|a| passing.contains(&a.kind))
            {
                let residual = |step: usize| series.values[step] - series.expected[step];
                let present = anomaly
                    .span
                    .clone()
                    .filter(|&step| series.values[step].is_finite());
                match present.map(residual).sum::<f64>() {
                    sum if sum > 0.0 => up += 1.0,
                    sum if sum < 0.0 => down += 1.0,
                    _ => {}
                }
            }
        }
        let n: f64 = up + down;
        // A share has deviation √(¼ / n); five of them, as the recipe's series are mirrored whole.
        assert!(
            (up / n - 0.5).abs() < 2.5 / n.sqrt(),
            "{cadence}: {up} up, {down} down"
        );
    }
}

#[test]
fn scales_reach_over_twelve_orders_of_magnitude_and_a_third_of_the_series_has_gaps() {
    let mut exponents = Vec::new();
    let mut gappy = 0;
    for series in many(Cadence::Daily, 600) {
        let n = series.len() as f64;
        let mean = series.expected.iter().sum::<f64>() / n;
        let spread = series
            .expected
            .iter()
            .map(|y| (y - mean).powi(2))
            .sum::<f64>()
            / n;
        if spread > 0.0 {
            exponents.push(spread.sqrt().log10());
        }
        gappy += usize::from(series.values.iter().any(|value| value.is_nan()));
    }
    exponents.sort_by(f64::total_cmp);
    assert!(
        exponents[exponents.len() / 20] < -4.0,
        "{:?}",
        exponents.first()
    );
    assert!(
        exponents[exponents.len() * 19 / 20] > 4.0,
        "{:?}",
        exponents.last()
    );
    // 1 − 0.8 · 0.85 = 0.32, a little less where no single value happened to be lost; five
    // deviations of √(0.32 · 0.68 / 600) = 0.019.
    let share = gappy as f64 / 600.0;
    assert!((0.2..0.42).contains(&share), "{share}");
}

#[test]
fn a_dip_to_zero_is_at_a_twentieth_of_what_was_expected_or_less() {
    let mut dips = 0;
    for cadence in CADENCES {
        for series in many(cadence, 300) {
            for anomaly in &series.anomalies {
                if anomaly.kind != AnomalyKind::DipToZero {
                    continue;
                }
                dips += 1;
                for step in anomaly.span.clone() {
                    let (value, expected) = (series.values[step], series.expected[step]);
                    // Noise and rounding to a step of it are within what is left.
                    assert!(value.is_nan() || value.abs() < 0.5 * expected.abs());
                }
            }
        }
    }
    assert!(dips > 50, "{dips}");
}

#[test]
fn a_flat_line_repeats_the_value_before_it() {
    let mut lines = 0;
    for series in many(Cadence::Daily, 400) {
        for anomaly in &series.anomalies {
            let before = series.values[anomaly.span.start - 1];
            if anomaly.kind == AnomalyKind::FlatLine && !before.is_nan() {
                lines += 1;
                let stretch = &series.values[anomaly.span.clone()];
                let mut present = stretch.iter().filter(|value| !value.is_nan());
                assert!(present.all(|value| value.to_bits() == before.to_bits()));
            }
        }
    }
    assert!(lines > 20, "{lines}");
}

#[test]
fn too_short_a_series_is_refused_with_the_remedy() {
    let error = Mixture::new(Cadence::Hourly).with_steps(503).unwrap_err();
    assert_eq!(
        error.to_string(),
        "steps is 503, outside 504 to 100000 hours; three of the longest season are the least that shows one"
    );
    for (cadence, least) in [
        (Cadence::Daily, 40),
        (Cadence::Hourly, 504),
        (Cadence::Weekly, 156),
    ] {
        let mixture = Mixture::new(cadence).with_steps(least).unwrap();
        assert!((0..200).all(|index| mixture.draw(1, 0, index).len() == least));
    }
}
