//! Detections that are composed of others, groupers, and the quality of data, from YAML to incidents.

use tuatara::frame::{
    Aggregation, Datasets, Frame, Granularity, Instant, Interval, Metric, SliceKey,
};
use tuatara::merge::{EventKind, Gathers, Incident};
use tuatara::rules::ThresholdParams;
use tuatara::{Carry, Detection, Error, Report, Rule};

const DAY: i64 = 86_400_000;

fn day(day: i64) -> Instant {
    // A Thursday.
    Instant::from_millis(1_767_225_600_000 + day * DAY).unwrap()
}

fn days(from: i64, to: i64) -> Interval {
    Interval::new(day(from), day(to)).unwrap()
}

/// Days of a metric by host, 10 each day but for `spikes`, which are 100.
fn frame(name: &str, metric: &str, length: i64, spikes: &[(&str, i64)]) -> Frame {
    let metric = Metric::new(metric).with_aggregation(Aggregation::Sum);
    let mut rows = Frame::builder(name, [metric])
        .dimensions(["host"])
        .granularity(Granularity::days());
    for at in 0..length {
        for host in ["a", "b"] {
            let is_spike = spikes.contains(&(host, at));
            let value = if is_spike { 100.0 } else { 10.0 };
            rows.row(day(at), &[host], &[value]).unwrap();
        }
    }
    rows.build().unwrap()
}

/// When each lies, in days, with how many anomalies.
fn lie(incidents: &[Incident]) -> Vec<(i64, i64, usize)> {
    let since = |at: Instant| (at.millis() - day(0).millis()) / DAY;
    let lies = |incident: &Incident| {
        let interval = incident.interval;
        let anomalies = incident.anomalies().len();
        (since(interval.start()), since(interval.end()), anomalies)
    };
    incidents.iter().map(lies).collect()
}

fn whole(detection: &Detection, source: &dyn tuatara::frame::Source) -> Report {
    let extent = detection.extent(source).unwrap();
    detection.run(source, extent).unwrap()
}

#[test]
fn an_incident_gathers_slices_with_the_share_of_each() {
    let detection = Detection::from_yaml(
        "
detectionName: hosts
metric: load
dimensionExploration: { dimensions: host }
rules:
  - detection: { name: high, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 1 } }
merger: { maxGap: 0 }
grouper: { type: INCIDENT_GROUPER }
",
    )
    .unwrap();
    let frame = frame("hosts", "load", 30, &[("a", 20), ("b", 20), ("b", 21)]);
    let report = whole(&detection, &frame);
    // A week later the comparison is with the spike: a fall, of which the rule tells as well.
    assert_eq!(lie(report.incidents()), [(20, 22, 2)]);
    let incident = &report.incidents()[0];
    // 90 of 270, and 180.
    let shares = incident.contributions();
    assert!((shares[0] - 1.0 / 3.0).abs() < 1e-12 && (shares[1] - 2.0 / 3.0).abs() < 1e-12);
    let slices: Vec<_> = incident
        .anomalies()
        .iter()
        .map(|a| a.slice.to_string())
        .collect();
    assert_eq!(slices, ["load{host=a}", "load{host=b}"]);

    let why = report
        .explain(&"load{host=b}".parse().unwrap(), day(21))
        .unwrap();
    let text = why[0].to_string();
    let line = format!(
        "  - in incident {} of hosts from {} to {}, with 2 anomalies\n",
        incident.id,
        day(20),
        day(22)
    );
    assert!(text.ends_with(&line), "{text}");
}

#[test]
fn rules_are_gathered_within_each_slice() {
    let yaml = |expression: &str| {
        format!(
            "
detectionName: hosts
metric: load
dimensionExploration: {{ dimensions: host }}
rules:
  - detection: {{ name: limit, type: THRESHOLD, params: {{ max: 50 }} }}
  - detection: {{ name: change, type: PERCENTAGE_RULE, params: {{ offset: wo1w, percentageChange: 1 }} }}
merger: {{ maxGap: 0 }}
grouper: {{ type: GROUPER, params: {{ expression: '{expression}' }} }}
"
        )
    };
    // The spike of host b lasts so long that it is normal a week later.
    let spikes: Vec<(&str, i64)> = (10..20).map(|at| ("b", at)).chain([("a", 12)]).collect();
    let frame = frame("hosts", "load", 30, &spikes);
    let both = Detection::from_yaml(&yaml("limit && change")).unwrap();
    let report = whole(&both, &frame);
    assert_eq!(lie(report.incidents()), [(10, 17, 2), (12, 13, 2)]);
    let slices: Vec<_> = report
        .incidents()
        .iter()
        .map(|incident| incident.slice.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(slices, ["load{host=b}", "load{host=a}"]);

    let either = Detection::from_yaml(&yaml("limit || change")).unwrap();
    let report = whole(&either, &frame);
    assert_eq!(
        lie(report.incidents()),
        [(10, 17, 2), (12, 13, 2), (17, 20, 1)]
    );
}

fn composed() -> Detection {
    Detection::from_yaml(
        "
detectionName: outage
type: COMPOSITE_ALERT
merger: { maxGap: 0 }
alerts:
  - name: cpu
    type: METRIC_ALERT
    metric: load
    dataset: hosts
    dimensionExploration: { dimensions: host }
    rules:
      - detection: { name: high load, type: THRESHOLD, params: { max: 50 } }
  - name: trouble
    type: COMPOSITE_ALERT
    alerts:
      - name: errors
        metric: errors
        dataset: app
        rules:
          - detection: { name: many, type: THRESHOLD, params: { max: 50 } }
      - name: latency
        metric: errors
        dataset: slow
        rules:
          - detection: { name: slow, type: THRESHOLD, params: { max: 50 } }
    grouper: { type: GROUPER, params: { operator: or, leftOp: { value: errors }, rightOp: { value: latency } } }
grouper:
  - type: GROUPER
    params: { expression: cpu && trouble }
",
    )
    .unwrap()
}

fn three() -> Datasets<'static> {
    Datasets::new(
        "hosts",
        frame(
            "hosts",
            "load",
            40,
            &[("a", 10), ("b", 11), ("a", 20), ("b", 30)],
        ),
    )
    .with("app", frame("app", "errors", 40, &[("a", 10), ("a", 21)]))
    .unwrap()
    .with("slow", frame("slow", "errors", 40, &[("b", 11), ("b", 30)]))
    .unwrap()
}

#[test]
fn a_composed_detection_fires_where_its_expression_holds() {
    let (detection, source) = (composed(), three());
    let metrics: Vec<_> = detection.parts().iter().map(|part| part.metric()).collect();
    assert_eq!(metrics, ["load", "errors", "errors"]);
    let report = whole(&detection, &source);
    // Load without trouble on day 20, trouble without load on day 21.
    assert_eq!(lie(report.incidents()), [(10, 12, 4), (30, 31, 2)]);
    assert_eq!(report.incidents()[0].grouping, "outage");
    let found = report.anomalies().len();
    assert_eq!(found, 4 + 2 + 2, "what each part finds is there as well");
    // Two parts look at one slice name, in two datasets: both speak.
    let key: SliceKey = "errors".parse().unwrap();
    let why = report.explain(&key, day(10)).unwrap();
    let rules: Vec<_> = why.iter().map(|why| why.rule.as_str()).collect();
    assert_eq!(rules, ["many:THRESHOLD", "slow:THRESHOLD"]);
    assert_eq!(why[0].incidents.len(), 2, "of trouble, and of outage");
    assert!(why[1].incidents.is_empty());
}

#[test]
fn runs_cut_anywhere_tell_the_same_incidents() {
    let (detection, source) = (composed(), three());
    let whole = whole(&detection, &source);
    for cuts in [vec![11], vec![5, 10, 11, 12, 30], (1..40).collect()] {
        let mut events = Vec::new();
        let mut carry: Option<Carry> = None;
        let mut from = 0;
        for to in cuts.into_iter().chain([40]) {
            let report = match &carry {
                None => detection.run(&source, days(from, to)),
                Some(carry) => detection.run_with(&source, days(from, to), carry),
            };
            let report = report.unwrap();
            events.extend_from_slice(report.incident_events());
            let text = serde_json::to_string(report.carry()).unwrap();
            carry = Some(serde_json::from_str(&text).unwrap());
            from = to;
        }
        assert_eq!(events, whole.incident_events());
    }
}

/// A run without a carry finds what was under way at its start.
#[test]
fn what_is_under_way_at_the_start_is_found() {
    let (detection, source) = (composed(), three());
    let whole = whole(&detection, &source);
    let late = detection.run(&source, days(11, 40)).unwrap();
    let told: Vec<_> = whole
        .incident_events()
        .iter()
        .filter(|e| e.at > day(11))
        .collect();
    assert_eq!(late.incident_events().iter().collect::<Vec<_>>(), told);
    assert_eq!(lie(late.incidents()), [(10, 12, 4), (30, 31, 2)]);
}

#[test]
fn the_quality_of_the_data_is_looked_at_as_a_whole() {
    let detection = Detection::from_yaml(
        "
detectionName: hosts
metric: load
filters: { host: a }
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 50 } }
    quality: { name: fresh, type: DATA_SLA, params: { sla: 2_DAYS } }
",
    )
    .unwrap();
    // Host a is silent from day 5, host b from day 10.
    let mut rows = Frame::builder("hosts", [Metric::new("load")])
        .dimensions(["host"])
        .granularity(Granularity::days());
    for at in 0..10 {
        rows.row(day(at), &["b"], &[1.0]).unwrap();
        if at < 5 {
            rows.row(day(at), &["a"], &[1.0]).unwrap();
        }
    }
    let frame = rows.build().unwrap();
    let names: Vec<_> = detection.parts().iter().map(|part| part.name()).collect();
    assert_eq!(names, ["hosts", "hosts (quality)"]);
    let report = detection.run(&frame, days(0, 15)).unwrap();
    let [late] = report.anomalies() else {
        panic!("{:?}", report.anomalies());
    };
    assert_eq!(late.slice.to_string(), "load");
    assert_eq!(late.rules, ["fresh:DATA_SLA"]);
    // The data end on day 10; days 10 and 11 are in time.
    assert_eq!(late.interval, days(12, 15));
    assert_eq!(late.reportable_at, Some(day(13)));
}

#[test]
fn incidents_are_told_as_they_grow() {
    let (detection, source) = (composed(), three());
    let report = whole(&detection, &source);
    let first = report.incidents()[0].id;
    let told: Vec<_> = report
        .incident_events()
        .iter()
        .filter(|event| event.incident.id == first)
        .map(|event| {
            (
                (event.at.millis() - day(0).millis()) / DAY,
                event.kind.clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (11, EventKind::Opened),
            (12, EventKind::Extended),
            (13, EventKind::Closed)
        ]
    );
}

fn limited(name: &str, rule: &str) -> Detection {
    let limit = ThresholdParams {
        max: Some(50.0),
        min: None,
    };
    Detection::builder(name, "load")
        .rule(Rule::from_params(rule, limit).unwrap())
        .build()
        .unwrap()
}

#[test]
fn what_cannot_be_composed_is_refused_with_the_name() {
    let nothing = Detection::compose("all").build().unwrap_err();
    assert!(matches!(nothing, Error::NoRules { .. }), "{nothing}");

    let twice = Detection::compose("all")
        .with(limited("one", "limit"))
        .with(limited("one", "other"));
    assert_eq!(
        twice.build().unwrap_err().to_string(),
        "the name \"one\" is used twice in detection \"all\"; give each its own"
    );

    let unknown = Detection::compose("all")
        .with(limited("one", "limit"))
        .gather(Gathers::Expression("one && two".parse().unwrap()));
    assert_eq!(
        unknown.build().unwrap_err().to_string(),
        "\"two\" in the expression of \"all\" is none of one"
    );

    let both = Detection::from_yaml(
        "
detectionName: both
alerts:
  - { name: a, metric: load, dataset: hosts, rules: { detection: { name: x, type: THRESHOLD, params: { max: 1 } } } }
  - { name: b, metric: load, dataset: other, rules: { detection: { name: y, type: THRESHOLD, params: { max: 1 } } } }
",
    )
    .unwrap();
    let alone = Datasets::new("hosts", frame("hosts", "load", 3, &[]));
    assert_eq!(
        both.run(&alone, days(0, 3)).unwrap_err().to_string(),
        "\"b\" of detection \"both\" looks at dataset \"other\", which is not there; add it to the \
         source (--dataset other=PATH)"
    );
}

/// A slice that leaves the data while something of it is still to be told.
#[test]
fn what_is_gathered_on_a_slice_that_goes_away_is_closed_all_the_same() {
    let detection = Detection::from_yaml(
        "
detectionName: hosts
metric: load
dimensionExploration: { dimensions: host }
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 50 } }
  - detection: { name: most, type: THRESHOLD, params: { max: 60 } }
merger: { maxGap: P3D }
grouper: { type: GROUPER, params: { expression: limit && most } }
",
    )
    .unwrap();
    let before = frame("hosts", "load", 30, &[("a", 10), ("b", 10)]);
    let first = detection.run(&before, days(0, 11)).unwrap();
    assert_eq!(first.incident_events().len(), 2);
    let mut rows = Frame::builder("hosts", [Metric::new("load")])
        .dimensions(["host"])
        .granularity(Granularity::days());
    for at in 0..30 {
        rows.row(day(at), &["b"], &[10.0]).unwrap();
    }
    let without = rows.build().unwrap();
    let second = detection
        .run_with(&without, days(11, 30), first.carry())
        .unwrap();
    let told: Vec<_> = second
        .incident_events()
        .iter()
        .map(|event| {
            (
                event.kind.clone(),
                event.incident.slice.clone().unwrap().to_string(),
            )
        })
        .collect();
    let closed = |slice: &str| (EventKind::Closed, slice.to_owned());
    assert_eq!(told, [closed("load{host=a}"), closed("load{host=b}")]);
    assert!(second.carry().is_empty());
}

/// Days `from` to `to` of a metric that is waited for `delay` days.
fn waited_for(metric: &str, from: i64, to: i64, delay: u32, spikes: &[i64]) -> Frame {
    let mut rows = Frame::builder(metric, [Metric::new(metric)])
        .granularity(Granularity::days())
        .completeness_delay(tuatara::frame::Duration::days(delay));
    for at in from..to {
        let value = if spikes.contains(&at) { 100.0 } else { 10.0 };
        rows.row(day(at), &[], &[value]).unwrap();
    }
    rows.build().unwrap()
}

fn of_three() -> (Detection, Datasets<'static>) {
    let detection = Detection::from_yaml(
        "
detectionName: late
type: COMPOSITE_ALERT
merger: { maxGap: P1D }
alerts:
  - { name: fast, metric: fast, dataset: fast, rules: { detection: { name: f, type: THRESHOLD, params: { max: 50 } } } }
  - { name: slow, metric: slow, dataset: slow, rules: { detection: { name: s, type: THRESHOLD, params: { max: 50 } } } }
  - name: patient
    metric: new
    dataset: new
    rules:
      - detection: { name: p, type: THRESHOLD, params: { max: 50 }, windowDelay: 2 }
grouper: { type: INCIDENT_GROUPER }
",
    )
    .unwrap();
    let source = Datasets::new("fast", waited_for("fast", 0, 30, 0, &[9, 15, 21]))
        .with("slow", waited_for("slow", 0, 30, 3, &[8, 14, 22]))
        .unwrap()
        .with("new", waited_for("new", 10, 30, 1, &[10, 15, 24]))
        .unwrap();
    (detection, source)
}

#[test]
fn data_that_are_late_by_different_times_make_the_same_incidents_wherever_runs_are_cut() {
    let (detection, source) = of_three();
    let whole = detection.run(&source, days(0, 40)).unwrap();
    // Of 8 and 9 with 10, of 14 and 15, of 21 to 24.
    assert_eq!(
        lie(whole.incidents()),
        [(8, 11, 3), (14, 16, 3), (21, 25, 3)]
    );
    for cuts in [vec![11], vec![12, 13], (1..40).collect::<Vec<_>>()] {
        let (mut incidents, mut events) = (Vec::new(), Vec::new());
        let mut carry: Option<Carry> = None;
        let mut from = 0;
        for to in cuts.into_iter().chain([40]) {
            let report = match &carry {
                None => detection.run(&source, days(from, to)),
                Some(carry) => detection.run_with(&source, days(from, to), carry),
            };
            let report = report.unwrap();
            incidents.extend_from_slice(report.incident_events());
            events.extend_from_slice(report.events());
            carry = Some(report.carry().clone());
            from = to;
        }
        assert_eq!(incidents, whole.incident_events());
        assert_eq!(events, whole.events());
    }
}

#[test]
fn what_is_told_late_is_in_the_report_of_the_run_that_tells_it_and_in_its_explanation() {
    let (detection, source) = of_three();
    let first = detection.run(&source, days(0, 16)).unwrap();
    // Slow data of day 14 are judged on day 18: the interval of the run begins after it.
    let second = detection
        .run_with(&source, days(16, 20), first.carry())
        .unwrap();
    assert_eq!(lie(second.incidents()), [(14, 16, 3)]);
    let report = detection.run(&source, days(0, 40)).unwrap();
    for (slice, at, rule) in [("slow", 14, "s:THRESHOLD"), ("new", 15, "p:THRESHOLD")] {
        let why = report.explain(&slice.parse().unwrap(), day(at)).unwrap();
        assert_eq!(why[0].rule, rule);
        assert_eq!(why[0].incidents.len(), 1, "{}", why[0]);
    }
}

#[test]
fn an_alert_is_named_in_full_and_a_rule_by_its_name() {
    let detection = Detection::from_yaml(
        "
detectionName: names
alerts:
  - { name: web, metric: load, dataset: hosts, rules: { detection: { name: x, type: THRESHOLD, params: { max: 50 } } } }
  - { name: 'web:errors', metric: errors, dataset: app, rules: { detection: { name: y, type: THRESHOLD, params: { max: 50 } } } }
grouper: { type: GROUPER, params: { expression: web } }
",
    )
    .unwrap();
    let source = Datasets::new("hosts", frame("hosts", "load", 20, &[("a", 5)]))
        .with("app", frame("app", "errors", 20, &[("a", 8)]))
        .unwrap();
    assert_eq!(lie(whole(&detection, &source).incidents()), [(5, 6, 1)]);
}
