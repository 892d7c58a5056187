//! A lag for many rows at once, as runs of one shift.
//!
//! Between clock changes a lag moves every bucket by the same number of buckets. The rows at which
//! the shift can change are therefore few, and known before any row is looked at: where the clock
//! changes, where a lagged label meets a clock change, and, for months, where a month starts and at
//! each of its last days that the target month lacks.

use std::borrow::Cow;
use std::ops::Range;

use crate::axis::MARGIN;
use crate::calendar::{DAY, Offsets, date, day_before, day_of, first_of_month, month};
use crate::granularity::Step;
use crate::{Instant, Lag, LagUnit, TimeAxis};

/// Which bucket each of many rows is compared with; from [`TimeAxis::lag_plan`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LagPlan {
    /// The runs in order of their rows, without gaps, neighbours having different shifts.
    pub runs: Vec<LagRun>,
}

/// Rows that one shift holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LagRun {
    /// The first row.
    pub start: usize,
    /// The first row after.
    pub end: usize,
    /// How many buckets back the lag leads, 1 or more; `None` where the label does not exist.
    pub shift: Option<i64>,
}

impl LagPlan {
    /// The bucket that `row` is compared with, negative before the axis; `None` where the label does
    /// not exist, and for rows outside the plan.
    pub fn source(&self, row: usize) -> Option<i64> {
        let run = self
            .runs
            .get(self.runs.partition_point(|run| run.end <= row))?;
        let shift = run.shift.filter(|_| run.start <= row)?;
        Some(i64::try_from(row).ok()? - shift)
    }
}

impl TimeAxis {
    /// [`lag`](Self::lag) for all of `rows`, as runs of one shift: row `i` is compared with bucket
    /// `i - shift`.
    ///
    /// # Panics
    /// When `rows` ends above [`len`](Self::len).
    pub fn lag_plan(&self, lag: Lag, rows: Range<usize>) -> LagPlan {
        assert!(
            rows.end <= self.len(),
            "rows to {} of {} buckets",
            rows.end,
            self.len()
        );
        if rows.is_empty() {
            return LagPlan::default();
        }
        let offsets = self.offsets_for(lag, &rows);
        let mut cuts = match self.shift_changes(lag, &offsets, &rows) {
            Some(cuts) => cuts,
            None => rows.clone().collect(),
        };
        cuts.push(rows.start);
        cuts.sort_unstable();
        cuts.dedup();

        let mut runs: Vec<LagRun> = Vec::new();
        for (index, &start) in cuts.iter().enumerate() {
            let end = cuts.get(index + 1).copied().unwrap_or(rows.end);
            let here = self.ordinal_of_index(start) - self.ordinal();
            let shift = self
                .lag_among(&offsets, start, lag)
                .map(|source| here - source);
            match runs.last_mut() {
                Some(run) if run.shift == shift => run.end = end,
                _ => runs.push(LagRun { start, end, shift }),
            }
        }
        LagPlan { runs }
    }

    /// The clock changes from the earliest target to the last row.
    fn offsets_for(&self, lag: Lag, rows: &Range<usize>) -> Cow<'_, Offsets> {
        let to = self.span().end().millis() + MARGIN;
        let from = self.start_millis(rows.start).saturating_sub(longest(lag));
        let from = (from.saturating_sub(MARGIN)).max(Instant::MIN.millis() - MARGIN);
        if self.offsets().covers(from, to) {
            return Cow::Borrowed(self.offsets());
        }
        Cow::Owned(Offsets::find(self.zone(), from, to))
    }

    /// Every row above the first at which the shift may change, in any order; `None` where each row
    /// has to be asked.
    fn shift_changes(
        &self,
        lag: Lag,
        offsets: &Offsets,
        rows: &Range<usize>,
    ) -> Option<Vec<usize>> {
        let start = self.start_millis(rows.start);
        if start.saturating_sub(longest(lag)).saturating_sub(MARGIN) < Instant::MIN.millis() {
            return None; // some targets may lie before the calendar
        }
        let by_month = matches!(lag.unit(), LagUnit::Months | LagUnit::Years);
        match (self.granularity().0, lag.unit()) {
            (Step::Fixed { .. }, LagUnit::Hours) => Some(Vec::new()),
            (_, LagUnit::Hours) => None,
            (Step::Fixed { step, phase }, _) => {
                Some(self.clock_changes(lag, offsets, rows, step, phase))
            }
            (Step::Days { .. } | Step::Weeks { .. }, _) if !by_month => Some(Vec::new()),
            (Step::Months { .. }, _) if by_month => Some(Vec::new()),
            (step @ Step::Days { count: 1, .. }, _) => {
                let first = step.first_day(self.ordinal_of_index(rows.start))?;
                let last = step.first_day(self.ordinal_of_index(rows.end))?;
                let days = LabelRuns {
                    lag,
                    at: first * DAY,
                    end: last * DAY,
                };
                days.map(|run| {
                    rows.start
                        .checked_add_signed((day_of(run.start) - first) as isize)
                })
                .collect()
            }
            _ => None,
        }
    }

    /// [`shift_changes`](Self::shift_changes) of a fixed step under a lag that keeps the wall clock.
    fn clock_changes(
        &self,
        lag: Lag,
        offsets: &Offsets,
        rows: &Range<usize>,
        step: i64,
        phase: i64,
    ) -> Vec<usize> {
        let (start, end) = (self.start_millis(rows.start), self.start_millis(rows.end));
        let mut cuts = Vec::new();
        let mut cut = |at: i64| {
            // The first row that starts at or after `at`.
            let ordinal = -(phase - at).div_euclid(step);
            let row = usize::try_from(ordinal - self.ordinal()).unwrap_or(0);
            if rows.start < row && row < rows.end {
                cuts.push(row);
            }
        };
        let mut stretch = (start, offsets.at(start));
        let changes = offsets
            .changes()
            .filter(|change| start < change.at && change.at < end);
        let ends = changes
            .map(|change| (change.at, change.after))
            .chain([(end, 0)]);
        for (until, next_offset) in ends {
            let (from, offset) = stretch;
            cut(from);
            for run in (LabelRuns {
                lag,
                at: from + offset,
                end: until + offset,
            }) {
                cut(run.start - offset);
                for label in offsets.changes_of_labels(run.start - run.moved, run.end - run.moved) {
                    cut(label + run.moved - offset);
                }
            }
            stretch = (until, next_offset);
        }
        cuts
    }
}

/// The most a lag can move a label, in milliseconds, and a little more.
fn longest(lag: Lag) -> i64 {
    let days = match lag.unit() {
        LagUnit::Hours | LagUnit::Days => 1,
        LagUnit::Weeks => 7,
        LagUnit::Months => 31,
        LagUnit::Years => 366,
    };
    let unit = if lag.unit() == LagUnit::Hours {
        DAY / 24
    } else {
        days * DAY
    };
    i64::from(lag.count()).saturating_mul(unit)
}

/// Labels that a lag moves by the same length.
struct LabelRun {
    start: i64,
    end: i64,
    /// By how much the lag moves them, in milliseconds.
    moved: i64,
}

/// The runs of `[at, end)`: all of it for days and weeks; for months and years the days of a month
/// that the target month has, and each of its other days.
struct LabelRuns {
    lag: Lag,
    at: i64,
    end: i64,
}

impl Iterator for LabelRuns {
    type Item = LabelRun;

    fn next(&mut self) -> Option<LabelRun> {
        if self.at >= self.end {
            return None;
        }
        let day = day_of(self.at);
        let target = day_before(day, self.lag)?;
        let until = match self.lag.unit() {
            LagUnit::Hours | LagUnit::Days | LagUnit::Weeks => self.end,
            LagUnit::Months | LagUnit::Years => {
                let (here, there) = (month(date(day)?), month(date(target)?));
                let first = first_of_month(here)?;
                let shared = first_of_month(there + 1)? - first_of_month(there)?;
                let next = if day - first < shared {
                    first + shared
                } else {
                    day + 1
                };
                next.min(first_of_month(here + 1)?) * DAY
            }
        };
        let start = self.at;
        self.at = until.min(self.end);
        Some(LabelRun {
            start,
            end: self.at,
            moved: (day - target) * DAY,
        })
    }
}
