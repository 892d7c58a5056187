//! What flags declare of the data: layout, delimiter, order, range, missing buckets, late rows.

mod command;

use command::{HOURS, hours};

/// The values and verdicts of `points` over `file`.
fn judged(folder: &command::Folder, file: &str, flags: &str) -> Vec<(String, String)> {
    let rows = folder
        .line(&format!("points limit.yaml {file} {flags}"))
        .results();
    let mut lines = rows.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let column = |name: &str| header.iter().position(|cell| *cell == name).unwrap();
    let (value, verdict) = (column("value"), column("verdict"));
    lines
        .map(|cells| (cells[value].to_owned(), cells[verdict].to_owned()))
        .collect()
}

#[test]
fn other_layouts_and_delimiters_are_read_when_declared() {
    let folder = hours();
    let plain = judged(&folder, "hours.csv", "");
    folder.write("semicolon.csv", HOURS.replace(',', ";"));
    folder.write("tab.csv", HOURS.replace(',', "\t"));
    folder.write("wide.csv", HOURS.replace("value", "shop"));
    for (file, flags) in [
        ("semicolon.csv", ""),
        ("semicolon.csv", "--delimiter ;"),
        ("tab.csv", "--delimiter tab"),
        ("wide.csv", "--layout wide"),
    ] {
        assert_eq!(judged(&folder, file, flags), plain, "{file} {flags}");
    }
    let counted: String = HOURS
        .lines()
        .enumerate()
        .map(|(row, line)| match line.split_once(',') {
            Some((_, value)) if row > 0 => format!("{},{value}\n", row - 1),
            _ => format!("{line}\n"),
        })
        .collect();
    folder.write("counted.csv", counted);
    let flags = "--time-unit rows --granularity PT1H --start 2026-01-01";
    let rows = |file: &str, flags: &str| {
        folder
            .line(&format!("points limit.yaml {file} {flags}"))
            .results()
    };
    assert_eq!(rows("counted.csv", flags), rows("hours.csv", ""));
}

#[test]
fn ignored_columns_are_not_read() {
    let folder = hours();
    folder.write(
        "noted.csv",
        "timestamp,a,note\n2026-01-01T00:00:00Z,4,fine\n2026-01-01T01:00:00Z,5,good\n",
    );
    assert!(
        folder
            .error("detect limit.yaml noted.csv --layout wide")
            .contains("column `note`: `fine` is not a number")
    );
    let ignored = judged(&folder, "noted.csv", "--layout wide --ignore note");
    assert_eq!(ignored.len(), 2);
}

#[test]
fn empty_buckets_are_filled_as_asked_for_and_the_note_says_where() {
    let folder = hours();
    let gap = HOURS.replace("2026-01-01T02:00:00Z,6\n", "");
    folder.write("gap.csv", &gap);
    let third = |flags: &str| judged(&folder, "gap.csv", flags)[2].clone();
    let pair = |value: &str, verdict: &str| (value.to_owned(), verdict.to_owned());
    assert_eq!(third(""), pair("", "missing"));
    assert_eq!(third("--missing leave"), pair("", "missing"));
    assert_eq!(third("--missing zero"), pair("0", "normal"));
    assert_eq!(third("--missing carry:1"), pair("5", "normal"));
    assert_eq!(third("--missing interpolate:1"), pair("", "missing"));
    for command in ["detect", "points"] {
        let ran = folder.line(&format!("{command} limit.yaml gap.csv --missing zero"));
        let note = "1 bucket inside is empty, at 2026-01-01T02:00:00Z; 1 bucket is filled with 0, \
                    at 2026-01-01T02:00:00Z.\n";
        assert!(ran.err.contains(note), "{command}: {}", ran.err);
    }
    let at = "--at 2026-01-01T04:00:00Z";
    let ran = folder.line(&format!("explain limit.yaml gap.csv {at}"));
    let note = "1 bucket inside is empty, at 2026-01-01T02:00:00Z.\n";
    assert!(ran.err.contains(note), "{}", ran.err);
}

#[test]
fn values_outside_the_declared_range_are_no_measurement() {
    let folder = hours();
    let fifth = |flags: &str| judged(&folder, "hours.csv", flags)[4].1.clone();
    assert_eq!(fifth(""), "anomaly_up");
    assert_eq!(fifth("--max 15"), "out_of_range");
    assert_eq!(fifth("--min -10 --max 20"), "anomaly_up");
}

#[test]
fn the_last_buckets_are_incomplete_while_rows_may_still_come() {
    let folder = hours();
    let verdicts = |flags: &str| -> Vec<String> {
        let rows = judged(&folder, "hours.csv", flags);
        rows.into_iter().map(|(_, verdict)| verdict).collect()
    };
    let last = |flags: &str| verdicts(flags).last().cloned().unwrap();
    assert_eq!(last(""), "normal");
    assert_eq!(last("--completeness-delay PT1H"), "incomplete");
}

#[test]
fn a_declared_order_is_checked() {
    let folder = hours();
    let mut lines: Vec<&str> = HOURS.lines().collect();
    lines.swap(2, 3);
    folder.write("mixed.csv", lines.join("\n"));
    assert_eq!(folder.line("detect limit.yaml mixed.csv").status, 1);
    let said = folder.error("detect limit.yaml mixed.csv --in-order");
    assert!(
        said.starts_with(
            "error: mixed.csv, row 4, column `timestamp`: `2026-01-01T01:00:00Z` comes"
        ),
        "{said}"
    );
}
