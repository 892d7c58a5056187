//! One of several variants.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, VariantAccess, Visitor,
};

use super::error::ReadError;
use super::value::Reader;
use crate::Span;
use crate::tree::{Node, Value};

/// A variant, by its own spelling, and what it holds.
pub(super) struct Choice<'n> {
    name: &'n str,
    span: Span,
    content: Option<&'n Node>,
}

impl<'n> Choice<'n> {
    /// A scalar names a variant that holds nothing, a mapping of one key one that does. The
    /// variant is recognised in any case, with `-` for `_`.
    pub(super) fn of(node: &'n Node, variants: &'static [&'static str]) -> Result<Self, ReadError> {
        let (written, span, content) = match &node.value {
            Value::Scalar { .. } if node.is_null() => {
                return Err(ReadError::no_value(variants.join(", ")));
            }
            Value::Scalar { text, .. } => (text, node.span, None),
            Value::Mapping(entries) if entries.len() == 1 => {
                let (key, value) = &entries[0];
                (&key.text, key.span, Some(value))
            }
            _ => {
                let meant = format!("one of {}", variants.join(", "));
                return Err(ReadError::wrong_type(node.describe(), meant).at(node.span));
            }
        };
        let name = variants
            .iter()
            .find(|variant| same_word(variant, written))
            .map_or(written.as_str(), |variant| variant);
        Ok(Self {
            name,
            span,
            content,
        })
    }
}

fn same_word(a: &str, b: &str) -> bool {
    let plain = |c: char| {
        if c == '-' {
            '_'
        } else {
            c.to_ascii_lowercase()
        }
    };
    a.chars().map(plain).eq(b.chars().map(plain))
}

impl<'de, 'n> EnumAccess<'de> for Choice<'n> {
    type Error = ReadError;
    type Variant = Content<'n>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Content<'n>), ReadError> {
        let name: StrDeserializer<'_, ReadError> = self.name.into_deserializer();
        let variant = seed
            .deserialize(name)
            .map_err(|error| error.at(self.span))?;
        Ok((
            variant,
            Content {
                span: self.span,
                node: self.content,
            },
        ))
    }
}

/// What a variant holds.
pub(super) struct Content<'n> {
    span: Span,
    node: Option<&'n Node>,
}

impl<'n> Content<'n> {
    fn node(&self, meant: &str) -> Result<Reader<'n>, ReadError> {
        match self.node {
            Some(node) => Ok(Reader { node }),
            None => Err(ReadError::no_value(meant).at(self.span)),
        }
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match self.node.filter(|node| !node.is_null()) {
            None => Ok(()),
            Some(node) => Err(ReadError::wrong_type(node.describe(), "nothing").at(node.span)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ReadError> {
        let reader = self.node("a value")?;
        seed.deserialize(reader)
            .map_err(|error| error.at(reader.node.span))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let reader = self.node("a list")?;
        reader
            .deserialize_tuple(length, visitor)
            .map_err(|error| error.at(reader.node.span))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let reader = self.node("a mapping of `key: value`")?;
        reader
            .deserialize_map(visitor)
            .map_err(|error| error.at(reader.node.span))
    }
}
