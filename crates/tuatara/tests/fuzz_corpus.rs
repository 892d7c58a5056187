//! What the fuzzers start from, replayed: see `fuzz/README.md`.

#![cfg(all(feature = "yaml", feature = "files"))]

#[path = "../../../fuzz/entries/calendar.rs"]
mod calendar;
#[path = "../../../fuzz/entries/csv.rs"]
mod csv;
#[path = "../../../fuzz/entries/duration.rs"]
mod duration;
#[path = "../../../fuzz/entries/evaluate.rs"]
mod evaluate;
#[path = "../../../fuzz/entries/json.rs"]
mod json;
#[path = "../../../fuzz/entries/offset.rs"]
mod offset;
#[path = "../../../fuzz/entries/reading.rs"]
mod reading;
#[path = "../../../fuzz/entries/schedule.rs"]
mod schedule;
#[path = "../../../fuzz/entries/yaml.rs"]
mod yaml;

use std::fs;
use std::path::{Path, PathBuf};

/// Runs `entry` on every file of the corpus of `target`, in the order of their names.
fn replay(target: &str, entry: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let files = fs::read_dir(&corpus).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20, "{} in {}", files.len(), corpus.display());
    for file in files {
        // The name of the one that fails stands above the panic.
        println!("{}", file.display());
        entry(&fs::read(&file).unwrap());
    }
}

#[test]
fn configurations() {
    replay("yaml", yaml::run);
}

#[test]
fn events() {
    replay("calendar", calendar::run);
}

#[test]
fn tables() {
    replay("csv", csv::run);
}

#[test]
fn data_in_json() {
    replay("json", json::run);
}

#[test]
fn offsets() {
    replay("offset", offset::run);
}

#[test]
fn durations_and_the_other_words() {
    replay("duration", duration::run);
}

#[test]
fn schedules() {
    replay("schedule", schedule::run);
}

#[test]
fn rules_over_any_series() {
    replay("evaluate", evaluate::run);
}
