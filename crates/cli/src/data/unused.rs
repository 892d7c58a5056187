//! Flags about a metric that nobody reads.

use std::path::{Path, PathBuf};

use tuatara::frame::closest;
use tuatara::spec::dataset::DatasetSpec;
use tuatara::{Detection, files};

use super::{is_stdin, read_spec};
use crate::args::Input;
use crate::failure::Failure;

/// Refuses a `--metric` whose name is read neither by `detection`, the one of `input`, nor by one of
/// those `beside` it, and that no dataset file declares.
pub(super) fn refuse(
    input: &Input,
    detection: &Detection,
    beside: &[PathBuf],
) -> Result<(), Failure> {
    let flags = &input.columns.metric;
    let mut known = metrics(detection);
    if flags.iter().all(|(name, _)| known.contains(name)) {
        return Ok(());
    }
    let beside: Vec<&PathBuf> = beside.iter().filter(|path| **path != input.spec).collect();
    for path in &beside {
        // What comes from standard input is read once; its metrics are not known here.
        if is_stdin(path) {
            return Ok(());
        }
        for metric in metrics(&read_spec(path)?.0) {
            if !known.contains(&metric) {
                known.push(metric);
            }
        }
    }
    known.extend(declared(input)?);
    let Some((name, column)) = flags.iter().find(|(name, _)| !known.contains(name)) else {
        return Ok(());
    };
    let flag = match column {
        Some(column) => format!("--metric {name}={column}"),
        None => format!("--metric {name}"),
    };
    let nearest = closest(name, known.iter().map(String::as_str));
    let remedy = match (nearest, &known[..]) {
        (Some(nearest), _) => format!("did you mean `{nearest}`?"),
        // Both sides name something, and which is which is easily mixed up.
        (None, [only]) if column.as_ref() == Some(only) => {
            format!("the name comes before the column: --metric {only}={name}")
        }
        (None, _) => "name one of these, or leave the flag out".to_owned(),
    };
    let who = match beside[..] {
        [] => "the specification reads",
        _ => "the specifications read",
    };
    Err(Failure::said(format!(
        "{flag}: {who} no metric `{name}`, but {}; {remedy}",
        known.join(", ")
    )))
}

/// The metrics that dataset files declare: they are read, whoever looks at them.
fn declared(input: &Input) -> Result<Vec<String>, Failure> {
    if let Some(path) = &input.columns.dataset_file {
        let text = files::read_text(path, "a dataset file in YAML")?;
        let read = DatasetSpec::from_yaml(&text, &path.display().to_string());
        let (spec, _) = read.map_err(tuatara::Error::from)?;
        return Ok(spec.metrics().iter().map(|m| m.name().to_owned()).collect());
    }
    let named = input.dataset.iter().map(|(_, path)| Path::new(path));
    let mut all = Vec::new();
    for path in named.chain(input.data.iter().map(PathBuf::as_path)) {
        if !is_stdin(path) {
            all.extend(files::declared_metrics(path)?);
        }
    }
    Ok(all)
}

/// The metrics that are read of any dataset, each once.
pub(super) fn metrics(detection: &Detection) -> Vec<String> {
    let mut all = files::metrics(detection, None);
    for name in files::beside(detection) {
        for metric in files::metrics(detection, Some(&name)) {
            if !all.contains(&metric) {
                all.push(metric);
            }
        }
    }
    all
}
