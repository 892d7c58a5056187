//! Numbers in order, one coming and one going at a time.

/// A bag of numbers, none of them NaN, from the smallest to the largest.
///
/// What is read off it depends on what is in it and never on the order in which that came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ranks {
    sorted: Vec<f64>,
}

impl Ranks {
    /// Lets go of all.
    pub(crate) fn clear(&mut self) {
        self.sorted.clear();
    }

    /// Takes in `value`; nothing where it is NaN.
    pub(crate) fn insert(&mut self, value: f64) {
        if !value.is_nan() {
            let at = self.sorted.partition_point(|other| *other < value);
            self.sorted.insert(at, value);
        }
    }

    /// Lets go of `value`, which is in it; nothing where it is NaN.
    pub(crate) fn remove(&mut self, value: f64) {
        if !value.is_nan() {
            let at = self.sorted.partition_point(|other| *other < value);
            self.sorted.remove(at);
        }
    }

    /// Lets go of `old`, which is in it, and takes in `new`; nothing of the two that is NaN.
    pub(crate) fn exchange(&mut self, old: f64, new: f64) {
        if old.is_nan() || new.is_nan() {
            self.remove(old);
            self.insert(new);
            return;
        }
        let from = self.sorted.partition_point(|other| *other < old);
        let to = self.sorted.partition_point(|other| *other < new);
        let at = if to <= from {
            self.sorted.copy_within(to..from, to + 1);
            to
        } else {
            self.sorted.copy_within(from + 1..to, from);
            to - 1
        };
        self.sorted[at] = new;
    }

    pub(crate) fn len(&self) -> usize {
        self.sorted.len()
    }

    /// The number that `share` of them do not exceed, between its neighbours; there is one at least.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let place = share * (self.sorted.len() - 1) as f64;
        // In range: the share is at most 1.
        let below = place as usize;
        let above = (below + 1).min(self.sorted.len() - 1);
        let (low, high) = (self.sorted[below], self.sorted[above]);
        // Each part by itself: the difference of two values can be beyond the largest number.
        let part = place - below as f64;
        low * (1.0 - part) + high * part
    }
}

/// Puts `$values` in order by comparing these pairs of places one after the other: nothing is left to a
/// branch that may be mispredicted.
macro_rules! in_order {
    ($values:ident: $($low:literal $high:literal),+) => {
        $(
            let (a, b) = ($values[$low], $values[$high]);
            ($values[$low], $values[$high]) = if a < b { (a, b) } else { (b, a) };
        )+
    };
}

/// The median of the first `count` of `values`, none of them NaN, behind which infinities stand; `count` is 1
/// at least.
///
/// Source of the comparisons: D. E. Knuth, *The Art of Computer Programming* 3, §5.3.4; nineteen are the
/// least.
pub(crate) fn median(mut values: [f64; 8], count: usize) -> f64 {
    in_order!(values: 0 2, 1 3, 4 6, 5 7, 0 4, 1 5, 2 6, 3 7, 0 1, 2 3, 4 5, 6 7);
    in_order!(values: 2 4, 3 5, 1 4, 3 6, 1 2, 3 4, 5 6);
    let half = count / 2;
    if count % 2 == 1 {
        values[half]
    } else {
        0.5 * values[half - 1] + 0.5 * values[half]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        let mut ranks = Ranks::default();
        for value in [4.0, 1.0, f64::NAN, 3.0, 2.0, 5.0] {
            ranks.insert(value);
        }
        let quantiles = [0.0, 0.25, 0.6, 1.0].map(|share| ranks.quantile(share));
        for (found, wanted) in quantiles.into_iter().zip([1.0, 2.0, 3.4, 5.0]) {
            assert!((found - wanted).abs() < 1e-12);
        }
        ranks.exchange(2.0, 9.0);
        ranks.exchange(9.0, 1.5);
        ranks.exchange(1.5, f64::NAN);
        ranks.exchange(f64::NAN, 2.0);
        assert_eq!(ranks.sorted, [1.0, 2.0, 3.0, 4.0, 5.0]);
        ranks.remove(1.0);
        ranks.remove(f64::NAN);
        assert_eq!(ranks.len(), 4);
        assert!((ranks.quantile(0.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_median_is_the_middle_or_halfway_between_the_two() {
        let of = |values: &[f64]| {
            let mut all = [f64::INFINITY; 8];
            all[..values.len()].copy_from_slice(values);
            median(all, values.len())
        };
        assert!((of(&[3.0, 1.0, 2.0]) - 2.0).abs() < 1e-12);
        assert!((of(&[4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < 1e-12);
        assert!((of(&[7.0]) - 7.0).abs() < 1e-12);
        assert!(of(&[f64::MAX, f64::MAX]).is_finite());
    }

    /// Comparisons that order all rows of zeros and ones order everything.
    #[test]
    fn nineteen_comparisons_order_eight_numbers() {
        for bits in 0..256_u32 {
            let ones = bits.count_ones() as usize;
            let values = std::array::from_fn(|at| f64::from((bits >> at) & 1));
            for count in 1..=8 {
                let sorted: Vec<f64> = (0..8)
                    .map(|at| if at < 8 - ones { 0.0 } else { 1.0 })
                    .collect();
                let middle = match count % 2 {
                    1 => sorted[count / 2],
                    _ => 0.5 * (sorted[count / 2 - 1] + sorted[count / 2]),
                };
                assert_eq!(
                    median(values, count).to_bits(),
                    middle.to_bits(),
                    "{bits:b} {count}"
                );
            }
        }
    }
}
