//! What was observed of the original, as it lies in `golden/third_eye`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const DAY: i64 = 86_400_000;

/// One judged bucket.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    pub(crate) at: i64,
    pub(crate) train: Vec<f64>,
    pub(crate) weights: [f64; 3],
    pub(crate) sse: f64,
    pub(crate) predicted: f64,
    pub(crate) bound: f64,
}

/// One case.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) series: String,
    pub(crate) zone: String,
    pub(crate) granularity: String,
    pub(crate) window: (i64, i64),
    pub(crate) params: Value,
}

impl Case {
    pub(crate) fn number(&self, key: &str, default: f64) -> f64 {
        self.params[key].as_f64().unwrap_or(default)
    }

    pub(crate) fn period(&self) -> usize {
        self.number("period", 7.0) as usize
    }

    /// Half-widths in deviations.
    pub(crate) fn z(&self) -> f64 {
        1.0 + 0.2 * (10.0 - self.number("sensitivity", 5.0))
    }
}

pub(crate) fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/third_eye")
}

pub(crate) fn cases() -> Vec<Case> {
    let text = fs::read_to_string(golden().join("cases.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let of = |case: &Value| Case {
        name: case["case"].as_str().unwrap().to_owned(),
        series: case["series"].as_str().unwrap().to_owned(),
        zone: case["timezone"].as_str().unwrap().to_owned(),
        granularity: case["dataset_granularity"].as_str().unwrap().to_owned(),
        window: (
            case["window_start_ms"].as_i64().unwrap(),
            case["window_end_ms"].as_i64().unwrap(),
        ),
        params: case["params"].clone(),
    };
    all.iter().map(of).collect()
}

/// The rows of a file by the names of its columns; an empty field is NaN.
pub(crate) fn table(path: &Path) -> Vec<BTreeMap<String, f64>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let number = |text: &str| text.parse().unwrap_or(f64::NAN);
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let cells = header.iter().zip(row.iter());
            cells
                .map(|(name, text)| (name.to_owned(), number(text)))
                .collect()
        })
        .collect()
}

pub(crate) fn input(case: &Case) -> BTreeMap<i64, f64> {
    let rows = table(&golden().join("inputs").join(format!("{}.csv", case.series)));
    rows.iter()
        .map(|row| (row["timestamp_ms"] as i64, row["value"]))
        .collect()
}

fn trains(case: &Case) -> BTreeMap<i64, Vec<f64>> {
    let path = golden().join(format!("expected/{}.train.csv", case.name));
    let Ok(mut reader) = csv::Reader::from_path(path) else {
        return BTreeMap::new();
    };
    let vector = |text: &str| text.split(' ').map(|y| y.parse().unwrap()).collect();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            (row[0].parse().unwrap(), vector(&row[1]))
        })
        .collect()
}

/// The judged buckets of which the training vector is known: as recorded, or the same time on the
/// days before, where the data have no gap and the zone no clock change.
pub(crate) fn observed(case: &Case) -> Vec<Observed> {
    let (rows, trains) = (input(case), trains(case));
    let fits = table(&golden().join(format!("expected/{}.fits.csv", case.name)));
    let vector = |at: i64| {
        if let Some(train) = trains.get(&at) {
            return Some(train.clone());
        }
        if !trains.is_empty() && case.zone != "UTC"
            || case.params["monitoringGranularity"] != Value::Null
        {
            return None;
        }
        let before = (1..=60).map_while(|days| rows.get(&(at - days * DAY)).copied());
        let mut train: Vec<f64> = before.collect();
        train.reverse();
        Some(train)
    };
    fits.iter()
        .filter_map(|row| {
            let at = row["timestamp_ms"] as i64;
            let train = vector(at).filter(|train| train.len() == row["n_train"] as usize)?;
            Some(Observed {
                at,
                train,
                weights: [row["alpha"], row["beta"], row["gamma"]],
                sse: row["sse"],
                predicted: row["predicted"],
                bound: row["error_bound"],
            })
        })
        .collect()
}
