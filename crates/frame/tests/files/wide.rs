//! Tables with one row per stamp and one column per series.

use tuatara_frame::files::{Layout, ReadOptions, TimeUnit};
use tuatara_frame::{Metric, Source};

use crate::{UTC_NOTE, dimensions, metrics, numbers, options, read, refused, rows, times};

fn wide() -> ReadOptions {
    options().layout(Layout::Wide)
}

#[test]
fn every_column_is_a_series_of_one_metric() {
    let frame = read("day,cpu,memory\n2024-05-01,1,2\n2024-05-02,3,\n", &wide());
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T00:00:00Z cpu = 1",
            "2024-05-01T00:00:00Z memory = 2",
            "2024-05-02T00:00:00Z cpu = 3",
            "2024-05-02T00:00:00Z memory = NaN",
        ]
    );
    assert_eq!(
        (metrics(&frame), dimensions(&frame)),
        (vec!["value"], vec!["series"])
    );
    assert_eq!(frame.notes(), [UTC_NOTE]);
}

#[test]
fn the_metric_and_the_dimension_can_be_named() {
    let text = "ts;cpu;memory\n2024-05-01;1;2\n2024-05-02;3;4\n";
    let options = wide()
        .metric(Metric::new("load"))
        .dimension_from("resource", "series");
    let frame = read(text, &options);
    assert_eq!(
        (metrics(&frame), dimensions(&frame)),
        (vec!["load"], vec!["resource"])
    );
    // Asking for the dimension by the name it has anyway changes nothing.
    let plain = read(text, &wide().dimension("series"));
    assert_eq!(plain.fingerprint(), read(text, &wide()).fingerprint());
}

#[test]
fn the_time_is_the_column_with_a_usual_name_or_else_the_first() {
    let values = |text: &str| numbers(&read(text, &wide()));
    assert_eq!(values("a,time\n1,2024-05-01\n2,2024-05-02\n"), ["1", "2"]);
    assert_eq!(values("when,a\n2024-05-01,1\n2024-05-02,2\n"), ["1", "2"]);
    assert_eq!(
        refused("date,timestamp,a\n2024-05-01,1,2\n", &wide()),
        "data.csv: 2 of the columns date, timestamp, a suggest themselves for the time; name the \
         time column (--time COLUMN)"
    );
    let options = wide().time("when").ignore("time");
    let frame = read("a,time,when\n1,x,2024-05-01\n2,y,2024-05-02\n", &options);
    assert_eq!(numbers(&frame), ["1", "2"]);
}

#[test]
fn other_columns_can_be_dimensions_of_all_series_in_a_row() {
    let text = "ts,host,cpu,memory\n2024-05-01,a,1,2\n2024-05-01,b,3,4\n2024-05-02,a,5,6\n";
    let frame = read(text, &wide().dimension("host"));
    assert_eq!(dimensions(&frame), ["host", "series"]);
    assert_eq!(rows(&frame)[3], "2024-05-01T00:00:00Z b/memory = 4");
    assert_eq!(rows(&frame)[4], "2024-05-02T00:00:00Z a/cpu = 5");
}

#[test]
fn rows_can_be_counted() {
    let options = wide()
        .time_unit(TimeUnit::Rows)
        .granularity("PT1M".parse().unwrap())
        .ignore("split");
    let frame = read("timestamp,m0,m1,split\n0,1,2,train\n1,3,4,test\n", &options);
    assert_eq!(times(&frame)[3], "1970-01-01T00:01:00Z");
    assert_eq!(dimensions(&frame), ["series"]);
}

#[test]
fn a_column_of_words_is_named_with_the_remedy() {
    assert_eq!(
        refused("ts,m0,split\n2024-05-01,1,train\n", &wide()),
        "data.csv, row 2, column `split`: `train` is not a number; allowed: numbers such as 12.5 \
         or 1e3, and nothing, NaN, null, NA or None where missing; leave the column out (--ignore \
         COLUMN), or name it as a dimension (--dimension)"
    );
    assert_eq!(
        refused("ts,m0,m1\n2024-05-01,1,1 000\n", &wide()),
        "data.csv, row 2, column `m1`: `1 000` is not a number; allowed: numbers such as 12.5 or \
         1e3, and nothing, NaN, null, NA or None where missing; write a point before decimals and \
         nothing between thousands"
    );
    assert_eq!(
        refused("ts,m0,m1\n2024-05-01,1,1-2\n", &wide()),
        "data.csv, row 2, column `m1`: `1-2` is not a number; allowed: numbers such as 12.5 or 1e3, \
         and nothing, NaN, null, NA or None where missing; correct the cell, or leave the column out \
         (--ignore COLUMN)"
    );
}

#[test]
fn a_file_needs_a_series_and_each_series_a_name() {
    assert_eq!(
        refused("ts\n2024-05-01\n", &wide()),
        "data.csv has no column for a series beside ts; allowed in layout wide: one column or \
         more; add one, or ignore fewer"
    );
    assert_eq!(
        refused("ts,a,\n2024-05-01,1,2\n", &wide()),
        "data.csv, row 1: column 3 has no name, so its series has none; name it in the header, or \
         take it out"
    );
    // The time needs no name.
    assert_eq!(
        numbers(&read(",a\n2024-05-01,1\n2024-05-02,2\n", &wide())),
        ["1", "2"]
    );
}

#[test]
fn a_metric_has_no_column_of_its_own() {
    let text = "ts,a,b\n2024-05-01,1,2\n";
    assert_eq!(
        refused(text, &wide().metric_from(Metric::new("load"), "a")),
        "data.csv: the column `a` of metric `load` does not go with layout wide, where every \
         column holds the same metric; name the metric without a column (--metric NAME), or read \
         the file with --layout long"
    );
    assert_eq!(
        refused(
            text,
            &wide().metric(Metric::new("a")).metric(Metric::new("b"))
        ),
        "data.csv: more than one metric (2) does not go with layout wide, where every column \
         holds the same metric; name one, or read the file with --layout long"
    );
}

#[test]
fn a_dimension_that_is_no_column_is_refused() {
    assert_eq!(
        refused("ts,a,b\n2024-05-01,1,2\n", &wide().dimension("host")),
        "data.csv has no column `host` for the dimension; it has: ts, a, b; name its column with \
         --dimension host=COLUMN"
    );
}

#[test]
fn a_doubled_hour_is_doubled_for_all_series_of_a_row() {
    let text = "ts,a,b\n2024-11-03 01:00,1,2\n2024-11-03 01:00,3,4\n";
    let options = wide()
        .zone("America/Los_Angeles".parse().unwrap())
        .in_order();
    assert_eq!(
        times(&read(text, &options)),
        [
            "2024-11-03T08:00:00Z",
            "2024-11-03T08:00:00Z",
            "2024-11-03T09:00:00Z",
            "2024-11-03T09:00:00Z"
        ]
    );
}
