//! First lines that are no header, told by their cells.

use super::columns::TIME;

/// So many names of one pattern are hardly those of metrics.
const MANY: usize = 20;

/// What is wrong with a first line that lacks a column, and the remedy; `None` if it may well be a
/// header.
pub(super) fn doubt(names: &[String]) -> Option<(String, &'static str)> {
    let first = names.first()?;
    let has_time = || {
        let is_usual = |name: &String| TIME.iter().any(|usual| name.eq_ignore_ascii_case(usual));
        names.iter().any(is_usual)
    };
    if first.starts_with('#') && !has_time() {
        return Some((
            "begins with `#`".to_owned(),
            "the header comes first: take out lines of remarks, and a `#` before its names",
        ));
    }
    let says_delimiter = first
        .get(..4)
        .is_some_and(|s| s.eq_ignore_ascii_case("sep="));
    if says_delimiter {
        return Some((
            format!(
                "is `{}`, not the header",
                super::cell::shown(first.as_bytes())
            ),
            "take the line out; the delimiter is found in the header, or declared (--delimiter)",
        ));
    }
    if names.len() == 1 && first.contains([',', ';', '\t', '|', ' ']) {
        return Some((
            format!(
                "is a single cell, `{}`",
                super::cell::shown(first.as_bytes())
            ),
            "declare what stands between its names (--delimiter), and write no quotes around the \
             whole line",
        ));
    }
    let mut given = names
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty());
    if is_stamp(first) || given.next().is_some_and(is_value) && given.all(is_value) {
        return Some((
            format!(
                "holds values, such as `{}`, instead of names",
                super::cell::shown(first.as_bytes())
            ),
            "write a header line before it, such as `timestamp,value`",
        ));
    }
    None
}

/// Whether many names, the last of them too, differ by the number at their end alone.
pub(super) fn is_numbered(names: &[String]) -> bool {
    let stem = |name: &str| {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        (stem < name.len()).then_some(stem)
    };
    let Some((last, end)) = names.last().and_then(|last| Some((last, stem(last)?))) else {
        return false;
    };
    let alike = |name: &&String| stem(name).is_some_and(|at| name[..at] == last[..end]);
    names.iter().filter(alike).count() >= MANY
}

fn is_value(name: &str) -> bool {
    name.parse::<f64>().is_ok_and(f64::is_finite) || is_stamp(name)
}

/// Whether a cell has the characters of a date, in whatever order.
fn is_stamp(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    digits >= 6
        && name.starts_with(|c: char| c.is_ascii_digit())
        && name.contains(['-', '/', '.', ':'])
        && name.parse::<f64>().is_err()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-/.:+TZtz ".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        line.split(',').map(ToOwned::to_owned).collect()
    }

    #[test]
    fn a_header_of_words_is_in_no_doubt() {
        for line in [
            "when,amount",
            "#,timestamp,orders",
            "shop,2024-05-01,2024-05-02",
            "id,1,2,3",
            "",
            ",a",
            "value",
        ] {
            assert_eq!(doubt(&names(line)), None, "{line}");
        }
    }

    #[test]
    fn numbered_names_are_many_and_of_one_stem() {
        let line = |stem: &str, count: usize| -> Vec<String> {
            (1..=count).map(|i| format!("{stem}{i}")).collect()
        };
        assert!(is_numbered(&line("V", 20)) && is_numbered(&line("", 30)));
        assert!(!is_numbered(&line("V", 19)));
        let words: Vec<String> = (0..30).map(|i| format!("{i}x")).collect();
        assert!(!is_numbered(&words) && !is_numbered(&[]));
    }
}
