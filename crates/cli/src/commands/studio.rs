//! `tuatara studio`: turn the knobs of a specification in a browser.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tuatara::frame::Source;
use tuatara::spec::dataset::DatasetSpec;
use tuatara::{Detection, files};
use tuatara_studio::Studio;

use crate::Found;
use crate::args::{Format, Input, Studio as Args};
use crate::commands::load_with;
use crate::data::{Loaded, alone, instant, is_stdin, load_for, read_text};
use crate::failure::Failure;
use crate::labels::cases;
use crate::output::{Head, Printer};

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Found, Failure> {
    alone(&args.input)?;
    let cases = cases(&args.input, &args.known)?;
    let [case] = &cases[..] else {
        return Err(Failure::said(format!(
            "one set of data is looked at, and {} are given; name one file",
            cases.len()
        )));
    };
    if args.compare.as_deref().is_some_and(is_stdin) && is_stdin(&args.input.spec) {
        return Err(Failure::said(
            "standard input can be the specification or the one it is compared with, not both",
        ));
    }
    let mut input = args.input.clone();
    input.data.clone_from(&case.data);
    let compared: Vec<PathBuf> = args.compare.iter().cloned().collect();
    let loaded = load_with(&input, &case.declared(), &compared)?;
    let zone = loaded.profile.zone;
    let known = case.known(&input, zone)?;
    if let Some(threads) = input.threads {
        threads_of_all(threads)?;
    }
    let at = |flag: &str, text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| instant(flag, text, zone)).transpose()
    };
    let (since, until) = (at("--since", &input.since)?, at("--until", &input.until)?);
    let (text, granularity) = (loaded.text.clone(), loaded.finest());
    let source = Arc::new(loaded.into_source()?);
    let mut studio = Studio::new(source, name(&input.spec), text)
        .zone(zone)
        .known(known)
        .table(move |report| {
            let head = Head {
                report,
                zone,
                granularity,
            };
            let mut rows = Vec::new();
            let written = Printer::new(head, true).anomalies(Format::Csv, &mut rows);
            written.expect("invariant: memory can be written");
            rows
        });
    // Standard input can be read once.
    if !input.data.iter().any(|path| is_stdin(path)) {
        let (input, declared) = (input.clone(), case.declared());
        studio = studio.reading(move |detection| read(&input, &declared, detection));
    }
    for path in &input.calendar {
        studio = studio.calendar(files::read_calendar(path)?.0);
    }
    if let Some(since) = since {
        studio = studio.since(since);
    }
    if let Some(until) = until {
        studio = studio.until(until);
    }
    if let Some(other) = &args.compare {
        studio = studio.compare(name(other), read_text(other)?);
    }
    let serving = studio.open(args.port)?;
    writeln!(out, "{}", serving.address())?;
    out.flush()?;
    serving.wait()?;
    Ok(Found::Nothing)
}

/// Reads the data for another specification than the first.
fn read(
    input: &Input,
    declared: &DatasetSpec,
    detection: &Detection,
) -> Result<Arc<dyn Source + Send + Sync>, String> {
    let mut input = input.clone();
    // What is to be said of the data was said.
    input.quiet = true;
    let loaded = load_for(&input, declared, detection.clone(), String::new(), &[]);
    match loaded.and_then(Loaded::into_source) {
        Ok(source) => Ok(Arc::new(source)),
        Err(failure) => {
            let text = failure.text();
            Err(text.strip_prefix("error: ").unwrap_or(&text).to_owned())
        }
    }
}

/// What a specification is called on the page.
fn name(path: &Path) -> String {
    match is_stdin(path) {
        true => "spec.yaml".to_owned(),
        false => path.display().to_string(),
    }
}

/// The page works on threads of its own, which go by this.
fn threads_of_all(threads: usize) -> Result<(), Failure> {
    crate::data::on_threads(Some(threads), || ())?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let built = pool.build_global();
    built.map_err(|error| Failure::said(format!("--threads {threads}: {error}")))
}
