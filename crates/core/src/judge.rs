//! Turns an expectation and an observation into score and verdict.
//!
//! ```text
//! w     = max(factor · width, minAbs, minRel · |ŷ|)      of those that are set; ∞ if none is
//! lower = ŷ − w   where DOWN counts, else −∞
//! upper = ŷ + w   where UP counts,   else +∞
//! anomalous  ⇔  y < lower  or  y > upper                 the edge itself is normal
//! ```
//!
//! The score is [`score::of_band`](crate::score::of_band), 0 on a side that does not count.

use tuatara_frame::SeriesView;

use crate::evaluation::EvaluationColumns;
use crate::{
    DetectError, Detail, Direction, Evaluation, Fact, Forecast, Pattern, Readiness, Result, Row,
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
    factor: Option<f64>,
    min_abs: Option<f64>,
    min_rel: Option<f64>,
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
        let factor = Some(not_negative("factor", factor)?);
        Ok(Self { factor, ..self })
    }

    /// The band reaches at least `width` to a side, in units of the metric. In [0, ∞).
    ///
    /// # Errors
    /// [`DetectError::Setting`] outside that range.
    pub fn with_min_abs(self, width: f64) -> Result<Self> {
        let min_abs = Some(not_negative("minAbs", width)?);
        Ok(Self { min_abs, ..self })
    }

    /// The band reaches at least `fraction` of |expected| to a side: 0.1 is 10 %. In [0, ∞).
    ///
    /// # Errors
    /// [`DetectError::Setting`] outside that range.
    pub fn with_min_rel(self, fraction: f64) -> Result<Self> {
        let min_rel = Some(not_negative("minRel", fraction)?);
        Ok(Self { min_rel, ..self })
    }

    /// The sides that count.
    pub fn pattern(&self) -> Pattern {
        self.pattern
    }

    /// Half-width of the band for an expectation and the forecaster's unit width.
    #[inline]
    pub fn width(&self, expected: f64, unit: f64) -> f64 {
        let mut width = f64::NEG_INFINITY;
        if let Some(factor) = self.factor {
            width = width.max(factor * unit);
        }
        if let Some(min_abs) = self.min_abs {
            width = width.max(min_abs);
        }
        if let Some(min_rel) = self.min_rel {
            width = width.max(min_rel * expected.abs());
        }
        if width < 0.0 { f64::INFINITY } else { width }
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

    /// Judges every bucket of `window` and fills `out`: one row per row of `forecast`.
    ///
    /// # Errors
    /// [`DetectError::Window`] when the window does not lie on the axis.
    ///
    /// # Panics
    /// When `forecast` does not have one row per bucket of `window`: a forecaster broke its
    /// contract.
    pub fn judge(
        &self,
        series: SeriesView<'_>,
        window: Window,
        forecast: &mut Forecast,
        out: &mut Evaluation,
    ) -> Result<()> {
        window.check(series.len())?;
        assert_eq!(
            forecast.len(),
            window.len(),
            "a forecaster fills one row per bucket of the window"
        );
        let detail = out.detail();
        let mut columns = out.columns(window.len());
        self.fill(series, window, forecast, &mut columns);
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

    fn fill(
        &self,
        series: SeriesView<'_>,
        window: Window,
        forecast: &Forecast,
        columns: &mut EvaluationColumns<'_>,
    ) {
        let rows = window.len();
        let complete = series
            .complete_len()
            .clamp(window.start(), window.end())
            .saturating_sub(window.start());
        let range = series.range();
        columns
            .observed
            .copy_from_slice(&series.values()[window.range()]);
        columns.expected.copy_from_slice(forecast.expected());
        // Equal lengths, said once, so that the loop needs no checks.
        let observed = &columns.observed[..rows];
        let expected = &columns.expected[..rows];
        let unit = &forecast.width()[..rows];
        let readiness = &forecast.readiness()[..rows];
        let (lower, upper) = (&mut columns.lower[..rows], &mut columns.upper[..rows]);
        let (scores, verdicts) = (&mut columns.score[..rows], &mut columns.verdict[..rows]);
        for i in 0..rows {
            let ready = readiness[i] == Readiness::Ready;
            let width = self.width(expected[i], unit[i]);
            (lower[i], upper[i]) = if ready {
                self.edges(expected[i], width)
            } else {
                (f64::NAN, f64::NAN)
            };
            let y = observed[i];
            let judged = ready && i < complete && !y.is_nan() && range.is_none_or(|r| r.contains(y));
            (scores[i], verdicts[i]) = if judged {
                self.score_within(y, expected[i], width, lower[i], upper[i])
            } else {
                let in_range = range.is_none_or(|r| r.contains(y));
                let why = unjudged_because(i < complete, y, in_range, readiness[i]);
                (f64::NAN, why.expect("a row that is not judged has a reason"))
            };
        }
    }

    /// Adds which setting gave the band its width.
    fn explain(&self, expected: f64, unit: f64, facts: &mut Vec<Fact>) {
        if expected.is_nan() {
            return;
        }
        let width = self.width(expected, unit);
        let candidates = [
            ("factor", self.factor, self.factor.map(|k| k * unit)),
            ("minAbs", self.min_abs, self.min_abs),
            (
                "minRel",
                self.min_rel,
                self.min_rel.map(|r| r * expected.abs()),
            ),
        ];
        for (name, setting, reach) in candidates {
            if let (Some(setting), Some(reach)) = (setting, reach)
                && reach >= width
            {
                facts.push(Fact::Width {
                    name,
                    setting,
                    width,
                });
                return;
            }
        }
    }
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

fn not_negative(field: &'static str, value: f64) -> Result<f64> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(DetectError::Setting {
        field,
        value,
        range: "[0, ∞)",
        fix: "leave it out for none",
    })
}
