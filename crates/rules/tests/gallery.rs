//! The gallery of toy series: what a sensible rule finds, and where no plain rule gives the answer
//! of a person.

use tuatara_core::{BuildContext, Component, Detector, Evaluation, Memo, Params, Pattern, Window};
use tuatara_rules::{
    AbsoluteChangeRuleParams, FlatlineParams, MissingDataParams, PercentageRuleParams,
    RobustZscoreParams, ThresholdParams,
};
use tuatara_testkit::gallery::{self, Toy};

fn built<P: Params>(params: P) -> Box<dyn Detector> {
    match params
        .build(&BuildContext::new("gallery"))
        .expect("the parameters are valid")
        .into()
    {
        Component::Detector(detector) => detector,
        other => panic!("{other:?} is no detector"),
    }
}

/// More than `change` away from `offset`, on either side.
fn percentage(offset: &str, change: f64) -> Box<dyn Detector> {
    built(PercentageRuleParams {
        offset: offset.to_owned(),
        percentage_change: Some(change),
        ..Default::default()
    })
}

fn absolute(offset: &str, change: f64, pattern: Pattern) -> Box<dyn Detector> {
    built(AbsoluteChangeRuleParams {
        offset: offset.to_owned(),
        absolute_change: Some(change),
        pattern,
        min_lags: None,
    })
}

fn found(toy: &Toy, rule: &dyn Detector) -> Vec<usize> {
    let (view, window) = (toy.series.view(), Window::whole(toy.series.axis()));
    let mut rows = Evaluation::default();
    rule.evaluate(view, window, &mut Memo::default(), &mut rows)
        .expect("any series is judged");
    (0..rows.len())
        .filter(|&i| rows.verdict().is_anomalous(i))
        .collect()
}

fn toy(name: &str) -> Toy {
    gallery::toy(name).expect("the toy exists")
}

/// The toys on which PERCENTAGE_RULE with `median4w` and 20 % gives the person's answer.
const MEDIAN_OF_FOUR_WEEKS: [&str; 14] = [
    "flat",
    "flat with a breath",
    "weekend shape",
    "drop to zero",
    "ramp",
    "holiday and bounce",
    "gap",
    "gap ending in a spike",
    "all missing",
    "spike on noise",
    "spike at the last point",
    "two spikes one lag apart",
    "negative",
    "tiny scale",
];

#[test]
fn a_fifth_away_from_the_median_of_four_weeks_answers_most_toys_as_a_person_does() {
    let rule = percentage("median4w", 0.2);
    for name in MEDIAN_OF_FOUR_WEEKS {
        let toy = toy(name);
        assert_eq!(found(&toy, &*rule), toy.anomalous, "{name}: {}", toy.answer);
    }
}

#[test]
fn hours_keep_their_wall_clock_over_a_clock_change() {
    for name in ["clock change", "doubled hour"] {
        let toy = toy(name);
        for offset in ["do1d", "wo1w", "median3d"] {
            assert_eq!(
                found(&toy, &*percentage(offset, 0.001)),
                toy.anomalous,
                "{name} {offset}"
            );
        }
        // Hours by the stopwatch are off by one after it.
        assert!(
            !found(&toy, &*percentage("ho24h", 0.001)).is_empty(),
            "{name}"
        );
    }
}

#[test]
fn a_limit_needs_no_history_and_judges_the_first_point() {
    let first = toy("spike at the first point");
    let limit = built(ThresholdParams {
        min: None,
        max: Some(150.0),
    });
    assert_eq!(found(&first, &*limit), first.anomalous);
    // A baseline has nothing to compare it with. It compares later days with it, one value of one
    // and one of two, and finds drops that are none; requiring three lags leaves those out.
    assert_eq!(found(&first, &*percentage("median4w", 0.2)), [7, 14]);
    let three = built(PercentageRuleParams {
        offset: "median4w".to_owned(),
        percentage_change: Some(0.2),
        pattern: Pattern::UpOrDown,
        min_lags: Some(3),
    });
    assert!(found(&first, &*three).is_empty());
}

#[test]
fn small_counts_and_huge_offsets_want_an_absolute_change() {
    for (name, change) in [("quantised", 3.0), ("huge offset", 20.0)] {
        let toy = toy(name);
        let rule = absolute("median4w", change, Pattern::UpOrDown);
        assert_eq!(found(&toy, &*rule), toy.anomalous, "{name}");
    }
    // From three to four is a third; fifty of 10¹² is nothing.
    assert!(found(&toy("quantised"), &*percentage("median4w", 0.2)).len() > 5);
    assert!(found(&toy("huge offset"), &*percentage("median4w", 0.2)).is_empty());
}

#[test]
fn down_means_down_below_zero_too() {
    let negative = toy("negative");
    for (pattern, answer) in [(Pattern::Down, &negative.anomalous[..]), (Pattern::Up, &[])] {
        let rule = built(PercentageRuleParams {
            offset: "median4w".to_owned(),
            percentage_change: Some(0.5),
            pattern,
            min_lags: None,
        });
        assert_eq!(found(&negative, &*rule), answer, "{pattern}");
    }
}

#[test]
fn one_week_alone_is_fooled_by_a_spike_one_lag_ago() {
    // The second spike equals its baseline, and the quiet week after it looks like a drop.
    let toy = toy("two spikes one lag apart");
    assert_eq!(found(&toy, &*percentage("wo1w", 0.2)), [28]);
    assert_eq!(found(&toy, &*percentage("median4w", 0.2)), [28, 35]);
}

#[test]
fn a_kept_level_is_news_until_the_baseline_has_seen_it() {
    // A person says: the first day. An offset says so as long as it looks at the old level: one
    // week, or half of four. Nothing here adopts a level; a model that refits would.
    let toy = toy("level shift kept");
    assert_eq!(toy.anomalous, [28]);
    assert_eq!(
        found(&toy, &*percentage("wo1w", 0.2)),
        (28..35).collect::<Vec<_>>()
    );
    // From the 15th day on two of the four weeks are new: 150 is only a fifth above their 125.
    let half = found(&toy, &*percentage("median4w", 0.3));
    assert_eq!(half, (28..42).collect::<Vec<_>>());
}

#[test]
fn a_stuck_value_is_a_usual_value_and_only_flatline_sees_it() {
    let stuck = toy("stuck at a changing value");
    assert_eq!(stuck.anomalous, [32, 33, 34, 35, 36]);
    assert!(found(&stuck, &*percentage("median4w", 0.2)).is_empty());
    assert!(
        found(
            &stuck,
            &*built(ThresholdParams {
                min: Some(50.0),
                max: Some(150.0)
            })
        )
        .is_empty()
    );
}

#[test]
fn flatline_finds_what_has_stopped_moving_and_nothing_else() {
    let strict = built(FlatlineParams {
        min_duration: "P2D".to_owned(),
        factor: 1.0,
        ..Default::default()
    });
    let stuck = toy("stuck at a changing value");
    // Day 28 has the value of day 27 by chance: there are two hundred.
    let [first, others @ ..] = &found(&stuck, &*strict)[..] else {
        panic!("nothing is found");
    };
    assert_eq!((*first, others), (28, &stuck.anomalous[..]));
    // By default it waits until a value is there for the fourth time.
    let default = built(FlatlineParams::default());
    assert_eq!(found(&stuck, &*default), [34, 35, 36]);
    for toy in gallery::all() {
        if toy.name != stuck.name {
            assert!(found(&toy, &*default).is_empty(), "{}", toy.name);
        }
    }
}

#[test]
fn missing_data_finds_gaps_and_nothing_else() {
    let rule = built(MissingDataParams::default());
    for toy in gallery::all() {
        let gap: &[usize] = match toy.name {
            "gap" | "gap ending in a spike" => &[30, 31, 32, 33],
            _ => &[],
        };
        assert_eq!(found(&toy, &*rule), gap, "{}", toy.name);
    }
}

/// The toys on which ROBUST_ZSCORE as it is gives the person's answer.
const ROBUST: [&str; 13] = [
    "flat",
    "flat with a breath",
    "stuck at a changing value",
    "ramp",
    "all missing",
    "spike on noise",
    "spike at the last point",
    "two spikes one lag apart",
    "clock change",
    "doubled hour",
    "quantised",
    "negative",
    "tiny scale",
];

#[test]
fn a_robust_score_answers_most_toys_without_a_number_being_set() {
    let rule = built(RobustZscoreParams::default());
    for name in ROBUST {
        let toy = toy(name);
        let answer: &[usize] = match name {
            "stuck at a changing value" => &[],
            _ => &toy.anomalous,
        };
        assert_eq!(found(&toy, &*rule), answer, "{name}: {}", toy.answer);
    }
    // Without the floor that is relative to the value, it sees fifty of 10¹².
    let huge = toy("huge offset");
    let bare = built(RobustZscoreParams {
        min_rel: 0.0,
        ..Default::default()
    });
    assert_eq!(found(&huge, &*bare), huge.anomalous);
    // Weekends want a season.
    let weekly = built(RobustZscoreParams {
        season: Some("P7D".to_owned()),
        lookback: Some("P42D".to_owned()),
        min_values: 3,
        ..Default::default()
    });
    for name in ["weekend shape", "drop to zero"] {
        let toy = toy(name);
        assert_eq!(found(&toy, &*weekly), toy.anomalous, "{name}");
    }
}

#[test]
fn every_toy_is_answered_here() {
    let elsewhere = [
        "clock change",
        "doubled hour",
        "spike at the first point",
        "quantised",
        "huge offset",
        "level shift kept",
        "stuck at a changing value",
    ];
    let mut answered: Vec<&str> = MEDIAN_OF_FOUR_WEEKS.into_iter().chain(elsewhere).collect();
    let mut names: Vec<&str> = gallery::all().iter().map(|toy| toy.name).collect();
    answered.sort_unstable();
    names.sort_unstable();
    assert_eq!(answered, names);
}
