//! Why a slice is not watched on a day, in numbers and in words.

use std::fmt;

use tuatara_core::Short;
use tuatara_core::ranking::{Per, Reason};
use tuatara_frame::{Aggregation, Interval, Metric, Zone};

/// Why a slice is not watched: what a [`Ranking`](tuatara_core::Ranking) found. Its
/// [`Display`](fmt::Display) is a clause such as "not watched on 2024-05-03: its share of revenue
/// over the 7 days before is 2.1 %, at least 5 % is asked".
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Unwatched {
    /// The day; `None` where all of the run was ranked at once.
    pub day: Option<Interval>,
    /// Whose day it is.
    pub zone: Zone,
    /// What slices are ranked by.
    pub metric: Metric,
    /// How many days the ranking looks back.
    pub lookback_days: u32,
    /// What it looked back at, as far as there are data.
    pub over: Interval,
    /// The test that the slice failed.
    pub reason: Reason,
}

impl fmt::Display for Unwatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            Some(day) => write!(
                f,
                "not watched on {}: ",
                self.zone.local(day.start()).date()
            )?,
            None => f.write_str("not watched in this run: ")?,
        }
        let (metric, before) = (self.metric.name(), Before(self));
        match self.reason {
            Reason::Nothing => write!(f, "there was no {metric} over {before}"),
            Reason::Share { share, .. } if share.is_nan() => write!(
                f,
                "the {metric} of all over {before} is 0 or beyond all numbers, so that nothing has a \
                 share of it"
            ),
            Reason::Share { share, least } => write!(
                f,
                "its share of {metric} over {before} is {} %, at least {} % is asked",
                Short(100.0 * share),
                Short(100.0 * least)
            ),
            Reason::TooSmall { per, value, least } => write!(
                f,
                "its {metric}{} over {before} is {}, at least {} is asked",
                self.rate(per),
                Short(value),
                Short(least)
            ),
            Reason::TooLarge { per, value, most } => write!(
                f,
                "its {metric}{} over {before} is {}, at most {} is asked",
                self.rate(per),
                Short(value),
                Short(most)
            ),
            Reason::Dead {
                share,
                least,
                above,
            } => write!(
                f,
                "its {metric} was above {} in {} % of the buckets of {before}, at least {} % is asked",
                Short(above),
                Short(if share.is_nan() { 0.0 } else { 100.0 * share }),
                Short(100.0 * least)
            ),
            Reason::Faint { mean, least, above } => write!(
                f,
                "the mean of its {metric} in buckets above {} over {before} is {}, at least {} is asked",
                Short(above),
                Short(mean),
                Short(least)
            ),
            Reason::Rank { rank, first } => {
                let place = Place(rank);
                write!(f, "ranked {place} by {metric} over {before}, ")?;
                match first {
                    1 => f.write_str("the first is watched"),
                    first => write!(f, "the first {first} are watched"),
                }
            }
            other => write!(f, "{other:?} over {before}"),
        }
    }
}

impl Unwatched {
    /// Only what is summed has a rate.
    fn rate(&self, per: Per) -> &'static str {
        match (self.metric.aggregation(), per) {
            (Aggregation::Sum | Aggregation::Count, Per::Hour) => " per hour",
            (Aggregation::Sum | Aggregation::Count, Per::Day) => " per day",
            _ => "",
        }
    }
}

/// What was looked back at, in words.
struct Before<'a>(&'a Unwatched);

impl fmt::Display for Before<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.day, self.0.lookback_days) {
            (None, _) => f.write_str("the run"),
            (Some(_), 1) => f.write_str("the day before"),
            (Some(_), days) => write!(f, "the {days} days before"),
        }
    }
}

/// 1st, 2nd, 3rd, 4th, …, 11th, …
struct Place(usize);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = match (self.0 % 10, self.0 % 100) {
            (_, 11..=13) => "th",
            (1, _) => "st",
            (2, _) => "nd",
            (3, _) => "rd",
            _ => "th",
        };
        write!(f, "{}{ending}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_spoken_as_people_do() {
        let spoken = [1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(|n| Place(n).to_string());
        let expected = [
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th",
        ];
        assert_eq!(spoken, expected);
    }

    fn said(aggregation: Aggregation, reason: Reason) -> String {
        let interval = |from: &str, to: &str| {
            Interval::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
        };
        Unwatched {
            day: Some(interval("2024-05-02T22:00:00Z", "2024-05-03T22:00:00Z")),
            zone: "Europe/Berlin".parse().unwrap(),
            metric: Metric::new("revenue").with_aggregation(aggregation),
            lookback_days: 7,
            over: interval("2024-04-25T22:00:00Z", "2024-05-02T22:00:00Z"),
            reason,
        }
        .to_string()
    }

    #[test]
    fn every_reason_has_its_numbers_in_a_sentence() {
        let (sum, above) = (Aggregation::Sum, 4.0);
        let per_day = |value| Reason::TooLarge {
            per: Per::Day,
            value,
            most: 10.0,
        };
        let cases = [
            (
                Reason::Nothing,
                "there was no revenue over the 7 days before",
            ),
            (
                Reason::Share {
                    share: 0.021,
                    least: 0.05,
                },
                "its share of revenue over the 7 days before is 2.1 %, at least 5 % is asked",
            ),
            (
                Reason::Share {
                    share: f64::NAN,
                    least: 0.05,
                },
                "the revenue of all over the 7 days before is 0 or beyond all numbers, so that \
                 nothing has a share of it",
            ),
            (
                Reason::TooSmall {
                    per: Per::Lookback,
                    value: 40.0,
                    least: 70.0,
                },
                "its revenue over the 7 days before is 40, at least 70 is asked",
            ),
            (
                Reason::TooSmall {
                    per: Per::Hour,
                    value: 0.5,
                    least: 1.0,
                },
                "its revenue per hour over the 7 days before is 0.5, at least 1 is asked",
            ),
            (
                per_day(12.0),
                "its revenue per day over the 7 days before is 12, at most 10 is asked",
            ),
            (
                Reason::Dead {
                    share: 0.4,
                    least: 0.5,
                    above,
                },
                "its revenue was above 4 in 40 % of the buckets of the 7 days before, at least 50 % \
                 is asked",
            ),
            (
                Reason::Faint {
                    mean: 5.8,
                    least: 6.0,
                    above,
                },
                "the mean of its revenue in buckets above 4 over the 7 days before is 5.8, at least \
                 6 is asked",
            ),
            (
                Reason::Rank {
                    rank: 14,
                    first: 10,
                },
                "ranked 14th by revenue over the 7 days before, the first 10 are watched",
            ),
            (
                Reason::Rank { rank: 2, first: 1 },
                "ranked 2nd by revenue over the 7 days before, the first is watched",
            ),
        ];
        for (reason, words) in cases {
            assert_eq!(
                said(sum, reason),
                format!("not watched on 2024-05-03: {words}")
            );
        }
        assert_eq!(
            said(Aggregation::Mean, per_day(12.0)),
            "not watched on 2024-05-03: its revenue over the 7 days before is 12, at most 10 is asked"
        );
    }
}
