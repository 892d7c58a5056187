//! What is known of the calendar: days that are left out, days of which something else is expected,
//! and windows in which anomalies are marked.

#![cfg(feature = "yaml")]
#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use std::sync::Arc;

use tuatara::core::Anomaly;
use tuatara::frame::events::{CalendarEvent, EventBuilder, EventCalendar, ExpectedChange};
use tuatara::frame::{Frame, Granularity, Instant, Interval, Metric, SliceKey, Zone};
use tuatara::{Detection, Report};

/// Monday 5 January 2026.
const START: i64 = 1_767_571_200_000;
const DAY: i64 = 86_400_000;

/// Against the week before, 30 % either way.
const WEEK: &str = "
detectionName: orders
metric: orders
rules:
  - detection:
      - { name: week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
merger: { maxGap: PT0S }
";

fn day(number: i64) -> Instant {
    Instant::from_millis(START + number * DAY).unwrap()
}

/// Eight weeks that count their weekdays from 100 on Mondays to 106 on Sundays, but for these.
fn orders(strange: &[(i64, f64)]) -> Frame {
    let mut builder =
        Frame::builder("shop", [Metric::new("orders")]).granularity(Granularity::days());
    for number in 0..56 {
        let usual = 100.0 + (number % 7) as f64;
        let known = strange.iter().find(|(day, _)| *day == number);
        let value = known.map_or(usual, |(_, value)| *value);
        builder.row(day(number), &[], &[value]).unwrap();
    }
    builder.build().unwrap()
}

fn run(detection: &Detection, frame: &Frame) -> Report {
    detection
        .run(frame, detection.extent(frame).unwrap())
        .unwrap()
}

fn with_events(spec: &str, events: &str) -> Detection {
    Detection::from_yaml(&format!("{spec}\nevents:\n{events}")).unwrap()
}

/// The days on which anomalies start, with their direction.
fn found(report: &Report) -> Vec<String> {
    let said = |anomaly: &Arc<Anomaly>| {
        let number = (anomaly.interval.start().millis() - START) / DAY;
        format!("{number} {}", anomaly.direction)
    };
    report.anomalies().iter().map(said).collect()
}

/// Day 29 is a Tuesday, 3 February 2026: the fair, on which little is sold.
const FAIR: &str = "  - { name: fair, start: 2026-02-03, leaveOut: true }";

#[test]
fn the_week_after_an_event_that_is_left_out_is_quiet_when_the_metric_comes_back() {
    let frame = orders(&[(29, 20.0)]);
    let plain = run(&Detection::from_yaml(WEEK).unwrap(), &frame);
    assert_eq!(
        found(&plain),
        ["29 down", "36 up"],
        "the bounce-back alarms"
    );
    let known = run(&with_events(WEEK, FAIR), &frame);
    assert_eq!(found(&known), ["29 down"]);
}

#[test]
fn a_bounce_back_that_does_not_come_alarms() {
    let frame = orders(&[(29, 20.0), (36, 20.0)]);
    let plain = run(&Detection::from_yaml(WEEK).unwrap(), &frame);
    assert_eq!(
        found(&plain),
        ["29 down", "43 up"],
        "20 is as much as last week"
    );
    let known = run(&with_events(WEEK, FAIR), &frame);
    // Day 36 is no event: it alarms, and the week after comes back to it.
    assert_eq!(found(&known), ["29 down", "36 down", "43 up"]);
}

#[test]
fn the_trace_names_the_event_and_the_lag_that_stands_in() {
    let frame = orders(&[(29, 20.0)]);
    let report = run(&with_events(WEEK, FAIR), &frame);
    let why = report.explain(&SliceKey::new("orders"), day(36)).unwrap();
    assert_eq!(
        why[0].to_string(),
        "\
orders at 2026-02-10T00:00:00Z by week:PERCENTAGE_RULE
  Quiet: 101 is as expected, within [70.7, 131.3].
  observed 101, expected 101, band [70.7, 131.3], score 0, verdict normal
  - 1w earlier (2026-02-03T00:00:00Z): left out, in the event \"fair\"
  - 2w earlier (2026-01-27T00:00:00Z), in place of a lag that is left out: 101
  - percentageChange 0.3 gives a band of ±30.3
"
    );
}

#[test]
fn what_is_learnt_of_an_event_later_changes_nothing_before() {
    let frame = orders(&[(29, 20.0)]);
    // Day 36 ends as day 37 starts.
    for (known_at, expected) in [
        ("2026-02-11", vec!["29 down"]),
        ("2026-02-11T00:00:01Z", vec!["29 down", "36 up"]),
    ] {
        let fair =
            format!("  - {{ name: fair, start: 2026-02-03, leaveOut: true, knownAt: {known_at} }}");
        assert_eq!(
            found(&run(&with_events(WEEK, &fair), &frame)),
            expected,
            "{known_at}"
        );
    }
}

#[test]
fn an_event_holds_for_the_series_that_it_names() {
    let mut builder = Frame::builder("shop", [Metric::new("orders")])
        .dimensions(["country"])
        .granularity(Granularity::days());
    for number in 0..56 {
        for country in ["DE", "FR"] {
            let value = if number == 29 { 20.0 } else { 100.0 };
            builder.row(day(number), &[country], &[value]).unwrap();
        }
    }
    let frame = builder.build().unwrap();
    let spec = format!("{WEEK}\ndimensionExploration: {{ dimensions: [country] }}");
    let fair = "  - { name: fair, start: 2026-02-03, leaveOut: true, filters: { country: DE } }";
    let report = run(&with_events(&spec, fair), &frame);
    let said: Vec<String> = report
        .anomalies()
        .iter()
        .map(|anomaly| format!("{} {}", anomaly.slice, anomaly.direction))
        .collect();
    assert_eq!(
        said,
        [
            "orders{country=DE} down",
            "orders{country=FR} down",
            "orders{country=FR} up"
        ]
    );
    assert_eq!(report.idle_events(), None);
    let elsewhere = fair.replace("country: DE", "country: IT");
    let report = run(&with_events(&spec, &elsewhere), &frame);
    assert_eq!(
        report.idle_events().as_deref(),
        Some(
            "the event \"fair\" holds for no series that was looked at: of `country` none is `IT`"
        )
    );
    let misspelt = fair.replace("country: DE", "contry: DE");
    let report = run(&with_events(&spec, &misspelt), &frame);
    assert_eq!(
        report.idle_events().as_deref(),
        Some(
            "the event \"fair\" holds for no series that was looked at: none of them has a \
             dimension `contry`; did you mean `country`?"
        )
    );
    let whole = run(&with_events(WEEK, fair), &frame);
    assert_eq!(
        whole.idle_events().as_deref(),
        Some(
            "the event \"fair\" holds for no series that was looked at: none of them has a \
             dimension `country`; explore that dimension (dimensionExploration), or take it out of \
             the event"
        )
    );
}

/// Of one detection that looks at the whole and at each country and shop.
#[test]
fn an_event_that_holds_in_one_part_is_not_idle_and_one_that_does_not_is_told_once() {
    let builder = Frame::builder("shop", [Metric::new("orders")]);
    let mut builder = builder
        .granularity(Granularity::days())
        .dimensions(["country", "shop"]);
    for number in 0..14 {
        for country in ["DE", "FR"] {
            builder.row(day(number), &[country, "1"], &[100.0]).unwrap();
        }
    }
    let frame = builder.build().unwrap();
    let rule = "type: THRESHOLD, params: { max: 500 }";
    let spec = format!(
        "
detectionName: both
type: COMPOSITE_ALERT
alerts:
  - name: whole
    metric: orders
    rules: {{ detection: {{ name: one, {rule} }} }}
  - name: each
    metric: orders
    dimensionExploration: {{ dimensions: [country, shop] }}
    rules: {{ detection: {{ name: other, {rule} }} }}
"
    );
    let idle = |filters: &str| {
        let event =
            format!("  - {{ name: fair, start: 2026-01-06, leaveOut: true, filters: {filters} }}");
        run(&with_events(&spec, &event), &frame).idle_events()
    };
    assert_eq!(idle("{ country: [DE, IT] }"), None);
    let of_shop =
        "the event \"fair\" holds for no series that was looked at: of `shop` none is `9`";
    assert_eq!(
        idle("{ country: [IT, DE], shop: 9 }").as_deref(),
        Some(of_shop)
    );
}

#[test]
fn a_day_that_is_left_out_hides_the_week_that_it_touches() {
    let frame = orders(&[(29, 20.0), (30, 20.0), (31, 20.0)]);
    let spec = WEEK.replace(
        "percentageChange: 0.3",
        "percentageChange: 0.2, monitoringGranularity: 1_WEEKS",
    );
    let plain = run(&Detection::from_yaml(&spec).unwrap(), &frame);
    assert_eq!(found(&plain), ["28 down", "35 up"]);
    assert_eq!(found(&run(&with_events(&spec, FAIR), &frame)), ["28 down"]);
}

#[test]
fn holidays_are_left_out_by_the_clock_of_the_data() {
    // 1 January 2026 was a Thursday; the data of a shop in New York from the Monday before.
    let zone: Zone = "America/New_York".parse().unwrap();
    let mut builder = Frame::builder("shop", [Metric::new("orders")])
        .zone(zone)
        .granularity(Granularity::days());
    // Midnight in New York, 15 December 2025; the holidays are 10 and 17 days later.
    let first: Instant = "2025-12-15T05:00:00Z".parse().unwrap();
    for number in 0..28 {
        let value = if [10, 17].contains(&number) {
            20.0
        } else {
            100.0
        };
        let midnight = Instant::from_millis(first.millis() + number * DAY).unwrap();
        builder.row(midnight, &[], &[value]).unwrap();
    }
    let frame = builder.build().unwrap();
    let starts = |report: &Report| -> Vec<String> {
        let starts = report.anomalies().iter().map(|a| a.interval.start());
        starts.map(|at| at.to_string()[..10].to_owned()).collect()
    };
    let plain = run(&Detection::from_yaml(WEEK).unwrap(), &frame);
    assert_eq!(starts(&plain), ["2025-12-25", "2026-01-08"]);
    let spec = format!("{WEEK}\nholidays: us");
    let known = run(&Detection::from_yaml(&spec).unwrap(), &frame);
    // 1 January is compared with 18 December, and so is 8 January.
    assert_eq!(starts(&known), ["2025-12-25", "2026-01-01"]);
}

fn date(text: &str) -> tuatara::frame::NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_factor_is_expected_by_the_rule_and_by_the_offset_of_a_filter() {
    let frame = orders(&[(29, 50.5)]);
    let spec = WEEK.replace(
        "merger:",
        "    filter:
      - name: far
        type: PERCENTAGE_CHANGE_FILTER
        params: { offset: wo1w, threshold: 0.3 }
merger:",
    );
    let half = "  - { name: fair, start: 2026-02-03, leaveOut: true, expect: 0.5 }";
    assert!(found(&run(&with_events(&spec, half), &frame)).is_empty());
    // A fifth is expected: 50.5 is 150 % more, for the filter, too.
    let fifth = half.replace("0.5", "0.2");
    let report = run(&with_events(&spec, &fifth), &frame);
    assert_eq!(found(&report), ["29 up"]);
    let anomaly = &report.anomalies()[0];
    assert_eq!(anomaly.expected, 101.0 * 0.2);
    assert!((anomaly.judgements[0].value - 1.5).abs() < 1e-12);
    let why = report.explain(&anomaly.slice, day(29)).unwrap()[0].to_string();
    assert!(
        why.contains("  - in the event \"fair\": 0.2 times as much is expected\n"),
        "{why}"
    );
}

const SUPPRESSED: &str = "
  - name: maintenance
    start: 2026-02-03
    suppress: { expectedChange: -0.5, acceptableDeviation: 0.1 }
  - { name: fair, start: 2026-02-02, end: 2026-02-08, suppress: true, knownAt: 2026-02-05 }
";

#[test]
fn a_window_marks_what_starts_in_it_and_is_of_its_change() {
    // 50.5 is half of 101, and 10.1 a tenth.
    for (value, marked) in [(50.5, true), (10.1, false), (60.0, true), (61.0, false)] {
        let frame = orders(&[(29, value)]);
        let events = &SUPPRESSED[..SUPPRESSED.find("  - { name: fair").unwrap()];
        let report = run(&with_events(WEEK, events), &frame);
        let anomaly = &report.anomalies()[0];
        assert_eq!(anomaly.is_suppressed(), marked, "{value}");
        assert_eq!(
            anomaly.suppressions.len(),
            1,
            "what did not apply is there, too"
        );
        assert_eq!(report.suppressed(), usize::from(marked));
    }
}

#[test]
fn the_edges_of_the_change_are_in_it() {
    // In halves, quarters and eighths, which are exact: from −0.625 to −0.375.
    for (value, marked) in [(37.5, true), (62.5, true), (37.0, false), (63.0, false)] {
        let frame = orders(&[(28, value)]);
        let event = "  - name: x
    start: 2026-02-02
    suppress: { expectedChange: -0.5, acceptableDeviation: 0.125 }";
        let report = run(&with_events(WEEK, event), &frame);
        assert_eq!(report.anomalies()[0].is_suppressed(), marked, "{value}");
    }
}

#[test]
fn a_window_ends_before_its_end() {
    let frame = orders(&[(28, 20.0), (35, 200.0), (42, 100.0)]);
    let event = "  - { name: x, start: 2026-02-02, end: 2026-02-09, suppress: true }";
    let report = run(&with_events(WEEK, event), &frame);
    let marked: Vec<bool> = report
        .anomalies()
        .iter()
        .map(|anomaly| anomaly.is_suppressed())
        .collect();
    assert_eq!(found(&report), ["28 down", "35 up", "42 down"]);
    assert_eq!(marked, [true, false, false], "day 35 is 9 February");
}

#[test]
fn quirk_21_every_one_of_several_windows_counts() {
    // In the original several windows of one type are one, and its last values win.
    let frame = orders(&[(29, 50.5), (43, 50.5)]);
    let events = "
  - { name: first, start: 2026-02-03, suppress: true }
  - { name: second, start: 2026-02-03, suppress: true }
  - { name: third, start: 2026-02-17, suppress: true }
";
    let report = run(&with_events(WEEK, events), &frame);
    let by: Vec<Vec<&str>> = report
        .anomalies()
        .iter()
        .map(|anomaly| anomaly.suppressed_by().collect())
        .collect();
    assert_eq!(found(&report), ["29 down", "36 up", "43 down", "50 up"]);
    assert_eq!(by, [vec!["first", "second"], vec![], vec!["third"], vec![]]);
}

#[test]
fn a_suppressed_instant_is_explained_to_the_letter() {
    let frame = orders(&[(29, 50.5), (30, 50.5), (31, 50.5)]);
    let report = run(&with_events(WEEK, SUPPRESSED), &frame);
    let said = |number| {
        let why = report
            .explain(&SliceKey::new("orders"), day(number))
            .unwrap();
        why[0].to_string()
    };
    assert_eq!(
        said(29),
        "\
orders at 2026-02-03T00:00:00Z by week:PERCENTAGE_RULE
  It fired, suppressed by \"maintenance\": 50.5 is 50.0 % below the expected 101, the band starts at 70.7.
  observed 50.5, expected 101, band [70.7, 131.3], score 1.66667, verdict anomaly_down
  - 1w earlier (2026-01-27T00:00:00Z): 101
  - percentageChange 0.3 gives a band of ±30.3
  anomaly e86120bc31ffc6e4f54078170074cedb from 2026-02-03T00:00:00Z to 2026-02-04T00:00:00Z, reported as of this bucket
  - reportable since 2026-02-04T00:00:00Z
  - suppressed by the event \"maintenance\": it starts in 2026-02-03T00:00:00Z to 2026-02-04T00:00:00Z, and its change, -50 %, lies within -50 % ± 10 %
"
    );
    // The fair is known from the end of day 30 on.
    let later = said(31);
    assert!(
        later.contains("It fired, suppressed by \"fair\" and \"maintenance\": "),
        "{later}"
    );
    assert!(
        later.contains(
            "  - suppressed by the event \"fair\": it starts in 2026-02-02T00:00:00Z to \
             2026-02-08T00:00:00Z\n"
        ),
        "{later}"
    );
    let frame = orders(&[(29, 10.1)]);
    let report = run(&with_events(WEEK, SUPPRESSED), &frame);
    let why = report.explain(&SliceKey::new("orders"), day(29)).unwrap();
    let why = why[0].to_string();
    assert!(why.contains("  It fired: 10.1 is 90.0 % below"), "{why}");
    assert!(
        why.contains(
            "  - not suppressed by the event \"maintenance\": it starts in 2026-02-03T00:00:00Z to \
             2026-02-04T00:00:00Z, but its change, -90 %, lies outside -50 % ± 10 %\n"
        ),
        "{why}"
    );
}

#[test]
fn an_anomaly_that_becomes_suppressed_is_told_again() {
    let frame = orders(&[(29, 50.5), (30, 51.0), (31, 51.5), (32, 52.0)]);
    let fair = "  - { name: fair, start: 2026-02-03, end: 2026-02-08, suppress: true, \
                knownAt: 2026-02-05T12:00:00Z }";
    let report = run(&with_events(WEEK, fair), &frame);
    let told: Vec<(String, bool)> = report
        .events()
        .iter()
        .take(4)
        .map(|event| (event.kind.to_string(), event.anomaly.is_suppressed()))
        .collect();
    let told: Vec<(&str, bool)> = told.iter().map(|(kind, by)| (kind.as_str(), *by)).collect();
    assert_eq!(
        told,
        [
            ("opened", false),
            ("extended", false),
            ("rescored", true),
            ("extended", true)
        ]
    );
}

/// Without a lookback the second run does not see where the anomaly began.
#[test]
fn a_run_that_goes_on_knows_the_window_in_which_an_anomaly_began() {
    let frame = orders(&[(29, 10.0), (30, 10.0), (31, 10.0), (32, 10.0)]);
    let spec = "
detectionName: orders
metric: orders
rules:
  - detection: { name: low, type: THRESHOLD, params: { min: 50 } }
merger: { maxGap: PT0S }
events:
  - { name: fair, start: 2026-02-03, suppress: true }
";
    let detection = Detection::from_yaml(spec).unwrap();
    let first = Interval::new(day(0), day(31)).unwrap();
    let first = detection.run(&frame, first).unwrap();
    let second = Interval::new(day(31), day(56)).unwrap();
    let second = detection.run_with(&frame, second, first.carry()).unwrap();
    assert_eq!(second.anomalies()[0].interval.start(), day(29));
    assert!(second.anomalies()[0].is_suppressed());
}

fn limit(name: &str, percent: f64) -> tuatara::Rule {
    let params = tuatara::rules::PercentageRuleParams {
        percentage_change: Some(percent),
        ..Default::default()
    };
    tuatara::Rule::from_params(name, params).unwrap()
}

fn built(events: impl IntoIterator<Item = EventBuilder>) -> Detection {
    let calendar = events.into_iter().fold(EventCalendar::new(), |all, event| {
        all.with(event.build().unwrap())
    });
    Detection::builder("orders", "orders")
        .rule(limit("week", 0.3))
        .merge(
            tuatara::merge::MergePolicy::new(
                tuatara::frame::Duration::ZERO,
                tuatara::frame::Duration::days(7),
            )
            .unwrap(),
        )
        .calendar(calendar)
        .build()
        .unwrap()
}

fn fair() -> EventBuilder {
    CalendarEvent::on("fair", date("2026-02-03"))
}

#[test]
fn events_in_code_are_those_of_a_configuration_and_name_another_detection() {
    let frame = orders(&[(29, 20.0)]);
    let (none, with) = (built([]), built([fair().leave_out()]));
    assert_ne!(none.fingerprint(), with.fingerprint());
    assert_eq!(found(&run(&with, &frame)), ["29 down"]);
    let calendar = with.calendar().clone();
    let later = none.clone().with_calendar(calendar);
    assert_eq!(found(&run(&later, &frame)), ["29 down"]);
    assert_ne!(later.fingerprint(), none.fingerprint());
    let same = none.clone().with_calendar(EventCalendar::new());
    assert_eq!(same.fingerprint(), none.fingerprint());
    let yaml = Detection::from_yaml(WEEK).unwrap();
    assert_ne!(yaml.fingerprint(), with_events(WEEK, FAIR).fingerprint());
}

#[test]
fn a_parent_is_suppressed_only_if_each_of_its_children_is() {
    // One rule finds days 29 and 30, the other, which asks for more, day 30 alone.
    let frame = orders(&[(29, 60.0), (30, 20.0)]);
    let both = |events: Vec<EventBuilder>| {
        let calendar = events.into_iter().fold(EventCalendar::new(), |all, event| {
            all.with(event.build().unwrap())
        });
        let detection = Detection::builder("orders", "orders")
            .rule(limit("some", 0.3))
            .rule(limit("much", 0.6))
            .calendar(calendar)
            .build()
            .unwrap();
        let report = run(&detection, &frame);
        report.anomalies()[0].clone()
    };
    let marked = |anomaly: &Anomaly| -> (bool, Vec<bool>) {
        let children = anomaly
            .children
            .iter()
            .map(|anomaly| anomaly.is_suppressed())
            .collect();
        (anomaly.is_suppressed(), children)
    };
    let one = both(vec![fair().suppress()]);
    assert_eq!(one.rules.len(), 2, "two children");
    assert_eq!(marked(&one), (false, vec![true, false]));
    let next = CalendarEvent::on("day after", date("2026-02-04"));
    let each = both(vec![fair().suppress(), next.suppress()]);
    assert_eq!(marked(&each), (true, vec![true, true]));
    assert_eq!(
        each.suppressed_by().collect::<Vec<_>>(),
        ["fair", "day after"]
    );
    let change = ExpectedChange::new(0.5, 0.1).unwrap();
    let other = both(vec![fair().suppress_change(change)]);
    assert_eq!(marked(&other), (false, vec![false, false]));
    assert!(
        other.suppressions.is_empty(),
        "what does not apply stays with the children"
    );
}
