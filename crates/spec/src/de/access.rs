//! Lists and mappings, item by item.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::error::ReadError;
use super::value::Reader;
use crate::tree::{Key, Node};

/// The items of a list.
pub(super) struct Items<'n> {
    rest: std::slice::Iter<'n, Node>,
}

impl<'n> Items<'n> {
    pub(super) fn new(items: &'n [Node]) -> Self {
        Self { rest: items.iter() }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        let Some(node) = self.rest.next() else {
            return Ok(None);
        };
        seed.deserialize(Reader { node })
            .map(Some)
            .map_err(|error| error.at(node.span))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The entries of a mapping.
pub(super) struct Mapping<'n> {
    entries: &'n [(Key, Node)],
    /// Entries whose key has been read.
    read: usize,
}

impl<'n> Mapping<'n> {
    /// Lets `visitor` read the mapping. A key that is given under two of its names is an error
    /// at the second.
    pub(super) fn visit<'de, V: Visitor<'de>>(
        entries: &'n [(Key, Node)],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let mut mapping = Self { entries, read: 0 };
        visitor.visit_map(&mut mapping).map_err(|error| {
            let last = mapping.read.checked_sub(1);
            match last.filter(|_| error.is_duplicate_field()) {
                Some(last) => error.at_key(last, entries[last].0.span),
                None => error,
            }
        })
    }
}

impl<'de> MapAccess<'de> for Mapping<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        let entry = self.read;
        let Some((key, _)) = self.entries.get(entry) else {
            return Ok(None);
        };
        self.read += 1;
        let text: StrDeserializer<'_, ReadError> = key.text.as_str().into_deserializer();
        seed.deserialize(text)
            .map(Some)
            .map_err(|error| error.at_key(entry, key.span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let entry = self
            .read
            .checked_sub(1)
            .expect("serde asks for a key before its value");
        let (key, node) = &self.entries[entry];
        seed.deserialize(Reader { node }).map_err(|error| {
            let span = if node.is_null() { key.span } else { node.span };
            error.at(span).under(&key.text, entry)
        })
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len() - self.read)
    }
}
