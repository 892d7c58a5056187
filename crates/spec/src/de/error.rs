//! What did not fit when a value was read.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};
use tuatara_frame::closest;

use super::number::NotThatNumber;
use crate::diagnostic::{listed, quote};
use crate::{Code, Diagnostic, Span};

/// Something that did not fit, and where. Becomes a [`Diagnostic`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    cause: Cause,
    span: Option<Span>,
    /// Keys from the innermost outward.
    keys: Vec<String>,
    /// Position of the outermost key in its mapping.
    entry: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Cause {
    UnknownField {
        key: String,
        known: &'static [&'static str],
    },
    UnknownVariant {
        value: String,
        known: &'static [&'static str],
    },
    MissingField(&'static str),
    DuplicateField(&'static str),
    NoValue {
        meant: String,
    },
    WrongType {
        found: String,
        meant: String,
    },
    Number {
        text: String,
        meant: &'static str,
        why: NotThatNumber,
    },
    Range {
        text: String,
        meant: String,
    },
    Bool {
        text: String,
    },
    Other(String),
}

impl ReadError {
    fn new(cause: Cause) -> Self {
        Self(Box::new(Inner {
            cause,
            span: None,
            keys: Vec::new(),
            entry: None,
        }))
    }

    pub(super) fn no_value(meant: impl Into<String>) -> Self {
        Self::new(Cause::NoValue {
            meant: meant.into(),
        })
    }

    pub(super) fn wrong_type(found: impl Into<String>, meant: impl Into<String>) -> Self {
        Self::new(Cause::WrongType {
            found: found.into(),
            meant: meant.into(),
        })
    }

    pub(super) fn number(text: &str, meant: &'static str, why: NotThatNumber) -> Self {
        Self::new(Cause::Number {
            text: text.to_owned(),
            meant,
            why,
        })
    }

    pub(super) fn range(text: &str, meant: impl Into<String>) -> Self {
        Self::new(Cause::Range {
            text: text.to_owned(),
            meant: meant.into(),
        })
    }

    pub(super) fn not_bool(text: &str) -> Self {
        Self::new(Cause::Bool {
            text: text.to_owned(),
        })
    }

    /// Gives the error a place, unless it has an inner one already.
    pub(super) fn at(mut self, span: Span) -> Self {
        self.0.span.get_or_insert(span);
        self
    }

    /// Gives the error another place.
    pub(crate) fn moved_to(mut self, span: Span) -> Self {
        self.0.span = Some(span);
        self
    }

    /// Notes that the error arose in the value of the entry number `entry`, under `key`.
    pub(crate) fn under(mut self, key: &str, entry: usize) -> Self {
        self.0.keys.push(key.to_owned());
        self.0.entry = Some(entry);
        self
    }

    /// Notes that the error arose at the key of the entry number `entry`.
    pub(super) fn at_key(mut self, entry: usize, span: Span) -> Self {
        self.0.entry = Some(entry);
        self.at(span)
    }

    pub(super) fn is_duplicate_field(&self) -> bool {
        self.duplicate_field().is_some()
    }

    pub(super) fn is_missing_field(&self) -> bool {
        self.missing_field().is_some()
    }

    /// The first name of the field that is given under two of its names.
    pub(crate) fn duplicate_field(&self) -> Option<&'static str> {
        match self.0.cause {
            Cause::DuplicateField(field) => Some(field),
            _ => None,
        }
    }

    /// The field that is missing.
    pub(crate) fn missing_field(&self) -> Option<&'static str> {
        match self.0.cause {
            Cause::MissingField(field) => Some(field),
            _ => None,
        }
    }

    /// Position, in the outermost mapping, of the entry that did not fit.
    pub(super) fn entry(&self) -> Option<usize> {
        self.0.entry
    }

    /// Where it is.
    pub fn span(&self) -> Span {
        self.0.span.unwrap_or_default()
    }

    /// The error in words. `owner` is what was read, such as `PERCENTAGE_RULE`, and `what` its
    /// keys are, such as `a parameter`.
    pub fn into_diagnostic(self, owner: &str, what: &str) -> Diagnostic {
        let span = self.span();
        let keys = &self.0.keys;
        let owner = keys
            .first()
            .map_or_else(|| owner.to_owned(), |key| quote(key));
        let what = if keys.is_empty() { what } else { "a key" };
        let thing = keys
            .first()
            .map_or_else(|| "this".to_owned(), |key| quote(key));
        match self.0.cause {
            Cause::UnknownField { key, known } => {
                let message = format!("{} is not {what} of {owner}", quote(&key));
                unknown(Code::UnknownKey, span, message, &key, known)
            }
            Cause::UnknownVariant { value, known } => {
                let message = format!("{thing} cannot be {}", quote(&value));
                unknown(Code::UnknownValue, span, message, &value, known)
            }
            Cause::MissingField(field) => {
                Diagnostic::error(Code::MissingKey, span, format!("{owner} needs `{field}`"))
                    .allowed(format!("`{field}: …` among the keys"))
                    .remedy(format!("add `{field}:` and its value"))
            }
            Cause::DuplicateField(field) => {
                let message = format!("{owner} has `{field}` twice, under two of its names");
                Diagnostic::error(Code::DuplicateKey, span, message)
                    .allowed("one of the names")
                    .remedy("keep the one that is meant and delete the other")
            }
            Cause::NoValue { meant } => {
                Diagnostic::error(Code::NoValue, span, format!("{thing} has no value"))
                    .allowed(meant)
                    .remedy("write a value after the `:`, or delete the key")
            }
            Cause::WrongType { found, meant } => {
                let message = format!("{thing} is {found}, but {meant} is meant");
                let remedy = match found.as_str() {
                    "a list" => "write one value, without `[`, `]` or `- `".to_owned(),
                    "a mapping" => "write one value, without a key".to_owned(),
                    _ => format!("write {meant}"),
                };
                Diagnostic::error(Code::WrongType, span, message)
                    .allowed(meant)
                    .remedy(remedy)
            }
            Cause::Number { text, meant, why } => {
                let message = format!("{thing} is {}, which {}", quote(&text), why.problem);
                Diagnostic::error(Code::BadNumber, span, message)
                    .allowed(meant)
                    .remedy(why.remedy)
            }
            Cause::Range { text, meant } => {
                let message = format!("{thing} is {}, which is out of range", quote(&text));
                Diagnostic::error(Code::BadNumber, span, message)
                    .allowed(meant)
                    .remedy("write one of these")
            }
            Cause::Bool { text } => {
                let answer = match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "y" | "1" => Some("true"),
                    "no" | "off" | "n" | "0" => Some("false"),
                    _ => None,
                };
                let message = format!(
                    "{thing} is {}, which is neither true nor false",
                    quote(&text)
                );
                Diagnostic::error(Code::WrongType, span, message)
                    .allowed("true, false")
                    .suggest(answer)
                    .remedy("write it out; other languages have other words for it")
            }
            Cause::Other(text) => custom(&thing, &text, span),
        }
    }
}

/// A word that is none of `known`, with the list and one suggestion.
fn unknown(code: Code, span: Span, message: String, word: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, span, message);
    if known.is_empty() {
        return diagnostic.allowed("nothing").remedy("delete it");
    }
    let near = closest(word, known.iter().copied());
    let diagnostic = diagnostic.allowed(listed(known)).suggest(near);
    match near {
        Some(_) => diagnostic,
        None => diagnostic.remedy("write one of these, or delete the key"),
    }
}

/// The message of somebody else's type. Messages of the form `what; allowed: list; remedy`, as
/// all errors of this workspace have it, are taken apart.
pub(crate) fn custom(thing: &str, text: &str, span: Span) -> Diagnostic {
    let (what, rest) = match text.split_once("; allowed: ") {
        Some((what, rest)) => (what, Some(rest)),
        None => (text, None),
    };
    let message = format!("{thing}: {what}");
    let diagnostic = Diagnostic::error(Code::BadValue, span, message);
    match rest.map(|rest| rest.rsplit_once("; ").unwrap_or((rest, ""))) {
        None => diagnostic,
        Some((allowed, "")) => diagnostic.allowed(allowed),
        Some((allowed, remedy)) => {
            let word = remedy
                .strip_prefix("did you mean `")
                .and_then(|r| r.strip_suffix("`?"));
            match word {
                Some(word) => diagnostic.allowed(allowed).suggest(Some(word)),
                None => diagnostic.allowed(allowed).remedy(remedy),
            }
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let diagnostic = self.clone().into_diagnostic("this", "a key");
        if diagnostic.span.is_known() {
            write!(
                f,
                "line {}, column {}: ",
                diagnostic.span.line(),
                diagnostic.span.column()
            )?;
        }
        f.write_str(&diagnostic.message)?;
        if let Some(allowed) = diagnostic.allowed {
            write!(f, "; allowed: {allowed}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}

impl Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Cause::Other(message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, meant: &dyn Expected) -> Self {
        Self::wrong_type(found.to_string(), meant.to_string())
    }

    fn invalid_value(found: Unexpected<'_>, meant: &dyn Expected) -> Self {
        Self::new(Cause::Other(format!(
            "{found} is not {meant}; allowed: {meant}"
        )))
    }

    fn invalid_length(found: usize, meant: &dyn Expected) -> Self {
        Self::wrong_type(format!("a list of {found}"), meant.to_string())
    }

    fn unknown_variant(value: &str, known: &'static [&'static str]) -> Self {
        Self::new(Cause::UnknownVariant {
            value: value.to_owned(),
            known,
        })
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(Cause::UnknownField {
            key: key.to_owned(),
            known,
        })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Cause::MissingField(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(Cause::DuplicateField(field))
    }
}
