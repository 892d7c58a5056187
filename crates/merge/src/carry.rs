//! The only state in the system: what the fold knows between two buckets.

use serde::{Deserialize, Serialize};
use tuatara_core::{Anomaly, Row};
use tuatara_frame::Aggregation;

use crate::thinning::Recent;
use crate::totals::Totals;

/// What the fold of one rule on one slice knows between two buckets: the open candidate, if there
/// is one, kept by the filters or not, and what [thinning](crate::Thinning) knows of the buckets
/// before. Bounded by `maxDuration + maxGap` of time. Serialises to any format and comes back with
/// the same bits.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RuleCarry {
    pub(crate) open: Option<Open>,
    #[serde(default, skip_serializing_if = "Recent::is_empty")]
    pub(crate) recent: Recent,
}

impl RuleCarry {
    /// Whether there is nothing to carry.
    pub fn is_empty(&self) -> bool {
        self.open.is_none() && self.recent.is_empty()
    }

    /// The open candidate as of the last bucket, whether filters keep it or not.
    pub fn candidate(&self) -> Option<&Anomaly> {
        self.open.as_ref().map(|open| &open.anomaly)
    }

    /// Whether the open candidate has been reported and still stands.
    pub fn is_reported(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.reported)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Open {
    pub(crate) anomaly: Anomaly,
    /// Opened, and not retracted since.
    pub(crate) reported: bool,
    /// Over the buckets from its start on, those since the last flagged one included: they join
    /// if a flagged one does.
    totals: Totals,
}

impl Open {
    pub(crate) fn new(anomaly: Anomaly, row: &Row, aggregation: Aggregation) -> Self {
        let mut open = Self {
            anomaly,
            reported: false,
            totals: Totals::default(),
        };
        open.include(row, aggregation);
        open
    }

    /// An unflagged bucket after the last flagged one.
    pub(crate) fn wait(&mut self, row: &Row, aggregation: Aggregation) {
        self.totals.add(row, aggregation);
    }

    /// A flagged bucket, and with it those in between.
    pub(crate) fn include(&mut self, row: &Row, aggregation: Aggregation) {
        self.totals.add(row, aggregation);
        if let Some([observed, expected, lower, upper]) = self.totals.read(aggregation) {
            self.anomaly.observed = observed;
            self.anomaly.expected = expected;
            self.anomaly.lower = lower;
            self.anomaly.upper = upper;
        }
    }
}
