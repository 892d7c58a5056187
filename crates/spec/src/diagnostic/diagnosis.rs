//! All that is to be said about one file.

use std::fmt;

use super::{Diagnostic, Severity, render};

/// The diagnostics of one file in the order of their places, and the text they point into.
///
/// Its [`Display`](fmt::Display) shows each with its line, a caret, what is allowed and the
/// remedy; the first hundred, if there are more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnosis {
    file: String,
    text: String,
    diagnostics: Vec<Diagnostic>,
}

impl Diagnosis {
    /// Puts `diagnostics` of `text`, the contents of `file`, in order: by place, then by
    /// severity, those without a place last.
    pub fn new(
        file: impl Into<String>,
        text: impl Into<String>,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Self {
        diagnostics.sort_by_key(|d| (!d.span.is_known(), d.span.bytes().start, d.severity));
        diagnostics.dedup();
        Self {
            file: file.into(),
            text: text.into(),
            diagnostics,
        }
    }

    /// Name of the file, as given.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The text that the places point into.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The diagnostics in order.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// How many diagnostics there are of `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether the configuration is refused.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 100;
        for (i, diagnostic) in self.diagnostics.iter().take(MOST).enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            f.write_str(&render::render(diagnostic, &self.file, &self.text))?;
        }
        if let Some(more) = self
            .diagnostics
            .len()
            .checked_sub(MOST)
            .filter(|&more| more > 0)
        {
            write!(f, "\n\n… and {more} more")?;
        }
        Ok(())
    }
}
