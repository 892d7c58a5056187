//! Tables with one row per stamp and combination: what is read from good ones, and what is said
//! about broken ones.

use tuatara_frame::files::{self, ReadOptions};
use tuatara_frame::{
    Aggregation, Exploration, FrameError, Granularity, Metric, SliceKey, SliceRequest, Source,
    TimeAxis, Zone,
};

use crate::{UTC_NOTE, gzip, numbers, options, read, refused, rows, times};

#[test]
fn timestamp_and_value_need_no_options() {
    let frame = read(
        "timestamp,value\n2014-07-01 00:00:00,10844\n2014-07-01 00:30:00,8127\n",
        &options(),
    );
    assert_eq!(
        times(&frame),
        ["2014-07-01T00:00:00Z", "2014-07-01T00:30:00Z"]
    );
    assert_eq!(numbers(&frame), ["10844", "8127"]);
    assert_eq!(frame.metrics(), [Metric::new("value")]);
    assert_eq!(frame.granularity(), "PT30M".parse().unwrap());
    assert_eq!(frame.notes(), [UTC_NOTE]);
}

#[test]
fn unique_id_ds_and_y_are_known_names() {
    let text = "unique_id,ds,y\na,2024-05-01,1\nb,2024-05-01,2\na,2024-05-02,3\n";
    let frame = read(text, &options());
    assert_eq!(frame.dimension_names().collect::<Vec<_>>(), ["unique_id"]);
    assert_eq!(frame.granularity(), Granularity::days());
    let exploration = Exploration {
        dimensions: vec!["unique_id".into()],
        ..Exploration::of("y")
    };
    let slices = frame.explore(&exploration).unwrap();
    assert_eq!(
        slices,
        [
            SliceKey::new("y").with("unique_id", "a"),
            SliceKey::new("y").with("unique_id", "b")
        ]
    );
}

#[test]
fn columns_can_have_any_name() {
    let text = "when,land,plattform,umsatz,besuche,notiz\n2024-05-01T00:00:00Z,DE,web,1.5,2,x\n2024-05-02T00:00:00Z,DE,web,2.5,3,y\n";
    let options = options()
        .time("when")
        .metric_from(Metric::new("revenue"), "umsatz")
        .metric_from(
            Metric::new("visits").with_aggregation(Aggregation::Max),
            "besuche",
        )
        .dimension_from("country", "land")
        .dimension("plattform");
    let frame = read(text, &options);
    let names: Vec<&str> = frame.metrics().iter().map(Metric::name).collect();
    assert_eq!(names, ["revenue", "visits"]);
    assert_eq!(
        frame.dimension_names().collect::<Vec<_>>(),
        ["country", "plattform"]
    );
    assert_eq!(
        (frame.dimension(1, 0), frame.value(1, 0), frame.value(1, 1)),
        ("DE", 2.5, 3.0)
    );
    assert_eq!(frame.notes(), ["columns not read: notiz"]);
}

#[test]
fn another_case_will_do_where_no_column_fits_exactly() {
    let text = "Timestamp,VALUE,Country\n2024-05-01,1,US\n2024-05-02,2,US\n";
    let frame = read(text, &options().dimension("country"));
    assert_eq!(frame.dimension(0, 0), "US");
    let both = "time,Value,value\n2024-05-01,1,2\n2024-05-02,3,4\n";
    assert_eq!(
        numbers(&read(both, &options().metric(Metric::new("value")))),
        ["2", "4"]
    );
}

#[test]
fn byte_order_marks_spaces_quotes_blank_lines_and_line_ends_do_not_matter() {
    let plain = "timestamp,value\n2024-05-01,1\n2024-05-02,2\n";
    let expected = read(plain, &options()).fingerprint();
    for text in [
        "\u{feff}timestamp,value\n2024-05-01,1\n2024-05-02,2\n",
        "\u{feff}\"timestamp\",\"value\"\n\"2024-05-01\",\"1\"\n\"2024-05-02\",\"2\"\n",
        " timestamp , value \n 2024-05-01 , 1 \n2024-05-02,\t2\n",
        "timestamp,value\r\n2024-05-01,1\r\n2024-05-02,2\r\n",
        "timestamp,value\r2024-05-01,1\r2024-05-02,2",
        "\n\ntimestamp,value\n\n2024-05-01,1\n\n\n2024-05-02,2",
    ] {
        assert_eq!(read(text, &options()).fingerprint(), expected, "{text:?}");
    }
}

#[test]
fn gzip_is_told_by_its_first_bytes() {
    let text = "timestamp,value\n2024-05-01,1\n2024-05-02,2\n";
    let plain = read(text, &options()).fingerprint();
    let packed = files::read(&gzip(text)[..], "data", &options()).unwrap();
    assert_eq!(packed.fingerprint(), plain);

    let mut two_members = gzip("timestamp,value\n2024-05-01,1\n");
    two_members.extend(gzip("2024-05-02,2\n"));
    assert_eq!(
        files::read(&two_members[..], "data", &options())
            .unwrap()
            .fingerprint(),
        plain
    );

    let broken = &gzip(text)[..20];
    let error = files::read(broken, "data.gz", &options()).unwrap_err();
    assert!(
        error.to_string().starts_with("data.gz cannot be read: "),
        "{error}"
    );
}

#[test]
fn a_file_is_read_by_its_path_and_named_after_it() {
    let path = std::env::temp_dir().join(format!("tuatara-frame-{}.csv", std::process::id()));
    std::fs::write(&path, "timestamp,value\n2024-05-01,1\n2024-05-02,2\n").unwrap();
    let frame = files::read_path(&path, &options()).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(frame.name(), path.file_stem().unwrap().to_str().unwrap());
    let missing = files::read_path("no/such/file.csv", &options())
        .unwrap_err()
        .to_string();
    assert!(
        missing.starts_with("no/such/file.csv cannot be read: "),
        "{missing}"
    );
    assert!(missing.ends_with("; check the path, the permission and the compression"));
}

#[test]
fn words_for_missing_leave_holes_and_infinities_are_counted() {
    let cells = ["1", "", "NaN", "null", "NA", "None", "inf", "0"];
    let rows: Vec<String> = cells
        .iter()
        .enumerate()
        .map(|(day, cell)| format!("2024-05-0{},{cell}\n", day + 1))
        .collect();
    let frame = read(&format!("ds,y\n{}", rows.concat()), &options());
    let extent = frame.profile("y").unwrap().extent;
    let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, extent).unwrap();
    let fetched = frame
        .series(&SliceRequest {
            slice: SliceKey::new("y"),
            axis,
        })
        .unwrap();
    let values: Vec<String> = fetched
        .series
        .values()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(values, ["1", "NaN", "NaN", "NaN", "NaN", "NaN", "NaN", "0"]);
    assert_eq!(
        (fetched.report.empty.count, fetched.report.infinite.count),
        (5, 1)
    );
}

#[test]
fn each_broken_header_has_its_own_message() {
    let cases = [
        (
            "",
            "data.csv is empty; the first line names the columns, such as `timestamp,value`",
        ),
        (
            "\n\n",
            "data.csv is empty; the first line names the columns, such as `timestamp,value`",
        ),
        (
            "time,value\n",
            "`data.csv` has no rows, so it spans no time; give it at least one",
        ),
        (
            "time,value,value\n2024-05-01,1,2\n",
            "data.csv has two columns called `value`; rename one in the header",
        ),
        (
            "time,date,value\n2024-05-01,2024-05-01,1\n",
            "data.csv: 2 of the columns time, date, value suggest themselves for the time; name \
             the time column (--time COLUMN)",
        ),
        (
            "day,value\n2024-05-01,1\n",
            "data.csv: 0 of the columns day, value suggest themselves for the time; name the time \
             column (--time COLUMN)",
        ),
        (
            "time,revenue\n2024-05-01,1\n",
            "data.csv: 0 of the columns time, revenue suggest themselves for the metric; name the \
             metric column (--metric NAME=COLUMN, or --layout wide where each column is a series)",
        ),
        (
            "time,value,y\n2024-05-01,1,1\n",
            "data.csv: 2 of the columns time, value, y suggest themselves for the metric; name \
             the metric column (--metric NAME=COLUMN, or --layout wide where each column is a series)",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(refused(text, &options()), message, "{text:?}");
    }
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let text = "time,revenue,country\n2024-05-01,1,US\n";
    assert_eq!(
        refused(text, &options().metric(Metric::new("revnue"))),
        "data.csv has no column `revnue` for the metric; it has: time, revenue, country; did you \
         mean `revenue`?"
    );
    assert_eq!(
        refused(
            text,
            &options().metric(Metric::new("revenue")).dimension("shop")
        ),
        "data.csv has no column `shop` for the dimension; it has: time, revenue, country; name \
         its column with --dimension shop=COLUMN"
    );
    assert_eq!(
        refused(text, &options().time("when").metric(Metric::new("revenue"))),
        "data.csv has no column `when` for the time; it has: time, revenue, country; name it \
         with --time COLUMN"
    );
    assert_eq!(
        refused(
            text,
            &options()
                .metric(Metric::new("revenue"))
                .metric(Metric::new("revenue"))
        ),
        "there are two metrics called `revenue`; names are unique, rename one"
    );
}

#[test]
fn each_broken_row_has_its_own_message() {
    let forms = "2024-05-31T10:00:00Z, 2024-05-31 10:00:00, 2024-05-31, or epoch numbers with a \
                 declared unit";
    let words = "numbers such as 12.5 or 1e3, and nothing, NaN, null, NA or None where missing";
    let cases = [
        (
            "2024-05-02,1,2",
            "data.csv, row 3: 3 cell(s) under a header of 2; a cell that holds a comma needs \
             quotes around it"
                .to_owned(),
        ),
        (
            "2024-05-02",
            "data.csv, row 3: 1 cell(s) under a header of 2; a cell that holds a comma needs \
             quotes around it"
                .to_owned(),
        ),
        (
            "2024-05-02,n/a",
            format!(
                "data.csv, row 3, column `value`: `n/a` is not a number; allowed: {words}; correct \
                 the cell, leave it empty if the value is missing, or name another column for the \
                 metric (--metric NAME=COLUMN)"
            ),
        ),
        (
            "2024-05-02,\"1,5\"",
            format!(
                "data.csv, row 3, column `value`: `1,5` is not a number; allowed: {words}; write a \
                 point before decimals and nothing between thousands"
            ),
        ),
        (
            "2024-05-02,1e999",
            "data.csv, row 3, column `value`: `1e999` is not a number; allowed: numbers up to \
             1.797e308 on either side of zero; correct the cell, or leave it empty if the value is \
             missing"
                .to_owned(),
        ),
        (
            ",1",
            format!(
                "data.csv, row 3, column `time`: `` is not a stamp; allowed: {forms}; give every \
                 row a stamp"
            ),
        ),
        (
            "02/05/2024,1",
            format!(
                "data.csv, row 3, column `time`: `02/05/2024` is not a stamp; allowed: {forms}; \
                 write the year first, then month and day, as 2024-05-31"
            ),
        ),
        (
            "2024-02-30,1",
            format!(
                "data.csv, row 3, column `time`: `2024-02-30` is not a stamp; allowed: {forms}; \
                 correct the date or the time, which no calendar or clock shows"
            ),
        ),
        (
            "2024-05-02T00:00:00Z,1",
            "data.csv, row 3, column `time`: `2024-05-02T00:00:00Z` is a stamp with an offset, \
             while row 2 has a local stamp without an offset; write one form throughout the column"
                .to_owned(),
        ),
        (
            "1714608000,1",
            "data.csv, row 3, column `time`: `1714608000` is an epoch number, while row 2 has a \
             local stamp without an offset; write one form throughout the column"
                .to_owned(),
        ),
    ];
    for (row, message) in cases {
        assert_eq!(
            refused(format!("time,value\n2024-05-01,1\n{row}\n"), &options()),
            message
        );
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_where_they_stand() {
    let refused = |bytes: &[u8], options: &ReadOptions| {
        files::read(bytes, "data.csv", options)
            .unwrap_err()
            .to_string()
    };
    let remedy = "the text is not UTF-8; save the file as UTF-8";
    assert_eq!(
        refused(b"time,series,value\n2024-05-01,M\xfcnchen,1\n", &options()),
        format!("data.csv, row 2, column `series`: {remedy}")
    );
    assert_eq!(
        refused(b"time,Gr\xf6\xdfe\n2024-05-01,1\n", &options()),
        format!("data.csv, row 1, column `2`: {remedy}")
    );
    assert_eq!(
        refused(b"time,value\n2024-05-01,1\xff\n", &options()),
        format!("data.csv, row 2, column `value`: {remedy}")
    );
}

#[test]
fn rows_are_counted_as_an_editor_does() {
    for text in [
        "time,note,value\n2024-05-01,\"two\nlines\",1\n\n2024-05-02,x,oops\n",
        "time,note,value\r\n2024-05-01,\"two\r\nlines\",1\r\n\r\n2024-05-02,x,oops\r\n",
        "time,note,value\n2024-05-01,\"two\nlines\",1\n\n2024-05-02,\"x\ny\",oops",
    ] {
        let error = files::read(text.as_bytes(), "data.csv", &options()).unwrap_err();
        let FrameError::BadNumber { place, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(place.row, 5, "{text:?}");
    }
}

#[test]
fn the_delimiter_is_the_one_in_the_header() {
    let expected = rows(&read(
        "ts,country,y\n2024-05-01,DE,1.5\n2024-05-02,FR,2\n",
        &options().dimension("country"),
    ));
    for delimiter in [";", "\t", "|"] {
        let text = "ts,country,y\n2024-05-01,DE,1.5\n2024-05-02,FR,2\n".replace(',', delimiter);
        assert_eq!(
            rows(&read(&text, &options().dimension("country"))),
            expected
        );
    }
    let quoted = "ts;\"country, or region\";y\n2024-05-01;\"a;b\";1.5\n2024-05-02;c;2\n";
    let frame = read(
        quoted,
        &options().dimension_from("country", "country, or region"),
    );
    assert_eq!(frame.dimension(0, 0), "a;b");
}

#[test]
fn several_delimiters_in_the_header_are_a_choice_that_is_asked_for() {
    let text = "ts;amount, EUR;y\n2024-05-01;1;2\n2024-05-02;3;4\n";
    assert_eq!(
        refused(text, &options()),
        "data.csv, row 1: commas and semicolons stand in the header, and only one can be the \
         delimiter; say which (--delimiter), or put quotes around the names that hold the others"
    );
    let frame = read(text, &options().delimiter(b';'));
    assert_eq!(numbers(&frame), ["2", "4"]);
    assert_eq!(frame.notes()[1], "columns not read: amount, EUR");
    assert_eq!(
        refused(text, &options().delimiter(b'"')),
        "data.csv: the delimiter `\\\"` does not go with names, numbers and stamps, where it may \
         occur; declare another, such as , ; | or a tab"
    );
}

#[test]
fn a_decimal_comma_is_refused_with_the_remedy() {
    assert_eq!(
        refused("ts;y\n2024-05-01;1,5\n", &options()),
        "data.csv, row 2, column `y`: `1,5` is not a number; allowed: numbers such as 12.5 or 1e3, \
         and nothing, NaN, null, NA or None where missing; write a point before decimals and \
         nothing between thousands"
    );
}

#[test]
fn a_cell_too_many_names_the_delimiter() {
    assert_eq!(
        refused("ts;y\n2024-05-01;1;5\n", &options()),
        "data.csv, row 2: 3 cell(s) under a header of 2; a cell that holds a semicolon needs \
         quotes around it"
    );
}

#[test]
fn quotes_are_closed_and_nothing_comes_behind_them() {
    let text = "ts,note,y\n2024-05-01,\"a \"\"b\"\", c\" ,1\n2024-05-02, x \"y\" ,2\n";
    let frame = read(text, &options().dimension("note"));
    assert_eq!(
        (frame.dimension(0, 0), frame.dimension(1, 0)),
        ("a \"b\", c", "x \"y\"")
    );
    assert_eq!(
        refused("ts,note,y\n2024-05-01,\"a,1\n2024-05-02,b,2\n", &options()),
        "data.csv, row 2: a quote is opened and never closed; close it, or write a quote that is \
         meant twice inside quotes"
    );
    assert_eq!(
        refused("ts,note,y\n2024-05-01,\"a\"b,1\n", &options()),
        "data.csv, row 2: a cell goes on behind its closing quote; write a quote that is meant \
         twice inside quotes"
    );
}

#[test]
fn columns_can_be_left_out_by_name() {
    let text = "date,time,value,note\n2024-05-01,noon,1,x\n2024-05-02,noon,2,y\n";
    let frame = read(text, &options().ignore("time").ignore("Note"));
    assert_eq!(
        (frame.len(), frame.notes()),
        (2, &[UTC_NOTE.to_owned()][..])
    );
    assert_eq!(
        refused(text, &options().ignore("time").ignore("nota")),
        "data.csv has no column `nota` for the list of columns to ignore; it has: date, time, \
         value, note; did you mean `note`?"
    );
}

#[test]
fn a_declared_order_is_checked_for_each_series() {
    let text = "ts,series,y\n2024-05-02,a,1\n2024-05-01,b,2\n2024-05-02,a,3\n2024-05-01,a,4\n";
    assert_eq!(read(text, &options()).len(), 4);
    assert_eq!(
        refused(text, &options().in_order()),
        "data.csv, row 5, column `ts`: `2024-05-01` comes after 2024-05-02T00:00:00Z in row 4, \
         although the rows of each series are declared to be in order; sort them, or do not \
         declare an order"
    );
}

#[test]
fn a_metric_that_is_not_there_may_be_spread_over_the_columns() {
    assert_eq!(
        refused(
            "ts,cpu,memory\n2024-05-01,1,2\n",
            &options().metric(Metric::new("load"))
        ),
        "data.csv has no column `load` for the metric; it has: ts, cpu, memory; name its column \
         with --metric load=COLUMN, or say --layout wide where each column is a series"
    );
}

#[test]
fn messages_show_the_beginning_of_a_long_cell() {
    let text = format!("ts,y\n2024-05-01,{}\n", "x\u{1b}".repeat(1000));
    let said = refused(text, &options());
    let shown = format!("`{}…` is not a number", "x\u{fffd}".repeat(30));
    assert!(said.contains(&shown), "{said}");
}

#[test]
fn a_frame_keeps_the_completeness_delay() {
    let delay = "PT2H".parse().unwrap();
    let text = "ts,y\n2024-05-01,1\n2024-05-02,1\n";
    let frame = read(text, &options().completeness_delay(delay));
    assert_eq!(frame.profile("y").unwrap().completeness_delay, delay);
}
