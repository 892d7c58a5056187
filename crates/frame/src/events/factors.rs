//! How events change what is expected.
//!
//! ```text
//! ŷ'_t = ŷ_t · Π (1 + (factor − 1) · share)      over the events known when bucket t ends
//! ```
//!
//! `share` is the part of the bucket in which the event holds, 1 where it holds throughout: a day
//! with a factor counts for a seventh in its week.

use std::ops::Range;
use std::sync::Arc;

use crate::{Instant, Interval, TimeAxis};

/// One event that changes what is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    pub(super) event: Arc<str>,
    pub(super) interval: Interval,
    pub(super) known_at: Instant,
    pub(super) factor: f64,
}

/// The events that change what is expected of one series, in order of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Factors {
    spans: Vec<Factor>,
    /// `reach[i]` is the latest end among `spans[..=i]`, so that a search can start late.
    reach: Vec<Instant>,
}

impl Factors {
    /// Nothing changes.
    pub const fn new() -> Self {
        Self {
            spans: Vec::new(),
            reach: Vec::new(),
        }
    }

    /// Adds one that starts no earlier than those before.
    pub(super) fn push(&mut self, factor: Factor) {
        let before = self.reach.last().copied().unwrap_or(Instant::MIN);
        self.reach.push(before.max(factor.interval.end()));
        self.spans.push(factor);
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// All of them, in order of time.
    pub fn spans(&self) -> &[Factor] {
        &self.spans
    }

    /// What the expectation of `bucket` is multiplied by because of each event that was known at
    /// its end, with the share of the bucket in which it holds; in order of time.
    pub fn of(&self, bucket: Interval) -> impl Iterator<Item = (&Factor, f64)> {
        let known = move |factor: &&Factor| {
            factor.interval.overlaps(bucket) && factor.known_at <= bucket.end()
        };
        let first = self.reach.partition_point(|end| *end <= bucket.start());
        let in_time = |factor: &Factor| factor.interval.start() < bucket.end();
        let end = self.spans.partition_point(in_time);
        let spans = self.spans[first..end.max(first)].iter().filter(known);
        spans.map(move |factor| (factor, factor.share(bucket)))
    }

    /// The buckets of `axis` whose expectation changes, each with the product of its factors.
    pub(crate) fn on(&self, axis: &TimeAxis) -> Vec<(usize, f64)> {
        let mut touched: Vec<Range<usize>> = self
            .spans
            .iter()
            .filter_map(|factor| touched(axis, factor.interval))
            .collect();
        touched.sort_unstable_by_key(|range| range.start);
        let mut buckets: Vec<(usize, f64)> = Vec::new();
        for i in touched.into_iter().flatten() {
            if buckets.last().is_some_and(|(last, _)| *last >= i) {
                continue;
            }
            let bucket = axis.bucket(i);
            let weighted = self
                .of(bucket)
                .map(|(factor, share)| factor.weighted(share));
            buckets.push((i, weighted.product()));
        }
        buckets
    }
}

impl Factor {
    /// The name of the event.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// When it holds.
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The factor where the event holds throughout.
    pub fn factor(&self) -> f64 {
        self.factor
    }

    /// What the expectation is multiplied by where the event holds in `share` of a bucket.
    pub fn weighted(&self, share: f64) -> f64 {
        if share < 1.0 {
            1.0 + (self.factor - 1.0) * share
        } else {
            self.factor
        }
    }

    fn share(&self, bucket: Interval) -> f64 {
        let start = self.interval.start().max(bucket.start());
        let end = self.interval.end().min(bucket.end());
        let inside = end.millis() - start.millis();
        inside as f64 / bucket.duration().millis() as f64
    }
}

/// The buckets of `axis` that `interval` touches, if there are any.
pub(crate) fn touched(axis: &TimeAxis, interval: Interval) -> Option<Range<usize>> {
    let span = axis.span();
    if !interval.overlaps(span) {
        return None;
    }
    let first = axis.index_of(interval.start().max(span.start()))?;
    let last = Instant::from_millis(interval.end().min(span.end()).millis() - 1).ok()?;
    Some(first..axis.index_of(last)? + 1)
}
