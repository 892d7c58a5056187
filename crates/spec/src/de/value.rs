//! One value of the tree as serde asks for it.

use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::access::{Items, Mapping};
use super::enumeration::Choice;
use super::error::ReadError;
use super::number;
use crate::tree::{Node, Style, Value};

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct Reader<'n> {
    pub(super) node: &'n Node,
}

type Result<T> = std::result::Result<T, ReadError>;

impl<'n> Reader<'n> {
    /// The text of a scalar, where `meant` is expected.
    fn text(self, meant: &str) -> Result<&'n str> {
        match &self.node.value {
            Value::Scalar { .. } if self.node.is_null() => Err(ReadError::no_value(meant)),
            Value::Scalar { text, .. } => Ok(text.as_str()),
            _ => Err(ReadError::wrong_type(self.node.describe(), meant)),
        }
        .map_err(|error| error.at(self.node.span))
    }

    fn whole<T: TryFrom<i128>>(self, least: i128, most: i128) -> Result<T> {
        const MEANT: &str = "a whole number";
        let text = self.text(MEANT)?;
        number::integer(text)
            .map_err(|why| ReadError::number(text, MEANT, why))
            .and_then(|number| {
                T::try_from(number).map_err(|_| {
                    ReadError::range(text, format!("whole numbers from {least} to {most}"))
                })
            })
            .map_err(|error| error.at(self.node.span))
    }

    fn float(self) -> Result<f64> {
        const MEANT: &str = "a number";
        let text = self.text(MEANT)?;
        number::float(text).map_err(|why| ReadError::number(text, MEANT, why).at(self.node.span))
    }
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident $type:ty,)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let (least, most) = (i128::from(<$type>::MIN), i128::from(<$type>::MAX));
            visitor.$visit(self.whole::<$type>(least, most)?)
        })+
    };
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match &self.node.value {
            Value::Sequence(items) => visitor.visit_seq(Items::new(items)),
            Value::Mapping(entries) => Mapping::visit(entries, visitor),
            Value::Scalar {
                text,
                style: Style::Quoted,
            } => visitor.visit_str(text),
            Value::Scalar { .. } if self.node.is_null() => visitor.visit_unit(),
            Value::Scalar { text, .. } => {
                if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
                    return visitor.visit_bool(text.eq_ignore_ascii_case("true"));
                }
                let whole = text
                    .bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+'));
                match (whole, number::integer(text).ok().map(i64::try_from)) {
                    (true, Some(Ok(number))) => return visitor.visit_i64(number),
                    (true, Some(Err(_))) => return visitor.visit_str(text),
                    _ => {}
                }
                match number::float(text) {
                    Ok(number) => visitor.visit_f64(number),
                    Err(_) => visitor.visit_str(text),
                }
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let nan = matches!(&self.node.value, Value::Scalar { text, .. } if number::is_nan(text));
        if nan || self.node.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let text = self.text("true or false")?;
        if text.eq_ignore_ascii_case("true") {
            visitor.visit_bool(true)
        } else if text.eq_ignore_ascii_case("false") {
            visitor.visit_bool(false)
        } else {
            Err(ReadError::not_bool(text).at(self.node.span))
        }
    }

    whole_numbers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_u128(self.whole::<u128>(0, i128::MAX)?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_str(self.text("one character")?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_str(self.text("text")?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.node.is_null() {
            true => visitor.visit_unit(),
            false => Err(ReadError::wrong_type(self.node.describe(), "nothing")),
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
        match &self.node.value {
            Value::Sequence(items) => visitor.visit_seq(Items::new(items)),
            _ if self.node.is_null() => visitor.visit_seq(Items::new(&[])),
            _ => visitor.visit_seq(Items::new(std::slice::from_ref(self.node))),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value> {
        let meant = format!("a list of {length}");
        match &self.node.value {
            Value::Sequence(items) if items.len() == length => visitor.visit_seq(Items::new(items)),
            Value::Sequence(items) => Err(ReadError::wrong_type(
                format!("a list of {}", items.len()),
                meant,
            )),
            _ => Err(ReadError::wrong_type(self.node.describe(), meant)),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match &self.node.value {
            Value::Mapping(entries) => Mapping::visit(entries, visitor),
            _ if self.node.is_null() => Mapping::visit(&[], visitor),
            _ => Err(ReadError::wrong_type(
                self.node.describe(),
                "a mapping of `key: value`",
            )),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(Choice::of(self.node, variants)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { bytes byte_buf }
}
