//! The layers of both networks, and how they lie one after the other in one list of numbers.

use crate::activation::Activation;
use crate::dense::{Dense, Mlp};
use crate::error::Result;

/// Sizes of the layers, with what is done to their sums.
pub(crate) const HISTORY: ([usize; 4], Activation) = ([25, 14, 9, 9], Activation::Relu);
/// After the weekday was put behind the nine.
pub(crate) const JOINT: ([usize; 5], Activation) = ([16, 16, 16, 8, 8], Activation::Relu);
/// Linear on linear, three times.
pub(crate) const HEAD: ([usize; 3], Activation) = ([8, 4, 1], Activation::Linear);
pub(crate) const HEADS: [&str; 3] = ["mean", "lower", "upper"];
pub(crate) const GATE: ([usize; 2], Activation) = ([1, 1], Activation::Sigmoid);
pub(crate) const CLASSIFIER: ([usize; 4], Activation) = ([10, 14, 9, 9], Activation::Relu);
pub(crate) const SCORE: ([usize; 2], Activation) = ([9, 1], Activation::Sigmoid);

/// A list of numbers, of which layers take theirs.
#[derive(Debug)]
pub(crate) struct Weights<'a> {
    rest: &'a [f32],
}

impl<'a> Weights<'a> {
    pub(crate) fn new(parameters: &'a [f32]) -> Self {
        Self { rest: parameters }
    }

    /// The next layers, called `name.0`, `name.1`, …
    pub(crate) fn take(
        &mut self,
        name: &str,
        (sizes, activation): (&[usize], Activation),
    ) -> Result<Mlp> {
        let mut layers = Vec::with_capacity(sizes.len() - 1);
        for (number, pair) in sizes.windows(2).enumerate() {
            let (inputs, outputs) = (pair[0], pair[1]);
            let weights = self.next(inputs * outputs);
            let bias = self.next(outputs);
            let name = format!("{name}.{number}");
            let shape = [outputs, inputs];
            layers.push(Dense::new(&name, shape, weights, bias, activation)?);
        }
        Ok(Mlp::new(layers))
    }

    fn next(&mut self, count: usize) -> &'a [f32] {
        let (taken, rest) = self.rest.split_at(count); // the list is as long as its layers want
        self.rest = rest;
        taken
    }
}
