//! The period of a series, for the buffer of the volume under the surface.
//!
//! ```text
//! r_k = Σ (x_i − m)(x_{i−k} − m) / Σ (x_i − m)²        over the first 20 000 rows, k = 3 … 400
//! ```
//!
//! The period is the lag of the highest local maximum of r. A value that is missing counts as the
//! mean. There is none if the values do not vary, if r has no local maximum, or if the highest lies
//! at a lag below 6 or above 303.
//!
//! Source: the window search of TSB-AD (Q. Liu, J. Paparrizos, *The Elephant in the Room*, NeurIPS
//! 2024), whose limits 3 and 300 are on the place within the list of lags that starts at 3.

/// Rows that are looked at.
const ROWS: usize = 20_000;

/// The first lag that is looked at, and the last.
const LAGS: std::ops::RangeInclusive<usize> = 3..=400;

/// The lags at which a maximum is a period.
const PERIODS: std::ops::RangeInclusive<usize> = 6..=303;

/// The buffer for a series without a period.
pub const DEFAULT_BUFFER: usize = 125;

/// The period of `values` in rows, 6 to 303; NaN where a value is missing. `None` if there is
/// none: then [`DEFAULT_BUFFER`] is customary.
///
/// ```
/// use tuatara_metrics::period;
///
/// let daily: Vec<f64> = (0..240).map(|hour| f64::from((hour % 24 - 12_i32).abs())).collect();
/// assert_eq!(period(&daily), Some(24));
/// assert_eq!(period(&[5.0; 100]), None);
/// ```
pub fn period(values: &[f64]) -> Option<usize> {
    let values = &values[..values.len().min(ROWS)];
    let present = values.iter().filter(|value| value.is_finite());
    let count = present.clone().count();
    let mean = present.sum::<f64>() / count as f64;
    let centred: Vec<f64> = values
        .iter()
        .map(|&value| if value.is_finite() { value - mean } else { 0.0 })
        .collect();
    let product = |lag: usize| -> f64 {
        let later = centred.get(lag..).unwrap_or_default();
        later.iter().zip(&centred).map(|(a, b)| a * b).sum()
    };
    let variance = product(0);
    if variance.is_nan() || variance <= 0.0 {
        return None;
    }
    let last = (*LAGS.end()).min(centred.len().saturating_sub(1));
    let heights: Vec<(usize, f64)> = (*LAGS.start()..=last)
        .map(|lag| (lag, product(lag) / variance))
        .collect();
    let mut highest: Option<(usize, f64)> = None;
    for three in heights.windows(3) {
        let (lag, height) = three[1];
        let is_peak = height > three[0].1 && height > three[2].1;
        if is_peak && highest.is_none_or(|(_, before)| height > before) {
            highest = Some((lag, height));
        }
    }
    highest
        .map(|(lag, _)| lag)
        .filter(|lag| PERIODS.contains(lag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_do_not_hide_a_period() {
        let values: Vec<f64> = (0..300)
            .map(|row| {
                if row % 17 == 0 {
                    f64::NAN
                } else {
                    f64::from(row % 12)
                }
            })
            .collect();
        assert_eq!(period(&values), Some(12));
    }

    #[test]
    fn nothing_has_no_period() {
        for values in [&[][..], &[1.0], &[f64::NAN; 40], &[1.0, 2.0, 1.0, 2.0]] {
            assert_eq!(period(values), None);
        }
    }

    #[test]
    fn a_period_below_six_is_none_as_in_the_benchmark() {
        // Every fourth row: the highest peak is at lag 4.
        let values: Vec<f64> = (0..200)
            .map(|row| f64::from(u8::from(row % 4 == 0)))
            .collect();
        assert_eq!(period(&values), None);
    }
}
