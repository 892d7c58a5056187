//! Data files that are broken, each for a cause of its own, with what `tuatara detect` says of it in
//! the `.txt` beside it. A file of arguments goes with some.
//!
//! With `REWRITE_EXPECTED` set the files beside are written anew; read every line of the change.

mod command;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use command::tuatara;

fn gallery() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken_data")
}

/// The name of a file up to its first point.
fn case_of(file: &Path) -> String {
    let name = file.file_name().unwrap().to_str().unwrap();
    name.split('.').next().unwrap().to_owned()
}

/// Every data file, with the arguments that go with it.
fn cases() -> BTreeMap<String, (String, Vec<String>)> {
    let mut cases = BTreeMap::new();
    for entry in fs::read_dir(gallery()).unwrap() {
        let file = entry.unwrap().path();
        let case = case_of(&file);
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let is_data = !name.ends_with(".txt") && !name.ends_with(".args") && name != "spec.yaml";
        if is_data {
            let arguments = fs::read_to_string(gallery().join(format!("{case}.args")));
            let arguments = arguments.unwrap_or_default();
            let arguments = arguments.split_whitespace().map(str::to_owned).collect();
            let other = cases.insert(case, (name, arguments));
            assert_eq!(other, None, "one file a case");
        }
    }
    cases
}

#[test]
fn every_broken_file_gets_one_error_that_names_it_and_says_what_to_do() {
    let rewrite = std::env::var_os("REWRITE_EXPECTED").is_some();
    let cases = cases();
    assert!(cases.len() >= 25, "{}", cases.len());
    let mut causes: BTreeMap<String, String> = BTreeMap::new();
    for (case, (file, arguments)) in &cases {
        let mut all = vec!["detect", "spec.yaml", file];
        all.extend(arguments.iter().map(String::as_str));
        let ran = tuatara(&gallery(), all, b"");
        let beside = gallery().join(format!("{case}.txt"));
        if rewrite {
            fs::write(&beside, &ran.err).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        assert_eq!(ran.err, expected, "{file} {arguments:?}");
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{file}");
        let mut lines = ran.err.lines();
        let error = lines.next().unwrap();
        assert_eq!(lines.next(), None, "{file}: one error, on one line");
        assert!(error.starts_with("error: "), "{file}: {error}");
        assert!(error.contains(file.as_str()), "{file}: {error}");
        // What to do stands at the end.
        assert!(error.contains("; "), "{file}: {error}");
        let cause = error.replace(file.as_str(), "");
        if let Some(other) = causes.insert(cause, case.clone()) {
            panic!("{case} and {other} have one cause");
        }
    }
}

#[test]
fn nothing_lies_beside_no_data() {
    let cases = cases();
    for entry in fs::read_dir(gallery()).unwrap() {
        let file = entry.unwrap().path();
        let case = case_of(&file);
        assert!(
            case == "spec" || cases.contains_key(&case),
            "{}",
            file.display()
        );
    }
}
