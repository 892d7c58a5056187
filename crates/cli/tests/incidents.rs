//! Groupers and composed detections by the command: what is written, and what is refused.

mod command;

use std::fs;

use command::{Folder, shipped};
use serde_json::Value;

/// Errors where cpu is high, and cpu high alone.
const SPEC: &str = "
detectionName: outage
type: COMPOSITE_ALERT
merger: { maxGap: 0 }
alerts:
  - name: cpu
    metric: cpu
    dataset: hosts
    dimensionExploration: { dimensions: host }
    rules:
      - detection: { name: high, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 1, pattern: UP } }
  - name: errors
    metric: errors
    dataset: app
    rules:
      - detection: { name: many, type: THRESHOLD, params: { max: 50 } }
grouper: { type: GROUPER, params: { expression: cpu && errors } }
";

/// Days of March 2026 with cpu by host, and errors.
fn outage() -> Folder {
    let folder = Folder::new();
    folder.write("outage.yaml", SPEC);
    let (mut cpu, mut errors) = ("date,host,cpu\n".to_owned(), "date,errors\n".to_owned());
    for day in 1..=28 {
        let high = |host: &str| match (host, day) {
            ("a", 12) | ("b", 12 | 13) | ("a", 20) => 90,
            _ => 30,
        };
        for host in ["a", "b"] {
            cpu.push_str(&format!("2026-03-{day:02},{host},{}\n", high(host)));
        }
        let many = if [12, 25].contains(&day) { 100 } else { 5 };
        errors.push_str(&format!("2026-03-{day:02},{many}\n"));
    }
    folder.write("hosts.csv", cpu);
    folder.write("app.csv", errors);
    folder
}

#[test]
fn people_see_incidents_with_their_anomalies() {
    let ran = outage().line("detect outage.yaml hosts.csv app.csv");
    assert_eq!(
        ran.out,
        "# outage on cpu, errors; times in UTC, ends are exclusive\n\
         2026-03-12 .. 2026-03-13  outage  3 anomalies on 3 series, of the deviation cpu{host=b} +67 %, cpu{host=a} +33 %\n  \
         2026-03-12 .. 2026-03-13  cpu{host=a}  90 is 200.0 % above the expected 30; score 2.00, high:PERCENTAGE_RULE\n  \
         2026-03-12 .. 2026-03-13  errors  100 is 100.0 % above the limit 50; score 2.00, many:THRESHOLD\n  \
         2026-03-12 .. 2026-03-14  cpu{host=b}  180 is 200.0 % above the expected 60; worst at 2026-03-12: 90 is 200.0 % above the expected 30; score 2.00, high:PERCENTAGE_RULE\n"
    );
    assert_eq!(ran.status, 1);
    assert!(
        ran.err
            .contains("note: 1 incident, 5 anomalies in 3 slices"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("note: app: 28 rows"), "{}", ran.err);
}

#[test]
fn nothing_at_the_same_time_is_nothing() {
    let folder = outage();
    folder.write(
        "never.yaml",
        SPEC.replace("cpu && errors }", "cpu && errors && quiet }"),
    );
    let error = folder.error("detect never.yaml hosts.csv app.csv");
    assert!(
        error.contains("`quiet` is none of the items of `alerts`"),
        "{error}"
    );

    let ran = folder.line("detect outage.yaml hosts.csv app.csv --since 2026-03-15 -q");
    assert_eq!((ran.status, ran.out.lines().count()), (0, 1), "{ran:?}");
}

/// The first column of the tables under a heading of docs/output.md.
fn documented(heading: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(shipped("docs/output.md")).unwrap();
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n#").next().unwrap();
    let tables = section.split("\n\n").filter(|block| block.starts_with('|'));
    let name = |line: &str| line.split('`').nth(1).unwrap_or_default().to_owned();
    tables
        .map(|table| table.lines().skip(2).map(name).collect())
        .collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn incidents_have_the_documented_fields_in_every_form() {
    let folder = outage();
    let tables = documented("Incidents");
    let [fields, nested, members] = &tables[..] else {
        panic!("{tables:?}");
    };
    let line = "detect outage.yaml hosts.csv app.csv -q --incidents --format";
    let csv = folder.line(&format!("{line} csv")).results();
    let mut lines = csv.lines();
    assert_eq!(lines.next().unwrap(), fields.join(","));
    let row = lines.next().unwrap();
    assert!(row.contains(",outage,,2026-03-12T00:00:00Z,2026-03-13T00:00:00Z,closed,default,3,2026-03-13T00:00:00Z,outage,"), "{row}");
    assert_eq!(lines.next(), None);

    let json: Value =
        serde_json::from_str(&folder.line(&format!("{line} json")).results()).unwrap();
    assert_eq!(json["schema"], "tuatara-incidents-1");
    let incident = &json["incidents"][0];
    let wanted: Vec<&String> = fields.iter().chain(nested).collect();
    assert_eq!(keys(incident), wanted);
    let found = &incident["members"].as_array().unwrap()[0];
    assert_eq!(&keys(found), members);
    assert_eq!(found["series"], "cpu{host=a}");
    assert!((found["contribution"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12);
    // The only one of its metric.
    assert_eq!(incident["members"][1]["contribution"], 1.0);

    let ndjson = folder.line(&format!("{line} ndjson")).results();
    let one: Value = serde_json::from_str(ndjson.trim_end()).unwrap();
    assert_eq!(one["schema"], "tuatara-incidents-1");
    assert_eq!(one["id"], incident["id"]);

    // The document of anomalies has them as well.
    let all = folder
        .line("detect outage.yaml hosts.csv app.csv -q --format json")
        .results();
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["incidents"], json["incidents"]);
    assert_eq!(all["anomalies"].as_array().unwrap().len(), 5);
}

#[test]
fn joined_outputs_of_adjoining_runs_are_those_of_one() {
    let folder = outage();
    let line = "detect outage.yaml hosts.csv app.csv -q --incidents --format csv";
    let whole = folder.line(&format!("{line} --events")).results();
    let told: Vec<&str> = whole
        .lines()
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(told, ["event", "opened", "extended", "closed"]);
    let mut joined = String::new();
    for until in [5, 12, 13, 14, 20, 29] {
        let ran = folder.line(&format!("{line} --state s.json --until 2026-03-{until:02}"));
        joined.push_str(&ran.results());
    }
    assert_eq!(joined, whole);
}

#[test]
fn what_is_missing_is_named_with_the_remedy() {
    let folder = outage();
    let error = folder.error("detect outage.yaml hosts.csv");
    assert!(error.contains("dataset app is none of hosts"), "{error}");
    assert!(error.contains("--dataset app=PATH"), "{error}");
    let ran = folder.line("detect outage.yaml --dataset hosts=hosts.csv --dataset app=app.csv -q");
    assert_eq!(ran.status, 1, "{ran:?}");

    folder.write(
        "alone.yaml",
        "
detectionName: alone
metric: errors
rules:
  - detection: { name: many, type: THRESHOLD, params: { max: 50 } }
",
    );
    let error = folder.error("detect alone.yaml app.csv --incidents");
    assert!(
        error.contains("the specification has none; add `grouper:"),
        "{error}"
    );
    let error = folder.error("points outage.yaml hosts.csv app.csv --rows input");
    assert!(error.contains("watches several series of them"), "{error}");
}

#[test]
fn points_and_explanations_reach_every_part() {
    let folder = outage();
    let points = folder
        .line("points outage.yaml hosts.csv app.csv -q")
        .results();
    assert_eq!(points.lines().count(), 1 + 3 * 28);
    let one = folder
        .line("points outage.yaml hosts.csv app.csv -q --rule many")
        .results();
    assert_eq!(one.lines().count(), 1 + 28);
    let why = folder
        .line("explain outage.yaml hosts.csv app.csv -q --slice errors --at 2026-03-12")
        .results();
    assert!(why.contains("  - in incident "), "{why}");
    assert!(
        why.contains(
            " of outage from 2026-03-12T00:00:00Z to 2026-03-13T00:00:00Z, with 3 anomalies"
        ),
        "{why}"
    );
    let checked = folder.line("check outage.yaml").results();
    assert_eq!(
        checked,
        "outage.yaml: ok: \"outage\" on cpu, errors with high:PERCENTAGE_RULE, many:THRESHOLD\n"
    );
}

#[test]
fn late_data_are_told_beside_incidents_and_are_a_reason_to_act() {
    let folder = outage();
    folder.write(
        "fresh.yaml",
        "
detectionName: fresh
metric: errors
rules:
  - detection: { name: many, type: THRESHOLD, params: { max: 500 } }
    quality: { name: fresh, type: DATA_SLA, params: { sla: 2_DAYS } }
grouper: { type: INCIDENT_GROUPER }
",
    );
    let ran = folder.line("detect fresh.yaml app.csv -q --until 2026-04-03");
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(
        ran.out,
        "# fresh on errors; times in UTC, ends are exclusive\n\
         2026-03-31 .. 2026-04-03 (open)  errors  nothing was observed; score 2.00, fresh:DATA_SLA\n"
    );
    let ran = folder.line("detect fresh.yaml app.csv -q --until 2026-03-30");
    assert_eq!(ran.status, 0, "{ran:?}");
    // One series, whose quality is looked at, too.
    let ran = folder.line("explain fresh.yaml app.csv --at 2026-03-12");
    assert!(
        ran.out.contains("by many:THRESHOLD") && ran.out.contains("by fresh:DATA_SLA"),
        "{ran:?}"
    );
    let error = folder.error("points fresh.yaml app.csv --rows input --rule fresh");
    assert!(error.contains("looks at the data as a whole"), "{error}");
}

#[test]
fn files_of_other_datasets_are_none_of_the_first() {
    let folder = outage();
    folder.write("unnamed.yaml", SPEC.replace("    dataset: hosts\n", ""));
    let ran = folder.line("detect unnamed.yaml hosts.csv app.csv -q");
    let named = folder.line("detect outage.yaml hosts.csv app.csv -q");
    let lines = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&ran.out), lines(&named.out), "{ran:?}");
}

#[test]
fn flags_hold_for_all_metrics_that_are_looked_at() {
    let folder = Folder::new();
    folder.write(
        "xy.csv",
        "date,x,y\n2026-01-01,40,40\n2026-01-01,30,30\n2026-01-02,1,1\n",
    );
    folder.write(
        "xy.yaml",
        "
detectionName: xy
alerts:
  - { name: x, metric: x, rules: { detection: { name: rx, type: THRESHOLD, params: { max: 50 } } } }
  - { name: y, metric: y, rules: { detection: { name: ry, type: THRESHOLD, params: { max: 50 } } } }
",
    );
    let ran = folder.line("detect xy.yaml xy.csv -q --aggregation max");
    assert_eq!((ran.status, ran.out.lines().count()), (0, 1), "{ran:?}");
    let ran = folder.line("detect xy.yaml xy.csv -q");
    assert_eq!((ran.status, ran.out.lines().count()), (1, 3), "{ran:?}");
}
