//! A schedule as text, in a plain short form.

use std::fmt;

use super::days::Days;
use super::field::Values;
use super::{Schedule, ScheduleField};

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = list(ScheduleField::Seconds, &self.seconds);
        let minutes = list(ScheduleField::Minutes, &self.minutes);
        let hours = list(ScheduleField::Hours, &self.hours);
        let months = list(ScheduleField::Month, &self.months);
        let (of_month, of_week) = days(&self.days);
        write!(
            f,
            "{seconds} {minutes} {hours} {of_month} {months} {of_week}"
        )?;
        if self.years.is_all(ScheduleField::Year) {
            return Ok(());
        }
        write!(f, " {}", list(ScheduleField::Year, &self.years))
    }
}

/// Both day fields.
fn days(days: &Days) -> (String, String) {
    let name = |day: u32| ScheduleField::DayOfWeek.name_of(day);
    let of_month = |text: String| (text, "?".to_owned());
    let of_week = |text: String| ("?".to_owned(), text);
    match days {
        Days::Every => of_month("*".to_owned()),
        Days::OfMonth(values) => of_month(list(ScheduleField::DayOfMonth, values)),
        Days::BeforeLast { days, weekday } => {
            let before = match days {
                0 => String::new(),
                days => format!("-{days}"),
            };
            of_month(format!("L{before}{}", if *weekday { "W" } else { "" }))
        }
        Days::NearestWeekday(day) => of_month(format!("{day}W")),
        Days::OfWeek(values) => of_week(list(ScheduleField::DayOfWeek, values)),
        Days::Last(day) => of_week(format!("{}L", name(*day))),
        Days::Nth { day, n } => of_week(format!("{}#{n}", name(*day))),
    }
}

/// All values, a step that goes on to the end of the field, or a list of ranges.
fn list(field: ScheduleField, values: &Values) -> String {
    let values = values.as_slice();
    let (&least, &most) = (field.bounds().start(), field.bounds().end());
    if values.len() == field.bounds().count() {
        return "*".to_owned();
    }
    if let [first, second, rest @ ..] = values {
        let step = second - first;
        let even = values.windows(2).all(|pair| pair[1] - pair[0] == step);
        let last = rest.last().unwrap_or(second);
        // Two numbers are a step only where they halve the whole field.
        let whole = *first == least && most + 1 - least == 2 * step && field.names().is_empty();
        if step > 1 && even && (whole || !rest.is_empty()) && last + step > most {
            return format!("{}/{step}", field.name_of(*first));
        }
    }
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for value in values {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *value => *last = *value,
            _ => runs.push((*value, *value)),
        }
    }
    let name = |value: u32| field.name_of(value);
    let texts: Vec<String> = runs
        .iter()
        .map(|(first, last)| match last - first {
            0 => name(*first),
            1 => format!("{},{}", name(*first), name(*last)),
            _ => format!("{}-{}", name(*first), name(*last)),
        })
        .collect();
    texts.join(",")
}
