//! Baselines observed from the original (see `golden/README.md`): every row agrees, but for those
//! that a corrected quirk changes, which are listed here with both answers.

mod observed;

use observed::{Case, Row};

/// `(local label, theirs, ours)` of the rows that differ; theirs is empty where it has no row.
fn differences(case: &Case) -> Vec<(String, Vec<f64>, f64)> {
    let differ = case.rows().into_iter().filter(|row| !row.agrees());
    differ
        .map(
            |Row {
                 label,
                 theirs,
                 ours,
             }| (label, theirs, ours),
        )
        .collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs()
}

#[test]
fn every_case_is_tested_here() {
    assert_eq!(Case::names().len(), 26);
}

#[test]
fn without_a_clock_change_or_a_month_end_every_row_agrees() {
    for name in [
        // Hours are exact, and UTC has no clock changes.
        "spring_ho1h",
        "spring_mean2h",
        "fall_ho24h",
        "spring_utc_do1d",
        "spring_utc_median4w",
        // The week after: lags cross the change and land on the same label.
        "spring_wk_after_wo1w",
        "fall_wk_after_do1d",
        // Q5: missing lags are left out.
        "gaps_median4w",
        "gaps_mean3d",
        "spring_predicted",
    ] {
        assert_eq!(differences(&Case::read(name)), [], "{name}");
    }
}

#[test]
fn quirk_2_offsets_with_something_around_them_are_refused() {
    // Theirs: `Unsupported offset` for the first, wo1w for the second.
    assert!(
        Case::read("parse_wo0w")
            .refusal()
            .contains("allowed: 1 to 100000")
    );
    assert!(
        Case::read("parse_medianFoowo1w")
            .refusal()
            .contains("is not known")
    );
}

/// The labels of 8 March 2020 after the jump.
fn after_the_jump() -> Vec<String> {
    (3..24)
        .map(|hour| format!("2020-03-08 {hour:02}:00"))
        .collect()
}

#[test]
fn quirk_3_after_the_spring_change_theirs_is_an_hour_late_and_doubles_midnight() {
    for name in [
        "spring_do1d",
        "spring_wo2w",
        "spring_mean4w",
        "spring_min3d",
        "spring_current",
    ] {
        let case = Case::read(name);
        let mut labels = after_the_jump();
        labels.push("2020-03-09 00:00".to_owned());
        let differ = differences(&case);
        let found: Vec<&str> = differ.iter().map(|(label, ..)| label.as_str()).collect();
        assert_eq!(found, labels, "{name}");
        // Theirs at 04:00 is what belongs to 03:00, and so on: ours, one row earlier.
        for pair in differ[..21].windows(2) {
            assert!(close(pair[1].1[0], pair[0].2), "{name} {}", pair[1].0);
        }
        // At midnight they have the row of 23:00 and their own; a detector fails on it.
        let (_, midnight, ours) = &differ[21];
        assert_eq!(midnight.len(), 2, "{name}");
        assert!(
            close(midnight[0], differ[20].2) && close(midnight[1], *ours),
            "{name}"
        );
    }
}

#[test]
fn quirk_3_after_the_spring_change_ours_is_the_value_at_the_same_label() {
    // 03:00 on the 8th: 03:00 on the 7th is 220.56; theirs is that of 02:00, 902.92.
    let day = &differences(&Case::read("spring_do1d"))[0];
    assert!(close(day.2, 220.56) && close(day.1[0], 902.92), "{day:?}");
    let case = Case::read("spring_do1d");
    assert!(close(case.value_at("2020-03-07 03:00"), 220.56));
    assert!(close(case.value_at("2020-03-07 02:00"), 902.92));
    // And so for every row.
    for (name, days) in [
        ("spring_do1d", 1),
        ("spring_wo2w", 14),
        ("spring_current", 0),
    ] {
        let case = Case::read(name);
        for row in case.rows() {
            let value = case.value_days_before(&row.label, days);
            // The 9th has no 02:00 on the 8th to look at.
            let skipped = name == "spring_do1d" && row.label == "2020-03-09 02:00";
            assert_eq!(
                (value.is_infinite(), row.ours.is_nan()),
                (skipped, skipped),
                "{row:?}"
            );
            assert!(skipped || close(row.ours, value), "{name} {row:?}");
        }
    }
    let case = Case::read("spring_min3d");
    for row in case.rows() {
        // On the 9th and later, the skipped 02:00 of the 8th is left out.
        let lags = (1..4).map(|days| case.value_days_before(&row.label, days));
        assert!(
            close(row.ours, lags.fold(f64::INFINITY, f64::min)),
            "{row:?}"
        );
    }
    let case = Case::read("spring_mean4w");
    for row in case.rows() {
        let lags = (1..5).map(|weeks| case.value_days_before(&row.label, 7 * weeks));
        assert!(close(row.ours, lags.sum::<f64>() / 4.0), "{row:?}");
    }
}

#[test]
fn quirk_3_after_the_autumn_change_theirs_is_an_hour_early_and_ends_too_soon() {
    for name in ["fall_do1d", "fall_median4w"] {
        let differ = differences(&Case::read(name));
        let day: Vec<_> = differ
            .iter()
            .filter(|(label, ..)| label.starts_with("2020-11-01"))
            .collect();
        let labels: Vec<String> = (1..24)
            .map(|hour| format!("2020-11-01 {hour:02}:00"))
            .collect();
        assert_eq!(
            day.iter().map(|row| row.0.clone()).collect::<Vec<_>>(),
            labels,
            "{name}"
        );
        // From the second 01:00 on, theirs is what belongs to the next hour.
        for pair in day.windows(2) {
            assert!(close(pair[0].1[0], pair[1].2), "{name} {}", pair[0].0);
        }
        assert!(day[22].1.is_empty(), "{name}: theirs has nothing at 23:00");
    }
    // Ours at the second 01:00 is ours at the first: 01:00 the day before, 299.75.
    let case = Case::read("fall_do1d");
    let ones: Vec<f64> = case
        .rows()
        .iter()
        .filter(|row| row.label == "2020-11-01 01:00")
        .map(|row| row.ours)
        .collect();
    assert_eq!(ones.len(), 2);
    assert!(ones.iter().all(|&one| close(one, 299.75)));
}

#[test]
fn quirk_3_a_doubled_hour_of_the_past_is_one_value_and_not_the_mean_of_both() {
    // 1 November has 01:00 twice: 791.06 in summer time, then 640.37. On the 2nd, in winter time,
    // ours is the one with the same offset; theirs is their mean, 715.715.
    let differ = differences(&Case::read("fall_do1d"));
    let (label, theirs, ours) = &differ[23];
    assert_eq!((differ.len(), label.as_str()), (24, "2020-11-02 01:00"));
    assert!(close(theirs[0], (791.06 + 640.37) / 2.0) && close(*ours, 640.37));
    // A week later it is one of the four values of the median, and the only row that differs.
    let differ = differences(&Case::read("fall_wk_after_median4w"));
    let (label, theirs, ours) = &differ[0];
    assert_eq!((differ.len(), label.as_str()), (1, "2020-11-08 01:00"));
    assert!(close(theirs[0], 545.6274999999999) && close(*ours, 507.95500000000004));
    // Only this one of the four changes: half of 715.715 − 640.37 where it is a middle value.
    assert!(((theirs[0] - ours) - (715.715 - 640.37) / 2.0).abs() < 1e-9);
    // The autumn case itself has no such row: its lags end before the doubled hour.
    assert_eq!(differences(&Case::read("fall_median4w")).len(), 23);
}

/// Holds the differing rows of a daily case against `(date, theirs, ours)`.
fn assert_differences(name: &str, expected: &[(&str, &[f64], f64)]) {
    let differ = differences(&Case::read(name));
    assert_eq!(differ.len(), expected.len(), "{name}: {differ:?}");
    for ((label, theirs, ours), (date, their_values, our_value)) in differ.iter().zip(expected) {
        assert_eq!(
            (label, &theirs[..]),
            (&format!("{date} 00:00"), *their_values),
            "{name}"
        );
        assert!(close(*ours, *our_value), "{name} {label}: {ours}");
    }
}

#[test]
fn quirk_4_a_month_end_has_one_value_for_every_day_of_the_longer_month() {
    // 29 February 2020 is 830.12. Theirs maps the last day of February to the last of March alone,
    // so the 29th and 30th have none; ours takes the last day for both.
    let february = 830.12;
    let both: &[(&str, &[f64], f64)] =
        &[("2020-03-29", &[], february), ("2020-03-30", &[], february)];
    assert_differences("daily_mo1m", both);
    assert_differences("daily_mo1m_mar28_apr2", both);
    // 29 and 30 January are 811.59 and 321.34: theirs has only them.
    assert_differences(
        "daily_mean2m",
        &[
            ("2020-03-29", &[811.59], (february + 811.59) / 2.0),
            ("2020-03-30", &[321.34], (february + 321.34) / 2.0),
        ],
    );
    // 29 and 30 December are 229.63 and 446.17: theirs is the mean of the two that are left.
    assert_differences(
        "daily_median3m",
        &[
            ("2020-03-29", &[(811.59 + 229.63) / 2.0], 811.59),
            ("2020-03-30", &[(321.34 + 446.17) / 2.0], 446.17),
        ],
    );
}

#[test]
fn quirk_4_a_shorter_month_has_one_row_for_its_last_day() {
    // 30 March 2019 is 998.08, the 31st 946.29: theirs has both on 30 April; ours the first.
    let april: &[(&str, &[f64], f64)] = &[("2019-04-30", &[998.08, 946.29], 998.08)];
    assert_differences("daily_mo1m_apr29_may2_2019", april);
}

#[test]
fn quirk_4_a_leap_day_takes_the_28th_and_leaves_the_28th_its_own() {
    // 28 February 2019 is 826.8: theirs moves it to the 29th alone; ours serves both days.
    assert_differences("daily_yo1y_feb29", &[("2020-02-28", &[], 826.8)]);
}
