//! From a tree to what is declared.

use std::collections::BTreeMap;

use tuatara_frame::files::{Layout, TimeUnit};
use tuatara_frame::{Aggregation, Duration, Granularity, Zone};

use super::keys::{DATASET, DIMENSION};
use super::{DatasetDimension, DatasetMetric, DatasetSpec, Start, doubt};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields, Said, items};
use crate::language::words;
use crate::tree::{Node, Value};
use crate::{Code, Diagnostic, Span, Spanned};

const LAYOUTS: [(&str, Layout); 5] = [
    ("long", Layout::Long),
    ("wide", Layout::Wide),
    ("series", Layout::Series),
    ("ndjson", Layout::Ndjson),
    ("prometheus", Layout::Prometheus),
];

pub(super) const UNITS: [(&str, TimeUnit); 5] = [
    ("s", TimeUnit::Seconds),
    ("ms", TimeUnit::Millis),
    ("us", TimeUnit::Micros),
    ("ns", TimeUnit::Nanos),
    ("rows", TimeUnit::Rows),
];

const DELIMITERS: [(&str, u8); 5] = [
    ("\",\"", b','),
    ("\";\"", b';'),
    ("\"|\"", b'|'),
    ("\"\\t\"", b'\t'),
    ("tab", b'\t'),
];

const AGGREGATIONS: [(&str, Aggregation); 8] = [
    ("SUM", Aggregation::Sum),
    ("COUNT", Aggregation::Count),
    ("MIN", Aggregation::Min),
    ("MAX", Aggregation::Max),
    ("MEAN", Aggregation::Mean),
    ("AVG", Aggregation::Mean),
    ("MEDIAN", Aggregation::Median),
    ("LAST", Aggregation::Last),
];

const ORDERS: [(&str, ()); 1] = [("time", ())];

/// What `layout` can be.
pub(super) const LAYOUT_WORDS: [&str; LAYOUTS.len()] = words(&LAYOUTS);
/// What `timeUnit` can be.
pub(super) const UNIT_WORDS: [&str; UNITS.len()] = words(&UNITS);
/// What `aggregation` can be.
pub(super) const AGGREGATION_WORDS: [&str; AGGREGATIONS.len()] = words(&AGGREGATIONS);
/// What `order` can be.
pub(super) const ORDER_WORDS: [&str; ORDERS.len()] = words(&ORDERS);
/// What `delimiter` can be: the characters themselves, and the words for them.
pub(super) const DELIMITER_WORDS: [&str; 9] = [
    ",", ";", "|", "tab", "\t", "\",\"", "\";\"", "\"|\"", "\"\\t\"",
];

/// What is declared, if there is a mapping at all, and everything that is to be said about it.
pub(super) fn read(tree: Option<&Node>, said: Said) -> (Option<DatasetSpec>, Vec<Diagnostic>) {
    let mut reader = Reader {
        said,
        names: BTreeMap::new(),
    };
    let spec = tree.and_then(|tree| reader.file(tree));
    (spec, reader.said.into_diagnostics())
}

/// A dataset file being read.
pub(super) struct Reader {
    pub(super) said: Said,
    /// Names of metrics and of dimensions, each with its place.
    names: BTreeMap<(&'static str, String), Span>,
}

impl Reader {
    fn file(&mut self, tree: &Node) -> Option<DatasetSpec> {
        let before = self.said.errors();
        let fields = self.said.fields(&DATASET, tree, Span::NONE)?;
        let order = self.word(&fields, "order", &ORDERS);
        let mut spec = DatasetSpec {
            name: self.text(&fields, "dataset"),
            layout: self.word(&fields, "layout", &LAYOUTS),
            delimiter: fields.get("delimiter").and_then(|e| self.delimiter(e)),
            time_column: self.text(&fields, "timeColumn"),
            time_unit: self.word(&fields, "timeUnit", &UNITS),
            start: self.parsed::<Start>(&fields, "start"),
            zone: self.parsed::<Zone>(&fields, "timezone"),
            granularity: self.parsed::<Granularity>(&fields, "granularity"),
            in_order: order.is_some(),
            ignore: self.ignore(&fields),
            dimensions: Vec::new(),
            file_dimension: None,
            completeness_delay: self.parsed::<Duration>(&fields, "completenessDelay"),
            metrics: Vec::new(),
        };
        if let Some(entry) = fields.get("dimensions") {
            for item in items(&entry.1) {
                spec.dimensions.extend(self.dimension(item, entry.0.span));
            }
        }
        if let Some(entry) = fields.get("fileDimension")
            && let Some(name) = self.said.text(entry)
        {
            self.claim("dimension", &name);
            spec.file_dimension = Some(name.value);
        }
        if let Some(entry) = fields.get("metrics") {
            for item in items(&entry.1) {
                spec.metrics.extend(self.metric(item, entry.0.span));
            }
        }
        // What an error hides is not to be doubted as well.
        if self.said.errors() == before {
            doubt::doubt(&mut self.said, &fields, &spec);
        }
        Some(spec)
    }

    fn text(&mut self, fields: &Fields<'_>, key: &str) -> Option<String> {
        let entry = fields.get(key)?;
        self.said.text(entry).map(|text| text.value)
    }

    fn parsed<T>(&mut self, fields: &Fields<'_>, key: &str) -> Option<T>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        let entry = fields.get(key)?;
        self.said.parsed(entry).map(|parsed| parsed.value)
    }

    /// One of a few words, in any case.
    pub(super) fn word<T: Copy>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        self.said.word(fields.get(key)?, words)
    }

    /// A tab is text although it is blank.
    fn delimiter(&mut self, entry: Entry<'_>) -> Option<u8> {
        let text: String = self.said.value(entry)?;
        let found = DELIMITERS.iter().find(|(word, byte)| {
            word.eq_ignore_ascii_case(&text) || text.as_bytes() == [*byte].as_slice()
        });
        if found.is_none() {
            self.said
                .unknown_word(entry, &text, DELIMITERS.iter().map(|(word, _)| *word));
        }
        found.map(|(_, byte)| *byte)
    }

    fn ignore(&mut self, fields: &Fields<'_>) -> Vec<String> {
        let mut ignore: Vec<String> = fields
            .get("ignore")
            .and_then(|entry| self.said.value(entry))
            .unwrap_or_default();
        ignore.sort();
        ignore.dedup();
        ignore
    }

    /// A name, or a mapping of `name` and `column`.
    fn dimension(&mut self, item: &Node, at: Span) -> Option<DatasetDimension> {
        let (name, column) = match &item.value {
            Value::Scalar { text, .. } if !item.is_null() => {
                (Spanned::new(text.clone(), item.span), None)
            }
            _ => {
                let fields = self.said.fields(&DIMENSION, item, at)?;
                let column = self.text(&fields, "column");
                (self.name(&fields)?, column)
            }
        };
        self.claim("dimension", &name);
        Some(DatasetDimension {
            name: name.value,
            column,
        })
    }

    fn metric(&mut self, item: &Node, at: Span) -> Option<DatasetMetric> {
        if let Value::Scalar { text, .. } = &item.value
            && !item.is_null()
        {
            self.claim("metric", &Spanned::new(text.clone(), item.span));
            return Some(DatasetMetric::new(text));
        }
        let fields = self.said.fields(&super::keys::METRIC, item, at)?;
        let column = self.text(&fields, "column");
        let aggregation = self.word(&fields, "aggregation", &AGGREGATIONS);
        let missing = self.missing(&fields);
        let min = self.number(&fields, "min");
        let max = self.number(&fields, "max");
        self.check_range(&fields, min, max);
        let name = self.name(&fields)?;
        self.claim("metric", &name);
        let metric = DatasetMetric {
            name: name.value,
            column,
            aggregation,
            min,
            max,
            missing,
        };
        doubt::doubt_metric(&mut self.said, &fields, &metric);
        Some(metric)
    }

    fn name(&mut self, fields: &Fields<'_>) -> Option<Spanned<String>> {
        self.said.required_text(
            fields,
            "name",
            "add `name:`, by which a detection asks for it",
        )
    }

    fn number(&mut self, fields: &Fields<'_>, key: &str) -> Option<f64> {
        let entry = fields.get(key)?;
        self.said.value::<Option<f64>>(entry).flatten()
    }

    fn check_range(&mut self, fields: &Fields<'_>, min: Option<f64>, max: Option<f64>) {
        let ends = (fields.get("min"), fields.get("max"), min, max);
        let (Some(low), Some(high), Some(min), Some(max)) = ends else {
            return;
        };
        if min > max {
            let message = format!("`min` is {min}, above `max`, {max}: no value is possible");
            self.said.say(
                Diagnostic::error(Code::Conflict, low.1.span, message)
                    .related(high.1.span, "the largest value")
                    .allowed("a smallest value that is not above the largest")
                    .remedy("exchange the two, or delete one"),
            );
        }
    }

    /// Says so if a metric or dimension of that name is there already.
    fn claim(&mut self, what: &'static str, name: &Spanned<String>) {
        let key = (what, name.value.clone());
        if let Some(&first) = self.names.get(&key) {
            let message = format!(
                "the {what} {} is given twice, first on line {}",
                quote(name),
                first.line()
            );
            self.said.say(
                Diagnostic::error(Code::DuplicateName, name.span, message)
                    .related(first, "first given here")
                    .allowed(format!("each {what} once"))
                    .remedy("delete one of the two, or give it another name"),
            );
            return;
        }
        self.names.insert(key, name.span);
    }
}
