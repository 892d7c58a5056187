//! A trained model: both networks, how its bands were calibrated, and where its threshold lies.

use std::ops::Range;

use crate::calibration::Calibration;
use crate::card::Card;
use crate::classifier::{self, Classifier};
use crate::columns::{Columns, MEMORY, Reach};
use crate::forecaster::{self, Forecaster, Shape};

/// What a model says of one bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Answer {
    /// The value that is expected.
    pub(crate) expected: f64,
    /// From it down to the lower bound.
    pub(crate) below: f64,
    /// From it up to the upper bound.
    pub(crate) above: f64,
    /// How probable an anomaly is; NaN where no value is.
    pub(crate) probability: f64,
}

impl Answer {
    const NONE: Self = Self {
        expected: f64::NAN,
        below: f64::NAN,
        above: f64::NAN,
        probability: f64::NAN,
    };

    /// The same where `factor` times as much is expected.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self {
            // One sign for zero, as for every value.
            expected: self.expected * factor + 0.0,
            below: self.below * factor,
            above: self.above * factor,
            probability: self.probability,
        }
        .if_finite()
    }

    /// Beyond the largest number there is no expectation.
    fn if_finite(self) -> Self {
        match self.expected.is_finite() {
            true => self,
            false => Self::NONE,
        }
    }
}

/// Two networks and what was learned about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub(crate) forecaster: Forecaster,
    pub(crate) classifier: Classifier,
    pub(crate) calibration: Calibration,
    /// The probability from which a value is an anomaly.
    pub(crate) threshold: f64,
    pub(crate) card: Card,
}

/// Working space of [`Model::answers`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Space {
    rows: Vec<f32>,
    /// Buckets that `rows` are about.
    buckets: Vec<usize>,
    forecaster: forecaster::Space,
    answered: Vec<Shape>,
    shapes: Vec<Shape>,
    residuals: Vec<f32>,
    layers: [Vec<f32>; 2],
    logits: Vec<f32>,
}

impl Space {
    /// The inputs of the classifier and what they are about, after [`Model::inspect`].
    pub(crate) fn classified(&self) -> impl Iterator<Item = (usize, &[f32])> {
        let rows = self.rows.chunks_exact(classifier::INPUTS);
        self.buckets.iter().copied().zip(rows)
    }
}

impl Model {
    /// What the model says of itself.
    #[must_use]
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// The probability from which a value is an anomaly, in (0, 1).
    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// How many numbers were learned: of the forecaster and of the classifier.
    #[must_use]
    pub fn parameters(&self) -> [usize; 2] {
        [self.forecaster.network(), self.classifier.network()].map(|network| network.parameters())
    }

    /// What is said of the buckets `rows`. `known` are the values from [`recent_from`] to the end of
    /// `rows` of which may be learned, `own` those of `rows` themselves, which may be judged where nothing
    /// may be learned from them; all of them in the unit of the columns.
    pub(crate) fn answers(
        &self,
        columns: &Columns,
        reach: Reach,
        known: &[f64],
        (rows, own): (Range<usize>, &[f64]),
        space: &mut Space,
        out: &mut Vec<Answer>,
    ) {
        self.inspect(columns, reach, known, (rows.clone(), own), space);
        let Space {
            rows: inputs,
            buckets,
            layers,
            logits,
            shapes,
            ..
        } = space;
        self.classifier.forward(inputs, layers, logits);
        out.clear();
        let from = recent_from(rows.start);
        out.extend(rows.clone().map(|t| match columns.scale[t] {
            scale if scale.is_nan() => Answer::NONE,
            scale => {
                let shape = shapes[t - from];
                Answer {
                    expected: columns.naive[t] + scale * f64::from(shape.centre),
                    below: scale * f64::from(shape.below),
                    above: scale * f64::from(shape.above),
                    probability: f64::NAN,
                }
                .if_finite()
            }
        }));
        for (&t, &logit) in buckets.iter().zip(logits.iter()) {
            let answer = &mut out[t - rows.start];
            if !answer.expected.is_nan() {
                answer.probability = probability(logit);
            }
        }
    }

    /// Leaves the inputs of the classifier in `space`, for each of `rows` that can be judged.
    pub(crate) fn inspect(
        &self,
        columns: &Columns,
        reach: Reach,
        known: &[f64],
        (rows, own): (Range<usize>, &[f64]),
        space: &mut Space,
    ) {
        let from = recent_from(rows.start);
        space.buckets.clear();
        space.rows.clear();
        for t in (from..rows.end).filter(|&t| !columns.scale[t].is_nan()) {
            let at = space.rows.len();
            space.rows.resize(at + forecaster::INPUTS, 0.0);
            forecaster::inputs(columns, reach, t, &mut space.rows[at..]);
            space.buckets.push(t);
        }
        self.forecaster
            .forward(&space.rows, &mut space.forecaster, &mut space.answered);
        space.shapes.clear();
        space.shapes.resize(rows.end - from, Shape::default());
        space.residuals.clear();
        space.residuals.resize(rows.end - from + MEMORY, f32::NAN);
        for (&t, shape) in space.buckets.iter().zip(&space.answered) {
            let (scale, naive) = (columns.scale[t], columns.naive[t]);
            let shape = self.calibration.widened(*shape, columns.regularity(t));
            space.shapes[t - from] = shape;
            space.residuals[t - from + MEMORY] =
                classifier::residual(known[t - from], naive, scale, shape);
        }
        space.buckets.clear();
        space.rows.clear();
        for (t, &value) in rows.zip(own) {
            let shape = space.shapes[t - from];
            let z = classifier::residual(value, columns.naive[t], columns.scale[t], shape);
            if z.is_nan() {
                continue;
            }
            let recent = &space.residuals[t - from..t - from + MEMORY];
            let at = space.rows.len();
            space.rows.resize(at + classifier::INPUTS, 0.0);
            let row = &mut space.rows[at..];
            classifier::inputs(columns, reach, t, shape, (z, recent), row);
            space.buckets.push(t);
        }
    }
}

/// The first bucket whose residual is an input of bucket `row`.
pub(crate) fn recent_from(row: usize) -> usize {
    row.saturating_sub(MEMORY)
}

/// The probability of a logit: 1 / (1 + e⁻ˣ).
pub(crate) fn probability(logit: f32) -> f64 {
    1.0 / (1.0 + libm::exp(-f64::from(logit)))
}
