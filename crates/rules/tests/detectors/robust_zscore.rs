//! `ROBUST_ZSCORE`.

use tuatara_core::{Direction, Pattern, Verdict};
use tuatara_frame::{Lag, LagUnit, Series};
use tuatara_rules::RobustZscoreParams;
use tuatara_testkit::Draw;
use tuatara_testkit::naive::median;

use crate::judged::{GONE, built, close, days, every, facts, found, hours, refused, rows};

/// Median 11; distances 2, 1, 1, 0, 0, 1, 1, 2, median 1.
const AROUND_11: [f64; 8] = [9.0, 10.0, 10.0, 11.0, 11.0, 12.0, 12.0, 13.0];

fn bare() -> RobustZscoreParams {
    RobustZscoreParams {
        min_rel: 0.0,
        ..Default::default()
    }
}

fn after(values: &[f64], value: f64) -> Series {
    days(&[values, &[value]].concat())
}

#[test]
fn the_band_is_three_and_a_half_robust_deviations_around_the_median() {
    let row = |value| rows(&*built(bare()), &after(&AROUND_11, value))[8];
    assert!(close(row(11.0).expected, 11.0));
    assert!((row(11.0).upper - (11.0 + 3.5 * 1.4826)).abs() < 1e-4);
    assert_eq!(row(16.1).verdict, Verdict::Normal);
    assert_eq!(row(16.2).verdict, Verdict::Anomalous(Direction::Up));
    assert_eq!(row(5.8).verdict, Verdict::Anomalous(Direction::Down));
}

#[test]
fn no_value_widens_its_own_band() {
    let detector = built(bare());
    let band = |value| {
        let row = rows(&*detector, &after(&AROUND_11, value))[8];
        (row.expected.to_bits(), row.upper.to_bits())
    };
    assert_eq!(band(11.0), band(1e9));
    assert_eq!(band(11.0), band(-1e300));
}

#[test]
fn spikes_of_the_past_do_not_hide_a_new_one() {
    // Three of eleven values are far off; the median distance does not see them.
    let mut values = AROUND_11.to_vec();
    values.extend([900.0, 900.0, -700.0]);
    let row = rows(&*built(bare()), &after(&values, 40.0))[11];
    assert_eq!(row.verdict, Verdict::Anomalous(Direction::Up));
}

#[test]
fn a_flat_series_does_not_alarm_on_a_breath() {
    let params = RobustZscoreParams::default();
    let verdict = |value| rows(&*built(params.clone()), &after(&[100.0; 28], value))[28].verdict;
    // Two per cent of 100.
    assert_eq!(verdict(102.0), Verdict::Normal);
    assert_eq!(verdict(98.0), Verdict::Normal);
    assert_eq!(verdict(102.1), Verdict::Anomalous(Direction::Up));
    let wider = RobustZscoreParams {
        min_abs: 5.0,
        ..params.clone()
    };
    let row = rows(&*built(wider), &after(&[100.0; 28], 104.0))[28];
    assert_eq!(row.verdict, Verdict::Normal);
}

#[test]
fn where_most_values_are_equal_the_distance_of_nine_in_ten_serves() {
    // 16 zeros and 4 sixes: the median distance is 0, nine in ten are at most 6 away.
    let mut values = vec![0.0; 20];
    for i in [2, 7, 12, 17] {
        values[i] = 6.0;
    }
    let row = rows(&*built(bare()), &after(&values, 12.0))[20];
    assert!((row.upper - 3.5 * 6.0 / 1.6449).abs() < 1e-3, "{row:?}");
    assert_eq!(row.verdict, Verdict::Normal);
    // Of twenty zeros nothing else is known, so a one is as far as can be.
    let zeros = after(&[0.0; 20], 1.0);
    assert_eq!(found(&*built(bare()), &zeros), [20]);
}

#[test]
fn eight_values_are_needed() {
    let rows_of = |values: &[f64]| rows(&*built(bare()), &days(values));
    let verdict = |i: usize| rows_of(&[5.0; 10])[i].verdict;
    assert_eq!(verdict(7), Verdict::WarmingUp { have: 7, need: 8 });
    assert_eq!(verdict(8), Verdict::Normal);
    // Long enough, but for the gap.
    let mut values = vec![5.0; 10];
    values[4] = GONE;
    assert_eq!(rows_of(&values)[8].verdict, Verdict::NoBaseline);
    assert_eq!(rows_of(&values)[9].verdict, Verdict::Normal);
}

#[test]
fn a_season_compares_with_the_same_time_of_the_week() {
    // Working days 100, weekends 40, a little up and down from week to week.
    let week = |week: usize| {
        let level = move |day: usize| if day < 5 { 100.0 } else { 40.0 };
        (0..7).map(move |day| level(day) + (week % 3) as f64)
    };
    let mut values: Vec<f64> = (0..16).flat_map(week).collect();
    values[15 * 7 + 2] = 40.0;
    values[15 * 7 + 6] = 100.0;
    let seasonal = RobustZscoreParams {
        season: Some("P7D".to_owned()),
        ..Default::default()
    };
    assert_eq!(
        found(&*built(seasonal.clone()), &days(&values)),
        [15 * 7 + 2, 15 * 7 + 6]
    );
    // All together weekends are far from the median, always; and 40 is a usual value.
    let plain = found(&*built(RobustZscoreParams::default()), &days(&values));
    assert!(plain.contains(&(14 * 7 + 5)));
    // Eight weeks are needed.
    let first = rows(&*built(seasonal), &days(&values))[8 * 7 - 1].verdict;
    assert_eq!(first, Verdict::WarmingUp { have: 55, need: 56 });
}

/// Around 50, with a daily season, noise, spikes and gaps.
fn noisy(draw: &mut Draw, len: usize) -> Vec<f64> {
    let mut values: Vec<f64> = (0..len)
        .map(|i| 50.0 + (i % 24) as f64 + (4.0 * draw.normal()).round() / 4.0)
        .collect();
    for _ in 0..len / 12 {
        let at = draw.between(0..len);
        values[at] = if draw.chance(0.7) { GONE } else { 900.0 };
    }
    values
}

/// Median and deviation as the formula has them.
fn naive(mut values: Vec<f64>) -> (f64, f64) {
    values.retain(|value| !value.is_nan());
    let center = median(&values);
    let mut far: Vec<f64> = values.iter().map(|value| (value - center).abs()).collect();
    far.sort_by(f64::total_cmp);
    let near = median(&far);
    let deviation = if near > 0.0 {
        near / 0.674_489_750_196_081_7
    } else {
        far[(far.len() * 9).div_ceil(10) - 1] / 1.644_853_626_951_472_2
    };
    (center, deviation)
}

#[test]
fn a_moving_window_agrees_with_sorting_everything_anew() {
    let mut draw = Draw::new(11);
    for (len, lookback) in [(120, 24), (900, 300), (2600, 1100)] {
        let values = noisy(&mut draw, len);
        let params = RobustZscoreParams {
            lookback: Some(format!("{lookback}h")),
            ..bare()
        };
        let rows = rows(&*built(params), &hours(&values));
        for i in (40..len).step_by(7) {
            let past = values[i.saturating_sub(lookback)..i].to_vec();
            let (center, deviation) = naive(past);
            let row = rows[i];
            if row.expected.is_nan() {
                assert!(values[i].is_nan() || i < 60, "{i} {row:?}");
                continue;
            }
            assert!(close(row.expected, center), "{i} {row:?} {center}");
            let width = (row.upper - row.expected) / 3.5;
            assert!((width - deviation).abs() <= 1e-9 * center, "{i} {row:?}");
        }
    }
}

#[test]
fn a_season_agrees_with_looking_up_every_value() {
    let mut draw = Draw::new(12);
    let values = noisy(&mut draw, 24 * 20);
    let series = hours(&values);
    let params = RobustZscoreParams {
        season: Some("P1D".to_owned()),
        around: "2h".to_owned(),
        lookback: Some("P5D".to_owned()),
        ..bare()
    };
    let rows = rows(&*built(params), &series);
    let mut judged = 0;
    for (i, row) in rows.iter().enumerate().skip(24 * 5) {
        let mut past = Vec::new();
        for count in 1..=5 {
            let lag = Lag::new(count, LagUnit::Days).unwrap();
            let at = usize::try_from(series.axis().lag(i, lag).unwrap()).unwrap();
            past.extend_from_slice(&values[at.saturating_sub(2)..=at + 2]);
        }
        let (center, deviation) = naive(past);
        if !row.expected.is_nan() {
            judged += 1;
            let width = (row.upper - row.expected) / 3.5;
            assert!(close(row.expected, center), "{i} {row:?} {center}");
            assert!((width - deviation).abs() <= 1e-9 * center, "{i} {row:?}");
        }
    }
    assert!(judged > 300);
}

#[test]
fn only_the_side_of_the_pattern_counts() {
    let params = RobustZscoreParams {
        pattern: Pattern::Down,
        ..bare()
    };
    assert!(found(&*built(params.clone()), &after(&AROUND_11, 900.0)).is_empty());
    assert_eq!(found(&*built(params), &after(&AROUND_11, 1.0)), [8]);
}

#[test]
fn the_facts_say_how_many_values_counted() {
    let facts = facts(&*built(bare()), &after(&AROUND_11, 11.0), 8);
    assert_eq!(
        facts[..2],
        [
            "median of 8 of 28 earlier values (at least 8 needed)",
            "a robust deviation is 1.4826",
        ]
    );
}

#[test]
fn what_cannot_be_used_is_refused_with_the_remedy() {
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        refused(RobustZscoreParams {
            threshold: -1.0,
            ..bare()
        }),
        "threshold is -1; allowed: a number in [0, ∞); 3.5 is customary"
    );
    let said = refused(RobustZscoreParams {
        season: text("36h"),
        ..bare()
    });
    assert!(said.contains("whole days from P1D to P366D"), "{said}");
    let said = refused(RobustZscoreParams {
        season: text("P1D"),
        around: "12h".to_owned(),
        ..bare()
    });
    assert!(said.contains("half of season, which is P1D"), "{said}");
    let said = refused(RobustZscoreParams {
        season: text("P7D"),
        lookback: text("P6D"),
        ..bare()
    });
    assert!(said.contains("1 to 1000 seasons, each P7D"), "{said}");
    let said = refused(RobustZscoreParams {
        min_values: 2,
        ..bare()
    });
    assert!(said.starts_with("minValues is 2"), "{said}");
}

#[test]
fn a_grid_that_does_not_fit_is_refused_with_the_remedy() {
    let says = |params: RobustZscoreParams, series: &Series| {
        let error = built(params).lookback(series.axis()).unwrap_err();
        error.to_string()
    };
    let short = RobustZscoreParams {
        lookback: Some("P3D".to_owned()),
        ..bare()
    };
    assert_eq!(
        says(short, &days(&[1.0])),
        "lookback is 3, outside [minValues, ∞), in buckets of the data; lengthen lookback"
    );
    let seasonal = RobustZscoreParams {
        season: Some("P1D".to_owned()),
        ..bare()
    };
    assert!(says(seasonal.clone(), &every(64, &[1.0])).contains("season is 1, outside"));
    let few = RobustZscoreParams {
        lookback: Some("P2D".to_owned()),
        around: "PT0S".to_owned(),
        ..seasonal
    };
    assert!(says(few, &hours(&[1.0])).contains("lengthen lookback or around"));
}
