//! The door to data.

use std::fmt::Debug;

use crate::{
    Duration, Exploration, FrameError, Granularity, Interval, Metric, RegulariseReport, Series,
    SliceKey, SliceRequest, Zone,
};

/// Where series come from: a [`Frame`](crate::Frame) in memory, or a store of one's own.
///
/// One run reads one snapshot: as long as a source is borrowed, the same question gets the same
/// answer, to the bit. What cannot be answered is an error; nothing comes back silently empty.
pub trait Source: Debug + Sync {
    /// What the data of `metric` look like.
    ///
    /// # Errors
    /// [`FrameError::UnknownMetric`], and [`FrameError::NoRows`] where there is no time to span.
    fn profile(&self, metric: &str) -> Result<Profile, FrameError>;

    /// The series of one slice on the grid that was asked for. What it says of a bucket, values
    /// that [stand in](crate::Missing) for missing ones included, does not depend on where the
    /// grid begins or ends.
    ///
    /// # Errors
    /// For a metric, dimension or value that does not exist, and for a grid that is finer than
    /// the data.
    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError>;

    /// Every combination of the values of `exploration.dimensions` among the rows that its
    /// filters leave, in order. A filter on another dimension is kept in each key.
    ///
    /// # Errors
    /// For a metric, dimension or value that does not exist, and for filters that leave no row.
    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError>;

    /// One number for the rows of `slice` whose stamps lie in `interval`, by the aggregation of
    /// its metric; NaN where there is nothing.
    ///
    /// # Errors
    /// For a metric, dimension or value that does not exist.
    fn aggregate(&self, slice: &SliceKey, interval: Interval) -> Result<f64, FrameError>;

    /// Another dataset that can be asked beside this one: a filter may compare with it. `None`
    /// where there is none of that name.
    fn dataset(&self, _name: &str) -> Option<&dyn Source> {
        None
    }

    /// A name for the content, the same for the same content in every version of this crate;
    /// `None` where the source cannot tell.
    fn fingerprint(&self) -> Option<u128> {
        None
    }
}

/// What the data of one metric look like.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// From the start of the first stamp's bucket to the end of the last stamp's bucket.
    pub extent: Interval,
    /// The native granularity.
    pub granularity: Granularity,
    /// The zone of the dataset's local dates.
    pub zone: Zone,
    /// How the granularity was found, in words.
    pub evidence: String,
    /// The metric with its aggregation, its range and what stands in for missing values.
    pub metric: Metric,
    /// How long after its end a bucket may still get rows: until then it is incomplete.
    pub completeness_delay: Duration,
}

/// A series and what had to be done to get it.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The series.
    pub series: Series,
    /// How its rows came onto the grid.
    pub report: RegulariseReport,
}
