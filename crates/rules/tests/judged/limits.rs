//! `THRESHOLD_RULE_FILTER` and `VOLUME_FILTER`.

use tuatara_core::Params;
use tuatara_frame::{Aggregation, SliceKey};
use tuatara_rules::{ThresholdRuleFilterParams, VolumeFilterParams};

use crate::case::{Case, NAN, axis, filter, refused, words};

fn volume() -> VolumeFilterParams {
    VolumeFilterParams {
        metric: Some("visits".to_owned()),
        ..Default::default()
    }
}

#[test]
fn a_sum_is_held_against_limits_as_a_whole_per_hour_and_per_day() {
    // 3000 in two hours: 1500 an hour, 36000 a day.
    let case = Case::hourly(&[1000.0, 2000.0]);
    let judged = |params| words(&case.judge(&*filter(params), 0..2, NAN));
    let hourly = |min, max| ThresholdRuleFilterParams {
        min_value_hourly: min,
        max_value_hourly: max,
        ..Default::default()
    };
    assert_eq!(
        judged(hourly(Some(1000.0), Some(2000.0))),
        "kept, value per hour 1500: the value was 1500 per hour in PT2H, 1000 to 2000 is asked"
    );
    assert_eq!(
        judged(hourly(Some(1500.0), None)),
        "kept, value per hour 1500: the value was 1500 per hour in PT2H, at least 1500 is asked"
    );
    assert_eq!(
        judged(hourly(None, Some(1499.0))),
        "dropped, value per hour 1500: the value was 1500 per hour in PT2H, at most 1499 is asked"
    );
    let daily = ThresholdRuleFilterParams {
        min_value: Some(2000.0),
        min_value_daily: Some(40_000.0),
        ..Default::default()
    };
    assert_eq!(
        judged(daily),
        "dropped, value per day 36000: the value was 36000 per day in PT2H, at least 40000 is asked"
    );
    let whole = ThresholdRuleFilterParams {
        max_value: Some(3000.0),
        ..Default::default()
    };
    assert_eq!(
        judged(whole),
        "kept, value 3000: the value was 3000 in PT2H, at most 3000 is asked"
    );
}

#[test]
fn what_does_not_add_up_is_not_divided_by_time() {
    let case = Case::hourly(&[10.0, 30.0]).folded_by(Aggregation::Mean);
    let params = ThresholdRuleFilterParams {
        min_value_hourly: Some(15.0),
        max_value_daily: Some(25.0),
        ..Default::default()
    };
    assert_eq!(
        words(&case.judge(&*filter(params), 0..2, NAN)),
        "kept, value 20: the value was 20 in PT2H, at least 15 is asked"
    );
}

#[test]
fn a_day_with_23_hours_has_a_rate_of_23_hours() {
    // 29 March 2026 in Berlin: the 84th day from 5 January.
    let mut values = vec![0.0; 84];
    values[83] = 2300.0;
    let case = Case::on(axis("P1D", "Europe/Berlin", 84), &values);
    let params = ThresholdRuleFilterParams {
        min_value_hourly: Some(100.0),
        ..Default::default()
    };
    assert_eq!(
        words(&case.judge(&*filter(params), 83..84, NAN)),
        "kept, value per hour 100: the value was 100 per hour in PT23H, at least 100 is asked"
    );
}

#[test]
fn limits_that_are_not_set_or_cannot_be_measured_keep_everything() {
    let limits = ThresholdRuleFilterParams {
        min_value: Some(1.0),
        ..Default::default()
    };
    let missing = Case::hourly(&[NAN]);
    assert_eq!(
        words(&missing.judge(&*filter(limits), 0..1, NAN)),
        "kept, value NaN: the value was not measured"
    );
    let unset = ThresholdRuleFilterParams::default();
    assert_eq!(unset.warnings().len(), 1);
    assert_eq!(
        words(&Case::hourly(&[5.0]).judge(&*filter(unset), 0..1, NAN)),
        "kept, value 5: the value was 5, no limit is set"
    );
}

#[test]
fn limits_that_no_value_can_keep_are_refused() {
    let exchanged = ThresholdRuleFilterParams {
        min_value_daily: Some(2000.0),
        max_value_daily: Some(1000.0),
        ..Default::default()
    };
    assert_eq!(
        refused(exchanged),
        "minValueDaily is 2000; allowed: a number up to maxValueDaily, which is 1000; \
         exchange the two"
    );
    let infinite = ThresholdRuleFilterParams {
        max_value: Some(f64::INFINITY),
        ..Default::default()
    };
    assert_eq!(
        refused(infinite),
        "maxValue is inf; allowed: a finite number; leave it out where nothing is asked"
    );
}

#[test]
fn too_little_of_another_metric_drops_an_anomaly() {
    // A rate of 0.5, over two hours with 30 + 50 visits.
    let case = Case::hourly(&[0.5, 0.5])
        .folded_by(Aggregation::Mean)
        .beside(&[30.0, 50.0]);
    let judged = |params| words(&case.judge(&*filter(params), 0..2, NAN));
    assert_eq!(
        judged(VolumeFilterParams {
            min_value: Some(80.0),
            ..volume()
        }),
        "kept, volume 80: visits{country=us} was 80 in PT2H, at least 80 is asked"
    );
    assert_eq!(
        judged(VolumeFilterParams {
            min_value_hourly: Some(41.0),
            ..volume()
        }),
        "dropped, volume per hour 40: visits{country=us} was 40 per hour in PT2H, \
         at least 41 is asked"
    );
    let unmeasured = Case::hourly(&[0.5]).beside(&[NAN]);
    let params = VolumeFilterParams {
        min_value: Some(80.0),
        ..volume()
    };
    assert_eq!(
        words(&unmeasured.judge(&*filter(params), 0..1, NAN)),
        "kept, volume NaN: visits{country=us} was not measured"
    );
}

#[test]
fn the_volume_is_that_of_the_same_slice_unless_filters_are_given() {
    let needs = |params: VolumeFilterParams| {
        let slice = SliceKey::new("rate").with("country", "us");
        let axis = axis("PT1H", "UTC", 1);
        let needs = filter(params).needs(&slice, &axis).unwrap();
        let [other] = needs.others() else {
            panic!("one volume: {needs:?}")
        };
        (other.dataset.clone(), other.slice.to_string())
    };
    assert_eq!(needs(volume()), (None, "visits{country=us}".to_owned()));
    let whole = VolumeFilterParams {
        filters: Some([].into()),
        dataset: Some("traffic".to_owned()),
        ..volume()
    };
    assert_eq!(
        needs(whole),
        (Some("traffic".to_owned()), "visits".to_owned())
    );
    assert_eq!(
        refused(VolumeFilterParams::default()),
        "metric is not set; allowed: the name of a metric; add `metric:` with what there has to \
         be enough of"
    );
    assert_eq!(volume().warnings().len(), 1, "no limit is set");
}
