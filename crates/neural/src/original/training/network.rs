//! The networks as variables of candle.

use candle_core::{D, DType, Device, Result, Tensor, Var};
use tuatara_synth::draw::Draw;

use crate::activation::Activation;
use crate::original::layers::{CLASSIFIER, GATE, HEAD, HEADS, HISTORY, JOINT, SCORE};

/// A layer: weights `[outputs, inputs]` and biases `[outputs]`.
#[derive(Debug)]
struct Layer {
    weights: Var,
    bias: Var,
}

impl Layer {
    /// Weights drawn evenly from ±√(6 / (inputs + outputs)), biases of 0 (X. Glorot, Y. Bengio, 2010,
    /// eq. 16): the default of Keras.
    fn new(inputs: usize, outputs: usize, dtype: DType, draw: &mut Draw) -> Result<Self> {
        let bound = libm::sqrt(6.0 / (inputs + outputs) as f64);
        let weights: Vec<f64> = (0..inputs * outputs)
            .map(|_| draw.between(-bound, bound))
            .collect();
        let weights = Tensor::from_vec(weights, (outputs, inputs), &Device::Cpu)?;
        let bias = Tensor::zeros(outputs, dtype, &Device::Cpu)?;
        Ok(Self {
            weights: Var::from_tensor(&weights.to_dtype(dtype)?)?,
            bias: Var::from_tensor(&bias)?,
        })
    }

    /// `[rows, inputs] → [rows, outputs]`, before the activation.
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        x.matmul(&self.weights.t()?)?.broadcast_add(&self.bias)
    }
}

/// Layers one after the other with one activation.
#[derive(Debug)]
struct Layers {
    layers: Vec<Layer>,
    activation: Activation,
}

impl Layers {
    fn new(
        (sizes, activation): (&[usize], Activation),
        dtype: DType,
        draw: &mut Draw,
    ) -> Result<Self> {
        let pairs = sizes.windows(2);
        let layers = pairs.map(|pair| Layer::new(pair[0], pair[1], dtype, draw));
        Ok(Self {
            layers: layers.collect::<Result<_>>()?,
            activation,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut x = x.clone();
        for layer in &self.layers {
            x = layer.forward(&x)?;
            if self.activation == Activation::Relu {
                x = x.relu()?;
            }
        }
        Ok(x)
    }

    fn all(&self) -> impl Iterator<Item = Var> {
        let both = |layer: &Layer| [layer.weights.clone(), layer.bias.clone()];
        self.layers.iter().flat_map(both)
    }
}

fn numbers(variables: &[Var]) -> Result<Vec<f32>> {
    let mut numbers = Vec::new();
    for variable in variables {
        numbers.extend(
            variable
                .flatten_all()?
                .to_dtype(DType::F32)?
                .to_vec1::<f32>()?,
        );
    }
    Ok(numbers)
}

/// The forecaster under training.
#[derive(Debug)]
pub(crate) struct ForecasterVariables {
    history: Layers,
    joint: Layers,
    heads: Vec<Layers>,
    gate: Layers,
}

impl ForecasterVariables {
    pub(crate) fn new(dtype: DType, draw: &mut Draw) -> Result<Self> {
        let mut layers =
            |sizes: &[usize], activation| Layers::new((sizes, activation), dtype, draw);
        Ok(Self {
            history: layers(&HISTORY.0, HISTORY.1)?,
            joint: layers(&JOINT.0, JOINT.1)?,
            heads: HEADS
                .iter()
                .map(|_| layers(&HEAD.0, HEAD.1))
                .collect::<Result<_>>()?,
            gate: layers(&GATE.0, GATE.1)?,
        })
    }

    /// Every variable, in the order of [`Original::parameters`](crate::original::Original::parameters).
    pub(crate) fn all(&self) -> Vec<Var> {
        let before = self.history.all().chain(self.joint.all());
        let heads = self.heads.iter().flat_map(Layers::all);
        before.chain(heads).chain(self.gate.all()).collect()
    }

    pub(crate) fn numbers(&self) -> Result<Vec<f32>> {
        numbers(&self.all())
    }

    /// Histories `[rows, 25]`, weekdays `[rows, 7]` and irregularities `[rows, 1]` to mean, lower and
    /// upper `[rows, 3]`, in units of the window.
    pub(crate) fn forward(
        &self,
        history: &Tensor,
        weekday: &Tensor,
        irregularity: &Tensor,
    ) -> Result<Tensor> {
        let seen = self.history.forward(history)?;
        let joint = self
            .joint
            .forward(&Tensor::cat(&[&seen, weekday], D::Minus1)?)?;
        let heads: Vec<Tensor> = self
            .heads
            .iter()
            .map(|head| head.forward(&joint))
            .collect::<Result<_>>()?;
        let gate = candle_nn::ops::sigmoid(&self.gate.forward(irregularity)?)?;
        let mean = &heads[0]; // there are three
        let drawn_in = |bound: &Tensor| mean + ((bound - mean)? * &gate)?;
        Tensor::cat(
            &[mean, &drawn_in(&heads[1])?, &drawn_in(&heads[2])?],
            D::Minus1,
        )
    }
}

/// The classifier under training.
#[derive(Debug)]
pub(crate) struct ClassifierVariables {
    hidden: Layers,
    score: Layers,
}

impl ClassifierVariables {
    pub(crate) fn new(dtype: DType, draw: &mut Draw) -> Result<Self> {
        Ok(Self {
            hidden: Layers::new((&CLASSIFIER.0, CLASSIFIER.1), dtype, draw)?,
            score: Layers::new((&SCORE.0, SCORE.1), dtype, draw)?,
        })
    }

    /// Every variable, in the order of [`Original::parameters`](crate::original::Original::parameters).
    pub(crate) fn all(&self) -> Vec<Var> {
        self.hidden.all().chain(self.score.all()).collect()
    }

    pub(crate) fn numbers(&self) -> Result<Vec<f32>> {
        numbers(&self.all())
    }

    /// Inputs `[rows, 10]` to logits `[rows, 1]`: the score is their sigmoid.
    pub(crate) fn forward(&self, inputs: &Tensor) -> Result<Tensor> {
        self.score.forward(&self.hidden.forward(inputs)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::original::windows::Windows;
    use crate::original::{Original, classifier};

    /// Networks whose biases are not 0, and the same as an [`Original`].
    fn both() -> (ForecasterVariables, ClassifierVariables, Original) {
        let mut draw = Draw::new(1, "original weights", 0);
        let forecaster = ForecasterVariables::new(DType::F32, &mut draw).unwrap();
        let classifier = ClassifierVariables::new(DType::F32, &mut draw).unwrap();
        for variable in forecaster.all().iter().chain(&classifier.all()) {
            let shape = variable.dims().to_vec();
            let shift: Vec<f32> = (0..variable.elem_count())
                .map(|_| draw.between(-0.2, 0.2) as f32)
                .collect();
            let shift = Tensor::from_vec(shift, shape, &Device::Cpu).unwrap();
            variable
                .set(&(variable.as_tensor() + shift).unwrap())
                .unwrap();
        }
        let mut parameters = forecaster.numbers().unwrap();
        parameters.extend(classifier.numbers().unwrap());
        let parameters = parameters.try_into().expect("1 855 numbers");
        let original = Original::from_parameters(&parameters).unwrap();
        (forecaster, classifier, original)
    }

    fn tensor(numbers: &[f32], width: usize) -> Tensor {
        let shape = (numbers.len() / width, width);
        Tensor::from_slice(numbers, shape, &Device::Cpu).unwrap()
    }

    #[test]
    fn our_kernel_and_candle_agree_to_one_in_a_hundred_thousand() {
        let (forecaster, classifier, original) = both();
        let mut draw = Draw::new(2, "series", 0);
        let values: Vec<f64> = (0..400)
            .map(|t| 3.0 + (f64::from(t % 7)).sin() + 0.3 * draw.normal())
            .collect();
        let windows = Windows::of(&values, 4);
        let weekdays: Vec<f32> = (0..windows.len())
            .flat_map(|row| {
                let mut weekday = [0.0; 7];
                windows.write_weekday(row, &mut weekday);
                weekday
            })
            .collect();
        let expected = forecaster
            .forward(
                &tensor(&windows.normalised, 25),
                &tensor(&weekdays, 7),
                &tensor(&windows.irregularity, 1),
            )
            .unwrap()
            .to_vec2::<f32>()
            .unwrap();
        let bounds = original.forecaster.forecast(&windows);
        for (row, (bounds, expected)) in bounds.iter().zip(&expected).enumerate() {
            let normal = |x: f32| (x - windows.mean[row]) / windows.deviation[row];
            let found = [bounds.mean, bounds.lower, bounds.upper].map(normal);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
            }
        }

        let inputs = classifier::inputs(&windows, &bounds);
        let logits = classifier
            .forward(&tensor(&inputs, classifier::INPUTS))
            .unwrap();
        let expected = candle_nn::ops::sigmoid(&logits.flatten_all().unwrap()).unwrap();
        let scores = original.classifier.scores(&windows, &bounds);
        for (found, expected) in scores.iter().zip(expected.to_vec1::<f32>().unwrap()) {
            assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }
}
