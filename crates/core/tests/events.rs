//! What events make of an expectation: multiplied once, in the judge, so that every forecaster has
//! it.

#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use tuatara_core::{
    Detail, Detector, Evaluation, Forecast, Forecaster, Judge, Judged, Lookback, Memo, Pattern,
    Result, Row, Window,
};
use tuatara_frame::events::{CalendarEvent, EventBuilder, EventCalendar};
use tuatara_frame::{Granularity, Interval, Series, SeriesView, SliceKey, TimeAxis, Zone};

/// Expects 100, give or take 10.
#[derive(Debug)]
struct Hundred;

impl Forecaster for Hundred {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::NONE)
    }

    fn forecast(
        &self,
        _: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()> {
        let columns = out.columns(window.len());
        columns.expected.fill(100.0);
        columns.width.fill(10.0);
        Ok(())
    }
}

/// The first week of 2026, 55 on each day.
fn series(granularity: Granularity, events: impl IntoIterator<Item = EventBuilder>) -> Series {
    let at = |text: &str| text.parse().unwrap();
    let week = Interval::new(at("2026-01-05T00:00:00Z"), at("2026-01-12T00:00:00Z")).unwrap();
    let axis = TimeAxis::covering(granularity, Zone::UTC, week).unwrap();
    let calendar = events.into_iter().fold(EventCalendar::new(), |all, event| {
        all.with(event.build().unwrap())
    });
    let events = calendar.within(Zone::UTC, week);
    let events = events.on(&SliceKey::new("orders"));
    let values = vec![55.0; axis.len()];
    Series::new(axis, values)
        .unwrap()
        .with_factors(events.factors().clone())
}

fn days(events: impl IntoIterator<Item = EventBuilder>) -> Series {
    series(Granularity::days(), events)
}

fn event(date: &str) -> EventBuilder {
    CalendarEvent::on("sale", date.parse().unwrap())
}

fn detector() -> Judged<Hundred> {
    Judged::new(
        Hundred,
        Judge::new(Pattern::UpOrDown).with_factor(2.0).unwrap(),
    )
}

fn evaluated(series: &Series, detail: Detail) -> Evaluation {
    let mut out = Evaluation::new(detail);
    detector()
        .evaluate(
            series.view(),
            Window::whole(series.axis()),
            &mut Memo::default(),
            &mut out,
        )
        .unwrap();
    out
}

fn rows(series: &Series) -> Vec<Row> {
    evaluated(series, Detail::Columns).rows().collect()
}

#[test]
fn the_expectation_and_its_band_are_multiplied_in_the_buckets_of_the_event_alone() {
    let rows = rows(&days([event("2026-01-07").expect(0.5)]));
    let band = |row: &Row| (row.expected, row.lower, row.upper);
    assert_eq!(band(&rows[1]), (100.0, 80.0, 120.0));
    assert_eq!(band(&rows[2]), (50.0, 40.0, 60.0));
    assert_eq!(band(&rows[3]), (100.0, 80.0, 120.0));
    assert!(rows[1].verdict.is_anomalous() && !rows[2].verdict.is_anomalous());
    assert_eq!(rows[2].score, 0.5, "5 of 10");
}

#[test]
fn several_events_multiply() {
    let both = [
        event("2026-01-07").expect(0.5),
        event("2026-01-06")
            .until("2026-01-09".parse().unwrap())
            .expect(3.0),
    ];
    let expected: Vec<f64> = rows(&days(both)).iter().map(|row| row.expected).collect();
    assert_eq!(expected, [100.0, 300.0, 150.0, 300.0, 100.0, 100.0, 100.0]);
}

#[test]
fn a_forecast_is_multiplied_once_however_often_it_is_judged() {
    let series = days([event("2026-01-07").expect(0.5)]);
    let window = Window::whole(series.axis());
    let (mut forecast, mut out) = (Forecast::default(), Evaluation::default());
    Hundred
        .forecast(series.view(), window, &mut Memo::default(), &mut forecast)
        .unwrap();
    for factor in [1.0, 2.0, 3.0] {
        let judge = Judge::new(Pattern::UpOrDown).with_factor(factor).unwrap();
        judge
            .judge(series.view(), window, &mut forecast, &mut out)
            .unwrap();
        assert_eq!(out.row(2).map(|row| row.expected), Some(50.0));
    }
}

#[test]
fn the_trace_names_the_event_and_its_factor() {
    let series = days([event("2026-01-07").expect(0.5)]);
    let traced = evaluated(&series, Detail::Trace);
    let said: Vec<String> = traced.facts(2).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "in the event \"sale\": 0.5 times as much is expected",
            "factor 2 gives a band of ±10",
        ]
    );
    assert!(
        traced
            .facts(3)
            .iter()
            .all(|fact| !fact.to_string().contains("sale"))
    );
}

#[test]
fn an_event_counts_for_its_share_of_a_longer_bucket() {
    let weeks = Granularity::weeks(tuatara_frame::Weekday::Mon);
    let series = series(weeks, [event("2026-01-07").expect(0.3)]);
    let row = rows(&series)[0];
    assert!((row.expected - 90.0).abs() < 1e-12, "{}", row.expected);
    let traced = evaluated(&series, Detail::Trace);
    assert_eq!(
        traced.facts(0)[0].to_string(),
        "in the event \"sale\": 0.9 times as much is expected, as it is 14 % of the bucket"
    );
}

#[test]
fn an_event_changes_nothing_before_it_is_known() {
    let late = "2026-01-09T00:00:00Z".parse().unwrap();
    let sale = event("2026-01-06")
        .until("2026-01-11".parse().unwrap())
        .expect(2.0)
        .known_at(late);
    let expected: Vec<f64> = rows(&days([sale])).iter().map(|row| row.expected).collect();
    // 8 January ends at the instant at which it becomes known.
    assert_eq!(expected, [100.0, 100.0, 100.0, 200.0, 200.0, 200.0, 100.0]);
}

#[test]
fn what_exceeds_every_number_is_no_expectation() {
    let huge = || event("2026-01-07").expect(1e9);
    let events = (0..40).map(|_| huge());
    let row = rows(&days(events))[2];
    assert!(row.expected.is_nan() && row.score.is_nan(), "{row:?}");
    let zero = rows(&days([event("2026-01-07").expect(0.0)]))[2];
    assert_eq!((zero.expected, zero.lower, zero.upper), (0.0, 0.0, 0.0));
}
