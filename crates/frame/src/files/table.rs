//! The header and the rows of a table.

use super::cell;
use super::records::Records;
use crate::{FrameError, Place};

/// The names in the first row, without spaces around.
pub(super) fn header(records: &mut Records<'_>) -> Result<Vec<String>, FrameError> {
    if !records.advance()? {
        return Err(FrameError::EmptyFile {
            file: records.file().to_owned(),
        });
    }
    let cells = (0..records.len()).map(|index| match std::str::from_utf8(records.cell(index)) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(_) => Err(FrameError::NotUtf8 {
            place: Box::new(Place {
                file: records.file().to_owned(),
                row: records.row(),
                column: (index + 1).to_string(),
            }),
        }),
    });
    cells.collect()
}

/// What to do about a cell that is no number, where no column is that of a metric.
#[derive(Clone, Copy)]
pub(super) struct Instead {
    /// If it is a word.
    pub(super) word: &'static str,
    /// If it has digits.
    pub(super) cell: &'static str,
}

/// The row at hand of a table with these columns.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    pub(super) records: &'r Records<'r>,
    pub(super) names: &'r [String],
}

impl<'r> Row<'r> {
    /// The row, if it has as many cells as the header.
    #[inline]
    pub(super) fn of(records: &'r Records<'_>, names: &'r [String]) -> Result<Self, FrameError> {
        if records.len() == names.len() {
            return Ok(Self { records, names });
        }
        Err(FrameError::RaggedRow {
            file: records.file().to_owned(),
            row: records.row(),
            got: records.len(),
            expected: names.len(),
            delimiter: records.delimiter(),
        })
    }

    /// The line on which it starts.
    pub(super) const fn line(self) -> u64 {
        self.records.row()
    }

    pub(super) fn place(self, column: usize) -> Box<Place> {
        Box::new(Place {
            file: self.records.file().to_owned(),
            row: self.records.row(),
            column: self.names[column].clone(),
        })
    }

    /// The bytes of a cell without spaces around.
    #[inline]
    pub(super) fn bytes(self, column: usize) -> &'r [u8] {
        self.records.cell(column)
    }

    /// The text of a cell without spaces around.
    pub(super) fn text(self, column: usize) -> Result<&'r str, FrameError> {
        std::str::from_utf8(self.bytes(column)).map_err(|_| FrameError::NotUtf8 {
            place: self.place(column),
        })
    }

    /// The number in a cell; NaN where it is missing. What else stands there is an error with the
    /// remedy of the layout, or else to name another column for the metric.
    #[inline]
    pub(super) fn number(self, column: usize, instead: Option<Instead>) -> Result<f64, FrameError> {
        if let Some(number) = cell::plain(self.bytes(column)) {
            return Ok(number);
        }
        let text = self.text(column)?;
        cell::number(text).map_err(|(allowed, remedy)| FrameError::BadNumber {
            place: self.place(column),
            value: cell::shown(text.as_bytes()),
            allowed,
            remedy: match instead {
                Some(instead) if !text.bytes().any(|byte| byte.is_ascii_digit()) => instead.word,
                Some(instead) if remedy == cell::ANOTHER_COLUMN => instead.cell,
                _ => remedy,
            },
        })
    }
}
