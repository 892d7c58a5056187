//! A frame as a source: slices found by their dimensions, rows put onto the grid asked for.

use std::collections::BTreeSet;

use super::{Dimension, Frame};
use crate::missing::Earlier;
use crate::regularise::Gridded;
use crate::{
    Exploration, Fetched, FrameError, Instant, Interval, Metric, Missing, Profile,
    RegulariseReport, SliceKey, SliceRequest, Source, TimeAxis, closest,
};

/// The longest series, 2 GiB: what is longer was asked for by mistake.
const MOST_BUCKETS: usize = 1 << 28;

/// An exploration with its names looked up.
pub(super) struct Explored {
    /// The metric, with the filters on dimensions that are not taken apart.
    base: SliceKey,
    /// The numbers of the dimensions to take apart.
    dimensions: Vec<usize>,
    /// The combinations that the filters leave, in order.
    pub(super) combinations: Vec<u32>,
}

impl Explored {
    /// The slice that a combination belongs to.
    pub(super) fn key(&self, frame: &Frame, combination: u32) -> SliceKey {
        let codes = frame.combinations.codes(combination);
        self.dimensions.iter().fold(self.base.clone(), |key, &d| {
            let dimension = &frame.dimensions[d];
            key.with(&dimension.name, &dimension.values[codes[d] as usize])
        })
    }

    /// All slices, in order.
    pub(super) fn keys(&self, frame: &Frame) -> Vec<SliceKey> {
        let keys: BTreeSet<SliceKey> = self
            .combinations
            .iter()
            .map(|&combination| self.key(frame, combination))
            .collect();
        keys.into_iter().collect()
    }
}

impl Frame {
    fn metric_number(&self, name: &str) -> Result<usize, FrameError> {
        self.metrics
            .iter()
            .position(|metric| metric.name() == name)
            .ok_or_else(|| {
                let known = || self.metrics.iter().map(Metric::name);
                FrameError::UnknownMetric {
                    dataset: self.name.clone(),
                    metric: name.to_owned(),
                    known: known().map(ToOwned::to_owned).collect(),
                    suggestion: closest(name, known()).map(ToOwned::to_owned),
                }
            })
    }

    fn dimension_number(&self, name: &str) -> Result<usize, FrameError> {
        self.dimensions
            .iter()
            .position(|dimension| dimension.name == name)
            .ok_or_else(|| FrameError::UnknownDimension {
                dataset: self.name.clone(),
                dimension: name.to_owned(),
                known: self.dimension_names().map(ToOwned::to_owned).collect(),
                suggestion: closest(name, self.dimension_names()).map(ToOwned::to_owned),
            })
    }

    fn code(&self, dimension: &Dimension, value: &str) -> Result<usize, FrameError> {
        let known = |code: &u32| dimension.values[*code as usize].as_str();
        dimension
            .by_value
            .binary_search_by_key(&value, known)
            .map(|at| dimension.by_value[at] as usize)
            .map_err(|_| FrameError::UnknownValue {
                dataset: self.name.clone(),
                dimension: dimension.name.clone(),
                value: value.to_owned(),
                count: dimension.values.len(),
                suggestion: closest(value, dimension.values.iter().map(String::as_str))
                    .map(ToOwned::to_owned),
            })
    }

    /// The combinations that `slice` lets through, in order.
    fn matching(&self, slice: &SliceKey) -> Result<Vec<u32>, FrameError> {
        let mut filters = Vec::new();
        for (name, values) in slice.dimensions() {
            let number = self.dimension_number(name)?;
            let dimension = &self.dimensions[number];
            let codes = values.iter().map(|value| self.code(dimension, value));
            let codes = codes.collect::<Result<Vec<usize>, FrameError>>()?;
            let candidates: usize = codes.iter().map(|&c| dimension.combinations[c].len()).sum();
            filters.push((candidates, number, codes));
        }
        // The filter with the fewest candidates offers them, the others only check.
        filters.sort_unstable_by_key(|&(candidates, number, _)| (candidates, number));
        let Some(((_, number, codes), others)) = filters.split_first() else {
            return Ok((0..).take(self.combinations.len()).collect());
        };
        let offered = codes
            .iter()
            .flat_map(|&code| &self.dimensions[*number].combinations[code]);
        let mut found: Vec<u32> = offered
            .copied()
            .filter(|&combination| {
                let has = self.combinations.codes(combination);
                others
                    .iter()
                    .all(|(_, d, allowed)| allowed.contains(&(has[*d] as usize)))
            })
            .collect();
        found.sort_unstable();
        if found.is_empty() {
            return Err(FrameError::EmptySlice {
                dataset: self.name.clone(),
                slice: slice.clone(),
            });
        }
        Ok(found)
    }

    pub(super) fn explored(&self, exploration: &Exploration) -> Result<Explored, FrameError> {
        self.metric_number(&exploration.metric)?;
        let filter = |keep: &dyn Fn(&String) -> bool| {
            let kept = exploration.filters.iter().filter(|(name, _)| keep(name));
            kept.fold(SliceKey::new(&exploration.metric), |key, (name, values)| {
                key.with_any(name, values)
            })
        };
        let combinations = self.matching(&filter(&|_| true))?;
        let numbers = exploration
            .dimensions
            .iter()
            .map(|name| self.dimension_number(name));
        Ok(Explored {
            base: filter(&|name| !exploration.dimensions.contains(name)),
            dimensions: numbers.collect::<Result<_, _>>()?,
            combinations,
        })
    }

    /// The rows of a combination whose stamps lie in `interval`, in order of time, then of input.
    fn rows_within(&self, combination: u32, interval: Interval) -> &[usize] {
        let rows = self.combinations.rows(combination);
        let start = rows.partition_point(|&row| self.times[row] < interval.start());
        let end = rows.partition_point(|&row| self.times[row] < interval.end());
        &rows[start..end]
    }

    /// The rows of several combinations, merged in order of time, then of input.
    fn merged_rows(&self, combinations: &[u32], interval: Interval) -> Vec<usize> {
        let runs = combinations.iter().map(|&c| self.rows_within(c, interval));
        let mut rows = runs.collect::<Vec<_>>().concat();
        if combinations.len() > 1 {
            // Stable sorting is fast on the sorted runs that this is made of.
            rows.sort_by_key(|&row| (self.times[row], row));
        }
        rows
    }

    /// Whether the data begin inside `bucket`: six days of a week would pass for a weak week, and be
    /// what the next is compared with.
    ///
    /// Where they end says nothing: rows may come, or have stopped coming. A run judges a bucket
    /// only when its time is over, and then by what is there.
    fn cuts(&self, bucket: Interval) -> bool {
        self.extent
            .is_some_and(|extent| bucket.start() < extent.start() && extent.start() < bucket.end())
    }
}

/// The rows of a slice, to look back at from a grid.
#[derive(Debug)]
struct SliceRows<'a> {
    frame: &'a Frame,
    combinations: &'a [u32],
    column: &'a [f64],
    /// Whether the grid is coarser than the data, so that these may begin in a bucket.
    coarser: bool,
}

impl Earlier for SliceRows<'_> {
    fn latest_before(&self, at: Instant) -> Option<Instant> {
        let times = &self.frame.times;
        let latest = |&combination: &u32| {
            let rows = self.frame.combinations.rows(combination);
            let rows = &rows[..rows.partition_point(|&row| times[row] < at)];
            let last = rows.iter().rev().find(|&&row| self.column[row].is_finite());
            last.map(|&row| times[row])
        };
        self.combinations.iter().filter_map(latest).max()
    }

    fn values_in(&self, bucket: Interval) -> Vec<f64> {
        if self.coarser && self.frame.cuts(bucket) {
            return Vec::new();
        }
        let rows = self.frame.merged_rows(self.combinations, bucket);
        let values = rows.iter().map(|&row| self.column[row]);
        values.filter(|value| value.is_finite()).collect()
    }
}

impl Source for Frame {
    fn profile(&self, metric: &str) -> Result<Profile, FrameError> {
        let number = self.metric_number(metric)?;
        let extent = self.extent.ok_or_else(|| FrameError::NoRows {
            dataset: self.name.clone(),
        })?;
        Ok(Profile {
            extent,
            granularity: self.granularity,
            zone: self.zone,
            evidence: self.evidence.clone(),
            metric: self.metrics[number].clone(),
            completeness_delay: self.completeness_delay,
        })
    }

    /// Rows outside the axis are not looked at, so the report counts none. What is out of order
    /// or merged is counted within each combination of dimension values and each bucket of the
    /// native granularity: that rows of many countries or hours make one total is no defect. On
    /// a coarser grid, the bucket in which the data begin is missing unless it is there in full,
    /// and nothing stands in for it.
    ///
    /// A policy for missing values looks at the slice's rows before the axis, too: what a bucket
    /// gets does not depend on where the axis begins or ends.
    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError> {
        let SliceRequest { slice, axis } = request;
        let number = self.metric_number(slice.metric())?;
        let combinations = self.matching(slice)?;
        let requested = axis.granularity();
        if requested.nominal() < self.granularity.nominal() {
            return Err(FrameError::TooFine {
                dataset: self.name.clone(),
                requested,
                native: self.granularity,
            });
        }
        let coarser = requested.nominal() > self.granularity.nominal();
        if coarser && !self.granularity.divides(requested) {
            return Err(FrameError::Uneven {
                dataset: self.name.clone(),
                requested,
                native: self.granularity,
            });
        }
        if axis.len() > MOST_BUCKETS {
            return Err(FrameError::TooManyBuckets {
                granularity: requested,
                buckets: axis.len(),
                most: MOST_BUCKETS,
            });
        }
        let (metric, column) = (&self.metrics[number], &self.columns[number]);
        let span = axis.span();
        let native = if requested.nominal() == self.granularity.nominal() {
            axis.clone()
        } else {
            TimeAxis::covering(self.granularity, self.zone, span)?
        };
        let mut report = RegulariseReport::default();
        for &combination in &combinations {
            let rows = self.rows_within(combination, span);
            report.count_rows(rows.iter().map(|&row| (row, self.times[row])), &native);
        }
        let rows = self.merged_rows(&combinations, span);
        let rows = rows.iter().map(|&row| (self.times[row], column[row]));
        let mut grid = Gridded::new(rows, axis, metric.aggregation(), &mut report);
        if coarser && let Some(extent) = self.extent {
            let ends = [extent.start(), extent.end()];
            for i in ends.into_iter().filter_map(|cut| axis.index_of(cut)) {
                if self.cuts(axis.bucket(i)) {
                    grid.withhold(i);
                }
            }
        }
        let earlier = SliceRows {
            frame: self,
            combinations: &combinations,
            column,
            coarser,
        };
        let series = grid.finish(metric, &earlier, &mut report)?;
        Ok(Fetched { series, report })
    }

    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError> {
        Ok(self.explored(exploration)?.keys(self))
    }

    /// Where nothing stands in for missing values but 0, an interval without a value is 0 from
    /// the slice's first value on. The other policies count buckets of a grid, which a single
    /// interval has not got: without a value it stays NaN.
    fn aggregate(&self, slice: &SliceKey, interval: Interval) -> Result<f64, FrameError> {
        let number = self.metric_number(slice.metric())?;
        let combinations = self.matching(slice)?;
        let (metric, column) = (&self.metrics[number], &self.columns[number]);
        let rows = SliceRows {
            frame: self,
            combinations: &combinations,
            column,
            coarser: false,
        };
        let values = rows.values_in(interval);
        let begun = || rows.latest_before(interval.start()).is_some();
        let nothing = values.is_empty() && !interval.is_empty();
        if nothing && metric.missing() == Missing::Zero && begun() {
            return Ok(0.0);
        }
        let aggregate = metric.aggregation().of_rows(values);
        Ok(if aggregate.is_finite() {
            aggregate
        } else {
            f64::NAN
        })
    }

    fn fingerprint(&self) -> Option<u128> {
        Some(*self.fingerprint.get_or_init(|| self.compute_fingerprint()))
    }
}
