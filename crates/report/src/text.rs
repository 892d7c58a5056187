//! Text in markup, and numbers as short as they can be read.

use std::fmt::{self, Write};

/// Text that comes from data or a specification, in markup: it can neither end an element or an
/// attribute nor begin one. Characters that no XML may have become U+FFFD.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Escaped<'t>(pub(crate) &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => f.write_char(c)?,
                '\u{fffe}' | '\u{ffff}' => f.write_char('\u{fffd}')?,
                c if c.is_control() => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// `text` as a JSON string that may stand in a `<script>`.
pub(crate) fn json_string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let mut safe = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(safe, "\\u{:04x}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Significant digits of a number that is embedded: those of [`Short`](tuatara::core::Short).
const DIGITS: i32 = 6;

/// `value` as a JSON number in six significant digits; `null` where it is NaN, `"+"` and `"-"`
/// where it is infinite.
pub(crate) fn json_number(value: f64) -> String {
    if value.is_nan() {
        return "null".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "\"+\"" } else { "\"-\"" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = libm::floor(libm::log10(value.abs()));
    if !(-5.0..16.0).contains(&magnitude) {
        return trimmed(format!("{:.*e}", DIGITS as usize - 1, value));
    }
    let decimals = (f64::from(DIGITS - 1) - magnitude).max(0.0) as usize;
    trimmed(format!("{value:.decimals$}"))
}

/// Without zeros at the end of the fraction.
pub(crate) fn trimmed(text: String) -> String {
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

/// `3 anomalies`, `1 anomaly`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let hostile = "<script>alert('x')</script> & \"y\" \u{1}";
        assert_eq!(
            Escaped(hostile).to_string(),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot; \u{fffd}"
        );
        assert_eq!(
            json_string("</script>\u{2028}\""),
            r#""\u003c/script\u003e\u2028\"""#
        );
    }

    #[test]
    fn numbers_keep_six_digits() {
        assert_eq!(json_number(60438.604999999996), "60438.6");
        assert_eq!(json_number(1234567.8), "1234568");
        assert_eq!(json_number(-0.5), "-0.5");
        assert_eq!(json_number(f64::NAN), "null");
        assert_eq!(json_number(f64::NEG_INFINITY), "\"-\"");
    }
}
