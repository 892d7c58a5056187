//! What is known of the past, from the files that say it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use tuatara::frame::{Aggregation, Zone};
use tuatara::spec::dataset::{DatasetMetric, DatasetSpec};
use tuatara_backtest::Known;
use tuatara_metrics::MetricsError;
use tuatara_metrics::labelled::{
    LabelOptions, NabWindows, data_files, read_incidents, read_series,
};

use crate::args::{Input, Labels};
use crate::commands::backtest::is_specification;
use crate::failure::Failure;

/// One set of data that is judged on its own.
#[derive(Debug)]
pub(crate) struct Case {
    /// Its name where there are several.
    pub(crate) name: Option<String>,
    pub(crate) data: Vec<PathBuf>,
    /// Where it is written what is known of it.
    truth: Truth,
}

/// Where it is written what is known of incidents.
#[derive(Debug)]
enum Truth {
    Nothing,
    /// A list, or labelled rows.
    File(PathBuf),
    /// A column of the data as they are read.
    Column(String),
    /// A column of the one data file, each of whose rows is scored.
    Rows(String),
    /// The windows of the one data file, under this name.
    Windows(NabWindows, String),
}

impl Case {
    /// What is known of it. Stamps without an offset are local times of `zone`, in which the data were
    /// read.
    pub(crate) fn known(&self, input: &Input, zone: Zone) -> Result<Known, Failure> {
        let rows = |series| Known::Rows(Box::new(series));
        Ok(match &self.truth {
            Truth::Nothing => Known::Nothing,
            Truth::File(path) => of_file(path, input, zone)?,
            Truth::Column(column) => Known::Column(column.clone()),
            Truth::Rows(column) => {
                let options = options(input, zone, Some(column));
                rows(read_series(&self.data[0], &options)?)
            }
            Truth::Windows(windows, name) => {
                let path = &self.data[0];
                let data = File::open(path).map_err(|error| Failure::unread(path, &error))?;
                rows(windows.clone().zone(zone).series(name, data)?)
            }
        })
    }

    /// Whether anything is known of incidents.
    pub(crate) fn is_labelled(&self) -> bool {
        !matches!(self.truth, Truth::Nothing)
    }

    /// What has to be declared of the data to read their labels.
    pub(crate) fn declared(&self) -> DatasetSpec {
        match &self.truth {
            Truth::Column(column) => {
                // Rows that become one bucket: one in an incident suffices.
                let metric = DatasetMetric::new(column).with_column(column);
                DatasetSpec::new().with_metric(metric.with_aggregation(Aggregation::Max))
            }
            _ => DatasetSpec::new(),
        }
    }
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
        return of_folder(folder, labels);
    }
    let truth = match (&labels.labels, &labels.label_column) {
        (Some(path), _) => Truth::File(path.clone()),
        (None, Some(column)) => Truth::Column(column.clone()),
        (None, None) => Truth::Nothing,
    };
    Ok(vec![Case {
        name: None,
        data: given,
        truth,
    }])
}

fn is_json(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.ends_with(".json") || name.ends_with(".json.gz")
}

/// A file that lists incidents, or data with a label in each row.
fn of_file(path: &Path, input: &Input, zone: Zone) -> Result<Known, Failure> {
    let mut first = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(1 << 16).read_to_end(&mut first));
    opened.map_err(|error| Failure::unread(path, &error))?;
    // Only a plain file can be looked into; a packed one is taken for a list first.
    let header = String::from_utf8_lossy(&first);
    let header = header
        .trim_start_matches('\u{feff}')
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let names: Vec<&str> = header
        .split([',', ';', '\t', '|'])
        .map(|n| n.trim().trim_matches('"'))
        .collect();
    let is_list = names.contains(&"start") && names.contains(&"end");
    if is_list || first.starts_with(&[0x1f, 0x8b]) {
        match read_incidents(path, zone) {
            // A packed file whose header is none of a list.
            Err(MetricsError::NoColumn { .. }) if !is_list => {}
            listed => return Ok(Known::Incidents(listed?)),
        }
    }
    let series = read_series(path, &options(input, zone, None))?;
    Ok(Known::Rows(Box::new(series)))
}

/// How labelled rows are read: as the flags say that data are.
fn options(input: &Input, zone: Zone, label: Option<&String>) -> LabelOptions {
    let columns = &input.columns;
    let mut options = LabelOptions::default().zone(zone);
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
fn of_folder(folder: &Path, labels: &Labels) -> Result<Vec<Case>, Failure> {
    if let Some(path) = &labels.labels {
        return Err(Failure::said(format!(
            "{} is a folder, each of whose files is a series of its own, and {} is no list of NAB's \
             windows; give --label-column where the files have their labels, or name the files \
             themselves to read them as one dataset",
            folder.display(),
            path.display()
        )));
    }
    let paths = data_files(folder).map_err(|error| Failure::unread(folder, &error))?;
    if paths.is_empty() {
        let name = folder.display();
        return Err(Failure::said(format!(
            "{name} holds no file called .csv or .csv.gz; name the data files themselves"
        )));
    }
    let case = |path: PathBuf| {
        let truth = match &labels.label_column {
            Some(column) => Truth::Rows(column.clone()),
            None => Truth::Nothing,
        };
        let name = path
            .strip_prefix(folder)
            .unwrap_or(&path)
            .display()
            .to_string();
        Case {
            name: Some(name),
            data: vec![path],
            truth,
        }
    };
    Ok(paths.into_iter().map(case).collect())
}

/// The files that NAB's windows name, of a folder all, of files those that are given.
fn of_windows(windows: &Path, given: &[PathBuf]) -> Result<Vec<Case>, Failure> {
    let file = File::open(windows).map_err(|error| Failure::unread(windows, &error))?;
    let read = NabWindows::read(file, &windows.display().to_string())?;
    if let [folder] = given
        && folder.is_dir()
    {
        let all = read.names().map(|name| {
            let name = name.to_owned();
            let (plain, packed) = (folder.join(&name), folder.join(format!("{name}.gz")));
            Case {
                name: Some(name.clone()),
                data: vec![if !plain.exists() && packed.exists() {
                    packed
                } else {
                    plain
                }],
                truth: Truth::Windows(read.clone(), name),
            }
        });
        return Ok(all.collect());
    }
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
        Case {
            name: Some(name.clone()),
            data: vec![path.clone()],
            truth: Truth::Windows(read.clone(), name),
        }
    };
    if given.is_empty() {
        return Err(Failure::said(
            "no data; name the folder with the data of NAB, or files of it, after the specification",
        ));
    }
    Ok(given.iter().map(case).collect())
}
