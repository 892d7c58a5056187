//! What keys of one mapping ask of each other.

use super::terms::{Terms, any_of, entries, matching, object, one_of, strings, typed};
use super::types::of_type;
use crate::language::{Count, Folding, Form};
use crate::tree::Node;

/// Keys that may not be there.
fn without<const N: usize>(keys: [&str; N]) -> Node {
    let none = keys.map(|key| (key, Node::from(false)));
    object([("properties", Node::mapping(none))])
}

/// Keys that have to be there.
fn with<const N: usize>(keys: [&str; N]) -> Node {
    object([("required", strings(keys))])
}

/// Both of two schemas whose words differ.
fn both(a: Node, b: Node) -> Node {
    Node::mapping(entries(a).into_iter().chain(entries(b)))
}

fn if_then_else(condition: Node, then: Node, otherwise: Node) -> Node {
    object([("if", condition), ("then", then), ("else", otherwise)])
}

impl Terms<'_> {
    /// What the keys of a level ask of each other.
    pub(super) fn conditions(&mut self, id: &str) -> Vec<Node> {
        match id {
            "detection" | "alert" => vec![composed_or_not()],
            "rule" => vec![any_of([with(["detection"]), with(["quality"])])],
            "thinning" => vec![counted()],
            "event" => vec![any_of([
                with(["leaveOut"]),
                with(["expect"]),
                with(["suppress"]),
            ])],
            "exploration" => vec![asked()],
            "expression" => vec![either_or("expression")],
            "operand" => vec![either_or("value")],
            "grouper" => self.groupers(),
            "scheme" => self.schemes(),
            "notify" => vec![any_of([
                with(["emailScheme"]),
                with(["jiraScheme"]),
                with(["irisScheme"]),
            ])],
            "subscription" => self.routes(),
            "window" => vec![expected()],
            "metric" => vec![limited()],
            _ => Vec::new(),
        }
    }

    fn groupers(&mut self) -> Vec<Node> {
        let (expression, incidents) = (self.level("expression"), self.level("incidents"));
        let incidents = any_of([incidents, self.not_set()]);
        let params = |params| object([("properties", object([("params", params)]))]);
        vec![
            of_type(
                &format!("^{}$", one_of(["GROUPER"], Folding::Dash)),
                both(params(expression), with(["params"])),
            ),
            of_type(
                &format!("^{}$", one_of(["INCIDENT_GROUPER"], Folding::Dash)),
                params(incidents),
            ),
        ]
    }

    fn schemes(&mut self) -> Vec<Node> {
        let email = any_of([self.level("email"), typed("null")]);
        let [jira, iris] = ["jira", "iris"].map(|id| self.level(id));
        let params = |params| object([("properties", object([("params", params)]))]);
        let needed = |of| both(params(of), with(["params"]));
        vec![
            of_type(&named("EMAIL"), params(email)),
            of_type(&named("JIRA"), needed(jira)),
            of_type(&named("IRIS"), needed(iris)),
        ]
    }

    /// Who is told of what: by `type`.
    fn routes(&mut self) -> Vec<Node> {
        let addresses = self.form(&ADDRESSES);
        let by_value = self.mapping(addresses, 1);
        let slice = self.level("slice");
        let by_slice = object([
            ("type", Node::text("array")),
            ("items", slice),
            ("minItems", Node::from(1)),
        ]);
        let severity = self.level("severity");
        let by_severity = self.list(severity, Count::ONE_OR_MORE);
        let recipients = |of| object([("properties", object([("dimensionRecipients", of)]))]);
        let of_severities = object([("properties", object([("severityRecipients", by_severity)]))]);
        let by_dimensions = any_of([by_slice, by_value.clone()]);
        let dimension = self.form(&crate::language::TEXT);
        let types = ["DIMENSIONS_ALERTER_PIPELINE", "DIMENSION_ALERTER_PIPELINE"];
        let one = one_of(types, Folding::Dash);
        vec![
            of_type(
                &trimmed(&one),
                both(recipients(by_dimensions), with(["dimensionRecipients"])),
            ),
            of_type(
                &named("PER_USER_DIMENSION_ALERTER_PIPELINE"),
                both(
                    object([(
                        "properties",
                        object([("dimension", dimension), ("dimensionRecipients", by_value)]),
                    )]),
                    with(["dimension", "dimensionRecipients"]),
                ),
            ),
            of_type(
                &named("SEVERITY_ALERTER_PIPELINE"),
                both(of_severities, with(["severityRecipients"])),
            ),
        ]
    }
}

const ADDRESSES: Form = Form::List(
    &Form::Text(crate::subscription::ADDRESS),
    Count::ONE_OR_MORE,
);

fn named(word: &str) -> String {
    trimmed(&one_of([word], Folding::Dash))
}

fn trimmed(pattern: &str) -> String {
    format!("^[\\s\\u0085]*{pattern}[\\s\\u0085]*$")
}

/// A detection of one metric has a metric and rules; one that is composed has neither.
fn composed_or_not() -> Node {
    let composed = one_of(["COMPOSITE_ALERT", "COMPOSITE"], Folding::Case);
    let by_type = object([
        (
            "properties",
            object([("type", matching(&format!("^{composed}$")))]),
        ),
        ("required", strings(["type"])),
    ]);
    let of_one = [
        "metric",
        "dataset",
        "filters",
        "dimensionExploration",
        "rules",
    ];
    if_then_else(
        any_of([with(["alerts"]), by_type]),
        both(without(of_one), with(["alerts"])),
        with(["metric", "rules"]),
    )
}

/// `n` without `k` counts nothing.
fn counted() -> Node {
    let given = object([(
        "properties",
        object([("n", object([("not", typed("null"))]))]),
    )]);
    object([("if", both(given, with(["n"]))), ("then", with(["k"]))])
}

/// Something has to be asked of a combination, or there have to be some.
fn asked() -> Node {
    let asking = crate::language::ASKING;
    any_of(
        std::iter::once("dimensions")
            .chain(asking)
            .map(|key| with([key])),
    )
}

/// A text, or an operator with two sides.
fn either_or(text: &str) -> Node {
    any_of([
        both(with([text]), without(["operator", "leftOp", "rightOp"])),
        both(with(["operator", "leftOp", "rightOp"]), without([text])),
    ])
}

/// A threshold is made of two numbers.
fn expected() -> Node {
    let applied = object([("enum", Node::list([Node::from(true)]))]);
    let applied = object([
        ("properties", object([("isThresholdApplied", applied)])),
        ("required", strings(["isThresholdApplied"])),
    ]);
    let both = with(["expectedChange", "acceptableDeviation"]);
    object([("if", applied), ("then", both)])
}

/// Some policies need a limit.
fn limited() -> Node {
    let filling = object([
        (
            "properties",
            object([(
                "missing",
                matching(&trimmed(&one_of(["CARRY", "INTERPOLATE"], Folding::Dash))),
            )]),
        ),
        ("required", strings(["missing"])),
    ]);
    if_then_else(filling, with(["missingLimit"]), without(["missingLimit"]))
}
