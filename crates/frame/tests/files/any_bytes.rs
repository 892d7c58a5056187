//! No bytes make a reader panic, and tables are cut as another reader cuts them.

use proptest::prelude::*;
use tuatara_frame::files::{self, Layout, ReadOptions, TimeUnit};
use tuatara_frame::{Granularity, Metric};

use crate::{options, read};

/// Options that reach into every corner of the readers.
fn asked(layout: Option<Layout>, unit: Option<TimeUnit>, many: bool) -> ReadOptions {
    let mut asked = options();
    if let Some(layout) = layout {
        asked = asked.layout(layout);
    }
    if let Some(unit) = unit {
        asked = asked.time_unit(unit).granularity(Granularity::days());
    }
    if many {
        asked = asked
            .metric(Metric::new("value"))
            .dimension("a")
            .ignore("b")
            .file_dimension("file")
            .in_order();
    }
    asked
}

fn layout() -> impl Strategy<Value = Option<Layout>> {
    prop::option::of(prop::sample::select(Layout::ALL.to_vec()))
}

fn unit() -> impl Strategy<Value = Option<TimeUnit>> {
    use TimeUnit::{Micros, Millis, Nanos, Rows, Seconds};
    prop::option::of(prop::sample::select(vec![
        Seconds, Millis, Micros, Nanos, Rows,
    ]))
}

/// Pieces that files are made of, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "ts",
        "value",
        "a",
        "b",
        "series",
        ",",
        ";",
        "\"",
        "\n",
        "\r\n",
        "2024-05-01",
        "1.5",
        "-3",
        " 10:00",
        "Z",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\"ts\"",
        "\"value\"",
        "\"metric\"",
        "\"labels\"",
        "\"values\"",
        "\"data\"",
        "\"result\"",
        "\"resultType\"",
        "\"matrix\"",
        "\"1\"",
        "null",
        "99999999999999999999",
        "1e999",
        "é",
        "\u{feff}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..80),
        (layout, unit, many) in (layout(), unit(), any::<bool>()),
    ) {
        files::read(&bytes[..], "x", &asked(layout, unit, many)).ok();
    }

    #[test]
    fn no_text_makes_a_reader_panic(
        text in pieces(),
        (layout, unit, many) in (layout(), unit(), any::<bool>()),
    ) {
        files::read(text.as_bytes(), "x", &asked(layout, unit, many)).ok();
    }

    /// The oracle is the `csv` crate, which is laxer: what it reads, this reads alike or refuses.
    #[test]
    fn rows_are_cut_as_the_csv_crate_cuts_them(
        cells in prop::collection::vec("[a,\n\" ]{0,6}", 1..12),
        raw in any::<bool>(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t']),
    ) {
        let mut text = "ts,a,value\n".to_owned();
        if raw {
            for (day, cell) in cells.iter().enumerate() {
                text += &format!("2024-05-{:02},{cell},1\n", day + 1);
            }
        } else {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            for (day, cell) in cells.iter().enumerate() {
                let day = format!("2024-05-{:02}", day + 1);
                writer.write_record([&day, cell.as_str(), "1"]).unwrap();
            }
            text += std::str::from_utf8(&writer.into_inner().unwrap()).unwrap();
        }
        let text = text.replace(',', &char::from(delimiter).to_string());
        let options = options()
            .dimension("a")
            .delimiter(delimiter)
            .granularity(Granularity::days());
        let Ok(frame) = files::read(text.as_bytes(), "x", &options) else {
            prop_assert!(raw, "what a writer wrote is read");
            return Ok(());
        };
        let mut oracle = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let expected: Vec<String> = oracle
            .records()
            .map(|record| record.unwrap()[1].trim().to_owned())
            .collect();
        let found: Vec<String> = (0..frame.len())
            .map(|row| frame.dimension(row, 0).to_owned())
            .collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_file_larger_than_the_buffers_is_read_whole() {
    let long = "x".repeat(100_000);
    let mut text = String::from("ts,note,value\n");
    for row in 0..30_000 {
        let note = if row % 9_000 == 0 {
            &long
        } else {
            "short, \"\"quoted\"\""
        };
        text += &format!("{},\"{note}\",{row}\n", 1_714_557_600 + row * 60);
    }
    let options = options().time_unit(TimeUnit::Seconds).dimension("note");
    let frame = read(&text, &options);
    assert_eq!(frame.len(), 30_000);
    assert!((0..30_000).all(|row| frame.value(row, 0).to_bits() == (row as f64).to_bits()));
    assert_eq!(frame.dimension(1, 0), "short, \"quoted\"");
    assert_eq!(frame.dimension(9_000, 0), long);
}
