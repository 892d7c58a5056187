//! From arguments to a detection, a frame and an interval.

mod choice;
mod declared;
mod interval;
mod unused;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tuatara::files::{self, DataFiles};
use tuatara::frame::{Datasets, Frame, Granularity, Profile, Source};
use tuatara::spec::dataset::DatasetSpec;
use tuatara::spec::subscription::SubscriptionSpec;
use tuatara::spec::{Checked, DetectionSpec, Diagnosis};
use tuatara::{Detection, standard_registry};

use crate::args::Input;
use crate::commands::backtest::is_specification;
use crate::failure::Failure;
use crate::progress::Reading;
use crate::say::say;

pub(crate) use interval::{instant, interval};

/// What a command runs: a detection, the data, and what the data look like.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) detection: Detection,
    /// Its specification as it was written.
    pub(crate) text: String,
    /// The first dataset of the detection.
    pub(crate) frame: Frame,
    /// The datasets that it looks at or compares with beside that.
    others: Vec<(String, Frame)>,
    /// What the first dataset looks like; its extent is that of all.
    pub(crate) profile: Profile,
}

impl Loaded {
    /// All datasets.
    pub(crate) fn source(&self) -> Result<Datasets<'_>, Failure> {
        let main = self.detection.dataset().unwrap_or(self.frame.name());
        let mut all = Datasets::new(main, &self.frame);
        for (name, frame) in &self.others {
            all = all.with(name, frame)?;
        }
        Ok(all)
    }

    /// All datasets, for whoever keeps them.
    #[cfg(feature = "studio")]
    pub(crate) fn into_source(self) -> Result<Datasets<'static>, Failure> {
        let main = self
            .detection
            .dataset()
            .unwrap_or(self.frame.name())
            .to_owned();
        let mut all = Datasets::new(main, self.frame);
        for (name, frame) in self.others {
            all = all.with(name, frame)?;
        }
        Ok(all)
    }

    /// The finest step of all datasets that are looked at.
    pub(crate) fn finest(&self) -> Granularity {
        let parts = 0..self.detection.parts().len();
        let steps = parts.map(|part| self.frame_of(part).granularity());
        let finest = steps.min_by_key(|step| (step.nominal(), step.is_civil()));
        finest.unwrap_or(self.profile.granularity)
    }

    /// The dataset of a part of the detection.
    pub(crate) fn frame_of(&self, part: usize) -> &Frame {
        let name = self.detection.parts()[part].dataset();
        let other = self
            .others
            .iter()
            .find(|(known, _)| Some(known.as_str()) == name);
        other.map_or(&self.frame, |(_, frame)| frame)
    }
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Refuses to write over the data that a command reads, and over `others`.
pub(crate) fn keeps(input: &Input, others: &[&Path], output: &Path) -> Result<(), Failure> {
    let Ok(written) = output.canonicalize() else {
        return Ok(()); // There is nothing yet.
    };
    let named = input.dataset.iter().map(|(_, path)| Path::new(path));
    let calendars = input.calendar.iter().map(PathBuf::as_path);
    let data = input.data.iter().map(PathBuf::as_path);
    let mut read = data
        .chain(named)
        .chain(calendars)
        .chain(others.iter().copied());
    match read.any(|path| path.canonicalize().is_ok_and(|path| path == written)) {
        false => Ok(()),
        true => Err(Failure::said(format!(
            "{} is read by this command, and would be lost; write to another file",
            output.display()
        ))),
    }
}

/// Reads a specification with its warnings and notes, and its text.
fn read_spec(path: &Path) -> Result<(Detection, Diagnosis, String), Failure> {
    let text = read_text(path)?;
    if SubscriptionSpec::recognises(&text) {
        return Err(Failure::said(format!(
            "{name} is a subscription: it says who is told of anomalies, and not what they are; \
             give the specification of a detection, or read this one with `tuatara check {name}`",
            name = path.display()
        )));
    }
    let checked = checked(&text, path)?;
    let detection = Detection::from_spec(checked.spec)?;
    Ok((detection, checked.diagnosis, text))
}

/// The text of a specification.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    const EXPECTED: &str = "a specification in YAML";
    Ok(if is_stdin(path) {
        files::text(STDIN, stdin()?, EXPECTED)?
    } else {
        files::read_text(path, EXPECTED)?
    })
}

const STDIN: &str = "standard input";

fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin().read_to_end(&mut bytes);
    read.map_err(|error| Failure::unread(Path::new(STDIN), &error))?;
    Ok(bytes)
}

/// The detection that `text`, read from `path`, is, with its warnings, notes and schedule.
pub(crate) fn checked(text: &str, path: &Path) -> Result<Checked, Failure> {
    let name = path.display().to_string();
    let checked = DetectionSpec::from_yaml(text, &name, &standard_registry());
    Ok(checked.map_err(tuatara::Error::from)?)
}

/// Reads the specification and the data it asks for, of which `more` is declared, and says on
/// standard error how. Flags may be meant for one of the other specifications of the command,
/// `beside` it.
pub(crate) fn load_with(
    input: &Input,
    more: &DatasetSpec,
    beside: &[PathBuf],
) -> Result<Loaded, Failure> {
    alone(input)?;
    let (mut detection, diagnosis, text) = read_spec(&input.spec)?;
    unused::refuse(input, &detection, beside)?;
    let mut said = vec![diagnosis];
    for path in &input.calendar {
        let (calendar, diagnosis) = files::read_calendar(path)?;
        detection = detection.with_calendar(calendar);
        said.push(diagnosis);
    }
    load_for(input, more, detection, text, &said)
}

/// Refuses data in the place of the specification where one stands among the data, by their names.
pub(crate) fn in_order(input: &Input) -> Result<(), Failure> {
    let ending = input.spec.extension().and_then(|ending| ending.to_str());
    let is_data = matches!(
        ending,
        Some("csv" | "tsv" | "txt" | "ndjson" | "jsonl" | "gz")
    );
    match input.data.iter().find(|path| is_specification(path)) {
        Some(specification) if is_data => Err(Failure::said(format!(
            "{} stands where the specification is expected, and {} among the data; the specification \
             comes first",
            input.spec.display(),
            specification.display()
        ))),
        _ => Ok(()),
    }
}

/// [`in_order`], and refuses a second specification.
pub(crate) fn alone(input: &Input) -> Result<(), Failure> {
    in_order(input)?;
    match input.data.iter().find(|path| is_specification(path)) {
        None => Ok(()),
        Some(other) => Err(Failure::said(format!(
            "{} stands among the data, and is YAML by its name; this command takes one specification, \
             {}, and what is declared of data is found beside them, or named by --dataset-file",
            other.display(),
            input.spec.display()
        ))),
    }
}

/// Reads the data that `detection` asks for; `said` was said of its specification.
pub(crate) fn load_for(
    input: &Input,
    more: &DatasetSpec,
    detection: Detection,
    text: String,
    said: &[Diagnosis],
) -> Result<Loaded, Failure> {
    let (paths, note) = choice::choose(input, &detection)?;
    if is_stdin(&input.spec) && paths.iter().any(|path| is_stdin(path)) {
        return Err(Failure::said(
            "standard input can be the specification or the data, not both",
        ));
    }
    let mut files = open(&paths)?
        .with(declared::by_flags(
            &input.columns,
            &looked_at(&detection, None),
            &elsewhere(&detection, None),
        ))
        .with(more.clone())
        .for_detection(&detection);
    if let Some(path) = &input.columns.dataset_file {
        files = files.dataset_file(path);
    }
    let data = {
        let reading = Reading::of(&paths, input.quiet);
        files.read_through(|file| reading.through(file))?
    };
    let frame = data.frame;
    let profile = frame.profile(detection.metric())?;
    if !input.quiet {
        // The first line says how stamps were read: everything else depends on it.
        for note in data.notes.iter().chain(&note) {
            say(format_args!("note: {note}"));
        }
        for diagnosis in std::iter::once(&data.diagnosis).chain(said) {
            if !diagnosis.is_empty() {
                say(diagnosis);
            }
        }
        for note in fit(&detection, &frame, &profile) {
            say(format_args!("note: {note}"));
        }
        say(sum_up(&called(&paths), &frame, &profile));
    }
    let mut loaded = Loaded {
        detection,
        text,
        frame,
        others: Vec::new(),
        profile,
    };
    for name in files::beside(&loaded.detection) {
        let frame = load_beside(input, &loaded.detection, &name)?;
        loaded.others.push((name, frame));
    }
    let extent = loaded.detection.extent(&loaded.source()?)?;
    loaded.profile.extent = extent;
    Ok(loaded)
}

/// Reads the dataset `name`, which the detection looks at beside its first.
fn load_beside(input: &Input, detection: &Detection, name: &str) -> Result<Frame, Failure> {
    let paths = choice::choose_other(input, name)?;
    let judged = looked_at(detection, Some(name));
    let files = open(&paths)?
        .for_dataset(detection, Some(name))
        .with(declared::by_flags(
            &input.columns,
            &judged,
            &elsewhere(detection, Some(name)),
        ));
    let data = {
        let reading = Reading::of(&paths, input.quiet);
        files.read_through(|file| reading.through(file))?
    };
    if !input.quiet {
        for note in &data.notes {
            say(format_args!("note: {name}: {note}"));
        }
        if !data.diagnosis.is_empty() {
            say(&data.diagnosis);
        }
        if let Some(metric) = judged.first() {
            say(sum_up(name, &data.frame, &data.frame.profile(metric)?));
        }
    }
    Ok(data.frame)
}

/// The metrics that are looked at in a dataset: the first one, or that called `name`.
fn looked_at<'d>(detection: &'d Detection, name: Option<&str>) -> Vec<&'d str> {
    let beside = files::beside(detection);
    let is_here = |dataset: Option<&str>| match name {
        Some(name) => dataset == Some(name),
        None => dataset.is_none_or(|dataset| !beside.iter().any(|other| other == dataset)),
    };
    let mut metrics: Vec<&str> = Vec::new();
    for part in detection
        .parts()
        .iter()
        .filter(|part| is_here(part.dataset()))
    {
        if !metrics.contains(&part.metric()) {
            metrics.push(part.metric());
        }
    }
    metrics
}

/// The metrics that are read of any dataset but the first, or that called `name`.
fn elsewhere(detection: &Detection, name: Option<&str>) -> Vec<String> {
    let here = files::metrics(detection, name);
    let mut all = unused::metrics(detection);
    all.retain(|metric| !here.contains(metric));
    all
}

/// What was read, in one line.
fn sum_up(name: &str, frame: &Frame, profile: &Profile) -> String {
    format!(
        "note: {name}: {} rows, {}, zone {}, {}",
        frame.len(),
        profile.evidence,
        profile.zone.name(),
        profile.metric.aggregation()
    )
}

fn open(paths: &[PathBuf]) -> Result<DataFiles, Failure> {
    let [path] = paths else {
        return Ok(files::open(paths));
    };
    if !is_stdin(path) {
        return Ok(files::open(paths));
    }
    Ok(files::from_bytes(STDIN, stdin()?))
}

/// What the data are called in the line that sums them up.
fn called(paths: &[PathBuf]) -> String {
    match paths {
        [only] => only.display().to_string(),
        several => format!("{} files", several.len()),
    }
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
