//! Which slices are worth drawing, worst first.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use tuatara::core::{Anomaly, Severity};
use tuatara::frame::SliceKey;
use tuatara::{Report, SliceReport};

use crate::span::State;

/// A slice with what was found on it.
#[derive(Debug)]
pub(crate) struct Ranked<'r> {
    /// Its position in the report.
    pub(crate) at: usize,
    pub(crate) slice: &'r SliceReport,
    /// Positions among the anomalies of the report.
    pub(crate) anomalies: Vec<usize>,
    /// How many of them are suppressed.
    pub(crate) suppressed: usize,
    /// Positions among those that were removed.
    pub(crate) removed: Vec<usize>,
    /// Of its anomalies that are not suppressed.
    pub(crate) worst: Option<Severity>,
}

/// All slices: first those with anomalies, by the gravest and how many there are, then those with
/// something that was suppressed or removed, then the others; in the order of the report otherwise.
pub(crate) fn ranked(report: &Report) -> Vec<Ranked<'_>> {
    let found = by_slice(report.anomalies());
    let removed = by_slice(report.removed());
    let mut all: Vec<Ranked<'_>> = report
        .slices()
        .iter()
        .enumerate()
        .map(|(at, slice)| {
            let of =
                |known: &BTreeMap<&SliceKey, Vec<usize>>, all: &[Arc<Anomaly>]| -> Vec<usize> {
                    let known = known.get(slice.key()).into_iter().flatten().copied();
                    // Several parts may look at one slice.
                    let is_of_part = |at: &usize| {
                        let mut rules = slice.rules().iter();
                        rules.any(|rule| all[*at].rules.iter().any(|name| name == rule.name()))
                    };
                    known.filter(is_of_part).collect()
                };
            let anomalies = of(&found, report.anomalies());
            let told = || anomalies.iter().map(|&at| &report.anomalies()[at]);
            let suppressed = told().filter(|anomaly| anomaly.is_suppressed()).count();
            let open = told().filter(|anomaly| !anomaly.is_suppressed());
            let worst = open.map(|anomaly| anomaly.severity).max();
            Ranked {
                at,
                slice,
                suppressed,
                removed: of(&removed, report.removed()),
                worst,
                anomalies,
            }
        })
        .collect();
    all.sort_by_key(|one| {
        let kept = one.anomalies.len() - one.suppressed;
        let count = (kept, one.suppressed, one.removed.len());
        Reverse((one.worst, count))
    });
    all
}

/// Positions of the `most` that matter most, in their order.
pub(crate) fn foremost(anomalies: &[Arc<Anomaly>], most: usize) -> Vec<usize> {
    foremost_of((0..anomalies.len()).collect(), anomalies, most)
}

/// The same among `all`, which are in order.
pub(crate) fn foremost_of(
    mut all: Vec<usize>,
    anomalies: &[Arc<Anomaly>],
    most: usize,
) -> Vec<usize> {
    if all.len() <= most {
        return all;
    }
    all.sort_by(|&a, &b| {
        let (a, b) = (&anomalies[a], &anomalies[b]);
        let of_state = State::of(b).cmp(&State::of(a));
        let of_severity = b.severity.cmp(&a.severity);
        of_state
            .then(of_severity)
            .then(b.score().total_cmp(&a.score()))
    });
    all.truncate(most);
    all.sort_unstable();
    all
}

fn by_slice(anomalies: &[Arc<Anomaly>]) -> BTreeMap<&SliceKey, Vec<usize>> {
    let mut by_slice: BTreeMap<&SliceKey, Vec<usize>> = BTreeMap::new();
    for (at, anomaly) in anomalies.iter().enumerate() {
        by_slice.entry(&anomaly.slice).or_default().push(at);
    }
    by_slice
}
