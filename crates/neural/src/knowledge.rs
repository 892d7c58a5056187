//! What a judged bucket may learn from.

use std::ops::Range;

use tuatara_core::Window;
use tuatara_frame::SeriesView;

/// What bucket `as_of` may learn from bucket `j`, itself or one before it: NaN where nothing was
/// measured and nothing is known in its place, or where it lies in a span that does not train.
pub(crate) fn learnt(series: SeriesView<'_>, j: usize, as_of: usize) -> f64 {
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

/// The rows of `window` in order, cut where a span that does not train, or values for a gap, become
/// known: all rows of a stretch know the same of what lies before it.
pub(crate) fn stretches(series: SeriesView<'_>, window: Window) -> Vec<Range<usize>> {
    let (rows, axis) = (window.range(), series.axis());
    let spans = series.mask().spans();
    let masked = spans.map(|(_, known_at)| {
        // The first bucket that ends at that instant or later.
        let (mut low, mut high) = (rows.start, rows.end);
        while low < high {
            let middle = low + (high - low) / 2;
            match axis.end(middle) >= known_at {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        low
    });
    let filled = series.fills().iter().map(|fill| fill.known_from());
    let cuts = masked.chain(filled).filter(|cut| rows.contains(cut));
    let mut edges: Vec<usize> = cuts.chain([rows.start, rows.end]).collect();
    edges.sort_unstable();
    edges.dedup();
    edges.windows(2).map(|edge| edge[0]..edge[1]).collect()
}
