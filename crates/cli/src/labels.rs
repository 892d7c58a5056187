//! What is known of the past, from the files that say it.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use tuatara::frame::Aggregation;
use tuatara::spec::dataset::{DatasetMetric, DatasetSpec};
use tuatara_backtest::Known;
use tuatara_metrics::labelled::{LabelOptions, NabWindows, read_incidents, read_nab, read_series};

use crate::args::{Input, Labels};
use crate::commands::backtest::is_specification;
use crate::failure::Failure;

/// One set of data that is judged on its own.
#[derive(Debug)]
pub(crate) struct Case {
    /// Its name where there are several.
    pub(crate) name: Option<String>,
    pub(crate) data: Vec<PathBuf>,
    pub(crate) known: Known,
}

/// The sets of data that are asked about, each with what is known of it.
pub(crate) fn cases(input: &Input, labels: &Labels) -> Result<Vec<Case>, Failure> {
    let given: Vec<PathBuf> = input
        .data
        .iter()
        .filter(|path| !is_specification(path))
        .cloned()
        .collect();
    if let Some(path) = labels.labels.as_deref().filter(|path| is_json(path)) {
        return of_windows(path, &given);
    }
    if let [folder] = &given[..]
        && folder.is_dir()
    {
        return of_folder(folder, input, labels);
    }
    let known = match (&labels.labels, &labels.label_column) {
        (Some(path), _) => of_file(path, input)?,
        (None, Some(column)) => Known::Column(column.clone()),
        (None, None) => Known::Nothing,
    };
    Ok(vec![Case {
        name: None,
        data: given,
        known,
    }])
}

/// What has to be declared of the data to read their labels.
pub(crate) fn declared(known: &Known) -> DatasetSpec {
    match known {
        Known::Column(column) => {
            // Rows that become one bucket: one in an incident suffices.
            let metric = DatasetMetric::new(column).with_column(column);
            DatasetSpec::new().with_metric(metric.with_aggregation(Aggregation::Max))
        }
        _ => DatasetSpec::new(),
    }
}

fn is_json(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.ends_with(".json") || name.ends_with(".json.gz")
}

/// A file that lists incidents, or data with a label in each row.
fn of_file(path: &Path, input: &Input) -> Result<Known, Failure> {
    let zone = input.columns.tz.unwrap_or_default();
    let mut first = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(1 << 16).read_to_end(&mut first));
    opened.map_err(|error| Failure::file(path, &error))?;
    // Only a plain file can be looked into; a packed one is taken for a list first.
    let header = String::from_utf8_lossy(&first);
    let header = header
        .lines()
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let names: Vec<&str> = header
        .split([',', ';', '\t', '|'])
        .map(|n| n.trim().trim_matches('"'))
        .collect();
    let is_list = names.contains(&"start") && names.contains(&"end");
    if is_list || first.starts_with(&[0x1f, 0x8b]) {
        let listed = read_incidents(path, zone);
        if is_list || listed.is_ok() {
            return Ok(Known::Incidents(listed?));
        }
    }
    let series = read_series(path, &options(input, None))?;
    Ok(Known::Rows(Box::new(series)))
}

/// How labelled rows are read: as the flags say that data are.
fn options(input: &Input, label: Option<&String>) -> LabelOptions {
    let columns = &input.columns;
    let mut options = LabelOptions::default().zone(columns.tz.unwrap_or_default());
    if let Some(time) = &columns.time {
        options = options.time(time);
    }
    if let Some(unit) = columns.time_unit {
        options = options.time_unit(unit);
    }
    if let Some(label) = label {
        options = options.label(label);
    }
    columns.ignore.iter().fold(options, LabelOptions::ignore)
}

/// Each labelled file of a folder is a series of its own.
fn of_folder(folder: &Path, input: &Input, labels: &Labels) -> Result<Vec<Case>, Failure> {
    if let Some(path) = &labels.labels {
        return Err(Failure::said(format!(
            "{} is a folder, each of whose files is a series of its own, and {} is no list of NAB's \
             windows; give --label-column where the files have their labels, or name the files \
             themselves to read them as one dataset",
            folder.display(),
            path.display()
        )));
    }
    let mut paths = Vec::new();
    gather(folder, &mut paths).map_err(|error| Failure::file(folder, &error))?;
    if paths.is_empty() {
        let name = folder.display();
        return Err(Failure::said(format!(
            "{name} holds no file called .csv or .csv.gz; name the data files themselves"
        )));
    }
    paths.sort();
    let case = |path: PathBuf| {
        let known = match &labels.label_column {
            Some(column) => {
                let series = read_series(&path, &options(input, Some(column)))?;
                Known::Rows(Box::new(series))
            }
            None => Known::Nothing,
        };
        let name = path
            .strip_prefix(folder)
            .unwrap_or(&path)
            .display()
            .to_string();
        Ok(Case {
            name: Some(name),
            data: vec![path],
            known,
        })
    };
    paths.into_iter().map(case).collect()
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        let is_data = name.ends_with(".csv") || name.ends_with(".csv.gz");
        if path.is_dir() {
            gather(&path, paths)?;
        } else if is_data {
            paths.push(path);
        }
    }
    Ok(())
}

/// The files that NAB's windows name, of a folder all, of files those that are given.
fn of_windows(windows: &Path, given: &[PathBuf]) -> Result<Vec<Case>, Failure> {
    if let [folder] = given
        && folder.is_dir()
    {
        let all = read_nab(folder, windows)?.into_iter().map(|series| {
            let name = series.name().to_owned();
            let (plain, packed) = (folder.join(&name), folder.join(format!("{name}.gz")));
            Case {
                name: Some(name),
                data: vec![if !plain.exists() && packed.exists() {
                    packed
                } else {
                    plain
                }],
                known: Known::Rows(Box::new(series)),
            }
        });
        return Ok(all.collect());
    }
    let file = File::open(windows).map_err(|error| Failure::file(windows, &error))?;
    let read = NabWindows::read(file, &windows.display().to_string())?;
    let case = |path: &PathBuf| {
        let text = path.to_string_lossy().replace('\\', "/");
        let plain = text.strip_suffix(".gz").unwrap_or(&text);
        // The longest name that the path ends with; otherwise the path, which is refused with the
        // names there are.
        let ends = |name: &&str| {
            plain == *name
                || plain.ends_with(&format!("/{name}"))
                || name.ends_with(&format!("/{plain}"))
        };
        let named = read.names().filter(ends).max_by_key(|name| name.len());
        let name = named.unwrap_or(plain).to_owned();
        let data = File::open(path).map_err(|error| Failure::file(path, &error))?;
        let series = read.series(&name, data)?;
        Ok(Case {
            name: Some(name),
            data: vec![path.clone()],
            known: Known::Rows(Box::new(series)),
        })
    };
    if given.is_empty() {
        return Err(Failure::said(
            "no data; name the folder with the data of NAB, or files of it, after the specification",
        ));
    }
    given.iter().map(case).collect()
}
