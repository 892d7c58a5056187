//! What is written is what docs/output.md says, field for field, in every kind and form.
//!
//! `tests/outputs/` holds what the command wrote about the shipped orders, one file for each kind
//! and form. When an output changes on purpose, `tests/outputs/again` puts the new ones there.

mod command;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

use command::{Folder, Ran, shipped};
use serde_json::Value;
use tuatara::core::{Direction, Verdict};
use tuatara::frame::Instant;

/// The kinds with their commands, over days on which anomalies are closed, open and removed, and an
/// hour in which one is open.
const KINDS: [(&str, &str); 3] = [
    (
        "anomalies",
        "detect --since 2026-03-04T12:00:00Z --until 2026-03-27T20:00:00Z",
    ),
    (
        "events",
        "detect --events --since 2026-03-04T12:00:00Z --until 2026-03-27T20:00:00Z",
    ),
    (
        "points",
        "points --since 2026-03-27T18:00:00Z --until 2026-03-27T19:00:00Z",
    ),
];

fn kept(name: &str) -> String {
    let path = shipped("crates/cli/tests/outputs").join(name);
    let text = fs::read_to_string(&path);
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs the words of `line` over the shipped orders.
fn run(line: &str) -> Ran {
    let mut words = line.split_whitespace();
    let command = words.next().unwrap();
    let mut args: Vec<OsString> = vec![command.into()];
    args.push(shipped("crates/cli/tests/outputs/shop.yaml").into());
    args.push(shipped("datasets/hourly-orders.csv").into());
    args.extend(["--quiet", "--tz", "America/New_York"].map(OsString::from));
    args.extend(words.map(OsString::from));
    Folder::new().run(args)
}

/// What `command` writes in `form`.
fn written(command: &str, form: &str) -> String {
    run(&format!("{command} --format {form}")).results()
}

/// A row of a table of the page: the name of a field, its type, and the rest.
#[derive(Debug, Clone)]
struct Documented {
    name: String,
    kind: String,
    rest: String,
}

/// The tables under a heading of docs/output.md, by the name of their first column and the third.
fn documented(heading: &str) -> Vec<Vec<Documented>> {
    let page = fs::read_to_string(shipped("docs/output.md")).unwrap();
    let (_, section) = page
        .split_once(&format!("\n## {heading}\n"))
        .or_else(|| page.split_once(&format!("\n### {heading}\n")))
        .unwrap_or_else(|| panic!("no heading {heading}"));
    let section = section.split("\n#").next().unwrap();
    let mut tables: Vec<Vec<Documented>> = Vec::new();
    let mut within = false;
    for line in section.lines() {
        if !line.starts_with('|') {
            within = false;
        } else if !within {
            within = true;
            tables.push(Vec::new());
        } else if !line.starts_with("|-") {
            let line = line.replace("\\|", "¦");
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            let mut cell = || cells.next().unwrap_or_default().to_owned();
            let name = cell().trim_matches('`').to_owned();
            let (kind, rest) = (cell(), cell() + &cell());
            tables
                .last_mut()
                .unwrap()
                .push(Documented { name, kind, rest });
        }
    }
    tables
}

/// The fields of a kind: those of every form, and those of JSON alone.
fn fields(kind: &str) -> (Vec<Documented>, Vec<Documented>) {
    let anomalies = documented("Anomalies");
    match kind {
        "anomalies" => (anomalies[0].clone(), anomalies[1].clone()),
        "events" => {
            let own = documented("Events").swap_remove(0);
            let all = own.into_iter().chain(anomalies[0].clone()).collect();
            (all, anomalies[1].clone())
        }
        _ => {
            let points = documented("Points");
            (points[0].clone(), points[1].clone())
        }
    }
}

fn names(fields: &[Documented]) -> Vec<&str> {
    fields.iter().map(|field| field.name.as_str()).collect()
}

fn keys(object: &Value) -> Vec<&str> {
    let object = object.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

/// Whether the text of a cell of CSV is of the type that is documented.
fn is_of(kind: &str, cell: &str) -> bool {
    match kind {
        "id" => cell.len() == 32 && cell.bytes().all(|b| b"0123456789abcdef".contains(&b)),
        "text" | "word" => !cell.is_empty(),
        "instant" => cell.ends_with('Z') && cell.parse::<Instant>().is_ok(),
        "number" => cell.parse::<f64>().is_ok_and(f64::is_finite),
        "count" => cell.parse::<u32>().is_ok(),
        "truth" => ["true", "false"].contains(&cell),
        other => panic!("{other} is no type of the page"),
    }
}

/// Whether a value of JSON says what a cell of CSV says, bit for bit.
fn says(value: &Value, cell: &str) -> bool {
    match value {
        Value::Null => cell.is_empty(),
        Value::Bool(truth) => cell == truth.to_string(),
        Value::String(text) => text == cell,
        Value::Number(number) => {
            let read: f64 = cell.parse().unwrap();
            number.as_f64().map(f64::to_bits) == Some(read.to_bits())
        }
        nested => panic!("{nested} is no cell"),
    }
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = owned(reader.headers().unwrap());
    let rows = reader.records().map(|record| owned(&record.unwrap()));
    (header, rows.collect())
}

#[test]
fn the_files_of_each_kind_and_form_are_what_is_written_now() {
    for (kind, command) in KINDS {
        for form in ["csv", "ndjson", "json"] {
            let name = format!("{kind}.{form}");
            let now = written(command, form);
            assert!(now == kept(&name), "{name} would now be\n{now}");
        }
    }
}

#[test]
fn csv_has_the_documented_columns_and_each_cell_its_type() {
    for (kind, command) in KINDS {
        let (fields, _) = fields(kind);
        let (header, rows) = table(&written(command, "csv"));
        assert_eq!(header, names(&fields), "{kind}");
        assert!(!rows.is_empty());
        for row in rows {
            for (field, cell) in fields.iter().zip(&row) {
                if cell.is_empty() {
                    assert!(!field.rest.starts_with("never"), "{kind}: {}", field.name);
                } else {
                    assert!(is_of(&field.kind, cell), "{kind}: {field:?}: {cell}");
                    let listed = field.rest.contains(&format!("`{cell}`"));
                    assert!(field.kind != "word" || listed, "{kind}: {cell}");
                }
            }
        }
    }
}

#[test]
fn json_lines_have_their_schema_the_documented_keys_and_what_csv_says() {
    for (kind, command) in KINDS {
        let (flat, nested) = fields(kind);
        let mut wanted = vec!["schema"];
        wanted.extend(names(&flat));
        wanted.extend(names(&nested));
        let (_, rows) = table(&written(command, "csv"));
        let lines = json_lines(&written(command, "ndjson"));
        assert_eq!(lines.len(), rows.len());
        for (line, row) in lines.iter().zip(rows) {
            assert_eq!(keys(line), wanted, "{kind}");
            assert_eq!(line["schema"], format!("tuatara-{kind}-1"));
            for (field, cell) in flat.iter().zip(&row) {
                assert!(says(&line[&field.name], cell), "{kind}: {}", field.name);
            }
            assert_eq!(line["metric"], "orders");
            let labels = line["labels"].as_object().unwrap();
            assert_eq!(labels["platform"], "android|ios");
            let series = line["series"].as_str().unwrap();
            assert!(series.contains(&format!("country={}", labels["country"].as_str().unwrap())));
        }
    }
}

#[test]
fn documents_have_the_documented_head_and_the_records_of_the_lines() {
    let head = documented("Documents");
    let (head, lists) = (&head[0], &head[1]);
    for (kind, command) in KINDS {
        let document: Value = serde_json::from_str(&written(command, "json")).unwrap();
        let of_kind = lists.iter().filter(|list| list.kind == kind);
        let lists: Vec<&str> = of_kind.map(|list| list.name.as_str()).collect();
        let mut wanted = names(head);
        wanted.extend(&lists);
        assert_eq!(keys(&document), wanted, "{kind}");
        for field in head {
            let cell = match &document[&field.name] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert!(is_of(&field.kind, &cell), "{kind}: {field:?}: {cell}");
        }
        let mut lines = json_lines(&written(command, "ndjson"));
        for line in &mut lines {
            let schema = line.as_object_mut().unwrap().shift_remove("schema");
            assert_eq!(schema.unwrap(), document["schema"]);
        }
        assert_eq!(document[lists[0]], Value::Array(lines), "{kind}");
    }
}

#[test]
fn removed_anomalies_say_which_filter_and_why() {
    let (_, command) = KINDS[0];
    let document: Value = serde_json::from_str(&written(command, "json")).unwrap();
    let removed = document["removed"].as_array().unwrap();
    assert_eq!(removed.len(), 1);
    assert_eq!(keys(&removed[0]), keys(&document["anomalies"][0]));
    let judgement = &removed[0]["judgements"][0];
    assert_eq!(keys(judgement), names(&documented("Anomalies")[2]));
    assert_eq!(judgement["kept"], false);
    assert_eq!(
        document["removed_by"],
        serde_json::json!([{ "filter": "short:DURATION_FILTER", "count": 1 }])
    );
}

#[test]
fn the_documented_verdicts_are_all_there_are() {
    let fields = documented("Points").swap_remove(0);
    let verdict = fields.iter().find(|field| field.name == "verdict").unwrap();
    let listed: Vec<&str> = verdict.rest.split('`').skip(1).step_by(2).collect();
    let all = [
        Verdict::Normal,
        Verdict::Anomalous(Direction::Up),
        Verdict::Anomalous(Direction::Down),
        Verdict::Anomalous(Direction::Neither),
        Verdict::Missing,
        Verdict::Incomplete,
        Verdict::OutOfRange,
        Verdict::WarmingUp { have: 1, need: 2 },
        Verdict::NoBaseline,
        Verdict::Inactive,
    ];
    assert_eq!(listed, all.map(Verdict::as_str));
}

#[test]
fn profiles_have_the_documented_columns_filled_from_the_fields_that_are_named() {
    let (_, command) = KINDS[2];
    let command = format!("{command} --rule against_four_weeks");
    let ours = json_lines(&written(&command, "ndjson"));
    assert_eq!(ours.len(), 4);
    for profile in ["prophet", "vmanomaly", "bigquery", "snowflake"] {
        let columns = documented(profile).swap_remove(0);
        let command = format!("{command} --profile {profile}");
        let (header, rows) = table(&written(&command, "csv"));
        assert_eq!(header, names(&columns), "{profile}");
        let lines = json_lines(&written(&command, "ndjson"));
        assert_eq!((rows.len(), lines.len()), (ours.len(), ours.len()));
        for ((row, line), ours) in rows.iter().zip(&lines).zip(&ours) {
            assert_eq!(keys(line), names(&columns), "{profile}");
            for (column, cell) in columns.iter().zip(row) {
                assert!(says(&line[&column.name], cell), "{profile}: {column:?}");
                // What it is stands in the second column of its table.
                let source = column.kind.split('`').nth(1);
                let Some(source) = source else {
                    assert!(column.kind.starts_with("always empty"), "{column:?}");
                    assert_eq!(cell, "", "{column:?}");
                    continue;
                };
                if column.kind.contains("as `2026-03-01 10:00:00`") {
                    let stamp = ours[source].as_str().unwrap();
                    assert_eq!(cell.replace(' ', "T") + "Z", stamp, "{profile}");
                } else {
                    assert!(says(&ours[source], cell), "{profile}: {column:?}");
                }
            }
        }
    }
}

#[test]
fn a_profile_asks_for_one_rule_and_for_rows() {
    let said = |line: &str| {
        let ran = run(line);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{line}");
        ran.err
    };
    let both = "against_four_weeks:PERCENTAGE_RULE, silent:THRESHOLD";
    assert_eq!(
        said("points --profile prophet"),
        format!(
            "error: --profile prophet has one row per series and time, and the specification has 2 \
             rules: {both}; choose one with --rule\n"
        )
    );
    assert_eq!(
        said("points --profile prophet --format json"),
        "error: --profile gives columns the names of another program, and the document of --format \
         json has names of its own; write --format csv or ndjson\n"
    );
    assert_eq!(
        said("points --rule silnt:THRESHOLD"),
        format!(
            "error: --rule silnt:THRESHOLD is no rule of the specification, did you mean \
             silent:THRESHOLD?; it has {both}\n"
        )
    );
    let unknown = said("points --profile influx");
    assert!(
        unknown.contains("[possible values: prophet, vmanomaly, bigquery, snowflake]"),
        "{unknown}"
    );
    let refused = said("points --format table");
    assert!(
        refused.contains("[possible values: csv, ndjson, json]"),
        "{refused}"
    );
}

#[test]
fn one_rule_is_chosen_by_its_name_with_or_without_its_type() {
    let (_, command) = KINDS[2];
    let (_, all) = table(&written(command, "csv"));
    let short = written(&format!("{command} --rule silent"), "csv");
    let full = written(&format!("{command} --rule silent:THRESHOLD"), "csv");
    assert_eq!(short, full);
    let of_rule: Vec<Vec<String>> = all
        .into_iter()
        .filter(|row| row[1] == "silent:THRESHOLD")
        .collect();
    assert_eq!(table(&short).1, of_rule);
    // The one that is left out has columns of its own.
    let own = written(&format!("{command} --rule silent --internals"), "csv");
    assert_eq!(own, short);
}

/// A gap, a missing expectation and an infinite value are empty, and no number stands for them.
#[test]
fn nothing_is_written_where_nothing_was_judged() {
    let folder = Folder::new();
    folder.write(
        "hours.csv",
        "timestamp,value\n2026-01-01T00:00:00Z,4\n2026-01-01T00:00:01.250Z,5\n\
         2026-01-01T00:00:03Z,inf\n",
    );
    folder.write(
        "hours.yaml",
        "detectionName: x\nmetric: value\nrules:\n  - detection:\n      \
         - { name: x, type: PERCENTAGE_RULE, params: { offset: mean2h, percentageChange: 0.5 } }\n",
    );
    let line = "points hours.yaml hours.csv -q --granularity PT0.25S --format ndjson";
    let lines = json_lines(&folder.line(line).results());
    let by_time: BTreeMap<&str, &Value> = lines
        .iter()
        .map(|line| (line["timestamp"].as_str().unwrap(), line))
        .collect();
    let first = by_time["2026-01-01T00:00:00Z"];
    assert_eq!(
        (&first["value"], &first["score"]),
        (&Value::from(4.0), &Value::Null)
    );
    assert_eq!(
        (&first["is_anomaly"], &first["verdict"]),
        (&Value::Null, &"warming_up".into())
    );
    assert_eq!(by_time["2026-01-01T00:00:01.250Z"]["value"], 5.0);
    let infinite = by_time["2026-01-01T00:00:03Z"];
    assert_eq!(
        (&infinite["value"], &infinite["verdict"]),
        (&Value::Null, &"missing".into())
    );
}

#[test]
fn lines_of_json_can_be_joined_like_lines_of_text() {
    let day = |since: &str, until: &str| {
        written(&format!("points --since {since} --until {until}"), "ndjson")
    };
    let joined = day("2026-03-27T18:00:00Z", "2026-03-27T19:00:00Z")
        + &day("2026-03-27T19:00:00Z", "2026-03-27T20:00:00Z");
    let whole = day("2026-03-27T18:00:00Z", "2026-03-27T20:00:00Z");
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(sorted(&joined), sorted(&whole));
}

/// What one rule found lies within what another did.
#[test]
fn an_anomaly_of_several_rules_names_its_parts() {
    let folder = Folder::new();
    let values = [5, 5, 20, 30, 30, 20, 5, 5];
    let mut rows = "timestamp,value\n".to_owned();
    for (hour, value) in values.iter().enumerate() {
        rows.push_str(&format!("2026-01-01T{hour:02}:00:00Z,{value}\n"));
    }
    folder.write("hours.csv", rows);
    folder.write(
        "two.yaml",
        "detectionName: x\nmetric: value\nrules:\n  - detection:\n      \
         - { name: high, type: THRESHOLD, params: { max: 10 } }\n  - detection:\n      \
         - { name: higher, type: THRESHOLD, params: { max: 25 } }\n",
    );
    let line = "detect two.yaml hours.csv -q --format ndjson";
    let found = json_lines(&folder.line(line).results());
    let children = found[0]["children"].as_array().unwrap();
    let field = documented("Anomalies").swap_remove(3);
    assert!(children.iter().all(|child| keys(child) == names(&field)));
    let rules: Vec<&Value> = children.iter().map(|child| &child["rule"]).collect();
    assert_eq!(rules, ["high:THRESHOLD", "higher:THRESHOLD"]);
    assert_eq!(children[0]["id"], found[0]["id"]);
}

/// The sum of what a flat line has is no value that anybody observed.
#[test]
fn several_buckets_without_an_expectation_are_counted_and_not_summed_up() {
    let folder = Folder::new();
    let mut rows = "timestamp,value\n".to_owned();
    for hour in 0..24 * 60 {
        let value = if hour < 24 * 50 { 3 + hour * 7 % 5 } else { 5 };
        let stamp = 1_767_225_600 + hour * 3600;
        rows.push_str(&format!("{stamp},{value}\n"));
    }
    folder.write("flat.csv", rows);
    folder.write(
        "flat.yaml",
        "detectionName: x\nmetric: value\nrules:\n  - detection:\n      \
         - { name: flat, type: FLATLINE }\n",
    );
    let line = "detect flat.yaml flat.csv -q --time-unit s --format ndjson";
    let found = json_lines(&folder.line(line).results());
    let flat = &found[0];
    assert_eq!(
        flat["explanation"],
        format!(
            "{} buckets are anomalous without an expectation; worst at {}: 5 was observed",
            flat["flagged"],
            flat["peak_at"].as_str().unwrap()
        )
    );
}
