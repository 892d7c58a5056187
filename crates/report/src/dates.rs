//! The axis of time: round dates by the clock of a zone.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use tuatara::frame::{Instant, Interval, Resolved, Zone};

/// A line at a round date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tick {
    pub(crate) at: Instant,
    /// What it says: `06:00`, `7 Feb`, `Feb`, `2024`.
    pub(crate) label: String,
    /// What it lies in, where that is new: the date of a time, the year of a date.
    pub(crate) within: Option<String>,
}

/// What lies between two ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Seconds(u32),
    Days(u32),
    Months(u32),
}

const MINUTE: u32 = 60;
const HOUR: u32 = 3_600;
const DAY: i64 = 86_400_000;

/// Finest first.
const STEPS: [Step; 27] = [
    Step::Seconds(1),
    Step::Seconds(5),
    Step::Seconds(15),
    Step::Seconds(30),
    Step::Seconds(MINUTE),
    Step::Seconds(5 * MINUTE),
    Step::Seconds(15 * MINUTE),
    Step::Seconds(30 * MINUTE),
    Step::Seconds(HOUR),
    Step::Seconds(2 * HOUR),
    Step::Seconds(3 * HOUR),
    Step::Seconds(6 * HOUR),
    Step::Seconds(12 * HOUR),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(600),
    Step::Months(1_200),
];

impl Step {
    fn millis(self) -> i64 {
        match self {
            Self::Seconds(count) => i64::from(count) * 1_000,
            Self::Days(count) => i64::from(count) * DAY,
            Self::Months(count) => i64::from(count) * 30 * DAY,
        }
    }

    /// The last round label at or before `local`.
    fn floor(self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let date = local.date();
        match self {
            Self::Seconds(count) => {
                let into = local.num_seconds_from_midnight();
                let into = i64::from(into - into % count);
                date.and_time(NaiveTime::MIN)
                    .checked_add_signed(TimeDelta::seconds(into))
            }
            Self::Days(count) if count % 7 == 0 => {
                let back = date.weekday().num_days_from_monday();
                Some(date.checked_sub_days(Days::new(u64::from(back)))?.into())
            }
            Self::Days(count) => {
                let back = date.day0() % count;
                Some(date.checked_sub_days(Days::new(u64::from(back)))?.into())
            }
            Self::Months(count) => {
                let months = date.year() * 12 + date.month0() as i32;
                let floored = months - months.rem_euclid(count as i32);
                let month = floored.rem_euclid(12) as u32 + 1;
                Some(NaiveDate::from_ymd_opt(floored.div_euclid(12), month, 1)?.into())
            }
        }
    }

    fn next(self, label: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Seconds(count) => label.checked_add_signed(TimeDelta::seconds(i64::from(count))),
            Self::Days(2) => {
                // Odd days of the month; 31 and 1 would touch.
                let next = label.checked_add_days(Days::new(2))?;
                match next.month() == label.month() && next.day() < 31 {
                    true => Some(next),
                    false => Self::Months(1).next(Self::Months(1).floor(label)?),
                }
            }
            Self::Days(count) => label.checked_add_days(Days::new(u64::from(count))),
            Self::Months(count) => label.checked_add_months(Months::new(count)),
        }
    }

    fn label(self, local: NaiveDateTime) -> String {
        let form = match self {
            Self::Seconds(count) if count < MINUTE => "%H:%M:%S",
            Self::Seconds(_) => "%H:%M",
            Self::Days(_) => "%-d %b",
            Self::Months(count) if count < 12 => "%b",
            Self::Months(_) => "%Y",
        };
        local.format(form).to_string()
    }

    fn within(self, local: NaiveDateTime) -> Option<String> {
        match self {
            Self::Seconds(_) => Some(local.format("%-d %b %Y").to_string()),
            Self::Days(_) => Some(local.format("%Y").to_string()),
            Self::Months(count) if count < 12 => Some(local.format("%Y").to_string()),
            Self::Months(_) => None,
        }
    }
}

/// Room right of a plot, in which the words below its last date may end.
pub(crate) const BEHIND: f64 = 20.0;
/// Half the width of a letter of these words.
const HALF_A_LETTER: f64 = 3.3;

/// The words `text` of a date at `x`, moved away from where a picture ends, `BEHIND` the `end` of its
/// plot: as an attribute, so that the place of the date is there to be read.
pub(crate) fn moved(x: f64, end: f64, text: &str) -> String {
    let reach = x + HALF_A_LETTER * text.chars().count() as f64;
    match reach - (end + BEHIND) {
        over if over > 0.0 => format!(" dx=\"-{over:.1}\""),
        _ => String::new(),
    }
}

/// Round dates in `span` by the clock of `zone`, `most` at most, in order of time. A label that a
/// clock change skips stands at the end of the jump.
pub(crate) fn ticks(span: Interval, zone: Zone, most: usize) -> Vec<Tick> {
    let length = span.duration().millis();
    let fits = |step: &&Step| length / step.millis() < most as i64;
    let step = STEPS.iter().find(fits).copied();
    let step = step.unwrap_or(Step::Months(1_200));
    let mut ticks: Vec<Tick> = Vec::new();
    let mut within: Option<String> = None;
    let mut label = step.floor(zone.local(span.start()));
    while let Some(local) = label {
        label = step.next(local);
        let at = match zone.resolve(local) {
            Resolved::Unique(at) | Resolved::Doubled { earlier: at, .. } => at,
            Resolved::Skipped { next } => next,
            Resolved::OutOfRange => continue,
        };
        if at > span.end() || ticks.len() > 2 * most {
            break;
        }
        if at < span.start() || ticks.last().is_some_and(|last| last.at >= at) {
            continue;
        }
        let outer = step.within(local);
        ticks.push(Tick {
            at,
            label: step.label(local),
            within: outer.clone().filter(|_| outer != within),
        });
        within = outer;
    }
    ticks
}

/// The instants in `span` at which the offset of `zone` from UTC changes, each with the offset from
/// then on, in milliseconds; the first is the start of the span.
pub(crate) fn offsets(span: Interval, zone: Zone) -> Vec<(i64, i64)> {
    let (start, end) = (span.start().millis(), span.end().millis());
    let offset = |at: i64| Instant::from_millis(at).map_or(0, |at| zone.offset_millis(at));
    let mut found = vec![(start, offset(start))];
    let mut at = start;
    while at < end {
        let next = (at + 7 * DAY).min(end);
        let (known, then) = (offset(at), offset(next));
        if known != then {
            let (mut before, mut after) = (at, next);
            while after - before > 1_000 {
                let middle = before + (after - before) / 2;
                match offset(middle) == known {
                    true => before = middle,
                    false => after = middle,
                }
            }
            // Clocks change at whole seconds.
            let change = after.div_euclid(1_000) * 1_000;
            found.push((change, offset(change)));
        }
        at = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> Interval {
        Interval::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
    }

    fn said(ticks: &[Tick]) -> Vec<String> {
        let line = |tick: &Tick| match &tick.within {
            Some(within) => format!("{} / {within}", tick.label),
            None => tick.label.clone(),
        };
        ticks.iter().map(line).collect()
    }

    #[test]
    fn two_years_have_a_tick_each_quarter() {
        let span = span("2024-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
        let ticks = ticks(span, Zone::UTC, 10);
        assert_eq!(
            said(&ticks),
            [
                "Jan / 2024",
                "Apr",
                "Jul",
                "Oct",
                "Jan / 2025",
                "Apr",
                "Jul",
                "Oct",
                "Jan / 2026"
            ]
        );
        assert_eq!(ticks[1].at.to_string(), "2024-04-01T00:00:00Z");
    }

    #[test]
    fn days_are_those_of_the_zone_across_a_clock_change() {
        let zone: Zone = "America/New_York".parse().unwrap();
        let span = span("2026-03-07T05:00:00Z", "2026-03-10T04:00:00Z");
        let ticks = ticks(span, zone, 10);
        assert_eq!(
            said(&ticks)[..3],
            ["00:00 / 7 Mar 2026", "12:00", "00:00 / 8 Mar 2026"]
        );
        let midnights: Vec<String> = ticks
            .iter()
            .filter(|tick| tick.label == "00:00")
            .map(|tick| tick.at.to_string())
            .collect();
        assert_eq!(
            midnights,
            [
                "2026-03-07T05:00:00Z",
                "2026-03-08T05:00:00Z",
                "2026-03-09T04:00:00Z",
                "2026-03-10T04:00:00Z"
            ]
        );
    }

    #[test]
    fn weeks_start_on_mondays() {
        let span = span("2026-01-10T00:00:00Z", "2026-02-20T00:00:00Z");
        let ticks = ticks(span, Zone::UTC, 8);
        assert_eq!(
            said(&ticks),
            [
                "12 Jan / 2026",
                "19 Jan",
                "26 Jan",
                "2 Feb",
                "9 Feb",
                "16 Feb"
            ]
        );
    }

    #[test]
    fn a_moment_has_an_axis_too() {
        let moment = span("2026-01-10T00:00:00Z", "2026-01-10T00:00:00Z");
        assert_eq!(ticks(moment, Zone::UTC, 8).len(), 1);
    }

    #[test]
    fn the_changes_of_a_clock_are_found_to_the_second() {
        let zone: Zone = "America/New_York".parse().unwrap();
        let year = span("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        let changes = offsets(year, zone);
        let at = |text: &str| text.parse::<Instant>().unwrap().millis();
        assert_eq!(
            changes[1..],
            [
                (at("2026-03-08T07:00:00Z"), -4 * 3_600_000),
                (at("2026-11-01T06:00:00Z"), -5 * 3_600_000)
            ]
        );
    }
}
