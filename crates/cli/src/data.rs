//! From arguments to a detection, a frame and an interval.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};
use tuatara::frame::files::{self, ReadOptions};
use tuatara::frame::{Frame, Instant, Interval, Metric, Profile, Resolved, Source, Zone, closest};
use tuatara::spec::Diagnosis;
use tuatara::{Detection, standard_registry};

use crate::args::{Columns, Input};
use crate::failure::Failure;
use crate::say::say;

/// What a command runs: a detection, the data, and what the data look like.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) detection: Detection,
    pub(crate) frame: Frame,
    pub(crate) profile: Profile,
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a specification with its warnings and notes.
pub(crate) fn read_spec(path: &Path) -> Result<(Detection, Diagnosis), Failure> {
    let text = if is_stdin(path) {
        io::read_to_string(io::stdin())
    } else {
        fs::read_to_string(path)
    };
    let text = text.map_err(|error| Failure::file(path, &error))?;
    let name = path.display().to_string();
    Ok(Detection::from_yaml_with(
        &text,
        &name,
        &standard_registry(),
    )?)
}

/// Reads the specification and the data it asks for, and says on standard error how.
pub(crate) fn load(input: &Input) -> Result<Loaded, Failure> {
    let (detection, diagnosis) = read_spec(&input.spec)?;
    let (path, note) = choose(input, &detection)?;
    if is_stdin(&path) && is_stdin(&input.spec) {
        return Err(Failure::said(
            "standard input can be the specification or the data, not both",
        ));
    }
    let frame = read_frame(&path, &input.columns, &detection)?;
    let profile = frame.profile(detection.metric())?;
    if !input.quiet {
        // The first line says how stamps were read: everything else depends on it.
        for note in frame.notes().iter().chain(&note) {
            say(format_args!("note: {note}"));
        }
        if !diagnosis.is_empty() {
            say(&diagnosis);
        }
        for note in fit(&detection, &frame, &profile) {
            say(format_args!("note: {note}"));
        }
        say(format_args!(
            "note: {}: {} rows, {}, zone {}, {}",
            path.display(),
            frame.len(),
            profile.evidence,
            profile.zone.name(),
            profile.metric.aggregation()
        ));
    }
    Ok(Loaded {
        detection,
        frame,
        profile,
    })
}

/// What a person may not expect of this specification on these data.
fn fit(detection: &Detection, frame: &Frame, profile: &Profile) -> Vec<String> {
    let mut notes = Vec::new();
    if !detection.is_active() {
        notes.push("the specification says `active: false`; it runs all the same".to_owned());
    }
    let look_at = detection.exploration();
    for name in frame.dimension_names() {
        let named = look_at.dimensions.iter().any(|known| known == name)
            || look_at.filters.iter().any(|(known, _)| known == name);
        if !named {
            notes.push(format!(
                "the rows of all values of {name} become one series by {}; \
                 `dimensionExploration: {{ dimensions: [{name}] }}` looks at each on its own",
                profile.metric.aggregation()
            ));
        }
    }
    notes
}

/// The file that holds the dataset of the specification.
fn choose(input: &Input, detection: &Detection) -> Result<(PathBuf, Option<String>), Failure> {
    let named = input
        .dataset
        .iter()
        .map(|(name, path)| (name.clone(), PathBuf::from(path)));
    let by_stem = input.data.iter().map(|path| (stem(path), path.clone()));
    let known: Vec<(String, PathBuf)> = named.chain(by_stem).collect();
    let names = || known.iter().map(|(name, _)| name.as_str());
    match (detection.dataset(), &known[..]) {
        (_, []) => Err(Failure::said(
            "no data; name a CSV file after the specification, or - for standard input",
        )),
        (None, [(_, path)]) => Ok((path.clone(), None)),
        (None, _) => Err(Failure::said(format!(
            "the specification names no dataset and there are several files: {}; \
             add `dataset:` to it, or give one file",
            names().collect::<Vec<_>>().join(", ")
        ))),
        (Some(dataset), files) => {
            if let Some((_, path)) = files.iter().find(|(name, _)| name == dataset) {
                return Ok((path.clone(), None));
            }
            match files {
                [(name, path)] => {
                    let note = format!("dataset {dataset} is read from the one file, {name}");
                    Ok((path.clone(), Some(note)))
                }
                _ => Err(Failure::said(format!(
                    "dataset {dataset} is none of {}{}; name its file with --dataset {dataset}=PATH",
                    names().collect::<Vec<_>>().join(", "),
                    closest(dataset, names())
                        .map(|name| format!(", did you mean {name}?"))
                        .unwrap_or_default()
                ))),
            }
        }
    }
}

fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.strip_suffix(".csv").unwrap_or(name).to_owned()
}

fn read_frame(path: &Path, columns: &Columns, detection: &Detection) -> Result<Frame, Failure> {
    let options = options(columns, detection);
    if is_stdin(path) {
        let mut text = Vec::new();
        io::stdin()
            .read_to_end(&mut text)
            .map_err(|error| Failure::file(path, &error))?;
        return Ok(files::read(&text[..], "standard input", &options)?);
    }
    Ok(files::read_path(path, &options)?)
}

fn options(columns: &Columns, detection: &Detection) -> ReadOptions {
    let mut options = ReadOptions::new();
    if let Some(time) = &columns.time {
        options = options.time(time);
    }
    let named = columns
        .metric
        .iter()
        .map(|(name, column)| (name.as_str(), column.clone()));
    let wanted = detection.metric();
    let missing = !columns.metric.iter().any(|(name, _)| name == wanted);
    for (name, column) in missing.then_some((wanted, None)).into_iter().chain(named) {
        let metric = Metric::new(name).with_aggregation(columns.aggregation);
        options = match column {
            Some(column) => options.metric_from(metric, column),
            None => options.metric(metric),
        };
    }
    let look_at = detection.exploration();
    let by_filter = look_at.filters.iter().map(|(name, _)| name);
    let mut dimensions: Vec<(&str, Option<&str>)> = columns
        .dimension
        .iter()
        .map(|(name, column)| (name.as_str(), column.as_deref()))
        .collect();
    for name in look_at.dimensions.iter().chain(by_filter) {
        if !dimensions.iter().any(|(known, _)| known == name) {
            dimensions.push((name, None));
        }
    }
    for (name, column) in dimensions {
        options = match column {
            Some(column) => options.dimension_from(name, column),
            None => options.dimension(name),
        };
    }
    if let Some(zone) = columns.tz {
        options = options.zone(zone);
    }
    if let Some(granularity) = columns.granularity {
        options = options.granularity(granularity);
    }
    if let Some(unit) = columns.time_unit {
        options = options.time_unit(unit);
    }
    options
}

/// The interval that `--since` and `--until` ask for; by default all there is, from `from` on.
pub(crate) fn interval(
    input: &Input,
    profile: &Profile,
    from: Option<Instant>,
) -> Result<Interval, Failure> {
    let read = |flag: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => instant(flag, text, profile.zone).map(Some),
    };
    let since = read("--since", &input.since)?;
    let until = read("--until", &input.until)?;
    let start = since.or(from).unwrap_or(profile.extent.start());
    let end = until.unwrap_or(profile.extent.end());
    if start > end && until.is_none() && since.is_none() {
        // The data end before the state does: there is nothing new.
        return Ok(Interval::new(start, start)?);
    }
    if start > end && since.is_none() && from.is_some() {
        return Err(Failure::said(format!(
            "the state ends at {start}, so a run cannot end at {end}; \
             choose --until after it, or start anew without the state"
        )));
    }
    if start > end && until.is_none() {
        return Err(Failure::said(format!(
            "the data end at {end}, so a run cannot start at {start}; choose --since before that"
        )));
    }
    if start > end {
        return Err(Failure::said(format!(
            "the run would start at {start} and end at {end}; \
             the data reach from {} to {}, so choose --since and --until in that order",
            profile.extent.start(),
            profile.extent.end()
        )));
    }
    Ok(Interval::new(start, end)?)
}

/// An instant with its offset, or a local time or date of `zone`.
pub(crate) fn instant(flag: &str, text: &str, zone: Zone) -> Result<Instant, Failure> {
    if let Ok(instant) = text.parse() {
        return Ok(instant);
    }
    let place = zone.name();
    if let Ok(date) = text.parse::<NaiveDate>() {
        return zone.start_of_day(date).ok_or_else(|| {
            Failure::said(format!("{flag} {text} lies outside the years 1 to 9999"))
        });
    }
    let forms = [
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
    ];
    let local = forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    match local.map(|local| zone.resolve(local)) {
        Some(Resolved::Unique(instant)) => Ok(instant),
        Some(Resolved::Doubled { earlier, later }) => Err(Failure::said(format!(
            "{flag} {text} comes twice in {place}, as clocks go back; write {earlier} or {later}"
        ))),
        Some(Resolved::Skipped { next }) => Err(Failure::said(format!(
            "{flag} {text} does not exist in {place}, as clocks go forward; the next is {next}"
        ))),
        _ => Err(Failure::said(format!(
            "{flag} {text} is no instant; allowed: 2026-03-01T10:00:00Z, \
             or in {place}: 2026-03-01T10:00 or 2026-03-01"
        ))),
    }
}

/// More threads than any machine has cores for.
const MOST_THREADS: usize = 1024;

/// Runs `work` on as many threads as asked for.
pub(crate) fn on_threads<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Failure> {
    let Some(threads) = threads else {
        return Ok(work());
    };
    if !(1..=MOST_THREADS).contains(&threads) {
        return Err(Failure::said(format!(
            "--threads is {threads}; allowed: 1 to {MOST_THREADS}, leave it out for one per core"
        )));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Failure::said(format!("--threads {threads}: {error}")))?;
    Ok(pool.install(work))
}
