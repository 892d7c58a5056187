//! One event: what happens when, for whom, and what that means.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{EventError, EventTime, ExpectedChange};
use crate::{Duration, Instant, Interval, SliceKey, Zone};

/// The longest margin: ten years.
const LONGEST_MARGIN: Duration = Duration::days(3660);
/// The largest factor.
const LARGEST_FACTOR: f64 = 1e9;

/// Something that is known of the calendar, and what it means for a metric.
///
/// Built by [`on`](Self::on) or [`from`](Self::from); what comes out cannot be wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarEvent {
    name: String,
    start: EventTime,
    /// None: the date of the start, or that instant.
    end: Option<EventTime>,
    before: Duration,
    after: Duration,
    /// In order of dimension; values in order.
    filters: BTreeMap<String, Vec<String>>,
    known_at: Option<EventTime>,
    leave_out: bool,
    expect: Option<f64>,
    suppress: Option<Suppress>,
}

/// Which anomalies are marked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Suppress {
    All,
    Change(ExpectedChange),
}

impl CalendarEvent {
    /// An event on a date, from its first instant to its last by the clock of the data.
    pub fn on(name: impl Into<String>, date: NaiveDate) -> EventBuilder {
        Self::from(name, date)
    }

    /// An event from `start` on: on that date, or from that time [until](EventBuilder::until) an
    /// end.
    pub fn from(name: impl Into<String>, start: impl Into<EventTime>) -> EventBuilder {
        EventBuilder {
            event: Self {
                name: name.into(),
                start: start.into(),
                end: None,
                before: Duration::ZERO,
                after: Duration::ZERO,
                filters: BTreeMap::new(),
                known_at: None,
                leave_out: false,
                expect: None,
                suppress: None,
            },
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When it starts, without its margin.
    pub fn start(&self) -> EventTime {
        self.start
    }

    /// The dimensions that it holds for, in order, each with its values; every slice where there
    /// is none.
    pub fn filters(&self) -> impl ExactSizeIterator<Item = (&str, &[String])> {
        let filters = self.filters.iter();
        filters.map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Whether lags and fits leave it out.
    pub fn is_left_out(&self) -> bool {
        self.leave_out
    }

    /// The factor of what is expected.
    pub fn expected_factor(&self) -> Option<f64> {
        self.expect
    }

    /// Whether anomalies that start in it are marked.
    pub fn is_suppressing(&self) -> bool {
        self.suppress.is_some()
    }

    pub(super) fn suppress(&self) -> Option<Suppress> {
        self.suppress
    }

    pub(super) fn has_filters(&self) -> bool {
        !self.filters.is_empty()
    }

    /// The instants of the event with its margins, by the clock of `zone`; empty where clocks skip
    /// all of it.
    pub fn interval(&self, zone: Zone) -> Interval {
        let start = self.start.first_in(zone);
        let end = match (self.end, self.start) {
            (Some(end), _) => end.last_in(zone),
            (None, EventTime::Date(date)) => match date.succ_opt() {
                Some(next) => EventTime::Date(next).last_in(zone),
                None => Instant::MAX,
            },
            (None, at) => at.last_in(zone),
        };
        let start = start.checked_sub(self.before).unwrap_or(Instant::MIN);
        let end = end.checked_add(self.after).unwrap_or(Instant::MAX);
        Interval::new(start, end.max(start)).expect("invariant: it ends no earlier than it starts")
    }

    /// From when on it counts: evaluations of buckets that end before do not know it. A planned
    /// event was always known.
    pub fn known_at(&self, zone: Zone) -> Instant {
        self.known_at
            .map_or(Instant::MIN, |known| known.first_in(zone))
    }

    /// Whether it holds for `slice`: where the slice is nothing but values that the event names.
    pub fn holds_for(&self, slice: &SliceKey) -> bool {
        self.filters.iter().all(|(name, allowed)| {
            let mut dimensions = slice.dimensions().iter();
            let of_slice = dimensions.find(|(known, _)| known == name);
            of_slice.is_some_and(|(_, values)| values.iter().all(|value| allowed.contains(value)))
        })
    }
}

/// An event under construction; see [`CalendarEvent`].
#[derive(Debug, Clone)]
pub struct EventBuilder {
    event: CalendarEvent,
}

impl EventBuilder {
    /// It ends with the instant before `end`: of a date, the first one after.
    #[must_use]
    pub fn until(mut self, end: EventTime) -> Self {
        self.event.end = Some(end);
        self
    }

    /// It counts from this long before its start on.
    #[must_use]
    pub fn before(mut self, margin: Duration) -> Self {
        self.event.before = margin;
        self
    }

    /// It counts for this long after its end.
    #[must_use]
    pub fn after(mut self, margin: Duration) -> Self {
        self.event.after = margin;
        self
    }

    /// It holds only for slices in which `dimension` has one of `values`.
    #[must_use]
    pub fn only<V: Into<String>>(
        mut self,
        dimension: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let allowed = self.event.filters.entry(dimension.into()).or_default();
        allowed.extend(values.into_iter().map(Into::into));
        allowed.sort();
        allowed.dedup();
        self
    }

    /// It became known at this time: buckets that end before do not know of it.
    #[must_use]
    pub fn known_at(mut self, known_at: EventTime) -> Self {
        self.event.known_at = Some(known_at);
        self
    }

    /// Lags and fits leave it out.
    #[must_use]
    pub fn leave_out(mut self) -> Self {
        self.event.leave_out = true;
        self
    }

    /// What is expected is multiplied by `factor`: 0.2 is a fifth of the usual. In [0, 10⁹].
    #[must_use]
    pub fn expect(mut self, factor: f64) -> Self {
        self.event.expect = Some(factor);
        self
    }

    /// Anomalies that start in it are marked as suppressed.
    #[must_use]
    pub fn suppress(mut self) -> Self {
        self.event.suppress = Some(Suppress::All);
        self
    }

    /// Anomalies that start in it are marked as suppressed as long as they are of this change.
    #[must_use]
    pub fn suppress_change(mut self, change: ExpectedChange) -> Self {
        self.event.suppress = Some(Suppress::Change(change));
        self
    }

    /// The checked event.
    ///
    /// # Errors
    /// [`EventError::Setting`] for an event without a name, effect or time, one that ends before
    /// it starts, and a setting outside its range.
    pub fn build(self) -> Result<CalendarEvent, EventError> {
        let event = self.event;
        let refused = |key, value: String, allowed, remedy| EventError::Setting {
            event: event.name.clone(),
            key,
            value,
            allowed,
            remedy,
        };
        if event.name.trim().is_empty() {
            let remedy = "explanations name the event by it";
            return Err(refused("name", "empty".to_owned(), "text", remedy));
        }
        event.check_time(&refused)?;
        for (key, margin) in [("before", event.before), ("after", event.after)] {
            if margin > LONGEST_MARGIN {
                let remedy = "move `start` or `end` instead";
                return Err(refused(key, margin.to_string(), "PT0S to P3660D", remedy));
            }
        }
        if let Some((name, _)) = event.filters.iter().find(|(_, values)| values.is_empty()) {
            let remedy = "list the values, or leave the dimension out";
            let value = format!("{name} without a value");
            return Err(refused(
                "filters",
                value,
                "values for each dimension",
                remedy,
            ));
        }
        match event.expect {
            Some(factor) if !(factor.is_finite() && (0.0..=LARGEST_FACTOR).contains(&factor)) => {
                let remedy = "0.2 expects a fifth of the usual, 3 three times as much";
                return Err(refused("expect", factor.to_string(), "0 to 1e9", remedy));
            }
            _ => {}
        }
        if !event.leave_out && event.expect.is_none() && event.suppress.is_none() {
            return Err(refused(
                "leaveOut",
                "not set, nor are `expect` and `suppress`: the event does nothing".to_owned(),
                "at least one of the three",
                "`leaveOut: true` keeps it out of what is learnt",
            ));
        }
        Ok(event)
    }
}

impl CalendarEvent {
    fn check_time(
        &self,
        refused: &impl Fn(&'static str, String, &'static str, &'static str) -> EventError,
    ) -> Result<(), EventError> {
        let lasts = self.before > Duration::ZERO || self.after > Duration::ZERO;
        let Some(end) = self.end else {
            if matches!(self.start, EventTime::Date(_)) || lasts {
                return Ok(());
            }
            let allowed = "an end or a margin for a start that is no date";
            let remedy = "say until when it lasts, such as `after: PT2H`";
            return Err(refused("end", "not set".to_owned(), allowed, remedy));
        };
        let ends_later = match (self.start, end, self.start.local(), end.local()) {
            (EventTime::Instant(start), EventTime::Instant(end), ..) => end > start,
            (_, _, Some(start), Some(end)) => end > start,
            _ => {
                return Err(refused(
                    "end",
                    format!("{end}, while the start is {}", self.start),
                    "an offset for both or for neither",
                    "write both in one form",
                ));
            }
        };
        if ends_later {
            return Ok(());
        }
        Err(refused(
            "end",
            format!("{end}, not after the start, {}", self.start),
            "what comes after the start; an end is the first instant, or date, after the event",
            "move it, or leave it out for an event of one day",
        ))
    }
}
