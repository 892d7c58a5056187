//! The tree a configuration is read from: text, lists and mappings, each with its place.
//!
//! A tree keeps the text of every scalar as it was written. Whether `no` is a country or an
//! answer, and `1.10` a version or a number, is decided by whoever reads it.

mod canonical;
mod print;

pub use print::Printed;

use crate::Span;

/// Levels of nesting a tree may have. No configuration needs a tenth of it.
pub const MAX_DEPTH: usize = 64;

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands; [`Span::NONE`] in a tree built in code.
    pub span: Span,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single value, its text as written.
    Scalar {
        /// The text, without quotes and with escapes resolved.
        text: String,
        /// Whether it stood in quotes.
        style: Style,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and their values in the order written, each key once.
    Mapping(Vec<(Key, Node)>),
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Bare: `0.1`, `true`, `null` and nothing at all may mean more than their text.
    Plain,
    /// In quotes or as a block: text.
    Quoted,
}

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key itself.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// A node without a place.
    pub const fn new(value: Value) -> Self {
        Self {
            value,
            span: Span::NONE,
        }
    }

    /// A bare scalar, such as `0.1`, `UP` or `true`.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(Value::Scalar {
            text: text.into(),
            style: Style::Plain,
        })
    }

    /// A scalar that is text whatever it looks like.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Value::Scalar {
            text: text.into(),
            style: Style::Quoted,
        })
    }

    /// Nothing, as after a key without a value.
    pub fn null() -> Self {
        Self::plain("")
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Value::Sequence(items.into_iter().collect()))
    }

    /// A mapping. Of a key given twice, the later value counts.
    pub fn mapping<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let mut kept: Vec<(Key, Self)> = Vec::new();
        for (key, value) in entries {
            let text = key.into();
            match kept.iter_mut().find(|(key, _)| key.text == text) {
                Some(entry) => entry.1 = value,
                None => kept.push((
                    Key {
                        text,
                        span: Span::NONE,
                    },
                    value,
                )),
            }
        }
        Self::new(Value::Mapping(kept))
    }

    /// Whether this is nothing: no text, `~` or `null`, not in quotes.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, style: Style::Plain }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The text of a scalar that is not nothing.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// The value of `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The entry of `key`, if this is a mapping that has it.
    pub(crate) fn entry(&self, key: &str) -> Option<&(Key, Self)> {
        match &self.value {
            Value::Mapping(entries) => entries.iter().find(|(k, _)| k.text == key),
            _ => None,
        }
    }

    /// Whether the tree has more than `levels` levels.
    pub(crate) fn is_deeper_than(&self, levels: usize) -> bool {
        let Some(below) = levels.checked_sub(1) else {
            return true;
        };
        match &self.value {
            Value::Scalar { .. } => false,
            Value::Sequence(items) => items.iter().any(|item| item.is_deeper_than(below)),
            Value::Mapping(entries) => entries.iter().any(|(_, value)| value.is_deeper_than(below)),
        }
    }

    /// What it is, in words for a message: `a list`, `nothing`, `` `ten` ``.
    pub(crate) fn describe(&self) -> String {
        match &self.value {
            Value::Scalar { .. } if self.is_null() => "nothing".to_owned(),
            Value::Scalar { text, .. } => crate::diagnostic::quote(text),
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a mapping".to_owned(),
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<f64> for Node {
    /// NaN is written `NaN` and means "not set" where an optional number is meant.
    fn from(number: f64) -> Self {
        Self::plain(number.to_string())
    }
}

impl From<i64> for Node {
    fn from(number: i64) -> Self {
        Self::plain(number.to_string())
    }
}

impl From<bool> for Node {
    fn from(flag: bool) -> Self {
        Self::plain(flag.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_in_five_ways_but_never_in_quotes() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert!(Node::plain(text).is_null());
            assert!(!Node::text(text).is_null());
        }
        assert!(!Node::plain("nil").is_null());
    }

    #[test]
    fn of_a_key_given_twice_in_code_the_later_value_counts() {
        let node = Node::mapping([("a", Node::from(1)), ("a", Node::from(2))]);
        assert_eq!(node.get("a"), Some(&Node::from(2)));
    }

    #[test]
    fn depth_counts_the_scalar_itself() {
        assert!(!Node::plain("x").is_deeper_than(1));
        assert!(Node::list([Node::plain("x")]).is_deeper_than(1));
        assert!(!Node::list([Node::plain("x")]).is_deeper_than(2));
    }
}
