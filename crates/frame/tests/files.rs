//! A gallery of files: what is read from the good ones, what is said about the broken ones.

#![cfg(feature = "files")]

use std::io::Write;

use tuatara_frame::files::{self, ReadOptions, TimeUnit};
use tuatara_frame::{
    Aggregation, Exploration, Frame, FrameError, Granularity, Metric, SliceKey, SliceRequest,
    Source, TimeAxis, Zone,
};

const UTC_NOTE: &str = "civil stamps without a zone are read as UTC; --tz names another";

fn options() -> ReadOptions {
    ReadOptions::new()
}

fn read(text: &str, options: &ReadOptions) -> Frame {
    files::read(text.as_bytes(), "data.csv", options).unwrap()
}

fn refused(text: &str, options: &ReadOptions) -> String {
    files::read(text.as_bytes(), "data.csv", options)
        .unwrap_err()
        .to_string()
}

fn times(frame: &Frame) -> Vec<String> {
    (0..frame.len())
        .map(|row| frame.time(row).to_string())
        .collect()
}

fn numbers(frame: &Frame) -> Vec<String> {
    (0..frame.len())
        .map(|row| frame.value(row, 0).to_string())
        .collect()
}

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

/// Two hourly stamps in the form that `first` and `second` have.
fn stamps(first: &str, second: &str, options: &ReadOptions) -> Vec<String> {
    times(&read(
        &format!("time,value\n{first},1\n{second},2\n"),
        options,
    ))
}

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
    let pack = |text: &str| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap()
    };
    let plain = read(text, &options()).fingerprint();
    let packed = files::read(&pack(text)[..], "data", &options()).unwrap();
    assert_eq!(packed.fingerprint(), plain);

    let mut two_members = pack("timestamp,value\n2024-05-01,1\n");
    two_members.extend(pack("2024-05-02,2\n"));
    assert_eq!(
        files::read(&two_members[..], "data", &options())
            .unwrap()
            .fingerprint(),
        plain
    );

    let broken = &pack(text)[..20];
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
fn every_form_of_a_stamp_means_its_instant() {
    let ten = ["2024-05-31T08:00:00Z", "2024-05-31T09:00:00Z"];
    let berlin = options().zone(zone("Europe/Berlin"));
    assert_eq!(
        stamps(
            "2024-05-31T10:00:00+02:00",
            "2024-05-31T11:00:00+02:00",
            &options()
        ),
        ten
    );
    assert_eq!(
        stamps("2024-05-31T08:00:00Z", "2024-05-31 09:00:00 UTC", &berlin),
        ten
    );
    assert_eq!(
        stamps("2024-05-31T10:00", "2024-05-31 11:00:00.000", &berlin),
        ten
    );
    // 1 717 142 400 s is 2024-05-31T08:00:00Z: 19 874 days and 8 hours.
    let unit = |unit| options().time_unit(unit);
    assert_eq!(
        stamps("1717142400", "1717146000.0", &unit(TimeUnit::Seconds)),
        ten
    );
    assert_eq!(
        stamps("1717142400000", "1717146000000", &unit(TimeUnit::Millis)),
        ten
    );
    assert_eq!(
        stamps(
            "1717142400000000",
            "1717146000000000",
            &unit(TimeUnit::Micros)
        ),
        ten
    );
    assert_eq!(
        stamps(
            "1717142400000000999",
            "1717146000000000000",
            &unit(TimeUnit::Nanos)
        ),
        ten
    );
}

#[test]
fn a_date_is_its_first_instant_in_the_zone() {
    let santiago = options().zone(zone("America/Santiago"));
    // Midnight of 8 September 2019 is skipped: the date begins at 01:00 -03:00.
    assert_eq!(
        stamps("2019-09-07", "2019-09-08", &santiago),
        ["2019-09-07T04:00:00Z", "2019-09-08T04:00:00Z"]
    );
}

#[test]
fn a_doubled_hour_comes_out_once_for_each_time_the_clock_shows_it() {
    let rows = ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"];
    let rows = rows.map(|clock| format!("2024-11-03 {clock},1\n")).concat();
    let options = options().zone(zone("America/Los_Angeles"));
    let frame = read(&format!("time,value\n{rows}"), &options);
    assert_eq!(
        times(&frame),
        [
            "2024-11-03T07:30:00Z",
            "2024-11-03T08:00:00Z",
            "2024-11-03T08:30:00Z",
            "2024-11-03T09:00:00Z",
            "2024-11-03T09:30:00Z",
            "2024-11-03T10:00:00Z",
        ]
    );
    assert_eq!(
        frame.notes(),
        [
            "4 stamps fall in hours that the clocks of America/Los_Angeles show twice: 2 read as the \
          first time, 2 as the second"
        ]
    );
}

#[test]
fn slices_count_the_doubled_hour_apart() {
    let text = "time,series,value\n2024-11-03 01:00,a,1\n2024-11-03 01:00,b,1\n\
                2024-11-03 01:30,a,1\n2024-11-03 01:00,b,1\n";
    let frame = read(text, &options().zone(zone("America/Los_Angeles")));
    assert_eq!(
        times(&frame),
        [
            "2024-11-03T08:00:00Z",
            "2024-11-03T08:00:00Z",
            "2024-11-03T08:30:00Z",
            "2024-11-03T09:00:00Z",
        ]
    );
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
fn a_column_called_timestamp_ms_declares_its_unit() {
    let frame = read(
        "timestamp_ms,value\n1717142400000,1\n1717146000000,2\n",
        &options(),
    );
    assert_eq!(times(&frame)[0], "2024-05-31T08:00:00Z");
    assert_eq!(
        frame.notes(),
        ["numbers in `timestamp_ms` are read as milliseconds, as the name says"]
    );
}

#[test]
fn a_pinned_granularity_serves_a_single_row() {
    let frame = read(
        "ds,y\n2024-05-01,1\n",
        &options().granularity(Granularity::days()),
    );
    assert_eq!(frame.profile("y").unwrap().evidence, "given by the caller");
    assert_eq!(
        refused("ds,y\n2024-05-01,1\n", &options()),
        "the granularity cannot be seen in 1 distinct stamp(s); pass it, for instance P1D or PT1H \
         (--granularity)"
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
             metric column (--metric NAME=COLUMN)",
        ),
        (
            "time,value,y\n2024-05-01,1,1\n",
            "data.csv: 2 of the columns time, value, y suggest themselves for the metric; name \
             the metric column (--metric NAME=COLUMN)",
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
                 the cell, or name another column for the metric (--metric NAME=COLUMN)"
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
            refused(&format!("time,value\n2024-05-01,1\n{row}\n"), &options()),
            message
        );
    }
}

#[test]
fn epoch_numbers_need_a_unit_that_fits() {
    let text = "ts,value\n1717142400000,1\n1717146000000,2\n";
    assert_eq!(
        refused(text, &options()),
        "data.csv, row 2, column `ts`: `1717142400000` may be seconds, milliseconds or something \
         else since 1970; declare the time unit (--time-unit s|ms|us|ns)"
    );
    assert_eq!(
        refused(text, &options().time_unit(TimeUnit::Seconds)),
        "data.csv, row 2, column `ts`: `1717142400000` is not a stamp; allowed: instants in the \
         years 1 to 9999; declare the unit that the numbers have (--time-unit s|ms|us|ns)"
    );
    assert!(
        refused(
            "ts,value\n999999999999999999999999,1\n",
            &options().time_unit(TimeUnit::Nanos)
        )
        .contains("years 1 to 9999")
    );
}

#[test]
fn a_stamp_that_no_clock_showed_is_refused() {
    let text = "time,value\n2024-03-10 01:00,1\n2024-03-10 02:00,1\n";
    assert_eq!(
        refused(text, &options().zone(zone("America/Los_Angeles"))),
        "data.csv, row 3, column `time`: `2024-03-10 02:00` does not exist in \
         America/Los_Angeles, where the clocks skip it on 2024-03-10; name the zone in which the \
         stamps were written (--tz), or write stamps with an offset"
    );
    let apia = refused(
        "time,value\n2011-12-30,1\n",
        &options().zone(zone("Pacific/Apia")),
    );
    assert!(
        apia.contains("`2011-12-30` does not exist in Pacific/Apia"),
        "{apia}"
    );
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
