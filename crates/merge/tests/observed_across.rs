//! Merges across rules observed from the original (see `golden/README.md`). Two of twelve differ,
//! as what is returned there overlaps; and a child keeps its own rule.

use serde_json::Value;
use tuatara_core::{Anomaly, AnomalyId, Direction, Peak};
use tuatara_frame::{Duration, Instant, Interval, SliceKey};
use tuatara_merge::{MergePolicy, merge_anomalies};

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("golden/across.json")).expect("the cases are JSON")
}

fn list<'a>(case: &'a Value, key: &str) -> &'a [Value] {
    case[key].as_array().map_or(&[], Vec::as_slice)
}

fn policy(case: &Value) -> MergePolicy {
    let plain = MergePolicy::default();
    let given = |key: &str, default: Duration| {
        let millis = case[key].as_i64();
        millis.map_or(default, |millis| Duration::from_millis(millis).unwrap())
    };
    let gap = given("maxGap", plain.max_gap());
    MergePolicy::new(gap, given("maxDuration", plain.max_duration())).unwrap()
}

/// Without a value the direction there is an accident (quirk Q16); here it is none.
fn anomaly(value: &Value) -> Anomaly {
    let at = |key: &str| Instant::from_millis(value[key].as_i64().unwrap()).unwrap();
    let rule = value["component"].as_str().unwrap();
    let slice = SliceKey::new("metric");
    let (observed, expected) = (value["current"].as_f64(), value["baseline"].as_f64());
    let direction = match (observed, expected) {
        (Some(observed), Some(expected)) if observed > expected => Direction::Up,
        (Some(observed), Some(expected)) if observed < expected => Direction::Down,
        _ => Direction::Neither,
    };
    let peak = Peak {
        at: at("start"),
        direction,
        score: 2.0,
        observed: observed.unwrap_or(f64::NAN),
        expected: expected.unwrap_or(f64::NAN),
        lower: f64::NAN,
        upper: f64::NAN,
    };
    // Those that were stored there have been told here.
    let id = AnomalyId::new("detection", rule, &slice, at("start"));
    let interval = Interval::new(at("start"), at("end")).unwrap();
    Anomaly::open(id, "detection", rule, &slice, interval, peak)
}

/// Hours, rules and children, as text.
fn said(start: i64, end: i64, rules: &str, children: &[(i64, i64)]) -> String {
    let hours = |millis: i64| millis / 3_600_000;
    let mut said = format!("{}..{} {rules}", hours(start), hours(end));
    for (start, end) in children {
        said.push_str(&format!(" [{}..{}]", hours(*start), hours(*end)));
    }
    said
}

fn span(anomaly: &Anomaly) -> (i64, i64) {
    let interval = anomaly.interval;
    (interval.start().millis(), interval.end().millis())
}

fn ours(case: &Value) -> Vec<String> {
    let given = list(case, "input").iter().map(anomaly);
    let say = |parent: &Anomaly| {
        let (start, end) = span(parent);
        let children: Vec<_> = parent.children.iter().map(span).collect();
        said(start, end, &parent.rules.join(","), &children)
    };
    let mut ours: Vec<String> = merge_anomalies(given, policy(case))
        .iter()
        .map(say)
        .collect();
    ours.sort();
    ours
}

fn theirs(case: &Value) -> Vec<String> {
    let ends = |value: &Value| {
        let at = |key: &str| value[key].as_i64().unwrap();
        (at("start"), at("end"))
    };
    let say = |parent: &Value| {
        let (start, end) = ends(parent);
        let children: Vec<_> = list(parent, "children").iter().map(ends).collect();
        said(start, end, parent["component"].as_str().unwrap(), &children)
    };
    let mut theirs: Vec<String> = list(case, "expected").iter().map(say).collect();
    theirs.sort();
    theirs
}

/// Quirk Q32: their parents overlap, where both together would be longer than maxDuration. Here
/// the later begins where the earlier ends.
const APART: [(&str, [&str; 2], [&str; 2]); 2] = [
    (
        "childkeeping_maxdur_truncate",
        ["0..4 r1:T", "3..8 r1:T"],
        ["0..4 r1:T", "4..8 r1:T [3..8]"],
    ),
    (
        "childkeeping_existing_trunc",
        ["0..4 r1:T", "3..9 r1:T"],
        ["0..4 r1:T", "4..9 r1:T [3..9]"],
    ),
];

#[test]
fn every_observed_merge_across_rules_agrees_but_where_theirs_overlap() {
    let cases = cases();
    assert_eq!(cases.len(), 12);
    let mut apart = 0;
    for case in &cases {
        let name = case["case"].as_str().unwrap();
        match APART.iter().find(|(quirk, ..)| *quirk == name) {
            None => assert_eq!(ours(case), theirs(case), "{name}"),
            Some((_, of_theirs, of_ours)) => {
                assert_eq!(theirs(case), of_theirs, "{name}");
                assert_eq!(ours(case), of_ours, "{name}");
                apart += 1;
            }
        }
    }
    assert_eq!(apart, APART.len());
}

/// An accident of the original: the first child is a copy of the parent that goes on changing, so
/// that it comes to name the rules of all.
#[test]
fn a_child_names_its_own_rule_alone() {
    let cases = cases();
    let case = cases
        .iter()
        .find(|case| case["case"] == "childkeeping_three_rules")
        .unwrap();
    let first = &list(&list(case, "expected")[0], "children")[0];
    assert_eq!(first["component"], "r1:T,r2:T,r3:T");
    let parents = merge_anomalies(list(case, "input").iter().map(anomaly), policy(case));
    assert_eq!(parents[0].rules, ["r1:T", "r2:T", "r3:T"]);
    assert_eq!(parents[0].children[0].rules, ["r1:T"]);
}
