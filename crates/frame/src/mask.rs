//! Spans that do not train: holidays, incidents, known gaps in measurement.

use std::sync::Arc;

use crate::{Instant, Interval};

/// One span of a [`Mask`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    interval: Interval,
    known_at: Instant,
    /// The name of the event that it is of.
    event: Option<Arc<str>>,
}

/// Spans that lags and fits leave out, each from the instant at which it became known.
///
/// A span hides every bucket that it touches, but only from an evaluation whose "now" is not
/// before `known_at`: a holiday announced on Tuesday changes nothing about Monday's verdicts.
/// The order in which spans are added does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mask {
    /// Sorted by start, then end, then the instant of knowledge, then name.
    spans: Vec<Span>,
    /// `reach[i]` is the latest end among `spans[..=i]`, so that a search can stop early.
    reach: Vec<Instant>,
}

impl Mask {
    /// A mask that hides nothing.
    pub const fn new() -> Self {
        Self {
            spans: Vec::new(),
            reach: Vec::new(),
        }
    }

    /// Adds the span `interval`, known from `known_at` on. An empty interval hides nothing.
    pub fn push(&mut self, interval: Interval, known_at: Instant) {
        self.insert(interval, known_at, None);
    }

    /// Adds the span `interval` of the event of this name, known from `known_at` on.
    pub fn push_event(&mut self, interval: Interval, known_at: Instant, event: Arc<str>) {
        self.insert(interval, known_at, Some(event));
    }

    fn insert(&mut self, interval: Interval, known_at: Instant, event: Option<Arc<str>>) {
        if interval.is_empty() {
            return;
        }
        let span = Span {
            interval,
            known_at,
            event,
        };
        let at = self.spans.partition_point(|other| *other <= span);
        self.spans.insert(at, span);
        self.reach.truncate(at);
        for span in &self.spans[at..] {
            let before = self.reach.last().copied().unwrap_or(Instant::MIN);
            self.reach.push(before.max(span.interval.end()));
        }
    }

    /// Whether there is no span at all.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The spans in order of time, each with the instant from which it is known.
    pub fn spans(&self) -> impl ExactSizeIterator<Item = (Interval, Instant)> + '_ {
        self.spans.iter().map(|span| (span.interval, span.known_at))
    }

    /// Whether `bucket` overlaps a span that was known at or before `as_of`.
    pub fn hides(&self, bucket: Interval, as_of: Instant) -> bool {
        self.hiding(bucket, as_of).next().is_some()
    }

    /// The name of the event that [hides](Self::hides) `bucket` from an evaluation at `as_of`, the
    /// one that starts first where there are several; none where its span has no name.
    pub fn event_hiding(&self, bucket: Interval, as_of: Instant) -> Option<&str> {
        let first = self.hiding(bucket, as_of).last()?;
        first.event.as_deref()
    }

    /// The spans that hide `bucket`, the latest first.
    fn hiding(&self, bucket: Interval, as_of: Instant) -> impl Iterator<Item = &Span> {
        let candidates = self
            .spans
            .partition_point(|span| span.interval.start() < bucket.end());
        (0..candidates)
            .rev()
            .take_while(move |&i| self.reach[i] > bucket.start())
            .map(|i| &self.spans[i])
            .filter(move |span| span.interval.overlaps(bucket) && span.known_at <= as_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Instant {
        Instant::from_millis(hour * 3_600_000).unwrap()
    }

    fn span(start: i64, end: i64) -> Interval {
        Interval::new(at(start), at(end)).unwrap()
    }

    #[test]
    fn a_span_hides_what_it_touches_and_not_its_neighbours() {
        let mut mask = Mask::new();
        mask.push(span(10, 12), at(0));
        let hidden: Vec<i64> = (8..14)
            .filter(|&hour| mask.hides(span(hour, hour + 1), at(100)))
            .collect();
        assert_eq!(hidden, [10, 11]);
        assert!(
            mask.hides(span(0, 24), at(100)),
            "a wide bucket is hidden by a part"
        );
    }

    #[test]
    fn a_span_hides_nothing_before_it_is_known() {
        let mut mask = Mask::new();
        mask.push(span(10, 12), at(20));
        assert!(!mask.hides(span(10, 11), at(19)));
        assert!(mask.hides(span(10, 11), at(20)));
    }

    #[test]
    fn a_long_span_is_found_behind_many_short_ones_in_any_order_of_adding() {
        let spans = [(0, 100, 7), (10, 11, 0), (20, 21, 0), (30, 31, 0)];
        let mut forward = Mask::new();
        let mut backward = Mask::new();
        spans
            .iter()
            .for_each(|&(a, b, k)| forward.push(span(a, b), at(k)));
        spans
            .iter()
            .rev()
            .for_each(|&(a, b, k)| backward.push(span(a, b), at(k)));
        assert_eq!(forward, backward);
        assert_eq!(forward.spans().len(), 4);
        assert!(forward.hides(span(50, 51), at(7)));
        assert!(!forward.hides(span(50, 51), at(6)));
        assert!(
            !forward.hides(span(100, 101), at(7)),
            "the end is not part of a span"
        );
    }

    #[test]
    fn an_empty_span_hides_nothing() {
        let mut mask = Mask::new();
        mask.push(span(5, 5), at(0));
        assert!(mask.is_empty());
    }
}
