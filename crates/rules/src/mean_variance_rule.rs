//! `MEAN_VARIANCE_RULE`: a bucket is farther from the last value than its changes usually lead.
//!
//! ```text
//! x₁ … xₙ  the last n ≤ lookback values before the bucket
//! cᵢ = (xᵢ₊₁ − xᵢ) / xᵢ, 0 where xᵢ = 0        m, s = mean and deviation (n − 2 in the divisor) of the cᵢ
//! ŷ  = xₙ · (1 + m)                            w = σ · |xₙ| · s,  σ = 0.5 + 0.1 · (10 − sensitivity)
//! anomalous  ⇔  y < ŷ − w where DOWN counts,  or  y > ŷ + w where UP counts
//! ```
//!
//! `lookback` counts values, whatever lies between them, as far as they lie within that many weeks
//! (buckets, where those are longer than a week). The changes are those from one value to the next.
//! There is no expectation before two changes are there; three buckets are needed for that.
//!
//! Source: ThirdEye 2020, *Mean Variance Rule*. Departs from it: a value on the edge is normal, so
//! a constant series is never anomalous (Q22); the width is that of |xₙ|, so that a negative value
//! has a band, too; a sensitivity outside 0 to 10 is refused, not moved to the nearest end.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Bounds, BuildContext, Detector, Fact, Forecast, ForecastColumns, Forecaster, Judge, Judged,
    Lookback, Memo, ParamDoc, ParamError, Params, Pattern, Readiness, Result, Short, Window,
};
use tuatara_frame::{Duration, SeriesView, TimeAxis};

use crate::duration_param::buckets_to_last;
use tuatara_core::past::{learnt, stretches_of_history};

/// The fewest values that `lookback` may count.
const FEWEST: u32 = 9;
/// The most.
const MOST: u32 = 10_000;
/// Values that make the two changes of which there is a deviation.
const NEEDED: u32 = 3;

/// Parameters of `MEAN_VARIANCE_RULE`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct MeanVarianceRuleParams {
    /// Values before the bucket from which the usual change is taken. In 9 to 10 000; 52 by
    /// default.
    pub lookback: u32,
    /// From 0, a band of 1.5 deviations, to 10, one of half a deviation; 5 by default.
    pub sensitivity: f64,
    /// The sides that count. Both by default.
    pub pattern: Pattern,
}

impl Default for MeanVarianceRuleParams {
    fn default() -> Self {
        Self {
            lookback: 52,
            sensitivity: 5.0,
            pattern: Pattern::default(),
        }
    }
}

impl Params for MeanVarianceRuleParams {
    const TYPE: &'static str = "MEAN_VARIANCE_RULE";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str = "a bucket changes from the last by more than is usual";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new(
            "lookback",
            "values before the bucket from which the usual change is taken",
        )
        .default("52")
        .within(Bounds::closed(9.0, 10_000.0)),
        ParamDoc::new(
            "sensitivity",
            "10 gives the narrowest band, half a deviation; 0 the widest, one and a half",
        )
        .default("5")
        .within(Bounds::closed(0.0, 10.0)),
        ParamDoc::new("pattern", "the sides that count").default("`UP_OR_DOWN`"),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        if !(FEWEST..=MOST).contains(&self.lookback) {
            return Err(ParamError::new(
                "lookback",
                self.lookback,
                format!("a whole number from {FEWEST} to {MOST}"),
                "it counts values; 52 is customary",
            ));
        }
        if !(0.0..=10.0).contains(&self.sensitivity) {
            return Err(ParamError::new(
                "sensitivity",
                self.sensitivity,
                "a number in [0, 10]",
                "10 gives the narrowest band, 0 the widest; 5 is customary",
            ));
        }
        let factor = 0.5 + 0.1 * (10.0 - self.sensitivity);
        let judge = Judge::new(self.pattern)
            .with_factor(factor)
            .map_err(|error| {
                ParamError::new(
                    "sensitivity",
                    self.sensitivity,
                    "[0, 10]",
                    error.to_string(),
                )
            })?;
        let forecaster = MeanVariance {
            lookback: self.lookback as usize,
        };
        Ok(Box::new(Judged::new(forecaster, judge)))
    }
}

/// Expects the last value to change as it usually does; the unit width is the deviation of that
/// change.
///
/// Internals: `mean_change` and `change_deviation`, as fractions of the last value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanVariance {
    lookback: usize,
}

/// How values usually change from one to the next.
#[derive(Debug, Clone, Copy)]
struct Change {
    count: usize,
    mean: f64,
    deviation: f64,
}

impl Change {
    /// Of `changes`, oldest first; none of fewer than two.
    fn of(changes: &[f64]) -> Option<Self> {
        let count = changes.len();
        if count < 2 {
            return None;
        }
        let mean = changes.iter().sum::<f64>() / count as f64;
        let squares: f64 = changes.iter().map(|c| (c - mean) * (c - mean)).sum();
        let deviation = (squares / (count - 1) as f64).sqrt();
        Some(Self {
            count,
            mean,
            deviation,
        })
    }
}

/// The values before a bucket, oldest first, each with its place and the change that led to it.
#[derive(Debug, Default)]
struct Values {
    places: Vec<usize>,
    values: Vec<f64>,
    changes: Vec<f64>,
}

impl Values {
    fn push(&mut self, place: usize, value: f64) {
        let change = match self.values.last() {
            Some(&last) if last != 0.0 => (value - last) / last,
            _ => 0.0,
        };
        self.places.push(place);
        self.values.push(value);
        self.changes.push(change);
    }
}

impl MeanVariance {
    fn reach(self, axis: &TimeAxis) -> usize {
        let week = buckets_to_last(Duration::days(7), axis);
        self.lookback.saturating_mul(week.max(1))
    }

    /// What bucket `first` has before it: no more than counts.
    fn before(self, series: SeriesView<'_>, first: usize, reach: usize) -> Values {
        let mut newest_first: Vec<(usize, f64)> = (first.saturating_sub(reach)..first)
            .rev()
            .map(|j| (j, learnt(series, j, first)))
            .filter(|(_, value)| !value.is_nan())
            .take(self.lookback)
            .collect();
        newest_first.reverse();
        let mut values = Values::default();
        for (place, value) in newest_first {
            values.push(place, value);
        }
        values
    }

    fn fill(
        self,
        series: SeriesView<'_>,
        window: Window,
        rows: Range<usize>,
        columns: &mut ForecastColumns<'_>,
    ) {
        let reach = self.reach(series.axis());
        let mut before = self.before(series, rows.start, reach);
        let mut oldest = 0;
        for i in rows {
            let row = i - window.start();
            let count = before.places.len();
            oldest = oldest.max(count.saturating_sub(self.lookback));
            while oldest < count && before.places[oldest] + reach < i {
                oldest += 1;
            }
            self.write(&before, oldest..count, i, row, columns);
            let value = learnt(series, i, i);
            if !value.is_nan() {
                before.push(i, value);
            }
        }
    }

    /// The row of bucket `i`, before which lie the values `counting`.
    fn write(
        self,
        before: &Values,
        counting: Range<usize>,
        i: usize,
        row: usize,
        columns: &mut ForecastColumns<'_>,
    ) {
        let changes = before.changes.get(counting.start + 1..counting.end);
        let change = Change::of(changes.unwrap_or_default());
        let last = before.values.last().copied().unwrap_or(f64::NAN);
        let (expected, width) = change.map_or((f64::NAN, f64::NAN), |change| {
            (last * (1.0 + change.mean), last.abs() * change.deviation)
        });
        if let Some(change) = change
            && columns.internals.wanted()
        {
            columns.internals.column("mean_change")[row] = change.mean;
            columns.internals.column("change_deviation")[row] = change.deviation;
        }
        // Changes may be larger than any number: then nothing can be expected.
        if expected.is_finite() && width.is_finite() {
            columns.expected[row] = expected;
            columns.width[row] = width;
        } else {
            columns.expected[row] = f64::NAN;
            columns.width[row] = 0.0;
            let oldest = before.places[counting.clone()].first();
            let have = oldest.map_or(0, |&oldest| i - oldest);
            let have = u32::try_from(have).unwrap_or(u32::MAX);
            let why = if have < NEEDED {
                Readiness::WarmingUp { have, need: NEEDED }
            } else {
                Readiness::NoBaseline
            };
            columns.unready.set(row, why);
        }
        if let (Some(facts), Some(change)) = (columns.facts.get_mut(row), change) {
            facts.push(Fact::Remark(format!(
                "the last value is {}; the {} changes up to it are {} % on average and deviate \
                 from that by {} %",
                Short(last),
                change.count,
                Short(100.0 * change.mean),
                Short(100.0 * change.deviation)
            )));
        }
    }
}

impl Forecaster for MeanVariance {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(self.reach(axis)))
    }

    fn forecast(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()> {
        window.check(series.len())?;
        let mut columns = out.columns(window.len());
        for rows in stretches_of_history(series, window) {
            self.fill(series, window, rows, &mut columns);
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
