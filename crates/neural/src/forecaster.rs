//! The quantile forecaster: the naive answer, and what a network adds to it.
//!
//! ```text
//! inputs, in units of s_t around m_t                                                       [37]
//!   odd    8 lags x̃_{t−kP} − m_t; 6 naive answers m_{t±j} − m_t, j = 1, 2, 3;             [24]
//!          7 last errors r_{t−j}; their means over 7, 14 and 28 buckets
//!   even   8 times whether the lag is there; how many errors made the scale;               [13]
//!          s/S; Q₉₀/Q₅₀ of errors; the share of replaced values; whether lags 1 and 2 are near
//! G        37 → 32 → 16 → 1 + u, relu; u levels above the median
//! centre   c = (G₀(odd, even) − G₀(−odd, even)) / 2              ŷ = m + s c
//! upper    ŷ + s Σ softplus(G_i(odd, even))      lower  ŷ − s Σ softplus(G_i(−odd, even))
//! ```
//!
//! Turn a series upside down and its forecast turns with it, to the bit. A bound of a higher level is
//! never inside one of a lower: each is the one before it and something more.

use crate::activation::Activation;
use crate::columns::{Columns, LAGS, Reach};
use crate::dense::Mlp;

/// Inputs that change their sign with the series.
pub(crate) const ODD: usize = LAGS + 6 + RECENT + 3;
/// Inputs that do not.
pub(crate) const EVEN: usize = LAGS + 5;
/// All inputs.
pub(crate) const INPUTS: usize = ODD + EVEN;
/// The sizes of the hidden layers.
#[cfg(feature = "train")]
pub(crate) const HIDDEN: [usize; 2] = [32, 16];

/// Errors that are looked at one by one.
const RECENT: usize = 7;
/// The farthest that an input says that something is, in units of the scale.
const FARTHEST: f64 = 8.0;

/// A number of scales, kept within what the network has seen; 0 where nothing is known.
fn near(distance: f64) -> f32 {
    if distance.is_nan() {
        return 0.0;
    }
    distance.clamp(-FARTHEST, FARTHEST) as f32
}

/// Writes the inputs of bucket `t`, whose scale is a number, into `row`.
pub(crate) fn inputs(columns: &Columns, reach: Reach, t: usize, row: &mut [f32]) {
    let (naive, scale) = (columns.naive[t], columns.scale[t]);
    let (odd, even) = row.split_at_mut(ODD);
    let (lags, odd) = odd.split_at_mut(LAGS);
    for (k, lag) in columns.lags[t].iter().enumerate() {
        lags[k] = near((lag - naive) / scale);
        even[k] = if lag.is_nan() { 0.0 } else { 1.0 };
    }
    let (beside, odd) = odd.split_at_mut(6);
    for (slot, place) in beside.chunks_exact_mut(2).zip(1..=3) {
        // What is expected after `t`, as of a season before.
        let before = t
            .checked_sub(place)
            .map_or(f64::NAN, |at| columns.naive[at]);
        let behind = (reach.period > place)
            .then(|| (t + place).checked_sub(reach.period))
            .flatten()
            .map_or(f64::NAN, |at| match columns.naive[at] {
                naive if naive.is_nan() => columns.clean[at],
                naive => naive,
            });
        slot[0] = near((before - naive) / scale);
        slot[1] = near((behind - naive) / scale);
    }
    let (recent, means) = odd.split_at_mut(RECENT);
    let mut sum = 0.0;
    let mut count = 0;
    let mut at = 0;
    for back in 1..=28 {
        let error = t.checked_sub(back).map_or(f64::NAN, |at| columns.error[at]);
        let error = near(error / scale);
        let is_there = t >= back && !columns.error[t - back].is_nan();
        if back <= RECENT {
            recent[back - 1] = error;
        }
        sum += error;
        count += i32::from(is_there);
        if matches!(back, 7 | 14 | 28) {
            means[at] = if count > 0 { sum / count as f32 } else { 0.0 };
            at += 1;
        }
    }
    let state = &mut even[LAGS..];
    state[0] = columns.counted[t] as f32 / reach.scale as f32;
    state[1] = columns.regularity(t);
    state[2] = columns.tail[t].min(FARTHEST) as f32 * 0.25;
    state[3] = columns.replaced[t] as f32 / reach.scale as f32;
    let [one, two] = [lags[0], lags[1]];
    state[4] = (one - two).abs().min(FARTHEST as f32) * 0.25;
}

/// What is expected at a bucket, in units of its scale around the naive answer.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Shape {
    /// The centre.
    pub(crate) centre: f32,
    /// From the centre down to the lower bound.
    pub(crate) below: f32,
    /// From the centre up to the upper bound.
    pub(crate) above: f32,
}

/// The network `G`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Forecaster {
    network: Mlp,
}

impl Forecaster {
    /// That of a network from [`INPUTS`] numbers to a centre and a step for each level.
    pub(crate) fn new(network: Mlp) -> Self {
        Self { network }
    }

    pub(crate) fn network(&self) -> &Mlp {
        &self.network
    }

    /// Rows of inputs, `[rows, INPUTS]`, to the outermost bounds of each.
    pub(crate) fn forward(&self, rows: &[f32], space: &mut Space, out: &mut Vec<Shape>) {
        let outputs = self.network.outputs();
        let count = rows.len() / INPUTS;
        space.mirrored.clear();
        space.mirrored.extend_from_slice(rows);
        for row in space.mirrored.chunks_exact_mut(INPUTS) {
            row[..ODD].iter_mut().for_each(|input| *input = -*input);
        }
        for (given, answer) in [(rows, 0), (&space.mirrored[..], 1)] {
            space.answers[answer].resize(count * outputs, 0.0);
            let answers = &mut space.answers[answer];
            self.network.forward(given, &mut space.layers, answers);
        }
        let [straight, mirrored] = &space.answers;
        let pairs = straight
            .chunks_exact(outputs)
            .zip(mirrored.chunks_exact(outputs));
        out.clear();
        out.extend(pairs.map(|(straight, mirrored)| Shape {
            centre: 0.5 * (straight[0] - mirrored[0]),
            below: width(&mirrored[1..]),
            above: width(&straight[1..]),
        }));
    }
}

/// The distance of the outermost bound.
fn width(steps: &[f32]) -> f32 {
    steps
        .iter()
        .map(|step| Activation::Softplus.of(*step))
        .sum()
}

/// Working space of [`Forecaster::forward`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Space {
    mirrored: Vec<f32>,
    layers: [Vec<f32>; 2],
    answers: [Vec<f32>; 2],
}
