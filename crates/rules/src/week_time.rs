//! Times of the week on a local clock: `22-24`, `SUNDAY 2-4:30`, `SATURDAY`.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tuatara_frame::{Instant, Interval, Weekday, Zone, closest};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

const DAYS: [(&str, Weekday); 7] = [
    ("MONDAY", Weekday::Mon),
    ("TUESDAY", Weekday::Tue),
    ("WEDNESDAY", Weekday::Wed),
    ("THURSDAY", Weekday::Thu),
    ("FRIDAY", Weekday::Fri),
    ("SATURDAY", Weekday::Sat),
    ("SUNDAY", Weekday::Sun),
];

/// A text that is no time of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekTimeError {
    text: String,
    meant: &'static str,
    allowed: &'static str,
    remedy: String,
}

impl fmt::Display for WeekTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            text,
            meant,
            allowed,
            remedy,
        } = self;
        write!(f, "`{text}` is not {meant}; allowed: {allowed}; {remedy}")
    }
}

impl std::error::Error for WeekTimeError {}

/// A day of the week. Its text is the English name in capitals; it is read in any case, and from
/// its first three letters.
///
/// ```
/// use tuatara_rules::DayOfWeek;
///
/// assert_eq!("sat".parse::<DayOfWeek>()?.to_string(), "SATURDAY");
/// # Ok::<(), tuatara_rules::WeekTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayOfWeek(pub Weekday);

impl fmt::Display for DayOfWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DAYS[self.0.num_days_from_monday() as usize].0)
    }
}

impl FromStr for DayOfWeek {
    type Err = WeekTimeError;

    fn from_str(text: &str) -> Result<Self, WeekTimeError> {
        let is =
            |name: &str| text.eq_ignore_ascii_case(name) || text.eq_ignore_ascii_case(&name[..3]);
        if let Some((_, day)) = DAYS.into_iter().find(|(name, _)| is(name)) {
            return Ok(Self(day));
        }
        let near = closest(text, DAYS.into_iter().map(|(name, _)| name));
        Err(WeekTimeError {
            text: text.to_owned(),
            meant: "a day of the week",
            allowed: "MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY",
            remedy: near.map_or_else(
                || "write its English name".to_owned(),
                |day| format!("did you mean `{day}`?"),
            ),
        })
    }
}

/// Hours of every day, or of one day of the week, on the local clock: from a time up to, and
/// without, another.
///
/// Written `FROM-TO`, each in whole hours or `H:MM` from 0 to 24, with a day before it or not. Hours
/// over midnight are two of these.
///
/// ```
/// use tuatara_rules::HoursOfWeek;
///
/// assert_eq!("22-24".parse::<HoursOfWeek>()?.to_string(), "22-24");
/// assert_eq!("sun 2 - 4:30".parse::<HoursOfWeek>()?.to_string(), "SUNDAY 2-4:30");
/// assert_eq!(
///     "22-6".parse::<HoursOfWeek>().unwrap_err().to_string(),
///     "`22-6` is not a span of hours; allowed: FROM-TO in hours or H:MM from 0 to 24, a day \
///      before it or not, such as 22-24 or SUNDAY 2-4:30; over midnight write two: 22-24 and 0-6"
/// );
/// # Ok::<(), tuatara_rules::WeekTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HoursOfWeek {
    day: Option<DayOfWeek>,
    /// Minutes of the day.
    from: u16,
    to: u16,
}

/// Minutes of a day as `H` or `H:MM`.
struct Clock(u16);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 60, self.0 % 60) {
            (hours, 0) => write!(f, "{hours}"),
            (hours, minutes) => write!(f, "{hours}:{minutes:02}"),
        }
    }
}

/// Minutes of the day, up to 24:00.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = match text.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None => (text, "00"),
    };
    let number = |part: &str| -> Option<u16> {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= 24 * 60).then_some(total)
}

impl fmt::Display for HoursOfWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.day {
            write!(f, "{day} ")?;
        }
        write!(f, "{}-{}", Clock(self.from), Clock(self.to))
    }
}

impl FromStr for HoursOfWeek {
    type Err = WeekTimeError;

    fn from_str(text: &str) -> Result<Self, WeekTimeError> {
        let refuse = |remedy: String| WeekTimeError {
            text: text.to_owned(),
            meant: "a span of hours",
            allowed: "FROM-TO in hours or H:MM from 0 to 24, a day before it or not, such as \
                      22-24 or SUNDAY 2-4:30",
            remedy,
        };
        let trimmed = text.trim();
        let (day, hours) = match trimmed.split_once(char::is_whitespace) {
            Some((day, hours)) if day.starts_with(char::is_alphabetic) => {
                (Some(day.parse()?), hours)
            }
            _ => (None, trimmed),
        };
        let hours: String = hours.chars().filter(|c| !c.is_whitespace()).collect();
        let Some((from, to)) = hours.split_once('-') else {
            return Err(refuse(match minutes(&hours) {
                Some(from) if from <= 23 * 60 => {
                    format!("write {}-{}", Clock(from), Clock(from + 60))
                }
                _ => "write where it begins and where it ends".to_owned(),
            }));
        };
        let [Some(from), Some(to)] = [minutes(from), minutes(to)] else {
            return Err(refuse("a day has the hours 0 to 24".to_owned()));
        };
        match from.cmp(&to) {
            std::cmp::Ordering::Less => Ok(Self { day, from, to }),
            std::cmp::Ordering::Equal => Err(refuse(
                "write 0-24 for the whole day, or delete it".to_owned(),
            )),
            std::cmp::Ordering::Greater if to == 0 => {
                Err(refuse(format!("write {}-24", Clock(from))))
            }
            std::cmp::Ordering::Greater => Err(refuse(format!(
                "over midnight write two: {}-24 and 0-{}",
                Clock(from),
                Clock(to)
            ))),
        }
    }
}

macro_rules! serde_as_text {
    ($($type:ty),+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

serde_as_text!(DayOfWeek, HoursOfWeek);

/// Some of the times of a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WeekTimes {
    /// In milliseconds from Monday, 0:00, in order, without overlap.
    spans: Vec<Range<i64>>,
}

impl WeekTimes {
    /// Whatever lies in one of `hours` or `days`.
    pub(crate) fn new(hours: &[HoursOfWeek], days: &[DayOfWeek]) -> Self {
        let day_start = |day: Weekday| i64::from(day.num_days_from_monday()) * DAY;
        let mut all = Vec::new();
        for &DayOfWeek(day) in days {
            all.push(day_start(day)..day_start(day) + DAY);
        }
        for hours in hours {
            for (_, day) in DAYS {
                if hours.day.is_none_or(|only| only.0 == day) {
                    let at = |minutes: u16| day_start(day) + i64::from(minutes) * MINUTE;
                    all.push(at(hours.from)..at(hours.to));
                }
            }
        }
        all.sort_by_key(|span| (span.start, span.end));
        let mut spans: Vec<Range<i64>> = Vec::new();
        for span in all {
            match spans.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => spans.push(span),
            }
        }
        Self { spans }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    pub(crate) fn is_whole_week(&self) -> bool {
        matches!(
            self.spans[..],
            [Range {
                start: 0,
                end: WEEK
            }]
        )
    }

    /// Milliseconds of `interval` that lie at other times on the clock of `zone`.
    pub(crate) fn outside(&self, interval: Interval, zone: Zone) -> i64 {
        let (start, end) = (interval.start().millis(), interval.end().millis());
        let mut outside = 0;
        let mut at = start;
        while at < end {
            let shift = offset(zone, at);
            let next = same_offset_until(zone, at, end.min(at + DAY));
            // 1970 began on a Thursday.
            let local = (at + shift + 3 * DAY).rem_euclid(WEEK);
            outside += next - at - self.within(local..local + (next - at));
            at = next;
        }
        outside
    }

    /// Milliseconds of `local`, which begins in the first week and is shorter than one.
    fn within(&self, local: Range<i64>) -> i64 {
        let overlap = |span: &Range<i64>, shift: i64| {
            let end = local.end.min(span.end + shift);
            (end - local.start.max(span.start + shift)).max(0)
        };
        let spans = self.spans.iter();
        spans
            .map(|span| overlap(span, 0) + overlap(span, WEEK))
            .sum()
    }
}

/// What the local clock is ahead of UTC at a moment between two instants.
fn offset(zone: Zone, millis: i64) -> i64 {
    let instant = Instant::from_millis(millis).expect("it lies between two instants");
    zone.offset_millis(instant)
}

/// The first moment after `start`, up to `end`, at which the clock of `zone` is changed; at most one
/// change lies between.
fn same_offset_until(zone: Zone, start: i64, end: i64) -> i64 {
    let shift = offset(zone, start);
    let (mut same, mut other) = (start, end);
    if offset(zone, end - 1) == shift {
        return end;
    }
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        if offset(zone, middle) == shift {
            same = middle;
        } else {
            other = middle;
        }
    }
    other
}
