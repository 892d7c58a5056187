//! Which values count as an expectation, in cases worked out by hand.

use tuatara_baseline::{Baseline, LAGS_FOUND};
use tuatara_core::{Detail, Fact, Forecast, Forecaster, Memo, Readiness, Unused, Window};
use tuatara_frame::{
    Granularity, Instant, Interval, Mask, Metric, Missing, Series, TimeAxis, ValueRange, Zone,
    regularise_metric,
};

const NAN: f64 = f64::NAN;

/// Days from 1 May 2024 on.
fn days(count: usize) -> TimeAxis {
    let start: Instant = "2024-05-01T00:00:00Z".parse().unwrap();
    let end = Instant::from_millis(start.millis() + count as i64 * 86_400_000).unwrap();
    let span = Interval::new(start, end).unwrap();
    TimeAxis::covering(Granularity::days(), Zone::UTC, span).unwrap()
}

/// One value a day, gaps of up to `limit` days interpolated.
fn series(values: &[f64], limit: u32) -> Series {
    let axis = days(values.len());
    let rows = values.iter().enumerate().map(|(i, &y)| (axis.start(i), y));
    let metric = Metric::new("load")
        .with_range(ValueRange::new(0.0, 100.0).unwrap())
        .with_missing(Missing::Interpolate { limit });
    regularise_metric(rows, &axis, &metric).unwrap().series
}

fn forecast(offset: &str, series: &Series, detail: Detail) -> Forecast {
    let mut out = Forecast::new(detail);
    Baseline::new(offset.parse().unwrap())
        .forecast(
            series.view(),
            Window::whole(series.axis()),
            &mut Memo::default(),
            &mut out,
        )
        .unwrap();
    out
}

fn expected(offset: &str, series: &Series) -> String {
    let all = [Detail::Columns, Detail::Internals, Detail::Trace].map(|detail| {
        let forecast = forecast(offset, series, detail);
        let words: Vec<String> = forecast.expected().iter().map(f64::to_string).collect();
        words.join(" ")
    });
    assert!(all.iter().all(|path| *path == all[0]), "{all:?}");
    all[0].clone()
}

fn facts(offset: &str, series: &Series, i: usize) -> Vec<String> {
    let forecast = forecast(offset, series, Detail::Trace);
    forecast.facts()[i].iter().map(Fact::to_string).collect()
}

#[test]
fn an_interpolated_lag_counts_once_the_gap_has_ended() {
    // Bucket 2 lies half-way between 10 and 30; 30 is bucket 3.
    let series = series(&[5.0, 10.0, NAN, 30.0, 40.0, 50.0], 1);
    assert_eq!(expected("do1d", &series), "NaN 5 10 NaN 30 40");
    assert_eq!(expected("do2d", &series), "NaN NaN 5 10 20 30");
    assert_eq!(expected("max3d", &series), "NaN 5 10 10 30 40");
    assert_eq!(expected("min3d", &series), "NaN 5 5 5 10 20");
    assert_eq!(
        facts("do2d", &series, 4),
        ["2d earlier (2024-05-03T00:00:00Z): 20, interpolated"]
    );
    assert_eq!(
        facts("do1d", &series, 3),
        ["1d earlier (2024-05-03T00:00:00Z): missing"]
    );
    let forecast = forecast("mean2d", &series, Detail::Internals);
    let mut columns = forecast.internals().iter();
    let found = columns.find(|(name, _)| *name == LAGS_FOUND).unwrap().1;
    let found: Vec<String> = found.iter().map(f64::to_string).collect();
    assert_eq!(found.join(" "), "0 1 2 1 2 2");
}

#[test]
fn a_value_outside_its_range_is_no_expectation() {
    let series = series(&[5.0, 900.0, 10.0, 20.0], 0);
    assert_eq!(expected("do1d", &series), "NaN 5 NaN 10");
    assert_eq!(expected("mean2d", &series), "NaN 5 5 10");
    assert_eq!(
        facts("do1d", &series, 2),
        ["1d earlier (2024-05-02T00:00:00Z): 900, outside the range declared for the metric"]
    );
    let forecast = forecast("do1d", &series, Detail::Trace);
    assert!(matches!(
        forecast.facts()[2][0],
        Fact::Lag {
            unused: Some(Unused::OutOfRange),
            interpolated: false,
            ..
        }
    ));
}

#[test]
fn a_value_outside_its_range_is_no_beginning_of_the_data() {
    let series = series(&[900.0, 5.0, 6.0, 7.0, 8.0], 0);
    let forecast = forecast("do3d", &series, Detail::Columns);
    assert_eq!(
        forecast.readiness(3),
        Readiness::WarmingUp { have: 2, need: 3 }
    );
    assert_eq!(forecast.readiness(4), Readiness::Ready);
}

#[test]
fn what_is_interpolated_from_a_masked_value_is_masked_with_it() {
    let plain = series(&[5.0, 10.0, NAN, 30.0, 40.0, 50.0], 1);
    let axis = plain.axis().clone();
    for sample in [1, 3] {
        let mut mask = Mask::new();
        mask.push(axis.bucket(sample), axis.start(0));
        let masked = plain.clone().with_mask(mask);
        assert_eq!(
            facts("do2d", &masked, 4),
            [
                "2d earlier (2024-05-03T00:00:00Z): in a span that does not train",
                "4d earlier (2024-05-01T00:00:00Z), in place of a lag that is left out: 5",
            ]
        );
        let moved = forecast("do2d", &masked, Detail::Columns);
        assert_eq!(moved.expected()[4].to_bits(), 5.0_f64.to_bits());
    }
}
