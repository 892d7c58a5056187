//! The command as a person or a script meets it: statuses, streams, explanations.

mod command;

use std::io::Read;
use std::process::Stdio;

use command::{Folder, HOURS, LIMIT, command, hours, shipped};

#[test]
fn the_status_says_whether_something_was_found() {
    let folder = hours();
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
    let folder = hours();
    let ran = folder.line("detect limit.yaml hours.csv");
    assert_eq!(
        ran.out,
        "# too much on value; times in UTC, ends are exclusive\n\
         2026-01-01 04:00 .. 2026-01-01 05:00 (open)  value  20 is 100.0 % above the limit 10; \
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
    let folder = hours();
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
    let folder = hours();
    let note = "note: the data end at 2026-01-01T06:00:00Z; buckets after it count as missing, and \
                a run that goes on from this one does not judge them again\n";
    let beyond = folder.line("detect limit.yaml hours.csv --until 2026-01-01T08:00");
    assert!(beyond.err.contains(note), "{}", beyond.err);
    let within = folder.line("detect limit.yaml hours.csv --until 2026-01-01T06:00");
    assert!(!within.err.contains(note), "{}", within.err);
}

#[test]
fn rows_that_do_not_come_one_to_an_hour_are_counted_within_the_run() {
    let folder = hours();
    let untidy = HOURS.replace("2026-01-01T02:00:00Z,6\n", "2026-01-01T01:30:00Z,1\n");
    folder.write("hours.csv", untidy);
    let ran = folder.line("detect limit.yaml hours.csv");
    assert_eq!(
        ran.err.lines().last().unwrap(),
        "note: value: 6 rows filled 5 of 6 buckets: 1 merged into the bucket of another (first at \
         2026-01-01T01:30:00Z); 1 off the grid (first at 2026-01-01T01:30:00Z). 1 bucket inside is \
         empty, at 2026-01-01T02:00:00Z."
    );
    // A later run has nothing to say about it.
    let later = folder.line("detect limit.yaml hours.csv --since 2026-01-01T03:00:00Z");
    assert!(!later.err.contains("merged"), "{}", later.err);
}

#[test]
fn every_form_of_output_says_the_same() {
    let folder = hours();
    let form = |form: &str| {
        folder
            .line(&format!("detect limit.yaml hours.csv --format {form}"))
            .results()
    };
    let csv = form("csv");
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let cell = |name: &str| rows[1][rows[0].iter().position(|column| *column == name).unwrap()];
    let mut line: serde_json::Value = serde_json::from_str(&form("ndjson")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&form("json")).unwrap();
    let schema = line.as_object_mut().unwrap().shift_remove("schema");
    assert_eq!(document["anomalies"][0], line);
    assert_eq!(document["schema"], "tuatara-anomalies-1");
    assert_eq!(schema, Some("tuatara-anomalies-1".into()));
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
    let folder = hours();
    let ran = folder.line("detect limit.yaml hours.csv --events --format csv");
    let events: Vec<String> = ran
        .results()
        .lines()
        .map(|line| line.split(',').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(events, ["event at", "opened 2026-01-01T05:00:00Z"]);
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
    let folder = hours();
    let mut child = command(folder.path(), ["detect", "limit.yaml", "hours.csv"]);
    let mut child = child.stdin(Stdio::null()).spawn().unwrap();
    drop(child.stderr.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout.split(|byte| *byte == b'\n').count(), 3);
}

#[test]
fn checking_goes_on_after_a_specification_that_is_refused() {
    let folder = hours();
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
fn what_is_read_is_not_written_over() {
    let folder = hours();
    for (read, command) in [
        ("hours.csv", "preview limit.yaml hours.csv -o hours.csv"),
        ("limit.yaml", "preview limit.yaml hours.csv -o ./limit.yaml"),
        (
            "hours.csv",
            "tune limit.yaml hours.csv --param rules.0.detection.0.params.max --values 1,2 --budget 2/week --write hours.csv",
        ),
    ] {
        let before = folder.read(read);
        let said = folder.error(command);
        assert!(
            said.ends_with("is read by this command, and would be lost; write to another file\n"),
            "{said}"
        );
        assert_eq!(folder.read(read), before);
    }
}

#[test]
fn one_instant_is_explained_for_the_slice_that_is_named() {
    let folder = hours();
    let at = "explain limit.yaml hours.csv -q --at 2026-01-01T04:00";
    let said = folder.line(at).results();
    assert!(said.starts_with(
        "value at 2026-01-01T04:00:00Z by limit:THRESHOLD\n  It fired: 20 is 100.0 % above the \
         limit 10.\n"
    ));
    assert_eq!(folder.line(&format!("{at} --slice value")).results(), said);
    assert_eq!(
        folder.error(&format!("{at} --slice valu")),
        "error: the run has no slice valu, did you mean value?; it has value\n"
    );
    assert_eq!(
        folder.error("explain limit.yaml hours.csv -q --at 2026-01-02"),
        "error: 2026-01-02T00:00:00Z lies in no bucket of the run over \
         2026-01-01T00:00:00Z/2026-01-01T06:00:00Z; ask for an instant within it\n"
    );
    let spec = shipped("examples/orders.yaml").display().to_string();
    let data = shipped("datasets/hourly-orders.csv").display().to_string();
    let which = folder.error(&format!("explain {spec} {data} -q --at 2026-03-01"));
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
    // Who asks for a dataset that is not there is told which are.
    let refused = folder.error("generate weekly-revenue");
    let names = refused
        .strip_prefix("error: no dataset is called `weekly-revenue`; there are: ")
        .and_then(|rest| rest.strip_suffix("; choose one of them\n"))
        .unwrap_or_else(|| panic!("{refused}"));
    let mut shipped_files = 0;
    for name in names.split(", ") {
        let ran = folder.line(&format!("generate {name} --output made"));
        assert_eq!(ran.status, 0, "{ran:?}");
        for file in ran.out.replace('\\', "/").lines() {
            let other = shipped(&file.replace("made", "datasets"));
            assert!(
                folder.read(file) == std::fs::read_to_string(other).unwrap(),
                "{file}"
            );
            shipped_files += 1;
        }
        assert!(ran.out.contains(&format!("{name}.labels.csv\n")));
    }
    let all = std::fs::read_dir(shipped("datasets")).unwrap();
    // All but the page on them.
    assert_eq!(shipped_files, all.count() - 1);
    let other = folder.line("generate daily-revenue --seed 7 --output other");
    assert_eq!(other.status, 0);
    assert!(folder.read("other/daily-revenue.csv") != folder.read("made/daily-revenue.csv"));
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
    for command in [
        "check", "detect", "points", "explain", "backtest", "diff", "tune", "inject", "generate",
    ] {
        assert!(top.contains(&format!("\n  {command} ")), "{top}");
    }
    assert!(top.contains("Exit status: 0 nothing found, 1 anomalies found, 2 error"));
    let input = "--dataset --time --metric --dimension --tz --granularity --aggregation \
                 --time-unit --since --until --threads --quiet";
    for (command, own) in [
        ("detect", "--state --events --format"),
        ("points", "--internals --rows --format --profile --rule"),
        ("explain", "--at --slice"),
        (
            "backtest",
            "--labels --label-column --learn-labels-after --arrival-delay --seed --format",
        ),
        ("diff", "--arrival-delay --format"),
        (
            "tune",
            "--param --values --budget --held-back --labels --write --format",
        ),
        (
            "inject",
            "--incident --lasting --within --trials --seed --labels --format",
        ),
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

#[cfg(not(feature = "train"))]
#[test]
fn a_command_of_another_build_says_how_to_get_it() {
    let folder = hours();
    let remedy = "error: this build has no `tuatara train`; one that has it is built by `cargo install \
                  --path crates/cli --features train`\n";
    for line in [
        "train",
        "train --help",
        "train hours.csv --labels l.csv -o model",
    ] {
        assert_eq!(folder.error(line), remedy, "{line}");
    }
    // Nobody is told of it who did not ask.
    assert!(!folder.line("--help").out.contains("train"));
}

#[test]
fn shipped_specifications_go_with_their_data_without_a_remark() {
    let folder = hours();
    for (spec, data) in [
        ("revenue", "daily-revenue.csv"),
        ("revenue_smoothed", "daily-revenue.csv"),
        ("stocktaking", "daily-revenue.csv"),
        ("orders", "hourly-orders.csv"),
        ("cpu", "five-minute-cpu.csv"),
        ("sensors", "hourly-sensors.csv"),
        ("latency", "five-minute-latency.json"),
    ] {
        let (spec, data) = (
            shipped(&format!("examples/{spec}.yaml")),
            shipped(&format!("datasets/{data}")),
        );
        let words = ["preview".as_ref(), spec.as_os_str(), data.as_os_str()];
        let ran = folder.run(
            words
                .into_iter()
                .chain(["-q", "-o", "-"].map(AsRef::as_ref)),
        );
        assert_eq!(ran.status, 0, "{}", ran.err);
        let remarks = ran.out.split_once("<ul class=\"notes\">");
        let remarks = remarks.map(|(_, rest)| rest.split_once("</ul>").unwrap().0);
        assert_eq!(remarks, None, "{}", spec.display());
    }
}
