//! What the parser says about broken syntax, in words that help.

use saphyr_parser::ScanError;

use super::position::Positions;
use super::too_deep;
use crate::{Code, Diagnostic, Span};

/// Part of the parser's message, what is wrong in plain words, and the remedy.
const KNOWN: [(&str, &str, &str); 16] = [
    (
        "mapping values are not allowed",
        "a `:` is not expected here",
        "put a value that holds `: ` in quotes, or begin a new line for the key and indent it as \
         the keys beside it",
    ),
    (
        "did not find expected key",
        "a key is expected here",
        "the keys of one mapping begin in the same column, and a list item with `- `; check the \
         indentation of this line and the one above",
    ),
    (
        "block collection, did not find expected",
        "a list item is expected here",
        "the items of one list begin with `- ` in the same column; check the indentation of this \
         line and the one above",
    ),
    (
        "block sequence entries are not allowed",
        "a list item cannot begin here",
        "begin a new line before the `-`, and indent it below its key",
    ),
    (
        "simple key expect",
        "a `:` is missing after this key",
        "write `key: value`, with a space after the colon",
    ),
    (
        "unknown anchor",
        "this alias repeats a name that nothing has",
        "write the value out, or put a value that begins with `*` in quotes",
    ),
    (
        "quoted scalar, found unknown escape",
        "this text in double quotes has a `\\` before a character that needs none",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        "quoted scalar",
        "this quote is not closed where it should be",
        "close it with the same quote before the line or the text ends",
    ),
    (
        "invalid trailing content",
        "something follows after the closing quote",
        "end the line after the quote, or put the whole value in quotes",
    ),
    (
        "flow mapping",
        "this `{` is not closed where it should be",
        "separate entries by `,` and close it with `}`",
    ),
    (
        "flow sequence",
        "this `[` is not closed where it should be",
        "separate items by `,` and close it with `]`",
    ),
    (
        "flow construct",
        "this line belongs to a `[` or `{` above that is not closed",
        "close the bracket, or indent the line",
    ),
    (
        "illegal placement of ':'",
        "a `:` stands in an open `[` or `{`",
        "close the bracket above, or put the value in quotes",
    ),
    (
        "block scalar",
        "the block of text after `|` or `>` is not written as it should be",
        "begin the text on the next line, indented by spaces",
    ),
    (
        "anchor",
        "the name after `&` or `*` is not one",
        "put a value that begins with `&` or `*` in quotes",
    ),
    (
        "directive",
        "a line that begins with `%` is a directive, and this is none",
        "put a value that begins with `%` in quotes",
    ),
];

/// What every text has to be.
const YAML: &str = "YAML 1.2: `key: value` and `- item`, indented by spaces";

/// The error of the parser as a diagnostic. `bracket` is the last one that was opened and not
/// closed.
pub(super) fn explain(
    text: &str,
    positions: &Positions,
    error: &ScanError,
    bracket: Option<Span>,
) -> Diagnostic {
    let at = error.marker().index();
    let span = positions.of_chars(at, at + 1);
    let info = error.info();
    if info.contains("recursion limit") {
        return *too_deep(span);
    }
    if let Some(tab) = indenting_tab(text, positions, span.line()).filter(|_| info.contains("tab"))
    {
        return Diagnostic::error(Code::Tab, tab, "a tab indents this line")
            .allowed("spaces")
            .remedy("indent with spaces: two for each level");
    }
    let syntax = |span, message: &str| Diagnostic::error(Code::Syntax, span, message).allowed(YAML);
    let beginning = info.strip_prefix("unexpected character: `");
    if let Some(c) = beginning.and_then(|rest| rest.chars().next()) {
        let message = format!("a value cannot begin with `{c}`");
        return syntax(span, &message).remedy("put the value in quotes");
    }
    if info.contains("mapping values are not allowed")
        && let Some(colon) = tight_colon(text, positions, span.line())
    {
        return syntax(colon, "a space is missing after this `:`")
            .remedy("write `key: value`, with a space after the colon");
    }
    let known = KNOWN.iter().find(|(part, ..)| info.contains(part));
    let (message, remedy) = match known {
        Some(&(_, message, remedy)) => (message.to_owned(), remedy),
        None => (
            format!("this is not YAML: {info}"),
            "check the indentation, the quotes and the brackets here and on the line above",
        ),
    };
    let diagnostic = match bracket.filter(|_| info.contains("flow") || info.contains("placement")) {
        Some(bracket) if info.contains("did not find") || info.contains("expected") => {
            syntax(bracket, &message)
        }
        Some(bracket) => syntax(span, &message).related(bracket, "opened here"),
        None => syntax(span, &message),
    };
    let code = match info.contains("unknown anchor") {
        true => Code::Alias,
        false => Code::Syntax,
    };
    Diagnostic { code, ..diagnostic }.remedy(remedy)
}

/// The colon of a line just above `line` that has text on both sides and no `: `, as in
/// `key:value`.
fn tight_colon(text: &str, positions: &Positions, line: usize) -> Option<Span> {
    let mut start = 0;
    let mut colon = None;
    for (i, content) in text.split('\n').enumerate() {
        if i + 1 == line {
            return colon;
        }
        let code = content.split(" #").next().unwrap_or_default().trim_end();
        if !code.trim_start().is_empty() && !code.trim_start().starts_with('#') {
            let is_tight = !code.contains(": ") && !code.ends_with(':');
            colon = code.find(':').filter(|_| is_tight).map(|at| {
                let at = start + at;
                positions.of_bytes(at, at + 1)
            });
        }
        start += content.len() + 1;
    }
    None
}

/// The first tab in the indentation of a line, from `line` on.
fn indenting_tab(text: &str, positions: &Positions, line: usize) -> Option<Span> {
    let mut blank = true;
    for (i, c) in text.char_indices() {
        match c {
            '\n' | '\r' => blank = true,
            '\t' if blank => {
                let span = positions.of_bytes(i, i + 1);
                if span.line() >= line {
                    return Some(span);
                }
            }
            ' ' | '\t' => {}
            _ => blank = false,
        }
    }
    None
}
