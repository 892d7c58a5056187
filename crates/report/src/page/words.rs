//! What a page says beside its drawings: the sum of it, what colours mean, the specification.

use std::fmt::Write;

use tuatara::core::{Row, Severity, Verdict};

use super::Drawing;
use crate::reason::reason;
use crate::text::{Escaped, counted};

impl Drawing<'_, '_> {
    pub(super) fn header(&self) -> String {
        let (report, detection) = (self.report, self.report.detection());
        let anomalies = report.anomalies();
        let with = self
            .ranked
            .iter()
            .filter(|one| !one.anomalies.is_empty())
            .count();
        let mut out = format!(
            "<header>\n<div class=\"top\"><h1>{}</h1>\
             <button type=\"button\" id=\"theme\" hidden>Dark</button></div>\n",
            Escaped(detection.name())
        );
        if !detection.description().is_empty() {
            let _ = writeln!(
                out,
                "<p class=\"about\">{}</p>",
                Escaped(detection.description())
            );
        }
        let all = self.ranked.len();
        let where_found = match (anomalies.is_empty(), all) {
            (true, _) => format!("in {}", counted(all, "series", "series")),
            (false, 1) => format!("in {}", Escaped(&self.ranked[0].slice.key().to_string())),
            (false, _) => format!("in {with} of {all} series"),
        };
        let count = match (report.incidents().len(), anomalies.len()) {
            (_, 0) => "Nothing found".to_owned(),
            (0, count) => counted(count, "anomaly", "anomalies"),
            (incidents, count) => format!(
                "{} of {}",
                counted(incidents, "incident", "incidents"),
                counted(count, "anomaly", "anomalies")
            ),
        };
        let mut more = Vec::new();
        let suppressed = report.suppressed();
        if suppressed > 0 {
            more.push(format!("{suppressed} of them suppressed"));
        }
        if !report.removed().is_empty() {
            more.push(format!(
                "{} more removed by filters",
                report.removed().len()
            ));
        }
        let more = match more.is_empty() {
            true => String::new(),
            false => format!("; {}", more.join(", ")),
        };
        let _ = writeln!(
            out,
            "<p class=\"sum\"><strong>{count}</strong> {where_found}, from {} to {} ({}){more}.</p>",
            self.clock.show(self.span.start()),
            self.clock.show(self.span.end()),
            Escaped(self.clock.zone.name())
        );
        let open = anomalies.iter().filter(|anomaly| !anomaly.is_suppressed());
        let worst = open.max_by(|a, b| {
            let severity = a.severity.cmp(&b.severity);
            severity.then(a.score().total_cmp(&b.score()))
        });
        if let Some(worst) = worst {
            let of = match all {
                1 => String::new(),
                _ => format!("{}, ", Escaped(&worst.slice.to_string())),
            };
            let at = anomalies.iter().position(|anomaly| anomaly.id == worst.id);
            let _ = writeln!(
                out,
                "<p class=\"worst\">The gravest: <a href=\"#a{}\" data-for=\"a{0}\">{of}{}</a>: {}.</p>",
                at.unwrap_or(0),
                self.clock.show(worst.interval.start()),
                Escaped(&reason(worst, |at| self.clock.show(at)))
            );
        }
        let notes = report.notes();
        if !notes.is_empty() {
            out.push_str("<ul class=\"notes\">");
            for note in &notes {
                let _ = write!(out, "<li>{}</li>", Escaped(note));
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</header>\n");
        out
    }

    /// What the colours mean; only those that are there.
    pub(super) fn legend(&self) -> String {
        let all = || self.report.anomalies().iter();
        let mut out = String::from("<ul class=\"legend\">\n");
        let mut item = |class: &str, text: &str| {
            let _ = writeln!(out, "<li><span class=\"key {class}\"></span>{text}</li>");
        };
        item("line", "observed");
        item("dashed", "expected");
        item("band", "band: normal inside");
        let open = || all().filter(|anomaly| !anomaly.is_suppressed());
        let severities = [
            (Severity::Default, "anomaly"),
            (Severity::Low, "low"),
            (Severity::Medium, "medium"),
            (Severity::High, "high"),
            (Severity::Critical, "critical"),
        ];
        for (severity, text) in severities {
            if open().any(|anomaly| anomaly.severity == severity) {
                item(&format!("shade {severity}"), text);
            }
        }
        if all().any(|anomaly| anomaly.is_suppressed()) {
            item("hatched default", "suppressed by an event");
        }
        if !self.report.removed().is_empty() {
            item("hatched removed", "removed by a filter");
        }
        let rules = || self.drawn().iter().flat_map(|one| one.slice.rules());
        if rules()
            .any(|rule| !rule.events().windows().is_empty() || !rule.events().factors().is_empty())
        {
            item("tinted event", "event");
        }
        if rules().any(|rule| !rule.events().mask().is_empty()) {
            item("tinted masked", "does not train");
        }
        let is_unjudged = |row: &Row| {
            matches!(
                row.verdict,
                Verdict::WarmingUp { .. } | Verdict::Inactive | Verdict::Incomplete
            )
        };
        if rules().any(|rule| rule.rows().any(|(_, row)| is_unjudged(&row))) {
            item(
                "tinted idle",
                "not judged: warming up, not watched or incomplete",
            );
        }
        if rules().any(|rule| rule.rows().any(|(_, row)| row.observed.is_nan())) {
            item("gap", "nothing observed");
        }
        if !self.page.labelled.is_empty() {
            item("labelled", "labelled: an incident");
        }
        out.push_str("</ul>\n<p class=\"hint\" hidden>Drag to zoom, double-click for all, hover for numbers, \
                      click an anomaly for what led to it. Keys: ← → + − 0, n and p for the next and \
                      previous anomaly.</p>\n");
        out
    }

    pub(super) fn spec(&self) -> String {
        let fingerprint = self.report.detection().fingerprint();
        let mut out = format!(
            "<section id=\"spec\">\n<h2>Specification</h2>\n<p>Fingerprint <code>{fingerprint:032x}</code>"
        );
        if let Some(data) = self.report.data_fingerprint() {
            let _ = write!(out, ", data <code>{data:032x}</code>");
        }
        out.push_str("</p>\n");
        if let Some(text) = &self.page.spec {
            let _ = writeln!(out, "<pre class=\"yaml\">{}</pre>", Escaped(text));
        }
        out.push_str("</section>\n");
        out
    }

    pub(super) fn footer(&self) -> String {
        format!(
            "<footer>Made by Tuatara {}. Times are by the clock of {}; ends are exclusive. \
             This page loads nothing.</footer>\n",
            env!("CARGO_PKG_VERSION"),
            Escaped(self.clock.zone.name())
        )
    }
}
