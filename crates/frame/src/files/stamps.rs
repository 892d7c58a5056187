//! The time column of a dataset, read row by row and file by file.

use std::collections::HashSet;

use super::clock::Clock;
use super::counter::Counter;
use super::stamp::{self, LastDate, Stamp};
use super::{FileError, ReadOptions, TimeUnit, cell};
use crate::calendar::{self, Occurrence};
use crate::{FrameError, Instant, Place, Zone};

const REMEDY_YEAR: &str = "correct the year";
const REMEDY_UNIT: &str = "declare the unit that the numbers have (--time-unit s|ms|us|ns)";

/// Reads stamps, which keep to one form in each file.
#[derive(Debug)]
pub(super) struct Stamps {
    clock: Clock,
    unit: Option<TimeUnit>,
    counter: Option<Counter>,
    /// The first stamp of the file, and its row.
    first: Option<(Stamp, u64)>,
    /// The cell read last and its instant, if it stands for one whatever its row.
    last: Vec<u8>,
    last_at: Instant,
    last_date: LastDate,
    /// Rows of doubled hours: their combination and the earlier instant.
    doubled: HashSet<(u32, i64)>,
    as_earlier: usize,
    as_later: usize,
    were_civil: bool,
    order: Option<Order>,
}

/// The latest stamps, where they may not decrease.
#[derive(Debug, Default)]
struct Order {
    /// The names of the files.
    files: Vec<String>,
    /// For each combination its latest row.
    latest: Vec<Option<Latest>>,
}

#[derive(Debug, Clone, Copy)]
struct Latest {
    at: Instant,
    row: u64,
    /// The place of its file among the names.
    file: usize,
}

impl Stamps {
    pub(super) fn new(options: &ReadOptions) -> Self {
        Self {
            clock: Clock::new(options.zone.unwrap_or(Zone::UTC)),
            unit: options.time_unit,
            counter: None,
            first: None,
            last: Vec::new(),
            last_at: Instant::MIN,
            last_date: LastDate::default(),
            doubled: HashSet::new(),
            as_earlier: 0,
            as_later: 0,
            were_civil: false,
            order: options.in_order.then(Order::default),
        }
    }

    /// Begins with another file, whose numbers have `unit`.
    pub(super) fn begin(&mut self, file: &str, unit: Option<TimeUnit>) {
        self.unit = unit;
        self.first = None;
        self.last.clear();
        if let Some(order) = &mut self.order {
            order.files.push(file.to_owned());
        }
    }

    /// Takes numbers for rows that `counter` counts.
    pub(super) fn count(&mut self, counter: Counter) {
        self.counter = Some(counter);
    }

    /// The instant of line `row`, which is of `combination`, from a cell without spaces around it.
    pub(super) fn read(
        &mut self,
        cell: &[u8],
        row: u64,
        combination: u32,
        place: impl Fn() -> Box<Place>,
    ) -> Result<Instant, FrameError> {
        let at = if !cell.is_empty() && self.last == cell {
            self.last_at
        } else {
            self.read_new(cell, row, combination, &place)?
        };
        if self.order.is_some() {
            self.check_order(at, row, combination, || cell::shown(cell), place)?;
        }
        Ok(at)
    }

    /// Checks a stamp against the latest one of its combination, if an order is declared.
    pub(super) fn check_order(
        &mut self,
        at: Instant,
        row: u64,
        combination: u32,
        value: impl Fn() -> String,
        place: impl Fn() -> Box<Place>,
    ) -> Result<(), FrameError> {
        let Some(order) = &mut self.order else {
            return Ok(());
        };
        let index = combination as usize;
        if order.latest.len() <= index {
            order.latest.resize(index + 1, None);
        }
        let file = order.files.len().saturating_sub(1);
        match order.latest[index] {
            Some(latest) if at < latest.at => {
                let row = latest.row;
                let before = match order.files.get(latest.file) {
                    Some(name) if latest.file != file => format!("row {row} of {name}"),
                    _ => format!("row {row}"),
                };
                Err(FileError::OutOfOrder {
                    place: place(),
                    value: value(),
                    previous: latest.at,
                    before,
                }
                .into())
            }
            _ => {
                order.latest[index] = Some(Latest { at, row, file });
                Ok(())
            }
        }
    }

    fn read_new(
        &mut self,
        cell: &[u8],
        row: u64,
        combination: u32,
        place: &impl Fn() -> Box<Place>,
    ) -> Result<Instant, FrameError> {
        let value = || cell::shown(cell);
        let bad = |allowed, remedy| FrameError::BadStamp {
            place: place(),
            value: value(),
            allowed,
            remedy,
        };
        let stamp =
            Stamp::read(cell, &mut self.last_date).map_err(|flaw| {
                match std::str::from_utf8(cell) {
                    Ok(cell) => bad(stamp::ALLOWED, flaw.remedy(cell)),
                    Err(_) => FrameError::NotUtf8 { place: place() },
                }
            })?;
        let (first, first_row) = match self.first {
            Some(first) => first,
            None => *self.first.insert((stamp, row)),
        };
        if stamp.form() != first.form() {
            return Err(FileError::MixedStamps {
                place: place(),
                value: value(),
                form: stamp.form(),
                first_row,
                first_form: first.form(),
            }
            .into());
        }
        if self.unit == Some(TimeUnit::Rows) {
            return self.read_count(stamp, bad);
        }
        let skipped = |zone: Zone, date: i64| FrameError::StampSkipped {
            place: place(),
            value: value(),
            zone: zone.name(),
            date: calendar::date(date).unwrap_or_default(),
        };
        let mut is_doubled = false;
        let (millis, remedy) = match stamp {
            Stamp::Exact(millis) => (Some(millis), REMEDY_YEAR),
            Stamp::Date(date) => match self.clock.start_of_date(date) {
                Some(start) => (Some(start), REMEDY_YEAR),
                None => return Err(skipped(self.clock.zone(), date)),
            },
            Stamp::Civil(label) => match self.clock.resolve(label) {
                Occurrence::Once(at) => (Some(at), REMEDY_YEAR),
                Occurrence::Twice { earlier, later } => {
                    is_doubled = true;
                    (Some(self.choose(combination, earlier, later)), REMEDY_YEAR)
                }
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
                (stamp::epoch(whole, billionths, unit), REMEDY_UNIT)
            }
        };
        self.were_civil |= matches!(stamp, Stamp::Civil(_) | Stamp::Date(_));
        let at = millis
            .and_then(|millis| Instant::from_millis(millis).ok())
            .ok_or_else(|| bad("instants in the years 1 to 9999", remedy))?;
        self.last.clear();
        if !is_doubled {
            self.last.extend_from_slice(cell);
            self.last_at = at;
        }
        Ok(at)
    }

    fn read_count(
        &mut self,
        stamp: Stamp,
        bad: impl Fn(&'static str, &'static str) -> FrameError,
    ) -> Result<Instant, FrameError> {
        let allowed = "row counters, whole numbers from 0";
        match stamp {
            Stamp::Number {
                whole: count @ 0..,
                billionths: 0,
            } => {
                let counter = self.counter.as_mut();
                let millis = i64::try_from(count)
                    .ok()
                    .and_then(|count| counter?.at(count));
                millis
                    .and_then(|millis| Instant::from_millis(millis).ok())
                    .ok_or_else(|| {
                        bad(
                            "row counters that end in the year 9999",
                            "declare an earlier start or a finer granularity",
                        )
                    })
            }
            Stamp::Number { .. } => Err(bad(
                allowed,
                "correct the counter, or declare the unit of the numbers (--time-unit s|ms|us|ns)",
            )),
            _ => Err(bad(
                allowed,
                "leave the time unit out, as these stamps need none",
            )),
        }
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

    /// Whether stamps were local.
    pub(super) const fn were_civil(&self) -> bool {
        self.were_civil
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
