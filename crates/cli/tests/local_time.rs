//! Intervals, instants, days and hours in the zone of the data.

mod command;

use command::hours;

#[test]
fn intervals_and_instants_are_read_in_the_zone_of_the_data() {
    let folder = hours();
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
        let said = folder.error(&format!("detect limit.yaml hours.csv -q {flags}"));
        assert!(said.starts_with(begin), "{said}");
    }
}

#[test]
fn local_days_are_those_of_the_zone_and_its_clock_changes() {
    let folder = hours();
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
    let folder = hours();
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
    let said = folder.error("detect limit.yaml hours.csv --tz Europe/Berlin");
    assert!(
        said.contains("row 4, column `time`: `2026-03-29 02:00` does not exist"),
        "{said}"
    );
}
