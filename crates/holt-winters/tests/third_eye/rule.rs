//! `variant: THIRDEYE` through the detector, against what the original gave; see
//! `golden/third_eye/README.md`. Weights are fitted from other starts, so what is compared are the
//! training vectors, by the number of values and the error of the fit, and, where weights are given,
//! every number.

use std::collections::BTreeMap;

use crate::observed::{Case, cases, golden, input, table};
use tuatara_core::{BuildContext, Detail, Evaluation, Memo, Params, Pattern, Window};
use tuatara_frame::{Granularity, Instant, Interval, Series, TimeAxis};
use tuatara_holt_winters::{HistoryParam, HoltWintersParams, VariantParam};

struct Judged {
    observed: f64,
    expected: f64,
    lower: f64,
    upper: f64,
    sse: f64,
    n_train: f64,
    anomalous: bool,
}

fn instant(millis: i64) -> Instant {
    Instant::from_millis(millis).unwrap()
}

/// The case as this crate judges it, by the start of the bucket.
fn judged(case: &Case) -> BTreeMap<i64, Judged> {
    let rows = input(case);
    let (first, last) = (*rows.keys().next().unwrap(), *rows.keys().last().unwrap());
    let granularity: Granularity = match case.granularity.as_str() {
        "1_DAYS" => Granularity::days(),
        other => other.parse().unwrap(),
    };
    let span = Interval::new(instant(first), instant(last + 1)).unwrap();
    let axis = TimeAxis::covering(granularity, case.zone.parse().unwrap(), span).unwrap();
    let values: Vec<f64> = (0..axis.len())
        .map(|i| {
            rows.get(&axis.start(i).millis())
                .copied()
                .unwrap_or(f64::NAN)
        })
        .collect();
    let number = |key: &str| case.params[key].as_f64();
    let params = HoltWintersParams {
        alpha: number("alpha"),
        beta: number("beta"),
        gamma: number("gamma"),
        period: number("period").map(|p| p as u32).into_iter().collect(),
        sensitivity: number("sensitivity"),
        pattern: match case.params["pattern"].as_str() {
            Some("UP") => Pattern::Up,
            _ => Pattern::UpOrDown,
        },
        history: case.params["monitoringGranularity"]
            .as_str()
            .map(|_| HistoryParam::Recent),
        smoothing: case.params["smoothing"].as_str().map(|text| text == "true"),
        variant: VariantParam::ThirdEye,
        ..Default::default()
    };
    let detector = params.build(&BuildContext::new("observed")).unwrap();
    let at = |millis: i64| axis.index_of(instant(millis)).unwrap_or(axis.len());
    let window = Window::new(&axis, at(case.window.0), at(case.window.1)).unwrap();
    let series = Series::new(axis, values).unwrap();
    let mut out = Evaluation::new(Detail::Internals);
    detector
        .evaluate(series.view(), window, &mut Memo::default(), &mut out)
        .unwrap();
    let column = |name: &str| {
        out.internals()
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, c)| c.to_vec())
    };
    let (sse, n_train) = (column("sse").unwrap(), column("n_train").unwrap());
    let row = |(i, row): (usize, tuatara_core::Row)| {
        let judged = Judged {
            observed: row.observed,
            expected: row.expected,
            lower: row.lower,
            upper: row.upper,
            sse: sse[i],
            n_train: n_train[i],
            anomalous: row.verdict.is_anomalous(),
        };
        (series.axis().start(window.start() + i).millis(), judged)
    };
    out.rows().enumerate().map(row).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn case(name: &str) -> Case {
    cases()
        .into_iter()
        .find(|case| case.name.starts_with(name))
        .unwrap()
}

#[test]
fn with_given_weights_every_number_and_flag_is_theirs() {
    let case = case("c05");
    let ours = judged(&case);
    let rows = table(&golden().join(format!("expected/{}.timeseries.csv", case.name)));
    let text =
        std::fs::read_to_string(golden().join(format!("expected/{}.anomalies.json", case.name)));
    let flagged: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
    let flagged: Vec<(i64, i64)> = serde_json::from_value(flagged["anomalies"].clone()).unwrap();
    assert_eq!(rows.len(), ours.len());
    for row in rows {
        let at = row["timestamp_ms"] as i64;
        let ours = &ours[&at];
        assert!(close(ours.observed, row["current"]), "{at}");
        assert!(close(ours.expected, row["predicted"]), "{at}");
        assert!(
            close(ours.lower, row["lower"]) && close(ours.upper, row["upper"]),
            "{at}"
        );
        let theirs = flagged
            .iter()
            .any(|(start, end)| (*start..*end).contains(&at));
        assert_eq!(ours.anomalous, theirs, "{at}");
    }
}

/// Equal lengths, and errors that are theirs or lower, mean equal training vectors.
#[test]
fn training_vectors_are_theirs_through_gaps_and_clock_changes() {
    for name in ["c01", "c07", "c11", "c17", "c21", "c23", "c25"] {
        let case = case(name);
        let ours = judged(&case);
        let (mut same, mut all) = (0, 0);
        for row in table(&golden().join(format!("expected/{}.fits.csv", case.name))) {
            let Some(ours) = ours.get(&(row["timestamp_ms"] as i64)) else {
                continue;
            };
            if row["sse"].is_nan() {
                continue;
            }
            all += 1;
            let equal = ours.n_train as usize == row["n_train"] as usize;
            let no_worse = ours.sse <= 1.02 * row["sse"];
            same += usize::from(equal && no_worse);
        }
        println!("{name}: {same} of {all}");
        assert!(all > 0 && same * 100 >= all * 95, "{name}: {same} of {all}");
    }
}

/// Theirs flags every bucket of a constant series: quirk 22.
#[test]
fn a_constant_series_is_normal() {
    let ours = judged(&case("c09"));
    assert!(
        ours.values()
            .all(|row| !row.anomalous && close(row.expected, row.observed))
    );
    // All zeros have no factors; they are expected nevertheless.
    let zeros = judged(&case("c13"));
    assert!(
        zeros
            .values()
            .all(|row| !row.anomalous && row.expected.abs() < 1e-12)
    );
}

/// Quirk 25.
#[test]
fn values_of_both_signs_get_finite_bands() {
    let ours = judged(&case("c15"));
    assert!(
        ours.values()
            .all(|row| row.expected.is_finite() && row.upper.is_finite())
    );
}
