//! What the networks are shown of a day.
//!
//! ```text
//! h_i  the values t − 28 … t − 4              μ = mean of h        s = √mean (h − μ)²
//! s := 0.01 where it is less                  z = (h − μ) / s
//! d_i = z_{i+7} − z_i, i = 0 … 17             r = Q₆₀(d) − Q₄₀(d)
//! ```
//!
//! Quantiles are interpolated between the ordered d, at 10.2 and 6.8 of 0 … 17. All of it in f32.

use super::HISTORY;

/// Values of a history that the networks see.
pub(crate) const SEEN: usize = HISTORY - HIDDEN;
/// The newest values, which are hidden so that an anomaly that goes on is not got used to.
const HIDDEN: usize = 3;
const WEEK: usize = 7;
const DIFFERENCES: usize = SEEN - WEEK;
const LEAST_DEVIATION: f32 = 0.01;

/// The windows of a series, column by column.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Windows {
    /// Which day a row is about.
    pub(crate) days: Vec<usize>,
    /// `[rows, 25]`
    pub(crate) normalised: Vec<f32>,
    /// 0 for Monday.
    pub(crate) weekdays: Vec<usize>,
    pub(crate) mean: Vec<f32>,
    pub(crate) deviation: Vec<f32>,
    pub(crate) irregularity: Vec<f32>,
    /// The value of the day itself.
    pub(crate) current: Vec<f32>,
}

impl Windows {
    /// One row for each of `values` that is there, as are the 28 before it.
    pub(crate) fn of(values: &[f64], first_weekday: usize) -> Self {
        let mut windows = Self::default();
        let narrow: Vec<f32> = values.iter().map(|&value| value as f32).collect();
        let mut present = 0;
        for (day, &value) in narrow.iter().enumerate() {
            present = if value.is_nan() { 0 } else { present + 1 };
            if present > HISTORY {
                let history = &narrow[day - HISTORY..day - HIDDEN];
                windows.push(day, first_weekday, history, value);
            }
        }
        windows
    }

    fn push(&mut self, day: usize, first_weekday: usize, history: &[f32], current: f32) {
        let count = history.len() as f32;
        let mean = history.iter().sum::<f32>() / count;
        let squares: f32 = history.iter().map(|h| (h - mean) * (h - mean)).sum();
        let deviation = (squares / count).sqrt().max(LEAST_DEVIATION);
        let at = self.normalised.len();
        self.normalised
            .extend(history.iter().map(|h| (h - mean) / deviation));
        self.irregularity.push(irregularity(&self.normalised[at..]));
        self.days.push(day);
        self.weekdays.push((first_weekday % WEEK + day) % WEEK);
        self.mean.push(mean);
        self.deviation.push(deviation);
        self.current.push(current);
    }

    /// Puts the rows of another series behind these.
    #[cfg(feature = "train")]
    pub(crate) fn append(&mut self, other: Self) {
        self.days.extend(other.days);
        self.normalised.extend(other.normalised);
        self.weekdays.extend(other.weekdays);
        self.mean.extend(other.mean);
        self.deviation.extend(other.deviation);
        self.irregularity.extend(other.irregularity);
        self.current.extend(other.current);
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.days.len()
    }

    /// Writes the weekday of `row` as seven numbers of which one is 1.
    pub(crate) fn write_weekday(&self, row: usize, out: &mut [f32]) {
        out.fill(0.0);
        out[self.weekdays[row]] = 1.0;
    }
}

/// The distance of the 40 % and the 60 % quantile of differences from week to week.
fn irregularity(normalised: &[f32]) -> f32 {
    let mut differences = [0.0_f32; DIFFERENCES];
    for (difference, pair) in differences.iter_mut().zip(normalised.windows(WEEK + 1)) {
        *difference = pair[WEEK] - pair[0];
    }
    differences.sort_unstable_by(f32::total_cmp);
    // At 0.6 · 17 = 10.2 and 0.4 · 17 = 6.8.
    let between = |low: usize, share: f32| {
        differences[low] + share * (differences[low + 1] - differences[low])
    };
    between(10, 0.2) - between(6, 0.8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn irregularity_of(values: &[f32]) -> f32 {
        let count = values.len() as f32;
        let mean = values.iter().sum::<f32>() / count;
        let squares: f32 = values.iter().map(|h| (h - mean) * (h - mean)).sum();
        let deviation = (squares / count).sqrt();
        let normalised: Vec<f32> = values.iter().map(|h| (h - mean) / deviation).collect();
        irregularity(&normalised)
    }

    #[test]
    fn the_published_check_values_come_out() {
        // history_i = i² mod 11: μ = 3.72, s = 2.821631, z = −1.318387, −0.963982, 0.099233, r = 0.779691.
        let values: Vec<f64> = (0..29).map(|i| f64::from(i * i % 11)).collect();
        let windows = Windows::of(&values, 0);
        assert_eq!(windows.days, [28]);
        let is = |value: f32, expected: f32| (value - expected).abs() < 1e-6;
        assert!(is(windows.mean[0], 3.72) && is(windows.deviation[0], 2.821_631));
        assert!(is(windows.normalised[0], -1.318_387));
        assert!(is(windows.normalised[1], -0.963_982) && is(windows.normalised[2], 0.099_233));
        assert!(is(windows.irregularity[0], 0.779_691));
    }

    #[test]
    fn the_irregularity_of_a_sine_is_the_published_one() {
        let sine: Vec<f32> = (0..25).map(|i| (i as f32).sin()).collect();
        assert!((irregularity_of(&sine) - 0.607_978).abs() < 1e-5);
    }

    #[test]
    fn the_last_three_days_are_hidden() {
        let mut values: Vec<f64> = (0..29).map(|i| f64::from(i * i % 11)).collect();
        let before = Windows::of(&values, 0);
        values[25..28].fill(1e6);
        assert_eq!(Windows::of(&values, 0), before);
        values[24] = 1e6;
        assert_ne!(Windows::of(&values, 0), before);
    }

    #[test]
    fn a_history_that_hardly_moves_is_measured_by_a_hundredth() {
        let values = [2.0; 29];
        let windows = Windows::of(&values, 0);
        assert!((windows.deviation[0] - 0.01).abs() < 1e-9);
        assert!(windows.normalised.iter().all(|z| z.abs() < 1e-9));
        assert!(windows.irregularity[0].abs() < 1e-9);
    }

    #[test]
    fn weekdays_go_on_from_the_first() {
        let windows = Windows::of(&[0.0; 31], 6);
        assert_eq!(windows.weekdays, [(6 + 28) % 7, (6 + 29) % 7, (6 + 30) % 7]);
        let mut row = [9.0; 7];
        windows.write_weekday(0, &mut row);
        assert_eq!(
            row.map(f32::to_bits),
            [0, 0, 0, 0, 0, 0, 1].map(|d| (d as f32).to_bits())
        );
    }
}
