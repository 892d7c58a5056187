//! Events of the parser to a tree, without recursion.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, ScalarStyle, Span as Range};

use super::position::Positions;
use super::{MAX_DEPTH, MAX_NODES, too_deep};
use crate::diagnostic::quote;
use crate::tree::{Key, Node, Style, Value};
use crate::{Code, Diagnostic, Span};

/// What ends the reading at once. Boxed, as it is large and rare.
type Refusal = Box<Diagnostic>;

/// A tree under construction.
pub(super) struct Builder<'t> {
    text: &'t str,
    positions: &'t Positions,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: BTreeMap<usize, Anchored>,
    nodes: usize,
    /// What was wrong so far, none of which ends the reading.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A value that aliases repeat.
struct Anchored {
    node: Node,
    nodes: usize,
    height: usize,
}

/// A list or mapping that has not ended.
struct Open {
    items: Items,
    anchor: usize,
    start: Span,
    nodes: usize,
    height: usize,
}

enum Items {
    List(Vec<Node>),
    Mapping {
        entries: Vec<(Key, Node)>,
        seen: BTreeMap<String, Span>,
        next: Next,
    },
}

/// What a mapping waits for.
enum Next {
    Key,
    Value(Key),
    /// The value of a key that was refused.
    Nothing,
}

/// A finished value, with what it adds to its parent.
struct Finished {
    node: Node,
    nodes: usize,
    height: usize,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str, positions: &'t Positions) -> Self {
        Self {
            text,
            positions,
            open: Vec::new(),
            root: None,
            anchors: BTreeMap::new(),
            nodes: 0,
            diagnostics: Vec::new(),
        }
    }

    /// The innermost `[` or `{` that is open, if what is open last is one.
    pub(super) fn open_bracket(&self) -> Option<Span> {
        let open = self.open.last()?;
        Some(open.start).filter(|start| !start.bytes().is_empty())
    }

    pub(super) fn finish(self) -> (Option<Node>, Vec<Diagnostic>) {
        (self.root, self.diagnostics)
    }

    /// Takes the next event in.
    pub(super) fn take(&mut self, event: Event<'_>, range: Range) -> Result<(), Refusal> {
        let span = self
            .positions
            .of_chars(range.start.index(), range.end.index());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                let node = self.scalar(text, style, span);
                self.place(
                    Finished {
                        node,
                        nodes: 1,
                        height: 1,
                    },
                    anchor,
                )
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                self.begin(Items::List(Vec::new()), anchor, span)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                let items = Items::Mapping {
                    entries: Vec::new(),
                    seen: BTreeMap::new(),
                    next: Next::Key,
                };
                self.begin(items, anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.repeat(anchor, span),
            _ => Ok(()),
        }
    }

    fn scalar(&self, text: Cow<'_, str>, style: ScalarStyle, span: Span) -> Node {
        let bytes = span.bytes();
        let offset = self.positions.offset();
        let source = self
            .text
            .get(bytes.start - offset..bytes.end - offset)
            .unwrap_or_default();
        // The parser says `~` where nothing is written, and puts it on the next token.
        let absent = style == ScalarStyle::Plain && text == "~" && source != "~";
        let (text, end) = match absent {
            true => (String::new(), bytes.start),
            false => (text.into_owned(), bytes.start + source.trim_end().len()),
        };
        let style = if style == ScalarStyle::Plain {
            Style::Plain
        } else {
            Style::Quoted
        };
        let span = Span::new(span.line(), span.column(), bytes.start..end);
        Node {
            value: Value::Scalar { text, style },
            span,
        }
    }

    fn refuse_tag(&mut self, tagged: bool, span: Span) {
        if tagged {
            self.diagnostics.push(
                Diagnostic::error(Code::Tag, span, "this value has a tag, `!…`")
                    .allowed("values without tags: what they mean follows from their key")
                    .remedy("delete the tag; a value that begins with `!` goes in quotes"),
            );
        }
    }

    fn begin(&mut self, items: Items, anchor: usize, start: Span) -> Result<(), Refusal> {
        if self.open.len() + 1 >= MAX_DEPTH {
            return Err(too_deep(start));
        }
        // A list or mapping as a key: read it, then drop it and its value.
        if let Some(Open {
            items: Items::Mapping {
                next: Next::Key, ..
            },
            ..
        }) = self.open.last()
        {
            self.diagnostics
                .push(key_not_text(start, "this key is a list or a mapping"));
        }
        self.open.push(Open {
            items,
            anchor,
            start,
            nodes: 1,
            height: 1,
        });
        Ok(())
    }

    fn end(&mut self, last: Span) -> Result<(), Refusal> {
        let open = self.open.pop().expect("the parser ends only what it began");
        // Block collections end where their last value does, flow collections with a bracket.
        let flow = !open.start.bytes().is_empty();
        let (value, inner) = match open.items {
            Items::List(items) => {
                let last = items.last().map(|item| item.span);
                (Value::Sequence(items), last)
            }
            Items::Mapping { entries, .. } => {
                let last = entries.last().map(|(key, value)| value.span.to(key.span));
                (Value::Mapping(entries), last)
            }
        };
        let span = open.start.to(if flow {
            last
        } else {
            inner.unwrap_or(open.start)
        });
        let finished = Finished {
            node: Node { value, span },
            nodes: open.nodes,
            height: open.height,
        };
        self.place(finished, open.anchor)
    }

    fn repeat(&mut self, anchor: usize, span: Span) -> Result<(), Refusal> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(Box::new(
                Diagnostic::error(
                    Code::Alias,
                    span,
                    "this alias repeats the value it stands in",
                )
                .allowed("aliases of values that ended before")
                .remedy("write the value out"),
            ));
        };
        let finished = Finished {
            node: anchored.node.clone(),
            nodes: anchored.nodes,
            height: anchored.height,
        };
        if self.open.len() + finished.height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.count(finished.nodes, span)?;
        self.place(finished, 0)
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Refusal> {
        self.nodes += nodes;
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let message = format!("with this there are more than {MAX_NODES} values");
        Err(Box::new(
            Diagnostic::error(Code::TooLarge, span, message)
                .allowed(format!(
                    "{MAX_NODES} values, those repeated by aliases included"
                ))
                .remedy("repeat less by aliases, or split the configuration"),
        ))
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, finished: Finished, anchor: usize) -> Result<(), Refusal> {
        let Finished {
            node,
            nodes,
            height,
        } = finished;
        self.count(1, node.span)?;
        if anchor > 0 {
            self.count(nodes, node.span)?;
            self.anchors.insert(
                anchor,
                Anchored {
                    node: node.clone(),
                    nodes,
                    height,
                },
            );
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.nodes += nodes;
        open.height = open.height.max(height + 1);
        match &mut open.items {
            Items::List(items) => items.push(node),
            Items::Mapping {
                entries,
                seen,
                next,
            } => match std::mem::replace(next, Next::Key) {
                Next::Nothing => {}
                Next::Value(key) => {
                    let span = if node.value == Node::null().value {
                        let end = key.span.bytes().end;
                        let width = self.text[key.span.bytes().start - self.positions.offset()
                            ..end - self.positions.offset()]
                            .chars()
                            .count();
                        Span::new(key.span.line(), key.span.column() + width, end..end)
                    } else {
                        node.span
                    };
                    entries.push((key, Node { span, ..node }));
                }
                Next::Key => {
                    *next = match key(node, seen) {
                        Ok(key) => Next::Value(key),
                        Err(diagnostic) => {
                            self.diagnostics.extend(diagnostic.map(|boxed| *boxed));
                            Next::Nothing
                        }
                    };
                }
            },
        }
        Ok(())
    }
}

/// A key out of the value that stands where a key should, or why not. Lists and mappings have
/// been complained about when they began.
fn key(node: Node, seen: &mut BTreeMap<String, Span>) -> Result<Key, Option<Refusal>> {
    let span = node.span;
    let Value::Scalar { text, style } = node.value else {
        return Err(None);
    };
    if text.is_empty() && style == Style::Plain {
        let diagnostic = key_not_text(span, "there is no key before the `:`");
        return Err(Some(Box::new(diagnostic)));
    }
    if text == "<<" && style == Style::Plain {
        return Err(Some(Box::new(
            Diagnostic::error(
                Code::MergeKey,
                span,
                "`<<` merges another mapping into this one",
            )
            .allowed("keys that are written out (merge keys ended with YAML 1.1)")
            .remedy("write the keys out; an alias `*name` can still repeat a whole value"),
        )));
    }
    if let Some(&first) = seen.get(&text) {
        let message = format!(
            "{} is given twice, first on line {}",
            quote(&text),
            first.line()
        );
        return Err(Some(Box::new(
            Diagnostic::error(Code::DuplicateKey, span, message)
                .related(first, "first given here")
                .allowed("each key once in a mapping")
                .remedy("keep the one that is meant and delete the other"),
        )));
    }
    seen.insert(text.clone(), span);
    Ok(Key { text, span })
}

fn key_not_text(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error(Code::KeyNotText, span, message)
        .allowed("a word before each `:`")
        .remedy("write the key as text, in quotes if it has to hold `[`, `{` or `:`")
}
