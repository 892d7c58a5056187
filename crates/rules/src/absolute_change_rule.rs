//! `ABSOLUTE_CHANGE_RULE`: a bucket is more than an amount away from a baseline.
//!
//! ```text
//! ŷ = baseline of offset        w = absoluteChange
//! anomalous  ⇔  y < ŷ − w where DOWN counts,  or  y > ŷ + w where UP counts
//! ```
//!
//! The edge itself is normal.
//!
//! Source: ThirdEye 2020, *Absolute change Rule*. Departs from it: strictly above instead of at
//! least (Q33); the band is open on the side that does not count (Q34). The key `change`, which
//! its user interface names, is accepted (Q13).

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Bounds, BuildContext, Detector, Judge, Judged, ParamDoc, ParamError, ParamWarning, Params,
    Pattern,
};

use crate::baseline_params::{OFFSET, baseline, not_negative, set};

/// Parameters of `ABSOLUTE_CHANGE_RULE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct AbsoluteChangeRuleParams {
    /// What to compare with: an offset such as `wo1w` or `median4w`. `wo1w` by default.
    pub offset: String,
    /// The change that is still normal, in units of the metric. In [0, ∞); unset by default, and
    /// then nothing is anomalous.
    #[serde(alias = "change")]
    pub absolute_change: Option<f64>,
    /// The sides that count. Both by default.
    pub pattern: Pattern,
    /// Lags of an aggregate offset that must be found for an expectation. In 1 to the number of
    /// lags; 1 by default.
    pub min_lags: Option<u32>,
}

impl Default for AbsoluteChangeRuleParams {
    fn default() -> Self {
        Self {
            offset: "wo1w".to_owned(),
            absolute_change: None,
            pattern: Pattern::default(),
            min_lags: None,
        }
    }
}

impl Params for AbsoluteChangeRuleParams {
    const TYPE: &'static str = "ABSOLUTE_CHANGE_RULE";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str = "a bucket is more than an amount away from a baseline";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("offset", "what to compare with")
            .default("`wo1w`")
            .text(OFFSET),
        ParamDoc::new(
            "absoluteChange",
            "the change that is still normal, in units of the metric",
        )
        .within(Bounds::at_least(0.0)),
        ParamDoc::new("pattern", "the sides that count").default("`UP_OR_DOWN`"),
        ParamDoc::new(
            "minLags",
            "earlier values that must be found for an expectation, up to the number of lags",
        )
        .default("1")
        .within(Bounds::at_least(1.0)),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        const KEY: &str = "absoluteChange";
        let baseline = baseline(&self.offset, self.min_lags)?;
        let change = not_negative(
            KEY,
            self.absolute_change,
            "it is in units of the metric; its direction goes under `pattern`",
        )?;
        let judge = Judge::new(self.pattern);
        let judge = match change {
            Some(change) => judge
                .with_min_abs_of(KEY, change)
                .map_err(|error| ParamError::new(KEY, change, "[0, ∞)", error.to_string()))?,
            None => judge,
        };
        Ok(Box::new(Judged::new(baseline, judge)))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        if set(self.absolute_change).is_some() {
            return Vec::new();
        }
        vec![ParamWarning::new(
            "absoluteChange",
            "absoluteChange is not set, so nothing will ever be anomalous",
            "give the change that is still normal, in units of the metric",
        )]
    }
}
