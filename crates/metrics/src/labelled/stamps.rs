//! Stamps of labelled files, row by row.

use tuatara_frame::files::TimeUnit;
use tuatara_frame::{FrameError, Instant, NaiveDate, NaiveDateTime, Resolved, Zone};

use super::cells::Cells;
use crate::Result;

const ALLOWED: &str =
    "2024-05-31T10:00:00Z, 2024-05-31 10:00:00, 2024-05-31, or numbers with a declared unit";

/// The forms of a local time.
const CIVIL: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];

/// Reads the stamps of one column in the order of the rows.
pub(super) struct Stamps {
    zone: Zone,
    unit: Option<TimeUnit>,
    /// The stamp of the row above.
    above: Option<Instant>,
}

impl Stamps {
    pub(super) fn new(zone: Zone, unit: Option<TimeUnit>) -> Self {
        Self {
            zone,
            unit,
            above: None,
        }
    }

    /// The instant in a cell.
    pub(super) fn read(&mut self, cells: &Cells, row: usize, column: usize) -> Result<Instant> {
        let at = self.instant(cells, row, column)?;
        self.above = Some(at);
        Ok(at)
    }

    fn instant(&self, cells: &Cells, row: usize, column: usize) -> Result<Instant> {
        let text = cells.cell(row, column);
        let value = || text.to_owned();
        let bad = |remedy| FrameError::BadStamp {
            place: cells.place(row, column),
            value: value(),
            allowed: ALLOWED,
            remedy,
        };
        if let Ok(number) = text.parse::<f64>() {
            let per_unit = match self.unit {
                Some(TimeUnit::Seconds) => 1_000.0,
                Some(TimeUnit::Millis) => 1.0,
                Some(TimeUnit::Micros) => 1e-3,
                Some(TimeUnit::Nanos) => 1e-6,
                None | Some(TimeUnit::Rows) => {
                    let place = cells.place(row, column);
                    let value = value();
                    return Err(FrameError::UnitUnknown { place, value }.into());
                }
            };
            // Rounded to the millisecond; what is outside the range of i64 saturates and is refused.
            let millis = libm::round(number * per_unit);
            let at = Instant::from_millis(millis as i64).ok();
            return at
                .filter(|_| millis.is_finite())
                .ok_or_else(|| bad("declare the unit that the numbers have").into());
        }
        let joined = text.replacen(' ', "T", 1);
        if let Ok(at) = joined.parse() {
            return Ok(at);
        }
        if let Ok(date) = NaiveDate::parse_from_str(&joined, "%Y-%m-%d") {
            let at = self.zone.start_of_day(date);
            return at.ok_or_else(|| bad("correct the year").into());
        }
        let civil = CIVIL
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&joined, form).ok())
            .ok_or_else(|| bad("write the stamps in one of these forms"))?;
        match self.zone.resolve(civil) {
            Resolved::Unique(at) => Ok(at),
            Resolved::Doubled { earlier, later } => match self.above {
                Some(above) if earlier < above => Ok(later),
                _ => Ok(earlier),
            },
            Resolved::Skipped { .. } => Err(FrameError::StampSkipped {
                place: cells.place(row, column),
                value: value(),
                zone: self.zone.name(),
                date: civil.date(),
            }
            .into()),
            Resolved::OutOfRange => Err(bad("correct the year").into()),
        }
    }
}

/// The instant of a stamp of NAB, a local time at UTC; none if it is no such stamp.
pub(super) fn utc(text: &str) -> Option<Instant> {
    let joined = text.trim().replacen(' ', "T", 1);
    let civil = CIVIL
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&joined, form).ok())?;
    match Zone::UTC.resolve(civil) {
        Resolved::Unique(at) => Some(at),
        _ => None,
    }
}
