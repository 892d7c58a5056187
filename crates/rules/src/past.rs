//! What a judged bucket may learn from.
//!
//! Spans that do not train, and values for gaps, become known at some instant, so the same bucket
//! may say one thing to one judged bucket and another to the next. Rows are therefore worked on by
//! stretches in which the same is known.

use std::ops::Range;

use tuatara_core::Window;
use tuatara_frame::SeriesView;

/// What bucket `as_of` may learn from bucket `j`, which is not after it: its
/// [history](SeriesView::history); NaN where it has none, or lies in a span that does not train.
pub(crate) fn learnt(series: SeriesView<'_>, j: usize, as_of: usize) -> f64 {
    if is_hidden(series, j, as_of) {
        f64::NAN
    } else {
        series.history(j, as_of)
    }
}

/// The same of what was measured alone.
pub(crate) fn measured(series: SeriesView<'_>, j: usize, as_of: usize) -> f64 {
    if series.is_measured(j) && !is_hidden(series, j, as_of) {
        series.values()[j]
    } else {
        f64::NAN
    }
}

/// Whether bucket `as_of` knows that bucket `j`, or what its value was interpolated from, lies in
/// a span that does not train.
pub(crate) fn is_hidden(series: SeriesView<'_>, j: usize, as_of: usize) -> bool {
    let (mask, axis) = (series.mask(), series.axis());
    if mask.is_empty() {
        return false;
    }
    let fill = series.fill_at(j, as_of);
    let made_from = fill.map_or_else(|| axis.bucket(j), |fill| fill.made_from());
    mask.hides(made_from, axis.end(as_of))
}

/// The rows of `window` in order, cut where a span that does not train becomes known.
pub(crate) fn stretches(series: SeriesView<'_>, window: Window) -> Vec<Range<usize>> {
    let rows = window.range();
    let spans = series.mask().spans();
    cut(
        rows.clone(),
        spans.map(|(_, known_at)| {
            let ended = |i: usize| series.axis().end(i) >= known_at;
            first_that(rows.clone(), ended)
        }),
    )
}

/// The same, cut where values for a gap become known, too.
pub(crate) fn stretches_of_history(series: SeriesView<'_>, window: Window) -> Vec<Range<usize>> {
    let filled = series.fills().iter().map(|fill| fill.known_from());
    let by_mask = stretches(series, window);
    cut(
        window.range(),
        by_mask.iter().map(|rows| rows.start).chain(filled),
    )
}

fn cut(rows: Range<usize>, cuts: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut cuts: Vec<usize> = cuts.filter(|cut| rows.contains(cut)).collect();
    cuts.push(rows.start);
    cuts.sort_unstable();
    cuts.dedup();
    let ends = cuts.iter().skip(1).copied().chain([rows.end]);
    let stretches = cuts.iter().zip(ends).map(|(&start, end)| start..end);
    stretches.filter(|rows| !rows.is_empty()).collect()
}

/// The first of `rows` for which `holds`, as it does for all after; their end where there is none.
fn first_that(rows: Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (rows.start, rows.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
