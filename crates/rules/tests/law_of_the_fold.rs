//! Law 2 for the rules and filters of this crate.

use tuatara_core::{BuildContext, Component, Detector, Filter, Params, Pattern};
use tuatara_rules::{
    DurationFilterParams, PercentageChangeFilterParams, PercentageRuleParams, ThresholdParams,
};
use tuatara_testkit::check_fold;

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
fn filters_together_keep_law_2() {
    let own = change(None, 0.1, Pattern::Down);
    let hours = filter(DurationFilterParams {
        min_duration: "PT2H".to_owned(),
        ..Default::default()
    });
    let report = check_fold("both", &[], &[("change", &*own), ("duration", &*hours)]);
    assert!(report.events > 1_000, "{report}");
}
