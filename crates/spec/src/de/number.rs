//! Numbers out of text, exactly or not at all.

/// Why a text is not the number that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotThatNumber {
    /// Ends the sentence "`0,1` …".
    pub(super) problem: String,
    /// What to do about it.
    pub(super) remedy: String,
}

impl NotThatNumber {
    fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

/// Parts of a decimal number.
struct Decimal<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
    exponent: Option<&'t str>,
}

/// Whether the text is a spelling of NaN: `NaN`, `nan`, `.nan`, …
pub(super) fn is_nan(text: &str) -> bool {
    let text = text.strip_prefix('.').unwrap_or(text);
    text.eq_ignore_ascii_case("nan")
}

/// A number that may have a fraction.
pub(super) fn float(text: &str) -> Result<f64, NotThatNumber> {
    if is_nan(text) {
        return Ok(f64::NAN);
    }
    if let Some(infinity) = infinity(text) {
        return Ok(infinity);
    }
    let decimal = decimal(text)?;
    let number: f64 = text
        .parse()
        .map_err(|_| NotThatNumber::new("is not a number", "write it in decimal, such as 0.1"))?;
    if number.is_infinite() {
        return Err(NotThatNumber::new(
            "is too large for a 64-bit number",
            "write a number below 1.7e308, or leave the key out",
        ));
    }
    let is_zero = number.to_bits() << 1 == 0;
    let digits = || decimal.whole.bytes().chain(decimal.fraction.bytes());
    if is_zero && digits().any(|digit| digit != b'0') {
        return Err(NotThatNumber::new(
            "is too small for a 64-bit number",
            "write 0, or a number above 1e-307",
        ));
    }
    Ok(number)
}

/// A whole number. `7.0` and `1e3` are whole; `1.5` is not.
pub(super) fn integer(text: &str) -> Result<i128, NotThatNumber> {
    if is_nan(text) || infinity(text).is_some() {
        return Err(NotThatNumber::new(
            "is not a whole number",
            "write a whole number, or leave the key out",
        ));
    }
    let decimal = decimal(text)?;
    let exponent: i64 = match decimal.exponent.map(str::parse) {
        None => 0,
        Some(Ok(exponent)) => exponent,
        Some(Err(_)) => return Err(too_long()),
    };
    // whole.fraction · 10^exponent, as digits and a power of ten, without trailing zeros
    let digits = format!("{}{}", decimal.whole, decimal.fraction);
    let significant = digits.trim_end_matches('0');
    let Ok(places) = i64::try_from(decimal.fraction.len()) else {
        return Err(too_long());
    };
    let Ok(zeros) = i64::try_from(digits.len() - significant.len()) else {
        return Err(too_long());
    };
    let power = exponent.saturating_sub(places).saturating_add(zeros);
    if significant.is_empty() {
        return Ok(0);
    }
    if power < 0 {
        return Err(NotThatNumber::new(
            "is not a whole number",
            "write a whole number",
        ));
    }
    if power > 38 {
        return Err(too_long());
    }
    let digits = format!(
        "{significant}{}",
        "0".repeat(usize::try_from(power).unwrap_or(0))
    );
    let number: i128 = digits.parse().map_err(|_| too_long())?;
    Ok(if decimal.negative { -number } else { number })
}

fn too_long() -> NotThatNumber {
    NotThatNumber::new("is too long for a whole number", "write a smaller number")
}

fn infinity(text: &str) -> Option<f64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let known = rest.eq_ignore_ascii_case("inf") || rest.eq_ignore_ascii_case("infinity");
    known.then_some(sign * f64::INFINITY)
}

/// Splits `-1.5e3` into its parts; anything else is refused with a remedy that fits.
fn decimal(text: &str) -> Result<Decimal<'_>, NotThatNumber> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let exponent_digits = exponent.map(|e| e.strip_prefix(['-', '+']).unwrap_or(e));
    let is_decimal = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent_digits.is_none_or(|e| !e.is_empty() && digits(e));
    if !is_decimal {
        return Err(not_a_number(text, unsigned));
    }
    if whole.len() > 1 && whole.starts_with('0') {
        let plain = whole.trim_start_matches('0');
        return Err(NotThatNumber::new(
            "begins with a zero, which some read as octal",
            format!("write {}", if plain.is_empty() { "0" } else { plain }),
        ));
    }
    Ok(Decimal {
        negative,
        whole,
        fraction,
        exponent,
    })
}

/// Why `text` is no decimal number, and what to write instead where that is plain.
fn not_a_number(text: &str, unsigned: &str) -> NotThatNumber {
    let number = |candidate: &str| candidate.parse::<f64>().ok().filter(|n| n.is_finite());
    let begins_with_digit = unsigned.starts_with(|c: char| c.is_ascii_digit());
    if let Some(percent) = text.strip_suffix('%').and_then(|t| number(t.trim_end())) {
        let fraction = percent / 100.0;
        return NotThatNumber::new("is a percentage", format!("write the fraction {fraction}"));
    }
    let without = text.replace(['_', '\'', ' '], "");
    if begins_with_digit && without != text && number(&without).is_some() {
        return NotThatNumber::new(
            "has separators between its digits",
            format!("write {without}"),
        );
    }
    if begins_with_digit && text.matches(',').count() == 1 {
        let point = text.replace(',', ".");
        if number(&point).is_some() {
            let remedy = format!("write a point, {point}, or no separator at all");
            return NotThatNumber::new("has a comma", remedy);
        }
    }
    if unsigned.starts_with("0x") || unsigned.starts_with("0o") || unsigned.starts_with("0b") {
        return NotThatNumber::new("is not in decimal", "write it in decimal");
    }
    NotThatNumber::new("is not a number", "write a number in decimal, such as 0.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_are_read_with_and_without_fraction() {
        let exact = [
            ("0.1", 0.1),
            ("-2", -2.0),
            ("+3.", 3.0),
            (".5", 0.5),
            ("1e3", 1000.0),
        ];
        for (text, expected) in exact {
            assert_eq!(
                float(text).map(f64::to_bits),
                Ok(f64::to_bits(expected)),
                "{text}"
            );
        }
    }

    #[test]
    fn nan_and_infinity_are_read_in_every_spelling() {
        for text in ["NaN", "nan", "NAN", ".nan", ".NaN"] {
            assert!(float(text).is_ok_and(f64::is_nan), "{text}");
        }
        assert_eq!(float("-.inf"), Ok(f64::NEG_INFINITY));
        assert_eq!(float("Infinity"), Ok(f64::INFINITY));
    }

    #[test]
    fn what_is_no_number_gets_the_remedy_that_fits() {
        let remedy = |text: &str| float(text).expect_err(text).remedy;
        assert_eq!(remedy("10%"), "write the fraction 0.1");
        assert_eq!(remedy("35_800_000"), "write 35800000");
        assert_eq!(remedy("0,1"), "write a point, 0.1, or no separator at all");
        assert_eq!(remedy("0x10"), "write it in decimal");
        assert_eq!(remedy("007"), "write 7");
        assert_eq!(remedy("ten"), "write a number in decimal, such as 0.1");
        assert!(float("1e").is_err() && float("").is_err() && float("-").is_err());
    }

    #[test]
    fn numbers_that_would_become_infinity_or_zero_are_refused() {
        assert_eq!(
            float("1e999").expect_err("too large").problem,
            "is too large for a 64-bit number"
        );
        assert_eq!(
            float("1e-999").expect_err("too small").problem,
            "is too small for a 64-bit number"
        );
        assert_eq!(float("0e-999"), Ok(0.0));
    }

    #[test]
    fn whole_numbers_are_whole_however_they_are_written() {
        for (text, expected) in [
            ("7", 7),
            ("7.0", 7),
            ("1e3", 1000),
            ("1.5e1", 15),
            ("-0.0", 0),
        ] {
            assert_eq!(integer(text), Ok(expected), "{text}");
        }
        assert_eq!(
            integer("1.5").expect_err("a half").problem,
            "is not a whole number"
        );
        assert_eq!(
            integer("15e-1").expect_err("a half").problem,
            "is not a whole number"
        );
        assert!(
            integer("NaN").is_err()
                && integer("1e40").is_err()
                && integer("1e99999999999").is_err()
        );
    }

    #[test]
    fn whole_numbers_are_never_rounded() {
        assert_eq!(integer("9007199254740993"), Ok(9_007_199_254_740_993));
    }
}
