//! `THRESHOLD_SEVERITY_LABELER`: how much an anomaly matters, by its change and by how long it
//! lasts.
//!
//! ```text
//! change   = |y − ŷ| / |ŷ|           over the buckets of the anomaly, by the metric's aggregation
//! duration = end − start
//! severity = the first of critical, high, medium, low with  change ≥ its change  or  duration ≥ its duration
//! ```
//!
//! A level that is not set, or a measure of it that is not, is never reached; where none is, the
//! severity is `default`. From an expectation of 0 any change is infinite, and none is 0. Where there
//! is no expectation, the duration alone counts. The anomaly is measured as of each bucket, so the
//! severity rises with it, and falls when what follows makes up for it.
//!
//! Source: ThirdEye 2020, as its code has it. Departs from it: `change` can be any number, and is
//! divided by |ŷ| (Q35); an anomaly without an expectation is labelled by its duration; a duration
//! can be written with its unit.

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Anomaly, Bounds, BuildContext, Evidence, FilterError, Label, Labeler, Memo, ParamDoc,
    ParamError, ParamWarning, Params, Severity, Short, TextForm,
};
use tuatara_frame::Duration;

use crate::baseline_params::{not_negative, set};
use crate::comparison::percent;
use crate::duration_param::duration;

/// Parameters of `THRESHOLD_SEVERITY_LABELER`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct ThresholdSeverityLabelerParams {
    /// What is asked of each level. Nothing by default.
    pub severity: SeverityThresholds,
}

/// What is asked of each level.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct SeverityThresholds {
    /// Worth waking somebody.
    pub critical: Option<SeverityThreshold>,
    /// Worth a look now.
    pub high: Option<SeverityThreshold>,
    /// Worth a look today.
    pub medium: Option<SeverityThreshold>,
    /// Worth knowing.
    pub low: Option<SeverityThreshold>,
}

/// What is asked of one level: either will do.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct SeverityThreshold {
    /// The smallest change, as a fraction: 0.3 is 30 %. In [0, ∞).
    pub change: Option<f64>,
    /// The shortest duration: milliseconds, ISO 8601 (`PT1H`) or short (`1h`).
    pub duration: Option<String>,
}

/// A level, and the keys under which its measures are asked for.
#[derive(Debug, Clone, Copy)]
struct Level {
    severity: Severity,
    key: &'static str,
    change: &'static str,
    duration: &'static str,
}

const CRITICAL: Level = Level {
    severity: Severity::Critical,
    key: "severity.critical",
    change: "severity.critical.change",
    duration: "severity.critical.duration",
};
const HIGH: Level = Level {
    severity: Severity::High,
    key: "severity.high",
    change: "severity.high.change",
    duration: "severity.high.duration",
};
const MEDIUM: Level = Level {
    severity: Severity::Medium,
    key: "severity.medium",
    change: "severity.medium.change",
    duration: "severity.medium.duration",
};
const LOW: Level = Level {
    severity: Severity::Low,
    key: "severity.low",
    change: "severity.low.change",
    duration: "severity.low.duration",
};

impl SeverityThresholds {
    /// The levels that are there, the highest first.
    fn levels(&self) -> impl Iterator<Item = (&SeverityThreshold, Level)> {
        [
            (&self.critical, CRITICAL),
            (&self.high, HIGH),
            (&self.medium, MEDIUM),
            (&self.low, LOW),
        ]
        .into_iter()
        .filter_map(|(threshold, level)| Some((threshold.as_ref()?, level)))
    }

    /// # Errors
    /// When a change is not in [0, ∞), or a duration is none.
    fn build(&self) -> Result<Vec<Threshold>, ParamError> {
        self.levels()
            .map(|(written, level)| {
                const REMEDY: &str = "0.3 is a change of 30 %";
                let lasting = written.duration.as_deref();
                let lasting = lasting.map(|text| length(level.duration, text));
                Ok(Threshold {
                    severity: level.severity,
                    change: not_negative(level.change, written.change, REMEDY)?,
                    duration: lasting.transpose()?,
                })
            })
            .collect()
    }
}

/// Whole milliseconds, or a duration with its unit.
fn length(key: &'static str, text: &str) -> Result<Duration, ParamError> {
    let millis = text.parse().ok().map(Duration::from_millis);
    match millis {
        Some(Ok(duration)) => Ok(duration),
        Some(Err(_)) => {
            let allowed = "a duration of 0 or more";
            Err(ParamError::new(key, text, allowed, "leave out the sign"))
        }
        None => duration(key, text).map_err(|error| ParamError {
            allowed: "milliseconds such as 3600000, ISO 8601 such as PT1H or P7D, or short such \
                      as 15m, 2h, 7d"
                .to_owned(),
            ..error
        }),
    }
}

impl Params for ThresholdSeverityLabelerParams {
    const TYPE: &'static str = "THRESHOLD_SEVERITY_LABELER";
    type Built = Box<dyn Labeler>;
    const SUMMARY: &'static str = "severity by how large the change is, or how long it lasts";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new(
            "severity",
            "what is asked of each severity; the highest that is reached is given",
        ),
        ParamDoc::new(
            "severity.*",
            "what is asked of this severity: one of the two is enough",
        ),
        ParamDoc::new("severity.*.change", "the smallest change, as a fraction")
            .within(Bounds::at_least(0.0)),
        ParamDoc::new("severity.*.duration", "the shortest duration")
            .text(TextForm::new("milliseconds or duration", "")),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        Ok(Box::new(ThresholdSeverityLabeler {
            levels: self.severity.build()?,
        }))
    }

    fn warnings(&self) -> Vec<ParamWarning> {
        const REMEDY: &str = "`high: { change: 0.3 }` makes changes of 30 % and more high";
        if self.severity.levels().next().is_none() {
            let message = "no severity is set, so every anomaly keeps the default one";
            return vec![ParamWarning::new("severity", message, REMEDY)];
        }
        let Ok(levels) = self.severity.build() else {
            return Vec::new();
        };
        let keys = self.severity.levels().map(|(_, level)| level.key);
        let mut warnings = Vec::new();
        for (at, (level, key)) in levels.iter().zip(keys).enumerate() {
            let Threshold {
                severity,
                change,
                duration,
            } = level;
            if change.is_none() && duration.is_none() {
                let message = format!("{severity} asks for nothing, so it is never given");
                warnings.push(ParamWarning::new(key, message, REMEDY));
                continue;
            }
            let above = &levels[..at];
            let hidden = |asked: bool, reached: &dyn Fn(&Threshold) -> bool| {
                !asked || above.iter().any(reached)
            };
            let by_change = hidden(change.is_some(), &|other| {
                other.change.is_some() && other.change <= *change
            });
            let by_duration = hidden(duration.is_some(), &|other| {
                other.duration.is_some() && other.duration <= *duration
            });
            if by_change && by_duration {
                let message = format!(
                    "a higher severity asks for no more than {severity}, which is never given"
                );
                let remedy = "ask more of the higher one";
                warnings.push(ParamWarning::new(key, message, remedy));
            }
        }
        for (written, level) in self.severity.levels() {
            if let Some(change) = set(written.change).filter(|change| *change >= 3.0) {
                let message = format!("change {change} is a change of {}", percent(change));
                let remedy = format!("{} is a change of {change} %", Short(change / 100.0));
                warnings.push(ParamWarning::new(level.change, message, remedy));
            }
        }
        warnings
    }
}

/// What one level asks: either will do.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Threshold {
    severity: Severity,
    change: Option<f64>,
    duration: Option<Duration>,
}

/// How much an anomaly matters, by its change and by how long it lasts.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdSeverityLabeler {
    /// The highest first.
    levels: Vec<Threshold>,
}

impl Labeler for ThresholdSeverityLabeler {
    fn label(
        &self,
        anomaly: &Anomaly,
        _: &Evidence<'_>,
        _: &mut Memo,
    ) -> Result<Label, FilterError> {
        let deviation = anomaly.deviation();
        let change = if deviation == 0.0 {
            0.0
        } else {
            (deviation / anomaly.expected).abs()
        };
        let lasted = anomaly.interval.duration();
        for level in &self.levels {
            let severity = level.severity;
            if let Some(asked) = level.change.filter(|asked| change >= *asked) {
                let reason = format!(
                    "it changed by {}, {severity} from {}",
                    percent(change),
                    percent(asked)
                );
                return Ok(Label::new(severity, "change", change, reason));
            }
            if let Some(asked) = level.duration.filter(|asked| lasted >= *asked) {
                let reason = format!("it lasted {lasted}, {severity} from {asked}");
                let millis = lasted.millis() as f64;
                return Ok(Label::new(severity, "duration in ms", millis, reason));
            }
        }
        if change.is_nan() {
            let reason =
                format!("it lasted {lasted}, and there is no expectation to measure a change from");
            let millis = lasted.millis() as f64;
            return Ok(Label::new(
                Severity::Default,
                "duration in ms",
                millis,
                reason,
            ));
        }
        let reason = format!(
            "it changed by {} and lasted {lasted}, which no severity asks for",
            percent(change)
        );
        Ok(Label::new(Severity::Default, "change", change, reason))
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
