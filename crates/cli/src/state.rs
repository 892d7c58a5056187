//! The state file: what `detect --state` hands from one run to the next.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use tuatara::{Carry, files};

use crate::failure::Failure;

const EXPECTED: &str = "the state that an earlier run wrote, or nothing yet,";

/// A state file as it was when it was read.
#[derive(Debug)]
pub(crate) struct State {
    path: PathBuf,
    /// Nothing where there was no such file.
    text: Option<String>,
    carry: Option<Carry>,
}

impl State {
    /// Reads the state in `path`, where there is such a file yet.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = text(path)?;
        if text.is_none() {
            // Better now than after the run.
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            if let Some(Err(error)) = folder.map(fs::metadata) {
                return Err(Failure::unwritten(path, &error));
            }
        }
        let carry = text.as_deref().map(serde_json::from_str).transpose();
        let carry = carry.map_err(|error| {
            Failure::said(format!(
                "{} is no state that this version of tuatara wrote: {error}; restore the state, or \
                 name a file that is not there yet to start anew",
                path.display()
            ))
        })?;
        Ok(Self {
            path: path.to_owned(),
            text,
            carry,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn carry(&self) -> Option<&Carry> {
        self.carry.as_ref()
    }

    /// Refuses where another run has written the file since it was read: what this run has found
    /// goes on from what is not there any more.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match text(&self.path)? == self.text {
            true => Ok(()),
            false => Err(self.changed()),
        }
    }

    fn changed(&self) -> Failure {
        Failure::said(format!(
            "{} was written by another run since this one read it, and stays as that left it; run \
             one after the other, each with a state of its own, or this one again",
            self.path.display()
        ))
    }

    /// Replaces the file as a whole by `carry`, so that a crash leaves the old or the new one.
    pub(crate) fn write(self, carry: &Carry) -> Result<(), Failure> {
        let refused = |error: io::Error| Failure::unwritten(&self.path, &error);
        let mut text = serde_json::to_string_pretty(carry).map_err(|e| refused(e.into()))?;
        text.push('\n');
        let beside = self.beside();
        let taken = written(&beside, &text)
            .map_err(refused)
            .and_then(|()| self.take_over(&beside));
        // Nobody would look for what is left of it.
        let _ = fs::remove_file(&beside);
        taken
    }

    /// Puts what is written in `beside` in the place of the file.
    fn take_over(&self, beside: &Path) -> Result<(), Failure> {
        self.check()?;
        if self.text.is_none() {
            // Two first runs: a link is made by one of them only. Not all file systems have links, and where a
            // link leads nowhere there is a name and no file.
            match fs::hard_link(beside, &self.path) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => self.check()?,
                Err(_) => {}
            }
        }
        let renamed = fs::rename(beside, &self.path);
        renamed.map_err(|error| Failure::unwritten(&self.path, &error))
    }

    /// A file in the same folder, which no other run writes: neither at the same time nor, in another container, by the
    /// same number.
    fn beside(&self) -> PathBuf {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let nanos = since.map_or(0, |since| since.as_nanos());
        let mut name = OsString::from(&self.path);
        name.push(format!(".{}.{nanos}.new", std::process::id()));
        name.into()
    }
}

/// Writes `text` to a new file, down to the disk.
fn written(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The text of the file at `path`; nothing where there is no file.
fn text(path: &Path) -> Result<Option<String>, Failure> {
    match files::read_text(path, EXPECTED) {
        Ok(text) => Ok(Some(text)),
        Err(tuatara::Error::Unreadable { source, .. }) if source.kind() == ErrorKind::NotFound => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
