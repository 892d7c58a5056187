//! How far a number goes, and in which steps.

use tuatara::core::Bounds;

/// A value as it is written: a number by itself, or a count of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Form {
    pub(super) before: &'static str,
    pub(super) value: f64,
    pub(super) behind: &'static str,
    /// In words; empty for a number by itself.
    pub(super) unit: &'static str,
}

/// Durations of one unit: before the number, behind it, in words.
const DURATIONS: [(&str, &str, &str); 5] = [
    ("PT", "S", "seconds"),
    ("PT", "M", "minutes"),
    ("PT", "H", "hours"),
    ("P", "D", "days"),
    ("P", "W", "weeks"),
];

impl Form {
    pub(super) fn number(value: f64) -> Self {
        Self {
            before: "",
            value,
            behind: "",
            unit: "",
        }
    }

    /// No time at all, where a duration is meant.
    pub(super) const NO_TIME: Self = Self {
        before: "PT",
        value: 0.0,
        behind: "H",
        unit: "hours",
    };

    /// What `text` is; none for anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        // Words such as `inf` and `nan` are numbers to the language, and nothing to turn.
        let begins = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.');
        if text.starts_with(begins) {
            let value: f64 = text.parse().ok()?;
            return value.is_finite().then(|| Self::number(value));
        }
        DURATIONS.iter().find_map(|&(before, behind, unit)| {
            let count = text.strip_prefix(before)?.strip_suffix(behind)?;
            let count: u32 = count.parse().ok()?;
            Some(Self {
                before,
                value: f64::from(count),
                behind,
                unit,
            })
        })
    }
}

/// From where to where, and in which steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub(super) least: f64,
    pub(super) most: f64,
    pub(super) step: f64,
}

/// How many times its value a number goes where nothing says how far.
const REACH: f64 = 3.0;
/// Up to here a range that is known is gone through from end to end.
const WIDEST: f64 = 1_000.0;
/// How many steps a range has at least.
const STEPS: f64 = 100.0;
/// How far a count goes at least.
const FEWEST: f64 = 12.0;

impl Range {
    /// The range of a number that is `value` and stays within `bounds`.
    pub(super) fn of(value: f64, bounds: Option<Bounds>, whole: bool) -> Self {
        let bounds = bounds.unwrap_or(Bounds::FINITE);
        let size = value
            .abs()
            .max(if whole { FEWEST / REACH } else { 1.0 / REACH });
        let far = round_up(size * REACH);
        let is_narrow = bounds.most - bounds.least <= WIDEST;
        let (mut least, mut most) = match is_narrow {
            true => (bounds.least, bounds.most),
            false => (
                bounds.least.max(if value < 0.0 { -far } else { 0.0 }),
                bounds.most.min(if value < 0.0 { 0.0 } else { far }),
            ),
        };
        // A value of its own, whatever is customary.
        (least, most) = (least.min(value), most.max(value));
        if most <= least {
            most = least + 1.0;
        }
        let step = match whole {
            true => 1.0,
            false => step_of((most - least) / STEPS),
        };
        if !bounds.closed {
            // The ends themselves are not taken.
            if least <= bounds.least {
                least = (least + step).min(value);
            }
            if most >= bounds.most {
                most = (most - step).max(value);
            }
        }
        Self { least, most, step }
    }

    /// The range of a count of seconds, hours or days; of some durations there may be none.
    pub(super) fn of_count(count: f64, or_none: bool) -> Self {
        Self {
            least: if or_none { 0.0 } else { count.min(1.0) },
            most: round_up(count * REACH).max(FEWEST),
            step: 1.0,
        }
    }
}

/// The next of 1, 2 and 5 with zeros behind them, at least `value`, which is above 0.
fn round_up(value: f64) -> f64 {
    let power = power_below(value);
    [1.0, 2.0, 5.0, 10.0]
        .map(|f| f * power)
        .into_iter()
        .find(|&round| round >= value * (1.0 - 1e-9))
        .unwrap_or(value)
}

/// The last of 1, 2 and 5 with zeros, at most `value`, which is above 0.
fn step_of(value: f64) -> f64 {
    let power = power_below(value);
    [5.0, 2.0, 1.0]
        .map(|f| f * power)
        .into_iter()
        .find(|&round| round <= value * (1.0 + 1e-9))
        .unwrap_or(power)
}

/// The power of ten at or below `value`, as it is written.
fn power_below(value: f64) -> f64 {
    let text = format!("{value:e}");
    let exponent = text.split('e').nth(1).unwrap_or("0");
    format!("1e{exponent}").parse().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_range_is_gone_through_from_end_to_end() {
        let range = Range::of(5.0, Some(Bounds::closed(0.0, 10.0)), false);
        assert_eq!(
            range,
            Range {
                least: 0.0,
                most: 10.0,
                step: 0.1
            }
        );
        // Ends that are not taken are left out by a step.
        let range = Range::of(0.9, Some(Bounds::open(0.0, 1.0)), false);
        assert_eq!(
            range,
            Range {
                least: 0.01,
                most: 0.99,
                step: 0.01
            }
        );
    }

    #[test]
    fn a_wide_range_goes_to_three_times_the_value() {
        let at_least = Some(Bounds::at_least(0.0));
        // 3 · 500 = 1500, and the next round number is 2000.
        assert_eq!(
            Range::of(500.0, at_least, false),
            Range {
                least: 0.0,
                most: 2000.0,
                step: 20.0
            }
        );
        assert_eq!(
            Range::of(0.3, at_least, false),
            Range {
                least: 0.0,
                most: 1.0,
                step: 0.01
            }
        );
        assert_eq!(
            Range::of(-40.0, None, false),
            Range {
                least: -200.0,
                most: 0.0,
                step: 2.0
            }
        );
        let count = Range::of(3.0, Some(Bounds::at_least(1.0)), true);
        assert_eq!(
            count,
            Range {
                least: 1.0,
                most: 20.0,
                step: 1.0
            }
        );
    }

    #[test]
    fn words_and_compound_durations_are_not_turned() {
        for text in [
            "inf",
            "nan",
            "true",
            "PT1H30M",
            "P1M",
            "wo1w",
            "2026-01-01",
            "PTH",
            "",
        ] {
            assert_eq!(Form::read(text), None, "{text}");
        }
        let hours = Form::read("PT36H").unwrap();
        assert_eq!((hours.value, hours.unit), (36.0, "hours"));
        assert_eq!(Form::read("-0.5"), Some(Form::number(-0.5)));
    }
}
