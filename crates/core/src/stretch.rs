//! Judges many rows of a forecast at a time.

use std::ops::Range;

use tuatara_frame::ValueRange;

use crate::evaluation::{EvaluationColumns, LANES, Lanes};
use crate::score::RELATIVE_FLOOR;
use crate::{Forecast, Judge, Verdict, unjudged_because};

/// The settings of a [`Judge`] as numbers: what is not set reaches 0, an open band ∞.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    pub(crate) factor: f64,
    pub(crate) min_abs: f64,
    pub(crate) min_rel: f64,
}

/// Rows to be judged, and all that is needed for it.
#[derive(Debug)]
pub(crate) struct Stretch<'a> {
    pub(crate) judge: &'a Judge,
    pub(crate) reach: Reach,
    /// What was observed, one value per row.
    pub(crate) values: &'a [f64],
    pub(crate) forecast: &'a Forecast,
    /// How many rows, from the first, belong to complete buckets.
    pub(crate) complete: usize,
    pub(crate) range: Option<ValueRange>,
}

impl Stretch<'_> {
    /// Judges all rows on the sides that count; without `WIDTH` that of the forecast is 0.
    pub(crate) fn fill<const UP: bool, const DOWN: bool, const WIDTH: bool>(
        &self,
        columns: &mut EvaluationColumns<'_>,
    ) {
        let rows = self.values.len();
        let even = rows - rows % LANES;
        for row in (0..even).step_by(LANES) {
            self.judge::<LANES, UP, DOWN, WIDTH>(row, columns);
        }
        for row in even..rows {
            self.judge::<1, UP, DOWN, WIDTH>(row, columns);
        }
    }

    /// Judges `N` rows from `first` on: as if all were there and normal, and one by one where
    /// that is not so.
    #[inline(always)]
    fn judge<const N: usize, const UP: bool, const DOWN: bool, const WIDTH: bool>(
        &self,
        first: usize,
        columns: &mut EvaluationColumns<'_>,
    ) {
        let rows = first..first + N;
        let (numbers, inside) = self.measure::<N, UP, DOWN, WIDTH>(first);
        columns.set_lanes(first, &numbers);
        if inside && rows.end <= self.complete && numbers.all_in(self.range) {
            columns.verdict.set_normal(rows);
        } else {
            self.put_right(rows, columns);
        }
    }

    /// The numbers of `N` rows from `first` on, without a branch, as if all could be judged and
    /// were normal, and whether they lie inside the band.
    #[inline(always)]
    fn measure<const N: usize, const UP: bool, const DOWN: bool, const WIDTH: bool>(
        &self,
        first: usize,
    ) -> (Lanes<N>, bool) {
        let reach = self.reach;
        let mut lanes = Lanes {
            observed: *lanes_of(self.values, first),
            expected: *lanes_of(self.forecast.expected(), first),
            lower: [0.0; N],
            upper: [0.0; N],
            score: [0.0; N],
        };
        let unit: &[f64; N] = if WIDTH {
            lanes_of(self.forecast.width(), first)
        } else {
            &[0.0; N]
        };
        let mut inside = true;
        for (i, unit) in unit.iter().enumerate() {
            let (y, e) = (lanes.observed[i], lanes.expected[i]);
            let of_expected = reach.min_rel * e.abs();
            let width = larger(larger(reach.factor * unit, reach.min_abs), of_expected);
            // NaN where there is no expectation, on the open side, too.
            lanes.lower[i] = e - if DOWN { width } else { f64::INFINITY };
            lanes.upper[i] = e + if UP { width } else { f64::INFINITY };
            let floor = RELATIVE_FLOOR * larger(e.abs(), y.abs());
            let score = (y - e).abs() / larger(width, floor);
            let score = match (UP, DOWN) {
                (true, false) if y < e => 0.0,
                (false, true) if y > e => 0.0,
                _ => score,
            };
            lanes.score[i] = score;
            // With anything missing this is false. Rounding keeps the order of numbers: where
            // |y − ŷ| / w comes out below 1, y comes out between ŷ − w and ŷ + w.
            inside &= (score < 1.0) & (floor <= width);
        }
        (lanes, inside)
    }

    /// Judges rows of which one is missing something, or may lie on the edge or beyond; their
    /// numbers are there already.
    #[cold]
    #[inline(never)]
    fn put_right(&self, rows: Range<usize>, columns: &mut EvaluationColumns<'_>) {
        for i in rows {
            let y = self.values[i];
            let is_complete = i < self.complete;
            let in_range = self.range.is_none_or(|range| range.contains(y));
            let inside = columns.score[i] < 1.0 && columns.lower[i] <= y && y <= columns.upper[i];
            if inside && in_range && is_complete {
                columns.verdict.set(i, Verdict::Normal);
                continue;
            }
            let readiness = self.forecast.readiness(i);
            let (score, verdict) = match unjudged_because(is_complete, y, in_range, readiness) {
                Some(why) => (f64::NAN, why),
                None => {
                    let (e, unit) = (self.forecast.expected()[i], self.forecast.width()[i]);
                    let row = self.judge.row(y, e, unit);
                    (row.score, row.verdict)
                }
            };
            columns.score[i] = score;
            columns.verdict.set(i, verdict);
        }
    }
}

/// `N` elements of `column` from `first` on.
#[inline(always)]
fn lanes_of<const N: usize>(column: &[f64], first: usize) -> &[f64; N] {
    column[first..]
        .first_chunk()
        .expect("a column has one element per row")
}

/// The larger of two numbers, in one instruction: `f64::max` takes care of NaN, too.
#[inline]
pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}
