//! Values tried over four weeks of which the alerts are known.

mod shop;

use shop::{at, below, orders, span};
use tuatara::Detection;
use tuatara::frame::{Duration, Frame, Granularity, Metric};
use tuatara_backtest::{Counted, Known, Ran, Tried, Tuning};
use tuatara_metrics::labelled::read_incidents_from;

/// Of four weeks, three dips to 70 and one to 40 in the first two; four to 70 in the last.
fn four_weeks() -> Frame {
    orders(672, |hour| match hour {
        50 | 100 | 200 | 550 | 570 | 590 | 610 => Some(70.0),
        300 => Some(40.0),
        _ => None,
    })
}

fn tuned(budget: &str, held_back: f64, known: &Known) -> Tuning {
    let frame = four_weeks();
    let mut tuning = Tuning::new(budget.parse().unwrap(), span(0, 672), held_back);
    for min in [30.0, 50.0, 80.0] {
        let detection = below(min, "");
        let ran = Ran::over(&detection, &frame, span(0, 672), Duration::ZERO, None).unwrap();
        tuning.add(min.to_string(), &ran, &frame, known).unwrap();
    }
    tuning
}

#[test]
fn the_most_sensitive_value_within_the_budget_is_chosen_and_checked_behind_the_cut() {
    let tuning = tuned("2/week", 0.5, &Known::Nothing);
    assert_eq!(tuning.cut(), at(336));
    let alerts: Vec<_> = tuning
        .tried()
        .iter()
        .map(|tried| (tried.tuning.alerts, tried.held_back.alerts))
        .collect();
    assert_eq!(alerts, [(0, 0), (1, 0), (4, 4)]);
    // Four in two weeks on either side.
    let chosen = tuning.chosen().unwrap();
    assert_eq!((chosen.at, chosen.holds), (2, true));
    assert_eq!(tuning.tried()[2].tuning.rate, Some(2.0));

    // With the last week held back: four in it, where two were welcome.
    let tuning = tuned("2/week", 0.25, &Known::Nothing);
    let chosen = tuning.chosen().unwrap();
    assert_eq!((chosen.at, chosen.holds), (2, false));
    // At least four where two are expected: 1 − e⁻² (1 + 2 + 2 + 4/3) = 0.1429.
    assert!(
        (chosen.by_chance - 0.142_876).abs() < 1e-5,
        "{}",
        chosen.by_chance
    );
}

#[test]
fn a_smaller_budget_takes_a_less_sensitive_value_or_none() {
    assert_eq!(
        tuned("1/week", 0.5, &Known::Nothing).chosen().unwrap().at,
        1
    );
    assert_eq!(
        tuned("2/month", 0.5, &Known::Nothing).chosen().unwrap().at,
        0
    );
    // Every value that is tried alarms.
    let frame = four_weeks();
    let mut tuning = Tuning::new("1/month".parse().unwrap(), span(0, 672), 0.5);
    let ran = Ran::over(&below(80.0, ""), &frame, span(0, 672), Duration::ZERO, None).unwrap();
    tuning.add("80", &ran, &frame, &Known::Nothing).unwrap();
    assert_eq!(tuning.chosen(), None);
}

#[test]
fn with_labels_the_value_that_finds_the_most_is_chosen_then_the_one_that_says_the_least() {
    let labels = |hour: i64| {
        let text = format!("start,end\n{},{}\n", at(hour), at(hour + 1));
        Known::Incidents(read_incidents_from(text.as_bytes(), "l.csv", Default::default()).unwrap())
    };
    // Both 50 and 80 find it; 50 says less.
    let tuning = tuned("2/week", 0.5, &labels(300));
    assert!(tuning.has_incidents());
    assert_eq!(tuning.chosen().unwrap().at, 1);
    // Only 80 finds this one.
    assert_eq!(tuned("2/week", 0.5, &labels(100)).chosen().unwrap().at, 2);
    // Nothing is known before the cut: the budget alone decides, and that is said.
    let tuning = tuned("2/week", 0.5, &labels(550));
    assert!(tuning.is_labelled() && !tuning.has_incidents());
    assert_eq!(tuning.chosen().unwrap().at, 2);
    assert_eq!(
        tuning.tried()[2]
            .held_back
            .operator
            .as_ref()
            .unwrap()
            .share_found(),
        Some(1.0)
    );
}

#[test]
fn a_series_counts_in_the_part_and_for_the_time_in_which_it_was_judged() {
    let hourly = Granularity::fixed(Duration::hours(1)).unwrap();
    let builder = Frame::builder("shop", [Metric::new("orders")]).granularity(hourly);
    let mut rows = builder.dimensions(["shop"]);
    for hour in 0..672 {
        let value = if [50, 100, 200].contains(&hour) {
            70.0
        } else {
            100.0
        };
        rows.row(at(hour), &["one"], &[value]).unwrap();
        // The second shop opens in the last week, behind the cut.
        if hour >= 504 {
            rows.row(at(hour), &["two"], &[100.0]).unwrap();
        }
    }
    let frame = rows.build().unwrap();
    let mut tuning = Tuning::new("1/week/series".parse().unwrap(), span(0, 672), 0.5);
    let ran = Ran::over(&below(80.0, ""), &frame, span(0, 672), Duration::ZERO, None).unwrap();
    tuning.add("80", &ran, &frame, &Known::Nothing).unwrap();
    let Tried {
        tuning: first,
        held_back: last,
        ..
    } = &tuning.tried()[0];
    // Three in two weeks of one series.
    assert_eq!((first.series, first.of_series), (1, Duration::days(14)));
    assert_eq!((first.alerts, first.rate), (3, Some(1.5)));
    // Two weeks of the one, one of the other.
    assert_eq!((last.series, last.of_series), (2, Duration::days(21)));
    assert_eq!((last.time, last.alerts), (Duration::days(14), 0));
}

/// Hours from and to that are low, and the same of an incident, in four weeks cut at hour 336.
fn at_the_cut(low: [i64; 2], incident: [i64; 2], more: &str) -> Tuning {
    let frame = orders(672, |hour| {
        (low[0] <= hour && hour < low[1]).then_some(70.0)
    });
    let text = format!("start,end\n{},{}\n", at(incident[0]), at(incident[1]));
    let known = Known::Incidents(
        read_incidents_from(text.as_bytes(), "l.csv", Default::default()).unwrap(),
    );
    let mut tuning = Tuning::new("9/week".parse().unwrap(), span(0, 672), 0.5);
    let detection = below(80.0, more);
    let ran = Ran::over(&detection, &frame, span(0, 672), Duration::ZERO, None).unwrap();
    tuning.add("80", &ran, &frame, &known).unwrap();
    tuning
}

/// Incidents, found ones, alerts and false ones.
fn counts(counted: &Counted) -> [usize; 4] {
    let operator = counted.operator.as_ref().unwrap();
    let (found, in_vain) = (operator.found.len(), operator.false_alerts());
    [operator.incidents, found, operator.alerts, in_vain]
}

#[test]
fn what_was_told_before_the_cut_counts_though_it_is_taken_back_behind_it() {
    // Low for fifteen hours from six before the cut; after eight the filter takes it back.
    let short = "    filter: { name: short, type: DURATION_FILTER, params: { maxDuration: PT8H } }";
    let tuning = at_the_cut([330, 345], [330, 346], short);
    let tried = &tuning.tried()[0];
    assert_eq!(counts(&tried.tuning), [1, 1, 1, 0]);
    assert_eq!(counts(&tried.held_back), [0, 0, 0, 0]);
}

#[test]
fn what_is_found_before_the_cut_does_not_depend_on_what_an_alert_grows_to_behind_it() {
    // Told at 335, six hours before the incident that it reaches in the end.
    let tuning = at_the_cut([334, 345], [340, 346], "");
    let tried = &tuning.tried()[0];
    assert_eq!(counts(&tried.tuning), [0, 0, 1, 1]);
    // In the other part the alert is there, and is not counted again.
    assert_eq!(counts(&tried.held_back), [1, 1, 0, 0]);
}

#[test]
fn an_alert_on_an_incident_that_began_before_the_cut_is_true() {
    let tuning = at_the_cut([340, 342], [330, 346], "");
    let tried = &tuning.tried()[0];
    assert_eq!(counts(&tried.tuning), [1, 0, 0, 0]);
    assert_eq!(counts(&tried.held_back), [0, 0, 1, 0]);
}

#[test]
fn nothing_judged_before_the_cut_is_told_apart_from_too_many_alerts() {
    let frame = four_weeks();
    let weekly = "
detectionName: weekly
metric: orders
rules:
  - detection: { name: drop, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.2 } }
";
    let weekly = Detection::from_yaml(weekly).unwrap();
    let ran = Ran::over(&weekly, &frame, span(0, 672), Duration::ZERO, None).unwrap();
    let judged = |held_back| {
        let mut tuning = Tuning::new("1/week".parse().unwrap(), span(0, 672), held_back);
        tuning.add("0.2", &ran, &frame, &Known::Nothing).unwrap();
        tuning.has_judged()
    };
    // The first week is compared with nothing.
    assert!(!judged(0.75) && judged(0.5));
}
