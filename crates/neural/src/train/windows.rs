//! From series to rows.

use std::ops::Range;

use tuatara_synth::LabelledSeries;

use super::batch::Rows;
use super::data::OwnSeries;
use crate::classifier;
use crate::columns::{Columns, LAGS, Reach};
use crate::forecaster;
use crate::model::{Model, Space, recent_from};

/// The farthest that a target lies, in units of the scale: what is farther teaches nothing more.
const FARTHEST: f64 = 12.0;
/// How much more an anomaly counts than a normal value.
const OF_ANOMALY: f32 = 2.0;

/// A series with what its rows are made of.
#[derive(Debug)]
pub(crate) struct Prepared {
    values: Vec<f64>,
    labels: Vec<bool>,
    /// Where the label can be taken at its word.
    clear: Vec<bool>,
    columns: Columns,
    reach: Reach,
    /// The rows that are used.
    pub(crate) rows: Range<usize>,
    /// What kind of data this is: each is calibrated by itself.
    pub(crate) family: Family,
}

/// A kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// The mixture of `tuatara-synth`.
    Mixture,
    /// AlerTiger's recipe.
    Recipe,
    /// The caller's.
    Own,
}

impl Family {
    /// How many there are.
    pub(crate) const COUNT: usize = 3;
}

impl Prepared {
    /// With a season of `period` steps.
    pub(crate) fn new(series: &LabelledSeries, period: usize, family: Family) -> Self {
        let clear = series.clear();
        Self::from_parts(&series.values, series.labels(), clear, period, family)
    }

    pub(crate) fn of(own: &OwnSeries) -> Self {
        let clear = vec![true; own.values.len()];
        Self::from_parts(
            &own.values,
            own.labels.clone(),
            clear,
            own.period,
            Family::Own,
        )
    }

    fn from_parts(
        values: &[f64],
        labels: Vec<bool>,
        clear: Vec<bool>,
        period: usize,
        family: Family,
    ) -> Self {
        let reach = Reach::new(period, LAGS * period);
        let mut columns = Columns::default();
        columns.fill(values, reach, 0, |t, k| t.checked_sub(k * period));
        Self {
            values: values.to_vec(),
            labels,
            clear,
            columns,
            reach,
            rows: 0..values.len(),
            family,
        }
    }

    /// The rows with a value that is known to be normal and an expectation.
    fn normal(&self) -> impl Iterator<Item = usize> {
        let is = |t: &usize| {
            let judged = !self.values[*t].is_nan() && !self.columns.scale[*t].is_nan();
            judged && self.clear[*t] && !self.labels[*t]
        };
        self.rows.clone().filter(is)
    }

    /// How regular the series is at each row of [`forecasts`](Self::forecasts).
    pub(crate) fn regularities(&self) -> impl Iterator<Item = f32> {
        self.normal().map(|t| self.columns.regularity(t))
    }

    /// Adds what the forecaster learns from.
    pub(crate) fn forecasts(&self, rows: &mut Rows) {
        for t in self.normal() {
            let at = rows.inputs.len();
            rows.inputs.resize(at + forecaster::INPUTS, 0.0);
            forecaster::inputs(&self.columns, self.reach, t, &mut rows.inputs[at..]);
            let target = (self.values[t] - self.columns.naive[t]) / self.columns.scale[t];
            rows.targets.push(target.clamp(-FARTHEST, FARTHEST) as f32);
            rows.weights.push(1.0);
        }
    }

    /// Adds what the classifier learns from, `model` having a forecaster that is done.
    pub(crate) fn verdicts(&self, model: &Model, space: &mut Space, rows: &mut Rows) {
        let all = (self.rows.clone(), &self.values[self.rows.clone()]);
        let known = &self.values[recent_from(self.rows.start)..self.rows.end];
        model.inspect(&self.columns, self.reach, known, all, space);
        for (t, inputs) in space.classified() {
            if self.clear[t] {
                rows.inputs.extend_from_slice(inputs);
                rows.targets.push(f32::from(self.labels[t]));
                rows.weights.push(match self.labels[t] {
                    true => OF_ANOMALY,
                    false => 1.0,
                });
            }
        }
        debug_assert_eq!(rows.width, classifier::INPUTS);
    }
}
