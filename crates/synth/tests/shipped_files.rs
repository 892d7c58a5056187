//! The files in `datasets/` are what the generators write, byte for byte, and the README there
//! tells of them.

use std::fs;
use std::path::PathBuf;

use tuatara_synth::{generate, names};

fn shipped(file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../datasets")
        .join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_shipped_files_are_made_again_bit_for_bit() {
    for name in names() {
        let dataset = generate(name, None).unwrap();
        for file in dataset.files() {
            // Not assert_eq: on a difference, a megabyte of text would bury the message.
            let shipped = shipped(&file.name);
            let first = shipped
                .lines()
                .zip(file.text.lines())
                .position(|(old, new)| old != new);
            assert!(
                shipped == file.text,
                "{} differs from the generator, first in line index {first:?}",
                file.name
            );
        }
    }
}

#[test]
fn the_readme_tells_of_every_incident_and_holiday() {
    let readme = shipped("README.md");
    for name in names() {
        let dataset = generate(name, None).unwrap();
        for incident in dataset.labels() {
            let what = match incident.size {
                Some(size) => format!("{:+} %", (size * 100.0).round()).replace('-', "−"),
                None => incident.kind.to_string(),
            };
            let start = dataset.stamp(incident.start);
            let line = readme
                .lines()
                .find(|line| line.contains(&start) && line.contains(&what));
            let line = line.unwrap_or_else(|| panic!("README.md lacks {start} {what}"));
            assert!(line.contains(&dataset.stamp(incident.end)), "{line}");
            assert!(line.contains(&incident.description), "{line}");
        }
        for (date, holiday) in dataset.holidays() {
            let what = format!("{:+} %", (holiday.effect * 100.0).round()).replace('-', "−");
            let line = readme
                .lines()
                .find(|line| line.contains(holiday.name) && line.contains(&what));
            let line = line.unwrap_or_else(|| panic!("README.md lacks {} {what}", holiday.name));
            assert!(line.contains(&date.to_string()), "{line}");
        }
    }
}
