//! One series on one grid, and the view that detectors get of it.

use std::ops::Range;

use crate::events::{Factor, Factors, touched};
use crate::{Fill, FrameError, Instant, Mask, TimeAxis, ValueRange};

/// A value for every bucket of an axis, NaN where there is none.
#[derive(Debug, Clone)]
pub struct Series {
    axis: TimeAxis,
    values: Vec<f64>,
    infinities: usize,
    /// First and last bucket with a value.
    present: Option<(usize, usize)>,
    /// How many buckets at the front are complete.
    complete: usize,
    mask: Mask,
    factors: Factors,
    /// Buckets, in order, with what their expectation is multiplied by.
    scaled: Vec<(usize, f64)>,
    range: Option<ValueRange>,
    /// Buckets, in order, with a value outside the range.
    strays: Vec<usize>,
    fills: Vec<Fill>,
}

impl Series {
    /// The series of `values`, one for each bucket of `axis` in order of time, NaN where missing.
    /// Infinite values become missing and are counted. Every bucket counts as complete.
    ///
    /// # Errors
    /// [`FrameError::SeriesLength`] when there are more or fewer values than buckets.
    pub fn new(axis: TimeAxis, mut values: Vec<f64>) -> Result<Self, FrameError> {
        if values.len() != axis.len() {
            return Err(FrameError::SeriesLength {
                values: values.len(),
                buckets: axis.len(),
            });
        }
        let mut infinities = 0;
        for value in &mut values {
            if value.is_infinite() {
                *value = f64::NAN;
                infinities += 1;
            }
            // Zero has one sign here, so that the order of a sort never shows.
            *value += 0.0;
        }
        let is_present = |value: &f64| !value.is_nan();
        let first = values.iter().position(is_present);
        let last = values.iter().rposition(is_present);
        let complete = values.len();
        let present = first.zip(last);
        Ok(Self {
            axis,
            values,
            infinities,
            present,
            complete,
            mask: Mask::new(),
            factors: Factors::new(),
            scaled: Vec::new(),
            range: None,
            strays: Vec::new(),
            fills: Vec::new(),
        })
    }

    /// The same series where buckets that end after `instant` still wait for rows.
    #[must_use]
    pub fn with_complete_until(mut self, instant: Instant) -> Self {
        let (mut low, mut high) = (0, self.axis.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.axis.end(middle) <= instant {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.complete = low;
        self
    }

    /// The same series with spans that do not train.
    #[must_use]
    pub fn with_mask(mut self, mask: Mask) -> Self {
        self.mask = mask;
        self
    }

    /// The same series with events that change what is expected.
    #[must_use]
    pub fn with_factors(mut self, factors: Factors) -> Self {
        self.scaled = factors.on(&self.axis);
        self.factors = factors;
        self
    }

    /// The same series with the range that its values can lie in. A value outside it is no
    /// measurement: it is judged as such, and is not [history](SeriesView::history).
    #[must_use]
    pub fn with_range(mut self, range: ValueRange) -> Self {
        let stray = |&i: &usize| !self.values[i].is_nan() && !range.contains(self.values[i]);
        self.strays = (0..self.values.len()).filter(stray).collect();
        self.range = Some(range);
        self
    }

    /// The same series with values for gaps that became known after them: in order of time, for
    /// the use of [later buckets](SeriesView::history) alone. Where a bucket has a measurement of
    /// its own, that counts.
    ///
    /// # Errors
    /// [`FrameError::BadFill`] for a fill that does not lie on the axis, overlaps the one before
    /// it, holds an infinite value, or is known before a sample can have ended its gap.
    pub fn with_fills(mut self, fills: Vec<Fill>) -> Result<Self, FrameError> {
        let buckets = self.axis.len();
        for (at, fill) in fills.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| &fills[at]);
            if let Some(problem) = fill.problem(before, buckets) {
                let Range { start, end } = fill.buckets();
                return Err(FrameError::BadFill {
                    start,
                    end,
                    problem,
                    buckets,
                });
            }
        }
        self.fills = fills.into_iter().map(Fill::with_one_zero).collect();
        Ok(self)
    }

    /// The grid.
    pub fn axis(&self) -> &TimeAxis {
        &self.axis
    }

    /// One value for each bucket; finite, or NaN where missing.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The number of buckets.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no bucket.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many infinite values were made missing.
    pub fn infinities(&self) -> usize {
        self.infinities
    }

    /// The first bucket with a value.
    pub fn first_present(&self) -> Option<usize> {
        self.present.map(|(first, _)| first)
    }

    /// The last bucket with a value.
    pub fn last_present(&self) -> Option<usize> {
        self.present.map(|(_, last)| last)
    }

    /// All of it, to read.
    pub fn view(&self) -> SeriesView<'_> {
        SeriesView {
            series: self,
            axis: &self.axis,
            known: self.len(),
        }
    }
}

/// What a detector sees of a [`Series`]; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct SeriesView<'a> {
    series: &'a Series,
    axis: &'a TimeAxis,
    /// Buckets that can be seen.
    known: usize,
}

impl<'a> SeriesView<'a> {
    /// The grid.
    pub fn axis(&self) -> &'a TimeAxis {
        self.axis
    }

    /// One value for each bucket in order of time; finite, or NaN where missing.
    pub fn values(&self) -> &'a [f64] {
        &self.series.values[..self.known]
    }

    /// The number of buckets: those of the grid, or those known when the view is one as of some
    /// bucket.
    pub fn len(&self) -> usize {
        self.known
    }

    /// Whether there is no bucket.
    pub fn is_empty(&self) -> bool {
        self.known == 0
    }

    /// Whether bucket `i` has got all the rows that it will get: it ends at or before the instant
    /// until which the data are complete. False beyond the end.
    pub fn is_complete(&self, i: usize) -> bool {
        i < self.complete_len()
    }

    /// How many buckets come before the first incomplete one.
    pub fn complete_len(&self) -> usize {
        self.series.complete.min(self.known)
    }

    /// The first bucket with a value.
    pub fn first_present(&self) -> Option<usize> {
        self.series.first_present().filter(|&i| i < self.known)
    }

    /// The last bucket with a value.
    pub fn last_present(&self) -> Option<usize> {
        match self.series.last_present() {
            Some(last) if last >= self.known => self.values().iter().rposition(|v| !v.is_nan()),
            last => last,
        }
    }

    /// The indices of at most `n` buckets with a measurement, all before bucket `i`, newest first.
    pub fn present_before(&self, i: usize, n: usize) -> impl Iterator<Item = usize> + use<'a> {
        let view = *self;
        let end = i.min(self.len());
        (0..end).rev().filter(move |&j| view.is_measured(j)).take(n)
    }

    /// Whether a value was observed in bucket `i` that lies in the declared range. False beyond
    /// the end.
    pub fn is_measured(&self, i: usize) -> bool {
        let value = self.values().get(i).copied().unwrap_or(f64::NAN);
        !value.is_nan() && self.range().is_none_or(|range| range.contains(value))
    }

    /// The value of bucket `i` for a bucket `as_of`, at `i` or after it, that is compared with it
    /// or learns from it: the one observed there if it is a measurement, else that of a
    /// [fill](Self::fills) if bucket `as_of` may use it, else NaN. NaN, too, for what comes after
    /// `as_of` or is not known in this view.
    ///
    /// Everything that looks back takes its values from here;
    /// [`values`](Self::values) are what is judged.
    pub fn history(&self, i: usize, as_of: usize) -> f64 {
        if i > as_of {
            return f64::NAN;
        }
        if self.is_measured(i) {
            return self.values()[i];
        }
        self.fill_at(i, as_of)
            .map_or(f64::NAN, |fill| fill.values()[i - fill.buckets().start])
    }

    /// The fill that [`history`](Self::history) takes the value of bucket `i` from, if it does.
    pub fn fill_at(&self, i: usize, as_of: usize) -> Option<&'a Fill> {
        if self.series.fills.is_empty() || self.is_measured(i) {
            return None;
        }
        let fills = self.fills();
        let at = fills.partition_point(|fill| fill.buckets().end <= i);
        let fill = fills.get(at)?;
        let has = fill.buckets().contains(&i) && fill.known_from() <= as_of;
        has.then_some(fill)
    }

    /// Values for gaps, known to some bucket of this view, in order of time.
    pub fn fills(&self) -> &'a [Fill] {
        let fills = &self.series.fills;
        &fills[..fills.partition_point(|fill| fill.known_from() < self.known)]
    }

    /// Runs of buckets within `buckets` at which [`history`](Self::history) may differ from
    /// [`values`](Self::values): a fill, or a value outside the declared range. In no particular
    /// order; they may overlap. None at all for most series.
    pub fn amended(&self, buckets: Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let Range { start, end } = buckets;
        let (strays, fills) = (&self.series.strays, self.fills());
        let strays = &strays[strays.partition_point(|&stray| stray < start)..];
        let fills = &fills[fills.partition_point(|fill| fill.buckets().end <= start)..];
        let filled = fills
            .iter()
            .map(|fill| fill.buckets())
            .take_while(move |fill| fill.start < end)
            .map(move |fill| fill.start.max(start)..fill.end.min(end));
        let stray = strays.iter().take_while(move |&&stray| stray < end);
        filled.chain(stray.map(|&stray| stray..stray + 1))
    }

    /// Runs of buckets within `buckets` that a span that does not train touches, whoever knows of
    /// it; in order, apart from each other. None at all for most series.
    pub fn masked(&self, buckets: Range<usize>) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        // In order of their starts, so that runs come in order, too.
        for (span, _) in self.series.mask.spans() {
            let Some(run) = touched(self.axis, span) else {
                continue;
            };
            let run = run.start.max(buckets.start)..run.end.min(buckets.end);
            match runs.last_mut() {
                _ if run.is_empty() => {}
                Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
                _ => runs.push(run),
            }
        }
        runs
    }

    /// The spans that do not train.
    pub fn mask(&self) -> &'a Mask {
        &self.series.mask
    }

    /// The buckets within `buckets` whose expectation events change, in order, each with what it
    /// is multiplied by. None at all for most series.
    pub fn factors(&self, buckets: Range<usize>) -> &'a [(usize, f64)] {
        let scaled = &self.series.scaled;
        let position = |at: usize| scaled.partition_point(|(i, _)| *i < at);
        let (first, end) = (position(buckets.start), position(buckets.end));
        &scaled[first..end.max(first)]
    }

    /// The events that change what is expected of bucket `i`, each with the share of the bucket in
    /// which it holds.
    ///
    /// # Panics
    /// When there is no such bucket.
    pub fn factors_of(&self, i: usize) -> impl Iterator<Item = (&'a Factor, f64)> + use<'a> {
        self.series.factors.of(self.axis.bucket(i))
    }

    /// The range that values can lie in, where one is declared.
    pub fn range(&self) -> Option<ValueRange> {
        self.series.range
    }

    /// The same values on another clock: `axis` has the same buckets, read in another zone.
    ///
    /// # Panics
    /// When `axis` has another length: it comes from
    /// [`TimeAxis::with_zone`] on this view's own axis, which keeps every bucket.
    #[must_use]
    pub fn with_axis(self, axis: &'a TimeAxis) -> Self {
        assert_eq!(
            axis.len(),
            self.series.len(),
            "invariant: another clock on the same buckets"
        );
        Self { axis, ..self }
    }

    /// The same series as it was known when bucket `buckets - 1` completed: what lies after is
    /// not in it. The grid stays as long as it is.
    #[must_use]
    pub fn known_until(self, buckets: usize) -> Self {
        Self {
            known: self.known.min(buckets),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Duration, Granularity, Interval, Zone};

    const NAN: f64 = f64::NAN;

    /// Hours from 1970 on.
    fn hours(count: i64) -> TimeAxis {
        let granularity = Granularity::fixed(Duration::hours(1)).unwrap();
        let interval = Interval::new(at(0), at(count)).unwrap();
        TimeAxis::covering(granularity, Zone::UTC, interval).unwrap()
    }

    fn at(hour: i64) -> Instant {
        Instant::from_millis(hour * 3_600_000).unwrap()
    }

    fn series(values: &[f64]) -> Series {
        Series::new(hours(values.len() as i64), values.to_vec()).unwrap()
    }

    #[test]
    fn infinite_values_become_missing_and_are_counted() {
        let series = series(&[f64::INFINITY, 1.0, f64::NEG_INFINITY]);
        assert_eq!(series.infinities(), 2);
        assert!(series.values()[0].is_nan() && series.values()[2].is_nan());
        assert_eq!(
            (series.first_present(), series.last_present()),
            (Some(1), Some(1))
        );
    }

    #[test]
    fn a_series_without_values_has_no_first_and_no_last() {
        assert_eq!(series(&[NAN, NAN]).first_present(), None);
        assert_eq!(series(&[]).last_present(), None);
    }

    #[test]
    fn a_length_that_does_not_fit_is_refused() {
        let error = Series::new(hours(3), vec![1.0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "1 values do not fit on an axis of 3 buckets; give one for each, NaN where missing"
        );
    }

    #[test]
    fn a_bucket_is_complete_when_it_ends_at_or_before_the_instant() {
        let complete = |until: Instant| {
            series(&[1.0; 4])
                .with_complete_until(until)
                .view()
                .complete_len()
        };
        assert_eq!(series(&[1.0; 4]).view().complete_len(), 4);
        assert_eq!(complete(at(2)), 2);
        assert_eq!(
            complete(Instant::from_millis(at(2).millis() - 1).unwrap()),
            1
        );
        assert_eq!(complete(at(-5)), 0);
        assert_eq!(complete(at(50)), 4);
        let series = series(&[1.0; 4]).with_complete_until(at(3));
        let view = series.view();
        assert_eq!([2, 3, 4].map(|i| view.is_complete(i)), [true, false, false]);
    }

    #[test]
    fn present_buckets_are_counted_back_from_the_newest_over_gaps() {
        let series = series(&[1.0, NAN, 2.0, 3.0, NAN, 4.0]);
        let before = |i, n| series.view().present_before(i, n).collect::<Vec<_>>();
        assert_eq!(before(5, 2), [3, 2]);
        assert_eq!(before(5, 9), [3, 2, 0]);
        assert_eq!(before(99, 1), [5]);
        assert!(before(0, 3).is_empty());
    }

    #[test]
    fn mask_and_range_travel_with_the_view() {
        let mut mask = Mask::new();
        mask.push(Interval::new(at(0), at(1)).unwrap(), at(0));
        let range = ValueRange::new(0.0, 1.0).unwrap();
        let series = series(&[1.0, 2.0]).with_mask(mask).with_range(range);
        assert!(series.view().mask().hides(series.axis().bucket(0), at(0)));
        assert_eq!(series.view().range(), Some(range));
    }
}
