//! `DURATION_FILTER`: keeps what lasts neither too short nor too long.
//!
//! ```text
//! kept  ⇔  minDuration ≤ end − start ≤ maxDuration
//! ```
//!
//! The anomaly is measured as of each bucket, after merging: one that must last an hour becomes
//! reportable when it has lasted an hour, and one that outlasts `maxDuration` is retracted.
//!
//! Source: ThirdEye 2020, *Duration filter*.

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Anomaly, BuildContext, Evidence, Filter, FilterError, Judgement, Memo, Needs, ParamDoc,
    ParamError, Params, TextForm,
};
use tuatara_frame::{Duration, SliceKey, TimeAxis};

use crate::duration_param::duration;

/// Parameters of `DURATION_FILTER`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct DurationFilterParams {
    /// Shortest anomaly that is kept: ISO 8601 (`PT1H`) or short (`1h`). `PT0S` by default.
    pub min_duration: String,
    /// Longest anomaly that is kept: ISO 8601 or short. `P365D` by default.
    pub max_duration: String,
}

impl Default for DurationFilterParams {
    fn default() -> Self {
        Self {
            min_duration: "PT0S".to_owned(),
            max_duration: "P365D".to_owned(),
        }
    }
}

impl Params for DurationFilterParams {
    const TYPE: &'static str = "DURATION_FILTER";
    type Built = Box<dyn Filter>;
    const SUMMARY: &'static str = "keeps what lasts neither too short nor too long";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("minDuration", "the shortest that is kept")
            .default("`PT0S`")
            .text(TextForm::DURATION),
        ParamDoc::new("maxDuration", "the longest that is kept")
            .default("`P365D`")
            .text(TextForm::DURATION),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        let min = duration("minDuration", &self.min_duration)?;
        let max = duration("maxDuration", &self.max_duration)?;
        if min > max {
            return Err(ParamError::new(
                "minDuration",
                &self.min_duration,
                format!("a duration up to maxDuration, which is {max}"),
                "exchange the two",
            ));
        }
        Ok(Box::new(DurationFilter { min, max }))
    }
}

/// Keeps what lasts neither too short nor too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationFilter {
    min: Duration,
    max: Duration,
}

impl Filter for DurationFilter {
    fn needs(&self, _: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::NOTHING)
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        _: &Evidence<'_>,
        _: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        let Self { min, max } = *self;
        let lasted = anomaly.interval.duration();
        let kept = (min..=max).contains(&lasted);
        let asked = if lasted > max {
            format!("at most {max}")
        } else {
            format!("at least {min}")
        };
        let reason = format!("it lasted {lasted}, {asked} is asked");
        Ok(Judgement::new(
            kept,
            "duration in ms",
            lasted.millis() as f64,
            reason,
        ))
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
