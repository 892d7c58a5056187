//! The anomalies of the rules of one slice, instant by instant.
//!
//! ```text
//! settled(t) = min over rules of the start of its bucket at t − its delay, or of its candidate
//!              that is open
//! ```

use tuatara_frame::{Duration, Instant, TimeAxis};

use crate::{Across, AcrossCarry, Event, Folded, RuleCarry};

/// What one rule found in the time of a fold.
#[derive(Debug, Clone, Copy)]
pub struct FoldedRule<'a> {
    /// Its buckets.
    pub axis: &'a TimeAxis,
    /// How long after the end of a bucket it speaks, as of [`Stage`](crate::Stage::delay).
    pub delay: Duration,
    /// What happened.
    pub folded: &'a Folded,
    /// What was open in the end.
    pub carry: &'a RuleCarry,
}

/// Folds what `rules` found into `carry`, and appends what happens to `out`. The order of rules
/// does not matter.
///
/// `instants` are the ends of all buckets that the rules have judged in this time, each with the
/// delay of its rule after it; in order, each once. Those after the last one that matters may be left out.
pub fn fold_across(
    across: &Across,
    instants: &[Instant],
    rules: &[FoldedRule<'_>],
    carry: &mut AcrossCarry,
    out: &mut Vec<Event>,
) {
    let mut events: Vec<&[Event]> = rules.iter().map(|rule| &*rule.folded.events).collect();
    let mut now: Vec<&Event> = Vec::new();
    let mut next = 0;
    loop {
        if carry.is_empty() {
            // Most of the time nothing is open.
            let firsts = events.iter().filter_map(|events| events.first());
            let Some(at) = firsts.map(|event| event.at).min() else {
                return;
            };
            next = next.max(instants.partition_point(|&instant| instant < at));
        }
        let Some(&at) = instants.get(next) else {
            return;
        };
        next += 1;
        for events in &mut events {
            let (past, later) = events.split_at(events.partition_point(|event| event.at <= at));
            now.extend(past);
            *events = later;
        }
        let settled = rules.iter().map(|rule| rule.settled(at)).min();
        across.step(at, now.drain(..), settled.unwrap_or(at), carry, out);
    }
}

impl FoldedRule<'_> {
    /// Whatever the rule may still say or take back after `at`, it starts then or later. `at` lies
    /// in the time of the fold.
    pub fn settled(&self, at: Instant) -> Instant {
        let judged = at.checked_sub(self.delay).unwrap_or(Instant::MIN);
        let bucket = self.axis.index_of(judged);
        let bucket = bucket.map_or(judged, |i| self.axis.start(i));
        let spells = &self.folded.spells;
        let open = spells.partition_point(|spell| spell.until <= at);
        let candidate = match spells.get(open) {
            Some(spell) => Some(spell.start),
            None => self.carry.candidate().map(|open| open.interval.start()),
        };
        candidate.map_or(bucket, |start| start.min(bucket))
    }
}
