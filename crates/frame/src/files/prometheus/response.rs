//! What has been read of a response, and what was wrong with it.

use std::borrow::Cow;

use serde::de;

use super::MATRIX;
use crate::files::gathering::Gathering;
use crate::files::options::stem;
use crate::files::samples::{Label, NAME};
use crate::files::{FileError, json};
use crate::{FrameError, Instant, Place};

/// What has been seen of a response.
pub(super) struct Response<'r, 'o> {
    pub(super) file: &'r str,
    pub(super) gathering: &'r mut Gathering<'o>,
    pub(super) status: Option<String>,
    pub(super) error: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) has_result: bool,
    /// The number of the series at hand, from 1.
    pub(super) series: u64,
    pub(super) rows: u64,
    /// Which of the ignored labels have been there.
    pub(super) ignored: Vec<bool>,
    /// Why reading was stopped, if not by the parser.
    pub(super) refusal: Option<Refusal>,
    pub(super) notes: Vec<String>,
}

/// What is wrong, what would do, and the remedy.
pub(super) struct Refusal {
    found: String,
    allowed: &'static str,
    remedy: &'static str,
}

impl Response<'_, '_> {
    pub(super) fn refuse<E: de::Error>(
        &mut self,
        found: String,
        allowed: &'static str,
        remedy: &'static str,
    ) -> E {
        self.refusal = Some(Refusal {
            found,
            allowed,
            remedy,
        });
        E::custom("refused")
    }

    /// What the parser stopped at, with its place.
    pub(super) fn failure(&mut self, error: serde_json::Error) -> FrameError {
        let file = self.file.to_owned();
        let (row, column) = (error.line() as u64, error.column());
        if let Some(Refusal {
            found,
            allowed,
            remedy,
        }) = self.refusal.take()
        {
            return FileError::BadResponse {
                file,
                row,
                column,
                found,
                allowed,
                remedy,
            }
            .into();
        }
        if error.is_io() {
            let source = error.into();
            return FrameError::Unreadable { file, source };
        }
        FileError::BrokenJson {
            file,
            row,
            column,
            problem: json::problem(&error),
            remedy: if error.is_eof() {
                "the response is cut short; fetch it again"
            } else {
                "give the response as the server sent it"
            },
        }
        .into()
    }

    pub(super) fn finish(self) -> Result<(), FrameError> {
        let file = self.file;
        if let Some(message) = self
            .error
            .filter(|_| self.status.as_deref() != Some("success"))
        {
            return Err(FileError::ServerError {
                file: file.to_owned(),
                kind: self.kind.unwrap_or_else(|| "of no type".to_owned()),
                message,
            }
            .into());
        }
        if !self.has_result {
            return Err(FileError::BadResponse {
                file: file.to_owned(),
                row: 1,
                column: 1,
                found: "a document without a result".to_owned(),
                allowed: MATRIX,
                remedy: "give the response as the server sent it",
            }
            .into());
        }
        if let Some(place) = self.ignored.iter().position(|seen| !seen) {
            return Err(FrameError::UnknownColumn {
                file: file.to_owned(),
                role: "list of columns to ignore",
                name: None,
                column: self.gathering.options.ignored[place].clone(),
                known: self.gathering.samples().0.dimensions().into(),
                suggestion: None,
            });
        }
        for note in self.notes {
            self.gathering.note(note);
        }
        self.gathering.end(file, self.rows)
    }

    /// Takes the samples of one series in.
    pub(super) fn take<E: de::Error>(
        &mut self,
        labels: Vec<(String, String)>,
        samples: &[(Instant, f64)],
    ) -> Result<(), E> {
        let options = self.gathering.options;
        let mut name = None;
        let mut dimensions: Vec<Label<'_>> = Vec::with_capacity(labels.len());
        for (label, value) in &labels {
            let ignored = options.ignored.iter().position(|ignored| ignored == label);
            if let Some(place) = ignored {
                self.ignored[place] = true;
                continue;
            }
            match options.dimension_of(label) {
                Some(dimension) => dimensions.push((dimension, Cow::Borrowed(value))),
                None if label == NAME => name = Some(value.as_str()),
                None => dimensions.push((label, Cow::Borrowed(value))),
            }
        }
        if let Some(dimension) = &options.file_dimension {
            dimensions.push((dimension, stem(self.file).into()));
        }
        let (collected, stamps) = self.gathering.samples();
        let set = collected
            .set(name, &dimensions)
            .map_err(|dimension| Refusal {
                found: format!(
                    "two labels for the dimension `{dimension}` in series {}",
                    self.series
                ),
                allowed: "one value for each",
                remedy: "ignore one of them (--ignore LABEL)",
            });
        let set = match set {
            Ok(set) => set,
            Err(Refusal {
                found,
                allowed,
                remedy,
            }) => {
                return Err(self.refuse(found, allowed, remedy));
            }
        };
        for (number, &(at, value)) in (1..).zip(samples) {
            let place = || {
                Box::new(Place {
                    file: self.file.to_owned(),
                    row: number,
                    column: String::new(),
                })
            };
            let order = stamps.check_order(at, number, set, || at.to_string(), place);
            if order.is_err() {
                let found = format!(
                    "sample {number} of series {} is at {at}, before an earlier one",
                    self.series
                );
                return Err(self.refuse(
                    found,
                    "stamps in order, as is declared",
                    "sort them, or do not declare an order",
                ));
            }
            collected.push(at, set, &[value]);
        }
        self.rows += samples.len() as u64;
        Ok(())
    }
}
