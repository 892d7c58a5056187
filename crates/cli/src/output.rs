//! What a run found, as text.
//!
//! | format | anomalies               | events                                     | points            |
//! |--------|-------------------------|--------------------------------------------|-------------------|
//! | table  | a line and a reason     | a line                                     |                   |
//! | json   | one document            | one document                               | one document      |
//! | ndjson | one object a line       | one object a line                          | one object a line |
//! | csv    | a header, a line each   | the same with `event`, `at` and `by` first | a header, a line each |
//!
//! Instants are RFC 3339 in UTC, and local to the zone of the data in tables. Everything is written
//! while it is made. `docs/output.md` says what each field means; a test compares the two.

mod aligned;
pub(crate) mod backtest;
mod cell;
mod column;
pub(crate) mod diff;
mod document;
mod incident;
pub(crate) mod inject;
mod level;
pub(crate) mod point;
mod profile;
mod record;
mod table;
pub(crate) mod tune;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use tuatara::core::Anomaly;
use tuatara::frame::{Granularity, SliceKey, Zone};
use tuatara::merge::Incident;
use tuatara::{Detection, Report};

use crate::args::Format;
use cell::{Cell, Object};
use document::Document;
use incident::{Gathered, GatheredEvent};
use record::{Found, Record, Told};
use table::Clock;

const ANOMALIES: &str = "tuatara-anomalies-1";
const EVENTS: &str = "tuatara-events-1";
const INCIDENTS: &str = "tuatara-incidents-1";
const INCIDENT_EVENTS: &str = "tuatara-incident-events-1";

/// Writes what a run found.
#[derive(Debug)]
pub(crate) struct Printer<'a> {
    head: Head<'a>,
    /// Whether tables and CSV start with a header.
    header: bool,
    /// The fingerprint of the specification.
    spec: String,
}

impl<'a> Printer<'a> {
    pub(crate) fn new(head: Head<'a>, header: bool) -> Self {
        let spec = fingerprint(head.report.detection().fingerprint());
        Self { head, header, spec }
    }

    pub(crate) fn anomalies(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        let report = self.head.report;
        let found = |anomaly: &'a Arc<Anomaly>| Found {
            anomaly,
            spec: &self.spec,
        };
        let records = report.anomalies().iter().map(found);
        match format {
            Format::Table => self.lines(
                report.anomalies(),
                |anomaly, clock, out| table::anomaly(anomaly, clock, out),
                out,
            ),
            Format::Json => {
                let mut document = Document::begin(ANOMALIES, out)?;
                self.head.write(&mut document)?;
                let incidents = report.incidents().iter();
                if report.detection().gathers() {
                    let gathered = incidents.map(|incident| self.gathered(incident));
                    list(&mut document, "incidents", gathered)?;
                }
                list(&mut document, "anomalies", records)?;
                list(&mut document, "removed", report.removed().iter().map(found))?;
                document.begin_list("removed_by")?;
                for (filter, count) in report.removed_by() {
                    let count = u32::try_from(count).map_or(Cell::Nothing, Cell::Count);
                    document.item(&Object(&[("filter", Cell::Text(filter)), ("count", count)]))?;
                }
                document.end_list()?;
                level::list(report, &mut document)?;
                document.end()
            }
            Format::Ndjson => json_lines(ANOMALIES, records, out),
            Format::Csv => self.csv(records, out),
        }
    }

    pub(crate) fn events(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        let report = self.head.report;
        let events = report.events();
        let records = events.iter().map(|event| Told {
            event,
            found: Found {
                anomaly: &event.anomaly,
                spec: &self.spec,
            },
        });
        match format {
            Format::Table => self.lines(events, table::event, out),
            Format::Json => {
                let mut document = Document::begin(EVENTS, out)?;
                self.head.write(&mut document)?;
                list(&mut document, "events", records)?;
                level::list(report, &mut document)?;
                document.end()
            }
            Format::Ndjson => json_lines(EVENTS, records, out),
            Format::Csv => self.csv(records, out),
        }
    }

    /// What the detection gathers.
    pub(crate) fn incidents(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        let report = self.head.report;
        let incidents = report.incidents();
        let records = incidents.iter().map(|incident| self.gathered(incident));
        match format {
            Format::Table => {
                self.lines(incidents, incident::lines, out)?;
                let clock = self.clock();
                let mut late = report.of_quality();
                late.try_for_each(|one| table::anomaly(one, &clock, out))
            }
            Format::Json => {
                let mut document = Document::begin(INCIDENTS, out)?;
                self.head.write(&mut document)?;
                list(&mut document, "incidents", records)?;
                document.end()
            }
            Format::Ndjson => json_lines(INCIDENTS, records, out),
            Format::Csv => self.csv(records, out),
        }
    }

    /// What happened to what the detection gathers.
    pub(crate) fn incident_events(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        let report = self.head.report;
        let events = report.incident_events();
        let records = events.iter().map(|event| GatheredEvent {
            event,
            gathered: self.gathered(&event.incident),
        });
        match format {
            Format::Table => {
                self.lines(events, incident::event, out)?;
                let clock = self.clock();
                let late: Vec<_> = report.of_quality().map(|late| late.id).collect();
                let events = report.events().iter();
                let mut of_late = events.filter(|event| late.contains(&event.anomaly.id));
                of_late.try_for_each(|event| table::event(event, &clock, out))
            }
            Format::Json => {
                let mut document = Document::begin(INCIDENT_EVENTS, out)?;
                self.head.write(&mut document)?;
                list(&mut document, "events", records)?;
                document.end()
            }
            Format::Ndjson => json_lines(INCIDENT_EVENTS, records, out),
            Format::Csv => self.csv(records, out),
        }
    }

    fn gathered<'s>(&'s self, incident: &'s Incident) -> Gathered<'s> {
        Gathered {
            incident,
            spec: &self.spec,
        }
    }

    fn clock(&self) -> Clock {
        let Head {
            zone, granularity, ..
        } = self.head;
        Clock { zone, granularity }
    }

    fn lines<T>(
        &self,
        found: &[T],
        line: impl Fn(&T, &Clock, &mut dyn Write) -> io::Result<()>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Head { report, zone, .. } = self.head;
        if self.header {
            let detection = report.detection();
            writeln!(
                out,
                "# {} on {}; times in {}, ends are exclusive",
                detection.name(),
                metrics(detection),
                zone.name()
            )?;
        }
        let clock = self.clock();
        found.iter().try_for_each(|one| line(one, &clock, out))
    }

    fn csv<R: Record>(
        &self,
        records: impl Iterator<Item = R>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.header {
            cell::csv_line(R::names().into_iter().map(Cell::Text), out)?;
        }
        for record in records {
            cell::csv_line(record.cells(), out)?;
        }
        Ok(())
    }
}

/// What stands at the head of every document: what ran, over what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) report: &'a Report,
    /// The zone of the data.
    pub(crate) zone: Zone,
    /// The step of the data.
    pub(crate) granularity: Granularity,
}

impl Head<'_> {
    fn write(&self, document: &mut Document<'_>) -> io::Result<()> {
        let (report, detection) = (self.report, self.report.detection());
        document.field("detection", &detection.name())?;
        document.field("description", &detection.description())?;
        document.field("metric", &metrics(detection))?;
        document.field("spec_fingerprint", &fingerprint(detection.fingerprint()))?;
        let data = report.data_fingerprint();
        document.field("data_fingerprint", &data.map(fingerprint))?;
        document.field("zone", &self.zone.name())?;
        document.field("granularity", &self.granularity.to_string())?;
        document.field("start", &report.interval().start().to_string())?;
        document.field("end", &report.interval().end().to_string())?;
        document.field("slices", &series(report))
    }
}

/// How many series were looked at; several parts may look at one.
pub(crate) fn series(report: &Report) -> usize {
    let keys: BTreeSet<&SliceKey> = report.slices().iter().map(|slice| slice.key()).collect();
    keys.len()
}

/// The metrics that are watched, each once.
pub(crate) fn metrics(detection: &Detection) -> String {
    let mut metrics: Vec<&str> = Vec::new();
    for part in detection.parts() {
        if !metrics.contains(&part.metric()) {
            metrics.push(part.metric());
        }
    }
    metrics.join(", ")
}

fn fingerprint(number: u128) -> String {
    format!("{number:032x}")
}

fn list<R: Record>(
    document: &mut Document<'_>,
    name: &str,
    records: impl Iterator<Item = R>,
) -> io::Result<()> {
    document.begin_list(name)?;
    for record in records {
        document.item(&Object(&record.fields()))?;
    }
    document.end_list()
}

/// One object a line, each with its schema, so that outputs can be joined and cut anywhere.
fn json_lines<R: Record>(
    schema: &'static str,
    records: impl Iterator<Item = R>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for record in records {
        let mut fields = record.fields();
        fields.insert(0, ("schema", Cell::Text(schema)));
        cell::json_line(&fields, out)?;
    }
    Ok(())
}
