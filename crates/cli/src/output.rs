//! What a run found, as text.
//!
//! | format | anomalies                          | events                                  |
//! |--------|------------------------------------|-----------------------------------------|
//! | table  | a line and a reason for each       | a line for each                         |
//! | json   | one document                       | one document                            |
//! | ndjson | one object a line                  | one object a line                       |
//! | csv    | a header, then a line for each     | the same with `event`, `at` and `by` first |
//!
//! Instants are RFC 3339 in UTC, and local to the zone of the data in tables. Missing numbers,
//! and the side of a band that does not count, are empty in CSV and null in JSON.

pub(crate) mod point;
mod record;
mod table;

use std::io::Write;

use serde::Serialize;
use tuatara::frame::{Granularity, Zone};
use tuatara::merge::EventKind;
use tuatara::{Report, merge};

use crate::args::Format;
use crate::failure::Failure;
use record::{AnomalyRecord, EventRecord, Record};
use table::Clock;

/// Writes what a run found.
#[derive(Debug)]
pub(crate) struct Printer<'a> {
    pub(crate) report: &'a Report,
    pub(crate) zone: Zone,
    pub(crate) granularity: Granularity,
    /// Whether tables and CSV start with a header.
    pub(crate) header: bool,
}

/// The document of a run.
#[derive(Debug, Serialize)]
struct Document<'a> {
    format: &'static str,
    detection: &'a str,
    description: &'a str,
    metric: &'a str,
    spec_fingerprint: String,
    data_fingerprint: Option<String>,
    start: String,
    end: String,
    slices: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    anomalies: Option<Vec<AnomalyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<Vec<AnomalyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<EventRecord>>,
    removed_by: Vec<RemovedBy<'a>>,
}

#[derive(Debug, Serialize)]
struct RemovedBy<'a> {
    filter: &'a str,
    count: usize,
}

impl Printer<'_> {
    pub(crate) fn anomalies(&self, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
        let anomalies = self.report.anomalies();
        let records: Vec<_> = anomalies.iter().map(AnomalyRecord::of).collect();
        match format {
            Format::Table => self.lines(anomalies, table::anomaly, out),
            Format::Json => {
                let removed = self.report.removed().iter().map(AnomalyRecord::of);
                let document = Document {
                    anomalies: Some(records),
                    removed: Some(removed.collect()),
                    ..self.document("tuatara-report-1")
                };
                json(&document, out)
            }
            Format::Ndjson => json_lines(&records, out),
            Format::Csv => self.csv(&records, out),
        }
    }

    pub(crate) fn events(&self, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
        let events = self.report.events();
        let records: Vec<_> = events.iter().map(EventRecord::of).collect();
        match format {
            Format::Table => self.lines(events, table::event, out),
            Format::Json => {
                let document = Document {
                    events: Some(records),
                    ..self.document("tuatara-events-1")
                };
                json(&document, out)
            }
            Format::Ndjson => json_lines(&records, out),
            Format::Csv => self.csv(&records, out),
        }
    }

    fn lines<T>(
        &self,
        found: &[T],
        line: impl Fn(&T, &Clock, &mut dyn Write) -> std::io::Result<()>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        self.table_header(out)?;
        let clock = self.clock();
        for one in found {
            line(one, &clock, out)?;
        }
        Ok(())
    }

    fn csv<R: Record>(&self, records: &[R], out: &mut dyn Write) -> Result<(), Failure> {
        if self.header {
            writeln!(out, "{}", R::columns().join(","))?;
        }
        for record in records {
            writeln!(out, "{}", record::csv_line(&record.cells()))?;
        }
        Ok(())
    }

    fn clock(&self) -> Clock {
        Clock {
            zone: self.zone,
            granularity: self.granularity,
        }
    }

    fn table_header(&self, out: &mut dyn Write) -> Result<(), Failure> {
        if self.header {
            let detection = self.report.detection();
            writeln!(
                out,
                "# {} on {}; times in {}, ends are exclusive",
                detection.name(),
                detection.metric(),
                self.zone.name()
            )?;
        }
        Ok(())
    }

    fn document(&self, format: &'static str) -> Document<'_> {
        let report = self.report;
        let detection = report.detection();
        let removed_by = report.removed_by().into_iter();
        Document {
            format,
            detection: detection.name(),
            description: detection.description(),
            metric: detection.metric(),
            spec_fingerprint: format!("{:032x}", detection.fingerprint()),
            data_fingerprint: report.data_fingerprint().map(|data| format!("{data:032x}")),
            start: report.interval().start().to_string(),
            end: report.interval().end().to_string(),
            slices: report.slices().len(),
            anomalies: None,
            removed: None,
            events: None,
            removed_by: removed_by
                .map(|(filter, count)| RemovedBy { filter, count })
                .collect(),
        }
    }
}

/// Who took an anomaly back, for a retraction.
fn retracted_by(event: &merge::Event) -> Option<&str> {
    match &event.kind {
        EventKind::Retracted(merge::Retraction::Filtered { filter }) => Some(filter),
        _ => None,
    }
}

fn json(document: &Document<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    serde_json::to_writer_pretty(&mut *out, document).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

fn json_lines(records: &[impl Serialize], out: &mut dyn Write) -> Result<(), Failure> {
    for record in records {
        serde_json::to_writer(&mut *out, record).map_err(std::io::Error::from)?;
        writeln!(out)?;
    }
    Ok(())
}
