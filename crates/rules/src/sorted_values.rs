//! A bag of numbers in order: what comes in, what goes out, and the median of what is left.
//!
//! The numbers lie in blocks of a few hundred, each in order. One that comes or goes moves the rest
//! of its block, and the ranks at which the later blocks start: for n numbers `O(B + n/B)` with
//! `B` = 256, in memory that is read in one go. A rank is found in `O(log n)`. What the bag answers
//! depends on what is in it, never on the order in which it came.

/// Blocks are split when they get twice as long.
const BLOCK: usize = 256;

/// Finite numbers in order.
#[derive(Debug, Default)]
pub(crate) struct SortedValues {
    blocks: Vec<Vec<f64>>,
    /// The rank of the first number of each block.
    starts: Vec<usize>,
    len: usize,
}

impl SortedValues {
    /// Number of numbers.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Holds `values` and nothing else; sorts them.
    pub(crate) fn refill(&mut self, values: &mut [f64]) {
        values.sort_unstable_by(f64::total_cmp);
        self.blocks.clear();
        self.blocks
            .extend(values.chunks(BLOCK).map(<[f64]>::to_vec));
        self.len = values.len();
        self.number(0);
    }

    /// Adds `value`.
    pub(crate) fn insert(&mut self, value: f64) {
        self.len += 1;
        let Some(last) = self.blocks.len().checked_sub(1) else {
            self.blocks.push(vec![value]);
            self.number(0);
            return;
        };
        let at = self.block_of(value).min(last);
        let block = &mut self.blocks[at];
        block.insert(block.partition_point(|&other| other < value), value);
        if block.len() < 2 * BLOCK {
            self.starts[at + 1..]
                .iter_mut()
                .for_each(|start| *start += 1);
            return;
        }
        let upper = block.split_off(BLOCK);
        self.blocks.insert(at + 1, upper);
        self.number(at);
    }

    /// Takes out one `value`, which is there.
    ///
    /// # Panics
    /// When it is not.
    pub(crate) fn remove(&mut self, value: f64) {
        let at = self.block_of(value);
        let block = &mut self.blocks[at];
        let place = block.partition_point(|&other| other < value);
        let gone = block.remove(place);
        assert!(
            gone.to_bits() == value.to_bits(),
            "invariant: what is taken out was put in"
        );
        self.len -= 1;
        if block.len() >= BLOCK / 2 {
            self.starts[at + 1..]
                .iter_mut()
                .for_each(|start| *start -= 1);
            return;
        }
        // Short blocks join their neighbour, so that there are never many.
        let next = at + 1;
        if next < self.blocks.len() && self.blocks[at].len() + self.blocks[next].len() < 2 * BLOCK {
            let mut upper = self.blocks.remove(next);
            self.blocks[at].append(&mut upper);
        }
        if self.blocks[at].is_empty() {
            self.blocks.remove(at);
        }
        self.number(at);
    }

    /// The block that holds `value` if any does, and where it belongs otherwise; one past the last
    /// when all numbers are smaller.
    fn block_of(&self, value: f64) -> usize {
        self.blocks
            .partition_point(|block| block.last().is_some_and(|&last| last < value))
    }

    /// Counts anew from block `first` on.
    fn number(&mut self, first: usize) {
        self.starts.truncate(first);
        let mut start = match first.checked_sub(1) {
            Some(before) => self.starts[before] + self.blocks[before].len(),
            None => 0,
        };
        for block in &self.blocks[first.min(self.blocks.len())..] {
            self.starts.push(start);
            start += block.len();
        }
    }

    /// The number of rank `rank`, from 0.
    fn nth(&self, rank: usize) -> f64 {
        let block = self.starts.partition_point(|&start| start <= rank) - 1;
        self.blocks[block][rank - self.starts[block]]
    }

    /// How many numbers are at most `value`.
    fn count_up_to(&self, value: f64) -> usize {
        let block = self
            .blocks
            .partition_point(|block| block.last().is_some_and(|&last| last <= value));
        match self.blocks.get(block) {
            Some(found) => self.starts[block] + found.partition_point(|&other| other <= value),
            None => self.len,
        }
    }

    /// The middle number, or the mean of the two middle ones; `None` of nothing.
    pub(crate) fn median(&self) -> Option<f64> {
        middle(self.len, |rank| self.nth(rank))
    }

    /// The median of the distances from `center`; `None` of nothing.
    pub(crate) fn median_distance(&self, center: f64) -> Option<f64> {
        let below = self.count_up_to(center);
        middle(self.len, |rank| self.nth_distance(center, below, rank))
    }

    /// The least distance from `center` that nine numbers in ten do not exceed; `None` of nothing.
    pub(crate) fn distance_of_nine_tenths(&self, center: f64) -> Option<f64> {
        let rank = (9 * self.len).div_ceil(10).checked_sub(1)?;
        let below = self.count_up_to(center);
        Some(self.nth_distance(center, below, rank))
    }

    /// The distance of rank `rank` from `center`, which has `below` numbers at or below it.
    ///
    /// The distances of those below, from `center` down, and of those above, from it up, are in
    /// order: how many of the nearest `rank + 1` lie below is found by halving.
    fn nth_distance(&self, center: f64, below: usize, rank: usize) -> f64 {
        let down = |nearest: usize| center - self.nth(below - 1 - nearest);
        let up = |nearest: usize| self.nth(below + nearest) - center;
        let mut low = (rank + 1).saturating_sub(self.len - below);
        let mut high = (rank + 1).min(below);
        while low < high {
            let middle = low + (high - low) / 2;
            if down(middle) < up(rank - middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let of_down = low.checked_sub(1).map(down);
        let of_up = rank.checked_sub(low).map(up);
        match (of_down, of_up) {
            (Some(down), Some(up)) if down > up => down,
            (_, Some(up)) => up,
            (Some(down), None) => down,
            (None, None) => unreachable!("of at least one number, some are near"),
        }
    }
}

/// The median of `len` numbers in order, of which `nth` gives one.
fn middle(len: usize, nth: impl Fn(usize) -> f64) -> Option<f64> {
    let half = len / 2;
    match len {
        0 => None,
        _ if len % 2 == 1 => Some(nth(half)),
        _ => Some(f64::midpoint(nth(half - 1), nth(half))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use tuatara_testkit::Draw;

    /// Sorted from scratch.
    fn naive(values: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values
    }

    fn naive_median(values: &[f64]) -> Option<f64> {
        let half = values.len() / 2;
        match values.len() {
            0 => None,
            len if len % 2 == 1 => Some(values[half]),
            _ => Some((values[half - 1] + values[half]) / 2.0),
        }
    }

    fn bits(value: Option<f64>) -> Option<u64> {
        value.map(f64::to_bits)
    }

    #[test]
    fn by_hand() {
        let mut bag = SortedValues::default();
        assert_eq!((bag.median(), bag.median_distance(0.0)), (None, None));
        for value in [5.0, 1.0, 9.0, 2.0] {
            bag.insert(value);
        }
        assert_eq!(bag.median(), Some(3.5));
        // Distances 2.5, 1.5, 1.5, 5.5.
        assert_eq!(bag.median_distance(3.5), Some(2.0));
        assert_eq!(bag.distance_of_nine_tenths(3.5), Some(5.5));
        bag.remove(9.0);
        assert_eq!((bag.len(), bag.median()), (3, Some(2.0)));
    }

    #[test]
    fn a_moving_bag_answers_as_one_that_is_sorted_anew() {
        let mut draw = Draw::new(7);
        for (most, levels) in [(40, 3), (1500, 1000), (1500, 5), (900, 1_000_000)] {
            let mut inside: VecDeque<f64> = VecDeque::new();
            let mut bag = SortedValues::default();
            for step in 0..2 * most {
                let value = draw.between(0..levels) as f64 - 2.0;
                inside.push_back(value);
                bag.insert(value);
                // Growing, moving, and shrinking to nothing now and then.
                let gone = if step % 700 == 699 { most } else { 1 };
                while inside.len() + gone > most && !inside.is_empty() {
                    bag.remove(inside.pop_front().unwrap());
                }
                if step % 13 > 0 {
                    continue;
                }
                let sorted = naive(inside.iter().copied());
                let median = naive_median(&sorted);
                assert_eq!(bits(bag.median()), bits(median));
                let center = median.unwrap_or(0.0);
                let far = naive(sorted.iter().map(|value| (value - center).abs()));
                assert_eq!(bits(bag.median_distance(center)), bits(naive_median(&far)));
                let share = (far.len() * 9).div_ceil(10);
                let ninth = share.checked_sub(1).map(|rank| far[rank]);
                assert_eq!(bits(bag.distance_of_nine_tenths(center)), bits(ninth));
            }
            let mut anew: Vec<f64> = inside.iter().copied().collect();
            let mut other = SortedValues::default();
            other.refill(&mut anew);
            assert_eq!(bits(bag.median()), bits(other.median()));
        }
    }
}
