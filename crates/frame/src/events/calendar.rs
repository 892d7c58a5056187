//! Several events.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::event::Suppress;
use super::factors::Factor;
use super::on_slice::{EventsWithin, Occurrence};
use super::{CalendarEvent, Country, SuppressionWindow};
use crate::{Interval, Zone};

/// Events, and the countries whose holidays are left out. The order in which they are added does
/// not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventCalendar {
    events: Vec<CalendarEvent>,
    holidays: BTreeSet<Country>,
}

impl EventCalendar {
    /// Nothing is known.
    pub const fn new() -> Self {
        Self {
            events: Vec::new(),
            holidays: BTreeSet::new(),
        }
    }

    /// One more event.
    #[must_use]
    pub fn with(mut self, event: CalendarEvent) -> Self {
        self.events.push(event);
        self
    }

    /// The holidays of `country`: each is left out on its date by the clock of the data.
    #[must_use]
    pub fn with_holidays(mut self, country: Country) -> Self {
        self.holidays.insert(country);
        self
    }

    /// Everything that `other` has, too.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.events.extend(other.events);
        self.holidays.extend(other.holidays);
        self
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.holidays.is_empty()
    }

    /// The events in the order in which they were added, without holidays.
    pub fn events(&self) -> &[CalendarEvent] {
        &self.events
    }

    /// The countries whose holidays are left out, in order.
    pub fn holidays(&self) -> impl Iterator<Item = Country> {
        self.holidays.iter().copied()
    }

    /// What touches `span`, by the clock of `zone`.
    pub fn within(&self, zone: Zone, span: Interval) -> EventsWithin {
        let mut occurrences: Vec<Occurrence> = self
            .events
            .iter()
            .map(|event| occurrence(event, zone))
            .collect();
        for country in &self.holidays {
            let from = zone.local(span.start()).date();
            let to = zone.local(span.end()).date();
            for holiday in country.holidays_between(from, to) {
                occurrences.push(occurrence(&holiday, zone));
            }
        }
        occurrences.retain(|occurrence| occurrence.interval.overlaps(span));
        EventsWithin::of(occurrences)
    }
}

fn occurrence(event: &CalendarEvent, zone: Zone) -> Occurrence {
    let name: Arc<str> = Arc::from(event.name());
    let (interval, known_at) = (event.interval(zone), event.known_at(zone));
    let window = |change| SuppressionWindow {
        event: Arc::clone(&name),
        interval,
        known_at,
        change,
    };
    Occurrence {
        interval,
        known_at,
        is_left_out: event.is_left_out(),
        factor: event.expected_factor().map(|factor| Factor {
            event: Arc::clone(&name),
            interval,
            known_at,
            factor,
        }),
        window: event.suppress().map(|suppress| match suppress {
            Suppress::All => window(None),
            Suppress::Change(change) => window(Some(change)),
        }),
        holds_for: event.has_filters().then(|| Arc::new(event.clone())),
        event: name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Granularity, Instant, SliceKey, TimeAxis};

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn span(from: &str, to: &str) -> Interval {
        Interval::new(at(from), at(to)).unwrap()
    }

    fn event(name: &str, date: &str) -> super::super::EventBuilder {
        CalendarEvent::on(name, date.parse().unwrap())
    }

    fn whole() -> SliceKey {
        SliceKey::new("orders")
    }

    #[test]
    fn margins_widen_everything_that_an_event_means() {
        let day = crate::Duration::days(1);
        let sale = event("sale", "2026-03-10")
            .before(day)
            .after(crate::Duration::hours(2))
            .leave_out()
            .expect(2.0)
            .suppress()
            .build()
            .unwrap();
        let calendar = EventCalendar::new().with(sale);
        let march = span("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        let events = calendar.within(Zone::UTC, march).on(&whole());
        let wide = span("2026-03-09T00:00:00Z", "2026-03-11T02:00:00Z");
        assert_eq!(events.mask().spans().next(), Some((wide, Instant::MIN)));
        assert_eq!(events.windows()[0].interval(), wide);
        let last = span("2026-03-11T01:00:00Z", "2026-03-11T02:00:00Z");
        assert_eq!(events.factors().of(last).count(), 1);
    }

    #[test]
    fn the_order_of_adding_does_not_matter() {
        let three = [
            event("b", "2026-03-10").expect(3.0).build().unwrap(),
            event("a", "2026-03-10")
                .expect(0.1)
                .leave_out()
                .build()
                .unwrap(),
            event("a", "2026-03-10")
                .expect(0.7)
                .suppress()
                .build()
                .unwrap(),
        ];
        let march = span("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        let of = |order: [usize; 3]| {
            let calendar = order
                .iter()
                .fold(EventCalendar::new(), |all, &i| all.with(three[i].clone()));
            calendar.within(Zone::UTC, march).on(&whole())
        };
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            assert_eq!(of(order), of([0, 1, 2]), "{order:?}");
        }
    }

    #[test]
    fn holidays_are_those_of_the_local_dates_that_are_asked_for() {
        let zone: Zone = "America/New_York".parse().unwrap();
        let calendar = EventCalendar::new().with_holidays(Country::Us);
        let turn = span("2025-12-20T00:00:00Z", "2026-01-02T00:00:00Z");
        let events = calendar.within(zone, turn).on(&whole());
        let spans: Vec<String> = events
            .mask()
            .spans()
            .map(|(span, _)| span.to_string())
            .collect();
        assert_eq!(
            spans,
            [
                "2025-12-25T05:00:00Z/2025-12-26T05:00:00Z",
                "2026-01-01T05:00:00Z/2026-01-02T05:00:00Z"
            ]
        );
        let christmas = span("2025-12-25T12:00:00Z", "2025-12-25T13:00:00Z");
        assert_eq!(
            events.mask().event_hiding(christmas, turn.end()),
            Some("Christmas Day (US)")
        );
    }

    /// A day of three times the usual is worth 1 + 2/7 of a week.
    #[test]
    fn a_factor_counts_for_the_share_of_the_bucket_in_which_it_holds() {
        let calendar =
            EventCalendar::new().with(event("sale", "2026-03-10").expect(3.0).build().unwrap());
        let weeks = Granularity::weeks(chrono::Weekday::Mon);
        let march = span("2026-03-02T00:00:00Z", "2026-03-23T00:00:00Z");
        let axis = TimeAxis::covering(weeks, Zone::UTC, march).unwrap();
        let events = calendar.within(Zone::UTC, march).on(&whole());
        let [(1, factor)] = events.factors().on(&axis)[..] else {
            panic!("the second week alone")
        };
        assert!((factor - (1.0 + 2.0 / 7.0)).abs() < 1e-15);
    }

    /// In Berlin 29 March 2026 has 23 hours, and 25 October 25.
    #[test]
    fn a_day_with_a_clock_change_is_as_long_as_it_is() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        for (date, hours) in [("2026-03-29", 23), ("2026-10-25", 25)] {
            let calendar = EventCalendar::new().with(event("x", date).expect(0.5).build().unwrap());
            let year = span("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
            let axis = TimeAxis::covering("PT1H".parse().unwrap(), zone, year).unwrap();
            let buckets = calendar.within(zone, year).on(&whole()).factors().on(&axis);
            assert_eq!(buckets.len(), hours, "{date}");
            assert!(
                buckets
                    .iter()
                    .all(|(_, factor)| factor.to_bits() == 0.5_f64.to_bits())
            );
        }
    }
}
