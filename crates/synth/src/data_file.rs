//! The files of a dataset.
//!
//! | file                | what it holds                                                              |
//! |---------------------|----------------------------------------------------------------------------|
//! | `NAME.csv`          | long: a row for each bucket and slice: time, the dimensions, the metric     |
//! | `NAME.csv`          | wide: a row for each bucket: time, one column for each slice                |
//! | `NAME.json`         | the answer of Prometheus to a `query_range`                                |
//! | `NAME.labels.csv`   | a row for each incident: `start`, `end`, the dimensions, `kind`, `size`, `label` |
//! | `NAME.tuatara.yaml` | how the data are to be read, where the data alone do not say it            |
//!
//! Text is UTF-8 with `\n` line ends, CSV has a header line. Numbers are the shortest text that reads
//! back to the same value. Rows are in order of time, then of slice. A slice without a value has no
//! row in a long file and an empty cell in a wide one; for Prometheus it has no sample before its
//! first value and the sample `NaN` after it, as when nothing was divided by nothing. In labels
//! `end` is exclusive, an empty dimension means all its values, an empty `size` that there is none.

use std::fmt::Write as _;

use crate::dataset::{Dataset, FileLayout};

/// A file of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DataFile {
    /// Its name, without a folder.
    pub name: String,
    /// What it holds.
    pub text: String,
}

impl Dataset {
    /// Every file of the dataset: the data, the labels, and the dataset file where there is one.
    pub fn files(&self) -> Vec<DataFile> {
        let mut files = vec![
            DataFile {
                name: self.data_file_name(),
                text: self.data_text(),
            },
            DataFile {
                name: format!("{}.labels.csv", self.name),
                text: self.labels_csv(),
            },
        ];
        files.extend(self.dataset_yaml.map(|text| DataFile {
            name: format!("{}.tuatara.yaml", self.name),
            text: text.to_owned(),
        }));
        files
    }

    /// `NAME.csv` or `NAME.json`.
    pub fn data_file_name(&self) -> String {
        let extension = match self.layout {
            FileLayout::Long | FileLayout::Wide => "csv",
            FileLayout::Prometheus => "json",
        };
        format!("{}.{extension}", self.name)
    }

    /// The text of the data file.
    pub fn data_text(&self) -> String {
        match self.layout {
            FileLayout::Long => self.long_csv(),
            FileLayout::Wide => self.wide_csv(),
            FileLayout::Prometheus => self.prometheus_json(),
        }
    }

    fn long_csv(&self) -> String {
        let mut text = String::from(self.time_column);
        for column in self.dimension_names.iter().chain([&self.metric]) {
            text.push(',');
            text.push_str(column);
        }
        text.push('\n');
        for (t, &time) in self.times.iter().enumerate() {
            let stamp = self.stamp(time);
            for slice in self.series.iter().filter(|s| !s.values[t].is_nan()) {
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

    fn wide_csv(&self) -> String {
        let mut text = String::from(self.time_column);
        for slice in &self.series {
            text.push(',');
            text.push_str(&slice.dimensions.join(" "));
        }
        text.push('\n');
        for (t, &time) in self.times.iter().enumerate() {
            text.push_str(&self.stamp(time));
            for slice in &self.series {
                text.push(',');
                if !slice.values[t].is_nan() {
                    let _ = write!(text, "{}", slice.values[t]); // a String takes every write
                }
            }
            text.push('\n');
        }
        text
    }

    /// One line for each series. No name and no label of a dataset needs escaping in JSON.
    fn prometheus_json(&self) -> String {
        let series: Vec<String> = self
            .series
            .iter()
            .map(|slice| {
                let names = self.dimension_names.iter().zip(&slice.dimensions);
                let labels: Vec<String> = names.map(|(k, v)| format!("\"{k}\":\"{v}\"")).collect();
                let steps = self.times.iter().zip(&slice.values);
                let samples: Vec<String> = steps
                    .skip_while(|(_, value)| value.is_nan())
                    .map(|(time, value)| format!("[{},\"{value}\"]", time.timestamp()))
                    .collect();
                format!(
                    "{{\"metric\":{{{}}},\"values\":[{}]}}",
                    labels.join(","),
                    samples.join(",")
                )
            })
            .collect();
        format!(
            "{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[\n{}\n]}}}}\n",
            series.join(",\n")
        )
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
            fields.push(
                incident
                    .size
                    .map(|size| size.to_string())
                    .unwrap_or_default(),
            );
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
    use crate::dataset::{SliceSeries, Stamps};
    use crate::incident::{Incident, IncidentKind};
    use chrono::{DateTime, Utc};

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
            layout: FileLayout::Long,
            dataset_yaml: None,
            seed: 1,
            series: vec![slice(["a", "x"], [1.0, 2.5]), slice(["b", "x"], [1.0, 2.0])],
            labels: vec![Incident {
                start: times[1],
                end: instant("2026-03-08T08:00:00Z"),
                dimensions: vec![("region".to_owned(), "a".to_owned())],
                kind: IncidentKind::Spike,
                size: Some(0.25),
                description: "a reason".to_owned(),
            }],
            times,
            holidays: Vec::new(),
        }
    }

    /// The toy with one dimension, whose first slice begins late or whose last value is lost.
    fn holes(layout: FileLayout) -> Dataset {
        let mut toy = toy();
        toy.layout = layout;
        toy.stamps = Stamps::Utc;
        toy.dimension_names = &["shop"];
        for (slice, name) in toy.series.iter_mut().zip(["a", "b"]) {
            slice.dimensions = vec![name];
        }
        toy.series[0].values[0] = f64::NAN;
        toy.series[1].values[1] = f64::NAN;
        toy
    }

    #[test]
    fn data_rows_are_in_order_of_time_then_slice_with_the_offset_of_the_hour() {
        assert_eq!(
            toy().data_text(),
            "timestamp,region,shop,orders\n\
             2026-03-08T01:00:00-05:00,a,x,1\n\
             2026-03-08T01:00:00-05:00,b,x,1\n\
             2026-03-08T03:00:00-04:00,a,x,2.5\n\
             2026-03-08T03:00:00-04:00,b,x,2\n"
        );
    }

    #[test]
    fn what_is_absent_has_no_row_in_a_long_file_and_an_empty_cell_in_a_wide_one() {
        assert_eq!(
            holes(FileLayout::Long).data_text(),
            "timestamp,shop,orders\n2026-03-08T06:00:00Z,b,1\n2026-03-08T07:00:00Z,a,2.5\n"
        );
        assert_eq!(
            holes(FileLayout::Wide).data_text(),
            "timestamp,a,b\n2026-03-08T06:00:00Z,,1\n2026-03-08T07:00:00Z,2.5,\n"
        );
    }

    #[test]
    fn a_series_of_prometheus_begins_with_its_first_value_and_says_nan_afterwards() {
        // 2026-03-08T06:00:00Z is 1772949600.
        assert_eq!(
            holes(FileLayout::Prometheus).data_text(),
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[\n\
             {\"metric\":{\"shop\":\"a\"},\"values\":[[1772953200,\"2.5\"]]},\n\
             {\"metric\":{\"shop\":\"b\"},\"values\":[[1772949600,\"1\"],[1772953200,\"NaN\"]]}\n\
             ]}}\n"
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
    fn a_label_leaves_empty_the_size_that_a_gap_has_not() {
        let mut toy = toy();
        (toy.labels[0].kind, toy.labels[0].size) = (IncidentKind::Gap, None);
        assert!(toy.labels_csv().ends_with(",a,,gap,,a reason\n"));
    }

    #[test]
    fn the_dataset_file_is_there_where_there_is_one() {
        let names = |dataset: &Dataset| -> Vec<String> {
            dataset.files().into_iter().map(|file| file.name).collect()
        };
        let mut toy = toy();
        assert_eq!(names(&toy), ["toy.csv", "toy.labels.csv"]);
        toy.dataset_yaml = Some("dataset: toy\n");
        toy.layout = FileLayout::Prometheus;
        assert_eq!(
            names(&toy),
            ["toy.json", "toy.labels.csv", "toy.tuatara.yaml"]
        );
    }

    #[test]
    fn typed_rows_are_the_rows_of_the_file() {
        let holes = holes(FileLayout::Long);
        let rows: Vec<_> = holes
            .rows()
            .map(|row| (row.dimensions[0], row.value))
            .collect();
        assert_eq!(rows, [("b", 1.0), ("a", 2.5)]);
    }
}
