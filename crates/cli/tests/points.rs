//! `tuatara points`: one row per slice, rule and bucket, or one per row of the file.

mod command;

use command::{Folder, shipped};

const SPEC: &str = "
detectionName: both sides
metric: value
dimensionExploration: { dimensions: [country] }
rules:
  - detection:
      - { name: limit, type: THRESHOLD, params: { max: 10 } }
      - { name: hour, type: PERCENTAGE_RULE, params: { offset: mean2h, percentageChange: 0.5 } }
";

/// Out of order, with two rows of one hour, an hour left out, one without a value, an infinite
/// value, and a stamp within an hour.
const ROWS: &str = "timestamp,country,value
2026-01-01T02:00:00Z,AT,3
2026-01-01T00:00:00Z,AT,4
2026-01-01T00:00:00Z,BE,8
2026-01-01T01:00:00Z,AT,6
2026-01-01T01:00:00Z,AT,7
2026-01-01T04:00:00Z,AT,
2026-01-01T05:30:00Z,AT,20
2026-01-01T01:00:00Z,BE,2
2026-01-01T06:00:00Z,AT,inf
";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("both.yaml", SPEC);
    folder.write("rows.csv", ROWS);
    folder
}

/// The cells of every row below the header.
fn table(text: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().skip(1).map(cells).collect()
}

#[test]
fn the_grid_has_every_bucket_of_every_slice_and_rule_in_order() {
    let folder = folder();
    let out = folder.line("points both.yaml rows.csv").results();
    assert_eq!(
        out.lines().take(9).collect::<Vec<_>>(),
        [
            "series,rule,timestamp,value,expected,lower,upper,score,is_anomaly,verdict",
            "value{country=AT},limit:THRESHOLD,2026-01-01T00:00:00Z,4,4,,10,0.4,false,normal",
            "value{country=AT},limit:THRESHOLD,2026-01-01T01:00:00Z,13,10,,10,1.3,true,anomaly_up",
            "value{country=AT},limit:THRESHOLD,2026-01-01T02:00:00Z,3,3,,10,0.30000000000000004,false,normal",
            "value{country=AT},limit:THRESHOLD,2026-01-01T03:00:00Z,,,,10,,,missing",
            "value{country=AT},limit:THRESHOLD,2026-01-01T04:00:00Z,,,,10,,,missing",
            "value{country=AT},limit:THRESHOLD,2026-01-01T05:00:00Z,20,10,,10,2,true,anomaly_up",
            "value{country=AT},limit:THRESHOLD,2026-01-01T06:00:00Z,,,,10,,,missing",
            "value{country=AT},hour:PERCENTAGE_RULE,2026-01-01T00:00:00Z,4,,,,,,warming_up",
        ]
    );
    assert_eq!(table(&out).len(), 2 * 2 * 7);
}

#[test]
fn rows_of_the_file_keep_their_order_and_share_the_verdict_of_their_hour() {
    let folder = folder();
    let out = folder
        .line("points both.yaml rows.csv --rows input")
        .results();
    let rows = table(&out);
    // Nothing is filtered: every row of the file, once for each rule.
    let stamps: Vec<&str> = ROWS.lines().skip(1).map(|line| &line[..20]).collect();
    for (rule, name) in ["limit:THRESHOLD", "hour:PERCENTAGE_RULE"]
        .iter()
        .enumerate()
    {
        let of_rule: Vec<_> = rows.iter().skip(rule).step_by(2).collect();
        assert!(of_rule.iter().all(|row| row[1] == *name));
        let written: Vec<&str> = of_rule.iter().map(|row| row[2].as_str()).collect();
        assert_eq!(written, stamps);
    }
    // 6 and 7 are one hour of 13; the stamp within an hour stays as it is.
    assert_eq!(rows[6][3..], rows[8][3..]);
    assert_eq!(rows[6][3], "13");
    assert_eq!(rows[12][2..4], ["2026-01-01T05:30:00Z", "20"]);
    // Each row says of its slice and hour what the grid says.
    let grid = table(&folder.line("points both.yaml rows.csv").results());
    for row in &rows {
        let hour = format!("{}:00:00Z", &row[2][..13]);
        let same = |known: &&Vec<String>| known[..2] == row[..2] && known[2] == hour;
        assert_eq!(grid.iter().find(same).unwrap()[3..], row[3..]);
    }
}

#[test]
fn filtered_rows_and_rows_outside_the_run_are_left_out() {
    let folder = folder();
    let only = SPEC.replace("rules:", "filters: { country: BE }\nrules:");
    folder.write("only.yaml", only);
    let rows = table(
        &folder
            .line("points only.yaml rows.csv --rows input")
            .results(),
    );
    assert_eq!(rows.len(), 2 * 2);
    assert!(rows.iter().all(|row| row[0] == "value{country=BE}"));
    let since = "--since 2026-01-01T01:00 --until 2026-01-01T05:00";
    let rows = table(
        &folder
            .line(&format!("points both.yaml rows.csv --rows input {since}"))
            .results(),
    );
    let stamps: Vec<&str> = rows.iter().step_by(2).map(|row| &row[2][11..16]).collect();
    assert_eq!(stamps, ["02:00", "01:00", "01:00", "04:00", "01:00"]);
}

#[test]
fn the_detectors_own_columns_come_after_the_common_ones() {
    let folder = folder();
    let plain = folder.line("points both.yaml rows.csv").results();
    let own = folder
        .line("points both.yaml rows.csv --internals")
        .results();
    for (plain, own) in plain.lines().zip(own.lines()) {
        let (common, last) = own.rsplit_once(',').unwrap();
        assert_eq!(common, plain);
        let is_of_hours = plain.contains("hour:PERCENTAGE_RULE");
        assert_eq!(last.parse::<u32>().is_ok(), is_of_hours, "{own}");
    }
    assert!(own.starts_with(
        "series,rule,timestamp,value,expected,lower,upper,score,is_anomaly,verdict,lags_found\n"
    ));
    // At two o'clock both earlier hours were found: (13 + 4) / 2.
    let two = ",hour:PERCENTAGE_RULE,2026-01-01T02:00:00Z,3,8.5,4.25,12.75,";
    let line = own.lines().find(|line| line.contains(two)).unwrap();
    assert!(line.ends_with(",true,anomaly_down,2"), "{line}");
    let rows = folder
        .line("points both.yaml rows.csv --internals --rows input")
        .results();
    assert_eq!(
        rows.lines().nth(2),
        own.lines().find(|row| row.contains(two))
    );
}

#[test]
fn json_lines_say_what_the_table_says() {
    let folder = folder();
    let csv = folder
        .line("points both.yaml rows.csv --internals")
        .results();
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let json = folder
        .line("points both.yaml rows.csv --internals --format ndjson")
        .results();
    assert_eq!(json.lines().count(), csv.lines().count() - 1);
    for (line, row) in json.lines().zip(table(&csv)) {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        let keys: Vec<&str> = object
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        // The schema before, what only JSON has after.
        assert_eq!(keys[1..=header.len()], header);
        for (name, cell) in header.iter().zip(row) {
            match &object[*name] {
                serde_json::Value::Null => assert_eq!(cell, ""),
                serde_json::Value::String(text) => assert_eq!(*text, cell),
                serde_json::Value::Bool(truth) => assert_eq!(truth.to_string(), cell),
                number => {
                    let read: f64 = cell.parse().unwrap();
                    assert_eq!(number.as_f64().map(f64::to_bits), Some(read.to_bits()));
                }
            }
        }
    }
}

#[test]
fn a_slice_with_a_comma_in_its_name_is_one_cell() {
    let folder = Folder::new();
    folder.write("both.yaml", SPEC.replace("[country]", "[country, shop]"));
    folder.write(
        "rows.csv",
        "timestamp,country,shop,value\n2026-01-01T00:00:00Z,AT,\"a,b\",1\n2026-01-01T01:00:00Z,AT,\"a,b\",1\n",
    );
    let out = folder.line("points both.yaml rows.csv").results();
    let first = out.lines().nth(1).unwrap();
    assert!(
        first.starts_with("\"value{country=AT,shop=a\\,b}\",limit:THRESHOLD,"),
        "{first}"
    );
}

#[test]
fn every_row_of_the_shipped_orders_has_its_point() {
    let folder = Folder::new();
    let spec = shipped("examples/orders.yaml");
    let data = shipped("datasets/hourly-orders.csv");
    let args = [
        "points".into(),
        spec.into_os_string(),
        data.clone().into(),
        "--rows".into(),
        "input".into(),
    ];
    let rows = table(&folder.run(args).results());
    let file = std::fs::read_to_string(data).unwrap();
    assert_eq!(rows.len(), file.lines().count() - 1);
    for (row, line) in rows.iter().zip(file.lines().skip(1)) {
        let cells: Vec<&str> = line.split(',').collect();
        // The name of the slice holds a comma and so is quoted.
        assert_eq!(
            row[..2],
            [
                format!("\"orders{{country={}", cells[1]),
                format!("platform={}}}\"", cells[2])
            ]
        );
        assert_eq!(row[4], cells[3]);
    }
}
