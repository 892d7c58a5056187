//! `dimensionExploration`: whose combinations of values are series of their own.

use std::collections::BTreeMap;

use super::Reading;
use super::keys::Level;
use crate::diagnostic::quote;
use crate::fields::Entry;
use crate::{Code, Diagnostic};

impl Reading<'_> {
    /// The dimensions, in the order written.
    pub(super) fn exploration(&mut self, entry: Entry<'_>) -> Vec<String> {
        let Some(fields) = self
            .said
            .fields(&Level::EXPLORATION, &entry.1, entry.0.span)
        else {
            return Vec::new();
        };
        let Some(dimensions) = fields.get("dimensions") else {
            self.said.missing(
                &fields,
                "dimensions",
                "add `dimensions:` with a list of dimensions",
            );
            return Vec::new();
        };
        let Some(names) = self.said.value::<Vec<String>>(dimensions) else {
            return Vec::new();
        };
        let nodes = crate::fields::items(&dimensions.1);
        if names.is_empty() {
            self.said.say(
                Diagnostic::error(
                    Code::EmptyList,
                    dimensions.0.span,
                    "`dimensions` has no item",
                )
                .allowed("at least one dimension")
                .remedy("list a dimension, or delete `dimensionExploration:`"),
            );
        }
        let mut seen = BTreeMap::new();
        for (i, name) in names.iter().enumerate() {
            let first = *seen.entry(name).or_insert(i);
            if first < i {
                let message = format!(
                    "{} is listed twice, first on line {}",
                    quote(name),
                    nodes[first].span.line()
                );
                self.said.say(
                    Diagnostic::error(Code::DuplicateName, nodes[i].span, message)
                        .related(nodes[first].span, "first listed here")
                        .allowed("each dimension once")
                        .remedy("delete one of the two"),
                );
            }
        }
        names
    }
}
