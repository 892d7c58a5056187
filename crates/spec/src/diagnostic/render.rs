//! Diagnostics as plain text: the line, carets under the place, and what to do.
//!
//! ```text
//! error[unknown-key]: `offest` is not a parameter of PERCENTAGE_RULE
//!   --> spec.yaml:9:11
//!    |
//!  9 |           offest: wo1w
//!    |           ^^^^^^ did you mean `offset`?
//!    = allowed: offset, percentageChange, pattern
//! ```

use super::{Diagnostic, width};
use crate::Span;

/// Columns a tab moves to a multiple of.
const TAB: usize = 4;
/// Columns of a line that are shown at most.
const WIDEST: usize = 120;
/// Columns shown before the place in a line that is wider.
const BEFORE: usize = 40;

pub(super) fn render(diagnostic: &Diagnostic, file: &str, text: &str) -> String {
    let span = diagnostic.span;
    let mut lines = vec![format!(
        "{}[{}]: {}",
        diagnostic.severity, diagnostic.code, diagnostic.message
    )];
    let label = diagnostic
        .suggestion
        .as_ref()
        .map_or_else(String::new, |word| format!("did you mean `{word}`?"));
    let mut excerpts = vec![Excerpt {
        span,
        mark: '^',
        label: &label,
    }];
    if let Some((span, label)) = &diagnostic.related {
        excerpts.push(Excerpt {
            span: *span,
            mark: '-',
            label,
        });
    }
    excerpts.retain(|excerpt| excerpt.span.is_known());
    excerpts.sort_by_key(|excerpt| excerpt.span);
    let gutter = excerpts
        .iter()
        .map(|e| e.span.line())
        .max()
        .unwrap_or(0)
        .to_string()
        .len();

    if span.is_known() {
        lines.push(format!(
            " {:gutter$}--> {file}:{}:{}",
            "",
            span.line(),
            span.column()
        ));
        lines.push(format!(" {:gutter$} |", ""));
    } else {
        lines.push(format!(" {:gutter$}--> {file}", ""));
        if !label.is_empty() {
            lines.push(format!(" {:gutter$} = help: {label}", ""));
        }
    }
    let mut shown = 0;
    for excerpt in &excerpts {
        let (line, carets) = excerpt.draw(text);
        if shown != excerpt.span.line() {
            if shown > 0 && excerpt.span.line() > shown + 1 {
                lines.push(format!(" {:gutter$} …", ""));
            }
            shown = excerpt.span.line();
            lines.push(format!(" {shown:>gutter$} | {line}").trim_end().to_owned());
        }
        lines.push(format!(" {:gutter$} | {carets}", "").trim_end().to_owned());
    }
    if let Some(allowed) = &diagnostic.allowed {
        lines.push(format!(" {:gutter$} = allowed: {allowed}", ""));
    }
    if let Some(remedy) = &diagnostic.remedy {
        lines.push(format!(" {:gutter$} = help: {remedy}", ""));
    }
    lines.join("\n")
}

struct Excerpt<'a> {
    span: Span,
    mark: char,
    label: &'a str,
}

/// A character of the line as it is shown.
struct Cell {
    byte: usize,
    shown: char,
    columns: usize,
}

impl Excerpt<'_> {
    /// The line on which the place begins, and the line of carets below it. A place that goes on
    /// after the line is marked to its end; an empty one gets one caret.
    fn draw(&self, text: &str) -> (String, String) {
        let bytes = self.span.bytes();
        let (start, line) = line_around(text, bytes.start);
        let (start, line) = near(start, line, bytes.start);
        let cells = cells(line, start);
        let before: usize = cells
            .iter()
            .filter(|cell| cell.byte < bytes.start)
            .map(|cell| cell.columns)
            .sum();
        let marked: usize = cells
            .iter()
            .filter(|cell| bytes.contains(&cell.byte))
            .map(|cell| cell.columns)
            .sum::<usize>()
            .max(1);

        let total: usize = cells.iter().map(|cell| cell.columns).sum();
        let skip = if total > WIDEST {
            before.saturating_sub(BEFORE)
        } else {
            0
        };
        let mut shown = String::new();
        let (mut column, mut skipped) = (0, 0);
        for cell in &cells {
            if column < skip {
                skipped += cell.columns;
            } else if column - skipped < WIDEST {
                for i in 0..cell.columns.max(1) {
                    match (i, cell.shown) {
                        (0, c) => shown.push(c),
                        (_, ' ') => shown.push(' '),
                        _ => {}
                    }
                }
            }
            column += cell.columns;
        }
        let lead = if skip > 0 { "…" } else { "" };
        let tail = if column - skipped > WIDEST { "…" } else { "" };
        let indent = before - skipped + lead.chars().count();
        let marked = marked.min(WIDEST.saturating_sub(before - skipped).max(1));
        let carets = format!(
            "{}{} {}",
            " ".repeat(indent),
            self.mark.to_string().repeat(marked),
            self.label
        );
        (format!("{lead}{shown}{tail}"), carets.trim_end().to_owned())
    }
}

/// The line that holds `byte`, and the byte at which it starts.
fn line_around(text: &str, byte: usize) -> (usize, &str) {
    let byte = byte.min(text.len());
    let is_break = |&c: &u8| matches!(c, b'\n' | b'\r');
    let (before, after) = text.as_bytes().split_at(byte);
    let start = before.iter().rposition(is_break).map_or(0, |i| i + 1);
    let end = after
        .iter()
        .position(is_break)
        .map_or(text.len(), |i| byte + i);
    (start, text.get(start..end).unwrap_or_default())
}

/// The part of a very long line around `byte`, more than enough to fill what is shown.
fn near(start: usize, line: &str, byte: usize) -> (usize, &str) {
    const REACH: usize = 2048;
    let at = byte.saturating_sub(start).min(line.len());
    let boundary = |i: usize| {
        (0..=i)
            .rev()
            .find(|&i| line.is_char_boundary(i))
            .unwrap_or(0)
    };
    let from = boundary(at.saturating_sub(REACH));
    let to = boundary((at + REACH).min(line.len()));
    (start + from, &line[from..to])
}

/// The characters of a line: tabs become spaces, other control characters are made visible.
fn cells(line: &str, start: usize) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut column = 0;
    for (i, c) in line.char_indices() {
        let (shown, columns) = match c {
            '\t' => (' ', TAB - column % TAB),
            '\u{feff}' => continue,
            c if c.is_control() => ('\u{fffd}', 1),
            c => (c, width::columns(c)),
        };
        cells.push(Cell {
            byte: start + i,
            shown,
            columns,
        });
        column += columns;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::super::{Code, Severity};
    use super::*;

    fn excerpt(text: &str, bytes: std::ops::Range<usize>) -> (String, String) {
        Excerpt {
            span: Span::new(1, 1, bytes),
            mark: '^',
            label: "",
        }
        .draw(text)
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        // 収 and 入 take two columns each.
        let (line, carets) = excerpt("収入: x", 8..9);
        assert_eq!((line.as_str(), carets.as_str()), ("収入: x", "      ^"));
        assert_eq!(excerpt("収入: x", 0..6).1, "^^^^");
    }

    #[test]
    fn tabs_become_spaces_to_the_next_stop() {
        let (line, carets) = excerpt("a\tbc", 2..4);
        assert_eq!((line.as_str(), carets.as_str()), ("a   bc", "    ^^"));
        assert_eq!(excerpt("a\tbc", 1..2).1, " ^^^");
    }

    #[test]
    fn an_empty_place_gets_one_caret_and_a_long_one_ends_with_its_line() {
        assert_eq!(excerpt("ab", 2..2).1, "  ^");
        assert_eq!(excerpt("ab\ncd", 1..5).1, " ^");
        assert_eq!(excerpt("", 0..0), (String::new(), "^".to_owned()));
    }

    #[test]
    fn a_very_long_line_is_shown_around_the_place() {
        let text = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let (line, carets) = excerpt(&text, 500..504);
        assert!(line.starts_with('…') && line.ends_with('…') && line.chars().count() == WIDEST + 2);
        let column = carets
            .chars()
            .position(|c| c == '^')
            .expect("there is a caret");
        assert_eq!(
            line.chars().skip(column).take(4).collect::<String>(),
            "HERE"
        );
    }

    #[test]
    fn control_characters_are_made_visible() {
        assert_eq!(excerpt("a\u{1b}[31m", 0..1).0, "a\u{fffd}[31m");
    }

    #[test]
    fn two_places_are_shown_in_the_order_of_the_text() {
        let text = "a: 1\nb: 2\nc: 3\na: 4\n";
        let diagnostic = Diagnostic::error(
            Code::DuplicateKey,
            Span::new(4, 1, 15..16),
            "`a` is given twice",
        )
        .related(Span::new(1, 1, 0..1), "first given here");
        assert_eq!(diagnostic.severity, Severity::Error);
        let expected = "error[duplicate-key]: `a` is given twice\n  --> f:4:1\n   |\n 1 | a: 1\n   | \
                        - first given here\n   …\n 4 | a: 4\n   | ^";
        assert_eq!(render(&diagnostic, "f", text), expected);
    }

    #[test]
    fn without_a_place_only_the_file_is_named() {
        let diagnostic = Diagnostic::error(Code::EmptyDocument, Span::NONE, "nothing here");
        assert_eq!(
            render(&diagnostic, "f", ""),
            "error[empty-document]: nothing here\n  --> f"
        );
    }
}
