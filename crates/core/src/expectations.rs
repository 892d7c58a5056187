//! What a forecaster expects of a window, to be judged more than once.

use tuatara_frame::SeriesView;

use crate::{Detail, DetectError, Evaluation, Forecast, Forecaster, Judge, Memo, Result, Window};

/// What a forecaster expects of the buckets of a window, the factors of events in it: a setting of
/// the judge is turned without a model being fitted anew.
///
/// ```
/// # use tuatara_core::{DetectError, Forecast, Forecaster, Lookback, Memo, Result};
/// # use tuatara_frame::SeriesView;
/// use tuatara_core::{Evaluation, Expectations, Judge, Pattern, Window};
/// use tuatara_frame::{Instant, Interval, Series, TimeAxis, Zone};
/// # /// Ten, always.
/// # #[derive(Debug)]
/// # struct Ten;
/// # impl Forecaster for Ten {
/// #     fn lookback(&self, _: &TimeAxis) -> Result<Lookback> { Ok(Lookback::NONE) }
/// #     fn forecast(&self, _: SeriesView<'_>, window: Window, _: &mut Memo, out: &mut Forecast) -> Result<()> {
/// #         out.columns_without_width(window.len()).expected.fill(10.0);
/// #         Ok(())
/// #     }
/// # }
///
/// let hour = |h: i64| Instant::from_millis(h * 3_600_000);
/// let axis = TimeAxis::covering("PT1H".parse()?, Zone::UTC, Interval::new(hour(0)?, hour(2)?)?)?;
/// let series = Series::new(axis, vec![10.0, 8.0])?;
/// let all = Window::whole(series.axis());
/// let expectations = Expectations::of(&Ten, series.view(), all)?;
///
/// let mut flagged = |fraction| -> Result<usize> {
///     let judge = Judge::new(Pattern::Down).with_min_rel(fraction)?;
///     let mut rows = Evaluation::default();
///     expectations.judge(&judge, series.view(), &mut rows)?;
///     Ok(rows.verdict().iter().filter(|verdict| verdict.is_anomalous()).count())
/// };
/// assert_eq!((flagged(0.1)?, flagged(0.3)?), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Expectations {
    window: Window,
    forecast: Forecast,
}

impl Expectations {
    /// What `forecaster` expects of the buckets of `window` on the axis of `series`.
    ///
    /// # Errors
    /// When the request cannot be meant, for instance a window beyond the axis.
    pub fn of(forecaster: &dyn Forecaster, series: SeriesView<'_>, window: Window) -> Result<Self> {
        window.check(series.len())?;
        let mut forecast = Forecast::new(Detail::Columns);
        forecaster.forecast(series, window, &mut Memo::default(), &mut forecast)?;
        DetectError::check_rows(forecast.len(), window.len())?;
        forecast.heed_events(series, window);
        Ok(Self { window, forecast })
    }

    /// Judges them by `judge` and fills the columns of `out`, one row per bucket of the window: the
    /// same rows as those of [`Judged`](crate::Judged) by the two. `series` is the one that they are
    /// of. There are no internals and no facts, whatever the detail of `out`.
    ///
    /// # Errors
    /// [`DetectError::Window`] when the window does not lie on the axis of `series`.
    pub fn judge(&self, judge: &Judge, series: SeriesView<'_>, out: &mut Evaluation) -> Result<()> {
        self.window.check(series.len())?;
        let mut columns = out.columns(self.window.len());
        judge.fill(series, self.window, &self.forecast, &mut columns);
        Ok(())
    }

    /// The buckets that they are of.
    pub fn window(&self) -> Window {
        self.window
    }
}
