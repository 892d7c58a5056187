//! What the fold across rules knows between two instants.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tuatara_core::{Anomaly, AnomalyId, Direction};
use tuatara_frame::Instant;

/// What the fold across rules knows of one slice between two instants: the children of open
/// parents, and which of them name one. Bounded in time by twice `maxDuration + maxGap`, the
/// longest bucket and the longest delay. Serialises to any format and comes back with the same bits.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcrossCarry {
    /// By start, the longer first, then rule.
    pub(crate) children: Vec<Anomaly>,
    /// Those that name a parent, in order of their ids.
    pub(crate) told: Vec<AnomalyId>,
    /// Where a parent that is over ended, if a child that is still here began before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) floors: BTreeMap<Direction, Instant>,
}

impl AcrossCarry {
    /// Whether there is nothing to carry.
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The anomalies that open parents are made of, in order of time.
    pub fn children(&self) -> &[Anomaly] {
        &self.children
    }

    /// What is wrong with a carry that somebody else has written, if something is: its children
    /// are each there once, and are what its parents are named by.
    pub fn broken_because(&self) -> Option<String> {
        let mut ids: BTreeSet<AnomalyId> = BTreeSet::new();
        if let Some(twice) = self.children.iter().find(|child| !ids.insert(child.id)) {
            return Some(format!("{} is there twice", twice.id));
        }
        if let Some(unknown) = self.told.iter().find(|id| !ids.contains(id)) {
            return Some(format!("{unknown} is open, but not there"));
        }
        let starts = |child: &Anomaly| child.interval.start();
        let in_order = self.children.is_sorted_by_key(starts);
        let has_order = in_order && self.told.is_sorted();
        (!has_order).then(|| "what it is made of is out of order".to_owned())
    }
}
