//! What decides whether an anomaly is worth reporting.

use std::ops::Range;

use tuatara_frame::{Aggregation, BucketFold, Instant, SeriesView, SliceKey, TimeAxis};

use crate::{Anomaly, FilterError, Judgement, Lookback, Memo};

/// What a filter needs to be shown beside the anomaly; the host fetches it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    lookback: Lookback,
    others: Vec<OtherSlice>,
}

/// A series beside the anomaly's own that a filter wants to see: the total of a site, say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OtherSlice {
    /// The dataset it is in; that of the detection by default.
    pub dataset: Option<String>,
    /// The metric, and the rows that count.
    pub slice: SliceKey,
}

impl Needs {
    /// Nothing but the anomaly.
    pub const NOTHING: Self = Self {
        lookback: Lookback::NONE,
        others: Vec::new(),
    };

    /// The anomaly's own series, from `lookback` before the anomaly's start.
    pub const fn history(lookback: Lookback) -> Self {
        Self {
            lookback,
            others: Vec::new(),
        }
    }

    /// One more series on the same buckets, with the same history; see [`Evidence::other`].
    #[must_use]
    pub fn with_other(mut self, other: OtherSlice) -> Self {
        self.others.push(other);
        self
    }

    /// Buckets before the start of the anomaly.
    pub const fn lookback(&self) -> Lookback {
        self.lookback
    }

    /// The series beside the anomaly's own, in the order in which they were asked for.
    pub fn others(&self) -> &[OtherSlice] {
        &self.others
    }
}

/// A series beside the anomaly's own, on the same buckets.
#[derive(Debug, Clone, Copy)]
pub struct OtherSeries<'a> {
    series: SeriesView<'a>,
    aggregation: Aggregation,
}

impl<'a> OtherSeries<'a> {
    /// `series` has the buckets of the anomaly's own, and `aggregation` is how its metric folds
    /// over them.
    pub fn new(series: SeriesView<'a>, aggregation: Aggregation) -> Self {
        Self {
            series,
            aggregation,
        }
    }

    /// Its values.
    pub fn series(&self) -> SeriesView<'a> {
        self.series
    }

    /// How its metric folds.
    pub fn aggregation(&self) -> Aggregation {
        self.aggregation
    }

    /// Its metric over buckets, to be fed in time order.
    pub fn over_buckets(&self) -> BucketFold {
        self.aggregation.over_buckets()
    }

    /// The same with what is known when bucket `buckets - 1` completes, read by the clock of
    /// `axis` where that is another.
    #[must_use]
    pub fn known_until(self, buckets: usize, axis: Option<&'a TimeAxis>) -> Self {
        let known = self.series.known_until(buckets);
        Self {
            series: axis.map_or(known, |axis| known.with_axis(axis)),
            ..self
        }
    }
}

/// What a filter is shown: the anomaly's own series as of one bucket. What lies after that bucket
/// is not in it.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    series: SeriesView<'a>,
    rows: Range<usize>,
    as_of: Instant,
    aggregation: Aggregation,
    others: Vec<OtherSeries<'a>>,
}

impl<'a> Evidence<'a> {
    /// `rows` are the buckets of the anomaly on the axis of `series`; `as_of` is the end of the
    /// bucket at which it is judged. What lies after is not known yet: `series` ends there, as
    /// [`SeriesView::known_until`] makes it. `aggregation` is how the metric folds over buckets.
    pub fn new(
        series: SeriesView<'a>,
        rows: Range<usize>,
        as_of: Instant,
        aggregation: Aggregation,
    ) -> Self {
        Self {
            series,
            rows,
            as_of,
            aggregation,
            others: Vec::new(),
        }
    }

    /// Adds the series that the filter [asked for](Needs::others), in that order, as of the same
    /// bucket.
    #[must_use]
    pub fn with_others(mut self, others: impl IntoIterator<Item = OtherSeries<'a>>) -> Self {
        self.others = others.into_iter().collect();
        self
    }

    /// The series that was asked for at position `at`.
    ///
    /// # Panics
    /// When the filter did not ask for as many: the host gives what [`Filter::needs`] names.
    pub fn other(&self, at: usize) -> OtherSeries<'a> {
        self.others[at]
    }

    /// The anomaly's own series: at least from the filter's lookback before the anomaly's start.
    pub fn series(&self) -> SeriesView<'a> {
        self.series
    }

    /// The buckets of the anomaly on the axis of [`series`](Self::series).
    pub fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    /// The end of the bucket at which the anomaly is judged.
    pub fn as_of(&self) -> Instant {
        self.as_of
    }

    /// How the metric folds.
    pub fn aggregation(&self) -> Aggregation {
        self.aggregation
    }

    /// The metric over buckets, to be fed in time order.
    pub fn over_buckets(&self) -> BucketFold {
        self.aggregation.over_buckets()
    }
}

/// Decides whether an anomaly is worth reporting, as of each bucket in which it grows.
///
/// A filter is a pure function of the anomaly and of the complete buckets of its series up to
/// `as_of`; it never sees the finished anomaly before it has finished.
pub trait Filter: std::fmt::Debug + Send + Sync {
    /// What is to be shown to [`judge`](Self::judge) for anomalies of `slice` on `axis`.
    ///
    /// # Errors
    /// When the filter does not fit the granularity of `axis`.
    fn needs(&self, slice: &SliceKey, axis: &TimeAxis) -> Result<Needs, FilterError>;

    /// Keep the anomaly, or drop it, and by which number.
    ///
    /// An anomaly is judged at each bucket in which it grows. `memo` is this filter's own, for one
    /// fold over one series, so that sums over a long anomaly need not be made again from its
    /// start; it may make an answer faster and never changes it.
    ///
    /// # Errors
    /// When the request cannot be meant. Missing data is no error: it gets a judgement.
    fn judge(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        memo: &mut Memo,
    ) -> Result<Judgement, FilterError>;

    /// Every setting, as text, as of a [detector](crate::Detector::settings): two filters of one text
    /// ask for the same and judge alike.
    fn settings(&self) -> Option<String> {
        None
    }
}
