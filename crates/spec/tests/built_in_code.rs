//! A detection built in code, without any text.

mod toy_types;

use tuatara_frame::Duration;
use tuatara_spec::tree::Node;
use tuatara_spec::{Code, DetectionSpec, Kind};

fn component(name: &str, type_name: &str, params: Node) -> Node {
    Node::mapping([
        ("name", Node::text(name)),
        ("type", Node::text(type_name)),
        ("params", params),
    ])
}

fn detection(params: Node) -> Node {
    let min = Node::mapping([("minDuration", Node::text("PT15M"))]);
    let rule = Node::mapping([
        ("detection", component("rule_1", "PERCENTAGE_RULE", params)),
        ("filter", component("filter_1", "duration_filter", min)),
    ]);
    Node::mapping([
        ("detectionName", Node::text("revenue_drop")),
        ("metric", Node::text("revenue")),
        ("rules", Node::list([rule])),
        ("merger", Node::mapping([("maxGap", Node::from(0))])),
    ])
}

#[test]
fn what_is_built_is_what_would_have_been_read() {
    let params = Node::mapping([
        ("offset", "wo1w".into()),
        ("percentageChange", Node::from(0.1)),
    ]);
    let checked = DetectionSpec::from_tree(&detection(params), "code", &toy_types::registry())
        .unwrap_or_else(|error| panic!("{error}"));
    let rule = &checked.spec.rules[0];
    assert!(rule.detections[0].detector().is_some() && rule.detections[0].filter().is_none());
    assert!(rule.filters[0].filter().is_some() && rule.filters[0].detector().is_none());
    assert_eq!(rule.filters[0].type_name.value, "DURATION_FILTER");
    assert_eq!(checked.spec.merge.max_gap, Duration::ZERO);
    assert!(checked.diagnosis.is_empty());
}

#[test]
fn errors_point_into_the_tree_as_it_is_printed() {
    let tree = detection(Node::mapping([("offset", "w01w".into())]));
    let error = DetectionSpec::from_tree(&tree, "code", &toy_types::registry()).unwrap_err();
    let found = &error.diagnosis().diagnostics()[0];
    assert_eq!(found.code, Code::BadParameter);
    assert_eq!(found.suggestion.as_deref(), Some("wo1w"));
    assert_eq!(&error.diagnosis().text()[found.span.bytes()], "\"w01w\"");
}

#[test]
fn a_type_registered_again_takes_the_place_of_the_first() {
    let registry = toy_types::registry();
    let twice = toy_types::registry().with::<toy_types::Threshold>();
    let types = |kind| twice.types(kind).collect::<Vec<_>>();
    assert_eq!(
        types(Kind::Detector),
        ["HOLT_WINTERS_RULE", "PERCENTAGE_RULE", "THRESHOLD"]
    );
    assert_eq!(format!("{registry:?}"), format!("{twice:?}"));
    assert_eq!(
        registry.canonical("Holt-Winters-Rule"),
        Some("HOLT_WINTERS_RULE")
    );
}
