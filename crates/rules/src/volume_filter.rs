//! `VOLUME_FILTER`: keeps what happens where there is enough of another metric.
//!
//! ```text
//! v          the other metric over the buckets of the anomaly so far in which it was measured
//! v_hourly = v · 1 h / (end − start)        for a SUM or COUNT; v otherwise
//! v_daily  = v · 1 d / (end − start)        the same
//! kept  ⇔  v ≥ minValue,  v_hourly ≥ minValueHourly,  v_daily ≥ minValueDaily
//! ```
//!
//! A conversion rate over a dozen visits moves by half without meaning anything; a floor on the
//! visits keeps it quiet. The other metric is looked at under the anomaly's own dimensions, unless
//! `filters` says which rows count; `filters: {}` is all of them. `end − start` is how long the
//! anomaly has lasted as of the bucket at which it is judged. Where the other metric was not
//! measured at all there is nothing to hold against the anomaly: it is kept, and the judgement says
//! so.

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Anomaly, Bounds, BuildContext, Evidence, Filter, FilterError, Judgement, Memo, Needs,
    OtherSlice, ParamDoc, ParamError, ParamWarning, Params,
};
use tuatara_frame::{SliceKey, TimeAxis};

use crate::baseline_params::set;
use crate::other_slice::{self, DimensionFilters, other_slice};
use crate::over_buckets::Total;
use crate::per_time::{Limits, Measured, Per};

/// Parameters of `VOLUME_FILTER`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct VolumeFilterParams {
    /// The metric there has to be enough of. Has to be set.
    pub metric: Option<String>,
    /// Its dataset. That of the detection by default.
    pub dataset: Option<String>,
    /// Which rows count: dimensions, each with the values that do. Those of the anomaly's slice by
    /// default.
    pub filters: Option<DimensionFilters>,
    /// The lowest volume over the anomaly that is kept. Unset by default, like the next two.
    pub min_value: Option<f64>,
    /// The lowest volume per hour that is kept.
    pub min_value_hourly: Option<f64>,
    /// The lowest volume per day that is kept.
    pub min_value_daily: Option<f64>,
}

impl Params for VolumeFilterParams {
    const TYPE: &'static str = "VOLUME_FILTER";
    type Built = Box<dyn Filter>;
    const SUMMARY: &'static str = "keeps what happens where there is enough of another metric";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("metric", "the metric there has to be enough of").required(),
        ParamDoc::new("dataset", "its dataset").default("that of the detection"),
        ParamDoc::new(
            "filters",
            "which of its rows count: a value or a list of values for each dimension; `{}`: all",
        )
        .default("those of the anomaly's series"),
        ParamDoc::new("minValue", "the lowest volume that is kept").within(Bounds::FINITE),
        ParamDoc::new(
            "minValueHourly",
            "the same per hour that the anomaly has lasted",
        )
        .within(Bounds::FINITE),
        ParamDoc::new(
            "minValueDaily",
            "the same per 24 hours that the anomaly has lasted",
        )
        .within(Bounds::FINITE),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        let Some(metric) = self.metric else {
            return Err(ParamError::new(
                "metric",
                "not set",
                "the name of a metric",
                "add `metric:` with what there has to be enough of",
            ));
        };
        other_slice::checked(self.filters.as_ref())?;
        let limits = [
            Limits::new(Per::Whole, ("minValue", self.min_value), ("", None))?,
            Limits::new(
                Per::Hour,
                ("minValueHourly", self.min_value_hourly),
                ("", None),
            )?,
            Limits::new(
                Per::Day,
                ("minValueDaily", self.min_value_daily),
                ("", None),
            )?,
        ];
        Ok(Box::new(VolumeFilter {
            metric,
            dataset: self.dataset,
            filters: self.filters,
            limits,
        }))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        let limits = [self.min_value, self.min_value_hourly, self.min_value_daily];
        let unset = limits.into_iter().all(|limit| set(limit).is_none());
        let unset = unset.then(|| {
            ParamWarning::new(
                "minValue",
                "no limit is set, so everything is kept",
                "minValueHourly: 1000 keeps anomalies with 1000 an hour and more",
            )
        });
        let operators = other_slice::operators(self.filters.as_ref());
        unset.into_iter().chain(operators).collect()
    }
}

/// Keeps what happens where there is enough of another metric.
#[derive(Debug, Clone, PartialEq)]
pub struct VolumeFilter {
    metric: String,
    dataset: Option<String>,
    filters: Option<DimensionFilters>,
    limits: [Limits; 3],
}

impl VolumeFilter {
    fn volume(&self, slice: &SliceKey) -> OtherSlice {
        let dataset = self.dataset.as_deref();
        match &self.filters {
            Some(filters) => other_slice(dataset, &self.metric, filters),
            None => {
                let own = slice.dimensions().iter().cloned().collect();
                other_slice(dataset, &self.metric, &own)
            }
        }
    }
}

impl Filter for VolumeFilter {
    fn needs(&self, slice: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::NOTHING.with_other(self.volume(slice)))
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        memo: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        let total: &mut Total = memo.get_or_default();
        let measured = Measured {
            quantity: "volume",
            name: &other_slice::in_words(&self.volume(&anomaly.slice)),
            value: total.of_other(anomaly, evidence),
            aggregation: evidence.other(0).aggregation(),
            lasted: anomaly.interval.duration(),
        };
        Ok(measured.judge(&self.limits))
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
