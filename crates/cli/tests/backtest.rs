//! Backtest, diff, tune and inject by the command: what is written, and what is refused.

mod command;

use std::fs;
use std::io::Write;

use command::Folder;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

const SPEC: &str = "
detectionName: low
metric: value
rules:
  - detection: { name: low, type: THRESHOLD, params: { min: 50 } } # by hand
merger: { maxGap: 0 }
";

/// Two days of five-minute rows: 100, and 10 where `low` says.
fn rows(label: impl Fn(i64) -> Option<&'static str>, low: impl Fn(i64) -> bool) -> String {
    let mut text = "timestamp,value".to_owned();
    text.push_str(if label(0).is_some() { ",label\n" } else { "\n" });
    for row in 0..576 {
        let (day, hour, minute) = (row / 288 + 1, row / 12 % 24, row % 12 * 5);
        let value = if low(row) { 10 } else { 100 };
        text.push_str(&format!(
            "2026-03-{day:02} {hour:02}:{minute:02}:00,{value}"
        ));
        if let Some(label) = label(row) {
            text.push_str(&format!(",{label}"));
        }
        text.push('\n');
    }
    text
}

/// Rows 300 to 305 are low and an incident, row 400 is low for no reason.
fn low(row: i64) -> bool {
    (300..306).contains(&row) || row == 400
}

fn label(row: i64) -> Option<&'static str> {
    Some(if (298..306).contains(&row) { "1" } else { "0" })
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("low.yaml", SPEC);
    folder.write("lower.yaml", SPEC.replace("50", "5"));
    folder.write("data.csv", rows(|_| None, low));
    folder.write("labelled.csv", rows(label, low));
    folder.write(
        "labels.csv",
        "start,end\n2026-03-02T00:50:00Z,2026-03-02T01:30:00Z\n",
    );
    folder
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The total of a contestant.
fn total<'j>(document: &'j Value, contestant: &str) -> &'j Value {
    let mut figures = document["figures"].as_array().unwrap().iter();
    let is_it = |line: &&Value| line["contestant"] == contestant && line["series"].is_null();
    figures.find(is_it).unwrap()
}

#[test]
fn every_way_to_know_of_incidents_says_the_same() {
    let folder = folder();
    let windows =
        r#"{"sub/data.csv": [["2026-03-02 00:50:00.000000", "2026-03-02 01:25:00.000000"]]}"#;
    folder.write("windows.json", windows);
    for known in [
        "data.csv --labels labels.csv",
        "labelled.csv --label-column label",
        "data.csv --labels labelled.csv",
    ] {
        let ran = folder.line(&format!("backtest low.yaml {known} --format json"));
        assert_eq!(ran.status, 0, "{}", ran.err);
        let document = json(&ran.out);
        let of = total(&document, "low.yaml");
        assert_eq!(
            (&of["alerts"], &of["false_alerts"]),
            (&2.into(), &1.into()),
            "{known}"
        );
        // From 00:50 to 01:05, when the first low bucket was over.
        assert_eq!(of["delay_minutes"], 15.0, "{known}");
        assert!(total(&document, "random")["vus_pr"].as_f64().unwrap() < 0.5);
        assert_eq!(total(&document, "flag everything")["share_found"], 1.0);
    }
    // Of a folder, each file that the windows name is a series.
    fs::create_dir(folder.path().join("nab")).unwrap();
    fs::create_dir(folder.path().join("nab/sub")).unwrap();
    fs::copy(
        folder.path().join("data.csv"),
        folder.path().join("nab/sub/data.csv"),
    )
    .unwrap();
    for data in ["nab", "nab/sub/data.csv"] {
        let ran = folder.line(&format!(
            "backtest low.yaml {data} --labels windows.json --format json"
        ));
        let document = json(&ran.out);
        assert_eq!(
            document["figures"][1]["series"], "sub/data.csv",
            "{}",
            ran.err
        );
        assert_eq!(total(&document, "low.yaml")["alerts"], 2);
    }
    // Of a folder of labelled files, too.
    fs::create_dir(folder.path().join("labelled")).unwrap();
    for name in ["a", "b"] {
        let to = folder.path().join(format!("labelled/{name}.csv"));
        fs::copy(folder.path().join("labelled.csv"), to).unwrap();
    }
    let ran = folder.line("backtest low.yaml labelled --label-column label --format json");
    let document = json(&ran.out);
    let of = total(&document, "low.yaml");
    assert_eq!((&of["series_count"], &of["alerts"]), (&2.into(), &4.into()));
}

#[test]
fn csv_and_json_have_the_same_figures_under_the_same_names() {
    let folder = folder();
    for command in [
        (
            "backtest low.yaml lower.yaml data.csv --labels labels.csv",
            "figures",
        ),
        ("diff lower.yaml low.yaml data.csv", "changes"),
        (
            "tune low.yaml data.csv --param low.min --values 5,50 --budget 9/day",
            "values",
        ),
        (
            "inject low.yaml data.csv --incident zero --incident drop=10% --trials 20",
            "incidents",
        ),
    ] {
        let (command, list) = command;
        let csv = folder.line(&format!("{command} --format csv")).out;
        let mut lines = csv.lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        let document = json(&folder.line(&format!("{command} --format json")).out);
        let items = document[list].as_array().unwrap();
        assert_eq!(lines.clone().count(), items.len(), "{command}");
        assert!(!items.is_empty());
        for (line, item) in lines.zip(items) {
            let keys: Vec<&str> = item
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(keys, header, "{command}");
            for (cell, key) in line.split(',').zip(&header) {
                let value = &item[*key];
                let said = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                let same = cell == said
                    || cell.is_empty() && value.is_null()
                    || said.strip_suffix(".0") == Some(cell);
                assert!(same, "{command}: {key} is {cell} in CSV and {said} in JSON");
            }
        }
    }
}

#[test]
fn a_diff_ends_with_what_it_found() {
    let folder = folder();
    let same = folder.line("diff low.yaml low.yaml data.csv --quiet");
    assert_eq!(same.status, 0);
    assert!(
        same.out.ends_with(
            "2 the same, 0 added, 0 removed, 0 moved; 7.00 alerts per week, before 7.00\n"
        )
    );
    let other = folder.line("diff lower.yaml low.yaml data.csv --quiet");
    assert_eq!(other.status, 1);
    assert_eq!(
        other.out,
        "# low.yaml against lower.yaml; times in UTC, ends are exclusive\n\
         + value  2026-03-02 01:00 .. 2026-03-02 01:30 told 2026-03-02 01:05\n\
         + value  2026-03-02 09:20 .. 2026-03-02 09:25 told 2026-03-02 09:25\n\
         0 the same, 2 added, 0 removed, 0 moved; 7.00 alerts per week, before 0.00\n"
    );
    assert_eq!(folder.line("diff nothing.yaml low.yaml data.csv").status, 2);
}

#[test]
fn tuning_writes_the_specification_with_the_one_value_changed() {
    let folder = folder();
    let ran = folder.line(
        "tune low.yaml data.csv --param low.min --values 5,50,200 --budget 2/day --held-back 0.25 \
         --write tuned.yaml --quiet",
    );
    // 36 hours with two alerts are 1.33 a day; none in the last twelve.
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("\n* 50 "), "{}", ran.out);
    let written = fs::read_to_string(folder.path().join("tuned.yaml")).unwrap();
    assert_eq!(written, SPEC);
    let none = folder.line("tune low.yaml data.csv --param low.min --values 200 --budget 1/month");
    assert_eq!(none.status, 1);
    assert!(none.out.contains("none keeps to 1/month"), "{}", none.out);
}

#[test]
fn a_value_that_cannot_be_is_told_by_its_place_in_the_text() {
    let folder = folder();
    let ran = folder.line("tune low.yaml data.csv --param low.min --values 50,much --budget 2/day");
    assert_eq!(ran.status, 2);
    let place = "--> low.yaml with low.min much, by --values:5:61";
    assert!(ran.err.contains(place), "{}", ran.err);
    // What is wrong with or without it stands in the file.
    folder.write("wrong.yaml", SPEC.replace("merger:", "merge:"));
    let ran = folder.line("tune wrong.yaml data.csv --param low.min --values 1000 --budget 2/day");
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("--> wrong.yaml:6:1\n"), "{}", ran.err);
    assert!(
        ran.err.contains("{ min: 50 }") || !ran.err.contains("1000"),
        "{}",
        ran.err
    );
    let ran = folder.line("tune low.yaml data.csv --param lwo.min --values 50 --budget 2/day");
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("did you mean `low`?"), "{}", ran.err);
}

#[test]
fn alerts_of_the_quality_of_the_data_count_and_are_noted() {
    let folder = folder();
    let quality = "rules:\n  - quality: { name: gone, type: DATA_SLA, params: { sla: PT30M } }\n    detection:";
    folder.write("both.yaml", SPEC.replace("rules:\n  - detection:", quality));
    // Half an hour without rows.
    let data = fs::read_to_string(folder.path().join("data.csv")).unwrap();
    let gap = data.lines().filter(|row| !row.contains("2026-03-01 05:"));
    let gap: Vec<&str> = gap.collect();
    folder.write("gap.csv", gap.join("\n"));
    let line = "--param low.min --values 50 --budget 9/day --format csv";
    let alerts = |spec: &str| {
        let ran = folder.line(&format!("tune {spec} gap.csv {line}"));
        assert_eq!(ran.status, 0, "{ran:?}");
        let mut rows = csv::Reader::from_reader(ran.out.as_bytes());
        let heads = rows.headers().unwrap().clone();
        let counts = ["alerts", "held_back_alerts"];
        let is_count = |at: &usize| counts.contains(&&heads[*at]);
        let row = rows.records().next().unwrap().unwrap();
        let count = |at: usize| row[at].parse::<u32>().unwrap();
        let sum: u32 = (0..heads.len()).filter(is_count).map(count).sum();
        (
            sum,
            ran.err
                .contains("note: up to 1 of the alerts of a value tell of the quality"),
        )
    };
    assert_eq!(alerts("low.yaml"), (2, false));
    assert_eq!(alerts("both.yaml"), (3, true));
}

#[test]
fn labels_without_an_incident_where_they_are_needed_are_told() {
    let folder = folder();
    let tune =
        "tune low.yaml data.csv --param low.min --values 50 --budget 9/day --labels labels.csv";
    let ran = folder.line(&format!("{tune} --held-back 0.9"));
    assert!(
        ran.err.contains("there is no incident before"),
        "{}",
        ran.err
    );
    assert!(
        !folder
            .line(&format!("{tune} --held-back 0.1"))
            .err
            .contains("there is no incident")
    );
    folder.write("elsewhere.csv", "start,end\n2025-01-01,2025-01-02\n");
    let ran = folder.line("backtest low.yaml data.csv --labels elsewhere.csv");
    assert!(ran.err.contains("every alert is false"), "{}", ran.err);
    let ran = folder.line("backtest low.yaml data.csv");
    assert!(ran.err.contains("none is called false"), "{}", ran.err);
}

#[test]
fn injection_reads_like_a_sentence() {
    let ran = folder().line(
        "inject low.yaml data.csv --incident drop=60% --incident drop=20% --lasting PT30M --trials 30 -q",
    );
    assert_eq!(ran.status, 0, "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[1..],
        [
            "a drop of 60 % is reported within 5 min, 100 % of the time (30 of 30; 95 %: 89 to 100 %); \
             half of all within 5 min",
            "a drop of 20 % is never reported in 30 trials (95 %: up to 11 %)",
        ]
    );
}

#[test]
fn what_cannot_be_asked_is_refused_with_the_remedy() {
    let folder = folder();
    for (command, words) in [
        ("backtest low.yaml", "no data; name a data file"),
        (
            "backtest low.yaml lower.yaml -",
            "the data are read once for each specification",
        ),
        (
            "backtest low.yaml data.csv --labels nothing.csv",
            "nothing.csv cannot be read: ",
        ),
        ("backtest low.yaml data.csv --label-column label", "label"),
        (
            "backtest low.yaml . --labels labels.csv",
            "is a folder, each of whose files is a series",
        ),
        (
            "backtest low.yaml data.csv --labels labelled.csv --learn-labels-after P1D",
            "give --labels a file with start,end",
        ),
        (
            "tune low.yaml data.csv --param low.min --values 5 --budget 2",
            "`2` is no budget",
        ),
        (
            "tune low.yaml . --param low.min --values 5 --budget 2/day",
            "tune takes one set of data",
        ),
        (
            "tune - data.csv --param low.min --values 5 --budget 2/day",
            "give it as a file",
        ),
        (
            "inject low.yaml data.csv --incident dip",
            "`dip` is no incident",
        ),
        (
            "inject low.yaml . --incident zero",
            "inject takes one set of data",
        ),
        (
            "inject low.yaml data.csv --trials 0",
            "write a whole number from 1 to 100000",
        ),
    ] {
        let ran = folder.line(command);
        assert_eq!(ran.status, 2, "{command}: {}", ran.err);
        assert!(ran.err.contains(words), "{command}: {}", ran.err);
    }
}

/// Two days of hours in New York: row 30, at six in the morning of the second, is low.
fn new_york(folder: &Folder) {
    let mut text = "timestamp,value\n".to_owned();
    for row in 0..48 {
        let value = if row == 30 { 10 } else { 100 };
        let (day, hour) = (row / 24 + 1, row % 24);
        text.push_str(&format!("2026-01-{day:02} {hour:02}:00:00,{value}\n"));
    }
    folder.write("ny.csv", text);
    folder.write("ny.csv.tuatara.yaml", "timezone: America/New_York\n");
    folder.write(
        "zoned.csv",
        "start,end\n2026-01-02 06:00,2026-01-02 07:00\n",
    );
    folder.write("zoned-rows.csv", {
        let mut rows = "timestamp,value,label\n".to_owned();
        for row in 0..48 {
            let (day, hour, label) = (row / 24 + 1, row % 24, u8::from(row == 30));
            rows.push_str(&format!("2026-01-{day:02} {hour:02}:00:00,1,{label}\n"));
        }
        rows
    });
}

#[test]
fn labels_are_read_in_the_zone_of_the_data() {
    let folder = folder();
    new_york(&folder);
    let counted = |line: &str| {
        let ran = folder.line(&format!("backtest low.yaml {line} --format json"));
        assert_eq!(ran.status, 0, "{line}: {}", ran.err);
        let of = total(&json(&ran.out), "low.yaml").clone();
        (
            of["alerts"].clone(),
            of["false_alerts"].clone(),
            of["share_found"].clone(),
        )
    };
    let right = (Value::from(1), Value::from(0), Value::from(1.0));
    for labels in ["zoned.csv", "zoned-rows.csv"] {
        assert_eq!(
            counted(&format!("ny.csv --labels {labels}")),
            right,
            "{labels}"
        );
    }
    // Windows of NAB are moved as the data are.
    let windows = r#"{"data.csv": [["2026-03-02 00:50:00", "2026-03-02 01:25:00"]]}"#;
    folder.write("moved.json", windows);
    let line = "data.csv --labels moved.json --tz America/New_York";
    assert_eq!(counted(line).2, Value::from(1.0));
}

#[test]
fn a_list_is_a_list_with_a_mark_of_its_encoding_and_lines_of_nothing_before_it() {
    let folder = folder();
    for before in ["\u{feff}", "\n"] {
        let list = "start,end\n2026-03-02T00:50:00Z,2026-03-02T01:30:00Z\n";
        folder.write("marked.csv", format!("{before}{list}"));
        let ran = folder.line("backtest low.yaml data.csv --labels marked.csv --format json");
        assert_eq!(ran.status, 0, "{before:?}: {}", ran.err);
        assert_eq!(total(&json(&ran.out), "low.yaml")["share_found"], 1.0);
    }
}

/// 2026-13-01 is no date.
#[test]
fn a_mistake_in_a_packed_list_is_told_by_its_place() {
    let folder = folder();
    let text = "start,end\n2026-13-01T00:50:00Z,2026-03-02T01:30:00Z\n";
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    folder.write("packed.csv.gz", packed.finish().unwrap());
    let error = folder.error("backtest low.yaml data.csv --labels packed.csv.gz");
    assert!(
        error.contains("packed.csv.gz") && error.contains("start"),
        "{error}"
    );
    assert!(error.contains("2026-13-01T00:50:00Z"), "{error}");
}

#[test]
fn what_labels_do_not_reach_is_noted_or_refused() {
    let folder = folder();
    let rows = "timestamp,value,label\n2020-03-02 00:50:00,1,0\n2020-03-02 00:55:00,1,1\n";
    folder.write("otheryear.csv", rows);
    let ran = folder.line("backtest low.yaml data.csv --labels otheryear.csv");
    assert_eq!(ran.status, 2);
    assert!(
        ran.err.contains("none of them lies in the time"),
        "{}",
        ran.err
    );
    let list = "start,end\n2026-03-02T00:50:00Z,2026-03-02T01:30:00Z\n2031-01-01,2031-01-02\n";
    folder.write("late.csv", list);
    let ran = folder.line("backtest low.yaml data.csv --labels late.csv");
    let note =
        "note: 1 incident of the labels is not counted: it concerns no series, or lies outside";
    assert!(ran.err.contains(note), "{}", ran.err);
    // Labels by row end where the data are asked to end.
    let until = "--until 2026-03-02T02:00:00Z --format json";
    let ran = folder.line(&format!(
        "backtest low.yaml data.csv --labels labelled.csv {until}"
    ));
    let of = total(&json(&ran.out), "low.yaml").clone();
    assert_eq!((&of["alerts"], &of["false_alerts"]), (&1.into(), &0.into()));
}

#[test]
fn a_week_without_a_judged_bucket_has_no_rate() {
    let folder = folder();
    folder.write(
        "far.yaml",
        SPEC.replace(
            "type: THRESHOLD, params: { min: 50 }",
            "type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.2 }",
        ),
    );
    let ran = folder.line("diff far.yaml far.yaml data.csv --quiet");
    assert!(
        ran.out.ends_with("; - alerts per week, before -\n"),
        "{}",
        ran.out
    );
    let ran = folder.line("diff far.yaml far.yaml data.csv --quiet --format json");
    assert!(json(&ran.out)["alerts_per_week_after"].is_null());
    let tune = "tune far.yaml data.csv --param low.percentageChange --values 0.2 --budget 2/day -q";
    let ran = folder.line(tune);
    assert!(ran.out.contains("nothing was judged before"), "{}", ran.out);
}
