//! A generated dataset: series, labels, and what is known about both.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::holiday::Holiday;
use crate::incident::Incident;

/// How a dataset writes its instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamps {
    /// The civil date alone: `2024-01-01`.
    Date,
    /// RFC 3339 by the local clock with its offset: `2026-03-08T03:00:00-04:00`.
    Local,
    /// RFC 3339 in UTC: `2026-03-02T00:02:00Z`.
    Utc,
}

/// How a dataset lays out its data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileLayout {
    /// CSV, one row for each bucket and slice.
    Long,
    /// CSV, one row for each bucket, one column for each slice of the one dimension.
    Wide,
    /// The answer of Prometheus to a `query_range`; each slice has its dimensions as labels.
    Prometheus,
}

/// One slice: its dimension values and its column of numbers on the grid of the dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceSeries {
    pub(crate) dimensions: Vec<&'static str>,
    pub(crate) values: Vec<f64>,
    pub(crate) clean: Vec<f64>,
}

impl SliceSeries {
    /// The values of the dimensions, in the order of [`Dataset::dimension_names`].
    pub fn dimensions(&self) -> &[&'static str] {
        &self.dimensions
    }

    /// The metric, one number for each of [`Dataset::times`]; NaN where the file has none.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The metric as it would have been without incidents: the same noise, the same rounding, and
    /// NaN where a value is lost that no label tells of.
    pub fn clean(&self) -> &[f64] {
        &self.clean
    }
}

/// One row of the data file.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Row<'a> {
    /// The start of the bucket.
    pub time: DateTime<Utc>,
    /// The values of the dimensions, in the order of [`Dataset::dimension_names`].
    pub dimensions: &'a [&'static str],
    /// The metric.
    pub value: f64,
    /// The metric without incidents.
    pub clean: f64,
}

/// A dataset, its labels, and what is known about both.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) time_column: &'static str,
    pub(crate) metric: &'static str,
    pub(crate) dimension_names: &'static [&'static str],
    pub(crate) granularity: &'static str,
    pub(crate) zone: Tz,
    pub(crate) stamps: Stamps,
    pub(crate) layout: FileLayout,
    pub(crate) dataset_yaml: Option<&'static str>,
    pub(crate) seed: u64,
    pub(crate) times: Vec<DateTime<Utc>>,
    pub(crate) series: Vec<SliceSeries>,
    pub(crate) labels: Vec<Incident>,
    pub(crate) holidays: Vec<(NaiveDate, Holiday)>,
}

impl Dataset {
    /// The name, as [`generate`](crate::generate) knows it; also the stem of the files.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// One sentence on what it is.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// The column of the metric.
    pub fn metric(&self) -> &'static str {
        self.metric
    }

    /// The column of the instants.
    pub fn time_column(&self) -> &'static str {
        self.time_column
    }

    /// The columns of the dimensions, in order; none for a single series.
    pub fn dimension_names(&self) -> &'static [&'static str] {
        self.dimension_names
    }

    /// The step, in ISO 8601: `P1D`, `PT1H`, `PT5M`.
    pub fn granularity(&self) -> &'static str {
        self.granularity
    }

    /// The zone whose clock the seasons follow. UTC where rows are civil dates.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The seed it was made with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The starts of the buckets: a complete grid, ascending, shared by all slices.
    pub fn times(&self) -> &[DateTime<Utc>] {
        &self.times
    }

    /// The slices, sorted by their dimension values.
    pub fn series(&self) -> &[SliceSeries] {
        &self.series
    }

    /// The incidents, in order of their start.
    pub fn labels(&self) -> &[Incident] {
        &self.labels
    }

    /// The holidays inside the span, by date; their effect is part of the clean series.
    pub fn holidays(&self) -> &[(NaiveDate, Holiday)] {
        &self.holidays
    }

    /// The rows there are, by time, then by slice: none where a slice has no value.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let all = self.times.iter().enumerate().flat_map(move |(t, &time)| {
            self.series.iter().map(move |slice| Row {
                time,
                dimensions: &slice.dimensions,
                value: slice.values[t],
                clean: slice.clean[t],
            })
        });
        all.filter(|row| !row.value.is_nan())
    }

    /// An instant as the files of this dataset write it.
    pub fn stamp(&self, time: DateTime<Utc>) -> String {
        let local = time.with_timezone(&self.zone);
        match self.stamps {
            Stamps::Date => local.format("%Y-%m-%d").to_string(),
            Stamps::Local => local.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            Stamps::Utc => time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }
    }
}
