//! With which buckets a level is adopted: like a row, whatever the window and the memo.

use std::ops::Range;

use tuatara_core::{Evaluation, Memo, NewLevel};

use super::trial::Trial;
use crate::{Law, Violation};

/// Adoptions that are looked at in windows of their own.
const ALONE: usize = 8;

impl Trial<'_> {
    /// In thirds of the axis, by themselves and with one memo, and in single buckets a detector adopts
    /// what it adopts in one window over all; how much that is.
    pub(super) fn check_new_levels(&self) -> Result<usize, Violation> {
        let memo = &mut Memo::default();
        let wanted = self.levels("the whole axis", 0..self.len(), memo)?;
        let third = self.len() / 3;
        let warm = &mut Memo::default();
        for part in [0..third, third..2 * third, 2 * third..self.len()] {
            self.same_levels(&wanted, part.clone(), &mut Memo::default())?;
            self.same_levels(&wanted, part, warm)?;
        }
        for (i, _) in wanted.iter().take(ALONE) {
            self.same_levels(&wanted, *i..i + 1, &mut Memo::default())?;
        }
        Ok(wanted.len())
    }

    fn levels(
        &self,
        what: &str,
        window: Range<usize>,
        memo: &mut Memo,
    ) -> Result<Vec<(usize, NewLevel)>, Violation> {
        let (first, mut out) = (window.start, Evaluation::default());
        self.evaluate(Law::CutFree, what, self.view(), window, memo, &mut out)?;
        let levels = out.new_levels().iter();
        Ok(levels.map(|(row, level)| (first + row, level)).collect())
    }

    fn same_levels(
        &self,
        wanted: &[(usize, NewLevel)],
        window: Range<usize>,
        memo: &mut Memo,
    ) -> Result<(), Violation> {
        let what = format!("new levels of the window {window:?}");
        let got = self.levels(&what, window.clone(), memo)?;
        let within = wanted.iter().filter(|(i, _)| window.contains(i));
        let wanted: Vec<_> = within.copied().collect();
        match got == wanted {
            true => Ok(()),
            false => Err(self.violation(
                Law::CutFree,
                format!("{what}\n  expected {wanted:?}\n  got      {got:?}"),
            )),
        }
    }
}
