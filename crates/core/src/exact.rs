//! Numbers that come back from any format with the same bits: as their shortest text.
//!
//! JSON has neither NaN nor infinities, and not every reader of decimal numbers rounds correctly.
//! A carry must survive both. Use as `#[serde(with = "tuatara_core::exact")]`.

use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes `value` as its shortest text that reads back to the same number.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads what [`serialize`] wrote.
///
/// # Errors
/// When the text is no number.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|_| de::Error::custom(format_args!("{text:?} is not a number")))
}
