//! What the fold of incidents knows between two instants.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tuatara_core::AnomalyId;
use tuatara_frame::{Instant, Interval};

use crate::{Change, Member};

/// What the fold of incidents knows between two instants: what may still be part of one, and the
/// names of those that are open. Bounded in time by `maxDuration + maxGap` beyond what its members
/// are. Serialises to any format and comes back with the same bits.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCarry {
    /// By start, then name, slice and id.
    pub(crate) members: Vec<Member>,
    /// The incidents that are open, in order of time.
    pub(crate) told: Vec<Told>,
    /// Where an incident that is over ended, if something that is still here began before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) floor: Option<Instant>,
}

/// The name of an open incident, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    pub(crate) id: AnomalyId,
    pub(crate) start: Instant,
    pub(crate) end: Instant,
    /// When it was told first.
    pub(crate) since: Instant,
}

impl Told {
    pub(crate) fn interval(&self) -> Interval {
        Interval::new(self.start, self.end.max(self.start)).expect("its ends are in order")
    }
}

impl GroupCarry {
    /// Whether there is nothing to carry.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// What may still be part of an incident, in order of time.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// What is wrong with a carry that somebody else has written, if something is.
    pub fn broken_because(&self) -> Option<String> {
        let mut ids: BTreeSet<AnomalyId> = BTreeSet::new();
        let mut members = self.members.iter();
        if let Some(twice) = members.find(|member| !ids.insert(member.found.id())) {
            return Some(format!("{} is there twice", twice.found.id()));
        }
        let mut names: BTreeSet<AnomalyId> = BTreeSet::new();
        if let Some(twice) = self.told.iter().find(|told| !names.insert(told.id)) {
            return Some(format!("{} is open twice", twice.id));
        }
        if let Some(turned) = self.told.iter().find(|told| told.end <= told.start) {
            return Some(format!("{} ends before it starts", turned.id));
        }
        let in_order = self.members.is_sorted_by(|a, b| order(a) <= order(b))
            && self.told.is_sorted_by(|a, b| a.end <= b.start);
        (!in_order).then(|| "what it is made of is out of order".to_owned())
    }

    pub(crate) fn change(&mut self, changes: impl Iterator<Item = Change>) {
        // Of several changes of one thing the last counts.
        let mut now: BTreeMap<AnomalyId, Option<Member>> = BTreeMap::new();
        for change in changes {
            match change {
                Change::Stands(member) => now.insert(member.found.id(), Some(member)),
                Change::Gone(id) => now.insert(id, None),
            };
        }
        self.members
            .retain(|member| !now.contains_key(&member.found.id()));
        self.members.extend(now.into_values().flatten());
        self.members.sort_by(|a, b| order(a).cmp(&order(b)));
    }
}

fn order(member: &Member) -> impl Ord + '_ {
    let found = member.found.as_ref();
    (found.interval(), &*member.of, found.slice(), found.id())
}
