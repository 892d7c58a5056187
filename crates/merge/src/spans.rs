//! Sets of stretches of time that know what lies in them.

use tuatara_frame::{Instant, Interval};

use crate::{Member, MergePolicy};

/// A stretch of time, and the positions of the members that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) interval: Interval,
    /// In order, each once.
    pub(crate) members: Vec<usize>,
}

impl Span {
    pub(crate) fn of((position, member): (usize, &Member)) -> Self {
        Self {
            interval: member.found.interval(),
            members: vec![position],
        }
    }

    /// What of it lies after `floor`.
    pub(crate) fn after(self, floor: Instant) -> Option<Self> {
        let (start, end) = (self.interval.start().max(floor), self.interval.end());
        (start < end).then(|| Self {
            interval: between(start, end),
            members: self.members,
        })
    }

    fn take(&mut self, members: Vec<usize>) {
        self.members.extend(members);
        self.members.sort_unstable();
        self.members.dedup();
    }
}

fn between(start: Instant, end: Instant) -> Interval {
    Interval::new(start, end).expect("it ends no earlier than it starts")
}

/// Where any of `spans` lies: in order, those that overlap or touch as one. What has no length
/// lies nowhere.
pub(crate) fn union(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let has_length = |span: &Span| !span.interval.is_empty();
    let mut spans: Vec<Span> = spans.into_iter().filter(has_length).collect();
    spans.sort_by_key(|span| span.interval);
    let mut union: Vec<Span> = Vec::new();
    for span in spans {
        match union.last_mut() {
            Some(last) if span.interval.start() <= last.interval.end() => {
                let end = last.interval.end().max(span.interval.end());
                last.interval = between(last.interval.start(), end);
                last.members.extend(span.members);
            }
            _ => union.push(span),
        }
    }
    for span in &mut union {
        span.take(Vec::new());
    }
    union
}

/// Where a span of `a` and a span of `b` overlap; both are in order and do not touch among
/// themselves.
pub(crate) fn overlaps_of(a: &[Span], b: &[Span]) -> Vec<Span> {
    let mut overlaps = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
        let start = left.interval.start().max(right.interval.start());
        let end = left.interval.end().min(right.interval.end());
        if start < end {
            let mut span = Span {
                interval: between(start, end),
                members: left.members.clone(),
            };
            span.take(right.members.clone());
            overlaps.push(span);
        }
        if left.interval.end() <= right.interval.end() {
            i += 1;
        } else {
            j += 1;
        }
    }
    overlaps
}

/// Joins `spans`, which are in order and do not overlap, across gaps as far as `policy` lets them,
/// and cuts what is longer than its longest duration into pieces of that.
pub(crate) fn joined(spans: impl IntoIterator<Item = Span>, policy: &MergePolicy) -> Vec<Span> {
    let longest = policy.max_duration();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        let (start, end) = (span.interval.start(), span.interval.end());
        if let Some(last) = joined.last_mut() {
            let begun = last.interval.start();
            let gap = start.millis() - last.interval.end().millis();
            let length = end.millis() - begun.millis();
            if gap <= policy.max_gap().millis() && length <= longest.millis() {
                last.interval = between(begun, end);
                last.take(span.members);
                continue;
            }
        }
        let mut from = start;
        while let Some(cut) = from.checked_add(longest).filter(|cut| *cut < end) {
            joined.push(Span {
                interval: between(from, cut),
                members: span.members.clone(),
            });
            from = cut;
        }
        joined.push(Span {
            interval: between(from, end),
            members: span.members,
        });
    }
    joined
}
