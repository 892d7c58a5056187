//! A rule: its detectors, the filters after them, and what says how much anomalies matter.

use super::keys::Level;
use super::{ComponentSpec, Reading, RuleSpec};
use crate::diagnostic::quote;
use crate::fields::{Entry, items};
use crate::registry::Kind;
use crate::tree::Node;
use crate::{Code, Diagnostic, Span};

impl Reading<'_> {
    /// The rule, or nothing if there was an error in it. `at` is the key of the list it is in.
    pub(super) fn rule(&mut self, item: &Node, at: Span) -> Option<RuleSpec> {
        let before = self.said.errors();
        let at = if item.span.is_known() { item.span } else { at };
        let has = |key| item.entry(key).is_some();
        if has("type") && !has("detection") {
            let (key, value) = item.entry("type").expect("it was just found");
            let what = value.as_text().map_or_else(|| "a type".to_owned(), quote);
            let message = format!("{what} stands where a rule should");
            self.said.say(
                Diagnostic::error(Code::WrongPlace, key.span, message)
                    .allowed("a rule: a mapping of detection and filter")
                    .remedy("write `- detection:` before it and indent it as an item of that list"),
            );
            return None;
        }
        let fields = self.said.fields(&Level::RULE, item, at)?;
        let detections = match fields.get("detection") {
            Some(entry) => self.components((Kind::Detector, &Level::DETECTOR), entry),
            // A rule can be there for the quality of the data alone.
            None if fields.get("quality").is_some() => Vec::new(),
            None => {
                let remedy = "add `detection:` with a list of `name:`, `type:` and `params:`";
                self.said.missing(&fields, "detection", remedy);
                Vec::new()
            }
        };
        let filters = fields
            .get("filter")
            .map(|entry| self.components((Kind::Filter, &Level::FILTER), entry))
            .unwrap_or_default();
        let labelers = fields
            .get("labeler")
            .map(|entry| self.components((Kind::Labeler, &Level::LABELER), entry))
            .unwrap_or_default();
        let quality = fields
            .get("quality")
            .map(|entry| self.components((Kind::Detector, &Level::QUALITY), entry))
            .unwrap_or_default();
        if let [_, second, ..] = &labelers[..] {
            self.said.say(
                Diagnostic::error(
                    Code::Conflict,
                    second.name.span,
                    "a rule has two labelers, and an anomaly one severity",
                )
                .allowed("one labeler for each rule")
                .remedy("delete one, or give each detector a rule of its own"),
            );
        }
        let thinning = self.thinning(fields.get("thinning"));
        (self.said.errors() == before).then_some(RuleSpec {
            thinning,
            detections,
            filters,
            labeler: labelers.into_iter().next(),
            quality,
        })
    }

    fn components(&mut self, of: (Kind, &'static Level), entry: Entry<'_>) -> Vec<ComponentSpec> {
        let (key, node) = entry;
        let items = items(node);
        if items.is_empty() && of.0 == Kind::Detector {
            let message = format!("{} has no detector", quote(&key.text));
            self.said.say(
                Diagnostic::error(Code::EmptyList, key.span, message)
                    .allowed("at least one detector")
                    .remedy("add an item with `name:`, `type:` and `params:`"),
            );
        }
        items
            .iter()
            .filter_map(|item| self.component(of, item, key.span))
            .collect()
    }
}
