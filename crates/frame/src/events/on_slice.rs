//! What a calendar says of a stretch of time, and of one slice.

use std::sync::Arc;

use super::factors::Factor;
use super::{CalendarEvent, Factors, SuppressionWindow};
use crate::{Instant, Interval, Mask, SliceKey};

/// An event by the clock of one zone.
#[derive(Debug, Clone)]
pub(super) struct Occurrence {
    pub(super) event: Arc<str>,
    pub(super) interval: Interval,
    pub(super) known_at: Instant,
    pub(super) is_left_out: bool,
    pub(super) factor: Option<Factor>,
    pub(super) window: Option<SuppressionWindow>,
    /// The event where it does not hold for every slice.
    pub(super) holds_for: Option<Arc<CalendarEvent>>,
}

/// What an [`EventCalendar`](super::EventCalendar) says of a stretch of time.
#[derive(Debug, Clone, Default)]
pub struct EventsWithin {
    /// In order of time.
    occurrences: Vec<Occurrence>,
    /// Of those that hold for every slice.
    everywhere: Arc<SliceEvents>,
}

/// What is known of the calendar for one slice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SliceEvents {
    mask: Mask,
    factors: Factors,
    windows: Vec<SuppressionWindow>,
}

impl EventsWithin {
    pub(super) fn of(mut occurrences: Vec<Occurrence>) -> Self {
        // Whatever else two may differ in, their order must not depend on that of the calendar.
        occurrences.sort_by(|a, b| a.key().cmp(&b.key()));
        let everywhere = occurrences.iter().filter(|one| one.holds_for.is_none());
        let everywhere = Arc::new(SliceEvents::of(everywhere));
        Self {
            occurrences,
            everywhere,
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.occurrences.is_empty()
    }

    /// What holds for `slice`.
    pub fn on(&self, slice: &SliceKey) -> Arc<SliceEvents> {
        let holds = |one: &&Occurrence| one.holds_for.as_ref().is_none_or(|e| e.holds_for(slice));
        let more = |one: &Occurrence| one.holds_for.is_some() && holds(&one);
        if !self.occurrences.iter().any(more) {
            return Arc::clone(&self.everywhere);
        }
        Arc::new(SliceEvents::of(self.occurrences.iter().filter(holds)))
    }
}

impl Occurrence {
    fn key(&self) -> (Interval, Instant, &str, Option<u64>, Option<[u64; 2]>) {
        let factor = self.factor.as_ref().map(|factor| factor.factor().to_bits());
        let change = self.window.as_ref().and_then(SuppressionWindow::change);
        let change = change.map(|change| [change.expected(), change.deviation()].map(f64::to_bits));
        (self.interval, self.known_at, &self.event, factor, change)
    }
}

impl SliceEvents {
    fn of<'o>(occurrences: impl Iterator<Item = &'o Occurrence>) -> Self {
        let mut events = Self::default();
        for one in occurrences {
            if one.is_left_out {
                events
                    .mask
                    .push_event(one.interval, one.known_at, Arc::clone(&one.event));
            }
            if let Some(factor) = &one.factor {
                events.factors.push(factor.clone());
            }
            events.windows.extend(one.window.clone());
        }
        events
    }

    /// Spans that do not train.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// What changes what is expected.
    pub fn factors(&self) -> &Factors {
        &self.factors
    }

    /// Windows in which anomalies are marked, in order of time.
    pub fn windows(&self) -> &[SuppressionWindow] {
        &self.windows
    }
}
