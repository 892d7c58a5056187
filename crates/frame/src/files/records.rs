//! A table cut into rows and cells, by RFC 4180 and the habits around it.
//!
//! Lines end as on any system. A cell that starts with a quote ends with one; two quotes inside it
//! are one, and it may hold delimiters and line breaks. Blank lines are no rows.

use memchr::memchr3;

use super::FileError;
use super::text::Text;
use crate::FrameError;

/// The rows of a table, one in memory at a time.
pub(super) struct Records<'a> {
    text: Text<'a>,
    delimiter: u8,
    /// The bytes that end a cell or begin to quote one.
    is_special: [bool; 256],
    /// The line of the first byte that is not consumed, from 1.
    line: u64,
    /// The line on which the row at hand starts.
    row: u64,
    /// How many bytes and line breaks of the text the row at hand takes.
    taken: usize,
    breaks: u64,
    /// The text of a row with quotes, without them.
    unquoted: Vec<u8>,
    /// Whether the row at hand is in `unquoted`, not in `text`.
    is_unquoted: bool,
    /// Where each cell of the row at hand starts and ends.
    cells: Vec<(usize, usize)>,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: Text<'a>, delimiter: u8) -> Self {
        let mut is_special = [false; 256];
        for byte in [delimiter, b'\n', b'\r', b'"'] {
            is_special[usize::from(byte)] = true;
        }
        Self {
            text,
            delimiter,
            is_special,
            line: 1,
            row: 1,
            taken: 0,
            breaks: 0,
            unquoted: Vec::new(),
            is_unquoted: false,
            cells: Vec::new(),
        }
    }

    /// The name of the file.
    pub(super) const fn file(&self) -> &'a str {
        self.text.file()
    }

    /// The line on which the row at hand starts, from 1.
    pub(super) const fn row(&self) -> u64 {
        self.row
    }

    /// How many cells the row at hand has.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// What stands between cells.
    pub(super) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The bytes of a cell without ASCII spaces around.
    #[inline]
    pub(super) fn cell(&self, index: usize) -> &[u8] {
        let (start, end) = self.cells[index];
        let bytes = if self.is_unquoted {
            &self.unquoted[..]
        } else {
            self.text.unread()
        };
        bytes[start..end].trim_ascii()
    }

    /// Goes on to the next row; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, FrameError> {
        loop {
            self.text.consume(self.taken);
            self.line += self.breaks;
            (self.taken, self.breaks) = (0, 0);
            self.row = self.line;
            match self.cut()? {
                None => return Ok(false),
                Some(End::Quote) => self.cut_quoted()?,
                Some(End::Line(0)) => {
                    self.take_break(0)?;
                    continue;
                }
                Some(End::Line(end)) => self.take_break(end)?,
            }
            self.check_nul()?;
            return Ok(true);
        }
    }

    /// Cuts a line up to its end or its first quote; nothing at the end of the text.
    ///
    /// Cells are short, so that looking at each byte is faster than searching for a few of them.
    fn cut(&mut self) -> Result<Option<End>, FrameError> {
        self.is_unquoted = false;
        self.cells.clear();
        let (mut start, mut seen) = (0, 0);
        let end = loop {
            let unread = self.text.unread();
            while let Some(found) = unread[seen..]
                .iter()
                .position(|&byte| self.is_special[usize::from(byte)])
            {
                let at = seen + found;
                match unread[at] {
                    b'"' => return Ok(Some(End::Quote)),
                    b'\n' | b'\r' => {
                        self.cells.push((start, at));
                        return Ok(Some(End::Line(at)));
                    }
                    _ => self.cells.push((start, at)),
                }
                (start, seen) = (at + 1, at + 1);
            }
            seen = unread.len();
            if !self.text.grow_row(self.row)? {
                break seen;
            }
        };
        self.cells.push((start, end));
        Ok((end > 0).then_some(End::Line(end)))
    }

    /// Takes all before `end`, and the line break there if the text goes on.
    fn take_break(&mut self, end: usize) -> Result<(), FrameError> {
        let is_return = self.text.unread().get(end) == Some(&b'\r');
        let width = match is_return {
            true if self.byte(end + 1)? == Some(b'\n') => 2,
            _ => usize::from(end < self.text.unread().len()),
        };
        self.taken = end + width;
        self.breaks += u64::from(width > 0);
        Ok(())
    }

    /// A byte of what is unread; `None` beyond the end of the text.
    fn byte(&mut self, at: usize) -> Result<Option<u8>, FrameError> {
        while self.text.unread().len() <= at {
            if !self.text.grow_row(self.row)? {
                return Ok(None);
            }
        }
        Ok(Some(self.text.unread()[at]))
    }

    /// Cuts a row that has quotes.
    fn cut_quoted(&mut self) -> Result<(), FrameError> {
        self.is_unquoted = true;
        self.unquoted.clear();
        self.cells.clear();
        let mut at = 0;
        loop {
            let start = self.unquoted.len();
            if self.byte(at)? == Some(b'"') {
                at = self.cut_cell(at + 1)?;
            }
            let end = loop {
                let rest = self.text.unread().get(at..).unwrap_or_default();
                let plain = memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
                self.unquoted.extend_from_slice(&rest[..plain]);
                at += plain;
                match self.byte(at)? {
                    Some(b'\n' | b'\r') | None => break None,
                    Some(byte) if byte == self.delimiter => break Some(at),
                    Some(byte) => self.unquoted.push(byte),
                }
                at += 1;
            };
            self.cells.push((start, self.unquoted.len()));
            match end {
                Some(delimiter) => at = delimiter + 1,
                None => return self.take_break(at),
            }
        }
    }

    /// Copies a cell from behind its first quote; the place behind its last.
    fn cut_cell(&mut self, mut at: usize) -> Result<usize, FrameError> {
        let opened = self.line + self.breaks;
        loop {
            // What needs no second look is copied at once.
            let rest = self.text.unread().get(at..).unwrap_or_default();
            let plain = memchr3(b'"', b'\n', b'\r', rest).unwrap_or(rest.len());
            self.unquoted.extend_from_slice(&rest[..plain]);
            at += plain;
            match self.byte(at)? {
                None => {
                    return Err(self.broken(
                        opened,
                        "a quote is opened and never closed",
                        "close it, or write a quote that is meant twice inside quotes",
                    ));
                }
                Some(b'"') if self.byte(at + 1)? == Some(b'"') => {
                    self.unquoted.push(b'"');
                    at += 2;
                }
                Some(b'"') => {
                    return match self.byte(at + 1)? {
                        Some(b'\n' | b'\r' | b' ' | b'\t') | None => Ok(at + 1),
                        Some(byte) if byte == self.delimiter => Ok(at + 1),
                        Some(_) => Err(self.broken(
                            opened,
                            "a cell goes on behind its closing quote",
                            "write a quote that is meant twice inside quotes",
                        )),
                    };
                }
                Some(byte @ (b'\n' | b'\r')) => {
                    let pair = byte == b'\r' && self.byte(at + 1)? == Some(b'\n');
                    self.unquoted.push(b'\n');
                    self.breaks += 1;
                    at += 1 + usize::from(pair);
                }
                Some(byte) => {
                    self.unquoted.push(byte);
                    at += 1;
                }
            }
        }
    }

    fn check_nul(&self) -> Result<(), FrameError> {
        if self.text.has_nul() && self.text.unread()[..self.taken].contains(&0) {
            return Err(self.broken(
                self.row,
                "a NUL byte, which no text holds",
                "the file may be damaged here; write it anew",
            ));
        }
        Ok(())
    }

    fn broken(&self, row: u64, problem: &str, remedy: &'static str) -> FrameError {
        FileError::BrokenRow {
            file: self.file().to_owned(),
            row,
            problem: problem.to_owned(),
            remedy,
        }
        .into()
    }
}

/// How a line goes on.
enum End {
    /// It ends before this byte, or with the text.
    Line(usize),
    /// It has a quote, so it may go on.
    Quote,
}
