//! What a type asks for when it is read: found out by letting it ask, without an answer.
//!
//! A derived `Deserialize` says what it wants before it gets anything: a struct with these fields, a
//! number, one of these variants. One question is answered by an error, and the next is asked by
//! reading the type again, led on to another place: into an option, to the first item of a list, to
//! a field. Nothing is ever made of the type, so any type can be asked.

use std::cell::Cell;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer,
    MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// One step from a value to a value within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// What an option holds, an item of a list, the value of any key, what a variant holds.
    Within,
    /// The value of this key.
    Key(&'static str),
    /// This variant.
    Variant(&'static str),
}

/// What is asked for at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Asked {
    /// Whatever is there.
    Anything,
    /// Nothing.
    Nothing,
    Bool,
    Number,
    Whole {
        least: i128,
        most: i128,
    },
    Text,
    Optional,
    List,
    Mapping,
    Struct(&'static [&'static str]),
    Choice(&'static [&'static str]),
    /// A variant that holds something.
    Content,
}

/// What `T` asks for at the end of `path`.
pub(super) fn ask<T: DeserializeOwned>(path: &[Step]) -> Asked {
    let answer = Cell::new(None);
    let probe = Probe {
        path,
        answer: &answer,
    };
    // It ends in an error wherever it has asked; one that did not ask takes anything.
    let _ = T::deserialize(probe);
    answer.get().unwrap_or(Asked::Anything)
}

/// Whether the struct at the end of `path` refuses a key that it does not know.
pub(super) fn refuses_unknown_keys<T: DeserializeOwned>(path: &[Step]) -> bool {
    const NO_SUCH_KEY: &str = "\u{0}no such key";
    let mut path = path.to_vec();
    path.push(Step::Key(NO_SUCH_KEY));
    let answer = Cell::new(None);
    let probe = Probe {
        path: &path,
        answer: &answer,
    };
    matches!(T::deserialize(probe), Err(Stopped::UnknownField))
}

/// Why reading has come to an end.
#[derive(Debug)]
enum Stopped {
    /// It was asked, or the type has its reasons.
    Here,
    /// A key is not known.
    UnknownField,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a type was asked what it takes")
    }
}

impl std::error::Error for Stopped {}

impl Error for Stopped {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Here
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownField
    }
}

type Result<T> = std::result::Result<T, Stopped>;

/// Leads along a path and notes what is asked for at its end.
#[derive(Clone, Copy)]
struct Probe<'p> {
    path: &'p [Step],
    answer: &'p Cell<Option<Asked>>,
}

impl Probe<'_> {
    fn note<T>(self, asked: Asked) -> Result<T> {
        self.answer.set(Some(asked));
        Err(Stopped::Here)
    }

    /// The next step, and what is left after it.
    fn step(self) -> Option<(Step, Self)> {
        let (step, path) = self.path.split_first()?;
        Some((*step, Self { path, ..self }))
    }
}

macro_rules! leaves {
    ($($method:ident = $asked:expr,)+) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
            self.note($asked)
        })+
    };
}

macro_rules! whole_numbers {
    ($($method:ident $type:ty,)+) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
            let (least, most) = (i128::from(<$type>::MIN), i128::from(<$type>::MAX));
            self.note(Asked::Whole { least, most })
        })+
    };
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Stopped;

    leaves! {
        deserialize_any = Asked::Anything,
        deserialize_ignored_any = Asked::Anything,
        deserialize_bool = Asked::Bool,
        deserialize_f32 = Asked::Number,
        deserialize_f64 = Asked::Number,
        deserialize_char = Asked::Text,
        deserialize_str = Asked::Text,
        deserialize_string = Asked::Text,
        deserialize_identifier = Asked::Text,
        deserialize_unit = Asked::Nothing,
    }

    whole_numbers! {
        deserialize_i8 i8,
        deserialize_i16 i16,
        deserialize_i32 i32,
        deserialize_i64 i64,
        deserialize_u8 u8,
        deserialize_u16 u16,
        deserialize_u32 u32,
        deserialize_u64 u64,
    }

    fn deserialize_i128<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        let (least, most) = (i128::MIN, i128::MAX);
        self.note(Asked::Whole { least, most })
    }

    fn deserialize_u128<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        let (least, most) = (0, i128::MAX);
        self.note(Asked::Whole { least, most })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.step() {
            Some((_, within)) => visitor.visit_some(within),
            None => self.note(Asked::Optional),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.step() {
            Some((_, within)) => visitor.visit_seq(Only(within)),
            None => self.note(Asked::List),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.step() {
            Some((Step::Key(key), within)) => visitor.visit_map(Entry { key, within }),
            Some((_, within)) => visitor.visit_map(Entry { key: "", within }),
            None => self.note(Asked::Mapping),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.step() {
            Some((Step::Key(key), within)) => visitor.visit_map(Entry { key, within }),
            _ => self.note(Asked::Struct(fields)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.step() {
            Some((Step::Variant(variant), within)) => {
                visitor.visit_enum(Chosen { variant, within })
            }
            _ => self.note(Asked::Choice(variants)),
        }
    }

    // Of several items of different types only the first could be asked for.
    forward_to_deserialize_any! { bytes byte_buf tuple tuple_struct }
}

/// A list of one.
struct Only<'p>(Probe<'p>);

impl<'de> SeqAccess<'de> for Only<'_> {
    type Error = Stopped;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        seed.deserialize(self.0).map(Some)
    }
}

/// A mapping of one key.
struct Entry<'p> {
    key: &'static str,
    within: Probe<'p>,
}

impl<'de> MapAccess<'de> for Entry<'_> {
    type Error = Stopped;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let key: StrDeserializer<'_, Stopped> = self.key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.within)
    }
}

/// One of the variants.
struct Chosen<'p> {
    variant: &'static str,
    within: Probe<'p>,
}

impl<'de, 'p> EnumAccess<'de> for Chosen<'p> {
    type Error = Stopped;
    type Variant = Probe<'p>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Probe<'p>)> {
        let name: StrDeserializer<'_, Stopped> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self.within))
    }
}

impl<'de> VariantAccess<'de> for Probe<'_> {
    type Error = Stopped;

    fn unit_variant(self) -> Result<()> {
        self.note(Asked::Nothing)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        match self.step() {
            Some((_, within)) => seed.deserialize(within),
            None => self.note(Asked::Content),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value> {
        self.note(match self.path {
            [] => Asked::Content,
            _ => Asked::Anything,
        })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.step() {
            Some((_, within)) => within.deserialize_struct("", fields, visitor),
            None => self.note(Asked::Content),
        }
    }
}
