//! One thing worth saying about a configuration, with its place, what is allowed and the remedy.

mod code;
mod diagnosis;
mod render;
mod width;

pub use code::Code;
pub use diagnosis::Diagnosis;

use std::fmt;

use crate::Span;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The configuration is refused.
    Error,
    /// It works, but probably not as meant.
    Warning,
    /// Something that is good to know, such as a key without effect.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// One thing worth saying about a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// The cause, by its stable name.
    pub code: Code,
    /// What is the matter: it names the thing and its value.
    pub message: String,
    /// Where it stands.
    pub span: Span,
    /// Another place that belongs to it, and why.
    pub related: Option<(Span, String)>,
    /// What is allowed here.
    pub allowed: Option<String>,
    /// What to do about it.
    pub remedy: Option<String>,
    /// The word that was probably meant.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    /// A reason to refuse the configuration.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            span,
            related: None,
            allowed: None,
            remedy: None,
            suggestion: None,
        }
    }

    /// A doubt.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, span, message)
        }
    }

    /// A piece of information.
    pub fn note(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::error(code, span, message)
        }
    }

    /// Says what is allowed.
    #[must_use]
    pub fn allowed(self, allowed: impl Into<String>) -> Self {
        Self {
            allowed: Some(allowed.into()),
            ..self
        }
    }

    /// Says what to do.
    #[must_use]
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self {
            remedy: Some(remedy.into()),
            ..self
        }
    }

    /// Says which word was probably meant, if there is one.
    #[must_use]
    pub fn suggest(self, suggestion: Option<impl Into<String>>) -> Self {
        Self {
            suggestion: suggestion.map(Into::into),
            ..self
        }
    }

    /// Shows another place, and says why.
    #[must_use]
    pub fn related(self, span: Span, label: impl Into<String>) -> Self {
        Self {
            related: Some((span, label.into())),
            ..self
        }
    }
}

/// Text of a configuration as it is shown in a message: in backticks, on one line, not too long.
pub(crate) fn quote(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// The words of a list, separated by commas.
pub(crate) fn listed<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let words: Vec<S> = words.into_iter().collect();
    words
        .iter()
        .map(AsRef::as_ref)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_stays_on_one_line_and_short() {
        assert_eq!(quote("two\nlines"), "`two lines`");
        assert_eq!(quote(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
    }

    #[test]
    fn what_matters_most_comes_first() {
        assert!(Severity::Error < Severity::Warning && Severity::Warning < Severity::Note);
    }
}
