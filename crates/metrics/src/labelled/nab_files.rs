//! The files of the Numenta Anomaly Benchmark: data, and windows in JSON.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use tuatara_frame::{Instant, Zone, closest};

use super::cells::{Cells, bytes, open};
use super::series::{LabelledSeries, values};
use super::stamps::{Stamps, utc};
use crate::{MetricsError, Probation, Result, Truth, Windows};

/// The windows of every file, `{"folder/name.csv": [["first stamp", "last stamp"], …], …}`.
///
/// ```
/// use tuatara_metrics::labelled::NabWindows;
///
/// let windows = r#"{"a.csv": [["2026-01-01 00:05:00.000000", "2026-01-01 00:10:00.000000"]]}"#;
/// let windows = NabWindows::read(windows.as_bytes(), "windows.json")?;
/// let data = "timestamp,value\n2026-01-01 00:00:00,1\n2026-01-01 00:05:00,9\n\
///             2026-01-01 00:10:00,8\n2026-01-01 00:15:00,1\n";
/// let series = windows.series("a.csv", data.as_bytes())?;
/// assert_eq!(series.truth().labels().flags(), [false, true, true, false]);
/// # Ok::<(), tuatara_metrics::MetricsError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NabWindows {
    file: String,
    windows: BTreeMap<String, Vec<(String, String)>>,
    zone: Zone,
}

impl NabWindows {
    /// Reads the windows, plain or gzip. `file` is the name in messages.
    ///
    /// # Errors
    /// [`FrameError::Unreadable`](tuatara_frame::FrameError::Unreadable), and
    /// [`MetricsError::BadWindows`] for other JSON than that.
    pub fn read(reader: impl Read, file: &str) -> Result<Self> {
        let bytes = bytes(reader, file)?;
        let windows = serde_json::from_slice(&bytes).map_err(|error| MetricsError::BadWindows {
            file: file.to_owned(),
            row: error.line(),
            byte: error.column(),
            problem: words(&error),
        })?;
        let file = file.to_owned();
        Ok(Self {
            file,
            windows,
            zone: Zone::UTC,
        })
    }

    /// The zone of the stamps, of the windows as of the data; UTC by default.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    /// The names of the data files that are labelled, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.windows.keys().map(String::as_str)
    }

    /// Reads the data file called `name` here: a column `timestamp` in the [zone](Self::zone), and values. A window
    /// begins and ends with the first row that has its stamp. The first rows are not scored, as
    /// [`Probation::Nab`] says.
    ///
    /// # Errors
    /// [`MetricsError::NoWindows`] for a name without an entry, [`MetricsError::NoSuchRow`] for a
    /// window whose stamp no row has, [`MetricsError::InFile`] for windows that overlap or are
    /// reversed; and those of the cells of a [series](super::read_series_from).
    pub fn series(&self, name: &str, data: impl Read) -> Result<LabelledSeries> {
        let Some(windows) = self.windows.get(name) else {
            return Err(MetricsError::NoWindows {
                file: self.file.clone(),
                series: name.to_owned(),
                suggestion: closest(name, self.names()).map(str::to_owned),
            });
        };
        let cells = Cells::read(data, name)?;
        let time = cells.named("time", "timestamp")?;
        let read = |zone: Zone| {
            let mut stamps = Stamps::new(zone, None);
            let rows = 0..cells.len();
            let instants = rows.map(|row| stamps.read(&cells, row, time));
            instants.collect::<Result<Vec<Instant>>>()
        };
        // A window names a row by what is written there, whatever the zone.
        let written = read(Zone::UTC)?;
        let instants = read(self.zone)?;
        let others = (0..cells.header().len()).filter(|column| *column != time);
        let columns: Vec<_> = others
            .map(|column| values(&cells, column))
            .collect::<Result<_>>()?;
        if columns.is_empty() {
            return Err(cells.without("values", "value"));
        }
        let ranges = windows.iter().map(|(first, last)| {
            let first = self.row_of(&cells, &written, first)?;
            Ok(first..self.row_of(&cells, &written, last)? + 1)
        });
        let ranges: Vec<_> = ranges.collect::<Result<_>>()?;
        let truth = Windows::new(cells.len(), ranges)
            .and_then(|windows| Truth::from_windows(windows, Probation::Nab))
            .map_err(|error| MetricsError::in_file(name, error))?;
        Ok(LabelledSeries::new(
            name.to_owned(),
            Some(instants),
            columns,
            truth,
        ))
    }

    /// The first row with the stamp of a window.
    fn row_of(&self, cells: &Cells, instants: &[Instant], stamp: &str) -> Result<usize> {
        let at = utc(stamp);
        let row = at.and_then(|at| instants.iter().position(|instant| *instant == at));
        row.ok_or_else(|| MetricsError::NoSuchRow {
            file: self.file.clone(),
            series: cells.file().to_owned(),
            stamp: stamp.to_owned(),
        })
    }
}

/// Reads every labelled file of the benchmark: the windows at `windows`, and the files that they
/// name under `data`, each as it is or with `.gz` behind its name, in order of their names.
///
/// # Errors
/// Those of [`NabWindows::read`] and [`NabWindows::series`].
pub fn read_nab(data: impl AsRef<Path>, windows: impl AsRef<Path>) -> Result<Vec<LabelledSeries>> {
    let (file, name) = open(windows.as_ref())?;
    let windows = NabWindows::read(file, &name)?;
    let all = windows.names().map(|name| {
        let plain = data.as_ref().join(name);
        let packed = data.as_ref().join(format!("{name}.gz"));
        let path = if !plain.exists() && packed.exists() {
            packed
        } else {
            plain
        };
        windows.series(name, open(&path)?.0)
    });
    all.collect()
}

/// What is wrong with JSON, without the place, which is said apart.
fn words(error: &serde_json::Error) -> String {
    let said = error.to_string();
    match said.rsplit_once(" at line ") {
        Some((problem, _)) => problem.to_owned(),
        None => said,
    }
}
