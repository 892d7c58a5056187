//! The keys of each level: what may be written, what it means, and whether it does anything.
//!
//! They are said once, here. Reading, messages, the reference and the schemas go by the same tables.

mod calendar;
mod component;
mod detection;
mod exploration;
mod form;
mod gathering;

use std::fmt;

pub(crate) use form::{Count, Folding, Form, TEXT, named, words};

/// What becomes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// It does what is documented.
    Effective,
    /// It is accepted and changes nothing, for this reason.
    WithoutEffect(&'static str),
}

/// A key of a level.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct KeyEntry {
    /// The key as it is written.
    pub name: &'static str,
    /// What becomes of it.
    pub class: Class,
    /// What it is, beginning with a small letter and without a full stop; Markdown.
    pub meaning: &'static str,
    /// What holds where it is not given, in Markdown; `required` where it has to be.
    pub default: &'static str,
    /// What may be written.
    pub(crate) form: Form,
}

/// A level of a configuration: a mapping with keys of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Level {
    /// What it is called in messages.
    pub name: &'static str,
    /// Its keys.
    pub keys: &'static [KeyEntry],
    /// What to do with a key that is none of them.
    pub(crate) hint: &'static str,
}

/// A key that does what `meaning` says, and is not set by default.
pub(crate) const fn key(name: &'static str, form: Form, meaning: &'static str) -> KeyEntry {
    KeyEntry {
        name,
        class: Class::Effective,
        meaning,
        default: "not set",
        form,
    }
}

/// A key that changes nothing, for a reason.
const fn without_effect(name: &'static str, form: Form, reason: &'static str) -> KeyEntry {
    KeyEntry {
        name,
        class: Class::WithoutEffect(reason),
        meaning: "",
        default: "",
        form,
    }
}

impl KeyEntry {
    const REQUIRED: &'static str = "required";

    /// Says what holds where it is not given.
    pub(crate) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// Says that it has to be given, whatever else is.
    pub(crate) const fn required(self) -> Self {
        self.default(Self::REQUIRED)
    }

    /// Whether it has to be given, whatever else is.
    pub(crate) fn is_required(&self) -> bool {
        self.default == Self::REQUIRED
    }
}

impl Level {
    /// The whole configuration.
    pub const TOP: Self = detection::TOP;
    /// An item of `alerts`: a detection that is part of another.
    pub const ALERT: Self = detection::ALERT;
    /// `grouper`.
    pub const GROUPER: Self = gathering::GROUPER;
    /// `params` of a `GROUPER`.
    pub const EXPRESSION: Self = gathering::EXPRESSION;
    /// `leftOp` and `rightOp` of a `GROUPER`.
    pub const OPERAND: Self = gathering::OPERAND;
    /// `params` of an `INCIDENT_GROUPER`.
    pub const INCIDENTS: Self = gathering::INCIDENTS;
    /// `dimensionExploration`.
    pub const EXPLORATION: Self = exploration::EXPLORATION;
    /// `merger`.
    pub const MERGER: Self = detection::MERGER;
    /// An item of `events`.
    pub const EVENT: Self = calendar::EVENT;
    /// `suppress` of an event.
    pub const SUPPRESS: Self = calendar::SUPPRESS;
    /// An item of `rules`.
    pub const RULE: Self = detection::RULE;
    /// `thinning`.
    pub const THINNING: Self = detection::THINNING;
    /// An item of `detection`.
    pub const DETECTOR: Self = component::DETECTOR;
    /// An item of `filter`.
    pub const FILTER: Self = component::FILTER;
    /// An item of `labeler`.
    pub const LABELER: Self = component::LABELER;
    /// An item of `quality`.
    pub const QUALITY: Self = component::QUALITY;

    /// What the pipeline reads in the `params` of a detector, beside the parameters of its type.
    pub(crate) const SETTINGS: Self = component::SETTINGS;
    /// What the pipeline reads in the `params` of a filter or labeler.
    pub(crate) const CLOCK: Self = component::CLOCK;

    /// All levels, from the outermost inward.
    pub const ALL: [Self; 16] = [
        Self::TOP,
        Self::ALERT,
        Self::GROUPER,
        Self::EXPRESSION,
        Self::OPERAND,
        Self::INCIDENTS,
        Self::EXPLORATION,
        Self::MERGER,
        Self::EVENT,
        Self::SUPPRESS,
        Self::RULE,
        Self::THINNING,
        Self::DETECTOR,
        Self::FILTER,
        Self::LABELER,
        Self::QUALITY,
    ];

    /// The entry of `key`.
    pub fn entry(&self, key: &str) -> Option<&'static KeyEntry> {
        self.keys.iter().find(|entry| entry.name == key)
    }

    /// Names of the keys that do something.
    pub(crate) fn writable(&self) -> impl Iterator<Item = &'static str> {
        self.keys
            .iter()
            .filter(|entry| entry.class == Class::Effective)
            .map(|entry| entry.name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_level_has_a_key_twice() {
        for level in Level::ALL {
            let mut names: Vec<_> = level.keys.iter().map(|entry| entry.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), level.keys.len(), "{level}");
        }
    }
}
