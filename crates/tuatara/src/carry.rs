//! What a run hands to the next.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tuatara_frame::{Instant, SliceKey};
use tuatara_merge::RuleCarry;

use crate::{Detection, Error, Result};

/// The state between two adjoining runs: every open candidate, those that filters reject
/// included. Bounded by `maxDuration + maxGap` of time; serialises to any format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carry {
    format: Format,
    detection: String,
    fingerprint: String,
    until: Instant,
    open: Vec<Entry>,
}

/// The version of the form of a carry, so that a newer one is refused rather than misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "tuatara-carry-1")]
    V1,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slice: SliceKey,
    rule: String,
    carry: RuleCarry,
}

impl Carry {
    pub(crate) fn new(
        detection: &Detection,
        until: Instant,
        open: impl IntoIterator<Item = (SliceKey, String, RuleCarry)>,
    ) -> Self {
        let mut open: Vec<Entry> = open
            .into_iter()
            .filter(|(_, _, carry)| !carry.is_empty())
            .map(|(slice, rule, carry)| Entry { slice, rule, carry })
            .collect();
        open.sort_by(|a, b| (&a.slice, &a.rule).cmp(&(&b.slice, &b.rule)));
        Self {
            format: Format::V1,
            detection: detection.name().to_owned(),
            fingerprint: hex(detection.fingerprint()),
            until,
            open,
        }
    }

    /// Where the next run starts.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Number of candidates that are open, kept by the filters or not.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether nothing is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(crate) fn of(&self, slice: &SliceKey, rule: &str) -> RuleCarry {
        let entry = self
            .open
            .iter()
            .find(|entry| entry.slice == *slice && entry.rule == rule);
        entry.map(|entry| entry.carry.clone()).unwrap_or_default()
    }

    /// Slices on which something is open, without `slices`; in order, each once.
    pub(crate) fn slices_beside(&self, slices: &[SliceKey]) -> Vec<SliceKey> {
        let known: BTreeSet<&SliceKey> = slices.iter().collect();
        let open: BTreeSet<&SliceKey> = self.open.iter().map(|entry| &entry.slice).collect();
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
        if self.until == start {
            return Ok(());
        }
        Err(Error::CarryGap {
            until: self.until,
            start,
        })
    }
}

pub(crate) fn hex(fingerprint: u128) -> String {
    format!("{fingerprint:032x}")
}
