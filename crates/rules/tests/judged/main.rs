//! What filters and the labeler say of anomalies that were worked out by hand.

mod case;
mod change;
mod labeler;
mod limits;
mod site;
mod times;

use case::{Case, NAN, axis, filter, words};
use tuatara_core::Memo;
use tuatara_rules::{
    AbsoluteChangeFilterParams, DurationFilterParams, PercentageChangeFilterParams,
    SitewideImpactFilterParams, ThresholdRuleFilterParams, VolumeFilterParams,
};

/// As the documentation has it: `minDuration: PT15M` behind `maxGap: 0`.
#[test]
fn a_duration_of_exactly_the_least_is_kept() {
    let case = Case::on(axis("PT5M", "UTC", 12), &[1.0; 12]);
    let quarter = filter(DurationFilterParams {
        min_duration: "PT15M".to_owned(),
        ..Default::default()
    });
    assert!(!case.judge(&*quarter, 0..2, NAN).kept);
    assert_eq!(
        words(&case.judge(&*quarter, 0..3, NAN)),
        "kept, duration in ms 900000: it lasted PT15M, at least PT15M is asked"
    );
}

/// From yesterday: 20 from 10; 100 from 60; 50 from 30; 90 from 80.
#[test]
fn a_memo_never_changes_a_judgement_whichever_bucket_is_asked_about() {
    let case = Case::daily(&[10.0, 20.0, 30.0, 50.0, 40.0]).beside(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let offset = || Some("do1d".to_owned());
    let filters = [
        filter(PercentageChangeFilterParams {
            threshold: Some(0.1),
            offset: offset(),
            ..Default::default()
        }),
        filter(AbsoluteChangeFilterParams {
            offset: offset(),
            threshold: Some(1.0),
            ..Default::default()
        }),
        filter(SitewideImpactFilterParams {
            offset: offset(),
            threshold: Some(1.0),
            ..Default::default()
        }),
        filter(ThresholdRuleFilterParams {
            min_value_daily: Some(25.0),
            ..Default::default()
        }),
        filter(VolumeFilterParams {
            min_value: Some(4.0),
            metric: Some("visits".to_owned()),
            ..Default::default()
        }),
    ];
    for filter in filters {
        let mut memo = Memo::default();
        // On, back, and to an anomaly that starts elsewhere.
        for rows in [1..2, 1..4, 1..3, 3..5] {
            let anomaly = case.anomaly(rows.clone(), NAN);
            let evidence = case.evidence(rows.clone());
            let remembered = filter.judge(&anomaly, &evidence, &mut memo).unwrap();
            let anew = case.judge(&*filter, rows.clone(), NAN);
            assert_eq!(words(&remembered), words(&anew), "{rows:?}");
        }
    }
}
