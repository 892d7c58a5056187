//! Runs over a year against a walk through all of its minutes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use tuatara_frame::{Instant, Zone};
use tuatara_spec::Schedule;

const MINUTE: i64 = 60_000;
const DAY: i64 = 1440;

/// A year of a zone: its first minute, and the minute that the local clock shows at each.
struct Year {
    zone: Zone,
    start: i64,
    labels: Vec<i64>,
}

/// Berlin and Los Angeles change by an hour at night, Lord Howe by half an hour, Apia left out a
/// day, St John's changed at one minute past midnight, and Kolkata never.
static YEARS: LazyLock<Vec<Year>> = LazyLock::new(|| {
    [
        ("Europe/Berlin", 2026),
        ("America/Los_Angeles", 2026),
        ("Australia/Lord_Howe", 2026),
        ("Pacific/Apia", 2011),
        ("America/St_Johns", 2010),
        ("Asia/Kolkata", 2026),
    ]
    .map(|(zone, year)| {
        let zone: Zone = zone.parse().unwrap();
        let start: Instant = format!("{year}-01-01T00:00:00Z").parse().unwrap();
        let labels = (0..365 * DAY).map(|minute| {
            let at = Instant::from_millis(start.millis() + minute * MINUTE).unwrap();
            (at.millis() + zone.offset_millis(at)) / MINUTE
        });
        Year {
            zone,
            start: start.millis(),
            labels: labels.collect(),
        }
    })
    .into()
});

/// The day field that decides, as written and as it is understood here.
#[derive(Debug, Clone)]
enum Days {
    OfMonth(BTreeSet<u32>),
    BeforeLast(u32),
    Nearest(u32),
    OfWeek(BTreeSet<u32>),
    Last(u32),
    Nth(u32, u32),
}

fn listed(values: &BTreeSet<u32>) -> String {
    let texts: Vec<String> = values.iter().map(u32::to_string).collect();
    texts.join(",")
}

/// A date, counted by walking from 1 January 1970, a Thursday.
#[derive(Debug, Clone, Copy)]
struct Date {
    month: u32,
    day: u32,
    length: u32,
    /// 1 is Sunday.
    weekday: u32,
}

fn date(days: i64) -> Date {
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let (mut year, mut rest) = (1970, days);
    while rest >= 365 + i64::from(leap(year)) {
        rest -= 365 + i64::from(leap(year));
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    Date {
        month,
        day: u32::try_from(rest).unwrap() + 1,
        length: u32::try_from(lengths[month as usize - 1]).unwrap(),
        weekday: u32::try_from((days + 4).rem_euclid(7)).unwrap() + 1,
    }
}

impl Days {
    fn text(&self) -> (String, String) {
        let month = |text: String| (text, "?".to_owned());
        let week = |text: String| ("?".to_owned(), text);
        match self {
            Self::OfMonth(days) => month(listed(days)),
            Self::BeforeLast(n) => month(format!("L-{n}")),
            Self::Nearest(day) => month(format!("{day}W")),
            Self::OfWeek(days) => week(listed(days)),
            Self::Last(day) => week(format!("{day}L")),
            Self::Nth(day, n) => week(format!("{day}#{n}")),
        }
    }

    fn has(&self, date: Date) -> bool {
        // The day of the week of any other day of the month; 7 is Saturday.
        let weekday_of = |day: u32| (date.weekday + 34 + day - date.day) % 7 + 1;
        let of_this_weekday = (1..=date.length).filter(|day| weekday_of(*day) == date.weekday);
        match self {
            Self::OfMonth(days) => days.contains(&date.day),
            Self::BeforeLast(n) => date.day + n == date.length,
            Self::Nearest(meant) => {
                let working = (1..=date.length).filter(|day| (2..=6).contains(&weekday_of(*day)));
                *meant <= date.length
                    && working.min_by_key(|day| day.abs_diff(*meant)) == Some(date.day)
            }
            Self::OfWeek(days) => days.contains(&date.weekday),
            Self::Last(day) => date.weekday == *day && of_this_weekday.max() == Some(date.day),
            Self::Nth(day, n) => {
                let earlier = of_this_weekday.filter(|day| *day < date.day).count();
                date.weekday == *day && earlier + 1 == *n as usize
            }
        }
    }
}

fn days() -> impl Strategy<Value = Days> {
    prop_oneof![
        3 => prop::collection::btree_set(1..=28u32, 1..9).prop_map(Days::OfMonth),
        2 => Just(Days::OfMonth((1..=31).collect())),
        1 => (0..=20u32).prop_map(Days::BeforeLast),
        1 => (1..=28u32).prop_map(Days::Nearest),
        2 => prop::collection::btree_set(1..=7u32, 1..=7).prop_map(Days::OfWeek),
        1 => (1..=7u32).prop_map(Days::Last),
        1 => (1..=7u32, 1..=4u32).prop_map(|(day, n)| Days::Nth(day, n)),
    ]
}

/// Minutes of the year, counted from its start, that have a run: hours that are written out run
/// once, at the first time that shows them or when they have been skipped.
fn walk(
    year: &Year,
    minutes: &BTreeSet<u32>,
    hours: &BTreeSet<u32>,
    days: &Days,
    months: &BTreeSet<u32>,
) -> Vec<i64> {
    let first = year.labels[0] / DAY - 2;
    let on: Vec<bool> = (first..first + 370)
        .map(date)
        .map(|date| months.contains(&date.month) && days.has(date))
        .collect();
    let fits = |label: i64| {
        let time = u32::try_from(label % DAY).unwrap();
        minutes.contains(&(time % 60))
            && hours.contains(&(time / 60))
            && on[usize::try_from(label / DAY - first).unwrap()]
    };
    let all_hours = hours.len() == 24;
    let (mut runs, mut shown) = (Vec::new(), year.labels[0] - 1);
    for (minute, label) in (0..).zip(&year.labels) {
        let due = match all_hours {
            true => fits(*label),
            // Everything that was not shown yet up to now, skipped or not.
            false => (shown + 1..=*label).any(fits),
        };
        shown = shown.max(*label);
        if due {
            runs.push(minute);
        }
    }
    runs
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_next_run_is_the_next_one_of_a_walk_through_all_minutes(
        place in 0..6usize,
        minutes in prop::collection::btree_set(0..60u32, 1..6),
        hours in prop_oneof![
            prop::collection::btree_set(0..24u32, 1..5),
            prop::collection::btree_set(0..4u32, 1..4),
            Just((0..24).collect::<BTreeSet<u32>>()),
        ],
        days in days(),
        months in prop_oneof![
            prop::collection::btree_set(1..=12u32, 1..5),
            Just((1..=12).collect::<BTreeSet<u32>>()),
        ],
        asked in prop::collection::vec(0..365 * DAY, 40),
    ) {
        let year = &YEARS[place];
        let (of_month, of_week) = days.text();
        let (minute_list, hour_list) = (listed(&minutes), listed(&hours));
        let expression = format!("0 {minute_list} {hour_list} {of_month} {} {of_week}", listed(&months));
        let schedule: Schedule = expression.parse().unwrap();
        prop_assert_eq!(&schedule.to_string().parse::<Schedule>().unwrap(), &schedule);

        let runs = walk(year, &minutes, &hours, &days, &months);
        let instant = |minute: i64| Instant::from_millis(year.start + minute * MINUTE).unwrap();
        // Around every change of the clock, too.
        let changes = year.labels.windows(2).enumerate().filter(|(_, pair)| pair[1] != pair[0] + 1);
        let around = changes.flat_map(|(at, _)| {
            let at = i64::try_from(at).unwrap();
            [-90, -31, -1, 0, 1, 29, 59, 60, 61].map(|minutes| at + minutes)
        });
        for after in asked.into_iter().chain(around).filter(|after| (0..365 * DAY).contains(after)) {
            let index = runs.partition_point(|run| *run <= after);
            let found = schedule.next_after(instant(after), year.zone);
            match runs.get(index) {
                Some(run) => prop_assert_eq!(found, Some(instant(*run)), "{} after {}", expression, instant(after)),
                // The next one is in a later year.
                None => prop_assert!(found.is_none_or(|found| found >= instant(365 * DAY))),
            }
        }
    }
}
