//! What becomes one incident: how the parts of a detection, or its rules, are gathered.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use tuatara_frame::{Duration, Instant, SliceKey};
use tuatara_merge::{
    Change, Event, EventKind, FoldedRule, Gathers, GroupCarry, Grouping, Incident, IncidentEvent,
    MergePolicy, Settled, fold_groups, goes_by,
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
        let input = match gathers {
            Gathers::Expression(_) => Input::Rules { part: 0 },
            _ => Input::Part {
                part: 0,
                name: name.clone(),
            },
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
        let is_known = |name: &str| {
            let mut known = known.iter();
            known.any(|full| goes_by(full, name))
        };
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
        let folded: Vec<GroupReport> = if plan.is_within_slices() {
            let slices: Vec<&SliceReport> = slices.iter().filter(of_plan).collect();
            let slices = slices.par_iter();
            slices
                .map(|slice| {
                    fold(
                        Some(&slice.key),
                        &[*slice],
                        of_rules(slice, later[slice.part]),
                    )
                })
                .collect()
        } else {
            let slices: Vec<&SliceReport> = slices.iter().filter(of_plan).collect();
            let mut changes = Vec::new();
            for input in &plan.of {
                match input {
                    Input::Rules { .. } => {}
                    Input::Part { part, name } => {
                        let name: Arc<str> = name.as_str().into();
                        for slice in slices.iter().filter(|slice| slice.part == *part) {
                            let told = slice.told();
                            let change = |e| Change::of_anomaly(&name, e);
                            let at = |event: &Event| after(event.at, later[*part]);
                            changes.extend(told.map(|event| (at(event), change(event))));
                        }
                    }
                    Input::Group { group, name } => {
                        let name: Arc<str> = name.as_str().into();
                        for report in reports.iter().filter(|report| report.plan == *group) {
                            let told = report.events.iter();
                            let change = |e| Change::of_incident(&name, e);
                            changes.extend(told.map(|event| (event.at, change(event))));
                        }
                    }
                }
            }
            // Stable: of one thing, what comes later stays later.
            changes.sort_by_key(|(at, _)| *at);
            vec![fold(None, &slices, changes)]
        };
        reports.extend(folded);
    }
    reports
}

fn folded(slice: &SliceReport) -> impl Iterator<Item = FoldedRule<'_>> {
    slice.rules.iter().map(|rule| FoldedRule {
        axis: &rule.axis,
        delay: rule.delay,
        folded: &rule.folded,
        carry: &rule.carry_out,
    })
}

fn after(at: Instant, later: Duration) -> Instant {
    at.checked_add(later).unwrap_or(Instant::MAX)
}

/// What the rules found on `slice`, each under its name.
fn of_rules(slice: &SliceReport, later: Duration) -> Vec<(Instant, Change)> {
    let mut changes = Vec::new();
    for rule in &slice.rules {
        let name: Arc<str> = rule.name.as_str().into();
        let told = rule.folded.events.iter();
        let change = |event| Change::of_anomaly(&name, event);
        changes.extend(told.map(|event| (after(event.at, later), change(event))));
    }
    changes.sort_by_key(|(at, _)| *at);
    changes
}
