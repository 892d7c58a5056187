//! How often two specifications tell something, worked out by hand.

mod shop;

use shop::{orders, span};
use tuatara::Detection;
use tuatara::frame::Duration;
use tuatara_backtest::{Diff, Ran};

#[test]
fn a_week_counts_from_the_first_bucket_that_was_judged() {
    let weekly = Detection::from_yaml(
        "
detectionName: weekly
metric: orders
rules:
  - detection: { name: drop, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.2 } }
",
    )
    .unwrap();
    let frame = orders(504, |hour| (hour == 400).then_some(40.0));
    let ran = Ran::over(&weekly, &frame, span(0, 504), Duration::ZERO, None).unwrap();
    let diff = Diff::between(&ran, &ran);
    assert!(diff.is_same());
    // Of three weeks the first has nothing to compare with: one alert in two.
    assert_eq!(
        (diff.after.alerts, diff.after.alerts_per_week),
        (1, Some(0.5))
    );
    // In the first alone there is no week to count by.
    let ran = Ran::over(&weekly, &frame, span(0, 168), Duration::ZERO, None).unwrap();
    assert_eq!(Diff::between(&ran, &ran).before.alerts_per_week, None);
}
