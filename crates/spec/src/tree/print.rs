//! A tree as text, with the places that its nodes have in that text.

use std::fmt::{self, Write};

use super::{Key, Node, Style, Value};
use crate::Span;

/// The text of a tree, and the same tree with places in that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// YAML, one value a line.
    pub text: String,
    /// The tree that reading `text` gives, places included.
    pub tree: Node,
}

impl Node {
    /// Writes the tree as YAML. Bare scalars that could not be read back bare are put in quotes.
    pub fn print(&self) -> Printed {
        let mut printer = Printer {
            text: String::new(),
            line: 1,
            column: 1,
        };
        let tree = printer.node(self, 0, Place::Top);
        Printed {
            text: printer.text,
            tree,
        }
    }
}

impl fmt::Display for Node {
    /// The tree as YAML, without a line break at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.print().text.trim_end_matches('\n'))
    }
}

/// What stands before a node on its line.
#[derive(Clone, Copy)]
enum Place {
    Top,
    AfterKey,
    AfterDash,
}

struct Printer {
    text: String,
    line: usize,
    column: usize,
}

impl Printer {
    /// Appends `text`, which has no line break, and says where it stands.
    fn put(&mut self, text: &str) -> Span {
        let start = self.text.len();
        let span = Span::new(self.line, self.column, start..start + text.len());
        self.text.push_str(text);
        self.column += text.chars().count();
        span
    }

    fn line_break(&mut self, indent: usize) {
        self.text.push('\n');
        self.line += 1;
        self.column = 1;
        self.put(&" ".repeat(indent));
    }

    /// The empty place where the next character will stand.
    fn here(&self) -> Span {
        Span::new(self.line, self.column, self.text.len()..self.text.len())
    }

    fn node(&mut self, node: &Node, indent: usize, place: Place) -> Node {
        match &node.value {
            Value::Scalar { text, style } => self.scalar(text, *style, place),
            Value::Sequence(items) if items.is_empty() => self.flow("[]", place, node),
            Value::Mapping(entries) if entries.is_empty() => self.flow("{}", place, node),
            Value::Sequence(items) => self.sequence(items, indent, place),
            Value::Mapping(entries) => self.mapping(entries, indent, place),
        }
    }

    fn flow(&mut self, text: &str, place: Place, node: &Node) -> Node {
        self.space(place);
        Node {
            value: node.value.clone(),
            span: self.put(text),
        }
    }

    fn space(&mut self, place: Place) {
        if !matches!(place, Place::Top) {
            self.put(" ");
        }
    }

    fn scalar(&mut self, text: &str, style: Style, place: Place) -> Node {
        let top = matches!(place, Place::Top);
        let bare = style == Style::Plain && (is_safe_bare(text) || (text.is_empty() && !top));
        let (span, style) = if bare && text.is_empty() {
            (self.here(), Style::Plain)
        } else if bare {
            self.space(place);
            (self.put(text), Style::Plain)
        } else if text.is_empty() && style == Style::Plain {
            return Node {
                value: Node::plain("~").value,
                span: self.put("~"),
            };
        } else {
            self.space(place);
            (self.put(&quoted(text)), Style::Quoted)
        };
        Node {
            value: Value::Scalar {
                text: text.to_owned(),
                style,
            },
            span,
        }
    }

    fn sequence(&mut self, items: &[Node], indent: usize, place: Place) -> Node {
        match place {
            Place::Top => {}
            Place::AfterKey => self.line_break(indent),
            Place::AfterDash => {
                self.put(" ");
            }
        }
        let mut placed = Vec::with_capacity(items.len());
        let mut span = Span::NONE;
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.line_break(indent);
            }
            let dash = self.put("-");
            let item = self.node(item, indent + 2, Place::AfterDash);
            span = if i == 0 { dash } else { span }.to(item.span);
            placed.push(item);
        }
        Node {
            value: Value::Sequence(placed),
            span,
        }
    }

    fn mapping(&mut self, entries: &[(Key, Node)], indent: usize, place: Place) -> Node {
        match place {
            Place::Top => {}
            Place::AfterKey => self.line_break(indent),
            Place::AfterDash => {
                self.put(" ");
            }
        }
        let mut placed = Vec::with_capacity(entries.len());
        let mut span = Span::NONE;
        for (i, (key, value)) in entries.iter().enumerate() {
            if i > 0 {
                self.line_break(indent);
            }
            let text = if is_safe_key(&key.text) {
                key.text.clone()
            } else {
                quoted(&key.text)
            };
            let key = Key {
                text: key.text.clone(),
                span: self.put(&text),
            };
            let empty = self.here();
            self.put(":");
            let mut value = self.node(value, indent + 2, Place::AfterKey);
            if value.span.bytes().is_empty() {
                value.span = empty;
            }
            span = if i == 0 { key.span } else { span }
                .to(value.span)
                .to(key.span);
            placed.push((key, value));
        }
        Node {
            value: Value::Mapping(placed),
            span,
        }
    }
}

/// Whether text can stand bare as a value and be read back unchanged.
fn is_safe_bare(text: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '+' | '-' | '%');
    let first = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '+' | '~');
    let signed = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    text == "~"
        || (text.chars().all(inner)
            && text != "..."
            && (text.starts_with(first) || text.strip_prefix('-').is_some_and(signed)))
}

/// Whether text can stand bare as a key. Longer keys than this are not read as bare keys.
fn is_safe_key(text: &str) -> bool {
    is_safe_bare(text) && text != "~"
}

/// Text in double quotes, with everything escaped that is not a printable character.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            c => write!(out, "\\U{:08X}", u32::from(c)).expect("a String takes any text"),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_written_one_value_a_line() {
        let tree = Node::mapping([
            ("name", Node::text("r 1")),
            (
                "params",
                Node::mapping([("max", Node::from(7000)), ("min", Node::from(f64::NAN))]),
            ),
            (
                "dims",
                Node::list([Node::plain("US"), Node::list([]), Node::null()]),
            ),
            ("none", Node::null()),
        ]);
        let expected =
            "name: \"r 1\"\nparams:\n  max: 7000\n  min: NaN\ndims:\n  - US\n  - []\n  -\nnone:";
        assert_eq!(tree.to_string(), expected);
    }

    #[test]
    fn places_are_those_of_the_printed_text() {
        let printed =
            Node::mapping([("é", Node::plain("x")), ("b", Node::list(["y".into()]))]).print();
        let list = printed.tree.get("b").expect("it was put there");
        assert_eq!((list.span.line(), list.span.column()), (3, 3));
        assert_eq!(&printed.text[list.span.bytes()], "- \"y\"");
        assert_eq!(
            &printed.text[printed.tree.get("é").expect("as above").span.bytes()],
            "x"
        );
    }
}
