//! What stands between the cells of a table.

use super::text::Text;
use super::{FileError, ReadOptions};
use crate::FrameError;

/// The characters that are looked for, each in words.
const USUAL: [(u8, &str); 4] = [
    (b',', "commas"),
    (b';', "semicolons"),
    (b'\t', "tabs"),
    (b'|', "bars (|)"),
];

/// The delimiter that is declared, or else the only usual one in the header outside quotes; a
/// comma for a header of one column.
pub(super) fn find(text: &mut Text<'_>, options: &ReadOptions) -> Result<u8, FrameError> {
    if let Some(declared) = options.delimiter {
        return check(declared, text.file());
    }
    let header = header(text)?;
    let mut quoted = false;
    let outside = |byte: &u8| {
        quoted ^= *byte == b'"';
        !quoted
    };
    let outside: Vec<u8> = header.iter().copied().filter(outside).collect();
    let found: Vec<_> = USUAL
        .iter()
        .filter(|(byte, _)| outside.contains(byte))
        .collect();
    match found[..] {
        [] => Ok(b','),
        [(only, _)] => Ok(*only),
        _ => Err(FileError::DelimiterUnclear {
            file: text.file().to_owned(),
            found: found.iter().map(|(_, words)| *words).collect(),
        }
        .into()),
    }
}

fn check(declared: u8, file: &str) -> Result<u8, FrameError> {
    let is_usable = declared == b'\t' || declared == b' ' || declared.is_ascii_punctuation();
    if is_usable && !b"\".-+:".contains(&declared) {
        return Ok(declared);
    }
    Err(FileError::Unfit {
        file: file.to_owned(),
        option: format!("the delimiter `{}`", declared.escape_ascii()),
        with: "names, numbers and stamps, where it may occur",
        remedy: "declare another, such as , ; | or a tab",
    }
    .into())
}

/// The first line that is not blank, with the lines that quotes in it go on to.
fn header<'t>(text: &'t mut Text<'_>) -> Result<&'t [u8], FrameError> {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let end = loop {
        let unread = text.unread();
        let mut quoted = false;
        let mut begun = false;
        let end = unread.iter().position(|byte| {
            quoted ^= *byte == b'"';
            begun |= !is_break(byte);
            begun && !quoted && is_break(byte)
        });
        if let Some(end) = end {
            break end;
        }
        if !text.grow_row(1)? {
            break text.unread().len();
        }
    };
    Ok(&text.unread()[..end])
}
