//! Rows whose dimensions are known only when all of them have come, as JSON has them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::gathering::builder;
use super::known::Known;
use super::{FileError, ReadOptions};
use crate::{FrameBuilder, FrameError, Instant, Metric, closest};

/// How many rows are kept in one piece, so that they can be given up piece by piece.
const PIECE: usize = 1 << 16;
/// How many names a message lists.
const LISTED: usize = 20;
/// The label that holds the name of a metric.
pub(super) const NAME: &str = "__name__";

/// A label or dimension, and its value.
pub(super) type Label<'a> = (&'a str, Cow<'a, str>);

/// Rows by their sets of labels.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// The metrics of rows that do not name theirs: one value of each in every row. Rows that do
    /// have one value.
    pub(super) metrics: Option<Vec<Metric>>,
    /// Keys that rows had and that are no dimensions.
    pub(super) others: Vec<String>,
    sets: Vec<Set>,
    number_of: HashMap<Set, u32>,
    known: Known,
    /// The dimensions that rows had, empty ones included.
    dimensions: BTreeSet<String>,
    pieces: Vec<Piece>,
}

/// What rows may have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Set {
    /// The name of the metric, if rows name it.
    metric: Option<String>,
    /// The dimensions that are not empty.
    labels: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
struct Piece {
    times: Vec<Instant>,
    sets: Vec<u32>,
    values: Vec<f64>,
}

/// The metrics that are read, and what becomes of the names in the rows.
struct Choice {
    metrics: Vec<Metric>,
    /// For each metric the name that its rows have; nothing if all rows are of the only metric.
    names: Option<Vec<String>>,
    /// Whether the names become a dimension.
    is_dimension: bool,
    note: Option<String>,
}

impl Samples {
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The dimensions that rows had, by name.
    pub(super) fn dimensions(&self) -> Vec<String> {
        self.dimensions.iter().cloned().collect()
    }

    /// The number of a set; the name of a dimension that is there twice is an error.
    pub(super) fn set(
        &mut self,
        metric: Option<&str>,
        labels: &[Label<'_>],
    ) -> Result<u32, String> {
        let is_named = [
            metric.map_or(&b""[..], |_| b"n"),
            metric.unwrap_or("").as_bytes(),
        ];
        let parts = labels
            .iter()
            .flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        if let Some(number) = self.known.find(is_named.into_iter().chain(parts)) {
            return Ok(number);
        }
        let mut set = Set {
            metric: metric.map(ToOwned::to_owned),
            labels: BTreeMap::new(),
        };
        for (name, value) in labels {
            let before = set
                .labels
                .insert((*name).to_owned(), value.clone().into_owned());
            if before.is_some() {
                return Err((*name).to_owned());
            }
            self.dimensions.insert((*name).to_owned());
        }
        // A label that is not there is an empty one.
        set.labels.retain(|_, value| !value.is_empty());
        let next = u32::try_from(self.sets.len())
            .expect("invariant: fewer than 2^32 distinct sets fit in memory");
        let number = *self.number_of.entry(set.clone()).or_insert(next);
        if number == next {
            self.sets.push(set);
        }
        self.known.remember(number);
        Ok(number)
    }

    /// Adds a row.
    pub(super) fn push(&mut self, at: Instant, set: u32, values: &[f64]) {
        let is_full = |piece: &Piece| piece.times.len() == PIECE;
        if self.pieces.last().is_none_or(is_full) {
            self.pieces.push(Piece::default());
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.times.push(at);
            piece.sets.push(set);
            piece.values.extend_from_slice(values);
        }
    }

    /// The rows as a frame, and what a person should know. `is_response`: without a choice, a
    /// Prometheus response has a metric of its own.
    pub(super) fn into_frame(
        self,
        file: &str,
        is_response: bool,
        options: &ReadOptions,
    ) -> Result<(FrameBuilder, Vec<String>), FrameError> {
        let choice = match &self.metrics {
            Some(metrics) => Choice {
                metrics: metrics.clone(),
                names: None,
                is_dimension: false,
                note: None,
            },
            None => self.choose(file, is_response, options)?,
        };
        let mut dimensions = self.dimensions_in_order(file, options)?;
        if choice.is_dimension {
            dimensions.push(NAME.to_owned());
        }
        let width = choice.metrics.len();
        let is_flat = self.metrics.is_some();
        let mut frame = builder(options, file, choice.metrics, dimensions.clone());
        let mut places: Vec<Option<(u32, usize)>> = Vec::with_capacity(self.sets.len());
        for set in &self.sets {
            let name = set.metric.as_deref().unwrap_or("");
            let place = match &choice.names {
                Some(names) => names.iter().position(|known| known == name),
                None => Some(0),
            };
            let Some(metric) = place else {
                places.push(None);
                continue;
            };
            let values = dimensions.iter().map(|dimension| {
                let label = set.labels.get(dimension).map_or("", String::as_str);
                Ok(if choice.is_dimension && dimension == NAME {
                    name
                } else {
                    label
                })
            });
            places.push(Some((frame.combination(values)?, metric)));
        }
        let mut row = vec![f64::NAN; width];
        for piece in self.pieces {
            let count = piece.times.len();
            let values = piece.values.chunks_exact(piece.values.len() / count);
            for ((at, set), values) in piece.times.into_iter().zip(piece.sets).zip(values) {
                let Some((combination, metric)) = places[set as usize] else {
                    continue;
                };
                if is_flat {
                    row.copy_from_slice(values);
                } else {
                    row.fill(f64::NAN);
                    row[metric] = values[0];
                }
                frame.push(at, combination, &row);
            }
        }
        Ok((frame, choice.note.into_iter().collect()))
    }

    /// The declared dimensions, then others by name, then that of the file.
    fn dimensions_in_order(
        &self,
        file: &str,
        options: &ReadOptions,
    ) -> Result<Vec<String>, FrameError> {
        let known = || self.dimensions.iter();
        let candidates = || known().chain(&self.others);
        let mut names: Vec<String> = Vec::new();
        for (name, label) in &options.dimensions {
            if !self.dimensions.contains(name) {
                let label = label.as_ref().unwrap_or(name);
                return Err(FrameError::UnknownColumn {
                    file: file.to_owned(),
                    role: "dimension",
                    name: Some(name.as_str().into()),
                    column: label.clone(),
                    known: candidates().cloned().collect(),
                    suggestion: closest(label, candidates().map(String::as_str)).map(Into::into),
                });
            }
            names.push(name.clone());
        }
        let by_file = options.file_dimension.as_ref();
        let others = known().filter(|name| {
            Some(*name) != by_file && !options.dimensions.iter().any(|(known, _)| known == *name)
        });
        names.extend(others.cloned());
        names.extend(by_file.cloned());
        Ok(names)
    }

    /// Which of the named metrics are read.
    fn choose(
        &self,
        file: &str,
        is_response: bool,
        options: &ReadOptions,
    ) -> Result<Choice, FrameError> {
        let mut found: Vec<&str> = Vec::new();
        let mut seen = BTreeSet::new();
        for set in &self.sets {
            let name = set.metric.as_deref().unwrap_or("");
            if seen.insert(name) {
                found.push(name);
            }
        }
        let known = || -> Vec<String> {
            found
                .iter()
                .take(LISTED)
                .map(|name| (*name).to_owned())
                .collect()
        };
        let all_as = |metric: Metric, is_dimension: bool, note: Option<String>| Choice {
            metrics: vec![metric],
            names: None,
            is_dimension,
            note,
        };
        let wanted: Vec<&str> = options
            .metrics
            .iter()
            .map(|(metric, name)| name.as_deref().unwrap_or(metric.name()))
            .collect();
        match (&found[..], &options.metrics[..]) {
            ([""], []) => Ok(all_as(Metric::new("value"), false, None)),
            ([only], []) => Ok(all_as(Metric::new(*only), false, None)),
            (several, []) if is_response => {
                let note = format!(
                    "{} metrics are read as one, `value`, with the dimension {NAME}",
                    several.len()
                );
                Ok(all_as(Metric::new("value"), true, Some(note)))
            }
            (several, []) => Err(FileError::SeveralMetrics {
                file: file.to_owned(),
                count: several.len(),
                known: known(),
            }
            .into()),
            ([only], [(metric, None)]) if is_response && *only != metric.name() => {
                let note =
                    (!only.is_empty()).then(|| format!("`{only}` is read as {}", metric.name()));
                Ok(all_as(metric.clone(), false, note))
            }
            _ => {
                for (name, (metric, _)) in wanted.iter().zip(&options.metrics) {
                    if !seen.contains(name) {
                        return Err(FrameError::UnknownMetric {
                            dataset: file.to_owned(),
                            metric: (*name).to_owned(),
                            known: known(),
                            suggestion: closest(metric.name(), found.iter().copied())
                                .map(ToOwned::to_owned),
                        });
                    }
                }
                let others: Vec<&str> = found
                    .iter()
                    .copied()
                    .filter(|name| !wanted.contains(name))
                    .collect();
                Ok(Choice {
                    metrics: options.metrics.iter().map(|(m, _)| m.clone()).collect(),
                    names: Some(wanted.iter().map(|name| (*name).to_owned()).collect()),
                    is_dimension: false,
                    note: (!others.is_empty())
                        .then(|| format!("metrics not read: {}", listed(&others))),
                })
            }
        }
    }
}

/// The first of `names`, and how many more there are.
pub(super) fn listed(names: &[impl AsRef<str>]) -> String {
    let mut text = names
        .iter()
        .take(LISTED)
        .map(AsRef::as_ref)
        .collect::<Vec<&str>>()
        .join(", ");
    if names.len() > LISTED {
        text.push_str(&format!(" and {} more", names.len() - LISTED));
    }
    text
}
