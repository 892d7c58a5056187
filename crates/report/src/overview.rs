//! Many slices at one glance: a lane for each, coloured where something was found.

use std::collections::BTreeMap;
use std::fmt::Write;

use tuatara::Report;
use tuatara::core::{Anomaly, Severity};
use tuatara::frame::{Interval, Zone};

use crate::Clock;
use crate::chart::FULL;
use crate::dates::{moved, ticks};
use crate::rank::Ranked;
use crate::span::{Found, State};
use crate::text::Escaped;

/// The room for names left of the lanes.
const NAMES: f64 = 250.0;
const LANES: f64 = FULL - NAMES - 22.0;
const LANE: f64 = 18.0;
/// The room for dates above the lanes.
const DATES: f64 = 36.0;
/// Letters of a name that have room.
const LETTERS: usize = 40;
/// The narrowest span that can be seen.
const NARROWEST: f64 = 4.0;

/// Where the names of lanes lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leads {
    /// The first so many lead to their charts.
    ToCharts(usize),
    /// Each leads to its slice, which a script makes something of.
    ToSlices,
}

/// A lane for each of `lanes`.
pub(crate) fn overview(
    report: &Report,
    lanes: &[&Ranked<'_>],
    (leads, places): (Leads, &Found<'_>),
    (span, zone): (Interval, Zone),
    clock: &Clock,
) -> String {
    let length = span.duration().millis().max(1) as f64;
    let place = |at: i64| {
        let part = (at - span.start().millis()) as f64 / length;
        NAMES + (part * LANES).clamp(0.0, LANES)
    };
    let full = DATES + LANE * lanes.len() as f64 + 4.0;
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg class=\"lanes\" viewBox=\"0 0 {FULL} {full}\" role=\"group\" \
         aria-label=\"Series by time\">\n<g class=\"dates\">"
    );
    let dates = ticks(span, zone, 9);
    let mut grid = String::new();
    for tick in &dates {
        let x = place(tick.at.millis());
        let by = |text: &str| moved(x, NAMES + LANES, text);
        let _ = write!(
            out,
            "<text x=\"{x:.1}\"{} y=\"30\">{}</text>",
            by(&tick.label),
            tick.label
        );
        if let Some(within) = &tick.within {
            let _ = write!(
                out,
                "<text class=\"within\" x=\"{x:.1}\"{} y=\"16\">{within}</text>",
                by(within)
            );
        }
        let _ = write!(grid, "M{x:.1} {DATES}V{full}");
    }
    let _ = write!(out, "</g>\n<path class=\"grid\" d=\"{grid}\"/>\n");
    for (at, lane) in lanes.iter().enumerate() {
        let top = DATES + LANE * at as f64;
        let name = lane.slice.key().to_string();
        let text = Escaped(&short(&name)).to_string();
        let label = format!(
            "<text class=\"lane\" x=\"{}\" y=\"{}\"><title>{}</title>{text}</text>",
            NAMES - 8.0,
            top + 13.0,
            Escaped(&name)
        );
        let _ = match leads {
            Leads::ToCharts(drawn) if at < drawn => {
                write!(out, "<a href=\"#s{at}\">{label}</a>")
            }
            Leads::ToCharts(_) => write!(out, "{label}"),
            Leads::ToSlices => write!(
                out,
                "<a class=\"slice\" role=\"button\" tabindex=\"0\" data-slice=\"{}\">{label}</a>",
                Escaped(&name)
            ),
        };
        let slice = match leads {
            Leads::ToCharts(_) => String::new(),
            Leads::ToSlices => format!(" data-slice=\"{}\"", Escaped(&name)),
        };
        let _ = writeln!(
            out,
            "<rect class=\"paper\"{slice} x=\"{NAMES}\" y=\"{}\" width=\"{LANES}\" height=\"{}\"/>",
            top + 2.0,
            LANE - 4.0
        );
        let mut told = String::new();
        let mut untold: BTreeMap<(State, Severity), String> = BTreeMap::new();
        let mut ends: BTreeMap<(State, Severity), f64> = BTreeMap::new();
        let mut block = |anomaly: &Anomaly, state: State, target: Option<String>| {
            let from = place(anomaly.interval.start().millis());
            let to = place(anomaly.interval.end().millis());
            let width = (to - from).max(NARROWEST);
            let from = from.min(NAMES + LANES - width);
            let Some(target) = target else {
                let kind = (state, anomaly.severity);
                let (from, to) = (libm::round(from), libm::round(from + width));
                let last = ends.entry(kind).or_insert(0.0);
                // Those that touch are one.
                let from = from.max(*last);
                if to > from {
                    let high = LANE - 4.0;
                    let d = format!("M{from} {}h{}v{high}h-{1}z", top + 2.0, to - from);
                    untold.entry(kind).or_default().push_str(&d);
                }
                *last = last.max(to);
                return;
            };
            let _ = writeln!(
                told,
                "<a class=\"span {} {}\" href=\"#{target}\" data-for=\"{target}\"><title>{}</title>\
                 <rect x=\"{from:.1}\" y=\"{}\" width=\"{width:.1}\" height=\"{}\"/></a>",
                state.class(),
                anomaly.severity,
                when(anomaly, clock),
                top + 2.0,
                LANE - 4.0
            );
        };
        for &at in &lane.removed {
            block(
                &report.removed()[at],
                State::Removed,
                places.target_of_removed(at),
            );
        }
        // The gravest last, on top.
        let mut found: Vec<usize> = lane.anomalies.clone();
        found.sort_by_key(|&at| {
            let anomaly = &report.anomalies()[at];
            (State::of(anomaly), anomaly.severity)
        });
        for at in found {
            let anomaly = &report.anomalies()[at];
            block(anomaly, State::of(anomaly), places.target_of(at));
        }
        for ((state, severity), d) in untold {
            let _ = writeln!(
                out,
                "<g class=\"span {} {severity}\"><path d=\"{d}\"/></g>",
                state.class()
            );
        }
        out.push_str(&told);
    }
    out.push_str("</svg>\n");
    out
}

/// The time of an anomaly; its sentence stands in the table.
fn when(anomaly: &Anomaly, clock: &Clock) -> String {
    let (start, end) = (anomaly.interval.start(), anomaly.interval.end());
    format!("{} to {}", clock.show(start), clock.show(end))
}

/// A name that has room, its end cut off where it is longer.
fn short(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    let start: String = name.chars().take(LETTERS - 1).collect();
    format!("{start}…")
}
