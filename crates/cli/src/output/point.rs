//! Points: one row per slice, rule and bucket. These names are public; docs/output.md says what
//! they mean.

use std::io::{self, Write};

use tuatara::core::Row;
use tuatara::frame::{Instant, SliceKey};

use super::Head;
use super::cell::{Cell, Object, csv_line, json_line};
use super::document::Document;
use super::profile::fields_of;
use crate::args::{PointsFormat, Profile};

const POINTS: &str = "tuatara-points-1";

/// Where points lie: a slice, under a rule.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pub(crate) slice: &'a SliceKey,
    /// The text of the slice.
    pub(crate) series: String,
    pub(crate) rule: &'a str,
}

impl<'a> Place<'a> {
    pub(crate) fn new(slice: &'a SliceKey, rule: &'a str) -> Self {
        let series = slice.to_string();
        Self {
            slice,
            series,
            rule,
        }
    }
}

/// One point.
#[derive(Debug)]
pub(crate) struct Point<'a> {
    pub(crate) place: &'a Place<'a>,
    pub(crate) stamp: Instant,
    pub(crate) row: Row,
    /// The detectors' own columns, NaN where they say nothing.
    pub(crate) own: &'a [f64],
}

/// A field of points: its name, and how to read it off one.
pub(crate) type Field = (&'static str, for<'r, 'a> fn(&'r Point<'a>) -> Cell<'r>);

/// The fields of `tuatara-points-1`. New ones are appended.
pub(crate) const FIELDS: [Field; 10] = [
    ("series", |point| Cell::Text(&point.place.series)),
    ("rule", |point| Cell::Text(point.place.rule)),
    ("timestamp", |point| Cell::said(point.stamp)),
    ("value", |point| Cell::Number(point.row.observed)),
    ("expected", |point| Cell::Number(point.row.expected)),
    ("lower", |point| Cell::Number(point.row.lower)),
    ("upper", |point| Cell::Number(point.row.upper)),
    ("score", |point| Cell::Number(point.row.score)),
    ("is_anomaly", is_anomaly),
    ("verdict", |point| Cell::Text(point.row.verdict.as_str())),
];

/// Nothing where nothing was judged: a gap is not normal.
pub(crate) fn is_anomaly<'r>(point: &'r Point<'_>) -> Cell<'r> {
    if point.row.score.is_nan() {
        Cell::Nothing
    } else {
        Cell::Truth(point.row.verdict.is_anomalous())
    }
}

/// The fields of a slice taken apart, for JSON.
const NESTED: [Field; 2] = [
    ("metric", |point| Cell::Text(point.place.slice.metric())),
    ("labels", |point| {
        Cell::Labels(point.place.slice.dimensions())
    }),
];

enum Form<'o> {
    Csv(&'o mut dyn Write),
    Ndjson(&'o mut dyn Write),
    Json(Document<'o>),
}

/// Writes points one after the other.
pub(crate) struct PointWriter<'o> {
    form: Form<'o>,
    fields: &'static [Field],
    /// Names of the detectors' own columns.
    own: Vec<&'static str>,
    /// Whether the names are ours, and not those that another program gives them.
    ours: bool,
}

impl<'o> PointWriter<'o> {
    /// Starts the output; `own` are the names of the detectors' own columns.
    pub(crate) fn begin(
        format: PointsFormat,
        profile: Option<Profile>,
        own: Vec<&'static str>,
        head: &Head<'_>,
        out: &'o mut dyn Write,
    ) -> io::Result<Self> {
        let fields = profile.map_or(&FIELDS[..], fields_of);
        let form = match format {
            PointsFormat::Csv => {
                let names = fields.iter().map(|(name, _)| *name);
                csv_line(names.chain(own.iter().copied()).map(Cell::Text), out)?;
                Form::Csv(out)
            }
            PointsFormat::Ndjson => Form::Ndjson(out),
            PointsFormat::Json => {
                let mut document = Document::begin(POINTS, out)?;
                head.write(&mut document)?;
                document.begin_list("points")?;
                Form::Json(document)
            }
        };
        let ours = profile.is_none();
        Ok(Self {
            form,
            fields,
            own,
            ours,
        })
    }

    pub(crate) fn write(&mut self, point: &Point<'_>) -> io::Result<()> {
        if let Form::Csv(out) = &mut self.form {
            let common = self.fields.iter().map(|(_, read)| read(point));
            let own = point.own.iter().map(|value| Cell::Number(*value));
            return csv_line(common.chain(own), &mut **out);
        }
        let mut named = Vec::with_capacity(self.fields.len() + self.own.len() + 3);
        if self.ours && matches!(self.form, Form::Ndjson(_)) {
            named.push(("schema", Cell::Text(POINTS)));
        }
        named.extend(self.fields.iter().map(|(name, read)| (*name, read(point))));
        let own = self.own.iter().zip(point.own);
        named.extend(own.map(|(name, value)| (*name, Cell::Number(*value))));
        if self.ours {
            named.extend(NESTED.iter().map(|(name, read)| (*name, read(point))));
        }
        match &mut self.form {
            Form::Csv(_) => unreachable!("it was written above"),
            Form::Ndjson(out) => json_line(&named, &mut **out),
            Form::Json(document) => document.item(&Object(&named)),
        }
    }

    /// Writes what comes after the last point.
    pub(crate) fn end(self) -> io::Result<()> {
        match self.form {
            Form::Csv(_) | Form::Ndjson(_) => Ok(()),
            Form::Json(mut document) => {
                document.end_list()?;
                document.end()
            }
        }
    }
}
