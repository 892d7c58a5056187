//! What a judged bucket may learn from: values that are not hidden by a span that does not train,
//! and values for gaps once they are known.

use std::ops::Range;

use tuatara_core::Window;
use tuatara_frame::SeriesView;

/// What bucket `as_of` may learn from `buckets`, all before it: NaN where there is nothing. `out`
/// is cleared first.
pub(crate) fn learnt(
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
    out.extend(buckets.map(|j| learnt_at(series, j, as_of)));
}

/// The same of one bucket, `as_of` or before it.
pub(crate) fn learnt_at(series: SeriesView<'_>, j: usize, as_of: usize) -> f64 {
    let (mask, axis) = (series.mask(), series.axis());
    if !mask.is_empty() {
        let fill = series.fill_at(j, as_of);
        let made_from = fill.map_or_else(|| axis.bucket(j), |fill| fill.made_from());
        if mask.hides(made_from, axis.end(as_of)) {
            return f64::NAN;
        }
    }
    series.history(j, as_of)
}

/// The rows of `window` in order, cut where a span that does not train, or values for a gap,
/// become known: within a stretch the same is known of what lies before it.
pub(crate) fn stretches(series: SeriesView<'_>, window: Window) -> Vec<Range<usize>> {
    let rows = window.range();
    let axis = series.axis();
    let spans = series.mask().spans();
    let known = spans.map(|(_, known_at)| first_that(rows.clone(), |i| axis.end(i) >= known_at));
    let filled = series.fills().iter().map(|fill| fill.known_from());
    let mut cuts: Vec<usize> = known
        .chain(filled)
        .filter(|cut| rows.contains(cut))
        .collect();
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
