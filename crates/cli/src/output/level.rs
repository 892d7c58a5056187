//! Where what is usual changed for good. These names are public; docs/output.md says what they mean.

use std::io;

use tuatara::core::Shift;
use tuatara::{LevelChange, Report};

use super::cell::Cell;
use super::column::{self, Column};
use super::document::Document;

/// New fields are appended.
const FIELDS: [Column<LevelChange>; 6] = [
    ("series", |of| Cell::said(&of.slice)),
    ("rule", |of| Cell::Text(&of.rule)),
    ("since", |of| Cell::said(of.since)),
    ("adopted", |of| Cell::said(of.adopted)),
    ("by", |of| match of.shift {
        Shift::By(more) => Cell::Number(more),
        Shift::Times(_) => Cell::Nothing,
    }),
    ("times", |of| match of.shift {
        Shift::Times(times) => Cell::Number(times),
        Shift::By(_) => Cell::Nothing,
    }),
];

/// The list of those of `report`.
pub(super) fn list(report: &Report, document: &mut Document<'_>) -> io::Result<()> {
    column::list("level_changes", &FIELDS, report.level_changes(), document)
}
