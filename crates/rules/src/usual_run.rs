//! The length of run that is usual in a stretch of history.
//!
//! Elements are numbered; some of them form runs. Of the runs inside a range, cut off at its ends,
//! the usual length is the third longest: a length that was reached three times is no incident,
//! and one or two earlier incidents make no length usual.
//!
//! Ranges only move forward, so runs enter and leave in their order, and a question costs
//! O(log n) for each run that has come or gone since the last one.

use std::collections::BTreeMap;
use std::ops::Range;

/// How often a length must have been reached to be usual.
pub(crate) const TIMES: usize = 3;

/// Runs of numbered elements, and the lengths of those inside a range that moves forward.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    runs: Vec<Range<usize>>,
    /// Which of the runs lie whole inside the range.
    inside: Range<usize>,
    /// How many runs inside have each length.
    lengths: BTreeMap<usize, usize>,
}

impl Runs {
    /// Element `at`, the next in order that belongs to a run: to the last one, or to a new one.
    pub(crate) fn push(&mut self, at: usize, joins: bool) {
        match self.runs.last_mut() {
            Some(last) if joins && last.end == at => last.end += 1,
            _ => self.runs.push(at..at + 1),
        }
    }

    /// The lengths of the [`TIMES`] longest runs of the elements in `range`, longest first; 0
    /// where there are fewer. Neither end of `range` lies before that of an earlier call, and no
    /// run that ends in it grows later.
    pub(crate) fn longest(&mut self, range: Range<usize>) -> [usize; TIMES] {
        while let Some(run) = self.runs.get(self.inside.end)
            && run.end <= range.end
        {
            *self.lengths.entry(run.len()).or_default() += 1;
            self.inside.end += 1;
        }
        while self.inside.start < self.inside.end
            && self.runs[self.inside.start].start < range.start
        {
            let length = self.runs[self.inside.start].len();
            if let Some(count) = self.lengths.get_mut(&length) {
                *count -= 1;
                if *count == 0 {
                    self.lengths.remove(&length);
                }
            }
            self.inside.start += 1;
        }
        let whole = self.lengths.iter().rev();
        let mut longest: Vec<usize> = whole
            .flat_map(|(&length, &count)| std::iter::repeat_n(length, count))
            .take(TIMES)
            .collect();
        let before = self.inside.start.checked_sub(1);
        for cut in [before, Some(self.inside.end)].into_iter().flatten() {
            if let Some(run) = self.runs.get(cut) {
                let (start, end) = (run.start.max(range.start), run.end.min(range.end));
                longest.push(end.saturating_sub(start));
            }
        }
        longest.sort_unstable_by(|a, b| b.cmp(a));
        longest.resize(TIMES, 0);
        longest.try_into().expect("the length was just set")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of the elements for which `text` has the same letter; a dot belongs to none.
    fn runs(text: &str) -> Runs {
        let mut runs = Runs::default();
        let letters: Vec<char> = text.chars().collect();
        for (at, &letter) in letters.iter().enumerate() {
            if letter != '.' {
                runs.push(at, at > 0 && letters[at - 1] == letter);
            }
        }
        runs
    }

    #[test]
    fn runs_are_cut_off_at_the_ends_of_the_range() {
        let mut runs = runs("aaaabbc.ddddd");
        assert_eq!(runs.longest(0..13), [5, 4, 2]);
        assert_eq!(runs.longest(2..13), [5, 2, 2]);
        assert_eq!(runs.longest(9..13), [4, 0, 0]);
    }

    #[test]
    fn one_run_can_reach_over_both_ends() {
        assert_eq!(runs("aaaaaaaaab").longest(2..7), [5, 0, 0]);
        assert_eq!(runs("").longest(0..0), [0, 0, 0]);
    }

    #[test]
    fn moving_forward_gives_what_starting_there_gives() {
        let text = "aabbbcccc.d.eeaaaffffffgh..iiiijjjkkkkkk";
        let mut moving = runs(text);
        for end in 0..text.len() {
            let range = end.saturating_sub(12)..end;
            assert_eq!(moving.longest(range.clone()), runs(text).longest(range));
        }
    }
}
