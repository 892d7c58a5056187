//! The granularity of data, seen in their stamps.
//!
//! ```text
//! step = the most common difference of neighbouring stamps          (the shorter of two equally common)
//! ```
//!
//! Where at least nine stamps in ten are the first instants of local dates, the data are civil:
//! one stamp a month on the same day (or on the last) is `P1M` or a multiple, every seven days is
//! `P1W` from that week day, and so on down to `P1D`. Everything else is a fixed step with the
//! phase that most stamps share.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::calendar::{self, DAY, Offsets};
use crate::{Duration, FrameError, Granularity, Instant, Zone};

/// A fixed step that would cut the span of the stamps into more buckets than this was seen by
/// chance: two stamps a millisecond apart, and a third in another year.
const MOST_BUCKETS: i64 = 100_000_000;

/// A granularity and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inferred {
    /// The granularity.
    pub granularity: Granularity,
    /// What speaks for it, in words and counts.
    pub evidence: String,
}

/// The granularity of `stamps`, which are distinct and in order, in the zone of their dates.
///
/// ```
/// use tuatara_frame::{Granularity, Instant, Zone, infer_granularity};
///
/// let stamps: Vec<Instant> = ["2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z", "2024-05-04T00:00:00Z"]
///     .iter()
///     .map(|text| text.parse())
///     .collect::<Result<_, _>>()?;
/// let found = infer_granularity(&stamps, Zone::UTC)?;
/// assert_eq!(found.granularity, Granularity::days());
/// assert_eq!(found.evidence, "3 of 3 stamps start a date in UTC, 1 of 2 follow after 1 day");
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
///
/// # Errors
/// [`FrameError::GranularityUnknown`] for fewer than two stamps, and
/// [`FrameError::GranularityUnclear`] when less than a quarter of the differences agree, or when
/// the step is so short that a hundred million of them do not span the stamps.
pub fn infer_granularity(stamps: &[Instant], zone: Zone) -> Result<Inferred, FrameError> {
    let (Some(first), Some(last)) = (stamps.first(), stamps.last()) else {
        return Err(FrameError::GranularityUnknown { stamps: 0 });
    };
    let offsets = Offsets::find(zone, first.millis() - DAY, last.millis() + DAY);
    let dates: Vec<i64> = stamps
        .iter()
        .filter_map(|stamp| date_begun(*stamp, &offsets))
        .collect();
    if dates.len() * 10 >= stamps.len() * 9
        && let Some(found) = civil(&dates, stamps.len(), zone)?
    {
        return Ok(found);
    }
    fixed(stamps)
}

/// What the caller has said, and the phase that the data have beyond that.
///
/// A civil step, and a fixed one with a phase, are taken as they are. A fixed step without a phase
/// takes that of the stamps if more than half of them share one, so that stamps stay labels of
/// buckets.
pub(crate) fn pinned(granularity: Granularity, stamps: &[Instant]) -> Inferred {
    let given = format!("{granularity} as declared");
    let step = granularity
        .step()
        .filter(|_| granularity.phase() == Some(Duration::ZERO));
    let shared = step.and_then(|step| {
        let remainders = stamps
            .iter()
            .map(|stamp| stamp.millis().rem_euclid(step.millis()));
        let (phase, count) = most_common(remainders.collect())?;
        let phase = Duration::from_millis(phase).ok()?;
        (phase > Duration::ZERO && count * 2 > stamps.len()).then_some((phase, count))
    });
    match shared
        .and_then(|(phase, count)| Some((granularity.with_phase(phase).ok()?, phase, count)))
    {
        Some((granularity, phase, count)) => Inferred {
            granularity,
            evidence: format!(
                "{given}; {count} of {} stamps lie {phase} past it",
                stamps.len()
            ),
        },
        None => Inferred {
            granularity,
            evidence: given,
        },
    }
}

/// The local date (days since 1970) that begins at `stamp`, if one does.
fn date_begun(stamp: Instant, offsets: &Offsets) -> Option<i64> {
    let label = stamp.millis() + offsets.at(stamp.millis());
    let date = calendar::day_of(label);
    let begins = label == date * DAY || offsets.first_reaching(date * DAY) == stamp.millis();
    begins.then_some(date)
}

/// The step of `dates`, distinct days since 1970 in order, out of `stamps` stamps; `None` for a
/// single date.
fn civil(dates: &[i64], stamps: usize, zone: Zone) -> Result<Option<Inferred>, FrameError> {
    let steps = differences(dates);
    let Some((step, count)) = most_common(steps.clone()) else {
        return Ok(None);
    };
    let evidence = |follow: usize, unit: String| {
        format!(
            "{} of {stamps} stamps start a date in {zone}, {follow} of {} follow after {unit}",
            dates.len(),
            steps.len()
        )
    };
    if let Some((months, follow)) = monthly(dates) {
        return Ok(Some(Inferred {
            granularity: Granularity::months(months)?,
            evidence: evidence(follow, plural(i64::from(months), "month")),
        }));
    }
    let multiples = steps
        .iter()
        .filter(|&difference| difference % step == 0)
        .count();
    let step = if multiples * 10 >= steps.len() * 9 {
        step
    } else {
        1
    };
    let count = if step == 1 {
        steps.iter().filter(|&&step| step == 1).count()
    } else {
        count
    };
    let anchor = |dates: &[i64]| {
        let (remainder, _) = most_common(dates.iter().map(|date| date.rem_euclid(step)).collect())?;
        calendar::date(remainder)
    };
    let granularity = match (u32::try_from(step), anchor(dates)) {
        (Ok(1), _) => Granularity::days(),
        (Ok(7), Some(anchor)) => Granularity::weeks(anchor.weekday()),
        (Ok(step), Some(anchor)) => Granularity::days_from(step, anchor)?,
        _ => return Ok(None),
    };
    let mut evidence = evidence(count, plural(step, "day"));
    if let Some(weekday) = granularity.week_start() {
        evidence = format!("{evidence}, on {}", name(weekday));
    }
    Ok(Some(Inferred {
        granularity,
        evidence,
    }))
}

/// How many months lie between `dates`, if all have one day of the month or all end theirs, and
/// how many of the differences say so.
fn monthly(dates: &[i64]) -> Option<(u32, usize)> {
    let dates: Vec<NaiveDate> = dates
        .iter()
        .filter_map(|&date| calendar::date(date))
        .collect();
    let first = dates.first()?.day();
    let ends_month = |date: &NaiveDate| {
        date.checked_add_days(Days::new(1))
            .is_none_or(|next| next.day() == 1)
    };
    if !dates.iter().all(|date| date.day() == first) && !dates.iter().all(ends_month) {
        return None;
    }
    let months: Vec<i64> = dates.iter().map(|&date| calendar::month(date)).collect();
    let (step, count) = most_common(differences(&months))?;
    let step = u32::try_from(step)
        .ok()
        .filter(|step| [1, 2, 3, 4, 6, 12].contains(step))?;
    Some((step, count))
}

fn fixed(stamps: &[Instant]) -> Result<Inferred, FrameError> {
    let millis: Vec<i64> = stamps.iter().map(|stamp| stamp.millis()).collect();
    let steps = differences(&millis);
    let total = steps.len();
    let Some((step, count)) = most_common(steps) else {
        return Err(FrameError::GranularityUnknown {
            stamps: stamps.len(),
        });
    };
    let step_length = Duration::from_millis(step)?;
    let buckets = (millis[millis.len() - 1] - millis[0]) / step;
    if count * 4 < total || buckets > MOST_BUCKETS {
        return Err(FrameError::GranularityUnclear {
            step: step_length,
            count,
            total,
        });
    }
    let remainders = millis.iter().map(|stamp| stamp.rem_euclid(step)).collect();
    let (phase, sharing) = most_common(remainders).unwrap_or((0, 0));
    let phase = Duration::from_millis(phase)?;
    let mut evidence = format!("{count} of {total} stamps follow after {step_length}");
    if phase > Duration::ZERO {
        evidence = format!(
            "{evidence}, {sharing} of {} lie {phase} past it",
            stamps.len()
        );
    }
    Ok(Inferred {
        granularity: Granularity::fixed(step_length)?.with_phase(phase)?,
        evidence,
    })
}

/// The steps from each number to the next; steps back are left out.
fn differences(sorted: &[i64]) -> Vec<i64> {
    sorted
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|&step| step > 0)
        .collect()
}

/// The number that occurs most often, the smallest of several, and how often it does.
fn most_common(mut numbers: Vec<i64>) -> Option<(i64, usize)> {
    numbers.sort_unstable();
    numbers
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0], run.len()))
        // `max_by_key` takes the last of equals, so go from the largest number down.
        .rev()
        .max_by_key(|&(_, count)| count)
}

fn plural(count: i64, unit: &str) -> String {
    if count == 1 {
        format!("1 {unit}")
    } else {
        format!("{count} {unit}s")
    }
}

const fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamps(text: &str) -> Vec<Instant> {
        text.split_whitespace()
            .map(|stamp| {
                let full = if stamp.len() == 10 {
                    format!("{stamp}T00:00:00Z")
                } else {
                    stamp.into()
                };
                full.parse().unwrap()
            })
            .collect()
    }

    fn every(minutes: i64, count: i64, first: &str) -> Vec<Instant> {
        let first: Instant = first.parse().unwrap();
        (0..count)
            .map(|i| Instant::from_millis(first.millis() + i * minutes * 60_000).unwrap())
            .collect()
    }

    fn found(text: &str) -> (Granularity, String) {
        let Inferred {
            granularity,
            evidence,
        } = infer_granularity(&stamps(text), Zone::UTC).unwrap();
        (granularity, evidence)
    }

    #[test]
    fn business_days_are_daily() {
        let (granularity, evidence) =
            found("2024-05-02 2024-05-03 2024-05-06 2024-05-07 2024-05-08");
        assert_eq!(granularity, Granularity::days());
        assert_eq!(
            evidence,
            "5 of 5 stamps start a date in UTC, 3 of 4 follow after 1 day"
        );
    }

    #[test]
    fn weeks_start_on_the_day_of_their_stamps() {
        let (granularity, evidence) = found("2024-05-05 2024-05-12 2024-05-26");
        assert_eq!(granularity, Granularity::weeks(Weekday::Sun));
        assert_eq!(
            evidence,
            "3 of 3 stamps start a date in UTC, 1 of 2 follow after 7 days, on Sunday"
        );
    }

    #[test]
    fn firsts_of_months_and_last_days_of_months_are_monthly() {
        for text in [
            "2024-01-01 2024-02-01 2024-03-01",
            "2024-01-31 2024-02-29 2024-03-31",
        ] {
            let (granularity, evidence) = found(text);
            assert_eq!(granularity, Granularity::months(1).unwrap());
            assert_eq!(
                evidence,
                "3 of 3 stamps start a date in UTC, 2 of 2 follow after 1 month"
            );
        }
        let (quarters, _) = found("2024-01-01 2024-04-01 2024-07-01 2024-10-01");
        assert_eq!(quarters, Granularity::months(3).unwrap());
    }

    #[test]
    fn every_second_date_is_anchored_where_the_data_lie() {
        let (granularity, _) = found("2024-05-02 2024-05-04 2024-05-08 2024-05-10");
        let anchor = NaiveDate::from_ymd_opt(2024, 5, 2).unwrap();
        assert_eq!(granularity, Granularity::days_from(2, anchor).unwrap());
    }

    #[test]
    fn scattered_dates_are_daily() {
        let (granularity, evidence) =
            found("2024-05-02 2024-05-04 2024-05-06 2024-05-09 2024-05-14");
        assert_eq!(granularity, Granularity::days());
        assert_eq!(
            evidence,
            "5 of 5 stamps start a date in UTC, 0 of 4 follow after 1 day"
        );
    }

    #[test]
    fn local_midnights_over_a_clock_change_are_daily_in_their_zone() {
        let zone: Zone = "America/Los_Angeles".parse().unwrap();
        let midnights = stamps(
            "2024-03-09T08:00:00Z 2024-03-10T08:00:00Z 2024-03-11T07:00:00Z 2024-03-12T07:00:00Z",
        );
        assert_eq!(
            infer_granularity(&midnights, zone).unwrap().granularity,
            Granularity::days()
        );
        let elsewhere = infer_granularity(&midnights, Zone::UTC).unwrap();
        assert!(!elsewhere.granularity.is_civil());
    }

    #[test]
    fn a_skipped_midnight_begins_its_date_at_one() {
        let zone: Zone = "America/Santiago".parse().unwrap();
        // 2019-09-08 begins at 01:00 -03:00.
        let midnights = stamps("2019-09-07T04:00:00Z 2019-09-08T04:00:00Z 2019-09-09T03:00:00Z");
        let found = infer_granularity(&midnights, zone).unwrap();
        assert_eq!(found.granularity, Granularity::days());
        assert!(
            found.evidence.starts_with("3 of 3 stamps"),
            "{}",
            found.evidence
        );
    }

    #[test]
    fn fixed_steps_keep_their_phase() {
        let found = infer_granularity(&every(5, 12, "2024-05-01T10:04:00Z"), Zone::UTC).unwrap();
        let step = Granularity::fixed(Duration::minutes(5)).unwrap();
        assert_eq!(
            found.granularity,
            step.with_phase(Duration::minutes(4)).unwrap()
        );
        assert_eq!(
            found.evidence,
            "11 of 11 stamps follow after PT5M, 12 of 12 lie PT4M past it"
        );
    }

    #[test]
    fn one_odd_stamp_does_not_make_daily_data_fixed() {
        let mut daily = every(24 * 60, 12, "2024-05-01T00:00:00Z");
        daily.push("2024-05-12T14:30:00Z".parse().unwrap());
        let found = infer_granularity(&daily, Zone::UTC).unwrap();
        assert_eq!(found.granularity, Granularity::days());
        assert!(
            found.evidence.starts_with("12 of 13 stamps"),
            "{}",
            found.evidence
        );
    }

    #[test]
    fn one_stamp_and_irregular_stamps_are_refused_with_the_remedy() {
        let refused = |stamps: &[Instant]| {
            infer_granularity(stamps, Zone::UTC)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refused(&stamps("2024-05-01")),
            "the granularity cannot be seen in 1 distinct stamp(s); pass it, for instance P1D or \
             PT1H (--granularity)"
        );
        let squares: Vec<Instant> = (0..20)
            .map(|i: i64| Instant::from_millis(i * i * 1000).unwrap())
            .collect();
        assert_eq!(
            refused(&squares),
            "the stamps are irregular: their most common step, PT1S, is 1 of 19; pass the \
             granularity, for instance P1D or PT1H (--granularity)"
        );
    }

    #[test]
    fn a_step_far_too_short_for_the_span_is_refused() {
        let error = infer_granularity(
            &stamps("2024-05-01T00:00:00Z 2024-05-01T00:00:00.001Z 2025-05-01T00:00:00Z"),
            Zone::UTC,
        );
        assert!(matches!(
            error,
            Err(FrameError::GranularityUnclear {
                count: 1,
                total: 2,
                ..
            })
        ));
    }

    #[test]
    fn a_pinned_step_wins_and_keeps_the_phase_that_most_stamps_share() {
        let hourly = Granularity::fixed(Duration::hours(1)).unwrap();
        let past_four = every(60, 10, "2024-05-01T10:04:00Z");
        let found = pinned(hourly, &past_four);
        assert_eq!(
            found.granularity,
            hourly.with_phase(Duration::minutes(4)).unwrap()
        );
        assert_eq!(
            found.evidence,
            "PT1H as declared; 10 of 10 stamps lie PT4M past it"
        );

        let fine = pinned(hourly, &every(5, 100, "2024-05-01T10:04:00Z"));
        assert_eq!(
            fine.granularity, hourly,
            "twelve phases of an hour, none of them common"
        );
        assert_eq!(
            pinned(Granularity::days(), &past_four).granularity,
            Granularity::days()
        );
        assert_eq!(pinned(hourly, &[]).evidence, "PT1H as declared");
    }
}
