//! Where a cell stands in a text file.

use std::fmt;

/// A cell of a table in a text file, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// The line of the file, counted from 1 as editors do: the header is usually row 1.
    pub row: u64,
    /// The name of the column, as it stands in the header.
    pub column: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, row {}, column `{}`",
            self.file, self.row, self.column
        )
    }
}
