//! What belongs together, where a detection gathers it: a line for each incident.

use std::collections::BTreeSet;
use std::fmt::Write;

use tuatara::Report;
use tuatara::core::Severity;
use tuatara::frame::SliceKey;
use tuatara::merge::Incident;

use crate::Clock;
use crate::span::Found;
use crate::table::lasting;
use crate::text::{Escaped, counted};

/// Incidents that a page lists.
const LISTED: usize = 200;
/// Anomalies of an incident that a line names.
const NAMED: usize = 6;

/// The incidents of `report`, in order of start; nothing where the detection gathers none.
pub(crate) fn incidents(report: &Report, found: &Found<'_>, clock: &Clock) -> String {
    let all = report.incidents();
    if all.is_empty() {
        return String::new();
    }
    let mut out = String::from("<section id=\"incidents\">\n<h2>Incidents</h2>\n");
    if all.len() > LISTED {
        let _ = writeln!(
            out,
            "<p class=\"limit\">The first {LISTED} of {} are listed; <code>tuatara detect --incidents \
             --format csv</code> writes all.</p>",
            all.len()
        );
    }
    out.push_str(
        "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">When</th>\
         <th scope=\"col\">Gathered by</th><th scope=\"col\">What</th></tr></thead>\n<tbody>\n",
    );
    for incident in all.iter().take(LISTED) {
        out.push_str(&line(incident, found, clock));
    }
    out.push_str("</tbody></table></div>\n</section>\n");
    out
}

fn line(incident: &Incident, found: &Found<'_>, clock: &Clock) -> String {
    let anomalies = incident.anomalies();
    let slices: BTreeSet<&SliceKey> = anomalies.iter().map(|anomaly| &anomaly.slice).collect();
    let mut said = format!(
        "{} in {}",
        counted(anomalies.len(), "anomaly", "anomalies"),
        counted(slices.len(), "series", "series")
    );
    if incident.severity != Severity::Default {
        let _ = write!(said, ", {}", incident.severity);
    }
    if incident.is_suppressed() {
        said.push_str(", suppressed");
    }
    let named = anomalies.iter().take(NAMED).map(|anomaly| {
        let name = format!("{} {}", anomaly.slice, clock.show(anomaly.interval.start()));
        let name = Escaped(&name);
        match found.target(anomaly) {
            Some(target) => format!("<a href=\"#{target}\" data-for=\"{target}\">{name}</a>"),
            None => name.to_string(),
        }
    });
    let named: Vec<String> = named.collect();
    let more = match anomalies.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let state = if incident.is_suppressed() {
        "suppressed"
    } else {
        "kept"
    };
    format!(
        "<tr class=\"{state} {}\"><td class=\"when\">{}<br><small>{}</small></td>\
         <td class=\"name\">{}</td><td class=\"why\">{said}: {}{more}</td></tr>\n",
        incident.severity,
        clock.show(incident.interval.start()),
        lasting(incident.interval.duration()),
        Escaped(&incident.grouping),
        named.join(" · ")
    )
}
