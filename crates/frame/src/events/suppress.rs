//! Windows in which anomalies are expected, and marked.

use std::sync::Arc;

use super::EventError;
use crate::{Instant, Interval};

/// The change for which a suppression window is meant: in
/// `[expected − deviation, expected + deviation]`, both ends included.
///
/// Source: ThirdEye 2020, alert suppression by time window, `expectedChange` and
/// `acceptableDeviation`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedChange {
    expected: f64,
    deviation: f64,
}

impl ExpectedChange {
    /// A change by `expected`, a fraction of what is expected (−0.4 is 40 % less), or by up to
    /// `deviation`, in [0, ∞), more or less.
    ///
    /// # Errors
    /// [`EventError::Change`] where one of the two is not finite or the second is
    /// negative.
    pub fn new(expected: f64, deviation: f64) -> Result<Self, EventError> {
        let refused = |key, value, allowed| EventError::Change {
            key,
            value,
            allowed,
        };
        if !expected.is_finite() {
            let allowed = "a finite fraction, such as -0.4 for 40 % less";
            return Err(refused("expectedChange", expected, allowed));
        }
        if !(deviation.is_finite() && deviation >= 0.0) {
            let allowed = "a fraction in [0, ∞), such as 0.1";
            return Err(refused("acceptableDeviation", deviation, allowed));
        }
        Ok(Self {
            expected,
            deviation,
        })
    }

    /// The change that is expected, a fraction.
    pub fn expected(self) -> f64 {
        self.expected
    }

    /// How far from it is acceptable, a fraction.
    pub fn deviation(self) -> f64 {
        self.deviation
    }

    /// Whether `change` lies within; never where it is NaN.
    pub fn admits(self, change: f64) -> bool {
        self.expected - self.deviation <= change && change <= self.expected + self.deviation
    }
}

/// A stretch of time of which anomalies that start in it are marked as suppressed.
#[derive(Debug, Clone, PartialEq)]
pub struct SuppressionWindow {
    pub(super) event: Arc<str>,
    pub(super) interval: Interval,
    pub(super) known_at: Instant,
    pub(super) change: Option<ExpectedChange>,
}

impl SuppressionWindow {
    /// The name of its event.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// Where an anomaly has to start.
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// From when on it counts.
    pub fn known_at(&self) -> Instant {
        self.known_at
    }

    /// The change it is meant for; every anomaly where there is none.
    pub fn change(&self) -> Option<ExpectedChange> {
        self.change
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_the_acceptable_change_are_in_it() {
        let around = ExpectedChange::new(-0.5, 0.25).unwrap();
        for (change, admitted) in [
            (-0.75, true),
            (-0.25, true),
            (-0.76, false),
            (-0.24, false),
            (f64::NAN, false),
        ] {
            assert_eq!(around.admits(change), admitted, "{change}");
        }
    }
}
