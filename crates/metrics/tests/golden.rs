//! Every measure equals that of an independent implementation on fifty cases; see
//! `golden/README.md`.

use std::ops::Range;

use serde_json::Value;
use tuatara_frame::Duration;
use tuatara_metrics::{
    ALERT_GAP, Answer, Decisions, EventTally, Labels, NabScore, Probation, Profile, Scores,
    Summary, Truth, Windows, average_precision, best_f1, best_range_f1, f1, period, range_score,
    summarise, vus,
};

/// Sums are taken in another order there; see the README.
const TOLERANCE: f64 = 1e-9;

const PROFILES: [&str; 3] = ["standard", "reward_low_FP_rate", "reward_low_FN_rate"];

fn cases() -> Vec<Value> {
    let text = include_str!("golden/cases.json");
    serde_json::from_str(text).expect("the golden file is JSON")
}

fn flags(of: &Value) -> Vec<bool> {
    let text = of.as_str().expect("digits");
    text.bytes().map(|digit| digit == b'1').collect()
}

fn numbers(of: &Value) -> Vec<f64> {
    let list = of.as_array().expect("numbers").iter();
    list.map(|number| number.as_f64().unwrap_or(f64::NAN))
        .collect()
}

fn count(of: &Value) -> usize {
    usize::try_from(of.as_u64().expect("a count")).unwrap()
}

fn windows(of: &Value) -> Vec<Range<usize>> {
    let list = of.as_array().unwrap().iter();
    list.map(|window| count(&window[0])..count(&window[1]) + 1)
        .collect()
}

/// A series as the crate sees it, and what a detector said of it.
fn series(of: &Value) -> (Truth, Answer) {
    let labels = Labels::new(flags(&of["labels"]));
    let skip = count(&of["skip"]);
    let expected = Windows::new(labels.len(), windows(&of["windows"])).unwrap();
    let truth = match of["form"].as_str() {
        Some("windows") => Truth::from_windows(expected.clone(), Probation::Nab),
        _ => Truth::from_labels(labels.clone(), Probation::Share),
    };
    let mut truth = truth.unwrap();
    assert_eq!((truth.windows(), truth.labels()), (&expected, &labels));
    assert_eq!(truth.unscored(), skip);
    let millis = of["step_seconds"].as_f64().unwrap() * 1_000.0;
    if millis > 0.0 {
        truth = truth.with_step(Duration::from_millis(millis as i64).unwrap());
    }
    let answer = Answer {
        scores: Scores::new(numbers(&of["score"])).unwrap(),
        decisions: Decisions::new(flags(&of["decisions"])),
    };
    (truth.with_buffer(count(&of["expected"]["buffer"])), answer)
}

/// The value of a measure, or that it has none.
fn check(what: &str, expected: &Value, got: Option<f64>) {
    match (expected.as_f64(), got) {
        (None, None) => {}
        (Some(expected), Some(got)) => {
            let error = (got - expected).abs() / expected.abs().max(1.0);
            assert!(error <= TOLERANCE, "{what}: {got} is not {expected}");
        }
        (_, got) => panic!("{what}: {got:?} is not {expected}"),
    }
}

#[test]
fn there_are_fifty_cases_of_each_kind_that_was_asked_for() {
    let cases = cases();
    let begins = |word: &str| {
        let of_kind = |case: &&Value| case["name"].as_str().unwrap().starts_with(word);
        cases.iter().filter(of_kind).count()
    };
    let kinds = [
        ("", 50),
        ("ties", 10),
        ("constant", 5),
        ("without positives", 5),
        ("only positives", 5),
        ("NaN", 5),
        ("probation", 5),
    ];
    for (word, wanted) in kinds {
        assert_eq!(begins(word), wanted, "{word}");
    }
}

#[test]
fn measures_of_one_series_are_those_of_the_other_implementation() {
    for case in cases() {
        for of in case["series"].as_array().unwrap() {
            let (truth, answer) = series(of);
            let labels = truth.scored_labels();
            let scores = truth.scored(&answer.scores).unwrap();
            let decisions = truth.decided(&answer.decisions).unwrap();
            let expected = &of["expected"];
            let check =
                |what: &str, got| check(&format!("{} {what}", case["name"]), &expected[what], got);

            let values = numbers(&of["value"]);
            assert_eq!(period(&values).unwrap_or(125), count(&expected["period"]));
            check(
                "average_precision",
                average_precision(labels, &scores).unwrap(),
            );
            check("best_f1", best_f1(labels, &scores).unwrap());
            let volumes = vus(labels, &scores, truth.buffer()).unwrap();
            check("vus_pr", volumes.map(|volumes| volumes.pr));
            check("vus_roc", volumes.map(|volumes| volumes.roc));
            let sharp = vus(labels, &scores, 0).unwrap();
            check("vus_pr_buffer_0", sharp.map(|volumes| volumes.pr));
            check("f1", f1(labels, &decisions).unwrap());
            check("best_range_f1", best_range_f1(labels, &scores).unwrap());

            // Without an anomalous row these are 0 there and none here.
            if let Some(range) = range_score(labels, &decisions).unwrap() {
                check("range_f1", Some(range.f1));
                check("range_precision", Some(range.precision));
                check("range_recall", Some(range.recall));
            }

            let tally = EventTally::count(labels, &decisions, ALERT_GAP).unwrap();
            let counts = [tally.alerts, tally.true_alerts, tally.false_alerts()];
            let names = ["alerts", "true_alerts", "false_alerts"];
            assert_eq!(counts, names.map(|name| count(&expected[name])));
            assert_eq!(tally.events, count(&expected["events"]));
            assert_eq!(tally.found(), count(&expected["events_found"]));
            let delays = expected["delays"].as_array().unwrap().iter().map(count);
            assert_eq!(tally.delays, delays.collect::<Vec<_>>());
        }
    }
}

#[test]
fn measures_of_a_set_are_those_of_the_other_implementation() {
    for case in cases() {
        let (truths, answers): (Vec<_>, Vec<_>) = case["series"]
            .as_array()
            .unwrap()
            .iter()
            .map(series)
            .unzip();
        let got = summarise("ours", &truths, &answers, ALERT_GAP).unwrap();
        let expected = &case["expected"];
        let check =
            |what: &str, got| check(&format!("{} {what}", case["name"]), &expected[what], got);
        check("auc_pr", got.average_precision);
        check("vus_pr", got.vus_pr);
        check("best_f1", got.best_f1);
        check("best_range_f1", got.best_range_f1);
        check("auc_pr_pooled", got.pooled_average_precision);
        check("best_f1_pooled", got.pooled_best_f1);
        check("f1", got.f1);
        check("range_f1", got.range_f1);
        check("alerts", Some(got.events.alerts as f64));
        // What has no value here is 0 there.
        check(
            "event_precision",
            Some(got.events.precision().unwrap_or(0.0)),
        );
        check("event_recall", Some(got.events.recall().unwrap_or(0.0)));
        check("event_f1", Some(got.events.f1().unwrap_or(0.0)));
        check("alerts_per_30_days", got.alerts_per_30_days);
        check(
            "false_alerts_per_day",
            got.false_alerts_per_30_days.map(|count| count / 30.0),
        );
        check("delay_rows_median", got.events.median_delay());
        check("delay_rows_mean", got.events.mean_delay());
        check(
            "delay_seconds_median",
            got.median_delay_minutes.map(|minutes| 60.0 * minutes),
        );
        check_nab(&case, &got);
    }
}

fn check_nab(case: &Value, got: &Summary) {
    let sides: [(&str, &[NabScore; 3]); 2] = [
        ("nab_searched", &got.nab_searched),
        ("nab_decided", &got.nab_decided),
    ];
    for (side, scores) in sides {
        for ((profile, name), score) in Profile::ALL.iter().zip(PROFILES).zip(scores) {
            let expected = &case["expected"][side][name];
            let what = format!("{} {side} {profile:?}", case["name"]);
            // Without a window there is nothing to find: no score here, 0 there.
            check(&what, &expected["score"], Some(score.score.unwrap_or(0.0)));
            check(&what, &expected["raw"], Some(score.raw));
            assert_eq!(score.threshold, expected["threshold"].as_f64(), "{what}");
        }
    }
}
