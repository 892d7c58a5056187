//! What a filter says of an anomaly, and by which number.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::exact;

/// Keep or drop, with the number that decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Name of the filter, as `name:TYPE`; set by the host.
    pub filter: String,
    /// Whether the anomaly passes.
    pub kept: bool,
    /// What was measured, as in `change` or `duration`.
    pub quantity: String,
    /// The measure: a fraction, milliseconds, units of the metric, as `quantity` says; NaN where
    /// there was nothing to measure.
    #[serde(with = "exact")]
    pub value: f64,
    /// The measure and what is asked of it, in words: `change is −34 %, at least 10 % is asked`.
    pub reason: String,
}

impl Judgement {
    /// The anomaly passes.
    pub fn keep(quantity: &str, value: f64, reason: impl Into<String>) -> Self {
        Self::new(true, quantity, value, reason)
    }

    /// The anomaly does not pass.
    pub fn drop(quantity: &str, value: f64, reason: impl Into<String>) -> Self {
        Self::new(false, quantity, value, reason)
    }

    /// Passes or not, as `kept` says.
    pub fn new(kept: bool, quantity: &str, value: f64, reason: impl Into<String>) -> Self {
        Self {
            filter: String::new(),
            kept,
            quantity: quantity.to_owned(),
            value,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.kept { "kept" } else { "removed" };
        write!(f, "{verb} by {}: {}", self.filter, self.reason)
    }
}
