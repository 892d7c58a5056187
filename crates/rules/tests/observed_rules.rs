//! Rules observed from the original (see `golden/README.md`): every row agrees, but for those that
//! a corrected quirk changes, which are listed here with both answers.

mod observed;

use observed::{Compared, cases, close, compared, judged};
use tuatara_core::Verdict;

/// The dates of those rows for which `holds`.
fn dates(rows: &[Compared], holds: impl Fn(&&Compared) -> bool) -> Vec<&str> {
    rows.iter()
        .filter(holds)
        .map(|row| row.date.as_str())
        .collect()
}

/// Value, expectation and flag of every row; bands are held against what each test says of them.
fn assert_values_and_flags_agree(name: &str, rows: &[Compared]) {
    assert!(!rows.is_empty());
    for row in rows {
        assert!(close(row.ours.observed, row.current), "{name} {row:?}");
        assert!(close(row.ours.expected, row.predicted), "{name} {row:?}");
        assert_eq!(row.ours_flagged(), row.flagged, "{name} {row:?}");
    }
}

#[test]
fn every_case_of_the_four_rules_is_tested_here() {
    assert_eq!(cases().len(), 12);
}

#[test]
fn without_a_number_nothing_is_anomalous_and_there_is_no_band() {
    for name in ["pct_default_nan", "abs_default_nan"] {
        let rows = compared(name);
        for row in &rows {
            assert!(close(row.ours.observed, row.current), "{name} {row:?}");
            assert!(!row.flagged && !row.ours_flagged(), "{name} {row:?}");
            // Quirk 1: without `timezone` theirs looks back in Los Angeles, whose clock changed on
            // the 8th, and finds nothing for the days of the first week; ours keeps the zone of
            // the data.
            let quirk_1 = row.date.as_str() < "2020-03-16";
            assert_eq!(row.predicted.is_nan(), quirk_1, "{name} {row:?}");
            assert!(
                quirk_1 || close(row.ours.expected, row.predicted),
                "{name} {row:?}"
            );
            assert!(row.ours.expected > 0.0, "{name} {row:?}");
            // Theirs has no band, ours one that is open on both sides.
            assert!(row.upper.is_nan() && row.lower.is_nan());
            assert_eq!(row.ours.upper.to_bits(), f64::INFINITY.to_bits());
            assert_eq!(row.ours.lower.to_bits(), f64::NEG_INFINITY.to_bits());
        }
    }
}

#[test]
fn percentage_rule_on_both_sides_agrees_in_every_number() {
    let rows = compared("pct_wo1w_10_tzUTC");
    assert_values_and_flags_agree("pct_wo1w_10_tzUTC", &rows);
    for row in &rows {
        assert!(
            close(row.ours.upper, row.upper) && close(row.ours.lower, row.lower),
            "{row:?}"
        );
    }
    assert_eq!(rows.iter().filter(|row| row.flagged).count(), 4);
}

#[test]
fn quirk_34_a_rule_downwards_is_open_above_in_both() {
    // Theirs: upper = +∞ for DOWN, as ours.
    for name in ["pct_mean3d_down", "abs_down"] {
        let rows = compared(name);
        assert_values_and_flags_agree(name, &rows);
        for row in &rows {
            assert!(close(row.ours.lower, row.lower), "{name} {row:?}");
            assert_eq!(row.upper.to_bits(), f64::INFINITY.to_bits());
            assert_eq!(row.ours.upper.to_bits(), f64::INFINITY.to_bits());
        }
    }
}

#[test]
fn gaps_are_left_out_and_every_row_that_is_there_agrees() {
    let rows = compared("pct_missing");
    // A day whose day of the week before is missing has no baseline in both, and is not anomalous.
    let without: Vec<_> = rows.iter().filter(|row| row.predicted.is_nan()).collect();
    assert!(!without.is_empty());
    for row in &without {
        assert_eq!(row.ours.verdict, Verdict::NoBaseline, "{row:?}");
    }
    for row in &rows {
        assert!(close(row.ours.expected, row.predicted), "{row:?}");
        assert!(
            close(row.ours.upper, row.upper) && close(row.ours.lower, row.lower),
            "{row:?}"
        );
    }
    // Theirs draws an interval up to the next row, whatever lies between (Q6); both flag the same
    // rows, each a row of theirs outside its band.
    assert_values_and_flags_agree("pct_missing", &rows);
}

#[test]
fn quirks_7_and_34_a_rule_upwards_with_a_negative_baseline() {
    let rows = compared("pct_negative");
    let negative = |row: &&Compared| row.predicted < 0.0;
    assert!(rows.iter().any(|row| negative(&row)));
    for row in &rows {
        assert!(close(row.ours.observed, row.current) && close(row.ours.expected, row.predicted));
        // Theirs: upper = base · 2 and lower = 0, even where the value lies below; ours is open
        // below, and base + |base| above.
        assert!(close(row.upper, 2.0 * row.predicted), "{row:?}");
        assert!(close(row.lower, 0.0), "{row:?}");
        assert_eq!(row.ours.lower.to_bits(), f64::NEG_INFINITY.to_bits());
        let upper = row.predicted + row.predicted.abs();
        assert!(close(row.ours.upper, upper), "{row:?}");
        assert_eq!(row.ours_flagged(), row.current > upper, "{row:?}");
    }
    // With a positive baseline both agree: the 15th and 2 April. With a negative one theirs calls
    // the fall from −0.52 to −51.095 on the 25th a rise, and the rises from below zero falls.
    assert_eq!(
        dates(&rows, |row| row.flagged),
        ["2020-03-15", "2020-03-25", "2020-04-02"]
    );
    assert_eq!(
        dates(&rows, |row| row.ours_flagged()),
        [
            "2020-03-12",
            "2020-03-13",
            "2020-03-15",
            "2020-03-17",
            "2020-03-26",
            "2020-03-28",
            "2020-03-30",
            "2020-03-31",
            "2020-04-01",
            "2020-04-02",
            "2020-04-03",
        ]
    );
}

#[test]
fn weeks_summed_from_days_agree_in_every_number() {
    let rows = compared("pct_weekly_mon");
    assert_values_and_flags_agree("pct_weekly_mon", &rows);
    for row in &rows {
        assert!(
            close(row.ours.upper, row.upper) && close(row.ours.lower, row.lower),
            "{row:?}"
        );
    }
}

#[test]
fn threshold_agrees_in_every_number() {
    let rows = compared("thr_minmax");
    assert_values_and_flags_agree("thr_minmax", &rows);
    for row in &rows {
        assert!(
            close(row.ours.upper, row.upper) && close(row.ours.lower, row.lower),
            "{row:?}"
        );
    }
}

#[test]
fn quirk_8_a_threshold_has_the_clamped_value_as_its_expectation_and_a_gap_none() {
    let rows = compared("thr_nan");
    assert_values_and_flags_agree("thr_nan", &rows);
    for row in &rows {
        assert!(close(row.ours.upper, row.upper), "{row:?}");
        // Theirs leaves the side without a limit empty; ours is open.
        assert!(row.lower.is_nan());
        assert_eq!(row.ours.lower.to_bits(), f64::NEG_INFINITY.to_bits());
        assert_eq!(judged(row), !row.current.is_nan(), "{row:?}");
        if judged(row) {
            assert!(close(row.ours.expected, row.current.min(310.0)), "{row:?}");
        }
    }
    assert!(rows.iter().any(|row| row.ours.verdict == Verdict::Missing));
}

#[test]
fn mean_variance_rule_agrees_in_every_number() {
    let rows = compared("mv_default52");
    assert_values_and_flags_agree("mv_default52", &rows);
    for row in &rows {
        assert!(
            close(row.ours.upper, row.upper) && close(row.ours.lower, row.lower),
            "{row:?}"
        );
    }
    assert_eq!(rows.iter().filter(|row| row.flagged).count(), 10);
}

#[test]
fn quirk_34_mean_variance_rule_upwards_is_open_below() {
    let rows = compared("mv_lookback20_s9_up");
    assert_values_and_flags_agree("mv_lookback20_s9_up", &rows);
    for row in &rows {
        assert!(close(row.ours.upper, row.upper), "{row:?}");
        // Theirs draws a lower edge that does not count.
        assert!(close(row.lower, 2.0 * row.predicted - row.upper), "{row:?}");
        assert_eq!(row.ours.lower.to_bits(), f64::NEG_INFINITY.to_bits());
    }
    assert!(rows.iter().any(|row| row.flagged));
}

#[test]
fn quirk_33_a_change_of_exactly_the_percentage_is_normal() {
    // 110 against 100 is a change of 0.1: theirs flags |change| ≥ 0.1, ours what lies above 110.
    let judge = tuatara_core::Judge::default().with_min_rel(0.1).unwrap();
    assert_eq!(judge.row(110.0, 100.0, 0.0).verdict, Verdict::Normal);
    assert!(
        judge
            .row(110.0_f64.next_up(), 100.0, 0.0)
            .verdict
            .is_anomalous()
    );
}
