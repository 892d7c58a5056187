//! Points in time: UTC, to the millisecond, in the years 1 to 9999.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};

use crate::serde_text::serde_as_text;
use crate::{Duration, FrameError};

/// A point in time, as milliseconds since 1970-01-01T00:00:00Z.
///
/// Its text is RFC 3339 in UTC, with a fraction only when there are milliseconds. Reading wants an
/// offset, because a civil stamp is no instant; digits finer than a millisecond are cut off.
///
/// ```
/// use tuatara_frame::Instant;
///
/// let noon: Instant = "2020-03-08T12:00:00+02:00".parse()?;
/// assert_eq!(noon.to_string(), "2020-03-08T10:00:00Z");
/// assert!("2020-03-08T12:00:00".parse::<Instant>().is_err());
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// 0001-01-01T00:00:00Z, the first instant.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// 9999-12-31T23:59:59.999Z, the last instant.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant `millis` milliseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`FrameError::InstantRange`] outside [`MIN`](Self::MIN) to [`MAX`](Self::MAX).
    pub const fn from_millis(millis: i64) -> Result<Self, FrameError> {
        if millis < Self::MIN.0 || millis > Self::MAX.0 {
            return Err(FrameError::InstantRange { millis });
        }
        Ok(Self(millis))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The instant `duration` later, or none after [`MAX`](Self::MAX).
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        Self::from_millis(self.0.checked_add(duration.millis())?).ok()
    }

    /// The instant `duration` earlier, or none before [`MIN`](Self::MIN).
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        Self::from_millis(self.0.checked_sub(duration.millis())?).ok()
    }

    /// Date and time of day at UTC.
    pub(crate) fn naive_utc(self) -> NaiveDateTime {
        naive(self.0)
    }
}

/// The civil time `millis` after 1970-01-01T00:00:00, for any value within two days of an instant.
pub(crate) fn naive(millis: i64) -> NaiveDateTime {
    DateTime::from_timestamp_millis(millis)
        .expect("invariant: chrono covers the years 1 to 9999 and far beyond")
        .naive_utc()
}

impl FromStr for Instant {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        match DateTime::parse_from_rfc3339(text) {
            Ok(stamp) => Self::from_millis(stamp.timestamp_millis()),
            Err(_) => Err(FrameError::InstantText {
                text: text.to_owned(),
                remedy: if DateTime::parse_from_rfc3339(&format!("{text}Z")).is_ok() {
                    "add Z for UTC, or an offset such as +01:00"
                } else {
                    "write date, T, time and offset"
                },
            }),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.naive_utc();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            utc.year(),
            utc.month(),
            utc.day(),
            utc.hour(),
            utc.minute(),
            utc.second()
        )?;
        match self.0.rem_euclid(1000) {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_as_text!(
    Instant,
    "an instant as RFC 3339, such as 2020-03-08T10:00:00Z"
);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn the_text_has_a_fraction_only_when_there_are_milliseconds() {
        assert_eq!(at("1970-01-01T00:00:00Z").millis(), 0);
        assert_eq!(
            at("1970-01-01T01:00:00.25+01:00").to_string(),
            "1970-01-01T00:00:00.250Z"
        );
        assert_eq!(at("1969-12-31T23:59:59.999Z").millis(), -1);
        assert_eq!(
            at("1969-12-31T23:59:59.999Z").to_string(),
            "1969-12-31T23:59:59.999Z"
        );
    }

    #[test]
    fn digits_finer_than_a_millisecond_are_cut_off() {
        assert_eq!(
            at("2020-01-01T00:00:00.123999Z"),
            at("2020-01-01T00:00:00.123Z")
        );
    }

    #[test]
    fn the_first_and_the_last_instant_have_texts_that_read_back() {
        for (instant, text) in [
            (Instant::MIN, "0001-01-01T00:00:00Z"),
            (Instant::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(instant.to_string(), text);
            assert_eq!(at(text), instant);
        }
    }

    #[test]
    fn nothing_lies_beyond_the_first_and_the_last_instant() {
        assert!(Instant::from_millis(Instant::MIN.millis() - 1).is_err());
        assert!(Instant::from_millis(Instant::MAX.millis() + 1).is_err());
        let millisecond = Duration::from_millis(1).unwrap();
        assert_eq!(Instant::MAX.checked_add(millisecond), None);
        assert_eq!(Instant::MIN.checked_sub(millisecond), None);
        assert!("0000-12-31T23:59:59Z".parse::<Instant>().is_err());
    }

    #[test]
    fn a_stamp_without_an_offset_is_refused_with_the_remedy() {
        let error = "2020-03-08T10:00:00".parse::<Instant>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`2020-03-08T10:00:00` is not an instant; allowed: RFC 3339 with an offset, such as \
             2020-03-08T10:00:00Z; add Z for UTC, or an offset such as +01:00"
        );
    }

    #[test]
    fn serde_writes_the_text() {
        let instant = at("2020-03-08T10:00:00.250Z");
        let json = serde_json::to_string(&instant).unwrap();
        assert_eq!(json, "\"2020-03-08T10:00:00.250Z\"");
        assert_eq!(serde_json::from_str::<Instant>(&json).unwrap(), instant);
    }
}
