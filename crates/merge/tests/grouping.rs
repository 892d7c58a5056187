//! Incidents: hand-worked, against a clock of hours, and by the second law.

use std::sync::Arc;

use proptest::prelude::*;
use tuatara_core::{Anomaly, AnomalyId, Direction, Peak, Severity, Status};
use tuatara_frame::{Duration, Instant, Interval, SliceKey};
use tuatara_merge::{
    Change, EventKind, Found, Gathers, GroupCarry, Grouping, Incident, IncidentEvent, Member,
    MergePolicy, Retraction,
};

fn at(hour: i64) -> Instant {
    Instant::from_millis(hour * 3_600_000).unwrap()
}

fn hours(interval: Interval) -> (i64, i64) {
    let hour = |instant: Instant| instant.millis() / 3_600_000;
    (hour(interval.start()), hour(interval.end()))
}

/// Something that `of` finds on `slice`: it grows hour by hour from `start` to `end`, is told from
/// `told` on, and closes an hour after its end, or after it is told.
#[derive(Debug, Clone, Copy)]
struct Found1 {
    of: &'static str,
    slice: &'static str,
    start: i64,
    end: i64,
    told: i64,
    observed: f64,
}

impl Found1 {
    fn closes(&self) -> i64 {
        (self.end + 1).max(self.told)
    }

    fn as_of(&self, hour: i64) -> Anomaly {
        let slice: SliceKey = self.slice.parse().unwrap();
        let interval = Interval::new(at(self.start), at(self.end.min(hour))).unwrap();
        let peak = Peak {
            at: at(self.start),
            direction: Direction::Down,
            score: 2.0,
            observed: self.observed,
            expected: 10.0,
            lower: 9.0,
            upper: 11.0,
        };
        let id = AnomalyId::new("d", self.of, &slice, at(self.start));
        let mut anomaly = Anomaly::open(id, "d", self.of, &slice, interval, peak);
        if hour >= self.closes() {
            anomaly.status = Status::Closed;
        }
        anomaly
    }
}

fn found(of: &'static str, slice: &'static str, start: i64, end: i64) -> Found1 {
    Found1 {
        of,
        slice,
        start,
        end,
        told: start + 1,
        observed: 4.0,
    }
}

fn grouping(gathers: Gathers, gap: u32, longest: u32) -> Grouping {
    let policy = MergePolicy::new(Duration::hours(gap), Duration::hours(longest)).unwrap();
    Grouping {
        detection: "d".to_owned(),
        name: "g".to_owned(),
        slice: None,
        gathers,
        policy,
    }
}

fn asks(expression: &str) -> Gathers {
    Gathers::Expression(expression.parse().unwrap())
}

/// Hour by hour; after the hours of `cuts` the carry goes through its text.
fn run(grouping: &Grouping, all: &[Found1], cuts: &[i64]) -> Vec<IncidentEvent> {
    let last = all.iter().map(Found1::closes).max().unwrap_or(0) + 30;
    let (mut carry, mut out) = (GroupCarry::default(), Vec::new());
    for hour in 1..=last {
        let grows = |f: &&Found1| {
            let is_news = hour <= f.end || hour == f.closes() || hour == f.told;
            hour >= f.told && is_news
        };
        let changes = all.iter().filter(grows).map(|f| {
            let anomaly = f.as_of(hour);
            Change::Stands(Member::new(f.of, Found::Anomaly(Arc::new(anomaly))))
        });
        // Buckets of an hour, and what is open, told or not.
        let open = all.iter().filter(|f| f.start < hour && hour < f.closes());
        let settled = open.map(|f| f.start).min().unwrap_or(hour).min(hour);
        grouping.step(at(hour), changes, at(settled), &mut carry, &mut out);
        if cuts.contains(&hour) {
            let text = serde_json::to_string(&carry).unwrap();
            let read: GroupCarry = serde_json::from_str(&text).unwrap();
            assert_eq!(read, carry);
            assert_eq!(read.broken_because(), None, "{text}");
            carry = read;
        }
    }
    assert!(carry.is_empty(), "everything is over: {carry:?}");
    out
}

fn closed(events: &[IncidentEvent]) -> Vec<&Incident> {
    let closed = events
        .iter()
        .filter(|event| event.kind == EventKind::Closed);
    closed.map(|event| &event.incident).collect()
}

fn said(events: &[IncidentEvent]) -> Vec<(i64, &'static str, (i64, i64), usize)> {
    let line = |event: &IncidentEvent| {
        let incident = &event.incident;
        let when = event.at.millis() / 3_600_000;
        (
            when,
            event.kind.as_str(),
            hours(incident.interval),
            incident.members.len(),
        )
    };
    events.iter().map(line).collect()
}

#[test]
fn what_is_found_at_one_time_on_several_slices_is_one_incident_with_the_share_of_each() {
    let mut us = found("r", "m{country=US}", 10, 12);
    us.observed = 1.0;
    let ca = found("r", "m{country=CA}", 11, 13);
    let later = found("r", "m{country=CA}", 20, 21);
    let all = run(
        &grouping(Gathers::Everything, 2, 168),
        &[us, ca, later],
        &[],
    );
    assert_eq!(
        said(&all),
        [
            (11, "opened", (10, 11), 1),
            (12, "extended", (10, 12), 2),
            (13, "extended", (10, 13), 2),
            // Nothing that starts now lies within two hours of its end.
            (16, "closed", (10, 13), 2),
            (21, "opened", (20, 21), 1),
            (24, "closed", (20, 21), 1),
        ]
    );
    let first = &all[3].incident;
    // 9 and 6 below what was expected: 60 % and 40 % of what is missing.
    assert_eq!(first.contributions(), [-0.6, -0.4]);
    let slices: Vec<_> = first
        .anomalies()
        .iter()
        .map(|a| a.slice.to_string())
        .collect();
    assert_eq!(slices, ["m{country=US}", "m{country=CA}"]);
    assert_eq!(first.reportable_at, at(11));
}

#[test]
fn an_expression_fires_where_it_holds_and_at_no_other_time() {
    let cpu = found("cpu", "cpu", 10, 20);
    let errors = found("errors", "errors", 15, 17);
    let again = found("errors", "errors", 18, 25);
    let both = run(
        &grouping(asks("cpu && errors"), 0, 168),
        &[cpu, errors, again],
        &[],
    );
    let intervals: Vec<_> = closed(&both).iter().map(|i| hours(i.interval)).collect();
    assert_eq!(intervals, [(15, 17), (18, 20)]);
    let members = |incident: &Incident| incident.members.len();
    assert_eq!(
        closed(&both).iter().map(|i| members(i)).collect::<Vec<_>>(),
        [2, 2]
    );

    // Within two hours they are one.
    let merged = run(
        &grouping(asks("cpu && errors"), 2, 168),
        &[cpu, errors, again],
        &[],
    );
    let intervals: Vec<_> = closed(&merged).iter().map(|i| hours(i.interval)).collect();
    assert_eq!(intervals, [(15, 20)]);

    let none = run(
        &grouping(asks("cpu && latency"), 0, 168),
        &[cpu, errors, again],
        &[],
    );
    assert_eq!(said(&none), []);
}

/// The original paired any two anomalies of both sides, so two of one side made an incident.
#[test]
fn two_of_one_side_do_not_make_both() {
    let (a, b) = (
        found("cpu", "cpu{h=1}", 10, 20),
        found("cpu", "cpu{h=2}", 12, 18),
    );
    let events = run(&grouping(asks("cpu && errors"), 0, 168), &[a, b], &[]);
    assert_eq!(said(&events), []);
}

#[test]
fn what_only_touches_does_not_happen_at_the_same_time() {
    let (a, b) = (found("a", "a", 10, 12), found("b", "b", 12, 14));
    assert_eq!(
        said(&run(&grouping(asks("a && b"), 0, 168), &[a, b], &[])),
        []
    );
    let either = run(&grouping(asks("a || b"), 0, 168), &[a, b], &[]);
    let intervals: Vec<_> = closed(&either).iter().map(|i| hours(i.interval)).collect();
    assert_eq!(intervals, [(10, 14)]);
}

#[test]
fn a_bridge_joins_two_under_the_name_of_the_first() {
    let (a, b) = (found("r", "m{h=1}", 10, 12), found("r", "m{h=2}", 14, 16));
    // Told late, it lies between them.
    let bridge = Found1 {
        told: 16,
        ..found("r", "m{h=3}", 11, 15)
    };
    let events = run(&grouping(Gathers::Everything, 0, 168), &[a, b, bridge], &[]);
    let first = events[0].incident.id;
    let retracted: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Retracted(why) => Some((why.clone(), hours(event.incident.interval))),
            _ => None,
        })
        .collect();
    assert_eq!(
        retracted,
        [(Retraction::MergedInto { id: first }, (14, 15))]
    );
    let all = closed(&events);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].id, hours(all[0].interval)), (first, (10, 16)));
}

#[test]
fn what_loses_its_members_is_taken_back() {
    let grouping = grouping(asks("a && b"), 0, 168);
    let (mut carry, mut out) = (GroupCarry::default(), Vec::new());
    let (a, b) = (found("a", "a", 10, 12), found("b", "b", 10, 12));
    let stands =
        |f: &Found1| Change::Stands(Member::new(f.of, Found::Anomaly(Arc::new(f.as_of(11)))));
    grouping.step(
        at(11),
        [stands(&a), stands(&b)],
        at(10),
        &mut carry,
        &mut out,
    );
    let gone = Change::Gone(b.as_of(11).id);
    grouping.step(at(12), [gone], at(10), &mut carry, &mut out);
    assert_eq!(
        out.iter()
            .map(|event| event.kind.to_string())
            .collect::<Vec<_>>(),
        [
            "opened",
            "retracted: what it was made of no longer stands together"
        ]
    );
    // It may come back, under its name.
    grouping.step(at(12), [stands(&b)], at(10), &mut carry, &mut out);
    assert_eq!(
        (out[2].kind.as_str(), out[2].incident.id),
        ("opened", out[0].incident.id)
    );
}

#[test]
fn the_severity_is_that_of_the_gravest_member() {
    let grouping = grouping(Gathers::Everything, 0, 168);
    let (mut carry, mut out) = (GroupCarry::default(), Vec::new());
    let mut anomaly = found("a", "a", 10, 12).as_of(11);
    let stands =
        |a: &Anomaly| Change::Stands(Member::new("a", Found::Anomaly(Arc::new(a.clone()))));
    grouping.step(at(11), [stands(&anomaly)], at(10), &mut carry, &mut out);
    anomaly.severity = Severity::High;
    grouping.step(at(12), [stands(&anomaly)], at(10), &mut carry, &mut out);
    assert_eq!(out[1].kind, EventKind::Rescored);
    assert_eq!(out[1].incident.severity, Severity::High);
}

#[test]
fn a_long_one_is_cut_and_its_pieces_do_not_overlap() {
    let chain = [
        found("r", "m{h=1}", 0, 5),
        found("r", "m{h=2}", 4, 9),
        found("r", "m{h=1}", 8, 14),
        found("r", "m{h=2}", 13, 19),
    ];
    let events = run(&grouping(Gathers::Everything, 0, 7), &chain, &[]);
    let pieces: Vec<_> = closed(&events)
        .iter()
        .map(|i| (hours(i.interval), i.members.len()))
        .collect();
    assert_eq!(pieces, [((0, 7), 2), ((7, 14), 3), ((14, 19), 1)]);
}

const NAMES: [&str; 3] = ["a", "b", "c"];
const EXPRESSIONS: [&str; 6] = [
    "a",
    "a && b",
    "a || b",
    "a && b || c",
    "a && (b || c)",
    "(a || b) && (b || c)",
];

/// Several of one name lie on several slices, so that they may overlap.
fn some_found() -> impl Strategy<Value = Vec<Found1>> {
    let one = (0..3_usize, 0..3_usize, 0..40_i64, 1..8_i64, 0..6_i64);
    proptest::collection::vec(one, 0..9).prop_map(|drawn| {
        let slices = ["m{h=1}", "m{h=2}", "m{h=3}"];
        let mut all: Vec<Found1> = Vec::new();
        for (name, slice, start, length, wait) in drawn {
            let new = Found1 {
                told: start + 1 + wait,
                ..found(NAMES[name], slices[slice], start, start + length)
            };
            let is_same = |f: &&Found1| (f.of, f.slice) == (new.of, new.slice);
            let clashes = |f: &Found1| new.start <= f.closes() && f.start <= new.closes();
            if !all.iter().filter(is_same).any(clashes) {
                all.push(new);
            }
        }
        all
    })
}

/// Whether an expression holds in an hour, asked hour by hour.
fn holds(expression: &str, hour: i64, all: &[Found1]) -> bool {
    let [a, b, c] = NAMES.map(|name| {
        let mut named = all.iter().filter(|f| f.of == name);
        named.any(|f| f.start <= hour && hour < f.end)
    });
    match expression {
        "a" => a,
        "a && b" => a && b,
        "a || b" => a || b,
        "a && b || c" => (a && b) || c,
        "a && (b || c)" => a && (b || c),
        "(a || b) && (b || c)" => b || (a && c),
        other => panic!("{other} is not among them"),
    }
}

fn runs_of_hours(holds: impl Fn(i64) -> bool) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for hour in (0..60).filter(|&hour| holds(hour)) {
        match runs.last_mut() {
            Some((_, end)) if *end == hour => *end += 1,
            _ => runs.push((hour, hour + 1)),
        }
    }
    runs
}

proptest! {
    #[test]
    fn in_the_end_incidents_lie_where_the_expression_holds(
        all in some_found(), which in 0..EXPRESSIONS.len(),
    ) {
        let expression = EXPRESSIONS[which];
        let events = run(&grouping(asks(expression), 0, 1000), &all, &[]);
        let lie: Vec<_> = closed(&events).iter().map(|i| hours(i.interval)).collect();
        let expected = runs_of_hours(|hour| holds(expression, hour, &all));
        let mut sorted = lie.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, expected);
    }

    #[test]
    fn runs_cut_anywhere_say_the_same(
        all in some_found(), which in 0..=EXPRESSIONS.len(), gap in 0..3_u32, longest in 1..20_u32,
        cuts in proptest::collection::vec(1..60_i64, 0..8),
    ) {
        let gathers = match EXPRESSIONS.get(which) {
            Some(expression) => asks(expression),
            None => Gathers::Everything,
        };
        let grouping = grouping(gathers, gap, longest);
        let whole = run(&grouping, &all, &[]);
        prop_assert_eq!(&run(&grouping, &all, &cuts), &whole);

        // The order in which things are found at one instant does not matter.
        let mut turned = all.clone();
        turned.reverse();
        prop_assert_eq!(&run(&grouping, &turned, &[]), &whole);

        // Incidents never overlap, and none is longer than asked.
        let mut lie: Vec<_> = closed(&whole).iter().map(|i| hours(i.interval)).collect();
        lie.sort_unstable();
        prop_assert!(lie.windows(2).all(|two| two[0].1 <= two[1].0), "{:?}", lie);
        prop_assert!(lie.iter().all(|(start, end)| end - start <= i64::from(longest)), "{:?}", lie);

        // What is open was opened; what is taken back or closed had been.
        let mut open: Vec<AnomalyId> = Vec::new();
        for event in &whole {
            let known = open.iter().position(|id| *id == event.incident.id);
            match (&event.kind, known) {
                (EventKind::Opened, None) => open.push(event.incident.id),
                (EventKind::Closed | EventKind::Retracted(_), Some(at)) => {
                    open.remove(at);
                }
                (EventKind::Extended | EventKind::Rescored, Some(_)) => {}
                (kind, _) => prop_assert!(false, "{} of {:?}", kind, event.incident.id),
            }
        }
        prop_assert!(open.is_empty());
    }
}
