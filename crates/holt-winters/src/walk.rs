//! The forecaster: a model that is fitted anew at instants of the calendar.
//!
//! ```text
//! r  the last refit at or before bucket i, by the calendar
//! fit to the values of the `span` buckets before r, from the same starts each time
//! states go on from r to i; ŷ_i one step ahead, more after gaps
//! width_i = width of the position of i · √(variance ahead)
//! ```
//!
//! Where the history is smoothed, what is learnt from a bucket is known `delay` later: states lag that
//! far behind, ŷ_i is so many steps more ahead, and widths are those of raw values against it.
//!
//! Nothing depends on where a window starts, nor on what lies before `r − span`. A span that does
//! not train, or a value for a gap, that becomes known after a refit counts from then on: what it
//! touches is fitted anew.

use std::ops::Range;

use tuatara_core::{
    Fact, Forecast, ForecastColumns, Forecaster, Lookback, Memo, NewLevel, Readiness, Result,
    Shift, Short, Window, past,
};
use tuatara_frame::{Duration, SeriesView, TimeAxis};

use crate::clock::{Refit, places};
use crate::detect::{Evidence, detect_period};
use crate::fingerprint::Fingerprint;
use crate::fit::Asked;
use crate::learned::{Going, Judged, Learned, Outliers, Robustness};
use crate::plan::{Periods, Plan};
use crate::recurrence::{Place, expected_ahead};
use crate::smoother::Smoothing;
use crate::steady::Heard;
use crate::trace;
use crate::width::Width;
use crate::{FitSettings, Model, Residuals, Season, Trend};

/// Fits that a memo keeps.
const KEPT: usize = 4;

/// Expects what Holt-Winters smoothing, fitted anew at instants of the calendar, forecasts; the
/// unit width is the usual residual at the position of the season, growing over gaps.
///
/// Internals: `level`, `trend`, `season`, `season_long` (as they entered the expectation),
/// `alpha`, `beta`, `gamma`, `gamma_long`, `phi`, `rho`, `deviation` (of the last value from level
/// and season), `sse`, `n_train`, `season_kind`: 0 none, 1 additive, 2 multiplicative; and
/// `adopted`, where a bucket is the last of those that make a new level: by how much more, or how many
/// times as much where the season multiplies; NaN elsewhere.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HoltWinters {
    /// How the level moves on; where it is `None`, additively on data of days and coarser, and damped
    /// on finer.
    pub trend: Option<Trend>,
    /// What repeats; where it is `None`, a multiplicative season on data of days and coarser, and on
    /// finer whichever of the two kinds has the smaller squared error.
    pub season: Option<Season>,
    /// What is left of a deviation one bucket later; where it is `None`, nothing on data of days and
    /// coarser, and on finer the residuals are autocorrelated.
    pub residuals: Option<Residuals>,
    /// How long the seasons are.
    pub periods: Periods,
    /// How much history a fit sees; by granularity where it is `None`: see [`Periods`].
    pub lookback: Option<Duration>,
    /// When it is fitted anew; [`Refit::customary`] where it is `None`.
    pub refit: Option<Refit>,
    /// Weights that are given, and what looks for the others.
    pub fit: FitSettings,
    /// What becomes of values that stand out from the history.
    pub outliers: Outliers,
    /// After how long a new level is adopted; by granularity where it is `None`: seven days of days,
    /// one day of finer data, four buckets of coarser.
    pub adopt_after: Option<Duration>,
    /// Whether the history is smoothed before it is learnt from.
    pub smoothing: Smoothing,
    /// What a unit of width is.
    pub width: Width,
}

/// What is kept between calls: fits, by what they were made from.
#[derive(Debug, Default)]
struct Kept {
    fits: Vec<(Fingerprint, Option<Trained>)>,
}

/// A fit at a refit instant.
#[derive(Debug, Clone)]
pub(crate) struct Trained {
    pub(crate) learned: Learned,
    pub(crate) evidence: Option<Evidence>,
    /// Factor on every unit width.
    pub(crate) factor: f64,
}

/// The rows of a window that one fit serves, and what it is made from.
struct Segment {
    rows: Range<usize>,
    refit: usize,
    from: usize,
    /// The first bucket that the fit does not see: earlier than the refit where a smoothed value is
    /// known later than its bucket.
    until: usize,
}

impl HoltWinters {
    fn plan(&self, axis: &TimeAxis) -> Result<Plan> {
        let plan = Plan::of(
            axis,
            (self.trend, self.season, self.residuals),
            &self.periods,
            self.lookback,
            self.refit,
            self.adopt_after,
        )?;
        Ok(plan.smoothed(self.smoothing, axis.granularity()))
    }

    /// The rows of `window` cut at refits and where something becomes known; those before the
    /// first refit on the axis have their own first row as one, without anything before it.
    fn segments(plan: &Plan, series: SeriesView<'_>, window: Window) -> Vec<Segment> {
        let axis = series.axis();
        let mut segments: Vec<Segment> = Vec::new();
        for rows in past::stretches_of_history(series, window) {
            let mut start = rows.start;
            let mut refit = plan.refit.of(axis, start);
            for i in rows.start + 1..=rows.end {
                let next = if i < rows.end {
                    plan.refit.of(axis, i)
                } else {
                    i64::MIN
                };
                if next != refit {
                    let at = usize::try_from(refit).unwrap_or(0);
                    segments.push(Segment {
                        rows: start..i,
                        refit: at,
                        from: at.saturating_sub(plan.span),
                        until: at
                            .saturating_sub(plan.delay())
                            .max(at.saturating_sub(plan.span)),
                    });
                    (start, refit) = (i, next);
                }
            }
        }
        segments
    }

    /// What the fit of `segment` is made from.
    fn training(plan: &Plan, series: SeriesView<'_>, segment: &Segment, out: &mut Vec<f64>) {
        let as_of = segment.rows.start;
        match plan.smoother {
            None => past::learnt_into(series, segment.from..segment.until, as_of, out),
            Some(smoother) => {
                out.clear();
                let buckets = segment.from..segment.until;
                out.extend(buckets.map(|j| smoother.at(series, j, as_of)));
            }
        }
    }

    fn train(
        &self,
        plan: &Plan,
        series: SeriesView<'_>,
        segment: &Segment,
        values: &[f64],
    ) -> Option<Trained> {
        let axis = series.axis();
        let mut model = plan.model;
        let mut evidence = None;
        if let Some(longest) = plan.detect {
            let first = values.iter().position(|y| !y.is_nan())?;
            let found = detect_period(&values[first..], longest);
            model = found.model(plan.model);
            evidence = Some(found);
        }
        let places = places(model, axis, segment.from..segment.refit);
        let mut raw = Vec::new();
        if plan.smoother.is_some() {
            past::learnt_into(
                series,
                segment.from..segment.refit,
                segment.rows.start,
                &mut raw,
            );
        }
        let calibrated = self.width.is_calibrated();
        let robustness = Robustness {
            outliers: self.outliers,
            adopt: plan.adopt,
        };
        let judged = Judged {
            raw: plan.smoother.map(|_| raw.as_slice()),
            delay: plan.delay(),
            calibrated,
        };
        let model = Asked {
            model,
            kind: plan.kind,
        };
        let learned = Learned::from(model, values, &places, &self.fit, robustness, judged).ok()?;
        Some(Trained {
            factor: self.width.factor(&learned.calibration),
            learned,
            evidence,
        })
    }

    fn fill(
        plan: &Plan,
        series: SeriesView<'_>,
        segment: &Segment,
        trained: &Trained,
        first: usize,
        columns: &mut ForecastColumns<'_>,
    ) {
        let learned = &trained.learned;
        let fit = learned.fit();
        let model = fit.model();
        let Segment {
            rows, refit, until, ..
        } = segment;
        let delay = refit - until;
        let places = places(model, series.axis(), *until..rows.end);
        let mut going = learned.going();
        let weights = fit.all_weights();
        for i in *refit..rows.end {
            let place = places[i - until];
            if i >= rows.start {
                let row = i - first;
                let expected = expected_ahead(model, &weights, &going.state, delay + 1, place);
                let expected = expected * fit.scale();
                let width = learned.widths[place[0] as usize] * going.uncertainty.factor();
                let width = width * trained.factor * going.steady.spread();
                if expected.is_finite() && width.is_finite() {
                    columns.expected[row] = expected;
                    columns.width[row] = width;
                } else {
                    columns.expected[row] = f64::NAN;
                    columns.width[row] = 0.0;
                }
                if columns.internals.wanted() {
                    internals(columns, row, trained, &going, place);
                }
                if let Some(facts) = columns.facts.get_mut(row) {
                    let mut values = Vec::new();
                    Self::training(plan, series, segment, &mut values);
                    let training = trace::Training {
                        axis: series.axis(),
                        from: segment.from,
                        refit: *refit,
                        delay,
                        values: &values,
                    };
                    trace::explain(trained, &training, &going, place, facts);
                }
            }
            let as_of = i.max(rows.start);
            let value = match plan.smoother {
                None => past::learnt(series, i, as_of),
                Some(smoother) => smoother.at(series, i - delay, as_of),
            };
            let heard = learned.advance(&mut going, value, places[i - delay - until]);
            if let Heard::Adopted(NewLevel { buckets, shift }) = heard
                && i >= rows.start
            {
                let row = i - first;
                let buckets = buckets + delay;
                columns.new_levels.set(row, NewLevel { buckets, shift });
                if columns.internals.wanted() {
                    let (Shift::By(moved) | Shift::Times(moved)) = shift;
                    columns.internals.column("adopted")[row] = moved;
                }
                if let Some(facts) = columns.facts.get_mut(row) {
                    let told = format!("with this bucket a new level is adopted: {shift}");
                    facts.push(Fact::Remark(told));
                }
            }
            if let Heard::Widened(times) = heard
                && i >= rows.start
                && let Some(facts) = columns.facts.get_mut(i - first)
            {
                let told = format!(
                    "with this bucket most of the last stand out: residuals are {} times as wide",
                    Short(times)
                );
                facts.push(Fact::Remark(told));
            }
        }
    }

    /// What this forecaster makes fits from, beside the values.
    fn fingerprint(
        &self,
        plan: &Plan,
        axis: &TimeAxis,
        segment: &Segment,
        values: &[f64],
    ) -> Fingerprint {
        let absolute = |i: usize| axis.ordinal().wrapping_add(i64::try_from(i).unwrap_or(0)) as u64;
        let mut print = Fingerprint::new();
        let text = format!("{self:?}{plan:?}{:?}{}", axis.granularity(), axis.zone());
        print.text(&text);
        print.number(absolute(segment.refit));
        print.number(absolute(segment.from));
        values.iter().for_each(|y| print.number(y.to_bits()));
        print
    }
}

fn internals(
    columns: &mut ForecastColumns<'_>,
    row: usize,
    trained: &Trained,
    going: &Going,
    place: Place,
) {
    let fit = trained.learned.fit();
    let model: Model = fit.model();
    let unit = match model.season() {
        Season::Multiplicative => 1.0,
        _ => fit.scale(),
    };
    let [alpha, beta, gamma, gamma_long, phi, rho] = fit.all_weights();
    let kind = match model.season() {
        Season::None => 0.0,
        Season::Additive => 1.0,
        Season::Multiplicative => 2.0,
    };
    let state = &going.state;
    let mut put = |name, value| columns.internals.column(name)[row] = value;
    put("level", state.level * fit.scale());
    put("trend", state.trend * fit.scale());
    put("season", state.seasons[0][place[0] as usize] * unit);
    put("season_long", state.seasons[1][place[1] as usize] * unit);
    put("alpha", alpha);
    put("beta", beta);
    put("gamma", gamma);
    put("gamma_long", gamma_long);
    put("phi", phi);
    put("rho", rho);
    put("deviation", state.deviation * fit.scale());
    put("sse", fit.sse());
    put("n_train", fit.counted() as f64);
    put("season_kind", kind);
    put("adopted", f64::NAN);
}

/// Rows without a fit: too little history, or too many holes in it.
fn unready(
    plan: &Plan,
    values: &[f64],
    segment: &Segment,
    first: usize,
    columns: &mut ForecastColumns<'_>,
) {
    let need = plan.model.shortest_history();
    let begin = values.iter().position(|y| !y.is_nan());
    let have = begin.map_or(0, |begin| values.len() - begin);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    for i in segment.rows.clone() {
        let row = i - first;
        columns.expected[row] = f64::NAN;
        columns.width[row] = 0.0;
        let why = if have < need {
            Readiness::WarmingUp {
                have: small(have),
                need: small(need),
            }
        } else {
            Readiness::NoBaseline
        };
        columns.unready.set(row, why);
        if let Some(facts) = columns.facts.get_mut(row) {
            facts.push(Fact::Remark(format!(
                "no model: {have} buckets of history at the refit, two seasons are {need}, with a \
                 value at every position"
            )));
        }
    }
}

impl Forecaster for HoltWinters {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        let plan = self.plan(axis)?;
        Ok(Lookback::buckets(plan.reach(axis.granularity())))
    }

    fn forecast(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()> {
        window.check(series.len())?;
        let axis = series.axis();
        let plan = self.plan(axis)?;
        let kept = &mut memo.get_or_default::<Kept>().fits;
        let mut columns = out.columns(window.len());
        let mut values = Vec::new();
        for segment in Self::segments(&plan, series, window) {
            Self::training(&plan, series, &segment, &mut values);
            let print = self.fingerprint(&plan, axis, &segment, &values);
            let at = match kept.iter().position(|(known, _)| *known == print) {
                Some(at) => at,
                None => {
                    if kept.len() == KEPT {
                        kept.remove(0);
                    }
                    kept.push((print, self.train(&plan, series, &segment, &values)));
                    kept.len() - 1
                }
            };
            match &kept[at].1 {
                Some(trained) => {
                    Self::fill(
                        &plan,
                        series,
                        &segment,
                        trained,
                        window.start(),
                        &mut columns,
                    );
                }
                None => unready(&plan, &values, &segment, window.start(), &mut columns),
            }
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
