//! Points: one row per slice, rule and bucket. These columns are public.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use tuatara::core::Row;
use tuatara::frame::{Instant, SliceKey};

use super::record::{cell, csv_line, finite};

const COLUMNS: [&str; 9] = [
    "series",
    "rule",
    "timestamp",
    "value",
    "expected",
    "lower",
    "upper",
    "score",
    "verdict",
];

/// One point.
#[derive(Debug)]
pub(crate) struct Point<'a> {
    pub(crate) slice: &'a SliceKey,
    pub(crate) rule: &'a str,
    pub(crate) stamp: Instant,
    pub(crate) row: Row,
    /// The detector's own columns, NaN where they say nothing.
    pub(crate) own: Vec<f64>,
}

/// Writes points as CSV, or as one JSON object a line.
pub(crate) struct PointWriter<'a> {
    csv: bool,
    own: &'a [&'static str],
    out: &'a mut dyn Write,
}

impl<'a> PointWriter<'a> {
    /// Starts with the header; `own` are the names of the detectors' own columns.
    pub(crate) fn new(
        csv: bool,
        own: &'a [&'static str],
        out: &'a mut dyn Write,
    ) -> io::Result<Self> {
        if csv {
            let names: Vec<&str> = COLUMNS.iter().chain(own).copied().collect();
            writeln!(out, "{}", names.join(","))?;
        }
        Ok(Self { csv, own, out })
    }

    pub(crate) fn write(&mut self, point: &Point<'_>) -> io::Result<()> {
        let Row {
            observed,
            expected,
            lower,
            upper,
            score,
            verdict,
        } = point.row;
        let numbers = [observed, expected, lower, upper, score];
        if self.csv {
            let mut cells = vec![
                point.slice.to_string(),
                point.rule.to_owned(),
                point.stamp.to_string(),
            ];
            cells.extend(numbers.map(|value| cell(finite(value))));
            cells.push(verdict.as_str().to_owned());
            cells.extend(
                self.own
                    .iter()
                    .zip(&point.own)
                    .map(|(_, v)| cell(finite(*v))),
            );
            return writeln!(self.out, "{}", csv_line(&cells));
        }
        let mut object = Map::new();
        let texts = [
            json!(point.slice.to_string()),
            json!(point.rule),
            json!(point.stamp.to_string()),
        ];
        let numbers = numbers.map(|value| json!(finite(value)));
        let values = texts.into_iter().chain(numbers);
        let values = values.chain([json!(verdict.as_str())]);
        for (name, value) in COLUMNS.iter().zip(values) {
            object.insert((*name).to_owned(), value);
        }
        for (name, value) in self.own.iter().zip(&point.own) {
            object.insert((*name).to_owned(), json!(finite(*value)));
        }
        writeln!(self.out, "{}", Value::Object(object))
    }
}
