//! The parents of what several rules found: at every instant all of it anew.

use std::sync::Arc;

use tuatara_core::{Anomaly, AnomalyId, Status};
use tuatara_frame::{Instant, Interval};
use tuatara_merge::{Event, EventKind, Retraction};

/// The events of the parents of what `rules` say, each rule's events in the order of time.
///
/// At each of `instants`, with the start of the earliest that may still come or change, the
/// children are those that were opened and not taken back since, from the beginning of time on.
/// Nothing is ever forgotten, so a parent that has closed would show if it changed.
///
/// # Errors
/// What happened to a parent after it had closed.
pub fn across(
    rules: &[&[Event]],
    instants: &[(Instant, Instant)],
    max_gap: i64,
    max_duration: i64,
) -> Result<Vec<Event>, String> {
    let mut said = Vec::new();
    let mut before: Vec<Anomaly> = Vec::new();
    let mut over: Vec<AnomalyId> = Vec::new();
    for &(at, settled) in instants {
        let mut children: Vec<Anomaly> = Vec::new();
        let mut taken_back: Vec<&Event> = Vec::new();
        for event in rules.iter().flat_map(|events| events.iter()) {
            if event.at > at {
                continue;
            }
            children.retain(|child| child.id != event.anomaly.id);
            if !matches!(event.kind, EventKind::Retracted(_)) {
                children.push(Anomaly::clone(&event.anomaly));
            } else if event.at == at {
                taken_back.push(event);
            }
        }
        // Of equal starts the longer first; then by name of the rule, then of the anomaly.
        children.sort_by_key(|child| {
            let (start, end) = ends(child);
            (start, -end, child.rules.clone(), child.id)
        });
        let names: Vec<AnomalyId> = before.iter().map(|parent| parent.id).collect();
        let now = parents(&children, &names, max_gap, max_duration);
        let mut say = |kind, anomaly: Anomaly| {
            let anomaly = Arc::new(anomaly);
            said.push(Event { at, kind, anomaly });
        };
        for old in before
            .iter()
            .filter(|old| now.iter().all(|(new, _)| new.id != old.id))
        {
            let event = taken_back.iter().find(|event| event.anomaly.id == old.id);
            let kind = match event {
                Some(event) => event.kind.clone(),
                None => {
                    let holder = now.iter().find(|(_, members)| members.contains(&old.id));
                    let (holder, _) = holder.ok_or("a child has been lost")?;
                    EventKind::Retracted(Retraction::MergedInto { id: holder.id })
                }
            };
            let alone = event.filter(|_| old.children.is_empty());
            say(kind, alone.map_or(old, |event| &*event.anomaly).clone());
        }
        let known = |id: AnomalyId| before.iter().find(|old| old.id == id);
        for (new, _) in &now {
            match known(new.id) {
                Some(old) if format!("{old:?}") != format!("{new:?}") => {
                    if over.contains(&new.id) {
                        return Err(format!("{old:?} has closed and is {new:?}"));
                    }
                    let grown = ends(new).0 <= ends(old).0
                        && ends(new).1 >= ends(old).1
                        && new.flagged >= old.flagged
                        && old.rules.iter().all(|rule| new.rules.contains(rule));
                    let same = new.peak.score.total_cmp(&old.peak.score).is_eq()
                        && (new.severity, new.direction) == (old.severity, old.direction);
                    let kind = match grown && same {
                        true => EventKind::Extended,
                        false => EventKind::Rescored,
                    };
                    say(kind, new.clone());
                }
                _ => {}
            }
        }
        // Those that were known first, then the new ones.
        for is_known in [true, false] {
            for (new, members) in &now {
                if known(new.id).is_some() != is_known || over.contains(&new.id) {
                    continue;
                }
                if !is_known {
                    say(EventKind::Opened, new.clone());
                }
                let is_closed = |id: &AnomalyId| {
                    let mut children = children.iter();
                    children.any(|child| child.id == *id && child.status == Status::Closed)
                };
                let (start, end) = ends(new);
                let far = settled.millis() - end > max_gap;
                let full = settled.millis() >= end.max(start + max_duration);
                if members.iter().all(is_closed) && (far || full) {
                    let mut closed = new.clone();
                    closed.status = Status::Closed;
                    for child in &mut closed.children {
                        child.status = Status::Closed;
                    }
                    say(EventKind::Closed, closed);
                    over.push(new.id);
                }
            }
        }
        before = now.into_iter().map(|(parent, _)| parent).collect();
    }
    Ok(said)
}

fn ends(anomaly: &Anomaly) -> (i64, i64) {
    let interval = anomaly.interval;
    (interval.start().millis(), interval.end().millis())
}

/// The parents of `children`, which are in order, and the names of the children of each.
fn parents(
    children: &[Anomaly],
    names: &[AnomalyId],
    max_gap: i64,
    max_duration: i64,
) -> Vec<(Anomaly, Vec<AnomalyId>)> {
    let mut all = Vec::new();
    let mut directions: Vec<_> = children.iter().map(|child| child.direction).collect();
    directions.sort_unstable();
    directions.dedup();
    for direction in directions {
        let mut rest: Vec<&Anomaly> = children.iter().collect();
        rest.retain(|child| child.direction == direction);
        let mut last_end = i64::MIN;
        while !rest.is_empty() {
            let mut members: Vec<&Anomaly> = vec![rest.remove(0)];
            let start = ends(members[0]).0.max(last_end);
            let mut end = ends(members[0]).1;
            // As long as each is near enough and fits, it belongs to this one.
            while let Some(child) = rest.first() {
                let (from, to) = ends(child);
                if from - end > max_gap || (to > end && to - start > max_duration) {
                    break;
                }
                end = end.max(to);
                members.push(rest.remove(0));
            }
            // Then only what lies within.
            members.extend(rest.iter().filter(|child| ends(child).1 <= end));
            rest.retain(|child| ends(child).1 > end);
            last_end = end;
            let parent = parent(&members, names, start, end);
            all.push((parent, members.iter().map(|child| child.id).collect()));
        }
    }
    all
}

fn parent(members: &[&Anomaly], names: &[AnomalyId], start: i64, end: i64) -> Anomaly {
    let mut open: Vec<Anomaly> = members.iter().map(|&child| child.clone()).collect();
    for child in &mut open {
        child.status = Status::Open;
        for leaf in &mut child.children {
            leaf.status = Status::Open;
        }
    }
    if open.len() == 1 && ends(&open[0]) == (start, end) {
        return open.remove(0);
    }
    let mut by_time: Vec<&Anomaly> = open
        .iter()
        .filter(|child| names.contains(&child.id))
        .collect();
    by_time.sort_by_key(|child| child.reportable_at);
    let id = by_time.first().map_or(open[0].id, |child| child.id);
    // Sorting keeps the order of equals.
    let mut by_score: Vec<&Anomaly> = open.iter().collect();
    by_score.sort_by(|a, b| b.peak.score.total_cmp(&a.peak.score));
    let mut by_severity: Vec<&Anomaly> = open.iter().collect();
    by_severity.sort_by_key(|child| std::cmp::Reverse(child.severity));
    let mut parent = by_score[0].clone();
    parent.id = id;
    let instant = |millis| Instant::from_millis(millis).expect("the end of a child");
    parent.interval = Interval::new(instant(start), instant(end)).expect("it has a length");
    parent.reportable_at = open.iter().filter_map(|child| child.reportable_at).min();
    parent.severity = by_severity[0].severity;
    parent.label = by_severity[0].label.clone();
    parent.judgements.clear();
    parent.rules.clear();
    for rule in open.iter().flat_map(|child| &child.rules) {
        if !parent.rules.contains(rule) {
            parent.rules.push(rule.clone());
        }
    }
    let mut leaves: Vec<Anomaly> = Vec::new();
    for child in &open {
        if child.children.is_empty() {
            leaves.push(child.clone());
        } else {
            leaves.extend(child.children.iter().cloned());
        }
    }
    let of_rule = |one: &Anomaly| -> u32 {
        let same = leaves.iter().filter(|leaf| leaf.rules == one.rules);
        same.map(|leaf| leaf.flagged).sum()
    };
    parent.flagged = leaves.iter().map(of_rule).max().unwrap_or(0);
    parent.children = leaves;
    parent
}
