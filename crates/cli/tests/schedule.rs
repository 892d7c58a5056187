//! What `tuatara check` lists of a schedule.

mod command;

use command::{LIMIT, hours};

/// What is said of `cron` with these flags, after the line that says that all is well.
fn listed(cron: &str, flags: &str) -> String {
    let folder = hours();
    folder.write("limit.yaml", format!("{}cron: {cron}\n", &LIMIT[1..]));
    let ran = folder.line(&format!("check limit.yaml {flags}"));
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{ran:?}");
    let rest = ran.out.split_once('\n').map(|(_, rest)| rest.to_owned());
    rest.expect("a line for the specification")
}

#[test]
fn the_next_three_runs_are_listed_in_utc() {
    assert_eq!(
        listed("0 0 14 * * ? *", "--from 2026-02-27T14:00:00Z"),
        "limit.yaml: cron 0 0 14 * * ? in UTC: next runs 2026-02-28T14:00:00Z, \
         2026-03-01T14:00:00Z, 2026-03-02T14:00:00Z\n"
    );
}

#[test]
fn runs_have_the_local_time_and_what_it_is_ahead_of_utc() {
    // New York, 1 November 2026: 02:00 is 01:00 again, and four hours behind are five.
    assert_eq!(
        listed(
            "0 0 * * * ?",
            "--tz America/New_York --from 2026-11-01T00:30"
        ),
        "limit.yaml: cron 0 0 * * * ? in America/New_York: next runs 2026-11-01T01:00:00-04:00, \
         2026-11-01T01:00:00-05:00, 2026-11-01T02:00:00-05:00\n"
    );
}

#[test]
fn runs_that_are_over_are_said_to_be() {
    let from = "--from 2026-01-01 --tz Asia/Kolkata";
    assert_eq!(
        listed("0 0 0 1 1 ? 2026,2027", from),
        "limit.yaml: cron 0 0 0 1 JAN ? 2026,2027 in Asia/Kolkata: next runs \
         2027-01-01T00:00:00+05:30\n"
    );
    assert_eq!(
        listed("0 0 0 1 1 ? 2026", from),
        "limit.yaml: cron 0 0 0 1 JAN ? 2026 in Asia/Kolkata: no run after \
         2026-01-01T00:00:00+05:30\n"
    );
}

#[test]
fn without_a_start_the_runs_after_now_are_listed() {
    let listed = listed("0 0 0 * * ?", "");
    assert_eq!(listed.matches("T00:00:00Z").count(), 3, "{listed}");
}

#[test]
fn without_a_schedule_nothing_is_listed() {
    let ran = hours().line("check limit.yaml --from 2026-01-01");
    assert_eq!(ran.out.lines().count(), 1, "{ran:?}");
}

#[test]
fn a_start_that_is_none_is_refused() {
    let ran = hours().line("check limit.yaml --from tomorrow");
    assert_eq!(ran.status, 2);
    assert!(
        ran.err
            .starts_with("error: --from tomorrow is no instant; allowed: "),
        "{ran:?}"
    );
}
