//! The anomaly classifier: how probable it is that a value is an anomaly.
//!
//! ```text
//! inputs, with σ the sign of y_t − ŷ_t and z_t = (y_t − ŷ_t) / s_t                        [18]
//!   |z|; how far beyond the bound on its side, and how far within; both half-widths;
//!   s/S; Q₉₀/Q₅₀ of errors; how many errors made the scale; the share of replaced values;
//!   whether lag 1 agrees; σ z_{t−1}, … σ z_{t−7}; how many of these there are
//! p        18 → 24 → 12 → 1, relu, sigmoid
//! ```
//!
//! The sign is taken out before the network sees anything, so a drop and a rise of one size are equally
//! probable, to the bit. The residuals before `t` tell how long something goes on; none after it count.

use crate::columns::{Columns, MEMORY, Reach};
use crate::dense::Mlp;
use crate::forecaster::Shape;

/// All inputs.
pub(crate) const INPUTS: usize = 11 + MEMORY;
/// The sizes of the hidden layers.
#[cfg(feature = "train")]
pub(crate) const HIDDEN: [usize; 2] = [24, 12];
/// What the inputs are called in explanations, in their order.
pub(crate) const NAMES: [&str; INPUTS] = [
    "the size of the residual",
    "how far it lies beyond the band",
    "how far it lies within the band",
    "the width of the band on its side",
    "the width of the band on the other side",
    "how regular the series is",
    "how often errors are large",
    "how much history there is",
    "how many values of late were replaced",
    "the value a season before",
    "the residual 1 bucket before",
    "the residual 2 buckets before",
    "the residual 3 buckets before",
    "the residual 4 buckets before",
    "the residual 5 buckets before",
    "the residual 6 buckets before",
    "the residual 7 buckets before",
    "how many residuals came before",
];

/// The farthest that an input says that something is, in units of the scale.
const FARTHEST: f32 = 12.0;

/// The residual of a value in units of the scale; NaN where there is none.
pub(crate) fn residual(value: f64, naive: f64, scale: f64, shape: Shape) -> f32 {
    // Far apart or hardly: both are within reach of an f32 once in units of the scale.
    let distance = (value - naive) / scale - f64::from(shape.centre);
    distance.clamp(-1e6, 1e6) as f32
}

/// Writes the inputs of bucket `t`, whose residual is `z`, into `row`: `recent` holds those of the
/// seven buckets before it in order of time, NaN where there is none.
pub(crate) fn inputs(
    columns: &Columns,
    reach: Reach,
    t: usize,
    shape: Shape,
    (z, recent): (f32, &[f32]),
    row: &mut [f32],
) {
    let (sign, near, far) = match z < 0.0 {
        true => (-1.0, shape.below, shape.above),
        false => (1.0, shape.above, shape.below),
    };
    let size = z.abs();
    let scale = columns.scale[t];
    let lag = (columns.lags[t][0] - columns.naive[t]) / scale;
    row[0] = size.min(FARTHEST);
    row[1] = (size - near).clamp(0.0, FARTHEST);
    row[2] = (near - size).clamp(0.0, FARTHEST);
    row[3] = near.min(FARTHEST);
    row[4] = far.min(FARTHEST);
    row[5] = columns.regularity(t);
    row[6] = columns.tail[t].min(8.0) as f32 * 0.25;
    row[7] = columns.counted[t] as f32 / reach.scale as f32;
    row[8] = columns.replaced[t] as f32 / reach.scale as f32;
    row[9] = match lag.is_nan() {
        true => 0.0,
        false => sign * lag.clamp(-8.0, 8.0) as f32,
    };
    let (earlier, count) = row[10..].split_at_mut(MEMORY);
    let mut found = 0.0;
    for (slot, z) in earlier.iter_mut().zip(recent.iter().rev()) {
        *slot = match z.is_nan() {
            true => 0.0,
            false => sign * z.clamp(-FARTHEST, FARTHEST),
        };
        found += f32::from(!z.is_nan());
    }
    count[0] = found / MEMORY as f32;
}

/// The network of the classifier; its last layer gives the logit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Classifier {
    network: Mlp,
    /// The mean of each input over normal values.
    typical: Vec<f32>,
}

impl Classifier {
    /// That of a network from [`INPUTS`] numbers to one logit, and what is typical of each.
    pub(crate) fn new(network: Mlp, typical: Vec<f32>) -> Self {
        Self { network, typical }
    }

    pub(crate) fn network(&self) -> &Mlp {
        &self.network
    }

    pub(crate) fn typical(&self) -> &[f32] {
        &self.typical
    }

    /// Rows of inputs, `[rows, INPUTS]`, to the logit of each.
    pub(crate) fn forward(&self, rows: &[f32], space: &mut [Vec<f32>; 2], out: &mut Vec<f32>) {
        out.clear();
        out.resize(rows.len() / INPUTS, 0.0);
        self.network.forward(rows, space, out);
    }

    /// The input that moves the logit of `row` most when it takes the place of what is typical: its
    /// number and by how much.
    pub(crate) fn foremost(&self, row: &[f32]) -> (usize, f32) {
        let mut rows = row.repeat(INPUTS + 1);
        for (at, typical) in self.typical.iter().enumerate() {
            rows[(at + 1) * INPUTS + at] = *typical;
        }
        let mut logits = Vec::new();
        self.forward(&rows, &mut Default::default(), &mut logits);
        let moves = logits[1..].iter().map(|without| logits[0] - without);
        let mut foremost = (0, 0.0);
        for (at, by) in moves.enumerate() {
            if by.abs() > f32::abs(foremost.1) {
                foremost = (at, by);
            }
        }
        foremost
    }
}
