//! Reads an observed case and puts our rows beside it.

use std::fs;

use serde_json::{Map, Value};
use tuatara_core::{
    BuildContext, Component, Detector, Evaluation, Memo, Params, Row, Verdict, Window,
};
use tuatara_frame::{Granularity, Instant, Interval, Series, TimeAxis, Weekday, Zone};
use tuatara_rules::{
    AbsoluteChangeRuleParams, MeanVarianceRuleParams, PercentageRuleParams, ThresholdParams,
};

/// A row of theirs beside ours.
#[derive(Debug, Clone)]
pub(crate) struct Compared {
    pub(crate) date: String,
    pub(crate) current: f64,
    pub(crate) predicted: f64,
    pub(crate) upper: f64,
    pub(crate) lower: f64,
    /// Whether one of their intervals begins in this bucket or holds it.
    pub(crate) flagged: bool,
    pub(crate) ours: Row,
}

impl Compared {
    pub(crate) fn ours_flagged(&self) -> bool {
        self.ours.verdict.is_anomalous()
    }
}

fn text(path: &str) -> String {
    let path = format!("{}/tests/golden/{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn instant(millis: i64) -> Instant {
    Instant::from_millis(millis).expect("in range")
}

/// Numbers of a table; NaN where a field is empty.
fn table(path: &str) -> Vec<(Instant, Vec<f64>)> {
    let row = |line: &str| {
        let mut fields = line.split(',');
        let stamp = fields.next().expect("a stamp").parse().expect("a stamp");
        (
            instant(stamp),
            fields
                .map(|field| field.parse().unwrap_or(f64::NAN))
                .collect(),
        )
    };
    text(path).lines().skip(1).map(row).collect()
}

pub(crate) fn cases() -> Vec<Value> {
    serde_json::from_str(&text("cases.json")).expect("the cases are JSON")
}

fn built<P: Params>(params: &Map<String, Value>) -> Box<dyn Detector> {
    let params: P = serde_json::from_value(Value::Object(params.clone())).expect("parameters");
    match params
        .build(&BuildContext::new("observed"))
        .expect("valid parameters")
        .into()
    {
        Component::Detector(detector) => detector,
        other => panic!("{other:?} is no detector"),
    }
}

/// The rule with its parameters; numbers are written as text there.
fn rule(case: &Value) -> Box<dyn Detector> {
    let mut params = case["params"].as_object().expect("parameters").clone();
    // The pipeline's own keys, not the rule's.
    for key in ["timezone", "monitoringGranularity", "weekStart"] {
        params.remove(key);
    }
    for value in params.values_mut() {
        let text = value.as_str().unwrap_or_default();
        if let Ok(whole) = text.parse::<u32>() {
            *value = whole.into();
        } else if let Ok(number) = text.parse::<f64>() {
            *value = number.into();
        }
    }
    match case["type"].as_str().expect("a type") {
        "PERCENTAGE_RULE" => built::<PercentageRuleParams>(&params),
        "ABSOLUTE_CHANGE_RULE" => built::<AbsoluteChangeRuleParams>(&params),
        "THRESHOLD" => built::<ThresholdParams>(&params),
        "MEAN_VARIANCE_RULE" => built::<MeanVarianceRuleParams>(&params),
        other => panic!("{other} is not one of the four rules"),
    }
}

/// The series of a case up to the end of its window, by days or, where it asks for weeks, summed
/// over them.
fn series(case: &Value, name: &str, end: Instant) -> Series {
    let series = case["series"].as_str().expect("a name");
    let input = match series {
        "s08_daily_nan_value_utc" => table(&format!("expected/{name}.timeseries.csv")),
        _ => table(&format!("inputs/{series}.csv")),
    };
    let granularity = match case["params"]["monitoringGranularity"].as_str() {
        None => Granularity::days(),
        Some("1_WEEKS") => Granularity::weeks(Weekday::Mon),
        Some(other) => panic!("{other} is none of them"),
    };
    let span = Interval::new(input[0].0, end).unwrap();
    let axis = TimeAxis::covering(granularity, Zone::UTC, span).unwrap();
    let mut values = vec![f64::NAN; axis.len()];
    for (stamp, fields) in input.iter().filter(|(stamp, _)| *stamp < end) {
        let value = &mut values[axis.index_of(*stamp).expect("on the axis")];
        *value = if value.is_nan() {
            fields[0]
        } else {
            *value + fields[0]
        };
    }
    Series::new(axis, values).unwrap()
}

/// The case `name`, row by row; buckets without a row of theirs are left out.
pub(crate) fn compared(name: &str) -> Vec<Compared> {
    let case = cases()
        .into_iter()
        .find(|case| case["case"] == name)
        .expect("the case exists");
    let stamp = |key: &str| instant(case[key].as_i64().expect("a stamp"));
    let series = series(&case, name, stamp("window_end_ms"));
    let axis = series.axis();
    let theirs = table(&format!("expected/{name}.timeseries.csv"));
    // Weeks: theirs begins two weeks before the window.
    let start = theirs[0].0.min(stamp("window_start_ms"));
    let first = axis.index_of(start).expect("the window starts on the axis");
    let window = Window::new(axis, first, axis.len()).unwrap();
    let mut rows = Evaluation::default();
    rule(&case)
        .evaluate(series.view(), window, &mut Memo::default(), &mut rows)
        .unwrap();
    let found: Value =
        serde_json::from_str(&text(&format!("expected/{name}.anomalies.json"))).expect("JSON");
    let found: Vec<Interval> = found["anomalies"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|pair| {
            let at = |i: usize| instant(pair[i].as_i64().expect("a stamp"));
            Interval::new(at(0), at(1)).unwrap()
        })
        .collect();
    let beside = |(stamp, fields): (Instant, Vec<f64>)| {
        let i = axis.index_of(stamp).expect("on the axis");
        Compared {
            date: Zone::UTC.local(stamp).format("%Y-%m-%d").to_string(),
            current: fields[0],
            predicted: fields[1],
            upper: fields[2],
            lower: fields[3],
            flagged: found.iter().any(|interval| interval.contains(stamp)),
            ours: rows.row(i - first).expect("a row of the window"),
        }
    };
    theirs.into_iter().map(beside).collect()
}

/// Equal to 1e-12 relative, or both missing.
pub(crate) fn close(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || a.to_bits() == b.to_bits() || (a - b).abs() <= 1e-12 * b.abs()
}

/// Whether ours was judged.
pub(crate) fn judged(row: &Compared) -> bool {
    matches!(row.ours.verdict, Verdict::Normal | Verdict::Anomalous(_))
}
