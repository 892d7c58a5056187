//! Answers of a Prometheus server.

use tuatara_frame::files::{self, Layout, ReadOptions, TimeUnit};
use tuatara_frame::{Metric, Source};

use crate::{dimensions, metrics, options, read, rows};

fn refused(text: &str, options: &ReadOptions) -> String {
    files::read(text.as_bytes(), "up.json", options)
        .unwrap_err()
        .to_string()
}

/// A response with these series.
fn matrix(series: &str) -> String {
    format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[{series}]}}}}"
    )
}

const UP: &str = r#"{
  "status": "success",
  "isPartial": false,
  "data": {
    "resultType": "matrix",
    "result": [
      {"metric": {"__name__": "up", "job": "node", "instance": "a:9100"},
       "values": [[1714557600, "1"], [1714557615.781, "NaN"]]},
      {"metric": {"__name__": "up", "job": "node"},
       "values": [[1714557600, "+Inf"], [1714557615.781, "-1.5e3"]]}
    ]
  }
}"#;

#[test]
fn a_matrix_is_rows_by_their_labels() {
    let frame = read(UP, &options());
    assert_eq!(
        (metrics(&frame), dimensions(&frame)),
        (vec!["up"], vec!["instance", "job"])
    );
    assert_eq!(
        rows(&frame),
        [
            "2024-05-01T10:00:00Z a:9100/node = 1",
            "2024-05-01T10:00:15.781Z a:9100/node = NaN",
            "2024-05-01T10:00:00Z /node = inf",
            "2024-05-01T10:00:15.781Z /node = -1500",
        ]
    );
    assert!(frame.notes().is_empty());
}

#[test]
fn the_order_of_keys_and_the_envelope_do_not_matter() {
    let expected = read(UP, &options()).fingerprint();
    let inner = &UP[UP.find("\"data\": ").unwrap() + 8..UP.len() - 2];
    assert_eq!(read(inner, &options()).fingerprint(), expected);
    // As tools write it that sort keys.
    let sorted: serde_json::Value = serde_json::from_str(UP).unwrap();
    let data = &sorted["data"];
    let swapped = format!(
        "{{\"data\":{{\"result\":{},\"resultType\":\"matrix\"}},\"status\":\"success\"}}",
        data["result"]
    );
    assert_eq!(read(&swapped, &options()).fingerprint(), expected);
    let declared = options().layout(Layout::Prometheus);
    assert_eq!(read(UP, &declared).fingerprint(), expected);
}

const TWO: &str = r#"{"metric":{"__name__":"a","job":"x"},"values":[[60,"1"],[120,"2"]]},
                     {"metric":{"__name__":"b","job":"x"},"values":[[60,"3"],[120,"4"]]}"#;

#[test]
fn the_metric_has_the_name_that_is_declared_or_that_all_series_have() {
    let unnamed = matrix(r#"{"metric":{},"values":[[60,"1"],[120,"2"]]}"#);
    assert_eq!(metrics(&read(&unnamed, &options())), ["value"]);
    let errors = options().metric(Metric::new("errors"));
    assert_eq!(metrics(&read(&unnamed, &errors)), ["errors"]);
    let renamed = read(UP, &errors);
    assert_eq!((metrics(&renamed), renamed.len()), (vec!["errors"], 4));
    assert_eq!(renamed.notes(), ["`up` is read as errors"]);
}

#[test]
fn metrics_of_several_names_are_chosen_or_kept_apart() {
    let chosen = read(&matrix(TWO), &options().metric(Metric::new("b")));
    assert_eq!(
        rows(&chosen),
        ["1970-01-01T00:01:00Z x = 3", "1970-01-01T00:02:00Z x = 4"]
    );
    assert_eq!(chosen.notes(), ["metrics not read: a"]);
    let all = read(&matrix(TWO), &options());
    assert_eq!(dimensions(&all), ["job", "__name__"]);
    assert_eq!(rows(&all)[2], "1970-01-01T00:01:00Z x/b = 3");
    assert_eq!(
        all.notes(),
        ["2 metrics are read as one, `value`, with the dimension __name__"]
    );
    assert_eq!(
        refused(&matrix(TWO), &options().metric(Metric::new("c"))),
        "`up.json` has no metric `c`; it has: a, b; name one of these"
    );
}

#[test]
fn labels_can_be_renamed_or_left_out() {
    let options = options()
        .dimension_from("service", "job")
        .ignore("instance")
        .file_dimension("file");
    let frame = read(UP, &options);
    assert_eq!(dimensions(&frame), ["service", "file"]);
    assert_eq!(rows(&frame)[0], "2024-05-01T10:00:00Z node/data = 1");
    assert_eq!(
        refused(UP, &crate::options().dimension("pod")),
        "up.json has no column `pod` for the dimension; it has: instance, job; name its column \
         with --dimension pod=COLUMN"
    );
    assert_eq!(
        refused(UP, &crate::options().ignore("pod")),
        "up.json has no column `pod` for the list of columns to ignore; it has: instance, job; \
         take it off the list"
    );
}

#[test]
fn an_error_of_the_server_is_its_own_message() {
    let text = r#"{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\""}"#;
    assert_eq!(
        refused(text, &options()),
        "up.json holds no data but an error of the server, bad_data: invalid parameter \"query\"; \
         repeat the query"
    );
}

#[test]
fn other_results_are_refused_by_name() {
    for kind in ["vector", "scalar", "string", "streams"] {
        let text = format!(
            "{{\"status\":\"success\",\"data\":{{\"resultType\":\"{kind}\",\"result\":[]}}}}"
        );
        let said = refused(&text, &options());
        assert!(
            said.ends_with(&format!(
                ": a result of type {kind}; allowed: a matrix of samples, the answer to \
                 query_range; ask the server for /api/v1/query_range instead"
            )),
            "{said}"
        );
    }
    let vector = matrix(r#"{"metric":{},"value":[60,"1"]}"#);
    assert!(refused(&vector, &options()).contains("a result of type vector"));
    let histogram = matrix(r#"{"metric":{},"histograms":[[60,{"count":"1"}]]}"#);
    assert_eq!(
        refused(&histogram, &options()),
        "up.json, row 1, byte 86: native histograms in series 1; allowed: samples that are \
         numbers; query a number of them, such as histogram_quantile(0.99, …)"
    );
}

#[test]
fn a_broken_sample_is_named_by_its_place() {
    let value = matrix(r#"{"metric":{},"values":[[60,"1"],[120,"one"]]}"#);
    assert_eq!(
        refused(&value, &options()),
        "up.json, row 1, byte 103: the value \"one\" in sample 2 of series 1; allowed: numbers such \
         as \"0.5\", and \"NaN\", \"+Inf\" and \"-Inf\"; give the response as the server sent it"
    );
    for (sample, problem) in [
        (r#"[60,1]"#, "invalid type: integer `1`, expected text"),
        (r#"["60","1"]"#, "invalid type: string \"60\", expected f64"),
        (
            r#"[60]"#,
            "invalid length 1, expected a sample, [stamp, \"value\"]",
        ),
        (
            r#"[60,"1",2]"#,
            "invalid length 3, expected a sample, [stamp, \"value\"]",
        ),
        (
            r#"[1e300,"1"]"#,
            "allowed: seconds since 1970 that lie in the years 1 to 9999",
        ),
        (
            r#"[60,"1e999"]"#,
            "the value \"1e999\" in sample 1 of series 1",
        ),
        (r#"[60,""]"#, "the value \"\" in sample 1 of series 1"),
        (
            r#"[60,"null"]"#,
            "the value \"null\" in sample 1 of series 1",
        ),
    ] {
        let series = format!("{{\"metric\":{{}},\"values\":[{sample}]}}");
        let said = refused(&matrix(&series), &options());
        assert!(said.starts_with("up.json, row 1, byte "), "{said}");
        assert!(said.contains(problem), "{said}");
    }
}

#[test]
fn what_is_no_response_is_refused() {
    let cut = &UP[..UP.find("+Inf").unwrap()];
    let said = refused(cut, &options());
    assert!(
        said.ends_with("; the response is cut short; fetch it again"),
        "{said}"
    );
    assert!(said.starts_with("up.json, row 10, byte "), "{said}");
    assert_eq!(
        refused("{\"status\":\"success\",\"data\":null}", &options()),
        "up.json, row 1, byte 1: a document without a result; allowed: a matrix of samples, the \
         answer to query_range; give the response as the server sent it"
    );
    assert_eq!(
        refused(&matrix(""), &options()),
        "`up.json` has no rows, so it spans no time; give it at least one"
    );
    let twice = matrix(r#"{"metric":{"a":"1","a":"2"},"values":[]}"#);
    assert!(refused(&twice, &options()).contains("the label `a` occurs twice"));
    let behind = format!("{} x", matrix(TWO));
    assert!(refused(&behind, &options()).contains("trailing characters"));
}

#[test]
fn stamps_are_seconds_whatever_is_declared() {
    let seconds = read(UP, &options().time_unit(TimeUnit::Seconds));
    assert_eq!(seconds.fingerprint(), read(UP, &options()).fingerprint());
    assert_eq!(
        refused(UP, &options().time_unit(TimeUnit::Millis)),
        "up.json: another unit than seconds does not go with a Prometheus response, whose stamps \
         are in seconds; leave the unit out"
    );
    assert_eq!(
        refused(UP, &options().time("ts")),
        "up.json: a time column does not go with a Prometheus response, whose stamps have their \
         place; leave it out"
    );
}

#[test]
fn a_declared_order_is_checked_within_each_series() {
    let back = matrix(r#"{"metric":{},"values":[[120,"1"],[60,"2"]]}"#);
    let said = refused(&back, &options().in_order());
    assert!(
        said.contains(
            "sample 2 of series 1 is at 1970-01-01T00:01:00Z, before an earlier one; allowed: \
             stamps in order, as is declared; sort them, or do not declare an order"
        ),
        "{said}"
    );
}

#[test]
fn warnings_of_the_server_are_passed_on() {
    let text = matrix(TWO).replacen('{', "{\"warnings\":[\"too many samples\"],", 1);
    let frame = read(&text, &options().layout(Layout::Prometheus));
    assert_eq!(frame.notes()[0], "the server warns: too many samples");
}
