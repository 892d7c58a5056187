//! An incident: what belongs together, of several slices, rules or detections.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tuatara_core::{Anomaly, AnomalyId, Severity, Status};
use tuatara_frame::{Instant, Interval, SliceKey};

use crate::EventKind;

/// Anomalies of one time that belong together, as of one instant.
///
/// Incidents of one [grouping](crate::Grouping) never overlap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Incident {
    /// Name for life: a hash of the detection, the grouping, its slice and where it first began.
    pub id: AnomalyId,
    /// Name of the detection.
    pub detection: String,
    /// What gathered it.
    pub grouping: String,
    /// The slice, where each has incidents of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<SliceKey>,
    /// When it happened.
    pub interval: Interval,
    /// Whether it can still change.
    pub status: Status,
    /// When it first stood.
    pub reportable_at: Instant,
    /// That of its gravest member.
    pub severity: Severity,
    /// What it is made of, in order of start, then name and slice.
    pub members: Vec<Member>,
}

/// A part of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Member {
    /// The rule or the detection that found it, by the name that the grouping knows.
    pub of: Arc<str>,
    /// What was found.
    pub found: Arc<Found>,
}

impl Member {
    /// `found` by the rule or the detection `of`.
    pub fn new(of: impl Into<Arc<str>>, found: Found) -> Self {
        Self {
            of: of.into(),
            found: Arc::new(found),
        }
    }
}

/// What a part of an incident is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Found {
    /// An anomaly.
    Anomaly(Arc<Anomaly>),
    /// An incident of a detection that is itself made of others.
    Incident(Incident),
}

impl Found {
    /// Its name for life.
    pub fn id(&self) -> AnomalyId {
        match self {
            Self::Anomaly(anomaly) => anomaly.id,
            Self::Incident(incident) => incident.id,
        }
    }

    /// When it happened.
    pub fn interval(&self) -> Interval {
        match self {
            Self::Anomaly(anomaly) => anomaly.interval,
            Self::Incident(incident) => incident.interval,
        }
    }

    /// Whether it can still change.
    pub fn status(&self) -> Status {
        match self {
            Self::Anomaly(anomaly) => anomaly.status,
            Self::Incident(incident) => incident.status,
        }
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Anomaly(anomaly) => anomaly.severity,
            Self::Incident(incident) => incident.severity,
        }
    }

    /// The slice it lies on, if it lies on one.
    pub fn slice(&self) -> Option<&SliceKey> {
        match self {
            Self::Anomaly(anomaly) => Some(&anomaly.slice),
            Self::Incident(incident) => incident.slice.as_ref(),
        }
    }
}

impl Incident {
    /// The anomalies in it, those of incidents among its members included, in their order.
    pub fn anomalies(&self) -> Vec<&Anomaly> {
        let mut all = Vec::new();
        self.gather(&mut all);
        all
    }

    /// Whether all of its [anomalies](Self::anomalies) are suppressed.
    pub fn is_suppressed(&self) -> bool {
        self.anomalies()
            .iter()
            .all(|anomaly| anomaly.is_suppressed())
    }

    fn gather<'a>(&'a self, all: &mut Vec<&'a Anomaly>) {
        for member in &self.members {
            match member.found.as_ref() {
                Found::Anomaly(anomaly) => all.push(anomaly),
                Found::Incident(incident) => incident.gather(all),
            }
        }
    }

    /// For each of its [anomalies](Self::anomalies), its share of the deviation from what was
    /// expected:
    ///
    /// ```text
    /// contribution = (observed − expected) / Σ |observed − expected|
    /// ```
    ///
    /// summed over the anomalies of the same metric, in −1…1 with the sign of the deviation; NaN
    /// where nothing was expected, or the sum is 0 or not finite. Several anomalies of one slice
    /// each count.
    pub fn contributions(&self) -> Vec<f64> {
        let all = self.anomalies();
        let mut totals: BTreeMap<&str, f64> = BTreeMap::new();
        for anomaly in &all {
            let size = anomaly.deviation().abs();
            if !size.is_nan() {
                *totals.entry(anomaly.slice.metric()).or_default() += size;
            }
        }
        let share = |anomaly: &&Anomaly| match totals.get(anomaly.slice.metric()) {
            Some(total) if *total > 0.0 && total.is_finite() => anomaly.deviation() / total,
            _ => f64::NAN,
        };
        all.iter().map(share).collect()
    }
}

/// A change in an incident, at one instant.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct IncidentEvent {
    /// End of the bucket at which it became known.
    pub at: Instant,
    /// What happened.
    pub kind: EventKind,
    /// The incident as of that instant.
    pub incident: Incident,
}
