//! Every parameter of every type, given every kind of value.

use serde_json::Value as Json;
use tuatara::spec::schema::{Field, Shape};
use tuatara::spec::tree::Node;
use tuatara::spec::{Code, DetectionSpec, Kind, TypeEntry};
use tuatara::standard_registry;

use crate::files::{self, json};
use crate::mutated::SCALARS;

/// Parameters that are refused for more than their own range.
const DEPEND_ON_OTHERS: [(&str, &str); 3] = [
    // No more than there are lags.
    ("PERCENTAGE_RULE", "minLags"),
    ("ABSOLUTE_CHANGE_RULE", "minLags"),
    // With a damped trend only.
    ("HOLT_WINTERS_RULE", "phi"),
];

/// All types that ship, with their kinds.
pub(crate) fn types() -> Vec<(Kind, TypeEntry)> {
    let registry = standard_registry();
    let all = Kind::ALL.into_iter().flat_map(|kind| {
        let names: Vec<&str> = registry.types(kind).collect();
        let entries = names.into_iter().filter_map(|name| registry.describe(name));
        entries.map(move |entry| (kind, entry)).collect::<Vec<_>>()
    });
    all.collect()
}

/// The keys of a type and of the mappings in it, each with the keys that lead to it.
pub(crate) fn flattened(shape: &Shape) -> Vec<(String, Field)> {
    fn within(shape: &Shape, path: &str, all: &mut Vec<(String, Field)>) {
        match shape {
            Shape::Optional(inner) | Shape::List(inner) => within(inner, path, all),
            Shape::Struct { fields, .. } => {
                for field in fields {
                    let path = match path {
                        "" => field.name.to_owned(),
                        path => format!("{path}.{}", field.name),
                    };
                    all.push((path.clone(), field.clone()));
                    within(&field.shape, &path, all);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    within(shape, "", &mut all);
    all
}

/// A detection with one component of a type, whose parameters are what it needs and `value` at
/// `path`.
pub(crate) fn with_parameter(kind: Kind, type_name: &str, path: &str, value: Node) -> Node {
    let (key, value) = match path.rsplit_once('.') {
        None => (path, value),
        Some(_) => {
            let mut keys: Vec<&str> = path.split('.').collect();
            let outermost = keys.remove(0);
            let within = keys.into_iter().rev();
            let value = within.fold(value, |value, key| Node::mapping([(key, value)]));
            (outermost, value)
        }
    };
    let needed = match type_name {
        "SITEWIDE_IMPACT_FILTER" => vec![("threshold", Node::plain("0.5"))],
        "VOLUME_FILTER" => vec![("metric", Node::text("visits"))],
        _ => Vec::new(),
    };
    let params = needed.into_iter().chain([(key, value)]);
    with_parameters(kind, type_name, Node::mapping(params))
}

pub(crate) fn with_parameters(kind: Kind, type_name: &str, params: Node) -> Node {
    let component = |type_name: &str, params: Node| {
        Node::mapping([
            ("name", Node::text(format!("of {type_name}"))),
            ("type", Node::text(type_name)),
            ("params", params),
        ])
    };
    let own = component(type_name, params);
    let rule = match kind {
        Kind::Detector => Node::mapping([("detection", own)]),
        other => {
            let limit = Node::mapping([("max", Node::from(1))]);
            Node::mapping([
                ("detection", component("THRESHOLD", limit)),
                (other.key(), own),
            ])
        }
    };
    Node::mapping([
        ("detectionName", Node::text("every value")),
        ("metric", Node::text("orders")),
        ("rules", Node::list([rule])),
    ])
}

#[test]
fn whatever_the_schema_rejects_of_one_parameter_is_refused() {
    let registry = standard_registry();
    let schema = files::Kind::Detection.schema(&registry);
    let mut rejected = 0;
    for (kind, entry) in types() {
        for (path, field) in flattened(&entry.shape) {
            for &text in SCALARS {
                let plain = Node::plain(text);
                let values = [
                    Node::text(text),
                    Node::list([plain.clone(), Node::plain("8")]),
                    Node::mapping([("us", plain.clone())]),
                    plain,
                ];
                for value in values {
                    let tree = with_parameter(kind, entry.name, &path, value);
                    if schema.accepts(&json(&tree)) {
                        continue;
                    }
                    rejected += 1;
                    let causes = files::Kind::Detection.refused(&tree, &registry);
                    let name = (entry.name, &path, &field.shape);
                    assert!(
                        !causes.is_empty(),
                        "{name:?} with {text:?}:\n{}",
                        tree.print().text
                    );
                }
            }
        }
    }
    assert!(rejected > 10_000, "{rejected}");
}

/// The ranges that the reference shows are those by which parameters are checked.
#[test]
fn a_number_is_refused_exactly_where_the_reference_says_so() {
    let registry = standard_registry();
    let schema = files::Kind::Detection.schema(&registry);
    for (kind, entry) in types() {
        for (path, field) in flattened(&entry.shape) {
            let within = match &field.shape {
                Shape::Optional(within) | Shape::List(within) => within,
                other => other,
            };
            let number = matches!(within, Shape::Number | Shape::Whole { .. });
            if !number || DEPEND_ON_OTHERS.contains(&(entry.name, path.as_str())) {
                continue;
            }
            let doc = entry
                .docs
                .iter()
                .find(|doc| doc.is_of(&path))
                .expect("it is there");
            let ends = doc
                .bounds
                .into_iter()
                .flat_map(|bounds| [bounds.least, bounds.most]);
            let around = ends.flat_map(|end| [end - 1.0, end - 1e-9, end, end + 1e-9, end + 1.0]);
            let numbers = around.filter(|number| number.is_finite());
            let numbers = numbers.map(|number| number.to_string());
            for text in SCALARS.iter().map(ToString::to_string).chain(numbers) {
                let tree = with_parameter(kind, entry.name, &path, Node::plain(&text));
                let instance = json(&Node::plain(&text));
                // What no 64-bit number holds, and what only YAML takes for a number.
                let causes = files::Kind::Detection.refused(&tree, &registry);
                if !matches!(instance, Json::Number(_)) || causes.contains(&Code::BadNumber) {
                    continue;
                }
                let accepted = schema.accepts(&json(&tree));
                assert_eq!(causes.is_empty(), accepted, "{} {path}: {text}", entry.name);
            }
        }
    }
}

/// What is built of the parameters, in the words of the types themselves.
pub(crate) fn built(tree: &Node) -> String {
    let checked = DetectionSpec::from_tree(tree, "tree", &standard_registry());
    let checked = checked.unwrap_or_else(|error| panic!("{error}"));
    let rule = &checked.spec.rules[0];
    let others = rule.filters.iter().chain(&rule.labeler);
    let all = rule.detections.iter().chain(others);
    all.map(|component| format!("{:?}\n", component.component))
        .collect()
}
