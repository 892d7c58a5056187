//! The rows of a detector.

use std::ops::Range;

use tuatara_frame::ValueRange;

use crate::anomaly::crossed;
use crate::verdicts::VerdictColumn;
use crate::{Detail, Fact, NewLevels, Verdict, Verdicts, VerdictsMut};

/// One row of an [`Evaluation`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Observed value, in units of the metric; NaN when missing.
    pub observed: f64,
    /// Expected value; NaN where there is none.
    pub expected: f64,
    /// Lower edge of the band; −∞ where that side does not count, NaN where there is no band.
    pub lower: f64,
    /// Upper edge of the band; +∞ where that side does not count, NaN where there is no band.
    pub upper: f64,
    /// See [`score`](crate::score): above 1 exactly where `verdict` is anomalous, NaN where the
    /// bucket was not judged.
    pub score: f64,
    /// What the detector says.
    pub verdict: Verdict,
}

impl Row {
    /// A bucket that was not judged, for the reason that `verdict` gives.
    pub const fn unjudged(observed: f64, verdict: Verdict) -> Self {
        Self {
            observed,
            expected: f64::NAN,
            lower: f64::NAN,
            upper: f64::NAN,
            score: f64::NAN,
            verdict,
        }
    }

    /// The limit that was crossed, where no value is expected but one within limits: then the edge
    /// of the band is all that there is to compare with. None where a value is expected, and of what
    /// is not anomalous on one side. A band that is open on the other side and has no width looks the same: only its
    /// rule tells them apart.
    ///
    /// ```
    /// use tuatara_core::{Direction, Row, Verdict};
    ///
    /// let verdict = Verdict::Anomalous(Direction::Up);
    /// let (lower, upper) = (f64::NEG_INFINITY, 50.0);
    /// let row = Row { observed: 90.0, expected: 50.0, lower, upper, score: 1.8, verdict };
    /// assert_eq!(row.limit(), Some(50.0));
    /// // Something less than the edge is expected here.
    /// assert_eq!(Row { expected: 40.0, ..row }.limit(), None);
    /// ```
    pub fn limit(&self) -> Option<f64> {
        let Verdict::Anomalous(direction) = self.verdict else {
            return None;
        };
        crossed(direction, self.expected, self.lower, self.upper)
    }
}

/// Rows to work out at a time: enough for the widest instructions, few enough for the registers.
pub const LANES: usize = 8;

/// The numbers of `N` rows that follow each other, to be written at once; see [`Row`] for each.
///
/// Worked out without a branch, [`LANES`] rows cost hardly more than one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lanes<const N: usize> {
    /// See [`Row::observed`].
    pub observed: [f64; N],
    /// See [`Row::expected`].
    pub expected: [f64; N],
    /// See [`Row::lower`].
    pub lower: [f64; N],
    /// See [`Row::upper`].
    pub upper: [f64; N],
    /// See [`Row::score`].
    pub score: [f64; N],
}

impl<const N: usize> Lanes<N> {
    /// Whether every observed value lies in `range`, where there is one; a missing one does not.
    #[inline(always)]
    pub fn all_in(&self, range: Option<ValueRange>) -> bool {
        range.is_none_or(|range| {
            let observed = self.observed.iter();
            observed.fold(true, |all, y| all & range.contains(*y))
        })
    }
}

/// What a detector says of the buckets of a window, by columns, one row per bucket in time
/// order. Reused between calls: fresh columns cost page faults.
#[derive(Debug, Clone, Default)]
pub struct Evaluation {
    observed: Vec<f64>,
    expected: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    score: Vec<f64>,
    verdict: VerdictColumn,
    new_levels: NewLevels,
    detail: Detail,
    internals: Internals,
    facts: Vec<Vec<Fact>>,
}

/// The columns of an [`Evaluation`] for writing. A detector writes every element.
#[derive(Debug)]
pub struct EvaluationColumns<'a> {
    /// See [`Row::observed`].
    pub observed: &'a mut [f64],
    /// See [`Row::expected`].
    pub expected: &'a mut [f64],
    /// See [`Row::lower`].
    pub lower: &'a mut [f64],
    /// See [`Row::upper`].
    pub upper: &'a mut [f64],
    /// See [`Row::score`].
    pub score: &'a mut [f64],
    /// See [`Row::verdict`].
    pub verdict: VerdictsMut<'a>,
    /// With which rows what is usual changed for good. Empty at first.
    pub new_levels: &'a mut NewLevels,
    /// Named columns of the detector's own; write them when [`Internals::wanted`] says so.
    pub internals: &'a mut Internals,
    /// What led to each row; empty unless a trace is asked for.
    pub facts: &'a mut [Vec<Fact>],
}

impl EvaluationColumns<'_> {
    /// The columns of the rows in `rows` alone, so that several passes over them find them in the
    /// cache; see [`BLOCK`](crate::BLOCK). Facts stay out, and new levels and the detector's own
    /// columns are those of all rows.
    pub fn block(&mut self, rows: Range<usize>) -> EvaluationColumns<'_> {
        EvaluationColumns {
            observed: &mut self.observed[rows.clone()],
            expected: &mut self.expected[rows.clone()],
            lower: &mut self.lower[rows.clone()],
            upper: &mut self.upper[rows.clone()],
            score: &mut self.score[rows.clone()],
            verdict: self.verdict.block(rows),
            new_levels: self.new_levels,
            internals: self.internals,
            facts: &mut [],
        }
    }

    /// Writes the numbers of `N` rows from row `first` on; their verdicts stay to be written.
    ///
    /// # Panics
    /// When there are fewer rows.
    #[inline(always)]
    pub fn set_lanes<const N: usize>(&mut self, first: usize, lanes: &Lanes<N>) {
        let rows = first..first + N;
        self.observed[rows.clone()].copy_from_slice(&lanes.observed);
        self.expected[rows.clone()].copy_from_slice(&lanes.expected);
        self.lower[rows.clone()].copy_from_slice(&lanes.lower);
        self.upper[rows.clone()].copy_from_slice(&lanes.upper);
        self.score[rows].copy_from_slice(&lanes.score);
    }

    /// Writes row `i` as a whole.
    pub fn set(&mut self, i: usize, row: Row) {
        self.observed[i] = row.observed;
        self.expected[i] = row.expected;
        self.lower[i] = row.lower;
        self.upper[i] = row.upper;
        self.score[i] = row.score;
        self.verdict.set(i, row.verdict);
    }
}

impl Evaluation {
    /// An empty evaluation that is to be filled with `detail`.
    pub fn new(detail: Detail) -> Self {
        Self {
            detail,
            ..Self::default()
        }
    }

    /// How much is written down.
    pub fn detail(&self) -> Detail {
        self.detail
    }

    /// The columns with `len` rows, for writing. What they hold is left over from an earlier
    /// call: every element is to be written.
    pub fn columns(&mut self, len: usize) -> EvaluationColumns<'_> {
        for column in [
            &mut self.observed,
            &mut self.expected,
            &mut self.lower,
            &mut self.upper,
            &mut self.score,
        ] {
            column.resize(len, f64::NAN);
        }
        self.new_levels.clear();
        self.internals.reset(len, self.detail);
        self.facts.clear();
        if self.detail == Detail::Trace {
            self.facts.resize_with(len, Vec::new);
        }
        EvaluationColumns {
            observed: &mut self.observed,
            expected: &mut self.expected,
            lower: &mut self.lower,
            upper: &mut self.upper,
            score: &mut self.score,
            verdict: self.verdict.reset(len),
            new_levels: &mut self.new_levels,
            internals: &mut self.internals,
            facts: &mut self.facts,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.observed.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.observed.is_empty()
    }

    /// Row `i`; `None` beyond the end.
    pub fn row(&self, i: usize) -> Option<Row> {
        Some(Row {
            verdict: self.verdict().get(i)?,
            observed: self.observed[i],
            expected: self.expected[i],
            lower: self.lower[i],
            upper: self.upper[i],
            score: self.score[i],
        })
    }

    /// All rows in time order.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        (0..self.len()).filter_map(|i| self.row(i))
    }

    /// See [`Row::observed`].
    pub fn observed(&self) -> &[f64] {
        &self.observed
    }

    /// See [`Row::expected`].
    pub fn expected(&self) -> &[f64] {
        &self.expected
    }

    /// See [`Row::lower`].
    pub fn lower(&self) -> &[f64] {
        &self.lower
    }

    /// See [`Row::upper`].
    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    /// See [`Row::score`].
    pub fn score(&self) -> &[f64] {
        &self.score
    }

    /// See [`Row::verdict`].
    pub fn verdict(&self) -> Verdicts<'_> {
        self.verdict.read()
    }

    /// With which rows what is usual changed for good, as far as the detector says so.
    pub fn new_levels(&self) -> &NewLevels {
        &self.new_levels
    }

    /// Named columns of the detector's own; none unless asked for.
    pub fn internals(&self) -> &Internals {
        &self.internals
    }

    /// What led to row `i`; nothing unless a trace was asked for.
    pub fn facts(&self, i: usize) -> &[Fact] {
        self.facts.get(i).map_or(&[], Vec::as_slice)
    }

    /// Takes back what was said of `rows`, whose slice is not watched: they are
    /// [inactive](Verdict::Inactive), with nothing but what was observed. What is incomplete stays
    /// that; the detector's own columns and its facts stay, too.
    ///
    /// # Panics
    /// When `rows` reaches beyond the end.
    pub fn take_back(&mut self, rows: Range<usize>) {
        self.new_levels.take_back(&rows);
        for row in rows {
            if self.verdict.take_back(row) {
                self.expected[row] = f64::NAN;
                self.lower[row] = f64::NAN;
                self.upper[row] = f64::NAN;
                self.score[row] = f64::NAN;
            }
        }
    }

    pub(crate) fn put_evidence(&mut self, internals: Internals, facts: Vec<Vec<Fact>>) {
        self.internals = internals;
        self.facts = facts;
    }
}

/// Named columns of a detector's own, one number per bucket of the window; NaN where a column
/// has nothing to say.
#[derive(Debug, Clone, Default)]
pub struct Internals {
    rows: usize,
    wanted: bool,
    columns: Vec<(&'static str, Vec<f64>)>,
}

impl Internals {
    fn reset_columns(&mut self) {
        self.columns.clear();
    }

    pub(crate) fn reset(&mut self, rows: usize, detail: Detail) {
        self.rows = rows;
        self.wanted = detail >= Detail::Internals;
        self.reset_columns();
    }

    /// Whether anybody asked for them.
    pub fn wanted(&self) -> bool {
        self.wanted
    }

    /// The column `name` for writing: made with one NaN per bucket when it is new.
    pub fn column(&mut self, name: &'static str) -> &mut [f64] {
        let at = match self.columns.iter().position(|(n, _)| *n == name) {
            Some(at) => at,
            None => {
                self.columns.push((name, vec![f64::NAN; self.rows]));
                self.columns.len() - 1
            }
        };
        &mut self.columns[at].1
    }

    /// The columns in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &[f64])> {
        self.columns
            .iter()
            .map(|(name, values)| (*name, values.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Direction;

    #[test]
    fn what_is_taken_back_keeps_its_value_alone_and_what_is_incomplete_stays() {
        let mut rows = Evaluation::default();
        let flagged = Row {
            observed: 9.0,
            expected: 5.0,
            lower: 4.0,
            upper: 6.0,
            score: 4.0,
            verdict: Verdict::Anomalous(Direction::Up),
        };
        let mut columns = rows.columns(4);
        columns.set(0, flagged);
        columns.set(1, flagged);
        columns.set(2, Row::unjudged(3.0, Verdict::Incomplete));
        columns.set(3, flagged);
        rows.take_back(1..3);
        assert_eq!(rows.row(0), Some(flagged));
        assert_eq!(
            format!("{:?}", rows.row(1).unwrap()),
            format!("{:?}", Row::unjudged(9.0, Verdict::Inactive))
        );
        assert_eq!(rows.row(2).unwrap().verdict, Verdict::Incomplete);
        assert_eq!(rows.row(3), Some(flagged));
    }
}
