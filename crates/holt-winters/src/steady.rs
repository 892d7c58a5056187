//! Level, trend and season that do not follow what stands out, until it lasts.
//!
//! ```text
//! held    ⇔  |e| > 4·d_p·√v        d_p the robust deviation at the position, v the variance ahead
//! adopted ⇔  so many values in a row are held, all on one side
//! wider   ⇔  of twice as many more than half are held, by whichever side: 4·d_p becomes
//!            4·1.4826 times the median of |e| in units of it
//! ```
//!
//! A value that is held carries the state forward like a missing one. A new level is adopted by the
//! median of what held values were above (or times) what was expected: the shape stays, and the
//! level moves; where it is times as high, residuals are as many times as wide. And what strays as far
//! for most of twice that time is no outlier, but how the series is now: it is learnt from, and residuals are
//! as wide as their median says.

use std::collections::VecDeque;

use tuatara_core::{NewLevel, Shift};

use crate::fit::Fit;
use crate::recurrence::{Gains, Place, State, expected_ahead, run};
use crate::uncertainty::Uncertainty;
use crate::{Residuals, Season};

/// Residuals beyond so many robust deviations stand out.
pub(crate) const OUTLIER: f64 = 4.0;

/// Deviations in one median distance of normal values: 1/Φ⁻¹(3/4).
pub(crate) const OF_MEDIAN: f64 = 1.482_602_218_505_602;

/// In so many times as many values as make a new level, more than half that stand out make a new spread.
const LONGER: usize = 2;

/// What passes follows a value that is held by this part of the limit at most.
const PASSING: f64 = 0.25;

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Heard {
    /// There was none.
    Missing,
    /// It was learnt from.
    Learnt,
    /// It stands out, and was not.
    Held,
    /// It was the last of those that make a new level.
    Adopted(NewLevel),
    /// It was the last of those that make residuals so many times as wide.
    Widened(f64),
}

/// What stands out, and the values in a row that did.
#[derive(Debug, Clone)]
pub(crate) struct Steady {
    /// At each position of the short season, in units of the data; none to learn from everything.
    limits: Vec<f64>,
    adopt: usize,
    /// What each value of the run is above what was expected, or times that.
    run: Vec<f64>,
    /// Buckets since the run began, missing ones included.
    lasted: usize,
    upwards: bool,
    /// How many times as wide as at the refit residuals are since new levels were adopted.
    spread: f64,
    /// The last residuals, in units of their limit.
    recent: VecDeque<f64>,
}

impl Steady {
    pub(crate) fn new(limits: Vec<f64>, adopt: usize) -> Self {
        Self {
            limits,
            adopt,
            run: Vec::new(),
            lasted: 0,
            upwards: false,
            spread: 1.0,
            recent: VecDeque::new(),
        }
    }

    /// Holds nothing.
    pub(crate) fn without_limits(adopt: usize) -> Self {
        Self::new(Vec::new(), adopt)
    }

    /// Judges by other limits, from the beginning of a history on.
    pub(crate) fn judge_by(&mut self, limits: Vec<f64>) {
        self.limits = limits;
        self.begin();
    }

    /// Forgets what was going on.
    pub(crate) fn begin(&mut self) {
        self.spread = 1.0;
        self.run.clear();
        self.recent.clear();
    }

    /// Beyond which a residual one step ahead stands out, in units of the data; infinite where nothing
    /// does.
    pub(crate) fn limit(&self, place: Place) -> f64 {
        let limit = self.limits.get(place[0] as usize);
        limit.map_or(f64::INFINITY, |limit| self.spread * limit)
    }

    /// How many times as wide as at the refit residuals are.
    pub(crate) fn spread(&self) -> f64 {
        self.spread
    }

    /// Of how many values more than half make a new spread.
    fn longer(&self) -> usize {
        LONGER * self.adopt.max(1)
    }

    /// Moves `state` of `fit` on over a bucket with value `y`, NaN where missing.
    pub(crate) fn advance(
        &mut self,
        fit: &Fit,
        state: &mut State<f64>,
        uncertainty: &mut Uncertainty,
        y: f64,
        place: Place,
    ) -> Heard {
        let heard = self.hear(fit, state, uncertainty.factor(), y, place);
        if let Heard::Adopted(level) = heard {
            match level.shift {
                Shift::By(more) => state.level += more / fit.scale(),
                // What is so many times as high strays as many times as far.
                Shift::Times(times) => {
                    state.level *= times;
                    state.trend *= times;
                    self.spread *= times;
                }
            }
        }
        let learns = !matches!(heard, Heard::Held | Heard::Missing);
        let kept = if learns { y / fit.scale() } else { f64::NAN };
        let gains = Gains::of(fit.all_weights());
        let expected = expected_ahead(fit.model(), &fit.all_weights(), state, 1, place);
        run(fit.model(), &gains, state, &[kept], &[place], |_, _, _| {});
        if heard == Heard::Held && fit.model().residuals() == Residuals::Autocorrelated {
            let most = PASSING * self.limit(place) / fit.scale();
            state.deviation += (y / fit.scale() - expected).clamp(-most, most);
        }
        if learns {
            uncertainty.observe();
        } else {
            uncertainty.miss();
        }
        heard
    }

    fn hear(&mut self, fit: &Fit, state: &State<f64>, factor: f64, y: f64, place: Place) -> Heard {
        self.lasted += 1;
        if y.is_nan() {
            return Heard::Missing;
        }
        if self.limits.is_empty() {
            return Heard::Learnt;
        }
        let expected = expected_ahead(fit.model(), &fit.all_weights(), state, 1, place);
        let expected = expected * fit.scale();
        let residual = y - expected;
        let limit = self.limit(place) * factor;
        if residual.is_nan() {
            return Heard::Learnt;
        }
        if self.recent.len() == self.longer() {
            self.recent.pop_front();
        }
        self.recent
            .push_back(residual.abs() / limit.max(f64::MIN_POSITIVE));
        if residual.abs() <= limit {
            self.run.clear();
            return Heard::Learnt;
        }
        let upwards = residual > 0.0;
        if upwards != self.upwards {
            self.run.clear();
            self.upwards = upwards;
        }
        let multiplicative = fit.model().season() == Season::Multiplicative;
        if self.run.is_empty() {
            self.lasted = 1;
        }
        self.run.push(if multiplicative {
            y / expected
        } else {
            residual
        });
        if self.run.len() < self.adopt {
            return self.wider().map_or(Heard::Held, Heard::Widened);
        }
        self.recent.clear();
        let mut run = std::mem::take(&mut self.run);
        run.sort_unstable_by(f64::total_cmp);
        let median = run[run.len() / 2];
        // A factor of 0 or below is no level: such values are learnt from as they are.
        if multiplicative && !(median > 0.0 && median.is_finite()) {
            return Heard::Learnt;
        }
        Heard::Adopted(NewLevel {
            buckets: self.lasted,
            shift: match multiplicative {
                true => Shift::Times(median),
                false => Shift::By(median),
            },
        })
    }

    /// How many times as wide residuals have become, where most of the last stand out.
    fn wider(&mut self) -> Option<f64> {
        let longer = self.longer();
        let beyond = self.recent.iter().filter(|size| **size > 1.0).count();
        if self.recent.len() < longer || 2 * beyond <= longer {
            return None;
        }
        let mut sizes: Vec<f64> = std::mem::take(&mut self.recent).into();
        sizes.sort_unstable_by(f64::total_cmp);
        let times = OUTLIER * OF_MEDIAN * sizes[longer / 2];
        if !times.is_finite() {
            return None;
        }
        self.spread *= times;
        self.run.clear();
        Some(times)
    }
}

/// A pass over a history that holds on where values stand out.
#[derive(Debug)]
pub(crate) struct HoldingPass {
    /// Which values were held, those of adopted levels left out.
    pub(crate) held: Vec<usize>,
    /// From which value on a new level is that, and what moved.
    pub(crate) adopted: Vec<(usize, Shift)>,
    /// What was going on at the end.
    pub(crate) steady: Steady,
}

impl HoldingPass {
    pub(crate) fn over(fit: &Fit, steady: &Steady, values: &[f64], places: &[Place]) -> Self {
        let mut steady = steady.clone();
        let (mut held, mut adopted) = (Vec::new(), Vec::new());
        let mut state = fit.state_before().clone();
        let mut uncertainty = Uncertainty::new(fit.model(), fit.all_weights());
        let first = values
            .iter()
            .position(|y| !y.is_nan())
            .unwrap_or(values.len());
        // A start that is taken from two seasons has their outliers in it.
        let season = fit.model().longest_period();
        let settled = match (values.len() - first) / season {
            0..3 => first + season,
            _ => first,
        };
        for (t, (&y, &place)) in values.iter().zip(places).enumerate().skip(first) {
            if t < settled {
                let mut learns = Steady::without_limits(0);
                learns.advance(fit, &mut state, &mut uncertainty, y, place);
                continue;
            }
            match steady.advance(fit, &mut state, &mut uncertainty, y, place) {
                Heard::Held => held.push(t),
                Heard::Adopted(NewLevel { shift, .. }) => {
                    // Those in a row before it were no outliers.
                    let run = steady.adopt.saturating_sub(1).min(held.len());
                    let mut since = t;
                    for _ in 0..run {
                        since = held.pop().unwrap_or(since);
                    }
                    adopted.push((since, shift));
                }
                Heard::Widened(_) => {
                    // Nor were those that made it wider.
                    let there = (first..t).rev().filter(|&t| !values[t].is_nan());
                    let since = there.take(steady.longer() - 1).last().unwrap_or(t);
                    held.retain(|&t| t < since);
                }
                Heard::Learnt | Heard::Missing => {}
            }
        }
        Self {
            held,
            adopted,
            steady,
        }
    }

    /// `values` without what was held, and with what lies before a new level moved to it.
    pub(crate) fn cleaned(&self, values: &[f64]) -> Vec<f64> {
        let mut cleaned = self.moved(values);
        self.held.iter().for_each(|&t| cleaned[t] = f64::NAN);
        cleaned
    }

    /// `values` with what lies before a new level moved to it.
    pub(crate) fn moved(&self, values: &[f64]) -> Vec<f64> {
        let mut moved = values.to_vec();
        for (since, shift) in &self.adopted {
            moved[..*since].iter_mut().for_each(|y| *y = shift.of(*y));
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::fit_or_fall_back;
    use crate::initial::{Centre, places_from_zero};
    use crate::{FitSettings, Model, Trend, Weights};

    /// Expects 0 whatever comes.
    fn nothing() -> Fit {
        let model = Model::new(Trend::None, Season::None, &[]).unwrap();
        let weights = Weights {
            alpha: 0.0,
            ..Weights::default()
        };
        let settings = FitSettings::given(weights);
        let places = places_from_zero(model, 12);
        fit_or_fall_back(model, &[0.0; 12], &places, &settings, Centre::Mean).unwrap()
    }

    /// With a limit of 4 and a new level after three in a row, six values count: five of them are 10
    /// to either side, 2.5 limits, so that residuals are 4 · 1.4826 · 2.5 = 14.826 times as wide.
    const WILD: [f64; 6] = [10.0, -10.0, 1.0, 10.0, -10.0, 10.0];

    #[test]
    fn what_strays_to_both_sides_for_long_is_how_the_series_is() {
        let fit = nothing();
        let mut steady = Steady::new(vec![4.0], 3);
        let mut state = fit.state_before().clone();
        let mut uncertainty = Uncertainty::new(fit.model(), fit.all_weights());
        let mut hear = |y| steady.advance(&fit, &mut state, &mut uncertainty, y, [0, 0]);
        let heard: Vec<Heard> = WILD[..5].iter().map(|y| hear(*y)).collect();
        let (held, learnt) = (Heard::Held, Heard::Learnt);
        assert_eq!(heard, [held, held, learnt, held, held]);
        let Heard::Widened(times) = hear(WILD[5]) else {
            panic!("the sixth makes it wider");
        };
        assert!((times - 14.826).abs() < 1e-3, "{times}");
        assert_eq!((hear(59.0), hear(60.0)), (learnt, held));
    }

    #[test]
    fn what_made_it_wider_was_no_outlier() {
        let fit = nothing();
        let steady = Steady::new(vec![4.0], 3);
        let held = |values: &[f64]| {
            let places = vec![[0, 0]; values.len()];
            HoldingPass::over(&fit, &steady, values, &places).held
        };
        assert_eq!(held(&WILD[..5]), [0, 1, 3, 4]);
        assert_eq!(held(&WILD), Vec::<usize>::new());
    }
}
