//! A file of events, and events of a detection: read alike, and named in the fingerprint.

#![cfg(feature = "yaml")]

mod toy_types;

use tuatara_frame::events::EventCalendar;
use tuatara_frame::{Interval, SliceKey, Zone};
use tuatara_spec::tree::Node;
use tuatara_spec::{Code, DetectionSpec, calendar_from_tree, calendar_from_yaml};

const EVENTS: &str = "
holidays: us
events:
  - name: sale
    start: 2026-01-12
    end: 2026-01-19
    before: P1D
    after: 2h
    knownAt: 2026-01-10T12:00:00Z
    filters: { country: [US, CA], platform: ios }
    leaveOut: true
    expect: 1.5
    suppress: { expectedChange: 0.5, acceptableDeviation: 0.1 }
";

fn detection(events: &str) -> DetectionSpec {
    let text = format!(
        "detectionName: orders
metric: orders
rules:
  - detection: {{ name: usual, type: PERCENTAGE_RULE, params: {{ percentageChange: 0.1 }} }}
{events}"
    );
    let checked = DetectionSpec::from_yaml(&text, "spec.yaml", &toy_types::registry());
    checked.unwrap_or_else(|error| panic!("\n{error}")).spec
}

fn calendar(text: &str) -> EventCalendar {
    calendar_from_yaml(text, "events.yaml").unwrap().0
}

#[test]
fn every_key_is_read_in_a_file_and_in_a_detection() {
    let known = calendar(EVENTS);
    assert_eq!(detection(EVENTS).calendar, known);
    let at = |text: &str| text.parse().unwrap();
    let month = Interval::new(at("2026-01-02T00:00:00Z"), at("2026-02-01T00:00:00Z")).unwrap();
    let within = known.within(Zone::UTC, month);
    let slice = SliceKey::new("orders")
        .with("country", "CA")
        .with("platform", "ios");
    let events = within.on(&slice);
    let spans: Vec<String> = events
        .mask()
        .spans()
        .map(|(span, known_at)| format!("{span} {known_at}"))
        .collect();
    assert_eq!(
        spans,
        [
            "2026-01-11T00:00:00Z/2026-01-19T02:00:00Z 2026-01-10T12:00:00Z",
            // Martin Luther King Day.
            "2026-01-19T00:00:00Z/2026-01-20T00:00:00Z 0001-01-01T00:00:00Z",
        ]
    );
    let change = events.windows()[0].change().unwrap();
    assert!((change.expected() - 0.5).abs() < 1e-15 && (change.deviation() - 0.1).abs() < 1e-15);
    assert_eq!(within.on(&SliceKey::new("orders")).windows(), []);
}

#[test]
fn a_tree_is_read_like_text() {
    let event = Node::mapping([
        ("name", Node::text("fair")),
        ("start", Node::text("2026-02-03")),
        ("leaveOut", Node::text("true")),
    ]);
    let tree = Node::mapping([("events", Node::list([event]))]);
    let (known, diagnosis) = calendar_from_tree(&tree, "events").unwrap();
    assert!(diagnosis.is_empty());
    let text = "events: { name: fair, start: 2026-02-03, leaveOut: true }";
    assert_eq!(known, calendar(text));
}

#[test]
fn events_are_part_of_the_fingerprint() {
    let fair = "events: { name: fair, start: 2026-02-03, leaveOut: true }";
    let plain = detection("").fingerprint();
    assert_ne!(detection(fair).fingerprint(), plain);
    assert_ne!(
        detection("holidays: US").fingerprint(),
        detection("holidays: CA").fingerprint()
    );
}

#[test]
fn a_file_has_no_other_keys_and_is_not_empty() {
    let codes = |text: &str| -> Vec<Code> {
        let error = calendar_from_yaml(text, "events.yaml").unwrap_err();
        error
            .diagnosis()
            .diagnostics()
            .iter()
            .map(|said| said.code)
            .collect()
    };
    assert_eq!(codes("event: []"), [Code::UnknownKey]);
    assert_eq!(codes(""), [Code::EmptyDocument]);
    assert!(calendar("events: []\nholidays:\n").is_empty());
}
