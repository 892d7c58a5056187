//! The first network: what is expected of a day, and between which bounds.
//!
//! ```text
//! mean, lower, upper   from the network, in units of s around μ
//! g = 1 / (1 + e^−(w r + b))                  upper' = mean + (upper − mean) g, lower' likewise
//! ```
//!
//! g is below 1: the gate draws the bounds in, the more the more regular the window is. Nothing keeps
//! the bounds from crossing.

use super::layers::{GATE, HEAD, HEADS, HISTORY, JOINT, Weights};
use super::windows::Windows;
use crate::dense::Mlp;
use crate::error::Result;

const WEEK: usize = 7;

/// What is expected of a day, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) mean: f32,
    pub(crate) lower: f32,
    pub(crate) upper: f32,
}

impl Bounds {
    /// Whether `value` lies outside.
    pub(crate) fn is_left_by(self, value: f32) -> bool {
        value < self.lower || value > self.upper
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Forecaster {
    history: Mlp,
    joint: Mlp,
    heads: [Mlp; 3],
    gate: Mlp,
}

impl Forecaster {
    pub(crate) fn take(weights: &mut Weights<'_>) -> Result<Self> {
        let history = weights.take("history", (&HISTORY.0, HISTORY.1))?;
        let joint = weights.take("joint", (&JOINT.0, JOINT.1))?;
        let [mean, lower, upper] = HEADS.map(|name| weights.take(name, (&HEAD.0, HEAD.1)));
        let heads = [mean?, lower?, upper?];
        let gate = weights.take("gate", (&GATE.0, GATE.1))?;
        Ok(Self {
            history,
            joint,
            heads,
            gate,
        })
    }

    #[cfg(test)]
    pub(crate) fn parameters(&self) -> usize {
        let heads: usize = self.heads.iter().map(Mlp::parameters).sum();
        self.history.parameters() + self.joint.parameters() + heads + self.gate.parameters()
    }

    /// The bounds of each row of `windows`.
    pub(crate) fn forecast(&self, windows: &Windows) -> Vec<Bounds> {
        let rows = windows.len();
        let mut space = Default::default();
        let mut through = |network: &Mlp, input: &[f32]| {
            let mut output = vec![0.0; rows * network.outputs()];
            network.forward(input, &mut space, &mut output);
            output
        };
        let seen = through(&self.history, &windows.normalised);
        let width = self.history.outputs();
        let mut with_weekday = vec![0.0; rows * (width + WEEK)];
        for (row, joint) in with_weekday.chunks_exact_mut(width + WEEK).enumerate() {
            let (history, weekday) = joint.split_at_mut(width);
            history.copy_from_slice(&seen[row * width..][..width]);
            windows.write_weekday(row, weekday);
        }
        let joint = through(&self.joint, &with_weekday);
        let [mean, lower, upper] = [0, 1, 2].map(|head| through(&self.heads[head], &joint));
        let gate = through(&self.gate, &windows.irregularity);
        (0..rows)
            .map(|row| {
                let unit = |z: f32| z * windows.deviation[row] + windows.mean[row];
                let (middle, g) = (mean[row], gate[row]);
                Bounds {
                    mean: unit(middle),
                    lower: unit(middle + (lower[row] - middle) * g),
                    upper: unit(middle + (upper[row] - middle) * g),
                }
            })
            .collect()
    }
}
