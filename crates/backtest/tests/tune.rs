//! Values tried over four weeks of which the alerts are known.

mod shop;

use shop::{at, below, orders, span};
use tuatara::frame::{Duration, Frame};
use tuatara_backtest::{Known, Ran, Tuning};
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
