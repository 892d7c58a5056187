//! Small series, judged by parameters.

use tuatara_core::{
    BuildContext, Component, Detail, Detector, Evaluation, Fact, Memo, Params, Row, Window,
};
use tuatara_frame::{Duration, Granularity, Instant, Interval, Series, TimeAxis, Zone};

/// No value.
pub(crate) const GONE: f64 = f64::NAN;

pub(crate) fn built<P: Params>(params: P) -> Box<dyn Detector> {
    match params
        .build(&BuildContext::new("tried"))
        .expect("the parameters are valid")
        .into()
    {
        Component::Detector(detector) => detector,
        other => panic!("{other:?} is no detector"),
    }
}

/// What is said of parameters that cannot be used.
pub(crate) fn refused<P: Params>(params: P) -> String {
    match params.build(&BuildContext::new("tried")) {
        Ok(_) => panic!("the parameters are accepted"),
        Err(error) => error.to_string(),
    }
}

/// `values` by steps of `minutes` from Monday 5 January 2026, midnight in UTC.
pub(crate) fn every(minutes: u32, values: &[f64]) -> Series {
    let start: Instant = "2026-01-05T00:00:00Z".parse().unwrap();
    let count = u32::try_from(values.len()).unwrap();
    let end = start
        .checked_add(Duration::minutes(minutes * count))
        .unwrap();
    let granularity = match minutes {
        1440 => Granularity::days(),
        _ => Granularity::fixed(Duration::minutes(minutes)).unwrap(),
    };
    let span = Interval::new(start, end).unwrap();
    let axis = TimeAxis::covering(granularity, Zone::UTC, span).unwrap();
    Series::new(axis, values.to_vec()).unwrap()
}

pub(crate) fn hours(values: &[f64]) -> Series {
    every(60, values)
}

pub(crate) fn days(values: &[f64]) -> Series {
    every(1440, values)
}

/// Every row.
pub(crate) fn rows(detector: &dyn Detector, series: &Series) -> Vec<Row> {
    let mut out = Evaluation::default();
    let window = Window::whole(series.axis());
    detector
        .evaluate(series.view(), window, &mut Memo::default(), &mut out)
        .expect("the series is judged");
    out.rows().collect()
}

/// Which buckets are anomalous.
pub(crate) fn found(detector: &dyn Detector, series: &Series) -> Vec<usize> {
    let rows = rows(detector, series);
    (0..rows.len())
        .filter(|&i| rows[i].verdict.is_anomalous())
        .collect()
}

/// What led to the row of bucket `i`, line by line.
pub(crate) fn facts(detector: &dyn Detector, series: &Series, i: usize) -> Vec<String> {
    let mut out = Evaluation::new(Detail::Trace);
    let window = Window::new(series.axis(), i, i + 1).unwrap();
    detector
        .evaluate(series.view(), window, &mut Memo::default(), &mut out)
        .expect("the series is judged");
    out.facts(0).iter().map(Fact::to_string).collect()
}

/// Equal to 1e-12 relative, or both missing.
pub(crate) fn close(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-12 * b.abs()
}
