//! From rows to a grid: sorted, merged, counted, and filled in where a policy says so.
//!
//! ```text
//! value of a bucket = aggregation of its rows that carry a value, in order of time, then of input
//! ```
//!
//! A bucket without such a row is missing. Infinite values carry none; neither does an overflow
//! of the aggregation itself. What becomes of missing values is the metric's [`Missing`]: what is
//! known when a bucket completes is written into the values, the rest is kept as [`Fill`]s beside
//! them.
//!
//! [`Missing`]: crate::Missing
//! [`Fill`]: crate::Fill

mod report;

use crate::aggregation::RowFold;
use crate::missing::{Earlier, stand_in};
use crate::{Aggregation, Fetched, FrameError, Instant, Interval, Metric, Series, TimeAxis};

pub use report::{Filled, Gap, RegulariseReport, Tally};

/// Rows on a grid, before anything stands in for what is missing.
#[derive(Debug)]
pub(crate) struct Gridded<'a> {
    pub(crate) axis: &'a TimeAxis,
    /// One for each bucket, NaN where missing.
    pub(crate) values: Vec<f64>,
    /// The first bucket with a row that carries a value.
    pub(crate) begun: Option<usize>,
    /// Buckets, in order, that have rows and still no value.
    withheld: Vec<usize>,
}

impl<'a> Gridded<'a> {
    /// Puts `rows`, in order of time, then of input, onto `axis`.
    pub(crate) fn new(
        rows: impl Iterator<Item = (Instant, f64)>,
        axis: &'a TimeAxis,
        aggregation: Aggregation,
        report: &mut RegulariseReport,
    ) -> Self {
        let mut grid = Self {
            axis,
            values: vec![f64::NAN; axis.len()],
            begun: None,
            withheld: Vec::new(),
        };
        let mut cursor = Cursor::new(axis);
        let mut fold = RowFold::new(aggregation);
        let mut open = None;
        for (at, mut value) in rows {
            report.rows += 1;
            let Some(bucket) = cursor.index_of(at) else {
                report.outside.add(at);
                continue;
            };
            if value.is_nan() {
                report.empty.add(at);
            } else if value.is_infinite() {
                report.infinite.add(at);
                value = f64::NAN;
            } else if grid.begun.is_none() {
                grid.begun = Some(bucket);
            }
            if let Some(done) = open.replace(bucket)
                && done != bucket
            {
                grid.close(done, fold.take(), report);
            }
            fold.push(value);
        }
        if let Some(done) = open {
            grid.close(done, fold.take(), report);
        }
        grid
    }

    fn close(&mut self, bucket: usize, value: f64, report: &mut RegulariseReport) {
        if value.is_infinite() {
            report.infinite.add(self.axis.start(bucket));
            self.withhold(bucket);
        } else {
            self.values[bucket] = value;
        }
    }

    /// Makes a bucket missing for good: nothing stands in for it.
    pub(crate) fn withhold(&mut self, bucket: usize) {
        self.values[bucket] = f64::NAN;
        if let Err(at) = self.withheld.binary_search(&bucket) {
            self.withheld.insert(at, bucket);
        }
    }

    /// Whether something may stand in for bucket `i`: a date that clocks skip, a bucket without
    /// length, has nothing to be missed.
    pub(crate) fn may_fill(&self, i: usize) -> bool {
        self.withheld.binary_search(&i).is_err() && !self.axis.bucket(i).is_empty()
    }

    /// The series of `metric`, filled in by its policy; `earlier` are the slice's rows before the
    /// axis.
    pub(crate) fn finish(
        mut self,
        metric: &Metric,
        earlier: &dyn Earlier,
        report: &mut RegulariseReport,
    ) -> Result<Series, FrameError> {
        report.count_buckets(&self.values, self.axis, metric);
        let fills = stand_in(&mut self, metric, earlier, report)?;
        let series = Series::new(self.axis.clone(), self.values)?.with_fills(fills)?;
        Ok(match metric.range() {
            Some(range) => series.with_range(range),
            None => series,
        })
    }
}

/// Finds buckets for instants that mostly move on in small steps.
pub(crate) struct Cursor<'a> {
    axis: &'a TimeAxis,
    /// The bucket of the last answer, with its ends.
    last: Option<(usize, Instant, Instant)>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(axis: &'a TimeAxis) -> Self {
        Self { axis, last: None }
    }

    pub(crate) fn index_of(&mut self, at: Instant) -> Option<usize> {
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
    let rows = sorted(rows);
    let mut report = RegulariseReport::default();
    let grid = gridded(&rows, axis, aggregation, &mut report);
    report.count_buckets(&grid.values, axis, &Metric::new(""));
    (grid.values, report)
}

/// The series of `metric` on `axis`, by its aggregation, range and policy for missing values.
///
/// `rows` are those of one series in the order of the input; NaN is a row without a value. Those
/// before the axis count where a policy looks back, so the answer for a bucket is the same on
/// every axis that has it, as long as the rows are the same.
///
/// ```
/// use tuatara_frame::{Granularity, Interval, Metric, Missing, TimeAxis, Zone, regularise_metric};
///
/// let at = |text: &str| text.parse::<tuatara_frame::Instant>();
/// let days = Interval::new(at("2024-05-01T00:00:00Z")?, at("2024-05-05T00:00:00Z")?)?;
/// let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, days)?;
/// let rows = [(at("2024-05-01T00:00:00Z")?, 1.0), (at("2024-05-03T00:00:00Z")?, 5.0)];
///
/// let signups = Metric::new("signups").with_missing(Missing::Zero);
/// let counted = regularise_metric(rows, &axis, &signups)?;
/// assert_eq!(counted.series.values(), [1.0, 0.0, 5.0, 0.0]);
///
/// let level = Metric::new("level").with_missing(Missing::Interpolate { limit: 1 });
/// let measured = regularise_metric(rows, &axis, &level)?;
/// let view = measured.series.view();
/// assert!(view.values()[1].is_nan(), "it is not judged");
/// assert!(view.history(1, 2).is_nan(), "nor known while the gap ends");
/// assert_eq!(view.history(1, 3), 3.0);
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
///
/// # Errors
/// [`FrameError::AxisRange`] when a bucket that holds an earlier row would start before the year 1.
pub fn regularise_metric(
    rows: impl IntoIterator<Item = (Instant, f64)>,
    axis: &TimeAxis,
    metric: &Metric,
) -> Result<Fetched, FrameError> {
    let rows = sorted(rows);
    let mut report = RegulariseReport::default();
    let grid = gridded(&rows, axis, metric.aggregation(), &mut report);
    let series = grid.finish(metric, &Rows(&rows), &mut report)?;
    Ok(Fetched { series, report })
}

/// Rows with their numbers in the input, in order of time, then of input.
fn sorted(rows: impl IntoIterator<Item = (Instant, f64)>) -> Vec<(usize, Instant, f64)> {
    let mut rows: Vec<(usize, Instant, f64)> = rows
        .into_iter()
        .enumerate()
        .map(|(input, (at, value))| (input, at, value))
        .collect();
    // Stable, so rows of one instant stay in the order of the input.
    rows.sort_by_key(|&(_, at, _)| at);
    rows
}

fn gridded<'a>(
    rows: &[(usize, Instant, f64)],
    axis: &'a TimeAxis,
    aggregation: Aggregation,
    report: &mut RegulariseReport,
) -> Gridded<'a> {
    report.count_rows(rows.iter().map(|&(input, at, _)| (input, at)), axis);
    let rows = rows.iter().map(|&(_, at, value)| (at, value));
    Gridded::new(rows, axis, aggregation, report)
}

/// The rows of one series, sorted.
#[derive(Debug)]
struct Rows<'a>(&'a [(usize, Instant, f64)]);

impl Rows<'_> {
    /// How many lie before `instant`.
    fn before(&self, instant: Instant) -> usize {
        self.0.partition_point(|&(_, at, _)| at < instant)
    }
}

impl Earlier for Rows<'_> {
    fn latest_before(&self, instant: Instant) -> Option<Instant> {
        let mut rows = self.0[..self.before(instant)].iter().rev();
        rows.find(|(_, _, value)| value.is_finite())
            .map(|&(_, at, _)| at)
    }

    fn values_in(&self, bucket: Interval) -> Vec<f64> {
        let rows = self.before(bucket.start())..self.before(bucket.end());
        let values = self.0[rows].iter().map(|&(_, _, value)| value);
        values.filter(|value| value.is_finite()).collect()
    }
}
