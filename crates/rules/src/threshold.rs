//! `THRESHOLD`: a bucket lies above `max` or below `min`.
//!
//! ```text
//! anomalous  ⇔  y > max  or  y < min            the limit itself is normal
//! ŷ = min(max(y, min), max)                      the nearest value that would be normal
//! score = max(0, 1 + (y − max)/s, 1 + (min − y)/s)
//! ```
//!
//! `s` is half the range when both limits are given, else the magnitude of the one, else 1.
//!
//! Source: ThirdEye 2020, *Threshold*. Departs from it: an anomaly has the clamped value as its
//! expectation, so that filters and deviations work (Q8); the original leaves it unset.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tuatara_core::{
    BLOCK, BuildContext, Detail, Detector, Direction, Evaluation, EvaluationColumns, Fact,
    Lookback, Memo, ParamError, ParamWarning, Params, Readiness, Result, Verdict, Window, score,
    unjudged_because,
};
use tuatara_frame::{SeriesView, TimeAxis};

use crate::baseline_params::set;

/// Parameters of `THRESHOLD`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct ThresholdParams {
    /// Lowest value that is still normal, in units of the metric. Unset by default.
    pub min: Option<f64>,
    /// Highest value that is still normal, in units of the metric. Unset by default.
    pub max: Option<f64>,
}

impl Params for ThresholdParams {
    const TYPE: &'static str = "THRESHOLD";
    type Built = Box<dyn Detector>;

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        let min = set(self.min).unwrap_or(f64::NEG_INFINITY);
        let max = set(self.max).unwrap_or(f64::INFINITY);
        if min > max || min == f64::INFINITY || max == f64::NEG_INFINITY {
            return Err(ParamError::new(
                "min",
                min,
                format!("a number up to max, which is {max}"),
                "exchange the two",
            ));
        }
        Ok(Box::new(Threshold { min, max }))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        if set(self.min).is_some() || set(self.max).is_some() {
            return Vec::new();
        }
        vec![ParamWarning::new(
            "",
            "neither min nor max is set, so nothing will ever be anomalous",
            "set at least one of them",
        )]
    }
}

/// Holds values against fixed limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    min: f64,
    max: f64,
}

impl Threshold {
    /// Expectation and score of every row, as if it were to be judged; what comes out for rows
    /// without a value, or at a limit or beyond, is put right afterwards.
    fn measure(&self, columns: &mut EvaluationColumns<'_>) {
        let Self { min, max } = *self;
        let scale = score::scale_of_limits(min, max);
        let rows = columns.observed.iter().zip(&mut *columns.expected);
        for ((&y, expected), score) in rows.zip(&mut *columns.score) {
            let clamped = if y > max { max } else { y };
            *expected = if y < min { min } else { clamped };
            // A limit that is not set is infinitely far.
            let (over, under) = (y - max, min - y);
            let beyond = if over > under { over } else { under };
            let measured = 1.0 + beyond / scale;
            *score = if measured < 0.0 { 0.0 } else { measured };
        }
    }

    fn judge(
        &self,
        series: SeriesView<'_>,
        buckets: Range<usize>,
        columns: &mut EvaluationColumns<'_>,
    ) {
        let values = &series.values()[buckets.clone()];
        columns.observed.copy_from_slice(values);
        columns.lower.fill(self.min);
        columns.upper.fill(self.max);
        self.measure(columns);
        let complete = series.complete_len();
        let range = series.range();
        let verdicts = values.iter().zip(&mut *columns.verdict);
        let rows = verdicts.zip(&mut *columns.score);
        for (((&y, verdict), score), i) in rows.zip(buckets) {
            let in_range = range.is_none_or(|range| range.contains(y));
            // With the value missing the comparison is false.
            let inside = *score < 1.0;
            if inside & in_range & (i < complete) {
                *verdict = Verdict::Normal;
            } else {
                let why = unjudged_because(i < complete, y, in_range, Readiness::Ready);
                (*score, *verdict) = self.unusual(y, why);
            }
        }
    }

    /// Score and verdict of a row that is not judged, or lies at a limit or beyond.
    #[cold]
    #[inline(never)]
    fn unusual(&self, observed: f64, why: Option<Verdict>) -> (f64, Verdict) {
        let Self { min, max } = *self;
        if let Some(why) = why {
            return (f64::NAN, why);
        }
        let verdict = if observed > max {
            Verdict::Anomalous(Direction::Up)
        } else if observed < min {
            Verdict::Anomalous(Direction::Down)
        } else {
            Verdict::Normal
        };
        let score = score::of_limits(observed, min, max, verdict.is_anomalous());
        (score, verdict)
    }
}

impl Detector for Threshold {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::NONE)
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()> {
        window.check(series.len())?;
        let trace = out.detail() == Detail::Trace;
        let mut columns = out.columns(window.len());
        for start in window.range().step_by(BLOCK) {
            let buckets = start..window.end().min(start + BLOCK);
            let first = start - window.start();
            let mut block = columns.block(first..first + buckets.len());
            self.judge(series, buckets, &mut block);
        }
        if trace {
            let limits = [("min", self.min), ("max", self.max)];
            let set = limits.into_iter().filter(|(_, value)| value.is_finite());
            let facts: Vec<Fact> = set
                .map(|(name, value)| Fact::Limit { name, value })
                .collect();
            columns.facts.fill(facts);
        }
        Ok(())
    }
}
