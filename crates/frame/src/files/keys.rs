//! Which key of a JSON object is what.

use std::collections::HashMap;

use super::columns::{MILLIS, SERIES, TIME, VALUE};
use super::json::{Object, Value};
use super::{FileError, ReadOptions, TimeUnit};
use crate::{FrameError, Metric, closest};

/// The key of an object whose keys are dimensions.
const LABELS: &str = "labels";
/// The key of the name of a row's metric.
const METRIC: &str = "metric";
/// How many keys are remembered.
const REMEMBERED: usize = 1000;

/// What the value of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role<'a> {
    Time,
    /// The name of the row's metric.
    Name,
    /// The value of metric number so-and-so.
    Value(usize),
    /// The value of this dimension.
    Dimension(&'a str),
    /// An object of dimensions.
    Labels,
    /// Nothing that is read.
    None,
}

/// A [`Role`] that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Time,
    Name,
    Value(usize),
    /// The declared dimension of this number.
    Declared(usize),
    /// A dimension of the name of its key.
    Own,
    Labels,
    /// The ignored key of this number.
    Ignored(usize),
    Unused,
}

/// The keys of the objects in one file.
#[derive(Debug)]
pub(super) struct Keys {
    kinds: HashMap<String, Kind>,
    /// The keys that play no role, in order of appearance.
    unused: Vec<String>,
    /// Which of the ignored keys have been there.
    ignored: Vec<bool>,
    /// The metrics, if rows do not name theirs.
    metrics: Option<Vec<Metric>>,
    /// The key of the time in the first row, if it declares its unit.
    millis: Option<String>,
}

impl Keys {
    /// Sees in the first row whether rows name their metric.
    pub(super) fn find(
        first: &Object<'_>,
        file: &str,
        row: u64,
        options: &ReadOptions,
    ) -> Result<Self, FrameError> {
        let mut keys = Self {
            kinds: HashMap::new(),
            unused: Vec::new(),
            ignored: vec![false; options.ignored.len()],
            metrics: None,
            millis: None,
        };
        let is_usual =
            |key: &str, usual: &[&str]| usual.iter().any(|u| key.eq_ignore_ascii_case(u));
        let is_free = |key: &str| {
            let mut columns = options
                .metrics
                .iter()
                .filter_map(|(_, column)| column.as_ref());
            let is_metric = columns.any(|column| column == key);
            !is_metric
                && keys
                    .declared(key, options)
                    .is_none_or(|kind| kind == Kind::Unused)
        };
        let is_named = first.iter().any(|(key, value)| {
            is_usual(key, &[METRIC]) && matches!(value, Value::Text(_)) && is_free(key)
        }) && first
            .iter()
            .any(|(key, _)| is_usual(key, &VALUE) && is_free(key));
        if !is_named && options.metrics.is_empty() {
            let usual = first
                .iter()
                .find(|(key, _)| is_usual(key, &VALUE) && is_free(key));
            let (key, _) =
                usual.ok_or_else(|| keys.missing("metric", first, file, row, options))?;
            keys.metrics = Some(vec![Metric::new(key.as_ref())]);
        } else if !is_named {
            keys.metrics = Some(options.metrics.iter().map(|(m, _)| m.clone()).collect());
        }
        let is_millis = |key: &str| key.eq_ignore_ascii_case(MILLIS);
        let mut millis = first
            .iter()
            .map(|(key, _)| key)
            .filter(|key| is_millis(key));
        keys.millis = millis
            .find(|key| keys.classify(key, options) == Kind::Time)
            .map(|key| key.clone().into_owned());
        Ok(keys)
    }

    /// Whether rows name their metric.
    pub(super) const fn is_named(&self) -> bool {
        self.metrics.is_none()
    }

    /// The metrics, if rows do not name theirs.
    pub(super) fn metrics(&self) -> Option<Vec<Metric>> {
        self.metrics.clone()
    }

    /// How many values a row has.
    pub(super) fn width(&self) -> usize {
        self.metrics.as_ref().map_or(1, Vec::len)
    }

    /// The unit that the key of the time declares.
    pub(super) fn unit(&self) -> Option<TimeUnit> {
        self.millis.as_ref().map(|_| TimeUnit::Millis)
    }

    pub(super) fn unit_note(&self, options: &ReadOptions) -> Option<String> {
        let key = self
            .millis
            .as_ref()
            .filter(|_| options.time_unit.is_none())?;
        Some(format!(
            "numbers in `{key}` are read as milliseconds, as the name says"
        ))
    }

    /// What the value of `key` is.
    pub(super) fn role<'a>(&mut self, key: &'a str, options: &'a ReadOptions) -> Role<'a> {
        let kind = match self.kinds.get(key) {
            Some(&kind) => kind,
            None => {
                let kind = self.classify(key, options);
                if self.kinds.len() < REMEMBERED {
                    self.kinds.insert(key.to_owned(), kind);
                    if kind == Kind::Unused {
                        self.unused.push(key.to_owned());
                    }
                }
                kind
            }
        };
        match kind {
            Kind::Time => Role::Time,
            Kind::Name => Role::Name,
            Kind::Value(metric) => Role::Value(metric),
            Kind::Declared(place) => Role::Dimension(&options.dimensions[place].0),
            Kind::Own => Role::Dimension(key),
            Kind::Labels => Role::Labels,
            Kind::Ignored(place) => {
                self.ignored[place] = true;
                Role::None
            }
            Kind::Unused => Role::None,
        }
    }

    /// The dimension of a label; nothing if it is ignored.
    pub(super) fn label<'a>(
        &mut self,
        label: &'a str,
        options: &'a ReadOptions,
    ) -> Option<&'a str> {
        if let Some(place) = options.ignored.iter().position(|name| name == label) {
            self.ignored[place] = true;
            return None;
        }
        Some(options.dimension_of(label).unwrap_or(label))
    }

    fn classify(&self, key: &str, options: &ReadOptions) -> Kind {
        if let Some(kind) = self.declared(key, options) {
            return kind;
        }
        let is = |usual: &[&str]| usual.iter().any(|name| key.eq_ignore_ascii_case(name));
        let wants_value = self.is_named() || options.metrics.is_empty();
        if options.time.is_none() && is(&TIME) {
            Kind::Time
        } else if is(&[LABELS]) {
            Kind::Labels
        } else if self.is_named() && is(&[METRIC]) {
            Kind::Name
        } else if wants_value && is(&VALUE) {
            Kind::Value(0)
        } else if is(&SERIES) {
            Kind::Own
        } else {
            Kind::Unused
        }
    }

    /// What the options say of a key, which they name exactly or in another case.
    fn declared(&self, key: &str, options: &ReadOptions) -> Option<Kind> {
        type Same = fn(&str, &str) -> bool;
        let in_any_case: Same = |a, b| a.eq_ignore_ascii_case(b);
        [(|a, b| a == b) as Same, in_any_case]
            .iter()
            .find_map(|same| {
                let same = |name: &str| same(key, name);
                let ignored = options.ignored.iter().position(|name| same(name));
                let mut dimensions = options.dimensions.iter();
                let dimension = dimensions.position(|(name, k)| same(k.as_ref().unwrap_or(name)));
                let mut metrics = options.metrics.iter();
                let metric =
                    metrics.position(|(metric, k)| same(k.as_deref().unwrap_or(metric.name())));
                if let Some(place) = ignored {
                    Some(Kind::Ignored(place))
                } else if options.time.as_deref().is_some_and(same) {
                    Some(Kind::Time)
                } else if let Some(place) = dimension {
                    Some(Kind::Declared(place))
                } else {
                    metric.filter(|_| !self.is_named()).map(Kind::Value)
                }
            })
    }

    /// The keys that play no role, in order of appearance.
    pub(super) fn unused(&self) -> &[String] {
        &self.unused
    }

    /// Refuses to ignore a key that never was there.
    pub(super) fn check_ignored(
        &self,
        file: &str,
        options: &ReadOptions,
    ) -> Result<(), FrameError> {
        let Some(place) = self.ignored.iter().position(|seen| !seen) else {
            return Ok(());
        };
        let mut known: Vec<String> = self.kinds.keys().cloned().collect();
        known.sort_unstable();
        let column = options.ignored[place].clone();
        Err(FrameError::UnknownColumn {
            file: file.to_owned(),
            role: "list of columns to ignore",
            name: None,
            suggestion: closest(&column, known.iter().map(String::as_str)).map(Into::into),
            column,
            known: known.into(),
        })
    }

    /// Several keys of an object have names that would do for `role`.
    pub(super) fn unclear(
        &self,
        object: &Object<'_>,
        role: &'static str,
        file: &str,
        options: &ReadOptions,
    ) -> FrameError {
        let has_role = |key: &str| match self.classify(key, options) {
            Kind::Time => role == "time",
            Kind::Value(_) => role == "metric",
            _ => false,
        };
        FrameError::ColumnToName {
            file: file.to_owned(),
            role,
            count: object.iter().filter(|(key, _)| has_role(key)).count(),
            known: object.iter().map(|(key, _)| key.to_string()).collect(),
            flag: match role {
                "time" => "--time COLUMN",
                _ => "--metric NAME=COLUMN",
            },
        }
    }

    /// An object without a key for `role`.
    pub(super) fn missing(
        &self,
        role: &str,
        object: &Object<'_>,
        file: &str,
        row: u64,
        options: &ReadOptions,
    ) -> FrameError {
        let (wanted, remedy) = match role {
            "time" => (options.time.clone(), "name it (--time COLUMN)"),
            "metric" => {
                let names = options.metrics.iter();
                let names = names.map(|(metric, key)| key.as_deref().unwrap_or(metric.name()));
                let names = names.collect::<Vec<_>>().join(", ");
                let names = Some(names).filter(|names| !names.is_empty() && !self.is_named());
                (
                    names,
                    "name it (--metric NAME=COLUMN), and write null where the value is missing",
                )
            }
            _ => (Some(METRIC.to_owned()), "name the metric of every row"),
        };
        FileError::MissingKey {
            file: file.to_owned(),
            row,
            role: match wanted {
                Some(wanted) => format!("{role} `{wanted}`"),
                None => role.to_owned(),
            },
            known: object.iter().map(|(key, _)| key.to_string()).collect(),
            remedy,
        }
        .into()
    }
}
