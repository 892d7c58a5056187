//! What several rules found is told once, in hours of one day.

use std::sync::Arc;

use tuatara_core::{Anomaly, AnomalyId, Direction, Peak, Severity, Status};
use tuatara_frame::{Duration, Instant, Interval, SliceKey};
use tuatara_merge::{
    Across, AcrossCarry, Event, EventKind, MergePolicy, Retraction, merge_anomalies,
};

fn hour(hour: i64) -> Instant {
    Instant::from_millis(hour * 3_600_000).unwrap()
}

/// Gaps up to two hours, anomalies up to six.
fn policy() -> MergePolicy {
    MergePolicy::new(Duration::hours(2), Duration::hours(6)).unwrap()
}

fn id(rule: &str, start: i64) -> AnomalyId {
    AnomalyId::new("detection", rule, &SliceKey::new("metric"), hour(start))
}

/// What `rule` found, all hours of it flagged, upwards.
fn found(rule: &str, start: i64, end: i64, score: f64) -> Anomaly {
    let peak = Peak {
        at: hour(start),
        direction: Direction::Up,
        score,
        observed: 10.0 * score,
        expected: 10.0,
        lower: 0.0,
        upper: 20.0,
    };
    let interval = Interval::new(hour(start), hour(end)).unwrap();
    let slice = SliceKey::new("metric");
    let mut found = Anomaly::open(id(rule, start), "detection", rule, &slice, interval, peak);
    found.flagged = u32::try_from(end - start).unwrap();
    found.reportable_at = Some(hour(start + 1));
    found
}

/// What the parents do, hour by hour: the event, its start and end, and the rules.
#[derive(Default)]
struct Teller {
    carry: AcrossCarry,
}

impl Teller {
    /// Tells what rules say at `at`; what may still come starts at `settled` or later.
    fn tell(&mut self, at: i64, settled: i64, events: &[(EventKind, Anomaly)]) -> Vec<Event> {
        let events: Vec<Event> = events
            .iter()
            .map(|(kind, anomaly)| Event {
                at: hour(at),
                kind: kind.clone(),
                anomaly: Arc::new(anomaly.clone()),
            })
            .collect();
        let mut out = Vec::new();
        let across = Across { policy: policy() };
        across.step(hour(at), &events, hour(settled), &mut self.carry, &mut out);
        out
    }
}

fn said(events: &[Event]) -> Vec<String> {
    let say = |event: &Event| {
        let interval = event.anomaly.interval;
        let [start, end] = [interval.start(), interval.end()].map(|at| at.millis() / 3_600_000);
        format!(
            "{} {start}..{end} {}",
            event.kind.as_str(),
            event.anomaly.rules.join("+")
        )
    };
    events.iter().map(say).collect()
}

fn closed(mut anomaly: Anomaly) -> Anomaly {
    anomaly.status = Status::Closed;
    anomaly
}

fn filtered() -> EventKind {
    let filter = "far:TYPE".to_owned();
    EventKind::Retracted(Retraction::Filtered { filter })
}

#[test]
fn what_one_rule_found_alone_is_told_as_it_is() {
    let mut teller = Teller::default();
    let one = found("a", 1, 2, 2.0);
    let opened = teller.tell(2, 1, &[(EventKind::Opened, one.clone())]);
    assert_eq!(*opened[0].anomaly, one);
    let more = found("a", 1, 3, 2.0);
    let extended = teller.tell(3, 1, &[(EventKind::Extended, more.clone())]);
    assert_eq!(
        (&extended[0].kind, &*extended[0].anomaly),
        (&EventKind::Extended, &more)
    );
    let end = teller.tell(6, 6, &[(EventKind::Closed, closed(more.clone()))]);
    assert_eq!(
        (&end[0].kind, &*end[0].anomaly),
        (&EventKind::Closed, &closed(more))
    );
    assert!(teller.carry.is_empty());
}

#[test]
fn what_two_rules_found_is_one_anomaly_with_two_children() {
    let mut low = found("a", 1, 4, 2.0);
    low.severity = Severity::High;
    let high = found("b", 3, 6, 4.0);
    let parents = merge_anomalies([high.clone(), low.clone()], policy());
    assert_eq!(parents.len(), 1);
    let parent = &parents[0];
    // The first names it; the higher score speaks for it; the higher severity counts.
    assert_eq!(
        (parent.id, &parent.rules),
        (low.id, &vec!["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(parent.interval, Interval::new(hour(1), hour(6)).unwrap());
    assert_eq!((parent.peak, parent.severity), (high.peak, Severity::High));
    assert_eq!((parent.observed, parent.flagged), (40.0, 3));
    assert_eq!(parent.reportable_at, Some(hour(2)));
    assert_eq!(parent.children, [closed(low), closed(high)]);
}

#[test]
fn a_gap_up_to_max_gap_is_joined_across_and_directions_keep_apart() {
    let near = merge_anomalies([found("a", 1, 2, 2.0), found("b", 4, 6, 2.0)], policy());
    assert_eq!(near.len(), 1);
    let far = merge_anomalies([found("a", 1, 2, 2.0), found("b", 5, 6, 2.0)], policy());
    assert_eq!(far.len(), 2);
    let mut down = found("b", 1, 2, 2.0);
    down.direction = Direction::Down;
    assert_eq!(
        merge_anomalies([found("a", 1, 2, 2.0), down], policy()).len(),
        2
    );
}

#[test]
fn what_would_be_too_long_begins_where_the_earlier_ends() {
    let parents = merge_anomalies(
        [
            found("a", 0, 4, 2.0),
            found("b", 3, 8, 2.0),
            found("c", 3, 4, 2.0),
        ],
        policy(),
    );
    let spans: Vec<Interval> = parents.iter().map(|parent| parent.interval).collect();
    let span = |start, end| Interval::new(hour(start), hour(end)).unwrap();
    assert_eq!(spans, [span(0, 4), span(4, 8)]);
    // What lies within the earlier is part of that.
    assert_eq!(parents[0].rules, ["a", "c"]);
    // A child is kept whole.
    assert_eq!(parents[1].children[0].interval, span(3, 8));
}

#[test]
fn what_is_kept_late_may_bridge_two_and_the_one_told_first_stays() {
    let mut teller = Teller::default();
    let (one, other) = (found("a", 1, 2, 2.0), found("a", 5, 6, 2.0));
    teller.tell(2, 1, &[(EventKind::Opened, one.clone())]);
    // Rule b has a candidate since the first hour that its filter does not keep.
    let told = teller.tell(
        6,
        1,
        &[
            (EventKind::Closed, closed(one.clone())),
            (EventKind::Opened, other.clone()),
        ],
    );
    assert_eq!(said(&told), ["opened 5..6 a"]);
    let mut late = found("b", 1, 7, 3.0);
    late.reportable_at = Some(hour(7));
    let told = teller.tell(7, 1, &[(EventKind::Opened, late)]);
    assert_eq!(said(&told), ["retracted 5..6 a", "rescored 1..7 b+a"]);
    assert_eq!(
        told[0].kind,
        EventKind::Retracted(Retraction::MergedInto { id: one.id })
    );
    assert_eq!((told[1].anomaly.id, told[0].anomaly.id), (one.id, other.id));
    assert_eq!(told[1].anomaly.children.len(), 3);
}

#[test]
fn an_anomaly_is_taken_back_with_the_child_that_names_it_and_the_rest_opens_anew() {
    let mut teller = Teller::default();
    let (one, other) = (found("a", 1, 3, 2.0), found("b", 2, 3, 2.0));
    let both = [
        (EventKind::Opened, one.clone()),
        (EventKind::Opened, other.clone()),
    ];
    assert_eq!(said(&teller.tell(3, 1, &both)), ["opened 1..3 a+b"]);
    let told = teller.tell(4, 1, &[(filtered(), one.clone())]);
    assert_eq!(said(&told), ["retracted 1..3 a+b", "opened 2..3 b"]);
    assert_eq!((told[0].anomaly.id, &told[0].kind), (one.id, &filtered()));
    // Kept again, it joins what is there.
    let told = teller.tell(5, 1, &[(EventKind::Opened, found("a", 1, 5, 2.0))]);
    assert_eq!(said(&told), ["extended 1..5 a+b"]);
    assert_eq!(told[0].anomaly.id, other.id);
    // Another child that goes leaves it smaller, and nothing is left of the last.
    let told = teller.tell(6, 1, &[(filtered(), found("a", 1, 6, 2.0))]);
    assert_eq!(said(&told), ["rescored 2..3 b"]);
    assert_eq!(
        said(&teller.tell(7, 7, &[(filtered(), other)])),
        ["retracted 2..3 b"]
    );
    assert!(teller.carry.is_empty());
}

#[test]
fn it_stays_open_while_a_longer_bucket_or_a_candidate_may_join() {
    let mut teller = Teller::default();
    let one = found("a", 1, 2, 2.0);
    teller.tell(2, 0, &[(EventKind::Opened, one.clone())]);
    // Rule a is done with it; a day of rule b, which began at midnight, is not over.
    assert!(
        teller
            .tell(5, 0, &[(EventKind::Closed, closed(one))])
            .is_empty()
    );
    assert!(teller.tell(23, 0, &[]).is_empty());
    assert_eq!(said(&teller.tell(24, 24, &[])), ["closed 1..2 a"]);
}

#[test]
fn merging_twice_changes_nothing() {
    let found = [
        found("a", 0, 4, 2.0),
        found("b", 3, 8, 3.0),
        found("a", 9, 10, 2.0),
    ];
    let once = merge_anomalies(found, policy());
    assert_eq!(once.len(), 2);
    assert_eq!(merge_anomalies(once.clone(), policy()), once);
}
