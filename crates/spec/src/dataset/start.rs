//! When row counter 0 is.

use std::fmt;
use std::str::FromStr;

use tuatara_frame::{Instant, NaiveDate, Zone};

/// When row counter 0 is: an instant, or the start of a local date of the dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// That instant.
    Instant(Instant),
    /// The first instant of that date, in the zone of the dataset.
    Date(NaiveDate),
}

impl Start {
    /// The instant for a dataset of `zone`; none outside the years 1 to 9999.
    ///
    /// ```
    /// use tuatara_frame::Zone;
    /// use tuatara_spec::dataset::Start;
    ///
    /// let start: Start = "2026-01-01".parse()?;
    /// let paris: Zone = "Europe/Paris".parse()?;
    /// assert_eq!(start.in_zone(paris).unwrap().to_string(), "2025-12-31T23:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_zone(self, zone: Zone) -> Option<Instant> {
        match self {
            Self::Instant(instant) => Some(instant),
            Self::Date(date) => zone.start_of_day(date),
        }
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(instant) => instant.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}

/// A text that is no start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no start; allowed: a date such as 2026-01-01, or a stamp with an offset such as \
     2026-01-01T06:00:00Z; {remedy}"
)]
pub struct StartError {
    text: String,
    remedy: &'static str,
}

impl FromStr for Start {
    type Err = StartError;

    fn from_str(text: &str) -> Result<Self, StartError> {
        let text = text.trim();
        let instant = text.parse().map(Self::Instant).ok();
        let date = || text.parse::<NaiveDate>().ok().map(Self::Date);
        let start = instant.or_else(date);
        // Dates that no zone can move out of the years 1 to 9999.
        let fits = |start: &Self| match start {
            Self::Instant(_) => true,
            Self::Date(date) => {
                let before = date.pred_opt().and_then(|day| Zone::UTC.start_of_day(day));
                let after = date.succ_opt().and_then(|day| Zone::UTC.start_of_day(day));
                before.is_some() && after.is_some()
            }
        };
        start.filter(fits).ok_or_else(|| StartError {
            text: text.to_owned(),
            remedy: match start {
                Some(_) => "choose a date in the years 1 to 9999",
                None => "write one of these, a time of day with its offset",
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_a_date_or_an_instant() {
        let paris: Zone = "Europe/Paris".parse().unwrap();
        let at = |text: &str| {
            let start: Start = text.parse().unwrap();
            start.in_zone(paris).unwrap().to_string()
        };
        assert_eq!(at("2026-07-01"), "2026-06-30T22:00:00Z");
        assert_eq!(at("2026-07-01T00:00:00+02:00"), "2026-06-30T22:00:00Z");
    }

    #[test]
    fn a_time_of_day_needs_an_offset_and_a_date_the_years_1_to_9999() {
        for text in [
            "2026-07-01T00:00",
            "yesterday",
            "",
            "9999-12-31",
            "12026-01-01",
        ] {
            let error = text.parse::<Start>().unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("`{text}` is no start; allowed: ")),
                "{error}"
            );
        }
    }
}
