//! Law 1 for every kind of model, with refits at buckets, days and weeks.

use tuatara_core::{Forecaster, Judge, Judged, Pattern};
use tuatara_frame::Duration;
use tuatara_holt_winters::{
    FitSettings, History, HoltWinters, Model, Optimizer, Outliers, Periods, PointByPoint, Refit,
    Season, Smoothing, Trend, Width,
};
use tuatara_testkit::{BatteryReport, PointBattery};

/// Weights that are given: the law is about what they are applied to, and fits take their time.
const GIVEN: [Option<f64>; 6] = [
    Some(0.3),
    Some(0.05),
    Some(0.2),
    Some(0.1),
    Some(0.9),
    Some(0.6),
];

/// A model is rich when three lookbacks, and so three refits and more, lie in the window.
fn check(name: &str, forecaster: impl Forecaster, battery: PointBattery) -> BatteryReport {
    let judge = Judge::new(Pattern::UpOrDown).with_factor(2.0).unwrap();
    let detector = Judged::new(forecaster, judge);
    match battery.check(name, &detector) {
        Ok(report) => {
            println!("{report}");
            assert!(
                report.anomalous > 100,
                "too few anomalies to mean something: {report}"
            );
            report
        }
        Err(violation) => panic!("{violation}"),
    }
}

fn battery(seed: u64) -> PointBattery {
    PointBattery {
        seed,
        cases: 70,
        lookbacks: 3,
        rich: 64,
        longest: 1_200,
    }
}

fn short(trend: Trend, season: Season, periods: &[usize], lookback: &str) -> HoltWinters {
    HoltWinters {
        trend: Some(trend),
        season: Some(season),
        periods: Periods::Steps(periods.to_vec()),
        lookback: Some(lookback.parse().unwrap()),
        fit: FitSettings {
            given: GIVEN,
            ..FitSettings::default()
        },
        ..HoltWinters::default()
    }
}

#[test]
fn a_weekly_season_of_days_keeps_law_1() {
    for (trend, season) in [
        (Trend::Additive, Season::Multiplicative),
        (Trend::Damped, Season::Additive),
    ] {
        check("weekly", short(trend, season, &[7], "P35D"), battery(1));
    }
}

/// Here the weights are fitted, by both solvers, once a week.
#[test]
fn fitted_weights_keep_law_1() {
    for (optimizer, season) in [
        (Optimizer::Bobyqa, Season::Multiplicative),
        (Optimizer::GaussNewton, Season::Additive),
    ] {
        let model = HoltWinters {
            refit: Some(Refit::Week),
            fit: FitSettings::default().with_optimizer(optimizer),
            ..short(Trend::None, season, &[4], "P21D")
        };
        check(
            "fitted",
            model,
            PointBattery {
                longest: 400,
                ..battery(8)
            },
        );
    }
}

#[test]
fn models_without_a_season_keep_law_1() {
    let plain = short(Trend::None, Season::None, &[], "P20D");
    check(
        "plain",
        HoltWinters {
            periods: Periods::Customary,
            ..plain
        },
        battery(2),
    );
}

#[test]
fn refits_at_each_bucket_day_and_week_keep_law_1() {
    for refit in [Refit::Bucket, Refit::Day, Refit::Week] {
        let model = short(Trend::Additive, Season::Additive, &[4], "P12D");
        let model = HoltWinters {
            refit: Some(refit),
            ..model
        };
        check(
            &format!("{refit:?}"),
            model,
            PointBattery {
                longest: 500,
                ..battery(3)
            },
        );
    }
}

#[test]
fn two_seasons_keep_law_1() {
    let model = short(Trend::Additive, Season::Multiplicative, &[3, 12], "P40D");
    check("two", model, battery(4));
}

#[test]
fn calibrated_widths_and_learnt_outliers_keep_law_1() {
    let model = HoltWinters {
        outliers: Outliers::Learn,
        width: Width::Calibrated { z: 2.0 },
        ..short(Trend::Additive, Season::Additive, &[7], "P28D")
    };
    check("calibrated", model, battery(5));
}

/// Levels that are adopted soon, so that windows begin before, at and behind them.
#[test]
fn new_levels_keep_law_1() {
    let model = HoltWinters {
        adopt_after: Some("PT3H".parse().unwrap()),
        ..short(Trend::None, Season::Additive, &[4], "P28D")
    };
    let report = check("levels", model, battery(11));
    assert!(report.new_levels > 10, "{report}");
}

#[test]
fn detected_seasons_keep_law_1() {
    let model = HoltWinters {
        periods: Periods::Detected,
        lookback: Some(Duration::days(28)),
        ..short(Trend::Additive, Season::Multiplicative, &[7], "P28D")
    };
    check("detected", model, battery(6));
}

/// Hours and minutes, with seasons of a day by the local clock, across clock changes.
#[test]
fn seasons_by_the_clock_keep_law_1() {
    let model = HoltWinters {
        periods: Periods::Lasting(vec![Duration::days(1)]),
        lookback: Some(Duration::days(3)),
        ..short(Trend::Additive, Season::Multiplicative, &[7], "P28D")
    };
    let report = check(
        "clock",
        model,
        PointBattery {
            longest: 1_500,
            ..battery(7)
        },
    );
    assert!(report.refused < report.cases);
}

/// One fit for every bucket, to the same time on the days before, and to the values before.
#[test]
fn a_model_for_every_bucket_keeps_law_1() {
    for (model, history) in [
        (Model::third_eye(2).unwrap(), None),
        (Model::third_eye(7).unwrap(), Some(History::Recent)),
        (
            Model::new(Trend::Additive, Season::Additive, &[2]).unwrap(),
            Some(History::SameTime),
        ),
    ] {
        let forecaster = PointByPoint {
            model,
            fit: FitSettings {
                given: GIVEN,
                ..FitSettings::default()
            },
            history,
            smoothing: Smoothing::Hour,
        };
        check(
            "point by point",
            forecaster,
            PointBattery {
                longest: 700,
                ..battery(9)
            },
        );
    }
}

/// Five and fifteen minutes are smoothed, and what is learnt lags behind.
#[test]
fn a_smoothed_history_keeps_law_1() {
    let model = HoltWinters {
        smoothing: Smoothing::Hour,
        ..short(Trend::Additive, Season::Additive, &[6], "4h")
    };
    check(
        "smoothed",
        model,
        PointBattery {
            cases: 200,
            longest: 900,
            ..battery(10)
        },
    );
}
