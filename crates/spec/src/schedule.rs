//! When a detection runs: the cron expressions of Quartz, and the runs that follow an instant.

mod clock;
mod days;
mod error;
mod field;
mod text;
mod unix;

pub use error::ScheduleError;
pub use field::ScheduleField;

use std::ops::Range;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use tuatara_frame::{Instant, Zone};

use days::Days;
use field::Values;

/// When a detection runs, as `cron` says it: an expression of Quartz.
///
/// ```text
/// seconds minutes hours day-of-month month day-of-week [year]
/// ```
///
/// | field        | values                | also                                                         |
/// |--------------|-----------------------|--------------------------------------------------------------|
/// | seconds      | 0 to 59               |                                                              |
/// | minutes      | 0 to 59               |                                                              |
/// | hours        | 0 to 23               |                                                              |
/// | day-of-month | 1 to 31               | `?`, `L` last day, `L-3` three before it, `W` nearest weekday |
/// | month        | 1 to 12, JAN to DEC   |                                                              |
/// | day-of-week  | 1 to 7, SUN to SAT    | `?`, `6L` last Friday, `6#3` third Friday, `L` Saturday      |
/// | year         | 1970 to 2099          | all of them where it is left out                             |
///
/// Each field takes `*` for all values, ranges `a-b`, steps `a/b`, `*/b` and `a-b/c`, and lists of
/// these. A range that ends before it begins goes around (`22-2`, `FRI-MON`), but for years. Names
/// are read in any case. Exactly one of the two day fields is `?`: it says nothing, and the other
/// one decides. `15W` is the weekday nearest to the 15th within its month: the Friday before a
/// Saturday, the Monday after a Sunday, or two days the other way where that month would be left.
/// A month without the day has no run.
///
/// Runs are found by the local clock. Where it is put back, hours that are written out run once, in
/// the first of the two; where it is put forward and skips the time of a run, the run comes at the
/// first instant after the jump, so that a day never goes without. With `*` for the hours every
/// hour that passes has its runs, the doubled one twice and the skipped one none.
///
/// Source: Quartz 2, class `CronExpression` and *CronTrigger Tutorial*. Departs from it: Quartz has
/// no run where the local time of one is skipped; a `31W` there can leave a shorter month; its years
/// end 100 years from now. `L`, `W` and `#` stand alone, as its tutorial asks.
///
/// Its text is a plain short form that reads back as the same schedule.
///
/// ```
/// use tuatara_spec::Schedule;
/// use tuatara_frame::{Instant, Zone};
///
/// let schedule: Schedule = "0 0 14 ? * FRI#3 *".parse()?;
/// assert_eq!(schedule.to_string(), "0 0 14 ? * FRI#3");
///
/// // The Fridays of May 2026 are 1, 8, 15, 22 and 29; Paris is two hours ahead of UTC.
/// let paris: Zone = "Europe/Paris".parse()?;
/// let may: Instant = "2026-05-01T00:00:00Z".parse()?;
/// let next = schedule.next_after(may, paris).expect("there is one every month");
/// assert_eq!(next.to_string(), "2026-05-15T12:00:00Z");
///
/// let error = "0 14 * * 1-5".parse::<Schedule>().unwrap_err();
/// assert_eq!(error.remedy(), "write `0 0 14 ? * MON-FRI`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Schedule {
    seconds: Values,
    minutes: Values,
    hours: Values,
    days: Days,
    months: Values,
    years: Values,
}

/// A field as it is written, and the byte of the expression at which it starts.
#[derive(Debug, Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> Piece<'t> {
    fn bytes(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// The parts between `separator`, an empty one where two of them meet.
    fn split(self, separator: char) -> impl Iterator<Item = Piece<'t>> {
        let mut start = self.start;
        self.text.split(separator).map(move |text| {
            let piece = Piece { text, start };
            start += text.len() + separator.len_utf8();
            piece
        })
    }

    /// The parts before and after the first `separator`.
    fn split_once(self, separator: char) -> Option<(Self, Self)> {
        let (before, after) = self.text.split_once(separator)?;
        let start = self.start + before.len() + separator.len_utf8();
        let before = Piece {
            text: before,
            ..self
        };
        Some((before, Piece { text: after, start }))
    }
}

impl Schedule {
    /// Reads a cron expression of Quartz.
    ///
    /// # Errors
    /// What is wrong with the first field that is, its place, what is allowed and what to write;
    /// also for an expression that has no run in any year.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let mut end = 0;
        let pieces: Vec<Piece<'_>> = text
            .split_whitespace()
            .map(|part| {
                // The parts follow each other, so each is found at or after the end of the last.
                let start = end + text[end..].find(part).unwrap_or(0);
                end = start + part.len();
                Piece { text: part, start }
            })
            .collect();
        if !matches!(pieces.len(), 6 | 7) {
            return Err(unix::wrong_count(text, &pieces));
        }
        let schedule = Self {
            seconds: Values::read(ScheduleField::Seconds, pieces[0])?,
            minutes: Values::read(ScheduleField::Minutes, pieces[1])?,
            hours: Values::read(ScheduleField::Hours, pieces[2])?,
            months: Values::read(ScheduleField::Month, pieces[4])?,
            days: Days::read(&pieces)?,
            years: match pieces.get(6) {
                Some(year) => Values::read(ScheduleField::Year, *year)?,
                None => Values::all(ScheduleField::Year),
            },
        };
        let first = NaiveDate::from_ymd_opt(1970, 1, 1).expect("invariant: a date of the calendar");
        match schedule.next_date(first) {
            Some(_) => Ok(schedule),
            None => Err(Days::never(&pieces)),
        }
    }

    /// The first run after `after`, by the clock of `zone`; none once the years are over.
    ///
    /// ```
    /// use tuatara_spec::Schedule;
    /// use tuatara_frame::{Instant, Zone};
    ///
    /// // In Berlin the clock goes from 02:00 to 03:00 on 29 March 2026.
    /// let berlin: Zone = "Europe/Berlin".parse()?;
    /// let evening: Instant = "2026-03-28T20:00:00Z".parse()?;
    /// let next = |text: &str| -> Result<String, Box<dyn std::error::Error>> {
    ///     let next = Schedule::parse(text)?.next_after(evening, berlin);
    ///     Ok(next.map_or_else(String::new, |next| zone_time(next, berlin)))
    /// };
    /// # fn zone_time(instant: Instant, zone: Zone) -> String { zone.local(instant).to_string() }
    /// assert_eq!(next("0 15 2 * * ?")?, "2026-03-29 03:00:00");
    /// assert_eq!(next("0 15 3 * * ?")?, "2026-03-29 03:15:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_after(&self, after: Instant, zone: Zone) -> Option<Instant> {
        clock::next_after(self, after, zone)
    }

    /// Whether all hours of the day have runs, so that the hours that pass count and not their
    /// names.
    fn has_every_hour(&self) -> bool {
        self.hours.is_all(ScheduleField::Hours)
    }

    /// The first local time from `from` on, a whole second, that the fields allow.
    fn next_label(&self, from: NaiveDateTime) -> Option<NaiveDateTime> {
        let date = self.next_date(from.date())?;
        if date == from.date()
            && let Some(time) = self.next_time(from.time())
        {
            return Some(date.and_time(time));
        }
        let date = match date == from.date() {
            true => self.next_date(date.succ_opt()?)?,
            false => date,
        };
        Some(date.and_time(self.next_time(NaiveTime::MIN)?))
    }

    /// The first date from `from` on that the fields allow.
    fn next_date(&self, from: NaiveDate) -> Option<NaiveDate> {
        let (first_year, first_month) = (u32::try_from(from.year()).unwrap_or(0), from.month());
        for year in self.years.from(first_year) {
            let months = if year == first_year { first_month } else { 1 };
            for month in self.months.from(months) {
                let here = year == first_year && month == first_month;
                let day = if here { from.day() } else { 1 };
                let found = self.days.next_in(year, month, day);
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// The first time of day from `from` on that the fields allow.
    fn next_time(&self, from: NaiveTime) -> Option<NaiveTime> {
        for hour in self.hours.from(from.hour()) {
            let minutes = if hour == from.hour() {
                from.minute()
            } else {
                0
            };
            for minute in self.minutes.from(minutes) {
                let here = hour == from.hour() && minute == from.minute();
                let seconds = if here { from.second() } else { 0 };
                if let Some(second) = self.seconds.from(seconds).next() {
                    return NaiveTime::from_hms_opt(hour, minute, second);
                }
            }
        }
        None
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        Self::parse(text)
    }
}
