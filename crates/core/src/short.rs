//! Numbers as people read them.

use std::fmt;

/// A number in six significant digits, for sentences. Files have all digits.
///
/// ```
/// use tuatara_core::Short;
///
/// assert_eq!(Short(60438.604999999996).to_string(), "60438.6");
/// assert_eq!(Short(-0.5).to_string(), "-0.5");
/// assert_eq!(Short(1234567.8).to_string(), "1234568");
/// assert_eq!(Short(1.0e-12 / 3.0).to_string(), "3.33333e-13");
/// assert_eq!(Short(f64::NAN).to_string(), "nothing");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Short(pub f64);

/// Significant digits.
const DIGITS: i32 = 6;

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        if value.is_nan() {
            return f.write_str("nothing");
        }
        if value.is_infinite() {
            return f.write_str(if value > 0.0 { "∞" } else { "−∞" });
        }
        if value == 0.0 {
            return f.write_str("0");
        }
        let magnitude = libm::floor(libm::log10(value.abs()));
        if !(-5.0..16.0).contains(&magnitude) {
            return f.write_str(&trimmed(format!("{:.*e}", DIGITS as usize - 1, value)));
        }
        let decimals = (f64::from(DIGITS - 1) - magnitude).max(0.0) as usize;
        f.write_str(&trimmed(format!("{value:.decimals$}")))
    }
}

/// Without zeros at the end of the fraction.
fn trimmed(text: String) -> String {
    let (digits, exponent) = match text.split_once('e') {
        Some((digits, exponent)) => (digits, format!("e{exponent}")),
        None => (text.as_str(), String::new()),
    };
    if !digits.contains('.') {
        return text;
    }
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    format!("{digits}{exponent}")
}
