//! Records with a fixed row of columns, each a name and how its cell is read, as CSV and JSON.

use std::borrow::Borrow;
use std::io::{self, Write};

use super::cell::{self, Cell, Object};
use super::document::Document;

/// A column: its name, and how its cell is read off a record.
pub(super) type Column<T> = (&'static str, for<'r> fn(&'r T) -> Cell<'r>);

/// A header, and a line for each of `records`.
pub(super) fn csv<T>(
    columns: &[Column<T>],
    records: impl IntoIterator<Item = impl Borrow<T>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    cell::csv_line(columns.iter().map(|(name, _)| Cell::Text(name)), out)?;
    for record in records {
        cell::csv_line(columns.iter().map(|(_, read)| read(record.borrow())), out)?;
    }
    Ok(())
}

/// A list called `name` with an object for each of `records`.
pub(super) fn list<T>(
    name: &str,
    columns: &[Column<T>],
    records: impl IntoIterator<Item = impl Borrow<T>>,
    document: &mut Document<'_>,
) -> io::Result<()> {
    document.begin_list(name)?;
    for record in records {
        let fields: Vec<_> = columns
            .iter()
            .map(|(name, read)| (*name, read(record.borrow())))
            .collect();
        document.item(&Object(&fields))?;
    }
    document.end_list()
}
