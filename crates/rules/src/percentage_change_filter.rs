//! `PERCENTAGE_CHANGE_FILTER`: keeps what, as a whole, is far enough from a baseline.
//!
//! ```text
//! change = (y − ŷ) / |ŷ|       y, ŷ over the buckets of the anomaly, by the metric's aggregation
//! kept  ⇔  the sign of y − ŷ is admitted by pattern   and   |change| ≥ threshold
//! ```
//!
//! `threshold` is `downThreshold` below the baseline and `upThreshold` otherwise, where they are
//! set. Without `offset`, ŷ is the detector's own expectation. With it, every lag gives one value:
//! the metric over the lagged buckets of those in which something was measured; a lag of which one
//! is missing does not count, and the values of the lags are combined as in the baseline. From a
//! baseline of 0 any change is infinite, and none is 0. An anomaly with nothing to compare with
//! is kept, and the judgement says so.
//!
//! Source: ThirdEye 2020, *Percentage change anomaly filter*. Departs from it: without a threshold
//! everything is kept, as documented, with a warning (Q36); the change is divided by |ŷ|.

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Anomaly, Bounds, BuildContext, Evidence, Filter, FilterError, Judgement, Memo, Needs, ParamDoc,
    ParamError, ParamWarning, Params, Pattern, Short,
};
use tuatara_frame::{SliceKey, TimeAxis};

use crate::baseline_params::{OFFSET, set};
use crate::comparison::{Against, Running, Thresholds, percent};

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
    const SUMMARY: &'static str = "keeps what, as a whole, is a fraction away from a baseline";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new(
            "threshold",
            "the smallest change that is kept, as a fraction",
        )
        .within(Bounds::at_least(0.0)),
        ParamDoc::new("upThreshold", "the same above the baseline")
            .default("`threshold`")
            .within(Bounds::at_least(0.0)),
        ParamDoc::new("downThreshold", "the same below the baseline")
            .default("`threshold`")
            .within(Bounds::at_least(0.0)),
        ParamDoc::new(
            "offset",
            "what to compare with; `none` is the detector's expectation",
        )
        .default("the detector's expectation")
        .text(OFFSET),
        ParamDoc::new("pattern", "the sides that are kept").default("`UP_OR_DOWN`"),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        const REMEDY: &str = "0.1 keeps changes of 10 % and more";
        Ok(Box::new(PercentageChangeFilter {
            thresholds: Thresholds::new(
                self.threshold,
                self.up_threshold,
                self.down_threshold,
                REMEDY,
            )?,
            against: Against::new(self.offset.as_deref(), self.pattern)?,
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
    thresholds: Thresholds,
    against: Against,
}

impl Filter for PercentageChangeFilter {
    fn needs(&self, _: &SliceKey, axis: &TimeAxis) -> Result<Needs, FilterError> {
        self.against.needs(axis)
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        memo: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        const QUANTITY: &str = "change";
        let running: &mut Running = memo.get_or_default();
        let compared = self.against.compare(anomaly, evidence, running);
        let difference = compared.difference();
        let change = if difference == 0.0 {
            0.0
        } else {
            difference / compared.expected.abs()
        };
        if change.is_nan() {
            return Ok(compared.nothing_to_compare(QUANTITY));
        }
        let found = format!(
            "{} is {:+.1} % from {}, {}",
            Short(compared.observed),
            change * 100.0,
            compared.with,
            Short(compared.expected)
        );
        let refused = self.against.refuses(difference, QUANTITY, change, &found);
        Ok(refused.unwrap_or_else(|| {
            self.thresholds
                .judge(difference, QUANTITY, change, &found, percent)
        }))
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use tuatara_core::{AnomalyId, Direction, Peak};
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
