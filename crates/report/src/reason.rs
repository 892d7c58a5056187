//! Why something is an anomaly, in one clause.

use tuatara::core::{Anomaly, Short};
use tuatara::frame::Instant;

/// The anomaly as a whole, and its worst bucket when it has several; `show` makes text of instants.
pub fn reason(anomaly: &Anomaly, show: impl Fn(Instant) -> String) -> String {
    let peak = &anomaly.peak;
    let nothing = anomaly.observed.is_nan() && peak.observed.is_nan();
    // Several values together were never observed as one; a change can be measured of them alone. Nor
    // is a limit one of them together.
    let several = anomaly.flagged > 1;
    // A band of one side and without width looks like a limit, and is none.
    let knows_limits = anomaly
        .rules
        .iter()
        .any(|rule| rule.ends_with(":THRESHOLD"));
    let is_limit = knows_limits && peak.limit().is_some();
    let whole = if several && is_limit {
        let of_one = anomaly.rules.len() == 1;
        let how = if of_one {
            "lie beyond a limit"
        } else {
            "are anomalous"
        };
        format!("{} buckets {how}", anomaly.flagged)
    } else if several && anomaly.expected.is_nan() && !nothing {
        format!(
            "{} buckets are anomalous without an expectation",
            anomaly.flagged
        )
    } else {
        compared(anomaly.observed, anomaly.expected, is_limit)
    };
    // Of an absence no bucket is worse than another.
    if anomaly.flagged <= 1 || peak.observed.is_nan() {
        return whole;
    }
    let worst = compared(peak.observed, peak.expected, is_limit);
    format!("{whole}; worst at {}: {worst}", show(peak.at))
}

/// What was observed against what was `expected`, which may be a limit.
fn compared(observed: f64, expected: f64, is_limit: bool) -> String {
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
    let what = if is_limit { "limit" } else { "expected" };
    format!("{value} is {change} {side} the {what} {of}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuatara::Detection;
    use tuatara::frame::{Frame, Granularity, Metric};

    /// The reasons of what `rule` finds in a value a day.
    fn reasons(rule: &str, values: &[f64]) -> Vec<String> {
        let mut builder =
            Frame::builder("days", [Metric::new("n")]).granularity(Granularity::days());
        for (day, value) in (0_i64..).zip(values) {
            let at = Instant::from_millis(day * 86_400_000).unwrap();
            builder.row(at, &[], &[*value]).unwrap();
        }
        let frame = builder.build().unwrap();
        let spec = format!(
            "detectionName: x\nmetric: n\nmerger: {{ maxGap: 1d }}\nrules:\n  - detection: \
             {{ name: r, {rule} }}\n"
        );
        let detection = Detection::from_yaml(&spec).unwrap();
        let report = detection
            .run(&frame, detection.extent(&frame).unwrap())
            .unwrap();
        let show = |at: Instant| at.to_string()[..10].to_owned();
        report
            .anomalies()
            .iter()
            .map(|one| reason(one, show))
            .collect()
    }

    #[test]
    fn a_limit_is_crossed_and_nothing_is_expected() {
        let limits = "type: THRESHOLD, params: { min: 10, max: 20 }";
        assert_eq!(
            reasons(limits, &[15.0, 30.0, 15.0]),
            ["30 is 50.0 % above the limit 20"]
        );
        assert_eq!(
            reasons(limits, &[15.0, 30.0, 15.0, 40.0, 15.0]),
            ["2 buckets lie beyond a limit; worst at 1970-01-04: 40 is 100.0 % above the limit 20"]
        );
        assert_eq!(
            reasons("type: THRESHOLD, params: { min: 0 }", &[1.0, -3.0]),
            ["-3 is 3 below the limit 0"]
        );
        // With a band around it, it is a value that is expected.
        let change = "type: PERCENTAGE_RULE, params: { offset: do1d, percentageChange: 0.5 }";
        assert_eq!(
            reasons(change, &[10.0, 20.0]),
            ["20 is 100.0 % above the expected 10"]
        );
        // As it is with a band of one side, which ends where it begins: half of nothing is nothing.
        let upwards = change.replace("0.5 }", "0.5, pattern: UP }");
        assert_eq!(
            reasons(&upwards, &[0.0, 5.0]),
            ["5 is 5 above the expected 0"]
        );
    }
}
