//! What a user of `HOLT_WINTERS_RULE` is promised, on series whose answer is known.

use serde_json::{Value, json};
use tuatara_core::{BuildContext, Detail, Evaluation, Memo, ParamError, Params, Verdict, Window};
use tuatara_frame::{Duration, Granularity, Instant, Interval, Series, TimeAxis, Zone};
use tuatara_holt_winters::{HoltWintersParams, detect_period};
use tuatara_testkit::Draw;

/// 2026-01-05, a Monday.
const MONDAY: i64 = 1_767_571_200_000;
const WEEK: [f64; 7] = [100.0, 104.0, 98.0, 102.0, 110.0, 50.0, 40.0];

fn series(step: Granularity, values: Vec<f64>) -> Series {
    let at = |millis| Instant::from_millis(millis).unwrap();
    let end = MONDAY + values.len() as i64 * step.nominal().millis();
    let span = Interval::new(at(MONDAY), at(end)).unwrap();
    let axis = TimeAxis::covering(step, Zone::UTC, span).unwrap();
    Series::new(axis, values).unwrap()
}

fn hours() -> Granularity {
    Granularity::fixed(Duration::hours(1)).unwrap()
}

/// Weeks of days with noise of ±2.
fn weeks(days: usize) -> Vec<f64> {
    let mut draw = Draw::new(11);
    (0..days)
        .map(|t| WEEK[t % 7] + draw.within(-2.0, 2.0))
        .collect()
}

fn build(params: Value) -> Result<Box<dyn tuatara_core::Detector>, ParamError> {
    let params: HoltWintersParams = serde_json::from_value(params).unwrap();
    params.build(&BuildContext::new("tried"))
}

fn judged(params: Value, series: &Series, detail: Detail) -> Evaluation {
    let mut rows = Evaluation::new(detail);
    let window = Window::whole(series.axis());
    let rule = build(params).unwrap();
    rule.evaluate(series.view(), window, &mut Memo::default(), &mut rows)
        .unwrap();
    rows
}

fn column(rows: &Evaluation, name: &str) -> Vec<f64> {
    let found = rows.internals().iter().find(|(known, _)| *known == name);
    found
        .unwrap_or_else(|| panic!("no column {name}"))
        .1
        .to_vec()
}

fn facts(rows: &Evaluation, i: usize) -> String {
    let facts: Vec<String> = rows.facts(i).iter().map(ToString::to_string).collect();
    facts.join("\n")
}

#[test]
fn two_seasons_of_history_come_before_the_first_expectation() {
    let rows = judged(
        json!({}),
        &series(Granularity::days(), weeks(30)),
        Detail::Columns,
    );
    let at = |i| rows.row(i).unwrap().verdict;
    assert_eq!(at(0), Verdict::WarmingUp { have: 0, need: 14 });
    // Fitted on Mondays, so the first model is that of the third week.
    assert_eq!(at(13), Verdict::WarmingUp { have: 7, need: 14 });
    assert_eq!(at(14), Verdict::Normal);
}

#[test]
fn weights_change_on_mondays_alone_and_each_day_if_asked() {
    let data = series(Granularity::days(), weeks(70));
    let weekly = column(&judged(json!({}), &data, Detail::Internals), "sse");
    for i in 15..70 {
        let same = weekly[i].to_bits() == weekly[i - 1].to_bits();
        assert_eq!(same, i % 7 != 0, "{i}");
    }
    let daily = column(
        &judged(json!({"refit": "DAY"}), &data, Detail::Internals),
        "sse",
    );
    assert!((15..70).all(|i| daily[i].to_bits() != daily[i - 1].to_bits()));
}

#[test]
fn only_the_weights_that_are_not_given_are_fitted() {
    let data = series(Granularity::days(), weeks(60));
    let given = json!({"alpha": 0.25, "gamma": -1});
    let rows = judged(given, &data, Detail::Internals);
    assert!(
        column(&rows, "alpha")[20..]
            .iter()
            .all(|alpha| (alpha - 0.25).abs() < 1e-15)
    );
    let gamma = column(&rows, "gamma");
    assert!((0.001..=0.999).contains(&gamma[20]), "{}", gamma[20]);
}

#[test]
fn a_gap_carries_the_season_on_and_widens_the_band() {
    let mut values = weeks(60);
    values[44..49].fill(f64::NAN);
    let data = series(Granularity::days(), values);
    let rows = judged(
        json!({"alpha": 0.3, "beta": 0.1, "gamma": 0.1}),
        &data,
        Detail::Columns,
    );
    let row = |i| rows.row(i).unwrap();
    // Wednesday to Sunday are missing; the Monday after is expected like a Monday.
    assert!((row(49).expected - WEEK[0]).abs() < 5.0, "{:?}", row(49));
    let width = |i| row(i).upper - row(i).expected;
    assert!(width(49) > 1.2 * width(42) && width(50) < 1.1 * width(43));
}

#[test]
fn zeros_make_the_season_additive_and_the_trace_says_so() {
    let mut values = weeks(60);
    values[8] = 0.0;
    let rows = judged(
        json!({}),
        &series(Granularity::days(), values),
        Detail::Trace,
    );
    let text = facts(&rows, 30);
    assert!(
        text.contains("the season is additive, not multiplicative: there are zeros in the history")
            || text.contains("one outlier of the history was left out"),
        "{text}"
    );
    let every_sunday_none: Vec<f64> = weeks(60)
        .iter()
        .enumerate()
        .map(|(t, y)| if t % 7 == 6 { 0.0 } else { *y })
        .collect();
    let rows = judged(
        json!({"sensitivity": 0}),
        &series(Granularity::days(), every_sunday_none),
        Detail::Trace,
    );
    assert!(facts(&rows, 30).contains("not multiplicative: there are zeros in the history"));
    assert!((14..60).all(|i| rows.row(i).unwrap().verdict == Verdict::Normal));
}

#[test]
fn the_trace_names_model_weights_solver_and_what_is_not_determined() {
    let rows = judged(
        json!({}),
        &series(Granularity::days(), weeks(60)),
        Detail::Trace,
    );
    let text = facts(&rows, 50);
    for part in [
        "additive trend, multiplicative season of 7, fitted at 2026-02-23T00:00:00Z to ",
        "by GAUSS_NEWTON from 2 starts with ",
        "squared error ",
        "the history does not determine beta",
        "level ",
        "factor 2 gives a band of ±",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Where a fourth weight is fitted BOBYQA is the default.
    for (params, optimizer) in [
        (json!({"optimizer": "BOBYQA"}), "BOBYQA"),
        (json!({"trend": "DAMPED"}), "BOBYQA"),
        (json!({"trend": "DAMPED", "phi": 0.9}), "GAUSS_NEWTON"),
        (
            json!({"trend": "DAMPED", "optimizer": "GAUSS_NEWTON"}),
            "GAUSS_NEWTON",
        ),
    ] {
        let days = series(Granularity::days(), weeks(60));
        let told = facts(&judged(params, &days, Detail::Trace), 50);
        assert!(
            told.contains(&format!("by {optimizer} from 2 starts")),
            "{told}"
        );
    }
}

#[test]
fn a_new_level_is_told_until_it_is_adopted() {
    let mut values = weeks(90);
    values[42..].iter_mut().for_each(|y| *y *= 1.5);
    let data = series(Granularity::days(), values);
    let flagged = |params| {
        let rows = judged(params, &data, Detail::Columns);
        let flagged = (42..90).filter(|&i| rows.row(i).unwrap().verdict.is_anomalous());
        flagged.collect::<Vec<_>>()
    };
    assert_eq!(
        flagged(json!({"sensitivity": 0})),
        (42..49).collect::<Vec<_>>()
    );
    assert_eq!(
        flagged(json!({"sensitivity": 0, "adoptAfter": "P3D"})),
        (42..45).collect::<Vec<_>>()
    );
    let rows = judged(json!({"sensitivity": 0}), &data, Detail::Trace);
    let text = facts(&rows, 60);
    assert!(
        text.contains("a new level was adopted, since 2026-02-16T00:00:00Z: 1."),
        "{text}"
    );
    // Once, with the last of the seven days.
    let told = (0..90).filter(|&i| facts(&rows, i).contains("a new level is adopted: 1."));
    assert_eq!(told.collect::<Vec<_>>(), [48]);
    let adopted = column(&judged(json!({}), &data, Detail::Internals), "adopted");
    let there = (0..90).filter(|&i| !adopted[i].is_nan());
    assert_eq!(there.collect::<Vec<_>>(), [48]);
}

#[test]
fn an_outage_of_three_days_is_told_in_full_and_not_learnt() {
    let mut values = weeks(90);
    values[60..63].iter_mut().for_each(|y| *y *= 0.4);
    let data = series(Granularity::days(), values);
    let rows = judged(
        json!({"sensitivity": 0, "minRel": 0.1}),
        &data,
        Detail::Columns,
    );
    let flagged: Vec<usize> = (21..90)
        .filter(|&i| matches!(rows.row(i).unwrap().verdict, Verdict::Anomalous(_)))
        .collect();
    assert_eq!(flagged, [60, 61, 62]);
}

/// Days and weeks of hours: Saturdays are half of other days.
fn hourly(days: usize) -> Vec<f64> {
    let mut draw = Draw::new(5);
    (0..24 * days)
        .map(|t| {
            let day = if t / 24 % 7 == 5 { 0.5 } else { 1.0 };
            let hour = 100.0 + 60.0 * ((t % 24) as f64 / 24.0 * std::f64::consts::TAU).sin();
            day * hour + draw.within(-3.0, 3.0)
        })
        .collect()
}

#[test]
fn hours_have_a_season_of_a_day_and_one_of_a_week() {
    let rows = judged(
        json!({"sensitivity": 0}),
        &series(hours(), hourly(35)),
        Detail::Internals,
    );
    let normal = (14 * 24..35 * 24).filter(|&i| rows.row(i).unwrap().verdict == Verdict::Normal);
    assert!(normal.count() > 20 * 24, "the Saturdays are expected");
    assert_eq!(
        rows.row(14 * 24 - 1).unwrap().verdict,
        Verdict::WarmingUp {
            have: 312,
            need: 336
        }
    );
    let long = column(&rows, "season_long");
    assert!(long[33 * 24 + 12] < 0.7, "{}", long[33 * 24 + 12]);
}

/// In three weeks the level grows from 100 to 250, and the day's shape with it, or not.
#[test]
fn of_hours_the_kind_of_season_that_fits_better_is_taken_and_said() {
    for (grows, kind) in [
        (true, "multiplicative, not additive"),
        (false, "additive, not multiplicative"),
    ] {
        let mut draw = Draw::new(5);
        let values = (0..24 * 21).map(|t| {
            let level = 100.0 + 0.3 * f64::from(t);
            let shape = 0.6 * (f64::from(t % 24) / 24.0 * std::f64::consts::TAU).sin();
            let size = if grows { level } else { 100.0 };
            level + size * shape + draw.within(-3.0, 3.0)
        });
        let rows = judged(json!({}), &series(hours(), values.collect()), Detail::Trace);
        let text = facts(&rows, 20 * 24);
        let said =
            format!("the season is {kind}: the least squared error at the same eight weights");
        assert!(text.contains(&said), "{text}");
    }
}

#[test]
fn a_season_that_is_found_is_shown_with_its_evidence() {
    let params = || json!({"season": ["DETECT"], "lookback": "P14D"});
    let rows = judged(params(), &series(hours(), hourly(21)), Detail::Trace);
    let text = facts(&rows, 20 * 24);
    assert!(
        text.contains("a season of 168 was found: autocorrelation 0.95"),
        "{text}"
    );
    let mut draw = Draw::new(9);
    let days: Vec<f64> = (0..24 * 21)
        .map(|t| 100.0 + 40.0 * f64::from(u8::from(t % 24 > 7)) + draw.within(-5.0, 5.0))
        .collect();
    let rows = judged(params(), &series(hours(), days), Detail::Trace);
    let text = facts(&rows, 20 * 24);
    assert!(
        text.contains("a season of 24 was found: autocorrelation 0.9"),
        "{text}"
    );
    let noise: Vec<f64> = (0..200).map(|_| draw.within(0.0, 100.0)).collect();
    assert_eq!(detect_period(&noise, 50).period, None);
}

#[test]
fn a_constant_series_is_normal() {
    let rows = judged(
        json!({}),
        &series(Granularity::days(), vec![42.0; 60]),
        Detail::Columns,
    );
    assert!((14..60).all(|i| rows.row(i).unwrap().verdict == Verdict::Normal));
}

/// Of normal noise 99 % lie inside a band of coverage 0.99, whatever the unit of width.
#[test]
fn bands_cover_what_they_say() {
    let mut draw = Draw::new(77);
    let values: Vec<f64> = (0..6000)
        .map(|t| WEEK[t % 7] + 2.0 * draw.normal())
        .collect();
    let data = series(Granularity::days(), values);
    for width in ["SPREAD", "CALIBRATED"] {
        let rows = judged(
            json!({"coverage": 0.99, "width": width}),
            &data,
            Detail::Columns,
        );
        let inside = (365..6000).filter(|&i| rows.row(i).unwrap().verdict == Verdict::Normal);
        let share = inside.count() as f64 / 5635.0;
        println!("{width}: {share}");
        assert!((0.985..=0.995).contains(&share), "{width}: {share}");
    }
}

/// Days of hours, of which two of seven have four tenths as much. A season of a day does not know which, so it is
/// off at the first hour of a Monday and a Saturday, by half of it, week after week: of the one in a hundred that
/// may lie outside most are there. With a season of a week as well, none.
#[test]
fn what_a_season_cannot_know_takes_all_that_may_lie_outside() {
    let mut draw = Draw::new(8);
    let values: Vec<f64> = (0..24 * 70)
        .map(|t| {
            let day = if t / 24 % 7 >= 5 { 0.4 } else { 1.0 };
            let hour = 100.0 + 60.0 * ((t % 24) as f64 / 24.0 * std::f64::consts::TAU).sin();
            day * hour * (1.0 + draw.within(-0.1, 0.1))
        })
        .collect();
    let data = series(hours(), values);
    let outside = |season: &[&str]| {
        let params = json!({"season": season, "coverage": 0.99});
        let rows = judged(params, &data, Detail::Columns);
        let is_outside = |i: &usize| rows.row(*i).unwrap().verdict != Verdict::Normal;
        let is_change = |i: &usize| i.is_multiple_of(24) && [0, 5].contains(&(i / 24 % 7));
        let (there, elsewhere): (Vec<usize>, Vec<usize>) =
            (24 * 28..24 * 70).filter(is_outside).partition(is_change);
        (there.len(), elsewhere.len())
    };
    let (day, week) = (outside(&["P1D"]), outside(&["P1D", "P7D"]));
    println!("{day:?} and {week:?} of {}", 24 * 42);
    assert!(day.0 >= 3 && day.1 <= 2 && day.0 + day.1 <= 12, "{day:?}");
    assert!(week.0 == 0, "{week:?}");
}

/// In millionths and in millions of the unit: of noise, of a week that repeats to the digit, of one value, and of
/// zeros, each with a few values that stand out.
#[test]
fn in_another_unit_no_verdict_changes() {
    let repeated: Vec<f64> = (0..70).map(|t| WEEK[t % 7]).collect();
    let all = [weeks(70), repeated, vec![5.0; 70], vec![0.0; 70]];
    let settings = [
        json!({"coverage": 0.99}),
        json!({"coverage": 0.999_999}),
        json!({"coverage": 0.999_999, "outliers": "LEARN"}),
        json!({"coverage": 0.99, "seasonality": "NONE", "trend": "NONE"}),
    ];
    for mut values in all {
        for (t, more) in [(24, 30.0), (33, -25.0), (52, 300.0), (60, 8.0), (66, 3.0)] {
            values[t] += more;
        }
        for params in &settings {
            let verdicts = |unit: f64| -> Vec<Verdict> {
                let values = values.iter().map(|y| y * unit).collect();
                let data = series(Granularity::days(), values);
                let rows = judged(params.clone(), &data, Detail::Columns);
                (0..70).map(|i| rows.row(i).unwrap().verdict).collect()
            };
            let here = verdicts(1.0);
            assert!(here.contains(&Verdict::Normal), "{params}");
            for unit in [1e-6, 1e6] {
                assert_eq!(verdicts(unit), here, "{params}, {unit}");
            }
        }
    }
}

/// A warm hour is followed by a warm one: what is left of a deviation is expected, by a rho near the
/// 0.8 that made it, and the band is that of what cannot be known: √(1 − 0.8²) of the deviations.
#[test]
fn hours_that_linger_are_expected_to() {
    let mut draw = Draw::new(21);
    let mut deviation = 0.0;
    let values: Vec<f64> = hourly(42)
        .iter()
        .map(|usual| {
            deviation = 0.8 * deviation + 5.0 * draw.normal();
            usual + deviation
        })
        .collect();
    let data = series(hours(), values);
    let width = |params| {
        let rows = judged(params, &data, Detail::Internals);
        let row = |i| rows.row(i).unwrap();
        let rho = column(&rows, "rho")[41 * 24];
        let mut widths: Vec<f64> = (35 * 24..42 * 24)
            .map(|i| row(i).upper - row(i).expected)
            .collect();
        widths.sort_unstable_by(f64::total_cmp);
        (widths[84], rho)
    };
    let (lingering, rho) = width(json!({}));
    assert!((0.6..0.95).contains(&rho), "{rho}");
    let (forgotten, none) = width(json!({"rho": 0, "alpha": 0.05, "trend": "NONE"}));
    assert!(none.abs() < 1e-12);
    assert!(lingering < 0.8 * forgotten, "{lingering} {forgotten}");
    let given = column(
        &judged(json!({"rho": 0.5}), &data, Detail::Internals),
        "rho",
    );
    assert!((given[41 * 24] - 0.5).abs() < 1e-12);
    // Days have none unless it is asked for.
    let days = series(Granularity::days(), weeks(60));
    let of = |params| column(&judged(params, &days, Detail::Internals), "rho")[50];
    assert!(of(json!({})).abs() < 1e-12 && of(json!({"rho": -1})) > 0.0);
}

#[test]
fn parameters_that_cannot_be_meant_are_refused_with_the_remedy() {
    let refused = |params: Value| build(params).unwrap_err().to_string();
    for (params, words) in [
        (
            json!({"sensitivity": 11}),
            "sensitivity is 11; allowed: a number in [0, 10]; 10 gives the narrowest band, 0 the \
             widest; 5 is customary",
        ),
        (
            json!({"alpha": 1.5}),
            "alpha is 1.5; allowed: a number in [0, 1]; leave it out to have it fitted",
        ),
        (
            json!({"period": [24, 7]}),
            "period is 24, 7; allowed: a whole number from 2 to 20000, or two in growing order; it \
             counts steps: 7 for daily data, [24, 168] for hourly",
        ),
        (
            json!({"season": ["P7D"], "period": [7]}),
            "season is P7D; allowed: no season together with period; period counts steps, season is \
             a duration: give one of the two",
        ),
        (
            json!({"season": ["weekly"]}),
            "season is weekly; allowed: a duration in ISO 8601 (PT15M, PT1H, P7D) or short (15m, 1h, \
             7d); write the number, then the unit",
        ),
        (
            json!({"coverage": 0.99, "sensitivity": 3}),
            "coverage is 0.99; allowed: no coverage together with sensitivity; give one of the two",
        ),
        (
            json!({"coverage": 99}),
            "coverage is 99; allowed: a number in (0, 1); 0.99 leaves one normal bucket in a hundred \
             outside",
        ),
        (
            json!({"phi": 0.9}),
            "phi is 0.9; allowed: nothing without a damped trend; set trend: DAMPED, or leave it out",
        ),
        (
            json!({"variant": "THIRDEYE", "refit": "DAY"}),
            "refit is set; allowed: nothing where a model is fitted for each bucket (variant: \
             THIRDEYE, or history); it is each bucket there: leave it out",
        ),
        (
            json!({"outliers": "LEARN", "adoptAfter": "P3D"}),
            "adoptAfter is P3D; allowed: nothing with outliers: LEARN, which adopts at once; leave \
             one of the two out",
        ),
        (
            json!({"rho": 1.5}),
            "rho is 1.5; allowed: a number in [0, 1]; leave it out to have it fitted",
        ),
        (
            json!({"history": "RECENT", "rho": 0.5}),
            "rho is 0.5; allowed: nothing where a model is fitted for each bucket (variant: THIRDEYE, \
             or history); leave it out, or leave variant and history out",
        ),
        (
            json!({"minRel": -1}),
            "minRel is -1; allowed: a number in [0, ∞); 0 means none",
        ),
    ] {
        assert_eq!(refused(params), words);
    }
}
