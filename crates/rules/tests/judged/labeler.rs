//! `THRESHOLD_SEVERITY_LABELER`.

use tuatara_core::{Component, Label, Memo, Params};
use tuatara_rules::{SeverityThreshold, SeverityThresholds, ThresholdSeverityLabelerParams};

use crate::case::{Case, NAN, component, refused};

fn asks(change: Option<f64>, duration: Option<&str>) -> Option<SeverityThreshold> {
    Some(SeverityThreshold {
        change,
        duration: duration.map(str::to_owned),
    })
}

/// Critical from 50 %, high from 20 % or three hours, low from an hour.
fn ladder() -> SeverityThresholds {
    SeverityThresholds {
        critical: asks(Some(0.5), None),
        high: asks(Some(0.2), Some("PT3H")),
        low: asks(None, Some("3600000")),
        ..Default::default()
    }
}

fn params(severity: SeverityThresholds) -> ThresholdSeverityLabelerParams {
    ThresholdSeverityLabelerParams { severity }
}

/// The label of the first `hours` of `case`, for which `expected` was expected.
fn label(severity: SeverityThresholds, case: &Case, hours: usize, expected: f64) -> String {
    let Component::Labeler(labeler) = component(params(severity)).unwrap() else {
        panic!("it builds a labeler")
    };
    let anomaly = case.anomaly(0..hours, expected);
    let Label {
        severity,
        quantity,
        value,
        reason,
        ..
    } = labeler
        .label(&anomaly, &case.evidence(0..hours), &mut Memo::default())
        .unwrap();
    format!("{severity}, {quantity} {value}: {reason}")
}

#[test]
fn the_highest_severity_that_is_reached_is_given() {
    let judged = |value, expected| label(ladder(), &Case::hourly(&[value]), 1, expected);
    assert_eq!(
        judged(50.0, 100.0),
        "critical, change 0.5: it changed by 50 %, critical from 50 %"
    );
    assert_eq!(
        judged(120.0, 100.0),
        "high, change 0.2: it changed by 20 %, high from 20 %"
    );
    assert_eq!(
        judged(110.0, 100.0),
        "low, duration in ms 3600000: it lasted PT1H, low from PT1H"
    );
}

#[test]
fn the_severity_grows_with_the_anomaly() {
    // 10 % above 100 in each hour: low after one, high after three.
    let case = Case::hourly(&[110.0; 3]);
    let judged = |hours: u8| label(ladder(), &case, hours.into(), 100.0 * f64::from(hours));
    assert!(judged(1).starts_with("low"), "{}", judged(1));
    assert!(judged(2).starts_with("low"), "{}", judged(2));
    assert_eq!(
        judged(3),
        "high, duration in ms 10800000: it lasted PT3H, high from PT3H"
    );
}

#[test]
fn where_nothing_is_reached_the_severity_is_the_default_one() {
    let only_large = SeverityThresholds {
        high: asks(Some(0.5), None),
        ..Default::default()
    };
    assert_eq!(
        label(only_large, &Case::hourly(&[110.0]), 1, 100.0),
        "default, change 0.1: it changed by 10 % and lasted PT1H, which no severity asks for"
    );
}

#[test]
fn without_an_expectation_the_default_severity_has_the_duration_for_its_reason() {
    let only_large = SeverityThresholds {
        high: asks(Some(0.5), None),
        ..Default::default()
    };
    assert_eq!(
        label(only_large, &Case::hourly(&[5.0; 5]), 5, NAN),
        "default, duration in ms 18000000: it lasted PT5H, and there is no expectation to measure \
         a change from"
    );
}

/// Q35: `change: 1` was an error, and a negative baseline was never labelled.
#[test]
fn a_whole_number_is_a_change_and_it_is_divided_by_the_magnitude() {
    let text = r#"{"severity": {"high": {"change": 1}}}"#;
    let read: ThresholdSeverityLabelerParams = serde_json::from_str(text).unwrap();
    assert_eq!(
        label(read.severity, &Case::hourly(&[-300.0]), 1, -100.0),
        "high, change 2: it changed by 200 %, high from 100 %"
    );
}

#[test]
fn without_an_expectation_the_duration_alone_counts_and_from_nothing_every_change_does() {
    let silent = Case::hourly(&[NAN; 3]);
    assert_eq!(
        label(ladder(), &silent, 3, NAN),
        "high, duration in ms 10800000: it lasted PT3H, high from PT3H"
    );
    assert_eq!(
        label(ladder(), &Case::hourly(&[1.0]), 1, 0.0),
        "critical, change inf: it changed by ∞ %, critical from 50 %"
    );
    let calm = label(ladder(), &Case::hourly(&[0.0]), 1, 0.0);
    assert!(calm.starts_with("low"), "{calm}");
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_place() {
    let change = SeverityThresholds {
        high: asks(Some(-0.1), None),
        ..Default::default()
    };
    assert_eq!(
        refused(params(change)),
        "severity.high.change is -0.1; allowed: a number in [0, ∞); 0.3 is a change of 30 %"
    );
    let duration = |text| SeverityThresholds {
        low: asks(None, Some(text)),
        ..Default::default()
    };
    assert_eq!(
        refused(params(duration("-5"))),
        "severity.low.duration is -5; allowed: a duration of 0 or more; leave out the sign"
    );
    let words = refused(params(duration("long")));
    assert!(
        words.starts_with("severity.low.duration is long; allowed: milliseconds such as 3600000"),
        "{words}"
    );
}

#[test]
fn a_severity_that_is_never_given_is_doubted() {
    let doubts = |severity| -> Vec<String> {
        let warnings = params(severity).warnings();
        warnings
            .into_iter()
            .map(|warning| format!("{}: {}", warning.key, warning.message))
            .collect()
    };
    assert!(doubts(ladder()).is_empty());
    assert_eq!(
        doubts(SeverityThresholds::default()),
        ["severity: no severity is set, so every anomaly keeps the default one"]
    );
    let upside_down = SeverityThresholds {
        critical: asks(Some(0.1), None),
        medium: asks(Some(0.2), None),
        low: asks(None, None),
        ..Default::default()
    };
    assert_eq!(
        doubts(upside_down),
        [
            "severity.medium: a higher severity asks for no more than medium, which is never given",
            "severity.low: low asks for nothing, so it is never given"
        ]
    );
    let percent = SeverityThresholds {
        high: asks(Some(30.0), None),
        ..Default::default()
    };
    assert_eq!(
        doubts(percent),
        ["severity.high.change: change 30 is a change of 3000 %"]
    );
}
