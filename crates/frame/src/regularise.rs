//! From rows to a grid: sorted, merged and counted.
//!
//! ```text
//! value of a bucket = aggregation of its rows that carry a value, in order of time, then of input
//! ```
//!
//! A bucket without such a row is missing. Infinite values carry none; neither does an overflow
//! of the aggregation itself.

use std::fmt;

use crate::metric::Fold;
use crate::{Aggregation, Instant, TimeAxis};

/// How often something happened, and where first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How often.
    pub count: usize,
    /// The earliest instant at which it happened; `None` if it never did.
    pub first: Option<Instant>,
}

impl Tally {
    fn add(&mut self, at: Instant) {
        self.count += 1;
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
    }

    fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.into_iter().chain(other.first).min();
    }
}

/// What [`regularise`] had to do. The `Display` form is one or two plain sentences.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegulariseReport {
    /// Rows that came in.
    pub rows: usize,
    /// Buckets of the grid.
    pub buckets: usize,
    /// Rows older than one that came before them.
    pub out_of_order: Tally,
    /// Rows that shared their bucket with another row of the same series and were merged into it.
    pub merged: Tally,
    /// Rows without a value.
    pub empty: Tally,
    /// Infinite values, which were made missing.
    pub infinite: Tally,
    /// Rows whose stamp is not the start of a bucket.
    pub off_grid: Tally,
    /// Rows before or after the grid, which were left out.
    pub outside: Tally,
    /// Buckets without a value.
    pub missing: Tally,
    /// Buckets without a value that lie between two with one.
    pub gaps: Tally,
}

impl RegulariseReport {
    /// Whether each row was in its place and each bucket between the first and the last value has
    /// one. Rows outside the grid and stamps inside a bucket do not count against that.
    pub fn is_clean(&self) -> bool {
        [
            self.out_of_order,
            self.merged,
            self.empty,
            self.infinite,
            self.gaps,
        ]
        .iter()
        .all(|tally| tally.count == 0)
    }

    /// Adds what happened to another slice.
    pub fn absorb(&mut self, other: &Self) {
        self.rows += other.rows;
        self.buckets += other.buckets;
        self.out_of_order.absorb(other.out_of_order);
        self.merged.absorb(other.merged);
        self.empty.absorb(other.empty);
        self.infinite.absorb(other.infinite);
        self.off_grid.absorb(other.off_grid);
        self.outside.absorb(other.outside);
        self.missing.absorb(other.missing);
        self.gaps.absorb(other.gaps);
    }

    /// Counts what can be said of rows of one series alone: `rows` in order of time, then of
    /// input, each with its number in the input; buckets are those of `grid`.
    pub(crate) fn count_rows(
        &mut self,
        rows: impl DoubleEndedIterator<Item = (usize, Instant)> + Clone,
        grid: &TimeAxis,
    ) {
        let mut newest = usize::MAX;
        for (input, at) in rows.clone().rev() {
            // A later row stands earlier in the input.
            if newest < input {
                self.out_of_order.add(at);
            }
            newest = newest.min(input);
        }
        let mut cursor = Cursor::new(grid);
        let mut previous = None;
        for (_, at) in rows {
            let bucket = cursor.index_of(at);
            if bucket.is_some() && bucket == previous {
                self.merged.add(at);
            }
            if bucket.is_some_and(|i| grid.start(i) != at) {
                self.off_grid.add(at);
            }
            previous = bucket;
        }
    }

    /// Puts `rows`, in order of time, then of input, onto `axis`.
    pub(crate) fn fill(
        &mut self,
        rows: impl Iterator<Item = (Instant, f64)>,
        axis: &TimeAxis,
        aggregation: Aggregation,
    ) -> Vec<f64> {
        let mut values = vec![f64::NAN; axis.len()];
        let mut cursor = Cursor::new(axis);
        let mut open: Option<(usize, Fold)> = None;
        let mut close = |report: &mut Self, (i, fold): (usize, Fold)| {
            values[i] = fold.finish(aggregation);
            if values[i].is_infinite() {
                values[i] = f64::NAN;
                report.infinite.add(axis.start(i));
            }
        };
        for (at, mut value) in rows {
            self.rows += 1;
            let Some(bucket) = cursor.index_of(at) else {
                self.outside.add(at);
                continue;
            };
            if value.is_nan() {
                self.empty.add(at);
            } else if value.is_infinite() {
                self.infinite.add(at);
                value = f64::NAN;
            }
            if let Some(done) = open.take_if(|(i, _)| *i != bucket) {
                close(self, done);
            }
            open.get_or_insert((bucket, Fold::EMPTY))
                .1
                .push(aggregation, value);
        }
        if let Some(done) = open {
            close(self, done);
        }
        self.count_missing(&values, axis);
        values
    }

    fn count_missing(&mut self, values: &[f64], axis: &TimeAxis) {
        self.buckets += values.len();
        let first = values.iter().position(|value| !value.is_nan());
        let last = values.iter().rposition(|value| !value.is_nan());
        let inside = first.zip(last).map_or(0..0, |(first, last)| first..last);
        for (i, value) in values.iter().enumerate() {
            if value.is_nan() {
                self.missing.add(axis.start(i));
                if inside.contains(&i) {
                    self.gaps.add(axis.start(i));
                }
            }
        }
    }
}

impl fmt::Display for RegulariseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filled = self.buckets - self.missing.count;
        write!(
            f,
            "{} rows filled {filled} of {} buckets",
            self.rows, self.buckets
        )?;
        let remarks = [
            (self.out_of_order, "out of order"),
            (self.merged, "merged into the bucket of another"),
            (self.empty, "without a value"),
            (self.infinite, "infinite, taken as missing"),
            (self.outside, "outside the grid, left out"),
        ];
        let mut lead = ": ";
        for (tally, what) in remarks {
            if let Some(first) = tally.first {
                write!(f, "{lead}{} {what} (first at {first})", tally.count)?;
                lead = "; ";
            }
        }
        f.write_str(".")?;
        match (self.gaps.count, self.gaps.first) {
            (1, Some(first)) => write!(f, " 1 bucket inside is empty, at {first}."),
            (count, Some(first)) => {
                write!(f, " {count} buckets inside are empty, first at {first}.")
            }
            _ => Ok(()),
        }
    }
}

/// Finds buckets for instants that mostly move on in small steps.
struct Cursor<'a> {
    axis: &'a TimeAxis,
    /// The bucket of the last answer, with its ends.
    last: Option<(usize, Instant, Instant)>,
}

impl<'a> Cursor<'a> {
    fn new(axis: &'a TimeAxis) -> Self {
        Self { axis, last: None }
    }

    fn index_of(&mut self, at: Instant) -> Option<usize> {
        if let Some((i, start, end)) = self.last
            && start <= at
            && at < end
        {
            return Some(i);
        }
        let i = self.axis.index_of(at)?;
        self.last = Some((i, self.axis.start(i), self.axis.end(i)));
        Some(i)
    }
}

/// The values of `rows` on `axis`, one for each bucket, NaN where missing, and what it took.
///
/// `rows` are those of one series in the order of the input; NaN is a row without a value. They
/// need not be in order of time, and may lie outside the axis.
///
/// ```
/// use tuatara_frame::{Aggregation, Granularity, Interval, TimeAxis, Zone, regularise};
///
/// let at = |text: &str| text.parse::<tuatara_frame::Instant>();
/// let day = Interval::new(at("2024-05-01T00:00:00Z")?, at("2024-05-04T00:00:00Z")?)?;
/// let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, day)?;
/// let rows = [
///     (at("2024-05-03T00:00:00Z")?, 5.0),
///     (at("2024-05-01T00:00:00Z")?, 1.0),
///     (at("2024-05-01T12:00:00Z")?, 2.0),
/// ];
/// let (values, report) = regularise(rows, &axis, Aggregation::Sum);
/// assert_eq!((values[0], values[2]), (3.0, 5.0));
/// assert!(values[1].is_nan());
/// assert_eq!(report.out_of_order.count, 2);
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
pub fn regularise(
    rows: impl IntoIterator<Item = (Instant, f64)>,
    axis: &TimeAxis,
    aggregation: Aggregation,
) -> (Vec<f64>, RegulariseReport) {
    let mut rows: Vec<(usize, Instant, f64)> = rows
        .into_iter()
        .enumerate()
        .map(|(input, (at, value))| (input, at, value))
        .collect();
    // Stable, so rows of one instant stay in the order of the input.
    rows.sort_by_key(|&(_, at, _)| at);
    let mut report = RegulariseReport::default();
    report.count_rows(rows.iter().map(|&(input, at, _)| (input, at)), axis);
    let values = report.fill(
        rows.iter().map(|&(_, at, value)| (at, value)),
        axis,
        aggregation,
    );
    (values, report)
}
