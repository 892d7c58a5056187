//! Events, as a table and as YAML: what is read can be asked about any time in any zone, or an error
//! says why not.

use tuatara::frame::events::EventCalendar;
use tuatara::frame::{Instant, Interval, SliceKey, TimeAxis, Zone, files};
use tuatara::spec::calendar_from_yaml;

pub(crate) fn run(data: &[u8]) {
    match files::read_calendar(data, "events.csv") {
        Ok(calendar) => ask(&calendar),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match calendar_from_yaml(text, "events.yaml") {
        Ok((calendar, _)) => ask(&calendar),
        Err(error) => assert!(error.diagnosis().has_errors()),
    }
}

fn ask(calendar: &EventCalendar) {
    let zone: Zone = "Australia/Lord_Howe".parse().expect("it is a zone");
    let at = |text: &str| -> Instant { text.parse().expect("it is an instant") };
    let year = Interval::new(at("2025-12-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    let year = year.expect("it ends after it starts");
    let axis = TimeAxis::covering("P1D".parse().expect("a step"), zone, year).expect("a grid");
    let events = calendar.within(zone, year);
    let events = events.on(&SliceKey::new("orders").with("country", "US"));
    for (span, known_at) in events.mask().spans() {
        assert!(span.overlaps(year) && events.mask().hides(span, known_at));
    }
    for i in 0..axis.len() {
        for (factor, share) in events.factors().of(axis.bucket(i)) {
            assert!(0.0 < share && share <= 1.0 && factor.weighted(share) >= 0.0);
        }
    }
}
