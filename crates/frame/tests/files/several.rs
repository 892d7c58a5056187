//! Several files as one dataset.

use std::fs;
use std::path::PathBuf;

use tuatara_frame::files::{self, Layout, ReadOptions};
use tuatara_frame::{Frame, FrameError};

use crate::{dimensions, options, rows};

/// A folder of files for one test.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, content: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("tuatara-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in content {
            fs::write(folder.join(file), text).unwrap();
        }
        Self(folder)
    }

    fn read(&self, names: &[&str], options: &ReadOptions) -> Result<Frame, FrameError> {
        let paths: Vec<PathBuf> = names.iter().map(|name| self.0.join(name)).collect();
        files::read_paths(&paths, options)
    }

    /// What is said, without the folder.
    fn refused(&self, names: &[&str], options: &ReadOptions) -> String {
        let said = self.read(names, options).unwrap_err().to_string();
        said.replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn files_follow_each_other_and_may_be_a_dimension() {
    let folder = Folder::with(
        "follow",
        &[
            ("north.csv", "ts,y\n2024-05-01,1\n2024-05-02,2\n"),
            ("south.csv", "y;ts\n3;2024-05-01\n"),
        ],
    );
    let names = ["north.csv", "south.csv"];
    let frame = folder
        .read(&names, &options().file_dimension("store"))
        .unwrap();
    assert_eq!((frame.name(), dimensions(&frame)), ("north", vec!["store"]));
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T00:00:00Z north = 1",
            "2024-05-02T00:00:00Z north = 2",
            "2024-05-01T00:00:00Z south = 3",
        ]
    );
    let plain = folder.read(&names, &options().name("stores")).unwrap();
    assert_eq!(
        (plain.name(), plain.len(), dimensions(&plain).len()),
        ("stores", 3, 0)
    );
}

#[test]
fn json_and_wide_files_follow_each_other_too() {
    let folder = Folder::with(
        "forms",
        &[
            (
                "a.ndjson",
                "{\"ts\":\"2024-05-01\",\"value\":1,\"labels\":{\"x\":\"1\"}}\n",
            ),
            (
                "b.ndjson",
                "{\"ts\":\"2024-05-02\",\"value\":2,\"labels\":{\"y\":\"2\"}}\n",
            ),
            ("a.csv", "ts,m0\n2024-05-01,1\n"),
            ("b.csv", "ts,m0\n2024-05-02,2\n"),
        ],
    );
    let file = options().file_dimension("file");
    let frame = folder.read(&["a.ndjson", "b.ndjson"], &file).unwrap();
    assert_eq!(dimensions(&frame), ["x", "y", "file"]);
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T00:00:00Z 1//a = 1",
            "2024-05-02T00:00:00Z /2/b = 2"
        ]
    );
    let wide = file.layout(Layout::Wide);
    let frame = folder.read(&["a.csv", "b.csv"], &wide).unwrap();
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T00:00:00Z m0/a = 1",
            "2024-05-02T00:00:00Z m0/b = 2"
        ]
    );
}

#[test]
fn columns_have_to_agree() {
    let folder = Folder::with(
        "agree",
        &[
            ("one.csv", "ts,shop,y\n2024-05-01,a,1\n"),
            ("two.csv", "ts,y,city,note\n2024-05-01,1,b,c\n"),
            ("three.ndjson", "{\"ts\":\"2024-05-01\",\"y\":1}\n"),
        ],
    );
    assert_eq!(
        folder.refused(&["one.csv", "two.csv"], &options()),
        "two.csv cannot be read together with one.csv: it has no `shop`, and only it has `city`, \
         `note`; give all files of a dataset the same columns, or read them on their own"
    );
    assert_eq!(
        folder.refused(&["one.csv", "three.ndjson"], &options()),
        "three.ndjson cannot be read together with one.csv: its layout is ndjson, not long; give \
         all files of a dataset the same columns, or read them on their own"
    );
}

#[test]
fn rows_are_counted_in_each_file_and_orders_go_across() {
    let folder = Folder::with(
        "order",
        &[
            ("may.csv", "ts,y\n2024-05-01,1\n2024-05-02,2\n"),
            ("april.csv", "ts,y\n2024-04-01,1\n2024-04-02,x\n"),
        ],
    );
    let names = ["may.csv", "april.csv"];
    let said = folder.refused(&names, &options());
    assert!(
        said.starts_with("april.csv, row 3, column `y`: `x` is not a number"),
        "{said}"
    );
    let said = folder.refused(&names, &options().in_order());
    assert!(
        said.starts_with(
            "april.csv, row 2, column `ts`: `2024-04-01` comes after 2024-05-02T00:00:00Z in row 3 \
             of "
        ),
        "{said}"
    );
}

#[test]
fn every_file_has_rows() {
    let folder = Folder::with(
        "rows",
        &[("one.csv", "ts,y\n2024-05-01,1\n"), ("none.csv", "ts,y\n")],
    );
    assert_eq!(
        folder.refused(&["one.csv", "none.csv"], &options()),
        "`none.csv` has no rows, so it spans no time; give it at least one"
    );
    let nothing: [&str; 0] = [];
    assert_eq!(
        folder.refused(&nothing, &options()),
        "`no file` has no rows, so it spans no time; give it at least one"
    );
    let said = folder.refused(&["one.csv", "two.csv"], &options());
    assert!(said.starts_with("two.csv cannot be read: "), "{said}");
}
