//! What a run found: anomalies, events, the rows they came from, and what filters removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use tuatara_core::Anomaly;
use tuatara_frame::{Duration, Instant, Interval, SliceKey};
use tuatara_merge::{Event, EventKind, Incident, IncidentEvent};

use crate::carry::OpenEnds;
use crate::explain::{Explanation, explain};
use crate::group::{GroupReport, is_last};
use crate::idle_events;
use crate::level_change::{self, LevelChange};
use crate::session::{Fold, Join};
use crate::slice_report::{SliceReport, closed, has_judged};
use crate::watched::Watched;
use crate::{Carry, Detection, Error, Result};

/// What a run found.
#[derive(Debug)]
pub struct Report {
    detection: Detection,
    judged: Judged,
    data: Option<u128>,
    slices: Vec<SliceReport>,
    events: Vec<Event>,
    anomalies: Vec<Arc<Anomaly>>,
    removed: Vec<Arc<Anomaly>>,
    groups: Vec<GroupReport>,
    incidents: Vec<Incident>,
    incident_events: Vec<IncidentEvent>,
    carry: Carry,
}

/// The time of a run.
#[derive(Debug)]
pub(crate) struct Judged {
    /// What it stands for.
    pub(crate) interval: Interval,
    /// Per part, what was judged.
    pub(crate) complete: Vec<Interval>,
    /// Per part, how much longer its data are waited for than those of the first that are complete.
    pub(crate) later: Vec<Duration>,
    /// The least that any data are waited for.
    pub(crate) delay: Duration,
    /// Per part, where a ranking chooses slices, which.
    pub(crate) watched: Vec<Option<Chosen>>,
    /// How many slices were not asked for, where only some were.
    pub(crate) left_out: Option<usize>,
}

/// The slices that a ranking chose.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) watched: Arc<Watched>,
    /// The days of the run, each with how many slices were watched.
    pub(crate) counts: Vec<(Interval, usize)>,
}

impl Report {
    /// `slices` in order of parts; what happened on those that are gone counts, their rows do not.
    pub(crate) fn gather(
        detection: &Detection,
        data: Option<u128>,
        judged: Judged,
        mut slices: Vec<SliceReport>,
        mut groups: Vec<GroupReport>,
        clocks: Vec<String>,
    ) -> Self {
        let mut events: Vec<(Instant, Event)> = Vec::new();
        let (mut anomalies, mut removed) = (Vec::<Arc<Anomaly>>::new(), Vec::<Arc<Anomaly>>::new());
        let mut ends = OpenEnds::default();
        for slice in &mut slices {
            let start = judged.complete[slice.part].start();
            for rule in &mut slice.rules {
                let Fold { carry, folded } = &*rule.fold;
                let is_joined = slice.joined.is_some();
                let told = folded.events.iter();
                let told = told.filter(|event| is_joined || event.at > start);
                let mut found = closed(told.clone());
                if !is_joined {
                    events.extend(told.map(|e| (judged.beside(slice.part, e.at), e.clone())));
                }
                let mut not_kept = folded.removed.clone();
                let candidate = carry.candidate().cloned().map(Arc::new);
                if carry.is_reported() {
                    found.extend(candidate);
                } else {
                    not_kept.extend(candidate);
                }
                for all in [&mut found, &mut not_kept] {
                    all.retain(|anomaly| rule.has_judged(anomaly));
                }
                removed.append(&mut not_kept);
                if !carry.is_empty() {
                    let open = (slice.key.clone(), rule.name.clone(), carry.clone());
                    ends.rules.push(open);
                }
                rule.found = found;
                if !is_joined {
                    anomalies.extend_from_slice(&rule.found);
                }
            }
            if let Some(joined) = &slice.joined {
                let Join { carry, events: all } = &*joined.join;
                let told = all.iter().filter(|event| event.at > start);
                let mut found = closed(told.clone());
                found.extend(joined.across.parents(carry).into_iter().map(Arc::new));
                found.retain(|anomaly| has_judged(&slice.rules, anomaly));
                anomalies.append(&mut found);
                events.extend(told.map(|e| (judged.beside(slice.part, e.at), e.clone())));
                if !carry.is_empty() {
                    let part = detection.parts()[slice.part].name().to_owned();
                    ends.joined.push((part, slice.key.clone(), carry.clone()));
                }
            }
        }
        // Stable: what happens at one instant stays in the order of slices, rules and steps.
        events.sort_by_key(|(at, _)| *at);
        let events = events.into_iter().map(|(_, event)| event).collect();
        for found in [&mut anomalies, &mut removed] {
            found.sort_by_key(|anomaly| anomaly.interval.start());
        }
        let start = judged.start();
        let (mut incidents, mut incident_events) = (Vec::new(), Vec::new());
        for group in &mut groups {
            let name = detection.plan.groups[group.plan].name.clone();
            let open = (name, group.grouping.slice.clone(), group.carry_out.clone());
            ends.grouped.push(open);
            if !is_last(&detection.plan.groups, group.plan) {
                continue;
            }
            let told = group.events.iter().filter(|event| event.at > start);
            let closed = told.clone().filter(|event| event.kind == EventKind::Closed);
            incidents.extend(closed.map(|event| event.incident.clone()));
            incidents.extend(group.grouping.incidents(&group.carry_out));
            incident_events.extend(told.cloned());
        }
        let judged_from: BTreeMap<&str, Instant> = slices
            .iter()
            .flat_map(|slice| &slice.rules)
            .map(|rule| (rule.name(), rule.complete.start()))
            .collect();
        let belongs = |anomaly: &&Anomaly| {
            let from = |rule: &String| judged_from.get(rule.as_str()).copied();
            let starts = anomaly.rules.iter().filter_map(from);
            starts
                .min()
                .is_none_or(|start| anomaly.interval.end() > start)
        };
        incidents.retain(|incident: &Incident| incident.anomalies().iter().any(belongs));
        incidents.sort_by_key(|incident| incident.interval.start());
        incident_events.sort_by_key(|event| event.at);
        slices.retain(|slice| slice.is_there);
        let mut carry = Carry::new(detection, judged.interval.end(), clocks, ends);
        if judged.left_out.is_some() {
            carry = carry.of_some_slices();
        }
        Self {
            detection: detection.clone(),
            judged,
            data,
            slices,
            events,
            anomalies,
            removed,
            groups,
            incidents,
            incident_events,
            carry,
        }
    }

    /// How often things were gathered into incidents.
    pub(crate) fn gatherings(&self) -> usize {
        self.groups.len()
    }

    /// Where [some slices](crate::Session::run_only) alone were asked for, how many others the detection
    /// looks at; none in the report of a run.
    pub fn left_out(&self) -> Option<usize> {
        self.judged.left_out
    }

    /// The detection that ran.
    pub fn detection(&self) -> &Detection {
        &self.detection
    }

    /// The time that the run stands for. Buckets whose last rows were due in it, its end included
    /// and its start not, were judged: those that end in it, unless the data have a
    /// [completeness delay](tuatara_frame::Profile::completeness_delay).
    pub fn interval(&self) -> Interval {
        self.judged.interval
    }

    /// The end of what was judged: buckets that end later may still get rows. A rule with a
    /// [delay](crate::Rule::with_delay) of its own may have judged less, see
    /// [`RuleReport::complete_until`](crate::RuleReport::complete_until).
    pub fn complete_until(&self) -> Instant {
        let ends = self.judged.complete.iter().map(|complete| complete.end());
        ends.min().unwrap_or(self.judged.interval.end())
    }

    /// A name for the content of the data, where the source has one.
    pub fn data_fingerprint(&self) -> Option<u128> {
        self.data
    }

    /// Anomalies with a bucket in the interval that every filter keeps as of their last bucket;
    /// by start, then slice, then rule. What several rules found in one direction and one stretch of
    /// time is one anomaly, with theirs as its [children](Anomaly::children).
    pub fn anomalies(&self) -> &[Arc<Anomaly>] {
        &self.anomalies
    }

    /// How many of the [anomalies](Self::anomalies) are
    /// [suppressed](Anomaly::is_suppressed): they start in the window of an event.
    pub fn suppressed(&self) -> usize {
        let anomalies = self.anomalies.iter();
        anomalies.filter(|anomaly| anomaly.is_suppressed()).count()
    }

    /// Anomalies of one rule with a bucket in the interval that a filter does not keep; each carries the
    /// judgements that say which, and by which number.
    pub fn removed(&self) -> &[Arc<Anomaly>] {
        &self.removed
    }

    /// How many anomalies each filter removed, as `name:TYPE`, in the order of the rules; the
    /// first filter that does not keep an anomaly counts.
    pub fn removed_by(&self) -> Vec<(&str, usize)> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        let rules = self.detection.parts().iter().flat_map(|part| &part.rules);
        for rule in rules {
            for name in rule.filter_names() {
                if !counts.iter().any(|(known, _)| *known == name) {
                    counts.push((name, 0));
                }
            }
        }
        for anomaly in &self.removed {
            let first = anomaly.judgements.iter().find(|judgement| !judgement.kept);
            for (name, count) in &mut counts {
                if first.is_some_and(|judgement| judgement.filter == *name) {
                    *count += 1;
                }
            }
        }
        counts
    }

    /// What happened to the [anomalies](Self::anomalies), in order of time, slice and rule.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What a person should know about how the settings fit the data, one sentence each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.complete_until() < self.judged.interval.end() {
            notes.push(format!(
                "buckets that end after {} may still get rows: they are incomplete, and a run that \
                 ends later judges them",
                self.complete_until()
            ));
        }
        notes.extend(self.idle_events());
        let parts = self.detection.parts().iter().enumerate();
        let firsts = parts.filter_map(|(at, part)| {
            let slice = self.slices.iter().find(|slice| slice.part == at)?;
            Some((at, part.policy.max_gap(), slice))
        });
        for (at, gap, slice) in firsts {
            for rule in &slice.rules {
                if rule.complete.end() < self.judged.complete[at].end() {
                    notes.push(format!(
                        "{} waits for its windowDelay: a run that ends later judges buckets that \
                         end after {}",
                        rule.name,
                        rule.complete.end()
                    ));
                }
                let granularity = rule.axis.granularity();
                let note = format!(
                    "maxGap {gap} is shorter than one step of {granularity}, \
                     so only neighbouring buckets become one anomaly"
                );
                // Of no gap at all nobody expects more.
                let is_short = Duration::ZERO < gap && gap < granularity.nominal();
                if is_short && !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
        notes.extend(self.ranking_notes());
        notes.extend(self.level_notes());
        notes
    }

    /// That events hold for no series that was looked at, in one sentence, if there are such.
    /// Some slices alone cannot tell.
    pub fn idle_events(&self) -> Option<String> {
        if self.judged.left_out.is_some() {
            return None;
        }
        idle_events::sentence(self.detection.parts(), &self.slices)
    }

    /// What belongs together, where the detection [gathers](crate::DetectionBuilder::gather) it:
    /// incidents with a bucket in the interval, by start. Their members are among the
    /// [anomalies](Self::anomalies), or among those of single rules.
    pub fn incidents(&self) -> &[Incident] {
        &self.incidents
    }

    /// Those of the [anomalies](Self::anomalies) that tell of the quality of the data: no grouper
    /// gathers them.
    pub fn of_quality(&self) -> impl Iterator<Item = &Arc<Anomaly>> {
        let parts = self.detection.parts().iter();
        let quality: Vec<&str> = parts
            .filter(|part| part.is_of_quality())
            .flat_map(|part| part.rule_names())
            .collect();
        let is_it = move |anomaly: &&Arc<Anomaly>| {
            let mut rules = anomaly.rules.iter();
            rules.any(|rule| quality.contains(&rule.as_str()))
        };
        self.anomalies.iter().filter(is_it)
    }

    /// What happened to the [incidents](Self::incidents), in order of time.
    pub fn incident_events(&self) -> &[IncidentEvent] {
        &self.incident_events
    }

    /// Where what is usual changed for good, as far as a rule says so: by the time of adoption, then
    /// slice, then rule. The time until then is an anomaly like any other.
    pub fn level_changes(&self) -> Vec<LevelChange> {
        level_change::of(&self.slices)
    }

    /// The latest of the [changes of level](Self::level_changes), in sentences for people. Also among
    /// the [notes](Self::notes).
    pub fn level_notes(&self) -> Vec<String> {
        level_change::notes(&self.level_changes())
    }

    /// Which part of the slices a [ranking](Detection::ranking) chose, in sentences for people: none
    /// where all are watched. Also among the [notes](Self::notes).
    pub fn ranking_notes(&self) -> Vec<String> {
        let chosen = self.judged.watched.iter().flatten();
        let notes = chosen.flat_map(|chosen| chosen.watched.notes(&chosen.counts));
        notes.collect()
    }

    /// Where a [ranking](Detection::ranking) chooses slices: the days on which a bucket of the run
    /// starts, in order, each with how many slices were watched on it. One for all of the run where
    /// that was ranked at once. Of several parts, that of the first that has a ranking.
    pub fn watched_by_day(&self) -> &[(Interval, usize)] {
        let mut chosen = self.judged.watched.iter().flatten();
        chosen.next().map_or(&[], |chosen| &chosen.counts)
    }

    /// The slices that were looked at, in order, of several parts one after the other; those that
    /// a [ranking](Detection::ranking) never chose, too.
    pub fn slices(&self) -> &[SliceReport] {
        &self.slices
    }

    /// What the next run needs to go on from here. Of [some slices](crate::Session::run_only) alone, no run
    /// goes on.
    pub fn carry(&self) -> &Carry {
        &self.carry
    }

    /// The slice `key`.
    ///
    /// # Errors
    /// [`Error::UnknownSlice`] when the run did not look at it.
    pub fn slice(&self, key: &SliceKey) -> Result<&SliceReport> {
        if let Some(slice) = self.slices.iter().find(|slice| slice.key == *key) {
            return Ok(slice);
        }
        const SHOWN: usize = 8;
        let names: Vec<String> = self.slices.iter().map(|s| s.key.to_string()).collect();
        let closest = tuatara_frame::closest(&key.to_string(), names.iter().map(String::as_str));
        let mut known = names[..names.len().min(SHOWN)].join(", ");
        if names.len() > SHOWN {
            known.push_str(&format!(" and {} more", names.len() - SHOWN));
        }
        Err(Error::UnknownSlice {
            slice: key.clone(),
            closest: closest.map(str::to_owned),
            known,
        })
    }

    /// Says of every rule what it made of the bucket of `slice` in which `at` lies, fired or not,
    /// as of that bucket: value, expectation and where it came from, band, score, and what the
    /// fold and each filter did. A rule of coarser buckets that has not judged its one yet says
    /// nothing.
    ///
    /// # Errors
    /// [`Error::UnknownSlice`], and [`Error::OutsideRun`] when no rule judged a bucket with `at`.
    pub fn explain(&self, slice: &SliceKey, at: Instant) -> Result<Vec<Explanation>> {
        self.slice(slice)?;
        let mut said = Vec::new();
        // Several parts may look at one slice.
        for slice in self.slices.iter().filter(|known| known.key == *slice) {
            let rules = self.detection.parts()[slice.part].rules.iter();
            let watched = self.judged.watched[slice.part].as_ref();
            let watched = watched.map(|chosen| &*chosen.watched);
            for (rule, report) in rules.zip(&slice.rules) {
                let seen = report.judged_from..report.seen.end();
                let Some(i) = report.axis.index_of(at).filter(|i| seen.contains(i)) else {
                    continue;
                };
                let mut explanation = explain(&self.detection, rule, slice, report, watched, i)?;
                let told = report.axis.end(i).checked_add(report.delay);
                let told = self.judged.beside(slice.part, told.unwrap_or(Instant::MAX));
                explanation.incidents = self.incidents_of(&explanation, told);
                said.push(explanation);
            }
        }
        if said.is_empty() {
            return Err(Error::OutsideRun {
                at,
                interval: self.judged.interval,
            });
        }
        Ok(said)
    }

    /// The incidents that hold the candidate of `explanation`, as they stood after `at`.
    fn incidents_of(&self, explanation: &Explanation, at: Instant) -> Vec<Incident> {
        let Some(candidate) = explanation
            .candidate
            .as_ref()
            .filter(|_| explanation.reported)
        else {
            return Vec::new();
        };
        let parent = explanation.parent.as_ref().map(|parent| parent.id);
        let is_it = |a: &&Anomaly| a.id == candidate.id || Some(a.id) == parent;
        let groups = self.groups.iter();
        let standing = groups.flat_map(|group| group.standing_after(at));
        let holds = |incident: &Incident| incident.anomalies().iter().any(is_it);
        standing.filter(holds).collect()
    }
}

impl Judged {
    /// Until when the run before has told of incidents: by the data that are complete first.
    fn start(&self) -> Instant {
        let start = self.interval.start().checked_sub(self.delay);
        start.unwrap_or(Instant::MIN)
    }

    /// When what is told of `part` at `at` is told beside the other parts.
    fn beside(&self, part: usize, at: Instant) -> Instant {
        at.checked_add(self.later[part]).unwrap_or(Instant::MAX)
    }
}
