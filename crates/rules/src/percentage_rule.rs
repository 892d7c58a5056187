//! `PERCENTAGE_RULE`: a bucket is more than a fraction away from a baseline.
//!
//! ```text
//! ŷ = baseline of offset        w = percentageChange · |ŷ|
//! anomalous  ⇔  y < ŷ − w where DOWN counts,  or  y > ŷ + w where UP counts
//! ```
//!
//! A baseline of 0 gives a band without width: any other value is anomalous, 0 is normal. The
//! edge itself is normal.
//!
//! Source: ThirdEye 2020, *Percentage Rule*. Departs from it: strictly above instead of at least
//! (Q33); the band is open on the side that does not count (Q34); the change is divided by |ŷ|,
//! so UP means up with a negative baseline, too (Q7).

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Bounds, BuildContext, Detector, Judge, Judged, ParamDoc, ParamError, ParamWarning, Params,
    Pattern, Short,
};

use crate::baseline_params::{OFFSET, baseline, not_negative, set};

/// Parameters of `PERCENTAGE_RULE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct PercentageRuleParams {
    /// What to compare with: an offset such as `wo1w` or `median4w`. `wo1w` by default.
    pub offset: String,
    /// The change that is still normal, as a fraction of the baseline: 0.1 is 10 %. In [0, ∞);
    /// unset by default, and then nothing is anomalous.
    pub percentage_change: Option<f64>,
    /// The sides that count. Both by default.
    pub pattern: Pattern,
    /// Lags of an aggregate offset that must be found for an expectation. In 1 to the number of
    /// lags; 1 by default.
    pub min_lags: Option<u32>,
}

impl Default for PercentageRuleParams {
    fn default() -> Self {
        Self {
            offset: "wo1w".to_owned(),
            percentage_change: None,
            pattern: Pattern::default(),
            min_lags: None,
        }
    }
}

impl Params for PercentageRuleParams {
    const TYPE: &'static str = "PERCENTAGE_RULE";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str = "a bucket is more than a fraction away from a baseline";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("offset", "what to compare with")
            .default("`wo1w`")
            .text(OFFSET),
        ParamDoc::new(
            "percentageChange",
            "the change that is still normal, as a fraction: 0.1 is 10 %",
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
        const KEY: &str = "percentageChange";
        let baseline = baseline(&self.offset, self.min_lags)?;
        let change = not_negative(
            KEY,
            self.percentage_change,
            "0.1 is a change of 10 %; its direction goes under `pattern`",
        )?;
        let judge = Judge::new(self.pattern);
        let judge = match change {
            Some(change) => judge
                .with_min_rel_of(KEY, change)
                .map_err(|error| ParamError::new(KEY, change, "[0, ∞)", error.to_string()))?,
            None => judge,
        };
        Ok(Box::new(Judged::new(baseline, judge)))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        match set(self.percentage_change) {
            None => vec![ParamWarning::new(
                "percentageChange",
                "percentageChange is not set, so nothing will ever be anomalous",
                "0.1 is a change of 10 %",
            )],
            Some(change) if change >= 3.0 => vec![ParamWarning::new(
                "percentageChange",
                format!(
                    "percentageChange {change} is a change of {} %",
                    Short(change * 100.0)
                ),
                format!("{} is a change of {change} %", Short(change / 100.0)),
            )],
            Some(_) => Vec::new(),
        }
    }
}
