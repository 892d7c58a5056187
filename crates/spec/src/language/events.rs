//! `events` and `holidays`: what is known of the calendar.

use std::collections::BTreeSet;

use tuatara_frame::events::{CalendarEvent, Country, EventBuilder, EventCalendar, EventTime};
use tuatara_frame::events::{EventError, ExpectedChange};
use tuatara_frame::{Duration, closest};

use super::keys::Level;
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields, Said, items};
use crate::tree::{Node, Value};
use crate::{Code, Diagnostic, Span};

impl Said {
    /// The events and holidays of a level that has `events` and `holidays`.
    pub(crate) fn calendar(&mut self, fields: &Fields<'_>) -> EventCalendar {
        let mut calendar = EventCalendar::new();
        if let Some((key, node)) = fields.get("events") {
            for item in items(node) {
                if let Some(event) = self.event(item, key.span) {
                    calendar = calendar.with(event);
                }
            }
        }
        if let Some((key, node)) = fields.get("holidays") {
            for item in items(node) {
                let entry = (key.clone(), item.clone());
                if let Some(country) = self.parsed::<Country>(&entry) {
                    calendar = calendar.with_holidays(country.value);
                }
            }
        }
        calendar
    }

    /// The event, or nothing if there was an error in it. `at` is the key of the list it is in.
    fn event(&mut self, item: &Node, at: Span) -> Option<CalendarEvent> {
        let before = self.errors();
        let fields = self.fields(&Level::EVENT, item, at)?;
        let remedy = "add `name:`, which explanations show";
        let name = self.required_text(&fields, "name", remedy);
        if fields.get("start").is_none() {
            let remedy = "add `start:` with a date, or an instant";
            self.missing(&fields, "start", remedy);
        }
        let start = self.of_event::<EventTime>(&fields, "start");
        let name = name.map_or_else(String::new, |name| name.value);
        let mut event = CalendarEvent::from(name, start.unwrap_or_else(any_time));
        if let Some(end) = self.of_event(&fields, "end") {
            event = event.until(end);
        }
        if let Some(margin) = self.of_event::<Duration>(&fields, "before") {
            event = event.before(margin);
        }
        if let Some(margin) = self.of_event::<Duration>(&fields, "after") {
            event = event.after(margin);
        }
        if let Some(known_at) = self.of_event(&fields, "knownAt") {
            event = event.known_at(known_at);
        }
        if let Some(entry) = fields.get("filters") {
            event = self.event_filters(entry, event);
        }
        let left_out = fields.get("leaveOut").and_then(|e| self.value::<bool>(e));
        if left_out.unwrap_or(false) {
            event = event.leave_out();
        }
        let factor = fields.get("expect");
        let factor = factor.and_then(|e| self.value::<Option<f64>>(e)).flatten();
        if let Some(factor) = factor {
            event = event.expect(factor);
        }
        if let Some(entry) = fields.get("suppress") {
            event = self.suppress(entry, event);
        }
        // What an error hides is not to be doubted as well.
        if self.errors() > before {
            return None;
        }
        let built = event.build().map_err(|error| self.refuse(&fields, &error));
        let built = built.ok()?;
        if built.expected_factor().is_some() && !built.is_left_out() {
            self.doubt_factor(&fields);
        }
        Some(built)
    }

    fn of_event<T>(&mut self, fields: &Fields<'_>, key: &str) -> Option<T>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        let entry = fields.get(key)?;
        self.parsed(entry).map(|parsed| parsed.value)
    }

    /// Says what is wrong with an event at the key that it is about.
    fn refuse(&mut self, fields: &Fields<'_>, error: &EventError) {
        let EventError::Setting {
            key,
            value,
            allowed,
            remedy,
            ..
        } = error
        else {
            unreachable!("an event is refused for one of its settings")
        };
        let entry = fields.get(key).or_else(|| fields.get("name"));
        let span = entry.map_or(Span::NONE, |(known, node)| match known.text == *key {
            true => node.span,
            false => known.span,
        });
        let message = format!("`{key}` is {value}");
        self.say(
            Diagnostic::error(Code::BadValue, span, message)
                .allowed(*allowed)
                .remedy(*remedy),
        );
    }

    /// Lags lead back to the unusual values some day.
    fn doubt_factor(&mut self, fields: &Fields<'_>) {
        let span = fields.get("expect").map_or(Span::NONE, |(key, _)| key.span);
        let message = "other values are expected in this event, and it is learnt from all the \
                       same: what is compared with it later looks unusual";
        let remedy = "add `leaveOut: true`, unless lags reach back to the same event alone";
        self.say(Diagnostic::warning(Code::RiskyPair, span, message).remedy(remedy));
    }

    /// Says which events name a dimension that is none of `known`, those of the series: they hold
    /// for no series.
    pub(crate) fn doubt_event_filters(&mut self, fields: &Fields<'_>, known: &BTreeSet<String>) {
        let events = fields
            .get("events")
            .map_or(&[][..], |(_, node)| items(node));
        for event in events {
            let filters = event.get("filters").map(|node| &node.value);
            let Some(Value::Mapping(dimensions)) = filters else {
                continue;
            };
            for (name, _) in dimensions
                .iter()
                .filter(|(key, _)| !known.contains(&key.text))
            {
                let quoted = quote(&name.text);
                let message = format!(
                    "this event holds for no series: none of them has a dimension {quoted}"
                );
                let listed: Vec<String> = known.iter().map(|name| quote(name)).collect();
                let listed = match &listed[..] {
                    [] => "no dimension, as all rows are one series".to_owned(),
                    some => some.join(", "),
                };
                let near = closest(&name.text, known.iter().map(String::as_str));
                let remedy = "add it to `dimensionExploration.dimensions` or `filters` of the \
                              detection, or take it out of the event";
                self.say(
                    Diagnostic::warning(Code::NoEffect, name.span, message)
                        .allowed(listed)
                        .suggest(near)
                        .remedy(remedy),
                );
            }
        }
    }

    fn event_filters(&mut self, entry: Entry<'_>, mut event: EventBuilder) -> EventBuilder {
        let (key, node) = entry;
        let Value::Mapping(dimensions) = &node.value else {
            if !node.is_null() {
                let message = format!("`filters` is {}, but a mapping is meant", node.describe());
                self.say(
                    Diagnostic::error(Code::WrongType, node.span, message)
                        .allowed("dimensions, each with a value or a list of values")
                        .remedy("write `dimension: value`, or `dimension: [value, value]`"),
                );
            }
            return event;
        };
        for entry in dimensions {
            if items(&entry.1).is_empty() {
                let name = quote(&entry.0.text);
                let message = format!("{name} of `{}` names no value", key.text);
                self.say(
                    Diagnostic::error(Code::EmptyList, entry.0.span, message)
                        .allowed("a value or a list of values")
                        .remedy("list the values it holds for, or delete the dimension"),
                );
                continue;
            }
            if let Some(values) = self.value::<Vec<String>>(entry) {
                event = event.only(&entry.0.text, values);
            }
        }
        event
    }

    /// `true`, `false`, or the change that is expected.
    fn suppress(&mut self, entry: Entry<'_>, event: EventBuilder) -> EventBuilder {
        let (key, node) = entry;
        if !matches!(node.value, Value::Mapping(_)) {
            return match self.value::<bool>(entry) {
                Some(true) => event.suppress(),
                _ => event,
            };
        }
        let Some(fields) = self.fields(&Level::SUPPRESS, node, key.span) else {
            return event;
        };
        let mut number = |name: &'static str, remedy: &str| {
            let Some(entry) = fields.get(name) else {
                self.missing(&fields, name, remedy);
                return None;
            };
            self.value::<f64>(entry)
        };
        let expected = number(
            "expectedChange",
            "add `expectedChange:`, such as -0.4 for 40 % less",
        );
        let deviation = number(
            "acceptableDeviation",
            "add `acceptableDeviation:`, 0 for none at all",
        );
        let (Some(expected), Some(deviation)) = (expected, deviation) else {
            return event;
        };
        match ExpectedChange::new(expected, deviation) {
            Ok(change) => event.suppress_change(change),
            Err(EventError::Change {
                key,
                value,
                allowed,
            }) => {
                let span = fields.get(key).map_or(Span::NONE, |(_, node)| node.span);
                self.say(
                    Diagnostic::error(Code::OutOfRange, span, format!("`{key}` is {value}"))
                        .allowed(allowed)
                        .remedy("write `suppress: true` for any change"),
                );
                event
            }
            Err(_) => unreachable!("a change is refused for one of its two numbers"),
        }
    }
}

/// Stands in for a start that was refused: what is said of it hides all else.
fn any_time() -> EventTime {
    EventTime::Instant(tuatara_frame::Instant::MIN)
}
