//! Files of events: YAML or a table.

use std::path::Path;

use tuatara_frame::events::EventCalendar;
use tuatara_frame::files;
use tuatara_spec::{Diagnosis, calendar_from_yaml};

use super::text::{read_bytes, text};
use crate::Result;

const EXPECTED: &str = "a file of events, YAML or a table,";

/// Reads a file of events: YAML with the keys `events` and `holidays` of a detection, or a table
/// with a row for each event, plain or gzip. The ending of the name says which (`.yaml`, `.yml`;
/// `.csv`, `.tsv`, `.gz`), or else the first line. The second part of the answer holds warnings.
///
/// # Errors
/// [`Error::Spec`](crate::Error::Spec) for what is wrong in YAML, [`Error::Frame`](crate::Error::Frame)
/// for what is wrong in a table, and those of [`read_text`](super::read_text) for the file.
pub fn read_calendar(path: impl AsRef<Path>) -> Result<(EventCalendar, Diagnosis)> {
    let path = path.as_ref();
    let name = path.display().to_string();
    let bytes = read_bytes(path, EXPECTED)?;
    if is_yaml(path, &bytes) {
        let text = text(&name, bytes, EXPECTED)?;
        return Ok(calendar_from_yaml(&text, &name)?);
    }
    Ok((
        files::read_calendar(&bytes[..], &name)?,
        Diagnosis::default(),
    ))
}

fn is_yaml(path: &Path, bytes: &[u8]) -> bool {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    match ending.as_ref().and_then(|ending| ending.to_str()) {
        Some("yaml" | "yml") => true,
        Some("csv" | "tsv" | "gz") => false,
        _ => {
            let text = String::from_utf8_lossy(bytes);
            let mut lines = text.lines().map(str::trim);
            let first = lines.find(|line| !line.is_empty() && !line.starts_with(['#', '%']));
            let begins = ["---", "{", "events:", "holidays:"];
            first.is_some_and(|line| begins.iter().any(|begin| line.starts_with(begin)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_or_else_the_first_line_says_what_a_file_is() {
        for (name, text, yaml) in [
            ("x.yaml", "", true),
            ("x.YML", "", true),
            ("x.csv", "events:\n", false),
            ("x", "# mine\n\nholidays: [US]\n", true),
            ("x", "name,start\n", false),
            ("x.txt", "name;start\n", false),
        ] {
            assert_eq!(
                is_yaml(Path::new(name), text.as_bytes()),
                yaml,
                "{name} {text}"
            );
        }
    }
}
