//! `FLATLINE`.

use tuatara_core::{Direction, Verdict};
use tuatara_rules::{FlatlineParams, ZeroRuns};

use crate::judged::{GONE, built, days, every, facts, found, hours, refused, rows};

/// Buckets of a week of hours.
const WEEK: usize = 168;

/// A week of lookback, four hours at least.
fn weekly() -> FlatlineParams {
    FlatlineParams {
        min_duration: "PT4H".to_owned(),
        lookback: "P7D".to_owned(),
        ..Default::default()
    }
}

/// Values no two neighbours of which are equal.
fn moving(count: usize) -> Vec<f64> {
    (0..count).map(|i| 100.0 + (i * 37 % 101) as f64).collect()
}

/// `count` values that move, and then the last one again, `more` times.
fn stuck(count: usize, more: usize) -> Vec<f64> {
    let mut values = moving(count);
    values.extend(vec![values[count - 1]; more]);
    values
}

#[test]
fn a_value_that_always_moves_and_stops_is_found_when_it_has_lasted() {
    // The value of bucket 199 is there for four hours with bucket 202.
    let series = hours(&[stuck(200, 9), moving(20)].concat());
    assert_eq!(
        found(&*built(weekly()), &series),
        (202..209).collect::<Vec<_>>()
    );
    let rows = rows(&*built(weekly()), &series);
    assert_eq!(rows[202].verdict, Verdict::Anomalous(Direction::Neither));
    // 3 values are the most: 3 · 1, and what lasts less than four hours.
    let score = |i: usize| rows[i].score;
    assert!((score(201) - 1.0).abs() < 1e-12 && (score(202) - 4.0 / 3.0).abs() < 1e-12);
    assert!((score(100) - 1.0 / 3.0).abs() < 1e-12);
    assert!(rows[202].expected.is_nan() && rows[202].lower.is_nan());
}

#[test]
fn counts_that_are_zero_every_night_are_normal() {
    // From ten in the evening to six.
    let mut values = moving(14 * 24);
    let night = |hour: usize| !(6..22).contains(&(hour % 24));
    for (hour, value) in values.iter_mut().enumerate() {
        if night(hour) {
            *value = 0.0;
        }
    }
    assert!(found(&*built(weekly()), &hours(&values)).is_empty());
    // Eight zeros are usual, so 24 are the most: from ten in the evening of day 8 on, the 25th zero
    // comes a day later at ten.
    let evening = 8 * 24 + 22;
    values[evening..evening + 40].fill(0.0);
    let found = found(&*built(weekly()), &hours(&values));
    assert_eq!(found.first(), Some(&(evening + 24)));
    assert_eq!(found.len(), 40 - 24);
}

#[test]
fn readings_of_a_few_levels_repeat_themselves() {
    // Whole numbers from 0 to 3, drawn anew each five minutes, for four weeks.
    let mut draw = tuatara_testkit::Draw::new(3);
    let values: Vec<f64> = (0..8064).map(|_| draw.between(0..4) as f64).collect();
    let params = FlatlineParams {
        min_duration: "PT15M".to_owned(),
        lookback: "P7D".to_owned(),
        ..Default::default()
    };
    assert!(found(&*built(params), &every(5, &values)).is_empty());
}

#[test]
fn a_series_that_was_always_flat_is_normal() {
    let flat = rows(&*built(weekly()), &hours(&[21.5; 400]));
    assert!(flat.iter().all(|row| !row.verdict.is_anomalous()));
    // Three hours are no flat line, whatever was before.
    assert!(flat[..3].iter().all(|row| row.verdict == Verdict::Normal));
    // There is nothing before it: half a lookback is needed.
    let warming = |have| Verdict::WarmingUp { have, need: 84 };
    assert_eq!(
        (flat[3].verdict, flat[100].verdict),
        (warming(0), warming(0))
    );
    // The run at hand is a lookback long by then, and half a lookback before it is as flat.
    assert_eq!(flat[WEEK + 82].verdict, warming(83));
    assert!(
        flat[WEEK + 83..]
            .iter()
            .all(|row| row.verdict == Verdict::Normal)
    );
}

#[test]
fn one_or_two_earlier_failures_hide_nothing() {
    let twice = [stuck(100, 20), stuck(30, 20), stuck(30, 9)].concat();
    let last = twice.len() - 9;
    let found = found(&*built(weekly()), &hours(&twice));
    assert!(found.contains(&(last + 2)), "{found:?}");
    // What has happened three times is usual: 21 in a row, of which the third only has 10.
    let thrice = [
        stuck(100, 20),
        stuck(20, 20),
        stuck(20, 9),
        stuck(20, 9),
        moving(3),
    ]
    .concat();
    let last = thrice.len() - 12;
    let rows = rows(&*built(weekly()), &hours(&thrice));
    assert_eq!(rows[last + 8].verdict, Verdict::Normal);
    assert!((rows[last + 8].score - 10.0 / 30.0).abs() < 1e-12);
}

#[test]
fn stuck_for_good_is_anomalous_for_twice_the_lookback() {
    let found = found(&*built(weekly()), &hours(&stuck(400, 500)));
    // From the fourth equal value on, until fewer than two others lie within two weeks.
    assert_eq!(found, (402..399 + 2 * WEEK - 2).collect::<Vec<_>>());
}

#[test]
fn a_gap_neither_ends_a_run_nor_makes_it_longer() {
    let mut values = stuck(200, 5);
    // The value of bucket 199, five more times, with three missing in between.
    values.splice(201..201, [GONE; 3]);
    let rows = rows(&*built(weekly()), &hours(&values));
    assert!(
        rows[201..204]
            .iter()
            .all(|row| row.verdict == Verdict::Missing)
    );
    // Buckets 199, 200, 204 and 205 are four.
    assert_eq!(rows[204].verdict, Verdict::Normal);
    assert!(rows[205].verdict.is_anomalous());
}

#[test]
fn tolerance_is_the_most_that_any_two_may_differ() {
    let tolerant = FlatlineParams {
        tolerance: 0.5,
        ..weekly()
    };
    let after = |tail: &[f64]| hours(&[&moving(200)[..], tail].concat());
    // Within half a unit, and one that is out of it.
    let jitter = after(&[7.0, 7.3, 6.9, 7.4, 7.0, 7.6, 7.4]);
    assert_eq!(found(&*built(tolerant.clone()), &jitter), [203, 204]);
    assert!(found(&*built(weekly()), &jitter).is_empty());
    // A creeping value is not flat, although each step is small.
    let creep: Vec<f64> = (0..30).map(|i| 7.0 + 0.2 * f64::from(i)).collect();
    assert!(found(&*built(tolerant), &after(&creep)).is_empty());
}

#[test]
fn zeros_can_be_left_out() {
    let mut values = moving(200);
    values.extend([0.0; 30]);
    let ignoring = FlatlineParams {
        zeros: ZeroRuns::Ignore,
        ..weekly()
    };
    assert!(found(&*built(ignoring.clone()), &hours(&values)).is_empty());
    assert_eq!(found(&*built(weekly()), &hours(&values)).len(), 27);
    // Any other value is found all the same.
    let series = hours(&stuck(200, 9));
    assert_eq!(found(&*built(ignoring), &series).len(), 7);
}

#[test]
fn two_equal_days_can_be_enough() {
    let strict = FlatlineParams {
        min_duration: "P2D".to_owned(),
        factor: 1.0,
        ..Default::default()
    };
    assert_eq!(found(&*built(strict), &days(&stuck(40, 2))), [40, 41]);
}

#[test]
fn the_facts_say_how_long_and_what_is_usual() {
    let series = hours(&stuck(200, 9));
    assert_eq!(
        facts(&*built(weekly()), &series, 202),
        [
            "4 values in a row around 191; up to 1 are usual here",
            "the most values in a row that are normal is 3",
        ]
    );
}

#[test]
fn what_cannot_be_used_is_refused_with_the_remedy() {
    let with = |params: FlatlineParams| refused(params);
    let said = with(FlatlineParams {
        factor: 0.5,
        ..weekly()
    });
    assert_eq!(
        said,
        "factor is 0.5; allowed: a number in [1, ∞); 3 is quiet, 1 is strict"
    );
    let said = with(FlatlineParams {
        tolerance: f64::NAN,
        ..weekly()
    });
    assert!(said.starts_with("tolerance is NaN"), "{said}");
    let said = with(FlatlineParams {
        min_duration: "P7D".to_owned(),
        ..weekly()
    });
    assert!(
        said.contains("longer than minDuration, which is P7D"),
        "{said}"
    );
    let said = with(FlatlineParams {
        lookback: "4 weeks".to_owned(),
        ..weekly()
    });
    assert!(said.contains("a duration in ISO 8601"), "{said}");
}

#[test]
fn a_lookback_of_too_few_buckets_is_refused() {
    let short = FlatlineParams {
        lookback: "P2D".to_owned(),
        ..Default::default()
    };
    let series = days(&[1.0; 5]);
    assert_eq!(
        built(short)
            .lookback(series.axis())
            .unwrap_err()
            .to_string(),
        "lookback is 2, outside (minDuration, ∞), in buckets of the data, and at least 3; \
         lengthen lookback"
    );
}
