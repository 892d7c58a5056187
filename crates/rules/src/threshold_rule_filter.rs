//! `THRESHOLD_RULE_FILTER`: keeps what, as a whole, lies within limits.
//!
//! ```text
//! y          the metric over the buckets of the anomaly so far in which it was measured
//! y_hourly = y · 1 h / (end − start)        for a SUM or COUNT; y otherwise
//! y_daily  = y · 1 d / (end − start)        the same
//! kept  ⇔  minValue ≤ y ≤ maxValue,  minValueHourly ≤ y_hourly ≤ maxValueHourly,  minValueDaily ≤ y_daily ≤ maxValueDaily
//! ```
//!
//! `end − start` is how long the anomaly has lasted as of the bucket at which it is judged, from the
//! start of its first flagged bucket to the end of its last; a day on which clocks change has its
//! 23 or 25 hours. Limits that are not set do not count. An anomaly in which nothing was measured
//! is kept, and the judgement says so.
//!
//! Source: ThirdEye 2020, *Threshold-based anomaly filter*. Departs from it: `minValue` above
//! `maxValue` is refused.

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Anomaly, Bounds, BuildContext, Evidence, Filter, FilterError, Judgement, Memo, Needs, ParamDoc,
    ParamError, ParamWarning, Params,
};
use tuatara_frame::{SliceKey, TimeAxis};

use crate::baseline_params::set;
use crate::over_buckets::Total;
use crate::per_time::{Limits, Measured, Per};

/// Parameters of `THRESHOLD_RULE_FILTER`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct ThresholdRuleFilterParams {
    /// The lowest value over the anomaly that is kept. Unset by default, like all of these.
    pub min_value: Option<f64>,
    /// The highest value over the anomaly that is kept.
    pub max_value: Option<f64>,
    /// The lowest value per hour that is kept.
    pub min_value_hourly: Option<f64>,
    /// The highest value per hour that is kept.
    pub max_value_hourly: Option<f64>,
    /// The lowest value per day that is kept.
    pub min_value_daily: Option<f64>,
    /// The highest value per day that is kept.
    pub max_value_daily: Option<f64>,
}

impl Params for ThresholdRuleFilterParams {
    const TYPE: &'static str = "THRESHOLD_RULE_FILTER";
    type Built = Box<dyn Filter>;
    const SUMMARY: &'static str = "keeps what, as a whole, lies between limits";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("minValue", "the lowest value that is kept").within(Bounds::FINITE),
        ParamDoc::new("maxValue", "the highest value that is kept").within(Bounds::FINITE),
        ParamDoc::new(
            "minValueHourly",
            "the lowest value that is kept, per hour that the anomaly has lasted",
        )
        .within(Bounds::FINITE),
        ParamDoc::new(
            "maxValueHourly",
            "the highest value that is kept, per hour that the anomaly has lasted",
        )
        .within(Bounds::FINITE),
        ParamDoc::new(
            "minValueDaily",
            "the lowest value that is kept, per 24 hours that the anomaly has lasted",
        )
        .within(Bounds::FINITE),
        ParamDoc::new(
            "maxValueDaily",
            "the highest value that is kept, per 24 hours that the anomaly has lasted",
        )
        .within(Bounds::FINITE),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        let limits = [
            Limits::new(
                Per::Whole,
                ("minValue", self.min_value),
                ("maxValue", self.max_value),
            )?,
            Limits::new(
                Per::Hour,
                ("minValueHourly", self.min_value_hourly),
                ("maxValueHourly", self.max_value_hourly),
            )?,
            Limits::new(
                Per::Day,
                ("minValueDaily", self.min_value_daily),
                ("maxValueDaily", self.max_value_daily),
            )?,
        ];
        Ok(Box::new(ThresholdRuleFilter { limits }))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        let limits = [
            self.min_value,
            self.max_value,
            self.min_value_hourly,
            self.max_value_hourly,
            self.min_value_daily,
            self.max_value_daily,
        ];
        if limits.into_iter().any(|limit| set(limit).is_some()) {
            return Vec::new();
        }
        vec![ParamWarning::new(
            "",
            "no limit is set, so everything is kept",
            "minValueHourly: 1000 keeps anomalies with 1000 an hour and more",
        )]
    }
}

/// Keeps what, as a whole, lies within limits.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdRuleFilter {
    limits: [Limits; 3],
}

impl Filter for ThresholdRuleFilter {
    fn needs(&self, _: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::NOTHING)
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        memo: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        let total: &mut Total = memo.get_or_default();
        let measured = Measured {
            quantity: "value",
            name: "the value",
            value: total.of_own(anomaly, evidence),
            aggregation: evidence.aggregation(),
            lasted: anomaly.interval.duration(),
        };
        Ok(measured.judge(&self.limits))
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
