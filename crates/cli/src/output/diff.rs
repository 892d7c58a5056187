//! What another specification tells instead. These names are public; docs/output.md says what they
//! mean.

use std::io::{self, Write};

use tuatara::frame::{Granularity, Interval, Zone};
use tuatara_backtest::{Change, Diff, Told};

use crate::args::FigureFormat;

use super::aligned::number;
use super::cell::Cell;
use super::column::{self, Column};
use super::document::Document;
use super::table::Clock;

const SCHEMA: &str = "tuatara-diff-1";

/// What is written.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) diff: &'a Diff,
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) history: Interval,
    pub(crate) zone: Zone,
    pub(crate) granularity: Granularity,
}

/// New fields are appended.
const FIELDS: [Column<Change>; 10] = [
    ("change", |change| Cell::Text(change.as_str())),
    ("series", |change| {
        let told = change.before().or(change.after());
        told.map_or(Cell::Nothing, |told| Cell::said(&told.slice))
    }),
    ("before_start", |change| {
        of(change.before(), |told| {
            Cell::said(told.alert.interval.start())
        })
    }),
    ("before_end", |change| {
        of(change.before(), |told| {
            Cell::said(told.alert.interval.end())
        })
    }),
    ("before_told_at", |change| {
        of(change.before(), |told| Cell::said(told.alert.reportable_at))
    }),
    ("before_id", |change| {
        of(change.before(), |told| Cell::said(told.id))
    }),
    ("after_start", |change| {
        of(change.after(), |told| {
            Cell::said(told.alert.interval.start())
        })
    }),
    ("after_end", |change| {
        of(change.after(), |told| Cell::said(told.alert.interval.end()))
    }),
    ("after_told_at", |change| {
        of(change.after(), |told| Cell::said(told.alert.reportable_at))
    }),
    ("after_id", |change| {
        of(change.after(), |told| Cell::said(told.id))
    }),
];

fn of(told: Option<&Told>, read: fn(&Told) -> Cell<'static>) -> Cell<'static> {
    told.map_or(Cell::Nothing, read)
}

pub(crate) fn write(
    asked: &Asked<'_>,
    format: FigureFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        FigureFormat::Table => table(asked, out),
        FigureFormat::Json => json(asked, out),
        FigureFormat::Csv => column::csv(&FIELDS, &asked.diff.changes, out),
    }
}

/// How many changes are of the kind `kind`.
fn count(diff: &Diff, kind: &str) -> usize {
    diff.changes
        .iter()
        .filter(|change| change.as_str() == kind)
        .count()
}

fn json(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let diff = asked.diff;
    let mut document = Document::begin(SCHEMA, out)?;
    document.field("old", &asked.old)?;
    document.field("new", &asked.new)?;
    document.field("start", &asked.history.start().to_string())?;
    document.field("end", &asked.history.end().to_string())?;
    document.field("same", &diff.same)?;
    for kind in ["added", "removed", "moved"] {
        document.field(kind, &count(diff, kind))?;
    }
    let sides = [("before", diff.before), ("after", diff.after)];
    for (name, side) in sides {
        document.field(&format!("anomalies_{name}"), &side.anomalies)?;
        document.field(&format!("alerts_{name}"), &side.alerts)?;
        let rate = Cell::maybe(side.alerts_per_week);
        document.field(&format!("alerts_per_week_{name}"), &rate)?;
    }
    column::list("changes", &FIELDS, &diff.changes, &mut document)?;
    document.end()
}

fn table(asked: &Asked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let clock = Clock {
        zone: asked.zone,
        granularity: asked.granularity,
    };
    let span = |told: &Told| {
        let interval = told.alert.interval;
        format!(
            "{} .. {} told {}",
            clock.show(interval.start()),
            clock.show(interval.end()),
            clock.show(told.alert.reportable_at)
        )
    };
    writeln!(
        out,
        "# {} against {}; times in {}, ends are exclusive",
        asked.new,
        asked.old,
        asked.zone.name()
    )?;
    for change in &asked.diff.changes {
        match change {
            Change::Added(told) => writeln!(out, "+ {}  {}", told.slice, span(told))?,
            Change::Removed(told) => writeln!(out, "- {}  {}", told.slice, span(told))?,
            Change::Moved { before, after } => writeln!(
                out,
                "~ {}  {}, before {}",
                after.slice,
                span(after),
                span(before)
            )?,
        }
    }
    let diff = asked.diff;
    writeln!(
        out,
        "{} the same, {} added, {} removed, {} moved; {} alerts per week, before {}",
        diff.same,
        count(diff, "added"),
        count(diff, "removed"),
        count(diff, "moved"),
        number(diff.after.alerts_per_week, 2),
        number(diff.before.alerts_per_week, 2)
    )
}
