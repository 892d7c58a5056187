//! What many slices, rules and detections found, instant by instant.
//!
//! ```text
//! settled(t) = min of the starts of the buckets at t − delay, and of all candidates that are open
//!              after t
//! ```

use tuatara_frame::{Duration, Instant, TimeAxis};

use crate::{Change, FoldedRule, GroupCarry, Grouping, IncidentEvent};

/// From where on something may still be said or taken back, over all rules on all slices.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// The buckets of the rules, each with how long after its end one is told of.
    axes: Vec<(TimeAxis, Duration)>,
    /// When candidates close, in order, each with the earliest start of those that close then or
    /// later.
    closing: Vec<(Instant, Instant)>,
    /// The earliest start of those that do not close.
    open: Option<Instant>,
}

impl Settled {
    /// That of `rules`, in any order, each with how much later than by its own delay it is heard.
    pub fn of<'a>(rules: impl IntoIterator<Item = (FoldedRule<'a>, Duration)>) -> Self {
        let mut settled = Self::default();
        for (rule, later) in rules {
            let delay = rule.delay.millis().saturating_add(later.millis());
            let delay = Duration::from_millis(delay).unwrap_or(rule.delay);
            let is_it = |(axis, known): &(TimeAxis, Duration)| axis == rule.axis && *known == delay;
            if !settled.axes.iter().any(is_it) {
                settled.axes.push((rule.axis.clone(), delay));
            }
            let heard = |until: Instant| until.checked_add(later).unwrap_or(Instant::MAX);
            let spells = rule.folded.spells.iter();
            settled
                .closing
                .extend(spells.map(|s| (heard(s.until), s.start)));
            let open = rule.carry.candidate().map(|open| open.interval.start());
            settled.open = match (settled.open, open) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        settled.closing.sort_unstable();
        let mut earliest = settled.open.unwrap_or(Instant::MAX);
        for (_, start) in settled.closing.iter_mut().rev() {
            earliest = earliest.min(*start);
            *start = earliest;
        }
        settled
    }

    /// Whatever may still be said or taken back after `at`, it starts then or later.
    pub fn at(&self, at: Instant) -> Instant {
        let buckets = self.axes.iter();
        let buckets = buckets.map(|(axis, delay)| {
            let judged = at.checked_sub(*delay).unwrap_or(Instant::MIN);
            axis.index_of(judged).map_or(judged, |i| axis.start(i))
        });
        let next = self.closing.partition_point(|(until, _)| *until <= at);
        let candidates = self.closing.get(next).map(|(_, start)| *start);
        let candidates = candidates.or(self.open);
        buckets.chain(candidates).min().unwrap_or(at)
    }
}

/// Folds `changes`, which are in order of time, into `carry`, and appends what happens to `out`.
///
/// `instants` are the ends of all buckets that were judged in this time, in order, each once.
pub fn fold_groups(
    grouping: &Grouping,
    instants: &[Instant],
    changes: impl IntoIterator<Item = (Instant, Change)>,
    settled: &Settled,
    carry: &mut GroupCarry,
    out: &mut Vec<IncidentEvent>,
) {
    let mut changes = changes.into_iter().peekable();
    let mut next = 0;
    loop {
        if carry.is_empty() {
            // Most of the time nothing is open.
            let Some(&(at, _)) = changes.peek() else {
                return;
            };
            next = next.max(instants.partition_point(|&instant| instant < at));
        }
        let Some(&at) = instants.get(next) else {
            return;
        };
        next += 1;
        let now = std::iter::from_fn(|| changes.next_if(|(when, _)| *when <= at));
        let now = now.map(|(_, change)| change);
        grouping.step(at, now, settled.at(at), carry, out);
    }
}
