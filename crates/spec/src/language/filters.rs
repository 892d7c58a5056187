//! `filters`: which values of which dimensions are kept.

use super::Reading;
use crate::diagnostic::quote;
use crate::fields::{Entry, items};
use crate::tree::{Node, Value};
use crate::{Code, Diagnostic};

impl Reading<'_> {
    /// Dimensions in alphabetical order, each with its values as written.
    pub(super) fn filters(&mut self, entry: Entry<'_>) -> Vec<(String, Vec<String>)> {
        let (key, node) = entry;
        let Value::Mapping(dimensions) = &node.value else {
            if !node.is_null() {
                let message = format!("`filters` is {}, but a mapping is meant", node.describe());
                self.said.say(
                    Diagnostic::error(Code::WrongType, node.span, message)
                        .allowed("dimensions, each with a value or a list of values")
                        .remedy("write `dimension: value`, or `dimension: [value, value]`"),
                );
            }
            return Vec::new();
        };
        let mut filters = Vec::new();
        for entry in dimensions {
            let values = items(&entry.1);
            if values.is_empty() {
                let name = quote(&entry.0.text);
                let message = format!("{name} of `{}` keeps no value", key.text);
                self.said.say(
                    Diagnostic::error(Code::EmptyList, entry.0.span, message)
                        .allowed("a value or a list of values")
                        .remedy("list the values to keep, or delete the dimension"),
                );
                continue;
            }
            for value in values {
                self.doubt_operator(value);
            }
            if let Some(values) = self.said.value::<Vec<String>>(entry) {
                filters.push((entry.0.text.clone(), values));
            }
        }
        filters.sort();
        filters
    }

    /// `!us` and `>5` are operators elsewhere; here they are values like any other.
    fn doubt_operator(&mut self, value: &Node) {
        let Some(text) = value.as_text() else { return };
        if !text.starts_with(['!', '<', '>']) {
            return;
        }
        let message = format!(
            "{} is compared as text, `{}` included",
            quote(text),
            &text[..1]
        );
        self.said.say(
            Diagnostic::warning(Code::OperatorAsText, value.span, message)
                .allowed("values to keep, each as it stands in the data")
                .remedy("list the values to keep"),
        );
    }
}
