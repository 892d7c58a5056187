//! From values to heights: the range that a panel shows, and the numbers beside it.

use crate::text::trimmed;

/// The range of values that a panel shows, low end first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// How far beyond the values a band may stretch the range, as a part of their range or of the largest
/// of them, whichever is more: a band that is wider is cut at the edge, so that it cannot flatten the
/// line.
const BAND_MAY_ADD: f64 = 0.6;
/// The part of the range that is left free above and below.
const MARGIN: f64 = 0.06;

impl Range {
    /// What is to be seen of `values` (observed and expected) and `edges` of bands; numbers that are
    /// not finite do not count. Zero is the low end where nothing lies below it and the lowest is
    /// less than half of the highest.
    pub(crate) fn of(values: impl Iterator<Item = f64>, edges: impl Iterator<Item = f64>) -> Self {
        let (values, edges) = (ends(values), ends(edges));
        let part = part_of([values.0, values.1, edges.0, edges.1]);
        let reduced = |(low, high): (f64, f64)| (low * part, high * part);
        let small = Self::between(reduced(values), reduced(edges));
        Self {
            low: (small.low / part).max(f64::MIN),
            high: (small.high / part).min(f64::MAX),
        }
    }

    /// As [`of`](Self::of), of the ends of both.
    fn between((low, high): (f64, f64), (least, most): (f64, f64)) -> Self {
        let (low, high) = match (low <= high, least <= most) {
            (true, true) => {
                let reach = (high - low).max(high.abs().max(low.abs())) * BAND_MAY_ADD;
                let below = least.max(low - reach).min(low);
                (below, most.min(high + reach).max(high))
            }
            (true, false) => (low, high),
            (false, true) => (least, most),
            (false, false) => (0.0, 1.0),
        };
        let is_positive = low >= 0.0;
        let low = if is_positive && low <= 0.5 * high {
            0.0
        } else {
            low
        };
        let height = high - low;
        if height <= 1e-12 * high.abs().max(low.abs()) {
            let room = if high == 0.0 { 1.0 } else { 0.1 * high.abs() };
            return Self {
                low: low - room,
                high: high + room,
            };
        }
        let margin = height * MARGIN;
        Self {
            low: if low == 0.0 { 0.0 } else { low - margin },
            high: high + margin,
        }
    }

    /// How far down from the top of `height` a value lies; the edges are cut at the top and bottom.
    pub(crate) fn down(self, value: f64, height: f64) -> f64 {
        let part = part_of([self.low, self.high]);
        let part = (value * part - self.low * part) / (self.high * part - self.low * part);
        (height * (1.0 - part)).clamp(-1.0, height + 1.0)
    }

    /// The places behind the point, or before it where negative, that a thousandth of the range needs.
    pub(crate) fn decimals(self) -> i32 {
        let height = self.high * 0.5 - self.low * 0.5;
        // In range: the exponent of a number.
        3 - libm::floor(libm::log10(height) + std::f64::consts::LOG10_2) as i32
    }

    /// Round numbers in the range, at most `most + 1` of them, with their labels.
    pub(crate) fn ticks(self, most: usize) -> Vec<(f64, String)> {
        let part = part_of([self.low, self.high]);
        let height = self.high * part - self.low * part;
        let step = nice(height / most.max(1) as f64 / part);
        if !(step.is_finite() && step > 0.0) {
            return Vec::new();
        }
        let first = libm::ceil(self.low / step - 1e-9);
        let mut ticks = Vec::new();
        for i in 0..=most {
            let value = (first + i as f64) * step;
            if value.is_infinite() || value > self.high + 1e-9 * step {
                break;
            }
            ticks.push((value, label(value, step)));
        }
        ticks
    }
}

/// What numbers as large as the finite ones of `ends` are multiplied by to be reckoned with: near the
/// largest number a distance would be infinite. A power of two, so that nothing is rounded.
fn part_of<const N: usize>(ends: [f64; N]) -> f64 {
    let is_huge = |end: f64| end.is_finite() && end.abs() > 1e306;
    if ends.into_iter().any(is_huge) {
        1.0 / 128.0
    } else {
        1.0
    }
}

/// The least and the greatest that is finite; crossed where there is none.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let finite = values.filter(|value| value.is_finite());
    finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

/// 1, 2 or 5 times a power of ten, at least `step`.
fn nice(step: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(step)));
    let choices = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
    let fits = choices
        .into_iter()
        .find(|choice| *choice >= step * (1.0 - 1e-9));
    fits.unwrap_or(10.0 * power)
}

/// A number beside the axis, in thousands or millions where it is large.
fn label(value: f64, step: f64) -> String {
    if value.abs() < step * 1e-6 {
        return "0".to_owned();
    }
    let largest = value.abs().max(step);
    let (unit, suffix) = match largest {
        large if large >= 1e15 || (large < 1e-4 && large > 0.0) => {
            return trimmed(format!("{value:.3e}"));
        }
        large if large >= 1e9 => (1e9, "G"),
        large if large >= 1e6 => (1e6, "M"),
        large if large >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let decimals = (-libm::floor(libm::log10(step / unit))).max(0.0) as usize;
    let digits = trimmed(format!("{:.decimals$}", value / unit));
    format!("{}{suffix}", digits.replace('-', "−"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64) -> Vec<String> {
        let ticks = Range { low, high }.ticks(5);
        ticks.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(labels(0.0, 100.0), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels(31_000.0, 118_000.0), ["40k", "60k", "80k", "100k"]);
        assert_eq!(labels(-0.3, 0.21), ["−0.2", "0", "0.2"]);
        assert_eq!(labels(1.9e6, 3.1e6), ["2M", "2.5M", "3M"]);
        assert_eq!(labels(0.0, 2.1e-6), ["0", "5e-7", "1e-6", "1.5e-6", "2e-6"]);
        assert_eq!(labels(0.0, 1e20)[0], "0");
    }

    #[test]
    fn a_band_can_stretch_the_range_and_not_flatten_the_line() {
        let range = Range::of([100.0, 110.0].into_iter(), [-1e9, 1e9].into_iter());
        assert!(range.low >= 0.0 && range.high < 200.0, "{range:?}");
    }

    #[test]
    fn a_flat_line_lies_in_the_middle() {
        let range = Range::of([5.0, 5.0].into_iter(), std::iter::empty());
        assert!((range.down(5.0, 100.0) - 50.0).abs() < 1e-9);
        let zero = Range::of([0.0].into_iter(), std::iter::empty());
        assert_eq!((zero.low, zero.high), (-1.0, 1.0));
        let nothing = Range::of(std::iter::empty(), std::iter::empty());
        assert!(nothing.high > nothing.low);
    }

    #[test]
    fn the_largest_numbers_have_a_range_too() {
        let values = [-1.5e308, 0.0, 1.5e308];
        let range = Range::of(values.into_iter(), [-f64::MAX, f64::MAX].into_iter());
        assert!(range.low.is_finite() && range.high.is_finite(), "{range:?}");
        let down = values.map(|value| range.down(value, 100.0));
        assert!((down[1] - 50.0).abs() < 1e-9, "{down:?}");
        assert!((down[0] + down[2] - 100.0).abs() < 1e-9, "{down:?}");
        assert!(down[0] > 85.0 && down[0] < 100.0, "{down:?}");
        let ticks = range.ticks(5);
        assert_eq!(ticks.len(), 3, "{ticks:?}");
        assert_eq!((range.decimals(), ticks[1].1.as_str()), (-305, "0"));
    }

    #[test]
    fn places_are_those_of_a_thousandth_of_the_range() {
        let range = |low, high| Range { low, high };
        assert_eq!(range(101_325.0, 101_325.1).decimals(), 4);
        assert_eq!(range(0.0, 300.0).decimals(), 1);
        assert_eq!(range(0.0, 3e7).decimals(), -4);
    }

    #[test]
    fn zero_is_shown_where_it_is_near() {
        let near = Range::of([20.0, 100.0].into_iter(), std::iter::empty());
        assert!(near.low.abs() < 1e-12);
        let far = Range::of([80.0, 100.0].into_iter(), std::iter::empty());
        assert!(far.low > 70.0);
    }
}
