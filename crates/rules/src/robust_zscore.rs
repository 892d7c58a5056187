//! `ROBUST_ZSCORE`: a bucket is many robust deviations away from the median of its past.
//!
//! ```text
//! x₁ … xₙ  the values of the lookback before the bucket, itself left out
//! ŷ = median xᵢ        s = 1.4826 · median |xᵢ − ŷ|, or P₉₀ |xᵢ − ŷ| / 1.6449 where that is 0
//! w = max(threshold · s, minAbs, minRel · |ŷ|)
//! anomalous  ⇔  y < ŷ − w where DOWN counts,  or  y > ŷ + w where UP counts
//! ```
//!
//! Both scales are the standard deviation where values are normal: 1.4826 = 1/Φ⁻¹(3/4), 1.6449 =
//! Φ⁻¹(0.95). The second, from the distance that nine values in ten do not exceed, serves series
//! most of whose values are equal, of which the first has nothing to say. What both call 0, and
//! what is small beside the value itself, is for `minAbs` and `minRel`: a flat series is not
//! anomalous because of a breath.
//!
//! With `season` the xᵢ are those at the same local time, one, two, … seasons before, and their
//! neighbours up to `around` on either side. `lookback` then says how many seasons.
//!
//! There is no expectation with fewer than `minValues` values. Nothing is estimated from the bucket
//! under judgement, so no value can widen its own band.
//!
//! The median and both scales are ranks of the values, whatever the order in which they came: the
//! row is the same wherever a window starts. The values are kept in order while the window moves on:
//! one comes and one goes for a bucket, with `season` one for each season, at `O(B + n/B)` each,
//! blocks of B = 256 among n values. Where a clock changes, or it becomes known that values do not
//! count, those of the season are sorted anew.
//!
//! Source: B. Iglewicz, D. Hoaglin, *How to Detect and Handle Outliers* (1993), §3.3, the modified
//! z-score with its limit of 3.5. Departs from it: the value judged is left out; floors; where the
//! median distance is 0 a farther one serves instead of the mean.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Bounds, BuildContext, DetectError, Detector, Fact, Forecast, ForecastColumns, Forecaster,
    Judge, Judged, Lookback, Memo, ParamDoc, ParamError, Params, Pattern, Readiness, Result, Short,
    TextForm, Window,
};
use tuatara_frame::{Duration, Granularity, Lag, LagUnit, SeriesView, TimeAxis};

use crate::baseline_params::not_negative;
use crate::duration_param::{buckets_within, duration, duration_from};
use crate::reached_values::Reached;
use crate::sorted_values::SortedValues;
use tuatara_core::past::{learnt, measured, stretches, stretches_of_history};

/// Deviations in one median distance of normal values: 1/Φ⁻¹(3/4).
const OF_MEDIAN: f64 = 1.482_602_218_505_602;
/// Deviations that nine in ten of normal values do not exceed: Φ⁻¹(0.95).
const OF_NINE_TENTHS: f64 = 1.644_853_626_951_472_2;
const DAY: i64 = 86_400_000;
/// Lookback without a season.
const DAYS: u32 = 28;
/// Seasons of lookback with one, and the most.
const SEASONS: i64 = 12;
const MOST_SEASONS: i64 = 1000;

/// Parameters of `ROBUST_ZSCORE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct RobustZscoreParams {
    /// Half-width of the band in robust deviations. In [0, ∞); 3.5 by default.
    pub threshold: f64,
    /// How far back values are looked at: ISO 8601 (`P28D`) or short (`28d`). `P28D` by default,
    /// twelve seasons with `season`.
    pub lookback: Option<String>,
    /// Compare with the same local time this many whole days before, and twice, three times as
    /// many: `P7D` or `P1D`. Unset by default, and then all values of the lookback count.
    pub season: Option<String>,
    /// With `season`, how far the values beside that time count, too. Shorter than half a season;
    /// `PT1H` by default.
    pub around: String,
    /// Values there must be for an expectation. In 3 to 100 000; 8 by default.
    pub min_values: u32,
    /// The deviation that is normal in any case, in units of the metric. In [0, ∞); 0 by default,
    /// as units differ.
    pub min_abs: f64,
    /// The deviation that is normal in any case, as a fraction of the expectation. In [0, ∞); 0.02
    /// by default.
    pub min_rel: f64,
    /// The sides that count. Both by default.
    pub pattern: Pattern,
}

impl Default for RobustZscoreParams {
    fn default() -> Self {
        Self {
            threshold: 3.5,
            lookback: None,
            season: None,
            around: "PT1H".to_owned(),
            min_values: 8,
            min_abs: 0.0,
            min_rel: 0.02,
            pattern: Pattern::default(),
        }
    }
}

impl RobustZscoreParams {
    fn season(&self) -> Result<Option<Season>, ParamError> {
        const REMEDY: &str = "P7D for weeks, P1D for days";
        let around = duration("around", &self.around)?;
        let Some(text) = &self.season else {
            return Ok(None);
        };
        let season = duration_from("season", text, Duration::days(1), REMEDY)?;
        if season.millis() % DAY != 0 || season > Duration::days(366) {
            let allowed = "whole days from P1D to P366D";
            return Err(ParamError::new("season", text, allowed, REMEDY));
        }
        if around.millis() >= season.millis() / 2 {
            return Err(ParamError::new(
                "around",
                &self.around,
                format!("a duration shorter than half of season, which is {season}"),
                "PT0S means that very time alone",
            ));
        }
        let lookback = match &self.lookback {
            Some(text) => duration("lookback", text)?,
            None => return Ok(Some(Season::new(season, around, SEASONS))),
        };
        let seasons = lookback.millis() / season.millis();
        if (1..=MOST_SEASONS).contains(&seasons) {
            return Ok(Some(Season::new(season, around, seasons)));
        }
        Err(ParamError::new(
            "lookback",
            lookback,
            format!("1 to {MOST_SEASONS} seasons, each {season}"),
            format!("{SEASONS} seasons are customary"),
        ))
    }
}

impl Params for RobustZscoreParams {
    const TYPE: &'static str = "ROBUST_ZSCORE";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str = "a bucket is many robust deviations away from the median";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("threshold", "half-width of the band, in robust deviations").default("3.5").within(Bounds::at_least(0.0)),
        ParamDoc::new("lookback", "how far back values count").default("`P28D`, or 12 seasons").text(TextForm::DURATION),
        ParamDoc::new("season", "compare with the same local time 1, 2, … times this long ago: whole days, `P7D` or `P1D`").text(TextForm::DURATION),
        ParamDoc::new("around", "with `season`, how far the values beside that time count, too; less than half a season").default("`PT1H`").text(TextForm::DURATION),
        ParamDoc::new("minValues", "values there must be for an expectation").default("8").within(Bounds::closed(3.0, 100_000.0)),
        ParamDoc::new("minAbs", "the deviation that is always normal, in units of the metric").default("0").within(Bounds::at_least(0.0)),
        ParamDoc::new("minRel", "the deviation that is always normal, as a fraction of the expectation").default("0.02").within(Bounds::at_least(0.0)),
        ParamDoc::new("pattern", "the sides that count").default("`UP_OR_DOWN`"),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        const FLOOR: &str = "0 means none";
        let threshold = ("threshold", self.threshold, "3.5 is customary");
        let floors = [
            ("minAbs", self.min_abs, FLOOR),
            ("minRel", self.min_rel, FLOOR),
        ];
        for (key, value, remedy) in floors.into_iter().chain([threshold]) {
            if not_negative(key, Some(value), remedy)?.is_none() {
                return Err(ParamError::new(key, value, "a number in [0, ∞)", remedy));
            }
        }
        if !(3..=100_000).contains(&self.min_values) {
            return Err(ParamError::new(
                "minValues",
                self.min_values,
                "a whole number from 3 to 100000",
                "8 is customary",
            ));
        }
        let season = self.season()?;
        let lookback = match &self.lookback {
            Some(text) => duration("lookback", text)?,
            None => Duration::days(DAYS),
        };
        let forecaster = RobustLevel {
            lookback,
            season,
            min_values: self.min_values as usize,
        };
        let judge = Judge::new(self.pattern)
            .with_factor(self.threshold)
            .and_then(|judge| judge.with_min_abs(self.min_abs))
            .and_then(|judge| judge.with_min_rel(self.min_rel))
            .map_err(|error| {
                ParamError::new("threshold", self.threshold, "[0, ∞)", error.to_string())
            })?;
        Ok(Box::new(Judged::new(forecaster, judge)))
    }
}

/// The same local time, some whole days before, and its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Season {
    days: u32,
    around: Duration,
    count: u32,
}

impl Season {
    fn new(season: Duration, around: Duration, count: i64) -> Self {
        let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            days: small(season.millis() / DAY),
            around,
            count: small(count),
        }
    }

    /// The lag of `count` seasons.
    fn lag(self, count: u32) -> Lag {
        let days = self.days.saturating_mul(count).max(1);
        Lag::new(days, LagUnit::Days).expect("one day and more is a lag")
    }

    /// Whether a bucket of `axis` is compared with whole buckets.
    fn fits(self, axis: &TimeAxis) -> bool {
        let season = format!("P{}D", self.days).parse::<Granularity>();
        season.is_ok_and(|season| axis.granularity().divides(season))
    }
}

/// Expects the median of the past; the unit width is a robust standard deviation.
///
/// Internals: `values_found`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RobustLevel {
    lookback: Duration,
    season: Option<Season>,
    min_values: usize,
}

/// Median and robust deviation of `values`; `None` of nothing.
fn level(values: &SortedValues) -> Option<(f64, f64)> {
    let median = values.median()?;
    let near = values.median_distance(median)?;
    let deviation = if near > 0.0 {
        OF_MEDIAN * near
    } else {
        values.distance_of_nine_tenths(median)? / OF_NINE_TENTHS
    };
    // Values of both signs can lie farther apart than any number.
    Some((median, deviation.min(f64::MAX)))
}

/// Where the search for the first value that can be learnt from goes on: what is hidden stays so,
/// and no gap is filled before the first value.
#[derive(Debug, Default)]
struct Begin(usize);

impl Begin {
    /// How many buckets lie between bucket `i` and the first value in the `reach` before it.
    fn have(&mut self, series: SeriesView<'_>, i: usize, reach: usize) -> usize {
        self.0 = self.0.max(i.saturating_sub(reach));
        while self.0 < i && measured(series, self.0, i).is_nan() {
            self.0 += 1;
        }
        i - self.0
    }
}

impl RobustLevel {
    /// How many buckets beside the same time count, on either side.
    fn around(&self, axis: &TimeAxis) -> usize {
        let around = self
            .season
            .map(|season| buckets_within(season.around, axis));
        around.unwrap_or(0)
    }

    fn reach(&self, axis: &TimeAxis) -> Result<usize> {
        let refused = |field, value, range, fix| DetectError::Setting {
            field,
            value,
            range,
            fix,
        };
        let Some(season) = self.season else {
            let buckets = buckets_within(self.lookback, axis);
            if buckets >= self.min_values {
                return Ok(buckets);
            }
            return Err(refused(
                "lookback",
                buckets as f64,
                "[minValues, ∞), in buckets of the data",
                "lengthen lookback",
            ));
        };
        if !season.fits(axis) {
            return Err(refused(
                "season",
                f64::from(season.days),
                "the days that are a whole number of buckets",
                "leave it out, or choose a granularity that divides it",
            ));
        }
        let at_most = season.count as usize * (2 * self.around(axis) + 1);
        if at_most < self.min_values {
            return Err(refused(
                "minValues",
                self.min_values as f64,
                "[3, values that season, around and lookback give]",
                "lengthen lookback or around",
            ));
        }
        let lag = axis.reach(season.lag(season.count));
        Ok(lag.saturating_add(self.around(axis)))
    }

    /// Buckets of history with which the first expectation can be there.
    fn need(&self, axis: &TimeAxis) -> usize {
        match self.season {
            None => self.min_values,
            Some(season) => {
                let each = 2 * self.around(axis) + 1;
                let seasons = u32::try_from(self.min_values.div_ceil(each)).unwrap_or(u32::MAX);
                axis.reach(season.lag(seasons.min(season.count)))
            }
        }
    }

    fn write(
        &self,
        values: &SortedValues,
        row: usize,
        of: usize,
        columns: &mut ForecastColumns<'_>,
    ) -> bool {
        let found = values.len();
        let enough = found >= self.min_values;
        let level = level(values).filter(|_| enough);
        let (expected, width) = level.unwrap_or((f64::NAN, 0.0));
        columns.expected[row] = expected;
        columns.width[row] = width;
        if columns.internals.wanted() {
            columns.internals.column("values_found")[row] = found as f64;
        }
        if let Some(facts) = columns.facts.get_mut(row) {
            facts.push(Fact::Combined {
                method: "median",
                used: found,
                of,
                required: self.min_values,
            });
            if enough {
                facts.push(Fact::Remark(format!(
                    "a robust deviation is {}",
                    Short(width)
                )));
            }
        }
        enough
    }

    fn by_window(
        &self,
        series: SeriesView<'_>,
        first: usize,
        rows: Range<usize>,
        reached: &mut Reached,
        columns: &mut ForecastColumns<'_>,
    ) {
        let reach = buckets_within(self.lookback, series.axis());
        let mut from = rows.start.saturating_sub(reach);
        reached.hold(series, from, rows.start);
        let known = series.fills();
        let mut fills =
            known[known.partition_point(|fill| fill.known_from() <= rows.start)..].iter();
        let mut fill = fills.next();
        for i in rows.clone() {
            if i > rows.start {
                reached.push(learnt(series, i - 1, i));
                if i > reach {
                    reached.pop();
                    from += 1;
                }
            }
            while let Some(filled) = fill.filter(|fill| fill.known_from() <= i) {
                for j in filled.buckets().filter(|j| (from..i).contains(j)) {
                    reached.put(j - from, learnt(series, j, i));
                }
                fill = fills.next();
            }
            self.write(&reached.sorted, i - first, reach, columns);
        }
    }

    fn by_season(
        &self,
        series: SeriesView<'_>,
        season: Season,
        window: Window,
        columns: &mut ForecastColumns<'_>,
    ) {
        let axis = series.axis();
        let around = i64::try_from(self.around(axis)).unwrap_or(i64::MAX);
        let lags: Vec<_> = (1..=season.count)
            .map(|count| axis.lag_plan(season.lag(count), window.range()))
            .collect();
        let of = lags.len() * (2 * self.around(axis) + 1);
        let mut sorted = SortedValues::default();
        let mut found = Vec::with_capacity(of);
        let (mut before, mut centers) = (Vec::new(), Vec::new());
        for rows in stretches_of_history(series, window) {
            before.clear();
            for i in rows {
                centers.clear();
                centers.extend(lags.iter().filter_map(|lag| lag.source(i)));
                let value = |j: i64| {
                    let j = usize::try_from(j).ok().filter(|&j| j < i)?;
                    Some(learnt(series, j, i)).filter(|value| !value.is_nan())
                };
                let moved = |(before, center): (&i64, &i64)| before + 1 == *center;
                if before.len() == centers.len() && before.iter().zip(&centers).all(moved) {
                    for center in &centers {
                        if let Some(gone) = value(center - around - 1) {
                            sorted.remove(gone);
                        }
                        if let Some(new) = value(center + around) {
                            sorted.insert(new);
                        }
                    }
                } else {
                    let beside = |center: &i64| center - around..=center + around;
                    found.clear();
                    found.extend(centers.iter().flat_map(beside).filter_map(value));
                    sorted.refill(&mut found);
                }
                self.write(&sorted, i - window.start(), of, columns);
                std::mem::swap(&mut before, &mut centers);
            }
        }
    }
}

impl Forecaster for RobustLevel {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(self.reach(axis)?))
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
        let reach = self.reach(axis)?;
        let need = self.need(axis);
        let mut columns = out.columns(window.len());
        let mut begin = Begin::default();
        if let Some(season) = self.season {
            self.by_season(series, season, window, &mut columns);
        } else {
            let reached = memo.get_or_default::<Reached>();
            for rows in stretches(series, window) {
                self.by_window(series, window.start(), rows, reached, &mut columns);
            }
        }
        for (row, i) in window.range().enumerate() {
            if columns.expected[row].is_nan() {
                let have = begin.have(series, i, reach);
                columns.unready.set(row, readiness(have, need));
            }
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

fn readiness(have: usize, need: usize) -> Readiness {
    if have >= need {
        return Readiness::NoBaseline;
    }
    let buckets = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Readiness::WarmingUp {
        have: buckets(have),
        need: buckets(need),
    }
}
