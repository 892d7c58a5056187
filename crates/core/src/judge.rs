//! Turns an expectation and an observation into score and verdict.
//!
//! ```text
//! ŷ, width               what was forecast, times the factors of the events in the bucket
//! w     = max(factor · width, minAbs, minRel · |ŷ|)      of those that are set; ∞ if none is
//! lower = ŷ − w   where DOWN counts, else −∞
//! upper = ŷ + w   where UP counts,   else +∞
//! anomalous  ⇔  y < lower  or  y > upper                 the edge itself is normal
//! ```
//!
//! The score is [`score::of_band`], 0 on a side that does not count.

use tuatara_frame::SeriesView;

use crate::evaluation::EvaluationColumns;
use crate::stretch::{Reach, Stretch, larger};
use crate::{
    Detail, DetectError, Direction, Evaluation, Fact, Forecast, Pattern, Readiness, Result, Row,
    Verdict, Window, score,
};

/// Width, direction, edges and floors of a band. Pure: the same for every forecaster.
///
/// Without a factor or floor the band is open and nothing is anomalous.
///
/// ```
/// use tuatara_core::{Judge, Pattern};
///
/// // More than 10 % below what was expected.
/// let judge = Judge::new(Pattern::Down).with_min_rel(0.1)?;
/// let row = judge.row(85.0, 100.0, 0.0);
/// assert_eq!((row.lower, row.upper), (90.0, f64::INFINITY));
/// assert_eq!((row.score, row.verdict.is_anomalous()), (1.5, true));
/// # Ok::<(), tuatara_core::DetectError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Judge {
    pattern: Pattern,
    factor: Option<Setting>,
    min_abs: Option<Setting>,
    min_rel: Option<Setting>,
}

/// A number, and what a configuration calls it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Setting {
    name: &'static str,
    value: f64,
}

impl Judge {
    /// An open band on the sides of `pattern`.
    pub fn new(pattern: Pattern) -> Self {
        Self {
            pattern,
            ..Self::default()
        }
    }

    /// The band reaches `factor` unit widths of the forecaster. In [0, ∞).
    ///
    /// # Errors
    /// [`DetectError::Setting`] outside that range.
    pub fn with_factor(self, factor: f64) -> Result<Self> {
        let factor = Some(setting("factor", factor)?);
        Ok(Self { factor, ..self })
    }

    /// The band reaches at least `width` to a side, in units of the metric. In [0, ∞).
    ///
    /// # Errors
    /// [`DetectError::Setting`] outside that range.
    pub fn with_min_abs(self, width: f64) -> Result<Self> {
        self.with_min_abs_of("minAbs", width)
    }

    /// The same, where a configuration, and so explanations and errors, call it `name`.
    ///
    /// # Errors
    /// [`DetectError::Setting`] outside that range.
    pub fn with_min_abs_of(self, name: &'static str, width: f64) -> Result<Self> {
        let min_abs = Some(setting(name, width)?);
        Ok(Self { min_abs, ..self })
    }

    /// The band reaches at least `fraction` of |expected| to a side: 0.1 is 10 %. In [0, ∞).
    ///
    /// # Errors
    /// [`DetectError::Setting`] outside that range.
    pub fn with_min_rel(self, fraction: f64) -> Result<Self> {
        self.with_min_rel_of("minRel", fraction)
    }

    /// The same, where a configuration, and so explanations and errors, call it `name`.
    ///
    /// # Errors
    /// [`DetectError::Setting`] outside that range.
    pub fn with_min_rel_of(self, name: &'static str, fraction: f64) -> Result<Self> {
        let min_rel = Some(setting(name, fraction)?);
        Ok(Self { min_rel, ..self })
    }

    /// The sides that count.
    pub fn pattern(&self) -> Pattern {
        self.pattern
    }

    /// Half-width of the band for an expectation and the forecaster's unit width.
    #[inline]
    pub fn width(&self, expected: f64, unit: f64) -> f64 {
        if self.is_open() {
            return f64::INFINITY;
        }
        let of_unit = value_of(self.factor) * unit;
        let of_expected = value_of(self.min_rel) * expected.abs();
        larger(larger(of_unit, value_of(self.min_abs)), of_expected)
    }

    fn is_open(&self) -> bool {
        self.factor.is_none() && self.min_abs.is_none() && self.min_rel.is_none()
    }

    /// Judges one value against one expectation; both are finite, `unit` is not negative.
    #[inline]
    pub fn row(&self, observed: f64, expected: f64, unit: f64) -> Row {
        let width = self.width(expected, unit);
        let (lower, upper) = self.edges(expected, width);
        let (score, verdict) = self.score_within(observed, expected, width, lower, upper);
        Row {
            observed,
            expected,
            lower,
            upper,
            score,
            verdict,
        }
    }

    #[inline]
    fn edges(&self, expected: f64, width: f64) -> (f64, f64) {
        let lower = if self.pattern.admits_down() {
            expected - width
        } else {
            f64::NEG_INFINITY
        };
        let upper = if self.pattern.admits_up() {
            expected + width
        } else {
            f64::INFINITY
        };
        (lower, upper)
    }

    #[inline]
    fn score_within(
        &self,
        observed: f64,
        expected: f64,
        width: f64,
        lower: f64,
        upper: f64,
    ) -> (f64, Verdict) {
        if observed > upper {
            let score = score::of_band(observed, expected, width, true);
            return (score, Verdict::Anomalous(Direction::Up));
        }
        if observed < lower {
            let score = score::of_band(observed, expected, width, true);
            return (score, Verdict::Anomalous(Direction::Down));
        }
        let counts = if observed > expected {
            self.pattern.admits_up()
        } else {
            self.pattern.admits_down()
        };
        let score = if counts {
            score::of_band(observed, expected, width, false)
        } else {
            0.0
        };
        (score, Verdict::Normal)
    }

    /// Judges every bucket of `window` and fills `out`: one row per row of `forecast`, which is
    /// multiplied by the [factors](SeriesView::factors) of events once, however often it is judged.
    ///
    /// # Errors
    /// [`DetectError::Window`] when the window does not lie on the axis, [`DetectError::Rows`] when
    /// `forecast` does not have one row per bucket of it.
    pub fn judge(
        &self,
        series: SeriesView<'_>,
        window: Window,
        forecast: &mut Forecast,
        out: &mut Evaluation,
    ) -> Result<()> {
        window.check(series.len())?;
        DetectError::check_rows(forecast.len(), window.len())?;
        forecast.heed_events(series, window);
        let detail = out.detail();
        let mut columns = out.columns(window.len());
        self.fill(series, window, forecast, &mut columns);
        let levels = forecast.new_levels();
        columns.new_levels.append(levels, 0..forecast.len(), 0);
        if detail == Detail::Columns {
            return Ok(());
        }
        let (internals, mut facts) = forecast.take_evidence();
        for (i, facts) in facts.iter_mut().enumerate() {
            self.explain(forecast.expected()[i], forecast.width()[i], facts);
        }
        out.put_evidence(internals, facts);
        Ok(())
    }

    /// Fills `columns`, one row per bucket of `window` and per row of `forecast`, which has heeded
    /// events.
    pub(crate) fn fill(
        &self,
        series: SeriesView<'_>,
        window: Window,
        forecast: &Forecast,
        columns: &mut EvaluationColumns<'_>,
    ) {
        let stretch = Stretch {
            judge: self,
            reach: self.reach(),
            values: &series.values()[window.range()],
            forecast,
            complete: series.complete_len().saturating_sub(window.start()),
            range: series.range(),
        };
        match (self.pattern, forecast.is_without_width()) {
            (Pattern::Up, true) => stretch.fill::<true, false, false>(columns),
            (Pattern::Up, false) => stretch.fill::<true, false, true>(columns),
            (Pattern::Down, true) => stretch.fill::<false, true, false>(columns),
            (Pattern::Down, false) => stretch.fill::<false, true, true>(columns),
            (Pattern::UpOrDown, true) => stretch.fill::<true, true, false>(columns),
            (Pattern::UpOrDown, false) => stretch.fill::<true, true, true>(columns),
        }
    }

    fn reach(&self) -> Reach {
        let min_abs = if self.is_open() {
            f64::INFINITY
        } else {
            value_of(self.min_abs)
        };
        Reach {
            factor: value_of(self.factor),
            min_abs,
            min_rel: value_of(self.min_rel),
        }
    }

    /// Adds which setting gave the band its width.
    fn explain(&self, expected: f64, unit: f64, facts: &mut Vec<Fact>) {
        if expected.is_nan() {
            return;
        }
        let width = self.width(expected, unit);
        let reaches = [
            (self.factor, value_of(self.factor) * unit),
            (self.min_abs, value_of(self.min_abs)),
            (self.min_rel, value_of(self.min_rel) * expected.abs()),
        ];
        for (setting, reach) in reaches {
            if let Some(Setting { name, value }) = setting
                && reach >= width
            {
                facts.push(Fact::Width {
                    name,
                    setting: value,
                    width,
                });
                return;
            }
        }
    }
}

/// What is not set reaches no further than 0.
#[inline]
fn value_of(setting: Option<Setting>) -> f64 {
    setting.map_or(0.0, |setting| setting.value)
}

/// The verdict of a bucket that cannot be judged, or `None` when it can: for detectors that do
/// not use a [`Judge`].
///
/// `in_range` says whether the value lies inside the range declared for the metric.
pub fn unjudged_because(
    complete: bool,
    observed: f64,
    in_range: bool,
    readiness: Readiness,
) -> Option<Verdict> {
    if !complete {
        Some(Verdict::Incomplete)
    } else if observed.is_nan() {
        Some(Verdict::Missing)
    } else if !in_range {
        Some(Verdict::OutOfRange)
    } else {
        match readiness {
            Readiness::Ready => None,
            Readiness::NoBaseline => Some(Verdict::NoBaseline),
            Readiness::WarmingUp { have, need } => Some(Verdict::WarmingUp { have, need }),
        }
    }
}

fn setting(name: &'static str, value: f64) -> Result<Setting> {
    if value.is_finite() && value >= 0.0 {
        return Ok(Setting { name, value });
    }
    Err(DetectError::Setting {
        field: name,
        value,
        range: "[0, ∞)",
        fix: "leave it out for none",
    })
}
