//! Time zones: the way from an instant to the local clock and back.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::calendar::{DAY, Occurrence, Offsets};
use crate::instant::naive;
use crate::serde_text::serde_as_text;
use crate::{FrameError, Instant, closest};

/// A time zone of the IANA database.
///
/// Read from its name in any case; an unknown name is refused with the nearest known one.
///
/// ```
/// use tuatara_frame::{Instant, Zone};
///
/// let zone: Zone = "america/los_angeles".parse()?;
/// let instant: Instant = "2020-03-08T10:00:00Z".parse()?; // the clock jumps from 02:00 to 03:00
/// assert_eq!(zone.local(instant).to_string(), "2020-03-08 03:00:00");
///
/// let error = "Europe/Londn".parse::<Zone>().unwrap_err();
/// assert!(error.to_string().ends_with("did you mean `Europe/London`?"));
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

/// Which instants a local label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// One, as nearly always.
    Unique(Instant),
    /// Two, because the clock was put back.
    Doubled {
        /// The instant before the clock was put back.
        earlier: Instant,
        /// The instant after.
        later: Instant,
    },
    /// None, because the clock was put forward.
    Skipped {
        /// The first instant after the jump.
        next: Instant,
    },
    /// None in the years 1 to 9999.
    OutOfRange,
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(Tz::UTC);

    /// Its name in the IANA database.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What the local clock is ahead of UTC at `instant`, in milliseconds; negative in the west.
    pub fn offset_millis(self, instant: Instant) -> i64 {
        self.offset_at(instant.millis())
    }

    /// Date and time on the local clock at `instant`.
    pub fn local(self, instant: Instant) -> NaiveDateTime {
        naive(instant.millis() + self.offset_millis(instant))
    }

    /// The instants at which the local clock shows `label`; digits finer than a millisecond are cut
    /// off.
    pub fn resolve(self, label: NaiveDateTime) -> Resolved {
        let label = label.and_utc().timestamp_millis();
        if label < Instant::MIN.millis() - DAY || label > Instant::MAX.millis() + DAY {
            return Resolved::OutOfRange;
        }
        let offsets = Offsets::find(self, label - DAY, label + DAY);
        match offsets.resolve(label) {
            Occurrence::Once(at) => Instant::from_millis(at).map(Resolved::Unique),
            Occurrence::Twice { earlier, later } => {
                Instant::from_millis(earlier).and_then(|earlier| {
                    Ok(Resolved::Doubled {
                        earlier,
                        later: Instant::from_millis(later)?,
                    })
                })
            }
            Occurrence::Never { next } => {
                Instant::from_millis(next).map(|next| Resolved::Skipped { next })
            }
        }
        .unwrap_or(Resolved::OutOfRange)
    }

    /// The first instant at which the local clock shows `date` or a later one.
    ///
    /// That is the first midnight where midnight comes twice, the end of the jump where midnight is
    /// skipped, and the start of the next day where the date is skipped altogether. `None` outside
    /// the years 1 to 9999.
    pub fn start_of_day(self, date: NaiveDate) -> Option<Instant> {
        match self.resolve(date.and_time(NaiveTime::MIN)) {
            Resolved::Unique(at) | Resolved::Doubled { earlier: at, .. } => Some(at),
            Resolved::Skipped { next } => Some(next),
            Resolved::OutOfRange => None,
        }
    }

    /// The offset at any moment within years of the range of instants, in milliseconds.
    pub(crate) fn offset_at(self, millis: i64) -> i64 {
        let offset = self.0.offset_from_utc_datetime(&naive(millis));
        i64::from(offset.fix().local_minus_utc()) * 1000
    }

    /// Whether its clock has never been changed and has no local mean time before, by name.
    pub(crate) fn is_fixed(self) -> bool {
        let name = self.name();
        name.starts_with("Etc/")
            || [
                "UTC",
                "UCT",
                "Universal",
                "Zulu",
                "GMT",
                "GMT0",
                "GMT+0",
                "GMT-0",
                "Greenwich",
            ]
            .contains(&name)
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl From<Tz> for Zone {
    fn from(tz: Tz) -> Self {
        Self(tz)
    }
}

impl FromStr for Zone {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        let names = || TZ_VARIANTS.iter().map(|tz| tz.name());
        if let Some(tz) = TZ_VARIANTS
            .iter()
            .find(|tz| tz.name().eq_ignore_ascii_case(text))
        {
            return Ok(Self(*tz));
        }
        let joined = text.trim().replace(' ', "_");
        let city = |name: &str| {
            name.rsplit_once('/')
                .is_some_and(|(_, city)| city.eq_ignore_ascii_case(&joined))
        };
        let suggestion = names()
            .find(|name| city(name))
            .or_else(|| closest(&joined, names()));
        Err(FrameError::UnknownZone {
            name: text.to_owned(),
            suggestion: suggestion.map(ToOwned::to_owned),
        })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

serde_as_text!(Zone, "the name of a time zone, such as Europe/London");

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<Zone>().unwrap_err().to_string()
    }

    #[test]
    fn names_are_read_in_any_case_and_written_as_listed() {
        for name in ["UTC", "utc", "Utc"] {
            assert_eq!(name.parse::<Zone>().unwrap(), Zone::UTC);
        }
        assert_eq!(
            "asia/KATHMANDU".parse::<Zone>().unwrap().to_string(),
            "Asia/Kathmandu"
        );
    }

    #[test]
    fn every_name_reads_back() {
        for tz in TZ_VARIANTS {
            assert_eq!(tz.name().parse::<Zone>().unwrap().name(), tz.name());
        }
    }

    #[test]
    fn an_unknown_zone_is_refused_with_the_nearest_one() {
        for (text, meant) in [
            ("Europe/Berlni", "Europe/Berlin"),
            ("Los Angeles", "America/Los_Angeles"),
            ("US/Pacfic", "US/Pacific"),
            ("UCT ", "Etc/UCT"),
        ] {
            assert!(
                refusal(text).ends_with(&format!("did you mean `{meant}`?")),
                "{text}"
            );
        }
        assert_eq!(
            refusal("+02:00"),
            "`+02:00` is not a time zone; allowed: names of the IANA database, such as UTC or \
             Europe/London; see the column \"TZ identifier\" of its list"
        );
    }

    #[test]
    fn serde_writes_the_name() {
        let json = serde_json::to_string(&Zone::UTC).unwrap();
        assert_eq!(json, "\"UTC\"");
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), Zone::UTC);
    }

    #[test]
    fn labels_outside_the_calendar_resolve_to_nothing() {
        assert_eq!(Zone::UTC.resolve(NaiveDateTime::MAX), Resolved::OutOfRange);
        assert_eq!(Zone::UTC.resolve(NaiveDateTime::MIN), Resolved::OutOfRange);
        assert_eq!(Zone::UTC.start_of_day(NaiveDate::MAX), None);
    }

    #[test]
    fn a_zone_counts_as_fixed_only_if_its_clock_never_changed() {
        let fixed = TZ_VARIANTS
            .iter()
            .map(|tz| Zone(*tz))
            .filter(|zone| zone.is_fixed());
        for zone in fixed {
            let everything = Offsets::search(zone, Instant::MIN.millis(), Instant::MAX.millis());
            assert_eq!(everything.changes().count(), 0, "{zone}");
        }
    }
}
