//! Rows to learn from: series on one scale, cut into windows, and batches of them.

use candle_core::{Device, Tensor};
use tuatara_synth::LabelledSeries;

use crate::error::Result;
use crate::original::windows::{SEEN, Windows};

/// Added to the deviation of a series, which may have none.
const LEAST_DEVIATION: f64 = 1e-5;
const WEEK: usize = 7;

/// The windows of all series, and whether their day is labelled.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) windows: Windows,
    labels: Vec<bool>,
}

impl Rows {
    pub(crate) fn of(series: &[LabelledSeries]) -> Self {
        let mut rows = Self {
            windows: Windows::default(),
            labels: Vec::new(),
        };
        for one in series {
            let windows = Windows::of(&on_one_scale(&one.values), one.first_weekday());
            let labels = one.labels();
            rows.labels
                .extend(windows.days.iter().map(|&day| labels[day]));
            rows.windows.append(windows);
        }
        rows
    }

    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Normalised history `[25]`, weekday `[7]`, and of each row irregularity, the value in units
    /// of the window, that unit, and whether the row counts `[4]`.
    pub(crate) fn for_forecaster(&self) -> Columns {
        let windows = &self.windows;
        let mut rest = Vec::with_capacity(4 * self.len());
        for (row, &is_labelled) in self.labels.iter().enumerate() {
            let unit = windows.deviation[row];
            rest.push(windows.irregularity[row]);
            rest.push((windows.current[row] - windows.mean[row]) / unit);
            rest.push(unit);
            rest.push(f32::from(u8::from(!is_labelled)));
        }
        Columns(vec![
            (SEEN, windows.normalised.clone()),
            (WEEK, self.weekdays()),
            (4, rest),
        ])
    }

    /// Inputs of the classifier `[10]` and the label `[1]`.
    pub(crate) fn for_classifier(&self, inputs: Vec<f32>) -> Columns {
        let labels = self.labels.iter().map(|&label| f32::from(u8::from(label)));
        Columns(vec![
            (inputs.len() / self.len(), inputs),
            (1, labels.collect()),
        ])
    }

    fn weekdays(&self) -> Vec<f32> {
        let mut weekdays = vec![0.0; WEEK * self.len()];
        for (row, weekday) in weekdays.chunks_exact_mut(WEEK).enumerate() {
            self.windows.write_weekday(row, weekday);
        }
        weekdays
    }
}

/// A series less its mean, in units of its deviation; missing values stay so.
fn on_one_scale(values: &[f64]) -> Vec<f64> {
    let present = || values.iter().filter(|value| !value.is_nan());
    let count = present().count() as f64;
    let mean = present().sum::<f64>() / count;
    let squares: f64 = present().map(|value| (value - mean) * (value - mean)).sum();
    let unit = (squares / (count - 1.0)).sqrt() + LEAST_DEVIATION;
    values.iter().map(|value| (value - mean) / unit).collect()
}

/// Numbers of many rows, several to a row: `[rows, width]` each.
#[derive(Debug)]
pub(crate) struct Columns(pub(crate) Vec<(usize, Vec<f32>)>);

impl Columns {
    pub(crate) fn rows(&self) -> usize {
        let (width, numbers) = &self.0[0]; // neither network is without inputs
        numbers.len() / width
    }

    /// The rows at `places` of each.
    pub(crate) fn batch(&self, places: &[usize]) -> Result<Vec<Tensor>> {
        let pick = |(width, numbers): &(usize, Vec<f32>)| {
            let mut picked = Vec::with_capacity(places.len() * width);
            for &place in places {
                picked.extend_from_slice(&numbers[place * width..][..*width]);
            }
            Ok(Tensor::from_vec(
                picked,
                (places.len(), *width),
                &Device::Cpu,
            )?)
        };
        self.0.iter().map(pick).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuatara_synth::alertiger::Recipe;

    #[test]
    fn the_set_of_the_notebook_has_as_many_rows_as_its_source_counted() {
        let rows = Rows::of(&Recipe::training().series(1));
        assert_eq!(rows.len(), 67_400); // 200 · (365 − 28)
        // 1 027 there: about 0.8 · 200 anomalies of 6 days, with deviation √(200 · (0.8 · 6.67 + 0.16 · 36)) = 47.
        let labelled = rows.labels.iter().filter(|label| **label).count();
        assert!((725..=1_195).contains(&labelled), "{labelled}");
    }

    #[test]
    fn a_series_gets_mean_zero_and_the_sample_deviation_one() {
        // Mean 2, squares 1 + 0 + 1 over n − 1 = 2: deviation 1.
        let scaled = on_one_scale(&[1.0, f64::NAN, 2.0, 3.0]);
        let unit = 1.0 + 1e-5;
        assert!((scaled[0] + 1.0 / unit).abs() < 1e-12 && (scaled[3] - 1.0 / unit).abs() < 1e-12);
        assert!(scaled[1].is_nan() && scaled[2].abs() < 1e-12);
    }
}
