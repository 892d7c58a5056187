//! Level, trend and season that do not follow what stands out, until it lasts.
//!
//! ```text
//! held    ⇔  |e| > 4·d_p·√v        d_p the robust deviation at the position, v the variance ahead
//! adopted ⇔  so many values in a row are held, all on one side
//! ```
//!
//! A value that is held carries the state forward like a missing one. A new level is adopted by the
//! median of what held values were above (or times) what was expected: the shape stays, and the
//! level moves; where it is times as high, residuals are as many times as wide.

use tuatara_core::{NewLevel, Shift};

use crate::fit::Fit;
use crate::recurrence::{Gains, Place, State, expected_ahead, run};
use crate::uncertainty::Uncertainty;
use crate::{Residuals, Season};

/// Residuals beyond so many robust deviations stand out.
pub(crate) const OUTLIER: f64 = 4.0;

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
        }
    }

    /// Holds nothing.
    pub(crate) fn without_limits(adopt: usize) -> Self {
        Self::new(Vec::new(), adopt)
    }

    /// Judges by other limits from now on.
    pub(crate) fn judge_by(&mut self, limits: Vec<f64>) {
        (self.limits, self.spread) = (limits, 1.0);
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

    /// Forgets the values in a row that stood out.
    pub(crate) fn forget_run(&mut self) {
        self.run.clear();
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
        let learns = matches!(heard, Heard::Learnt | Heard::Adopted(_));
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
        if residual.abs() <= self.limit(place) * factor || residual.is_nan() {
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
            return Heard::Held;
        }
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
