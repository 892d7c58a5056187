//! Law 2 through the command: runs that go on from a state file say, joined, what one run says.

mod command;

use command::{Folder, shipped};

/// Narrow bands, so that much happens; rules of two zones and two steps, filters of both kinds.
const SPEC: &str = "
detectionName: touchy
metric: orders
dimensionExploration: { dimensions: [platform] }
rules:
  - detection:
      - name: two_weeks
        type: PERCENTAGE_RULE
        timezone: America/Sao_Paulo
        params: { offset: mean2w, percentageChange: 0.1 }
    filter:
      - { name: far, type: PERCENTAGE_CHANGE_FILTER, params: { offset: median4w, threshold: 0.08 } }
      - { name: short, type: DURATION_FILTER, params: { maxDuration: PT12H } }
  - detection:
      - name: by_day
        type: ABSOLUTE_CHANGE_RULE
        params: { offset: mean3w, absoluteChange: 400, monitoringGranularity: 1_DAYS }
merger: { maxGap: PT3H, maxDuration: P2D }
";

/// Ends of the runs: on a day, within a day, within an hour, before there is anything new, and where
/// something is open.
const ENDS: [&str; 7] = [
    "2026-02-10",
    "2026-03-01T07:00:00Z",
    "2026-03-08T07:20:00Z",
    "2026-03-08T07:40:00Z",
    "2026-03-08T09:00:00Z",
    "2026-04-20",
    "2026-05-10T19:00:00Z",
];

/// The shipped orders of one country, up to `end`.
fn orders(end: &str) -> String {
    let all = std::fs::read_to_string(shipped("datasets/hourly-orders.csv")).unwrap();
    all.lines()
        .filter(|line| line.starts_with("timestamp") || (line.contains(",MX,") && *line < end))
        .map(|line| format!("{line}\n"))
        .collect()
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("touchy.yaml", SPEC);
    folder.write("orders.csv", orders("9999"));
    folder
}

#[test]
fn joined_outputs_and_the_last_state_are_those_of_one_run() {
    let folder = folder();
    for form in ["table", "csv", "ndjson"] {
        let one = folder.line(&format!(
            "detect touchy.yaml orders.csv --format {form} --state one-{form}.json --until {}",
            ENDS[ENDS.len() - 1]
        ));
        let mut joined = String::new();
        for end in ENDS {
            let part = folder.line(&format!(
                "detect touchy.yaml orders.csv --format {form} --state parts-{form}.json --until {end}"
            ));
            joined += &part.results();
        }
        assert_eq!(joined, one.results(), "{form}");
        assert!(joined.lines().count() > 200, "{form}");
        let states = ["one", "parts"].map(|run| folder.read(&format!("{run}-{form}.json")));
        assert_eq!(states[0], states[1]);
        assert!(
            states[0].contains("\"reported\":"),
            "something is open at the end"
        );
    }
}

/// Every night the file has grown, and nothing is said of where a run begins or ends.
#[test]
fn a_file_that_grows_says_what_the_whole_file_says() {
    let folder = folder();
    let one = folder.line("detect touchy.yaml orders.csv --format ndjson --state one.json");
    let mut joined = String::new();
    for end in [
        "2026-02-10T05:00",
        "2026-03-08T10:00",
        "2026-03-08T10:00",
        "2026-04-01",
        "9999",
    ] {
        folder.write("orders.csv", orders(end));
        let part = folder.line("detect touchy.yaml orders.csv --format ndjson --state night.json");
        joined += &part.results();
    }
    assert_eq!(joined, one.results());
    assert_eq!(folder.read("night.json"), folder.read("one.json"));
}

#[test]
fn a_state_begins_where_the_first_run_is_told_to() {
    let folder = folder();
    let since = "--since 2026-03-10 --format ndjson";
    let one = folder.line(&format!(
        "detect touchy.yaml orders.csv {since} --state one.json"
    ));
    let first =
        format!("detect touchy.yaml orders.csv {since} --state two.json --until 2026-04-01");
    let then = "detect touchy.yaml orders.csv --since 2026-04-01 --format ndjson --state two.json";
    let joined = folder.line(&first).results() + &folder.line(then).results();
    assert_eq!(joined, one.results());
    assert_eq!(folder.read("two.json"), folder.read("one.json"));
}

#[test]
fn a_run_without_anything_new_changes_nothing_and_finds_nothing() {
    let folder = folder();
    folder.line("detect touchy.yaml orders.csv --state state.json");
    let before = folder.read("state.json");
    let again = folder.line("detect touchy.yaml orders.csv --state state.json");
    assert_eq!((again.status, again.out.as_str()), (0, ""));
    // The file has lost its newest rows: still nothing new.
    folder.write("orders.csv", orders("2026-05-01"));
    let shorter = folder.line("detect touchy.yaml orders.csv --state state.json");
    assert_eq!((shorter.status, shorter.out.as_str()), (0, ""));
    assert_eq!(folder.read("state.json"), before);
}

/// Anomalies of the whole run that end after the start, by the columns that name them.
#[test]
fn a_run_that_starts_in_the_middle_finds_the_same_anomalies() {
    let folder = folder();
    let roomy = SPEC.replace("maxDuration: P2D", "maxDuration: P14D");
    folder.write("touchy.yaml", roomy);
    let found = |since: &str| {
        let run = folder.line(&format!(
            "detect touchy.yaml orders.csv --format csv {since}"
        ));
        let rows: Vec<String> = run.results().lines().skip(1).map(str::to_owned).collect();
        rows
    };
    let whole = found("");
    let start = "2026-03-20T13:30:00Z";
    let end_of = |row: &String| row.split(',').nth(4).unwrap().to_owned();
    let later: Vec<String> = whole
        .into_iter()
        .filter(|row| end_of(row).as_str() > start)
        .collect();
    assert!(later.len() > 30);
    assert_eq!(found(&format!("--since {start}")), later);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = folder();
    for command in [
        "detect touchy.yaml orders.csv --format json",
        "detect touchy.yaml orders.csv --events --format csv",
        "points touchy.yaml orders.csv --internals",
    ] {
        let one = folder.line(&format!("{command} --threads 1")).results();
        for threads in [2, 7] {
            let other = folder.line(&format!("{command} --threads {threads}"));
            assert!(other.results() == one, "{command} on {threads} threads");
        }
    }
}
