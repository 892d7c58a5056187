//! Several files: one dataset of them, or one among them.

mod command;

use command::{HOURS, LIMIT, gzip, hours};

#[test]
fn the_dataset_of_the_specification_chooses_among_files() {
    let folder = hours();
    folder.write(
        "named.yaml",
        LIMIT.replace("rules:", "dataset: hours\nrules:"),
    );
    folder.write("calm.csv", HOURS.replace(",20\n", ",2\n"));
    folder.write("packed.csv.gz", gzip(HOURS));
    let status = |line: &str| folder.line(line).status;
    assert_eq!(status("detect named.yaml calm.csv hours.csv"), 1);
    assert_eq!(status("detect named.yaml --dataset hours=calm.csv"), 0);
    assert_eq!(
        status("detect named.yaml --dataset hours=packed.csv.gz --dataset other=calm.csv"),
        1
    );
    let one = folder.line("detect named.yaml calm.csv");
    assert_eq!(one.status, 0);
    assert!(
        one.err
            .contains("note: dataset hours is read from the one file, calm\n"),
        "{}",
        one.err
    );
    assert_eq!(
        folder.error("detect named.yaml --dataset hour=calm.csv --dataset other=packed.csv.gz"),
        "error: dataset hours is none of hour, other, did you mean hour?; name its file with \
         --dataset hours=PATH\n"
    );
    assert_eq!(
        folder.error("detect limit.yaml --dataset a=calm.csv --dataset b=hours.csv"),
        "error: the specification names no dataset and there are several: a, b; add `dataset:` to \
         it, or give the files of one alone\n"
    );
    assert!(
        folder
            .error("detect named.yaml --dataset hours")
            .contains("write NAME=VALUE")
    );
}

/// `hours.csv` in three files of two hours each.
fn parts() -> command::Folder {
    let folder = hours();
    let lines: Vec<&str> = HOURS.lines().collect();
    for (name, rows) in ["jan", "feb", "mar"].iter().zip(lines[1..].chunks(2)) {
        folder.write(
            &format!("{name}.csv"),
            format!("{}\n{}\n", lines[0], rows.join("\n")),
        );
    }
    folder
}

#[test]
fn several_files_are_one_dataset_unless_one_of_them_is_the_one_named() {
    let folder = parts();
    let plain = folder.line("detect limit.yaml hours.csv").results();
    let all = folder.line("detect limit.yaml feb.csv jan.csv mar.csv");
    for note in [
        "note: 3 files are read as one dataset: feb.csv, jan.csv, mar.csv\n",
        "note: 3 files: 6 rows, 5 of 5 stamps follow after PT1H, zone UTC, SUM\n",
    ] {
        assert!(all.err.contains(note), "{}", all.err);
    }
    assert_eq!(all.results(), plain);
    let year = LIMIT.replace("rules:", "dataset: year\nrules:");
    folder.write("year.yaml", year);
    let named = "--dataset year=jan.csv --dataset year=feb.csv --dataset year=mar.csv";
    let named = folder.line(&format!("detect year.yaml hours.csv {named}"));
    assert_eq!(named.results(), plain);
    let none = folder.line("detect year.yaml jan.csv feb.csv mar.csv");
    let note = "note: dataset year is none of their names, and is read from all\n";
    assert!(none.err.contains(note), "{}", none.err);
    assert_eq!(none.results(), plain);
    folder.write("feb.yaml", LIMIT.replace("rules:", "dataset: feb\nrules:"));
    let one = folder.line("detect feb.yaml jan.csv feb.csv mar.csv");
    assert!(one.err.contains("note: feb.csv: 2 rows"), "{}", one.err);
}

#[test]
fn files_that_cannot_be_one_dataset_are_refused() {
    let folder = parts();
    assert_eq!(
        folder.error("detect limit.yaml jan.csv feb.csv jan.csv"),
        "error: jan.csv is given twice, so that its rows would count twice; name it once\n"
    );
    assert_eq!(
        folder.error("detect limit.yaml jan.csv -"),
        "error: standard input cannot be one of several files; give it alone\n"
    );
    folder.write("feb.csv", "timestamp,other\n2026-01-01T02:00:00Z,1\n");
    let said = folder.error("detect limit.yaml jan.csv feb.csv mar.csv");
    assert!(said.starts_with("error: feb.csv "), "{said}");
}

#[test]
fn the_name_of_a_file_can_be_a_dimension() {
    let folder = parts();
    let by_month = LIMIT.replace(
        "rules:",
        "dimensionExploration: { dimensions: [month] }\nrules:",
    );
    folder.write("months.yaml", by_month);
    let line = "points months.yaml jan.csv feb.csv mar.csv --file-dimension month";
    let rows = folder.line(line).results();
    for month in ["jan", "feb", "mar"] {
        assert!(
            rows.contains(&format!("\nvalue{{month={month}}},")),
            "{rows}"
        );
    }
}
