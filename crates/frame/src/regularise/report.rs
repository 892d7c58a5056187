//! What it took to get rows onto a grid, counted and located.

use std::fmt;

use crate::{Instant, Interval, Metric, TimeAxis};

use super::Cursor;

/// How often something happened, and where first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How often.
    pub count: usize,
    /// The earliest instant at which it happened; `None` if it never did.
    pub first: Option<Instant>,
}

impl Tally {
    pub(crate) fn add(&mut self, at: Instant) {
        self.count += 1;
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
    }

    fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.into_iter().chain(other.first).min();
    }
}

/// Buckets without a value, one after the other, between two with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// From the start of the first to the end of the last.
    pub interval: Interval,
    /// How many there are.
    pub buckets: usize,
}

/// Empty buckets that got a value by the [policy](crate::Missing) of the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filled {
    /// With 0.
    pub zero: Tally,
    /// With the last measurement.
    pub carried: Tally,
    /// By interpolation, for the use of later buckets alone.
    pub interpolated: Tally,
}

/// What [`regularise`](crate::regularise()) had to do. The `Display` form is one or two plain
/// sentences.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegulariseReport {
    /// Rows that came in.
    pub rows: usize,
    /// Buckets of the grid.
    pub buckets: usize,
    /// Rows older than one that came before them.
    pub out_of_order: Tally,
    /// Rows with the stamp of another row of the same series, with which they were merged.
    pub repeated: Tally,
    /// Rows that shared their bucket with a row of the same series that has another stamp, and
    /// were merged with it.
    pub merged: Tally,
    /// Rows without a value.
    pub empty: Tally,
    /// Infinite values, which were made missing.
    pub infinite: Tally,
    /// Rows whose stamp is not the start of a bucket.
    pub off_grid: Tally,
    /// Rows before or after the grid, which were left out.
    pub outside: Tally,
    /// Buckets with a value outside the declared range of the metric: no measurement.
    pub out_of_range: Tally,
    /// Buckets without a value, before anything was filled in.
    pub missing: Tally,
    /// Buckets without a value that lie between two with one, before anything was filled in.
    pub gaps: Tally,
    /// The widest gap among them, the earliest of several.
    pub widest_gap: Option<Gap>,
    /// Buckets that were filled in.
    pub filled: Filled,
}

impl RegulariseReport {
    /// Whether each row was in its place and each bucket between the first and the last value has
    /// one. Rows outside the grid and stamps inside a bucket do not count against that.
    pub fn is_clean(&self) -> bool {
        [
            self.out_of_order,
            self.repeated,
            self.merged,
            self.empty,
            self.infinite,
            self.out_of_range,
            self.gaps,
        ]
        .iter()
        .all(|tally| tally.count == 0)
    }

    /// Adds what happened to another slice.
    pub fn absorb(&mut self, other: &Self) {
        self.rows += other.rows;
        self.buckets += other.buckets;
        for (ours, theirs) in [
            (&mut self.out_of_order, other.out_of_order),
            (&mut self.repeated, other.repeated),
            (&mut self.merged, other.merged),
            (&mut self.empty, other.empty),
            (&mut self.infinite, other.infinite),
            (&mut self.off_grid, other.off_grid),
            (&mut self.outside, other.outside),
            (&mut self.out_of_range, other.out_of_range),
            (&mut self.missing, other.missing),
            (&mut self.gaps, other.gaps),
            (&mut self.filled.zero, other.filled.zero),
            (&mut self.filled.carried, other.filled.carried),
            (&mut self.filled.interpolated, other.filled.interpolated),
        ] {
            ours.absorb(theirs);
        }
        if let Some(gap) = other.widest_gap {
            self.see_gap(gap);
        }
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
            let Some(bucket) = cursor.index_of(at) else {
                previous = None;
                continue;
            };
            match previous {
                Some((_, before)) if before == at => self.repeated.add(at),
                Some((other, _)) if other == bucket => self.merged.add(at),
                _ => {}
            }
            if grid.start(bucket) != at {
                self.off_grid.add(at);
            }
            previous = Some((bucket, at));
        }
    }

    /// Counts what `values` on `axis` are like before anything is filled in.
    pub(crate) fn count_buckets(&mut self, values: &[f64], axis: &TimeAxis, metric: &Metric) {
        self.buckets += values.len();
        let mut last_present = None;
        for (i, &value) in values.iter().enumerate() {
            if value.is_nan() {
                self.missing.add(axis.start(i));
                continue;
            }
            if !metric.measures(value) {
                self.out_of_range.add(axis.start(i));
            }
            if let Some(last) = last_present.replace(i)
                && last + 1 < i
            {
                (last + 1..i).for_each(|empty| self.gaps.add(axis.start(empty)));
                let interval = Interval::new(axis.start(last + 1), axis.start(i))
                    .expect("invariant: buckets come in order of time");
                let buckets = i - last - 1;
                self.see_gap(Gap { interval, buckets });
            }
        }
    }

    fn see_gap(&mut self, gap: Gap) {
        let wider = |widest: Gap| {
            let by_start = widest.interval.start().cmp(&gap.interval.start());
            gap.buckets.cmp(&widest.buckets).then(by_start).is_gt()
        };
        if self.widest_gap.is_none_or(wider) {
            self.widest_gap = Some(gap);
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
            (self.repeated, "with the stamp of another, merged with it"),
            (self.merged, "merged into the bucket of another"),
            (self.off_grid, "off the grid"),
            (self.empty, "without a value"),
            (self.infinite, "infinite, taken as missing"),
            (self.outside, "outside the grid, left out"),
            (
                self.out_of_range,
                "outside the declared range, no measurement",
            ),
        ];
        let mut lead = ": ";
        for (tally, what) in remarks {
            if let Some(first) = tally.first {
                write!(f, "{lead}{} {what} (first at {first})", tally.count)?;
                lead = "; ";
            }
        }
        f.write_str(".")?;
        let mut lead = " ";
        for clause in self.gap_clause().into_iter().chain(self.fill_clauses()) {
            write!(f, "{lead}{clause}")?;
            lead = "; ";
        }
        if lead == " " {
            Ok(())
        } else {
            f.write_str(".")
        }
    }
}

impl RegulariseReport {
    fn gap_clause(&self) -> Option<String> {
        let (count, first) = (self.gaps.count, self.gaps.first?);
        Some(match self.widest_gap {
            _ if count == 1 => format!("1 bucket inside is empty, at {first}"),
            Some(gap) if gap.buckets == count => {
                format!("{count} buckets inside are empty, in a row {gap}")
            }
            Some(gap) if gap.buckets > 1 => format!(
                "{count} buckets inside are empty, first at {first}, {} of them in a row {gap}",
                gap.buckets
            ),
            _ => format!("{count} buckets inside are empty, first at {first}"),
        })
    }

    fn fill_clauses(&self) -> impl Iterator<Item = String> {
        let Filled {
            zero,
            carried,
            interpolated,
        } = self.filled;
        [
            (zero, "filled with 0"),
            (carried, "filled with the value before"),
            (interpolated, "interpolated for later ones"),
        ]
        .into_iter()
        .filter_map(|(Tally { count, first }, how)| {
            let first = first?;
            Some(match count {
                1 => format!("1 bucket is {how}, at {first}"),
                _ => format!("{count} buckets are {how}, first at {first}"),
            })
        })
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "from {} to {}",
            self.interval.start(),
            self.interval.end()
        )
    }
}
