//! From the character counts of the event parser to bytes, lines and columns.

use crate::Span;

/// Where the characters and lines of a text are.
pub(super) struct Positions {
    /// Byte of each character, and of the end; none when every character is one byte.
    bytes: Option<Vec<usize>>,
    /// Number of the first character of each line.
    lines: Vec<usize>,
    /// Bytes that stand before the text in the file.
    offset: usize,
    /// Characters in the text.
    len: usize,
}

impl Positions {
    pub(super) fn new(text: &str, offset: usize) -> Self {
        let mut lines = vec![0];
        let mut chars = text.chars().enumerate().peekable();
        let mut len = 0;
        while let Some((i, c)) = chars.next() {
            len = i + 1;
            let next_is_newline = chars.peek().is_some_and(|&(_, c)| c == '\n');
            if c == '\n' || (c == '\r' && !next_is_newline) {
                lines.push(len);
            }
        }
        let bytes = (!text.is_ascii()).then(|| {
            text.char_indices()
                .map(|(byte, _)| byte)
                .chain([text.len()])
                .collect::<Vec<_>>()
        });
        Self {
            bytes,
            lines,
            offset,
            len,
        }
    }

    /// The place of the characters `start..end`.
    pub(super) fn of_chars(&self, start: usize, end: usize) -> Span {
        let start = start.min(self.len);
        let end = end.clamp(start, self.len);
        let line = self.lines.partition_point(|&first| first <= start);
        // `lines` begins with 0, so that at least one first character is not after `start`.
        let first = self.lines[line - 1];
        let byte = |i: usize| self.offset + self.bytes.as_ref().map_or(i, |bytes| bytes[i]);
        Span::new(line, start - first + 1, byte(start)..byte(end))
    }

    /// The place of the bytes `start..end` of the text.
    pub(super) fn of_bytes(&self, start: usize, end: usize) -> Span {
        match &self.bytes {
            None => self.of_chars(start, end),
            Some(bytes) => {
                let char_at = |byte| bytes.partition_point(|&b| b < byte);
                self.of_chars(char_at(start), char_at(end))
            }
        }
    }

    /// Bytes that stand before the text in the file.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_ranges_count_bytes() {
        let positions = Positions::new("é: ü\r\nb", 3);
        let span = positions.of_chars(3, 4);
        assert_eq!((span.line(), span.column(), span.bytes()), (1, 4, 7..9));
        let span = positions.of_chars(6, 7);
        assert_eq!((span.line(), span.column(), span.bytes()), (2, 1, 11..12));
        assert_eq!(positions.of_bytes(4, 6), positions.of_chars(3, 4));
    }

    #[test]
    fn all_three_line_breaks_count_once() {
        let positions = Positions::new("a\nb\r\nc\rd", 0);
        assert_eq!(
            [0, 2, 5, 7].map(|i| positions.of_chars(i, i).line()),
            [1, 2, 3, 4]
        );
    }

    #[test]
    fn a_place_after_the_end_is_the_end() {
        let span = Positions::new("ab", 0).of_chars(9, 12);
        assert_eq!((span.line(), span.column(), span.bytes()), (1, 3, 2..2));
    }
}
