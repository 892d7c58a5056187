//! How the values of several lags become one.

use std::fmt;

/// The aggregate of an offset such as `median4w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Combine {
    /// Arithmetic mean, summed from the nearest lag to the farthest.
    Mean,
    /// Middle value; the mean of the two middle ones for an even count.
    Median,
    /// Lowest value.
    Min,
    /// Highest value.
    Max,
}

impl Combine {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mean, Self::Median, Self::Min, Self::Max];

    /// The word used in offsets.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    /// One value from those of `found`, which holds no NaN and may be reordered; NaN when there
    /// are none. Finite for finite values.
    pub fn of(self, found: &mut [f64]) -> f64 {
        if found.is_empty() {
            return f64::NAN;
        }
        match self {
            Self::Mean => mean(found),
            Self::Median => median(found),
            Self::Min => found.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Max => found.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// The same for exactly four values, without a loop: the commonest offsets look back over
    /// four weeks. A NaN among them gives NaN.
    #[inline]
    pub(crate) fn of_four(self, [a, b, c, d]: [f64; 4]) -> f64 {
        // NaN where one is missing; f64::min and f64::max would pass it over.
        let sum = a + b + c + d;
        if sum.is_nan() {
            return f64::NAN;
        }
        match self {
            Self::Mean if sum.is_finite() => sum / 4.0,
            Self::Mean => mean(&[a, b, c, d]),
            Self::Median => {
                let (low, high) = (a.min(b), a.max(b));
                let (low2, high2) = (c.min(d), c.max(d));
                middle(low.max(low2), high.min(high2))
            }
            Self::Min => a.min(b).min(c.min(d)),
            Self::Max => a.max(b).max(c.max(d)),
        }
    }
}

impl fmt::Display for Combine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn mean(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let sum: f64 = values.iter().sum();
    if sum.is_finite() {
        return sum / count;
    }
    let scaled: f64 = values.iter().map(|value| value / count).sum();
    scaled.clamp(-f64::MAX, f64::MAX)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 {
        values[half]
    } else {
        middle(values[half - 1], values[half])
    }
}

/// The mean of the two middle values; their order does not matter.
fn middle(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum.is_finite() {
        sum / 2.0
    } else {
        a / 2.0 + b / 2.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_even_count_takes_the_mean_of_the_two_middle_values() {
        assert_eq!(Combine::Median.of(&mut [9.0, 1.0, 4.0, 3.0]), 3.5);
        assert_eq!(Combine::Median.of(&mut [9.0, 1.0, 4.0]), 4.0);
    }

    #[test]
    fn nothing_combines_to_nan() {
        for combine in Combine::ALL {
            assert!(combine.of(&mut []).is_nan());
        }
    }

    #[test]
    fn huge_values_stay_finite() {
        for combine in Combine::ALL {
            assert_eq!(combine.of(&mut [f64::MAX; 4]), f64::MAX, "{combine}");
            assert_eq!(combine.of_four([f64::MAX; 4]), f64::MAX, "{combine}");
        }
    }

    proptest! {
        #[test]
        fn four_values_combine_alike_with_and_without_a_loop(
            values in prop::array::uniform4(-1e12..1e12),
        ) {
            for combine in Combine::ALL {
                let looped = combine.of(&mut values.clone());
                prop_assert_eq!(combine.of_four(values).to_bits(), looped.to_bits());
            }
        }
    }
}
