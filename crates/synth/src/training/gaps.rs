//! Values that nobody reported.

use super::log_even;
use crate::draw::Draw;
use crate::labelled::Cadence;

/// Series with single values missing, and the share of them that is.
const SINGLES: (f64, [f64; 2]) = (0.2, [0.002, 0.1]);
/// Series with stretches missing, and how many.
const STRETCHES: (f64, [usize; 2]) = (0.15, [1, 3]);

/// Makes some of `values` NaN, in about a third of the series.
pub(super) fn lose(values: &mut [f64], cadence: Cadence, draw: &mut Draw) {
    if draw.uniform() < SINGLES.0 {
        let share = log_even(draw, SINGLES.1);
        for value in values.iter_mut() {
            if draw.uniform() < share {
                *value = f64::NAN;
            }
        }
    }
    if draw.uniform() < STRETCHES.0 {
        let longest = match cadence {
            Cadence::Daily => 10,
            Cadence::Hourly => 48,
            Cadence::Weekly => 8,
        };
        for _ in 0..draw.within(STRETCHES.1[0], STRETCHES.1[1]) {
            let length = draw.within(1, longest);
            let start = draw.within(0, values.len() - length); // a mixture's series are longer
            values[start..start + length].fill(f64::NAN);
        }
    }
}
