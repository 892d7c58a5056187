//! What the command reads and how: a file, standard input, columns, steps.

mod command;

use command::{HOURS, LIMIT, gzip, hours};

#[test]
fn either_specification_or_data_may_come_from_standard_input() {
    let folder = hours();
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
    let folder = hours();
    folder.write("packed.csv.gz", gzip(HOURS));
    let plain = folder.line("detect limit.yaml hours.csv").results();
    assert_eq!(
        folder.line("detect limit.yaml packed.csv.gz").results(),
        plain
    );
}

#[test]
fn files_that_are_not_there_or_not_files_are_named() {
    let folder = hours();
    std::fs::create_dir(folder.path().join("inside")).unwrap();
    folder.write("packed.yaml.gz", gzip(LIMIT));
    folder.write("latin.yaml", b"detectionName: cr\xe8me\n");
    let begins = [
        ("check nowhere.yaml", "error: nowhere.yaml cannot be read: "),
        (
            "check inside",
            "error: inside is a folder; a specification in YAML is expected; name the file in it\n",
        ),
        (
            "detect packed.yaml.gz hours.csv",
            "error: packed.yaml.gz is packed with gzip; a specification in YAML is expected; unpack it\n",
        ),
        (
            "detect latin.yaml hours.csv",
            "error: latin.yaml is no text in UTF-8, by byte 18; a specification in YAML is expected; \
             name the right file, or save it as UTF-8\n",
        ),
        (
            "detect limit.yaml hours.csv --calendar inside",
            "error: inside is a folder; a file of events, YAML or a table, is expected; name the file \
             in it\n",
        ),
        (
            "detect limit.yaml hours.csv --calendar latin.yaml",
            "error: latin.yaml is no text in UTF-8, by byte 18; a file of events, YAML or a table, is \
             expected; name the right file, or save it as UTF-8\n",
        ),
        (
            "detect limit.yaml hours.csv --dataset-file inside",
            "error: inside is a folder; a dataset file in YAML is expected; name the file in it\n",
        ),
        (
            "detect nowhere.yaml hours.csv",
            "error: nowhere.yaml cannot be read: ",
        ),
        (
            "detect limit.yaml nowhere.csv",
            "error: nowhere.csv cannot be read: ",
        ),
        (
            "detect limit.yaml inside",
            "error: inside is a folder; allowed: UTF-8 text (CSV, one JSON object a line, a \
             Prometheus response), plain or gzip; name the files in it\n",
        ),
        (
            "detect limit.yaml hours.csv --state inside",
            "error: inside is a folder; the state that an earlier run wrote, or nothing yet, is \
             expected; name the file in it\n",
        ),
        (
            "detect limit.yaml hours.csv --state nowhere/state",
            "error: nowhere/state cannot be written: ",
        ),
    ];
    for (line, begin) in begins {
        assert!(
            folder.error(line).starts_with(begin),
            "{line}: {}",
            folder.error(line)
        );
    }
    assert_eq!(
        folder.error("detect limit.yaml"),
        "error: no data; name a data file after the specification, or - for standard input\n"
    );
    folder.write("empty.csv", "");
    assert_eq!(
        folder.error("detect limit.yaml empty.csv"),
        "error: empty.csv is empty; the first line names the columns, such as `timestamp,value`\n"
    );
    folder.write("header.csv", "timestamp,value\n");
    assert_eq!(
        folder.error("detect limit.yaml header.csv"),
        "error: `header.csv` has no rows, so it spans no time; give it at least one\n"
    );
    // What is not gzip although it begins like it.
    folder.write("broken.csv.gz", [0x1f, 0x8b, 8, 0, 0]);
    assert!(
        folder
            .error("detect limit.yaml broken.csv.gz")
            .contains("compression")
    );
}

#[test]
fn data_and_specification_in_each_others_place_are_told() {
    let folder = hours();
    assert_eq!(
        folder.error("detect hours.csv limit.yaml"),
        "error: hours.csv stands where the specification is expected, and limit.yaml among the data; \
         the specification comes first\n"
    );
    for command in [
        "backtest",
        "tune --param a.b --values 1 --budget 1/day",
        "inject",
    ] {
        let said = folder.error(&format!("{command} hours.csv limit.yaml"));
        assert!(said.ends_with("the specification comes first\n"), "{said}");
    }
    let line = "detect limit.yaml limit.yaml hours.csv";
    assert!(
        folder
            .error(line)
            .starts_with("error: limit.yaml stands among the data, and is YAML by its name; "),
        "{}",
        folder.error(line)
    );
    folder.write("few.yaml", LIMIT.replace("10", "1"));
    assert_eq!(
        folder
            .line("backtest limit.yaml few.yaml hours.csv -q")
            .status,
        0
    );
}

#[test]
fn a_metric_that_nobody_reads_is_refused() {
    let folder = hours();
    let said = |line: &str| folder.error(&format!("{line} hours.csv"));
    assert_eq!(
        said("detect limit.yaml --metric valeu=value"),
        "error: --metric valeu=value: the specification reads no metric `valeu`, but value; did you \
         mean `value`?\n"
    );
    assert_eq!(
        said("detect limit.yaml --metric Amount=value"),
        "error: --metric Amount=value: the specification reads no metric `Amount`, but value; the \
         name comes before the column: --metric value=Amount\n"
    );
    assert_eq!(
        said("points limit.yaml --metric orders"),
        "error: --metric orders: the specification reads no metric `orders`, but value; name one of \
         these, or leave the flag out\n"
    );
    // Another specification of the same command may be meant.
    folder.write(
        "calls.yaml",
        LIMIT.replace("metric: value", "metric: calls"),
    );
    let both = folder.line("backtest limit.yaml calls.yaml hours.csv --metric calls=value -q");
    assert_eq!(both.status, 0, "{both:?}");
    let diff = folder.line("diff limit.yaml calls.yaml hours.csv --metric calls=value -q");
    assert_eq!((diff.status, diff.err.as_str()), (1, ""));
    assert_eq!(
        said("diff limit.yaml calls.yaml --metric call=value"),
        "error: --metric call=value: the specifications read no metric `call`, but calls, value; \
         did you mean `calls`?\n"
    );
}

#[test]
fn columns_are_named_by_flags() {
    let folder = hours();
    let other = HOURS.replace("timestamp,value", "When,Amount");
    folder.write("other.csv", &other);
    let plain = folder.line("detect limit.yaml hours.csv").results();
    let named = folder.line("detect limit.yaml other.csv --time When --metric value=Amount");
    assert_eq!(named.results(), plain);
    assert_eq!(
        folder.error("detect limit.yaml other.csv --time When"),
        "error: other.csv has no column `value` for the metric; it has: When, Amount; name its \
         column with --metric value=COLUMN\n"
    );
    // What is missing is the column, whoever named it; what is asked for is the metric.
    assert_eq!(
        folder.error("detect limit.yaml other.csv --time When --metric value=Total"),
        "error: other.csv has no column `Total` for the metric `value`; it has: When, Amount; name \
         its column with --metric value=COLUMN\n"
    );
    assert_eq!(
        folder.error("detect limit.yaml other.csv --metric value=Amount"),
        "error: other.csv: 0 of the columns When, Amount suggest themselves for the time; name \
         the time column (--time COLUMN)\n"
    );
    assert_eq!(
        folder.error("detect limit.yaml hours.csv --time timestmap"),
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
    assert!(
        folder
            .error("detect limit.yaml seconds.csv")
            .contains("--time-unit s|ms|us|ns")
    );
}

#[test]
fn dimensions_are_known_from_the_specification_and_named_by_flags() {
    let folder = hours();
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
    assert!(
        folder
            .error("detect land.yaml sales.csv")
            .contains("no column `country`")
    );
}

#[test]
fn steps_and_aggregations_are_those_asked_for() {
    let folder = hours();
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
    assert_eq!(
        values("--granularity PT3H --aggregation median"),
        ["5", "5"]
    );
    assert_eq!(values("--granularity PT3H --aggregation last"), ["6", "5"]);
    let finer = LIMIT.replace("max: 10", "max: 10, monitoringGranularity: 15_MINUTES");
    folder.write("finer.yaml", finer);
    assert_eq!(
        folder.error("detect finer.yaml hours.csv -q"),
        "error: `hours` has one row per PT1H and cannot be read at PT15M; ask for PT1H or \
         something coarser\n"
    );
}

#[test]
fn wrong_flags_say_what_is_allowed() {
    let folder = hours();
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
            "--aggregation p99",
            "`p99` is not an aggregation; allowed: SUM, COUNT,",
        ),
        (
            "--time-unit years",
            "`years` is not a unit of time; allowed: s, ms, us, ns since 1970, or rows",
        ),
        (
            "--layout njson",
            "`njson` is not a layout; allowed: long, wide, series, ndjson, prometheus; did you",
        ),
        ("--delimiter x", "write one of , ; | or tab"),
        (
            "--start noon",
            "`noon` is no start; allowed: a date such as 2026-01-01, or a stamp with an offset",
        ),
        (
            "--missing zeros",
            "write leave, zero, carry:LIMIT or interpolate:LIMIT",
        ),
        (
            "--missing carry",
            "write a limit in buckets from 1 after it, such as carry:3",
        ),
        (
            "--missing carry:0",
            "write a limit in buckets from 1 after it, such as carry:3",
        ),
        ("--missing zero:3", "zero has no limit; write zero alone"),
        ("--min low", "write a number, such as 0 or 99.5"),
        (
            "--min 5 --max 1",
            "error: --min and --max: the range from 5 to 1 holds no value",
        ),
        (
            "--completeness-delay soon",
            "`soon` is not a duration; allowed: ISO 8601",
        ),
        (
            "--format xml",
            "[possible values: table, json, ndjson, csv]",
        ),
        ("--metric =x", "write NAME=VALUE"),
        (
            "--threads 0",
            "error: --threads is 0; allowed: 1 to 1024, leave it out for one per core",
        ),
    ];
    for (flags, expected) in said {
        let said = folder.error(&format!("detect limit.yaml hours.csv -q {flags}"));
        assert!(said.contains(expected), "{said}");
    }
}
