//! The expectation of an offset.
//!
//! ```text
//! ŷ_t = combine { y at lag 1, …, y at lag n }     of those that were observed, if at least minLags
//! ```
//!
//! Lags are civil: see [`TimeAxis::lag`]. A lag skipped by a clock change, without a value, or with
//! one outside the declared range is left out. One inside a span that does not train moves further
//! back: for each such lag one of the [further lags](Offset::further) is looked at, the nearest
//! first, as long as there are any; of an aggregate these lie beyond its last. In a gap that was
//! [filled](SeriesView::history) the filled value counts, for buckets that may use it. With too
//! few left there is no expectation: the bucket is [`WarmingUp`](Readiness::WarmingUp) while nothing
//! that trains was measured at or before the last lag needed, within the lookback, and has
//! [`NoBaseline`](Readiness::NoBaseline) otherwise. So that a gap is told from the beginning of the
//! data, that goes back one unit, and at least a week, beyond the farthest lag. The lookback
//! reaches as far, and as far as the last of the further lags.
//!
//! The unit width is 0: an offset has no measure of spread of its own.

use std::ops::Range;

use tuatara_core::{
    Fact, Forecast, ForecastColumns, Forecaster, Lookback, Memo, Readiness, Result, Unused, Window,
};
use tuatara_frame::{Duration, Instant, Lag, SeriesView, TimeAxis};

use crate::lagged::{event_of, hidden};
use crate::plan::{Stretch, stretches};
use crate::{BaselineError, Offset};

/// Name of the column that says how many lags were found, in [`tuatara_core::Internals`].
pub const LAGS_FOUND: &str = "lags_found";

/// Windows up to this long are looked up bucket by bucket: planning would cost more.
const SHORT_WINDOW: usize = 4;

/// Rows that are searched for a missing expectation in one go: most have one.
const SCANNED_AT_ONCE: usize = 64;

/// Expects what was observed at the lags of an [`Offset`].
///
/// ```
/// use tuatara_baseline::Baseline;
/// use tuatara_core::{Forecast, Forecaster, Memo, Window};
/// use tuatara_frame::{Granularity, Interval, Series, TimeAxis, Zone};
///
/// let days = Interval::new("2026-01-01T00:00:00Z".parse()?, "2026-01-04T00:00:00Z".parse()?)?;
/// let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, days)?;
/// let series = Series::new(axis, vec![10.0, 30.0, 17.0])?;
///
/// let mut forecast = Forecast::default();
/// let window = Window::new(series.axis(), 2, 3)?;
/// let baseline = Baseline::new("mean2d".parse()?);
/// baseline.forecast(series.view(), window, &mut Memo::default(), &mut forecast)?;
/// assert_eq!(forecast.expected(), [20.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    offset: Offset,
    min_lags: usize,
}

impl Baseline {
    /// Expects what was observed at the lags of `offset`; one that was found is enough.
    pub fn new(offset: Offset) -> Self {
        Self {
            offset,
            min_lags: 1,
        }
    }

    /// Requires `min_lags` lags to be found; with fewer there is no expectation.
    ///
    /// # Errors
    /// [`BaselineError::TooManyRequired`] when that is 0 or more than the offset has.
    pub fn with_min_lags(self, min_lags: usize) -> Result<Self, BaselineError> {
        let lags = self.offset.lags().len().max(1);
        if (1..=lags).contains(&min_lags) {
            return Ok(Self { min_lags, ..self });
        }
        Err(BaselineError::TooManyRequired {
            required: min_lags,
            offset: self.offset.to_string(),
            lags,
        })
    }

    /// How far back it looks.
    pub fn offset(&self) -> &Offset {
        &self.offset
    }

    /// How far back is looked for the beginning of the data.
    fn reach_of_data(&self, axis: &TimeAxis) -> usize {
        let Some(&farthest) = self.offset.lags().last() else {
            return 0;
        };
        let unit = Lag::new(1, farthest.unit()).expect("one unit is a lag");
        let week = Duration::days(7).millis();
        let step = axis.granularity().nominal().millis().max(1);
        let week = usize::try_from((week + step - 1) / step).unwrap_or(usize::MAX);
        axis.reach(farthest)
            .saturating_add(axis.reach(unit).max(week))
    }

    fn reach(&self, axis: &TimeAxis) -> usize {
        let further = self.offset.further().map(|lag| axis.reach(lag));
        further.fold(self.reach_of_data(axis), usize::max)
    }

    /// One row by the calendar: every lag of bucket `i` looked up on its own. Appends what was
    /// found to `facts`.
    fn look_up(
        &self,
        series: SeriesView<'_>,
        i: usize,
        mut facts: Option<&mut Vec<Fact>>,
        found: &mut Vec<f64>,
    ) -> (f64, usize) {
        let axis = series.axis();
        found.clear();
        let lags = self.offset.lags();
        let mut wanted = lags.len();
        let all = lags.iter().copied().chain(self.offset.further());
        for (at, lag) in all.enumerate() {
            if at >= wanted {
                break;
            }
            let target = axis.lag(i, lag);
            let source = target.and_then(|target| usize::try_from(target).ok());
            let value = source.map_or(f64::NAN, |source| series.history(source, i));
            let observed = source.map_or(f64::NAN, |source| series.values()[source]);
            let unused = match (target, source) {
                (None, _) => Some(Unused::Skipped),
                (Some(_), Some(source)) if hidden(series, source, i) => Some(Unused::Masked),
                _ if !value.is_nan() => None,
                _ if observed.is_nan() => Some(Unused::Missing),
                _ => Some(Unused::OutOfRange),
            };
            if unused.is_none() {
                found.push(value);
            }
            wanted += usize::from(unused == Some(Unused::Masked));
            if let Some(facts) = facts.as_deref_mut() {
                let filled = source.is_some_and(|source| series.fill_at(source, i).is_some());
                let masked = source.filter(|_| unused == Some(Unused::Masked));
                facts.push(Fact::Lag {
                    lag: lag.to_string(),
                    stands_in: at >= lags.len(),
                    event: masked.and_then(|source| event_of(series, source, i)),
                    at: target.and_then(|target| start_of(axis, target)),
                    value: if value.is_nan() { observed } else { value },
                    interpolated: filled && !value.is_nan(),
                    unused,
                });
            }
        }
        let used = found.len();
        let of = lags.len();
        if let Some(facts) = facts
            && of > 1
        {
            facts.push(Fact::Combined {
                method: self.offset.combine().as_str(),
                used,
                of,
                required: self.min_lags,
            });
        }
        (self.combine_found(found), used)
    }

    fn by_calendar(
        &self,
        series: SeriesView<'_>,
        window: Window,
        columns: &mut ForecastColumns<'_>,
        counts: &mut Counts,
    ) {
        let mut found = Vec::with_capacity(self.offset.lags().len());
        for (row, i) in window.range().enumerate() {
            let facts = columns.facts.get_mut(row);
            let (expected, used) = self.look_up(series, i, facts, &mut found);
            columns.expected[row] = expected;
            counts.set(row, used);
        }
    }

    /// The same by index: stretches of constant shift, copied or combined as columns.
    fn by_index(
        &self,
        series: SeriesView<'_>,
        window: Window,
        expected: &mut [f64],
        counts: &mut Counts,
    ) {
        let values = series.values();
        let amended = series.amended(0..series.len()).next().is_some();
        let masked =
            series.masked(window.start().saturating_sub(self.reach(series.axis()))..window.end());
        for stretch in stretches(series.axis(), self.offset.lags(), window.range()) {
            let first = stretch.rows.start - window.start();
            let out = &mut expected[first..][..stretch.rows.len()];
            match stretch.sources[..] {
                [Some(source)] => out.copy_from_slice(&values[source..][..out.len()]),
                [Some(a), Some(b), Some(c), Some(d)] if !counts.wanted() => {
                    self.combine_four(values, [a, b, c, d], out);
                }
                _ => self.combine_all(values, &stretch, out, first, counts),
            }
            if let [_] = stretch.sources[..]
                && counts.wanted()
            {
                for (row, value) in out.iter().enumerate() {
                    counts.set(first + row, usize::from(!value.is_nan()));
                }
            }
            if stretch.sources == [None] {
                out.fill(f64::NAN);
            }
            if amended || !masked.is_empty() {
                self.put_right(series, &masked, &stretch, out, first, counts);
            }
        }
    }

    /// Rows of which a lag leads to a filled gap, to a value that is no measurement, or into a span
    /// that does not train (`masked`, in order): what was copied there is not what counts.
    fn put_right(
        &self,
        series: SeriesView<'_>,
        masked: &[Range<usize>],
        stretch: &Stretch,
        out: &mut [f64],
        first: usize,
        counts: &mut Counts,
    ) {
        let sources: Vec<usize> = stretch.sources.iter().copied().flatten().collect();
        let mut wrong: Vec<Range<usize>> = sources
            .iter()
            .flat_map(|&source| {
                let rows = source..source + out.len();
                let amended = series.amended(rows.clone());
                let (start, end) = (rows.start, rows.end);
                let first = masked.partition_point(|run| run.end <= start);
                let masked = masked[first..]
                    .iter()
                    .take_while(move |run| run.start < end);
                let masked = masked.map(move |run| run.start.max(start)..run.end.min(end));
                let wrong = amended.chain(masked);
                wrong.map(move |run| run.start - start..run.end - start)
            })
            .collect();
        wrong.sort_unstable_by_key(|run| run.start);
        let mut found = Vec::new();
        let mut next = 0;
        for row in wrong.into_iter().flatten() {
            if row < next {
                continue;
            }
            next = row + 1;
            let i = stretch.rows.start + row;
            if !masked.is_empty() {
                let (expected, used) = self.look_up(series, i, None, &mut found);
                counts.set(first + row, used);
                out[row] = expected;
                continue;
            }
            found.clear();
            let lagged = sources.iter().map(|source| series.history(source + row, i));
            found.extend(lagged.filter(|value| !value.is_nan()));
            counts.set(first + row, found.len());
            out[row] = self.combine_found(&mut found);
        }
    }

    fn combine_four(&self, values: &[f64], sources: [usize; 4], out: &mut [f64]) {
        let combine = self.offset.combine();
        let [a, b, c, d] = sources.map(|source| &values[source..][..out.len()]);
        for (row, out) in out.iter_mut().enumerate() {
            let four = [a[row], b[row], c[row], d[row]];
            let all = combine.of_four(four);
            *out = if all.is_nan() {
                self.combine_some(&four)
            } else {
                all
            };
        }
    }

    #[cold]
    fn combine_some(&self, lagged: &[f64]) -> f64 {
        let found = lagged.iter().copied().filter(|value| !value.is_nan());
        self.combine_found(&mut found.collect::<Vec<f64>>())
    }

    /// The expectation from the lags that were found.
    fn combine_found(&self, found: &mut [f64]) -> f64 {
        if found.len() >= self.min_lags {
            self.offset.combine().of(found)
        } else {
            f64::NAN
        }
    }

    fn combine_all(
        &self,
        values: &[f64],
        stretch: &Stretch,
        out: &mut [f64],
        first: usize,
        counts: &mut Counts,
    ) {
        let sources: Vec<usize> = stretch.sources.iter().copied().flatten().collect();
        let mut found = Vec::with_capacity(sources.len());
        for (row, out) in out.iter_mut().enumerate() {
            found.clear();
            let lagged = sources.iter().map(|source| values[source + row]);
            found.extend(lagged.filter(|value| !value.is_nan()));
            counts.set(first + row, found.len());
            *out = self.combine_found(&mut found);
        }
    }

    /// Says of each row without an expectation why there is none.
    fn say_why(&self, series: SeriesView<'_>, window: Window, columns: &mut ForecastColumns<'_>) {
        let lookback = self.reach_of_data(series.axis());
        let mut next = 0;
        for (chunk, expected) in columns.expected.chunks(SCANNED_AT_ONCE).enumerate() {
            // Without a way out of the loop many are looked at in one step.
            if !expected
                .iter()
                .fold(false, |any, value| any | value.is_nan())
            {
                continue;
            }
            for (row, value) in (chunk * SCANNED_AT_ONCE..).zip(expected) {
                if value.is_nan() {
                    let why = self.unready(series, window.start() + row, lookback, &mut next);
                    columns.unready.set(row, why);
                }
            }
        }
    }

    /// Says why a bucket has no expectation. `next` is where the search for the first value of
    /// the lookback that trains goes on: it only moves forward, as what is hidden stays hidden.
    fn unready(
        &self,
        series: SeriesView<'_>,
        i: usize,
        lookback: usize,
        next: &mut usize,
    ) -> Readiness {
        let axis = series.axis();
        let Some(&needed) = self.offset.lags().get(self.min_lags - 1) else {
            return Readiness::NoBaseline;
        };
        let oldest = i.saturating_sub(lookback);
        *next = (*next).max(oldest);
        while *next < i && (!series.is_measured(*next) || hidden(series, *next, i)) {
            *next += 1;
        }
        let position = |i: usize| i64::try_from(i).expect("positions fit in 64 bits");
        let source = axis
            .lag(i, needed)
            .unwrap_or_else(|| position(i) - position(axis.reach(needed)));
        if *next < i && position(*next) <= source {
            return Readiness::NoBaseline;
        }
        let buckets = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        Readiness::WarmingUp {
            have: buckets(position(i) - position(*next)),
            need: buckets(position(i) - source),
        }
    }
}

/// Start of the bucket at `position`, which may lie before the axis.
fn start_of(axis: &TimeAxis, position: i64) -> Option<Instant> {
    match usize::try_from(position) {
        Ok(position) => Some(axis.start(position)),
        Err(_) => {
            let before = usize::try_from(position.unsigned_abs()).ok()?;
            Some(axis.extended_back(before).ok()?.start(0))
        }
    }
}

/// How many lags were found per row, where anybody asks.
struct Counts(Option<Vec<f64>>);

impl Counts {
    fn wanted(&self) -> bool {
        self.0.is_some()
    }

    fn set(&mut self, row: usize, used: usize) {
        if let Some(counts) = &mut self.0 {
            counts[row] = used as f64;
        }
    }
}

impl Forecaster for Baseline {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(self.reach(axis)))
    }

    fn forecast(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _memo: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()> {
        window.check(series.len())?;
        let mut columns = out.columns_without_width(window.len());
        if self.offset.is_none() {
            columns.expected.fill(f64::NAN);
            return Ok(());
        }
        if self.offset.is_current() {
            columns
                .expected
                .copy_from_slice(&series.values()[window.range()]);
            return Ok(());
        }
        let wanted = columns.internals.wanted();
        let mut counts = Counts(wanted.then(|| vec![0.0; window.len()]));
        let tracing = !columns.facts.is_empty();
        if tracing || window.len() <= SHORT_WINDOW {
            self.by_calendar(series, window, &mut columns, &mut counts);
        } else {
            self.by_index(series, window, columns.expected, &mut counts);
        }
        self.say_why(series, window, &mut columns);
        if let Some(counts) = counts.0 {
            columns
                .internals
                .column(LAGS_FOUND)
                .copy_from_slice(&counts);
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
