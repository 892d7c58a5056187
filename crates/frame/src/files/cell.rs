//! What stands in the cells of a metric.

/// Why a cell is no number: what is allowed, and the remedy.
pub(super) type Refusal = (&'static str, &'static str);

/// The remedy for a word in a column that was taken for a metric.
pub(super) const ANOTHER_COLUMN: &str = "correct the cell, leave it empty if the value is missing, or name another column for the metric \
     (--metric NAME=COLUMN)";

const MISSING: [&str; 4] = ["nan", "null", "na", "none"];

/// How many characters of a cell a message shows.
const SHOWN: usize = 60;

/// The number in a cell of plain decimal digits, the same as [`number`] makes of it; `None` where
/// it takes more to read it.
///
/// A whole number below 2⁵³ and a power of ten up to 10²² are exact, so that their quotient,
/// rounded once, is the number nearest to the decimal (Clinger, *How to Read Floating Point Numbers
/// Accurately*, 1990, §2).
#[inline]
pub(super) fn plain(cell: &[u8]) -> Option<f64> {
    let (is_negative, digits) = match cell.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, cell),
    };
    // A point and 15 digits: what they count is below 2⁵³.
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let mut whole: u64 = 0;
    let mut decimals = None;
    for (place, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => whole = whole * 10 + u64::from(byte - b'0'),
            b'.' if decimals.is_none() => decimals = Some(digits.len() - 1 - place),
            _ => return None,
        }
    }
    if digits.len() == 16 && decimals.is_none() || digits == b"." {
        return None;
    }
    let number = whole as f64 / POWERS[decimals.unwrap_or(0)];
    Some(if is_negative { -number } else { number })
}

/// Powers of ten, from the 0th.
const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// The number in a cell without spaces around it; NaN where it says that there is none, infinite
/// where it says so.
pub(super) fn number(cell: &str) -> Result<f64, Refusal> {
    if cell.is_empty() {
        return Ok(f64::NAN);
    }
    let has_digit = || cell.bytes().any(|byte| byte.is_ascii_digit());
    match cell.parse::<f64>() {
        Ok(number) if number.is_infinite() && has_digit() => Err((
            "numbers up to 1.797e308 on either side of zero",
            "correct the cell, or leave it empty if the value is missing",
        )),
        Ok(number) => Ok(number),
        Err(_) if MISSING.iter().any(|word| cell.eq_ignore_ascii_case(word)) => Ok(f64::NAN),
        Err(_) => Err((
            "numbers such as 12.5 or 1e3, and nothing, NaN, null, NA or None where missing",
            if has_digit() {
                of_digits(cell)
            } else {
                ANOTHER_COLUMN
            },
        )),
    }
}

/// Whether letters begin a cell, as those of a name with a number do, other than the three of a currency.
fn is_name(cell: &str) -> bool {
    let letters = cell.bytes().take_while(u8::is_ascii_alphabetic);
    let of_currency = letters.clone().all(|letter| letter.is_ascii_uppercase());
    !matches!((letters.count(), of_currency), (0, _) | (3, true))
}

/// What to do about digits that are no number.
fn of_digits(cell: &str) -> &'static str {
    let is_sign = |c: char| !c.is_ascii_digit();
    let bare = cell.trim_matches(is_sign);
    let is_number = bare.parse::<f64>().is_ok();
    if is_name(cell) {
        ANOTHER_COLUMN
    } else if bare.contains([',', ' ', '\u{a0}', '\u{202f}', '\'']) {
        "write a point before decimals and nothing between thousands"
    } else if is_number && cell.starts_with('(') && cell.ends_with(')') {
        "write what is below zero with a minus, as -12.5"
    } else if is_number && cell.ends_with('%') {
        "write the number without the sign"
    } else if is_number {
        "write the number alone, without a currency or unit"
    } else {
        ANOTHER_COLUMN
    }
}

/// The text of a cell for messages: its beginning if it is long, and nothing that moves a cursor.
pub(super) fn shown(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_digits_are_the_number_that_the_standard_library_reads(
            cell in "-?[0-9]{0,17}[.]?[0-9]{0,17}"
        ) {
            if let Some(read) = plain(cell.as_bytes()) {
                prop_assert_eq!(read.to_bits(), cell.parse::<f64>().unwrap().to_bits());
            }
        }
    }

    #[test]
    fn what_is_more_than_plain_digits_is_left_to_others() {
        for cell in [
            "",
            "-",
            ".",
            "-.",
            "+1",
            "1e3",
            "nan",
            "1.2.3",
            "1 ",
            "1234567890123456",
        ] {
            assert_eq!(plain(cell.as_bytes()), None, "{cell}");
        }
        for (cell, number) in [
            ("-0", -0.0),
            ("1.", 1.0),
            (".5", 0.5),
            ("123456789012345.", 123456789012345.0),
        ] {
            assert_eq!(
                plain(cell.as_bytes()).map(f64::to_bits),
                Some(f64::to_bits(number)),
                "{cell}"
            );
        }
    }

    #[test]
    fn messages_show_the_beginning_of_a_long_cell_without_control_characters() {
        assert_eq!(shown(b"1\x1b[2J"), "1\u{fffd}[2J");
        assert_eq!(
            shown("ä".repeat(70).as_bytes()),
            format!("{}…", "ä".repeat(60))
        );
    }

    #[test]
    fn numbers_are_read_in_their_usual_forms() {
        for (cell, expected) in [
            ("0", 0.0),
            ("-1.5", -1.5),
            ("+2", 2.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("1.", 1.0),
        ] {
            assert_eq!(number(cell), Ok(expected), "{cell}");
        }
        for cell in ["inf", "-Inf", "+Infinity"] {
            assert!(number(cell).is_ok_and(f64::is_infinite), "{cell}");
        }
    }

    #[test]
    fn words_for_missing_are_read_in_any_case() {
        for cell in ["", "NaN", "nan", "NULL", "na", "NA", "None", "none"] {
            assert!(number(cell).is_ok_and(f64::is_nan), "{cell}");
        }
    }

    #[test]
    fn what_is_no_number_gets_a_remedy_of_its_own() {
        let remedy = |cell: &str| number(cell).unwrap_err().1;
        assert_eq!(
            remedy("1,5"),
            "write a point before decimals and nothing between thousands"
        );
        assert_eq!(remedy("12%"), "write the number without the sign");
        for cell in ["1.234,5", "1 000", "1\u{202f}000", "€ 1,000.50", "1'000"] {
            assert_eq!(remedy(cell), remedy("1,5"), "{cell}");
        }
        for cell in ["$12.50", "12.5 €", "12ms", "-$3", "USD 12.50"] {
            let alone = "write the number alone, without a currency or unit";
            assert_eq!(remedy(cell), alone, "{cell}");
        }
        assert_eq!(
            remedy("(12.5)"),
            "write what is below zero with a minus, as -12.5"
        );
        for cell in ["1-2", "web-1", "shop1", "Q1 2024", "R2"] {
            assert_eq!(remedy(cell), ANOTHER_COLUMN, "{cell}");
        }
        assert!(remedy("n/a").contains("--metric NAME=COLUMN"));
        assert!(remedy("1e999").contains("leave it empty"));
        assert!(number("1 000").is_err() && number("0x10").is_err() && number("-").is_err());
    }
}
