//! Where something stands in a text.

use std::ops::{Deref, Range};

/// A place in a text: the line and column of its first character, and the bytes it covers.
///
/// Trees that were built in code have no place: [`Span::NONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
}

impl Span {
    /// No place at all.
    pub const NONE: Self = Self {
        start: 0,
        end: 0,
        line: 0,
        column: 0,
    };

    /// The place that begins at `line` and `column`, both counted from 1, the column in
    /// characters, and covers `bytes` of the text.
    pub const fn new(line: usize, column: usize, bytes: Range<usize>) -> Self {
        Self {
            start: bytes.start,
            end: bytes.end,
            line,
            column,
        }
    }

    /// Line of the first character, counted from 1; 0 when there is no place.
    pub const fn line(self) -> usize {
        self.line
    }

    /// Column of the first character, counted from 1 in characters; 0 when there is no place.
    pub const fn column(self) -> usize {
        self.column
    }

    /// The bytes of the text that are covered.
    pub const fn bytes(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether this is a place in a text.
    pub const fn is_known(self) -> bool {
        self.line > 0
    }

    /// From the first character of this place to the last one of `last`.
    pub(crate) const fn to(self, last: Self) -> Self {
        Self {
            end: if last.end > self.end {
                last.end
            } else {
                self.end
            },
            ..self
        }
    }
}

/// A value and the place it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, read from `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
