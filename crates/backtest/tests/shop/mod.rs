//! Hourly data whose anomalies are known, for the tests here.

#![allow(dead_code)] // each test uses a part

use tuatara::Detection;
use tuatara::frame::{Duration, Frame, Granularity, Instant, Interval, Metric};

pub(crate) const HOUR: i64 = 3_600_000;
/// 2026-01-05, a Monday.
const START: i64 = 1_767_571_200_000;

/// The start of an hour.
pub(crate) fn at(hour: i64) -> Instant {
    Instant::from_millis(START + hour * HOUR).unwrap()
}

/// From one hour to another.
pub(crate) fn span(from: i64, to: i64) -> Interval {
    Interval::new(at(from), at(to)).unwrap()
}

/// Orders by hour: 100, or what `other` says.
pub(crate) fn orders(hours: i64, other: impl Fn(i64) -> Option<f64>) -> Frame {
    shops(&["one"], hours, |_, hour| other(hour))
}

/// Orders of several shops.
pub(crate) fn shops(
    names: &[&str],
    hours: i64,
    other: impl Fn(usize, i64) -> Option<f64>,
) -> Frame {
    let hourly = Granularity::fixed(Duration::hours(1)).unwrap();
    let builder = Frame::builder("shop", [Metric::new("orders")]).granularity(hourly);
    let mut builder = builder.dimensions(["shop"]);
    for hour in 0..hours {
        for (shop, name) in names.iter().enumerate() {
            let value = other(shop, hour).unwrap_or(100.0);
            builder.row(at(hour), &[name], &[value]).unwrap();
        }
    }
    builder.build().unwrap()
}

/// Alarms below `min`; `more` stands behind the rule.
pub(crate) fn below(min: f64, more: &str) -> Detection {
    let text = format!(
        "detectionName: few orders
metric: orders
dimensionExploration: {{ dimensions: [shop] }}
rules:
  - detection: {{ name: few, type: THRESHOLD, params: {{ min: {min} }} }}
{more}
merger: {{ maxGap: 0 }}
"
    );
    Detection::from_yaml(&text).unwrap()
}
