//! Lines for people.

use std::io::{self, Write};

use tuatara::core::{Anomaly, Severity, Short, Status};
use tuatara::merge::Event;
pub(crate) use tuatara_report::Clock;
use tuatara_report::reason::reason;

/// One line: where, when, and why.
pub(crate) fn anomaly(anomaly: &Anomaly, clock: &Clock, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} .. {}{}  {}  {}",
        clock.show(anomaly.interval.start()),
        clock.show(anomaly.interval.end()),
        if anomaly.status == Status::Open {
            " (open)"
        } else {
            ""
        },
        anomaly.slice,
        verdict(anomaly, clock)
    )
}

/// One line: when it became known, what happened, and to what.
pub(crate) fn event(event: &Event, clock: &Clock, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}  {}  ", clock.show(event.at), event.kind)?;
    anomaly(&event.anomaly, clock, out)
}

/// Why it is an anomaly, by how much, and for whom.
fn verdict(anomaly: &Anomaly, clock: &Clock) -> String {
    let mut said = reason(anomaly, |at| clock.show(at));
    let score = match anomaly.score() {
        score if score < 1e6 => format!("{score:.2}"),
        huge => Short(huge).to_string(),
    };
    said.push_str(&format!("; score {score}, {}", anomaly.rules.join(",")));
    if anomaly.severity != Severity::Default {
        said.push_str(&format!(", {}", anomaly.severity));
    }
    let events: Vec<&str> = anomaly.suppressed_by().collect();
    if !events.is_empty() {
        said.push_str(&format!("; suppressed by {}", events.join(", ")));
    }
    said
}
