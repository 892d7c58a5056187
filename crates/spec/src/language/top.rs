//! The outermost level of a configuration.

use std::collections::BTreeSet;

use tuatara_frame::closest;

use super::grouper::Names;
use super::keys::Level;
use super::{DetectionSpec, MergeSpec, Reading};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields};
use crate::tree::Node;
use crate::{Code, Diagnostic, Span, Spanned};

/// The dimensions that tell its series apart, or that all of them share: those of `alerts`, too.
fn dimensions(spec: &DetectionSpec) -> BTreeSet<String> {
    let filtered = spec.filters.iter().map(|(name, _)| name);
    let own = spec.dimensions.iter().chain(filtered).cloned();
    own.chain(spec.alerts.iter().flat_map(dimensions)).collect()
}

const OF_ONE_METRIC: &str = "METRIC_ALERT";
const COMPOSED: &str = "COMPOSITE_ALERT";
/// The name of older documentation.
const COMPOSED_BEFORE: &str = "COMPOSITE";

/// What `type` can be.
pub(super) const TYPES: [&str; 3] = [OF_ONE_METRIC, COMPOSED, COMPOSED_BEFORE];

impl Reading<'_> {
    pub(super) fn top(&mut self, tree: &Node) -> Option<DetectionSpec> {
        let fields = self.said.fields(&Level::TOP, tree, Span::NONE)?;
        let name = self
            .said
            .required_text(&fields, "detectionName", "add `detectionName: a_name`");
        let active = fields
            .get("active")
            .and_then(|entry| self.said.value::<bool>(entry));
        let schedule = fields
            .get("cron")
            .and_then(|entry| self.said.schedule(entry));
        let mut spec = self.body(&fields, name, MergeSpec::default())?;
        spec.active = active.unwrap_or(true);
        spec.schedule = schedule;
        spec.fingerprint = tree.fingerprint();
        Some(spec)
    }

    /// An item of `alerts`. What its merger does not say is as in `merge`.
    pub(super) fn alert(
        &mut self,
        item: &Node,
        at: Span,
        merge: MergeSpec,
    ) -> Option<DetectionSpec> {
        let at = if item.span.is_known() { item.span } else { at };
        let fields = self.said.fields(&Level::ALERT, item, at)?;
        let remedy = "add `name:`, by which the grouper knows it";
        let name = self.said.required_text(&fields, "name", remedy);
        let mut spec = self.body(&fields, name, merge)?;
        spec.fingerprint = item.fingerprint();
        Some(spec)
    }

    /// What a detection and an item of `alerts` have in common.
    fn body(
        &mut self,
        fields: &Fields<'_>,
        name: Option<Spanned<String>>,
        merge: MergeSpec,
    ) -> Option<DetectionSpec> {
        if let Some(name) = &name {
            self.claim_alert(name);
        }
        let description = fields
            .get("description")
            .and_then(|entry| self.said.value::<Option<String>>(entry));
        let merge = self.merger(fields.get("merger"), merge);
        let mut spec = DetectionSpec {
            name: name.unwrap_or_else(|| Spanned::new(String::new(), Span::NONE)),
            description: description.flatten(),
            metric: None,
            dataset: None,
            active: true,
            schedule: None,
            filters: Vec::new(),
            dimensions: Vec::new(),
            ranking: None,
            combination_limit: super::COMBINATION_LIMIT,
            calendar: self.said.calendar(fields),
            merge,
            rules: Vec::new(),
            alerts: Vec::new(),
            grouper: None,
            fingerprint: 0,
        };
        let before = self.said.errors();
        let names = if self.is_composed(fields) {
            spec.alerts = self.alerts(fields, merge);
            // What looks at the quality of the data alone finds nothing to be gathered.
            let finds = |alert: &&DetectionSpec| {
                let mut rules = alert.rules.iter();
                alert.metric.is_none() || rules.any(|rule| !rule.detections.is_empty())
            };
            let names = spec.alerts.iter().filter(finds);
            let names = names.map(|alert| alert.name.value.clone());
            Names {
                known: names.collect(),
                what: "items of `alerts`",
                are_typed: false,
                are_all: self.said.errors() == before,
            }
        } else {
            let remedy = "add `metric:` with the name of a column";
            spec.metric = self.said.required_text(fields, "metric", remedy);
            spec.dataset = fields
                .get("dataset")
                .and_then(|entry| self.said.text(entry));
            spec.filters = fields
                .get("filters")
                .map(|entry| self.filters(entry))
                .unwrap_or_default();
            let exploration = fields
                .get("dimensionExploration")
                .map(|entry| self.exploration(entry))
                .unwrap_or_default();
            spec.dimensions = exploration.dimensions;
            spec.ranking = exploration.ranking;
            spec.combination_limit = exploration.limit;
            spec.rules = self.rules(fields);
            let detectors = spec.rules.iter().flat_map(|rule| &rule.detections);
            let names = detectors
                .map(|detector| format!("{}:{}", detector.name.value, detector.type_name.value));
            Names {
                known: names.collect(),
                what: "detectors of `rules`",
                are_typed: true,
                are_all: self.said.errors() == before,
            }
        };
        let known = dimensions(&spec);
        self.said.doubt_event_filters(fields, &known);
        self.doubt_merger(fields.get("merger"), merge);
        let grouper = fields.get("grouper").filter(|(_, node)| !node.is_null());
        spec.grouper = grouper.and_then(|entry| self.grouper(entry, merge, &names));
        Some(spec)
    }

    /// Says so if another detection has the name.
    fn claim_alert(&mut self, name: &Spanned<String>) {
        let Some(&first) = self.alerts.get(&name.value) else {
            self.alerts.insert(name.value.clone(), name.span);
            return;
        };
        let message = format!(
            "the name {} is taken, first on line {}",
            quote(name),
            first.line()
        );
        self.said.say(
            Diagnostic::error(Code::DuplicateName, name.span, message)
                .related(first, "first used here")
                .allowed("names that no other detection in the configuration has")
                .remedy("give one of the two another name"),
        );
    }

    /// Whether it is composed of others: by its `type`, and by its `alerts`.
    fn is_composed(&mut self, fields: &Fields<'_>) -> bool {
        let alerts = fields.get("alerts");
        let written = fields.get("type");
        let composed = written.and_then(|entry| self.detection_type(entry));
        match (composed, alerts, written) {
            (Some(false), Some((key, _)), Some((_, written))) => {
                let message = "`alerts` stands in a detection of one metric";
                self.said.say(
                    Diagnostic::error(Code::Conflict, key.span, message)
                        .related(written.span, "its type is given here")
                        .allowed(COMPOSED)
                        .remedy(format!("write `type: {COMPOSED}`, or delete `alerts`")),
                );
                return true;
            }
            (Some(true), ..) | (None, Some(_), _) => {}
            _ => return false,
        }
        for key in [
            "metric",
            "dataset",
            "filters",
            "dimensionExploration",
            "rules",
        ] {
            if let Some((key, _)) = fields.get(key) {
                let name = quote(&key.text);
                let message = format!("{name} stands in a detection that is composed of others");
                self.said.say(
                    Diagnostic::error(Code::WrongPlace, key.span, message)
                        .allowed(
                            "name, type, alerts, grouper, merger, description, events, holidays",
                        )
                        .remedy(format!("move {name} to the item of `alerts` that it is of")),
                );
            }
        }
        true
    }

    fn alerts(&mut self, fields: &Fields<'_>, merge: MergeSpec) -> Vec<DetectionSpec> {
        const REMEDY: &str = "add `alerts:` with a list of detections, each with `name:`, \
                              `metric:` and `rules:`";
        let Some(entry) = fields.get("alerts") else {
            self.said.missing(fields, "alerts", REMEDY);
            return Vec::new();
        };
        let items = crate::fields::items(&entry.1);
        if items.is_empty() {
            self.said.say(
                Diagnostic::error(Code::EmptyList, entry.0.span, "`alerts` has no detection")
                    .allowed("at least one detection")
                    .remedy(REMEDY),
            );
        }
        items
            .iter()
            .filter_map(|item| self.alert(item, entry.0.span, merge))
            .collect()
    }

    /// `type`: whether it says that the detection is composed of others.
    fn detection_type(&mut self, entry: Entry<'_>) -> Option<bool> {
        let written = self.said.text(entry)?;
        let is = |name: &str| written.eq_ignore_ascii_case(name);
        if is(OF_ONE_METRIC) {
            return Some(false);
        }
        if is(COMPOSED) || is(COMPOSED_BEFORE) {
            return Some(true);
        }
        let message = format!("`type` cannot be {}", quote(&written));
        let known = [OF_ONE_METRIC, COMPOSED];
        self.said.say(
            Diagnostic::error(Code::UnknownValue, written.span, message)
                .allowed(known.join(", "))
                .suggest(closest(&written, known))
                .remedy("delete it, or write one of the two; detectors have a `type` of their own"),
        );
        None
    }

    fn rules(&mut self, fields: &Fields<'_>) -> Vec<super::RuleSpec> {
        const REMEDY: &str = "add `rules:` with a list of `- detection:`";
        let Some(entry) = fields.get("rules") else {
            self.said.missing(fields, "rules", REMEDY);
            return Vec::new();
        };
        let items = crate::fields::items(&entry.1);
        if items.is_empty() {
            self.said.say(
                Diagnostic::error(Code::EmptyList, entry.0.span, "`rules` has no rule")
                    .allowed("at least one rule")
                    .remedy(REMEDY),
            );
        }
        items
            .iter()
            .filter_map(|item| self.rule(item, entry.0.span))
            .collect()
    }
}
