//! A schedule; what is wrong with one is shown at the field of the expression.

use std::ops::Range;

use super::{Entry, Said};
use crate::tree::Node;
use crate::{Code, Diagnostic, Schedule, Span, Spanned};

impl Said {
    /// The schedule of an entry such as `cron`.
    pub(crate) fn schedule(&mut self, entry: Entry<'_>) -> Option<Spanned<Schedule>> {
        let text = self.text(entry)?;
        match text.parse::<Schedule>() {
            Ok(schedule) => Some(Spanned::new(schedule, text.span)),
            Err(error) => {
                let span = part_of(&entry.1, error.at());
                let message = format!("`cron`: {}", error.what());
                let diagnostic = Diagnostic::error(Code::BadValue, span, message);
                let diagnostic = diagnostic.allowed(error.allowed());
                self.say(match error.suggestion() {
                    Some(name) => diagnostic.suggest(Some(name)),
                    None => diagnostic.remedy(error.remedy()),
                });
                None
            }
        }
    }
}

/// The place of some bytes of the text of `node`; all of it where escapes or line breaks have moved
/// them.
pub(crate) fn part_of(node: &Node, bytes: Range<usize>) -> Span {
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
