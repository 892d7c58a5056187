//! A model of its own for every bucket, fitted to a vector of earlier values, as ThirdEye has it.
//!
//! ```text
//! SAME_TIME  the value at the same local time on each of the 60 days before, oldest first
//! RECENT     the 60 values right before the bucket
//! ŷ = the fitted model's next value        width = √mean (r − mean r)²
//! ```
//!
//! A day without a value takes that of `period` days earlier, up to five times as far, else that of
//! the day after it; days before the first value of the lookback are not there. With fewer than two
//! seasons there is no expectation.
//!
//! Departs from the original: each fit starts from the same places, not from the fit before it
//! (quirk 24); a missing value is a missing row (quirk 10); and with values of both signs, or zeros,
//! the season is additive (quirk 25).

use std::ops::Range;

use tuatara_core::{
    Fact, Forecast, ForecastColumns, Forecaster, Lookback, Memo, Readiness, Result, Short, Window,
    past,
};
use tuatara_frame::{Granularity, Lag, LagPlan, LagUnit, SeriesView, TimeAxis};

use crate::fingerprint::Fingerprint;
use crate::fit::Fit;
use crate::smoother::{Smoother, Smoothing};
use crate::{FitSettings, Model, Season, WEIGHT_NAMES};

/// Values of a vector.
const VALUES: u32 = 60;
/// How often a missing day looks one season farther back.
const SUBSTITUTES: u32 = 5;
/// Buckets that the 60 most recent values may be spread over.
const SPREAD: usize = 120;
/// Fits that a memo keeps.
const KEPT: usize = 64;

/// Which earlier values a model is fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum History {
    /// Those at the same local time on the 60 days before.
    SameTime,
    /// The 60 before the bucket.
    Recent,
}

/// Expects what a model fitted for this bucket alone forecasts.
///
/// Internals: `alpha`, `beta`, `gamma`, `sse`, `n_train`, and `season_kind`: 0 none, 1 additive,
/// 2 multiplicative.
#[derive(Debug, Clone, PartialEq)]
pub struct PointByPoint {
    /// What is fitted.
    pub model: Model,
    /// Weights that are given, and what looks for the others.
    pub fit: FitSettings,
    /// Which earlier values it is fitted to; by granularity where it is `None`: those at the same
    /// time up to days, the most recent of weeks and months.
    pub history: Option<History>,
    /// Whether earlier values are smoothed.
    pub smoothing: Smoothing,
}

#[derive(Debug, Default)]
struct Kept {
    fits: Vec<(Fingerprint, Option<Fit>)>,
}

impl PointByPoint {
    fn history(&self, granularity: Granularity) -> History {
        let long = granularity.nominal() > tuatara_frame::Duration::days(1);
        self.history.unwrap_or(if long {
            History::Recent
        } else {
            History::SameTime
        })
    }

    /// Days that a substitute can lie before the day it stands for.
    fn farther(&self) -> u32 {
        let period = u32::try_from(self.model.longest_period()).unwrap_or(u32::MAX);
        period.saturating_mul(SUBSTITUTES)
    }

    fn lag(days: u32) -> Lag {
        Lag::new(days.max(1), LagUnit::Days).expect("invariant: a few days are a lag")
    }

    /// The vector of bucket `i`, oldest first, and how many days or buckets it could have had.
    fn same_time(
        &self,
        series: SeriesView<'_>,
        plans: &[LagPlan],
        smoother: Option<Smoother>,
        i: usize,
    ) -> Vec<f64> {
        let as_of = i;
        let value = |days: u32| {
            let plan = plans.get(days as usize - 1)?;
            let at = usize::try_from(plan.source(i)?).ok()?;
            let value = earlier(series, smoother, at, as_of);
            (!value.is_nan()).then_some(value)
        };
        let reach = VALUES + self.farther();
        let first = (1..=reach).rev().find(|&days| value(days).is_some());
        let Some(oldest) = first else {
            return Vec::new();
        };
        let period = u32::try_from(self.model.longest_period()).unwrap_or(1);
        let mut vector: Vec<f64> = Vec::new();
        for day in 1..=VALUES.min(oldest) {
            let there = (0..=SUBSTITUTES).find_map(|times| value(day + times * period));
            match there.or(vector.last().copied()) {
                Some(value) => vector.push(value),
                // Yesterday is missing, and every season before it: there is nothing to go by.
                None => return Vec::new(),
            }
        }
        vector.reverse();
        vector
    }

    fn recent(series: SeriesView<'_>, smoother: Option<Smoother>, i: usize) -> Vec<f64> {
        let values = (i.saturating_sub(SPREAD)..i)
            .rev()
            .map(|j| earlier(series, smoother, j, i));
        let there = values.filter(|y| !y.is_nan());
        let mut vector: Vec<f64> = there.take(VALUES as usize).collect();
        vector.reverse();
        vector
    }

    fn fill(
        &self,
        series: SeriesView<'_>,
        rows: Range<usize>,
        first: usize,
        kept: &mut Vec<(Fingerprint, Option<Fit>)>,
        columns: &mut ForecastColumns<'_>,
    ) {
        let axis = series.axis();
        let history = self.history(axis.granularity());
        let plans: Vec<LagPlan> = match history {
            History::Recent => Vec::new(),
            History::SameTime => (1..=VALUES + self.farther())
                .map(|days| axis.lag_plan(Self::lag(days), rows.clone()))
                .collect(),
        };
        let smoother = Smoother::of(self.smoothing, axis.granularity());
        for i in rows {
            let vector = match history {
                History::SameTime => self.same_time(series, &plans, smoother, i),
                History::Recent => Self::recent(series, smoother, i),
            };
            let mut print = Fingerprint::new();
            print.text(&format!("{self:?}"));
            vector.iter().for_each(|y| print.number(y.to_bits()));
            let at = match kept.iter().position(|(known, _)| *known == print) {
                Some(at) => at,
                None => {
                    if kept.len() == KEPT {
                        kept.remove(0);
                    }
                    let fit = self.model.fit_or_fall_back(&vector, &self.fit).ok();
                    kept.push((print, fit));
                    kept.len() - 1
                }
            };
            let row = i - first;
            let next = kept[at].1.as_ref().map(|fit| {
                let expected = fit.forecast(1)[0].expected;
                (fit, expected, fit.spread())
            });
            let usable =
                next.filter(|(_, expected, width)| expected.is_finite() && width.is_finite());
            let Some((fit, expected, width)) = usable else {
                columns.expected[row] = f64::NAN;
                columns.width[row] = 0.0;
                let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                let (have, need) = (vector.len(), self.model.shortest_history());
                if have < need {
                    let (have, need) = (small(have), small(need));
                    columns
                        .unready
                        .set(row, Readiness::WarmingUp { have, need });
                }
                continue;
            };
            columns.expected[row] = expected;
            columns.width[row] = width;
            if columns.internals.wanted() {
                internals(columns, row, fit);
            }
            if let Some(facts) = columns.facts.get_mut(row) {
                explain(fit, &vector, history, facts);
            }
        }
    }
}

/// What bucket `i` learns from bucket `j` before it: nothing of a smoothed one whose window has not
/// ended before `i`.
fn earlier(series: SeriesView<'_>, smoother: Option<Smoother>, j: usize, i: usize) -> f64 {
    match smoother {
        Some(smoother) if j + smoother.delay() >= i => f64::NAN,
        Some(smoother) => smoother.at(series, j, i),
        None => past::learnt(series, j, i),
    }
}

fn internals(columns: &mut ForecastColumns<'_>, row: usize, fit: &Fit) {
    let weights = fit.weights();
    let kind = match fit.model().season() {
        Season::None => 0.0,
        Season::Additive => 1.0,
        Season::Multiplicative => 2.0,
    };
    for (name, value) in [
        ("alpha", weights.alpha),
        ("beta", weights.beta),
        ("gamma", weights.gamma),
        ("sse", fit.sse()),
        ("n_train", fit.counted() as f64),
        ("season_kind", kind),
    ] {
        columns.internals.column(name)[row] = value;
    }
}

fn explain(fit: &Fit, vector: &[f64], history: History, facts: &mut Vec<Fact>) {
    let mut say = |text: String| facts.push(Fact::Remark(text));
    let of = match history {
        History::SameTime => "at the same time on the days before",
        History::Recent => "right before",
    };
    say(format!(
        "{}, fitted to {} values {of}",
        fit.model(),
        vector.len()
    ));
    if let Some(reason) = fit.fallback() {
        say(format!(
            "the season is additive, not multiplicative: {reason}"
        ));
    }
    let weights = fit.weights().to_array();
    let named: Vec<String> = (0..weights.len())
        .filter(|&at| fit.model().has()[at])
        .map(|at| format!("{} {}", WEIGHT_NAMES[at], Short(weights[at])))
        .collect();
    let named = named.join(", ");
    say(match fit.search() {
        Some((optimizer, evaluations)) => format!(
            "{named}; by {optimizer} from {} starts with {evaluations} evaluations, squared error {}",
            fit.starts(),
            Short(fit.sse()),
        ),
        None => format!("{named}, as given; squared error {}", Short(fit.sse())),
    });
    let flat = fit.flat_weights(vector);
    if !flat.is_empty() {
        say(format!(
            "the history does not determine {}: any value costs less than 1 % more",
            flat.join(" and ")
        ));
    }
}

impl Forecaster for PointByPoint {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        let before = Smoother::of(self.smoothing, axis.granularity()).map_or(0, Smoother::before);
        Ok(Lookback::buckets(
            before
                + match self.history(axis.granularity()) {
                    History::Recent => SPREAD,
                    History::SameTime => axis.reach(Self::lag(VALUES + self.farther())),
                },
        ))
    }

    fn forecast(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()> {
        window.check(series.len())?;
        let kept = &mut memo.get_or_default::<Kept>().fits;
        let mut columns = out.columns(window.len());
        for rows in past::stretches_of_history(series, window) {
            self.fill(series, rows, window.start(), kept, &mut columns);
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
