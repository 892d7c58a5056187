//! What a fit says of itself.

use super::search::{LOWER, upper};
use super::{Ahead, Components, FLAT, Fit, Optimizer};
use crate::initial::places_from_zero;
use crate::objective::{MOST, Objective};
use crate::recurrence::{Place, State, expected_ahead};
use crate::uncertainty::Uncertainty;
use crate::{Model, NotMultiplicative, Season, Variant, WEIGHT_NAMES, Weights};

impl Fit {
    /// The components, after any fallback.
    pub fn model(&self) -> Model {
        self.model
    }

    /// Why the season is additive though a multiplicative one was asked for.
    pub fn fallback(&self) -> Option<NotMultiplicative> {
        self.fallback
    }

    /// Where the better of both kinds of season was taken, the squared error of the other and of this
    /// one at the same few weights, by which it was told.
    pub(crate) fn compared(&self) -> Option<[f64; 2]> {
        self.compared
    }

    /// All weights, given and fitted.
    pub fn weights(&self) -> Weights {
        Weights::from_array(self.weights)
    }

    /// The names of the weights that were fitted.
    pub fn fitted(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.fitted.iter().map(|&at| WEIGHT_NAMES[at])
    }

    /// Σ (y − ŷ)² one step ahead, over the values there are.
    pub fn sse(&self) -> f64 {
        self.sse * self.scale * self.scale
    }

    /// How many values that sum has.
    pub fn counted(&self) -> usize {
        self.counted
    }

    /// How often the cost was worked out, and what looked for the weights; none where all are given.
    pub fn search(&self) -> Option<(Optimizer, usize)> {
        let optimizer = self.found.optimizer?;
        Some((optimizer, self.found.evaluations))
    }

    /// From how many points the solver was started.
    pub fn starts(&self) -> usize {
        self.found.starts
    }

    /// The one-step standard deviation: √(SSE / (n − k)), k the weights fitted, a level, a trend
    /// and the positions of the seasons; √(SSE / n) where that leaves less than half of n.
    pub fn deviation(&self) -> f64 {
        self.scaled_deviation() * self.scale
    }

    /// The population standard deviation of the one-step residuals about their mean: the unit of
    /// width of ThirdEye.
    pub fn spread(&self) -> f64 {
        self.spread * self.scale
    }

    /// (n + k) / (n − k): by how much the mean square of errors to come exceeds that of the fit, k as
    /// in [`deviation`](Self::deviation), n/2 at most (H. Akaike's final prediction error, 1969).
    pub(crate) fn foresight(&self) -> f64 {
        let n = self.counted.max(1) as f64;
        let k = (self.parameters() as f64).min(0.5 * n);
        (n + k) / (n - k)
    }

    /// The same of `residuals` values that the start has not seen: only the weights are fitted to them.
    pub(crate) fn foresight_of_weights(&self, residuals: usize) -> f64 {
        let n = residuals.max(1) as f64;
        let k = (self.fitted.len() as f64).min(0.5 * n);
        (n + k) / (n - k)
    }

    /// The weights fitted, a level, a trend and the positions of the seasons.
    fn parameters(&self) -> usize {
        let positions: usize = self.model.periods().iter().sum();
        self.fitted.len() + 2 + positions
    }

    pub(crate) fn scaled_deviation(&self) -> f64 {
        let n = self.counted;
        let freedom = n.saturating_sub(self.parameters()).max(n / 2).max(1);
        (self.sse / freedom as f64).sqrt()
    }

    /// Level, trend and seasons after the last value.
    pub fn components(&self) -> Components {
        self.in_units(&self.state)
    }

    /// Level, trend and seasons before the first value.
    pub fn start(&self) -> Components {
        self.in_units(&self.start)
    }

    fn in_units(&self, state: &State<f64>) -> Components {
        let factors = self.model.season() == Season::Multiplicative;
        let by = if factors { 1.0 } else { self.scale };
        let mut seasons = state.seasons.iter().map(|season| match season.len() {
            1 if self.model.variant() == Variant::Textbook => Vec::new(),
            _ => season.iter().map(|s| s * by).collect(),
        });
        Components {
            level: state.level * self.scale,
            trend: state.trend * self.scale,
            season: seasons.next().unwrap_or_default(),
            season_long: seasons.next().unwrap_or_default(),
            deviation: state.deviation * self.scale,
        }
    }

    /// What is expected of the `steps` buckets after the last value.
    pub fn forecast(&self, steps: usize) -> Vec<Ahead> {
        let periods = self.model.both_periods();
        let mut uncertainty = Uncertainty::new(self.model, self.weights);
        let deviation = self.scaled_deviation();
        let ahead = |h: usize| {
            let at = |which: usize| {
                let position = (self.next[which] as usize + h - 1) % periods[which];
                u32::try_from(position).expect("periods are short")
            };
            let place = [at(0), at(1)];
            expected_ahead(self.model, &self.weights, &self.state, h, place)
        };
        (1..=steps)
            .map(|h| {
                let factor = uncertainty.factor();
                uncertainty.miss();
                Ahead {
                    expected: ahead(h) * self.scale,
                    deviation: deviation * factor * self.scale,
                }
            })
            .collect()
    }

    pub(crate) fn scale(&self) -> f64 {
        self.scale
    }

    pub(crate) fn all_weights(&self) -> [f64; MOST] {
        self.weights
    }

    pub(crate) fn state(&self) -> &State<f64> {
        &self.state
    }

    pub(crate) fn state_before(&self) -> &State<f64> {
        &self.start
    }

    /// The fitted weights that the data hardly determine: each can go to either end of its box,
    /// the others kept, and costs less than 1 % more. `values` and `places` are those of the fit.
    pub(crate) fn flat(&self, values: &[f64], places: &[Place]) -> Vec<&'static str> {
        let first = values
            .iter()
            .position(|y| !y.is_nan())
            .unwrap_or(values.len());
        let scaled: Vec<f64> = values[first..].iter().map(|y| y / self.scale).collect();
        let objective = Objective::new(
            self.model,
            &self.start,
            &scaled,
            &places[first..],
            self.weights,
            &self.fitted,
        );
        let best: Vec<f64> = self.fitted.iter().map(|&at| self.weights[at]).collect();
        let most = self.sse * (1.0 + FLAT);
        let is_flat = |&(k, at): &(usize, usize)| {
            [LOWER[at], upper(self.model)[at]].into_iter().all(|end| {
                let mut moved = best.clone();
                moved[k] = end;
                objective.cost_at(&moved) <= most
            })
        };
        let fitted = self.fitted.iter().copied().enumerate();
        fitted
            .filter(is_flat)
            .map(|(_, at)| WEIGHT_NAMES[at])
            .collect()
    }

    /// The fitted weights that the data hardly determine, for a model fitted by [`Model::fit`] to
    /// `values`: each can go to either end of its box, the others kept, and costs less than 1 % more.
    pub fn flat_weights(&self, values: &[f64]) -> Vec<&'static str> {
        self.flat(values, &places_from_zero(self.model, values.len()))
    }
}
