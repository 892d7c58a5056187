//! Expected value and unit width per bucket.

use std::ops::Range;

use tuatara_frame::{SeriesView, TimeAxis};

use crate::sparse::Sparse;
use crate::{Detail, Fact, Internals, Lookback, Memo, NewLevels, Result, Window};

/// Whether there is an expectation for a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Readiness {
    /// There is one.
    #[default]
    Ready,
    /// The history is long enough, but what the expectation is made of is missing.
    NoBaseline,
    /// The history does not reach back far enough yet.
    WarmingUp {
        /// Buckets of history there are, from the first value within the lookback.
        have: u32,
        /// Buckets of history the first expectation needs.
        need: u32,
    },
}

/// Why rows have no expectation: the few that have none.
#[derive(Debug, Clone, Default)]
pub struct Unready {
    rows: Sparse<Readiness>,
}

impl Unready {
    /// Says why row `row` of the window has no expectation.
    pub fn set(&mut self, row: usize, why: Readiness) {
        self.rows.set(row, why);
    }

    fn of(&self, row: usize) -> Readiness {
        self.rows.get(row).unwrap_or(Readiness::NoBaseline)
    }
}

/// The rows of a [`Forecaster`], one per bucket of the window. Reused between calls.
#[derive(Debug, Clone, Default)]
pub struct Forecast {
    expected: Vec<f64>,
    width: Vec<f64>,
    /// Whether `width` holds nothing but zeros.
    without_width: bool,
    /// Whether the factors of events are in it.
    with_events: bool,
    unready: Unready,
    new_levels: NewLevels,
    detail: Detail,
    internals: Internals,
    facts: Vec<Vec<Fact>>,
}

/// The columns of a [`Forecast`] for writing. A forecaster writes every element.
#[derive(Debug)]
pub struct ForecastColumns<'a> {
    /// Expected value; NaN where there is none.
    pub expected: &'a mut [f64],
    /// Half-width of the band at factor 1, in units of the metric, not negative; 0 where the
    /// forecaster has no measure of spread of its own; see [`Forecast::columns_without_width`].
    pub width: &'a mut [f64],
    /// Why there is no expectation, for rows where `expected` is NaN. Empty at first; a row of
    /// which nothing is said has [`Readiness::NoBaseline`].
    pub unready: &'a mut Unready,
    /// With which rows a new level is adopted. Empty at first.
    pub new_levels: &'a mut NewLevels,
    /// Named columns of the forecaster's own; write them when [`Internals::wanted`] says so.
    pub internals: &'a mut Internals,
    /// What led to each row; empty unless a trace is asked for.
    pub facts: &'a mut [Vec<Fact>],
}

impl Forecast {
    /// An empty forecast that is to be filled with `detail`.
    pub fn new(detail: Detail) -> Self {
        Self {
            detail,
            ..Self::default()
        }
    }

    /// Changes what the next call fills in.
    pub fn set_detail(&mut self, detail: Detail) {
        self.detail = detail;
    }

    /// The columns with `len` rows, for writing. What they hold is left over from an earlier
    /// call: every element of the first two is to be written.
    pub fn columns(&mut self, len: usize) -> ForecastColumns<'_> {
        self.without_width = false;
        self.width.resize(len, 0.0);
        self.columns_beside_width(len)
    }

    /// The same for a forecaster that has no measure of spread of its own: the width is 0
    /// everywhere, and its column comes empty, as there is nothing to write.
    pub fn columns_without_width(&mut self, len: usize) -> ForecastColumns<'_> {
        if !self.without_width {
            self.width.clear();
            self.without_width = true;
        }
        self.width.resize(len, 0.0);
        let columns = self.columns_beside_width(len);
        ForecastColumns {
            width: &mut [],
            ..columns
        }
    }

    fn columns_beside_width(&mut self, len: usize) -> ForecastColumns<'_> {
        self.with_events = false;
        self.expected.resize(len, f64::NAN);
        self.unready.rows.clear();
        self.new_levels.clear();
        self.internals.reset(len, self.detail);
        self.facts.clear();
        if self.detail == Detail::Trace {
            self.facts.resize_with(len, Vec::new);
        }
        ForecastColumns {
            expected: &mut self.expected,
            width: &mut self.width,
            unready: &mut self.unready,
            new_levels: &mut self.new_levels,
            internals: &mut self.internals,
            facts: &mut self.facts,
        }
    }

    /// Expected value per bucket of the window; NaN where there is none.
    pub fn expected(&self) -> &[f64] {
        &self.expected
    }

    /// Half-width of the band at factor 1 per bucket of the window.
    pub fn width(&self) -> &[f64] {
        &self.width
    }

    /// Whether the width is known to be 0 everywhere, so that nobody needs to look.
    pub(crate) fn is_without_width(&self) -> bool {
        self.without_width
    }

    /// Whether there is an expectation in row `row` of the window: where `expected` is a number.
    pub fn readiness(&self, row: usize) -> Readiness {
        if self.expected[row].is_nan() {
            self.unready.of(row)
        } else {
            Readiness::Ready
        }
    }

    /// With which rows a new level is adopted.
    pub fn new_levels(&self) -> &NewLevels {
        &self.new_levels
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.expected.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.expected.is_empty()
    }

    /// Named columns of the forecaster's own.
    pub fn internals(&self) -> &Internals {
        &self.internals
    }

    /// What led to each row; empty unless a trace was asked for.
    pub fn facts(&self) -> &[Vec<Fact>] {
        &self.facts
    }

    /// Multiplies what is expected, and its width, by the factors of the events in the buckets of
    /// `window`, once.
    pub(crate) fn heed_events(&mut self, series: SeriesView<'_>, window: Window) {
        if std::mem::replace(&mut self.with_events, true) {
            return;
        }
        for (i, factor) in series.factors(window.range()) {
            let row = i - window.start();
            // One sign for zero, as for every value.
            let expected = self.expected[row] * factor + 0.0;
            // Beyond the largest number there is no expectation.
            self.expected[row] = match expected.is_finite() {
                true => expected,
                false => f64::NAN,
            };
            if !self.without_width {
                self.width[row] *= factor;
            }
            if let Some(facts) = self.facts.get_mut(row) {
                facts.extend(series.factors_of(*i).map(|(event, share)| Fact::Event {
                    event: event.event().to_owned(),
                    factor: event.weighted(share),
                    share,
                }));
            }
        }
    }

    /// Adds the `rows` of `more` behind those that are there; both have heeded events.
    pub(crate) fn append(&mut self, more: &Self, rows: Range<usize>) {
        let first = self.len();
        self.without_width = more.without_width && (self.without_width || first == 0);
        self.with_events = true;
        self.expected
            .extend_from_slice(&more.expected[rows.clone()]);
        self.width.extend_from_slice(&more.width[rows.clone()]);
        for (row, why) in more.unready.rows.iter() {
            if rows.contains(&row) {
                self.unready.set(first + row - rows.start, why);
            }
        }
        self.new_levels.append(&more.new_levels, rows, first);
    }

    pub(crate) fn take_evidence(&mut self) -> (Internals, Vec<Vec<Fact>>) {
        (
            std::mem::take(&mut self.internals),
            std::mem::take(&mut self.facts),
        )
    }
}

/// Expected value and unit width per bucket. Knows nothing of sensitivity, direction or floors:
/// those belong to the [`Judge`](crate::Judge), so that a knob never refits a model.
///
/// The row of bucket `t` depends on the complete buckets in `[t − lookback, t)` alone, bit for
/// bit: later buckets, the position of the window, older history and the memo change nothing.
pub trait Forecaster: std::fmt::Debug + Send + Sync {
    /// How many buckets before a judged one can change its row.
    ///
    /// # Errors
    /// When the method does not fit the granularity of `axis`.
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback>;

    /// Fills `out` with one row per bucket of `window`. Buckets of `series` before
    /// `window.start() − lookback` do not count, whether they are there or not.
    ///
    /// # Errors
    /// When the request cannot be meant, for instance a window beyond the axis.
    fn forecast(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()>;

    /// Every setting, as text, as of a [detector](crate::Detector::settings): two forecasters of one
    /// text expect the same.
    fn settings(&self) -> Option<String> {
        None
    }
}

impl<F: Forecaster + ?Sized> Forecaster for Box<F> {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        (**self).lookback(axis)
    }

    fn forecast(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()> {
        (**self).forecast(series, window, memo, out)
    }

    fn settings(&self) -> Option<String> {
        (**self).settings()
    }
}
