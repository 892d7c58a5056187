//! Anomalies and events as records. These names are public; docs/output.md says what they mean.

use tuatara::core::Anomaly;
use tuatara::merge::{Event, EventKind, Retraction};
use tuatara_report::reason::reason;

use super::cell::Cell;

/// What is written as a line, or as an item of a list.
pub(crate) trait Record {
    /// The names of its fields, those that only JSON has left out.
    fn names() -> Vec<&'static str>;

    /// One cell per name.
    fn cells(&self) -> Vec<Cell<'_>>;

    /// Fields that are no single value, for JSON.
    fn nested(&self) -> Vec<(&'static str, Cell<'_>)>;

    /// All fields with their names.
    fn fields(&self) -> Vec<(&'static str, Cell<'_>)> {
        let flat = Self::names().into_iter().zip(self.cells());
        flat.chain(self.nested()).collect()
    }
}

/// An anomaly of a detection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) anomaly: &'a Anomaly,
    /// The fingerprint of the specification, as text.
    pub(crate) spec: &'a str,
}

/// Reads a cell off an anomaly.
type Read = for<'r, 'a> fn(&'r Found<'a>) -> Cell<'r>;

/// New fields are appended.
const FIELDS: [(&str, Read); 24] = [
    ("id", |found| Cell::said(found.anomaly.id)),
    ("series", |found| Cell::said(&found.anomaly.slice)),
    ("rule", |found| Cell::said(found.anomaly.rules.join(","))),
    ("start", |found| Cell::said(found.anomaly.interval.start())),
    ("end", |found| Cell::said(found.anomaly.interval.end())),
    ("status", |found| Cell::said(found.anomaly.status)),
    ("direction", |found| Cell::said(found.anomaly.direction)),
    ("severity", |found| Cell::said(found.anomaly.severity)),
    ("score", |found| Cell::Number(found.anomaly.score())),
    ("value", |found| Cell::Number(found.anomaly.observed)),
    ("expected", |found| Cell::Number(found.anomaly.expected)),
    ("lower", |found| Cell::Number(found.anomaly.lower)),
    ("upper", |found| Cell::Number(found.anomaly.upper)),
    ("deviation", |found| Cell::Number(found.anomaly.deviation())),
    ("relative_deviation", |found| {
        Cell::Number(found.anomaly.relative_deviation())
    }),
    ("flagged", |found| Cell::Count(found.anomaly.flagged)),
    ("peak_at", |found| Cell::said(found.anomaly.peak.at)),
    ("peak_value", |found| {
        Cell::Number(found.anomaly.peak.observed)
    }),
    ("peak_expected", |found| {
        Cell::Number(found.anomaly.peak.expected)
    }),
    ("reportable_at", |found| {
        found
            .anomaly
            .reportable_at
            .map_or(Cell::Nothing, Cell::said)
    }),
    ("detection", |found| Cell::Text(&found.anomaly.detection)),
    ("explanation", |found| {
        Cell::Said(reason(found.anomaly, |at| at.to_string()))
    }),
    ("spec_fingerprint", |found| Cell::Text(found.spec)),
    ("suppressed_by", |found| {
        let events: Vec<&str> = found.anomaly.suppressed_by().collect();
        match events.is_empty() {
            true => Cell::Nothing,
            false => Cell::Said(events.join(",")),
        }
    }),
];

impl Record for Found<'_> {
    fn names() -> Vec<&'static str> {
        FIELDS.iter().map(|(name, _)| *name).collect()
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        FIELDS.iter().map(|(_, read)| read(self)).collect()
    }

    fn nested(&self) -> Vec<(&'static str, Cell<'_>)> {
        let slice = &self.anomaly.slice;
        vec![
            ("metric", Cell::Text(slice.metric())),
            ("labels", Cell::Labels(slice.dimensions())),
            ("judgements", Cell::Judgements(&self.anomaly.judgements)),
            (
                "suppressions",
                Cell::Suppressions(&self.anomaly.suppressions),
            ),
            ("children", Cell::Parts(&self.anomaly.children)),
        ]
    }
}

/// An event with the anomaly as of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) event: &'a Event,
    pub(crate) found: Found<'a>,
}

/// What happened, then the fields of the anomaly.
impl Record for Told<'_> {
    fn names() -> Vec<&'static str> {
        let own = ["event", "at", "by"];
        own.into_iter().chain(Found::names()).collect()
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let own = [
            Cell::Text(self.event.kind.as_str()),
            Cell::said(self.event.at),
            retracted_by(self.event),
        ];
        own.into_iter().chain(self.found.cells()).collect()
    }

    fn nested(&self) -> Vec<(&'static str, Cell<'_>)> {
        self.found.nested()
    }
}

/// What took an anomaly back, for a retraction: a filter, or the anomaly that it is now part of.
fn retracted_by(event: &Event) -> Cell<'_> {
    match &event.kind {
        EventKind::Retracted(Retraction::Filtered { filter }) => Cell::Text(filter),
        EventKind::Retracted(Retraction::MergedInto { id }) => Cell::said(id),
        _ => Cell::Nothing,
    }
}
