//! Which column of a header is what.

use std::collections::HashSet;

use super::{FileError, ReadOptions, TimeUnit, first_line};
use crate::{FrameError, Metric, closest};

/// Names under which the time is found.
pub(super) const TIME: [&str; 7] = ["timestamp", "time", "ts", "ds", "date", "datetime", MILLIS];
/// The one of them that says its unit.
pub(super) const MILLIS: &str = "timestamp_ms";
/// Names under which a single metric is found.
pub(super) const VALUE: [&str; 2] = ["value", "y"];
/// Names of columns that are dimensions by themselves.
pub(super) const SERIES: [&str; 2] = ["unique_id", "series"];

const METRIC_FLAG: &str = "--metric NAME=COLUMN, or --layout wide where each column is a series";

/// The places of the columns that are read.
#[derive(Debug)]
pub(super) struct Columns {
    /// The names in the header, without spaces around.
    pub(super) names: Vec<String>,
    pub(super) time: usize,
    /// The unit that the name of the time column declares.
    pub(super) unit: Option<TimeUnit>,
    pub(super) metrics: Vec<(Metric, usize)>,
    pub(super) dimensions: Vec<(String, usize)>,
    /// The names of the columns that are not read.
    pub(super) unused: Vec<String>,
}

impl Columns {
    /// Finds the columns of `names` that `options` ask for, and those with usual names.
    pub(super) fn find(
        names: Vec<String>,
        file: &str,
        options: &ReadOptions,
    ) -> Result<Self, FrameError> {
        let header = Header {
            names: &names,
            file,
        };
        header.check_unique()?;
        let mut taken = header.ignored(options)?;
        let mut metrics = Vec::new();
        for (metric, column) in &options.metrics {
            let column = column.as_deref().unwrap_or(metric.name());
            let column = header.column("metric", Some(metric.name()), column)?;
            metrics.push((metric.clone(), column));
        }
        let mut dimensions = Vec::new();
        for (name, column) in &options.dimensions {
            let column = column.as_deref().unwrap_or(name);
            let column = header.column("dimension", Some(name), column)?;
            dimensions.push((name.clone(), column));
        }
        taken.extend(metrics.iter().map(|(_, column)| *column));
        taken.extend(dimensions.iter().map(|(_, column)| *column));
        let time = header.time(options, &taken)?;
        taken.push(time);
        if metrics.is_empty() {
            let column = header.only("metric", METRIC_FLAG, &VALUE, &taken)?;
            metrics.push((Metric::new(&names[column]), column));
            taken.push(column);
        }
        for column in header.called(&SERIES, &taken) {
            dimensions.push((names[column].clone(), column));
            taken.push(column);
        }
        let unused = (0..names.len()).filter(|column| !taken.contains(column));
        let unused = unused.map(|column| names[column].clone()).collect();
        let unit = header.unit(time);
        Ok(Self {
            names,
            time,
            unit,
            metrics,
            dimensions,
            unused,
        })
    }
}

/// The names in a header.
pub(super) struct Header<'a> {
    pub(super) names: &'a [String],
    pub(super) file: &'a str,
}

impl Header<'_> {
    /// The columns that are not to be read.
    pub(super) fn ignored(&self, options: &ReadOptions) -> Result<Vec<usize>, FrameError> {
        let names = options.ignored.iter();
        names
            .map(|name| self.column("list of columns to ignore", None, name))
            .collect()
    }

    /// The time column that is declared, or else the only one with a usual name.
    pub(super) fn time(&self, options: &ReadOptions, taken: &[usize]) -> Result<usize, FrameError> {
        match &options.time {
            Some(column) => self.column("time", None, column),
            None => self.only("time", "--time COLUMN", &TIME, taken),
        }
    }

    /// Whether a column that is not taken has a usual name of the time.
    pub(super) fn suggests_time(&self, taken: &[usize]) -> bool {
        !self.called(&TIME, taken).is_empty()
    }

    /// The unit that the name of a time column declares.
    pub(super) fn unit(&self, time: usize) -> Option<TimeUnit> {
        let says_millis = self.names[time].eq_ignore_ascii_case(MILLIS);
        says_millis.then_some(TimeUnit::Millis)
    }

    /// Two columns of one name cannot be told apart; columns without a name cannot be asked for.
    pub(super) fn check_unique(&self) -> Result<(), FrameError> {
        let mut seen = HashSet::new();
        let mut named = self.names.iter().filter(|name| !name.is_empty());
        match named.find(|name| !seen.insert(name.as_str())) {
            Some(twice) => Err(FrameError::DuplicateColumn {
                file: self.file.to_owned(),
                column: twice.clone(),
            }),
            None => Ok(()),
        }
    }

    /// The column called `column`, or else the only one called so in another case; what is to be
    /// in it is a `role`, maybe with a `name`.
    pub(super) fn column(
        &self,
        role: &'static str,
        name: Option<&str>,
        column: &str,
    ) -> Result<usize, FrameError> {
        if let Some(exact) = self.names.iter().position(|other| other == column) {
            return Ok(exact);
        }
        match self.called(&[column], &[])[..] {
            [only] => Ok(only),
            _ => {
                let suggestion = closest(column, self.names.iter().map(String::as_str));
                if role == "metric" && suggestion.is_none() {
                    self.check_first_line(role, name, "--metric NAME=COLUMN")?;
                }
                Err(FrameError::UnknownColumn {
                    file: self.file.to_owned(),
                    role,
                    name: name.map(Into::into),
                    column: column.to_owned(),
                    known: self.names.into(),
                    suggestion: suggestion.map(Into::into),
                })
            }
        }
    }

    /// Refuses a first line that is no header, or that of another layout, because it lacks a
    /// column for `role`.
    fn check_first_line(
        &self,
        role: &'static str,
        name: Option<&str>,
        flag: &'static str,
    ) -> Result<(), FileError> {
        let file = || self.file.to_owned();
        if let Some((problem, remedy)) = first_line::doubt(self.names) {
            return Err(FileError::NoHeader {
                file: file(),
                role,
                problem,
                remedy,
            });
        }
        if first_line::is_numbered(self.names) {
            return Err(FileError::NumberedColumns {
                file: file(),
                role: name.map_or_else(|| role.to_owned(), |name| format!("{role} `{name}`")),
                known: self.names.to_vec(),
                flag,
            });
        }
        Ok(())
    }

    /// The only column with one of the usual names.
    fn only(
        &self,
        role: &'static str,
        flag: &'static str,
        usual: &[&str],
        taken: &[usize],
    ) -> Result<usize, FrameError> {
        match self.called(usual, taken)[..] {
            [only] => Ok(only),
            ref several => {
                if several.is_empty() {
                    self.check_first_line(role, None, flag)?;
                }
                Err(FrameError::ColumnToName {
                    file: self.file.to_owned(),
                    role,
                    count: several.len(),
                    known: self.names.to_vec(),
                    flag,
                })
            }
        }
    }

    /// The columns with one of `usual` names in any case, without those taken already.
    fn called(&self, usual: &[&str], taken: &[usize]) -> Vec<usize> {
        let is_usual = |name: &String| usual.iter().any(|usual| name.eq_ignore_ascii_case(usual));
        (0..self.names.len())
            .filter(|i| !taken.contains(i) && is_usual(&self.names[*i]))
            .collect()
    }
}
