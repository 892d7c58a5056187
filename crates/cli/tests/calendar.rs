//! `--calendar`: events from files of their own, checked, used, and told.

mod command;

use command::hours;

const WINDOW: &str = "name,start,end,suppress\nload test,2026-01-01T04:00,2026-01-01T05:00,yes\n";

#[test]
fn what_is_suppressed_is_told_and_is_no_reason_to_act() {
    let folder = hours();
    folder.write("known.csv", WINDOW);
    let ran = folder.line("detect limit.yaml hours.csv --calendar known.csv");
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "# too much on value; times in UTC, ends are exclusive\n\
         2026-01-01 04:00 .. 2026-01-01 05:00 (open)  value  20 is 100.0 % above the limit 10; \
         score 2.00, limit:THRESHOLD; suppressed by load test\n"
    );
    assert!(
        ran.err.ends_with(
            "note: 1 anomaly, 1 of them suppressed, in 1 slice from 2026-01-01T00:00:00Z to \
             2026-01-01T06:00:00Z\n"
        ),
        "{}",
        ran.err
    );
}

#[test]
fn every_form_names_the_window_and_its_numbers() {
    let folder = hours();
    // 20 instead of 10 is 100 % more.
    folder.write(
        "known.yaml",
        "events:
  - name: load test
    start: 2026-01-01
    suppress: { expectedChange: 1.0, acceptableDeviation: 0.25 }
  - name: sale
    start: 2026-01-01
    suppress: { expectedChange: 3.0, acceptableDeviation: 0.5 }
",
    );
    let line = |format: &str| {
        let line =
            format!("detect limit.yaml hours.csv --calendar known.yaml --quiet --format {format}");
        folder.line(&line).out
    };
    let csv = line("csv");
    let (header, row) = csv.split_once('\n').unwrap();
    assert!(
        header.ends_with(",spec_fingerprint,suppressed_by"),
        "{header}"
    );
    assert!(row.ends_with(",load test\n"), "{row}");
    let json: serde_json::Value = serde_json::from_str(&line("ndjson")).unwrap();
    assert_eq!(json["suppressed_by"], "load test");
    assert_eq!(
        json["suppressions"],
        serde_json::json!([
            {
                "event": "load test",
                "window_start": "2026-01-01T00:00:00Z",
                "window_end": "2026-01-02T00:00:00Z",
                "applies": true,
                "change": 1.0,
                "expected_change": 1.0,
                "acceptable_deviation": 0.25
            },
            {
                "event": "sale",
                "window_start": "2026-01-01T00:00:00Z",
                "window_end": "2026-01-02T00:00:00Z",
                "applies": false,
                "change": 1.0,
                "expected_change": 3.0,
                "acceptable_deviation": 0.5
            }
        ])
    );
}

#[test]
fn a_calendar_is_checked_beside_a_specification() {
    let folder = hours();
    folder.write("known.csv", WINDOW);
    folder.write("days", "# ours\nholidays: [us, de]\n");
    let ran = folder.line("check limit.yaml --calendar known.csv --calendar days");
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "known.csv: ok: 1 event\n\
         days: ok: 0 events, holidays of DE, US\n\
         limit.yaml: ok: \"too much\" on value with limit:THRESHOLD\n"
    );
}

#[test]
fn a_broken_calendar_is_refused_with_its_place() {
    let folder = hours();
    folder.write("known.csv", WINDOW.replace(",yes", ",maybe"));
    for command in ["check limit.yaml", "detect limit.yaml hours.csv"] {
        let ran = folder.line(&format!("{command} --calendar known.csv"));
        assert_eq!(ran.status, 2);
        assert!(
            ran.err.starts_with(
                "error: known.csv, row 2, column `suppress`: event `load test`: `suppress` is \
                 `maybe`; allowed: "
            ),
            "{}",
            ran.err
        );
    }
    folder.write(
        "known.yaml",
        "events:\n  - { name: x, start: 2026-01-01, supress: true }\n",
    );
    let ran = folder.line("check limit.yaml --calendar known.yaml");
    assert_eq!(ran.status, 2);
    assert!(
        ran.err.starts_with(
            "error[unknown-key]: `supress` is not a key of an event\n  --> known.yaml:2:35\n"
        ),
        "{}",
        ran.err
    );
    assert!(
        ran.err.ends_with("error: 1 of 2 files cannot be used\n"),
        "{}",
        ran.err
    );
    let ran = folder.line("detect limit.yaml hours.csv --calendar nowhere.yaml");
    assert!(
        ran.err.starts_with("error: nowhere.yaml cannot be read: "),
        "{}",
        ran.err
    );
}

#[test]
fn an_event_that_holds_for_no_series_is_warned_of() {
    let folder = hours();
    folder.write(
        "known.csv",
        "name,start,leave_out,country\nfair,2026-01-01,1,DE\n",
    );
    let ran = folder.line("detect limit.yaml hours.csv --calendar known.csv");
    assert!(
        ran.err.contains(
            "warning: the event \"fair\" holds for no series that was looked at: none of them"
        ),
        "{}",
        ran.err
    );
}

#[test]
fn a_state_goes_on_by_the_same_events_only() {
    let folder = hours();
    folder.write("known.csv", WINDOW);
    let first = folder.line("detect limit.yaml hours.csv --state s --until 2026-01-01T03:00");
    assert_eq!(first.status, 0, "{}", first.err);
    let ran = folder.line("detect limit.yaml hours.csv --state s --calendar known.csv");
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("the state belongs to "), "{}", ran.err);
}
