//! Law 2 for the rules and filters of this crate.

use tuatara_core::{BuildContext, Component, Detector, Filter, Params, Pattern};
use tuatara_rules::{
    AbsoluteChangeFilterParams, DurationFilterParams, FlatlineParams, MissingDataParams,
    PercentageChangeFilterParams, PercentageRuleParams, SeverityThreshold, SeverityThresholds,
    SitewideImpactFilterParams, ThresholdParams, ThresholdRuleFilterParams,
    ThresholdSeverityLabelerParams, TimeOfWeekFilterParams, VolumeFilterParams,
};
use tuatara_testkit::{check_fold, check_labelers};

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

fn filter<P: Params>(params: P) -> Box<dyn Filter> {
    match params
        .build(&BuildContext::new("tried"))
        .expect("the parameters are valid")
        .into()
    {
        Component::Filter(filter) => filter,
        other => panic!("{other:?} is no filter"),
    }
}

fn detectors() -> [Box<dyn Detector>; 2] {
    [
        detector(ThresholdParams {
            min: Some(95.0),
            max: Some(125.0),
        }),
        detector(PercentageRuleParams {
            offset: "median3d".to_owned(),
            percentage_change: Some(0.05),
            ..Default::default()
        }),
    ]
}

fn change(offset: Option<&str>, threshold: f64, pattern: Pattern) -> Box<dyn Filter> {
    filter(PercentageChangeFilterParams {
        threshold: Some(threshold),
        offset: offset.map(str::to_owned),
        pattern,
        ..Default::default()
    })
}

#[test]
fn duration_filters_keep_law_2() {
    let between = |min: &str, max: &str| {
        filter(DurationFilterParams {
            min_duration: min.to_owned(),
            max_duration: max.to_owned(),
        })
    };
    let (hours, days, weeks) = (
        between("30m", "6h"),
        between("2d", "9d"),
        between("0s", "60d"),
    );
    let [threshold, percentage] = detectors();
    let report = check_fold(
        "duration",
        &[&*threshold, &*percentage],
        &[
            ("hours:DURATION_FILTER", &*hours),
            ("days:DURATION_FILTER", &*days),
            ("weeks:DURATION_FILTER", &*weeks),
        ],
    );
    assert!(
        report.retracted > 20 && report.removed > 100 && report.delayed > 20,
        "{report}"
    );
}

#[test]
fn percentage_change_filters_keep_law_2() {
    let own = change(None, 0.1, Pattern::UpOrDown);
    let day = change(Some("do1d"), 0.05, Pattern::Up);
    let month = change(Some("median3w"), 0.02, Pattern::UpOrDown);
    let [threshold, percentage] = detectors();
    let report = check_fold(
        "change",
        &[&*threshold, &*percentage],
        &[
            ("own:PERCENTAGE_CHANGE_FILTER", &*own),
            ("day:PERCENTAGE_CHANGE_FILTER", &*day),
            ("month:PERCENTAGE_CHANGE_FILTER", &*month),
        ],
    );
    assert!(
        report.retracted > 20 && report.removed > 100 && report.delayed > 20,
        "{report}"
    );
}

#[test]
fn absolute_change_filters_keep_law_2() {
    let change = |offset: Option<&str>, threshold, pattern| {
        filter(AbsoluteChangeFilterParams {
            threshold: Some(threshold),
            offset: offset.map(str::to_owned),
            pattern,
            ..Default::default()
        })
    };
    let own = change(None, 12.0, Pattern::UpOrDown);
    let day = change(Some("do1d"), 30.0, Pattern::Up);
    let weeks = change(Some("max3w"), 8.0, Pattern::UpOrDown);
    let [threshold, percentage] = detectors();
    let report = check_fold(
        "difference",
        &[&*threshold, &*percentage],
        &[
            ("own:ABSOLUTE_CHANGE_FILTER", &*own),
            ("day:ABSOLUTE_CHANGE_FILTER", &*day),
            ("weeks:ABSOLUTE_CHANGE_FILTER", &*weeks),
        ],
    );
    assert!(
        report.retracted > 20 && report.removed > 100 && report.delayed > 20,
        "{report}"
    );
}

/// The site and the volume are the series itself: the battery gives it as every other one.
#[test]
fn filters_that_look_at_another_series_keep_law_2() {
    let impact = |offset: Option<&str>, threshold| {
        filter(SitewideImpactFilterParams {
            threshold: Some(threshold),
            offset: offset.map(str::to_owned),
            ..Default::default()
        })
    };
    let (own, weeks) = (impact(None, 0.1), impact(Some("mean2w"), 0.05));
    let volume = filter(VolumeFilterParams {
        metric: Some("metric".to_owned()),
        min_value: Some(150.0),
        ..Default::default()
    });
    let [threshold, percentage] = detectors();
    let report = check_fold(
        "site",
        &[&*threshold, &*percentage],
        &[
            ("own:SITEWIDE_IMPACT_FILTER", &*own),
            ("weeks:SITEWIDE_IMPACT_FILTER", &*weeks),
            ("volume:VOLUME_FILTER", &*volume),
        ],
    );
    assert!(
        report.retracted > 10 && report.removed > 100 && report.delayed > 10,
        "{report}"
    );
}

#[test]
fn filters_by_value_and_by_time_of_week_keep_law_2() {
    let value = filter(ThresholdRuleFilterParams {
        max_value: Some(330.0),
        min_value_daily: Some(90.0),
        max_value_hourly: Some(4_000.0),
        ..Default::default()
    });
    let time = filter(TimeOfWeekFilterParams {
        ignore_hours: vec!["0-9".parse().expect("a span of hours")],
        ignore_days: vec!["SATURDAY".parse().expect("a day")],
    });
    let [threshold, percentage] = detectors();
    let report = check_fold(
        "value",
        &[&*threshold, &*percentage],
        &[
            ("value:THRESHOLD_RULE_FILTER", &*value),
            ("time:TIME_OF_WEEK_FILTER", &*time),
        ],
    );
    assert!(
        report.retracted > 10 && report.removed > 100 && report.delayed > 10,
        "{report}"
    );
}

#[test]
fn filters_together_keep_law_2() {
    let own = change(None, 0.1, Pattern::Down);
    let hours = filter(DurationFilterParams {
        min_duration: "PT2H".to_owned(),
        ..Default::default()
    });
    let report = check_fold("both", &[], &[("change", &*own), ("duration", &*hours)]);
    assert!(report.events > 1_000, "{report}");
}

#[test]
fn severities_that_rise_and_fall_keep_law_2() {
    let half_a_day = Some("PT12H".to_owned());
    let bar = |change, duration| Some(SeverityThreshold { change, duration });
    let labeler = ThresholdSeverityLabelerParams {
        severity: SeverityThresholds {
            critical: bar(Some(0.5), None),
            high: bar(Some(0.2), half_a_day),
            low: bar(Some(0.01), None),
            ..Default::default()
        },
    };
    let labeler = labeler
        .build(&BuildContext::new("size"))
        .expect("the parameters are valid");
    let hours = filter(DurationFilterParams {
        min_duration: "PT2H".to_owned(),
        ..Default::default()
    });
    let report = check_labelers(
        "severity",
        &[("hours:DURATION_FILTER", &*hours)],
        &[("size:THRESHOLD_SEVERITY_LABELER", &*labeler)],
    );
    assert!(report.events > 1_000, "{report}");
}

#[test]
fn anomalies_without_a_value_or_an_expectation_keep_law_2() {
    let missing = detector(MissingDataParams {
        lookback: "P31D".to_owned(),
        ..Default::default()
    });
    let flat = detector(FlatlineParams {
        min_duration: "PT2H".to_owned(),
        lookback: "P100D".to_owned(),
        factor: 1.0,
        tolerance: 2.0,
        ..Default::default()
    });
    let own = change(None, 0.1, Pattern::UpOrDown);
    let hours = filter(DurationFilterParams {
        min_duration: "PT2H".to_owned(),
        ..Default::default()
    });
    let report = check_fold(
        "neither",
        &[&*missing, &*flat],
        &[
            ("own:PERCENTAGE_CHANGE_FILTER", &*own),
            ("hours:DURATION_FILTER", &*hours),
        ],
    );
    assert!(report.events > 1_000, "{report}");
}
