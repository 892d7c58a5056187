//! The second network: how much a day looks like a labelled one.
//!
//! ```text
//! n(x) = (x − μ) / s
//! inputs   n(y) − n(mean), max(0, n(y) − n(upper)), max(0, n(lower) − n(y)), weekday     [10]
//! ```

use super::forecaster::Bounds;
use super::layers::{CLASSIFIER, SCORE, Weights};
use super::windows::Windows;
use crate::dense::Mlp;
use crate::error::Result;

/// Inputs of a row.
pub(crate) const INPUTS: usize = 10;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Classifier {
    hidden: Mlp,
    score: Mlp,
}

impl Classifier {
    pub(crate) fn take(weights: &mut Weights<'_>) -> Result<Self> {
        Ok(Self {
            hidden: weights.take("classifier", (&CLASSIFIER.0, CLASSIFIER.1))?,
            score: weights.take("score", (&SCORE.0, SCORE.1))?,
        })
    }

    #[cfg(test)]
    pub(crate) fn parameters(&self) -> usize {
        self.hidden.parameters() + self.score.parameters()
    }

    /// A score in (0, 1) for each row.
    pub(crate) fn scores(&self, windows: &Windows, bounds: &[Bounds]) -> Vec<f32> {
        let rows = windows.len();
        let input = inputs(windows, bounds);
        let mut space = Default::default();
        let mut hidden = vec![0.0; rows * self.hidden.outputs()];
        self.hidden.forward(&input, &mut space, &mut hidden);
        let mut scores = vec![0.0; rows];
        self.score.forward(&hidden, &mut space, &mut scores);
        scores
    }
}

/// What the network is told of each row, `[rows, 10]`.
pub(crate) fn inputs(windows: &Windows, bounds: &[Bounds]) -> Vec<f32> {
    let mut inputs = vec![0.0; windows.len() * INPUTS];
    for (row, (input, bounds)) in inputs.chunks_exact_mut(INPUTS).zip(bounds).enumerate() {
        let normal = |x: f32| (x - windows.mean[row]) / windows.deviation[row];
        let current = normal(windows.current[row]);
        input[0] = current - normal(bounds.mean);
        input[1] = (current - normal(bounds.upper)).max(0.0);
        input[2] = (normal(bounds.lower) - current).max(0.0);
        windows.write_weekday(row, &mut input[3..]);
    }
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inputs_are_in_units_of_the_window() {
        // Fourteen zeros and fourteen fours, of which h has 14 and 11: μ = 1.76, s = √(4 · 1.76 − 1.76²) = 1.985548.
        let mut values = [0.0; 29];
        values[14..28].fill(4.0);
        values[28] = 10.0;
        let windows = Windows::of(&values, 0);
        let bounds = Bounds {
            mean: 2.0,
            lower: 1.0,
            upper: 3.0,
        };
        let input = inputs(&windows, &[bounds]);
        let s = 1.985_548;
        let expected = [8.0 / s, 7.0 / s, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        for (input, expected) in input.iter().zip(expected) {
            assert!((input - expected).abs() < 1e-5, "{input} is not {expected}");
        }
    }
}
