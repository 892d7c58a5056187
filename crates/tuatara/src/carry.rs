//! What a run hands to the next.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tuatara_frame::{Instant, SliceKey};
use tuatara_merge::{AcrossCarry, GroupCarry, RuleCarry};

use crate::{Detection, Error, Part, Result};

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
    /// What several rules found together, in order of part and slice.
    joined: Vec<JoinedEntry>,
    /// What may still be part of an incident, in order of gathering and slice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    grouped: Vec<GroupEntry>,
    /// Whether it knows of some slices alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
}

/// The version of the form of a carry, so that a newer one is refused rather than misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "tuatara-carry-3")]
    V3,
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
    part: String,
    slice: SliceKey,
    carry: AcrossCarry,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupEntry {
    gathering: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slice: Option<SliceKey>,
    carry: GroupCarry,
}

/// What is open at the end of a run.
#[derive(Debug, Default)]
pub(crate) struct OpenEnds {
    /// By slice and rule.
    pub(crate) rules: Vec<(SliceKey, String, RuleCarry)>,
    /// By part and slice.
    pub(crate) joined: Vec<(String, SliceKey, AcrossCarry)>,
    /// By gathering and slice.
    pub(crate) grouped: Vec<(String, Option<SliceKey>, GroupCarry)>,
}

impl JoinedEntry {
    fn key(&self) -> (&str, &SliceKey) {
        (&self.part, &self.slice)
    }
}

impl GroupEntry {
    fn key(&self) -> (&str, Option<&SliceKey>) {
        (&self.gathering, self.slice.as_ref())
    }
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
        ends: OpenEnds,
    ) -> Self {
        let mut open: Vec<Entry> = ends
            .rules
            .into_iter()
            .filter(|(_, _, carry)| !carry.is_empty())
            .map(|(slice, rule, carry)| Entry { slice, rule, carry })
            .collect();
        open.sort_by(|a, b| a.key().cmp(&b.key()));
        let mut joined: Vec<JoinedEntry> = ends
            .joined
            .into_iter()
            .filter(|(_, _, carry)| !carry.is_empty())
            .map(|(part, slice, carry)| JoinedEntry { part, slice, carry })
            .collect();
        joined.sort_by(|a, b| a.key().cmp(&b.key()));
        let mut grouped: Vec<GroupEntry> = ends
            .grouped
            .into_iter()
            .filter(|(_, _, carry)| !carry.is_empty())
            .map(|(gathering, slice, carry)| GroupEntry {
                gathering,
                slice,
                carry,
            })
            .collect();
        grouped.sort_by(|a, b| a.key().cmp(&b.key()));
        Self {
            format: Format::V3,
            detection: detection.name().to_owned(),
            fingerprint: hex(detection.fingerprint()),
            until,
            clocks,
            open,
            joined,
            grouped,
            partial: false,
        }
    }

    /// The same of a run that left slices out, which no run goes on from.
    pub(crate) fn of_some_slices(mut self) -> Self {
        self.partial = true;
        self
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
        self.open.is_empty() && self.joined.is_empty() && self.grouped.is_empty()
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

    pub(crate) fn across(&self, part: &str, slice: &SliceKey) -> AcrossCarry {
        let place = |entry: &JoinedEntry| entry.key().cmp(&(part, slice));
        match self.joined.binary_search_by(place) {
            Ok(at) => self.joined[at].carry.clone(),
            Err(_) => AcrossCarry::default(),
        }
    }

    pub(crate) fn group(&self, gathering: &str, slice: Option<&SliceKey>) -> GroupCarry {
        let place = |entry: &GroupEntry| entry.key().cmp(&(gathering, slice));
        match self.grouped.binary_search_by(place) {
            Ok(at) => self.grouped[at].carry.clone(),
            Err(_) => GroupCarry::default(),
        }
    }

    /// Where the first of the open candidates starts.
    pub(crate) fn earliest(&self) -> Option<Instant> {
        let open = self.open.iter().filter_map(|entry| entry.carry.candidate());
        open.map(|anomaly| anomaly.interval.start()).min()
    }

    /// Slices on which something of `part` is open, without `slices`; in order, each once.
    pub(crate) fn slices_beside(&self, part: &Part, slices: &[SliceKey]) -> Vec<SliceKey> {
        let known: BTreeSet<&SliceKey> = slices.iter().collect();
        let joined = self.joined.iter().filter(|entry| entry.part == part.name);
        // What is gathered within slices goes by the name of the part.
        let grouped = self.grouped.iter();
        let grouped = grouped.filter(|entry| entry.gathering == part.name);
        let open = self.open.iter().filter(|entry| part.has_rule(&entry.rule));
        let open: BTreeSet<&SliceKey> = open
            .map(|entry| &entry.slice)
            .chain(joined.map(|entry| &entry.slice))
            .chain(grouped.filter_map(|entry| entry.slice.as_ref()))
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
        if self.partial {
            return Err(Error::PartialCarry);
        }
        if self.until != start {
            return Err(Error::CarryGap {
                until: self.until,
                start,
            });
        }
        for JoinedEntry { slice, carry, .. } in &self.joined {
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
        for entry in &self.grouped {
            let mut members = entry.carry.members().iter();
            let late = members.find(|member| member.found.interval().end() > self.until);
            let late = late.map(|m| format!("{} does not end by {}", m.found.id(), self.until));
            if let Some(why) = late.or_else(|| entry.carry.broken_because()) {
                return Err(Error::BrokenCarry {
                    what: format!("of what {:?} gathers, {why}", entry.gathering),
                });
            }
        }
        let in_order = self.open.is_sorted_by(|a, b| a.key() < b.key())
            && self.joined.is_sorted_by(|a, b| a.key() < b.key())
            && self.grouped.is_sorted_by(|a, b| a.key() < b.key());
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
