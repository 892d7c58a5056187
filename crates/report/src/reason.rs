//! Why something is an anomaly, in one clause.

use tuatara::core::{Anomaly, Short};
use tuatara::frame::Instant;

/// The anomaly as a whole, and its worst bucket when it has several; `show` makes text of instants.
pub fn reason(anomaly: &Anomaly, show: impl Fn(Instant) -> String) -> String {
    let peak = &anomaly.peak;
    let nothing = anomaly.observed.is_nan() && peak.observed.is_nan();
    // Several values together were never observed as one; a change can be measured of them alone.
    let whole = if anomaly.flagged > 1 && anomaly.expected.is_nan() && !nothing {
        format!(
            "{} buckets are anomalous without an expectation",
            anomaly.flagged
        )
    } else {
        compared(anomaly.observed, anomaly.expected)
    };
    // Of an absence no bucket is worse than another.
    if anomaly.flagged <= 1 || peak.observed.is_nan() {
        return whole;
    }
    let worst = compared(peak.observed, peak.expected);
    format!("{whole}; worst at {}: {worst}", show(peak.at))
}

fn compared(observed: f64, expected: f64) -> String {
    let deviation = observed - expected;
    let (value, of) = (Short(observed), Short(expected));
    if deviation == 0.0 {
        return format!("{value} as expected");
    }
    if deviation.is_nan() {
        return format!("{value} was observed");
    }
    let share = 100.0 * deviation.abs() / expected.abs();
    let change = if share.is_finite() {
        format!("{share:.1} %")
    } else {
        Short(deviation.abs()).to_string()
    };
    let side = if deviation > 0.0 { "above" } else { "below" };
    format!("{value} is {change} {side} the expected {of}")
}
