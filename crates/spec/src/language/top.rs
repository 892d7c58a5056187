//! The outermost level of a configuration.

use std::ops::Range;

use super::keys::Level;
use super::{DetectionSpec, Reading};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields};
use crate::tree::Node;
use crate::{Code, Diagnostic, Schedule, Span, Spanned};

impl Reading<'_> {
    pub(super) fn top(&mut self, tree: &Node) -> Option<DetectionSpec> {
        let fields = self.said.fields(&Level::TOP, tree, Span::NONE)?;
        let name = self
            .said
            .required_text(&fields, "detectionName", "add `detectionName: a_name`");
        let metric =
            self.said
                .required_text(&fields, "metric", "add `metric:` with the name of a column");
        let description = fields
            .get("description")
            .and_then(|entry| self.said.value::<Option<String>>(entry));
        let dataset = fields
            .get("dataset")
            .and_then(|entry| self.said.text(entry));
        let active = fields
            .get("active")
            .and_then(|entry| self.said.value::<bool>(entry));
        let schedule = fields.get("cron").and_then(|entry| self.cron(entry));
        if let Some(entry) = fields.get("type") {
            self.detection_type(entry);
        }
        let filters = fields
            .get("filters")
            .map(|entry| self.filters(entry))
            .unwrap_or_default();
        let dimensions = fields
            .get("dimensionExploration")
            .map(|entry| self.exploration(entry))
            .unwrap_or_default();
        let rules = self.rules(&fields);
        let merge = self.merger(fields.get("merger"));
        let calendar = self.said.calendar(&fields);
        Some(DetectionSpec {
            name: name?,
            description: description.flatten(),
            metric: metric?,
            dataset,
            active: active.unwrap_or(true),
            schedule,
            filters,
            dimensions,
            merge,
            calendar,
            rules,
            fingerprint: tree.fingerprint(),
        })
    }

    /// `cron`; what is wrong with it is shown at the field.
    fn cron(&mut self, entry: Entry<'_>) -> Option<Spanned<Schedule>> {
        let text = self.said.text(entry)?;
        match text.parse::<Schedule>() {
            Ok(schedule) => Some(Spanned::new(schedule, text.span)),
            Err(error) => {
                let span = part_of(&entry.1, error.at());
                let message = format!("`cron`: {}", error.what());
                let diagnostic = Diagnostic::error(Code::BadValue, span, message);
                let diagnostic = diagnostic.allowed(error.allowed());
                self.said.say(match error.suggestion() {
                    Some(name) => diagnostic.suggest(Some(name)),
                    None => diagnostic.remedy(error.remedy()),
                });
                None
            }
        }
    }

    /// `type`, of which there is one.
    fn detection_type(&mut self, entry: Entry<'_>) {
        let Some(written) = self.said.text(entry) else {
            return;
        };
        if written.eq_ignore_ascii_case("METRIC_ALERT") {
            return;
        }
        let composite = ["COMPOSITE_ALERT", "COMPOSITE"];
        let diagnostic = if composite
            .iter()
            .any(|name| written.eq_ignore_ascii_case(name))
        {
            Diagnostic::error(
                Code::NotAvailable,
                written.span,
                "a detection composed of others is not available in this version",
            )
            .remedy("write one detection for each metric, each in a file of its own")
        } else {
            let message = format!("`type` cannot be {}", quote(&written));
            Diagnostic::error(Code::UnknownValue, written.span, message)
                .suggest(tuatara_frame::closest(&written, ["METRIC_ALERT"]))
                .remedy("delete it, or write METRIC_ALERT; detectors have a `type` of their own")
        };
        self.said.say(diagnostic.allowed("METRIC_ALERT"));
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

/// The place of some bytes of the text of `node`; all of it where escapes or line breaks have moved
/// them.
fn part_of(node: &Node, bytes: Range<usize>) -> Span {
    let (span, Some(text)) = (node.span, node.as_text()) else {
        return node.span;
    };
    let around = match span.bytes().len().checked_sub(text.len()) {
        Some(quotes @ (0 | 2)) if span.is_known() => quotes / 2,
        _ => return span,
    };
    let Some(before) = text.get(..bytes.start) else {
        return span;
    };
    let start = span.bytes().start + around;
    Span::new(
        span.line(),
        span.column() + around + before.chars().count(),
        start + bytes.start..start + bytes.end,
    )
}
