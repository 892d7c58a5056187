//! Labelled sets are read row by row as they stand.

#![cfg(feature = "labels")]

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tuatara_frame::files::TimeUnit;
use tuatara_frame::{Duration, SliceKey, Zone};
use tuatara_metrics::labelled::{
    LabelOptions, NabWindows, labels_of_buckets, read_folder, read_incidents, read_incidents_from,
    read_nab, read_series_from,
};
use tuatara_metrics::{MetricsError, Probation};

fn datasets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets")
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn plain() -> LabelOptions {
    LabelOptions::default()
}

fn refused(text: &str, file: &str, options: &LabelOptions) -> String {
    let error: MetricsError = read_series_from(text.as_bytes(), file, options).unwrap_err();
    error.to_string()
}

#[test]
fn a_packed_file_with_other_names_is_the_same_series() {
    let text = "day;sales;weather;wrong\n\
                2026-03-28;5;;0.0\n2026-03-29;nan;3;1.0\n2026-03-30;7;4;0\n";
    let options = plain()
        .time("day")
        .label("wrong")
        .zone("Europe/London".parse().unwrap());
    let series = read_series_from(&gzip(text)[..], "shop.csv.gz", &options).unwrap();
    let names: Vec<_> = series
        .columns()
        .iter()
        .map(|column| &column.name[..])
        .collect();
    assert_eq!(names, ["sales", "weather"]);
    assert!(series.columns()[0].values[1].is_nan() && series.columns()[1].values[0].is_nan());
    assert_eq!(series.truth().labels().flags(), [false, true, false]);
    // The clock goes forward on the 29th: the next day starts an hour earlier at UTC.
    let stamps: Vec<_> = series
        .instants()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        stamps,
        [
            "2026-03-28T00:00:00Z",
            "2026-03-29T00:00:00Z",
            "2026-03-29T23:00:00Z"
        ]
    );
}

#[test]
fn the_name_says_how_long_the_training_part_is() {
    let text = "timestamp,value,label\n0,5,0\n1,6,0\n2,7,1\n3,8,0\n";
    let options = plain().time_unit(TimeUnit::Rows);
    let read = |file| read_series_from(text.as_bytes(), file, &options);
    let series = read("ucr/ECG__train2.csv.gz").unwrap();
    assert_eq!((series.truth().unscored(), series.truth().rows()), (2, 4));
    assert_eq!((series.instants(), series.truth().step()), (None, None));
    assert_eq!(
        read("ECG__train9.csv").unwrap_err().to_string(),
        "ECG__train9.csv: 9 rows are to be left out of scoring and there are 4; allowed: 0 to 4; \
         leave fewer out"
    );
}

#[test]
fn the_training_part_of_a_wide_file_needs_no_labels() {
    let text = "timestamp,cpu,load,label,split\n\
                1700000000,1,2,,train\n1700000060,1,2,,train\n\
                1700000120,1,2,0,test\n1700000180,9,8,1,test\n";
    let options = plain().time_unit(TimeUnit::Seconds);
    let series = read_series_from(text.as_bytes(), "m__train1.csv", &options).unwrap();
    assert_eq!((series.columns().len(), series.truth().unscored()), (2, 2));
    assert_eq!(series.truth().scored_labels().flags(), [false, true]);
    assert_eq!(series.truth().step(), Some(Duration::minutes(1)));
}

#[test]
fn nothing_is_sorted_or_merged() {
    let text = "ts,y,anomaly,changepoint\n2026-01-02,2,1,0\n2026-01-01,1,0,1\n2026-01-01,3,0,0\n";
    let series = read_series_from(text.as_bytes(), "rows.csv", &plain()).unwrap();
    assert_eq!(series.columns().len(), 1);
    assert_eq!(series.columns()[0].values, [2.0, 1.0, 3.0]);
    assert_eq!(series.truth().step(), None);
}

#[test]
fn a_local_time_that_comes_twice_is_in_the_order_of_the_rows() {
    // In London 01:30 comes at 00:30 and at 01:30 UTC on 25 October 2026.
    let text = "time,value,label\n2026-10-25 01:00,1,0\n2026-10-25 01:30,1,0\n\
                2026-10-25 01:00,1,0\n2026-10-25 01:30,1,0\n";
    let options = plain().zone("Europe/London".parse().unwrap());
    let series = read_series_from(text.as_bytes(), "clock.csv", &options).unwrap();
    let stamps: Vec<_> = series
        .instants()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    let hours = ["00:00", "00:30", "01:00", "01:30"];
    assert_eq!(stamps, hours.map(|hour| format!("2026-10-25T{hour}:00Z")));
}

#[test]
fn what_is_wrong_is_named_with_line_column_value_and_remedy() {
    let header = "timestamp,value,label\n";
    let row = |line: &str| {
        refused(
            &format!("{header}{line}\n"),
            "a.csv",
            &plain().probation(Probation::Rows(0)),
        )
    };
    assert_eq!(
        row("2026-01-01,1,yes"),
        "a.csv, row 2, column `label`: `yes` is not a label; allowed: 0 and 1, and nothing in rows \
         that are not scored; write 1 where the row is anomalous and 0 elsewhere"
    );
    assert!(row("2026-01-01,1,").starts_with("a.csv, row 2, column `label`: `` is not a label"));
    assert_eq!(
        row("2026-01-01,1"),
        "a.csv, row 2: 2 cell(s) under a header of 3; put quotes around a cell that holds the \
         delimiter"
    );
    assert_eq!(
        row("2026-01-01,many,0"),
        "a.csv, row 2, column `value`: `many` is not a number; allowed: finite numbers, and \
         nothing, NaN, null, NA or None where one is missing; correct it, or leave the column out"
    );
    assert!(row("2026-01-01,inf,0").contains("column `value`: `inf` is not a number"));
    assert_eq!(
        row("01/02/2026,1,0"),
        "a.csv, row 2, column `timestamp`: `01/02/2026` is not a stamp; allowed: \
         2024-05-31T10:00:00Z, 2024-05-31 10:00:00, 2024-05-31, or numbers with a declared unit; \
         write the stamps in one of these forms"
    );
    assert!(row("17,1,0").contains("column `timestamp`: `17` may be seconds, milliseconds"));
}

#[test]
fn a_header_that_leaves_a_doubt_is_refused() {
    assert_eq!(
        refused("timestamp,value,lable\n2026-01-01,1,0\n", "a.csv", &plain()),
        "a.csv has no column `label` for the label; it has: timestamp, value, lable; did you mean \
         `lable`?"
    );
    assert_eq!(
        refused(
            "timestamp,value,label,anomaly\n2026-01-01,1,0,0\n",
            "a.csv",
            &plain()
        ),
        "a.csv has several columns that may be the label: label, anomaly; name the one to read"
    );
    assert!(
        refused("timestamp,label\n2026-01-01,0\n", "a.csv", &plain()).contains("for the values")
    );
    assert!(refused("", "a.csv", &plain()).starts_with("a.csv is empty"));
    assert!(refused("timestamp,value,label\n", "a.csv", &plain()).contains("`a.csv` has no rows"));
    let options = plain().ignore("weather");
    assert!(
        refused("timestamp,value,label\n2026-01-01,1,0\n", "a.csv", &options).contains("`weather`")
    );
}

#[test]
fn a_split_that_goes_back_to_training_is_refused() {
    let text = "timestamp,value,label,split\n2026-01-01,1,0,test\n2026-01-02,1,0,train\n";
    assert_eq!(
        refused(text, "a.csv", &plain()),
        "a.csv, row 3, column `split`: `train` comes after the test part began; allowed: `train` in \
         the first rows and `test` in all others; correct it, or leave the column out"
    );
}

/// Ten half hours, of which 01:00 is there twice, as in some files of the benchmark.
const NAB: &str = "timestamp,value\n\
    2026-01-01 00:00:00,1\n2026-01-01 00:30:00,1\n2026-01-01 01:00:00,9\n2026-01-01 01:00:00,9\n\
    2026-01-01 01:30:00,9\n2026-01-01 02:00:00,1\n2026-01-01 02:30:00,1\n2026-01-01 03:00:00,1\n\
    2026-01-01 03:30:00,1\n2026-01-01 04:00:00,1\n";

fn nab_windows(windows: &str) -> NabWindows {
    NabWindows::read(windows.as_bytes(), "w.json").unwrap()
}

#[test]
fn a_window_of_nab_begins_and_ends_with_the_first_row_of_its_stamp() {
    let windows = nab_windows(
        r#"{"x/a.csv": [["2026-01-01 01:00:00.000000", "2026-01-01 02:00:00.000000"]], "b.csv": []}"#,
    );
    assert_eq!(windows.names().collect::<Vec<_>>(), ["b.csv", "x/a.csv"]);
    let series = windows.series("x/a.csv", NAB.as_bytes()).unwrap();
    assert_eq!(series.truth().windows().ranges().first(), Some(&(2..6)));
    assert_eq!((series.truth().unscored(), series.truth().rows()), (1, 10));
    let quiet = windows.series("b.csv", NAB.as_bytes()).unwrap();
    assert!(quiet.truth().windows().ranges().is_empty());
}

#[test]
fn windows_that_do_not_fit_their_file_are_refused() {
    let refused = |windows: &str| {
        let error = nab_windows(windows)
            .series("a.csv", NAB.as_bytes())
            .unwrap_err();
        error.to_string()
    };
    assert_eq!(
        refused(r#"{"a.csv": [["2026-01-01 01:10:00", "2026-01-01 02:00:00"]]}"#),
        "w.json: no row of `a.csv` has the stamp `2026-01-01 01:10:00` of its window; give the \
         stamps of the first and the last row in it, such as 2014-04-10 07:15:00"
    );
    assert_eq!(
        refused(r#"{"b.csv": []}"#),
        "w.json has no windows for `a.csv`; did you mean `b.csv`?"
    );
    let reversed = refused(r#"{"a.csv": [["2026-01-01 03:00:00", "2026-01-01 01:30:00"]]}"#);
    assert!(
        reversed.starts_with("a.csv: the window 7..5 does not lie in 10 rows"),
        "{reversed}"
    );
    let error = NabWindows::read(&b"{\"a.csv\": [3]}"[..], "w.json").unwrap_err();
    assert!(
        error.to_string().starts_with("w.json, row 1, byte 12: "),
        "{error}"
    );
}

#[test]
fn sets_are_read_from_folders_in_order_of_their_names() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("labelled-sets");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("x")).unwrap();
    std::fs::write(folder.join("x/b.csv.gz"), gzip(NAB)).unwrap();
    std::fs::write(folder.join("a.csv"), NAB).unwrap();
    std::fs::write(folder.join("w.json"), r#"{"x/b.csv": [], "a.csv": []}"#).unwrap();
    let all = read_nab(&folder, folder.join("w.json")).unwrap();
    assert_eq!(
        all.iter().map(|series| series.name()).collect::<Vec<_>>(),
        ["a.csv", "x/b.csv"]
    );

    // These files have no label column, and the first of them says so.
    let error = read_folder(&folder, &plain()).unwrap_err().to_string();
    assert!(error.contains("a.csv has no column `label`"), "{error}");
    std::fs::write(folder.join("w.json"), r#"{"c.csv": []}"#).unwrap();
    let error = read_nab(&folder, folder.join("w.json"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("c.csv cannot be read"), "{error}");
}

#[test]
fn the_incidents_of_the_datasets_are_read() {
    // As many as datasets/README.md lists, in the zone of the data.
    let of = |name: &str| read_incidents(datasets().join(name), Zone::UTC).unwrap();
    let revenue = of("daily-revenue.labels.csv");
    assert_eq!(revenue.len(), 10);
    assert_eq!(
        revenue[0].interval.to_string(),
        "2024-02-07T00:00:00Z/2024-02-11T00:00:00Z"
    );
    assert_eq!(
        (revenue[0].kind.as_deref(), revenue[0].size),
        (Some("spike"), Some(0.63))
    );
    assert_eq!((revenue[0].line, revenue[9].line), (2, 11));
    let gap = &of("five-minute-cpu.labels.csv")[0];
    assert_eq!((gap.kind.as_deref(), gap.size), (Some("gap"), None));

    // 2026-03-19, 07:00 to 12:00 at −04:00, in Mexico on every platform.
    let orders = of("hourly-orders.labels.csv");
    let mexico = &orders[3];
    assert_eq!(
        mexico.interval.to_string(),
        "2026-03-19T11:00:00Z/2026-03-19T16:00:00Z"
    );
    assert_eq!(mexico.dimensions, [("country".to_owned(), "MX".to_owned())]);
    let slice = |country: &str, platform: &str| {
        SliceKey::new("orders")
            .with("country", country)
            .with("platform", platform)
    };
    assert!(mexico.concerns(&slice("MX", "ios")) && mexico.concerns(&SliceKey::new("orders")));
    assert!(!mexico.concerns(&slice("CA", "ios")));
}

#[test]
fn a_bucket_is_anomalous_if_it_shares_time_with_an_incident() {
    let text = "start,end\n2026-01-01T01:30:00Z,2026-01-01T03:00:00Z\n";
    let incidents = read_incidents_from(text.as_bytes(), "i.csv", Zone::UTC).unwrap();
    let starts: Vec<_> = (0..5)
        .map(|hour| format!("2026-01-01T0{hour}:00:00Z").parse().unwrap())
        .collect();
    let labels = labels_of_buckets(&starts, Duration::hours(1), &incidents);
    assert_eq!(labels.flags(), [false, true, true, false, false]);
}

#[test]
fn an_incident_that_ends_before_it_starts_is_refused() {
    let text = "start,end,kind\n2026-01-02,2026-01-02,drop\n";
    let error = read_incidents_from(text.as_bytes(), "i.csv", Zone::UTC).unwrap_err();
    assert_eq!(
        error.to_string(),
        "i.csv, row 2, column `end`: `2026-01-02` does not lie after the start \
         2026-01-02T00:00:00Z; the end is not included: write the first instant that is normal \
         again"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_or_refused(
        cells in prop::collection::vec(prop::sample::select(vec![
            "timestamp", "value", "label", "split", "start", "end", "0", "1", "-3.5e300", "nan", "",
            "2026-01-01", "9999-12-31 23:59:59", "-0001-01-01", "test", "train", "\"", "\u{fffd}", ";",
        ]), 0..40),
        breaks in prop::collection::vec(0..4_usize, 40),
        file in prop::sample::select(vec!["a.csv", "a__train1.csv", "a__train.csv", "__train99999999999999999999"]),
    ) {
        let mut text = String::new();
        for (cell, width) in cells.iter().zip(&breaks) {
            text.push_str(cell);
            text.push(if *width == 0 { '\n' } else { ',' });
        }
        for unit in [TimeUnit::Rows, TimeUnit::Nanos] {
            let options = plain().time_unit(unit);
            if let Ok(series) = read_series_from(text.as_bytes(), file, &options) {
                prop_assert_eq!(series.truth().rows(), series.columns()[0].values.len());
            }
        }
        if let Ok(incidents) = read_incidents_from(text.as_bytes(), file, Zone::UTC) {
            prop_assert!(incidents.iter().all(|incident| !incident.interval.is_empty()));
        }
        let windows = nab_windows(r#"{"a.csv": [["2026-01-01 00:00", "9999-12-31 23:59:59"]]}"#);
        let _ = windows.series("a.csv", text.as_bytes());
    }
}
