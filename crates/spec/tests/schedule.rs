//! Cron expressions and the runs they mean, worked out with a calendar.

use tuatara_frame::{Instant, Zone};
use tuatara_spec::Schedule;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The first `count` runs after `from`, as instants in UTC.
fn runs(expression: &str, zone: &str, from: &str, count: usize) -> Vec<String> {
    let schedule: Schedule = expression.parse().unwrap();
    let zone: Zone = zone.parse().unwrap();
    let mut last = at(from);
    let mut found = Vec::new();
    while found.len() < count {
        let Some(next) = schedule.next_after(last, zone) else {
            break;
        };
        assert!(next > last, "{expression} at {last}");
        found.push(next.to_string());
        last = next;
    }
    found
}

/// Expects these runs after `from`, written without the `:00Z` that ends them all.
fn expect(expression: &str, zone: &str, from: &str, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|run| format!("{run}:00Z")).collect();
    let found = runs(expression, zone, &format!("{from}:00Z"), expected.len());
    assert_eq!(found, expected, "{expression} in {zone} after {from}");
}

/// A row: the expression, the instant after which its runs are asked for, and the first of them; all
/// in UTC, without the `:00Z` that ends them.
const IN_UTC: &str = "
# The schedules of the documentation: every quarter of an hour,
0 0/15 * * * ? * | 2026-05-01T10:07 | 2026-05-01T10:15 2026-05-01T10:30 2026-05-01T10:45
# every full hour, the one it is asked at not included,
0 0 * * * ? * | 2026-05-01T10:00 | 2026-05-01T11:00 2026-05-01T12:00
# the same with a step of one and the day left to the week,
0 0 0/1 ? * * * | 2026-05-01T22:30 | 2026-05-01T23:00 2026-05-02T00:00
# every day at 14:00, into the next year,
0 0 14 * * ? * | 2026-12-31T13:00 | 2026-12-31T14:00 2027-01-01T14:00
# every midnight,
0 0 0 * * ? | 2026-02-27T12:00 | 2026-02-28T00:00 2026-03-01T00:00
# every five minutes of every day from the first on.
0 0/5 * 1/1 * ? * | 2026-05-31T23:56 | 2026-06-01T00:00 2026-06-01T00:05
# The last days of the first months of 2026 are 31, 28 and 31,
0 0 12 L * ? | 2026-01-15T00:00 | 2026-01-31T12:00 2026-02-28T12:00 2026-03-31T12:00
# and 29 in February of 2028, a leap year.
0 0 12 L * ? | 2028-02-01T00:00 | 2028-02-29T12:00 2028-03-31T12:00
# Three days before them: 28 - 3, 31 - 3, 30 - 3.
0 0 0 L-3 * ? | 2026-02-01T00:00 | 2026-02-25T00:00 2026-03-28T00:00 2026-04-27T00:00
# 30 days before the last is the first of a month of 31; others have no such day.
0 0 0 L-30 * ? | 2026-03-31T00:00 | 2026-05-01T00:00 2026-07-01T00:00
# 31 May 2026 is a Sunday, so the last weekday is Friday 29; 30 June is a Tuesday.
0 0 0 LW * ? | 2026-05-01T00:00 | 2026-05-29T00:00 2026-06-30T00:00
# 31 October 2026 is a Saturday: Friday 30. 30 November is a Monday.
0 0 0 lw * ? | 2026-10-01T00:00 | 2026-10-30T00:00 2026-11-30T00:00
# 28 January and 25 February 2026 are Wednesdays, 28 March a Saturday: Friday 27.
0 0 0 L-3W * ? | 2026-01-01T00:00 | 2026-01-28T00:00 2026-02-25T00:00 2026-03-27T00:00
# 15 February and 15 March 2026 are Sundays, 15 April a Wednesday,
0 0 0 15W * ? | 2026-02-01T00:00 | 2026-02-16T00:00 2026-03-16T00:00 2026-04-15T00:00
# 15 August a Saturday.
0 0 0 15W 8 ? | 2026-02-01T00:00 | 2026-08-14T00:00
# 1 August 2026 is a Saturday, and Friday would be July: Monday 3. 1 September is a Tuesday.
0 0 0 1W * ? | 2026-08-01T00:00 | 2026-08-03T00:00 2026-09-01T00:00
# April and June have no 31st. 31 May 2026 is a Sunday, and Monday would be June: Friday 29.
0 0 0 31W * ? | 2026-04-01T00:00 | 2026-05-29T00:00 2026-07-31T00:00
# Fridays of January 2026: 2, 9, 16, 23, 30. Of February and March: 6, 13, 20, 27. The last,
0 0 0 ? * 6L | 2026-01-01T00:00 | 2026-01-30T00:00 2026-02-27T00:00 2026-03-27T00:00
# the third,
0 0 0 ? * 6#3 | 2026-01-01T00:00 | 2026-01-16T00:00 2026-02-20T00:00 2026-03-20T00:00
# and the fifth, which only some months have: 1 May + 28, 3 July + 28, 2 October + 28.
0 0 0 ? * FRI#5 | 2026-01-31T00:00 | 2026-05-29T00:00 2026-07-31T00:00 2026-10-30T00:00
# 29 February of 2028 is a Tuesday, the last and the fifth of its month.
0 0 0 ? FEB tueL | 2028-01-01T00:00 | 2028-02-29T00:00 2029-02-27T00:00
0 0 0 ? FEB TUE#5 | 2026-01-01T00:00 | 2028-02-29T00:00 2056-02-29T00:00
# `L` alone is the last day of the week, Saturday: 3 and 10 January 2026.
0 0 0 ? * L | 2026-01-01T00:00 | 2026-01-03T00:00 2026-01-10T00:00
# 2 January 2026 is a Friday; the weekend has no run,
0 0 9 ? * MON-FRI | 2026-01-02T12:00 | 2026-01-05T09:00 2026-01-06T09:00
# in numbers, Sunday being 1.
0 0 9 ? * 2-6 | 2026-01-02T12:00 | 2026-01-05T09:00 2026-01-06T09:00
# Around the end of the week: 5 January 2026 is a Monday, and the last of the range.
0 0 9 ? * FRI-MON | 2026-01-04T12:00 | 2026-01-05T09:00 2026-01-09T09:00 2026-01-10T09:00
# Every other day of the week: Monday 5, Wednesday 7, Friday 9, then Monday 12.
0 0 0 ? * MON/2 | 2026-01-05T00:00 | 2026-01-07T00:00 2026-01-09T00:00 2026-01-12T00:00
# Around midnight,
0 0 22-2 * * ? | 2026-01-01T22:30 | 2026-01-01T23:00 2026-01-02T00:00 2026-01-02T01:00 2026-01-02T02:00 2026-01-02T22:00
# with a step that goes on after it: 21, 24 - 24, 27 - 24.
0 0 21-5/3 * * ? | 2026-01-01T20:00 | 2026-01-01T21:00 2026-01-02T00:00 2026-01-02T03:00 2026-01-02T21:00
# Around the end of the year,
0 0 0 1 NOV-FEB ? | 2026-02-02T00:00 | 2026-11-01T00:00 2026-12-01T00:00 2027-01-01T00:00 2027-02-01T00:00
# and of the month: February 2026 has no 29th.
0 0 0 28-2 * ? | 2026-02-27T12:00 | 2026-02-28T00:00 2026-03-01T00:00 2026-03-02T00:00 2026-03-28T00:00
# Lists: each minute with each hour.
0 5,35 6,18 * * ? | 2026-01-01T06:05 | 2026-01-01T06:35 2026-01-01T18:05 2026-01-01T18:35
# A list of a range, a step and a value, in any order.
0 0 18/3,8-9,12 * * ? | 2026-01-01T07:00 | 2026-01-01T08:00 2026-01-01T09:00 2026-01-01T12:00 2026-01-01T18:00 2026-01-01T21:00 2026-01-02T08:00
# A step within a range ends with it.
0 0 8-17/4 * * ? | 2026-01-01T00:00 | 2026-01-01T08:00 2026-01-01T12:00 2026-01-01T16:00 2026-01-02T08:00
# A step from nothing begins at the first value.
0 */20 /12 * * ? | 2026-01-01T11:59 | 2026-01-01T12:00 2026-01-01T12:20 2026-01-01T12:40 2026-01-02T00:00
# Names in any case.
0 0 0 1 jan,Jul ? | 2026-01-01T00:00 | 2026-07-01T00:00 2027-01-01T00:00
# Seven months have a 31st, five of them after March.
0 0 0 31 * ? | 2026-03-31T00:00 | 2026-05-31T00:00 2026-07-31T00:00 2026-08-31T00:00 2026-10-31T00:00
# February has no 30th.
0 0 0 30 * ? | 2026-01-30T00:00 | 2026-03-30T00:00
# 2028 and 2032 are leap years.
0 0 0 29 2 ? | 2026-01-01T00:00 | 2028-02-29T00:00 2032-02-29T00:00
# Years, with a step,
0 0 0 1 1 ? 2027/10 | 2026-01-01T00:00 | 2027-01-01T00:00 2037-01-01T00:00
# and before them.
0 0 0 1 1 ? 1970,2099 | 1969-06-01T00:00 | 1970-01-01T00:00 2099-01-01T00:00
";

#[test]
fn expressions_in_utc_run_when_the_calendar_says() {
    let rows = IN_UTC
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [expression, from, expected] = cells[..] else {
            panic!("{row}");
        };
        let expected: Vec<&str> = expected.split(' ').collect();
        expect(expression, "UTC", from, &expected);
        count += 1;
    }
    assert!(count >= 40, "{count}");
}

#[test]
fn seconds_run_to_the_second_and_within_it_the_next_one_is_meant() {
    // 10 and 35; 60 is beyond the minute.
    let expected = [
        "2026-12-31T23:59:10Z",
        "2026-12-31T23:59:35Z",
        "2027-12-31T23:59:10Z",
    ];
    assert_eq!(
        runs("10/25 59 23 31 12 ?", "UTC", "2026-01-01T00:00:00Z", 3),
        expected
    );
    let every = |from| runs("* * * * * ?", "UTC", from, 1);
    assert_eq!(every("2026-01-01T00:00:00Z"), ["2026-01-01T00:00:01Z"]);
    assert_eq!(every("2026-01-01T00:00:00.999Z"), ["2026-01-01T00:00:01Z"]);
}

#[test]
fn hours_that_are_skipped_run_at_the_end_of_the_jump() {
    // Berlin, 29 March 2026: 02:00 is 03:00, at 01:00 UTC; the day after is two hours ahead.
    expect(
        "0 15 2 * * ?",
        "Europe/Berlin",
        "2026-03-28T12:00",
        &["2026-03-29T01:00", "2026-03-30T00:15"],
    );
    // Several skipped times are one run, which can be that of 03:00 itself.
    expect(
        "0 0/20 2 * * ?",
        "Europe/Berlin",
        "2026-03-28T12:00",
        &["2026-03-29T01:00", "2026-03-30T00:00"],
    );
    // Los Angeles, 8 March 2026: 02:00 is 03:00, at 10:00 UTC. 01:40, 03:00, 03:20.
    expect(
        "0 0/20 1-3 * * ?",
        "America/Los_Angeles",
        "2026-03-08T09:30",
        &["2026-03-08T09:40", "2026-03-08T10:00", "2026-03-08T10:20"],
    );
    // São Paulo, 4 November 2018: midnight is 01:00, at 03:00 UTC; the day after is two behind.
    expect(
        "0 0 0 * * ?",
        "America/Sao_Paulo",
        "2018-11-03T12:00",
        &["2018-11-04T03:00", "2018-11-05T02:00"],
    );
    // Lord Howe, 4 October 2026: 02:00 is 02:30, at 15:30 UTC of the third; then eleven ahead.
    expect(
        "0 15 2 * * ?",
        "Australia/Lord_Howe",
        "2026-10-03T12:00",
        &["2026-10-03T15:30", "2026-10-04T15:15"],
    );
    // Apia had no 30 December 2011: the 29th ended at 10:00 UTC, and the 31st began.
    expect(
        "0 0 12 * * ?",
        "Pacific/Apia",
        "2011-12-29T23:00",
        &["2011-12-30T10:00", "2011-12-30T22:00"],
    );
    // Asked within the second before the jump, and at it.
    expect(
        "0 15 2 * * ?",
        "Europe/Berlin",
        "2026-03-29T01:00",
        &["2026-03-30T00:15"],
    );
    let just_before = runs("0 15 2 * * ?", "Europe/Berlin", "2026-03-29T00:59:59.5Z", 1);
    assert_eq!(just_before, ["2026-03-29T01:00:00Z"]);
}

#[test]
fn with_every_hour_a_skipped_one_has_no_runs() {
    // Berlin, 01:20, then 03:20.
    expect(
        "0 20 * * * ?",
        "Europe/Berlin",
        "2026-03-29T00:00",
        &["2026-03-29T00:20", "2026-03-29T01:20"],
    );
    // 01:30, then 03:00, which is the next half hour that passes.
    expect(
        "0 0/30 * * * ?",
        "Europe/Berlin",
        "2026-03-29T00:15",
        &["2026-03-29T00:30", "2026-03-29T01:00", "2026-03-29T01:30"],
    );
}

#[test]
fn hours_that_come_twice_run_in_the_first() {
    // Berlin, 25 October 2026: 03:00 is 02:00, at 01:00 UTC. First 02:30 is 00:30 UTC; the day
    // after is one hour ahead.
    expect(
        "0 30 2 * * ?",
        "Europe/Berlin",
        "2026-10-24T12:00",
        &["2026-10-25T00:30", "2026-10-26T01:30"],
    );
    // Asked between the two, and within the second hour.
    expect(
        "0 30 2 * * ?",
        "Europe/Berlin",
        "2026-10-25T00:45",
        &["2026-10-26T01:30"],
    );
    expect(
        "0 30 2 * * ?",
        "Europe/Berlin",
        "2026-10-25T01:15",
        &["2026-10-26T01:30"],
    );
    // Los Angeles, 1 November 2026: 02:00 is 01:00, at 09:00 UTC. 00:30, 01:30, 02:30.
    expect(
        "0 30 0-2 * * ?",
        "America/Los_Angeles",
        "2026-11-01T06:00",
        &["2026-11-01T07:30", "2026-11-01T08:30", "2026-11-01T10:30"],
    );
    // St John's, 7 November 2010: 00:01 was 23:01 of the sixth, at 02:31 UTC, so that the last
    // hour of the sixth and midnight came twice; then three and a half hours behind.
    expect(
        "0 30 23 * * ?",
        "America/St_Johns",
        "2010-11-06T12:00",
        &["2010-11-07T02:00", "2010-11-08T03:00"],
    );
    expect(
        "0 0 0 * * ?",
        "America/St_Johns",
        "2010-11-06T12:00",
        &["2010-11-07T02:30", "2010-11-08T03:30"],
    );
    // Once the years are over by the clock they stay over.
    expect(
        "0 59 23 6 11 ? 2010",
        "America/St_Johns",
        "2010-11-06T12:00",
        &["2010-11-07T02:29"],
    );
    assert_eq!(
        runs(
            "0 59 23 6 11 ? 2010",
            "America/St_Johns",
            "2010-11-07T02:29:00Z",
            1
        )
        .len(),
        0
    );
}

#[test]
fn with_every_hour_a_doubled_one_runs_twice() {
    // Berlin: 02:00, 02:00 again, 03:00.
    expect(
        "0 0 * * * ?",
        "Europe/Berlin",
        "2026-10-24T23:30",
        &["2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00"],
    );
    // Los Angeles: 01:45, 01:15 again, 01:45 again.
    expect(
        "0 15/30 * * * ?",
        "America/Los_Angeles",
        "2026-11-01T08:30",
        &["2026-11-01T08:45", "2026-11-01T09:15", "2026-11-01T09:45"],
    );
    // On the sixth alone, in St John's: 23:30 twice, although midnight lies between.
    expect(
        "0 30 * 6 11 ? 2010",
        "America/St_Johns",
        "2010-11-07T01:30",
        &["2010-11-07T02:00", "2010-11-07T03:00"],
    );
}

#[test]
fn there_is_no_run_when_no_year_is_left() {
    assert_eq!(
        runs("0 0 0 31 12 ? 2098-2099", "UTC", "2026-01-01T00:00:00Z", 9),
        ["2098-12-31T00:00:00Z", "2099-12-31T00:00:00Z"]
    );
    assert_eq!(
        runs("0 0 0 1 1 ? 2005", "UTC", "2026-01-01T00:00:00Z", 1).len(),
        0
    );
    let every: Schedule = "* * * * * ?".parse().unwrap();
    for after in [Instant::MAX, at("2100-01-01T00:00:00Z")] {
        assert_eq!(every.next_after(after, Zone::UTC), None);
    }
    assert_eq!(
        every.next_after(Instant::MIN, Zone::UTC),
        Some(at("1970-01-01T00:00:00Z"))
    );
}

#[test]
fn the_text_is_plain_and_short_and_reads_back() {
    for (expression, text) in [
        ("0 0 14 * * ? *", "0 0 14 * * ?"),
        ("0 0 14 ? * *", "0 0 14 * * ?"),
        ("0 0 14 ? * 1-7 1970-2099", "0 0 14 * * ?"),
        ("0 0,15,30,45 * 1/1 * ?", "0 0/15 * * * ?"),
        ("0 */30 0-23 * * ?", "0 0/30 * * * ?"),
        ("0 0 22-2 * * ?", "0 0 0-2,22,23 * * ?"),
        ("00 05,35 6,18 * 1,7 ?", "0 5,35 6,18 * JAN,JUL ?"),
        ("0 0 0 ? 11-2 2-6", "0 0 0 ? JAN,FEB,NOV,DEC MON-FRI"),
        ("0 0 0 ? * 6#3 2030", "0 0 0 ? * FRI#3 2030"),
        ("0 0 0 ? * 6l", "0 0 0 ? * FRIL"),
        ("0 0 0 ? * L", "0 0 0 ? * SAT"),
        ("0 0 0 l-3w * ?", "0 0 0 L-3W * ?"),
        ("0 0 0 015W * ?", "0 0 0 15W * ?"),
    ] {
        let schedule: Schedule = expression.parse().unwrap();
        assert_eq!(schedule.to_string(), text);
        assert_eq!(text.parse::<Schedule>().unwrap(), schedule);
    }
}

#[test]
fn tabs_and_spaces_around_the_fields_do_not_matter() {
    let schedule: Schedule = "  0\t0  14 * *  ? ".parse().unwrap();
    assert_eq!(schedule.to_string(), "0 0 14 * * ?");
}
