//! YAML text to a tree with places. Available with the feature `yaml`.
//!
//! The language is YAML 1.2 with one document of at most [`MAX_BYTES`] bytes, [`MAX_NODES`]
//! values and [`MAX_DEPTH`] levels. Anchors and aliases are followed,
//! their copies count as values. Tags, merge keys (YAML 1.1), keys that are not text and keys
//! given twice are refused. Nothing is interpreted: `no` and `1.10` stay text until somebody
//! reads them as something else.

mod builder;
mod complaint;
mod position;

use saphyr_parser::{Event, Parser};

use crate::tree::{MAX_DEPTH, Node};
use crate::{Code, Diagnostic, Span};
use builder::Builder;
use position::Positions;

/// Bytes a configuration may have: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// Values a configuration may have, those repeated by aliases included.
pub const MAX_NODES: usize = 100_000;

/// Reads `text`.
///
/// # Errors
/// All that is wrong, as far as it can be told: after a syntax error nothing more is read.
pub fn parse(text: &str) -> Result<Node, Vec<Diagnostic>> {
    match read(text) {
        (Some(node), diagnostics) if diagnostics.is_empty() => Ok(node),
        (_, diagnostics) => Err(diagnostics),
    }
}

/// The tree as far as it makes sense to read on, and what was wrong.
pub(crate) fn read(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes", text.len());
        let diagnostic = Diagnostic::error(Code::TooLarge, Span::NONE, message)
            .allowed(format!("at most {MAX_BYTES} bytes"))
            .remedy("is this a configuration? if so, split it into several files");
        return (None, vec![diagnostic]);
    }
    // A byte order mark is no part of the document.
    let bom = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let body = &text[bom..];
    let positions = Positions::new(body, bom);
    if let Some((i, c)) = body.char_indices().find(|&(_, c)| is_forbidden(c)) {
        let span = positions.of_bytes(i, i + c.len_utf8());
        let name = format!("U+{:04X}", u32::from(c));
        let diagnostic = Diagnostic::error(
            Code::ControlCharacter,
            span,
            format!("the character {name} is here"),
        )
        .allowed("printable characters, spaces, tabs inside values, and line breaks")
        .remedy(format!(
            "delete it, or write it as an escape in double quotes: \"\\x{:02X}\"",
            u32::from(c)
        ));
        return (None, vec![diagnostic]);
    }

    let mut parser = Parser::new_from_str(body);
    let mut builder = Builder::new(body, &positions);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::DocumentStart(_), span)) => {
                documents += 1;
                if documents > 1 {
                    let span = positions.of_chars(span.start.index(), span.end.index());
                    builder.diagnostics.push(
                        Diagnostic::error(
                            Code::ManyDocuments,
                            span,
                            "a second document begins here",
                        )
                        .allowed("one document per file")
                        .remedy("move it to a file of its own, or delete the `---`"),
                    );
                    break;
                }
            }
            Ok((event, span)) => {
                if let Err(diagnostic) = builder.take(event, span) {
                    builder.diagnostics.push(*diagnostic);
                    return (None, builder.diagnostics);
                }
            }
            Err(error) => {
                let complaint =
                    complaint::explain(body, &positions, &error, builder.open_bracket());
                builder.diagnostics.push(complaint);
                return (None, builder.diagnostics);
            }
        }
    }
    let (root, mut diagnostics) = builder.finish();
    let root = root.filter(|node| !node.is_null());
    if root.is_none() && diagnostics.is_empty() {
        diagnostics.push(
            Diagnostic::error(Code::EmptyDocument, Span::NONE, "there is nothing in it")
                .allowed("a detection")
                .remedy("begin with `detectionName:`, `metric:` and `rules:`"),
        );
    }
    (root, diagnostics)
}

/// Control characters that YAML 1.2 §5.1 leaves out, which would otherwise end or hide text.
fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')
}

/// The level at which nesting ends, as an error.
fn too_deep(span: Span) -> Box<Diagnostic> {
    let message = format!("this is nested more than {MAX_DEPTH} levels deep");
    Box::new(
        Diagnostic::error(Code::TooDeep, span, message)
            .allowed(format!("{MAX_DEPTH} levels"))
            .remedy("a detection needs ten at most; is a bracket missing before?"),
    )
}
