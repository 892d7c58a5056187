//! The time between neighbouring points, with the anchor of its grid.

use chrono::{NaiveDate, Weekday};

use crate::calendar::{date, day, first_of_month, month};
use crate::{Duration, FrameError};

const DAY: i64 = 86_400_000;

/// The step of a grid, and where the grid lies.
///
/// *Civil* steps (`P1D`, `P1W`, `P1M` and multiples) are local dates, 23 to 25 hours long where
/// clocks change. *Fixed* steps (`PT5M`, `PT1H`) have an exact length and lie on a grid of UTC,
/// moved by a phase.
///
/// | written as                       | means                                             |
/// |----------------------------------|---------------------------------------------------|
/// | `PT5M` · `5_MINUTES` · `5m`      | exactly five minutes                              |
/// | `P1D` · `1_DAYS` · `1d`          | a local date                                      |
/// | `P3D`                            | three local dates, counted from 1970-01-01        |
/// | `P1W` · `1_WEEKS` · `1w`         | seven local dates from a Monday                   |
/// | `P1M` · `1_MONTHS` · `1mo`       | a calendar month; 2, 3, 4, 6 and 12 from January  |
/// | `P1Y` · `1_YEARS` · `1y`         | a calendar year                                   |
///
/// The text names the step alone; the week's first day, the anchor date and the phase are not in it.
///
/// ```
/// use tuatara_frame::{Duration, Granularity};
///
/// let hourly: Granularity = "1_HOURS".parse()?;
/// assert_eq!(hourly, Granularity::fixed(Duration::hours(1))?);
/// assert_eq!(hourly.to_string(), "PT1H");
/// assert_ne!(hourly, hourly.with_phase(Duration::minutes(4))?);
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Granularity(pub(crate) Step);

/// The kinds of grid. Bucket 0 is the one that holds 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// Buckets start at `phase + k · step` milliseconds; `0 <= phase < step`.
    Fixed { step: i64, phase: i64 },
    /// Buckets start at the days `anchor + k · count` after 1970-01-01; `0 <= anchor < count`.
    Days { count: u32, anchor: i64 },
    /// Buckets start on a week day.
    Weeks { first: Weekday },
    /// Buckets start at the months `k · count` after January 1970; `count` divides 12.
    Months { count: u32 },
}

impl Granularity {
    /// Exact steps on the grid of UTC, from 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`FrameError::GranularityPart`] when `step` is zero.
    pub fn fixed(step: Duration) -> Result<Self, FrameError> {
        if step == Duration::ZERO {
            return Err(FrameError::GranularityPart {
                part: "step",
                value: step.to_string(),
                allowed: "PT0.001S and longer",
                remedy: "write the time between two neighbouring points",
            });
        }
        Ok(Self(Step::Fixed {
            step: step.millis(),
            phase: 0,
        }))
    }

    /// The same fixed step, every bucket moved `phase` later: data at 4 past each hour has PT4M.
    ///
    /// # Errors
    /// [`FrameError::GranularityPart`] for a civil step, and when `phase` is not shorter than the step.
    pub fn with_phase(self, phase: Duration) -> Result<Self, FrameError> {
        match self.0 {
            Step::Fixed { step, .. } if phase.millis() < step => Ok(Self(Step::Fixed {
                step,
                phase: phase.millis(),
            })),
            Step::Fixed { .. } => Err(FrameError::GranularityPart {
                part: "phase",
                value: phase.to_string(),
                allowed: "PT0S up to, but without, the step itself",
                remedy: "write the remainder of the stamps by the step",
            }),
            _ => Err(FrameError::GranularityPart {
                part: "phase",
                value: phase.to_string(),
                allowed: "phases of fixed steps such as PT1H",
                remedy: "leave it out: a step of dates starts at local midnight",
            }),
        }
    }

    /// Local dates: `P1D`.
    pub const fn days() -> Self {
        Self(Step::Days {
            count: 1,
            anchor: 0,
        })
    }

    /// `count` local dates at a time, one bucket starting at `anchor`.
    ///
    /// # Errors
    /// [`FrameError::GranularityPart`] when `count` is 0.
    pub fn days_from(count: u32, anchor: NaiveDate) -> Result<Self, FrameError> {
        if count == 0 {
            return Err(FrameError::GranularityPart {
                part: "count",
                value: "0 days".to_owned(),
                allowed: "1 day and more",
                remedy: "write P1D for daily data",
            });
        }
        let anchor = day(anchor).rem_euclid(i64::from(count));
        Ok(Self(Step::Days { count, anchor }))
    }

    /// Seven local dates that start on `first`: `P1W`.
    pub const fn weeks(first: Weekday) -> Self {
        Self(Step::Weeks { first })
    }

    /// `count` calendar months, in step with January: `P1M`, `P3M`, `P1Y`.
    ///
    /// # Errors
    /// [`FrameError::GranularityPart`] when `count` is not 1, 2, 3, 4, 6 or 12.
    pub fn months(count: u32) -> Result<Self, FrameError> {
        if ![1, 2, 3, 4, 6, 12].contains(&count) {
            return Err(FrameError::GranularityPart {
                part: "months",
                value: count.to_string(),
                allowed: "1, 2, 3, 4, 6 and 12",
                remedy: "choose a number of months that divides the year",
            });
        }
        Ok(Self(Step::Months { count }))
    }

    /// Whether every bucket of `coarser` holds the same whole number of steps, months and clock
    /// changes apart: hours divide days, days divide weeks and months, weeks do not divide months.
    pub fn divides(self, coarser: Self) -> bool {
        const DAY: i64 = 86_400_000;
        match (self.0, coarser.0) {
            (Step::Fixed { step, .. }, Step::Fixed { step: longer, .. }) => longer % step == 0,
            (Step::Fixed { step, .. }, _) => DAY % step == 0,
            (Step::Days { count, .. }, Step::Days { count: longer, .. }) => longer % count == 0,
            (Step::Days { count, .. }, Step::Weeks { .. } | Step::Months { .. }) => count == 1,
            (Step::Weeks { first }, Step::Weeks { first: other }) => first == other,
            (Step::Months { count }, Step::Months { count: longer }) => longer % count == 0,
            _ => false,
        }
    }

    /// Whether buckets are made of local dates.
    pub const fn is_civil(self) -> bool {
        !matches!(self.0, Step::Fixed { .. })
    }

    /// The usual length of a bucket: a day is 24 hours, a week 7 days, a month 30 days.
    pub fn nominal(self) -> Duration {
        let millis = match self.0 {
            Step::Fixed { step, .. } => step,
            Step::Days { count, .. } => i64::from(count) * DAY,
            Step::Weeks { .. } => 7 * DAY,
            Step::Months { count } => i64::from(count) * 30 * DAY,
        };
        Duration::from_millis(millis).expect("invariant: a step is longer than nothing")
    }

    /// The exact length of a bucket, for fixed steps.
    pub fn step(self) -> Option<Duration> {
        match self.0 {
            Step::Fixed { .. } => Some(self.nominal()),
            _ => None,
        }
    }

    /// By how much buckets of a fixed step start after the grid of UTC, less than a step.
    pub fn phase(self) -> Option<Duration> {
        match self.0 {
            Step::Fixed { phase, .. } => Duration::from_millis(phase).ok(),
            _ => None,
        }
    }

    /// The week day on which buckets start, for `P1W`.
    pub const fn week_start(self) -> Option<Weekday> {
        match self.0 {
            Step::Weeks { first } => Some(first),
            _ => None,
        }
    }
}

impl Step {
    /// The number of the civil bucket that `day` (since 1970-01-01) belongs to. `None` for fixed
    /// steps, and beyond chrono's calendar.
    pub(crate) fn ordinal_of_day(self, day: i64) -> Option<i64> {
        match self {
            Self::Fixed { .. } => None,
            Self::Days { count, anchor } => Some((day - anchor).div_euclid(i64::from(count))),
            Self::Weeks { first } => Some((day - first_week_start(first)).div_euclid(7)),
            Self::Months { count } => Some(month(date(day)?).div_euclid(i64::from(count))),
        }
    }

    /// The first day (since 1970-01-01) of a civil bucket. `None` for fixed steps, and beyond
    /// chrono's calendar.
    pub(crate) fn first_day(self, ordinal: i64) -> Option<i64> {
        match self {
            Self::Fixed { .. } => None,
            Self::Days { count, anchor } => {
                ordinal.checked_mul(i64::from(count))?.checked_add(anchor)
            }
            Self::Weeks { first } => ordinal.checked_mul(7)?.checked_add(first_week_start(first)),
            Self::Months { count } => first_of_month(ordinal.checked_mul(i64::from(count))?),
        }
    }
}

/// The last `first` on or before 1970-01-01, which was a Thursday.
fn first_week_start(first: Weekday) -> i64 {
    -i64::from(Weekday::Thu.days_since(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Granularity {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_of_dates_is_no_24_hours() {
        assert_ne!(read("P1D"), read("PT24H"));
        assert!(read("P1D").is_civil() && !read("PT24H").is_civil());
        assert_eq!(read("P1D").step(), None);
        assert_eq!(read("PT24H").step(), Some(Duration::days(1)));
        assert_eq!(read("P1D").nominal(), Duration::days(1));
        assert_eq!(read("P1M").nominal(), Duration::days(30));
    }

    #[test]
    fn grids_are_equal_only_where_they_lie_alike() {
        let hourly = read("PT1H");
        assert_ne!(hourly, hourly.with_phase(Duration::minutes(4)).unwrap());
        assert_eq!(hourly, hourly.with_phase(Duration::ZERO).unwrap());
        assert_ne!(Granularity::weeks(Weekday::Sun), read("P1W"));
        assert_eq!(Granularity::weeks(Weekday::Mon), read("P1W"));

        let on = |date| NaiveDate::from_ymd_opt(2020, 1, date).unwrap();
        let from = |date| Granularity::days_from(3, on(date)).unwrap();
        assert_eq!(from(1), from(4));
        assert_ne!(from(1), from(2));
        assert_eq!(
            Granularity::days_from(1, on(9)).unwrap(),
            Granularity::days()
        );
    }
}
