//! Files of text that people write: specifications, dataset files, events.

use std::fs;
use std::io;
use std::path::Path;

use crate::{Error, Result};

/// The first bytes of texts that are not UTF-8, and of files that are packed.
const FOREIGN: [(&[u8], &str, &str); 4] = [
    (b"\xff\xfe", "UTF-16 text", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save it as UTF-8"),
    (b"\x1f\x8b", "packed with gzip", "unpack it"),
    (b"PK\x03\x04", "a zip archive", "unpack it"),
];

/// The text of the file at `path`, which should be what is `expected`: "a specification in YAML".
///
/// ```
/// use tuatara::files;
///
/// let folder = std::env::temp_dir();
/// let error = files::read_text(&folder, "a specification in YAML").unwrap_err();
/// assert!(error.to_string().contains("a specification in YAML"));
/// ```
///
/// # Errors
/// [`Error::NotText`] for a folder and for bytes that are not UTF-8, [`Error::Unreadable`] where the
/// system refuses.
pub fn read_text(path: impl AsRef<Path>, expected: &'static str) -> Result<String> {
    let path = path.as_ref();
    text(
        &path.display().to_string(),
        read_bytes(path, expected)?,
        expected,
    )
}

/// The text that `bytes` are, which came from `name` and should be what is `expected`.
///
/// ```
/// use tuatara::files;
///
/// let yaml = "a specification in YAML";
/// assert_eq!(files::text("rules.yaml", b"metric: orders".to_vec(), yaml)?, "metric: orders");
/// let packed = files::text("rules.yaml.gz", b"\x1f\x8b\x08".to_vec(), yaml).unwrap_err();
/// assert!(packed.to_string().contains("packed with gzip"));
/// # Ok::<(), tuatara::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotText`] for bytes that are not UTF-8.
pub fn text(name: &str, bytes: Vec<u8>, expected: &'static str) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let mut foreign = FOREIGN.iter();
        let foreign = foreign.find(|(magic, ..)| error.as_bytes().starts_with(magic));
        let at = error.utf8_error().valid_up_to();
        let (what, remedy) = match foreign {
            Some((_, what, remedy)) => ((*what).to_owned(), *remedy),
            None => (
                format!("no text in UTF-8, by byte {}", at + 1),
                "name the right file, or save it as UTF-8",
            ),
        };
        Error::NotText {
            path: name.to_owned(),
            what,
            expected,
            remedy,
        }
    })
}

/// All bytes of a file that should be what is `expected`.
pub(super) fn read_bytes(path: &Path, expected: &'static str) -> Result<Vec<u8>> {
    let name = || path.display().to_string();
    if path.is_dir() {
        return Err(Error::NotText {
            path: name(),
            what: "a folder".to_owned(),
            expected,
            remedy: "name the file in it",
        });
    }
    fs::read(path).map_err(|source: io::Error| Error::Unreadable {
        path: name(),
        expected,
        source,
    })
}
