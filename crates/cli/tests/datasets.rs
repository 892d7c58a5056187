//! Dataset files: those that are broken, each for a cause of its own, those that are only risky,
//! and what they do to the reading of data.
//!
//! What is said of every file of a gallery stands in the `.txt` beside it. With `REWRITE_EXPECTED`
//! set these are written anew; read every line of the change.

mod command;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use command::{Folder, HOURS, LIMIT, hours, shipped};
use tuatara::spec::dataset::{DatasetSpec, LEVELS};

const ENDING: &str = ".tuatara.yaml";

/// What `say` says of every dataset file in the gallery `name`, by file name, compared with the
/// `.txt` beside it.
fn said_of_all(name: &str, say: impl Fn(&str, &str) -> String) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    let rewrite = std::env::var_os("REWRITE_EXPECTED").is_some();
    let mut said = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let beside = |stem: &str, ending: &str| folder.join(format!("{stem}{ending}"));
        let Some(stem) = file.strip_suffix(ENDING) else {
            let stem = file.strip_suffix(".txt").unwrap_or(&file);
            assert!(beside(stem, ENDING).exists(), "{file} is of nothing");
            continue;
        };
        let text = say(&file, &fs::read_to_string(&path).unwrap());
        if rewrite {
            fs::write(beside(stem, ".txt"), &text).unwrap();
        }
        let expected = fs::read_to_string(beside(stem, ".txt")).unwrap_or_default();
        assert_eq!(text, expected, "{file}");
        said.insert(file, text);
    }
    said
}

#[test]
fn every_broken_dataset_file_is_refused_with_its_place_and_a_remedy() {
    let folder = hours();
    let said = said_of_all("broken_datasets", |file, text| {
        folder.write(file, text);
        folder.error(&format!(
            "detect limit.yaml hours.csv --dataset-file {file}"
        ))
    });
    assert!(said.len() >= 30, "{}", said.len());
    for (file, text) in &said {
        let blocks: Vec<&str> = text.split("error[").skip(1).collect();
        assert!(!blocks.is_empty(), "{file}: {text}");
        for block in blocks {
            assert!(block.contains(&format!("--> {file}")), "{file}: {block}");
            assert!(block.contains("= allowed: "), "{file}: {block}");
            let helped = block.contains("= help: ") || block.contains("did you mean");
            assert!(helped, "{file}: {block}");
            // The empty file has no place.
            let placed = block.contains('^') || file.starts_with("nothing.");
            assert!(placed, "{file}: {block}");
        }
    }
    let heading = |text: &String| text.lines().next().unwrap().to_owned();
    let mut headings: Vec<String> = said.values().map(heading).collect();
    headings.sort();
    headings.dedup();
    assert_eq!(headings.len(), said.len(), "each has a cause of its own");
}

#[test]
fn every_risky_dataset_file_is_accepted_with_a_warning() {
    let said = said_of_all("risky_datasets", |file, text| {
        let (_, diagnosis) = DatasetSpec::from_yaml(text, file).unwrap();
        format!("{diagnosis}\n")
    });
    for (file, text) in &said {
        assert!(text.starts_with("warning["), "{file}: {text}");
        assert!(text.contains(&format!("--> {file}:")), "{file}: {text}");
        assert!(text.contains("= help: "), "{file}: {text}");
    }
}

#[test]
fn every_key_of_a_dataset_file_is_documented() {
    let text = fs::read_to_string(shipped("docs/data.md")).unwrap();
    let (_, section) = text.split_once("\n## The dataset file").expect("a section");
    let section = section
        .split_once("\n## ")
        .map_or(section, |(section, _)| section);
    for level in LEVELS {
        for key in level.keys {
            let listed = section.contains(&format!("`{}`", key.name));
            assert!(listed, "`{}` of {level}", key.name);
        }
    }
}

/// `hours.csv` with columns of other names, and the dataset file that says which.
fn renamed() -> Folder {
    let folder = hours();
    folder.write("plain.csv", HOURS);
    folder.write(
        "hours.csv",
        HOURS
            .replace("timestamp,value", "When;Amount")
            .replace(',', ";"),
    );
    folder.write(
        "hours.tuatara.yaml",
        "delimiter: ';'\ntimeColumn: When\nmetrics: { name: value, column: Amount }\n",
    );
    folder
}

#[test]
fn a_dataset_file_beside_the_data_says_how_they_are_read() {
    let folder = renamed();
    let plain = folder.line("detect limit.yaml plain.csv").results();
    let ran = folder.line("detect limit.yaml hours.csv");
    let note = "note: hours.tuatara.yaml: delimiter ;, timeColumn When; value: column Amount\n";
    assert!(ran.err.contains(note), "{}", ran.err);
    assert_eq!(ran.results(), plain);
    // The name in full serves as well.
    let text = folder.read("hours.tuatara.yaml");
    fs::remove_file(folder.path().join("hours.tuatara.yaml")).unwrap();
    folder.write("hours.csv.tuatara.yaml", &text);
    assert_eq!(folder.line("detect limit.yaml hours.csv").results(), plain);
    // Standard input has nothing beside it.
    fs::rename(
        folder.path().join("hours.csv.tuatara.yaml"),
        folder.path().join("elsewhere.yaml"),
    )
    .unwrap();
    let named = folder.line_with_input(
        "detect limit.yaml - --dataset-file elsewhere.yaml",
        folder.read("hours.csv").as_bytes(),
    );
    assert_eq!(named.results(), plain);
}

#[test]
fn two_dataset_files_of_one_data_file_are_an_error_that_says_which_to_remove() {
    let folder = renamed();
    folder.write("hours.csv.tuatara.yaml", "timezone: UTC\n");
    assert_eq!(
        folder.error("detect limit.yaml hours.csv"),
        "error: hours.csv has two dataset files, hours.csv.tuatara.yaml and hours.tuatara.yaml; \
         remove hours.tuatara.yaml, or move all it says there and remove hours.csv.tuatara.yaml\n"
    );
    let explicit = folder.line("detect limit.yaml hours.csv --dataset-file hours.tuatara.yaml");
    let note = "note: hours.csv.tuatara.yaml is left aside, hours.tuatara.yaml takes its place\n";
    assert!(explicit.err.contains(note), "{}", explicit.err);
    assert_eq!(explicit.status, 1);
    assert!(
        folder
            .error("detect limit.yaml hours.csv --dataset-file nowhere.yaml")
            .starts_with("error: nowhere.yaml cannot be read: ")
    );
}

#[test]
fn flags_come_before_the_dataset_file_setting_by_setting() {
    let folder = hours();
    folder.write(
        "hours.csv.tuatara.yaml",
        "timezone: Europe/Berlin\ngranularity: PT2H\nmetrics: { name: value, aggregation: MAX, min: 0 }\n",
    );
    let ran = folder.line("points limit.yaml hours.csv --granularity 3h --aggregation mean");
    let note = "note: hours.csv.tuatara.yaml: timezone Europe/Berlin; value: min 0; overridden: \
                granularity, aggregation of value\n";
    assert!(ran.err.contains(note), "{}", ran.err);
    let end = "zone Europe/Berlin, MEAN\n";
    assert!(ran.err.contains(end), "{}", ran.err);
    let values = |text: String| -> Vec<String> {
        let rows = text.lines().skip(1);
        rows.map(|row| row.split(',').nth(3).unwrap().to_owned())
            .collect()
    };
    assert_eq!(values(ran.results()), ["5", "10"]);
    let below = folder.line("points limit.yaml hours.csv");
    assert!(
        below.err.contains("value: aggregation MAX, min 0\n"),
        "{}",
        below.err
    );
    assert_eq!(values(below.results()), ["5", "6", "20"]);
}

#[test]
fn warnings_about_the_dataset_file_are_said_once_and_quiet_leaves_them_out() {
    let folder = hours();
    folder.write(
        "hours.csv.tuatara.yaml",
        "metrics: { name: value, aggregation: SUM, missing: CARRY, missingLimit: 1 }\n",
    );
    let ran = folder.line("detect limit.yaml hours.csv");
    let warned = ran.err.matches("warning[risky-pair]: ").count();
    assert_eq!(warned, 1, "{}", ran.err);
    let quiet = folder.line("detect limit.yaml hours.csv --quiet");
    assert_eq!(quiet.err, "");
}

#[test]
fn a_dataset_file_may_name_the_dataset() {
    let folder = hours();
    folder.write("calm.csv", HOURS.replace(",20\n", ",2\n"));
    folder.write("calm.csv.tuatara.yaml", "dataset: orders\n");
    folder.write(
        "orders.yaml",
        LIMIT.replace("rules:", "dataset: orders\nrules:"),
    );
    let ran = folder.line("detect orders.yaml hours.csv calm.csv");
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("note: calm.csv: 6 rows"), "{}", ran.err);
}

#[test]
fn one_dataset_of_several_files_has_one_dataset_file() {
    let folder = hours();
    let (first, second) = HOURS.split_at(HOURS.find("2026-01-01T03").unwrap());
    folder.write("one.csv", first);
    folder.write("two.csv", format!("timestamp,value\n{second}"));
    folder.write("one.tuatara.yaml", "granularity: PT1H\n");
    let plain = folder.line("detect limit.yaml hours.csv").results();
    let both = "detect limit.yaml one.csv two.csv";
    assert_eq!(folder.line(both).results(), plain);
    // The same said twice is no contradiction.
    folder.write("two.tuatara.yaml", "granularity: 1h # an hour\n");
    assert_eq!(folder.line(both).results(), plain);
    folder.write("two.tuatara.yaml", "granularity: PT3H\n");
    assert_eq!(
        folder.error(both),
        "error: two.tuatara.yaml, beside two.csv, says something else than one.tuatara.yaml; one \
         dataset has one dataset file: make them equal, name the one that applies \
         (--dataset-file), or read the files on their own\n"
    );
    let explicit = folder.line(&format!("{both} --dataset-file one.tuatara.yaml"));
    assert_eq!(explicit.results(), plain);
    fs::remove_file(folder.path().join("one.tuatara.yaml")).unwrap();
    assert!(
        folder
            .error(both)
            .contains("has no counterpart beside one.csv")
    );
}

#[test]
fn a_metric_that_the_detection_does_not_judge_is_read_as_declared() {
    let folder = hours();
    folder.write(
        "hours.csv.tuatara.yaml",
        "metrics: [value, { name: orders, column: cont }]\n",
    );
    assert_eq!(
        folder.error("detect limit.yaml hours.csv"),
        "error: hours.csv has no column `cont` for the metric `orders`; it has: timestamp, value; \
         name its column with --metric orders=COLUMN\n"
    );
    let named = folder.line("detect limit.yaml hours.csv -q --metric orders=value");
    assert_eq!((named.status, named.err.as_str()), (1, ""));
}
