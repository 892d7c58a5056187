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
    BuildContext, Detail, Detector, Direction, Evaluation, EvaluationColumns, Fact, LANES, Lanes,
    Lookback, Memo, ParamDoc, ParamError, ParamWarning, Params, Readiness, Result, Verdict, Window,
    score, unjudged_because,
};
use tuatara_frame::{SeriesView, TimeAxis, ValueRange};

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
    const SUMMARY: &'static str = "a bucket lies above `max` or below `min`";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("min", "the lowest normal value, in units of the metric"),
        ParamDoc::new(
            "max",
            "the highest normal value, in units of the metric; `min` must not be above it",
        ),
    ];

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
    /// Judges `N` rows of `stretch` from `first` on: as if all were there and normal, and one by
    /// one where that is not so.
    #[inline(always)]
    fn judge<const N: usize>(
        &self,
        stretch: &Stretch<'_>,
        first: usize,
        columns: &mut EvaluationColumns<'_>,
    ) {
        let rows = first..first + N;
        let observed = stretch.values[rows.clone()]
            .try_into()
            .expect("as many as there are rows");
        let (numbers, inside) = self.measure::<N>(observed, stretch.scale);
        columns.set_lanes(first, &numbers);
        if inside && rows.end <= stretch.complete && numbers.all_in(stretch.range) {
            columns.verdict.set_normal(rows);
        } else {
            self.put_right(stretch, rows, columns);
        }
    }

    /// The numbers of `N` rows, without a branch, as if all could be judged and were normal, and
    /// whether they lie inside the limits.
    #[inline(always)]
    fn measure<const N: usize>(&self, observed: [f64; N], scale: f64) -> (Lanes<N>, bool) {
        let Self { min, max } = *self;
        let (mut expected, mut score, mut inside) = ([0.0; N], [0.0; N], true);
        for (i, &y) in observed.iter().enumerate() {
            let clamped = if y > max { max } else { y };
            expected[i] = if y < min { min } else { clamped };
            // A limit that is not set is infinitely far.
            let (over, under) = (y - max, min - y);
            let beyond = if over > under { over } else { under };
            let measured = 1.0 + beyond / scale;
            score[i] = if measured < 0.0 { 0.0 } else { measured };
            // With the value missing this is false.
            inside &= score[i] < 1.0;
        }
        let lanes = Lanes {
            observed,
            expected,
            lower: [min; N],
            upper: [max; N],
            score,
        };
        (lanes, inside)
    }

    /// Judges rows of which one is missing, or may lie at a limit or beyond; their numbers are
    /// there already.
    #[cold]
    #[inline(never)]
    fn put_right(
        &self,
        stretch: &Stretch<'_>,
        rows: Range<usize>,
        columns: &mut EvaluationColumns<'_>,
    ) {
        let Self { min, max } = *self;
        for i in rows {
            let y = stretch.values[i];
            let is_complete = i < stretch.complete;
            let in_range = stretch.range.is_none_or(|range| range.contains(y));
            if columns.score[i] < 1.0 && in_range && is_complete {
                columns.verdict.set(i, Verdict::Normal);
                continue;
            }
            let why = unjudged_because(is_complete, y, in_range, Readiness::Ready);
            let verdict = why.unwrap_or(if y > max {
                Verdict::Anomalous(Direction::Up)
            } else if y < min {
                Verdict::Anomalous(Direction::Down)
            } else {
                Verdict::Normal
            });
            columns.verdict.set(i, verdict);
            columns.score[i] = if why.is_some() {
                f64::NAN
            } else {
                score::of_limits(y, min, max, verdict.is_anomalous())
            };
        }
    }
}

/// Rows to be judged, and all that is needed for it.
struct Stretch<'a> {
    values: &'a [f64],
    /// How many rows, from the first, belong to complete buckets.
    complete: usize,
    range: Option<ValueRange>,
    /// See [`score::scale_of_limits`].
    scale: f64,
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
        let stretch = Stretch {
            values: &series.values()[window.range()],
            complete: series.complete_len().saturating_sub(window.start()),
            range: series.range(),
            scale: score::scale_of_limits(self.min, self.max),
        };
        let even = window.len() - window.len() % LANES;
        for row in (0..even).step_by(LANES) {
            self.judge::<LANES>(&stretch, row, &mut columns);
        }
        for row in even..window.len() {
            self.judge::<1>(&stretch, row, &mut columns);
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

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

#[cfg(test)]
mod tests {
    use tuatara_frame::{Granularity, Instant, Interval, Series, Zone};

    use super::*;

    /// Numbers at which rounding, overflow and underflow show; not a multiple of [`LANES`].
    const NUMBERS: [f64; 15] = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        0.3,
        10.0,
        10.000_000_000_000_002,
        9.999_999_999_999_998,
        1e300,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        -1e-310,
    ];

    #[test]
    fn rows_worked_out_together_score_as_each_alone() {
        let day = |n: usize| Instant::from_millis(n as i64 * 86_400_000).unwrap();
        let span = Interval::new(day(0), day(NUMBERS.len())).unwrap();
        let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, span).unwrap();
        let series = Series::new(axis, NUMBERS.to_vec()).unwrap();
        let limits: Vec<f64> = [f64::NEG_INFINITY, f64::INFINITY]
            .into_iter()
            .chain(NUMBERS)
            .collect();
        let pairs = limits
            .iter()
            .flat_map(|&min| limits.iter().map(move |&max| (min, max)));
        for (min, max) in pairs.filter(|(min, max)| min <= max) {
            let params = ThresholdParams {
                min: min.is_finite().then_some(min),
                max: max.is_finite().then_some(max),
            };
            let Ok(detector) = params.build(&BuildContext::new("limits")) else {
                continue;
            };
            let (min, max) = (
                params.min.unwrap_or(f64::NEG_INFINITY),
                params.max.unwrap_or(f64::INFINITY),
            );
            let mut out = Evaluation::default();
            let window = Window::whole(series.axis());
            detector
                .evaluate(series.view(), window, &mut Memo::default(), &mut out)
                .unwrap();
            for row in out.rows() {
                let y = row.observed;
                assert_eq!(row.verdict.is_anomalous(), y < min || y > max, "{row:?}");
                let score = score::of_limits(y, min, max, row.verdict.is_anomalous());
                assert_eq!(row.score.to_bits(), score.to_bits(), "{row:?} {score}");
                assert_eq!(
                    (row.lower.to_bits(), row.upper.to_bits()),
                    (min.to_bits(), max.to_bits())
                );
            }
        }
    }
}
