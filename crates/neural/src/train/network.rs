//! A network under training: the same layers as [`Mlp`], as variables of candle.

use candle_core::{Device, Tensor, Var};
use tuatara_synth::draw::Draw;

use crate::activation::Activation;
use crate::dense::{Dense, Mlp};
use crate::error::Result;

/// Layers of variables; relu between them, nothing after the last.
#[derive(Debug)]
pub(crate) struct Network {
    name: &'static str,
    /// Weights `[outputs, inputs]` and biases `[outputs]`.
    layers: Vec<(Var, Var)>,
}

impl Network {
    /// `sizes[0] → sizes[1] → …`, beginning with weights drawn evenly from ±√(6 / (inputs + outputs))
    /// and biases of 0 (X. Glorot, Y. Bengio, 2010, eq. 16).
    pub(crate) fn new(name: &'static str, sizes: &[usize], draw: &mut Draw) -> Result<Self> {
        let mut layers = Vec::with_capacity(sizes.len() - 1);
        for pair in sizes.windows(2) {
            let (inputs, outputs) = (pair[0], pair[1]);
            let bound = (6.0 / (inputs + outputs) as f64).sqrt();
            let weights: Vec<f32> = (0..inputs * outputs)
                .map(|_| draw.between(-bound, bound) as f32)
                .collect();
            let weights = Tensor::from_vec(weights, (outputs, inputs), &Device::Cpu)?;
            let bias = Tensor::from_vec(vec![0.0_f32; outputs], outputs, &Device::Cpu)?;
            layers.push((Var::from_tensor(&weights)?, Var::from_tensor(&bias)?));
        }
        Ok(Self { name, layers })
    }

    /// Every variable, in a fixed order.
    pub(crate) fn variables(&self) -> Vec<Var> {
        let both = |(weights, bias): &(Var, Var)| [weights.clone(), bias.clone()];
        self.layers.iter().flat_map(both).collect()
    }

    /// Adds `step` to the biases of the last layer: where an output begins.
    pub(crate) fn begin_at(&self, biases: &[f32]) -> Result<()> {
        let (_, bias) = &self.layers[self.layers.len() - 1];
        bias.set(&Tensor::new(biases, &Device::Cpu)?)?;
        Ok(())
    }

    /// `[rows, inputs] → [rows, outputs]`
    pub(crate) fn forward(&self, rows: &Tensor) -> candle_core::Result<Tensor> {
        let mut x = rows.clone();
        for (at, (weights, bias)) in self.layers.iter().enumerate() {
            x = x.matmul(&weights.t()?)?.broadcast_add(bias)?;
            if at + 1 < self.layers.len() {
                x = x.relu()?;
            }
        }
        Ok(x)
    }

    /// The numbers as they are, to come back to.
    pub(crate) fn snapshot(&self) -> Result<Vec<Tensor>> {
        let copy = |variable: Var| variable.as_tensor().copy();
        let copies: candle_core::Result<_> = self.variables().into_iter().map(copy).collect();
        Ok(copies?)
    }

    /// Comes back to a snapshot.
    pub(crate) fn restore(&self, snapshot: &[Tensor]) -> Result<()> {
        for (variable, tensor) in self.variables().iter().zip(snapshot) {
            variable.set(tensor)?;
        }
        Ok(())
    }

    /// The network for inference.
    pub(crate) fn trained(&self) -> Result<Mlp> {
        let mut layers = Vec::with_capacity(self.layers.len());
        for (at, (weights, bias)) in self.layers.iter().enumerate() {
            let (outputs, inputs) = weights.dims2()?;
            let activation = match at + 1 < self.layers.len() {
                true => Activation::Relu,
                false => Activation::Linear,
            };
            layers.push(Dense::new(
                &format!("{}.{at}", self.name),
                [outputs, inputs],
                &weights.flatten_all()?.to_vec1::<f32>()?,
                &bias.to_vec1::<f32>()?,
                activation,
            )?);
        }
        Ok(Mlp::new(layers))
    }
}
