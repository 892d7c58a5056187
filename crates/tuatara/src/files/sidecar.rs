//! The dataset file beside the data.

use std::path::{Path, PathBuf};

use tuatara_frame::files;
use tuatara_spec::Diagnosis;
use tuatara_spec::dataset::DatasetSpec;

use super::{file_name, read_text};
use crate::{Error, Result};

/// What a dataset file ends with.
const ENDING: &str = ".tuatara.yaml";

/// A dataset file that was read.
#[derive(Debug)]
pub(super) struct Sidecar {
    path: PathBuf,
    pub(super) spec: DatasetSpec,
    pub(super) diagnosis: Diagnosis,
}

impl Sidecar {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = read_text(path, "a dataset file in YAML")?;
        let (spec, diagnosis) = DatasetSpec::from_yaml(&text, &path.display().to_string())?;
        Ok(Self {
            path: path.to_owned(),
            spec,
            diagnosis,
        })
    }

    /// The dataset file of `data`, if there is one.
    pub(super) fn beside(data: &Path) -> Result<Option<Self>> {
        let there: Vec<PathBuf> = candidates(data)
            .into_iter()
            .filter(|p| p.exists())
            .collect();
        match &there[..] {
            [] => Ok(None),
            [only] => Self::read(only).map(Some),
            [full, short, ..] => Err(Error::TwoDatasetFiles {
                data: data.display().to_string(),
                full: full.display().to_string(),
                short: short.display().to_string(),
            }),
        }
    }

    /// What it gives, below settings that come before it.
    pub(super) fn note(&self, over: &DatasetSpec) -> String {
        let (effective, overridden) = self.spec.effective_below(over);
        let overridden = match &overridden[..] {
            [] => None,
            keys => Some(format!("overridden: {}", keys.join(", "))),
        };
        let parts: Vec<String> = [effective]
            .into_iter()
            .filter(|part| !part.is_empty())
            .chain(overridden)
            .collect();
        format!("{}: {}", file_name(&self.path), parts.join("; "))
    }
}

/// The one dataset file of all of `paths`: that of the first.
pub(super) fn common(paths: &[PathBuf]) -> Result<Option<Sidecar>> {
    let Some((first, rest)) = paths.split_first() else {
        return Ok(None);
    };
    let sidecar = Sidecar::beside(first)?;
    for path in rest {
        let Some(other) = Sidecar::beside(path)? else {
            continue;
        };
        if sidecar
            .as_ref()
            .is_none_or(|sidecar| sidecar.spec != other.spec)
        {
            return Err(Error::OtherDatasetFile {
                data: path.display().to_string(),
                file: other.path.display().to_string(),
                first: match &sidecar {
                    Some(sidecar) => format!("says something else than {}", sidecar.path.display()),
                    None => format!("has no counterpart beside {}", first.display()),
                },
            });
        }
    }
    Ok(sidecar)
}

/// Where the dataset file of `data` may stand, the full name first.
pub(super) fn candidates(data: &Path) -> Vec<PathBuf> {
    let mut candidates = vec![data.with_file_name(file_name(data) + ENDING)];
    let short = data.with_file_name(stem(data) + ENDING);
    if !candidates.contains(&short) {
        candidates.push(short);
    }
    candidates
}

/// The name of a file without its folder and endings.
pub(super) fn stem(path: &Path) -> String {
    files::stem(&file_name(path)).to_owned()
}
