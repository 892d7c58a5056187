//! Law 1 for every detector of this crate, with parameters that reach every path.

use tuatara_core::{BuildContext, Component, Detector, Params, Pattern};
use tuatara_rules::{AbsoluteChangeRuleParams, PercentageRuleParams, ThresholdParams};
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
fn a_rule_without_a_number_keeps_law_1_and_finds_nothing() {
    let rule = detector(PercentageRuleParams::default());
    assert_eq!(check_detector("PERCENTAGE_RULE", &*rule).anomalous, 0);
}
