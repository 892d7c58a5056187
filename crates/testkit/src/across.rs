//! The battery of the fold across rules: streams of several rules, at once, in pieces, in another
//! order, twice, and by the definition.

use std::collections::BTreeMap;
use std::fmt;

use tuatara_core::{Anomaly, AnomalyId, Direction, Evaluation, Filter, Row, Verdict, Window};
use tuatara_frame::{Aggregation, Duration, Instant, Series, SliceKey, TimeAxis, Zone};
use tuatara_merge::{
    Across, AcrossCarry, Event, EventKind, Folded, FoldedRule, MergePolicy, NamedFilter, RuleCarry,
    Stage, Thinning, fold_across,
};

use crate::fold::thinning;
use crate::{Draw, Law, Violation, naive};

const HOUR: i64 = 3_600_000;
/// 2026-01-01, a whole number of each bucket after the epoch.
const FIRST: i64 = 1_767_225_600_000;
const NAMES: [&str; 4] = ["b:RULE", "d:RULE", "a:RULE", "c:RULE"];

/// Tries the fold across rules on random streams of real rule stages with random choices of
/// `filters`, each with its name. The filters look at nothing but the anomaly.
///
/// # Panics
/// When a law is broken: the message is the [`Violation`], with the seed and both answers.
pub fn check_across(cases: usize, filters: &[(&str, &dyn Filter)]) -> AcrossReport {
    let mut report = AcrossReport::default();
    for seed in 0..cases as u64 {
        let trial = AcrossTrial::draw(seed, filters);
        if let Err(violation) = trial.check_all(&mut Draw::new(seed), &mut report) {
            panic!("{violation}");
        }
    }
    report
}

/// What the battery has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AcrossReport {
    /// Events of all cases.
    pub events: usize,
    /// Parents that closed with several children.
    pub joined: usize,
    /// Parents that became part of another.
    pub merged: usize,
    /// Parents that were taken back as a filter no longer kept the child that named them.
    pub filtered: usize,
    /// Parents that start only where another ends, as both would be too long.
    pub cut: usize,
    /// Cuts at which a parent was open.
    pub carried: usize,
}

impl fmt::Display for AcrossReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} events, {} joined, {} merged, {} filtered, {} cut, {} carried",
            self.events, self.joined, self.merged, self.filtered, self.cut, self.carried
        )
    }
}

struct RuleStream<'a> {
    name: &'static str,
    series: Series,
    rows: Evaluation,
    thinning: Thinning,
    delay: Duration,
    filters: Vec<NamedFilter<'a>>,
}

struct AcrossTrial<'a> {
    seed: u64,
    across: Across,
    slice: SliceKey,
    rules: Vec<RuleStream<'a>>,
    /// Ends of all buckets, and the delays of their rules.
    instants: Vec<Instant>,
}

/// What came of a fold in pieces.
#[derive(Default)]
struct Run {
    events: Vec<Event>,
    carry: AcrossCarry,
    /// Of each rule, over all pieces.
    of_rules: Vec<(Folded, RuleCarry)>,
    carried: usize,
}

impl<'a> AcrossTrial<'a> {
    fn draw(seed: u64, filters: &[(&'a str, &'a dyn Filter)]) -> Self {
        let mut draw = Draw::new(seed);
        let hours = draw.between(20..160) as i64;
        let at = |hour: i64| Instant::from_millis(FIRST + hour * HOUR).expect("an hour");
        let millis = |hours: f64| {
            Duration::from_millis((hours * HOUR as f64) as i64).expect("a number of hours")
        };
        let gap = *draw.pick(&[0.0, 1.0, 1.5, 2.0, 4.0]);
        let longest = *draw.pick(&[3.0, 5.5, 8.0, 20.0, 60.0]);
        let policy = MergePolicy::new(millis(gap), millis(longest)).expect("longer than nothing");
        let count = draw.between(1..NAMES.len() + 1);
        let mut instants = Vec::new();
        let rules = NAMES[..count].iter().map(|&name| {
            let step = *draw.pick(&["PT1H", "PT1H", "PT2H", "PT6H"]);
            let span = tuatara_frame::Interval::new(at(0), at(hours)).expect("in order");
            let granularity = step.parse().expect("a step");
            let axis = TimeAxis::covering(granularity, Zone::UTC, span).expect("a short axis");
            let delay = millis(*draw.pick(&[0.0, 0.0, 1.0, 2.5, 7.0]));
            let judged = |i: usize| axis.end(i).checked_add(delay).expect("soon after");
            instants.extend((0..axis.len()).map(judged));
            let values = vec![1.0; axis.len()];
            let series = Series::new(axis, values).expect("one value a bucket");
            let chosen = filters.iter().filter(|_| draw.chance(0.4));
            let chosen = chosen.map(|&(name, filter)| NamedFilter {
                name,
                filter,
                axis: None,
                others: &[],
            });
            let filters = chosen.collect();
            let thinning = thinning(&mut draw, HOUR);
            RuleStream {
                thinning,
                delay,
                name,
                rows: rows(&mut draw, series.len()),
                series,
                filters,
            }
        });
        let rules = rules.collect();
        instants.sort_unstable();
        instants.dedup();
        Self {
            seed,
            across: Across { policy },
            slice: SliceKey::new("metric"),
            rules,
            instants,
        }
    }

    /// Folds the rules in `order` in pieces that end with the instants at `cuts`, all carries
    /// written and read in between.
    fn run(&self, order: &[usize], cuts: &[usize]) -> Result<Run, Violation> {
        let mut run = Run {
            of_rules: vec![Default::default(); order.len()],
            ..Run::default()
        };
        for cut in cuts.windows(2) {
            let instants = &self.instants[cut[0]..cut[1]];
            let (Some(first), Some(last)) = (instants.first(), instants.last()) else {
                continue;
            };
            let mut pieces: Vec<(Folded, RuleCarry)> = Vec::new();
            for (&r, (all, carry)) in order.iter().zip(&mut run.of_rules) {
                let rule = &self.rules[r];
                let axis = rule.series.axis();
                let judged = |i: usize| axis.end(i).checked_add(rule.delay).expect("soon after");
                let ends_in = |i: &usize| (*first..=*last).contains(&judged(*i));
                let mut carry = self.kept(carry)?;
                let mut folded = Folded::default();
                for i in (0..axis.len()).filter(ends_in) {
                    let window = Window::new(axis, i, i + 1).expect("a bucket of the axis");
                    self.step(rule, window, &mut carry, &mut folded)?;
                }
                all.events.extend_from_slice(&folded.events);
                all.spells.extend_from_slice(&folded.spells);
                pieces.push((folded, carry));
            }
            let mut carry = self.kept(&run.carry)?;
            run.carried += usize::from(!carry.is_empty());
            let folded = self.folded(order, &pieces);
            fold_across(&self.across, instants, &folded, &mut carry, &mut run.events);
            if let Some(why) = carry.broken_because() {
                return Err(self.violation(Law::Fold, why));
            }
            run.carry = carry;
            for ((_, carry), (_, after)) in run.of_rules.iter_mut().zip(pieces) {
                *carry = after;
            }
        }
        Ok(run)
    }

    fn step(
        &self,
        rule: &RuleStream<'_>,
        window: Window,
        carry: &mut RuleCarry,
        out: &mut Folded,
    ) -> Result<(), Violation> {
        let stage = Stage {
            detection: "detection",
            rule: rule.name,
            slice: &self.slice,
            aggregation: Aggregation::Sum,
            policy: self.across.policy,
            thinning: rule.thinning,
            delay: rule.delay,
            filters: &rule.filters,
            labeler: None,
            windows: &[],
        };
        let i = window.range().start;
        let row = rule.rows.row(i).expect("a row per bucket");
        stage
            .step(rule.series.view(), i, row, carry, &mut Vec::new(), out)
            .map_err(|error| self.violation(Law::Request, error.to_string()))
    }

    fn folded<'f>(
        &'f self,
        order: &[usize],
        pieces: &'f [(Folded, RuleCarry)],
    ) -> Vec<FoldedRule<'f>> {
        let rules = order.iter().map(|&r| &self.rules[r]).zip(pieces);
        rules
            .map(|(rule, (folded, carry))| FoldedRule {
                axis: rule.series.axis(),
                delay: rule.delay,
                folded,
                carry,
            })
            .collect()
    }

    fn check_all(&self, draw: &mut Draw, report: &mut AcrossReport) -> Result<(), Violation> {
        let order: Vec<usize> = (0..self.rules.len()).collect();
        let end = self.instants.len();
        let whole = self.run(&order, &[0, end])?;
        self.see(&whole, report);
        for pieces in [2, 7, end] {
            let cuts = match pieces == end {
                true => (0..=end).collect(),
                false => draw.cuts(0..end, pieces),
            };
            let parts = self.run(&order, &cuts)?;
            report.carried += parts.carried;
            self.same(Law::Fold, "in pieces", &whole, &parts.events)?;
            self.same_carry("in pieces", &whole.carry, &parts.carry)?;
        }
        let reversed: Vec<usize> = order.iter().rev().copied().collect();
        let other = self.run(&reversed, &[0, end])?;
        self.same(Law::Order, "in another order", &whole, &other.events)?;
        self.same_carry("in another order", &whole.carry, &other.carry)?;
        let folded = self.folded(&order, &whole.of_rules);
        let settled = |at: Instant| folded.iter().map(|rule| rule.settled(at)).min();
        let instants: Vec<(Instant, Instant)> = self
            .instants
            .iter()
            .map(|&at| (at, settled(at).unwrap_or(at)))
            .collect();
        self.check_twice(&whole, &instants)?;
        self.check_standing(&whole)?;
        let of_rules = whole.of_rules.iter().map(|(folded, _)| &*folded.events);
        let of_rules: Vec<&[Event]> = of_rules.collect();
        let policy = self.across.policy;
        let (gap, longest) = (policy.max_gap().millis(), policy.max_duration().millis());
        let naive = naive::across(&of_rules, &instants, gap, longest)
            .map_err(|why| self.violation(Law::Events, why))?;
        self.same(Law::Documented, "by the definition", &whole, &naive)
    }

    /// What came out, put in as if one rule had found it, comes out again.
    fn check_twice(&self, whole: &Run, instants: &[(Instant, Instant)]) -> Result<(), Violation> {
        let (mut carry, mut twice) = (AcrossCarry::default(), Vec::new());
        for &(at, settled) in instants {
            let now = whole.events.iter().filter(|event| event.at == at);
            self.across.step(at, now, settled, &mut carry, &mut twice);
        }
        self.same(Law::Twice, "again", whole, &twice)
    }

    /// At each instant: every child that stands reported is in one parent, or is it; parents of one
    /// direction keep apart; what has closed is not heard of again.
    fn check_standing(&self, whole: &Run) -> Result<(), Violation> {
        let mut children: BTreeMap<AnomalyId, &Anomaly> = BTreeMap::new();
        let mut parents: BTreeMap<AnomalyId, &Anomaly> = BTreeMap::new();
        let mut over: Vec<AnomalyId> = Vec::new();
        for &at in &self.instants {
            let events = whole.of_rules.iter().flat_map(|(folded, _)| &folded.events);
            take(events.filter(|event| event.at == at), &mut children);
            for event in whole.events.iter().filter(|event| event.at == at) {
                if over.contains(&event.anomaly.id) {
                    return Err(self.violation(Law::Events, format!("after its end: {event:?}")));
                }
                if event.kind == EventKind::Closed {
                    over.push(event.anomaly.id);
                }
                let known = parents.contains_key(&event.anomaly.id);
                if known == (event.kind == EventKind::Opened) {
                    return Err(self.violation(Law::Events, format!("out of turn: {event:?}")));
                }
                take([event], &mut parents);
            }
            let all: Vec<&Anomaly> = parents.values().copied().collect();
            for child in children.values() {
                let holds = |parent: &&&Anomaly| match parent.children.as_slice() {
                    [] => parent.id == child.id,
                    own => own.iter().any(|one| one.id == child.id),
                };
                let holders = all.iter().filter(holds).count();
                if holders != 1 {
                    let detail = format!("at {at} {holders} parents hold {child:?}");
                    return Err(self.violation(Law::Partition, detail));
                }
            }
            for (i, one) in all.iter().enumerate() {
                let overlaps = |other: &&&Anomaly| {
                    one.direction == other.direction
                        && one.interval.start() < other.interval.end()
                        && other.interval.start() < one.interval.end()
                };
                if let Some(other) = all[i + 1..].iter().find(overlaps) {
                    let detail = format!("at {at} {one:?} overlaps {other:?}");
                    return Err(self.violation(Law::Partition, detail));
                }
            }
        }
        Ok(())
    }

    fn see(&self, whole: &Run, report: &mut AcrossReport) {
        report.events += whole.events.len();
        for event in &whole.events {
            let children = event.anomaly.children.len();
            let starts_later = event
                .anomaly
                .children
                .first()
                .is_some_and(|first| first.interval.start() < event.anomaly.interval.start());
            match &event.kind {
                EventKind::Closed => {
                    report.joined += usize::from(children > 1);
                    report.cut += usize::from(starts_later);
                }
                EventKind::Retracted(tuatara_merge::Retraction::MergedInto { .. }) => {
                    report.merged += 1;
                }
                EventKind::Retracted(_) => report.filtered += 1,
                _ => {}
            }
        }
    }

    fn same(&self, law: Law, what: &str, wanted: &Run, got: &[Event]) -> Result<(), Violation> {
        let text =
            |events: &[Event]| -> Vec<String> { events.iter().map(naive::event_text).collect() };
        let (wanted, got) = (text(&wanted.events), text(got));
        if wanted == got {
            return Ok(());
        }
        let first = wanted.iter().zip(&got).take_while(|(a, b)| a == b).count();
        let at = |events: &[String]| events.get(first).cloned().unwrap_or_default();
        let detail = format!(
            "{what}\n  expected {}\n  got      {}",
            at(&wanted),
            at(&got)
        );
        Err(self.violation(law, detail))
    }

    fn same_carry(
        &self,
        what: &str,
        wanted: &AcrossCarry,
        got: &AcrossCarry,
    ) -> Result<(), Violation> {
        let (wanted, got) = (self.json(wanted)?, self.json(got)?);
        if wanted == got {
            return Ok(());
        }
        let detail = format!("{what}, the carry\n  expected {wanted}\n  got      {got}");
        Err(self.violation(Law::Fold, detail))
    }

    fn json<T: serde::Serialize>(&self, carry: &T) -> Result<String, Violation> {
        serde_json::to_string(carry)
            .map_err(|error| self.violation(Law::Fold, format!("not written: {error}")))
    }

    /// What a carry becomes when it is written and read.
    fn kept<T: serde::Serialize + serde::de::DeserializeOwned>(
        &self,
        carry: &T,
    ) -> Result<T, Violation> {
        serde_json::from_str(&self.json(carry)?)
            .map_err(|error| self.violation(Law::Fold, format!("not read: {error}")))
    }

    fn violation(&self, law: Law, detail: String) -> Violation {
        let policy = self.across.policy;
        Violation {
            name: "across".to_owned(),
            law,
            scenario: format!(
                "seed {}, {} rules, maxGap {}, maxDuration {}",
                self.seed,
                self.rules.len(),
                policy.max_gap(),
                policy.max_duration()
            ),
            detail,
        }
    }
}

fn take<'e>(
    events: impl IntoIterator<Item = &'e Event>,
    standing: &mut BTreeMap<AnomalyId, &'e Anomaly>,
) {
    for event in events {
        match event.kind {
            EventKind::Retracted(_) => standing.remove(&event.anomaly.id),
            _ => standing.insert(event.anomaly.id, &event.anomaly),
        };
    }
}

/// Runs of flags, mostly upwards; few scores, so that peaks tie.
fn rows(draw: &mut Draw, len: usize) -> Evaluation {
    let mut out = Evaluation::default();
    let mut columns = out.columns(len);
    let (stays, starts) = (draw.within(0.3, 0.95), draw.within(0.02, 0.4));
    let (mut flagged, mut direction) = (false, Direction::Up);
    for i in 0..len {
        if !flagged || draw.chance(0.05) {
            direction = match draw.between(0..6) {
                0 => Direction::Down,
                1 => Direction::Neither,
                _ => Direction::Up,
            };
        }
        flagged = draw.chance(if flagged { stays } else { starts });
        let (verdict, score) = match flagged {
            true => (
                Verdict::Anomalous(direction),
                draw.between(3..8) as f64 / 2.0,
            ),
            false => (Verdict::Normal, 0.5),
        };
        let row = Row {
            observed: draw.normal(),
            expected: 0.0,
            lower: -1.0,
            upper: 1.0,
            score,
            verdict,
        };
        columns.set(i, row);
    }
    out
}
