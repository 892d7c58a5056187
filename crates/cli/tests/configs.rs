//! Configurations that are broken, and some that are only risky, each for a cause of its own, with
//! what `tuatara check` says of it in the file beside it.
//!
//! With `REWRITE_EXPECTED` set the files beside are written anew; read every line of the change.

mod command;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use command::tuatara;

/// What is said of every `.yaml` in the gallery `name`, by file name, compared with the `.txt`
/// beside it. The text is standard error, without its last line where that only counts.
fn said_of_all(name: &str) -> BTreeMap<String, (i32, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let rewrite = std::env::var_os("REWRITE_EXPECTED").is_some();
    let mut said = BTreeMap::new();
    for file in files {
        if file.extension().is_none_or(|extension| extension != "yaml") {
            assert!(
                file.with_extension("yaml").exists(),
                "{} is of nothing",
                file.display()
            );
            continue;
        }
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let ran = tuatara(&folder, ["check", &name], b"");
        let text = ran
            .err
            .replace("error: 1 of 1 specifications cannot be used\n", "");
        let beside = file.with_extension("txt");
        if rewrite {
            fs::write(&beside, &text).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        assert_eq!(text, expected, "{name}");
        let answer = format!("{name}: ok: ");
        assert_eq!(ran.out.is_empty(), ran.status == 2, "{name}");
        assert!(ran.out.is_empty() || ran.out.starts_with(&answer), "{name}");
        said.insert(name, (ran.status, text));
    }
    said
}

/// The first line without what was quoted: the cause.
fn headings(said: &BTreeMap<String, (i32, String)>) -> Vec<String> {
    let heading = |(_, (_, text)): (_, &(i32, String))| text.lines().next().unwrap().to_owned();
    let mut headings: Vec<String> = said.iter().map(heading).collect();
    headings.sort();
    headings
}

#[test]
fn every_broken_configuration_is_refused_with_its_place_and_a_remedy() {
    let said = said_of_all("broken_configs");
    assert!(said.len() >= 100, "{}", said.len());
    for (name, (status, text)) in &said {
        assert_eq!(*status, 2, "{name}");
        let blocks: Vec<&str> = text.split("error[").skip(1).collect();
        assert!(!blocks.is_empty(), "{name}: {text}");
        for block in blocks {
            assert!(block.contains(&format!("--> {name}")), "{name}: {block}");
            assert!(block.contains("= allowed: "), "{name}: {block}");
            let helped = block.contains("= help: ") || block.contains("did you mean");
            assert!(helped, "{name}: {block}");
            // The empty file has no place.
            assert!(
                block.contains('^') || name == "nothing.yaml",
                "{name}: {block}"
            );
        }
    }
    let mut headings = headings(&said);
    let all = headings.len();
    headings.dedup();
    assert_eq!(headings.len(), all, "each has a cause of its own");
}

#[test]
fn every_risky_configuration_is_accepted_with_a_warning_or_a_note() {
    let said = said_of_all("risky_configs");
    for (name, (status, text)) in &said {
        assert_eq!(*status, 0, "{name}");
        assert!(!text.contains("error["), "{name}: {text}");
        let warned = text.contains("warning[") || text.contains("note[");
        assert!(
            warned && text.contains(&format!("--> {name}:")),
            "{name}: {text}"
        );
    }
}
