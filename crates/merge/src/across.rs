//! The fold across rules: what several rules found in one stretch of time is told once.
//!
//! ```text
//! children  the anomalies of all rules on one slice that stand reported, as they stand
//! parents   the children of one direction, by start and the longer first, each:
//!             within the end of an earlier parent   part of that
//!             placed by the policy beside the last  part of that, or the first of another,
//!                                                   which starts no earlier than the last ends
//! ```
//!
//! Parents are a function of the children at each instant; what is told is how they differ from
//! those of the instant before. A child is an atom, as a bucket is for the fold of one rule: where
//! it would make a parent too long it belongs to the next, and an overlap is counted to the
//! earlier, so that parents of one slice and direction never overlap. A parent of one child that
//! overlaps no other is that child.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use tuatara_core::{Anomaly, AnomalyId, Direction, Severity, Status, Suppression};
use tuatara_frame::{Instant, Interval};

use crate::{AcrossCarry, Event, EventKind, MergePolicy, Placement, Retraction};

/// What is fixed while the anomalies of several rules are folded over one slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Across {
    /// When stretches belong together.
    pub policy: MergePolicy,
}

/// Children that make one parent.
#[derive(Debug)]
struct Group {
    interval: Interval,
    direction: Direction,
    /// Positions among the children, in order.
    members: Vec<usize>,
}

/// A parent as it stands after an instant.
struct Standing {
    group: Group,
    parent: Anomaly,
    is_closed: bool,
}

impl Across {
    /// What happened at the instant `at`: `events` of the rules, each rule's in their order.
    /// Whatever may still come or change, reported or not, starts at `settled` or later. What
    /// it means for the parents is appended to `out`.
    ///
    /// Parents are told in this order: taken back, changed, closed, opened.
    pub fn step<'e>(
        &self,
        at: Instant,
        events: impl IntoIterator<Item = &'e Event>,
        settled: Instant,
        carry: &mut AcrossCarry,
        out: &mut Vec<Event>,
    ) {
        let mut events = events.into_iter().peekable();
        if events.peek().is_none() && !self.any_can_close(settled, carry) {
            return;
        }
        let before = self.parents(carry);
        let mut gone: Vec<&Event> = Vec::new();
        for event in events {
            let id = event.anomaly.id;
            carry.children.retain(|child| child.id != id);
            match event.kind {
                EventKind::Retracted(_) => gone.push(event),
                _ => carry.children.push(Anomaly::clone(&event.anomaly)),
            }
        }
        carry.children.sort_by(in_order);
        let standing = self.standing(settled, carry);
        let mut say = |kind, anomaly: Anomaly| {
            let anomaly = Arc::new(anomaly);
            out.push(Event { at, kind, anomaly });
        };
        for old in &before {
            if standing.iter().any(|new| new.parent.id == old.id) {
                continue;
            }
            // A parent is named by one of its children: that was taken back, or is now another's.
            match gone.iter().find(|event| event.anomaly.id == old.id) {
                Some(event) if old.children.is_empty() => {
                    say(event.kind.clone(), Anomaly::clone(&event.anomaly));
                }
                Some(event) => say(event.kind.clone(), old.clone()),
                None => {
                    let holds = |new: &&Standing| {
                        let mut members = new.group.members.iter();
                        members.any(|&child| carry.children[child].id == old.id)
                    };
                    let id = standing.iter().find(holds).map(|new| new.parent.id);
                    let id = id.expect("the child that names a parent is in one");
                    say(
                        EventKind::Retracted(Retraction::MergedInto { id }),
                        old.clone(),
                    );
                }
            }
        }
        let known = |new: &Standing| before.iter().find(|old| old.id == new.parent.id);
        for new in &standing {
            if let Some(kind) = known(new).and_then(|old| change(old, &new.parent)) {
                say(kind, new.parent.clone());
            }
        }
        let closed = |parent: &Anomaly| with_status(parent, Status::Closed);
        for new in standing.iter().filter(|new| known(new).is_some()) {
            if new.is_closed {
                say(EventKind::Closed, closed(&new.parent));
            }
        }
        for new in standing.iter().filter(|new| known(new).is_none()) {
            say(EventKind::Opened, new.parent.clone());
            if new.is_closed {
                say(EventKind::Closed, closed(&new.parent));
            }
        }
        forget_closed(&standing, carry);
    }

    /// The parents that are open, by direction and start, as they stand.
    pub fn parents(&self, carry: &AcrossCarry) -> Vec<Anomaly> {
        let groups = self.groups(carry);
        let named = groups
            .iter()
            .map(|group| parent(group, name(group, carry), &carry.children));
        named.collect()
    }

    fn standing(&self, settled: Instant, carry: &AcrossCarry) -> Vec<Standing> {
        let stand = |group: Group| Standing {
            parent: parent(&group, name(&group, carry), &carry.children),
            is_closed: self.can_close(&group, settled, carry),
            group,
        };
        self.groups(carry).into_iter().map(stand).collect()
    }

    fn any_can_close(&self, settled: Instant, carry: &AcrossCarry) -> bool {
        let is_over =
            |child: &Anomaly| child.status == Status::Closed && child.interval.end() <= settled;
        if !carry.children.iter().any(is_over) {
            return false;
        }
        let mut groups = self.groups(carry).into_iter();
        groups.any(|group| self.can_close(&group, settled, carry))
    }

    /// Whether no member can change and nothing can join.
    fn can_close(&self, group: &Group, settled: Instant, carry: &AcrossCarry) -> bool {
        let mut members = group.members.iter().map(|&child| &carry.children[child]);
        members.all(|child| child.status == Status::Closed)
            && !self.policy.can_join(group.interval, settled)
    }

    /// The children, which are in order, by the parents that they make.
    fn groups(&self, carry: &AcrossCarry) -> Vec<Group> {
        let mut by_direction: BTreeMap<Direction, Vec<Group>> = BTreeMap::new();
        for (at, child) in carry.children.iter().enumerate() {
            let groups = by_direction.entry(child.direction).or_default();
            let (start, end) = (child.interval.start(), child.interval.end());
            if let Some(holder) = groups.iter_mut().find(|group| end <= group.interval.end()) {
                holder.members.push(at);
                continue;
            }
            let before = match groups.last_mut() {
                Some(last) => {
                    let place = self.policy.place(last.interval, child.interval);
                    if place == Placement::Join {
                        last.interval = between(last.interval.start(), end);
                        last.members.push(at);
                        continue;
                    }
                    Some(last.interval.end())
                }
                None => carry.floors.get(&child.direction).copied(),
            };
            groups.push(Group {
                interval: between(before.map_or(start, |before| start.max(before)), end),
                direction: child.direction,
                members: vec![at],
            });
        }
        by_direction.into_values().flatten().collect()
    }
}

/// By start, the longer first, then rule.
fn in_order(a: &Anomaly, b: &Anomaly) -> std::cmp::Ordering {
    let key = |a: &Anomaly| (a.interval.start(), Reverse(a.interval.end()));
    let by_rule = || (&a.rules, a.id).cmp(&(&b.rules, b.id));
    key(a).cmp(&key(b)).then_with(by_rule)
}

/// The ends of a group or a child, in a form that the carry has been checked for.
fn between(start: Instant, end: Instant) -> Interval {
    Interval::new(start, end.max(start)).expect("it ends no earlier than it starts")
}

/// The child that names a parent: of those that do already the one that was kept first, otherwise
/// the first.
fn name(group: &Group, carry: &AcrossCarry) -> AnomalyId {
    let members = || group.members.iter().map(|&child| &carry.children[child]);
    let told = members().filter(|child| carry.told.binary_search(&child.id).is_ok());
    // Of equals, the first.
    let named = told.min_by_key(|child| child.reportable_at);
    let named = named.or_else(|| members().next());
    named.expect("a group has a member").id
}

/// A parent and its children are open together: whether one of these could grow by itself says
/// nothing that needs telling.
fn with_status(anomaly: &Anomaly, status: Status) -> Anomaly {
    let mut anomaly = anomaly.clone();
    anomaly.status = status;
    for child in &mut anomaly.children {
        child.status = status;
    }
    anomaly
}

fn parent(group: &Group, id: AnomalyId, children: &[Anomaly]) -> Anomaly {
    let members = || group.members.iter().map(|&child| &children[child]);
    let first = members().next().expect("a group has a member");
    if group.members.len() == 1 && first.interval == group.interval {
        return with_status(first, Status::Open);
    }
    let higher = |a: &'_ Anomaly, b: &'_ Anomaly| b.peak.score > a.peak.score;
    let lead = members().fold(first, |a, b| if higher(a, b) { b } else { a });
    let worse = |a: &'_ Anomaly, b: &'_ Anomaly| b.severity > a.severity;
    let worst = members().fold(first, |a, b| if worse(a, b) { b } else { a });
    let mut rules: Vec<String> = Vec::new();
    for rule in members().flat_map(|child| &child.rules) {
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }
    // A child that is a parent itself hands on its own.
    let mut leaves: Vec<Anomaly> = Vec::new();
    for child in members() {
        match child.children.as_slice() {
            [] => leaves.push(child.clone()),
            own => leaves.extend_from_slice(own),
        }
    }
    let mut flagged: BTreeMap<&[String], u32> = BTreeMap::new();
    for leaf in &leaves {
        let count = flagged.entry(&leaf.rules).or_default();
        *count = count.saturating_add(leaf.flagged);
    }
    let mut parent = lead.clone();
    parent.id = id;
    parent.interval = group.interval;
    parent.reportable_at = members().filter_map(|child| child.reportable_at).min();
    parent.rules = rules;
    parent.severity = worst.severity;
    parent.label = worst.label.clone();
    parent.flagged = flagged.into_values().max().unwrap_or(0);
    parent.judgements = Vec::new();
    parent.suppressions = suppressions(&leaves);
    parent.children = leaves;
    with_status(&parent, Status::Open)
}

/// The windows that suppress `children`, each once, if all of these are suppressed.
fn suppressions(children: &[Anomaly]) -> Vec<Suppression> {
    let mut together: Vec<Suppression> = Vec::new();
    if !children.iter().all(Anomaly::is_suppressed) {
        return together;
    }
    let of_children = children.iter().flat_map(|child| &child.suppressions);
    for said in of_children.filter(|said| said.applies) {
        if !together.iter().any(|known| known.is_of_window_of(said)) {
            together.push(said.clone());
        }
    }
    together
}

/// What to say of a parent that was `old`; nothing where it looks the same from outside.
fn change(old: &Anomaly, new: &Anomaly) -> Option<EventKind> {
    let matters = |a: &Anomaly| -> (u64, Severity, Direction, bool) {
        let score = a.peak.score.to_bits();
        (score, a.severity, a.direction, a.is_suppressed())
    };
    let has_shrunk = new.interval.start() > old.interval.start()
        || new.interval.end() < old.interval.end()
        || new.flagged < old.flagged
        || !old.rules.iter().all(|rule| new.rules.contains(rule));
    if matters(old) != matters(new) || has_shrunk {
        return Some(EventKind::Rescored);
    }
    let members = |a: &Anomaly| -> Vec<(AnomalyId, Interval, u32)> {
        let member = |a: &Anomaly| (a.id, a.interval, a.flagged);
        std::iter::once(a).chain(&a.children).map(member).collect()
    };
    (members(old) != members(new)).then_some(EventKind::Extended)
}

/// What is over leaves the carry, but where it ended if something that goes on began before.
fn forget_closed(standing: &[Standing], carry: &mut AcrossCarry) {
    carry.told = standing
        .iter()
        .filter(|new| !new.is_closed)
        .map(|new| new.parent.id)
        .collect();
    carry.told.sort_unstable();
    let mut over: Vec<usize> = Vec::new();
    for new in standing.iter().filter(|new| new.is_closed) {
        over.extend(&new.group.members);
        let end = new.group.interval.end();
        let floor = carry.floors.entry(new.group.direction).or_insert(end);
        *floor = end.max(*floor);
    }
    over.sort_unstable();
    let mut at = 0;
    carry.children.retain(|_| {
        at += 1;
        over.binary_search(&(at - 1)).is_err()
    });
    let children = &carry.children;
    carry.floors.retain(|direction, floor| {
        let mut of_it = children
            .iter()
            .filter(|child| child.direction == *direction);
        of_it.any(|child| child.interval.start() < *floor)
    });
}

/// Joins finished `anomalies` of one slice, in any order: parents by direction and start.
///
/// ```
/// use tuatara_merge::{MergePolicy, merge_anomalies};
///
/// assert!(merge_anomalies([], MergePolicy::default()).is_empty());
/// ```
pub fn merge_anomalies(
    anomalies: impl IntoIterator<Item = Anomaly>,
    policy: MergePolicy,
) -> Vec<Anomaly> {
    let mut carry = AcrossCarry {
        children: anomalies.into_iter().collect(),
        ..AcrossCarry::default()
    };
    carry.children.sort_by(in_order);
    let mut parents = Across { policy }.parents(&carry);
    for parent in &mut parents {
        *parent = with_status(parent, Status::Closed);
    }
    parents
}
