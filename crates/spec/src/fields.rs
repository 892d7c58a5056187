//! The keys of a mapping, checked against the table of its level, and their values; what is to be
//! said about them is collected.

mod cron;
mod word;

pub(crate) use cron::part_of;

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use tuatara_frame::closest;

use crate::diagnostic::{listed, quote};
use crate::language::{Class, Level};
use crate::tree::{Key, Node, Value};
use crate::{Code, Diagnostic, Severity, Span, Spanned, de};

/// What was said so far of the file that is being read.
#[derive(Debug, Default)]
pub(crate) struct Said {
    found: Vec<Diagnostic>,
    /// Errors of the language: those of the text are in `found` alone.
    errors: usize,
}

/// A mapping whose keys have been checked.
pub(crate) struct Fields<'n> {
    level: &'static Level,
    entries: &'n [(Key, Node)],
    span: Span,
    /// How many diagnostics there were before those of this mapping.
    said: usize,
}

/// An entry of a mapping.
pub(crate) type Entry<'n> = &'n (Key, Node);

impl<'n> Fields<'n> {
    /// The entry of `key`, one of the keys of the level.
    pub(crate) fn get(&self, key: &str) -> Option<Entry<'n>> {
        debug_assert!(
            self.level.entry(key).is_some(),
            "`{key}` is in the table of its level"
        );
        self.entries.iter().find(|(k, _)| k.text == key)
    }
}

impl Said {
    /// Begins with what was found in the text.
    pub(crate) fn new(found: Vec<Diagnostic>) -> Self {
        Self { found, errors: 0 }
    }

    pub(crate) fn say(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.severity == Severity::Error);
        self.found.push(diagnostic);
    }

    /// How many errors there are, without those of the text.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.found
    }

    /// The keys of `node`, or nothing if it is no mapping. Says what is to be said about keys
    /// that are unknown or without effect.
    pub(crate) fn fields<'n>(
        &mut self,
        level: &'static Level,
        node: &'n Node,
        at: Span,
    ) -> Option<Fields<'n>> {
        let Value::Mapping(entries) = &node.value else {
            let span = if node.is_null() { at } else { node.span };
            let message = format!("{level} is {}, but a mapping is meant", node.describe());
            self.say(
                Diagnostic::error(Code::WrongType, span, message)
                    .allowed(format!("a mapping of {}", listed(level.writable())))
                    .remedy("write `key: value`, each on a line of its own"),
            );
            return None;
        };
        let said = self.found.len();
        for (key, _) in entries {
            self.key(level, key);
        }
        Some(Fields {
            level,
            entries,
            span: node.span,
            said,
        })
    }

    fn key(&mut self, level: &Level, key: &Key) {
        let name = quote(&key.text);
        match level.entry(&key.text).map(|entry| entry.class) {
            Some(Class::Effective) => {}
            Some(Class::WithoutEffect(reason)) => {
                let message = format!("{name} has no effect: {reason}");
                self.say(Diagnostic::note(Code::NoEffect, key.span, message));
            }
            None => {
                let known = level.keys.iter().map(|entry| entry.name);
                let suggestion = closest(&key.text, known);
                let message = format!("{name} is not a key of {level}");
                let diagnostic = Diagnostic::error(Code::UnknownKey, key.span, message)
                    .allowed(listed(level.writable()))
                    .suggest(suggestion);
                self.say(match suggestion {
                    Some(_) => diagnostic,
                    None => diagnostic.remedy(level.hint),
                });
            }
        }
    }

    /// The value of an entry; says what does not fit.
    pub(crate) fn value<T: DeserializeOwned>(&mut self, entry: Entry<'_>) -> Option<T> {
        let (key, node) = entry;
        let span = if node.is_null() { key.span } else { node.span };
        match de::from_node(node) {
            Ok(value) => Some(value),
            Err(error) => {
                let located = if node.is_null() {
                    error.moved_to(span)
                } else {
                    error
                };
                self.say(located.under(&key.text, 0).into_diagnostic("this", "a key"));
                None
            }
        }
    }

    /// The text of an entry, which must have some.
    pub(crate) fn text(&mut self, entry: Entry<'_>) -> Option<Spanned<String>> {
        let text: String = self.value(entry)?;
        let (key, node) = entry;
        if text.trim().is_empty() {
            let message = format!("{} is empty", quote(&key.text));
            self.say(
                Diagnostic::error(Code::NoValue, node.span, message)
                    .allowed("text")
                    .remedy("write a name"),
            );
            return None;
        }
        Some(Spanned::new(text, node.span))
    }

    /// A value with a text form of its own.
    pub(crate) fn parsed<T>(&mut self, entry: Entry<'_>) -> Option<Spanned<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.text(entry)?;
        match text.parse() {
            Ok(value) => Some(Spanned::new(value, text.span)),
            Err(error) => {
                let thing = quote(&entry.0.text);
                self.say(de::custom(&thing, &error.to_string(), text.span));
                None
            }
        }
    }

    /// The text of a key that has to be there.
    pub(crate) fn required_text(
        &mut self,
        fields: &Fields<'_>,
        key: &'static str,
        remedy: &str,
    ) -> Option<Spanned<String>> {
        match fields.get(key) {
            Some(entry) => self.text(entry),
            None => {
                self.missing(fields, key, remedy);
                None
            }
        }
    }

    /// Says that a key is missing, at the first line of the mapping, unless it has been suggested
    /// for one of the keys there.
    pub(crate) fn missing(&mut self, fields: &Fields<'_>, key: &'static str, remedy: &str) {
        let misspelt = |said: &Diagnostic| {
            said.code == Code::UnknownKey
                && said.suggestion.as_deref() == Some(key)
                && fields.entries.iter().any(|(k, _)| k.span == said.span)
        };
        if self.found[fields.said..].iter().any(misspelt) {
            return;
        }
        let span = fields
            .entries
            .first()
            .map_or(fields.span, |(key, _)| key.span);
        let message = format!("{} needs `{key}`", fields.level);
        self.say(
            Diagnostic::error(Code::MissingKey, span, message)
                .allowed(listed(fields.level.writable()))
                .remedy(remedy),
        );
    }
}

/// The items of a list; one value stands for a list of one, nothing for an empty one.
pub(crate) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::Sequence(items) => items,
        _ if node.is_null() => &[],
        _ => std::slice::from_ref(node),
    }
}
