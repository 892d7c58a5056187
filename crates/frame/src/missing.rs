//! What stands in for values that are missing.
//!
//! ```text
//! zero          y_t = 0                                               from the first row with a value on
//! carry         y_t = y_p                                             where t − p ≤ limit
//! interpolate   ỹ_t = y_p + (y_q − y_p) · (s_t − s_p) / (s_q − s_p)   where q − p − 1 ≤ limit
//! ```
//!
//! p and q are the nearest buckets before and after t with a measurement, and s is the start of a
//! bucket. Zero and carry are known when bucket t completes: they are values, judged like others.
//! What is interpolated is known only when bucket q completes. It is kept [beside the
//! values](Fill), and is history for buckets after q alone.
//!
//! A value outside the declared range is no measurement: nothing is carried or interpolated from
//! it, and it stays what it is. Nothing stands in for a bucket without length, a date that clocks
//! skip; nor for one of which the data hold only a part, or whose aggregate overflows.

use std::fmt;
use std::ops::Range;

use crate::regularise::Gridded;
use crate::{FrameError, Instant, Interval, Metric, RegulariseReport, TimeAxis};

/// What becomes of buckets without a value.
///
/// A limit counts buckets of the grid that is asked for, whatever its granularity; one of 0 fills
/// nothing, and so is the same as [`Leave`](Self::Leave).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Missing {
    /// They stay missing.
    #[default]
    Leave,
    /// They are 0 from the first row of the slice that carries a value, to the end of the grid
    /// and beyond the data: of what is counted, nothing is a number. Before that row they stay
    /// missing.
    Zero,
    /// They repeat the last measurement, up to `limit` buckets after it.
    Carry {
        /// The most buckets that repeat one value.
        limit: u32,
    },
    /// A gap of up to `limit` buckets between two measurements is filled linearly, by time, for
    /// the use of buckets after the second; in the gap itself the verdict stays *missing*. Longer
    /// gaps stay empty.
    Interpolate {
        /// The most buckets of a gap that is filled.
        limit: u32,
    },
}

/// `leave`, `zero`, `carry 3` or `interpolate 3`.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leave => f.pad("leave"),
            Self::Zero => f.pad("zero"),
            Self::Carry { limit } => write!(f, "carry {limit}"),
            Self::Interpolate { limit } => write!(f, "interpolate {limit}"),
        }
    }
}

/// Values for a gap that became known after it: history for later buckets, never judged.
///
/// See [`Series::with_fills`](crate::Series::with_fills).
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    first: usize,
    values: Vec<f64>,
    known_from: usize,
    made_from: Interval,
}

impl Fill {
    /// `values` for the buckets from `first` on, NaN where there is none. The first bucket that may
    /// use them is `known_from`: the one after the sample that ends the gap. `made_from` are the
    /// instants of everything they were made from, both samples included; where a mask hides any
    /// of it, it hides the fill.
    pub fn new(first: usize, values: Vec<f64>, known_from: usize, made_from: Interval) -> Self {
        Self {
            first,
            values,
            known_from,
            made_from,
        }
    }

    /// The buckets that are filled.
    pub fn buckets(&self) -> Range<usize> {
        self.first..self.first.saturating_add(self.values.len())
    }

    /// One value for each of its buckets, NaN where there is none.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The first bucket that may use it.
    pub fn known_from(&self) -> usize {
        self.known_from
    }

    /// From the start of the sample before the gap to the end of the one after it.
    pub fn made_from(&self) -> Interval {
        self.made_from
    }

    /// Gives every zero one sign, as a series does.
    pub(crate) fn with_one_zero(mut self) -> Self {
        self.values.iter_mut().for_each(|value| *value += 0.0);
        self
    }

    /// What is wrong with it on an axis of `buckets`, after the fill `before`.
    pub(crate) fn problem(&self, before: Option<&Self>, buckets: usize) -> Option<&'static str> {
        let range = self.buckets();
        if range.is_empty() || range.end > buckets {
            Some("does not lie on the axis")
        } else if before.is_some_and(|before| before.buckets().end > range.start) {
            Some("starts before the one before it ends")
        } else if self.known_from <= range.end {
            Some("is known before the sample after it")
        } else if before.is_some_and(|before| before.known_from > self.known_from) {
            Some("is known before the one before it")
        } else if self.values.iter().any(|value| value.is_infinite()) {
            Some("holds an infinite value")
        } else {
            None
        }
    }
}

/// The rows of a slice that lie before a grid.
pub(crate) trait Earlier {
    /// The stamp of the latest row with a finite value before `at`.
    fn latest_before(&self, at: Instant) -> Option<Instant>;

    /// The finite values of the rows in `bucket`, in order of time, then of input; none where the
    /// data hold only a part of the bucket.
    fn values_in(&self, bucket: Interval) -> Vec<f64>;
}

/// A measurement: its bucket, negative before the axis.
#[derive(Debug, Clone, Copy)]
struct Sample {
    position: i64,
    start: Instant,
    value: f64,
}

/// Puts in what stands in for the missing values of `grid`; what may only be used later comes
/// back.
pub(crate) fn stand_in(
    grid: &mut Gridded<'_>,
    metric: &Metric,
    earlier: &dyn Earlier,
    report: &mut RegulariseReport,
) -> Result<Vec<Fill>, FrameError> {
    match metric.missing() {
        Missing::Leave => {}
        Missing::Zero => zero(grid, earlier, report),
        Missing::Carry { limit } => {
            let last = last_sample(grid.axis, metric, earlier, limit)?;
            carry(grid, metric, last, limit, report);
        }
        Missing::Interpolate { limit } => {
            let last = last_sample(grid.axis, metric, earlier, limit)?;
            return Ok(interpolate(grid, metric, last, limit, report));
        }
    }
    Ok(Vec::new())
}

fn zero(grid: &mut Gridded<'_>, earlier: &dyn Earlier, report: &mut RegulariseReport) {
    let begun = match earlier.latest_before(grid.axis.span().start()) {
        Some(_) => Some(0),
        None => grid.begun,
    };
    for i in begun.unwrap_or(grid.values.len())..grid.values.len() {
        if grid.values[i].is_nan() && grid.may_fill(i) {
            grid.values[i] = 0.0;
            report.filled.zero.add(grid.axis.start(i));
        }
    }
}

fn carry(
    grid: &mut Gridded<'_>,
    metric: &Metric,
    mut last: Option<Sample>,
    limit: u32,
    report: &mut RegulariseReport,
) {
    for i in 0..grid.values.len() {
        let (position, value) = (position(i), grid.values[i]);
        if metric.measures(value) {
            last = Some(Sample {
                position,
                start: grid.axis.start(i),
                value,
            });
        } else if let Some(last) = last
            && value.is_nan()
            && position - last.position <= i64::from(limit)
            && grid.may_fill(i)
        {
            grid.values[i] = last.value;
            report.filled.carried.add(grid.axis.start(i));
        }
    }
}

fn interpolate(
    grid: &Gridded<'_>,
    metric: &Metric,
    mut last: Option<Sample>,
    limit: u32,
    report: &mut RegulariseReport,
) -> Vec<Fill> {
    let axis = grid.axis;
    let mut fills = Vec::new();
    for (i, &value) in grid.values.iter().enumerate() {
        if !metric.measures(value) {
            continue;
        }
        let here = Sample {
            position: position(i),
            start: axis.start(i),
            value,
        };
        let Some(before) = last.replace(here) else {
            continue;
        };
        let gap = here.position - before.position - 1;
        let known_from = i + 1;
        // Known after the last bucket, it is of no use to any.
        if gap == 0 || gap > i64::from(limit) || known_from >= axis.len() {
            continue;
        }
        let first = usize::try_from(before.position + 1).unwrap_or(0);
        let values: Vec<f64> = (first..i)
            .map(|at| match grid.may_fill(at) {
                true => between(before, here, axis.start(at)),
                false => f64::NAN,
            })
            .collect();
        for (at, _) in (first..).zip(&values).filter(|(_, value)| !value.is_nan()) {
            report.filled.interpolated.add(axis.start(at));
        }
        if values.iter().any(|value| !value.is_nan()) {
            let made_from = Interval::new(before.start, axis.end(i))
                .expect("invariant: buckets come in order of time");
            fills.push(Fill::new(first, values, known_from, made_from));
        }
    }
    fills
}

/// The line through two samples at the instant `at`; NaN where it overflows.
fn between(before: Sample, after: Sample, at: Instant) -> f64 {
    let since = |start: Instant| (start.millis() - before.start.millis()) as f64;
    let value = before.value + (after.value - before.value) * (since(at) / since(after.start));
    if value.is_finite() { value } else { f64::NAN }
}

/// The last measurement before the axis, if it lies at most `limit` buckets before the first.
fn last_sample(
    axis: &TimeAxis,
    metric: &Metric,
    earlier: &dyn Earlier,
    limit: u32,
) -> Result<Option<Sample>, FrameError> {
    let mut until = axis.span().start();
    while let Some(at) = earlier.latest_before(until) {
        let after = Instant::from_millis(at.millis() + 1)?;
        let around =
            TimeAxis::covering(axis.granularity(), axis.zone(), Interval::new(at, after)?)?;
        let position = around.ordinal() - axis.ordinal();
        if -position > i64::from(limit) {
            break;
        }
        let bucket = around.span();
        let value = metric.aggregation().of_rows(earlier.values_in(bucket));
        if value.is_finite() && metric.measures(value) {
            return Ok(Some(Sample {
                position,
                start: bucket.start(),
                value,
            }));
        }
        until = bucket.start();
    }
    Ok(None)
}

fn position(i: usize) -> i64 {
    i64::try_from(i).expect("invariant: an axis has fewer than 2⁶³ buckets")
}
