//! `FLATLINE`: a value has stopped moving.
//!
//! ```text
//! run_t  = values up to bucket t, one after the other, of which no two differ by more than tolerance
//! usual  = third longest run of the lookback before run_t; the longest where there are fewer than three
//! limit  = max(k, factor · usual)            k = the most values that last less than minDuration, at least 1
//! anomalous  ⇔  run_t > limit                score = run_t / limit
//! ```
//!
//! Runs are counted in values that were measured: a bucket without one neither ends a run nor makes
//! it longer. A metric
//! that repeats itself by nature, such as counts at night or readings of one decimal, has long runs
//! in its history, and only one that is `factor` times as long is news. Taking the third longest
//! lets one or two earlier failures be forgotten; what happens every week is seen four times in the
//! default lookback. Where values repeat by chance alone, the longest runs of n in a lookback are
//! `factor` times exceeded about `27 / n²` times in the next one, with a factor of 3.
//!
//! Inside the history a run goes on as long as neighbouring values differ by no more than
//! `tolerance`, which makes it longer, never shorter, than the run at hand would be counted.
//!
//! A run at hand is counted up to the length of the lookback, and `usual` is that of one lookback
//! before it. Hence a series that was always flat is normal: its usual run is as long. While no more
//! than half a lookback lies before a run that has lasted for `minDuration`, it is warming up. And a
//! sensor that is stuck for good stays anomalous for twice the lookback.
//!
//! Direction: neither. There is no expectation and no band.

use std::collections::VecDeque;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Bounds, BuildContext, DetectError, Detector, Direction, Evaluation, EvaluationColumns, Fact,
    Lookback, Memo, ParamDoc, ParamError, Params, Readiness, Result, Row, Short, TextForm, Verdict,
    Window, score, unjudged_because,
};
use tuatara_frame::{Duration, SeriesView, TimeAxis};

use crate::duration_param::{buckets_to_last, buckets_within, duration};
use crate::usual_run::{Runs, TIMES};
use tuatara_core::past::{is_hidden, measured, stretches};

/// What runs of zeros are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ZeroRuns {
    /// Runs like any other.
    #[default]
    Count,
    /// Normal, however long: zero means that nothing happened.
    Ignore,
}

/// Parameters of `FLATLINE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct FlatlineParams {
    /// Shortest time without a change that can be anomalous: ISO 8601 (`PT1H`) or short (`1h`).
    /// `PT1H` by default; two values at least, whatever it is.
    pub min_duration: String,
    /// The most by which values may differ and still count as unchanged, in units of the metric.
    /// In [0, ∞); 0 by default.
    pub tolerance: f64,
    /// How far back runs are looked at: ISO 8601 or short. `P28D` by default.
    pub lookback: String,
    /// How many times as long as usual a run may be. In [1, ∞); 3 by default.
    pub factor: f64,
    /// What runs of zeros are. Runs like any other by default.
    pub zeros: ZeroRuns,
}

impl Default for FlatlineParams {
    fn default() -> Self {
        Self {
            min_duration: "PT1H".to_owned(),
            tolerance: 0.0,
            lookback: "P28D".to_owned(),
            factor: 3.0,
            zeros: ZeroRuns::default(),
        }
    }
}

impl Params for FlatlineParams {
    const TYPE: &'static str = "FLATLINE";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str = "a value has repeated itself for much longer than usual";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("minDuration", "the shortest time without a change that can be anomalous; two values at least").default("`PT1H`").text(TextForm::DURATION),
        ParamDoc::new("tolerance", "the most by which values may differ and still count as unchanged, in units of the metric").default("0").within(Bounds::at_least(0.0)),
        ParamDoc::new("lookback", "how far back runs of equal values are looked at").default("`P28D`").text(TextForm::DURATION),
        ParamDoc::new("factor", "how many times as long as usual a run may be").default("3").within(Bounds::at_least(1.0)),
        ParamDoc::new("zeros", "what runs of zeros are: runs like any other, or normal").default("`COUNT`"),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        let min_duration = duration("minDuration", &self.min_duration)?;
        let lookback = duration("lookback", &self.lookback)?;
        if lookback <= min_duration {
            return Err(ParamError::new(
                "lookback",
                &self.lookback,
                format!("a duration longer than minDuration, which is {min_duration}"),
                "four weeks, P28D, show what happens every week",
            ));
        }
        if !(self.tolerance.is_finite() && self.tolerance >= 0.0) {
            return Err(ParamError::new(
                "tolerance",
                self.tolerance,
                "a number in [0, ∞)",
                "it is in units of the metric; 0 means exactly equal",
            ));
        }
        if !(self.factor.is_finite() && self.factor >= 1.0) {
            return Err(ParamError::new(
                "factor",
                self.factor,
                "a number in [1, ∞)",
                "3 is quiet, 1 is strict",
            ));
        }
        Ok(Box::new(Flatline {
            min_duration,
            tolerance: self.tolerance,
            lookback,
            factor: self.factor,
            zeros: self.zeros,
        }))
    }
}

/// Finds values that have stopped moving.
///
/// Internals: `unchanged`, the length of the run at hand, `usual` and `limit`, all in values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flatline {
    min_duration: Duration,
    tolerance: f64,
    lookback: Duration,
    factor: f64,
    zeros: ZeroRuns,
}

/// The settings in buckets of one axis.
#[derive(Debug, Clone, Copy)]
struct Grid {
    /// Buckets of the lookback.
    lookback: usize,
    /// The most values that are no flat line yet.
    least: usize,
}

/// What a row is made of.
#[derive(Debug, Clone, Copy)]
struct Measured {
    /// Values in the run at hand.
    unchanged: usize,
    /// Usual length of a run; NaN where that is not known.
    usual: f64,
    limit: f64,
    readiness: Readiness,
}

impl Flatline {
    fn grid(&self, axis: &TimeAxis) -> Result<Grid> {
        let lookback = buckets_within(self.lookback, axis);
        let least = buckets_to_last(self.min_duration, axis).max(2) - 1;
        if lookback > least + 1 {
            return Ok(Grid { lookback, least });
        }
        Err(DetectError::Setting {
            field: "lookback",
            value: lookback as f64,
            range: "(minDuration, ∞), in buckets of the data, and at least 3",
            fix: "lengthen lookback",
        })
    }

    /// Rows `rows`, in which the same spans are known. `own` is a row whose value counts although it
    /// lies in a span that does not train: it is judged all the same.
    fn fill(
        &self,
        series: SeriesView<'_>,
        grid: Grid,
        rows: Range<usize>,
        own: Option<usize>,
        write: &mut dyn FnMut(usize, Option<Measured>),
    ) {
        let mut values = Values::new(self.tolerance);
        let known = rows.start;
        for i in rows.start.saturating_sub(2 * grid.lookback)..rows.end {
            let value = if own == Some(i) {
                series.values()[i]
            } else {
                measured(series, i, known.max(i))
            };
            if !value.is_nan() {
                let counts = self.zeros == ZeroRuns::Count || value != 0.0;
                values.push(i, value, counts, grid.lookback);
            }
            if i < rows.start {
                continue;
            }
            if !value.is_nan() {
                write(i, Some(self.measure(&mut values, value, grid)));
            } else if series.values()[i].is_nan() || !is_hidden(series, i, i) {
                write(i, None);
            } else {
                self.fill(series, grid, i..i + 1, Some(i), write);
            }
        }
    }

    fn measure(&self, values: &mut Values, value: f64, grid: Grid) -> Measured {
        let least = grid.least as f64;
        let unchanged = values.places.len() - values.start;
        if self.zeros == ZeroRuns::Ignore && value == 0.0 {
            return Measured {
                unchanged: 0,
                usual: f64::NAN,
                limit: least,
                readiness: Readiness::Ready,
            };
        }
        let (have, longest) = values.history(grid.lookback);
        let need = grid.lookback.div_ceil(2);
        if have < need {
            let buckets = |count| u32::try_from(count).unwrap_or(u32::MAX);
            let (have, need) = (buckets(have), buckets(need));
            return Measured {
                unchanged,
                usual: f64::NAN,
                limit: least,
                readiness: if unchanged > grid.least {
                    Readiness::WarmingUp { have, need }
                } else {
                    Readiness::Ready
                },
            };
        }
        let usual = match longest[TIMES - 1] {
            0 => longest[0],
            third => third,
        } as f64;
        Measured {
            unchanged,
            usual,
            limit: least.max(self.factor * usual),
            readiness: Readiness::Ready,
        }
    }
}

impl Measured {
    fn row(&self, observed: f64) -> Row {
        let unchanged = self.unchanged as f64;
        let flat = unchanged > self.limit;
        Row {
            score: score::of_limits(unchanged, f64::NEG_INFINITY, self.limit, flat),
            verdict: if flat {
                Verdict::Anomalous(Direction::Neither)
            } else {
                Verdict::Normal
            },
            ..Row::unjudged(observed, Verdict::Normal)
        }
    }

    fn explain(&self, observed: f64, facts: &mut Vec<Fact>) {
        let Self {
            unchanged,
            usual,
            limit,
            ..
        } = *self;
        if unchanged == 0 {
            facts.push(Fact::Remark("zeros are normal, however many".to_owned()));
            return;
        }
        let times = if unchanged == 1 { "value" } else { "values" };
        let mut said = format!("{unchanged} {times} in a row around {}", Short(observed));
        if !usual.is_nan() {
            said += &format!("; up to {} are usual here", Short(usual));
        }
        facts.push(Fact::Remark(said));
        facts.push(Fact::Limit {
            name: "the most values in a row that are normal",
            value: limit,
        });
    }
}

/// The values up to a bucket, numbered, with the run at its end and the runs before.
#[derive(Debug)]
struct Values {
    tolerance: f64,
    /// The bucket of each.
    places: Vec<usize>,
    values: Vec<f64>,
    /// The number of the first value of the run at the end.
    start: usize,
    /// Numbers of values of the run that are larger than all after them, and smaller.
    peaks: VecDeque<usize>,
    troughs: VecDeque<usize>,
    runs: Runs,
}

impl Values {
    fn new(tolerance: f64) -> Self {
        Self {
            tolerance,
            places: Vec::new(),
            values: Vec::new(),
            start: 0,
            peaks: VecDeque::new(),
            troughs: VecDeque::new(),
            runs: Runs::default(),
        }
    }

    /// Adds the value of bucket `place`. It `counts` unless runs of it are none. The run at the end
    /// reaches over at most `longest` buckets.
    fn push(&mut self, place: usize, value: f64, counts: bool, longest: usize) {
        let at = self.places.len();
        if counts {
            let before = self.values.last();
            let joins = before.is_some_and(|before| (value - before).abs() <= self.tolerance);
            self.runs.push(at, joins);
        }
        self.places.push(place);
        self.values.push(value);
        let values = &self.values;
        while self.peaks.back().is_some_and(|&peak| values[peak] <= value) {
            self.peaks.pop_back();
        }
        while self.troughs.back().is_some_and(|&low| values[low] >= value) {
            self.troughs.pop_back();
        }
        self.peaks.push_back(at);
        self.troughs.push_back(at);
        while self.spread() > self.tolerance || self.places[self.start] + longest <= place {
            self.start += 1;
            for edge in [&mut self.peaks, &mut self.troughs] {
                if edge.front().is_some_and(|&first| first < self.start) {
                    edge.pop_front();
                }
            }
        }
    }

    /// Largest less smallest value of the run at the end.
    fn spread(&self) -> f64 {
        let edge = |edge: &VecDeque<usize>| edge.front().map_or(f64::NAN, |&at| self.values[at]);
        edge(&self.peaks) - edge(&self.troughs)
    }

    /// How many buckets of history lie before the run at the end, of `lookback` at most, and the
    /// longest runs in it.
    fn history(&mut self, lookback: usize) -> (usize, [usize; TIMES]) {
        let end = self.places[self.start];
        let first = self.places[..self.start].partition_point(|place| place + lookback < end);
        let have = self.places[..self.start].get(first);
        let have = have.map_or(0, |oldest| end - oldest);
        (have, self.runs.longest(first..self.start))
    }
}

impl Detector for Flatline {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        let grid = self.grid(axis)?;
        Ok(Lookback::buckets(2 * grid.lookback))
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()> {
        window.check(series.len())?;
        let grid = self.grid(series.axis())?;
        let mut columns = out.columns(window.len());
        for rows in stretches(series, window) {
            self.fill(series, grid, rows, None, &mut |i, measured| {
                write(series, i, i - window.start(), measured, &mut columns);
            });
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

fn write(
    series: SeriesView<'_>,
    i: usize,
    row: usize,
    measured: Option<Measured>,
    columns: &mut EvaluationColumns<'_>,
) {
    let observed = series.values()[i];
    let in_range = series.range().is_none_or(|range| range.contains(observed));
    let readiness = measured.map_or(Readiness::Ready, |measured| measured.readiness);
    let why = unjudged_because(series.is_complete(i), observed, in_range, readiness);
    match (why, measured) {
        (Some(why), _) => columns.set(row, Row::unjudged(observed, why)),
        (None, Some(measured)) => columns.set(row, measured.row(observed)),
        (None, None) => unreachable!("a value in its range is measured"),
    }
    let Some(measured) = measured else {
        return;
    };
    if columns.internals.wanted() {
        columns.internals.column("unchanged")[row] = measured.unchanged as f64;
        columns.internals.column("usual")[row] = measured.usual;
        columns.internals.column("limit")[row] = measured.limit;
    }
    if let Some(facts) = columns.facts.get_mut(row) {
        measured.explain(observed, facts);
    }
}
