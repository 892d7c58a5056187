//! Labelled sets as frames, one for each column.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tuatara::Detection;
use tuatara::frame::files::TimeUnit;
use tuatara::frame::{Aggregation, Duration, Frame, Granularity, Instant, Metric};
use tuatara_metrics::Truth;
use tuatara_metrics::labelled::{LabelOptions, LabelledSeries, data_files, read_nab, read_series};

use crate::Outcome;

/// The series of one kind.
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) series: Vec<Series>,
}

/// One series with what is known of it.
pub(crate) struct Series {
    pub(crate) name: String,
    /// Whether the SHA-256 of its path is even.
    pub(crate) even: bool,
    pub(crate) truth: Truth,
    pub(crate) rows: Vec<Instant>,
    /// Whether its stamps are true instants.
    pub(crate) has_clock: bool,
    pub(crate) step: Duration,
    pub(crate) frames: Vec<Frame>,
}

/// `NAME=FOLDER[,SOURCE][,most=N][,columns=N]`
pub(crate) fn kind(arg: &str) -> Outcome<Kind> {
    let (name, rest) = arg.split_once('=').ok_or("write NAME=FOLDER")?;
    let mut words = rest.split(',');
    let folder = Path::new(words.next().unwrap_or_default());
    let (mut windows, mut step, mut most, mut columns) = (None, None, usize::MAX, usize::MAX);
    let mut options = LabelOptions::default();
    for word in words {
        match word.split_once('=') {
            Some(("rows", of)) => {
                step = Some(of.parse::<Duration>()?);
                options = options.time_unit(TimeUnit::Rows);
            }
            Some(("most", count)) => most = count.parse()?,
            Some(("columns", count)) => columns = count.parse()?,
            _ if word.ends_with(".json") => windows = Some(word),
            _ => options = options.time_unit(word.parse()?),
        }
    }
    let mut series = Vec::new();
    if let Some(windows) = windows {
        for found in read_nab(folder, windows)? {
            series.push(prepared(found.name(), &found, step, columns)?);
        }
    } else {
        let mut named: Vec<(String, PathBuf)> = Vec::new();
        for path in data_files(folder)? {
            let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
            named.push((name, path));
        }
        named.sort_by_cached_key(|(name, _)| digest(name));
        let mut left = [most; 2];
        named.retain(|(name, _)| {
            let half = &mut left[usize::from(is_even(name))];
            let is_kept = *half > 0;
            *half = half.saturating_sub(1);
            is_kept
        });
        named.sort();
        for (name, path) in named {
            match read_series(&path, &options) {
                Ok(found) => series.push(prepared(&name, &found, step, columns)?),
                // A run that is known to be clean has no labels, and is no file of the set.
                Err(error) => eprintln!("left out: {error}"),
            }
        }
    }
    Ok(Kind {
        name: name.to_owned(),
        series,
    })
}

fn digest(name: &str) -> Vec<u8> {
    Sha256::digest(name.as_bytes()).to_vec()
}

/// Whether a series is of the even half.
fn is_even(name: &str) -> bool {
    digest(name).last().is_some_and(|byte| byte % 2 == 0)
}

fn prepared(
    name: &str,
    series: &LabelledSeries,
    pretended: Option<Duration>,
    most: usize,
) -> Outcome<Series> {
    let count = series.truth().rows();
    let (rows, step) = match (series.instants(), pretended) {
        (Some(rows), _) => (rows.to_vec(), series.truth().step().ok_or("no step")?),
        (None, Some(step)) => {
            let at = |row: usize| Instant::from_millis(row as i64 * step.millis());
            ((0..count).map(at).collect::<Result<Vec<_>, _>>()?, step)
        }
        (None, None) => return Err(format!("{name}: say what its rows count").into()),
    };
    let mut columns: Vec<_> = series.columns().iter().collect();
    columns.sort_by_cached_key(|column| digest(&format!("{name}#{}", column.name)));
    columns.truncate(most);
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    let metric = || Metric::new("value").with_aggregation(Aggregation::Mean);
    let mut frames = Vec::new();
    for column in columns {
        let mut builder = Frame::builder(name, [metric()]).granularity(Granularity::fixed(step)?);
        for (at, value) in rows.iter().zip(&column.values) {
            builder.row(*at, &[], &[*value])?;
        }
        frames.push(builder.build()?);
    }
    Ok(Series {
        name: name.to_owned(),
        even: is_even(name),
        truth: series.truth().clone(),
        has_clock: series.instants().is_some(),
        rows,
        step,
        frames,
    })
}

/// `METHODS/method/setting.yaml`, in order of their names.
pub(crate) fn methods_in(folder: &Path) -> Outcome<Vec<(String, String, Detection)>> {
    let mut all = Vec::new();
    for method in sorted(folder)? {
        for setting in sorted(&method)? {
            let detection = detection(&setting)?;
            all.push((stem(&method), stem(&setting), detection));
        }
    }
    Ok(all)
}

/// The specification in a file.
pub(crate) fn detection(path: &Path) -> Outcome<Detection> {
    let text = fs::read_to_string(path)?;
    let detection = Detection::from_yaml(&text);
    Ok(detection.map_err(|error| format!("{}: {error}", path.display()))?)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

fn sorted(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = entries.collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    Ok(paths)
}
