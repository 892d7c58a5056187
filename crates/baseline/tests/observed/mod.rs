//! Reads an observed case and puts our answer beside it.

use std::fs;

use serde_json::Value;
use tuatara_baseline::{Baseline, Offset};
use tuatara_core::{Forecast, Forecaster, Memo, Window};
use tuatara_frame::{Duration, Granularity, Instant, Interval, NaiveDate, Series, TimeAxis, Zone};

/// One row of the slice.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// `2020-03-08 03:00` on the wall clock of the case.
    pub(crate) label: String,
    /// What the original has at this stamp: nothing, one value, or more than one.
    pub(crate) theirs: Vec<f64>,
    /// Our expected value; NaN where there is none.
    pub(crate) ours: f64,
}

impl Row {
    pub(crate) fn agrees(&self) -> bool {
        match self.theirs[..] {
            [] => self.ours.is_nan(),
            [one] => (one - self.ours).abs() <= 1e-12 * one.abs(),
            _ => false,
        }
    }
}

/// A case with its input.
pub(crate) struct Case {
    name: String,
    offset: String,
    zone: Zone,
    series: Series,
    slice: Interval,
}

fn text(path: &str) -> String {
    let path = format!("{}/tests/golden/{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Rows of `timestamp_ms,value`.
fn rows(path: &str) -> Vec<(Instant, f64)> {
    let row = |line: &str| {
        let (stamp, value) = line.split_once(',').expect("two columns");
        let stamp = Instant::from_millis(stamp.parse().expect("a stamp")).expect("in range");
        (stamp, value.parse().unwrap_or(f64::NAN))
    };
    text(path).lines().skip(1).map(row).collect()
}

fn cases() -> Vec<Value> {
    serde_json::from_str(&text("cases.json")).expect("the cases are JSON")
}

impl Case {
    pub(crate) fn names() -> Vec<String> {
        cases()
            .iter()
            .map(|case| case["case"].as_str().expect("a name").to_owned())
            .collect()
    }

    pub(crate) fn read(name: &str) -> Self {
        let case = cases()
            .into_iter()
            .find(|case| case["case"] == name)
            .expect("the case exists");
        let word = |key: &str| case[key].as_str().expect("a text").to_owned();
        let instant = |key: &str| {
            Instant::from_millis(case[key].as_i64().expect("a stamp")).expect("in range")
        };
        let slice = Interval::new(instant("slice_start_ms"), instant("slice_end_ms")).unwrap();
        let input = rows(&format!("inputs/{}.csv", word("series")));
        let granularity = match word("series").contains("hourly") {
            true => Granularity::fixed(Duration::hours(1)).unwrap(),
            false => Granularity::days(),
        };
        let zone: Zone = word("timezone").parse().unwrap();
        let span = Interval::new(input[0].0, slice.end()).unwrap();
        let axis = TimeAxis::covering(granularity, zone, span).unwrap();
        let mut values = vec![f64::NAN; axis.len()];
        for (stamp, value) in input.into_iter().filter(|(stamp, _)| *stamp < slice.end()) {
            values[axis.index_of(stamp).expect("on the axis")] = value;
        }
        let series = Series::new(axis, values).unwrap();
        Self {
            name: name.to_owned(),
            offset: word("offset"),
            zone,
            series,
            slice,
        }
    }

    /// Why the offset is refused.
    pub(crate) fn refusal(&self) -> String {
        self.offset
            .parse::<Offset>()
            .expect_err("the offset is refused")
            .to_string()
    }

    /// The rows of the slice.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let axis = self.series.axis();
        let first = axis
            .index_of(self.slice.start())
            .expect("the slice starts on the axis");
        let window = Window::new(axis, first, axis.len()).unwrap();
        let baseline = Baseline::new(self.offset.parse().unwrap());
        let mut out = Forecast::default();
        baseline
            .forecast(self.series.view(), window, &mut Memo::default(), &mut out)
            .unwrap();
        let theirs = rows(&format!("expected/{}.baseline.csv", self.name));
        let row = |i: usize| Row {
            label: self.label(i),
            theirs: theirs
                .iter()
                .filter(|(stamp, value)| *stamp == axis.start(i) && !value.is_nan())
                .map(|(_, value)| *value)
                .collect(),
            ours: out.expected()[i - first],
        };
        window.range().map(row).collect()
    }

    fn label(&self, i: usize) -> String {
        self.zone
            .local(self.series.axis().start(i))
            .format("%Y-%m-%d %H:%M")
            .to_string()
    }

    /// The input at the first row with this label; infinite where there is none, so that a
    /// minimum passes over it.
    pub(crate) fn value_at(&self, label: &str) -> f64 {
        let found = (0..self.series.len()).find(|&i| self.label(i) == label);
        found.map_or(f64::INFINITY, |i| self.series.values()[i])
    }

    /// The input at the same time of day, so many days before the day of `label`.
    pub(crate) fn value_days_before(&self, label: &str, days: i64) -> f64 {
        let (date, time) = label.split_once(' ').expect("date and time");
        let mut date: NaiveDate = date.parse().expect("a date");
        for _ in 0..days {
            date = date.pred_opt().expect("not the first of all days");
        }
        self.value_at(&format!("{date} {time}"))
    }
}
