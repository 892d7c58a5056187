//! The two day fields, of which one decides.

use chrono::{Datelike, NaiveDate, Weekday};

use super::field::Values;
use super::{Piece, ScheduleError, ScheduleField};
use crate::diagnostic::quote;

use ScheduleField::{DayOfMonth, DayOfWeek};

/// The days of a month on which there are runs. Days of the week count from Sunday, which is 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Days {
    /// All of them.
    Every,
    /// These.
    OfMonth(Values),
    /// So many days before the last one, or the weekday nearest to that.
    BeforeLast { days: u32, weekday: bool },
    /// The weekday nearest to this day.
    NearestWeekday(u32),
    /// These days of the week.
    OfWeek(Values),
    /// The last such day of the week.
    Last(u32),
    /// The nth such day of the week.
    Nth { day: u32, n: u32 },
}

/// Positions of the day fields among the fields.
const OF_MONTH: usize = 3;
const OF_WEEK: usize = 5;

/// The last day of the week.
const SATURDAY: u32 = 7;

impl Days {
    /// Reads the two day fields among `pieces`, which are six or seven.
    pub(super) fn read(pieces: &[Piece<'_>]) -> Result<Self, ScheduleError> {
        let (month, week) = (pieces[OF_MONTH], pieces[OF_WEEK]);
        match (month.text, week.text) {
            ("?", "?") => Err(ScheduleError {
                field: Some(DayOfWeek),
                at: week.bytes(),
                what: "day-of-month and day-of-week cannot both be `?`".to_owned(),
                allowed: "`?` in one of the two, which leaves the day to the other".to_owned(),
                remedy: format!("write `{}` for every day", with(pieces, OF_MONTH, "*")),
            }),
            ("?", _) => read_of_week(week),
            (_, "?") => read_of_month(month),
            _ => {
                // A mistake in the fields comes first, so that the remedy can be used as it is.
                read_of_month(month)?;
                read_of_week(week)?;
                Err(undecided(pieces))
            }
        }
    }

    /// Says that no year has a run.
    pub(super) fn never(pieces: &[Piece<'_>]) -> ScheduleError {
        let (field, index) = match pieces[OF_MONTH].text {
            "?" => (DayOfWeek, OF_WEEK),
            _ => (DayOfMonth, OF_MONTH),
        };
        let piece = pieces[index];
        let place = match pieces.get(6).map(|year| year.text) {
            Some("*") | None => format!("month {}", quote(pieces[4].text)),
            Some(year) => format!("month {} of year {}", quote(pieces[4].text), quote(year)),
        };
        ScheduleError {
            field: Some(field),
            at: piece.bytes(),
            what: format!("there is no {field} {} in {place}", quote(piece.text)),
            allowed: "days that come in one of the months".to_owned(),
            remedy: "choose another day or month; `L` in day-of-month is the last of each month"
                .to_owned(),
        }
    }

    /// The first of these days in a month from `from` on.
    pub(super) fn next_in(&self, year: u32, month: u32, from: u32) -> Option<NaiveDate> {
        let date = |day| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
        let first = date(1)?;
        let length = u32::from(first.num_days_in_month());
        (from..=length)
            .find(|day| self.has(first, length, *day))
            .and_then(date)
    }

    /// Whether `day` of the month that begins on `first` is one of these.
    fn has(&self, first: NaiveDate, length: u32, day: u32) -> bool {
        // Sunday is 1.
        let weekday = (first.weekday().num_days_from_sunday() + day - 1) % 7 + 1;
        match *self {
            Self::Every => true,
            Self::OfMonth(ref days) => days.contains(day),
            Self::BeforeLast { days, weekday } => match length.checked_sub(days) {
                None | Some(0) => false,
                Some(meant) if weekday => day == nearest_weekday(first, length, meant),
                Some(meant) => day == meant,
            },
            Self::NearestWeekday(meant) => {
                meant <= length && day == nearest_weekday(first, length, meant)
            }
            Self::OfWeek(ref days) => days.contains(weekday),
            Self::Last(meant) => weekday == meant && day + 7 > length,
            Self::Nth { day: meant, n } => weekday == meant && (day - 1) / 7 + 1 == n,
        }
    }
}

/// The day from Monday to Friday that is nearest to `day` in its month.
fn nearest_weekday(first: NaiveDate, length: u32, day: u32) -> u32 {
    match (first + chrono::Days::new(u64::from(day - 1))).weekday() {
        Weekday::Sat if day == 1 => 3,
        Weekday::Sat => day - 1,
        Weekday::Sun if day == length => day - 2,
        Weekday::Sun => day + 1,
        _ => day,
    }
}

fn read_of_month(piece: Piece<'_>) -> Result<Days, ScheduleError> {
    let upper = piece.text.to_ascii_uppercase();
    let (text, weekday) = match upper.strip_suffix('W') {
        Some(text) => (text, true),
        None => (upper.as_str(), false),
    };
    // Letters keep their length, so places in `text` are places in the piece.
    let part = |start: usize| Piece {
        text: &piece.text[start..text.len()],
        start: piece.start + start,
    };
    match text.strip_prefix('L') {
        Some("") => return Ok(Days::BeforeLast { days: 0, weekday }),
        Some(rest) if rest.starts_with('-') => {
            let days = part(2);
            return match days.text.parse() {
                Ok(days @ 0..=30) if rest.as_bytes()[1].is_ascii_digit() => {
                    Ok(Days::BeforeLast { days, weekday })
                }
                _ => Err(ScheduleError {
                    allowed: "`L-1` to `L-30`".to_owned(),
                    ..DayOfMonth.refuse(
                        piece,
                        format!("day-of-month cannot be {}", quote(piece.text)),
                        "`L-3` is three days before the last of the month; write a number of days",
                    )
                }),
            };
        }
        _ => {}
    }
    if weekday && !text.contains([',', '-', '/', 'L', 'W', '*']) {
        return DayOfMonth.value(part(0)).map(Days::NearestWeekday);
    }
    alone(DayOfMonth, piece, &['L', 'W'])?;
    let values = Values::read(DayOfMonth, piece)?;
    Ok(match values.is_all(DayOfMonth) {
        true => Days::Every,
        false => Days::OfMonth(values),
    })
}

fn read_of_week(piece: Piece<'_>) -> Result<Days, ScheduleError> {
    let text = piece.text;
    if text.eq_ignore_ascii_case("L") {
        return Ok(Days::OfWeek(Values::only(SATURDAY)));
    }
    if text.contains(',') {
        alone(DayOfWeek, piece, &['#'])?;
    }
    if let Some((day, n)) = piece.split_once('#') {
        let day = DayOfWeek.value(day)?;
        return match n.text.parse() {
            Ok(nth @ 1..=5) if n.text.len() == 1 => Ok(Days::Nth { day, n: nth }),
            _ => Err(ScheduleError {
                allowed: "`#1` to `#5`".to_owned(),
                ..DayOfWeek.refuse(
                    n,
                    format!("a month has no day {}", quote(text)),
                    format!("write `{}L` for the last one", DayOfWeek.name_of(day)),
                )
            }),
        };
    }
    if let Some(day) = text.strip_suffix(['L', 'l']) {
        if day.contains([',', '-', '/']) {
            alone(DayOfWeek, piece, &['L'])?;
        }
        return DayOfWeek
            .value(Piece { text: day, ..piece })
            .map(Days::Last);
    }
    let values = Values::read(DayOfWeek, piece)?;
    Ok(match values.is_all(DayOfWeek) {
        true => Days::Every,
        false => Days::OfWeek(values),
    })
}

/// Refuses what is written beside `L`, `W` or `#`.
fn alone(field: ScheduleField, piece: Piece<'_>, signs: &[char]) -> Result<(), ScheduleError> {
    let found = |c: char| signs.contains(&c.to_ascii_uppercase());
    if !piece.text.contains(found) {
        return Ok(());
    }
    Err(field.refuse(
        piece,
        format!("{field} cannot be {}", quote(piece.text)),
        "`L`, `W` and `#` stand alone in their field, without lists, ranges or steps",
    ))
}

/// Says that none of the two day fields is `?`.
fn undecided(pieces: &[Piece<'_>]) -> ScheduleError {
    let (month, week) = (pieces[OF_MONTH], pieces[OF_WEEK]);
    let (piece, field, remedy) = match (month.text, week.text) {
        (_, "*") => (week, DayOfWeek, with(pieces, OF_WEEK, "?")),
        ("*", _) => (month, DayOfMonth, with(pieces, OF_MONTH, "?")),
        _ => (week, DayOfWeek, String::new()),
    };
    ScheduleError {
        field: Some(field),
        at: piece.bytes(),
        what: format!(
            "day-of-month is {} and day-of-week is {}, but only one of them can decide",
            quote(month.text),
            quote(week.text)
        ),
        allowed: "`?` in exactly one of the two".to_owned(),
        remedy: match remedy.as_str() {
            "" => "keep the one that is meant and write `?` for the other; runs on days that fit \
                   both, or either, cannot be said"
                .to_owned(),
            expression => format!("write `{expression}`"),
        },
    }
}

/// The expression with another text in one field.
fn with(pieces: &[Piece<'_>], index: usize, text: &str) -> String {
    let mut texts: Vec<&str> = pieces.iter().map(|piece| piece.text).collect();
    texts[index] = text;
    texts.join(" ")
}
