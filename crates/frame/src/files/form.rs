//! The layout of a file that does not declare one, and what goes with which.

use super::text::Text;
use super::{FileError, Layout, ReadOptions, TimeUnit};
use crate::FrameError;

/// How far into the text the beginning of a response is looked for.
const HEAD: usize = 4096;

/// Long, unless the first character begins JSON.
pub(super) fn find(text: &mut Text<'_>) -> Result<Layout, FrameError> {
    while text.unread().trim_ascii().is_empty() {
        if !text.grow_row(1)? {
            break;
        }
    }
    let file = text.file();
    let head = text.unread().trim_ascii_start();
    match head.first() {
        None => Err(FrameError::EmptyFile {
            file: file.to_owned(),
        }),
        Some(b'{') if is_response(&head[..head.len().min(HEAD)]) => Ok(Layout::Prometheus),
        Some(b'{') => Ok(Layout::Ndjson),
        Some(b'[') => Err(FileError::NotText {
            file: file.to_owned(),
            what: "a JSON array",
            remedy: "write its elements one a line, for instance with jq -c '.[]'",
        }
        .into()),
        Some(_) => Ok(Layout::Long),
    }
}

/// Whether JSON starts like an answer of a Prometheus server: with its status, its data or their
/// type.
fn is_response(head: &[u8]) -> bool {
    let packed: Vec<u8> = head
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let begins = [
        &b"{\"status\":\"success\""[..],
        b"{\"status\":\"error\"",
        b"{\"data\":{",
        b"{\"resultType\":",
        b"{\"result\":[",
    ];
    begins.iter().any(|begin| packed.starts_with(begin))
        || memchr::memmem::find(&packed, b"\"resultType\":").is_some()
}

/// Refuses options that a layout has no use for: they would be without effect.
pub(super) fn check(layout: Layout, file: &str, options: &ReadOptions) -> Result<(), FrameError> {
    let (option, with, remedy) = match layout {
        Layout::Long | Layout::Wide => return Ok(()),
        Layout::Series if options.time.is_some() => (
            "a time column",
            "layout series, whose rows hold a series each",
            "leave it out, or read the file with --layout wide",
        ),
        Layout::Series if !matches!(options.time_unit, None | Some(TimeUnit::Rows)) => (
            "a unit of time",
            "layout series, which has no stamps",
            "leave it out, and declare --granularity and --start",
        ),
        Layout::Ndjson | Layout::Prometheus if options.delimiter.is_some() => (
            "a delimiter",
            "JSON, which needs none",
            "leave it out, or declare --layout long",
        ),
        Layout::Prometheus if options.time.is_some() => (
            "a time column",
            "a Prometheus response, whose stamps have their place",
            "leave it out",
        ),
        Layout::Prometheus if !matches!(options.time_unit, None | Some(TimeUnit::Seconds)) => (
            "another unit than seconds",
            "a Prometheus response, whose stamps are in seconds",
            "leave the unit out",
        ),
        _ => return Ok(()),
    };
    Err(FileError::Unfit {
        file: file.to_owned(),
        option: option.to_owned(),
        with,
        remedy,
    }
    .into())
}
