//! When nobody is told.

use tuatara_frame::{Instant, Interval};

use super::keys::{SUPPRESSOR, TIME_WINDOW};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields, Said, items};
use crate::language::words;
use crate::tree::Node;
use crate::{Code, Diagnostic, Span, Spanned};

/// `TIME_WINDOW`: anomalies that start in an interval are not told.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SuppressionWindow {
    /// `windowStartTime` up to `windowEndTime`.
    pub interval: Interval,
    /// `expectedChange` and `acceptableDeviation`, with `isThresholdApplied`: only changes like
    /// this are not told. None: no anomaly is.
    pub expected: Option<ExpectedChange>,
}

/// A change that is expected, as a fraction of the expectation: −0.25 is a drop by 25 %.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ExpectedChange {
    /// `expectedChange`; finite.
    pub change: f64,
    /// `acceptableDeviation`: how far from it a change may be; 0 or more.
    pub deviation: f64,
}

impl SuppressionWindow {
    /// Whether an anomaly is not told that starts at `start` and is `change` away from its
    /// expectation, as a fraction of it: (observed − expected) / |expected|.
    ///
    /// ```text
    /// start in [windowStartTime, windowEndTime)
    /// and, with isThresholdApplied,  e − d ≤ change ≤ e + d
    /// ```
    ///
    /// e being `expectedChange` and d `acceptableDeviation`. A change of NaN is like no other:
    /// such an anomaly is told.
    pub fn has(&self, start: Instant, change: f64) -> bool {
        self.interval.contains(start)
            && self.expected.is_none_or(|expected| {
                let ExpectedChange {
                    change: e,
                    deviation: d,
                } = expected;
                (e - d..=e + d).contains(&change)
            })
    }
}

/// Windows before this began when epochs were counted in seconds by mistake: 26 April 1970.
const SECONDS_LOOK_LIKE: i64 = 10_000_000_000;

/// Changes beyond this are percent by mistake more often than not.
const LARGEST_FRACTION: f64 = 5.0;

const KINDS: [(&str, ()); 1] = [("TIME_WINDOW", ())];

/// What `type` can be.
pub(super) const SUPPRESSOR_WORDS: [&str; KINDS.len()] = words(&KINDS);

const MEANT: &str =
    "milliseconds since 1970 such as 1542888000000, or a stamp such as 2018-11-22T12:00:00Z";

/// `alertSuppressors`.
pub(super) fn suppressors(said: &mut Said, entry: Entry<'_>) -> Vec<SuppressionWindow> {
    let mut windows = Vec::new();
    for item in items(&entry.1) {
        windows.extend(suppressor(said, item, entry.0.span));
    }
    windows
}

fn suppressor(said: &mut Said, item: &Node, at: Span) -> Option<SuppressionWindow> {
    let fields = said.fields(&SUPPRESSOR, item, at)?;
    let kind = match fields.get("type") {
        Some(entry) => said.required_word(entry, &KINDS),
        None => {
            said.missing(&fields, "type", "add `type: TIME_WINDOW`");
            None
        }
    };
    let params = match fields.get("params") {
        Some(entry) => said.fields(&TIME_WINDOW, &entry.1, entry.0.span),
        None => {
            let remedy = "add `params:` with `windowStartTime:` and `windowEndTime:`";
            said.missing(&fields, "params", remedy);
            None
        }
    };
    let params = params?;
    let interval = window(said, &params);
    let expected = expected(said, &params);
    kind?;
    Some(SuppressionWindow {
        interval: interval?,
        expected: expected?,
    })
}

fn window(said: &mut Said, fields: &Fields<'_>) -> Option<Interval> {
    let start = instant(said, fields, "windowStartTime");
    let end = instant(said, fields, "windowEndTime");
    let (start, end) = (start?, end?);
    if start.value >= end.value {
        let message = format!(
            "the window ends at {}, not after it starts, {}",
            end.value, start.value
        );
        said.say(
            Diagnostic::error(Code::Conflict, end.span, message)
                .related(start.span, "it starts here")
                .allowed("an end after the start")
                .remedy("exchange the two, or correct one"),
        );
        return None;
    }
    Interval::new(start.value, end.value).ok()
}

/// Milliseconds since 1970, or a stamp with its offset.
fn instant(said: &mut Said, fields: &Fields<'_>, key: &'static str) -> Option<Spanned<Instant>> {
    let Some(entry) = fields.get(key) else {
        let remedy = format!("add `{key}:` in milliseconds since 1970");
        said.missing(fields, key, &remedy);
        return None;
    };
    let text = said.text(entry)?;
    let millis = text.trim().parse::<i64>();
    let read = match &millis {
        Ok(millis) => Instant::from_millis(*millis).ok(),
        Err(_) => text.parse::<Instant>().ok(),
    };
    let Some(read) = read else {
        let message = format!("{} is no instant: {}", quote(key), quote(&text));
        said.say(
            Diagnostic::error(Code::BadValue, text.span, message)
                .allowed(MEANT)
                .remedy("write one of these, in the years 1 to 9999"),
        );
        return None;
    };
    if let Ok(millis) = millis
        && (1..SECONDS_LOOK_LIKE).contains(&millis)
    {
        let message = format!("{} is {read}: {millis} looks like seconds", quote(key));
        let remedy = format!("write milliseconds: {millis}000");
        said.say(Diagnostic::warning(Code::RiskyParameter, text.span, message).remedy(remedy));
    }
    Some(Spanned::new(read, text.span))
}

/// The change that is expected: nothing after an error, none when there is no threshold.
fn expected(said: &mut Said, fields: &Fields<'_>) -> Option<Option<ExpectedChange>> {
    let before = said.errors();
    let flag = fields.get("isThresholdApplied");
    let applied = flag.and_then(|entry| said.value::<Option<bool>>(entry));
    let change = number(said, fields, "expectedChange");
    let deviation = number(said, fields, "acceptableDeviation");
    if said.errors() > before {
        return None;
    }
    if !applied.flatten().unwrap_or(false) {
        for key in ["expectedChange", "acceptableDeviation"] {
            if let Some((key, _)) = fields.get(key) {
                let message = format!(
                    "`{}` has no effect without `isThresholdApplied: true`: \
                     no anomaly of the window is told",
                    key.text
                );
                said.say(
                    Diagnostic::warning(Code::RiskyPair, key.span, message)
                        .remedy("add `isThresholdApplied: true`, or delete it"),
                );
            }
        }
        return Some(None);
    }
    for (value, key, remedy) in [
        (
            change,
            "expectedChange",
            "add `expectedChange:`, such as -0.25 for a drop by 25 %",
        ),
        (
            deviation,
            "acceptableDeviation",
            "add `acceptableDeviation:`, such as 0.1",
        ),
    ] {
        if value.is_none() {
            let span = flag.map_or(Span::NONE, |(key, _)| key.span);
            let message = format!("`isThresholdApplied` needs `{key}`");
            said.say(
                Diagnostic::error(Code::MissingKey, span, message)
                    .allowed("`expectedChange` and `acceptableDeviation`, both fractions")
                    .remedy(remedy),
            );
        }
    }
    let (change, deviation) = (change?, deviation?);
    if let Some((_, node)) = fields.get("acceptableDeviation")
        && deviation < 0.0
    {
        let message = format!("`acceptableDeviation` is {deviation}");
        said.say(
            Diagnostic::error(Code::OutOfRange, node.span, message)
                .allowed("a fraction in [0, ∞)")
                .remedy("0.1 is ten percent more or less"),
        );
        return None;
    }
    for (key, value) in [
        ("expectedChange", change),
        ("acceptableDeviation", deviation),
    ] {
        if let Some((_, node)) = fields.get(key)
            && value.abs() > LARGEST_FRACTION
        {
            let message = format!("`{key}` is {value}, a change by {} %", value * 100.0);
            said.say(
                Diagnostic::warning(Code::RiskyParameter, node.span, message)
                    .remedy(format!("{} is {value} %", value / 100.0)),
            );
        }
    }
    Some(Some(ExpectedChange { change, deviation }))
}

/// A finite number; `NaN` is "not set".
fn number(said: &mut Said, fields: &Fields<'_>, key: &str) -> Option<f64> {
    let entry = fields.get(key)?;
    let value = said.value::<Option<f64>>(entry).flatten()?;
    if value.is_finite() {
        return Some(value);
    }
    let message = format!("{} is {value}", quote(key));
    said.say(
        Diagnostic::error(Code::OutOfRange, entry.1.span, message)
            .allowed("a finite fraction, such as -0.25")
            .remedy("leave `isThresholdApplied` out to expect any change"),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(expected: Option<(f64, f64)>) -> SuppressionWindow {
        let at = |millis| Instant::from_millis(millis).unwrap();
        SuppressionWindow {
            interval: Interval::new(at(1000), at(2000)).unwrap(),
            expected: expected.map(|(change, deviation)| ExpectedChange { change, deviation }),
        }
    }

    fn has(window: SuppressionWindow, start: i64, change: f64) -> bool {
        window.has(Instant::from_millis(start).unwrap(), change)
    }

    #[test]
    fn the_start_of_the_window_belongs_to_it_and_its_end_does_not() {
        let all = window(None);
        let answers = [999, 1000, 1999, 2000].map(|start| has(all, start, f64::NAN));
        assert_eq!(answers, [false, true, true, false]);
    }

    #[test]
    fn with_a_threshold_only_changes_like_the_expected_one_are_not_told() {
        // −0.5 ± 0.25 is −0.75 to −0.25, both included and both exact.
        let drop = window(Some((-0.5, 0.25)));
        let answers = [-0.76, -0.75, -0.5, -0.25, -0.24, 0.5].map(|c| has(drop, 1500, c));
        assert_eq!(answers, [false, true, true, true, false, false]);
        assert!(!has(drop, 1500, f64::NAN));
        assert!(!has(drop, 2000, -0.5));
    }
}
