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

use serde::{Deserialize, Serialize};
use tuatara_core::{
    BuildContext, Detail, Detector, Direction, Evaluation, Fact, Lookback, Memo, ParamError,
    ParamWarning, Params, Readiness, Result, Row, Verdict, Window, score, unjudged_because,
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
    fn judge(&self, observed: f64) -> Row {
        let Self { min, max } = *self;
        let verdict = if observed > max {
            Verdict::Anomalous(Direction::Up)
        } else if observed < min {
            Verdict::Anomalous(Direction::Down)
        } else {
            Verdict::Normal
        };
        Row {
            observed,
            expected: observed.max(min).min(max),
            lower: min,
            upper: max,
            score: score::of_limits(observed, min, max, verdict.is_anomalous()),
            verdict,
        }
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
        let range = series.range();
        let mut columns = out.columns(window.len());
        for (row, i) in window.range().enumerate() {
            let observed = series.values()[i];
            let in_range = range.is_none_or(|range| range.contains(observed));
            let unjudged =
                unjudged_because(series.is_complete(i), observed, in_range, Readiness::Ready);
            let judged = match unjudged {
                None => self.judge(observed),
                Some(verdict) => Row {
                    lower: self.min,
                    upper: self.max,
                    ..Row::unjudged(observed, verdict)
                },
            };
            columns.set(row, judged);
            if trace {
                let limits = [("min", self.min), ("max", self.max)];
                columns.facts[row].extend(
                    limits
                        .into_iter()
                        .filter(|(_, value)| value.is_finite())
                        .map(|(name, value)| Fact::Limit { name, value }),
                );
            }
        }
        Ok(())
    }
}
