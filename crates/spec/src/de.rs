//! Derived types out of a tree, with the place of everything that does not fit.
//!
//! Any type that derives `Deserialize` can be read. What is written may be lenient where that is
//! harmless, and is refused where a guess would be needed:
//!
//! | meant                | read from                                                             |
//! |----------------------|-----------------------------------------------------------------------|
//! | text                 | any scalar, as written: `no`, `1.10`                                   |
//! | number               | decimal, in quotes or not; a whole number where one is meant           |
//! | `f64`                | also `NaN`, `inf`, in any case, with or without a dot                  |
//! | `Option<_>`          | nothing, `~`, `null` and `NaN` are "not set"                           |
//! | `bool`               | `true` or `false`; `yes`, `no`, `on`, `off` are refused                |
//! | list                 | a list, one value standing for a list of one, nothing for an empty one |
//! | enum                 | the variant in any case, `-` being `_`                                 |
//! | struct, map          | a mapping, nothing for an empty one; never a list                      |
//!
//! Serde's `flatten`, `untagged` and `tag` read through a buffer that forgets places; errors
//! inside such a type have the place of the whole value.

mod access;
mod enumeration;
mod error;
mod number;
mod value;

pub use error::ReadError;
pub(crate) use error::custom;

use serde::de::DeserializeOwned;

use crate::Diagnostic;
use crate::tree::{Node, Value};

/// Reads a value out of `node`.
///
/// # Errors
/// The first thing that does not fit, with its place.
///
/// ```
/// use tuatara_spec::tree::Node;
///
/// #[derive(Debug, PartialEq, serde::Deserialize)]
/// #[serde(deny_unknown_fields, default)]
/// struct Limits { max: Option<f64>, hours: Vec<u8> }
/// # impl Default for Limits { fn default() -> Self { Self { max: None, hours: vec![] } } }
///
/// let node = Node::mapping([("max", Node::plain("NaN")), ("hours", Node::plain("7"))]);
/// let limits: Limits = tuatara_spec::de::from_node(&node)?;
/// assert_eq!(limits, Limits { max: None, hours: vec![7] });
/// # Ok::<(), tuatara_spec::de::ReadError>(())
/// ```
pub fn from_node<T: DeserializeOwned>(node: &Node) -> Result<T, ReadError> {
    T::deserialize(value::Reader { node }).map_err(|error| error.at(node.span))
}

/// Reads the parameters of `owner` out of the mapping `node`.
///
/// # Errors
/// Everything that does not fit, as far as it can be told: an entry that does not is left out,
/// and the rest is read again, up to fifty times.
pub(crate) fn parameters<T: DeserializeOwned>(
    node: &Node,
    owner: &str,
) -> Result<T, Vec<Diagnostic>> {
    let mut error = match from_node(node) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    const MOST: usize = 50;
    let mut rest = node.clone();
    let mut diagnostics = Vec::new();
    loop {
        let entry = error.entry();
        // An entry that was left out may be missed later; that is no news.
        if diagnostics.is_empty() || !error.is_missing_field() {
            diagnostics.push(error.into_diagnostic(owner, "a parameter"));
        }
        let Value::Mapping(entries) = &mut rest.value else {
            break;
        };
        if diagnostics.len() == MOST {
            break;
        }
        match entry {
            Some(entry) if entry < entries.len() => entries.remove(entry),
            _ => break,
        };
        match from_node::<T>(&rest) {
            Ok(_) => break,
            Err(next) => error = next,
        }
    }
    Err(diagnostics)
}
