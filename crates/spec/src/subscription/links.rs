//! What a message has beside anomalies: its subject and links.

use std::collections::BTreeMap;

use crate::diagnostic::quote;
use crate::fields::{Entry, Said};
use crate::language::words;
use crate::tree::{Key, Node, Value};
use crate::{Code, Diagnostic, Span};

/// What the subject of a mail says after the name of the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SubjectStyle {
    /// Nothing.
    Alerts,
    /// The metrics that had anomalies.
    #[default]
    Metrics,
    /// The datasets of these metrics.
    Datasets,
}

/// The words of `emailSubjectStyle`; `ALERT` is in the documentation's table.
pub(super) const STYLES: [(&str, SubjectStyle); 4] = [
    ("ALERTS", SubjectStyle::Alerts),
    ("METRICS", SubjectStyle::Metrics),
    ("DATASETS", SubjectStyle::Datasets),
    ("ALERT", SubjectStyle::Alerts),
];

pub(super) const STYLE_WORDS: [&str; STYLES.len()] = words(&STYLES);

/// A link that stands in every message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReferenceLink {
    /// What it is called.
    pub name: String,
    /// Where it leads to, as written.
    pub target: String,
}

const ALLOWED: &str = "names, each with its link: a mapping, or a list of such pairs";
const REMEDY: &str = "write `Runbook: https://example.com/runbook`, each on a line of its own";

/// `referenceLinks`: a mapping, or a list of mappings.
pub(super) fn links(said: &mut Said, entry: Entry<'_>) -> Vec<ReferenceLink> {
    let (_, node) = entry;
    let mut pairs: Vec<&(Key, Node)> = Vec::new();
    match &node.value {
        Value::Mapping(entries) => pairs.extend(entries),
        Value::Sequence(items) => {
            for item in items {
                match &item.value {
                    Value::Mapping(entries) => pairs.extend(entries),
                    _ => {
                        let message = format!("{} is no name with its link", item.describe());
                        said.say(
                            Diagnostic::error(Code::WrongType, item.span, message)
                                .allowed(ALLOWED)
                                .remedy(REMEDY),
                        );
                    }
                }
            }
        }
        _ if node.is_null() => {}
        _ => said.wrong_type(entry, "a mapping", ALLOWED, REMEDY),
    }
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut links = Vec::new();
    for pair in pairs {
        let Some(target) = said.text(pair) else {
            continue;
        };
        let (key, _) = pair;
        if let Some(&first) = seen.get(key.text.as_str()) {
            let message = format!(
                "the link {} is given twice, first on line {}",
                quote(&key.text),
                first.line()
            );
            said.say(
                Diagnostic::error(Code::DuplicateName, key.span, message)
                    .related(first, "first given here")
                    .allowed("each link once")
                    .remedy("delete one of the two, or give it another name"),
            );
            continue;
        }
        seen.insert(&key.text, key.span);
        links.push(ReferenceLink {
            name: key.text.clone(),
            target: target.value,
        });
    }
    links
}
