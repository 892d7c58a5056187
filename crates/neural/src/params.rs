//! `ALERTIGER_RULE`: a bucket that two small networks, trained on other series, take for an anomaly.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tuatara_core::{Bounds, BuildContext, Detector, ParamDoc, ParamError, Params, Pattern};

use crate::detector::{AlerTiger, LONGEST_PERIOD};
use crate::model::Model;
use crate::verdict::Bar;

/// What `model` says for the one that comes with this crate.
const PRETRAINED: &str = "pretrained";
const SENSITIVITY: f64 = 5.0;

/// Parameters of `ALERTIGER_RULE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct AlerTigerParams {
    /// `pretrained`, or the path of a model file. `pretrained` by default.
    pub model: String,
    /// How easily a value is an anomaly: 0 doubles the band, 10 halves it, and the threshold of the
    /// classifier moves along. In [0, 10]; 5 by default, at which both are as they were calibrated.
    pub sensitivity: f64,
    /// The sides that count. Both by default.
    pub pattern: Pattern,
    /// Steps per season. By granularity when it is not given: a week of days and of finer data, a year
    /// of weeks, months and quarters.
    pub period: Option<u32>,
    /// The deviation that is normal in any case, in units of the metric. In [0, ∞); 0 by default, as
    /// units differ.
    pub min_abs: f64,
    /// The deviation that is normal in any case, as a fraction of the expectation. In [0, ∞); 0 by
    /// default.
    pub min_rel: f64,
}

impl Default for AlerTigerParams {
    fn default() -> Self {
        Self {
            model: PRETRAINED.to_owned(),
            sensitivity: SENSITIVITY,
            pattern: Pattern::default(),
            period: None,
            min_abs: 0.0,
            min_rel: 0.0,
        }
    }
}

impl AlerTigerParams {
    fn model(&self) -> Result<Arc<Model>, ParamError> {
        if self.model.eq_ignore_ascii_case(PRETRAINED) {
            #[cfg(feature = "pretrained")]
            return Ok(Model::shared());
            #[cfg(not(feature = "pretrained"))]
            return Err(ParamError::new(
                "model",
                &self.model,
                "the path of a model file, as this program was built without the pretrained one",
                "build it with the feature pretrained, or name a file that `tuatara train` wrote",
            ));
        }
        Model::read(&self.model).map(Arc::new).map_err(|error| {
            ParamError::new(
                "model",
                &self.model,
                "pretrained, or the path of a model file",
                error.to_string(),
            )
        })
    }
}

impl Params for AlerTigerParams {
    const TYPE: &'static str = "ALERTIGER_RULE";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str =
        "a bucket that two small networks, trained on other series, take for an anomaly";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new(
            "model",
            "`pretrained`, the model that comes with Tuatara, or the path of a file that `tuatara train` wrote",
        )
        .default("`pretrained`"),
        ParamDoc::new(
            "sensitivity",
            "0 doubles the band and 10 halves it; the threshold of the classifier moves along",
        )
        .default("5")
        .within(Bounds::closed(0.0, 10.0)),
        ParamDoc::new("pattern", "the sides that count").default("`UP_OR_DOWN`"),
        ParamDoc::new(
            "period",
            "steps per season: a week of days and of finer data, a year of weeks, months and quarters",
        )
            .default("by granularity")
            .within(Bounds::closed(1.0, LONGEST_PERIOD as f64)),
        ParamDoc::new(
            "minAbs",
            "the deviation that is always normal, in units of the metric",
        )
        .default("0")
        .within(Bounds::at_least(0.0)),
        ParamDoc::new(
            "minRel",
            "the deviation that is always normal, as a fraction of the expectation",
        )
        .default("0")
        .within(Bounds::at_least(0.0)),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        if !(0.0..=10.0).contains(&self.sensitivity) {
            return Err(ParamError::new(
                "sensitivity",
                self.sensitivity,
                "a number in [0, 10]",
                "10 gives the most alerts, 0 the fewest; 5 is customary",
            ));
        }
        for (key, value) in [("minAbs", self.min_abs), ("minRel", self.min_rel)] {
            if !(value.is_finite() && value >= 0.0) {
                let (allowed, remedy) = ("a number in [0, ∞)", "0 means none");
                return Err(ParamError::new(key, value, allowed, remedy));
            }
        }
        if let Some(period) = self.period
            && !(1..=LONGEST_PERIOD).contains(&(period as usize))
        {
            return Err(ParamError::new(
                "period",
                period,
                format!("a whole number from 1 to {LONGEST_PERIOD}"),
                "it counts steps: 7 for daily data, 168 for hourly",
            ));
        }
        let bar = Bar {
            factor: Bar::factor_of(self.sensitivity),
            min_abs: self.min_abs,
            min_rel: self.min_rel,
            pattern: self.pattern,
        };
        let period = self.period.map(|period| period as usize);
        Ok(Box::new(AlerTiger::new(self.model()?, period, bar)))
    }
}
