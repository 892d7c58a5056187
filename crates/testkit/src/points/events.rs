//! Events that are left out, or change what is expected: the laws hold with them, and they change
//! nothing before they are known.

use tuatara_frame::events::{CalendarEvent, EventCalendar, EventTime};
use tuatara_frame::{Instant, SliceKey};

use super::trial::Trial;
use crate::{Draw, Law, Scenario, Violation};

/// Every so many scenarios are tried with events, too.
const EVERY: u64 = 3;

impl Trial<'_> {
    /// Law 1 on the same scenario with events.
    pub(super) fn check_events(&self) -> Result<(), Violation> {
        let seed = self.scenario().seed();
        if self.len() == 0 || !seed.is_multiple_of(EVERY) {
            return Ok(());
        }
        // Draws of its own, so that the other checks see what they saw before.
        let mut draw = Draw::new(seed);
        let (scenario, known) = with_events(&mut draw, self.scenario());
        let trial = Trial::new(self.name(), self.detector(), &scenario)?;
        trial.check_coherence()?;
        trial.check_cuts(&mut draw)?;
        trial.check_causality(&mut draw)?;
        trial.check_forgetting(&mut draw)?;
        trial.check_memos(&mut draw)?;
        trial.check_detail(&mut draw)?;
        let axis = self.series().axis();
        let what = format!("events that are known from {known} on");
        let plain = self.scenario().clone().with_mask(scenario.mask().clone());
        let unknown = plain.series();
        let rows = self.fresh(Law::Causal, &what, unknown.view(), 0..self.len())?;
        trial.alike(Law::Causal, &what, trial.reference(), &rows, 0, |i| {
            axis.end(i) < known
        })
    }
}

/// The scenario with two or three events in place of its mask, and when the first that changes what
/// is expected becomes known.
fn with_events(draw: &mut Draw, scenario: &Scenario) -> (Scenario, Instant) {
    let axis = scenario.axis();
    let mut calendar = EventCalendar::new();
    let mut known = Instant::MAX;
    for n in 0..draw.between(2..4) {
        let first = draw.between(0..axis.len());
        let last = (first + draw.between(1..5)).min(axis.len());
        let known_at = axis.start(draw.between(0..axis.len()));
        // Not on the grid, so that buckets are touched in part.
        let step = axis.granularity().nominal().millis();
        let start =
            axis.start(first).millis() + draw.between(0..step.unsigned_abs() as usize) as i64;
        let end = axis.start(last).millis().max(start + 1);
        let at = |millis| EventTime::Instant(Instant::from_millis(millis).unwrap_or(known_at));
        let event = CalendarEvent::from(format!("event {n}"), at(start))
            .until(at(end))
            .known_at(known_at.into());
        let event = match draw.between(0..3) {
            0 => event.leave_out(),
            1 => event.expect(draw.within(0.0, 3.0)),
            _ => event.leave_out().expect(draw.within(0.0, 3.0)),
        };
        let event = event.build().expect("it ends after it starts");
        if event.expected_factor().is_some() {
            known = known.min(known_at);
        }
        calendar = calendar.with(event);
    }
    let events = calendar.within(axis.zone(), axis.span());
    let events = events.on(&SliceKey::new("metric"));
    let scenario = scenario
        .clone()
        .with_mask(events.mask().clone())
        .with_factors(events.factors().clone());
    (scenario, known)
}
