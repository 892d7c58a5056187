//! From local labels to instants, fast for the many stamps of one file.

use crate::Zone;
use crate::calendar::{self, DAY, Occurrence, Offsets};

/// How far the offsets are looked up beyond a label, at first.
const MARGIN: i64 = 366 * DAY;

/// How far to either side of a label its offset is looked at.
const STEADY: i64 = 30 * DAY;

/// The local clock of a zone; remembers the clock changes of the years that it was asked about.
#[derive(Debug)]
pub(super) struct Clock {
    zone: Zone,
    offsets: Offsets,
    /// The span of the offsets.
    from: i64,
    to: i64,
    /// The labels around the one resolved last that have the same offset, all of them once.
    steady: Steady,
}

/// Labels in `[from, to)`, each shown once, at `label − offset`.
#[derive(Debug, Clone, Copy, Default)]
struct Steady {
    from: i64,
    to: i64,
    offset: i64,
}

impl Clock {
    pub(super) fn new(zone: Zone) -> Self {
        Self {
            zone,
            offsets: Offsets::find(zone, 0, 0),
            from: 0,
            to: 0,
            steady: Steady::default(),
        }
    }

    pub(super) fn zone(&self) -> Zone {
        self.zone
    }

    /// When the clock shows `label`, milliseconds since 1970 as if it were UTC, in the years 1 to
    /// 9999.
    pub(super) fn resolve(&mut self, label: i64) -> Occurrence {
        if self.steady.from <= label && label < self.steady.to {
            return Occurrence::Once(label - self.steady.offset);
        }
        let offsets = self.around(label, STEADY + DAY);
        let found = offsets.resolve(label);
        if let Occurrence::Once(at) = found {
            let (mut from, mut to) = (label - STEADY, label + STEADY);
            for change in offsets.changes_of_labels(from, to) {
                if change <= label {
                    from = from.max(change);
                } else {
                    to = to.min(change);
                }
            }
            self.steady = Steady {
                from,
                to,
                offset: label - at,
            };
        }
        found
    }

    /// The first moment of a date, days since 1970; `None` if the zone skips all of it.
    pub(super) fn start_of_date(&mut self, date: i64) -> Option<i64> {
        let offsets = self.around(date * DAY, DAY);
        let start = offsets.first_reaching(date * DAY);
        (calendar::day_of(start + offsets.at(start)) == date).then_some(start)
    }

    /// The first moment of a date, days since 1970, or of the next that is there.
    pub(super) fn first_reaching_date(&mut self, date: i64) -> i64 {
        self.around(date * DAY, DAY).first_reaching(date * DAY)
    }

    /// Offsets that cover `reach` to either side of `label`, as far as there are instants. They grow
    /// by what they cover already, so that stamps far apart do not make for much searching.
    fn around(&mut self, label: i64, reach: i64) -> &Offsets {
        let low = (label - reach).max(calendar_start());
        let high = (label + reach).min(calendar_end());
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
            starts in prop::collection::vec(0_i64..4_000_000_000_000, 1..8),
            steps in prop::collection::vec(-40 * 24..40 * 24_i64, 0..40),
        ) {
            let zone: Zone = zone.parse().unwrap();
            let mut clock = Clock::new(zone);
            // Labels far apart, and some half hours or days apart.
            let near = steps.iter().scan(starts[0], |label, step| {
                *label = (*label + step * crate::calendar::HOUR / 2).max(0);
                Some(*label)
            });
            for label in starts.iter().copied().chain(near) {
                let civil = chrono::DateTime::from_timestamp_millis(label).unwrap().naive_utc();
                let expected = match zone.resolve(civil) {
                    Resolved::Unique(at) => Occurrence::Once(at.millis()),
                    Resolved::Doubled { earlier, later } => {
                        Occurrence::Twice { earlier: earlier.millis(), later: later.millis() }
                    }
                    Resolved::Skipped { next } => Occurrence::Never { next: next.millis() },
                    Resolved::OutOfRange => unreachable!("the years 1970 to 2098"),
                };
                prop_assert_eq!(clock.resolve(label), expected);
            }
        }
    }
}
