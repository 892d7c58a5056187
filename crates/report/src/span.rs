//! What is shaded in a drawing: anomalies, events, and stretches that were not judged.

use std::collections::BTreeMap;
use std::ops::Range;

use tuatara::core::{Anomaly, AnomalyId, Row, Severity, Verdict};
use tuatara::frame::{Instant, Interval, SliceKey};
use tuatara::{Report, RuleReport};

use crate::Clock;
use crate::rank::foremost;
use crate::reason::reason;

/// Anomalies that a page lists, and as many of those that were removed.
pub(crate) const LISTED: usize = 300;

/// What became of an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// A filter does not keep it.
    Removed,
    /// It was to be expected.
    Suppressed,
    /// It is reported.
    Kept,
}

impl State {
    pub(crate) fn of(anomaly: &Anomaly) -> Self {
        match anomaly.is_suppressed() {
            true => Self::Suppressed,
            false => Self::Kept,
        }
    }

    /// Its class in markup.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Suppressed => "suppressed",
            Self::Kept => "kept",
        }
    }
}

/// An anomaly in a drawing.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) interval: Interval,
    pub(crate) state: State,
    pub(crate) severity: Severity,
    /// Where it is told of; nothing where no line of the page does.
    pub(crate) told: Option<Told>,
}

/// Where an anomaly in a drawing is told of.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// The element: `a3` the fourth anomaly of the report, `r0` the first that was removed.
    pub(crate) target: String,
    /// When and why, in words.
    pub(crate) title: String,
}

/// Where the anomalies of a report are told of.
#[derive(Debug)]
pub(crate) struct Found<'r> {
    report: &'r Report,
    /// Positions among the anomalies, of parts of them, too.
    told: BTreeMap<AnomalyId, usize>,
    removed: BTreeMap<(&'r SliceKey, &'r str), Vec<usize>>,
    /// Positions of the anomalies that have lines, and of those that were removed, in order.
    listed: [Vec<usize>; 2],
    /// What names of elements begin with.
    ids: String,
}

impl<'r> Found<'r> {
    pub(crate) fn of(report: &'r Report) -> Self {
        let listed = [report.anomalies(), report.removed()].map(|all| foremost(all, LISTED));
        Self::listing(report, listed, "")
    }

    /// Where only those in these positions have lines, among the anomalies and among those that were
    /// removed, in order; names of elements begin with `ids`.
    pub(crate) fn listing(report: &'r Report, listed: [Vec<usize>; 2], ids: &str) -> Self {
        let mut told = BTreeMap::new();
        for (at, anomaly) in report.anomalies().iter().enumerate() {
            for child in &anomaly.children {
                told.insert(child.id, at);
            }
        }
        for (at, anomaly) in report.anomalies().iter().enumerate() {
            told.insert(anomaly.id, at);
        }
        let mut removed: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, anomaly) in report.removed().iter().enumerate() {
            for rule in &anomaly.rules {
                let of = (&anomaly.slice, rule.as_str());
                removed.entry(of).or_default().push(at);
            }
        }
        Self {
            report,
            told,
            removed,
            listed,
            ids: ids.to_owned(),
        }
    }

    /// The element that tells of anomaly `at`, where one does.
    pub(crate) fn target_of(&self, at: usize) -> Option<String> {
        let known = self.listed[0].binary_search(&at);
        known.ok().map(|_| format!("{}a{at}", self.ids))
    }

    /// The element that tells of `at` of those that were removed, where one does.
    pub(crate) fn target_of_removed(&self, at: usize) -> Option<String> {
        let known = self.listed[1].binary_search(&at);
        known.ok().map(|_| format!("{}r{at}", self.ids))
    }

    /// The element that tells of `anomaly`, or of what it is part of, where one does.
    pub(crate) fn target(&self, anomaly: &Anomaly) -> Option<String> {
        self.told
            .get(&anomaly.id)
            .and_then(|&at| self.target_of(at))
    }

    /// What `rule` found on `slice`, in order of start; what was removed comes first.
    pub(crate) fn spans(&self, slice: &SliceKey, rule: &RuleReport, clock: &Clock) -> Vec<Span> {
        let removed = self.removed.get(&(slice, rule.name()));
        let removed = removed.into_iter().flatten().map(|&at| {
            let anomaly = &self.report.removed()[at];
            let told = self.target_of_removed(at).map(|target| {
                let why = anomaly.judgements.iter().find(|judgement| !judgement.kept);
                let why = why.map_or_else(String::new, |why| format!("; {why}"));
                let title = format!("{}{why}", title(anomaly, clock));
                Told { target, title }
            });
            Span {
                interval: anomaly.interval,
                state: State::Removed,
                severity: anomaly.severity,
                told,
            }
        });
        let kept = rule.anomalies().iter().filter_map(|anomaly| {
            let &at = self.told.get(&anomaly.id)?;
            Some(Span {
                interval: anomaly.interval,
                state: State::of(anomaly),
                severity: anomaly.severity,
                told: self.target_of(at).map(|target| Told {
                    target,
                    title: title(anomaly, clock),
                }),
            })
        });
        removed.chain(kept).collect()
    }
}

/// When and why, in words.
pub(crate) fn title(anomaly: &Anomaly, clock: &Clock) -> String {
    let mut said = format!(
        "{} to {}: {}",
        clock.show(anomaly.interval.start()),
        clock.show(anomaly.interval.end()),
        reason(anomaly, |at| clock.show(at))
    );
    if anomaly.severity != Severity::Default {
        said.push_str(&format!("; {}", anomaly.severity));
    }
    let events: Vec<&str> = anomaly.suppressed_by().collect();
    if !events.is_empty() {
        said.push_str(&format!("; suppressed by {}", events.join(", ")));
    }
    said
}

/// Something that is known of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tint {
    pub(crate) interval: Interval,
    /// Its class in markup: `event`, `masked` where it does not train, or `labelled` where something
    /// is known to have happened.
    pub(crate) class: &'static str,
    pub(crate) title: String,
}

/// What the calendar says of the time of `rule`.
pub(crate) fn tints(rule: &RuleReport, within: Interval) -> Vec<Tint> {
    let events = rule.events();
    let mut tints: Vec<Tint> = Vec::new();
    for (interval, _) in events.mask().spans() {
        let event = events.mask().event_hiding(interval, Instant::MAX);
        let title = match event {
            Some(event) => format!("{event}: does not train"),
            None => "does not train".to_owned(),
        };
        tints.push(Tint {
            interval,
            class: "masked",
            title,
        });
    }
    for factor in events.factors().spans() {
        let title = format!(
            "{}: {} times as much is expected",
            factor.event(),
            factor.factor()
        );
        tints.push(Tint {
            interval: factor.interval(),
            class: "event",
            title,
        });
    }
    for window in events.windows() {
        tints.push(Tint {
            interval: window.interval(),
            class: "event",
            title: format!("{}: anomalies are suppressed", window.event()),
        });
    }
    tints.retain(|tint| tint.interval.overlaps(within));
    tints
}

/// What is known to have happened in the time that is drawn.
pub(crate) fn incidents(labelled: &[Interval], within: Interval, clock: &Clock) -> Vec<Tint> {
    let seen = labelled.iter().filter(|interval| interval.overlaps(within));
    let tint = |&interval: &Interval| Tint {
        interval,
        class: "labelled",
        title: format!(
            "labelled: an incident from {} to {}",
            clock.show(interval.start()),
            clock.show(interval.end())
        ),
    };
    seen.map(tint).collect()
}

/// A stretch of rows that have no verdict on their value, and why.
pub(crate) fn unjudged(rows: &[(Interval, Row)]) -> Vec<(Range<usize>, &'static str)> {
    let why = |row: &Row| match row.verdict {
        Verdict::WarmingUp { .. } => Some("warming up"),
        Verdict::Inactive => Some("not watched"),
        Verdict::Incomplete => Some("incomplete"),
        _ => None,
    };
    let mut found: Vec<(Range<usize>, &'static str)> = Vec::new();
    for (i, (_, row)) in rows.iter().enumerate() {
        let Some(why) = why(row) else { continue };
        match found.last_mut() {
            Some((range, known)) if range.end == i && *known == why => range.end = i + 1,
            _ => found.push((i..i + 1, why)),
        }
    }
    found
}
