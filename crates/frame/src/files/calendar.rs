//! A table of events: a row for each.
//!
//! | column                                  | holds                                                |
//! |-----------------------------------------|------------------------------------------------------|
//! | `name`, `start`                         | what it is called, and when it begins; required       |
//! | `end`                                   | the first date or instant after; none: one day        |
//! | `before`, `after`                       | margins, such as `P1D`                                |
//! | `known_at`                              | since when it is known; none: planned                 |
//! | `leave_out`, `suppress`                 | `true` or `false`                                     |
//! | `expect`                                | a factor                                              |
//! | `expected_change`, `acceptable_deviation` | the change that `suppress` is meant for             |
//! | any other                               | a dimension: a value, or several with `\|` between     |
//!
//! Columns are found in any case, with or without `_`. An empty cell says nothing: of a dimension,
//! that the event holds for all its values.

use std::io::Read;

use super::records::Records;
use super::table::{self, Row};
use super::text::Text;
use super::{FileError, ReadOptions, delimiter};
use crate::events::{
    CalendarEvent, EventBuilder, EventCalendar, EventError, EventTime, ExpectedChange,
};
use crate::{FrameError, closest};

/// The columns, as they are shown, with the settings of an event that they are.
const COLUMNS: [(&str, &str); 11] = [
    ("name", "name"),
    ("start", "start"),
    ("end", "end"),
    ("before", "before"),
    ("after", "after"),
    ("known_at", "knownAt"),
    ("leave_out", "leaveOut"),
    ("expect", "expect"),
    ("suppress", "suppress"),
    ("expected_change", "expectedChange"),
    ("acceptable_deviation", "acceptableDeviation"),
];

/// Reads a table of events, plain or gzip; `name` stands for it in messages.
///
/// ```
/// use tuatara_frame::files;
///
/// let text = "name,start,end,leave_out,expect,country\n\
///             sale,2026-01-12,2026-01-19,yes,,FR|BE\n\
///             black friday,2026-11-27,,true,1.8,\n";
/// let calendar = files::read_calendar(text.as_bytes(), "events.csv")?;
/// assert_eq!(calendar.events()[1].expected_factor(), Some(1.8));
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
///
/// # Errors
/// For a file that is no table, a header without `name` and `start`, and cells that cannot be
/// meant; the message names the row and the column.
pub fn read_calendar(reader: impl Read, name: &str) -> Result<EventCalendar, FrameError> {
    let mut text = Text::open(reader, name)?;
    let delimiter = delimiter::find(&mut text, &ReadOptions::new())?;
    let mut records = Records::new(text, delimiter);
    let names = table::header(&mut records)?;
    let columns = Columns::of(&names, name)?;
    let mut calendar = EventCalendar::new();
    while records.advance()? {
        let row = Row::of(&records, &names)?;
        calendar = calendar.with(columns.event(row)?);
    }
    Ok(calendar)
}

/// What each column is.
struct Columns {
    /// Per setting of [`COLUMNS`], its column.
    settings: [Option<usize>; COLUMNS.len()],
    /// Columns that are dimensions.
    dimensions: Vec<usize>,
}

/// A name without what people write differently.
fn bare(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

impl Columns {
    fn of(names: &[String], file: &str) -> Result<Self, FrameError> {
        let refused = |problem: String, remedy: String| FileError::EventColumns {
            file: file.to_owned(),
            problem,
            remedy,
        };
        let mut columns = Self {
            settings: [None; COLUMNS.len()],
            dimensions: Vec::new(),
        };
        for (at, name) in names.iter().enumerate() {
            if names[..at].contains(name) {
                let column = name.clone();
                let file = file.to_owned();
                return Err(FrameError::DuplicateColumn { file, column });
            }
            let known = COLUMNS
                .iter()
                .position(|(known, _)| bare(known) == bare(name));
            if let Some(setting) = known {
                if let Some(first) = columns.settings[setting].replace(at) {
                    let problem = format!("`{}` and `{name}` are the same", names[first]);
                    return Err(refused(problem, "delete one of the two".to_owned()).into());
                }
                continue;
            }
            if name.is_empty() {
                let problem = format!("column {} has no name", at + 1);
                let remedy = "name it after a dimension, or delete it".to_owned();
                return Err(refused(problem, remedy).into());
            }
            // Misspelt, it would be taken for a dimension that no series has.
            let absent = |known: &&str| !names.iter().any(|name| bare(name) == bare(known));
            let absent = COLUMNS.iter().map(|(known, _)| *known).filter(absent);
            if let Some(meant) = closest(name, absent) {
                let problem = format!("`{name}` looks like `{meant}`");
                let remedy = format!("write `{meant}`, or give the dimension another name");
                return Err(refused(problem, remedy).into());
            }
            columns.dimensions.push(at);
        }
        for required in [0, 1] {
            if columns.settings[required].is_none() {
                let name = COLUMNS[required].0;
                let problem = format!("there is no column `{name}`");
                return Err(
                    refused(problem, format!("add `{name}`, which every event has")).into(),
                );
            }
        }
        Ok(columns)
    }

    fn event(&self, row: Row<'_>) -> Result<CalendarEvent, FrameError> {
        let cells = Cells { columns: self, row };
        let name = cells.text("name")?.unwrap_or_default();
        let Some(start) = cells.parsed::<EventTime>("start")? else {
            let why = "every event has one";
            return Err(cells.refused("start", name, "empty", "a date or a time", why));
        };
        let mut event: EventBuilder = CalendarEvent::from(name, start);
        if let Some(end) = cells.parsed("end")? {
            event = event.until(end);
        }
        if let Some(margin) = cells.parsed("before")? {
            event = event.before(margin);
        }
        if let Some(margin) = cells.parsed("after")? {
            event = event.after(margin);
        }
        if let Some(known_at) = cells.parsed("knownAt")? {
            event = event.known_at(known_at);
        }
        if cells.truth("leaveOut", name)?.unwrap_or(false) {
            event = event.leave_out();
        }
        if let Some(factor) = cells.number("expect", name)? {
            event = event.expect(factor);
        }
        event = cells.suppress(name, event)?;
        for &column in &self.dimensions {
            let values = row.text(column)?;
            if !values.is_empty() {
                let values = values.split('|').map(str::trim);
                event = event.only(&row.names[column], values);
            }
        }
        event.build().map_err(|error| match error {
            EventError::Setting { key, .. } => cells.at(key, error),
            other => other.into(),
        })
    }
}

/// The cells of one row, by the settings that they are.
#[derive(Clone, Copy)]
struct Cells<'r> {
    columns: &'r Columns,
    row: Row<'r>,
}

impl<'r> Cells<'r> {
    fn column(self, key: &str) -> Option<usize> {
        let setting = COLUMNS.iter().position(|(_, known)| *known == key)?;
        self.columns.settings[setting]
    }

    /// Nothing where the column is not there, or the cell is empty.
    fn text(self, key: &str) -> Result<Option<&'r str>, FrameError> {
        let Some(column) = self.column(key) else {
            return Ok(None);
        };
        Ok(Some(self.row.text(column)?).filter(|text| !text.is_empty()))
    }

    /// The error with the place of the cell; that of the start where the setting has no column.
    fn at(self, key: &str, error: impl Into<FrameError>) -> FrameError {
        let column = self.column(key).or_else(|| self.column("start"));
        let place = self.row.place(column.unwrap_or_default());
        let source = Box::new(error.into());
        FileError::EventCell { place, source }.into()
    }

    fn refused(
        self,
        key: &'static str,
        event: &str,
        value: &str,
        allowed: &'static str,
        remedy: &'static str,
    ) -> FrameError {
        let error = EventError::Setting {
            event: event.to_owned(),
            key,
            value: value.to_owned(),
            allowed,
            remedy,
        };
        self.at(key, error)
    }

    fn parsed<T>(self, key: &'static str) -> Result<Option<T>, FrameError>
    where
        T: std::str::FromStr,
        T::Err: Into<FrameError>,
    {
        let text = self.text(key)?;
        let parsed = text.map(|text| text.parse().map_err(|error| self.at(key, error)));
        parsed.transpose()
    }

    fn truth(self, key: &'static str, event: &str) -> Result<Option<bool>, FrameError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(Some(true)),
            "false" | "no" | "0" => Ok(Some(false)),
            _ => {
                let allowed = "true, yes or 1, and false, no, 0 or nothing";
                let value = format!("`{text}`");
                Err(self.refused(key, event, &value, allowed, "write true or false"))
            }
        }
    }

    fn number(self, key: &'static str, event: &str) -> Result<Option<f64>, FrameError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        match text.parse::<f64>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => {
                let value = format!("`{text}`");
                let remedy = "write a decimal number";
                Err(self.refused(key, event, &value, "numbers such as 0.5 or -0.4", remedy))
            }
        }
    }

    /// A change alone means `suppress`, too.
    fn suppress(self, name: &str, event: EventBuilder) -> Result<EventBuilder, FrameError> {
        let suppress = self.truth("suppress", name)?;
        let change = self.number("expectedChange", name)?;
        let deviation = self.number("acceptableDeviation", name)?;
        let both = "both `expected_change` and `acceptable_deviation`, or neither";
        match (suppress, change, deviation) {
            (None | Some(false), None, None) => Ok(event),
            (Some(true), None, None) => Ok(event.suppress()),
            (Some(false), ..) => {
                let allowed = "true, or no change that is expected";
                let remedy = "empty the cells that are not meant";
                Err(self.refused("suppress", name, "false", allowed, remedy))
            }
            (_, Some(expected), Some(deviation)) => {
                let change =
                    ExpectedChange::new(expected, deviation).map_err(|error| match error {
                        EventError::Change { key, .. } => self.at(key, error),
                        other => other.into(),
                    })?;
                Ok(event.suppress_change(change))
            }
            (_, Some(_), None) => {
                let remedy = "say how far from it is acceptable, 0 for not at all";
                Err(self.refused("acceptableDeviation", name, "empty", both, remedy))
            }
            (_, None, Some(_)) => {
                let remedy = "say which change is expected, such as -0.4 for 40 % less";
                Err(self.refused("expectedChange", name, "empty", both, remedy))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SliceKey, Zone};

    fn read(text: &str) -> Result<EventCalendar, FrameError> {
        read_calendar(text.as_bytes(), "events.csv")
    }

    fn said(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn every_column_is_read_under_any_spelling_of_its_name() {
        let text = "Name;START;end;Before;after;knownAt;Leave Out;expect;suppress;expected-change;\
                    acceptableDeviation;country;platform\n\
                    outage;2026-03-01T10:00Z;2026-03-01T12:00Z;PT1H;30m;2026-03-01;yes;0.5;;-0.4;\
                    0.1;US|CA;\n";
        let text = text
            .replace("10:00Z", "10:00:00Z")
            .replace("12:00Z", "12:00:00Z");
        let calendar = read(&text).unwrap();
        let [event] = calendar.events() else {
            panic!("one event")
        };
        assert_eq!(event.name(), "outage");
        assert_eq!(
            event.interval(Zone::UTC).to_string(),
            "2026-03-01T09:00:00Z/2026-03-01T12:30:00Z"
        );
        assert_eq!(
            event.known_at(Zone::UTC).to_string(),
            "2026-03-01T00:00:00Z"
        );
        assert!(event.is_left_out() && event.is_suppressing());
        assert_eq!(event.expected_factor(), Some(0.5));
        let slice = |country: &str| SliceKey::new("orders").with("country", country);
        assert!(event.holds_for(&slice("US")));
        assert!(event.holds_for(&slice("CA").with("platform", "ios")));
        assert!(
            !event.holds_for(&slice("US").with("country", "MX")),
            "only in part"
        );
        assert!(!event.holds_for(&SliceKey::new("orders")));
    }

    #[test]
    fn a_date_without_an_end_is_a_day_of_the_zone() {
        let calendar = read("name,start,leave_out\nxmas,2026-12-25,1\n").unwrap();
        let zone = "America/New_York".parse().unwrap();
        assert_eq!(
            calendar.events()[0].interval(zone).to_string(),
            "2026-12-25T05:00:00Z/2026-12-26T05:00:00Z"
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused_at_its_cell() {
        const FORMS: &str = "allowed: a date such as 2026-12-25, a time of the clock of the data \
                             such as 2026-12-25T08:00, or an instant such as \
                             2026-12-25T08:00:00Z; write the year first";
        let row = |cells: &str| said(&format!("name,start,end,after,leave_out,expect\n{cells}\n"));
        assert_eq!(
            row("x,25/12/2026,,,1,"),
            format!(
                "events.csv, row 2, column `start`: `25/12/2026` is not the time of an event; \
                 {FORMS}"
            )
        );
        assert_eq!(
            row("x,2026-12-25,2026-12-25,,1,"),
            "events.csv, row 2, column `end`: event `x`: `end` is 2026-12-25, not after the start, \
             2026-12-25; allowed: what comes after the start; an end is the first instant, or \
             date, after the event; move it, or leave it out for an event of one day"
        );
        assert_eq!(
            row("x,2026-12-25T08:00,,,1,"),
            "events.csv, row 2, column `end`: event `x`: `end` is not set; allowed: an end or a \
             margin for a start that is no date; say until when it lasts, such as `after: PT2H`"
        );
        assert_eq!(
            row("x,2026-12-25T08:00,2026-12-26T08:00:00Z,,1,"),
            "events.csv, row 2, column `end`: event `x`: `end` is 2026-12-26T08:00:00Z, while the \
             start is 2026-12-25T08:00:00; allowed: an offset for both or for neither; write both \
             in one form"
        );
        assert_eq!(
            row("x,2026-12-25,,,perhaps,"),
            "events.csv, row 2, column `leave_out`: event `x`: `leaveOut` is `perhaps`; allowed: \
             true, yes or 1, and false, no, 0 or nothing; write true or false"
        );
        assert_eq!(
            row("x,2026-12-25,,,,-1"),
            "events.csv, row 2, column `expect`: event `x`: `expect` is -1; allowed: 0 to 1e9; 0.2 \
             expects a fifth of the usual, 3 three times as much"
        );
        assert_eq!(
            row("x,2026-12-25,,,,"),
            "events.csv, row 2, column `leave_out`: event `x`: `leaveOut` is not set, nor are \
             `expect` and `suppress`: the event does nothing; allowed: at least one of the three; \
             `leaveOut: true` keeps it out of what is learnt"
        );
        assert_eq!(
            row(",2026-12-25,,,1,"),
            "events.csv, row 2, column `name`: event ``: `name` is empty; allowed: text; \
             explanations name the event by it"
        );
    }

    #[test]
    fn a_window_has_both_numbers_or_neither() {
        let header = "name,start,suppress,expected_change,acceptable_deviation";
        let event = |cells: &str| {
            let calendar = read(&format!("{header}\nx,2026-12-25,{cells}\n")).unwrap();
            calendar.events()[0].is_suppressing()
        };
        assert!(event("true,,") && event(",-0.4,0.1") && event("1,-0.4,0"));
        let row = |cells: &str| said(&format!("{header}\nx,2026-12-25,{cells}\n"));
        assert!(row(",-0.4,").contains("column `acceptable_deviation`"));
        assert!(row(",,0.1").contains("column `expected_change`"));
        assert!(row("no,-0.4,0.1").contains("column `suppress`"));
        assert!(row(",-0.4,-0.1").contains("`acceptableDeviation` is -0.1"));
    }

    #[test]
    fn a_column_that_is_nearly_known_is_no_dimension() {
        const ALLOWED: &str = "allowed: name, start, end, before, after, known_at, leave_out, \
                               expect, suppress, expected_change, acceptable_deviation, and \
                               dimensions";
        assert_eq!(
            said("name,start,leave_oot\n"),
            format!(
                "events.csv, row 1: `leave_oot` looks like `leave_out`; {ALLOWED}; write \
                 `leave_out`, or give the dimension another name"
            )
        );
        assert_eq!(
            said("name,begin\n"),
            format!(
                "events.csv, row 1: there is no column `start`; {ALLOWED}; add `start`, which \
                 every event has"
            )
        );
        // `name` is there: a game is no misspelt name.
        let text = "name,start,leave_out,game\nx,2026-01-01,1,chess\n";
        assert!(read(text).is_ok());
    }
}
