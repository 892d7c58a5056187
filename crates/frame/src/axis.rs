//! Complete grids of time.
//!
//! An axis is arithmetic: its granularity, zone, first bucket and length, and the clock changes
//! around its span. Nothing is stored per bucket, so a clone costs next to nothing.
//!
//! Buckets are numbered on an absolute grid, on which 1970-01-01 lies in bucket 0. A fixed step's
//! bucket k starts at `phase + k · step`. A civil step's bucket k is a local date, or several, and
//! starts at the first instant at which the local clock shows that date *or a later one*. Starts
//! therefore never fall; a date that a zone skipped altogether is a bucket of zero length; and
//! where a clock goes back across midnight, the repeated hour stays with the new date.

use std::fmt;
use std::sync::Arc;

use crate::calendar::{DAY, HOUR, Occurrence, Offsets, day_before, day_of};
use crate::granularity::Step;
use crate::{FrameError, Granularity, Instant, Interval, Lag, LagUnit, Zone};

/// How far before an axis the clock changes are found along with its own: lags of a year.
const LOOK_BACK: i64 = 370 * DAY;
/// Room on either side for labels, which lie up to a day from their instant.
pub(crate) const MARGIN: i64 = 2 * DAY;

/// A complete grid: every bucket of a granularity over a span, whether there are data or not.
///
/// ```
/// use tuatara_frame::{Granularity, Interval, Lag, LagUnit, TimeAxis, Zone};
///
/// let zone: Zone = "America/Los_Angeles".parse()?;
/// let span = Interval::new("2020-03-08T08:00:00Z".parse()?, "2020-03-09T07:00:00Z".parse()?)?;
/// let axis = TimeAxis::covering("PT1H".parse()?, zone, span)?;
/// assert_eq!(axis.len(), 23); // the clock jumps from 02:00 to 03:00
///
/// let day = Lag::new(1, LagUnit::Days)?;
/// assert_eq!(axis.lag(0, day), Some(-24)); // midnight to midnight
/// assert_eq!(axis.lag(2, day), Some(2 - 23)); // 03:00 to 03:00, which came 23 hours earlier
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Clone)]
pub struct TimeAxis {
    granularity: Granularity,
    zone: Zone,
    first: i64,
    len: usize,
    span: Interval,
    offsets: Arc<Offsets>,
}

impl TimeAxis {
    /// The buckets that `interval` touches: it is rounded outward. An empty interval gives an empty
    /// axis at the start of the bucket that holds it.
    ///
    /// # Errors
    /// [`FrameError::AxisRange`] when a bucket would leave the years 1 to 9999.
    pub fn covering(
        granularity: Granularity,
        zone: Zone,
        interval: Interval,
    ) -> Result<Self, FrameError> {
        let (start, end) = (interval.start().millis(), interval.end().millis());
        let around = |at: i64| {
            let offsets = Offsets::find(zone, at - MARGIN, at + MARGIN);
            ordinal_at(granularity.0, &offsets, at)
        };
        let first = around(start);
        let len = if interval.is_empty() {
            0
        } else {
            around(end - 1) - first + 1
        };
        Self::build(granularity, zone, first, len.unsigned_abs(), None)
    }

    /// The axis of `len` buckets from bucket `first`, with offsets found before if they suffice.
    fn build(
        granularity: Granularity,
        zone: Zone,
        first: i64,
        len: u64,
        offsets: Option<&Arc<Offsets>>,
    ) -> Result<Self, FrameError> {
        let refused = || FrameError::AxisRange {
            granularity,
            ordinal: first,
            buckets: len,
        };
        let after = first.checked_add_unsigned(len).ok_or_else(refused)?;
        let boundary = |ordinal| {
            let unknown = Offsets::find(zone, 0, 0);
            let start = start_of(granularity.0, &unknown, ordinal).ok_or_else(refused)?;
            Instant::from_millis(start).map_err(|_| refused())
        };
        let span = Interval::new(boundary(first)?, boundary(after)?)?;
        let (start, end) = (span.start().millis(), span.end().millis());
        let offsets = match offsets {
            Some(found) if found.covers(start - MARGIN, end + MARGIN) => Arc::clone(found),
            _ => Arc::new(Offsets::find(zone, start - LOOK_BACK, end + MARGIN)),
        };
        let len = usize::try_from(len).map_err(|_| refused())?;
        Ok(Self {
            granularity,
            zone,
            first,
            len,
            span,
            offsets,
        })
    }

    /// Number of buckets.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has no buckets.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The step between buckets.
    pub fn granularity(&self) -> Granularity {
        self.granularity
    }

    /// The zone of its local dates and of the wall clock under lags.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// From the start of the first bucket to the end of the last.
    pub fn span(&self) -> Interval {
        self.span
    }

    /// The number of bucket 0 on the absolute grid, on which 1970-01-01 lies in bucket 0.
    ///
    /// Two axes of one granularity and zone differ by the difference of their ordinals.
    pub fn ordinal(&self) -> i64 {
        self.first
    }

    /// The first instant of bucket `index`, from 0 to [`len`](Self::len), where the last bucket ends.
    ///
    /// # Panics
    /// When `index` is above [`len`](Self::len).
    pub fn start(&self, index: usize) -> Instant {
        Instant::from_millis(self.start_millis(index))
            .expect("invariant: an axis lies in the years 1 to 9999")
    }

    /// The first instant after bucket `index`.
    ///
    /// # Panics
    /// When `index` is not below [`len`](Self::len).
    pub fn end(&self, index: usize) -> Instant {
        assert!(
            index < self.len,
            "bucket {index} of an axis with {} buckets",
            self.len
        );
        self.start(index + 1)
    }

    /// The instants of bucket `index`; none of a date that the zone skipped.
    ///
    /// # Panics
    /// When `index` is not below [`len`](Self::len).
    pub fn bucket(&self, index: usize) -> Interval {
        Interval::new(self.start(index), self.end(index))
            .expect("invariant: bucket starts never fall")
    }

    /// The bucket that holds `instant`, if it lies on the axis; never one of zero length.
    pub fn index_of(&self, instant: Instant) -> Option<usize> {
        if !self.span.contains(instant) {
            return None;
        }
        let ordinal = ordinal_at(self.granularity.0, &self.offsets, instant.millis());
        usize::try_from(ordinal - self.first).ok()
    }

    /// The same axis with `buckets` more before the first.
    ///
    /// # Errors
    /// [`FrameError::AxisRange`] when it would start before the year 1.
    pub fn extended_back(&self, buckets: usize) -> Result<Self, FrameError> {
        let more = u64::try_from(buckets).unwrap_or(u64::MAX);
        let len = u64::try_from(self.len)
            .unwrap_or(u64::MAX)
            .saturating_add(more);
        let first = self
            .first
            .checked_sub_unsigned(more)
            .ok_or(FrameError::AxisRange {
                granularity: self.granularity,
                ordinal: self.first,
                buckets: len,
            })?;
        Self::build(self.granularity, self.zone, first, len, Some(&self.offsets))
    }

    /// The same grid under another wall clock, for lags in the zone of a rule.
    ///
    /// # Errors
    /// [`FrameError::CivilAxisZone`] for civil steps, whose buckets are dates of their own zone.
    pub fn with_zone(&self, zone: Zone) -> Result<Self, FrameError> {
        if zone == self.zone {
            return Ok(self.clone());
        }
        if self.granularity.is_civil() {
            return Err(FrameError::CivilAxisZone {
                granularity: self.granularity,
            });
        }
        let (start, end) = (self.span.start().millis(), self.span.end().millis());
        let offsets = Offsets::find(zone, start - LOOK_BACK, end + MARGIN);
        Ok(Self {
            zone,
            offsets: Arc::new(offsets),
            ..self.clone()
        })
    }

    /// The bucket that lies `lag` before bucket `index`, relative to this axis: negative before it,
    /// and always below `index`.
    ///
    /// - Hours are exact: the bucket that holds `start(index)` minus the hours.
    /// - On civil steps the other units move the bucket's first date, and mean the bucket that the
    ///   moved date belongs to. A day that the target month does not have is its last day.
    /// - On fixed steps they keep the wall clock: the local label of `start(index)`, its date moved.
    ///   A label that a clock change skipped is `None`. Of a label that comes twice, the one with the
    ///   offset of bucket `index` is taken, else the earlier one. A label off the grid means the
    ///   bucket that holds it.
    ///
    /// `None`, too, where the target would lie before the year 1.
    ///
    /// # Panics
    /// When `index` is above [`len`](Self::len).
    pub fn lag(&self, index: usize, lag: Lag) -> Option<i64> {
        self.lag_among(&self.offsets, index, lag)
    }

    /// [`lag`](Self::lag), looking the target up in `offsets` of this axis' zone.
    pub(crate) fn lag_among(&self, offsets: &Offsets, index: usize, lag: Lag) -> Option<i64> {
        let ordinal = self.ordinal_of_index(index);
        let step = self.granularity.0;
        let hours = i64::from(lag.count()) * HOUR;
        let target = match (step, lag.unit()) {
            (_, LagUnit::Hours) => {
                let at = self.start_millis(index).checked_sub(hours)?;
                ordinal_at(step, offsets, in_calendar(at)?)
            }
            (Step::Fixed { .. }, _) => {
                let start = self.start_millis(index);
                let offset = offsets.at(start);
                let at = wall_clock_before(offsets, start + offset, offset, lag)?;
                ordinal_at(step, offsets, at)
            }
            _ => {
                let day = day_before(step.first_day(ordinal)?, lag)?;
                in_calendar(day.checked_mul(DAY)?)?;
                step.ordinal_of_day(day)?
            }
        };
        debug_assert!(target < ordinal, "a lag leads back");
        Some(target - self.first)
    }

    /// The clock changes of its span and of the year before.
    pub(crate) fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    /// The absolute number of bucket `index`.
    pub(crate) fn ordinal_of_index(&self, index: usize) -> i64 {
        assert!(
            index <= self.len,
            "bucket {index} of an axis with {} buckets",
            self.len
        );
        self.first + i64::try_from(index).expect("invariant: an axis has fewer than 2⁶³ buckets")
    }

    /// The start of bucket `index` in milliseconds.
    pub(crate) fn start_millis(&self, index: usize) -> i64 {
        start_of(
            self.granularity.0,
            &self.offsets,
            self.ordinal_of_index(index),
        )
        .expect("invariant: an axis lies in the years 1 to 9999")
    }
}

/// The instant `lag` before the local `label`, which the clock shows at `offset`.
fn wall_clock_before(offsets: &Offsets, label: i64, offset: i64, lag: Lag) -> Option<i64> {
    let day = day_of(label);
    let label = day_before(day, lag)?
        .checked_mul(DAY)?
        .checked_add(label - day * DAY)?;
    match offsets.resolve(in_calendar(label)?) {
        Occurrence::Once(at) => Some(at),
        Occurrence::Twice { later, .. } if label - later == offset => Some(later),
        Occurrence::Twice { earlier, .. } => Some(earlier),
        Occurrence::Never { .. } => None,
    }
}

/// A moment or label that is not before the year 1.
fn in_calendar(millis: i64) -> Option<i64> {
    (millis >= Instant::MIN.millis()).then_some(millis)
}

/// The first moment of a bucket; `None` far outside the range of instants.
fn start_of(step: Step, offsets: &Offsets, ordinal: i64) -> Option<i64> {
    if let Step::Fixed { step, phase } = step {
        return ordinal.checked_mul(step)?.checked_add(phase);
    }
    let label = step.first_day(ordinal)?.checked_mul(DAY)?;
    let (least, most) = (
        Instant::MIN.millis() - MARGIN,
        Instant::MAX.millis() + MARGIN,
    );
    (least <= label && label <= most).then(|| offsets.first_reaching(label))
}

/// The bucket that holds the moment `at`, which lies within days of the range of instants.
fn ordinal_at(step: Step, offsets: &Offsets, at: i64) -> i64 {
    if let Step::Fixed { step, phase } = step {
        return (at - phase).div_euclid(step);
    }
    // The local date's bucket has started. Where the clock went back across midnight, so has the
    // next one; where dates were skipped, buckets of zero length lie between.
    let mut ordinal = step
        .ordinal_of_day(day_of(at + offsets.at(at)))
        .expect("invariant: chrono covers the years 1 to 9999 and far beyond");
    while start_of(step, offsets, ordinal + 1).is_some_and(|next| next <= at) {
        ordinal += 1;
    }
    ordinal
}

impl PartialEq for TimeAxis {
    fn eq(&self, other: &Self) -> bool {
        (self.granularity, self.zone, self.first, self.len)
            == (other.granularity, other.zone, other.first, other.len)
    }
}

impl Eq for TimeAxis {}

impl fmt::Debug for TimeAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} x {:?} {} {}",
            self.len, self.granularity, self.zone, self.span
        )
    }
}
