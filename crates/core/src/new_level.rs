//! What a forecaster says when what is usual has changed for good.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Short;
use crate::sparse::Sparse;

/// By how much a level moved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Shift {
    /// So much up, in units of the metric; negative is down.
    By(f64),
    /// So many times as high; in (0, ∞).
    Times(f64),
}

impl Shift {
    /// Where `y` lies after it.
    pub fn of(self, y: f64) -> f64 {
        match self {
            Self::By(more) => y + more,
            Self::Times(times) => y * times,
        }
    }
}

/// As in `1.3 times as much as before`.
impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::By(more) if *more < 0.0 => write!(f, "{} less than before", Short(-more)),
            Self::By(more) => write!(f, "{} more than before", Short(*more)),
            Self::Times(times) => write!(f, "{} times as much as before", Short(*times)),
        }
    }
}

/// A level that lasted long enough to be the usual one from the next bucket on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewLevel {
    /// How many buckets show it, the last of them the one with which it is adopted; 1 and up.
    pub buckets: usize,
    /// By how much it moved.
    pub shift: Shift,
}

/// The few rows with which a new level is adopted.
///
/// ```
/// use tuatara_core::{Evaluation, NewLevel, Shift};
///
/// // A detector fills the columns of three buckets; with the last of them the second half of a step
/// // of 20 % is there.
/// let mut rows = Evaluation::default();
/// let columns = rows.columns(3);
/// let level = NewLevel { buckets: 2, shift: Shift::Times(1.2) };
/// columns.new_levels.set(2, level);
/// assert_eq!(rows.new_levels().iter().collect::<Vec<_>>(), [(2, level)]);
/// assert_eq!(level.shift.to_string(), "1.2 times as much as before");
/// ```
#[derive(Debug, Clone, Default)]
pub struct NewLevels {
    rows: Sparse<NewLevel>,
}

impl NewLevels {
    /// Says that a new level is adopted with row `row` of the window.
    pub fn set(&mut self, row: usize, level: NewLevel) {
        self.rows.set(row, level);
    }

    /// All rows with which one is, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, NewLevel)> + Clone + '_ {
        self.rows.iter()
    }

    /// Takes over what `more` says of its `rows`, the first of which is row `first` here.
    pub(crate) fn append(&mut self, more: &Self, rows: Range<usize>, first: usize) {
        for (row, level) in more.iter().filter(|(row, _)| rows.contains(row)) {
            self.set(first + row - rows.start, level);
        }
    }

    /// Forgets those of `rows`.
    pub(crate) fn take_back(&mut self, rows: &Range<usize>) {
        self.rows.retain(|row| !rows.contains(&row));
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_says_where_values_lie_after_it() {
        let told = |shift: Shift| (shift.of(10.0), shift.to_string());
        assert_eq!(
            told(Shift::By(-2.5)),
            (7.5, "2.5 less than before".to_owned())
        );
        assert_eq!(
            told(Shift::By(2.0)),
            (12.0, "2 more than before".to_owned())
        );
        let times = "1.3 times as much as before".to_owned();
        assert_eq!(told(Shift::Times(1.3)), (13.0, times));
    }
}
