//! The detector that this crate goes past, as it was: AlerTiger, two networks of 1 466 and 389
//! numbers over four weeks of days.
//!
//! ```text
//! window    the 28 values before a day; the last three are hidden           h, 25 values
//! forecast  z = (h − μ)/s → 14 → 9 → 9, with the weekday → 16 → 16 → 8 → 8 → mean, lower, upper
//!           lower and upper drawn towards the mean by a gate of the irregularity of the window
//! score     residual, overshoot, undershoot (in units of s), weekday → 14 → 9 → 9 → 1
//! flag      score > 0.2 and the value outside its bounds
//! final     severity |mean − y| / (upper − lower) ≥ 1, and a second flag within two days
//! ```
//!
//! A yardstick for tables, and no default: it needs 28 days without a gap, sees weeks of days only,
//! is blind to drops where it was trained on rises, cannot tell values apart whose deviation is
//! below 0.01, and its last filter knows a day only when the days after it have come. For that
//! reason it is no detector of a pipeline: [`Original::judge`] looks at whole series.
//!
//! A value that is NaN counts as a day that is not there; the original would carry it on.
//!
//! Source: the open release of AlerTiger (0.0.0) and Y. Wang et al., *AlerTiger* (KDD 2023),
//! described in our own words. Nothing of its code or weights is in here.
//!
//! | to …                                  | see                                    |
//! |---------------------------------------|----------------------------------------|
//! | judge a whole series                  | [`Original::judge`]                    |
//! | do as it did with flags               | [`PostFilter`], [`filter`], [`Combine`] |
//! | know what a network is shown of a day | [`windows`]                            |
//! | know what it makes of it              | [`forecaster`], [`classifier`]         |
//! | train it, with candle                 | `training` (feature `train`)           |

pub mod classifier;
pub mod filter;
pub mod forecaster;
mod layers;
#[cfg(feature = "train")]
pub mod training;
pub mod windows;

pub use filter::{Combine, PostFilter};

use classifier::Classifier;
use forecaster::Forecaster;
use layers::Weights;
use windows::Windows;

use crate::error::Result;

/// Values before a day that must be there for it to be judged.
pub const HISTORY: usize = 28;
/// The numbers of the forecaster.
pub const FORECASTER_PARAMETERS: usize = 1_466;
/// The numbers of the classifier.
pub const CLASSIFIER_PARAMETERS: usize = 389;
/// The numbers of both.
pub const PARAMETERS: usize = FORECASTER_PARAMETERS + CLASSIFIER_PARAMETERS;

/// The score above which a value outside its bounds is flagged, as the original has it.
pub const THRESHOLD: f32 = 0.2;

/// Both networks, trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Original {
    parameters: Vec<f32>,
    forecaster: Forecaster,
    classifier: Classifier,
}

/// What is said of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// The value that is expected; NaN, as the other numbers, where the history has a gap.
    pub expected: f64,
    /// The lower bound, meant for the 0.5 % quantile.
    pub lower: f64,
    /// The upper bound, meant for the 99.5 % quantile.
    pub upper: f64,
    /// The score, in (0, 1).
    pub probability: f64,
    /// The score is above the threshold and the value outside its bounds.
    pub is_flagged: bool,
}

impl Verdict {
    const NONE: Self = Self {
        expected: f64::NAN,
        lower: f64::NAN,
        upper: f64::NAN,
        probability: f64::NAN,
        is_flagged: false,
    };
}

impl Original {
    /// The networks of these numbers: layer by layer in the order of the module's formulas, heads in
    /// the order mean, lower, upper, the gate last, then the classifier; of each layer the weights
    /// `[outputs, inputs]` row by row and its biases.
    ///
    /// # Errors
    /// [`NeuralError::NotFinite`](crate::NeuralError::NotFinite) where a number is NaN or infinite.
    pub fn from_parameters(parameters: &[f32; PARAMETERS]) -> Result<Self> {
        let mut weights = Weights::new(parameters);
        Ok(Self {
            parameters: parameters.to_vec(),
            forecaster: Forecaster::take(&mut weights)?,
            classifier: Classifier::take(&mut weights)?,
        })
    }

    /// The numbers, in the order of [`from_parameters`](Self::from_parameters).
    #[must_use]
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// A verdict for each of `values`, one a day without exception, NaN where a day is missing;
    /// `first_weekday` is that of the first, 0 for Monday, modulo seven. Flags are above `threshold`.
    #[must_use]
    pub fn judge(&self, values: &[f64], first_weekday: usize, threshold: f32) -> Vec<Verdict> {
        let windows = Windows::of(values, first_weekday);
        let bounds = self.forecaster.forecast(&windows);
        let scores = self.classifier.scores(&windows, &bounds);
        let mut verdicts = vec![Verdict::NONE; values.len()];
        for (row, (bounds, score)) in bounds.iter().zip(scores).enumerate() {
            let current = windows.current[row];
            verdicts[windows.days[row]] = Verdict {
                expected: f64::from(bounds.mean),
                lower: f64::from(bounds.lower),
                upper: f64::from(bounds.upper),
                probability: f64::from(score),
                is_flagged: score > threshold && bounds.is_left_by(current),
            };
        }
        verdicts
    }
}

/// The forecaster of the first numbers of the list.
#[cfg(feature = "train")]
fn forecaster_of(parameters: &[f32]) -> Result<Forecaster> {
    Forecaster::take(&mut Weights::new(parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that are neither all alike nor large.
    fn some() -> Original {
        let parameters = std::array::from_fn(|i| ((i * 37 % 101) as f32 - 50.0) / 250.0);
        Original::from_parameters(&parameters).expect("finite")
    }

    fn series(days: usize) -> Vec<f64> {
        let day = |t: usize| (t * t % 11) as f64 + 0.1 * (t % 7) as f64;
        (0..days).map(day).collect()
    }

    #[test]
    fn the_networks_have_the_numbers_of_their_source() {
        assert_eq!(some().forecaster.parameters(), 1_466);
        assert_eq!(some().classifier.parameters(), 389);
    }

    #[test]
    fn a_day_is_judged_once_four_weeks_lie_before_it() {
        let verdicts = some().judge(&series(60), 0, THRESHOLD);
        let judged = |v: &Verdict| v.probability.is_finite() && v.expected.is_finite();
        assert!(verdicts[..28].iter().all(|v| !judged(v) && !v.is_flagged));
        assert!(verdicts[28..].iter().all(judged));
    }

    #[test]
    fn a_missing_day_takes_its_own_verdict_and_that_of_the_28_after_it() {
        let mut values = series(100);
        values[40] = f64::NAN;
        let verdicts = some().judge(&values, 0, THRESHOLD);
        let missing: Vec<usize> = (28..100)
            .filter(|&t| verdicts[t].probability.is_nan())
            .collect();
        assert_eq!(missing, Vec::from_iter(40..=68));
    }

    #[test]
    fn a_verdict_is_the_same_bits_whatever_lies_before_the_history_or_behind() {
        let (values, model) = (series(80), some());
        let whole = model.judge(&values, 3, THRESHOLD);
        let part = model.judge(&values[12..70], 3 + 12, THRESHOLD);
        for t in 40..70 {
            let [a, b] = [whole[t], part[t - 12]];
            assert_eq!(a.probability.to_bits(), b.probability.to_bits());
            assert_eq!(a.upper.to_bits(), b.upper.to_bits());
        }
    }

    #[test]
    fn a_number_that_is_none_is_refused_and_its_layer_named() {
        let mut parameters = [0.0; PARAMETERS];
        parameters[364] = f32::INFINITY; // the first of the second layer
        let error = Original::from_parameters(&parameters).unwrap_err();
        assert_eq!(
            error.to_string(),
            "history.1: number 0 is inf, not a finite number; train the model again"
        );
    }
}
