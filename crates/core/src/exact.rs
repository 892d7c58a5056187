//! Numbers that come back from any format with the same bits: as their shortest text.
//!
//! JSON has neither NaN nor infinities, and not every reader of decimal numbers rounds correctly.
//! A carry must survive both. Use as `#[serde(with = "tuatara_core::exact")]`.

use serde::{Deserialize, Deserializer, Serializer, de};

/// The shortest text of `value` that reads back to the same number; with an exponent where it
/// would have many zeros.
pub fn text(value: f64) -> String {
    let size = value.abs();
    // Without an exponent 1e300 is 301 digits long.
    if size == 0.0 || (1e-5..1e17).contains(&size) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// Writes `value` as its shortest text that reads back to the same number.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*value))
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

#[cfg(test)]
mod tests {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Kept(#[serde(with = "crate::exact")] f64);

    #[test]
    fn every_number_comes_back_with_its_bits_and_is_short() {
        let (least, most) = (f64::from_bits(1), f64::MAX);
        for value in [
            0.0,
            -0.0,
            0.1,
            1e5,
            1e-300,
            most,
            least,
            f64::INFINITY,
            -f64::INFINITY,
        ] {
            let text = serde_json::to_string(&Kept(value)).unwrap();
            let Kept(read) = serde_json::from_str(&text).unwrap();
            assert_eq!(read.to_bits(), value.to_bits(), "{text}");
            assert!(text.len() <= 26, "{text}");
        }
        let text = serde_json::to_string(&Kept(f64::NAN)).unwrap();
        assert!(serde_json::from_str::<Kept>(&text).unwrap().0.is_nan());
    }
}
