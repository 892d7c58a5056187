//! Anomalies and events as records: the columns of CSV, the keys of JSON. These names are public.

use serde::Serialize;
use tuatara::core::{Anomaly, Judgement, exact};
use tuatara::merge::Event;

use super::retracted_by;

/// What is written as a line of CSV.
pub(crate) trait Record {
    /// The names of the columns.
    fn columns() -> Vec<&'static str>;

    /// One cell per column.
    fn cells(&self) -> Vec<String>;
}

/// The columns of an anomaly in CSV.
const COLUMNS: [&str; 21] = [
    "id",
    "series",
    "rule",
    "start",
    "end",
    "status",
    "direction",
    "severity",
    "score",
    "value",
    "expected",
    "lower",
    "upper",
    "deviation",
    "relative_deviation",
    "flagged",
    "peak_at",
    "peak_value",
    "peak_expected",
    "reportable_at",
    "detection",
];

/// An anomaly with the keys of files. Numbers that are no numbers are null.
#[derive(Debug, Serialize)]
pub(crate) struct AnomalyRecord {
    id: String,
    series: String,
    rule: String,
    start: String,
    end: String,
    status: String,
    direction: String,
    severity: String,
    score: Option<f64>,
    value: Option<f64>,
    expected: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    deviation: Option<f64>,
    relative_deviation: Option<f64>,
    flagged: u32,
    peak_at: String,
    peak_value: Option<f64>,
    peak_expected: Option<f64>,
    reportable_at: Option<String>,
    detection: String,
    judgements: Vec<JudgementRecord>,
}

#[derive(Debug, Serialize)]
struct JudgementRecord {
    filter: String,
    kept: bool,
    quantity: String,
    value: Option<f64>,
    reason: String,
}

impl JudgementRecord {
    fn of(judgement: &Judgement) -> Self {
        Self {
            filter: judgement.filter.clone(),
            kept: judgement.kept,
            quantity: judgement.quantity.clone(),
            value: finite(judgement.value),
            reason: judgement.reason.clone(),
        }
    }
}

impl AnomalyRecord {
    pub(crate) fn of(anomaly: &Anomaly) -> Self {
        Self {
            id: anomaly.id.to_string(),
            series: anomaly.slice.to_string(),
            rule: anomaly.rules.join(","),
            start: anomaly.interval.start().to_string(),
            end: anomaly.interval.end().to_string(),
            status: anomaly.status.to_string(),
            direction: anomaly.direction.to_string(),
            severity: anomaly.severity.to_string(),
            score: finite(anomaly.score()),
            value: finite(anomaly.observed),
            expected: finite(anomaly.expected),
            lower: finite(anomaly.lower),
            upper: finite(anomaly.upper),
            deviation: finite(anomaly.deviation()),
            relative_deviation: finite(anomaly.relative_deviation()),
            flagged: anomaly.flagged,
            peak_at: anomaly.peak.at.to_string(),
            peak_value: finite(anomaly.peak.observed),
            peak_expected: finite(anomaly.peak.expected),
            reportable_at: anomaly.reportable_at.map(|at| at.to_string()),
            detection: anomaly.detection.clone(),
            judgements: anomaly.judgements.iter().map(JudgementRecord::of).collect(),
        }
    }
}

impl Record for AnomalyRecord {
    fn columns() -> Vec<&'static str> {
        COLUMNS.to_vec()
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.series.clone(),
            self.rule.clone(),
            self.start.clone(),
            self.end.clone(),
            self.status.clone(),
            self.direction.clone(),
            self.severity.clone(),
            cell(self.score),
            cell(self.value),
            cell(self.expected),
            cell(self.lower),
            cell(self.upper),
            cell(self.deviation),
            cell(self.relative_deviation),
            self.flagged.to_string(),
            self.peak_at.clone(),
            cell(self.peak_value),
            cell(self.peak_expected),
            self.reportable_at.clone().unwrap_or_default(),
            self.detection.clone(),
        ]
    }
}

/// An event with the anomaly as of it.
#[derive(Debug, Serialize)]
pub(crate) struct EventRecord {
    event: &'static str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(flatten)]
    anomaly: AnomalyRecord,
}

impl EventRecord {
    pub(crate) fn of(event: &Event) -> Self {
        Self {
            event: event.kind.as_str(),
            at: event.at.to_string(),
            by: retracted_by(event).map(str::to_owned),
            anomaly: AnomalyRecord::of(&event.anomaly),
        }
    }
}

/// `event`, `at`, `by`, then the columns of an anomaly.
impl Record for EventRecord {
    fn columns() -> Vec<&'static str> {
        ["event", "at", "by"].into_iter().chain(COLUMNS).collect()
    }

    fn cells(&self) -> Vec<String> {
        let by = self.by.clone().unwrap_or_default();
        let mut cells = vec![self.event.to_owned(), self.at.clone(), by];
        cells.extend(self.anomaly.cells());
        cells
    }
}

/// A number, or nothing where it is missing or without bound.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

pub(crate) fn cell(value: Option<f64>) -> String {
    value.map(exact::text).unwrap_or_default()
}

/// Cells as one line of CSV: quoted where they hold a comma, a quote or a line break.
pub(crate) fn csv_line(cells: &[String]) -> String {
    let quoted = |cell: &String| {
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::csv_line;

    #[test]
    fn cells_with_commas_quotes_or_breaks_are_quoted() {
        let cells = ["plain", "a,b", "say \"x\"", "two\nlines", ""].map(str::to_owned);
        assert_eq!(
            csv_line(&cells),
            "plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\","
        );
    }
}
