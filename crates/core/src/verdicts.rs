//! The verdicts of many buckets: a byte each, as most are alike.

use std::fmt;
use std::ops::Range;

use crate::sparse::Sparse;
use crate::{Direction, Verdict};

/// A [`Verdict`] without the numbers that one of them has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Code {
    Normal,
    Up,
    Down,
    Neither,
    Missing,
    Incomplete,
    NoBaseline,
    WarmingUp,
    OutOfRange,
    Inactive,
}

/// `have` and `need` of a bucket that is warming up.
#[derive(Debug, Clone, Copy, Default)]
struct Wait {
    have: u32,
    need: u32,
}

/// The column itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct VerdictColumn {
    codes: Vec<Code>,
    waits: Sparse<Wait>,
}

impl VerdictColumn {
    /// `len` verdicts for writing; what they are is left over from an earlier call.
    pub(crate) fn reset(&mut self, len: usize) -> VerdictsMut<'_> {
        self.codes.resize(len, Code::Missing);
        self.waits.clear();
        VerdictsMut {
            codes: &mut self.codes,
            waits: &mut self.waits,
            first: 0,
        }
    }

    /// Says of `row` that it is inactive, unless it is incomplete; whether it is now.
    pub(crate) fn take_back(&mut self, row: usize) -> bool {
        let complete = self.codes[row] != Code::Incomplete;
        if complete {
            self.codes[row] = Code::Inactive;
        }
        complete
    }

    pub(crate) fn read(&self) -> Verdicts<'_> {
        Verdicts {
            codes: &self.codes,
            waits: &self.waits,
        }
    }
}

/// The verdicts of an [`Evaluation`](crate::Evaluation), in time order.
///
/// Equal to an array or slice of [`Verdict`] that holds the same.
#[derive(Clone, Copy)]
pub struct Verdicts<'a> {
    codes: &'a [Code],
    waits: &'a Sparse<Wait>,
}

impl<'a> Verdicts<'a> {
    /// Number of rows.
    pub fn len(self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(self) -> bool {
        self.codes.is_empty()
    }

    /// The verdict of row `i`; `None` beyond the end.
    pub fn get(self, i: usize) -> Option<Verdict> {
        Some(match self.codes.get(i)? {
            Code::Normal => Verdict::Normal,
            Code::Up => Verdict::Anomalous(Direction::Up),
            Code::Down => Verdict::Anomalous(Direction::Down),
            Code::Neither => Verdict::Anomalous(Direction::Neither),
            Code::Missing => Verdict::Missing,
            Code::Incomplete => Verdict::Incomplete,
            Code::NoBaseline => Verdict::NoBaseline,
            Code::WarmingUp => {
                let Wait { have, need } = self.waits.get(i).unwrap_or_default();
                Verdict::WarmingUp { have, need }
            }
            Code::OutOfRange => Verdict::OutOfRange,
            Code::Inactive => Verdict::Inactive,
        })
    }

    /// Whether row `i` is anomalous; no row beyond the end is.
    pub fn is_anomalous(self, i: usize) -> bool {
        matches!(
            self.codes.get(i),
            Some(Code::Up | Code::Down | Code::Neither)
        )
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Verdict> + 'a {
        (0..self.len()).filter_map(move |i| self.get(i))
    }
}

impl fmt::Debug for Verdicts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq<[Verdict]> for Verdicts<'_> {
    fn eq(&self, other: &[Verdict]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

impl<const N: usize> PartialEq<[Verdict; N]> for Verdicts<'_> {
    fn eq(&self, other: &[Verdict; N]) -> bool {
        *self == other[..]
    }
}

/// The verdicts of an [`Evaluation`](crate::Evaluation), or of a stretch of it, for writing.
#[derive(Debug)]
pub struct VerdictsMut<'a> {
    codes: &'a mut [Code],
    waits: &'a mut Sparse<Wait>,
    /// Where the stretch starts.
    first: usize,
}

impl VerdictsMut<'_> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Writes the verdict of row `i`.
    ///
    /// # Panics
    /// When there is no such row.
    #[inline]
    pub fn set(&mut self, i: usize, verdict: Verdict) {
        self.codes[i] = match verdict {
            Verdict::Normal => Code::Normal,
            Verdict::Anomalous(Direction::Up) => Code::Up,
            Verdict::Anomalous(Direction::Down) => Code::Down,
            Verdict::Anomalous(Direction::Neither) => Code::Neither,
            Verdict::Missing => Code::Missing,
            Verdict::Incomplete => Code::Incomplete,
            Verdict::NoBaseline => Code::NoBaseline,
            Verdict::WarmingUp { have, need } => {
                self.waits.set(self.first + i, Wait { have, need });
                Code::WarmingUp
            }
            Verdict::OutOfRange => Code::OutOfRange,
            Verdict::Inactive => Code::Inactive,
        };
    }

    /// Says of every row in `rows` that it is normal.
    ///
    /// # Panics
    /// When `rows` reaches beyond the end.
    #[inline]
    pub fn set_normal(&mut self, rows: Range<usize>) {
        self.codes[rows].fill(Code::Normal);
    }

    /// The verdicts of the rows in `rows` alone.
    ///
    /// # Panics
    /// When `rows` reaches beyond the end.
    pub fn block(&mut self, rows: Range<usize>) -> VerdictsMut<'_> {
        VerdictsMut {
            first: self.first + rows.start,
            codes: &mut self.codes[rows],
            waits: self.waits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Verdict; 11] = [
        Verdict::Normal,
        Verdict::Anomalous(Direction::Up),
        Verdict::Anomalous(Direction::Down),
        Verdict::Anomalous(Direction::Neither),
        Verdict::Missing,
        Verdict::Incomplete,
        Verdict::NoBaseline,
        Verdict::WarmingUp { have: 3, need: 7 },
        Verdict::WarmingUp { have: 4, need: 7 },
        Verdict::OutOfRange,
        Verdict::Inactive,
    ];

    #[test]
    fn every_verdict_comes_back_as_it_was_written() {
        let mut column = VerdictColumn::default();
        let mut verdicts = column.reset(ALL.len());
        for (i, verdict) in ALL.into_iter().enumerate() {
            verdicts.set(i, verdict);
        }
        assert_eq!(column.read(), ALL);
        let anomalous = ALL.map(Verdict::is_anomalous);
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(|i| column.read().is_anomalous(i)),
            anomalous
        );
        assert_eq!(column.read().get(ALL.len()), None);
    }

    #[test]
    fn a_stretch_writes_the_rows_of_the_whole() {
        let (mut column, wait) = (VerdictColumn::default(), ALL[7]);
        let mut verdicts = column.reset(6);
        verdicts.set_normal(0..6);
        verdicts.block(2..6).block(1..3).set(1, wait);
        let mut expected = [Verdict::Normal; 6];
        expected[4] = wait;
        assert_eq!(column.read(), expected);
    }

    #[test]
    fn a_row_written_twice_keeps_the_last_word() {
        let mut column = VerdictColumn::default();
        let mut verdicts = column.reset(1);
        for verdict in [ALL[7], Verdict::Normal, ALL[8]] {
            verdicts.set(0, verdict);
        }
        assert_eq!(column.read(), [ALL[8]]);
    }

    #[test]
    fn a_verdict_takes_a_byte() {
        assert_eq!(size_of::<Code>(), 1);
    }
}
