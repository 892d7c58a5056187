//! A layer, and layers one after the other: the whole of the arithmetic of these networks.
//!
//! ```text
//! y_o = f(b_o + w_o0·x_0 + w_o1·x_1 + …)        added from left to right, each product rounded
//! ```
//!
//! Each output has a sum of its own, in the order of the inputs, and a row never meets another
//! row: the answer for a row has the same bits alone, in a batch and in a panel. Outputs lie side
//! by side, so that the compiler can work on several of them at once without changing any sum.

use crate::activation::Activation;
use crate::error::{NeuralError, Result};

/// Outputs that are summed up side by side.
const WIDE: usize = 16;

/// One layer: `[inputs] → [outputs]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    inputs: usize,
    outputs: usize,
    /// By input, then by output: `[inputs, outputs]`.
    weights: Vec<f32>,
    bias: Vec<f32>,
    activation: Activation,
}

impl Dense {
    /// The layer called `layer` in messages, from `weights` of shape `[outputs, inputs]`, row after
    /// row, as files hold them, and one of `bias` per output.
    ///
    /// # Errors
    /// [`NeuralError::Shape`] where the lengths do not fit together, [`NeuralError::NotFinite`]
    /// where a number is NaN or infinite.
    pub fn new(
        layer: &str,
        [outputs, inputs]: [usize; 2],
        weights: &[f32],
        bias: &[f32],
        activation: Activation,
    ) -> Result<Self> {
        for (found, needed) in [
            (weights.len(), inputs.saturating_mul(outputs)),
            (bias.len(), outputs),
        ] {
            if found != needed {
                return Err(NeuralError::Shape {
                    layer: layer.to_owned(),
                    inputs,
                    outputs,
                    needed,
                    found,
                });
            }
        }
        let all = weights.iter().chain(bias);
        if let Some((index, &value)) = all.enumerate().find(|(_, value)| !value.is_finite()) {
            return Err(NeuralError::NotFinite {
                layer: layer.to_owned(),
                index,
                value,
            });
        }
        let across = (0..inputs).flat_map(|i| (0..outputs).map(move |o| (o, i)));
        Ok(Self {
            inputs,
            outputs,
            weights: across.map(|(o, i)| weights[o * inputs + i]).collect(),
            bias: bias.to_vec(),
            activation,
        })
    }

    /// How many numbers go in.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// How many numbers come out.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// How many numbers were learned: weights and biases.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.weights.len() + self.bias.len()
    }

    /// What is added to each output.
    #[must_use]
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }

    /// The weights as files hold them: `[outputs, inputs]`.
    #[must_use]
    pub fn by_output(&self) -> Vec<f32> {
        let down = (0..self.outputs).flat_map(|o| (0..self.inputs).map(move |i| (i, o)));
        down.map(|(i, o)| self.weights[i * self.outputs + o])
            .collect()
    }

    /// Rows of `input`, `[rows, inputs]`, to rows of `output`, `[rows, outputs]`, one after the
    /// other in both.
    ///
    /// # Panics
    /// Where the two do not hold the same whole number of rows.
    pub fn forward(&self, input: &[f32], output: &mut [f32]) {
        assert_eq!(
            input.len() * self.outputs,
            output.len() * self.inputs,
            "as many rows come out as go in"
        );
        let rows = input.chunks_exact(self.inputs);
        for (row, out) in rows.zip(output.chunks_exact_mut(self.outputs)) {
            let whole = self.outputs - self.outputs % WIDE;
            for from in (0..whole).step_by(WIDE) {
                self.sums::<WIDE>(row, from, out);
            }
            for from in whole..self.outputs {
                self.sums::<1>(row, from, out);
            }
            self.activation.apply(out);
        }
    }

    /// The sums of `N` outputs, which stay in registers meanwhile.
    #[inline(always)]
    fn sums<const N: usize>(&self, row: &[f32], from: usize, out: &mut [f32]) {
        let mut sums = [0.0; N];
        sums.copy_from_slice(&self.bias[from..from + N]);
        for (x, weights) in row.iter().zip(self.weights.chunks_exact(self.outputs)) {
            for (sum, weight) in sums.iter_mut().zip(&weights[from..from + N]) {
                *sum += x * weight;
            }
        }
        out[from..from + N].copy_from_slice(&sums);
    }
}

/// Layers one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp {
    layers: Vec<Dense>,
}

impl Mlp {
    /// The layers in order, each taking what the one before it gives.
    ///
    /// # Panics
    /// Where there is no layer, or one does not take what the one before it gives: the shapes of a
    /// network are ours, not a file's.
    #[must_use]
    pub fn new(layers: Vec<Dense>) -> Self {
        assert!(!layers.is_empty(), "a network has a layer");
        for pair in layers.windows(2) {
            assert_eq!(pair[0].outputs, pair[1].inputs, "layers fit together");
        }
        Self { layers }
    }

    /// The layers, first to last.
    #[must_use]
    pub fn layers(&self) -> &[Dense] {
        &self.layers
    }

    /// How many numbers go in.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs
    }

    /// How many numbers come out.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs
    }

    /// How many numbers were learned.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(Dense::parameters).sum()
    }

    /// Rows of `input`, `[rows, inputs] → [rows, outputs]`; `space` is working space whose content
    /// does not matter, kept by the caller so that it is allocated once.
    ///
    /// # Panics
    /// Where `input` and `output` do not hold the same whole number of rows.
    pub fn forward(&self, input: &[f32], space: &mut [Vec<f32>; 2], output: &mut [f32]) {
        let rows = input.len() / self.inputs();
        let (last, hidden) = self.layers.split_last().expect("a network has a layer");
        let [from, to] = space;
        from.clear();
        from.extend_from_slice(input);
        for layer in hidden {
            to.resize(rows * layer.outputs, 0.0);
            layer.forward(from, to);
            std::mem::swap(from, to);
        }
        last.forward(from, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(activation: Activation) -> Dense {
        // y0 = 0.5 + 1·x0 + 2·x1 + 3·x2,  y1 = −1 + 4·x0 − 5·x1 + 6·x2
        let weights = [1.0, 2.0, 3.0, 4.0, -5.0, 6.0];
        Dense::new("one", [2, 3], &weights, &[0.5, -1.0], activation).expect("shapes fit")
    }

    #[test]
    fn a_layer_is_its_formula() {
        let mut out = [0.0; 4];
        layer(Activation::Relu).forward(&[1.0, 1.0, 1.0, -1.0, 0.0, 0.0], &mut out);
        // 0.5 + 6; −1 + 5; 0.5 − 1 → 0; −1 − 4 → 0
        assert_eq!(
            out.map(f32::to_bits),
            [6.5_f32, 4.0, 0.0, 0.0].map(f32::to_bits)
        );
    }

    #[test]
    fn a_network_counts_its_weights_and_biases() {
        let last = Dense::new("two", [1, 2], &[1.0, -1.0], &[0.0], Activation::Linear);
        let network = Mlp::new(vec![layer(Activation::Relu), last.expect("shapes fit")]);
        assert_eq!(network.parameters(), 3 * 2 + 2 + 2 + 1);
        let mut out = [0.0; 1];
        network.forward(&[1.0, 1.0, 1.0], &mut Default::default(), &mut out);
        assert_eq!(out[0].to_bits(), 2.5_f32.to_bits()); // 6.5 − 4
    }

    #[test]
    fn a_layer_of_another_shape_says_how_many_numbers_it_wants() {
        let error = Dense::new("gate", [2, 3], &[1.0; 5], &[0.0; 2], Activation::Linear);
        assert_eq!(
            error.unwrap_err().to_string(),
            "gate: 5 numbers where a layer of 3 inputs and 2 outputs has 6; was the file made for \
             another network?"
        );
    }

    #[test]
    fn a_weight_that_is_no_number_is_refused() {
        let error = Dense::new("gate", [1, 1], &[f32::NAN], &[0.0], Activation::Linear);
        assert_eq!(
            error.unwrap_err().to_string(),
            "gate: number 0 is NaN, not a finite number; train the model again"
        );
    }
}
