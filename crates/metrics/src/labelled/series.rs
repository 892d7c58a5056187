//! Tables with a label for every row.

use std::io::Read;
use std::path::Path;

use tuatara_frame::files::TimeUnit;
use tuatara_frame::{Duration, FrameError, Instant, Zone};

use super::cells::{Cells, open};
use super::folder::data_files;
use super::stamps::Stamps;
use crate::{DEFAULT_BUFFER, Labels, MetricsError, Probation, Result, Truth, period};

const TIMES: [&str; 6] = ["timestamp", "time", "ts", "ds", "date", "datetime"];
const LABELS: [&str; 3] = ["label", "anomaly", "is_anomaly"];
const SPLITS: [&str; 1] = ["split"];
const NOT_READ: [&str; 1] = ["changepoint"];

/// What comes before the number of rows of the training part in the name of a file.
const TRAIN: &str = "__train";

/// How a table with labels is to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelOptions {
    time: Option<String>,
    label: Option<String>,
    split: Option<String>,
    ignored: Vec<String>,
    unit: Option<TimeUnit>,
    zone: Zone,
    probation: Probation,
}

impl Default for LabelOptions {
    /// The usual names, stamps at UTC, and [`Probation::Share`] where no training part is given.
    fn default() -> Self {
        Self {
            time: None,
            label: None,
            split: None,
            ignored: Vec::new(),
            unit: None,
            zone: Zone::UTC,
            probation: Probation::Share,
        }
    }
}

impl LabelOptions {
    /// The column of the stamps.
    #[must_use]
    pub fn time(mut self, column: impl Into<String>) -> Self {
        self.time = Some(column.into());
        self
    }

    /// The column of the labels.
    #[must_use]
    pub fn label(mut self, column: impl Into<String>) -> Self {
        self.label = Some(column.into());
        self
    }

    /// The column that says `train` or `test`.
    #[must_use]
    pub fn split(mut self, column: impl Into<String>) -> Self {
        self.split = Some(column.into());
        self
    }

    /// A column that is not read.
    #[must_use]
    pub fn ignore(mut self, column: impl Into<String>) -> Self {
        self.ignored.push(column.into());
        self
    }

    /// What numbers in the column of the stamps count. [`TimeUnit::Rows`] says that they count
    /// rows: then the series has no clock.
    #[must_use]
    pub fn time_unit(mut self, unit: TimeUnit) -> Self {
        self.unit = Some(unit);
        self
    }

    /// The zone of stamps without an offset; UTC by default.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    /// The rows that are not scored where neither a split column nor the name says so.
    #[must_use]
    pub fn probation(mut self, probation: Probation) -> Self {
        self.probation = probation;
        self
    }
}

/// A column of values.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueColumn {
    /// Its name in the header.
    pub name: String,
    /// A value for every row, NaN where it is missing.
    pub values: Vec<f64>,
}

/// One series of a labelled set, its rows as they stand in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledSeries {
    name: String,
    instants: Option<Vec<Instant>>,
    columns: Vec<ValueColumn>,
    truth: Truth,
}

impl LabelledSeries {
    /// The truth gets the step, the median of the times between neighbouring rows, and the buffer,
    /// the period of the first column.
    pub(super) fn new(
        name: String,
        instants: Option<Vec<Instant>>,
        columns: Vec<ValueColumn>,
        truth: Truth,
    ) -> Self {
        let first = columns.first().and_then(|column| period(&column.values));
        let truth = truth.with_buffer(first.unwrap_or(DEFAULT_BUFFER));
        let truth = match instants.as_deref().and_then(median_step) {
            Some(step) => truth.with_step(step),
            None => truth,
        };
        Self {
            name,
            instants,
            columns,
            truth,
        }
    }

    /// The name of its file, as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The stamp of every row; `None` where they only count rows.
    pub fn instants(&self) -> Option<&[Instant]> {
        self.instants.as_deref()
    }

    /// The columns of values, at least one.
    pub fn columns(&self) -> &[ValueColumn] {
        &self.columns
    }

    /// Labels, windows and the rows that are not scored, with the median step of the stamps and
    /// the [period](crate::period()) of the first column as buffer.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }
}

/// Reads the table with labels at `path`.
///
/// # Errors
/// [`FrameError::Unreadable`] when it cannot be opened; otherwise those of [`read_series_from`].
pub fn read_series(path: impl AsRef<Path>, options: &LabelOptions) -> Result<LabelledSeries> {
    let (file, name) = open(path.as_ref())?;
    read_series_from(file, &name, options)
}

/// Reads every `.csv` and `.csv.gz` in `folder` and the folders within, in order of their paths.
///
/// # Errors
/// [`FrameError::Unreadable`] for a folder that cannot be listed, [`FrameError::NoRows`] without a
/// file; otherwise those of [`read_series`].
pub fn read_folder(
    folder: impl AsRef<Path>,
    options: &LabelOptions,
) -> Result<Vec<LabelledSeries>> {
    let folder = folder.as_ref();
    let paths = data_files(folder).map_err(|source| FrameError::Unreadable {
        file: folder.display().to_string(),
        source,
    })?;
    if paths.is_empty() {
        let dataset = folder.display().to_string();
        return Err(FrameError::NoRows { dataset }.into());
    }
    paths
        .iter()
        .map(|path| read_series(path, options))
        .collect()
}

/// Reads a table with labels, plain or gzip. `file` is its name in messages, and may say how long
/// the training part is: `…__train500.csv`. A split column goes before it.
///
/// # Errors
/// [`MetricsError::NoColumn`] and [`MetricsError::SeveralColumns`] where the header leaves a doubt,
/// [`MetricsError::BadLabel`], [`MetricsError::BadSplit`], [`MetricsError::RaggedRow`];
/// [`MetricsError::InFile`] for a training part longer than the file; and of [`FrameError`] those of
/// cells, stamps and files.
pub fn read_series_from(
    reader: impl Read,
    file: &str,
    options: &LabelOptions,
) -> Result<LabelledSeries> {
    let cells = Cells::read(reader, file)?;
    let column = |role, name: &Option<String>, usual: &[&str]| match name {
        Some(name) => cells.named(role, name).map(Some),
        None => cells.usual(role, usual),
    };
    let time = column("time", &options.time, &TIMES)?;
    let time = time.ok_or_else(|| cells.without("time", TIMES[0]))?;
    let label = column("label", &options.label, &LABELS)?;
    let label = label.ok_or_else(|| cells.without("label", LABELS[0]))?;
    let split = column("split", &options.split, &SPLITS)?;
    for name in &options.ignored {
        cells.named("column to ignore", name)?;
    }

    let probation = match (split, train_rows(file)) {
        (Some(split), _) => Probation::Rows(split_at(&cells, split)?),
        (None, Some(rows)) => Probation::Rows(rows),
        (None, None) => options.probation,
    };
    let in_file = |error| MetricsError::in_file(file, error);
    let unscored = probation.of(cells.len()).map_err(in_file)?;
    let flags = (0..cells.len()).map(|row| is_anomalous(&cells, row, label, row < unscored));
    let labels = Labels::new(flags.collect::<Result<_>>()?);
    let truth = Truth::from_labels(labels, Probation::Rows(unscored)).map_err(in_file)?;

    let is_read = |column: &usize| {
        let name = &cells.header()[*column];
        let is_usual = NOT_READ
            .iter()
            .any(|other| other.eq_ignore_ascii_case(name));
        ![Some(time), Some(label), split].contains(&Some(*column))
            && !is_usual
            && !options.ignored.contains(name)
    };
    let columns = (0..cells.header().len()).filter(is_read);
    let columns: Vec<_> = columns
        .map(|column| values(&cells, column))
        .collect::<Result<_>>()?;
    if columns.is_empty() {
        return Err(cells.without("values", "value"));
    }
    let instants = match options.unit {
        Some(TimeUnit::Rows) => None,
        unit => {
            let mut stamps = Stamps::new(options.zone, unit);
            let rows = 0..cells.len();
            Some(
                rows.map(|row| stamps.read(&cells, row, time))
                    .collect::<Result<_>>()?,
            )
        }
    };
    Ok(LabelledSeries::new(
        file.to_owned(),
        instants,
        columns,
        truth,
    ))
}

/// A column of values.
pub(super) fn values(cells: &Cells, column: usize) -> Result<ValueColumn> {
    let rows = 0..cells.len();
    Ok(ValueColumn {
        name: cells.header()[column].clone(),
        values: rows
            .map(|row| cells.number(row, column))
            .collect::<Result<_>>()?,
    })
}

fn is_anomalous(cells: &Cells, row: usize, column: usize, may_lack: bool) -> Result<bool> {
    let text = cells.cell(row, column);
    if text.is_empty() && may_lack {
        return Ok(false);
    }
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    };
    match whole {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(MetricsError::BadLabel {
            place: cells.place(row, column),
            value: text.to_owned(),
        }),
    }
}

/// The first row of the test part; all rows where there is none.
fn split_at(cells: &Cells, column: usize) -> Result<usize> {
    let mut test = None;
    for row in 0..cells.len() {
        let bad = |problem| MetricsError::BadSplit {
            place: cells.place(row, column),
            value: cells.cell(row, column).to_owned(),
            problem,
        };
        match (cells.cell(row, column), test) {
            ("test", _) => test = test.or(Some(row)),
            ("train", None) => {}
            ("train", Some(_)) => return Err(bad("comes after the test part began")),
            _ => return Err(bad("is no part")),
        }
    }
    Ok(test.unwrap_or(cells.len()))
}

/// The number behind `__train` in the name of a file.
fn train_rows(file: &str) -> Option<usize> {
    let (_, behind) = file.rsplit_once(TRAIN)?;
    let digits = behind
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(behind.len());
    behind[..digits].parse().ok()
}

/// The median time between neighbouring rows, the later of the two in the middle; none if it is
/// not above 0.
fn median_step(instants: &[Instant]) -> Option<Duration> {
    let mut steps: Vec<i64> = instants
        .windows(2)
        .map(|pair| pair[1].millis() - pair[0].millis())
        .collect();
    steps.sort_unstable();
    let millis = *steps.get(steps.len() / 2)?;
    let step = Duration::from_millis(millis).ok();
    step.filter(|_| millis > 0)
}
