//! A generated dataset: series, labels, and the two files they are written to.
//!
//! | file                | one row for each     | columns                                          |
//! |---------------------|----------------------|--------------------------------------------------|
//! | `NAME.csv`          | bucket and slice     | `date` or `timestamp`, the dimensions, the metric |
//! | `NAME.labels.csv`   | incident             | `start`, `end`, the dimensions, `kind`, `size`, `label` |
//!
//! Text is UTF-8 with a header line and `\n` line ends. Numbers are the shortest text that reads
//! back to the same value. Rows are in order of time, then of slice. `end` is exclusive; an empty
//! dimension in a label means all its values.

use std::fmt::Write as _;

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

    /// The metric, one number for each of [`Dataset::times`]; never NaN.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The metric as it would have been without incidents: the same noise, the same rounding.
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

    /// The step, in ISO 8601: `P1D`, `PT1H`.
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

    /// The rows of the data file, in its order: by time, then by slice.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.times.iter().enumerate().flat_map(move |(t, &time)| {
            self.series.iter().map(move |slice| Row {
                time,
                dimensions: &slice.dimensions,
                value: slice.values[t],
                clean: slice.clean[t],
            })
        })
    }

    /// An instant as the files of this dataset write it.
    pub fn stamp(&self, time: DateTime<Utc>) -> String {
        let local = time.with_timezone(&self.zone);
        match self.stamps {
            Stamps::Date => local.format("%Y-%m-%d").to_string(),
            Stamps::Local => local.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        }
    }

    /// `NAME.csv`.
    pub fn data_file_name(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// `NAME.labels.csv`.
    pub fn labels_file_name(&self) -> String {
        format!("{}.labels.csv", self.name)
    }

    /// The text of the data file.
    pub fn data_csv(&self) -> String {
        let mut text = String::from(self.time_column);
        for column in self.dimension_names.iter().chain([&self.metric]) {
            text.push(',');
            text.push_str(column);
        }
        text.push('\n');
        for (t, &time) in self.times.iter().enumerate() {
            let stamp = self.stamp(time);
            for slice in &self.series {
                text.push_str(&stamp);
                for value in &slice.dimensions {
                    text.push(',');
                    text.push_str(value);
                }
                let _ = writeln!(text, ",{}", slice.values[t]); // a String takes every write
            }
        }
        text
    }

    /// The text of the labels file.
    pub fn labels_csv(&self) -> String {
        let mut header = vec!["start", "end"];
        header.extend(self.dimension_names);
        header.extend(["kind", "size", "label"]);
        let mut text = header.join(",") + "\n";
        for incident in &self.labels {
            let mut fields = vec![self.stamp(incident.start), self.stamp(incident.end)];
            fields.extend(self.dimension_names.iter().map(|name| {
                let own = incident
                    .dimensions
                    .iter()
                    .find(|(dimension, _)| dimension == name);
                own.map(|(_, value)| value.clone()).unwrap_or_default()
            }));
            fields.push(incident.kind.to_string());
            fields.push(incident.size.to_string());
            fields.push(incident.description.clone());
            text.push_str(&fields.join(","));
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::IncidentKind;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Two hours around the clock change, two slices, one incident in a whole region.
    fn toy() -> Dataset {
        let times = vec![
            instant("2026-03-08T06:00:00Z"),
            instant("2026-03-08T07:00:00Z"),
        ];
        let slice = |dimensions: [&'static str; 2], values: [f64; 2]| SliceSeries {
            dimensions: dimensions.to_vec(),
            values: values.to_vec(),
            clean: vec![1.0, 2.0],
        };
        Dataset {
            name: "toy",
            description: "A toy.",
            time_column: "timestamp",
            metric: "orders",
            dimension_names: &["region", "shop"],
            granularity: "PT1H",
            zone: chrono_tz::America::New_York,
            stamps: Stamps::Local,
            seed: 1,
            series: vec![slice(["a", "x"], [1.0, 2.5]), slice(["b", "x"], [1.0, 2.0])],
            labels: vec![Incident {
                start: times[1],
                end: instant("2026-03-08T08:00:00Z"),
                dimensions: vec![("region".to_owned(), "a".to_owned())],
                kind: IncidentKind::Spike,
                size: 0.25,
                description: "a reason".to_owned(),
            }],
            times,
            holidays: Vec::new(),
        }
    }

    #[test]
    fn data_rows_are_in_order_of_time_then_slice_with_the_offset_of_the_hour() {
        assert_eq!(
            toy().data_csv(),
            "timestamp,region,shop,orders\n\
             2026-03-08T01:00:00-05:00,a,x,1\n\
             2026-03-08T01:00:00-05:00,b,x,1\n\
             2026-03-08T03:00:00-04:00,a,x,2.5\n\
             2026-03-08T03:00:00-04:00,b,x,2\n"
        );
    }

    #[test]
    fn a_label_leaves_empty_the_dimension_it_does_not_name() {
        assert_eq!(
            toy().labels_csv(),
            "start,end,region,shop,kind,size,label\n\
             2026-03-08T03:00:00-04:00,2026-03-08T04:00:00-04:00,a,,spike,0.25,a reason\n"
        );
    }

    #[test]
    fn typed_rows_are_the_rows_of_the_file() {
        let toy = toy();
        let rows: Vec<_> = toy
            .rows()
            .map(|row| (row.dimensions[0], row.value, row.clean))
            .collect();
        assert_eq!(
            rows,
            [
                ("a", 1.0, 1.0),
                ("b", 1.0, 1.0),
                ("a", 2.5, 2.0),
                ("b", 2.0, 2.0)
            ]
        );
    }
}
