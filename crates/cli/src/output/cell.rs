//! What stands in one field of one record: a cell of CSV, a value of JSON.
//!
//! | cell           | CSV                                              | JSON                  |
//! |----------------|--------------------------------------------------|-----------------------|
//! | text           | quoted where it holds a comma, quote or line end | a string              |
//! | number         | shortest text that reads back to the same number | a number, shortest, too |
//! | truth          | `true`, `false`                                  | `true`, `false`       |
//! | nothing        | empty                                            | `null`                |
//! | labels, judgements, suppressions, parts, members | not there      | an object, lists      |

use std::fmt::{Display, Write as _};
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use tuatara::core::{Anomaly, Judgement, Suppression, exact};

/// What stands in one field of one record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'r> {
    /// Text that is there already.
    Text(&'r str),
    /// Text made for this cell.
    Said(String),
    /// Nothing where it is no finite number.
    Number(f64),
    /// A count.
    Count(u32),
    /// Yes or no.
    Truth(bool),
    /// Dimensions, each with the values it may have.
    Labels(&'r [(String, Vec<String>)]),
    /// What each filter said.
    Judgements(&'r [Judgement]),
    /// What each window of an event said.
    Suppressions(&'r [Suppression]),
    /// Anomalies of which another is made.
    Parts(&'r [Anomaly]),
    /// Anomalies of which an incident is made.
    Members(Vec<MemberRecord>),
    /// Missing, or not there by nature.
    Nothing,
}

impl Cell<'_> {
    /// What `value` displays.
    pub(crate) fn said(value: impl Display) -> Self {
        Self::Said(value.to_string())
    }

    /// A number that there may be.
    pub(crate) fn maybe(value: Option<f64>) -> Self {
        value.map_or(Self::Nothing, Self::Number)
    }

    /// How many there are; nothing beyond what a count holds.
    pub(crate) fn count(many: usize) -> Self {
        u32::try_from(many).map_or(Self::Nothing, Self::Count)
    }

    fn write_csv(&self, line: &mut String) {
        match self {
            Self::Text(text) => quoted(text, line),
            Self::Said(text) => quoted(text, line),
            Self::Number(value) if value.is_finite() => line.push_str(&exact::text(*value)),
            Self::Count(count) => write!(line, "{count}").expect("memory takes all text"),
            Self::Truth(truth) => line.push_str(if *truth { "true" } else { "false" }),
            Self::Number(_) | Self::Nothing => {}
            Self::Labels(_)
            | Self::Judgements(_)
            | Self::Suppressions(_)
            | Self::Parts(_)
            | Self::Members(_) => {
                unreachable!("only JSON has nested fields")
            }
        }
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Said(text) => serializer.serialize_str(text),
            Self::Number(value) if value.is_finite() => serializer.serialize_f64(*value),
            Self::Count(count) => serializer.serialize_u32(*count),
            Self::Truth(truth) => serializer.serialize_bool(*truth),
            Self::Number(_) | Self::Nothing => serializer.serialize_none(),
            Self::Labels(labels) => {
                let values = labels.iter().map(|(name, values)| (name, values.join("|")));
                serializer.collect_map(values)
            }
            Self::Judgements(judgements) => {
                serializer.collect_seq(judgements.iter().map(JudgementRecord::of))
            }
            Self::Suppressions(suppressions) => {
                serializer.collect_seq(suppressions.iter().map(SuppressionRecord::of))
            }
            Self::Parts(parts) => serializer.collect_seq(parts.iter().map(PartRecord::of)),
            Self::Members(members) => serializer.collect_seq(members),
        }
    }
}

#[derive(Debug, serde::Serialize)]
struct JudgementRecord<'r> {
    filter: &'r str,
    kept: bool,
    quantity: &'r str,
    value: Option<f64>,
    reason: &'r str,
}

impl<'r> JudgementRecord<'r> {
    fn of(judgement: &'r Judgement) -> Self {
        Self {
            filter: &judgement.filter,
            kept: judgement.kept,
            quantity: &judgement.quantity,
            value: judgement.value.is_finite().then_some(judgement.value),
            reason: &judgement.reason,
        }
    }
}

#[derive(Debug, serde::Serialize)]
struct SuppressionRecord<'r> {
    event: &'r str,
    window_start: String,
    window_end: String,
    applies: bool,
    change: Option<f64>,
    expected_change: Option<f64>,
    acceptable_deviation: Option<f64>,
}

impl<'r> SuppressionRecord<'r> {
    fn of(suppression: &'r Suppression) -> Self {
        let number = |number: f64| Some(number).filter(|number| number.is_finite());
        Self {
            event: &suppression.event,
            window_start: suppression.window.start().to_string(),
            window_end: suppression.window.end().to_string(),
            applies: suppression.applies,
            change: number(suppression.change),
            expected_change: number(suppression.expected_change),
            acceptable_deviation: number(suppression.acceptable_deviation),
        }
    }
}

#[derive(Debug, serde::Serialize)]
struct PartRecord {
    id: String,
    rule: String,
}

impl PartRecord {
    fn of(part: &Anomaly) -> Self {
        Self {
            id: part.id.to_string(),
            rule: part.rules.join(","),
        }
    }
}

/// An anomaly of an incident.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(crate) struct MemberRecord {
    id: String,
    series: String,
    rule: String,
    start: String,
    end: String,
    contribution: Option<f64>,
}

impl MemberRecord {
    pub(crate) fn of(anomaly: &Anomaly, contribution: f64) -> Self {
        Self {
            id: anomaly.id.to_string(),
            series: anomaly.slice.to_string(),
            rule: anomaly.rules.join(","),
            start: anomaly.interval.start().to_string(),
            end: anomaly.interval.end().to_string(),
            contribution: contribution.is_finite().then_some(contribution),
        }
    }
}

/// A record as JSON: its fields under their names, in their order.
#[derive(Debug)]
pub(crate) struct Object<'o, 'r>(pub(crate) &'o [(&'static str, Cell<'r>)]);

impl Serialize for Object<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, cell) in self.0 {
            map.serialize_entry(name, cell)?;
        }
        map.end()
    }
}

/// Writes `record` as a line of JSON.
pub(crate) fn json_line(
    record: &[(&'static str, Cell<'_>)],
    out: &mut dyn Write,
) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Object(record))?;
    writeln!(out)
}

/// Writes `cells` as a line of CSV.
pub(crate) fn csv_line<'r>(
    cells: impl IntoIterator<Item = Cell<'r>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = String::new();
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            line.push(',');
        }
        cell.write_csv(&mut line);
    }
    line.push('\n');
    out.write_all(line.as_bytes())
}

fn quoted(text: &str, line: &mut String) {
    if text.contains([',', '"', '\n', '\r']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, csv_line, json_line};

    fn both(cell: Cell<'_>) -> (String, String) {
        let (mut csv, mut json) = (Vec::new(), Vec::new());
        csv_line([cell.clone()], &mut csv).unwrap();
        json_line(&[("x", cell)], &mut json).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().trim_end().to_owned();
        (text(csv), text(json))
    }

    fn said(csv: &str, json: &str) -> (String, String) {
        (csv.to_owned(), json.to_owned())
    }

    #[test]
    fn cells_with_commas_quotes_or_breaks_are_quoted() {
        let cells = ["plain", "a,b", "say \"x\"", "two\nlines", ""].map(Cell::Text);
        let mut line = Vec::new();
        csv_line(cells, &mut line).unwrap();
        assert_eq!(line, b"plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\n");
    }

    #[test]
    fn what_is_no_finite_number_is_nothing() {
        for value in [f64::NAN, f64::INFINITY, -f64::INFINITY] {
            assert_eq!(both(Cell::Number(value)), said("", "{\"x\":null}"));
        }
        assert_eq!(both(Cell::Nothing), said("", "{\"x\":null}"));
        assert_eq!(both(Cell::Number(0.0)), said("0", "{\"x\":0.0}"));
    }

    #[test]
    fn numbers_are_the_shortest_that_read_back() {
        let third = 1.0 / 3.0;
        assert_eq!(
            both(Cell::Number(third)),
            said("0.3333333333333333", "{\"x\":0.3333333333333333}")
        );
        assert_eq!(both(Cell::Number(1e300)), said("1e300", "{\"x\":1e+300}"));
        assert_eq!(both(Cell::Count(3)), said("3", "{\"x\":3}"));
        assert_eq!(both(Cell::Truth(true)), said("true", "{\"x\":true}"));
    }

    #[test]
    fn several_values_of_a_label_stand_in_one_text() {
        let labels = [
            ("country".to_owned(), vec!["US".to_owned()]),
            (
                "platform".to_owned(),
                vec!["android".to_owned(), "ios".to_owned()],
            ),
        ];
        let mut line = Vec::new();
        json_line(&[("labels", Cell::Labels(&labels))], &mut line).unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "{\"labels\":{\"country\":\"US\",\"platform\":\"android|ios\"}}\n"
        );
    }
}
