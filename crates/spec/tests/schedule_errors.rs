//! Cron expressions that are refused: what is said, and of which bytes.

use tuatara_spec::{Schedule, ScheduleError, ScheduleField};

fn refused(expression: &str) -> ScheduleError {
    expression.parse::<Schedule>().expect_err(expression)
}

/// The text that the error is about.
fn place(expression: &str) -> &str {
    &expression[refused(expression).at()]
}

#[test]
fn a_value_beyond_its_field_is_refused_with_the_range() {
    let error = refused("0 75 14 * * ?");
    assert_eq!(
        error.to_string(),
        "minutes cannot be `75`; allowed: 0 to 59, `*`, `a-b`, `a/b`, lists of these; choose a \
         value from 0 to 59"
    );
    assert_eq!(error.field(), Some(ScheduleField::Minutes));
    assert_eq!(error.at(), 2..4);
}

#[test]
fn every_mistake_names_its_field_its_value_and_the_remedy() {
    for (expression, at, what, remedy) in [
        (
            "60 0 14 * * ?",
            "60",
            "seconds cannot be `60`",
            "write 0; it is the start of the next one",
        ),
        (
            "0 0 24 * * ?",
            "24",
            "hours cannot be `24`",
            "midnight is hour 0 of the next day",
        ),
        (
            "0 0 14 32 * ?",
            "32",
            "day-of-month cannot be `32`",
            "choose a value from 1 to 31",
        ),
        (
            "0 0 14 0 * ?",
            "0",
            "day-of-month cannot be `0`",
            "choose a value from 1 to 31",
        ),
        (
            "0 0 14 1 13 ?",
            "13",
            "month cannot be `13`",
            "choose a value from 1 to 12, JAN to DEC",
        ),
        (
            "0 0 14 1 JNU ?",
            "JNU",
            "month cannot be `JNU`",
            "did you mean `JUN`?",
        ),
        (
            "0 0 14 ? * 0",
            "0",
            "day-of-week cannot be `0`",
            "SUN is 1 and SAT is 7 here; write SUN",
        ),
        (
            "0 0 14 1 September ?",
            "September",
            "month cannot be `September`",
            "did you mean `SEP`?",
        ),
        (
            "0 0 14 ? * MON-FRY",
            "FRY",
            "day-of-week cannot be `FRY`",
            "did you mean `FRI`?",
        ),
        (
            "0 0 14 1 1 ? 1969",
            "1969",
            "year cannot be `1969`",
            "choose a value from 1970 to 2099",
        ),
        (
            "0 0 14 1 1 ? 2030-2028",
            "2030-2028",
            "the years `2030-2028` end before they begin",
            "write `2028-2030`",
        ),
        (
            "0 0 99999999999 * * ?",
            "99999999999",
            "hours cannot be `99999999999`",
            "choose a value from 0 to 23",
        ),
        (
            "0 ? 14 * * ?",
            "?",
            "minutes cannot be `?`",
            "write `*` for all minutes",
        ),
        (
            "0 -5 14 * * ?",
            "-5",
            "minutes cannot be `-5`",
            "count from the first value; there is none below",
        ),
        (
            "0 1-2-3 14 * * ?",
            "2-3",
            "minutes cannot be `2-3`",
            "write a range as `a-b`",
        ),
        (
            "0 0,,5 14 * * ?",
            "",
            "a value is missing in minutes",
            "write a value, or take away the sign beside it",
        ),
        (
            "0 5- 14 * * ?",
            "",
            "a value is missing in minutes",
            "write a value, or take away the sign beside it",
        ),
        (
            "0 0/0 14 * * ?",
            "0",
            "the step of minutes cannot be `0`",
            "write `a/b`: the first value, and how far it is to the next",
        ),
        (
            "0 0/ 14 * * ?",
            "",
            "the step of minutes cannot be ``",
            "write `a/b`: the first value, and how far it is to the next",
        ),
        (
            "0 0/90 14 * * ?",
            "90",
            "the step of minutes cannot be `90`",
            "leave the step out for one value, or give several in a list",
        ),
        (
            "0 0 14 1,L * ?",
            "1,L",
            "day-of-month cannot be `1,L`",
            "`L`, `W` and `#` stand alone in their field, without lists, ranges or steps",
        ),
        (
            "0 0 14 1-5W * ?",
            "1-5W",
            "day-of-month cannot be `1-5W`",
            "`L`, `W` and `#` stand alone in their field, without lists, ranges or steps",
        ),
        (
            "0 0 14 32W * ?",
            "32",
            "day-of-month cannot be `32`",
            "choose a value from 1 to 31",
        ),
        (
            "0 0 14 L-31 * ?",
            "L-31",
            "day-of-month cannot be `L-31`",
            "`L-3` is three days before the last of the month; write a number of days",
        ),
        (
            "0 0 14 ? * 6#6",
            "6",
            "a month has no day `6#6`",
            "write `FRIL` for the last one",
        ),
        (
            "0 0 14 ? * 6#+3",
            "+3",
            "a month has no day `6#+3`",
            "write `FRIL` for the last one",
        ),
        (
            "0 0 14 ? * 2#1,6#3",
            "2#1,6#3",
            "day-of-week cannot be `2#1,6#3`",
            "`L`, `W` and `#` stand alone in their field, without lists, ranges or steps",
        ),
        (
            "0 0 L * * ?",
            "L",
            "hours cannot be `L`",
            "`L`, `W` and `#` stand alone in a day field; write 0 to 23",
        ),
        (
            "0 0 14h * * ?",
            "14h",
            "hours cannot be `14h`",
            "write 0 to 23",
        ),
        (
            "0 0 14 ? * ö",
            "ö",
            "day-of-week cannot be `ö`",
            "write 1 to 7, SUN to SAT",
        ),
        (
            "0 0 14 öW * ?",
            "ö",
            "day-of-month cannot be `ö`",
            "write 1 to 31",
        ),
    ] {
        let error = refused(expression);
        assert_eq!(place(expression), at, "{expression}");
        assert_eq!(error.what(), what, "{expression}");
        assert_eq!(error.remedy(), remedy, "{expression}");
    }
}

#[test]
fn exactly_one_day_field_has_the_question_mark() {
    for (expression, at, remedy) in [
        ("0 0 14 * * *", 11..12, "write `0 0 14 * * ?`"),
        ("0 0 14 4 * *", 11..12, "write `0 0 14 4 * ?`"),
        (
            "0 0 14 * * MON-FRI 2030",
            7..8,
            "write `0 0 14 ? * MON-FRI 2030`",
        ),
        ("0 0 14 ? * ?", 11..12, "write `0 0 14 * * ?` for every day"),
        (
            "0 0 14 13 * FRI",
            12..15,
            "keep the one that is meant and write `?` for the other; runs on days that fit both, \
             or either, cannot be said",
        ),
        // A mistake in a field comes first, so that remedies can be used as they are.
        ("0 0 14 * * MON-FRY", 15..18, "did you mean `FRI`?"),
    ] {
        let error = refused(expression);
        assert_eq!(error.at(), at, "{expression}");
        assert_eq!(error.remedy(), remedy, "{expression}");
        if let Some(better) = remedy.strip_prefix("write `") {
            let better = better.split('`').next().unwrap();
            assert!(better.parse::<Schedule>().is_ok(), "{better}");
        }
    }
}

#[test]
fn an_expression_of_unix_is_shown_with_its_six_fields() {
    for (expression, remedy) in [
        ("0 14 * * *", "write `0 0 14 * * ?`"),
        ("*/15 * * * *", "write `0 */15 * * * ?`"),
        ("30 6 1 * *", "write `0 30 6 1 * ?`"),
        // Days of the week count from Sunday as 0 or 7 there.
        ("0 9 * * 1-5", "write `0 0 9 ? * MON-FRI`"),
        ("0 9 * * 0,6", "write `0 0 9 ? * SUN,SAT`"),
        ("0 9 * * 5-7/2", "write `0 0 9 ? * FRI-SUN/2`"),
        // Seconds were left out.
        ("0 14 ? * 2", "write `0 0 14 ? * 2`"),
        // Day 13 or any Friday, which takes two expressions here.
        (
            "0 0 13 * 5",
            "write all six, such as `0 0 14 * * ?` for 14:00 every day",
        ),
        (
            "0 9 * * 8",
            "write all six, such as `0 0 14 * * ?` for 14:00 every day",
        ),
        ("@daily", "write `0 0 0 * * ?`"),
        (
            "@reboot",
            "write all six, such as `0 0 14 * * ?` for 14:00 every day",
        ),
    ] {
        let error = refused(expression);
        assert!(error.what().contains("of Unix"), "{error}");
        assert_eq!(error.remedy(), remedy, "{expression}");
        assert_eq!(place(expression), expression);
    }
}

#[test]
fn any_other_number_of_fields_is_counted() {
    assert_eq!(refused("daily").what(), "`daily` has 1 field");
    assert_eq!(
        refused("0 0 14 * * ? * *").what(),
        "`0 0 14 * * ? * *` has 8 fields"
    );
    assert_eq!(refused("  ").what(), "the expression is empty");
    assert_eq!(
        refused("0 0 14 *").allowed(),
        "seconds minutes hours day-of-month month day-of-week, and perhaps a year"
    );
}

#[test]
fn a_day_that_never_comes_is_refused() {
    for (expression, at, what) in [
        (
            "0 0 0 30 2 ?",
            "30",
            "there is no day-of-month `30` in month `2`",
        ),
        (
            "0 0 0 31 4,6,9,11 ?",
            "31",
            "there is no day-of-month `31` in month `4,6,9,11`",
        ),
        (
            "0 0 0 L-29 FEB ?",
            "L-29",
            "there is no day-of-month `L-29` in month `FEB`",
        ),
        (
            "0 0 0 31W JUN ?",
            "31W",
            "there is no day-of-month `31W` in month `JUN`",
        ),
        // 2027 is no leap year, so February has four of each day.
        (
            "0 0 0 29 2 ? 2027",
            "29",
            "there is no day-of-month `29` in month `2` of year `2027`",
        ),
        (
            "0 0 0 ? 2 MON#5 2027",
            "MON#5",
            "there is no day-of-week `MON#5` in month `2` of year `2027`",
        ),
    ] {
        assert_eq!(place(expression), at);
        assert_eq!(refused(expression).what(), what);
    }
}

#[test]
fn no_text_at_all_makes_it_panic() {
    let signs = [
        "*", "?", "L", "W", "#", "-", "/", ",", "0", "7", "99", "JAN", "ü", "",
    ];
    for first in signs {
        for second in signs {
            for third in signs {
                let part = format!("{first}{second}{third}");
                for expression in [
                    format!("{part} 0 0 * * ?"),
                    format!("0 0 0 {part} * ?"),
                    format!("0 0 0 ? * {part}"),
                    format!("0 0 0 1 1 ? {part}"),
                    format!("0 0 {part} * *"),
                ] {
                    match expression.parse::<Schedule>() {
                        Ok(schedule) => {
                            assert_eq!(schedule.to_string().parse::<Schedule>(), Ok(schedule));
                        }
                        // The place is a part of the text.
                        Err(error) => assert!(expression.get(error.at()).is_some(), "{expression}"),
                    }
                }
            }
        }
    }
}
