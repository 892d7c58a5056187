//! Law 1 for every detector of this crate, with parameters that reach every path.

use tuatara_core::{BuildContext, Component, Detector, Params, Pattern};
use tuatara_rules::{
    AbsoluteChangeRuleParams, DataSlaParams, FlatlineParams, MeanVarianceRuleParams,
    MissingDataParams, PercentageRuleParams, RobustZscoreParams, ThresholdParams, ZeroRuns,
};
use tuatara_testkit::check_detector;

fn detector<P: Params>(params: P) -> Box<dyn Detector> {
    match params
        .build(&BuildContext::new("tried"))
        .expect("the parameters are valid")
        .into()
    {
        Component::Detector(detector) => detector,
        other => panic!("{other:?} is no detector"),
    }
}

fn percentage(offset: &str, pattern: Pattern, min_lags: Option<u32>) -> Box<dyn Detector> {
    detector(PercentageRuleParams {
        offset: offset.to_owned(),
        percentage_change: Some(0.2),
        pattern,
        min_lags,
    })
}

fn check(name: &str, detector: &dyn Detector) {
    let report = check_detector(name, detector);
    assert!(
        report.anomalous > 100,
        "too few anomalies to mean something: {report}"
    );
}

#[test]
fn threshold_keeps_law_1() {
    for (min, max) in [
        (Some(90.0), Some(130.0)),
        (None, Some(120.0)),
        (Some(0.0), None),
    ] {
        check("THRESHOLD", &*detector(ThresholdParams { min, max }));
    }
}

#[test]
fn percentage_rule_over_one_week_keeps_law_1() {
    check(
        "PERCENTAGE_RULE wo1w",
        &*percentage("wo1w", Pattern::UpOrDown, None),
    );
}

#[test]
fn percentage_rule_over_the_median_of_four_weeks_keeps_law_1() {
    check(
        "PERCENTAGE_RULE median4w",
        &*percentage("median4w", Pattern::UpOrDown, None),
    );
}

#[test]
fn percentage_rule_over_months_and_years_keeps_law_1() {
    check(
        "PERCENTAGE_RULE mo1m",
        &*percentage("mo1m", Pattern::Up, None),
    );
    check(
        "PERCENTAGE_RULE yo1y",
        &*percentage("yo1y", Pattern::Down, None),
    );
}

#[test]
fn percentage_rule_that_requires_lags_keeps_law_1() {
    check(
        "PERCENTAGE_RULE median4w of 3",
        &*percentage("median4w", Pattern::Down, Some(3)),
    );
    check(
        "PERCENTAGE_RULE mean3d of 2",
        &*percentage("mean3d", Pattern::Up, Some(2)),
    );
}

#[test]
fn absolute_change_rule_keeps_law_1() {
    for (offset, pattern) in [
        ("do1d", Pattern::Up),
        ("ho1h", Pattern::UpOrDown),
        ("mean3d", Pattern::Down),
        ("max5h", Pattern::Up),
        ("min2w", Pattern::Down),
    ] {
        let rule = detector(AbsoluteChangeRuleParams {
            offset: offset.to_owned(),
            absolute_change: Some(10.0),
            pattern,
            min_lags: None,
        });
        check(&format!("ABSOLUTE_CHANGE_RULE {offset}"), &*rule);
    }
}

#[test]
fn mean_variance_rule_keeps_law_1() {
    for (lookback, sensitivity, pattern) in [(9, 10.0, Pattern::UpOrDown), (15, 0.0, Pattern::Down)]
    {
        let rule = detector(MeanVarianceRuleParams {
            lookback,
            sensitivity,
            pattern,
        });
        check(&format!("MEAN_VARIANCE_RULE {lookback}"), &*rule);
    }
}

#[test]
fn robust_zscore_keeps_law_1() {
    for (lookback, min_values, pattern) in [
        (None, 8, Pattern::UpOrDown),
        (Some("P10D"), 3, Pattern::Up),
        (Some("12h"), 5, Pattern::Down),
    ] {
        let rule = detector(RobustZscoreParams {
            threshold: 2.0,
            lookback: lookback.map(str::to_owned),
            min_values,
            pattern,
            ..Default::default()
        });
        check(&format!("ROBUST_ZSCORE {lookback:?}"), &*rule);
    }
}

#[test]
fn robust_zscore_by_season_keeps_law_1() {
    for (season, lookback, around, min_values) in
        [("P7D", "P28D", "1h", 4), ("P1D", "P6D", "3h", 4)]
    {
        let rule = detector(RobustZscoreParams {
            threshold: 1.5,
            season: Some(season.to_owned()),
            lookback: Some(lookback.to_owned()),
            around: around.to_owned(),
            min_values,
            ..Default::default()
        });
        check(&format!("ROBUST_ZSCORE season {season}"), &*rule);
    }
}

#[test]
fn flatline_keeps_law_1() {
    for (min_duration, lookback, factor, tolerance, zeros) in [
        ("1h", "P28D", 1.0, 0.0, ZeroRuns::Count),
        ("30m", "P2D", 1.0, 2.0, ZeroRuns::Ignore),
        ("2h", "10h", 1.5, 0.5, ZeroRuns::Count),
    ] {
        let rule = detector(FlatlineParams {
            min_duration: min_duration.to_owned(),
            tolerance,
            lookback: lookback.to_owned(),
            factor,
            zeros,
        });
        check(&format!("FLATLINE {lookback}"), &*rule);
    }
}

#[test]
fn missing_data_keeps_law_1() {
    for (min_duration, lookback) in [("0s", "P28D"), ("0s", "P7D"), ("2h", "P14D")] {
        let rule = detector(MissingDataParams {
            min_duration: min_duration.to_owned(),
            lookback: lookback.to_owned(),
        });
        check(&format!("MISSING_DATA {lookback}"), &*rule);
    }
}

#[test]
fn data_sla_keeps_law_1() {
    for sla in ["1h", "3_DAYS", "P1D"] {
        let rule = detector(DataSlaParams {
            sla: sla.to_owned(),
        });
        check(&format!("DATA_SLA {sla}"), &*rule);
    }
}

#[test]
fn a_rule_without_a_number_keeps_law_1_and_finds_nothing() {
    let rule = detector(PercentageRuleParams::default());
    assert_eq!(check_detector("PERCENTAGE_RULE", &*rule).anomalous, 0);
}
