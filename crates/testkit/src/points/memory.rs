//! Memos, columns and detail: none of them changes a row.

use tuatara_core::{Detail, Evaluation, Memo};

use super::trial::Trial;
use crate::scenario::{granularity, zone};
use crate::{Draw, Law, Scenario, Shape, Violation};

/// What another detector might have left in a memo.
#[derive(Debug, Default)]
struct Foreign(#[allow(dead_code, reason = "it is there to be in the way")] [u64; 4]);

/// Rows that are traced: a trace allocates per row.
const TRACED: usize = 40;

impl Trial<'_> {
    /// Memos: warm, warmed on garbage of the same axis, on another series, and a foreign one.
    pub(super) fn check_memos(&self, draw: &mut Draw) -> Result<(), Violation> {
        let all = 0..self.len();
        let other_len = draw.between(1..self.len() + 2);
        let (granularity, zone) = (granularity(draw), zone(draw));
        let other = Scenario::new(draw.seed(), granularity, zone, Shape::Season, other_len);
        let mut foreign = Memo::default();
        *foreign.get_or_default::<Foreign>() = Foreign([7; 4]);
        let mut memos = vec![
            (
                "the memo has seen this series",
                self.warmed_on(self.series())?,
            ),
            (
                "the memo has seen garbage on this axis",
                self.warmed_on(&self.with_garbage(draw, all.clone()))?,
            ),
            ("the memo has seen another detector", foreign),
        ];
        // Where the detector fits the other granularity.
        if self.detector().lookback(other.axis()).is_ok() {
            memos.push((
                "the memo has seen another series",
                self.warmed_on(&other.series())?,
            ));
        }
        for (what, mut memo) in memos {
            for cut in draw.cuts(all.clone(), 2).windows(2).rev() {
                let window = cut[0]..cut[1];
                let what = format!("{what}, window {window:?}");
                let rows = self.with_memo(Law::Memo, &what, self.view(), window, &mut memo)?;
                self.same(Law::Memo, &what, &rows, cut[0])?;
            }
        }
        // As a stream: single buckets with one memo, each known as of its own end.
        let mut memo = Memo::default();
        for i in self.stretch(draw, 12) {
            let what = format!("bucket {i} of a stream");
            let known = self.view().known_until(i + 1);
            let rows = self.with_memo(Law::Memo, &what, known, i..i + 1, &mut memo)?;
            self.same(Law::Memo, &what, &rows, i)?;
        }
        Ok(())
    }

    /// Columns that are longer, shorter, and full of other rows.
    pub(super) fn check_reuse(&self, draw: &mut Draw) -> Result<(), Violation> {
        let law = Law::Reuse;
        let mut out = Evaluation::default();
        let mut memo = Memo::default();
        let garbage = self.with_garbage(draw, 0..self.len());
        self.evaluate(
            law,
            "garbage first",
            garbage.view(),
            0..self.len(),
            &mut memo,
            &mut out,
        )?;
        for window in [self.stretch(draw, 20), 0..self.len(), self.stretch(draw, 3)] {
            let first = window.start;
            let what = format!("columns left over from another window, window {window:?}");
            self.evaluate(law, &what, self.view(), window, &mut memo, &mut out)?;
            let rows: Vec<_> = out.rows().collect();
            self.same(law, &what, &rows, first)?;
        }
        Ok(())
    }

    /// Internals and traces.
    pub(super) fn check_detail(&self, draw: &mut Draw) -> Result<(), Violation> {
        let law = Law::Detail;
        let mut memo = Memo::default();
        let windows = [
            (Detail::Internals, 0..self.len()),
            (Detail::Trace, self.stretch(draw, TRACED)),
            (Detail::Internals, self.stretch(draw, TRACED)),
            (Detail::Columns, self.stretch(draw, TRACED)),
        ];
        for (detail, window) in windows {
            let what = format!("{detail:?} of the window {window:?}");
            let mut out = Evaluation::new(detail);
            let rows = window.len();
            let first = window.start;
            self.evaluate(law, &what, self.view(), window, &mut memo, &mut out)?;
            self.same(law, &what, &out.rows().collect::<Vec<_>>(), first)?;
            let wanted = detail >= Detail::Internals;
            for (name, column) in out.internals().iter() {
                if !wanted || column.len() != rows {
                    let why = format!("{what}: column {name} has {} numbers", column.len());
                    return Err(self.violation(law, why));
                }
            }
            if detail != Detail::Trace && (0..rows).any(|row| !out.facts(row).is_empty()) {
                return Err(self.violation(law, format!("{what}: facts nobody asked for")));
            }
        }
        Ok(())
    }
}
