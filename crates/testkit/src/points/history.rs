//! What lies after a bucket, where its window begins, what lies before the lookback, what a mask
//! hides, and what lies outside the declared range: none of it changes a row.

use std::ops::Range;

use tuatara_core::Memo;
use tuatara_frame::{Fill, Interval, Mask, Series};

use super::trial::Trial;
use crate::{Draw, Law, Violation, part_of};

/// Pieces of the axis that are evaluated on their own.
const PIECES: usize = 4;

/// Buckets that are evaluated at a time under a mask.
const MASKED_WINDOW: usize = 200;

impl Trial<'_> {
    /// `evaluate(a..c)` is `evaluate(a..b)` followed by `evaluate(b..c)`, from any `a`.
    pub(super) fn check_cuts(&self, draw: &mut Draw) -> Result<(), Violation> {
        for pieces in [2, PIECES] {
            for cut in draw.cuts(0..self.len(), pieces).windows(2) {
                let what = format!("the window {}..{} on its own", cut[0], cut[1]);
                let rows = self.fresh(Law::CutFree, &what, self.view(), cut[0]..cut[1])?;
                self.same(Law::CutFree, &what, &rows, cut[0])?;
            }
        }
        // As a stream: single buckets, each with a fresh memo.
        for i in self.stretch(draw, 8) {
            let what = format!("bucket {i} on its own");
            let rows = self.fresh(Law::CutFree, &what, self.view(), i..i + 1)?;
            self.same(Law::CutFree, &what, &rows, i)?;
        }
        Ok(())
    }

    /// Later buckets absent, incomplete, or full of garbage.
    pub(super) fn check_causality(&self, draw: &mut Draw) -> Result<(), Violation> {
        let law = Law::Causal;
        let end = self.pick_bucket(draw);
        if let Some(axis) = part_of(self.series().axis(), 0..end) {
            let values = self.scenario().values()[..end].to_vec();
            let shorter = self.scenario().series_of(axis, values);
            let what = format!("the axis ends before bucket {end}");
            let rows = self.fresh(law, &what, shorter.view(), 0..end)?;
            self.same(law, &what, &rows, 0)?;
        }
        let what = format!("garbage from bucket {end} on");
        let garbage = self.with_garbage(draw, end..self.len());
        // In one window with what follows, and in one that ends before it.
        let rows = self.fresh(law, &what, garbage.view(), 0..self.len())?;
        self.same(law, &what, &rows[..end], 0)?;
        let rows = self.fresh(law, &what, garbage.view(), 0..end)?;
        self.same(law, &what, &rows, 0)?;
        let what = format!("known until bucket {end}");
        let rows = self.fresh(law, &what, self.view().known_until(end), 0..end)?;
        let known = end.min(self.view().complete_len());
        self.same(law, &what, &rows[..known], 0)?;
        // One bucket judged by what comes before it: what comes next is garbage. Where a gap
        // ends, this is what is interpolated in it, too.
        let fills = self.scenario().fills();
        let ends = (!fills.is_empty()).then(|| draw.pick(fills).known_from() - 1);
        for i in self.stretch(draw, 3).chain(ends) {
            let what = format!("garbage from bucket {} on", i + 1);
            let garbage = self.with_garbage(draw, i + 1..self.len());
            let rows = self.fresh(law, &what, garbage.view(), i..i + 1)?;
            self.same(law, &what, &rows, i)?;
        }
        Ok(())
    }

    /// History before the lookback absent, or full of garbage.
    pub(super) fn check_forgetting(&self, draw: &mut Draw) -> Result<(), Violation> {
        let law = Law::Forgetful;
        let first = self.pick_bucket(draw);
        let safe = (first + self.lookback()).min(self.len());
        if let Some(axis) = part_of(self.series().axis(), first..self.len()) {
            let values = self.scenario().values()[first..].to_vec();
            let later = self.scenario().series_of(axis, values);
            let what = format!("the axis starts at bucket {first}");
            let rows = self.fresh(law, &what, later.view(), 0..later.len())?;
            self.same(law, &what, &rows[safe - first..], safe)?;
            let rows = self.fresh(law, &what, later.view(), safe - first..later.len())?;
            self.same(law, &what, &rows, safe)?;
        }
        let what = format!("garbage before bucket {first}");
        let garbage = self.with_garbage(draw, 0..first);
        let rows = self.fresh(law, &what, garbage.view(), 0..self.len())?;
        self.same(law, &what, &rows[safe..], safe)?;
        let rows = self.fresh(law, &what, garbage.view(), safe..self.len())?;
        self.same(law, &what, &rows, safe)
    }

    /// Values that a mask hides, changed at will.
    pub(super) fn check_masks(&self, draw: &mut Draw) -> Result<(), Violation> {
        if self.len() == 0 {
            return Ok(());
        }
        let axis = self.series().axis();
        let mut mask = Mask::new();
        let mut hidden: Vec<Range<usize>> = Vec::new();
        let mut known = axis.start(0);
        for _ in 0..2 {
            let first = draw.between(0..self.len());
            let last = (first + draw.between(1..6)).min(self.len());
            // From the start of its own span, or only later on.
            let known_from = if draw.chance(0.7) {
                first
            } else {
                draw.between(first..self.len())
            };
            let span = Interval::new(axis.start(first), axis.start(last));
            let span = span.expect("buckets come in the order of time");
            // An empty span is that of a skipped date alone, and hides nothing.
            if !span.is_empty() {
                mask.push(span, axis.start(known_from));
                known = known.max(axis.start(known_from));
                hidden.push(first..last);
            }
        }
        let scenario = self.scenario().clone().with_mask(mask);
        let masked = scenario.series();
        let mut values = scenario.values().to_vec();
        for range in &hidden {
            for i in range.clone().filter(|&i| !axis.bucket(i).is_empty()) {
                values[i] = draw.garbage();
            }
        }
        // What is interpolated from a masked bucket is as hidden as that.
        let touched = |fill: &Fill| {
            let from = fill.made_from();
            let mut spans = scenario.mask().spans();
            spans.any(|(span, _)| span.overlaps(from))
        };
        let fills = garbled(draw, scenario.fills(), |fill, _| touched(fill));
        let changed = scenario
            .clone()
            .with_fills(fills)
            .series_of(axis.clone(), values);
        let what = format!("other values in the masked buckets {hidden:?}");
        // Masked lags are looked up one by one, which takes its time: no whole axes here.
        let nearest = hidden.iter().map(|range| range.start).min().unwrap_or(0);
        for first in [nearest, draw.between(0..self.len())] {
            let window = first..(first + MASKED_WINDOW).min(self.len());
            let wanted = self.fresh(Law::Masked, &what, masked.view(), window.clone())?;
            let rows = self.fresh(Law::Masked, &what, changed.view(), window)?;
            self.alike(Law::Masked, &what, &wanted, &rows, first, |i| {
                axis.end(i) >= known && !hidden.iter().any(|range| range.contains(&i))
            })?;
        }
        Ok(())
    }

    /// What lies outside the declared range, as far outside as it may.
    pub(super) fn check_range(&self, draw: &mut Draw) -> Result<(), Violation> {
        let Some(range) = self.scenario().range() else {
            return Ok(());
        };
        let mut values = self.scenario().values().to_vec();
        let stray = |value: f64| value.is_finite() && !range.contains(value);
        for value in values.iter_mut().filter(|value| stray(**value)) {
            *value = match draw.chance(0.5) {
                true => range.max() + draw.within(1.0, 1e6),
                false => range.min() - draw.within(1.0, 1e6),
            };
        }
        let what = "other values outside the declared range";
        let axis = self.series().axis().clone();
        let changed = self.scenario().series_of(axis, values);
        let rows = self.fresh(Law::OutOfRange, what, changed.view(), 0..self.len())?;
        self.alike(Law::OutOfRange, what, self.reference(), &rows, 0, |i| {
            !stray(self.scenario().values()[i])
        })
    }

    /// The same series with garbage in `range`, and in what is interpolated there or made from it.
    pub(super) fn with_garbage(&self, draw: &mut Draw, range: Range<usize>) -> Series {
        let mut values = self.scenario().values().to_vec();
        for value in &mut values[range.clone()] {
            *value = draw.garbage();
        }
        let fills = garbled(draw, self.scenario().fills(), |fill, i| {
            range.contains(&i) || range.contains(&fill.known_from())
        });
        let scenario = self.scenario().clone().with_fills(fills);
        scenario.series_of(self.series().axis().clone(), values)
    }

    /// A bucket, or one past the last.
    fn pick_bucket(&self, draw: &mut Draw) -> usize {
        draw.between(0..self.len() + 1)
    }

    /// A short range somewhere.
    pub(super) fn stretch(&self, draw: &mut Draw, most: usize) -> Range<usize> {
        let start = self.pick_bucket(draw);
        start..(start + most).min(self.len())
    }

    /// A memo that has seen the whole axis of `series`.
    pub(super) fn warmed_on(&self, series: &Series) -> Result<Memo, Violation> {
        let mut memo = Memo::default();
        let window = 0..series.len();
        self.with_memo(Law::Memo, "warming", series.view(), window, &mut memo)?;
        Ok(memo)
    }
}

/// `fills` with garbage for the buckets that `chosen` says.
fn garbled(draw: &mut Draw, fills: &[Fill], chosen: impl Fn(&Fill, usize) -> bool) -> Vec<Fill> {
    let other = |fill: &Fill| {
        let values = fill.buckets().zip(fill.values()).map(|(i, &value)| {
            let garbage = if chosen(fill, i) {
                draw.garbage()
            } else {
                value
            };
            if garbage.is_finite() {
                garbage
            } else {
                f64::NAN
            }
        });
        let values = values.collect();
        Fill::new(
            fill.buckets().start,
            values,
            fill.known_from(),
            fill.made_from(),
        )
    };
    fills.iter().map(other).collect()
}
