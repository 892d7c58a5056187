//! The state file: what `detect --state` hands from one run to the next.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use tuatara::Carry;

use crate::failure::Failure;

/// The state in `path`, or none when there is no such file yet.
pub(crate) fn read(path: &Path) -> Result<Option<Carry>, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // Better now than after the run.
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            return match folder.map(fs::metadata) {
                Some(Err(error)) => Err(Failure::file(path, &error)),
                _ => Ok(None),
            };
        }
        Err(error) => return Err(Failure::file(path, &error)),
    };
    serde_json::from_str(&text).map(Some).map_err(|error| {
        Failure::said(format!(
            "{} is no state that this version of tuatara wrote: {error}; restore the state, or name a \
             file that is not there yet to start anew",
            path.display()
        ))
    })
}

/// Replaces the state in `path` as a whole, so that a crash leaves the old or the new one.
pub(crate) fn write(path: &Path, carry: &Carry) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(carry)
        .map_err(|error| Failure::said(format!("{}: {error}", path.display())))?;
    text.push('\n');
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|error| Failure::file(path, &error))
}
