//! `SITEWIDE_IMPACT_FILTER`: keeps what changes a large enough share of a whole.
//!
//! ```text
//! impact = (y − ŷ) / |S|       y, ŷ over the buckets of the anomaly, by the metric's aggregation
//!                              S the same of the site: another slice, in those buckets
//! kept  ⇔  the sign of y − ŷ is admitted by pattern   and   |impact| ≥ threshold
//! ```
//!
//! The site is the anomaly's own metric without any dimension filter, or `sitewideMetricName` (of
//! `sitewideCollection`, another dataset), either with `filters`. S is what was measured there in
//! all buckets of the anomaly so far, by the aggregation of its metric. Without `offset`, ŷ is the
//! detector's own expectation; with it, the metric over the lagged buckets, as in
//! `PERCENTAGE_CHANGE_FILTER`. An anomaly with nothing to compare with, or of a site that is 0 or
//! was not measured, is kept, and the judgement says so.
//!
//! Source: ThirdEye 2020, *Site wide impact anomaly filter*. Departs from it: all lags of an offset
//! count, not the first alone; the change is divided by |S|, so that a negative site does not
//! remove everything; `threshold` has to be set (Q30); the documented spellings
//! `siteWideMetricName` and `siteWideCollection` work (Q13).

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Anomaly, Bounds, BuildContext, Evidence, Filter, FilterError, Judgement, Memo, Needs,
    OtherSlice, ParamDoc, ParamError, ParamWarning, Params, Pattern, Short,
};
use tuatara_frame::{SliceKey, TimeAxis};

use crate::baseline_params::{OFFSET, set};
use crate::comparison::{Against, Running, Thresholds, percent};
use crate::other_slice::{self, DimensionFilters, other_slice};
use crate::over_buckets::Total;

/// Parameters of `SITEWIDE_IMPACT_FILTER`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct SitewideImpactFilterParams {
    /// The smallest impact that is kept, as a fraction: 0.01 is 1 % of the site. In [−1, 1]; has to
    /// be set.
    pub threshold: Option<f64>,
    /// What to compare with: an offset such as `median4w`. The detector's expectation by default.
    pub offset: Option<String>,
    /// The sides that are kept. Both by default.
    pub pattern: Pattern,
    /// The metric of the site. The anomaly's own by default.
    #[serde(alias = "siteWideMetricName")]
    pub sitewide_metric_name: Option<String>,
    /// The dataset of `sitewideMetricName`. That of the detection by default.
    #[serde(alias = "siteWideCollection")]
    pub sitewide_collection: Option<String>,
    /// Which rows make up the site: dimensions, each with the values that count. All by default.
    pub filters: DimensionFilters,
}

const REMEDY: &str = "0.01 keeps what is 1 % of the site and more";

impl Params for SitewideImpactFilterParams {
    const TYPE: &'static str = "SITEWIDE_IMPACT_FILTER";
    type Built = Box<dyn Filter>;
    const SUMMARY: &'static str = "keeps what makes a difference to a whole site";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new(
            "threshold",
            "the smallest impact that is kept, as a fraction",
        )
        .required()
        .within(Bounds::closed(-1.0, 1.0)),
        ParamDoc::new(
            "offset",
            "what to compare with; `none` is the detector's expectation",
        )
        .default("the detector's expectation")
        .text(OFFSET),
        ParamDoc::new("pattern", "the sides that are kept").default("`UP_OR_DOWN`"),
        ParamDoc::new("sitewideMetricName", "the metric of the site")
            .default("the metric of the detection"),
        ParamDoc::new("sitewideCollection", "the dataset of `sitewideMetricName`")
            .default("that of the detection"),
        ParamDoc::new(
            "filters",
            "which rows make up the site: a value or a list of values for each dimension",
        )
        .default("all rows"),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        const ALLOWED: &str = "a fraction in [−1, 1]";
        let threshold = match set(self.threshold) {
            Some(threshold) if threshold.abs() <= 1.0 => threshold,
            Some(threshold) => {
                return Err(ParamError::new("threshold", threshold, ALLOWED, REMEDY));
            }
            None => return Err(ParamError::new("threshold", "not set", ALLOWED, REMEDY)),
        };
        if let (Some(dataset), None) = (&self.sitewide_collection, &self.sitewide_metric_name) {
            return Err(ParamError::new(
                "sitewideCollection",
                dataset,
                "a dataset, beside `sitewideMetricName`",
                "add `sitewideMetricName:` with a metric of that dataset",
            ));
        }
        other_slice::checked(Some(&self.filters))?;
        Ok(Box::new(SitewideImpactFilter {
            thresholds: Thresholds {
                up: Some(threshold),
                down: Some(threshold),
            },
            against: Against::new(self.offset.as_deref(), self.pattern)?,
            metric: self.sitewide_metric_name,
            dataset: self.sitewide_collection,
            filters: self.filters,
        }))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        let all = self.threshold.filter(|threshold| *threshold <= 0.0);
        let all = all.map(|threshold| {
            let message = format!("threshold {} keeps every impact", Short(threshold));
            ParamWarning::new("threshold", message, REMEDY)
        });
        let operators = other_slice::operators(Some(&self.filters));
        all.into_iter().chain(operators).collect()
    }
}

/// Keeps what changes a large enough share of a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct SitewideImpactFilter {
    thresholds: Thresholds,
    against: Against,
    metric: Option<String>,
    dataset: Option<String>,
    filters: DimensionFilters,
}

impl SitewideImpactFilter {
    fn site(&self, slice: &SliceKey) -> OtherSlice {
        let metric = self.metric.as_deref().unwrap_or(slice.metric());
        other_slice(self.dataset.as_deref(), metric, &self.filters)
    }
}

/// The anomaly's own metric, and that of the site.
#[derive(Debug, Default)]
struct Both {
    own: Running,
    site: Total,
}

impl Filter for SitewideImpactFilter {
    fn needs(&self, slice: &SliceKey, axis: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(self.against.needs(axis)?.with_other(self.site(slice)))
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        memo: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        const QUANTITY: &str = "impact";
        let both: &mut Both = memo.get_or_default();
        let compared = self.against.compare(anomaly, evidence, &mut both.own);
        let total = both.site.of_other(anomaly, evidence);
        let difference = compared.difference();
        if difference.is_nan() {
            return Ok(compared.nothing_to_compare(QUANTITY));
        }
        let impact = if total == 0.0 {
            f64::NAN
        } else {
            difference / total.abs()
        };
        let site = other_slice::in_words(&self.site(&anomaly.slice));
        let found = format!(
            "{}: {:+.1} % of {site}, {}",
            compared.in_words(),
            impact * 100.0,
            Short(total)
        );
        if let Some(refused) = self.against.refuses(difference, QUANTITY, impact, &found) {
            return Ok(refused);
        }
        if impact.is_nan() {
            let was = if total.is_nan() { "not measured" } else { "0" };
            let reason = format!("{site} was {was}, so there is no share of it");
            return Ok(Judgement::keep(QUANTITY, impact, reason));
        }
        Ok(self
            .thresholds
            .judge(difference, QUANTITY, impact, &found, percent))
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
