//! `MISSING_DATA`: there is no value where there always was one.
//!
//! ```text
//! p          the last bucket with a value before t; t is at most a lookback later
//! promised   ⇔  of the buckets at t's local time of the week, in the lookback up to p and since the
//!               data begin, more than half have a value
//! gap_t      = promised buckets without a value after p, up to t
//! usual      = third longest gap of the lookback up to p; 0 where there are fewer than three
//! limit      = max(k, usual)                 k = the most buckets that last less than minDuration
//! anomalous  ⇔  t has no value, is promised, and gap_t > limit
//! score      = gap_t / limit, or 1 + gap_t where the limit is 0
//! ```
//!
//! Nights and weekends without data are not promised, and an absence does not start before the data
//! do. Once they have been absent for a whole lookback they have ended, and are merely missing.
//! Where single buckets get lost all the time, a gap must be longer than the third longest of the
//! lookback; one or two earlier outages change nothing. There, a bucket counts as promised when the
//! one a week before it has a value.
//!
//! Nothing is promised before the data are a week old. A bucket of which the data are not complete
//! yet is `incomplete`, never anomalous. Where there is a value, the score is 0. A missing bucket
//! that is not anomalous is `missing`.
//!
//! Direction: neither. There is no value, no expectation and no band.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tuatara_core::{
    BuildContext, DetectError, Detector, Direction, Evaluation, EvaluationColumns, Fact, Lookback,
    Memo, ParamDoc, ParamError, Params, Readiness, Result, Row, TextForm, Verdict, Window, score,
    unjudged_because,
};
use tuatara_frame::{Duration, Lag, LagPlan, LagUnit, SeriesView, TimeAxis};

use crate::duration_param::{buckets_to_last, buckets_within, duration, duration_from};
use crate::usual_run::{Runs, TIMES};
use tuatara_core::past::stretches;

/// The longest lookback, in weeks: two years.
const MOST_WEEKS: u32 = 104;

/// Parameters of `MISSING_DATA`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct MissingDataParams {
    /// Shortest absence that is anomalous: ISO 8601 (`PT1H`) or short (`1h`). `PT0S`, the first
    /// missing bucket, by default.
    pub min_duration: String,
    /// How far back it is looked when data arrive: ISO 8601 or short, from one week to two years.
    /// `P28D` by default.
    pub lookback: String,
}

impl Default for MissingDataParams {
    fn default() -> Self {
        Self {
            min_duration: "PT0S".to_owned(),
            lookback: "P28D".to_owned(),
        }
    }
}

impl Params for MissingDataParams {
    const TYPE: &'static str = "MISSING_DATA";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str = "a bucket without a value where one was due";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new(
            "minDuration",
            "the shortest absence that is anomalous; `PT0S`: the first missing bucket",
        )
        .default("`PT0S`")
        .text(TextForm::DURATION),
        ParamDoc::new(
            "lookback",
            "how far back it is looked when data arrive, `P7D` to `P728D`",
        )
        .default("`P28D`")
        .text(TextForm::DURATION),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        const REMEDY: &str = "four weeks, P28D, show at which times data arrive";
        let min_duration = duration("minDuration", &self.min_duration)?;
        let week = Duration::days(7);
        let lookback = duration_from("lookback", &self.lookback, week, REMEDY)?;
        let most = Duration::days(7 * MOST_WEEKS);
        if lookback > most {
            return Err(ParamError::new(
                "lookback",
                &self.lookback,
                format!("a duration up to {most}"),
                REMEDY,
            ));
        }
        if min_duration >= lookback {
            return Err(ParamError::new(
                "minDuration",
                &self.min_duration,
                format!("a duration shorter than lookback, which is {lookback}"),
                "PT0S means the first missing bucket",
            ));
        }
        Ok(Box::new(MissingData {
            min_duration,
            lookback,
        }))
    }
}

/// Finds buckets without a value where there always was one.
///
/// Internals: `missing_in_a_row`, the promised buckets without a value up to this one, `limit`, and
/// `weeks_with_data` of `weeks_known`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingData {
    min_duration: Duration,
    lookback: Duration,
}

/// The settings in buckets of one axis.
#[derive(Debug, Clone, Copy)]
struct Grid {
    lookback: usize,
    /// The most buckets that last less than `minDuration`.
    least: usize,
    /// The most buckets that a week goes back.
    week: usize,
}

/// What is known of one missing bucket.
#[derive(Debug, Clone, Copy)]
struct Gap {
    /// Promised buckets without a value, up to this one.
    length: usize,
    limit: usize,
    /// Weeks in which this bucket had a value, of those that are known.
    present: usize,
    known: usize,
}

impl Gap {
    fn is_promised(&self) -> bool {
        2 * self.present > self.known
    }

    fn row(&self) -> Row {
        let missing = Row::unjudged(f64::NAN, Verdict::Missing);
        if !self.is_promised() || self.length <= self.limit {
            return missing;
        }
        let (length, limit) = (self.length as f64, self.limit as f64);
        Row {
            score: score::of_limits(length, f64::NEG_INFINITY, limit, true),
            verdict: Verdict::Anomalous(Direction::Neither),
            ..missing
        }
    }

    fn explain(&self, facts: &mut Vec<Fact>) {
        let Self {
            length,
            limit,
            present,
            known,
        } = *self;
        facts.push(Fact::Remark(if known == 0 {
            "no earlier week says whether there should be a value".to_owned()
        } else {
            let so = if self.is_promised() {
                "a value was due"
            } else {
                "no value was due"
            };
            format!("{so}: {present} of {known} earlier weeks have one at this time")
        }));
        facts.push(Fact::Remark(format!(
            "{length} buckets in a row have none where one was due, {limit} are normal"
        )));
    }
}

fn weeks(count: u32) -> Lag {
    Lag::new(count, LagUnit::Weeks).expect("weeks are counted from 1")
}

impl MissingData {
    fn grid(&self, axis: &TimeAxis) -> Result<Grid> {
        let lookback = buckets_within(self.lookback, axis);
        if lookback == 0 {
            return Err(DetectError::Setting {
                field: "lookback",
                value: 0.0,
                range: "[1, ∞), in buckets of the data",
                fix: "lengthen lookback",
            });
        }
        Ok(Grid {
            lookback,
            least: buckets_to_last(self.min_duration, axis).max(1) - 1,
            week: axis.reach(weeks(1)),
        })
    }

    /// Lags of one, two, … weeks for `rows`: as many as reach over an absence and the lookback
    /// before it.
    fn lags(&self, axis: &TimeAxis, rows: Range<usize>) -> Vec<LagPlan> {
        let week = Duration::days(7).millis();
        let count = 2 * (self.lookback.millis() / week) + 2;
        let count = u32::try_from(count).unwrap_or(2 * MOST_WEEKS);
        (1..=count)
            .map(|count| axis.lag_plan(weeks(count), rows.clone()))
            .collect()
    }
}

/// The buckets up to one, with their gaps.
struct Past<'a> {
    series: SeriesView<'a>,
    /// A bucket that knows of the same spans.
    known: usize,
    grid: Grid,
    /// The latest buckets with a value, oldest first.
    present: Vec<usize>,
    /// Promised buckets without a value, and the runs of them.
    absent: Vec<usize>,
    gaps: Runs,
}

impl Past<'_> {
    /// Whether bucket `j` says anything: something could be observed there, and it trains.
    fn speaks(&self, j: usize) -> bool {
        !self.series.axis().bucket(j).is_empty() && self.trains(j)
    }

    fn has_value(&self, j: usize) -> bool {
        !self.series.values()[j].is_nan() && self.trains(j)
    }

    fn trains(&self, j: usize) -> bool {
        let mask = self.series.mask();
        let axis = self.series.axis();
        mask.is_empty() || !mask.hides(axis.bucket(j), axis.end(self.known))
    }

    /// Adds bucket `j`, given the bucket a week before it.
    fn push(&mut self, j: usize, week_before: Option<usize>) {
        if self.has_value(j) {
            self.present.push(j);
        } else if self.speaks(j) && week_before.is_some_and(|before| self.has_value(before)) {
            let last = self.present.last();
            let joins = self.absent.last() > last;
            self.gaps.push(self.absent.len(), joins);
            self.absent.push(j);
        }
    }

    /// The last bucket with a value, no more than a lookback before `i`.
    fn last(&self, i: usize) -> Option<usize> {
        let last = self.present.last().copied();
        last.filter(|last| last + self.grid.lookback >= i)
    }

    /// The longest gap that is normal, in the lookback up to `last`.
    fn limit(&mut self, last: usize) -> usize {
        let lookback = self.grid.lookback;
        let from = self.absent.partition_point(|j| j + lookback <= last);
        let to = self.absent.partition_point(|&j| j < last);
        let usual = self.gaps.longest(from..to)[TIMES - 1];
        usual.max(self.grid.least)
    }

    /// How many of `earlier`, buckets at the same time of the week, newest first, have a value, and
    /// how many there are, in the lookback up to `last` and since the data begin.
    fn weeks(&self, last: usize, earlier: impl Iterator<Item = usize>) -> (usize, usize) {
        let lookback = self.grid.lookback;
        let first = self.present.partition_point(|j| j + lookback <= last);
        let week = self.grid.week;
        let begun = match first.checked_sub(1).map(|before| self.present[before]) {
            // The lookback begins amid the data.
            Some(before) if before + lookback + week >= last => 0,
            _ => self.present.get(first).copied().unwrap_or(last),
        };
        let begun = begun.max((last + 1).saturating_sub(lookback));
        let (mut present, mut known) = (0, 0);
        let mut previous = None;
        for j in earlier {
            if (begun..=last).contains(&j) && previous != Some(j) && self.speaks(j) {
                known += 1;
                present += usize::from(self.has_value(j));
            }
            previous = Some(j);
        }
        (present, known)
    }
}

impl MissingData {
    fn fill(
        &self,
        series: SeriesView<'_>,
        grid: Grid,
        rows: Range<usize>,
        write: &mut dyn FnMut(usize, Option<Gap>),
    ) {
        let axis = series.axis();
        if !series.values()[rows.clone()].iter().any(|y| y.is_nan()) {
            return rows.for_each(|i| write(i, None));
        }
        // A gap that is open at the first row started less than a lookback ago.
        let oldest = rows.start.saturating_sub(2 * grid.lookback + grid.week);
        let before = rows.start.saturating_sub(grid.lookback);
        let week = axis.lag_plan(weeks(1), oldest..rows.end);
        let lags = self.lags(axis, before..rows.end);
        let on_axis = |j: i64| usize::try_from(j).ok();
        let mut past = Past {
            series,
            known: rows.start,
            grid,
            present: Vec::new(),
            absent: Vec::new(),
            gaps: Runs::default(),
        };
        let mut length = 0;
        for i in oldest..rows.end {
            let mut gap = None;
            if past.has_value(i) {
                length = 0;
            } else if i >= before
                && let Some(last) = past.last(i)
            {
                let earlier = lags
                    .iter()
                    .filter_map(|lag| lag.source(i).and_then(on_axis));
                let (present, known) = past.weeks(last, earlier);
                let found = Gap {
                    length,
                    limit: past.limit(last),
                    present,
                    known,
                };
                length += usize::from(found.is_promised() && past.speaks(i));
                gap = Some(Gap { length, ..found });
            } else {
                length = 0;
            }
            if rows.contains(&i) {
                write(i, gap);
            }
            past.push(i, week.source(i).and_then(on_axis));
        }
    }
}

impl Detector for MissingData {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        let grid = self.grid(axis)?;
        let buckets = grid.lookback.saturating_mul(2).saturating_add(grid.week);
        Ok(Lookback::buckets(buckets))
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
            self.fill(series, grid, rows, &mut |i, gap| {
                write(series, i, i - window.start(), gap, &mut columns);
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
    gap: Option<Gap>,
    columns: &mut EvaluationColumns<'_>,
) {
    let observed = series.values()[i];
    let in_range = series.range().is_none_or(|range| range.contains(observed));
    let complete = series.is_complete(i);
    let why = unjudged_because(complete, observed, in_range, Readiness::Ready);
    // A date that the zone skipped has no instant at which anything could arrive.
    let possible = !series.axis().bucket(i).is_empty();
    let gap = gap.filter(|_| why == Some(Verdict::Missing) && possible);
    columns.set(
        row,
        match (why, gap) {
            (None, _) => Row {
                score: 0.0,
                ..Row::unjudged(observed, Verdict::Normal)
            },
            (Some(Verdict::Missing), Some(gap)) => gap.row(),
            (Some(why), _) => Row::unjudged(observed, why),
        },
    );
    let Some(gap) = gap else {
        return;
    };
    if columns.internals.wanted() {
        columns.internals.column("missing_in_a_row")[row] = gap.length as f64;
        columns.internals.column("limit")[row] = gap.limit as f64;
        columns.internals.column("weeks_with_data")[row] = gap.present as f64;
        columns.internals.column("weeks_known")[row] = gap.known as f64;
    }
    if let Some(facts) = columns.facts.get_mut(row) {
        gap.explain(facts);
    }
}
