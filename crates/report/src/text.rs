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

/// Powers of ten, each exact.
const TENS: [f64; 15] = [
    1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
];
/// The largest integer of which a place behind the point is known beyond doubt after one multiplication.
const SURE: f64 = 1e9;
/// More than what that multiplication is wrong by: 1e9 · 2⁻⁵³ is a tenth of it.
const DOUBT: f64 = 1e-6;

/// `value` as a JSON number in six significant digits; `null` where it is NaN, `"+"` and `"-"`
/// where it is infinite.
pub(crate) fn json_number(value: f64) -> String {
    let mut text = String::new();
    push_number(&mut text, value, i32::MIN);
    text
}

/// Appends what [`json_number`] says of `value`, with as many more digits as it takes for `decimals` places
/// behind the point; places before it where that is negative.
pub(crate) fn push_number(text: &mut String, value: f64, decimals: i32) {
    if !push_usual(text, value, decimals) {
        text.push_str(&any_number(value, decimals));
    }
}

/// Appends a number of usual size by one multiplication, as it is written most often; `false`, and nothing,
/// where the last digit would be in doubt.
fn push_usual(text: &mut String, value: f64, decimals: i32) -> bool {
    let size = value.abs();
    if !(1.0..SURE).contains(&size) {
        return false;
    }
    let before = TENS.iter().take_while(|&&ten| size >= ten).count() as i32;
    let digits = decimals.saturating_add(before).clamp(DIGITS, MOST_DIGITS);
    let places = (digits - before).max(0) as usize;
    let Some(ten) = TENS.get(places) else {
        return false;
    };
    let all = size * ten;
    if all >= SURE {
        return false;
    }
    // In range: below 1e9, and without its fraction.
    let whole = all as u64;
    let rest = all - whole as f64;
    if (rest - 0.5).abs() < DOUBT {
        return false;
    }
    let parts = whole + u64::from(rest > 0.5);
    if value < 0.0 {
        text.push('-');
    }
    push_decimal(text, parts, places);
    true
}

/// Appends `parts`, of which the last `places` digits stand behind the point, without zeros at the end of
/// the fraction.
pub(crate) fn push_decimal(text: &mut String, mut parts: u64, mut places: usize) {
    while places > 0 && parts.is_multiple_of(10) {
        parts /= 10;
        places -= 1;
    }
    // The longest of 64 bits has twenty digits.
    let mut digits = [b'0'; 21];
    let mut from = digits.len();
    let mut written = 0;
    while parts > 0 || written <= places {
        if written == places && places > 0 {
            from -= 1;
            digits[from] = b'.';
        }
        from -= 1;
        digits[from] = b'0' + (parts % 10) as u8;
        parts /= 10;
        written += 1;
    }
    let written = std::str::from_utf8(&digits[from..]);
    text.push_str(written.expect("invariant: digits and a point"));
}

/// As [`push_number`], of any number.
fn any_number(value: f64, decimals: i32) -> String {
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
        let to = |value: f64, decimals: i32| {
            let mut text = String::new();
            push_number(&mut text, value, decimals);
            text
        };
        assert_eq!(to(101_325.043_21, 4), "101325.0432");
        assert_eq!(to(101_325.043_21, -3), "101325");
        assert_eq!(to(0.5, 300), "0.5");
        assert_eq!(to(1e-300, 303), "1e-300");
        assert_eq!(json_number(f64::NEG_INFINITY), "\"-\"");
    }

    #[test]
    fn the_short_way_to_a_number_writes_the_same() {
        let edges = [
            1.0,
            9.999_995,
            9.999_994_9,
            10.0,
            999.999_999_999_999_9,
            1_000.0,
            0.125,
            2.000_002_5,
            3.000_007_5,
            123_456.5,
            999_999.5,
            1_234_567.5,
            999_999_999.5,
            1e9,
        ];
        // Steps of a generator of Lehmer's, over nine orders of magnitude.
        let mut state = 42_u64;
        let others = (0..20_000).map(|_| {
            state = state * 48_271 % 2_147_483_647;
            let exponent = (state % 100) as f64 / 10.0;
            state = state * 48_271 % 2_147_483_647;
            (state as f64 / 2_147_483_647.0 + 0.5) * libm::pow(10.0, exponent)
        });
        for value in edges.into_iter().chain(others) {
            for value in [value, -value] {
                for decimals in [i32::MIN, -3, 0, 1, 2, 4, 7, 12, 300] {
                    let mut text = String::new();
                    push_number(&mut text, value, decimals);
                    assert_eq!(text, any_number(value, decimals), "{value:e} to {decimals}");
                }
            }
        }
        let mut text = String::new();
        for (parts, places) in [
            (0, 0),
            (7, 0),
            (7, 1),
            (70, 1),
            (1_203, 3),
            (u64::MAX, 0),
            (0, 1),
        ] {
            push_decimal(&mut text, parts, places);
            text.push(' ');
        }
        assert_eq!(text, "0 7 0.7 7 1.203 18446744073709551615 0 ");
    }
}
