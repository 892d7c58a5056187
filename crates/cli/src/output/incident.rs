//! Incidents as records and as lines. These names are public; docs/output.md says what they mean.

use std::io::{self, Write};

use tuatara::core::{Anomaly, Severity, Status};
use tuatara::merge::{EventKind, Incident, IncidentEvent, Retraction};

use super::cell::{Cell, MemberRecord};
use super::record::Record;
use super::table::{self, Clock};

/// How many members a line names.
const NAMED: usize = 3;

/// An incident of a detection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gathered<'a> {
    pub(crate) incident: &'a Incident,
    /// The fingerprint of the specification, as text.
    pub(crate) spec: &'a str,
}

/// Reads a cell off an incident.
type Read = for<'r, 'a> fn(&'r Gathered<'a>) -> Cell<'r>;

/// New fields are appended.
const FIELDS: [(&str, Read); 12] = [
    ("id", |one| Cell::said(one.incident.id)),
    ("grouping", |one| Cell::Text(&one.incident.grouping)),
    ("series", |one| match &one.incident.slice {
        Some(slice) => Cell::said(slice),
        None => Cell::Nothing,
    }),
    ("start", |one| Cell::said(one.incident.interval.start())),
    ("end", |one| Cell::said(one.incident.interval.end())),
    ("status", |one| Cell::said(one.incident.status)),
    ("severity", |one| Cell::said(one.incident.severity)),
    ("anomalies", |one| {
        let count = one.incident.anomalies().len();
        u32::try_from(count).map_or(Cell::Nothing, Cell::Count)
    }),
    ("reportable_at", |one| {
        Cell::said(one.incident.reportable_at)
    }),
    ("detection", |one| Cell::Text(&one.incident.detection)),
    ("explanation", |one| Cell::Said(reason(one.incident))),
    ("spec_fingerprint", |one| Cell::Text(one.spec)),
];

impl Record for Gathered<'_> {
    fn names() -> Vec<&'static str> {
        FIELDS.iter().map(|(name, _)| *name).collect()
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        FIELDS.iter().map(|(_, read)| read(self)).collect()
    }

    fn nested(&self) -> Vec<(&'static str, Cell<'_>)> {
        let anomalies = self.incident.anomalies().into_iter();
        let members = anomalies.zip(self.incident.contributions());
        let members = members.map(|(anomaly, share)| MemberRecord::of(anomaly, share));
        vec![("members", Cell::Members(members.collect()))]
    }
}

/// An event with the incident as of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GatheredEvent<'a> {
    pub(crate) event: &'a IncidentEvent,
    pub(crate) gathered: Gathered<'a>,
}

/// What happened, then the fields of the incident.
impl Record for GatheredEvent<'_> {
    fn names() -> Vec<&'static str> {
        let own = ["event", "at", "by"];
        own.into_iter().chain(Gathered::names()).collect()
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let by = match &self.event.kind {
            EventKind::Retracted(Retraction::MergedInto { id }) => Cell::said(id),
            _ => Cell::Nothing,
        };
        let own = [
            Cell::Text(self.event.kind.as_str()),
            Cell::said(self.event.at),
            by,
        ];
        own.into_iter().chain(self.gathered.cells()).collect()
    }

    fn nested(&self) -> Vec<(&'static str, Cell<'_>)> {
        self.gathered.nested()
    }
}

/// How many anomalies on how many slices, and whose share is the largest.
fn reason(incident: &Incident) -> String {
    let anomalies = incident.anomalies();
    let mut slices: Vec<String> = anomalies.iter().map(|a| a.slice.to_string()).collect();
    slices.sort_unstable();
    slices.dedup();
    // What is the only one of its metric has all of its deviation.
    let is_alone = |one: &Anomaly| {
        let mut others = anomalies.iter().filter(|other| other.id != one.id);
        !others.any(|other| other.slice.metric() == one.slice.metric())
    };
    let mut shares: Vec<(String, f64)> = anomalies
        .iter()
        .zip(incident.contributions())
        .filter(|(anomaly, share)| share.is_finite() && !is_alone(anomaly))
        .map(|(anomaly, share)| (anomaly.slice.to_string(), share))
        .collect();
    shares.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
    let named: Vec<String> = shares
        .iter()
        .take(NAMED)
        .map(|(slice, share)| format!("{slice} {:+.0} %", 100.0 * share))
        .collect();
    let more = shares.len().saturating_sub(NAMED);
    let shares = match (named.len(), more) {
        (0 | 1, _) => String::new(),
        (_, 0) => format!(", of the deviation {}", named.join(", ")),
        (_, more) => format!(", of the deviation {} and {more} more", named.join(", ")),
    };
    format!(
        "{} anomal{} on {} series{shares}",
        anomalies.len(),
        if anomalies.len() == 1 { "y" } else { "ies" },
        slices.len()
    )
}

/// A line for the incident, and one for each of its anomalies.
pub(crate) fn lines(incident: &Incident, clock: &Clock, out: &mut dyn Write) -> io::Result<()> {
    line(incident, clock, out)?;
    for anomaly in incident.anomalies() {
        write!(out, "  ")?;
        table::anomaly(anomaly, clock, out)?;
    }
    Ok(())
}

/// One line: when it became known, what happened, and to what.
pub(crate) fn event(event: &IncidentEvent, clock: &Clock, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}  {}  ", clock.show(event.at), event.kind)?;
    line(&event.incident, clock, out)
}

fn line(incident: &Incident, clock: &Clock, out: &mut dyn Write) -> io::Result<()> {
    let open = match incident.status {
        Status::Open => " (open)",
        _ => "",
    };
    let place = match &incident.slice {
        Some(slice) => slice.to_string(),
        None => incident.grouping.clone(),
    };
    let severity = match incident.severity {
        Severity::Default => String::new(),
        severity => format!("; {severity}"),
    };
    writeln!(
        out,
        "{} .. {}{open}  {place}  {}{severity}",
        clock.show(incident.interval.start()),
        clock.show(incident.interval.end()),
        reason(incident)
    )
}
