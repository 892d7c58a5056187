//! From row counters to instants.

use super::clock::Clock;
use crate::calendar::{self, DAY};
use crate::granularity::Step;
use crate::{Granularity, Instant, Zone};

/// The instants of row counters: so many steps after a start.
#[derive(Debug)]
pub(super) struct Counter {
    granularity: Granularity,
    start: Instant,
    /// The number of the civil bucket that the start lies in; 0 for fixed steps.
    first: i64,
    clock: Clock,
}

impl Counter {
    pub(super) fn new(granularity: Granularity, start: Instant, zone: Zone) -> Self {
        let label = start.millis() + zone.offset_millis(start);
        let first = granularity.0.ordinal_of_day(calendar::day_of(label));
        Self {
            granularity,
            start,
            first: first.unwrap_or(0),
            clock: Clock::new(zone),
        }
    }

    /// The instant of row `count`, in milliseconds; `None` far beyond the years there are.
    pub(super) fn at(&mut self, count: i64) -> Option<i64> {
        match self.granularity.0 {
            Step::Fixed { step, .. } => count.checked_mul(step)?.checked_add(self.start.millis()),
            civil => {
                let date = civil.first_day(self.first.checked_add(count)?)?;
                let is_known = (Instant::MIN.millis()..=Instant::MAX.millis())
                    .contains(&date.checked_mul(DAY)?);
                is_known.then(|| self.clock.first_reaching_date(date))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(granularity: &str, start: &str, zone: &str, count: i64) -> String {
        let (granularity, start) = (granularity.parse().unwrap(), start.parse().unwrap());
        let mut counter = Counter::new(granularity, start, zone.parse().unwrap());
        let millis = counter.at(count).unwrap();
        Instant::from_millis(millis).unwrap().to_string()
    }

    #[test]
    fn fixed_steps_are_counted_exactly_and_dates_on_the_calendar() {
        let new_year = "2024-01-01T00:00:00Z";
        assert_eq!(at("PT5M", new_year, "UTC", 0), new_year);
        assert_eq!(at("PT5M", new_year, "UTC", 13), "2024-01-01T01:05:00Z");
        assert_eq!(at("P1D", new_year, "UTC", 60), "2024-03-01T00:00:00Z");
        assert_eq!(at("P1M", new_year, "UTC", 3), "2024-04-01T00:00:00Z");
        // London is an hour ahead from 31 March 2024 on: 1 April begins at 23:00 UTC.
        let london = "Europe/London";
        assert_eq!(at("P1D", new_year, london, 91), "2024-03-31T23:00:00Z");
    }

    #[test]
    fn counters_beyond_the_calendar_have_no_instant() {
        let day = |count| {
            let start = "2024-01-01T00:00:00Z".parse().unwrap();
            Counter::new(Granularity::days(), start, Zone::UTC).at(count)
        };
        assert_eq!(day(i64::MAX), None);
        assert_eq!(day(4_000_000), None);
    }
}
