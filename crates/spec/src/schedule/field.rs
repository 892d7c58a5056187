//! The seven fields, and the values that one of them allows.

use std::fmt;
use std::ops::RangeInclusive;

use tuatara_frame::closest;

use super::{Piece, ScheduleError};
use crate::diagnostic::quote;

/// A field of a cron expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ScheduleField {
    /// The first.
    Seconds,
    /// The second.
    Minutes,
    /// The third.
    Hours,
    /// The fourth.
    DayOfMonth,
    /// The fifth.
    Month,
    /// The sixth.
    DayOfWeek,
    /// The seventh, which may be left out.
    Year,
}

impl fmt::Display for ScheduleField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::DayOfMonth => "day-of-month",
            Self::Month => "month",
            Self::DayOfWeek => "day-of-week",
            Self::Year => "year",
        })
    }
}

/// Days of the week from the first, which is number 1.
const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
/// Months from the first, which is number 1.
const MONTHS: &[&str] = &[
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

impl ScheduleField {
    /// The first and the last value.
    pub(super) fn bounds(self) -> RangeInclusive<u32> {
        match self {
            Self::Seconds | Self::Minutes => 0..=59,
            Self::Hours => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::DayOfWeek => 1..=7,
            Self::Year => 1970..=2099,
        }
    }

    /// Names of the values from 1 on.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => MONTHS,
            Self::DayOfWeek => DAYS,
            _ => &[],
        }
    }

    /// A value as it is written: by its name, if it has one.
    pub(super) fn name_of(self, value: u32) -> String {
        let name = value
            .checked_sub(1)
            .and_then(|index| self.names().get(usize::try_from(index).ok()?));
        name.map_or_else(|| value.to_string(), |name| (*name).to_owned())
    }

    /// The longest step: from the first value to the last, or around them.
    fn longest_step(self) -> u32 {
        match self {
            Self::Year => self.bounds().end() - self.bounds().start(),
            _ => *self.bounds().end(),
        }
    }

    fn values(self) -> String {
        let (first, last) = self.bounds().into_inner();
        match self.names() {
            [] => format!("{first} to {last}"),
            names => format!(
                "{first} to {last}, {} to {}",
                names[0],
                names[names.len() - 1]
            ),
        }
    }

    /// All that may be written, in a few words.
    pub(super) fn allowed(self) -> String {
        let more = match self {
            Self::DayOfMonth => ", or one of `?`, `L`, `L-3`, `LW`, `15W`",
            Self::DayOfWeek => ", or one of `?`, `L`, `6L`, `6#3`",
            _ => "",
        };
        format!("{}, `*`, `a-b`, `a/b`, lists of these{more}", self.values())
    }

    /// An error about `piece` of this field.
    pub(super) fn refuse(
        self,
        piece: Piece<'_>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> ScheduleError {
        ScheduleError {
            field: Some(self),
            at: piece.bytes(),
            what: what.into(),
            allowed: self.allowed(),
            remedy: remedy.into(),
        }
    }

    /// One value: a number or a name.
    pub(super) fn value(self, piece: Piece<'_>) -> Result<u32, ScheduleError> {
        let text = piece.text;
        let named = self
            .names()
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text));
        if let Some(value) = named.and_then(|index| u32::try_from(index + 1).ok()) {
            return Ok(value);
        }
        let what = || format!("{self} cannot be {}", quote(text));
        if text.is_empty() {
            return Err(self.refuse(
                piece,
                format!("a value is missing in {self}"),
                "write a value, or take away the sign beside it",
            ));
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            let remedy = self.remedy_for_word(text);
            return Err(self.refuse(piece, what(), remedy));
        }
        match text.parse() {
            Ok(value) if self.bounds().contains(&value) => Ok(value),
            _ => {
                let remedy = match (self, text.trim_start_matches('0')) {
                    (Self::DayOfWeek, "") => "SUN is 1 and SAT is 7 here; write SUN".to_owned(),
                    (Self::Hours, "24") => "midnight is hour 0 of the next day".to_owned(),
                    (Self::Seconds | Self::Minutes, "60") => {
                        "write 0; it is the start of the next one".to_owned()
                    }
                    _ => format!("choose a value from {}", self.values()),
                };
                Err(self.refuse(piece, what(), remedy))
            }
        }
    }

    fn remedy_for_word(self, text: &str) -> String {
        let special = |c: char| matches!(c, '?' | '#' | 'L' | 'W' | 'l' | 'w');
        match text {
            "?" => match self {
                Self::DayOfMonth | Self::DayOfWeek => "write `?` alone, or `*` for all days".into(),
                Self::Month => "write `*` for all months".into(),
                Self::Year => "write `*` for all years".into(),
                other => format!("write `*` for all {other}"),
            },
            "*" => "write `*` alone, or `*/b` with a step".to_owned(),
            _ if text.starts_with('-') => "count from the first value; there is none below".into(),
            _ if text.contains('-') => "write a range as `a-b`".to_owned(),
            _ => match self.name_like(text) {
                Some(name) => format!("did you mean `{name}`?"),
                None if text.contains(special) => format!(
                    "`L`, `W` and `#` stand alone in a day field; write {}",
                    self.values()
                ),
                None => format!("write {}", self.values()),
            },
        }
    }

    /// The name that `text` probably means: `FRI` for `FRIDAY` and `FIR`.
    fn name_like(self, text: &str) -> Option<&'static str> {
        let names = || self.names().iter().copied();
        let starts = |name: &&str| {
            text.get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        names().find(starts).or_else(|| closest(text, names()))
    }
}

/// The values that a field allows: in ascending order, each once, at least one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Values(Vec<u32>);

impl Values {
    /// Every value of `field`.
    pub(super) fn all(field: ScheduleField) -> Self {
        Self(field.bounds().collect())
    }

    /// One value.
    pub(super) fn only(value: u32) -> Self {
        Self(vec![value])
    }

    /// Reads lists, ranges, steps and single values.
    pub(super) fn read(field: ScheduleField, piece: Piece<'_>) -> Result<Self, ScheduleError> {
        let mut values = Vec::new();
        for item in piece.split(',') {
            match item.split_once('/') {
                None => values.extend(stretch(field, item, false)?),
                Some((base, step)) => {
                    let step = read_step(field, step)?;
                    values.extend(stretch(field, base, true)?.into_iter().step_by(step));
                }
            }
        }
        values.sort_unstable();
        values.dedup();
        Ok(Self(values))
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        &self.0
    }

    pub(super) fn is_all(&self, field: ScheduleField) -> bool {
        self.0.len() == field.bounds().count()
    }

    pub(super) fn contains(&self, value: u32) -> bool {
        self.0.binary_search(&value).is_ok()
    }

    /// The values that are not below `least`.
    pub(super) fn from(&self, least: u32) -> impl Iterator<Item = u32> {
        let start = self.0.partition_point(|value| *value < least);
        self.0[start..].iter().copied()
    }
}

/// The values of an item before its step is taken: all, a range that may go around, or one; the
/// rest of the field after one that is followed by a step.
fn stretch(
    field: ScheduleField,
    piece: Piece<'_>,
    stepped: bool,
) -> Result<Vec<u32>, ScheduleError> {
    if piece.text == "*" || (piece.text.is_empty() && stepped) {
        return Ok(field.bounds().collect());
    }
    // A sign before a number is no range: the value is at fault.
    let range = piece
        .split_once('-')
        .filter(|(first, _)| !first.text.is_empty());
    let Some((first, last)) = range else {
        let value = field.value(piece)?;
        let end = if stepped {
            *field.bounds().end()
        } else {
            value
        };
        return Ok((value..=end).collect());
    };
    let (from, to) = (field.value(first)?, field.value(last)?);
    if from <= to {
        return Ok((from..=to).collect());
    }
    if field == ScheduleField::Year {
        return Err(field.refuse(
            piece,
            format!("the years {} end before they begin", quote(piece.text)),
            format!("write `{to}-{from}`"),
        ));
    }
    let (least, most) = field.bounds().into_inner();
    Ok((from..=most).chain(least..=to).collect())
}

fn read_step(field: ScheduleField, piece: Piece<'_>) -> Result<usize, ScheduleError> {
    let longest = field.longest_step();
    let step: Option<u32> = piece.text.parse().ok().filter(|step| *step > 0);
    match step.filter(|step| *step <= longest && !piece.text.starts_with('+')) {
        Some(step) => Ok(usize::try_from(step).unwrap_or(1)),
        None => Err(ScheduleError {
            allowed: format!("a step of 1 to {longest}"),
            ..field.refuse(
                piece,
                format!("the step of {field} cannot be {}", quote(piece.text)),
                match step {
                    Some(_) => "leave the step out for one value, or give several in a list",
                    None => "write `a/b`: the first value, and how far it is to the next",
                },
            )
        }),
    }
}
