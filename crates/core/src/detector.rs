//! What the pipeline knows of a method.

use tuatara_frame::{SeriesView, TimeAxis};

use crate::{
    BLOCK, Detail, DetectError, Evaluation, Forecast, Forecaster, Judge, Lookback, Memo, Result,
    Window,
};

/// Gives every bucket of a window a verdict and a score.
///
/// **Law 1.** Fix a spec and a snapshot of the data. The row of bucket `t` is a function of the
/// spec and of the buckets in `[t − lookback, t]` that were complete when `t` completed. Bit for
/// bit, therefore: *causal* (later buckets change nothing), *cut-free* (`evaluate(a..c)` is
/// `evaluate(a..b)` followed by `evaluate(b..c)`), and *forgetful* (history older than
/// `lookback` changes nothing, whether it is there or not). `tuatara_testkit::check_detector`
/// tries it.
pub trait Detector: std::fmt::Debug + Send + Sync {
    /// How many buckets before a judged one can change its row.
    ///
    /// # Errors
    /// When the method does not fit the granularity of `axis`.
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback>;

    /// Fills `out` with one row per bucket of `window`, a range of positions on the axis of
    /// `series`. `memo` belongs to this detector and slice; see [`Memo`].
    ///
    /// # Errors
    /// When the request cannot be meant, for instance a window beyond the axis. Bad data is no
    /// error: it gets a verdict.
    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()>;

    /// Every setting, as text: two detectors of one text give the same rows of the same buckets, so a
    /// host may take over the rows of one for the other. `None`, the default, is for one that cannot
    /// tell: it is asked every time. The text has to name the type, since another may have settings of
    /// the same names: where `Debug` is derived, `Some(format!("my_crate::{self:?}"))` does.
    fn settings(&self) -> Option<String> {
        None
    }

    /// What expects and what judges, where rows are nothing but that: what `Judged::new` of the two
    /// says. A host that keeps what was expected may then judge it anew when a setting of the
    /// judge alone has changed; see [`Expectations`](crate::Expectations).
    fn apart(&self) -> Option<(&dyn Forecaster, Judge)> {
        None
    }
}

impl<D: Detector + ?Sized> Detector for Box<D> {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        (**self).lookback(axis)
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()> {
        (**self).evaluate(series, window, memo, out)
    }

    fn settings(&self) -> Option<String> {
        (**self).settings()
    }

    fn apart(&self) -> Option<(&dyn Forecaster, Judge)> {
        (**self).apart()
    }
}

/// A forecaster and a judge make a detector.
#[derive(Debug, Clone)]
pub struct Judged<F> {
    forecaster: F,
    judge: Judge,
}

impl<F: Forecaster> Judged<F> {
    /// Judges what `forecaster` expects by `judge`.
    pub fn new(forecaster: F, judge: Judge) -> Self {
        Self { forecaster, judge }
    }

    /// What makes the expectation.
    pub fn forecaster(&self) -> &F {
        &self.forecaster
    }

    /// What judges it.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }
}

/// The forecaster's own memo, and the columns of its forecast for reuse.
#[derive(Debug, Default)]
struct JudgedMemo {
    forecaster: Memo,
    forecast: Forecast,
}

impl<F: Forecaster> Detector for Judged<F> {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        self.forecaster.lookback(axis)
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()> {
        window.check(series.len())?;
        let JudgedMemo {
            forecaster,
            forecast,
        } = memo.get_or_default();
        forecast.set_detail(out.detail());
        if out.detail() > Detail::Columns {
            self.forecaster
                .forecast(series, window, forecaster, forecast)?;
            return self.judge.judge(series, window, forecast, out);
        }
        // By Law 1 a window may be cut anywhere: blocks keep the forecast in the cache.
        let mut columns = out.columns(window.len());
        for start in window.range().step_by(BLOCK) {
            let block = Window::new(series.axis(), start, window.end().min(start + BLOCK))?;
            self.forecaster
                .forecast(series, block, forecaster, forecast)?;
            DetectError::check_rows(forecast.len(), block.len())?;
            forecast.heed_events(series, block);
            let first = start - window.start();
            let mut columns = columns.block(first..first + block.len());
            self.judge.fill(series, block, forecast, &mut columns);
            let levels = forecast.new_levels();
            columns.new_levels.append(levels, 0..block.len(), first);
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        let forecaster = self.forecaster.settings()?;
        Some(format!("{forecaster} judged by {:?}", self.judge))
    }

    fn apart(&self) -> Option<(&dyn Forecaster, Judge)> {
        Some((&self.forecaster, self.judge))
    }
}
