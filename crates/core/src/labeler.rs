//! What says how much an anomaly matters.

use std::fmt;

use serde::{Deserialize, Serialize};
use tuatara_frame::{SliceKey, TimeAxis};

use crate::{Anomaly, Evidence, FilterError, Memo, Needs, Severity, exact};

/// How much an anomaly matters, with the number that decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Name of the labeler, as `name:TYPE`; set by the host.
    pub labeler: String,
    /// How much the anomaly matters; [`Severity::Default`] where nothing that is asked was reached.
    pub severity: Severity,
    /// What was measured, as in `change` or `duration in ms`.
    pub quantity: String,
    /// The measure: a fraction, milliseconds, units of the metric, as `quantity` says; NaN where
    /// there was nothing to measure.
    #[serde(with = "exact")]
    pub value: f64,
    /// The measure and what is asked of it, in words: `change is −34 %, at least 30 % is asked`.
    pub reason: String,
}

impl Label {
    /// The anomaly matters as much as `severity`, because `quantity` is `value`.
    pub fn new(severity: Severity, quantity: &str, value: f64, reason: impl Into<String>) -> Self {
        Self {
            labeler: String::new(),
            severity,
            quantity: quantity.to_owned(),
            value,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {}: {}", self.severity, self.labeler, self.reason)
    }
}

/// Says how much an anomaly matters, as of each bucket in which it grows.
///
/// A labeler stands behind the filters of its rule. Like a [`Filter`](crate::Filter) it is a pure
/// function of the anomaly and of the complete buckets of its series up to `as_of`; it never sees
/// the finished anomaly before it has finished, so a severity may rise and fall as one grows.
///
/// ```
/// use tuatara_core::{Anomaly, Evidence, FilterError, Label, Labeler, Memo, Severity};
///
/// /// Everything that scores 3 is critical.
/// #[derive(Debug)]
/// struct ByScore;
///
/// impl Labeler for ByScore {
///     fn label(&self, anomaly: &Anomaly, _: &Evidence<'_>, _: &mut Memo) -> Result<Label, FilterError> {
///         let severity = if anomaly.score() >= 3.0 { Severity::Critical } else { Severity::Default };
///         Ok(Label::new(severity, "score", anomaly.score(), "at least 3 is asked"))
///     }
/// }
/// ```
pub trait Labeler: fmt::Debug + Send + Sync {
    /// What is to be shown to [`label`](Self::label) for anomalies of `slice` on `axis`; the
    /// anomaly alone by default.
    ///
    /// # Errors
    /// When the labeler does not fit the granularity of `axis`.
    fn needs(&self, _slice: &SliceKey, _axis: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::NOTHING)
    }

    /// How much the anomaly matters, and by which number.
    ///
    /// `memo` is this labeler's own, for one fold over one series; it may make an answer faster
    /// and never changes it.
    ///
    /// # Errors
    /// When the request cannot be meant. Missing data is no error: it gets a label.
    fn label(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        memo: &mut Memo,
    ) -> Result<Label, FilterError>;

    /// Every setting, as text, as of a [detector](crate::Detector::settings): two labelers of one text
    /// ask for the same and say the same.
    fn settings(&self) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_says_who_gave_it_and_why_and_is_read_back_from_its_text() {
        let mut label = Label::new(
            Severity::High,
            "change",
            f64::NAN,
            "nothing to compare with",
        );
        label.labeler = "size:THRESHOLD_SEVERITY_LABELER".to_owned();
        assert_eq!(
            label.to_string(),
            "high by size:THRESHOLD_SEVERITY_LABELER: nothing to compare with"
        );
        let text = serde_json::to_string(&label).unwrap();
        let read: Label = serde_json::from_str(&text).unwrap();
        assert_eq!(read.value.to_bits(), label.value.to_bits());
        assert_eq!(read.severity, Severity::High);
    }
}
