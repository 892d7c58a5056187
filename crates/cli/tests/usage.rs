//! The command as a person or a script meets it: statuses, streams, files and flags.

mod command;

use std::io::{Read, Write};
use std::process::Stdio;

use command::{Folder, command, shipped};

const LIMIT: &str = "
detectionName: too much
metric: value
rules:
  - detection:
      - { name: limit, type: THRESHOLD, params: { max: 10 } }
";

/// Six hours, of which the fifth is beyond the limit.
const HOURS: &str = "timestamp,value
2026-01-01T00:00:00Z,4
2026-01-01T01:00:00Z,5
2026-01-01T02:00:00Z,6
2026-01-01T03:00:00Z,5
2026-01-01T04:00:00Z,20
2026-01-01T05:00:00Z,5
";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("limit.yaml", LIMIT);
    folder.write("hours.csv", HOURS);
    folder
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// The error of a run that must fail: one line, with status 2 and nothing on standard output.
fn error(folder: &Folder, line: &str) -> String {
    let ran = folder.line(line);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{line}: {ran:?}");
    ran.err
}

#[test]
fn the_status_says_whether_something_was_found() {
    let folder = folder();
    assert_eq!(folder.line("detect limit.yaml hours.csv").status, 1);
    folder.write("limit.yaml", LIMIT.replace("10", "100"));
    assert_eq!(folder.line("detect limit.yaml hours.csv").status, 0);
    assert_eq!(folder.line("detect limit.yaml nowhere.csv").status, 2);
    assert_eq!(folder.line("detect limit.yaml hours.csv --what").status, 2);
    assert_eq!(folder.line("points limit.yaml hours.csv").status, 0);
    assert_eq!(folder.line("check limit.yaml").status, 0);
}

#[test]
fn results_and_remarks_never_share_a_stream() {
    let folder = folder();
    let ran = folder.line("detect limit.yaml hours.csv");
    assert_eq!(
        ran.out,
        "# too much on value; times in UTC, ends are exclusive\n\
         2026-01-01 04:00 .. 2026-01-01 05:00 (open)  value  20 is 100.0 % above the expected 10; \
         score 2.00, limit:THRESHOLD\n"
    );
    assert_eq!(
        ran.err,
        "note: hours.csv: 6 rows, 5 of 5 stamps follow after PT1H, zone UTC, SUM\n\
         note: 1 anomaly in 1 slice from 2026-01-01T00:00:00Z to 2026-01-01T06:00:00Z\n"
    );
    let quiet = folder.line("detect limit.yaml hours.csv --quiet");
    assert_eq!((quiet.out, quiet.err.as_str()), (ran.out, ""));
}

#[test]
fn a_rule_that_had_nothing_to_judge_is_named() {
    let folder = folder();
    let weekly = LIMIT.replace(
        "type: THRESHOLD, params: { max: 10 }",
        "type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.5 }",
    );
    folder.write("weekly.yaml", weekly);
    let ran = folder.line("detect weekly.yaml hours.csv");
    assert_eq!(ran.status, 0);
    let said = ran.err.lines().last().unwrap();
    assert_eq!(
        said,
        "note: limit:PERCENTAGE_RULE judged no bucket: 6 warming_up"
    );
}

#[test]
fn a_run_that_ends_after_the_data_says_so() {
    let folder = folder();
    let note = "note: the data end at 2026-01-01T06:00:00Z; buckets after it count as missing, and \
                a run that goes on from this one does not judge them again\n";
    let beyond = folder.line("detect limit.yaml hours.csv --until 2026-01-01T08:00");
    assert!(beyond.err.contains(note), "{}", beyond.err);
    let within = folder.line("detect limit.yaml hours.csv --until 2026-01-01T06:00");
    assert!(!within.err.contains(note), "{}", within.err);
}

#[test]
fn rows_that_do_not_come_one_to_an_hour_are_counted_within_the_run() {
    let folder = folder();
    let untidy = HOURS.replace("2026-01-01T02:00:00Z,6\n", "2026-01-01T01:30:00Z,1\n");
    folder.write("hours.csv", untidy);
    let ran = folder.line("detect limit.yaml hours.csv");
    assert_eq!(
        ran.err.lines().last().unwrap(),
        "note: value: 6 rows filled 5 of 6 buckets: 1 merged into the bucket of another (first at \
         2026-01-01T01:30:00Z). 1 bucket inside is empty, at 2026-01-01T02:00:00Z."
    );
    // A later run has nothing to say about it.
    let later = folder.line("detect limit.yaml hours.csv --since 2026-01-01T03:00:00Z");
    assert!(!later.err.contains("merged"), "{}", later.err);
}

#[test]
fn every_form_of_output_says_the_same() {
    let folder = folder();
    let form = |form: &str| {
        folder
            .line(&format!("detect limit.yaml hours.csv --format {form}"))
            .results()
    };
    let csv = form("csv");
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let cell = |name: &str| rows[1][rows[0].iter().position(|column| *column == name).unwrap()];
    let line: serde_json::Value = serde_json::from_str(&form("ndjson")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&form("json")).unwrap();
    assert_eq!(document["anomalies"][0], line);
    assert_eq!(document["format"], "tuatara-report-1");
    for name in [
        "id",
        "series",
        "rule",
        "start",
        "end",
        "status",
        "direction",
        "detection",
    ] {
        assert_eq!(line[name], cell(name), "{name}");
    }
    for name in [
        "score",
        "value",
        "expected",
        "upper",
        "deviation",
        "relative_deviation",
    ] {
        let number: f64 = cell(name).parse().unwrap();
        assert_eq!(
            line[name].as_f64().map(f64::to_bits),
            Some(number.to_bits()),
            "{name}"
        );
    }
    // The side that does not count has no edge.
    assert_eq!(
        (cell("lower"), &line["lower"]),
        ("", &serde_json::Value::Null)
    );
}

#[test]
fn events_come_in_the_order_in_which_they_were_known() {
    let folder = folder();
    let ran = folder.line("detect limit.yaml hours.csv --events --format csv");
    let events: Vec<String> = ran
        .results()
        .lines()
        .map(|line| line.split(',').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(events, ["event at", "opened 2026-01-01T05:00:00Z"]);
}

#[test]
fn either_specification_or_data_may_come_from_standard_input() {
    let folder = folder();
    let plain = folder.line("detect limit.yaml hours.csv").results();
    let data = folder.line_with_input("detect limit.yaml -", HOURS.as_bytes());
    assert_eq!(data.results(), plain);
    let packed = folder.line_with_input("detect limit.yaml -", &gzip(HOURS));
    assert_eq!(packed.results(), plain);
    let spec = folder.line_with_input("detect - hours.csv", LIMIT.as_bytes());
    assert_eq!(spec.results(), plain);
    let checked = folder.line_with_input("check -", LIMIT.as_bytes());
    assert_eq!(
        checked.out,
        "-: ok: \"too much\" on value with limit:THRESHOLD\n"
    );
    let both = folder.line_with_input("detect - -", LIMIT.as_bytes());
    assert_eq!(
        (both.status, both.err.as_str()),
        (
            2,
            "error: standard input can be the specification or the data, not both\n"
        )
    );
}

#[test]
fn a_packed_file_is_read_like_a_plain_one() {
    let folder = folder();
    folder.write("packed.csv.gz", gzip(HOURS));
    let plain = folder.line("detect limit.yaml hours.csv").results();
    assert_eq!(
        folder.line("detect limit.yaml packed.csv.gz").results(),
        plain
    );
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let folder = Folder::new();
    let spec = shipped("examples/orders.yaml");
    let data = shipped("datasets/hourly-orders.csv");
    let args = |command: &str| {
        [
            command.into(),
            spec.clone().into_os_string(),
            data.clone().into(),
        ]
    };
    // More than fits in a pipe: the command meets the closed end while it writes.
    let mut points = command(folder.path(), args("points")).spawn().unwrap();
    let mut some = [0; 100];
    points.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let ended = points.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    // Nobody reads anything: what was found is still what was found.
    let mut detect = command(folder.path(), args("detect")).spawn().unwrap();
    drop(detect.stdout.take());
    let ended = detect.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
}

#[test]
fn nobody_has_to_listen_to_the_remarks() {
    let folder = folder();
    let mut child = command(folder.path(), ["detect", "limit.yaml", "hours.csv"]);
    let mut child = child.stdin(Stdio::null()).spawn().unwrap();
    drop(child.stderr.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout.split(|byte| *byte == b'\n').count(), 3);
}

#[test]
fn a_state_is_not_moved_on_when_its_events_were_not_read() {
    let folder = folder();
    let args = [
        "detect",
        "limit.yaml",
        "hours.csv",
        "--quiet",
        "--state",
        "state.json",
    ];
    let mut child = command(folder.path(), args).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(ended.stderr).unwrap(),
        "error: standard output was closed before everything was written; state.json stays as it \
         was, so that the next run says it again\n"
    );
    assert!(!folder.path().join("state.json").exists());
}

#[test]
fn files_that_are_not_there_or_not_files_are_named() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("inside")).unwrap();
    let begins = [
        ("check nowhere.yaml", "error: nowhere.yaml: "),
        ("check inside", "error: inside: "),
        ("detect nowhere.yaml hours.csv", "error: nowhere.yaml: "),
        (
            "detect limit.yaml nowhere.csv",
            "error: nowhere.csv cannot be read: ",
        ),
        ("detect limit.yaml inside", "error: inside cannot be read: "),
        (
            "detect limit.yaml hours.csv --state inside",
            "error: inside: ",
        ),
        (
            "detect limit.yaml hours.csv --state nowhere/state",
            "error: nowhere/state: ",
        ),
    ];
    for (line, begin) in begins {
        assert!(
            error(&folder, line).starts_with(begin),
            "{line}: {}",
            error(&folder, line)
        );
    }
    assert_eq!(
        error(&folder, "detect limit.yaml"),
        "error: no data; name a CSV file after the specification, or - for standard input\n"
    );
    folder.write("empty.csv", "");
    assert_eq!(
        error(&folder, "detect limit.yaml empty.csv"),
        "error: empty.csv is empty; the first line names the columns, such as `timestamp,value`\n"
    );
    folder.write("header.csv", "timestamp,value\n");
    assert_eq!(
        error(&folder, "detect limit.yaml header.csv"),
        "error: `header.csv` has no rows, so it spans no time; give it at least one\n"
    );
    // What is not gzip although it begins like it.
    folder.write("broken.csv.gz", [0x1f, 0x8b, 8, 0, 0]);
    assert!(error(&folder, "detect limit.yaml broken.csv.gz").contains("compression"));
}

#[test]
fn checking_goes_on_after_a_specification_that_is_refused() {
    let folder = folder();
    folder.write("wrong.yaml", LIMIT.replace("max", "most"));
    let ran = folder.line("check wrong.yaml limit.yaml nowhere.yaml");
    assert_eq!(ran.status, 2);
    assert_eq!(
        ran.out,
        "limit.yaml: ok: \"too much\" on value with limit:THRESHOLD\n"
    );
    assert!(
        ran.err
            .starts_with("error[unknown-key]: `most` is not a parameter of THRESHOLD\n")
    );
    assert!(
        ran.err
            .ends_with("error: 2 of 3 specifications cannot be used\n"),
        "{}",
        ran.err
    );
}

#[test]
fn states_that_do_not_fit_are_refused_and_left_alone() {
    let folder = folder();
    let detect = "detect limit.yaml hours.csv --state state.json";
    for unreadable in ["", "{}", "not a state", "{\"format\":\"tuatara-carry-99\"}"] {
        folder.write("state.json", unreadable);
        let said = error(&folder, detect);
        assert!(said.starts_with("error: state.json is no state of this version of tuatara: "));
        assert!(
            said.ends_with("; restore it, or delete it to start anew\n"),
            "{said}"
        );
        assert_eq!(folder.read("state.json"), unreadable);
    }
    std::fs::remove_file(folder.path().join("state.json")).unwrap();
    folder
        .line(&format!("{detect} --until 2026-01-01T03:00"))
        .results();
    let kept = folder.read("state.json");
    folder.write("other.yaml", LIMIT.replace("max: 10", "max: 11"));
    assert!(
        error(&folder, "detect other.yaml hours.csv -q --state state.json")
            .contains("go on with the specification it was made by, or start anew without it")
    );
    assert_eq!(
        error(&folder, &format!("{detect} -q --since 2026-01-01T04:00")),
        "error: the state ends at 2026-01-01T03:00:00Z, but the run starts at \
         2026-01-01T04:00:00Z; start there, so that no bucket is missed or counted twice\n"
    );
    assert_eq!(
        error(&folder, &format!("{detect} -q --until 2026-01-01T01:00")),
        "error: the state ends at 2026-01-01T03:00:00Z, so a run cannot end at \
         2026-01-01T01:00:00Z; choose --until after it, or start anew without the state\n"
    );
    assert_eq!(folder.read("state.json"), kept);
    // The same settings in another layout are the same specification.
    folder.write(
        "limit.yaml",
        format!("# the same\n{}", LIMIT.replace("max: 10", "\"max\":  10")),
    );
    folder
        .line(&format!("{detect} --since 2026-01-01T03:00"))
        .results();
}

#[test]
fn intervals_and_instants_are_read_in_the_zone_of_the_data() {
    let folder = folder();
    let stamps = |flags: &str| -> Vec<String> {
        let ran = folder.line(&format!("points limit.yaml hours.csv {flags}"));
        let rows = ran.results();
        rows.lines()
            .skip(1)
            .map(|row| row.split(',').nth(2).unwrap()[11..13].to_owned())
            .collect()
    };
    assert_eq!(
        stamps("--since 2026-01-01T02:00 --until 2026-01-01T04:30"),
        ["02", "03"]
    );
    let berlin = "--tz Europe/Berlin --since 2026-01-01T03:00";
    assert_eq!(stamps(berlin), ["02", "03", "04", "05"]);
    assert_eq!(
        stamps("--since 2026-01-01T03:00:00+01:00"),
        ["02", "03", "04", "05"]
    );
    assert_eq!(stamps("--until 2026-01-01"), Vec::<String>::new());
    let because = [
        (
            "--since 2026-01-02",
            "error: the data end at 2026-01-01T06:00:00Z, so a run cannot start at 2026-01-02",
        ),
        (
            "--since 2026-01-01T04:00 --until 2026-01-01T02:00",
            "error: the run would start at 2026-01-01T04:00:00Z and end at 2026-01-01T02:00:00Z",
        ),
        (
            "--since yesterday",
            "error: --since yesterday is no instant; allowed: ",
        ),
        (
            "--tz Europe/Berlin --since 2026-03-29T02:30",
            "error: --since 2026-03-29T02:30 does not exist in Europe/Berlin",
        ),
        (
            "--tz Europe/Berlin --until 2026-10-25T02:30",
            "error: --until 2026-10-25T02:30 comes twice in Europe/Berlin",
        ),
    ];
    for (flags, begin) in because {
        let said = error(&folder, &format!("detect limit.yaml hours.csv -q {flags}"));
        assert!(said.starts_with(begin), "{said}");
    }
}

#[test]
fn local_days_are_those_of_the_zone_and_its_clock_changes() {
    let folder = folder();
    let days =
        "date,value\n2026-03-27,1\n2026-03-28,1\n2026-03-29,20\n2026-03-30,1\n2026-03-31,1\n";
    folder.write("days.csv", days);
    let cells = |flags: &str| -> Vec<String> {
        let ran = folder.line(&format!("detect limit.yaml days.csv --format csv {flags}"));
        let rows = ran.results();
        rows.lines()
            .nth(1)
            .unwrap()
            .split(',')
            .skip(3)
            .take(2)
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(cells(""), ["2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z"]);
    // 23 hours.
    assert_eq!(
        cells("--tz Europe/Berlin"),
        ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"]
    );
    let table = folder
        .line("detect limit.yaml days.csv --tz Europe/Berlin")
        .results();
    assert!(table.contains("times in Europe/Berlin"), "{table}");
    assert!(
        table.contains("\n2026-03-29 .. 2026-03-30  value  20 is"),
        "{table}"
    );
}

#[test]
fn local_hours_need_a_zone_in_which_they_exist() {
    let folder = folder();
    let hours = "time,value\n2026-03-29 00:00,1\n2026-03-29 01:00,1\n2026-03-29 02:00,20\n2026-03-29 03:00,1\n";
    folder.write("hours.csv", hours);
    let utc = folder.line("detect limit.yaml hours.csv");
    assert!(
        utc.err
            .starts_with("note: civil stamps without a zone are read as UTC; --tz names another\n")
    );
    let newark = folder.line("detect limit.yaml hours.csv --tz America/New_York --format csv");
    assert!(
        newark
            .results()
            .contains(",2026-03-29T06:00:00Z,2026-03-29T07:00:00Z,")
    );
    let said = error(&folder, "detect limit.yaml hours.csv --tz Europe/Berlin");
    assert!(
        said.contains("row 4, column `time`: `2026-03-29 02:00` does not exist"),
        "{said}"
    );
}

#[test]
fn columns_are_named_by_flags() {
    let folder = folder();
    let other = HOURS.replace("timestamp,value", "When,Amount");
    folder.write("other.csv", &other);
    let plain = folder.line("detect limit.yaml hours.csv").results();
    let named = folder.line("detect limit.yaml other.csv --time When --metric value=Amount");
    assert_eq!(named.results(), plain);
    assert_eq!(
        error(&folder, "detect limit.yaml other.csv --time When"),
        "error: other.csv has no column `value` for the metric; it has: When, Amount; name its \
         column with --metric value=COLUMN\n"
    );
    assert_eq!(
        error(&folder, "detect limit.yaml other.csv --metric value=Amount"),
        "error: other.csv: 0 of the columns When, Amount suggest themselves for the time; name \
         the time column (--time COLUMN)\n"
    );
    assert_eq!(
        error(&folder, "detect limit.yaml hours.csv --time timestmap"),
        "error: hours.csv has no column `timestmap` for the time; it has: timestamp, value; did \
         you mean `timestamp`?\n"
    );
    // Seconds since 1970: 1767225600 is 2026-01-01T00:00:00Z.
    let seconds: String = (0..6)
        .map(|hour| {
            format!(
                "{},{}\n",
                1_767_225_600 + 3600 * hour,
                [4, 5, 6, 5, 20, 5][hour]
            )
        })
        .collect();
    folder.write("seconds.csv", format!("timestamp,value\n{seconds}"));
    let read = folder.line("detect limit.yaml seconds.csv --time-unit s");
    assert_eq!(read.results(), plain);
    assert!(error(&folder, "detect limit.yaml seconds.csv").contains("--time-unit s|ms|us|ns"));
}

#[test]
fn dimensions_are_known_from_the_specification_and_named_by_flags() {
    let folder = folder();
    let by_land = LIMIT.replace(
        "rules:",
        "dimensionExploration: { dimensions: [country] }\nfilters: { shop: [one] }\nrules:",
    );
    folder.write("land.yaml", by_land);
    folder.write(
        "sales.csv",
        "timestamp,country,shop,value
2026-01-01T00:00:00Z,AT,one,20
2026-01-01T00:00:00Z,BE,one,5
2026-01-01T00:00:00Z,AT,two,50
2026-01-01T01:00:00Z,AT,one,5
2026-01-01T01:00:00Z,BE,one,5
",
    );
    let found = folder
        .line("detect land.yaml sales.csv --format ndjson")
        .results();
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["series"], "value{country=AT,shop=one}");
    assert_eq!(found["value"], 20.0);
    let renamed = folder.read("sales.csv").replace("country", "land");
    folder.write("sales.csv", renamed);
    let flags = "--dimension country=land --format ndjson";
    let again = folder
        .line(&format!("detect land.yaml sales.csv {flags}"))
        .results();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&again).unwrap(),
        found
    );
    assert!(error(&folder, "detect land.yaml sales.csv").contains("no column `country`"));
}

#[test]
fn the_dataset_of_the_specification_chooses_among_files() {
    let folder = folder();
    folder.write(
        "named.yaml",
        LIMIT.replace("rules:", "dataset: hours\nrules:"),
    );
    folder.write("calm.csv", HOURS.replace(",20\n", ",2\n"));
    folder.write("packed.csv.gz", gzip(HOURS));
    let status = |line: &str| folder.line(line).status;
    assert_eq!(status("detect named.yaml calm.csv hours.csv"), 1);
    assert_eq!(status("detect named.yaml --dataset hours=calm.csv"), 0);
    assert_eq!(
        status("detect named.yaml --dataset hours=packed.csv.gz --dataset other=calm.csv"),
        1
    );
    let one = folder.line("detect named.yaml calm.csv");
    assert_eq!(one.status, 0);
    assert!(
        one.err
            .contains("note: dataset hours is read from the one file, calm\n"),
        "{}",
        one.err
    );
    assert_eq!(
        error(&folder, "detect named.yaml calm.csv packed.csv.gz"),
        "error: dataset hours is none of calm, packed; name its file with --dataset hours=PATH\n"
    );
    assert!(
        error(&folder, "detect limit.yaml calm.csv hours.csv")
            .starts_with("error: the specification names no dataset and there are several files: ")
    );
    assert!(error(&folder, "detect named.yaml --dataset hours").contains("write NAME=VALUE"));
}

#[test]
fn steps_and_aggregations_are_those_asked_for() {
    let folder = folder();
    let values = |flags: &str| -> Vec<String> {
        let rows = folder
            .line(&format!("points limit.yaml hours.csv {flags}"))
            .results();
        rows.lines()
            .skip(1)
            .map(|row| row.split(',').nth(3).unwrap().to_owned())
            .collect()
    };
    assert_eq!(values("--granularity PT3H"), ["15", "30"]);
    assert_eq!(values("--granularity 3h --aggregation mean"), ["5", "10"]);
    assert_eq!(
        values("--granularity 3_HOURS --aggregation MAX"),
        ["6", "20"]
    );
    assert_eq!(values("--granularity PT3H --aggregation count"), ["3", "3"]);
    assert_eq!(values("--granularity P1D --aggregation min"), ["4"]);
    let finer = LIMIT.replace("max: 10", "max: 10, monitoringGranularity: 15_MINUTES");
    folder.write("finer.yaml", finer);
    assert_eq!(
        error(&folder, "detect finer.yaml hours.csv -q"),
        "error: `hours` has one row per PT1H and cannot be read at PT15M; ask for PT1H or \
         something coarser\n"
    );
}

#[test]
fn wrong_flags_say_what_is_allowed() {
    let folder = folder();
    let said = [
        (
            "--tz Mars",
            "`Mars` is not a time zone; allowed: names of the IANA database",
        ),
        (
            "--granularity 1x",
            "`1x` is not a granularity; allowed: ISO 8601",
        ),
        (
            "--aggregation median",
            "`median` is not an aggregation; allowed: SUM, COUNT,",
        ),
        (
            "--time-unit years",
            "`years` is not a unit of epoch numbers; allowed: s, ms, us, ns",
        ),
        (
            "--format xml",
            "[possible values: table, json, ndjson, csv]",
        ),
        ("--metric =x", "write NAME=VALUE"),
        ("--threads 0", "error: --threads is 0; allowed: 1 to 1024, leave it out for one per core"),
    ];
    for (flags, expected) in said {
        let said = error(&folder, &format!("detect limit.yaml hours.csv -q {flags}"));
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn one_instant_is_explained_for_the_slice_that_is_named() {
    let folder = folder();
    let at = "explain limit.yaml hours.csv -q --at 2026-01-01T04:00";
    let said = folder.line(at).results();
    assert!(said.starts_with(
        "value at 2026-01-01T04:00:00Z by limit:THRESHOLD\n  It fired: 20 is 100.0 % above the \
         expected 10, the band ends at 10.\n"
    ));
    assert_eq!(folder.line(&format!("{at} --slice value")).results(), said);
    assert_eq!(
        error(&folder, &format!("{at} --slice valu")),
        "error: the run has no slice valu, did you mean value?; it has value\n"
    );
    assert_eq!(
        error(&folder, "explain limit.yaml hours.csv -q --at 2026-01-02"),
        "error: 2026-01-02T00:00:00Z lies in no bucket of the run over \
         2026-01-01T00:00:00Z/2026-01-01T06:00:00Z; ask for an instant within it\n"
    );
    let spec = shipped("examples/orders.yaml").display().to_string();
    let data = shipped("datasets/hourly-orders.csv").display().to_string();
    let which = error(
        &folder,
        &format!("explain {spec} {data} -q --at 2026-03-01"),
    );
    assert!(
        which.starts_with(
            "error: there are 12 slices; choose one with --slice, such as \
             orders{country=BR,platform=android}, "
        ),
        "{which}"
    );
    let slice = "orders{platform=ios,country=CA}";
    let ran = folder.line(&format!(
        "explain {spec} {data} -q --at 2026-03-04T18:00:00Z --slice {slice}"
    ));
    assert!(
        ran.results()
            .starts_with("orders{country=CA,platform=ios} at ")
    );
}

#[test]
fn the_shipped_datasets_are_made_again_to_the_byte() {
    let folder = Folder::new();
    for name in ["daily-revenue", "hourly-orders"] {
        let ran = folder.line(&format!("generate {name} --output made"));
        assert_eq!(ran.status, 0, "{ran:?}");
        let made = [
            format!("made/{name}.csv"),
            format!("made/{name}.labels.csv"),
        ];
        assert_eq!(
            ran.out.replace('\\', "/"),
            format!("{}\n{}\n", made[0], made[1])
        );
        for file in made {
            let other = shipped(&file.replace("made", "datasets"));
            assert!(
                folder.read(&file) == std::fs::read_to_string(other).unwrap(),
                "{file}"
            );
        }
    }
    let other = folder.line("generate daily-revenue --seed 7 --output other");
    assert_eq!(other.status, 0);
    assert!(folder.read("other/daily-revenue.csv") != folder.read("made/daily-revenue.csv"));
    assert_eq!(
        error(&folder, "generate weekly-revenue"),
        "error: no dataset is called `weekly-revenue`; there are: daily-revenue, hourly-orders; \
         choose one of them\n"
    );
}

/// These names are public: scripts rely on them.
#[test]
fn help_names_every_command_and_flag() {
    let folder = Folder::new();
    let help = |line: &str| {
        let ran = folder.line(line);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{line}");
        ran.out
    };
    let top = help("--help");
    for command in ["check", "detect", "points", "explain", "generate"] {
        assert!(top.contains(&format!("\n  {command} ")), "{top}");
    }
    assert!(top.contains("Exit status: 0 nothing found, 1 anomalies found, 2 error"));
    let input = "--dataset --time --metric --dimension --tz --granularity --aggregation \
                 --time-unit --since --until --threads --quiet";
    for (command, own) in [
        ("detect", "--state --events --format"),
        ("points", "--internals --rows --format"),
        ("explain", "--at --slice"),
    ] {
        let text = help(&format!("{command} --help"));
        for flag in input.split_whitespace().chain(own.split_whitespace()) {
            assert!(
                text.contains(&format!("{flag} ")) || text.contains(&format!("{flag}\n")),
                "{flag}"
            );
        }
    }
    let generate = help("generate --help");
    assert!(generate.contains("--seed <N>") && generate.contains("--output <DIR>"));
    assert!(help("--version").starts_with("tuatara "));
}
