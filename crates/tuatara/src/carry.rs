//! What a run hands to the next.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tuatara_frame::{Instant, SliceKey};
use tuatara_merge::{AcrossCarry, RuleCarry};

use crate::{Detection, Error, Result};

/// The state between two adjoining runs: every open candidate, those that filters reject
/// included, and what several rules found that may still be joined. Bounded by `maxDuration +
/// maxGap` of time, with several rules by twice that; serialises to any format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carry {
    format: Format,
    detection: String,
    fingerprint: String,
    until: Instant,
    /// What each rule goes by.
    clocks: Vec<String>,
    /// In order of slice and rule.
    open: Vec<Entry>,
    /// What several rules found together, in order of slice.
    joined: Vec<JoinedEntry>,
}

/// The version of the form of a carry, so that a newer one is refused rather than misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "tuatara-carry-2")]
    V2,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slice: SliceKey,
    rule: String,
    carry: RuleCarry,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JoinedEntry {
    slice: SliceKey,
    carry: AcrossCarry,
}

impl Entry {
    fn key(&self) -> (&SliceKey, &str) {
        (&self.slice, &self.rule)
    }
}

impl Carry {
    pub(crate) fn new(
        detection: &Detection,
        until: Instant,
        clocks: Vec<String>,
        open: impl IntoIterator<Item = (SliceKey, String, RuleCarry)>,
        joined: impl IntoIterator<Item = (SliceKey, AcrossCarry)>,
    ) -> Self {
        let mut open: Vec<Entry> = open
            .into_iter()
            .filter(|(_, _, carry)| !carry.is_empty())
            .map(|(slice, rule, carry)| Entry { slice, rule, carry })
            .collect();
        open.sort_by(|a, b| a.key().cmp(&b.key()));
        let mut joined: Vec<JoinedEntry> = joined
            .into_iter()
            .filter(|(_, carry)| !carry.is_empty())
            .map(|(slice, carry)| JoinedEntry { slice, carry })
            .collect();
        joined.sort_by(|a, b| a.slice.cmp(&b.slice));
        Self {
            format: Format::V2,
            detection: detection.name().to_owned(),
            fingerprint: hex(detection.fingerprint()),
            until,
            clocks,
            open,
            joined,
        }
    }

    /// Where the next run starts.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Number of candidates that are open, kept by the filters or not.
    pub fn len(&self) -> usize {
        let open = self.open.iter();
        open.filter(|entry| entry.carry.candidate().is_some())
            .count()
    }

    /// Whether there is nothing to go on from: nothing is open, and nothing that
    /// [thinning](tuatara_merge::Thinning) asks of the last buckets.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.joined.is_empty()
    }

    pub(crate) fn of(&self, slice: &SliceKey, rule: &str) -> RuleCarry {
        match self
            .open
            .binary_search_by(|entry| entry.key().cmp(&(slice, rule)))
        {
            Ok(at) => self.open[at].carry.clone(),
            Err(_) => RuleCarry::default(),
        }
    }

    pub(crate) fn across(&self, slice: &SliceKey) -> AcrossCarry {
        match self.joined.binary_search_by(|entry| entry.slice.cmp(slice)) {
            Ok(at) => self.joined[at].carry.clone(),
            Err(_) => AcrossCarry::default(),
        }
    }

    /// Where the first of the open candidates starts.
    pub(crate) fn earliest(&self) -> Option<Instant> {
        let open = self.open.iter().filter_map(|entry| entry.carry.candidate());
        open.map(|anomaly| anomaly.interval.start()).min()
    }

    /// Slices on which something is open, without `slices`; in order, each once.
    pub(crate) fn slices_beside(&self, slices: &[SliceKey]) -> Vec<SliceKey> {
        let known: BTreeSet<&SliceKey> = slices.iter().collect();
        let joined = self.joined.iter().map(|entry| &entry.slice);
        let open: BTreeSet<&SliceKey> = self
            .open
            .iter()
            .map(|entry| &entry.slice)
            .chain(joined)
            .collect();
        open.difference(&known).copied().cloned().collect()
    }

    /// Refuses a carry of another detection, or one that does not end at `start`.
    pub(crate) fn check(&self, detection: &Detection, start: Instant) -> Result<()> {
        let ours = hex(detection.fingerprint());
        if self.detection != detection.name() || self.fingerprint != ours {
            return Err(Error::ForeignCarry {
                theirs: format!("{:?} ({})", self.detection, self.fingerprint),
                ours: format!("{:?} ({ours})", detection.name()),
            });
        }
        if self.until != start {
            return Err(Error::CarryGap {
                until: self.until,
                start,
            });
        }
        for JoinedEntry { slice, carry } in &self.joined {
            let late = carry
                .children()
                .iter()
                .find(|child| child.interval.end() > self.until || child.slice != *slice);
            let late = late
                .map(|child| format!("{} does not lie on it and end by {}", child.id, self.until));
            if let Some(why) = late.or_else(|| carry.broken_because()) {
                return Err(Error::BrokenCarry {
                    what: format!("of what several rules found on {slice}, {why}"),
                });
            }
        }
        let in_order = self.open.is_sorted_by(|a, b| a.key() < b.key())
            && self.joined.is_sorted_by(|a, b| a.slice < b.slice);
        let ended = |entry: &Entry| {
            let candidate = entry.carry.candidate();
            candidate.is_none_or(|anomaly| anomaly.interval.end() <= self.until)
        };
        match self.open.iter().find(|entry| !ended(entry)) {
            None if in_order => Ok(()),
            None => Err(Error::BrokenCarry {
                what: "its entries are out of order".to_owned(),
            }),
            Some(Entry { slice, rule, .. }) => Err(Error::BrokenCarry {
                what: format!(
                    "what is open on {slice} by {rule} does not end by {}",
                    self.until
                ),
            }),
        }
    }

    /// Refuses a carry whose rules went by other buckets, zones or aggregations than `clocks`.
    pub(crate) fn check_clocks(&self, clocks: &[String]) -> Result<()> {
        let differ = self
            .clocks
            .iter()
            .zip(clocks)
            .find(|(theirs, ours)| theirs != ours);
        match differ {
            None if self.clocks.len() == clocks.len() => Ok(()),
            None => Err(Error::BrokenCarry {
                what: format!(
                    "it has {} rules instead of {}",
                    self.clocks.len(),
                    clocks.len()
                ),
            }),
            Some((theirs, ours)) => Err(Error::OtherClock {
                theirs: theirs.clone(),
                ours: ours.clone(),
            }),
        }
    }
}

pub(crate) fn hex(fingerprint: u128) -> String {
    format!("{fingerprint:032x}")
}
