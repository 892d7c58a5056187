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

/// The median of at most eight numbers, which are put in order.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    for end in 1..values.len() {
        let mut at = end;
        while at > 0 && values[at - 1] > values[at] {
            values.swap(at - 1, at);
            at -= 1;
        }
    }
    let half = values.len() / 2;
    if values.len() % 2 == 1 {
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
        ranks.remove(1.0);
        ranks.remove(f64::NAN);
        assert_eq!(ranks.len(), 4);
        assert!((ranks.quantile(0.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_median_is_the_middle_or_halfway_between_the_two() {
        assert!((median(&mut [3.0, 1.0, 2.0]) - 2.0).abs() < 1e-12);
        assert!((median(&mut [4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < 1e-12);
        assert!((median(&mut [7.0]) - 7.0).abs() < 1e-12);
        assert!(median(&mut [f64::MAX, f64::MAX]).is_finite());
    }
}
