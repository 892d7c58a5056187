//! What becomes one incident: how the parts of a detection, or its rules, are gathered.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use tuatara_frame::{Duration, Instant, SliceKey};
use tuatara_merge::{
    Change, Event, EventKind, FoldedRule, Gathers, GroupCarry, Grouping, Incident, IncidentEvent,
    MergePolicy, Settled, fold_groups,
};

use crate::detection::Plan;
use crate::slice_report::SliceReport;
use crate::{Carry, Detection, Error, Part};

/// One gathering, over what stands before it in the plan.
#[derive(Debug, Clone)]
pub(crate) struct GroupPlan {
    /// The detection that it belongs to: unique among those of a plan.
    pub(crate) name: String,
    pub(crate) gathers: Gathers,
    pub(crate) policy: MergePolicy,
    pub(crate) of: Vec<Input>,
}

/// What is gathered, and under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// What each rule of a part finds, under its own name, within each slice.
    Rules { part: usize },
    /// What a part finds.
    Part { part: usize, name: String },
    /// The incidents of a gathering before.
    Group { group: usize, name: String },
}

/// What a gathering made of a run, on one slice or as a whole.
#[derive(Debug)]
pub(crate) struct GroupReport {
    pub(crate) plan: usize,
    pub(crate) grouping: Grouping,
    pub(crate) carry_in: GroupCarry,
    pub(crate) carry_out: GroupCarry,
    /// Everything that happened, what was before the run in a run without a carry included.
    pub(crate) events: Vec<IncidentEvent>,
}

impl GroupPlan {
    /// That of `part`, the first of its plan: rules within each slice, or everything it finds.
    pub(crate) fn of(part: &Part, gathers: Gathers, policy: MergePolicy) -> Self {
        let name = part.name.clone();
        let (input, gathers) = match gathers {
            Gathers::Expression(expression) => {
                let full = |name: &str| full_name(part, name).unwrap_or(name).to_owned();
                let expression = expression.renamed(&full);
                (Input::Rules { part: 0 }, Gathers::Expression(expression))
            }
            other => {
                let name = name.clone();
                (Input::Part { part: 0, name }, other)
            }
        };
        Self {
            name,
            gathers,
            policy,
            of: vec![input],
        }
    }

    /// Whether each slice has incidents of its own.
    fn is_within_slices(&self) -> bool {
        let mut of = self.of.iter();
        of.any(|input| matches!(input, Input::Rules { .. }))
    }

    /// The parts that it hears of, directly or not.
    fn parts(&self, plans: &[Self]) -> BTreeSet<usize> {
        let mut parts = BTreeSet::new();
        for input in &self.of {
            match input {
                Input::Rules { part } | Input::Part { part, .. } => {
                    parts.insert(*part);
                }
                Input::Group { group, .. } => parts.extend(plans[*group].parts(plans)),
            }
        }
        parts
    }

    /// What an expression names that is not there.
    pub(crate) fn unknown(&self, plan: &Plan) -> Option<Error> {
        let Gathers::Expression(expression) = &self.gathers else {
            return None;
        };
        let mut known: Vec<String> = Vec::new();
        for input in &self.of {
            match input {
                Input::Rules { part } => {
                    let rules = plan.parts[*part].rule_names();
                    known.extend(rules.map(ToOwned::to_owned));
                }
                Input::Part { name, .. } | Input::Group { name, .. } => known.push(name.clone()),
            }
        }
        let is_known = |name: &str| known.iter().any(|known| known == name);
        let unknown = expression.names().find(|name| !is_known(name))?;
        Some(Error::UnknownMember {
            name: unknown.to_owned(),
            detection: self.name.clone(),
            known,
        })
    }

    fn grouping(&self, detection: &Detection, slice: Option<&SliceKey>) -> Grouping {
        Grouping {
            detection: detection.name().to_owned(),
            name: self.name.clone(),
            slice: slice.cloned(),
            gathers: self.gathers.clone(),
            policy: self.policy,
        }
    }
}

/// The rule of `part` that goes by `name`: by all of it, or by what stands before its type.
fn full_name<'p>(part: &'p Part, name: &str) -> Option<&'p str> {
    let is_it = |full: &&str| {
        *full == name
            || full
                .rsplit_once(':')
                .is_some_and(|(short, _)| short == name)
    };
    part.rule_names().find(is_it)
}

impl GroupReport {
    /// The incidents as they stood after what happened at `at`.
    pub(crate) fn standing_after(&self, at: Instant) -> Vec<Incident> {
        let mut standing = self.grouping.incidents(&self.carry_in);
        for event in self.events.iter().take_while(|event| event.at <= at) {
            standing.retain(|incident| incident.id != event.incident.id);
            if matches!(
                event.kind,
                EventKind::Opened | EventKind::Extended | EventKind::Rescored
            ) {
                standing.push(event.incident.clone());
            }
        }
        standing
    }
}

/// How far an incident may reach back beyond its anomalies, in milliseconds: what is gathered from
/// incidents adds to what these reach.
pub(crate) fn longest(plans: &[GroupPlan]) -> i64 {
    let mut reach: Vec<i64> = Vec::new();
    for plan in plans {
        let below = plan.of.iter().map(|input| match input {
            Input::Group { group, .. } => reach[*group],
            _ => 0,
        });
        let (longest, gap) = (plan.policy.max_duration(), plan.policy.max_gap());
        let own = longest.millis().saturating_add(gap.millis());
        reach.push(own.saturating_add(below.max().unwrap_or(0)));
    }
    reach.into_iter().max().unwrap_or(0)
}

/// Whether nothing gathers the incidents of `group` in turn.
pub(crate) fn is_last(plans: &[GroupPlan], group: usize) -> bool {
    let mut inputs = plans.iter().flat_map(|plan| &plan.of);
    !inputs.any(|input| matches!(input, Input::Group { group: of, .. } if *of == group))
}

/// Gathers what was found on `slices`. `instants` is when all buckets that were folded are told of,
/// and `later`, per part, how much later that is than what its rules say.
pub(crate) fn gather(
    detection: &Detection,
    slices: &[SliceReport],
    (instants, later): (&[Instant], &[Duration]),
    carry: Option<&Carry>,
) -> Vec<GroupReport> {
    let plans = &detection.plan.groups;
    let mut reports: Vec<GroupReport> = Vec::new();
    for (at, plan) in plans.iter().enumerate() {
        let parts = plan.parts(plans);
        let of_plan = |slice: &&SliceReport| parts.contains(&slice.part);
        let fold =
            |slice: Option<&SliceKey>, slices: &[&SliceReport], changes: Vec<(Instant, Change)>| {
                let grouping = plan.grouping(detection, slice);
                let carry_in = match carry {
                    Some(carry) => carry.group(&plan.name, slice),
                    None => GroupCarry::default(),
                };
                let settled = Settled::of(slices.iter().flat_map(|slice| {
                    let rules = folded(slice);
                    rules.map(|rule| (rule, later[slice.part]))
                }));
                let (mut carry_out, mut events) = (carry_in.clone(), Vec::new());
                fold_groups(
                    &grouping,
                    instants,
                    changes,
                    &settled,
                    &mut carry_out,
                    &mut events,
                );
                GroupReport {
                    plan: at,
                    grouping,
                    carry_in,
                    carry_out,
                    events,
                }
            };
        let slices: Vec<&SliceReport> = slices.iter().filter(of_plan).collect();
        let changes = |slices: &[&SliceReport]| -> Vec<(Instant, Change)> {
            let inputs = plan.of.iter();
            let mut changes: Vec<_> = inputs
                .flat_map(|input| input.changes(slices, &reports, later))
                .collect();
            // Stable: of one thing, what comes later stays later.
            changes.sort_by_key(|(at, _)| *at);
            changes
        };
        let folded: Vec<GroupReport> = if plan.is_within_slices() {
            let each = slices.par_iter();
            let each = each.map(|slice| fold(Some(&slice.key), &[*slice], changes(&[*slice])));
            each.collect()
        } else {
            vec![fold(None, &slices, changes(&slices))]
        };
        reports.extend(folded);
    }
    reports
}

fn folded(slice: &SliceReport) -> impl Iterator<Item = FoldedRule<'_>> {
    slice.rules.iter().map(|rule| FoldedRule {
        axis: &rule.axis,
        delay: rule.delay,
        folded: &rule.fold.folded,
        carry: &rule.fold.carry,
    })
}

fn after(at: Instant, later: Duration) -> Instant {
    at.checked_add(later).unwrap_or(Instant::MAX)
}

impl Input {
    /// What was told of it on `slices`, or by the gathering before.
    fn changes(
        &self,
        slices: &[&SliceReport],
        reports: &[GroupReport],
        later: &[Duration],
    ) -> Vec<(Instant, Change)> {
        let mut changes = Vec::new();
        match self {
            Self::Rules { part } => {
                let slices = slices.iter().filter(|slice| slice.part == *part);
                for rule in slices.flat_map(|slice| &slice.rules) {
                    let name: Arc<str> = rule.name.as_str().into();
                    let change =
                        |e: &Event| (after(e.at, later[*part]), Change::of_anomaly(&name, e));
                    changes.extend(rule.fold.folded.events.iter().map(change));
                }
            }
            Self::Part { part, name } => {
                let name: Arc<str> = name.as_str().into();
                let slices = slices.iter().filter(|slice| slice.part == *part);
                let told = slices.flat_map(|slice| slice.told());
                let change = |e: &Event| (after(e.at, later[*part]), Change::of_anomaly(&name, e));
                changes.extend(told.map(change));
            }
            Self::Group { group, name } => {
                let name: Arc<str> = name.as_str().into();
                let reports = reports.iter().filter(|report| report.plan == *group);
                let told = reports.flat_map(|report| &report.events);
                changes.extend(told.map(|e| (e.at, Change::of_incident(&name, e))));
            }
        }
        changes
    }
}
