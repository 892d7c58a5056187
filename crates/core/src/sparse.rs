//! What only a few rows have.

/// Values of the few rows that have one, in order of the rows.
#[derive(Debug, Clone)]
pub(crate) struct Sparse<T> {
    rows: Vec<(usize, T)>,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<T: Copy> Sparse<T> {
    /// Gives `row` a value; cheap where it lies behind all that have one.
    pub(crate) fn set(&mut self, row: usize, value: T) {
        match self.rows.last() {
            Some(&(last, _)) if last >= row => {
                match self.rows.binary_search_by_key(&row, |(row, _)| *row) {
                    Ok(at) => self.rows[at].1 = value,
                    Err(at) => self.rows.insert(at, (row, value)),
                }
            }
            _ => self.rows.push((row, value)),
        }
    }

    /// The value of `row`, where it has one.
    pub(crate) fn get(&self, row: usize) -> Option<T> {
        let at = self.rows.binary_search_by_key(&row, |(row, _)| *row);
        at.ok().map(|at| self.rows[at].1)
    }

    /// All that have a value, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, T)> + Clone + '_ {
        self.rows.iter().copied()
    }

    /// Forgets the rows that are not to be `kept`.
    pub(crate) fn retain(&mut self, kept: impl Fn(usize) -> bool) {
        self.rows.retain(|(row, _)| kept(*row));
    }

    /// Forgets every row.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_may_come_in_any_order_and_the_last_word_counts() {
        let mut sparse = Sparse::default();
        for (row, value) in [(7, 'a'), (3, 'b'), (9, 'c'), (3, 'd')] {
            sparse.set(row, value);
        }
        let found = [2, 3, 7, 8, 9].map(|row| sparse.get(row));
        assert_eq!(found, [None, Some('d'), Some('a'), None, Some('c')]);
    }
}
