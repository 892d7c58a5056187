//! What a judged bucket may learn from.
//!
//! Spans that do not train, and values for gaps, become known at some instant, so the same bucket
//! may say one thing to one judged bucket and another to the next. Rows are therefore worked on by
//! stretches in which the same is known:
//!
//! ```
//! use tuatara_core::{Window, past};
//! use tuatara_frame::{Instant, Interval, Mask, Series, TimeAxis, Zone};
//!
//! let hour = |h: i64| Instant::from_millis(h * 3_600_000);
//! let axis = TimeAxis::covering("PT1H".parse()?, Zone::UTC, Interval::new(hour(0)?, hour(6)?)?)?;
//! // The second hour does not train; that is known from the end of the fourth on.
//! let mut mask = Mask::default();
//! mask.push(Interval::new(hour(1)?, hour(2)?)?, hour(4)?);
//! let series = Series::new(axis, vec![1.0, 9.0, 1.0, 1.0, 1.0, 1.0])?.with_mask(mask);
//! let view = series.view();
//!
//! assert_eq!(past::learnt(view, 1, 2), 9.0);
//! assert!(past::learnt(view, 1, 3).is_nan());
//! let all = Window::whole(view.axis());
//! assert_eq!(past::stretches(view, all), [0..3, 3..6]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::ops::Range;

use tuatara_frame::SeriesView;

use crate::Window;

/// What bucket `as_of` may learn from bucket `j`, which is not after it: its
/// [history](SeriesView::history); NaN where it has none, or lies in a span that does not train.
pub fn learnt(series: SeriesView<'_>, j: usize, as_of: usize) -> f64 {
    if is_hidden(series, j, as_of) {
        f64::NAN
    } else {
        series.history(j, as_of)
    }
}

/// The same of `buckets`, all before `as_of`, into `out`, which is cleared first.
pub fn learnt_into(
    series: SeriesView<'_>,
    buckets: Range<usize>,
    as_of: usize,
    out: &mut Vec<f64>,
) {
    out.clear();
    if series.mask().is_empty() && series.amended(buckets.clone()).next().is_none() {
        out.extend_from_slice(&series.values()[buckets]);
        return;
    }
    out.extend(buckets.map(|j| learnt(series, j, as_of)));
}

/// The same of what was measured alone: NaN where a value stands in for a missing one.
pub fn measured(series: SeriesView<'_>, j: usize, as_of: usize) -> f64 {
    if series.is_measured(j) && !is_hidden(series, j, as_of) {
        series.values()[j]
    } else {
        f64::NAN
    }
}

/// Whether bucket `as_of` knows that bucket `j`, or what its value was interpolated from, lies in
/// a span that does not train.
pub fn is_hidden(series: SeriesView<'_>, j: usize, as_of: usize) -> bool {
    let (mask, axis) = (series.mask(), series.axis());
    if mask.is_empty() {
        return false;
    }
    let fill = series.fill_at(j, as_of);
    let made_from = fill.map_or_else(|| axis.bucket(j), |fill| fill.made_from());
    mask.hides(made_from, axis.end(as_of))
}

/// The rows of `window` in order, cut where a span that does not train becomes known.
pub fn stretches(series: SeriesView<'_>, window: Window) -> Vec<Range<usize>> {
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
pub fn stretches_of_history(series: SeriesView<'_>, window: Window) -> Vec<Range<usize>> {
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
