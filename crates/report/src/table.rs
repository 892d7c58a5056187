//! What was found, in words: a line for each anomaly, and what led to it.

use std::fmt::Write;

use tuatara::core::{Anomaly, Severity, Short, Status};
use tuatara::frame::{Duration, SliceKey};
use tuatara::{Report, Result};

use crate::Clock;
use crate::reason::reason;
use crate::text::{Escaped, counted};

/// How the lines of a table look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines<'c> {
    pub(crate) clock: &'c Clock,
    /// Whether a line names its slice.
    pub(crate) names: bool,
    /// Whether a line says how grave it is.
    pub(crate) severities: bool,
}

impl Lines<'_> {
    fn head(&self) -> String {
        let series = if self.names {
            "<th scope=\"col\">Series</th>"
        } else {
            ""
        };
        let severity = if self.severities {
            "<th scope=\"col\">Severity</th>"
        } else {
            ""
        };
        format!(
            "<thead><tr><th scope=\"col\">When</th>{series}{severity}<th scope=\"col\">Score</th>\
             <th scope=\"col\">What, and why</th></tr></thead>\n"
        )
    }

    /// The table with these lines.
    pub(crate) fn table(&self, lines: &str) -> String {
        format!(
            "<div class=\"wide\"><table>\n{}<tbody>\n{lines}</tbody></table></div>\n",
            self.head()
        )
    }

    /// A line for `anomaly`. `chart` is the element it is drawn in, `trace` what led to it.
    pub(crate) fn line(
        &self,
        anomaly: &Anomaly,
        target: &str,
        chart: Option<&str>,
        state: &str,
        trace: &str,
    ) -> String {
        let clock = self.clock;
        let mut out = String::new();
        let open = match anomaly.status {
            Status::Open => ", still open",
            Status::Closed => "",
        };
        let _ = write!(
            out,
            "<tr id=\"{target}\" class=\"{state} {}\"><td class=\"when\">{}<br><small>{}{open}</small></td>",
            anomaly.severity,
            clock.show(anomaly.interval.start()),
            lasting(anomaly.interval.duration()),
        );
        if self.names {
            let name = anomaly.slice.to_string();
            let name = Escaped(&name);
            let _ = match chart {
                Some(chart) => write!(
                    out,
                    "<td class=\"name\"><a href=\"#{chart}\">{name}</a></td>"
                ),
                None => write!(out, "<td class=\"name\">{name}</td>"),
            };
        }
        if self.severities {
            let severity = match anomaly.severity {
                Severity::Default => "–".to_owned(),
                severity => severity.to_string(),
            };
            let _ = write!(out, "<td><span class=\"dot\"></span> {severity}</td>");
        }
        let score = match anomaly.score() {
            score if score < 1e6 => format!("{score:.2}"),
            huge => Short(huge).to_string(),
        };
        let mut said = reason(anomaly, |at| clock.show(at));
        let events: Vec<&str> = anomaly.suppressed_by().collect();
        if !events.is_empty() {
            let _ = write!(said, "; suppressed by {}", events.join(", "));
        }
        if let Some(filter) = anomaly.judgements.iter().find(|judgement| !judgement.kept) {
            let _ = write!(said, "; {filter}");
        }
        let _ = writeln!(
            out,
            "<td class=\"score\">{score}</td><td class=\"why\"><details><summary>{}</summary>\n{trace}\
             </details></td></tr>",
            Escaped(&said)
        );
        out
    }
}

/// A duration as people say it.
pub(crate) fn lasting(duration: Duration) -> String {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let millis = duration.millis();
    match millis {
        _ if millis >= 2 * DAY && millis % DAY != 0 => {
            format!("{:.1} days", millis as f64 / DAY as f64)
        }
        _ if millis >= DAY && millis % DAY == 0 => counted((millis / DAY) as usize, "day", "days"),
        _ if millis >= HOUR && millis % HOUR == 0 => {
            counted((millis / HOUR) as usize, "hour", "hours")
        }
        _ if millis >= HOUR => format!("{} h {} min", millis / HOUR, millis % HOUR / MINUTE),
        _ if millis >= MINUTE && millis % MINUTE == 0 => format!("{} min", millis / MINUTE),
        _ => format!("{} s", millis as f64 / 1e3),
    }
}

/// All that led to `anomaly`: what every rule made of its worst bucket, and what became of it.
///
/// # Errors
/// As [`Report::explain`].
pub(crate) fn trace(report: &Report, anomaly: &Anomaly) -> Result<String> {
    let mut text = String::new();
    for explanation in report.explain(&anomaly.slice, anomaly.peak.at)? {
        let _ = writeln!(text, "{explanation}");
    }
    let mut out = format!("<pre class=\"trace\">{}</pre>\n", Escaped(text.trim_end()));
    out.push_str(&became(anomaly));
    Ok(out)
}

/// What became of `anomaly` in the end.
pub(crate) fn became(anomaly: &Anomaly) -> String {
    let mut lines = vec![format!(
        "In the end: {}, from {} to {}, found by {}, {} flagged",
        anomaly.id,
        anomaly.interval.start(),
        anomaly.interval.end(),
        anomaly.rules.join(", "),
        counted(anomaly.flagged as usize, "bucket", "buckets")
    )];
    if let Some(at) = anomaly.reportable_at {
        lines.push(format!("  - reportable since {at}"));
    }
    let judgements = anomaly
        .judgements
        .iter()
        .map(|judgement| format!("  - {judgement}"));
    lines.extend(judgements);
    lines.extend(anomaly.label.iter().map(|label| format!("  - {label}")));
    let suppressions = anomaly.suppressions.iter().map(|one| format!("  - {one}"));
    lines.extend(suppressions);
    for child in &anomaly.children {
        lines.push(format!(
            "  - part: {} from {} to {}, score {}",
            child.rules.join(", "),
            child.interval.start(),
            child.interval.end(),
            Short(child.score())
        ));
    }
    format!(
        "<pre class=\"trace end\">{}</pre>\n",
        Escaped(&lines.join("\n"))
    )
}

/// `text` as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// How to ask for what is not embedded.
pub(crate) fn ask(slice: &SliceKey, anomaly: &Anomaly) -> String {
    let command = format!(
        "tuatara explain SPEC DATA --at {} --slice {}",
        anomaly.peak.at,
        quoted(&slice.to_string())
    );
    format!(
        "<p class=\"ask\">Not on this page; ask <code>{}</code></p>\n",
        Escaped(&command)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_is_one_word_of_a_shell_whatever_its_name() {
        assert_eq!(quoted("orders{shop=a b}"), "'orders{shop=a b}'");
        assert_eq!(quoted("orders{shop=O'Neill}"), r"'orders{shop=O'\''Neill}'");
    }
}
