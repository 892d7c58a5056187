//! Two stretches of one series: the interval, or how far the merger and filters look back, has moved
//! the first bucket of the grid or its last.

use std::ops::Range;

use tuatara_frame::{Instant, Interval, SeriesView};

/// The position on the axis of `new` before which buckets that both have, with all that can be learnt
/// from those that both have, are the same in `old`; `None` where they are not.
///
/// Both are the series of one place in one snapshot of the data, so that what the source says of a
/// bucket is the same. What is left to compare is the clock, what is complete, and what is known of
/// the calendar in the time that they share.
pub(crate) fn same_until(old: SeriesView<'_>, new: SeriesView<'_>) -> Option<usize> {
    let (before, after) = (old.axis(), new.axis());
    if (before.granularity(), before.zone()) != (after.granularity(), after.zone()) {
        return None;
    }
    let first = before.ordinal().max(after.ordinal());
    let end = complete(old).min(complete(new));
    if first >= end {
        return None;
    }
    let [of_old, of_new] = [old, new].map(|view| {
        let position = |number: i64| {
            let at = number.saturating_sub(view.axis().ordinal());
            usize::try_from(at).unwrap_or(0)
        };
        position(first)..position(end)
    });
    let span = Interval::new(after.start(of_new.start), after.end(of_new.end - 1)).ok()?;
    // A value that stands in for a missing one may be made from what lies before the stretch.
    let span = Some(span).filter(|_| old.fills().is_empty() && new.fills().is_empty());
    let same = masked(old, span) == masked(new, span)
        && factors(old, of_old) == factors(new, of_new.clone());
    same.then_some(of_new.end)
}

/// The number on the absolute grid of the first bucket that is not complete.
fn complete(view: SeriesView<'_>) -> i64 {
    let first = view.axis().ordinal();
    first.saturating_add_unsigned(view.complete_len() as u64)
}

/// What does not train, in `span` or in all of the time.
fn masked(view: SeriesView<'_>, span: Option<Interval>) -> Vec<(Interval, Instant)> {
    let spans = view.mask().spans();
    let within = spans.filter(|(masked, _)| span.is_none_or(|span| masked.overlaps(span)));
    within.collect()
}

/// What expectations are multiplied by, counted from the first of `buckets`.
fn factors(view: SeriesView<'_>, buckets: Range<usize>) -> Vec<(usize, u64)> {
    let first = buckets.start;
    let factors = view.factors(buckets).iter();
    factors
        .map(|(i, factor)| (i - first, factor.to_bits()))
        .collect()
}
