//! Expressions with the wrong number of fields; most are meant for the cron of Unix.

use super::{Piece, Schedule, ScheduleError};
use crate::diagnostic::quote;

const DAYS: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// Words of Unix for whole expressions, and the same here.
const WORDS: [(&str, &str); 7] = [
    ("@yearly", "0 0 0 1 JAN ?"),
    ("@annually", "0 0 0 1 JAN ?"),
    ("@monthly", "0 0 0 1 * ?"),
    ("@weekly", "0 0 0 ? * SUN"),
    ("@daily", "0 0 0 * * ?"),
    ("@midnight", "0 0 0 * * ?"),
    ("@hourly", "0 0 * * * ?"),
];

/// Says that `text` has neither six nor seven fields.
pub(super) fn wrong_count(text: &str, pieces: &[Piece<'_>]) -> ScheduleError {
    let (what, remedy) = match pieces {
        [] => ("the expression is empty".to_owned(), None),
        [one] if one.text.starts_with('@') => {
            let word = WORDS
                .iter()
                .find(|(word, _)| word.eq_ignore_ascii_case(one.text));
            let what = format!("{} is a word of the cron of Unix", quote(one.text));
            (what, word.map(|(_, same)| (*same).to_owned()))
        }
        [minutes, hours, of_month, month, of_week] => {
            let fields = [minutes, hours, of_month, month, of_week].map(|piece| piece.text);
            let what = format!(
                "{} has 5 fields, as for the cron of Unix; seconds are missing",
                quote(text.trim())
            );
            (what, six_fields(fields))
        }
        _ => {
            let count = match pieces.len() {
                1 => "1 field".to_owned(),
                several => format!("{several} fields"),
            };
            (format!("{} has {count}", quote(text.trim())), None)
        }
    };
    let end = pieces.last().map_or(text.len(), |last| last.bytes().end);
    ScheduleError {
        field: None,
        at: pieces.first().map_or(0, |first| first.start)..end,
        what,
        allowed: "seconds minutes hours day-of-month month day-of-week, and perhaps a year"
            .to_owned(),
        remedy: match remedy {
            Some(expression) => format!("write `{expression}`"),
            None => "write all six, such as `0 0 14 * * ?` for 14:00 every day".to_owned(),
        },
    }
}

/// The same in the fields of Quartz, where that can be said.
fn six_fields([minutes, hours, of_month, month, of_week]: [&str; 5]) -> Option<String> {
    let marked = of_month == "?" || of_week == "?";
    let (of_month, of_week) = match (of_month, of_week) {
        // The fields of Quartz already, without the seconds.
        _ if marked => (of_month, of_week.to_owned()),
        (_, "*") => (of_month, "?".to_owned()),
        ("*", _) => ("?", named(of_week)?),
        // There it means either of them.
        _ => return None,
    };
    let expression = format!("0 {minutes} {hours} {of_month} {month} {of_week}");
    expression.parse::<Schedule>().ok().map(|_| expression)
}

/// Days of the week that count from Sunday as 0, by their names.
fn named(of_week: &str) -> Option<String> {
    let day = |text: &str| match text.parse::<usize>() {
        Ok(number) => DAYS.get(number).map(|name| (*name).to_owned()),
        Err(_) => Some(text.to_owned()),
    };
    let item = |item: &str| {
        let (base, step) = match item.split_once('/') {
            Some((base, step)) => (base, format!("/{step}")),
            None => (item, String::new()),
        };
        let days: Option<Vec<String>> = base.split('-').map(day).collect();
        days.map(|days| days.join("-") + &step)
    };
    let items: Option<Vec<String>> = of_week.split(',').map(item).collect();
    items.map(|items| items.join(","))
}
