//! Lines for people.

use std::io::{self, Write};

use tuatara::core::{Anomaly, Severity, Short, Status};
use tuatara::frame::{Granularity, Instant, Resolved, Zone};
use tuatara::merge::Event;

/// How instants are shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) zone: Zone,
    /// The step of the data.
    pub(crate) granularity: Granularity,
}

impl Clock {
    /// The local time, as fine as the step needs; with its instant where the clock shows it twice.
    fn show(&self, at: Instant) -> String {
        let local = self.zone.local(at);
        if self.granularity.is_civil() {
            return local.format("%Y-%m-%d").to_string();
        }
        let whole_minutes = self
            .granularity
            .step()
            .is_none_or(|step| step.millis() % 60_000 == 0);
        let form = if whole_minutes {
            "%Y-%m-%d %H:%M"
        } else {
            "%Y-%m-%d %H:%M:%S%.f"
        };
        let text = local.format(form).to_string();
        match self.zone.resolve(local) {
            Resolved::Doubled { .. } => format!("{text} ({at})"),
            _ => text,
        }
    }
}

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
        reason(anomaly, clock)
    )
}

/// One line: when it became known, what happened, and to what.
pub(crate) fn event(event: &Event, clock: &Clock, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}  {}  ", clock.show(event.at), event.kind)?;
    anomaly(&event.anomaly, clock, out)
}

/// Why it is an anomaly, in one clause: as a whole, and in its worst bucket when it has several.
fn reason(anomaly: &Anomaly, clock: &Clock) -> String {
    let mut reason = compared(anomaly.observed, anomaly.expected);
    if anomaly.flagged > 1 {
        let peak = &anomaly.peak;
        let worst = compared(peak.observed, peak.expected);
        reason.push_str(&format!("; worst at {}: {worst}", clock.show(peak.at)));
    }
    let score = match anomaly.score() {
        score if score < 1e6 => format!("{score:.2}"),
        huge => Short(huge).to_string(),
    };
    reason.push_str(&format!("; score {score}, {}", anomaly.rules.join(",")));
    if anomaly.severity != Severity::Default {
        reason.push_str(&format!(", {}", anomaly.severity));
    }
    reason
}

fn compared(observed: f64, expected: f64) -> String {
    let deviation = observed - expected;
    let (value, of) = (Short(observed), Short(expected));
    if deviation == 0.0 {
        return format!("{value} as expected");
    }
    if deviation.is_nan() {
        return format!("{value} was observed");
    }
    let share = 100.0 * deviation.abs() / expected.abs();
    let change = if share.is_finite() {
        format!("{share:.1} %")
    } else {
        Short(deviation.abs()).to_string()
    };
    let side = if deviation > 0.0 { "above" } else { "below" };
    format!("{value} is {change} {side} the expected {of}")
}
