//! Which of the files hold the dataset of the specification.

use std::path::PathBuf;

use tuatara::frame::closest;
use tuatara::{Detection, files};

use super::is_stdin;
use crate::args::Input;
use crate::failure::Failure;

/// The files to read as one dataset, and what is to be said about the choice.
pub(super) fn choose(
    input: &Input,
    detection: &Detection,
) -> Result<(Vec<PathBuf>, Option<String>), Failure> {
    let mut named = by_name(&input.dataset);
    if let Some(dataset) = detection.dataset() {
        if let Some((_, paths)) = named.iter().find(|(name, _)| name == dataset) {
            return Ok((paths.clone(), None));
        }
        let paths = of_dataset(&input.data, dataset)?;
        if !paths.is_empty() {
            return Ok((paths, None));
        }
    }
    // Of several datasets each is found by its name.
    if let Some(dataset) = detection
        .dataset()
        .filter(|_| !files::beside(detection).is_empty())
    {
        return Err(unclear(input, Some(dataset), &named));
    }
    // What other datasets are read from is none of the first.
    let mut data = input.data.clone();
    for other in files::beside(detection) {
        let claimed = of_dataset(&input.data, &other)?;
        data.retain(|path| !claimed.contains(path));
        named.retain(|(name, _)| *name != other);
    }
    let (paths, name) = match (&data[..], &named[..]) {
        ([], []) => {
            return Err(Failure::said(
                "no data; name a data file after the specification, or - for standard input",
            ));
        }
        ([], [(name, paths)]) => (paths.clone(), name.clone()),
        ([path], []) => (vec![path.clone()], files::stem(path)),
        (several, []) => (several.to_vec(), format!("{} files", several.len())),
        _ => return Err(unclear(input, detection.dataset(), &named)),
    };
    if paths.len() > 1 && paths.iter().any(|path| is_stdin(path)) {
        return Err(Failure::said(
            "standard input cannot be one of several files; give it alone",
        ));
    }
    let note = match (detection.dataset(), &paths[..]) {
        (Some(dataset), [_]) => Some(format!(
            "dataset {dataset} is read from the one file, {name}"
        )),
        (Some(dataset), _) => Some(format!(
            "dataset {dataset} is none of their names, and is read from all"
        )),
        (None, _) => None,
    };
    Ok((paths, note))
}

/// The files of the dataset `name`, one that the specification looks at beside its first.
pub(super) fn choose_other(input: &Input, name: &str) -> Result<Vec<PathBuf>, Failure> {
    let named = by_name(&input.dataset);
    if let Some((_, paths)) = named.iter().find(|(known, _)| known == name) {
        return Ok(paths.clone());
    }
    let paths = of_dataset(&input.data, name)?;
    if paths.is_empty() {
        return Err(unclear(input, Some(name), &named));
    }
    Ok(paths)
}

/// The files given under each name, in the order of the names.
fn by_name(pairs: &[(String, String)]) -> Vec<(String, Vec<PathBuf>)> {
    let mut named: Vec<(String, Vec<PathBuf>)> = Vec::new();
    for (name, path) in pairs {
        let path = PathBuf::from(path);
        match named.iter_mut().find(|(known, _)| known == name) {
            Some((_, paths)) => paths.push(path),
            None => named.push((name.clone(), vec![path])),
        }
    }
    named
}

/// The file whose own name is `dataset`, or else all whose dataset files say so.
fn of_dataset(paths: &[PathBuf], dataset: &str) -> Result<Vec<PathBuf>, Failure> {
    let paths = || paths.iter().filter(|path| !is_stdin(path));
    if let Some(path) = paths().find(|path| files::stem(path) == dataset) {
        return Ok(vec![path.clone()]);
    }
    let mut found = Vec::new();
    for path in paths() {
        if files::declared_name(path)?.is_some_and(|name| name == dataset) {
            found.push(path.clone());
        }
    }
    Ok(found)
}

/// Several names, none of which is the one to read.
fn unclear(input: &Input, wanted: Option<&str>, named: &[(String, Vec<PathBuf>)]) -> Failure {
    let by_name = named.iter().map(|(name, _)| name.clone());
    let names: Vec<String> = by_name.chain(input.data.iter().map(files::stem)).collect();
    let listed = names.join(", ");
    match wanted {
        None => Failure::said(format!(
            "the specification names no dataset and there are several: {listed}; \
             add `dataset:` to it, or give the files of one alone"
        )),
        Some(dataset) => Failure::said(format!(
            "dataset {dataset} is none of {listed}{}; name its file with --dataset {dataset}=PATH",
            closest(dataset, names.iter().map(String::as_str))
                .map(|name| format!(", did you mean {name}?"))
                .unwrap_or_default()
        )),
    }
}
