//! Trains the networks of the original, with candle, as it trained them.
//!
//! Each series is first put on one scale over its whole length, (y − mean) / (deviation + 1e-5) with
//! the sample deviation. The forecaster learns from all windows, the targets that are labelled
//! weighing nothing; then the classifier learns from what the forecaster, which stays as it is, makes
//! of the same windows, the labels being its targets. Adam (β 0.9 and 0.999, ε 1e-7), shuffled rows,
//! no validation: the last epoch is what comes out.
//!
//! Two schedules: [`Training::literal`] is that of the original, batches of 32 at one rate;
//! [`Training::quick`] takes larger batches at a rate that falls along half a cosine, for the same
//! loss in a fraction of the time. Weights begin as Glorot's even draws and biases at 0, drawn, as
//! the order of the rows is, from one seed: the same seed gives the same numbers twice.
//!
//! Departs from the source: ε is added to the root of the corrected second moment, where Keras adds
//! it before the correction; probabilities are not clipped at 1e-7, as the entropy is computed from
//! logits and does not overflow.

mod loss;
mod network;
mod rows;

use std::fmt;
use std::num::NonZeroUsize;

use candle_core::{DType, Tensor, Var};
use candle_nn::{AdamW, Optimizer, ParamsAdamW};
use tuatara_synth::LabelledSeries;
use tuatara_synth::draw::Draw;

use super::classifier;
use super::{Original, PARAMETERS};
use crate::error::{NeuralError, Result};
use crate::train::batch::shuffled;
use network::{ClassifierVariables, ForecasterVariables};
use rows::{Columns, Rows};

const DECAYS: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-7;
/// The rate that the cosine ends at, as a share of that which it begins at.
const LAST_RATE: f64 = 0.01;

/// How the rate changes with the epochs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// It does not.
    Constant,
    /// It falls along half a cosine, step by step, to a hundredth.
    Cosine,
}

/// How to train.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Training {
    /// What weights and shuffles are drawn from.
    pub seed: u64,
    /// Epochs of each of the two networks.
    pub epochs: u32,
    /// Rows of a batch.
    pub batch: NonZeroUsize,
    /// The rate of Adam, above 0.
    pub rate: f64,
    /// What becomes of the rate.
    pub schedule: Schedule,
}

impl Training {
    /// As the original: 50 epochs, batches of 32, a rate of 0.001 throughout.
    #[must_use]
    pub const fn literal(seed: u64) -> Self {
        Self {
            seed,
            epochs: 50,
            batch: NonZeroUsize::new(32).expect("32 is not 0"),
            rate: 1e-3,
            schedule: Schedule::Constant,
        }
    }

    /// 50 epochs, batches of 256, a rate that falls from 0.005.
    #[must_use]
    pub const fn quick(seed: u64) -> Self {
        Self {
            seed,
            epochs: 50,
            batch: NonZeroUsize::new(256).expect("256 is not 0"),
            rate: 5e-3,
            schedule: Schedule::Cosine,
        }
    }
}

/// Which of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The first.
    Forecaster,
    /// The second.
    Classifier,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forecaster => "forecaster",
            Self::Classifier => "classifier",
        })
    }
}

/// The loss of an epoch: the mean over its rows, each as of the batch in which it was learned from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// Which network.
    pub stage: Stage,
    /// From 1.
    pub number: u32,
    /// The loss.
    pub loss: f64,
}

/// The networks, and the losses of their epochs in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The networks.
    pub original: Original,
    /// First those of the forecaster, then those of the classifier.
    pub epochs: Vec<Epoch>,
}

impl Trained {
    /// The loss of the last epoch of `stage`; `None` if there was none.
    #[must_use]
    pub fn last_loss(&self, stage: Stage) -> Option<f64> {
        let of_stage = |epoch: &&Epoch| epoch.stage == stage;
        Some(self.epochs.iter().rev().find(of_stage)?.loss)
    }
}

/// Trains both networks on daily `series`; `progress` hears of each epoch.
///
/// # Errors
/// [`NeuralError::NothingToLearn`] where no series has 29 values running, [`NeuralError::NotFinite`]
/// where a rate was so high that nothing sensible came out, [`NeuralError::Training`] where candle
/// fails.
pub fn train(
    series: &[LabelledSeries],
    training: &Training,
    mut progress: impl FnMut(Epoch),
) -> Result<Trained> {
    let rows = Rows::of(series);
    if rows.len() == 0 {
        return Err(NeuralError::NothingToLearn {
            network: "the original",
            series: series.len(),
            needed: super::HISTORY + 1,
        });
    }
    let mut epochs = Vec::new();
    let mut hear = |epoch| {
        epochs.push(epoch);
        progress(epoch);
    };
    let mut weights = Draw::new(training.seed, "original weights", 0);
    let forecaster = ForecasterVariables::new(DType::F32, &mut weights)?;
    let classifier = ClassifierVariables::new(DType::F32, &mut weights)?;

    fit(
        Stage::Forecaster,
        training,
        forecaster.all(),
        &rows.for_forecaster(),
        |batch| loss::of_forecast(&forecaster, batch),
        &mut hear,
    )?;
    let mut parameters = forecaster.numbers()?;
    let bounds = super::forecaster_of(&parameters)?.forecast(&rows.windows);
    let inputs = classifier::inputs(&rows.windows, &bounds);
    fit(
        Stage::Classifier,
        training,
        classifier.all(),
        &rows.for_classifier(inputs),
        |batch| loss::of_score(&classifier, batch),
        &mut hear,
    )?;
    parameters.extend(classifier.numbers()?);
    let parameters: [f32; PARAMETERS] = parameters.try_into().expect("the layers have as many");
    Ok(Trained {
        original: Original::from_parameters(&parameters)?,
        epochs,
    })
}

/// Makes the loss of `variables` on rows of `columns` small.
fn fit(
    stage: Stage,
    training: &Training,
    variables: Vec<Var>,
    columns: &Columns,
    loss_of: impl Fn(&[Tensor]) -> candle_core::Result<Tensor>,
    hear: &mut impl FnMut(Epoch),
) -> Result<()> {
    let adam = ParamsAdamW {
        lr: training.rate,
        beta1: DECAYS[0],
        beta2: DECAYS[1],
        eps: EPSILON,
        weight_decay: 0.0,
    };
    let mut optimizer = AdamW::new(variables, adam)?;
    let mut shuffle = Draw::new(training.seed, "original shuffle", stage as u64);
    let batch = training.batch.get();
    let steps = f64::from(training.epochs) * columns.rows().div_ceil(batch) as f64;
    let mut step = 0.0;
    for number in 1..=training.epochs {
        let order = shuffled(columns.rows(), &mut shuffle);
        let mut sum = 0.0;
        for places in order.chunks(batch) {
            if training.schedule == Schedule::Cosine {
                let wave = 0.5 * (1.0 + libm::cos(std::f64::consts::PI * step / steps));
                let share = LAST_RATE + (1.0 - LAST_RATE) * wave;
                optimizer.set_learning_rate(training.rate * share);
            }
            let loss = loss_of(&columns.batch(places)?)?;
            optimizer.backward_step(&loss)?;
            sum += f64::from(loss.to_scalar::<f32>()?) * places.len() as f64;
            step += 1.0;
        }
        hear(Epoch {
            stage,
            number,
            loss: sum / columns.rows() as f64,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::original::{CLASSIFIER_PARAMETERS, FORECASTER_PARAMETERS};
    use tuatara_synth::alertiger::Recipe;

    fn few() -> Vec<LabelledSeries> {
        let recipe = Recipe::standard().with_series_per_shape(2);
        recipe.with_days(90).expect("long enough").series(1)
    }

    fn short(seed: u64) -> Training {
        Training {
            epochs: 4,
            ..Training::quick(seed)
        }
    }

    #[test]
    fn the_variables_are_as_many_as_the_numbers_of_the_source() {
        let mut draw = Draw::new(1, "original weights", 0);
        let forecaster = ForecasterVariables::new(DType::F32, &mut draw).unwrap();
        let classifier = ClassifierVariables::new(DType::F32, &mut draw).unwrap();
        assert_eq!(forecaster.numbers().unwrap().len(), FORECASTER_PARAMETERS);
        assert_eq!(classifier.numbers().unwrap().len(), CLASSIFIER_PARAMETERS);
    }

    #[test]
    fn a_seed_gives_the_same_numbers_twice_and_another_seed_others() {
        let bits = |seed| -> Vec<u32> {
            let trained = train(&few(), &short(seed), |_| ()).unwrap();
            trained
                .original
                .parameters()
                .iter()
                .map(|x| x.to_bits())
                .collect()
        };
        assert_eq!(bits(1), bits(1));
        assert_ne!(bits(1), bits(2));
    }

    #[test]
    fn the_losses_fall_and_each_epoch_is_told() {
        let mut heard = Vec::new();
        let trained = train(&few(), &short(1), |epoch| heard.push(epoch)).unwrap();
        assert_eq!(trained.epochs, heard);
        let numbers: Vec<u32> = heard.iter().map(|epoch| epoch.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 1, 2, 3, 4]);
        assert!(heard[3].loss < heard[0].loss && heard[7].loss < heard[4].loss);
        let last = trained.last_loss(Stage::Classifier);
        assert_eq!(last, heard.last().map(|epoch| epoch.loss));
    }

    #[test]
    fn series_without_a_whole_window_are_refused_with_what_they_lack() {
        let mut series = few();
        for one in &mut series {
            one.values
                .iter_mut()
                .step_by(20)
                .for_each(|value| *value = f64::NAN);
        }
        assert_eq!(
            train(&series, &short(1), |_| ()).unwrap_err().to_string(),
            "none of the 8 series has 29 values running, which the original needs to learn from one; \
             give longer series, or fill their gaps"
        );
    }
}
