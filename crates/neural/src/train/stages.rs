//! Both networks, one after the other, and what is chosen on series that took no part.

use tuatara_synth::draw::Draw;

use super::batch::Rows;
use super::curve::{Curve, CurvePoint, Stage};
use super::data::{self, OwnSeries};
use super::fit::fit;
use super::loss;
use super::measure::Measured;
use super::network::Network;
use super::settings::TrainingSettings;
use super::windows::{Family, Prepared};
use crate::calibration::Calibration;
use crate::card::Card;
use crate::classifier::{self, Classifier};
use crate::error::Result;
use crate::forecaster::{self, Forecaster};
use crate::model::{Model, Space};

/// Regularities at which another factor of the band begins.
const EDGES: [f32; 5] = [0.05, 0.1, 0.2, 0.4, 0.8];
/// The fewest values that a factor is had from.
const FEWEST: usize = 500;
/// The least factor, where a network is far too wide.
const LEAST_FACTOR: f32 = 0.01;
/// Half-widths that the network begins with: near the 99.5 % quantile of normal values.
const FIRST_WIDTH: f32 = 2.6;
/// The logit that the classifier begins with: anomalies are rare.
const FIRST_LOGIT: f32 = -4.0;

/// A model and how it came about.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// The losses of its epochs.
    pub curve: Curve,
}

/// Trains a model on fresh series for each epoch, `own` among them. `progress` hears of each epoch.
///
/// # Errors
/// [`NeuralError::Setting`](crate::NeuralError::Setting) where a setting or a series cannot be used,
/// [`NeuralError::Training`](crate::NeuralError::Training) where candle fails.
pub fn train(
    settings: &TrainingSettings,
    own: &[OwnSeries],
    mut progress: impl FnMut(CurvePoint),
) -> Result<Trained> {
    settings.check()?;
    for series in own {
        series.check()?;
    }
    let mut curve = Curve::default();
    let mut hear = |point: CurvePoint| {
        curve.points.push(point);
        progress(point);
    };
    let levels = &settings.levels;
    let mut draw = Draw::new(settings.seed, "neural weights", 0);
    let [one, two] = forecaster::HIDDEN;
    let sizes = [forecaster::INPUTS, one, two, 1 + levels.len()];
    let forecaster = Network::new("forecaster", &sizes, &mut draw)?;
    forecaster.begin_at(&first_bounds(levels.len()))?;
    let [one, two] = classifier::HIDDEN;
    let sizes = [classifier::INPUTS, one, two, 1];
    let classifier = Network::new("classifier", &sizes, &mut draw)?;
    classifier.begin_at(&[FIRST_LOGIT])?;

    let held_out = data::held_out(settings, own);
    fit(
        Stage::Forecaster,
        &forecaster,
        settings,
        |epoch| Ok(forecasts(&data::epoch(settings, own, epoch))),
        &forecasts(&held_out),
        |network, batch| {
            let bounds = loss::bounds(|x| network.forward(x), &batch.inputs, levels.len())?;
            loss::of_forecast(&bounds, &batch.targets, &batch.weights, levels)
        },
        &mut hear,
    )?;

    let typical = vec![0.0; classifier::INPUTS];
    let mut model = Model {
        forecaster: Forecaster::new(forecaster.trained()?),
        classifier: Classifier::new(classifier.trained()?, typical),
        calibration: calibrate(&forecaster, &held_out, levels)?,
        threshold: 0.5,
        card: settings.card(!own.is_empty()),
    };
    let validation = verdicts(&model, &held_out);
    fit(
        Stage::Classifier,
        &classifier,
        settings,
        |epoch| Ok(verdicts(&model, &data::epoch(settings, own, epoch))),
        &validation,
        |network, batch| {
            let logits = network.forward(&batch.inputs)?.squeeze(1)?;
            loss::of_classification(&logits, &batch.targets, &batch.weights, settings.focus)
        },
        &mut hear,
    )?;
    model.classifier = Classifier::new(classifier.trained()?, typical_of(&validation));
    choose(&mut model, settings.seed);
    Ok(Trained { model, curve })
}

/// The biases with which the last layer begins: a centre of 0 and steps that add up to the first
/// width.
fn first_bounds(levels: usize) -> Vec<f32> {
    let step = f64::from(FIRST_WIDTH) / levels as f64;
    // The number whose softplus is the step.
    let bias = libm::log(libm::expm1(step)) as f32;
    let mut biases = vec![bias; levels + 1];
    biases[0] = 0.0;
    biases
}

fn forecasts(set: &[Prepared]) -> Rows {
    let mut rows = Rows::new(forecaster::INPUTS);
    set.iter().for_each(|series| series.forecasts(&mut rows));
    rows
}

fn verdicts(model: &Model, set: &[Prepared]) -> Rows {
    let (mut rows, mut space) = (Rows::new(classifier::INPUTS), Space::default());
    for series in set {
        series.verdicts(model, &mut space, &mut rows);
    }
    rows
}

/// The factors that make the promised share of the normal values of `set` lie within, of each kind of
/// data by itself: the widest counts, so that the promise holds for all.
fn calibrate(network: &Network, set: &[Prepared], levels: &[f64]) -> Result<Calibration> {
    let coverage = 2.0 * levels[levels.len() - 1] - 1.0;
    let ones = vec![1.0; EDGES.len() + 1];
    let even = Calibration::new(EDGES.to_vec(), ones).expect("a factor for each stretch");
    let forecaster = Forecaster::new(network.trained()?);
    let (mut shapes, mut space) = (Vec::new(), forecaster::Space::default());
    let mut ratios = vec![vec![Vec::new(); Family::COUNT]; EDGES.len() + 1];
    for series in set {
        let mut rows = Rows::new(forecaster::INPUTS);
        series.forecasts(&mut rows);
        forecaster.forward(&rows.inputs, &mut space, &mut shapes);
        let targets = shapes.iter().zip(&rows.targets);
        for ((shape, target), regularity) in targets.zip(series.regularities()) {
            let residual = target - shape.centre;
            let width = if residual < 0.0 {
                shape.below
            } else {
                shape.above
            };
            let of_family = &mut ratios[even.bucket(regularity)];
            of_family[series.family as usize].push(residual.abs() / width);
        }
    }
    let factor = |ratios: &mut Vec<f32>| {
        if ratios.len() < FEWEST {
            return None;
        }
        ratios.sort_unstable_by(f32::total_cmp);
        // The conformal rank ⌈(n + 1) coverage⌉, counted from 1.
        let rank = libm::ceil((ratios.len() + 1) as f64 * coverage) as usize;
        Some(ratios[rank.clamp(1, ratios.len()) - 1].max(LEAST_FACTOR))
    };
    let widest = |families: &mut Vec<Vec<f32>>| {
        let factors = families.iter_mut().filter_map(factor);
        factors.reduce(f32::max).unwrap_or(1.0)
    };
    let factors = ratios.iter_mut().map(widest).collect();
    Ok(Calibration::new(EDGES.to_vec(), factors).expect("a factor for each stretch"))
}

/// Chooses the threshold with which alerts are best on sets that took no part, precision counting
/// twice as much as recall, and writes the figures of these sets on the card.
fn choose(model: &mut Model, seed: u64) {
    let sets = data::recipes(seed);
    let measured = sets.iter().map(|set| Measured::new(model, &set.series));
    let measured: Vec<Measured> = measured.collect();
    // F½ (C. J. van Rijsbergen, Information Retrieval, 1979, ch. 7).
    let merit = |set: &Measured, threshold: f64| {
        let tally = set.events(threshold);
        let (precision, recall) = (tally.precision()?, tally.recall()?);
        let sum = 0.25 * precision + recall;
        (sum > 0.0).then(|| 1.25 * precision * recall / sum)
    };
    let mut best = (0.0, model.threshold);
    for threshold in (10..=95)
        .step_by(5)
        .map(|percent| f64::from(percent) / 100.0)
    {
        let merits = measured
            .iter()
            .map(|set| merit(set, threshold).unwrap_or(0.0));
        let sum: f64 = merits.sum();
        if sum > best.0 {
            best = (sum, threshold);
        }
    }
    model.threshold = best.1;
    let mut figures = Vec::new();
    for (set, measured) in sets.iter().zip(&measured) {
        let events = measured.events(model.threshold).f1().unwrap_or(0.0);
        let name = set.name;
        figures.push((format!("{name}, event F1"), events));
        figures.push((format!("{name}, point AUPRC"), measured.average_precision()));
        figures.push((format!("{name}, coverage"), measured.coverage()));
    }
    model.card.validation = figures;
}

/// The mean of each input over the rows of normal values.
fn typical_of(rows: &Rows) -> Vec<f32> {
    let mut sums = vec![0.0_f64; rows.width];
    let mut count = 0.0;
    let inputs = rows.inputs.chunks_exact(rows.width);
    for (inputs, _) in inputs.zip(&rows.targets).filter(|(_, label)| **label < 0.5) {
        for (sum, input) in sums.iter_mut().zip(inputs) {
            *sum += f64::from(*input);
        }
        count += 1.0;
    }
    sums.iter()
        .map(|sum| (sum / f64::max(count, 1.0)) as f32)
        .collect()
}

impl TrainingSettings {
    fn card(&self, has_own: bool) -> Card {
        // Without the rounding of the difference.
        let mirrored = |level: &f64| libm::round((1.0 - level) * 1e9) / 1e9;
        let below = self.levels.iter().rev().map(mirrored);
        let generator = match has_own {
            true => "the mixture of tuatara-synth, and data of the caller's",
            false => "the mixture of tuatara-synth",
        };
        Card {
            name: self.name.clone(),
            granularities: ["P1D", "PT1H", "P7D"].map(str::to_owned).to_vec(),
            periods: vec![7, 168, 52],
            quantiles: below
                .chain([0.5])
                .chain(self.levels.iter().copied())
                .collect(),
            seed: self.seed,
            generator: generator.to_owned(),
            trained_by: concat!("tuatara-neural ", env!("CARGO_PKG_VERSION")).to_owned(),
            validation: Vec::new(),
        }
    }
}
