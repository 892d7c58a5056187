//! Merges observed from the original (see `golden/README.md`): all agree.

use serde_json::Value;
use tuatara_frame::{Duration, Instant, Interval};
use tuatara_merge::{MergePolicy, merge_intervals};

/// What keeps stretches apart: the rule and the key.
type Key = (String, Option<String>);

fn interval(value: &Value) -> Interval {
    let at = |key: &str| Instant::from_millis(value[key].as_i64().expect("a stamp")).unwrap();
    Interval::new(at("start"), at("end")).unwrap()
}

fn rule(value: &Value) -> String {
    value["component"].as_str().expect("a rule").to_owned()
}

fn policy(case: &Value) -> MergePolicy {
    let given = |key: &str, default: Duration| {
        case[key]
            .as_i64()
            .map_or(default, |millis| Duration::from_millis(millis).unwrap())
    };
    let plain = MergePolicy::default();
    let gap = given("maxGap", plain.max_gap());
    MergePolicy::new(gap, given("maxDuration", plain.max_duration())).unwrap()
}

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("golden/cases.json")).expect("the cases are JSON")
}

fn list<'a>(case: &'a Value, key: &str) -> &'a [Value] {
    case[key].as_array().expect("a list")
}

#[test]
fn the_defaults_are_two_hours_and_seven_days() {
    let plain = MergePolicy::default();
    assert_eq!(
        (plain.max_gap(), plain.max_duration()),
        (Duration::hours(2), Duration::days(7))
    );
}

#[test]
fn every_observed_merge_without_stored_anomalies_agrees() {
    let cases = cases();
    assert_eq!(cases.len(), 13);
    for case in &cases {
        let given = list(case, "input").iter().map(|value| {
            let key: Key = (rule(value), value["mergeKey"].as_str().map(str::to_owned));
            (interval(value), key)
        });
        // Theirs does not say the key of what comes out, and equal ones come in any order.
        let mut ours: Vec<(Interval, String)> = merge_intervals(given, &policy(case))
            .into_iter()
            .map(|(interval, (rule, _))| (interval, rule))
            .collect();
        let mut theirs: Vec<(Interval, String)> = list(case, "expected")
            .iter()
            .map(|value| (interval(value), rule(value)))
            .collect();
        for side in [&mut ours, &mut theirs] {
            side.sort_by_key(|(interval, rule)| (interval.start(), interval.end(), rule.clone()));
        }
        assert_eq!(ours, theirs, "{}", case["case"]);
    }
}
