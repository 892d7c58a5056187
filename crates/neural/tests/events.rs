//! What an event that is to be expected leaves of a verdict: nothing where values follow it.

use tuatara_core::{BuildContext, Detail, Detector, Evaluation, Memo, Params, Row, Window};
use tuatara_frame::events::{CalendarEvent, EventCalendar};
use tuatara_frame::{Granularity, Instant, Interval, Series, SliceKey, TimeAxis, Zone};
use tuatara_neural::AlerTigerParams;

/// Ten weeks of days from Monday 5 January 2026 on.
const DAYS: usize = 70;
/// The event: from Monday 9 March on, for five days.
const FIRST: usize = 63;

fn rule() -> Box<dyn Detector> {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/models/pretrained.safetensors");
    let params = AlerTigerParams {
        model: model.to_owned(),
        ..Default::default()
    };
    params.build(&BuildContext::new("events")).unwrap()
}

/// The rows and probabilities of a series, on five days `factor` times as high and expected to be.
fn judged(factor: f64) -> Vec<(Row, f64)> {
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let span = Interval::new(at("2026-01-05T00:00:00Z"), at("2026-03-16T00:00:00Z")).unwrap();
    let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, span).unwrap();
    assert_eq!(axis.len(), DAYS);
    let event = CalendarEvent::on("sale", "2026-03-09".parse().unwrap())
        .until("2026-03-14".parse().unwrap())
        .expect(factor);
    let calendar = EventCalendar::new().with(event.build().unwrap());
    let events = calendar.within(Zone::UTC, span);
    let events = events.on(&SliceKey::new("orders"));
    let week = [100.0, 104.0, 98.0, 102.0, 110.0, 50.0, 40.0];
    let value = |day: usize| week[day % 7] + ((day * 37) % 11) as f64 / 5.0;
    let times = |day: usize| match (FIRST..FIRST + 5).contains(&day) {
        true => factor,
        false => 1.0,
    };
    let series = Series::new(axis, (0..DAYS).map(|day| value(day) * times(day)).collect())
        .unwrap()
        .with_factors(events.factors().clone());
    let mut out = Evaluation::new(Detail::Internals);
    let window = Window::whole(series.axis());
    rule()
        .evaluate(series.view(), window, &mut Memo::default(), &mut out)
        .unwrap();
    let probability = out
        .internals()
        .iter()
        .find(|(name, _)| *name == "probability")
        .unwrap()
        .1
        .to_vec();
    out.rows().zip(probability).collect()
}

#[test]
fn values_that_are_as_many_times_as_high_as_expected_are_judged_as_they_were() {
    let (plain, event) = (judged(1.0), judged(2.0));
    for (day, ((was, before), (is, now))) in plain.iter().zip(&event).enumerate().skip(FIRST) {
        // What is learned from the days of the event differs, so it is about the same, not exactly.
        let times = if day < FIRST + 5 { 2.0 } else { 1.0 };
        let apart = (is.expected / times - was.expected).abs() / was.expected;
        assert!(apart < 0.05, "day {day}: {is:?} and {was:?}");
        assert_eq!(is.verdict, was.verdict, "day {day}: {now} and {before}");
        if day < FIRST + 5 {
            assert!((now - before).abs() < 0.05, "day {day}: {now} and {before}");
        }
    }
    // On its first day nothing of it was known.
    let (was, is) = (&plain[FIRST], &event[FIRST]);
    assert_eq!(is.0.expected.to_bits(), (2.0 * was.0.expected).to_bits());
    assert_eq!(is.1.to_bits(), was.1.to_bits());
}
