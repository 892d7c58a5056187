//! When an event starts or ends, as a person writes it.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::EventError;
use crate::{Instant, Resolved, Zone};

/// An instant, or a local date or time that becomes one in the zone of the data.
///
/// ```
/// use tuatara_frame::events::EventTime;
///
/// let date: EventTime = "2026-12-25".parse()?;
/// let local: EventTime = "2026-12-25T08:30".parse()?;
/// let instant: EventTime = "2026-12-25T08:30:00+01:00".parse()?;
/// assert_eq!(instant.to_string(), "2026-12-25T07:30:00Z");
/// assert!("25/12/2026".parse::<EventTime>().is_err());
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventTime {
    /// A point in time.
    Instant(Instant),
    /// Date and time on the clock of the data.
    Local(NaiveDateTime),
    /// The start of a date on the clock of the data.
    Date(NaiveDate),
}

impl EventTime {
    /// On the clock of the data; `None` of an instant.
    pub(super) fn local(self) -> Option<NaiveDateTime> {
        match self {
            Self::Instant(_) => None,
            Self::Local(local) => Some(local),
            Self::Date(date) => Some(date.and_time(NaiveTime::MIN)),
        }
    }

    /// The first instant at which `zone` has it; a time that clocks skip is the first after.
    pub fn first_in(self, zone: Zone) -> Instant {
        self.in_zone(zone, |earlier, _| earlier, Instant::MIN)
    }

    /// The last instant at which `zone` has it: another than [`first_in`](Self::first_in) for a
    /// time that comes twice.
    pub fn last_in(self, zone: Zone) -> Instant {
        self.in_zone(zone, |_, later| later, Instant::MAX)
    }

    /// `beyond` where the calendar ends.
    fn in_zone(
        self,
        zone: Zone,
        of_two: impl Fn(Instant, Instant) -> Instant,
        beyond: Instant,
    ) -> Instant {
        match self {
            Self::Instant(instant) => instant,
            Self::Date(date) => zone.start_of_day(date).unwrap_or(beyond),
            Self::Local(local) => match zone.resolve(local) {
                Resolved::Unique(at) | Resolved::Skipped { next: at } => at,
                Resolved::Doubled { earlier, later } => of_two(earlier, later),
                Resolved::OutOfRange => beyond,
            },
        }
    }
}

const LOCAL_FORMS: [&str; 4] = [
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
];

impl FromStr for EventTime {
    type Err = EventError;

    fn from_str(text: &str) -> Result<Self, EventError> {
        // Four digits for the year, as in every other stamp.
        let has_year = text.get(..5).is_some_and(|start| {
            let (year, dash) = start.split_at(4);
            year.bytes().all(|byte| byte.is_ascii_digit()) && year != "0000" && dash == "-"
        });
        let refused = || EventError::TimeText {
            text: text.to_owned(),
        };
        if !has_year {
            return Err(refused());
        }
        if text.len() == "2026-12-25".len()
            && let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        {
            return Ok(Self::Date(date));
        }
        if let Ok(instant) = text.parse() {
            return Ok(Self::Instant(instant));
        }
        let local = LOCAL_FORMS
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        local.map(Self::Local).ok_or_else(refused)
    }
}

impl From<Instant> for EventTime {
    fn from(instant: Instant) -> Self {
        Self::Instant(instant)
    }
}

impl From<NaiveDate> for EventTime {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<NaiveDateTime> for EventTime {
    fn from(local: NaiveDateTime) -> Self {
        Self::Local(local)
    }
}

impl fmt::Display for EventTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(instant) => fmt::Display::fmt(instant, f),
            Self::Local(local) => write!(f, "{}", local.format("%Y-%m-%dT%H:%M:%S")),
            Self::Date(date) => write!(f, "{}", date.format("%Y-%m-%d")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> EventTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_local_time_is_covered_from_its_first_to_its_last_instant() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let twice = time("2026-10-25T02:30");
        assert_eq!(twice.first_in(berlin).to_string(), "2026-10-25T00:30:00Z");
        assert_eq!(twice.last_in(berlin).to_string(), "2026-10-25T01:30:00Z");
        let never = time("2026-03-29 02:30:00");
        assert_eq!(never.first_in(berlin).to_string(), "2026-03-29T01:00:00Z");
        assert_eq!(never.last_in(berlin), never.first_in(berlin));
    }

    #[test]
    fn a_date_is_the_start_of_its_day_in_the_zone() {
        let tokyo: Zone = "Asia/Tokyo".parse().unwrap();
        assert_eq!(
            time("2026-01-01").first_in(tokyo).to_string(),
            "2025-12-31T15:00:00Z"
        );
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "2026",
            "2026-1-1",
            "2026-13-01",
            "2026-02-29",
            "25.12.2026",
            "0000-01-01",
            "2026-01-01T25:00",
            "+2026-01-01",
            "tomorrow",
        ] {
            assert!(text.parse::<EventTime>().is_err(), "{text}");
        }
    }
}
