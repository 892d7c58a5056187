//! Who is told of which anomalies.

use std::collections::BTreeMap;

use tuatara_core::Severity;

use super::AlertScheme;
use super::keys::{SEVERITY_ROUTE, SLICE_ROUTE};
use super::links::{ReferenceLink, links};
use super::recipients::addresses;
use super::scheme::notify;
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields, Said, items};
use crate::language::words;
use crate::tree::{Node, Value};
use crate::{Code, Diagnostic, Span};

/// Who is told of which anomalies. The schemes and recipients of the subscription itself are "the
/// group" below.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Routing {
    /// `DEFAULT_ALERTER_PIPELINE`: the group, of every anomaly.
    #[default]
    Everyone,
    /// `DIMENSIONS_ALERTER_PIPELINE` with a list: every route that has the anomaly; the group of
    /// the others.
    Slices(Vec<SliceRoute>),
    /// `DIMENSION_ALERTER_PIPELINE` with `dimension` and a mapping: the group of every anomaly,
    /// and whoever is named for the value of the dimension.
    Values {
        /// `dimension`.
        dimension: String,
        /// `dimensionRecipients`, in the order written.
        routes: Vec<ValueRoute>,
    },
    /// `PER_USER_DIMENSION_ALERTER_PIPELINE`: each who is named for the value of the dimension, in
    /// a mail to them and the group; nobody of the others.
    Users {
        /// `dimension`.
        dimension: String,
        /// `dimensionRecipients`, in the order written.
        routes: Vec<ValueRoute>,
    },
    /// `SEVERITY_ALERTER_PIPELINE`: every route that has the severity; the group of the others.
    Severities(Vec<SeverityRoute>),
}

/// Who is told of the anomalies of some slices.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SliceRoute {
    /// `dimensions`, in alphabetical order, each with its values: an anomaly is meant when its
    /// slice has one of the values in each of them.
    pub dimensions: Vec<(String, Vec<String>)>,
    /// `notify`, at least one.
    pub schemes: Vec<AlertScheme>,
    /// `referenceLinks`, in the order written.
    pub links: Vec<ReferenceLink>,
}

/// Who is told of the anomalies of one value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValueRoute {
    /// The value.
    pub value: String,
    /// Addresses, at least one.
    pub to: Vec<String>,
}

/// Who is told of the anomalies of some severities.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SeverityRoute {
    /// `severity`, at least one.
    pub severities: Vec<Severity>,
    /// `notify`, at least one.
    pub schemes: Vec<AlertScheme>,
    /// `referenceLinks`, in the order written.
    pub links: Vec<ReferenceLink>,
}

/// `type`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Default,
    Dimensions,
    PerUser,
    Severity,
}

/// The documentation writes `DIMENSION_…`, the program `DIMENSIONS_…`.
const KINDS: [(&str, Kind); 5] = [
    ("DEFAULT_ALERTER_PIPELINE", Kind::Default),
    ("DIMENSIONS_ALERTER_PIPELINE", Kind::Dimensions),
    ("DIMENSION_ALERTER_PIPELINE", Kind::Dimensions),
    ("PER_USER_DIMENSION_ALERTER_PIPELINE", Kind::PerUser),
    ("SEVERITY_ALERTER_PIPELINE", Kind::Severity),
];

const SEVERITIES: [(&str, Severity); 5] = [
    ("CRITICAL", Severity::Critical),
    ("HIGH", Severity::High),
    ("MEDIUM", Severity::Medium),
    ("LOW", Severity::Low),
    ("DEFAULT", Severity::Default),
];

/// What `type` can be.
pub(super) const TYPE_WORDS: [&str; KINDS.len()] = words(&KINDS);
/// What `severity` can be.
pub(super) const SEVERITY_WORDS: [&str; SEVERITIES.len()] = words(&SEVERITIES);

const MAP_REMEDY: &str =
    "add `dimension:`, and under `dimensionRecipients:` its values, each with addresses";

/// `type`, and the keys that belong to it.
pub(super) fn routing(said: &mut Said, fields: &Fields<'_>) -> Option<Routing> {
    let kind = match fields.get("type") {
        Some(entry) => said.word(entry, &KINDS)?,
        None => Kind::Default,
    };
    let of_dimensions = matches!(kind, Kind::Dimensions | Kind::PerUser);
    for (key, used, pipeline) in [
        ("dimension", of_dimensions, "DIMENSIONS_ALERTER_PIPELINE"),
        (
            "dimensionRecipients",
            of_dimensions,
            "DIMENSIONS_ALERTER_PIPELINE",
        ),
        (
            "severityRecipients",
            kind == Kind::Severity,
            "SEVERITY_ALERTER_PIPELINE",
        ),
    ] {
        if let Some((key, _)) = fields.get(key).filter(|_| !used) {
            unused(said, key.span, &key.text, fields, pipeline);
        }
    }
    match kind {
        Kind::Default => Some(Routing::Everyone),
        Kind::Dimensions => by_dimensions(said, fields),
        Kind::PerUser => {
            let (dimension, routes) = by_value(said, fields)?;
            Some(Routing::Users { dimension, routes })
        }
        Kind::Severity => {
            let remedy = "add `severityRecipients:` with a list of `severity:` and `notify:`";
            let Some(entry) = fields.get("severityRecipients") else {
                said.missing(fields, "severityRecipients", remedy);
                return None;
            };
            not_empty(said, entry, remedy);
            let routes = items(&entry.1).iter();
            let routes = routes.filter_map(|item| severity_route(said, item, entry.0.span));
            Some(Routing::Severities(routes.collect()))
        }
    }
}

/// A key that the type has no use for: somebody who is named there is told of nothing.
fn unused(said: &mut Said, at: Span, key: &str, fields: &Fields<'_>, pipeline: &str) {
    let (message, related) = match fields.get("type") {
        Some((_, node)) => (
            format!(
                "`{key}` has no effect with `type: {}`",
                node.as_text().unwrap_or_default()
            ),
            Some(node.span),
        ),
        None => (format!("`{key}` has no effect without a `type`"), None),
    };
    let warning = Diagnostic::warning(Code::RiskyPair, at, message)
        .remedy(format!("write `type: {pipeline}`, or delete it"));
    said.say(match related {
        Some(span) => warning.related(span, "the type is given here"),
        None => warning,
    });
}

/// A list of routes, or the values of one dimension.
fn by_dimensions(said: &mut Said, fields: &Fields<'_>) -> Option<Routing> {
    let Some(entry) = fields.get("dimensionRecipients") else {
        said.missing(fields, "dimensionRecipients", MAP_REMEDY);
        return None;
    };
    if !matches!(entry.1.value, Value::Sequence(_)) {
        let (dimension, routes) = by_value(said, fields)?;
        return Some(Routing::Values { dimension, routes });
    }
    if let Some((key, _)) = fields.get("dimension") {
        let message = "`dimension` has no effect: each item of `dimensionRecipients` says which \
                       dimensions it means";
        said.say(Diagnostic::note(Code::NoEffect, key.span, message));
    }
    not_empty(said, entry, "add an item with `dimensions:` and `notify:`");
    let routes = items(&entry.1).iter();
    let routes = routes.filter_map(|item| slice_route(said, item, entry.0.span));
    Some(Routing::Slices(routes.collect()))
}

/// `dimension`, and `dimensionRecipients` as a mapping of its values to addresses.
fn by_value(said: &mut Said, fields: &Fields<'_>) -> Option<(String, Vec<ValueRoute>)> {
    let dimension = said.required_text(
        fields,
        "dimension",
        "add `dimension:`, the one whose values stand under `dimensionRecipients:`",
    );
    let Some(entry) = fields.get("dimensionRecipients") else {
        said.missing(fields, "dimensionRecipients", MAP_REMEDY);
        return None;
    };
    let Value::Mapping(values) = &entry.1.value else {
        let allowed = "values of the dimension, each with an address or a list of addresses";
        said.wrong_type(entry, "a mapping", allowed, "write `value: [address]`");
        return None;
    };
    not_empty(said, entry, MAP_REMEDY);
    let mut routes = Vec::new();
    for value in values {
        if items(&value.1).is_empty() {
            let message = format!("nobody is named for {}", quote(&value.0.text));
            said.say(
                Diagnostic::error(Code::EmptyList, value.0.span, message)
                    .allowed("an address or a list of addresses")
                    .remedy("add one, or delete the value"),
            );
        }
        let to = addresses(said, value);
        routes.push(ValueRoute {
            value: value.0.text.clone(),
            to,
        });
    }
    Some((dimension?.value, routes))
}

fn not_empty(said: &mut Said, entry: Entry<'_>, remedy: &str) {
    let (key, node) = entry;
    let empty = match &node.value {
        Value::Mapping(entries) => entries.is_empty(),
        _ => items(node).is_empty(),
    };
    if empty {
        let message = format!("{} names nobody", quote(&key.text));
        said.say(
            Diagnostic::error(Code::EmptyList, key.span, message)
                .allowed("somebody to tell")
                .remedy(remedy),
        );
    }
}

fn slice_route(said: &mut Said, item: &Node, at: Span) -> Option<SliceRoute> {
    let fields = said.fields(&SLICE_ROUTE, item, at)?;
    let dimensions = match fields.get("dimensions") {
        Some(entry) => pairs(said, entry),
        None => {
            let remedy = "add `dimensions:`, each with a value or a list of values";
            said.missing(&fields, "dimensions", remedy);
            Vec::new()
        }
    };
    Some(SliceRoute {
        dimensions,
        schemes: notify(said, &fields),
        links: fields
            .get("referenceLinks")
            .map_or_else(Vec::new, |entry| links(said, entry)),
    })
}

/// Dimensions with the values that are meant.
fn pairs(said: &mut Said, entry: Entry<'_>) -> Vec<(String, Vec<String>)> {
    const REMEDY: &str = "write `country: US`, or `country: [US, CA]`";
    let (key, node) = entry;
    let Value::Mapping(entries) = &node.value else {
        let allowed = "dimensions, each with a value or a list of values";
        said.wrong_type(entry, "a mapping", allowed, REMEDY);
        return Vec::new();
    };
    if entries.is_empty() {
        said.say(
            Diagnostic::error(Code::EmptyList, key.span, "`dimensions` has no dimension")
                .allowed("at least one dimension")
                .remedy(REMEDY),
        );
    }
    let mut pairs = BTreeMap::new();
    for entry in entries {
        if items(&entry.1).is_empty() {
            let message = format!("{} has no value", quote(&entry.0.text));
            said.say(
                Diagnostic::error(Code::EmptyList, entry.0.span, message)
                    .allowed("a value or a list of values")
                    .remedy("list the values that are meant, or delete the dimension"),
            );
        } else if let Some(values) = said.value::<Vec<String>>(entry) {
            pairs.insert(entry.0.text.clone(), values);
        }
    }
    pairs.into_iter().collect()
}

fn severity_route(said: &mut Said, item: &Node, at: Span) -> Option<SeverityRoute> {
    let fields = said.fields(&SEVERITY_ROUTE, item, at)?;
    let remedy = "add `severity:` with one or several of these";
    let severities = match fields.get("severity") {
        Some(entry) => {
            if items(&entry.1).is_empty() {
                let all: Vec<&str> = SEVERITIES.iter().map(|(word, _)| *word).collect();
                said.say(
                    Diagnostic::error(Code::EmptyList, entry.0.span, "`severity` has no item")
                        .allowed(all.join(", "))
                        .remedy("write one or several of these"),
                );
            }
            said.words(entry, &SEVERITIES)
        }
        None => {
            said.missing(&fields, "severity", remedy);
            Vec::new()
        }
    };
    Some(SeverityRoute {
        severities,
        schemes: notify(said, &fields),
        links: fields
            .get("referenceLinks")
            .map_or_else(Vec::new, |entry| links(said, entry)),
    })
}
