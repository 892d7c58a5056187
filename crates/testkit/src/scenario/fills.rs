//! Gaps that were filled after them.

use std::ops::Range;

use tuatara_frame::{Fill, Interval, TimeAxis, ValueRange};

use crate::Draw;

/// Makes some short runs missing.
pub(super) fn punch_holes(draw: &mut Draw, values: &mut [f64]) {
    if values.is_empty() {
        return;
    }
    for _ in 0..values.len() / 20 + 1 {
        let first = draw.between(0..values.len());
        let last = (first + draw.between(1..4)).min(values.len());
        values[first..last].fill(f64::NAN);
    }
}

/// The gaps up to a length that is drawn, each with a value half-way between its ends.
pub(super) fn of_gaps(
    draw: &mut Draw,
    axis: &TimeAxis,
    values: &[f64],
    range: Option<ValueRange>,
) -> Vec<Fill> {
    let longest = draw.between(1..9);
    let measured: Vec<usize> = (0..values.len())
        .filter(|&i| values[i].is_finite() && range.is_none_or(|range| range.contains(values[i])))
        .collect();
    measured
        .windows(2)
        .map(|ends| (ends[0], ends[1]))
        .filter(|(before, after)| (1..=longest).contains(&(after - before - 1)))
        .map(|(before, after)| {
            let half_way = values[before] / 2.0 + values[after] / 2.0;
            let made_from = Interval::new(axis.start(before), axis.end(after));
            let made_from = made_from.expect("buckets come in the order of time");
            let filled = vec![half_way; after - before - 1];
            Fill::new(before + 1, filled, after + 1, made_from)
        })
        .collect()
}

/// What of `fills`, which lie on the axis `from`, lies on the axis `to` of the same grid.
pub(super) fn moved(fills: &[Fill], from: &TimeAxis, to: &TimeAxis) -> Vec<Fill> {
    let position = |i: usize| i64::try_from(i).expect("a position") + from.ordinal() - to.ordinal();
    let clipped = |i: usize| usize::try_from(position(i)).unwrap_or(0).min(to.len());
    fills
        .iter()
        .filter_map(|fill| {
            let Range { start, end } = fill.buckets();
            let kept = clipped(start)..clipped(end);
            let skipped = usize::try_from(-position(start)).unwrap_or(0);
            let values = fill.values().iter().skip(skipped).take(kept.len());
            let known_from = usize::try_from(position(fill.known_from())).ok()?;
            let moved = || {
                Fill::new(
                    kept.start,
                    values.copied().collect(),
                    known_from,
                    fill.made_from(),
                )
            };
            (!kept.is_empty()).then(moved)
        })
        .collect()
}
