//! From local labels to instants, fast for the many stamps of one file.

use crate::Zone;
use crate::calendar::{self, DAY, Occurrence, Offsets};

/// How far the offsets are looked up beyond a label, at first.
const MARGIN: i64 = 366 * DAY;

/// The local clock of a zone; remembers the clock changes of the years that it was asked about.
#[derive(Debug)]
pub(super) struct Clock {
    zone: Zone,
    offsets: Offsets,
    /// The span of the offsets.
    from: i64,
    to: i64,
}

impl Clock {
    pub(super) fn new(zone: Zone) -> Self {
        Self {
            zone,
            offsets: Offsets::find(zone, 0, 0),
            from: 0,
            to: 0,
        }
    }

    pub(super) fn zone(&self) -> Zone {
        self.zone
    }

    /// When the clock shows `label`, milliseconds since 1970 as if it were UTC, in the years 1 to
    /// 9999.
    pub(super) fn resolve(&mut self, label: i64) -> Occurrence {
        self.around(label).resolve(label)
    }

    /// The first moment of a date, days since 1970; `None` if the zone skips all of it.
    pub(super) fn start_of_date(&mut self, date: i64) -> Option<i64> {
        let offsets = self.around(date * DAY);
        let start = offsets.first_reaching(date * DAY);
        (calendar::day_of(start + offsets.at(start)) == date).then_some(start)
    }

    /// Offsets that cover a day to either side of `label`. They grow by what they cover already,
    /// so that stamps far apart do not make for much searching.
    fn around(&mut self, label: i64) -> &Offsets {
        let (low, high) = (label - DAY, label + DAY);
        if low < self.from || self.to < high {
            let margin = MARGIN.max(self.to - self.from);
            if low < self.from {
                self.from = (low - margin).max(calendar_start());
            }
            if self.to < high {
                self.to = (high + margin).min(calendar_end());
            }
            self.offsets = Offsets::find(self.zone, self.from, self.to);
        }
        &self.offsets
    }
}

/// Two days before the first instant there is.
const fn calendar_start() -> i64 {
    crate::Instant::MIN.millis() - 2 * DAY
}

/// Two days after the last instant there is.
const fn calendar_end() -> i64 {
    crate::Instant::MAX.millis() + 2 * DAY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Resolved;
    use proptest::prelude::*;

    #[test]
    fn apia_skips_a_whole_date() {
        let mut clock = Clock::new("Pacific/Apia".parse().unwrap());
        // 2011-12-30, counted by hand: 15 340 days to 2012-01-01, two less.
        assert_eq!(clock.start_of_date(15_338), None);
        let (before, after) = (clock.start_of_date(15_337), clock.start_of_date(15_339));
        assert_eq!(after.unwrap() - before.unwrap(), DAY);
    }

    #[test]
    fn the_first_and_the_last_day_of_the_calendar_resolve() {
        let mut clock = Clock::new("Europe/London".parse().unwrap());
        for date in [crate::Instant::MIN, crate::Instant::MAX].map(|i| calendar::day_of(i.millis()))
        {
            assert!(clock.start_of_date(date).is_some());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn remembering_changes_no_answer(
            zone in prop::sample::select(vec![
                "UTC", "America/Los_Angeles", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia",
            ]),
            labels in prop::collection::vec(0_i64..4_000_000_000_000, 1..8),
        ) {
            let zone: Zone = zone.parse().unwrap();
            let mut clock = Clock::new(zone);
            for label in labels {
                let civil = chrono::DateTime::from_timestamp_millis(label).unwrap().naive_utc();
                let expected = match zone.resolve(civil) {
                    Resolved::Unique(at) => Occurrence::Once(at.millis()),
                    Resolved::Doubled { earlier, later } => {
                        Occurrence::Twice { earlier: earlier.millis(), later: later.millis() }
                    }
                    Resolved::Skipped { next } => Occurrence::Never { next: next.millis() },
                    Resolved::OutOfRange => unreachable!("the years 1970 to 2096"),
                };
                prop_assert_eq!(clock.resolve(label), expected);
            }
        }
    }
}
