//! That what is usual on a slice has changed for good.

use std::fmt;

use serde::Serialize;
use tuatara_core::{Shift, Verdict};
use tuatara_frame::{Instant, SliceKey};

use crate::slice_report::{RuleReport, SliceReport};

/// Sentences about changes of level, at most.
const TOLD: usize = 3;

/// A rule took a level that lasted for the usual one: it is told as an anomaly until then, and
/// expected from the next bucket on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LevelChange {
    /// Where.
    pub slice: SliceKey,
    /// The rule, as `name:TYPE`.
    pub rule: String,
    /// Start of the first bucket that shows it.
    pub since: Instant,
    /// End of the bucket with which it was adopted.
    pub adopted: Instant,
    /// By how much it moved.
    pub shift: Shift,
}

/// As in `orders{shop=a} has a new level since …, 1.3 times as much as before; … adopted it at …`.
impl fmt::Display for LevelChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            slice,
            rule,
            since,
            adopted,
            shift,
        } = self;
        write!(
            f,
            "{slice} has a new level since {since}, {shift}; {rule} adopted it at {adopted}"
        )
    }
}

impl RuleReport {
    /// With which buckets of the run it adopted a new level on `slice`, whose report this is.
    fn level_changes<'r>(&'r self, slice: &'r SliceKey) -> impl Iterator<Item = LevelChange> + 'r {
        self.evaluation
            .new_levels()
            .iter()
            .filter_map(|(row, level)| {
                let i = self.seen.start() + row;
                let verdict = self.at(i)?.verdict;
                let is_judged = (self.judged_from..self.window.end()).contains(&i);
                (is_judged && verdict != Verdict::Inactive).then(|| LevelChange {
                    slice: slice.clone(),
                    rule: self.name.clone(),
                    since: self.axis.start((i + 1).saturating_sub(level.buckets)),
                    adopted: self.axis.end(i),
                    shift: level.shift,
                })
            })
    }
}

/// Of all `slices`, by the time of adoption, then slice, then rule.
pub(crate) fn of(slices: &[SliceReport]) -> Vec<LevelChange> {
    let of_slice = |slice: &'_ SliceReport| {
        let rules = slice.rules.iter();
        let changes = rules.flat_map(|rule| rule.level_changes(&slice.key));
        changes.collect::<Vec<_>>()
    };
    let mut changes: Vec<LevelChange> = slices.iter().flat_map(of_slice).collect();
    changes.sort_by_key(|change| change.adopted);
    changes
}

/// The latest of `changes` in a sentence each, and how many there are beside.
pub(crate) fn notes(changes: &[LevelChange]) -> Vec<String> {
    let latest = changes.iter().rev().take(TOLD);
    let mut notes: Vec<String> = latest.map(ToString::to_string).collect();
    match changes.len().saturating_sub(TOLD) {
        0 => {}
        1 => notes.push("1 more change of level came before".to_owned()),
        more => notes.push(format!("{more} more changes of level came before")),
    }
    notes
}
