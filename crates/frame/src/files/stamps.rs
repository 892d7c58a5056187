//! The time column of one file, read row by row.

use std::collections::HashSet;

use super::TimeUnit;
use super::clock::Clock;
use super::stamp::{self, Stamp};
use crate::calendar::{self, Occurrence};
use crate::{FrameError, Instant, Place, Zone};

/// Reads the stamps of one file, which keep to one form.
#[derive(Debug)]
pub(super) struct Stamps {
    clock: Clock,
    unit: Option<TimeUnit>,
    /// The first stamp, and its row.
    first: Option<(Stamp, u64)>,
    /// Rows of doubled hours: their combination and the earlier instant.
    doubled: HashSet<(u32, i64)>,
    as_earlier: usize,
    as_later: usize,
}

impl Stamps {
    pub(super) fn new(zone: Zone, unit: Option<TimeUnit>) -> Self {
        Self {
            clock: Clock::new(zone),
            unit,
            first: None,
            doubled: HashSet::new(),
            as_earlier: 0,
            as_later: 0,
        }
    }

    /// The instant of a row of `combination`, from a cell without spaces around it.
    pub(super) fn read(
        &mut self,
        cell: &str,
        combination: u32,
        place: impl Fn() -> Box<Place>,
    ) -> Result<Instant, FrameError> {
        let value = || cell.to_owned();
        let bad = |allowed, remedy| FrameError::BadStamp {
            place: place(),
            value: value(),
            allowed,
            remedy,
        };
        let stamp =
            Stamp::read(cell.as_bytes()).map_err(|flaw| bad(stamp::ALLOWED, flaw.remedy(cell)))?;
        let (first, first_row) = *self.first.get_or_insert_with(|| (stamp, place().row));
        if stamp.form() != first.form() {
            return Err(FrameError::MixedStamps {
                place: place(),
                value: value(),
                form: stamp.form(),
                first_row,
                first_form: first.form(),
            });
        }
        let skipped = |zone: Zone, date: i64| FrameError::StampSkipped {
            place: place(),
            value: value(),
            zone: zone.name(),
            date: calendar::date(date).unwrap_or_default(),
        };
        let (millis, remedy) = match stamp {
            Stamp::Exact(millis) => (Some(millis), "correct the year"),
            Stamp::Date(date) => match self.clock.start_of_date(date) {
                Some(start) => (Some(start), "correct the year"),
                None => return Err(skipped(self.clock.zone(), date)),
            },
            Stamp::Civil(label) => match self.clock.resolve(label) {
                Occurrence::Once(at) => (Some(at), "correct the year"),
                Occurrence::Twice { earlier, later } => (
                    Some(self.choose(combination, earlier, later)),
                    "correct the year",
                ),
                Occurrence::Never { .. } => {
                    return Err(skipped(self.clock.zone(), calendar::day_of(label)));
                }
            },
            Stamp::Number { whole, billionths } => {
                let Some(unit) = self.unit else {
                    return Err(FrameError::UnitUnknown {
                        place: place(),
                        value: value(),
                    });
                };
                let remedy = "declare the unit that the numbers have (--time-unit s|ms|us|ns)";
                (stamp::epoch(whole, billionths, unit), remedy)
            }
        };
        millis
            .and_then(|millis| Instant::from_millis(millis).ok())
            .ok_or_else(|| bad("instants in the years 1 to 9999", remedy))
    }

    /// The earlier instant of a doubled stamp, or the later if the slice has been there.
    fn choose(&mut self, combination: u32, earlier: i64, later: i64) -> i64 {
        if self.doubled.insert((combination, earlier)) {
            self.as_earlier += 1;
            earlier
        } else {
            self.as_later += 1;
            later
        }
    }

    /// Whether the stamps were local.
    pub(super) fn were_civil(&self) -> bool {
        matches!(self.first, Some((Stamp::Civil(_) | Stamp::Date(_), _)))
    }

    /// What a person should know about doubled hours, if there were any.
    pub(super) fn doubled_note(&self) -> Option<String> {
        (self.as_earlier > 0).then(|| {
            format!(
                "{} stamps fall in hours that the clocks of {} show twice: {} read as the first \
                 time, {} as the second",
                self.as_earlier + self.as_later,
                self.clock.zone(),
                self.as_earlier,
                self.as_later
            )
        })
    }
}
