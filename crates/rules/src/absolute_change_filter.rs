//! `ABSOLUTE_CHANGE_FILTER`: keeps what, as a whole, is far enough from a baseline in units of the
//! metric.
//!
//! ```text
//! difference = y − ŷ           y, ŷ over the buckets of the anomaly, by the metric's aggregation
//! kept  ⇔  the sign of the difference is admitted by pattern   and   |difference| ≥ threshold
//! ```
//!
//! `threshold` is `downThreshold` below the baseline and `upThreshold` otherwise, where they are
//! set. Without `offset`, ŷ is the detector's own expectation; with it, the metric over the lagged
//! buckets, as in `PERCENTAGE_CHANGE_FILTER`. A sum grows with every bucket, and so does its
//! difference: a long anomaly passes where a short one does not. An anomaly with nothing to
//! compare with is kept, and the judgement says so.
//!
//! Source: ThirdEye 2020, *Absolute change anomaly filter*. Departs from it: without a threshold
//! everything is kept, as documented, with a warning (Q36); an anomaly of `THRESHOLD` is compared
//! with the nearest normal value (Q8); the two sides can have thresholds of their own.

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Anomaly, Bounds, BuildContext, Evidence, Filter, FilterError, Judgement, Memo, Needs, ParamDoc,
    ParamError, ParamWarning, Params, Pattern, Short,
};
use tuatara_frame::{SliceKey, TimeAxis};

use crate::baseline_params::{OFFSET, set};
use crate::comparison::{Against, Running, Thresholds};

/// Parameters of `ABSOLUTE_CHANGE_FILTER`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct AbsoluteChangeFilterParams {
    /// The smallest change that is kept, in units of the metric. In [0, ∞); unset by default, and
    /// then every change is.
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

impl Params for AbsoluteChangeFilterParams {
    const TYPE: &'static str = "ABSOLUTE_CHANGE_FILTER";
    type Built = Box<dyn Filter>;
    const SUMMARY: &'static str = "keeps what, as a whole, is an amount away from a baseline";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new(
            "threshold",
            "the smallest change that is kept, in units of the metric",
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
        const REMEDY: &str = "100 keeps changes of 100 units of the metric and more";
        Ok(Box::new(AbsoluteChangeFilter {
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
        let thresholds = [self.threshold, self.up_threshold, self.down_threshold];
        if thresholds.into_iter().any(|one| set(one).is_some()) {
            return Vec::new();
        }
        vec![ParamWarning::new(
            "threshold",
            "threshold is not set, so changes of any size are kept",
            "100 keeps changes of 100 units of the metric and more",
        )]
    }
}

/// Keeps what, as a whole, is far enough from a baseline in units of the metric.
#[derive(Debug, Clone, PartialEq)]
pub struct AbsoluteChangeFilter {
    thresholds: Thresholds,
    against: Against,
}

impl Filter for AbsoluteChangeFilter {
    fn needs(&self, _: &SliceKey, axis: &TimeAxis) -> Result<Needs, FilterError> {
        self.against.needs(axis)
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        memo: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        const QUANTITY: &str = "difference";
        let running: &mut Running = memo.get_or_default();
        let compared = self.against.compare(anomaly, evidence, running);
        let difference = compared.difference();
        if difference.is_nan() {
            return Ok(compared.nothing_to_compare(QUANTITY));
        }
        let found = compared.in_words();
        let refused = self
            .against
            .refuses(difference, QUANTITY, difference, &found);
        Ok(refused.unwrap_or_else(|| {
            let in_words = |threshold| Short(threshold).to_string();
            self.thresholds
                .judge(difference, QUANTITY, difference, &found, in_words)
        }))
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
