//! The fold over what slices, rules and detections found: what belongs together becomes one
//! incident.
//!
//! ```text
//! spans      of a name     where any of its members lies, those that touch joined
//!            of a && b     where a span of a and a span of b overlap
//!            of a || b     where either lies, those that touch joined
//! incidents  spans joined by the policy, cut at its longest duration
//! members    those named whose time overlaps that of the incident
//! ```
//!
//! Incidents are a function of what stands at each instant; what is told is how they differ from
//! those of the instant before, as in the [fold across rules](crate::Across). Intervals are
//! half-open: what only touches does not happen at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tuatara_core::{AnomalyId, Expression, Severity, Status};
use tuatara_frame::{Instant, Interval, SliceKey};

use crate::grouping_carry::Told;
use crate::spans::{Span, joined, overlaps_of, union};
use crate::{
    Event, EventKind, Found, GroupCarry, Incident, IncidentEvent, Member, MergePolicy, Retraction,
};

/// What is fixed while incidents are folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// Name of the detection.
    pub detection: String,
    /// Name of the grouping.
    pub name: String,
    /// The slice, where each slice has incidents of its own.
    pub slice: Option<SliceKey>,
    /// What makes an incident.
    pub gathers: Gathers,
    /// Across which gaps incidents are joined, and how long they may become.
    pub policy: MergePolicy,
}

/// What makes an incident.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Gathers {
    /// Whatever is found at one time.
    Everything,
    /// What an expression over names asks for.
    Expression(Expression),
}

/// A change in what stands.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Change {
    /// This is found, or is now as it is here.
    Stands(Member),
    /// This no longer stands.
    Gone(AnomalyId),
}

impl Change {
    /// What an event of the rule or detection `of` means.
    pub fn of_anomaly(of: &Arc<str>, event: &Event) -> Self {
        match event.kind {
            EventKind::Retracted(_) => Self::Gone(event.anomaly.id),
            _ => Self::Stands(Member {
                of: Arc::clone(of),
                found: Arc::new(Found::Anomaly(Arc::clone(&event.anomaly))),
            }),
        }
    }

    /// What an event of a detection that is itself made of others means.
    pub fn of_incident(of: &Arc<str>, event: &IncidentEvent) -> Self {
        match event.kind {
            EventKind::Retracted(_) => Self::Gone(event.incident.id),
            _ => Self::Stands(Member {
                of: Arc::clone(of),
                found: Arc::new(Found::Incident(event.incident.clone())),
            }),
        }
    }
}

/// An incident as it stands after an instant.
#[derive(Debug)]
struct Standing {
    span: Span,
    told: Told,
    /// Whether it was told before.
    is_known: bool,
    is_closed: bool,
}

impl Grouping {
    /// What happened at the instant `at`: `changes` in the order in which they happened. Whatever
    /// may still come or change starts at `settled` or later. What it means for the incidents is
    /// appended to `out`: taken back, changed, closed, opened.
    pub fn step(
        &self,
        at: Instant,
        changes: impl IntoIterator<Item = Change>,
        settled: Instant,
        carry: &mut GroupCarry,
        out: &mut Vec<IncidentEvent>,
    ) {
        let mut changes = changes.into_iter().peekable();
        if changes.peek().is_none() && !self.is_over(settled, carry) {
            return;
        }
        let before = self.incidents(carry);
        carry.change(changes);
        let standing = self.standing(at, settled, carry);
        let mut say = |kind, incident| out.push(IncidentEvent { at, kind, incident });
        for old in &before {
            if standing.iter().any(|new| new.told.id == old.id) {
                continue;
            }
            let mut now = standing.iter();
            let taken = now.find(|new| new.span.interval.overlaps(old.interval));
            let reason = match taken {
                Some(new) => Retraction::MergedInto { id: new.told.id },
                None => Retraction::Dissolved,
            };
            say(EventKind::Retracted(reason), old.clone());
        }
        let build = |new: &Standing, status| self.incident(&new.span, &new.told, status, carry);
        for new in standing.iter().filter(|new| new.is_known) {
            let incident = build(new, Status::Open);
            let old = before.iter().find(|old| old.id == new.told.id);
            if let Some(kind) = old.and_then(|old| change(old, &incident)) {
                say(kind, incident);
            }
        }
        for new in standing.iter().filter(|new| new.is_known && new.is_closed) {
            say(EventKind::Closed, build(new, Status::Closed));
        }
        for new in standing.iter().filter(|new| !new.is_known) {
            say(EventKind::Opened, build(new, Status::Open));
            if new.is_closed {
                say(EventKind::Closed, build(new, Status::Closed));
            }
        }
        forget_closed(settled, standing, carry);
    }

    /// The incidents that are open, in order of time, as they stand.
    pub fn incidents(&self, carry: &GroupCarry) -> Vec<Incident> {
        let told: BTreeMap<Instant, &Told> = carry.told.iter().map(|t| (t.start, t)).collect();
        let spans = self.spans(carry);
        let known = spans.iter().filter_map(|span| {
            let told = told.get(&span.interval.start())?;
            Some(self.incident(span, told, Status::Open, carry))
        });
        known.collect()
    }

    /// Where incidents lie, in order of time, with the positions of their members.
    fn spans(&self, carry: &GroupCarry) -> Vec<Span> {
        let spans = match &self.gathers {
            Gathers::Everything => union(carry.members.iter().enumerate().map(Span::of)),
            Gathers::Expression(expression) => spans_of(expression, &carry.members),
        };
        let after = spans.into_iter().filter_map(|span| match carry.floor {
            Some(floor) => span.after(floor),
            None => Some(span),
        });
        let mut incidents = joined(after, &self.policy);
        for span in &mut incidents {
            let interval = span.interval;
            let overlaps = |&m: &usize| carry.members[m].found.interval().overlaps(interval);
            span.members.retain(overlaps);
        }
        // Of a gap that was cut off by itself nothing is left.
        incidents.retain(|span| !span.members.is_empty());
        incidents
    }

    fn incident(&self, span: &Span, told: &Told, status: Status, carry: &GroupCarry) -> Incident {
        let members = span.members.iter().map(|&m| carry.members[m].clone());
        let severities = span.members.iter();
        let severities = severities.map(|&m| carry.members[m].found.severity());
        Incident {
            id: told.id,
            detection: self.detection.clone(),
            grouping: self.name.clone(),
            slice: self.slice.clone(),
            interval: span.interval,
            status,
            reportable_at: told.since,
            severity: severities.max().unwrap_or(Severity::Default),
            members: members.collect(),
        }
    }

    /// The incidents after an instant with their names: that of the earliest one told before whose
    /// time they share, otherwise a new one.
    fn standing(&self, at: Instant, settled: Instant, carry: &GroupCarry) -> Vec<Standing> {
        let mut free: Vec<&Told> = carry.told.iter().collect();
        let mut ids: BTreeSet<AnomalyId> = free.iter().map(|told| told.id).collect();
        let name = |span: Span| {
            let interval = span.interval;
            let shares = |told: &&Told| told.interval().overlaps(interval);
            let known = free.iter().position(shares).map(|at| free.remove(at));
            let (id, since) = match known {
                Some(told) => (told.id, told.since),
                None => (self.new_id(interval.start(), &mut ids), at),
            };
            Standing {
                told: Told {
                    id,
                    start: interval.start(),
                    end: interval.end(),
                    since,
                },
                is_known: known.is_some(),
                is_closed: self.can_close(&span, settled, carry),
                span,
            }
        };
        self.spans(carry).into_iter().map(name).collect()
    }

    /// An id that none of `ids` is: one of those may have begun where another begins now.
    fn new_id(&self, start: Instant, ids: &mut BTreeSet<AnomalyId>) -> AnomalyId {
        let place = self.slice.clone();
        let place = place.unwrap_or_else(|| SliceKey::new(""));
        let mut id = AnomalyId::new(&self.detection, &self.name, &place, start);
        while !ids.insert(id) {
            id = AnomalyId::new(&id.to_string(), &self.name, &place, start);
        }
        id
    }

    /// Whether no member can change and nothing can join.
    fn can_close(&self, span: &Span, settled: Instant, carry: &GroupCarry) -> bool {
        let mut members = span.members.iter().map(|&m| &carry.members[m].found);
        members.all(|found| found.status() == Status::Closed)
            && !self.policy.can_join(span.interval, settled)
    }

    /// Whether something can be closed or forgotten without anything having happened.
    fn is_over(&self, settled: Instant, carry: &GroupCarry) -> bool {
        let mut members = carry.members.iter();
        members.any(|member| is_past(member, settled)) && {
            let spans = self.spans(carry);
            let mut open: BTreeSet<usize> = BTreeSet::new();
            for span in &spans {
                if self.can_close(span, settled, carry) {
                    return true;
                }
                open.extend(&span.members);
            }
            let mut members = carry.members.iter().enumerate();
            members.any(|(m, member)| is_past(member, settled) && !open.contains(&m))
        }
    }
}

/// Whether a member is over, and nothing can happen at the same time any more.
fn is_past(member: &Member, settled: Instant) -> bool {
    member.found.status() == Status::Closed && member.found.interval().end() <= settled
}

fn spans_of(expression: &Expression, members: &[Member]) -> Vec<Span> {
    match expression {
        Expression::Name(name) => {
            let named = members.iter().enumerate();
            union(
                named
                    .filter(|(_, member)| *member.of == **name)
                    .map(Span::of),
            )
        }
        Expression::Any(terms) => union(terms.iter().flat_map(|term| spans_of(term, members))),
        Expression::All(terms) => {
            let all = terms.iter().map(|term| spans_of(term, members));
            all.reduce(|a, b| overlaps_of(&a, &b)).unwrap_or_default()
        }
    }
}

/// What to say of an incident that was `old`; nothing where it looks the same from outside.
fn change(old: &Incident, new: &Incident) -> Option<EventKind> {
    let parts = |incident: &Incident| -> BTreeMap<AnomalyId, (Interval, u32)> {
        let part = |member: &Member| {
            let flagged = match member.found.as_ref() {
                Found::Anomaly(anomaly) => anomaly.flagged,
                Found::Incident(incident) => {
                    let all = incident.anomalies();
                    all.iter()
                        .fold(0, |sum: u32, a| sum.saturating_add(a.flagged))
                }
            };
            (member.found.id(), (member.found.interval(), flagged))
        };
        incident.members.iter().map(part).collect()
    };
    let (was, is) = (parts(old), parts(new));
    let has_shrunk = new.interval.start() > old.interval.start()
        || new.interval.end() < old.interval.end()
        || !was.keys().all(|id| is.contains_key(id));
    let matters = |incident: &Incident| (incident.severity, incident.is_suppressed());
    if matters(old) != matters(new) || has_shrunk {
        return Some(EventKind::Rescored);
    }
    (old.interval != new.interval || was != is).then_some(EventKind::Extended)
}

/// What is over leaves the carry, but where it ended if something that goes on began before.
fn forget_closed(settled: Instant, standing: Vec<Standing>, carry: &mut GroupCarry) {
    let mut open: BTreeSet<usize> = BTreeSet::new();
    carry.told.clear();
    for new in standing {
        if new.is_closed {
            let end = new.span.interval.end();
            carry.floor = Some(carry.floor.map_or(end, |floor| floor.max(end)));
        } else {
            open.extend(&new.span.members);
            carry.told.push(new.told);
        }
    }
    let mut at = 0;
    carry.members.retain(|member| {
        at += 1;
        open.contains(&(at - 1)) || !is_past(member, settled)
    });
    let floor = carry.floor;
    let mut members = carry.members.iter();
    let is_before = |floor: &Instant| members.any(|m| m.found.interval().start() < *floor);
    carry.floor = floor.filter(is_before);
}
