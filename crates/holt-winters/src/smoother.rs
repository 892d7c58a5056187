//! Sub-hourly noise, smoothed over an hour of raw values.
//!
//! ```text
//! k = ⌊1 hour / step⌋, where that is above 1
//! x_j = mean of the middle half of y_{j−⌊k/2⌋} … y_{j−⌊k/2⌋+k−1}, sorted: ranks ⌊n/4⌋ to ⌈3n/4⌉ − 1
//! ```
//!
//! of the n values that are there, at least half of k. x_j is known `k − 1 − ⌊k/2⌋` buckets after j,
//! which is the delay it costs: a level follows that much later. Nothing is smoothed twice, and the
//! value under judgement is raw.
//!
//! Departs from ThirdEye, which smooths in place, so that earlier results enter later ones, and judges
//! the smoothed value (quirk 23).

use tuatara_core::past;
use tuatara_frame::{Duration, Granularity, SeriesView};

/// Whether history is smoothed over an hour before it is learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Smoothing {
    /// It is learnt from as it is.
    #[default]
    Raw,
    /// The middle half of an hour around each bucket, where buckets are shorter.
    Hour,
}

/// The window of a smoothing on a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Smoother {
    /// Buckets of the window, two and more.
    window: usize,
}

impl Smoother {
    /// None where a bucket is half an hour or longer, or nothing is to be smoothed.
    pub(crate) fn of(smoothing: Smoothing, granularity: Granularity) -> Option<Self> {
        let step = granularity
            .step()
            .filter(|_| smoothing == Smoothing::Hour)?;
        let window = Duration::hours(1).millis() / step.millis().max(1);
        let window = usize::try_from(window).ok()?;
        (window > 1).then_some(Self { window })
    }

    /// How many buckets before a bucket its window begins.
    pub(crate) fn before(self) -> usize {
        self.window / 2
    }

    /// How many buckets after a bucket its smoothed value is known.
    pub(crate) fn delay(self) -> usize {
        self.window - 1 - self.window / 2
    }

    /// The smoothed value of bucket `j`, as bucket `as_of` knows it: NaN where the window is not yet
    /// over, begins before the axis, or lacks half of its values.
    pub(crate) fn at(self, series: SeriesView<'_>, j: usize, as_of: usize) -> f64 {
        let Some(first) = j.checked_sub(self.before()) else {
            return f64::NAN;
        };
        let window = first..first + self.window;
        if window.end > as_of + 1 || window.end > series.len() {
            return f64::NAN;
        }
        let values = window.map(|at| past::learnt(series, at, as_of));
        let mut there: Vec<f64> = values.filter(|y| !y.is_nan()).collect();
        if 2 * there.len() < self.window {
            return f64::NAN;
        }
        middle_mean(&mut there)
    }
}

/// The mean of the middle half; `values` are there.
fn middle_mean(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    let middle = &values[n / 4..(3 * n).div_ceil(4)];
    // Halves of numbers near the largest stay numbers.
    let count = middle.len() as f64;
    middle.iter().map(|y| y / count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of twelve the ranks 3 to 8: a spike and a drop are left out.
    #[test]
    fn the_middle_half_is_what_counts() {
        let mut hour = [
            5.0, 4.0, 900.0, 6.0, 5.0, 4.0, 6.0, 5.0, -900.0, 4.0, 6.0, 5.0,
        ];
        assert!((middle_mean(&mut hour) - 5.0).abs() < 1e-12);
        assert!((middle_mean(&mut [3.0, 1.0]) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn an_hour_of_five_minutes_is_known_25_minutes_later() {
        let five = Granularity::fixed(Duration::minutes(5)).unwrap();
        let smoother = Smoother::of(Smoothing::Hour, five).unwrap();
        assert_eq!((smoother.before(), smoother.delay()), (6, 5));
        let hour = Granularity::fixed(Duration::hours(1)).unwrap();
        assert_eq!(Smoother::of(Smoothing::Hour, hour), None);
        assert_eq!(Smoother::of(Smoothing::Hour, Granularity::days()), None);
    }
}
