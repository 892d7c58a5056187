//! Combinations of dimension values, found again by the bytes that stand for them.

use std::collections::HashMap;

/// Remembers the numbers of combinations by their keys.
///
/// Rows mostly come in a repeating order, so the key that followed last time is tried first: then
/// nothing is hashed.
#[derive(Debug, Default)]
pub(super) struct Known {
    entries: Vec<Entry>,
    place_of: HashMap<Box<[u8]>, usize>,
    /// The place of the entry found last.
    last: usize,
    /// The key asked for last.
    key: Vec<u8>,
}

#[derive(Debug)]
struct Entry {
    key: Box<[u8]>,
    number: u32,
    /// The place of the entry that came next the last time.
    follower: usize,
}

/// Stands between the parts of a key. It is no byte of UTF-8, which parts are before they are
/// remembered, so that keys are equal only if all their parts are.
const SEPARATOR: u8 = 0xff;

impl Known {
    /// The number of the combination with this key, if it is known.
    #[inline]
    pub(super) fn find<'k>(
        &mut self,
        parts: impl Iterator<Item = &'k [u8]> + Clone,
    ) -> Option<u32> {
        let follower = self.entries.get(self.last).map_or(0, |last| last.follower);
        if let Some(entry) = self.entries.get(follower)
            && is_made_of(&entry.key, parts.clone())
        {
            self.last = follower;
            return Some(entry.number);
        }
        self.key.clear();
        for part in parts {
            self.key.extend_from_slice(part);
            self.key.push(SEPARATOR);
        }
        let place = *self.place_of.get(&self.key[..])?;
        self.follow(place);
        Some(self.entries[place].number)
    }

    /// Remembers the number for the key that [`find`](Self::find) was asked for last.
    pub(super) fn remember(&mut self, number: u32) {
        let place = self.entries.len();
        self.place_of.insert(self.key.clone().into(), place);
        self.entries.push(Entry {
            key: self.key.clone().into(),
            number,
            follower: place,
        });
        self.follow(place);
    }

    fn follow(&mut self, place: usize) {
        if let Some(last) = self.entries.get_mut(self.last) {
            last.follower = place;
        }
        self.last = place;
    }
}

/// Whether `key` is that of `parts`.
#[inline]
fn is_made_of<'k>(mut key: &[u8], parts: impl Iterator<Item = &'k [u8]>) -> bool {
    for part in parts {
        match key.split_at_checked(part.len()) {
            Some((same, [SEPARATOR, rest @ ..])) if same == part => key = rest,
            _ => return false,
        }
    }
    key.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_by_its_key_in_any_order() {
        let keys: [&[&[u8]]; 4] = [&[b"a", b"b"], &[b"ab", b""], &[b"", b"ab"], &[b"a", b"c"]];
        let mut known = Known::default();
        for (number, key) in (0..).zip(keys) {
            assert_eq!(known.find(key.iter().copied()), None);
            known.remember(number);
        }
        for place in [0, 1, 2, 3, 0, 1, 2, 3, 3, 3, 1, 0, 2, 0, 3] {
            let found = known.find(keys[place].iter().copied());
            assert_eq!(found, Some(place as u32));
        }
    }
}
