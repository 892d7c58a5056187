//! A backtest with data that come late tells what production would have told, instant by instant.

mod shop;

use shop::{HOUR, at, orders, span};
use tuatara::frame::{Duration, Frame, Granularity, Metric};
use tuatara::{Carry, Detection};
use tuatara_backtest::{Late, Ran};

/// A level that wobbles, with three drops, one of them for an hour only.
fn wobbling(hour: i64) -> Option<f64> {
    let usual = 100.0 + ((hour * 37) % 11) as f64;
    Some(match hour {
        200 | 260..=263 | 300..=309 => usual * 0.5,
        _ => usual,
    })
}

fn detection() -> Detection {
    Detection::from_yaml(
        "
detectionName: drops
metric: orders
rules:
  - detection: { name: drop, type: ROBUST_ZSCORE, params: { lookback: P3D, minRel: 0.2 } }
    filter: { name: lasting, type: DURATION_FILTER, params: { minDuration: PT2H } }
merger: { maxGap: 0 }
",
    )
    .unwrap()
}

/// What had arrived at hour `now`, each row `late` hours after the end of its bucket.
fn arrived(now: i64, late: i64) -> Frame {
    let hourly = Granularity::fixed(Duration::hours(1)).unwrap();
    let mut rows = Frame::builder("shop", [Metric::new("orders")]).granularity(hourly);
    for hour in 0..now - late {
        rows.row(at(hour), &[], &[wobbling(hour).unwrap()]).unwrap();
    }
    rows.build().unwrap()
}

#[test]
fn late_data_are_judged_as_of_their_arrival() {
    const HOURS: i64 = 400;
    let (detection, late) = (detection(), 3);
    let delay = Duration::hours(3);
    // Production: once an hour over what has arrived, going on from the state of the hour before.
    let mut carry: Option<Carry> = None;
    let mut told = Vec::new();
    for now in late + 2..=HOURS + late {
        let frame = arrived(now, late);
        let source = Late::new(&frame, &detection, delay);
        let from = if carry.is_some() { now - 1 } else { late };
        let report = match &carry {
            Some(carry) => detection.run_with(&source, span(from, now), carry),
            None => detection.run(&source, span(from, now)),
        };
        let report = report.unwrap();
        for event in report.events() {
            told.push((now, event.kind.as_str(), event.anomaly.interval));
        }
        carry = Some(report.carry().clone());
    }
    assert!(told.len() > 6, "{told:?}");

    let all = orders(HOURS, wobbling);
    let ran = Ran::over(&detection, &all, span(0, HOURS), delay, None).unwrap();
    let hours = |millis: i64| (millis - at(0).millis()) / HOUR;
    let events: Vec<_> = ran
        .report()
        .events()
        .iter()
        .map(|event| {
            (
                hours(event.at.millis()) + late,
                event.kind.as_str(),
                event.anomaly.interval,
            )
        })
        .collect();
    assert_eq!(events, told);

    // And an alert is told when the hour in which it was opened was over and had arrived.
    let opened: Vec<i64> = told
        .iter()
        .filter(|(_, kind, _)| *kind == "opened")
        .map(|(now, ..)| *now)
        .collect();
    let alerts: Vec<i64> = ran
        .told()
        .iter()
        .map(|told| hours(told.alert.reportable_at.millis()))
        .collect();
    assert_eq!(alerts, opened);
    assert_eq!(
        ran.pages()
            .iter()
            .map(|at| hours(at.millis()))
            .collect::<Vec<_>>(),
        opened
    );
    // The drop from 260 on has lasted two hours at 262, and its data came three hours later.
    assert_eq!(alerts, [265, 305]);
}

#[test]
fn without_delay_an_alert_is_told_at_the_end_of_its_bucket() {
    let frame = orders(400, wobbling);
    let ran = Ran::over(&detection(), &frame, span(0, 400), Duration::ZERO, None).unwrap();
    let told: Vec<_> = ran
        .told()
        .iter()
        .map(|told| told.alert.reportable_at)
        .collect();
    assert_eq!(told, [at(262), at(302)]);
}
