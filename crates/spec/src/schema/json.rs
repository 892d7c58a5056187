//! A tree as JSON.

use crate::tree::{Node, Style, Value};

/// The tree as JSON, in lines, as a reader of YAML 1.2 by its core schema sees it: `0.1` is a number,
/// `true` an answer, `"0.1"` and `no` are text, and nothing is `null`. What JSON has no number for,
/// such as `.nan`, stays text.
///
/// ```
/// use tuatara_spec::{schema, tree::Node};
///
/// let node = Node::mapping([("max", Node::plain("+7.50")), ("pattern", Node::plain("UP"))]);
/// assert_eq!(schema::to_json(&node), "{\n  \"max\": 7.5,\n  \"pattern\": \"UP\"\n}\n");
/// ```
pub fn to_json(node: &Node) -> String {
    let mut json = String::new();
    write(node, 0, &mut json);
    json.push('\n');
    json
}

fn write(node: &Node, depth: usize, json: &mut String) {
    match &node.value {
        Value::Scalar {
            text,
            style: Style::Quoted,
        } => string(text, json),
        Value::Scalar { text, .. } => match node.is_null() {
            true => json.push_str("null"),
            false => scalar(text, json),
        },
        Value::Sequence(items) => {
            let items = items.iter().map(|item| (None, item));
            many(('[', ']'), items, depth, json);
        }
        Value::Mapping(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| (Some(key.text.as_str()), value));
            many(('{', '}'), entries, depth, json);
        }
    }
}

fn many<'n>(
    (open, close): (char, char),
    parts: impl ExactSizeIterator<Item = (Option<&'n str>, &'n Node)>,
    depth: usize,
    json: &mut String,
) {
    json.push(open);
    let last = parts.len();
    for (i, (key, value)) in parts.enumerate() {
        line(depth + 1, json);
        if let Some(key) = key {
            string(key, json);
            json.push_str(": ");
        }
        write(value, depth + 1, json);
        match i + 1 == last {
            true => line(depth, json),
            false => json.push(','),
        }
    }
    json.push(close);
}

fn line(depth: usize, json: &mut String) {
    json.push('\n');
    (0..depth).for_each(|_| json.push_str("  "));
}

fn string(text: &str, json: &mut String) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\t' => json.push_str("\\t"),
            '\r' => json.push_str("\\r"),
            c if c.is_control() => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
}

/// A bare scalar by the core schema.
fn scalar(text: &str, json: &mut String) {
    if let "true" | "True" | "TRUE" | "false" | "False" | "FALSE" = text {
        json.push_str(&text.to_ascii_lowercase());
        return;
    }
    match whole(text).or_else(|| float(text)) {
        Some(number) => json.push_str(&number),
        None => string(text, json),
    }
}

fn whole(text: &str) -> Option<String> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            // A sign is none of the digits, though Rust would read it.
            let digits = digits.strip_prefix(['-', '+']).map_or(digits, |_| "");
            return u64::from_str_radix(digits, radix)
                .ok()
                .map(|n| n.to_string());
        }
    }
    let (sign, digits) = signed(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    Some(match digits {
        "" => "0".to_owned(),
        digits => format!("{sign}{digits}"),
    })
}

fn float(text: &str) -> Option<String> {
    let (sign, rest) = signed(text);
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(signed(exponent))),
        None => (rest, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let fits = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|(_, e)| !e.is_empty() && digits(e));
    if !fits {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    if number.is_infinite() {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let exponent = exponent.map_or_else(String::new, |(sign, e)| format!("e{sign}{e}"));
    Some(format!("{sign}{whole}{point}{fraction}{exponent}"))
}

/// A minus, if there is one, and what follows the sign.
fn signed(text: &str) -> (&str, &str) {
    match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        to_json(&Node::plain(text)).trim_end().to_owned()
    }

    #[test]
    fn bare_scalars_are_what_the_core_schema_says() {
        for (text, json) in [
            ("", "null"),
            ("~", "null"),
            ("True", "true"),
            ("tRUE", "\"tRUE\""),
            ("no", "\"no\""),
            ("-7", "-7"),
            ("+007", "7"),
            ("000", "0"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("0x-1", "\"0x-1\""),
            (".5", "0.5"),
            ("+3.", "3"),
            ("1.50e+3", "1.5e3"),
            ("-0.0", "-0"),
            ("1e999", "\"1e999\""),
            (".", "\".\""),
            ("1e", "\"1e\""),
            (".nan", "\".nan\""),
            ("-.inf", "\"-.inf\""),
            ("1_000", "\"1_000\""),
            ("2026-01-01", "\"2026-01-01\""),
        ] {
            assert_eq!(shown(text), json, "{text}");
        }
    }

    #[test]
    fn text_in_quotes_is_text_and_escaped() {
        let json = to_json(&Node::text("1\n\"\\\u{1}é"));
        assert_eq!(json, "\"1\\n\\\"\\\\\\u0001é\"\n");
    }

    #[test]
    fn lists_and_mappings_stand_in_lines() {
        let empty = Node::mapping::<&str>([]);
        let node = Node::mapping([
            ("a", Node::list([Node::from(1), empty])),
            ("b", Node::list([])),
        ]);
        let lines = [
            "{",
            "  \"a\": [",
            "    1,",
            "    {}",
            "  ],",
            "  \"b\": []",
            "}",
            "",
        ];
        assert_eq!(to_json(&node), lines.join("\n"));
    }
}
