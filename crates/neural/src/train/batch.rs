//! Rows to learn from, and in which order.

use candle_core::{Device, Tensor};
use tuatara_synth::draw::Draw;

use crate::error::Result;

/// Rows of inputs, what is to come of each, and how much it counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    /// Inputs of a row.
    pub(crate) width: usize,
    /// `[rows, width]`
    pub(crate) inputs: Vec<f32>,
    pub(crate) targets: Vec<f32>,
    pub(crate) weights: Vec<f32>,
}

/// Some of the rows, for candle.
#[derive(Debug)]
pub(crate) struct Batch {
    /// `[rows, width]`
    pub(crate) inputs: Tensor,
    /// `[rows]`
    pub(crate) targets: Tensor,
    /// `[rows]`
    pub(crate) weights: Tensor,
}

impl Rows {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.targets.len()
    }

    /// The rows at `places`, in that order.
    pub(crate) fn batch(&self, places: &[usize]) -> Result<Batch> {
        let mut inputs = Vec::with_capacity(places.len() * self.width);
        for &place in places {
            inputs.extend_from_slice(&self.inputs[place * self.width..][..self.width]);
        }
        let pick = |from: &[f32]| {
            places
                .iter()
                .map(|&place| from[place])
                .collect::<Vec<f32>>()
        };
        let (rows, device) = (places.len(), &Device::Cpu);
        Ok(Batch {
            inputs: Tensor::from_vec(inputs, (rows, self.width), device)?,
            targets: Tensor::from_vec(pick(&self.targets), rows, device)?,
            weights: Tensor::from_vec(pick(&self.weights), rows, device)?,
        })
    }
}

/// The numbers below `count` in an order drawn at random (R. Fisher, F. Yates; D. Knuth, *The Art of
/// Computer Programming* 2, §3.4.2, algorithm P).
pub(crate) fn shuffled(count: usize, draw: &mut Draw) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, draw.below(last + 1));
    }
    order
}
