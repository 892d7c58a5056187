//! `PERCENTAGE_CHANGE_FILTER`: keeps what, as a whole, is far enough from a baseline.
//!
//! ```text
//! change = (y − ŷ) / |ŷ|       y, ŷ over the buckets of the anomaly, by the metric's aggregation
//! kept  ⇔  the sign of y − ŷ is admitted by pattern   and   |change| ≥ threshold
//! ```
//!
//! `threshold` is `downThreshold` below the baseline and `upThreshold` otherwise, where they are
//! set. Without `offset`, ŷ is the detector's own expectation. With it, every lag gives one value:
//! the metric over the lagged buckets of those in which something was observed; a lag of which one
//! is missing does not count, and the values of the lags are combined as in the baseline. From a
//! baseline of 0 any change is infinite, and none is 0. An anomaly with nothing to compare with
//! is kept, and the judgement says so.
//!
//! Source: ThirdEye 2020, *Percentage change anomaly filter*. Departs from it: without a threshold
//! everything is kept, as documented, with a warning (Q36); the change is divided by |ŷ|.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tuatara_baseline::{Baseline, Offset};
use tuatara_core::{
    Anomaly, AnomalyId, BuildContext, Evidence, Filter, FilterError, Forecaster, Judgement,
    Lookback, Memo, Needs, ParamError, ParamWarning, Params, Pattern, Short,
};
use tuatara_frame::{BucketFold, SliceKey, TimeAxis};

use crate::baseline_params::{not_negative, offset, set};

/// Parameters of `PERCENTAGE_CHANGE_FILTER`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct PercentageChangeFilterParams {
    /// The smallest change that is kept, as a fraction: 0.1 is 10 %. In [0, ∞); unset by default,
    /// and then every change is.
    pub threshold: Option<f64>,
    /// The same for values above the baseline. `threshold` by default.
    pub up_threshold: Option<f64>,
    /// The same for values below the baseline. `threshold` by default.
    pub down_threshold: Option<f64>,
    /// What to compare with: an offset such as `median4w`. The detector's expectation by default.
    pub offset: Option<String>,
    /// The sides that are kept. Both by default.
    pub pattern: Pattern,
}

impl Params for PercentageChangeFilterParams {
    const TYPE: &'static str = "PERCENTAGE_CHANGE_FILTER";
    type Built = Box<dyn Filter>;

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        const REMEDY: &str = "0.1 keeps changes of 10 % and more";
        let threshold = not_negative("threshold", self.threshold, REMEDY)?;
        let up = not_negative("upThreshold", self.up_threshold, REMEDY)?;
        let down = not_negative("downThreshold", self.down_threshold, REMEDY)?;
        let offset = match self.offset.as_deref() {
            None => None,
            Some(text) => Some(offset(text)?).filter(|offset| !offset.is_none()),
        };
        Ok(Box::new(PercentageChangeFilter {
            up: up.or(threshold),
            down: down.or(threshold),
            offset,
            pattern: self.pattern,
        }))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        let thresholds = [
            ("threshold", set(self.threshold)),
            ("upThreshold", set(self.up_threshold)),
            ("downThreshold", set(self.down_threshold)),
        ];
        if thresholds.iter().all(|(_, threshold)| threshold.is_none()) {
            return vec![ParamWarning::new(
                "threshold",
                "threshold is not set, so changes of any size are kept",
                "0.1 keeps changes of 10 % and more",
            )];
        }
        thresholds
            .into_iter()
            .filter_map(|(key, threshold)| Some((key, threshold.filter(|change| *change >= 3.0)?)))
            .map(|(key, change)| {
                ParamWarning::new(
                    key,
                    format!("{key} {change} is a change of {} %", Short(change * 100.0)),
                    format!("{} is a change of {change} %", Short(change / 100.0)),
                )
            })
            .collect()
    }
}

/// Keeps what, as a whole, is far enough from a baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct PercentageChangeFilter {
    up: Option<f64>,
    down: Option<f64>,
    offset: Option<Offset>,
    pattern: Pattern,
}

/// What the anomaly is compared with.
struct Comparison {
    observed: f64,
    expected: f64,
    words: String,
}

/// The metric over the buckets of an anomaly so far, and over those of each lag.
#[derive(Debug, Default)]
struct Running {
    of: Option<(AnomalyId, Range<usize>)>,
    observed: Option<BucketFold>,
    /// `None` for a lag that misses a bucket.
    lagged: Vec<Option<BucketFold>>,
}

impl Running {
    /// Takes in the buckets that have come since the last call, or all of another anomaly.
    fn go_on(&mut self, offset: &Offset, anomaly: &Anomaly, evidence: &Evidence<'_>) {
        let rows = evidence.rows();
        let next = match &self.of {
            Some((id, done))
                if (*id, done.start) == (anomaly.id, rows.start) && done.end <= rows.end =>
            {
                done.end
            }
            _ => {
                self.observed = None;
                self.lagged = vec![Some(evidence.over_buckets()); offset.lags().len()];
                rows.start
            }
        };
        let observed = self.observed.get_or_insert(evidence.over_buckets());
        let series = evidence.series();
        let (axis, values) = (series.axis(), series.values());
        for i in next..rows.end {
            if values[i].is_nan() {
                continue;
            }
            observed.push(values[i]);
            for (&lag, fold) in offset.lags().iter().zip(&mut self.lagged) {
                let source = axis
                    .lag(i, lag)
                    .and_then(|source| usize::try_from(source).ok());
                match source.map(|source| values[source]) {
                    Some(value) if !value.is_nan() => {
                        if let Some(fold) = fold {
                            fold.push(value);
                        }
                    }
                    _ => *fold = None,
                }
            }
        }
        self.of = Some((anomaly.id, rows));
    }
}

impl PercentageChangeFilter {
    fn compare(&self, anomaly: &Anomaly, evidence: &Evidence<'_>, memo: &mut Memo) -> Comparison {
        let Some(offset) = &self.offset else {
            return Comparison {
                observed: anomaly.observed,
                expected: anomaly.expected,
                words: "the expected value".to_owned(),
            };
        };
        let running: &mut Running = memo.get_or_default();
        running.go_on(offset, anomaly, evidence);
        let observed = running.observed.map_or(f64::NAN, BucketFold::value);
        let found = running.lagged.iter().flatten().map(|fold| fold.value());
        let mut found: Vec<f64> = found.filter(|value| !value.is_nan()).collect();
        let words = format!(
            "{offset} ({} of {} lags found)",
            found.len(),
            offset.lags().len()
        );
        let expected = if offset.is_current() {
            observed
        } else {
            offset.combine().of(&mut found)
        };
        Comparison {
            observed,
            expected,
            words,
        }
    }
}

impl Filter for PercentageChangeFilter {
    fn needs(&self, _: &SliceKey, axis: &TimeAxis) -> Result<Needs, FilterError> {
        let Some(offset) = &self.offset else {
            return Ok(Needs::NOTHING);
        };
        let lookback: Lookback = Baseline::new(offset.clone()).lookback(axis)?;
        Ok(Needs::history(lookback))
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        memo: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        const QUANTITY: &str = "change";
        let Comparison {
            observed,
            expected,
            words,
        } = self.compare(anomaly, evidence, memo);
        let difference = observed - expected;
        let change = if difference == 0.0 {
            0.0
        } else {
            difference / expected.abs()
        };
        if change.is_nan() {
            let reason = format!("there is no value of {words} to compare with");
            return Ok(Judgement::keep(QUANTITY, change, reason));
        }
        let from = format!(
            "{} is {:+.1} % from {words}, {}",
            Short(observed),
            change * 100.0,
            Short(expected)
        );
        let admitted = match difference {
            d if d > 0.0 => self.pattern.admits_up(),
            d if d < 0.0 => self.pattern.admits_down(),
            _ => true,
        };
        if !admitted {
            let reason = format!("{from}, only {} counts", self.pattern);
            return Ok(Judgement::drop(QUANTITY, change, reason));
        }
        let threshold = if difference < 0.0 { self.down } else { self.up };
        let Some(threshold) = threshold else {
            let reason = format!("{from}, no threshold is set");
            return Ok(Judgement::keep(QUANTITY, change, reason));
        };
        let reason = format!("{from}, at least {} % is asked", Short(threshold * 100.0));
        Ok(Judgement::new(
            change.abs() >= threshold,
            QUANTITY,
            change,
            reason,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuatara_core::{Direction, Peak};
    use tuatara_frame::{Aggregation, Granularity, Interval, Series, Zone};

    /// The change from yesterday of the anomaly that lasts `rows`, with what `memo` remembers.
    fn change(series: &Series, rows: Range<usize>, memo: &mut Memo) -> f64 {
        let params = PercentageChangeFilterParams {
            threshold: Some(0.1),
            offset: Some("do1d".to_owned()),
            ..Default::default()
        };
        let filter = params.build(&BuildContext::new("f")).unwrap();
        let (axis, slice) = (series.axis(), SliceKey::new("m"));
        let (start, end) = (axis.start(rows.start), axis.end(rows.end - 1));
        let peak = Peak {
            at: start,
            direction: Direction::Up,
            score: 2.0,
            observed: 1.0,
            expected: 1.0,
            lower: 1.0,
            upper: 1.0,
        };
        let interval = Interval::new(start, end).unwrap();
        let id = AnomalyId::new("d", "r", &slice, start);
        let anomaly = Anomaly::open(id, "d", "r", &slice, interval, peak);
        let known = series.view().known_until(rows.end);
        let evidence = Evidence::new(known, rows, end, Aggregation::Sum);
        filter.judge(&anomaly, &evidence, memo).unwrap().value
    }

    #[test]
    fn a_memo_never_changes_a_judgement_whichever_bucket_is_asked_about() {
        let days = Interval::new(
            "2026-01-01T00:00:00Z".parse().unwrap(),
            "2026-01-06T00:00:00Z".parse().unwrap(),
        );
        let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, days.unwrap()).unwrap();
        let series = Series::new(axis, vec![10.0, 20.0, 30.0, 50.0, 40.0]).unwrap();
        let mut memo = Memo::default();
        // On, back, and to an anomaly that starts elsewhere.
        for (rows, by_hand) in [
            (1..2, 20.0 / 10.0 - 1.0),
            (1..4, 100.0 / 60.0 - 1.0),
            (1..3, 50.0 / 30.0 - 1.0),
            (3..5, 90.0 / 80.0 - 1.0),
        ] {
            let remembered = change(&series, rows.clone(), &mut memo);
            let anew = change(&series, rows.clone(), &mut Memo::default());
            assert_eq!(remembered.to_bits(), anew.to_bits(), "{rows:?}");
            assert!(
                (remembered - by_hand).abs() < 1e-12,
                "{rows:?}: {remembered}"
            );
        }
    }
}
