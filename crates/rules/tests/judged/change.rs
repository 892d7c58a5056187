//! `ABSOLUTE_CHANGE_FILTER`; `PERCENTAGE_CHANGE_FILTER` shares its comparison.

use tuatara_core::{Params, Pattern};
use tuatara_rules::AbsoluteChangeFilterParams;

use crate::case::{Case, NAN, filter, words};

fn absolute(threshold: f64) -> AbsoluteChangeFilterParams {
    AbsoluteChangeFilterParams {
        threshold: Some(threshold),
        ..Default::default()
    }
}

#[test]
fn an_absolute_change_equal_to_the_threshold_is_kept() {
    let case = Case::hourly(&[40.0, 50.0]);
    let asked = |threshold| words(&case.judge(&*filter(absolute(threshold)), 0..2, 100.0));
    assert_eq!(
        asked(10.0),
        "kept, difference -10: 90 is 10 below the expected value, 100, at least 10 is asked"
    );
    assert_eq!(
        asked(10.5),
        "dropped, difference -10: 90 is 10 below the expected value, 100, at least 10.5 is asked"
    );
}

#[test]
fn an_absolute_change_is_judged_by_the_threshold_of_its_side_and_by_the_pattern() {
    let case = Case::hourly(&[110.0]);
    let sides = |up, down| AbsoluteChangeFilterParams {
        up_threshold: up,
        down_threshold: down,
        ..absolute(5.0)
    };
    let kept = |params, expected| case.judge(&*filter(params), 0..1, expected).kept;
    assert!(kept(sides(Some(10.0), Some(20.0)), 100.0));
    assert!(!kept(sides(Some(10.0), Some(20.0)), 120.0));
    assert!(kept(sides(Some(10.0), None), 120.0), "threshold is 5");
    let rises = AbsoluteChangeFilterParams {
        pattern: Pattern::Up,
        ..absolute(5.0)
    };
    let judgement = case.judge(&*filter(rises), 0..1, 120.0);
    assert_eq!(
        words(&judgement),
        "dropped, difference -10: 110 is 10 below the expected value, 120, only UP counts"
    );
}

#[test]
fn an_absolute_change_is_taken_from_the_lagged_range_as_a_whole() {
    // Two days of 30 and 50 after two of 10 and 20: 80 against 10 + 20 one and two days earlier.
    let case = Case::daily(&[10.0, 20.0, 30.0, 50.0]);
    let against = |offset: &str| AbsoluteChangeFilterParams {
        offset: Some(offset.to_owned()),
        ..absolute(45.0)
    };
    let judgement = case.judge(&*filter(against("do2d")), 2..4, NAN);
    assert_eq!(
        words(&judgement),
        "kept, difference 50: 80 is 50 above do2d (1 of 1 lags found), 30, at least 45 is asked"
    );
    // One day earlier 20 + 30, two days earlier 10 + 20: their mean is 40.
    let judgement = case.judge(&*filter(against("mean2d")), 2..4, NAN);
    assert_eq!(
        words(&judgement),
        "dropped, difference 40: 80 is 40 above mean2d (2 of 2 lags found), 40, at least 45 is asked"
    );
}

/// Q36 of the original: a threshold that is not set rejected everything, and so did missing values.
#[test]
fn without_a_threshold_or_a_baseline_every_absolute_change_is_kept() {
    let case = Case::hourly(&[110.0]);
    let unset = AbsoluteChangeFilterParams {
        threshold: Some(NAN),
        ..Default::default()
    };
    assert_eq!(unset.warnings().len(), 1);
    assert_eq!(
        words(&case.judge(&*filter(unset), 0..1, 100.0)),
        "kept, difference 10: 110 is 10 above the expected value, 100, no threshold is set"
    );
    assert_eq!(
        words(&case.judge(&*filter(absolute(1e9)), 0..1, NAN)),
        "kept, difference NaN: there is no value of the expected value to compare with"
    );
}
