//! `MEAN_VARIANCE_RULE`.

use tuatara_core::{Direction, Pattern, Verdict};
use tuatara_rules::MeanVarianceRuleParams;

use crate::judged::{GONE, built, close, days, facts, found, refused, rows};

/// Changes of +10 % and −10 %: mean 0, deviation √0.02; the last value is 99.
const UP_AND_DOWN: [f64; 3] = [100.0, 110.0, 99.0];

fn with_sensitivity(sensitivity: f64) -> MeanVarianceRuleParams {
    MeanVarianceRuleParams {
        sensitivity,
        ..Default::default()
    }
}

/// The row of `value` after [`UP_AND_DOWN`].
fn after_up_and_down(params: MeanVarianceRuleParams, value: f64) -> tuatara_core::Row {
    let [a, b, c] = UP_AND_DOWN;
    rows(&*built(params), &days(&[a, b, c, value]))[3]
}

#[test]
fn the_last_value_is_expected_to_change_as_it_usually_does() {
    for (sensitivity, factor) in [(0.0, 1.5), (5.0, 1.0), (10.0, 0.5)] {
        let row = after_up_and_down(with_sensitivity(sensitivity), 99.0);
        let width = factor * 99.0 * 0.02_f64.sqrt();
        assert!(close(row.expected, 99.0), "{row:?}");
        assert!(close(row.upper - row.expected, width), "{row:?}");
        assert!(close(row.expected - row.lower, width), "{row:?}");
    }
    // ±14.0007.
    let verdict = |value| after_up_and_down(with_sensitivity(5.0), value).verdict;
    assert_eq!(verdict(113.0), Verdict::Normal);
    assert_eq!(verdict(113.1), Verdict::Anomalous(Direction::Up));
    assert_eq!(verdict(84.9), Verdict::Anomalous(Direction::Down));
}

#[test]
fn growth_is_expected_to_go_on() {
    // Ten per cent a day, nine times; then as much again, and a standstill.
    let mut values: Vec<f64> = (0..10).map(|day| 100.0 * 1.1_f64.powi(day)).collect();
    values.push(values[9] * 1.1);
    let row = rows(&*built(MeanVarianceRuleParams::default()), &days(&values))[10];
    assert!((row.expected / values[10] - 1.0).abs() < 1e-12);
}

#[test]
fn quirk_22_a_constant_series_is_normal() {
    // Predicted 5, error 0: theirs flags |5 − 5| ≥ 0, every point; ours what lies outside [5, 5].
    let constant = days(&[5.0; 30]);
    let theirs = |current: f64, predicted: f64, error: f64| (current - predicted).abs() >= error;
    assert!(theirs(5.0, 5.0, 0.0));
    assert!(found(&*built(MeanVarianceRuleParams::default()), &constant).is_empty());
}

#[test]
fn a_negative_value_has_a_band_too() {
    let negative = UP_AND_DOWN.map(|value| -value);
    let series = days(&[negative[0], negative[1], negative[2], -99.0]);
    let row = rows(&*built(MeanVarianceRuleParams::default()), &series)[3];
    // Theirs has the error 99 · s with the sign of −99, so every value is at least as far away.
    assert_eq!(row.verdict, Verdict::Normal);
    assert!(close(row.upper - row.lower, 2.0 * 99.0 * 0.02_f64.sqrt()));
}

#[test]
fn a_change_from_zero_counts_as_none() {
    // 0 → 5 is no change, as are 5 → 5 → 5: ŷ = 5 ± 0.
    let series = days(&[0.0, 5.0, 5.0, 5.0, 5.1]);
    let rows = rows(&*built(MeanVarianceRuleParams::default()), &series);
    assert_eq!(rows[3].verdict, Verdict::Normal);
    assert_eq!(rows[4].verdict, Verdict::Anomalous(Direction::Up));
}

#[test]
fn two_changes_are_needed() {
    let rows = rows(
        &*built(MeanVarianceRuleParams::default()),
        &days(&[GONE, 100.0, 110.0, 99.0, 99.0]),
    );
    let warming = |have| Verdict::WarmingUp { have, need: 3 };
    let verdicts: Vec<Verdict> = rows.iter().map(|row| row.verdict).collect();
    assert_eq!(
        verdicts,
        [
            Verdict::Missing,
            warming(0),
            warming(1),
            warming(2),
            Verdict::Normal
        ]
    );
}

#[test]
fn lookback_counts_values_over_gaps() {
    // The nine before the last: 100 and 110 by turns. What lies before, and the gap, do not count.
    let mut values = vec![1.0, 900.0, 3.0, GONE, GONE];
    values.extend([
        100.0, 110.0, 100.0, 110.0, 100.0, 110.0, 100.0, 110.0, 100.0,
    ]);
    let params = MeanVarianceRuleParams {
        lookback: 9,
        ..Default::default()
    };
    let alone = days(&[&values[5..], &[110.0]].concat());
    let with_more = days(&[&values[..], &[110.0]].concat());
    let last = |series| *rows(&*built(params), series).last().unwrap();
    assert_eq!(last(&alone), last(&with_more));
}

#[test]
fn only_the_side_of_the_pattern_counts() {
    let params = MeanVarianceRuleParams {
        pattern: Pattern::Up,
        ..Default::default()
    };
    assert_eq!(after_up_and_down(params, 10.0).verdict, Verdict::Normal);
    assert!(after_up_and_down(params, 190.0).verdict.is_anomalous());
}

#[test]
fn the_facts_say_how_values_change() {
    let series = days(&[UP_AND_DOWN[0], UP_AND_DOWN[1], UP_AND_DOWN[2], 99.0]);
    let facts = facts(&*built(MeanVarianceRuleParams::default()), &series, 3);
    assert_eq!(
        facts[0],
        "the last value is 99; the 2 changes up to it are 0 % on average and deviate from that by \
         14.1421 %"
    );
}

#[test]
fn what_cannot_be_used_is_refused_with_the_remedy() {
    let lookback = MeanVarianceRuleParams {
        lookback: 8,
        ..Default::default()
    };
    assert_eq!(
        refused(lookback),
        "lookback is 8; allowed: a whole number from 9 to 10000; it counts values; 52 is customary"
    );
    for sensitivity in [-0.1, 10.1, f64::NAN] {
        let said = refused(with_sensitivity(sensitivity));
        assert!(said.contains("allowed: a number in [0, 10]"), "{said}");
    }
}
