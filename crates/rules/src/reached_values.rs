//! The values that a moving window reaches, by bucket and in order.

use std::collections::VecDeque;

use tuatara_frame::SeriesView;

use crate::sorted_values::SortedValues;
use tuatara_core::past::learnt;

/// What is kept from one call to the next: the values that were in reach of the last row.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    /// The ordinal of the first bucket of `held`.
    first: i64,
    /// What was learnt from each bucket, NaN where nothing was.
    held: VecDeque<f64>,
    pub(crate) sorted: SortedValues,
}

impl Reached {
    /// Holds what bucket `to` may learn from the buckets of `series` before it, `from` on.
    pub(crate) fn hold(&mut self, series: SeriesView<'_>, from: usize, to: usize) {
        let ordinal = series.axis().ordinal();
        let position = |i: usize| ordinal + i64::try_from(i).unwrap_or(i64::MAX);
        let kept = position(from) - self.first;
        match usize::try_from(kept) {
            // Most of it is there: let go of what is out of reach.
            Ok(kept) if kept < self.held.len() && 2 * (self.held.len() - kept) > to - from => {
                (0..kept).for_each(|_| self.pop());
            }
            _ => self.held.clear(),
        }
        if self.held.is_empty() {
            self.first = position(from);
            return self.refill(series, from, to);
        }
        while self.held.len() > to - from {
            if let Some(last) = self.held.pop_back()
                && !last.is_nan()
            {
                self.sorted.remove(last);
            }
        }
        // A memo may have seen other data, and what is known of these may have changed.
        for at in 0..self.held.len() {
            self.put(at, learnt(series, from + at, to));
        }
        for j in from + self.held.len()..to {
            self.push(learnt(series, j, to));
        }
    }

    /// Puts `value` in the place of what is held at `at`.
    pub(crate) fn put(&mut self, at: usize, value: f64) {
        let held = std::mem::replace(&mut self.held[at], value);
        if held.to_bits() == value.to_bits() {
            return;
        }
        if !held.is_nan() {
            self.sorted.remove(held);
        }
        if !value.is_nan() {
            self.sorted.insert(value);
        }
    }

    fn refill(&mut self, series: SeriesView<'_>, from: usize, to: usize) {
        self.held.clear();
        self.held.extend((from..to).map(|j| learnt(series, j, to)));
        let found = self.held.iter().copied().filter(|value| !value.is_nan());
        self.sorted.refill(&mut found.collect::<Vec<f64>>());
    }

    pub(crate) fn push(&mut self, value: f64) {
        self.held.push_back(value);
        if !value.is_nan() {
            self.sorted.insert(value);
        }
    }

    pub(crate) fn pop(&mut self) {
        self.first += 1;
        if let Some(value) = self.held.pop_front()
            && !value.is_nan()
        {
            self.sorted.remove(value);
        }
    }
}
