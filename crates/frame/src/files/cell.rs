//! What stands in the cells of a metric.

/// Why a cell is no number: what is allowed, and the remedy.
pub(super) type Refusal = (&'static str, &'static str);

const MISSING: [&str; 4] = ["nan", "null", "na", "none"];

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
            if cell.contains(',') && has_digit() {
                "write a point before decimals and nothing between thousands"
            } else if cell.ends_with('%') {
                "write the number without the sign"
            } else {
                "correct the cell, or name another column for the metric (--metric NAME=COLUMN)"
            },
        )),
    }
}

/// `bytes` without ASCII spaces around.
pub(super) const fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(remedy("n/a").contains("--metric NAME=COLUMN"));
        assert!(remedy("1e999").contains("leave it empty"));
        assert!(number("1 000").is_err() && number("0x10").is_err() && number("-").is_err());
    }
}
