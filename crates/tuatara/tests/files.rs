//! Data files with what is declared of them, as a program that embeds the library reads them.

#![cfg(all(feature = "files", feature = "yaml"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use tuatara::frame::files::TimeUnit;
use tuatara::frame::{Aggregation, Granularity, NaiveDate, Source};
use tuatara::spec::dataset::{DatasetDimension, DatasetMetric, DatasetSpec, Start};
use tuatara::{Detection, Error, files};

const DAYS: &str = "date,shop,n\n2026-03-01,a,1\n2026-03-02,b,2\n2026-03-03,a,4\n";

fn detection() -> Detection {
    Detection::from_yaml(
        "
detectionName: many
metric: n
dimensionExploration: { dimensions: [shop] }
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 3 } }
",
    )
    .unwrap()
}

/// A folder of its own for one test, empty at first.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("files-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_detection_brings_its_metric_and_its_dimensions_along() {
    let folder = Folder::new();
    let path = folder.write("days.csv", DAYS);
    let data = files::open([&path])
        .for_detection(&detection())
        .read()
        .unwrap();
    assert!(data.diagnosis.is_empty());
    assert_eq!(data.frame.name(), "days");
    assert_eq!(data.frame.metrics()[0].name(), "n");
    assert_eq!(data.frame.dimension_names().collect::<Vec<_>>(), ["shop"]);
    // Without one, names have to suggest themselves.
    let error = files::open([&path]).read().unwrap_err().to_string();
    assert!(
        error.contains("suggest themselves for the metric"),
        "{error}"
    );
}

#[test]
fn what_is_declared_in_code_comes_before_the_dataset_file_and_the_last_first() {
    let folder = Folder::new();
    let path = folder.write("days.csv", DAYS);
    folder.write(
        "days.tuatara.yaml",
        "dataset: shops\ngranularity: P1W\nmetrics: { name: n, aggregation: MAX }\n",
    );
    let step = |step: Granularity| DatasetSpec::new().with_granularity(step);
    let data = files::open([&path])
        .with(step(Granularity::months(1).unwrap()))
        .with(step(Granularity::days()))
        .for_detection(&detection())
        .read()
        .unwrap();
    let profile = data.frame.profile("n").unwrap();
    assert_eq!(profile.granularity, Granularity::days());
    assert_eq!(profile.metric.aggregation(), Aggregation::Max);
    assert_eq!(data.frame.name(), "shops");
    let note = "days.tuatara.yaml: dataset shops; n: aggregation MAX; overridden: granularity";
    assert!(
        data.notes.iter().any(|said| said == note),
        "{:?}",
        data.notes
    );
}

#[test]
fn data_in_memory_are_read_by_what_is_declared_in_code() {
    let declared = DatasetSpec::new()
        .with_time_unit(TimeUnit::Rows)
        .with_time_column("row")
        .with_granularity(Granularity::days())
        .with_start("2026-03-01".parse().unwrap())
        .with_metric(DatasetMetric::new("n").with_column("count"))
        .with_dimension(DatasetDimension::new("shop").with_column("store"));
    let data = files::from_bytes("rows", "row,store,count\n0,a,1\n1,a,9\n")
        .with(declared)
        .for_detection(&detection())
        .read()
        .unwrap();
    let extent = data.frame.profile("n").unwrap().extent;
    assert_eq!(
        extent.to_string(),
        "2026-03-01T00:00:00Z/2026-03-03T00:00:00Z"
    );
    let report = detection().run(&data.frame, extent).unwrap();
    assert_eq!(report.anomalies()[0].observed.to_string(), "9");
}

#[test]
fn the_dataset_of_several_files_has_the_rows_of_all() {
    let folder = Folder::new();
    let one = folder.write("one.csv", DAYS);
    let two = folder.write("two.csv", "date,shop,n\n2026-03-04,a,9\n");
    let data = files::open([&one, &two])
        .for_detection(&detection())
        .read()
        .unwrap();
    assert_eq!(data.frame.len(), 4);
    let note = "2 files are read as one dataset: one.csv, two.csv";
    assert_eq!(data.notes.last().map(String::as_str), Some(note));
}

#[test]
fn a_file_is_known_by_its_stem_and_by_what_its_dataset_file_calls_it() {
    let folder = Folder::new();
    let path = folder.write("days.csv.gz", "");
    assert_eq!(files::stem(&path), "days");
    assert_eq!(files::declared_name(&path).unwrap(), None);
    folder.write("days.csv.gz.tuatara.yaml", "dataset: shops\n");
    assert_eq!(
        files::declared_name(&path).unwrap().as_deref(),
        Some("shops")
    );
}

#[test]
fn what_cannot_be_one_dataset_is_refused() {
    let folder = Folder::new();
    let path = folder.write("days.csv", DAYS);
    let none: [&Path; 0] = [];
    let error = files::open(none).read().unwrap_err();
    assert_eq!(
        error.to_string(),
        "no data file is named; name at least one"
    );
    let error = files::open([&path, &path]).read().unwrap_err();
    assert!(matches!(&error, Error::FileTwice { .. }), "{error}");
    let folder_name = folder.0.file_name().unwrap();
    let same = folder.0.join("..").join(folder_name).join("days.csv");
    let error = files::open([&path, &same]).read().unwrap_err();
    assert!(matches!(&error, Error::FileTwice { .. }), "{error}");
    folder.write("days.tuatara.yaml", "layout: wyde\n");
    let error = files::open([&path]).read().unwrap_err();
    assert!(matches!(&error, Error::Spec(_)), "{error}");
    folder.write("days.csv.tuatara.yaml", "layout: long\n");
    let error = files::open([&path]).read().unwrap_err();
    assert!(matches!(&error, Error::TwoDatasetFiles { .. }), "{error}");
    let error = files::open([&path])
        .dataset_file("nowhere")
        .read()
        .unwrap_err();
    assert!(matches!(&error, Error::Unreadable { .. }), "{error}");
    std::fs::write(folder.0.join("days.utf16.yaml"), b"\xff\xfel\0").unwrap();
    let spec = folder.0.join("days.utf16.yaml");
    let error = files::read_text(&spec, "a specification").unwrap_err();
    assert!(matches!(&error, Error::NotText { .. }), "{error}");
    assert!(
        error.to_string().ends_with(
            "days.utf16.yaml is UTF-16 text; a specification is expected; save it as UTF-8"
        ),
        "{error}"
    );
    let error = files::open([&folder.0]).read().unwrap_err();
    assert!(
        error.to_string().contains(" is a folder; allowed: "),
        "{error}"
    );
    let last = NaiveDate::from_ymd_opt(12_026, 1, 1).unwrap();
    let late = DatasetSpec::new().with_start(Start::Date(last));
    let error = files::from_bytes("rows", DAYS)
        .with(late)
        .read()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "row counters cannot start at +12026-01-01; choose a date in the years 1 to 9999"
    );
}

#[test]
fn what_filters_compare_with_is_read_from_the_same_file() {
    let detection = Detection::from_yaml(
        "
detectionName: slow
metric: latency
rules:
  - detection: { name: limit, type: THRESHOLD, params: { max: 5 } }
    filter:
      - { name: busy, type: VOLUME_FILTER, params: { metric: visits, minValue: 100 } }
",
    )
    .unwrap();
    let text = "time,latency,visits\n2026-03-01,9,7\n2026-03-02,1,500\n2026-03-03,9,700\n";
    let data = files::from_bytes("site", text)
        .for_detection(&detection)
        .read()
        .unwrap();
    let extent = data.frame.profile("latency").unwrap().extent;
    let report = detection.run(&data.frame, extent).unwrap();
    assert_eq!((report.anomalies().len(), report.removed().len()), (1, 1));
}
