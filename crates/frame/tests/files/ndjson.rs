//! One JSON object a line.

use tuatara_frame::Metric;
use tuatara_frame::files::{self, ReadOptions, TimeUnit};

use crate::{UTC_NOTE, dimensions, metrics, options, read, rows};

fn refused(text: &str, options: &ReadOptions) -> String {
    files::read(text.as_bytes(), "data.ndjson", options)
        .unwrap_err()
        .to_string()
}

fn seconds() -> ReadOptions {
    options().time_unit(TimeUnit::Seconds)
}

#[test]
fn a_row_names_its_metric_its_labels_its_time_and_its_value() {
    let text = r#"{"metric":"load","labels":{"host":"a","zone":"eu"},"ts":1714557600,"value":0.5}

{"metric":"load","labels":{"zone":"eu","host":"b"},"ts":1714557660.5,"value":null}
{"value":2,"ts":1714557660,"labels":{"host":"a","rack":7},"metric":"load"}"#;
    let frame = read(text, &seconds());
    assert_eq!(
        (metrics(&frame), dimensions(&frame)),
        (vec!["load"], vec!["host", "rack", "zone"])
    );
    // A label that is not there is an empty one.
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T10:00:00Z a//eu = 0.5",
            "2024-05-01T10:01:00.500Z b//eu = NaN",
            "2024-05-01T10:01:00Z a/7/ = 2",
        ]
    );
}

#[test]
fn flat_objects_are_rows_of_columns() {
    let text = r#"{"Timestamp":"2024-05-01","value":1,"country":"DE","note":["any",{"thing":1}]}
{"Timestamp":"2024-05-02","value":2.5,"country":true}
{"country":null,"Timestamp":"2024-05-03","value":-3}
"#;
    let frame = read(text, &options().dimension("country"));
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T00:00:00Z DE = 1",
            "2024-05-02T00:00:00Z true = 2.5",
            "2024-05-03T00:00:00Z  = -3",
        ]
    );
    assert_eq!(frame.notes(), [UTC_NOTE, "keys not read: note"]);
}

#[test]
fn several_metrics_can_be_keys_of_one_object() {
    let text = r#"{"at":"2024-05-01T00:00:00Z","sold":3,"seen":40,"unique_id":"x"}
{"at":"2024-05-02T00:00:00Z","seen":50,"unique_id":"x"}
"#;
    let options = options()
        .time("at")
        .metric_from(Metric::new("orders"), "sold")
        .metric(Metric::new("seen"));
    let frame = read(text, &options);
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T00:00:00Z x = 3/40",
            "2024-05-02T00:00:00Z x = NaN/50"
        ]
    );
}

const TWO: &str = r#"{"metric":"up","ts":"2024-05-01","value":1}
{"metric":"load","ts":"2024-05-01","value":2}
{"metric":"up","ts":"2024-05-02","value":3}
"#;

#[test]
fn a_metric_is_chosen_by_its_name() {
    let up = read(TWO, &options().metric(Metric::new("up")));
    assert_eq!(
        rows(&up),
        ["2024-05-01T00:00:00Z  = 1", "2024-05-02T00:00:00Z  = 3"]
    );
    assert_eq!(up.notes(), [UTC_NOTE, "metrics not read: load"]);
    let both = options()
        .metric_from(Metric::new("health"), "up")
        .metric(Metric::new("load"));
    let both = read(TWO, &both);
    assert_eq!(metrics(&both), ["health", "load"]);
    assert_eq!(
        rows(&both),
        [
            "2024-05-01T00:00:00Z  = 1/NaN",
            "2024-05-01T00:00:00Z  = NaN/2",
            "2024-05-02T00:00:00Z  = 3/NaN",
        ]
    );
}

#[test]
fn a_choice_between_metrics_is_asked_for() {
    assert_eq!(
        refused(TWO, &options()),
        "data.ndjson has rows of 2 metrics, up, load; name those to read (--metric NAME)"
    );
    assert_eq!(
        refused(TWO, &options().metric(Metric::new("loda"))),
        "`data.ndjson` has no metric `loda`; it has: up, load; did you mean `load`?"
    );
}

#[test]
fn numbers_are_the_ones_that_tables_have() {
    // Decimals whose nearest double takes more than a product to find.
    for decimal in [
        "0.1",
        "1.7976931348623157e308",
        "9007199254740993",
        "5e-324",
        "0.30000000000000004",
        "1.17549435082229e-38",
    ] {
        let text = format!("{{\"ts\":\"2024-05-01\",\"value\":{decimal}}}\n");
        let frame = files::read(
            text.as_bytes(),
            "x",
            &options().granularity("P1D".parse().unwrap()),
        );
        let value = frame.unwrap().value(0, 0);
        assert_eq!(
            value.to_bits(),
            decimal.parse::<f64>().unwrap().to_bits(),
            "{decimal}"
        );
    }
}

#[test]
fn a_broken_line_is_named_with_its_byte_and_a_remedy() {
    let good = r#"{"ts":"2024-05-01","value":1}"#;
    let cases = [
        (
            r#"{"ts":"2024-05-02","value":1,}"#,
            "data.ndjson, row 2, byte 30: trailing comma; correct the line, one JSON object",
        ),
        (
            r#"{"ts":"2024-05-02","value":1"#,
            "data.ndjson, row 2, byte 28: EOF while parsing an object; write each object on one \
             line, and all of it; a document over several lines is a Prometheus response (--layout \
             prometheus) or needs jq -c",
        ),
        (
            r#"{"ts":"2024-05-02","value":NaN}"#,
            "data.ndjson, row 2, byte 28: expected value; JSON has no such number; write null \
             where the value is missing",
        ),
        (
            r#"{"ts":"2024-05-02","value":1e999}"#,
            "data.ndjson, row 2, byte 32: number out of range; correct the line, one JSON object",
        ),
        (
            r#"{"ts":"2024-05-02","value":1,"value":2}"#,
            "data.ndjson, row 2, byte 36: the key `value` occurs twice; correct the line, one JSON \
             object",
        ),
        (
            r#"{"ts":"2024-05-02","value":1} {"ts":"2024-05-03","value":1}"#,
            "data.ndjson, row 2, byte 31: trailing characters; correct the line, one JSON object",
        ),
        (
            "[1, 2]",
            "data.ndjson, row 2, byte 1: it holds a list; write one object a line",
        ),
        (
            "2024-05-02,1",
            "data.ndjson, row 2, byte 5: trailing characters; correct the line, one JSON object",
        ),
    ];
    for (line, message) in cases {
        assert_eq!(
            refused(&format!("{good}\n{line}\n"), &options()),
            message,
            "{line}"
        );
    }
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_its_key() {
    let numbers = "allowed: JSON numbers, and null where the value is missing";
    let dimensions = "allowed: text, numbers, true and false, and null where there is none";
    let cases = [
        (
            r#"{"ts":"2024-05-01","value":"12"}"#,
            format!("column `value`: `\"12\"` is not a number; {numbers}; write it without quotes, or null where it is missing"),
        ),
        (
            r#"{"ts":"2024-05-01","value":[1]}"#,
            format!("column `value`: `a list` is not a number; {numbers}; correct the value, or name another key for the metric (--metric NAME=COLUMN)"),
        ),
        (
            r#"{"ts":true,"value":1}"#,
            "column `ts`: `true` is not a stamp; allowed: text, and numbers with a declared unit; give every row a stamp".to_owned(),
        ),
        (
            r#"{"ts":"2024-05-01","value":1,"labels":"a"}"#,
            format!("column `labels`: \"a\" is not the value of a dimension; {dimensions}; write an object of names and values, or ignore the key (--ignore KEY)"),
        ),
        (
            r#"{"ts":"2024-05-01","value":1,"labels":{"a":{"b":1}}}"#,
            format!("column `a`: an object is not the value of a dimension; {dimensions}; write one value, or ignore the key (--ignore KEY)"),
        ),
        (
            r#"{"ts":"2024-05-01","value":1,"series":[1]}"#,
            format!("column `series`: a list is not the value of a dimension; {dimensions}; write one value, or ignore the key (--ignore KEY)"),
        ),
    ];
    for (line, message) in cases {
        assert_eq!(
            refused(line, &options()),
            format!("data.ndjson, row 1, {message}")
        );
    }
}

#[test]
fn a_key_that_is_missing_is_named_with_those_that_are_there() {
    assert_eq!(
        refused(r#"{"when":"2024-05-01","value":1}"#, &options()),
        "data.ndjson, row 1: no key for the time; it has: when, value; name it (--time COLUMN)"
    );
    assert_eq!(
        refused(r#"{"ts":"2024-05-01","revenue":1}"#, &options()),
        "data.ndjson, row 1: no key for the metric; it has: ts, revenue; name it (--metric \
         NAME=COLUMN), and write null where the value is missing"
    );
    let later = "{\"ts\":\"2024-05-01\",\"a\":1}\n{\"ts\":\"2024-05-02\"}\n";
    assert_eq!(
        refused(later, &options().metric(Metric::new("a"))),
        "data.ndjson, row 2: no key for the metric `a`; it has: ts; name it (--metric \
         NAME=COLUMN), and write null where the value is missing"
    );
    let unnamed = "{\"metric\":\"a\",\"ts\":\"2024-05-01\",\"value\":1}\n{\"ts\":\"2024-05-02\",\"value\":1}\n";
    assert_eq!(
        refused(unnamed, &options()),
        "data.ndjson, row 2: no key for the name of the metric `metric`; it has: ts, value; name \
         the metric of every row"
    );
    assert_eq!(
        refused(
            r#"{"ts":"2024-05-01","value":1}"#,
            &options().dimension("shop")
        ),
        "data.ndjson has no column `shop` for the dimension; it has: none; name its column with \
         --dimension shop=COLUMN"
    );
    assert_eq!(
        refused(
            r#"{"ts":"2024-05-01","value":1,"shops":"a"}"#,
            &options().dimension("shop")
        ),
        "data.ndjson has no column `shop` for the dimension; it has: shops; did you mean `shops`?"
    );
}

#[test]
fn keys_that_leave_a_choice_are_asked_about() {
    assert_eq!(
        refused(r#"{"ts":1,"date":"2024-05-01","value":1}"#, &seconds()),
        "data.ndjson: 2 of the columns ts, date, value suggest themselves for the time; name the \
         time column (--time COLUMN)"
    );
    assert_eq!(
        refused(r#"{"ts":1,"y":1,"value":1}"#, &seconds()),
        "data.ndjson: 2 of the columns ts, y, value suggest themselves for the metric; name the \
         metric column (--metric NAME=COLUMN)"
    );
    let frame = read(
        "{\"ts\":1,\"y\":1,\"value\":5}\n{\"ts\":2,\"y\":1,\"value\":6}\n",
        &seconds().ignore("y"),
    );
    assert_eq!(
        rows(&frame),
        ["1970-01-01T00:00:01Z  = 5", "1970-01-01T00:00:02Z  = 6"]
    );
    assert!(frame.notes().is_empty());
    assert_eq!(
        refused(r#"{"ts":1,"value":1}"#, &seconds().ignore("valeu")),
        "data.ndjson has no column `valeu` for the list of columns to ignore; it has: ts, value; \
         did you mean `value`?"
    );
}

#[test]
fn units_and_orders_are_declared_as_for_tables() {
    assert_eq!(
        refused(r#"{"ts":1714557600,"value":1}"#, &options()),
        "data.ndjson, row 1, column `ts`: `1714557600` may be seconds, milliseconds or something \
         else since 1970; declare the time unit (--time-unit s|ms|us|ns, or rows for a row counter)"
    );
    let millis = "{\"timestamp_ms\":1714557600001,\"value\":1}\n{\"timestamp_ms\":1714557600002,\"value\":1}\n";
    let frame = read(millis, &options());
    assert_eq!(rows(&frame)[0], "2024-05-01T10:00:00.001Z  = 1");
    assert_eq!(
        frame.notes(),
        ["numbers in `timestamp_ms` are read as milliseconds, as the name says"]
    );
    let back = "{\"ts\":2,\"value\":1}\n{\"ts\":1,\"value\":1}\n";
    assert_eq!(
        refused(back, &seconds().in_order()),
        "data.ndjson, row 2, column `ts`: `1` comes after 1970-01-01T00:00:02Z in row 1, although \
         the rows of each series are declared to be in order; sort them, or do not declare an order"
    );
}

#[test]
fn a_dimension_comes_from_one_key() {
    assert_eq!(
        refused(
            r#"{"ts":"2024-05-01","value":1,"host":"a","labels":{"host":"b"}}"#,
            &options().dimension("host")
        ),
        "data.ndjson, row 1, byte 1: the dimension `host` comes from two keys; ignore one of them \
         (--ignore KEY)"
    );
}
