//! Text in markup, and numbers as short as they can be read.

use std::fmt::{self, Write};

/// Text that comes from data or a specification, in markup: it can neither end an element or an
/// attribute nor begin one. Characters that no XML may have, and those that turn the direction of what
/// follows, become U+FFFD.
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
                c => f.write_char(shown(c))?,
            }
        }
        Ok(())
    }
}

/// `c`, or U+FFFD where it is obeyed and not shown: controls, and those that turn the direction of the
/// text behind them (Unicode's embeddings, overrides and isolates), by which text says what it is not.
pub(crate) fn shown(c: char) -> char {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if turns || c.is_control() {
        '\u{fffd}'
    } else {
        c
    }
}

/// `text` as a JSON string that may stand in a `<script>`; what is obeyed and not shown is U+FFFD.
pub(crate) fn json_string(text: &str) -> String {
    let text: String = text.chars().map(shown).collect();
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

/// Significant digits of a number that is embedded, at least: those of [`Short`](tuatara::core::Short).
const DIGITS: i32 = 6;
/// Those of any number.
const MOST_DIGITS: i32 = 17;

/// `value` as a JSON number in six significant digits; `null` where it is NaN, `"+"` and `"-"`
/// where it is infinite.
pub(crate) fn json_number(value: f64) -> String {
    json_number_to(value, i32::MIN)
}

/// As [`json_number`], with as many more digits as it takes for `decimals` places behind the point;
/// places before it where that is negative.
pub(crate) fn json_number_to(value: f64, decimals: i32) -> String {
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
    // In range: the exponent of a number.
    let needed = decimals.saturating_add(magnitude as i32 + 1);
    let digits = needed.clamp(DIGITS, MOST_DIGITS);
    if !(-5.0..16.0).contains(&magnitude) {
        return trimmed(format!("{:.*e}", digits as usize - 1, value));
    }
    let decimals = (f64::from(digits - 1) - magnitude).max(0.0) as usize;
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
        // Neither does it turn what stands behind it.
        assert_eq!(
            Escaped("a\u{202e}b\u{2066}\u{2069}").to_string(),
            "a\u{fffd}b\u{fffd}\u{fffd}"
        );
        assert_eq!(json_string("a\u{202e}b"), "\"a\u{fffd}b\"");
    }

    #[test]
    fn numbers_keep_six_digits() {
        assert_eq!(json_number(60438.604999999996), "60438.6");
        assert_eq!(json_number(1234567.8), "1234568");
        assert_eq!(json_number(-0.5), "-0.5");
        assert_eq!(json_number(f64::NAN), "null");
        // With places behind the point, as many as are asked for, and no fewer digits.
        assert_eq!(json_number_to(101_325.043_21, 4), "101325.0432");
        assert_eq!(json_number_to(101_325.043_21, -3), "101325");
        assert_eq!(json_number_to(0.5, 300), "0.5");
        assert_eq!(json_number_to(1e-300, 303), "1e-300");
        assert_eq!(json_number(f64::NEG_INFINITY), "\"-\"");
    }
}
