//! Data files as a detection needs them: with their dataset file, and the columns it asks for.
//!
//! [`open`] names the files, [`DataFiles::for_detection`] what is asked of them, and
//! [`DataFiles::read`] reads. What a dataset file beside the data declares is found and heeded;
//! settings in code come before it. The `tuatara` command reads its files in this way.
//!
//! | beside `orders.csv.gz`         | is                                                     |
//! |--------------------------------|--------------------------------------------------------|
//! | `orders.csv.gz.tuatara.yaml`   | its dataset file                                       |
//! | `orders.tuatara.yaml`          | its dataset file, unless the other is there: an error  |
//!
//! What may stand in a dataset file, see [`DatasetSpec`].
//!
//! ```
//! use tuatara::{Detection, files};
//!
//! # let folder = std::env::temp_dir().join(format!("tuatara-files-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! std::fs::write(folder.join("orders.csv"), "ds,shop,n\n2026-03-01,1,7\n2026-03-02,1,90\n")?;
//! std::fs::write(
//!     folder.join("orders.csv.tuatara.yaml"),
//!     "timezone: Europe/Paris\nmetrics: { name: orders, column: n }\n",
//! )?;
//! let detection = Detection::from_yaml("
//! detectionName: too many
//! metric: orders
//! dimensionExploration: { dimensions: [shop] }
//! rules:
//!   - detection: { name: limit, type: THRESHOLD, params: { max: 50 } }
//! ")?;
//!
//! let data = files::open([folder.join("orders.csv")]).for_detection(&detection).read()?;
//! assert_eq!(
//!     data.notes,
//!     ["orders.csv.tuatara.yaml: timezone Europe/Paris; orders: column n"]
//! );
//! let report = detection.run(&data.frame, detection.extent(&data.frame)?)?;
//! assert_eq!(report.anomalies()[0].slice.to_string(), "orders{shop=1}");
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calendar;
mod options;
mod sidecar;
mod text;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use tuatara_frame::Frame;
use tuatara_frame::files;
use tuatara_spec::Diagnosis;
use tuatara_spec::dataset::DatasetSpec;

use crate::{Detection, Error, Result};
use sidecar::Sidecar;

pub use calendar::read_calendar;
pub use text::{read_text, text};

/// The name of the file at `path` without its folder and its endings: the name of the dataset in
/// it, unless another is declared.
pub fn stem(path: impl AsRef<Path>) -> String {
    sidecar::stem(path.as_ref())
}

/// The name that the dataset file beside the data at `path` declares; none where there is no such
/// file or name.
///
/// # Errors
/// [`Error::TwoDatasetFiles`], [`Error::Spec`] for what is wrong in the dataset file, and those of
/// [`read_text`].
pub fn declared_name(path: impl AsRef<Path>) -> Result<Option<String>> {
    let sidecar = Sidecar::beside(path.as_ref())?;
    Ok(sidecar.and_then(|sidecar| sidecar.spec.name().map(ToOwned::to_owned)))
}

/// The metrics that the dataset file beside the data at `path` declares, in its order; none where
/// there is no such file.
///
/// ```
/// use tuatara::files;
///
/// # let folder = std::env::temp_dir().join(format!("tuatara-declared-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let path = folder.join("shop.csv");
/// std::fs::write(folder.join("shop.tuatara.yaml"), "metrics: [{ name: revenue }, { name: orders }]\n")?;
/// assert_eq!(files::declared_metrics(&path)?, ["revenue", "orders"]);
/// assert!(files::declared_metrics(folder.join("other.csv"))?.is_empty());
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of [`declared_name`].
pub fn declared_metrics(path: impl AsRef<Path>) -> Result<Vec<String>> {
    let sidecar = Sidecar::beside(path.as_ref())?;
    let declared = sidecar.iter().flat_map(|sidecar| sidecar.spec.metrics());
    Ok(declared.map(|metric| metric.name().to_owned()).collect())
}

/// The datasets that `detection` looks at or compares with beside its first, each once.
pub fn beside(detection: &Detection) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in detection.parts() {
        let compared = part.beside().into_iter().filter_map(|other| other.dataset);
        let looked_at = part.dataset().map(ToOwned::to_owned);
        for name in looked_at.into_iter().chain(compared) {
            if Some(name.as_str()) != detection.dataset() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The metrics that `detection` reads of a dataset, each once: of its first, or of that called
/// `name`, one of those that it looks at [beside the first](beside). What it judges comes with what
/// filters compare with and what ranks slices.
///
/// ```
/// use tuatara::{Detection, files};
///
/// let detection = Detection::from_yaml("
/// detectionName: shops
/// metric: orders
/// dimensionExploration: { dimensions: [shop], dimensionFilterMetric: revenue, k: 10 }
/// rules:
///   - detection: { name: limit, type: THRESHOLD, params: { max: 50 } }
/// ")?;
/// assert_eq!(files::metrics(&detection, None), ["orders", "revenue"]);
/// assert!(files::metrics(&detection, Some("another dataset")).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn metrics(detection: &Detection, name: Option<&str>) -> Vec<String> {
    needed(detection, name).0
}

/// The metrics, each once, and the dimensions that `detection` reads of its first dataset, or of
/// that called `name`.
fn needed(detection: &Detection, name: Option<&str>) -> (Vec<String>, Vec<String>) {
    let wanted = name.or(detection.dataset());
    let is_this = |dataset: Option<&str>| dataset.is_none() && name.is_none() || dataset == wanted;
    let (mut metrics, mut dimensions) = (Vec::new(), Vec::new());
    let mut add = |metric: &str| {
        if !metrics.iter().any(|known| known == metric) {
            metrics.push(metric.to_owned());
        }
    };
    for part in detection.parts() {
        let is_part = is_this(part.dataset());
        if is_part {
            let look_at = part.exploration();
            add(&look_at.metric);
            if let Some(metric) = part.ranking().and_then(|ranking| ranking.metric()) {
                add(metric);
            }
            let filtered = look_at.filters.iter().map(|(name, _)| name);
            dimensions.extend(look_at.dimensions.iter().chain(filtered).cloned());
        }
        // What filters compare with.
        for other in part.beside() {
            let is_here = match &other.dataset {
                None => is_part,
                Some(dataset) => is_this(Some(dataset)),
            };
            if is_here {
                add(other.slice.metric());
                let more = other.slice.dimensions().iter();
                dimensions.extend(more.map(|(name, _)| name.clone()));
            }
        }
    }
    (metrics, dimensions)
}

/// Names the files of one dataset; nothing is read yet.
pub fn open<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> DataFiles {
    let paths = paths.into_iter().map(|path| path.as_ref().to_owned());
    DataFiles::of(Input::Paths(paths.collect()))
}

/// Data in memory, plain or gzip, as if they stood in a file called `name`.
pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> DataFiles {
    DataFiles::of(Input::Bytes {
        name: name.into(),
        bytes: bytes.into(),
    })
}

/// Where rows come from.
#[derive(Debug, Clone)]
enum Input {
    Paths(Vec<PathBuf>),
    Bytes { name: String, bytes: Vec<u8> },
}

/// The files of a dataset and how to read them.
#[derive(Debug, Clone)]
pub struct DataFiles {
    input: Input,
    dataset_file: Option<PathBuf>,
    over: DatasetSpec,
    /// What a detection needs, whoever declares it.
    metrics: Vec<String>,
    dimensions: Vec<String>,
}

/// What was read, and what is to be said about it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Data {
    /// The rows.
    pub frame: Frame,
    /// Warnings and notes about the dataset file; empty without one.
    pub diagnosis: Diagnosis,
    /// How the files were read, one sentence each: first how stamps were, then which settings a
    /// dataset file gave.
    pub notes: Vec<String>,
}

impl DataFiles {
    fn of(input: Input) -> Self {
        Self {
            input,
            dataset_file: None,
            over: DatasetSpec::new(),
            metrics: Vec::new(),
            dimensions: Vec::new(),
        }
    }

    /// Takes the dataset file at `path` in place of one beside the data.
    #[must_use]
    pub fn dataset_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.dataset_file = Some(path.into());
        self
    }

    /// Declares what comes before a dataset file, setting by setting: see [`DatasetSpec::over`].
    /// Of several declarations, a later one comes before.
    #[must_use]
    pub fn with(mut self, settings: DatasetSpec) -> Self {
        self.over = settings.over(&self.over);
        self
    }

    /// Reads what `detection` needs of its first dataset, its metrics and its dimensions, where
    /// neither a dataset file nor [`with`](Self::with) declares it: each in the column of the same
    /// name.
    #[must_use]
    pub fn for_detection(self, detection: &Detection) -> Self {
        self.for_dataset(detection, None)
    }

    /// [`for_detection`](Self::for_detection) of the dataset `name`, one of those that it looks at
    /// [beside the first](beside).
    #[must_use]
    pub fn for_dataset(mut self, detection: &Detection, name: Option<&str>) -> Self {
        (self.metrics, self.dimensions) = needed(detection, name);
        self
    }

    /// Reads the files.
    ///
    /// # Errors
    /// - [`Error::NoFiles`] and [`Error::FileTwice`] for what cannot be one dataset;
    /// - [`Error::TwoDatasetFiles`] and [`Error::OtherDatasetFile`] when it is not clear which dataset
    ///   file applies, and those of [`read_text`] when it cannot be read;
    /// - [`Error::Spec`] for what is wrong in a dataset file, with lines and carets;
    /// - [`Error::Frame`] for what is wrong in the data; the message names the file.
    pub fn read(&self) -> Result<Data> {
        self.read_through(|file| file)
    }

    /// [`read`](Self::read), with each file behind what `wrap` makes of it: a reader that counts
    /// the bytes for a progress bar, or one that ends with an error to stop.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn read_through<R: Read>(&self, wrap: impl Fn(File) -> R) -> Result<Data> {
        self.check_paths()?;
        let (sidecar, passed_over) = self.sidecar()?;
        let nothing = DatasetSpec::new();
        let below = sidecar.as_ref().map_or(&nothing, |sidecar| &sidecar.spec);
        let declared = self.over.clone().over(below);
        let options = options::of(&declared, &self.metrics, &self.dimensions)?;
        let frame = match &self.input {
            Input::Bytes { name, bytes } => files::read(&bytes[..], name, &options)?,
            Input::Paths(paths) => files::read_paths_through(paths, &options, wrap)?,
        };
        let mut notes = frame.notes().to_vec();
        notes.extend(sidecar.as_ref().map(|sidecar| sidecar.note(&self.over)));
        notes.extend(passed_over);
        notes.extend(self.several());
        Ok(Data {
            frame,
            diagnosis: sidecar.map(|sidecar| sidecar.diagnosis).unwrap_or_default(),
            notes,
        })
    }

    fn check_paths(&self) -> Result<()> {
        let Input::Paths(paths) = &self.input else {
            return Ok(());
        };
        if paths.is_empty() {
            return Err(Error::NoFiles);
        }
        // One file under two names would count twice, too.
        let places: Vec<PathBuf> = paths
            .iter()
            .map(|path| path.canonicalize().unwrap_or_else(|_| path.clone()))
            .collect();
        for (i, path) in paths.iter().enumerate() {
            if places[..i].contains(&places[i]) {
                return Err(Error::FileTwice {
                    path: path.display().to_string(),
                });
            }
        }
        Ok(())
    }

    /// The dataset file that applies, and a note on those that do not.
    fn sidecar(&self) -> Result<(Option<Sidecar>, Vec<String>)> {
        let paths: &[PathBuf] = match &self.input {
            Input::Paths(paths) => paths,
            Input::Bytes { .. } => &[],
        };
        let Some(explicit) = &self.dataset_file else {
            return Ok((sidecar::common(paths)?, Vec::new()));
        };
        let mut notes = Vec::new();
        for path in paths {
            let beside = sidecar::candidates(path).into_iter();
            for other in beside.filter(|other| other.exists() && other != explicit) {
                let (other, explicit) = (other.display(), explicit.display());
                let note = format!("{other} is left aside, {explicit} takes its place");
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
        Ok((Some(Sidecar::read(explicit)?), notes))
    }

    /// That several files became one dataset.
    fn several(&self) -> Option<String> {
        const SHOWN: usize = 8;
        let Input::Paths(paths) = &self.input else {
            return None;
        };
        if paths.len() < 2 {
            return None;
        }
        let names: Vec<String> = paths.iter().take(SHOWN).map(|p| file_name(p)).collect();
        let more = match paths.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "{} files are read as one dataset: {}{more}",
            paths.len(),
            names.join(", ")
        ))
    }
}

/// The last part of a path, for messages.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
