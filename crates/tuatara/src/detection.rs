//! A detection: what to look at, the rules to look with, and how what they find is merged.

use std::collections::BTreeSet;
use std::sync::Arc;

use tuatara_core::Ranking;
use tuatara_frame::events::EventCalendar;
use tuatara_frame::{Exploration, Interval, SliceKey, Source, StableHash};
use tuatara_merge::{Gathers, MergePolicy};

use crate::group::GroupPlan;
use crate::part::source_of;
use crate::run::run;
use crate::session::Keep;
use crate::{Carry, Error, Part, Report, Result, Rule, Watch};

/// A checked detection, ready to run over any source. Cheap to clone.
///
/// Built from a configuration ([`from_yaml`](Self::from_yaml)) or in code
/// ([`builder`](Self::builder)); the two are the same afterwards.
#[derive(Debug, Clone)]
pub struct Detection {
    pub(crate) plan: Arc<Plan>,
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) active: bool,
    /// At least one.
    pub(crate) parts: Vec<Part>,
    /// Each gathers what stands before it.
    pub(crate) groups: Vec<GroupPlan>,
    pub(crate) fingerprint: u128,
}

impl Detection {
    /// Starts a detection called `name` on `metric`, in code.
    ///
    /// ```
    /// use tuatara::rules::PercentageRuleParams;
    /// use tuatara::{Detection, Rule};
    ///
    /// let drop = PercentageRuleParams { percentage_change: Some(0.2), ..Default::default() };
    /// let detection = Detection::builder("revenue drops", "revenue")
    ///     .by(["country"])
    ///     .rule(Rule::from_params("week_over_week", drop)?)
    ///     .build()?;
    /// assert_eq!(detection.rule_names().collect::<Vec<_>>(), ["week_over_week:PERCENTAGE_RULE"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(name: &str, metric: &str) -> DetectionBuilder {
        DetectionBuilder {
            description: String::new(),
            part: Part {
                name: name.to_owned(),
                is_of_quality: false,
                dataset: None,
                look_at: Exploration {
                    metric: metric.to_owned(),
                    dimensions: Vec::new(),
                    filters: Vec::new(),
                },
                calendar: EventCalendar::new(),
                ranking: None,
                combination_limit: tuatara_spec::COMBINATION_LIMIT,
                policy: MergePolicy::default(),
                rules: Vec::new(),
            },
            gathers: None,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.plan.name
    }

    /// What it means when it fires; may be empty.
    pub fn description(&self) -> &str {
        &self.plan.description
    }

    /// What it watches: one metric and its rules, or those of each detection that it is composed
    /// of.
    pub fn parts(&self) -> &[Part] {
        &self.plan.parts
    }

    /// The metric it looks at; of one that is composed of others, that of the first.
    pub fn metric(&self) -> &str {
        self.first().metric()
    }

    /// The dataset its configuration names, if any; of one that is composed of others, that of
    /// the first.
    pub fn dataset(&self) -> Option<&str> {
        self.first().dataset()
    }

    fn first(&self) -> &Part {
        let first = self.plan.parts.first();
        first.expect("a checked detection has a part")
    }

    /// Whether it gathers what it finds into [incidents](Report::incidents).
    pub fn gathers(&self) -> bool {
        !self.plan.groups.is_empty()
    }

    /// Whether its configuration says that it is in use.
    pub fn is_active(&self) -> bool {
        self.plan.active
    }

    /// The slices it looks at: dimensions that are explored, and filters on the data. Of one that
    /// is composed of others, those of the first.
    pub fn exploration(&self) -> &Exploration {
        self.first().exploration()
    }

    /// Which of those slices are watched on a day; `None` where all are. Of one that is composed of
    /// others, that of the first.
    pub fn ranking(&self) -> Option<&Ranking> {
        self.first().ranking()
    }

    /// The names of its rules, as `name:TYPE`, in their order.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.plan.parts.iter().flat_map(Part::rule_names)
    }

    /// What is known of the calendar; of one that is composed of others, for the first.
    pub fn calendar(&self) -> &EventCalendar {
        self.first().calendar()
    }

    /// The same detection, which knows of `more` events, too. It has another
    /// [fingerprint](Self::fingerprint), so that no carry from before goes on with it; nothing
    /// changes where there are none.
    #[must_use]
    pub fn with_calendar(self, more: EventCalendar) -> Self {
        if more.is_empty() {
            return self;
        }
        let plan = &*self.plan;
        let mut hash = StableHash::new();
        hash.write_str(&format!("{:032x}", plan.fingerprint));
        hash.write_str(&format!("{more:?}"));
        let mut plan = plan.clone();
        for part in &mut plan.parts {
            part.calendar = std::mem::take(&mut part.calendar).and(more.clone());
        }
        plan.fingerprint = hash.finish();
        Self {
            plan: Arc::new(plan),
        }
    }

    /// The same for the same configuration: names, settings and their values, not their layout.
    /// Of a detection built in code the settings are what `Debug` prints of its detectors and
    /// filters, so that should name all of them, in a fixed order.
    pub fn fingerprint(&self) -> u128 {
        self.plan.fingerprint
    }

    /// Everything the source has on the metric, from its first bucket to the end of its last; of
    /// several metrics, from the first of any to the last of any.
    ///
    /// # Errors
    /// [`Error::Frame`] when the source has nothing on it.
    pub fn extent(&self, source: &dyn Source) -> Result<Interval> {
        let extent = |part: &Part| -> Result<Interval> {
            let source = source_of(self, part, source)?;
            Ok(source.profile(part.metric())?.extent)
        };
        let extents: Vec<Interval> = self.plan.parts.iter().map(extent).collect::<Result<_>>()?;
        let start = extents.iter().map(|extent| extent.start()).min();
        let end = extents.iter().map(|extent| extent.end()).max();
        let ends = start.zip(end).expect("a checked detection has a part");
        Ok(Interval::new(ends.0, ends.1)?)
    }

    /// The slices that it looks at, in order, of several parts one after the other; one that several parts
    /// look at once.
    ///
    /// # Errors
    /// [`Error::Frame`] when the source does not have what it is about.
    pub fn slices(&self, source: &dyn Source) -> Result<Vec<SliceKey>> {
        let mut slices = Vec::new();
        for part in &self.plan.parts {
            slices.extend(source_of(self, part, source)?.explore(part.exploration())?);
        }
        let mut seen = BTreeSet::new();
        let is_new: Vec<bool> = slices.iter().map(|slice| seen.insert(slice)).collect();
        let each = slices.iter().zip(is_new).filter(|(_, is_new)| *is_new);
        Ok(each.map(|(slice, _)| slice.clone()).collect())
    }

    /// Judges every bucket that ends in `interval`, its end included and its start not, so that
    /// adjoining runs neither miss nor repeat one.
    ///
    /// Where rows may come late by a [completeness
    /// delay](tuatara_frame::Profile::completeness_delay), a bucket is judged by the run in which
    /// that delay after its end runs out; until then it is incomplete. A [rule](Rule::with_delay) may
    /// wait longer.
    ///
    /// What was under way when the interval starts is found, too: the fold begins `maxGap +
    /// maxDuration` early, with several rules three times that and the longest of their delays, with
    /// thinning its `quiet` and `n` buckets more; what happens before the start is left out. A stretch
    /// that goes on for longer than `maxDuration` is cut from where the fold began: its pieces, and so
    /// their ids, are those of a longer run only with its [`carry`](Report::carry).
    ///
    /// # Errors
    /// When the source cannot serve the data, or a detector or filter does not fit its
    /// granularity. Bad data is no error: it gets verdicts.
    pub fn run(&self, source: &dyn Source, interval: Interval) -> Result<Report> {
        run(self, source, interval, None, None, &Keep::nothing(), None)
    }

    /// Goes on from `carry`: `run_with` over adjoining intervals finds the same anomalies and
    /// says the same events as one run over all of them.
    ///
    /// # Errors
    /// As [`run`](Self::run), and when `carry` is another detection's or does not end where
    /// `interval` starts.
    pub fn run_with(
        &self,
        source: &dyn Source,
        interval: Interval,
        carry: &Carry,
    ) -> Result<Report> {
        let alone = Keep::nothing();
        run(self, source, interval, Some(carry), None, &alone, None)
    }

    /// [`run`](Self::run), or [`run_with`](Self::run_with) a carry, with somebody who is told of
    /// each finished slice and can stop the run. The report is the same, bit for bit.
    ///
    /// # Errors
    /// As these two, and [`Error::Stopped`] when `watch` stops it.
    pub fn run_watched(
        &self,
        source: &dyn Source,
        interval: Interval,
        carry: Option<&Carry>,
        watch: &dyn Watch,
    ) -> Result<Report> {
        let alone = Keep::nothing();
        run(self, source, interval, carry, Some(watch), &alone, None)
    }
}

/// A detection under construction; see [`Detection::builder`].
#[derive(Debug)]
pub struct DetectionBuilder {
    description: String,
    part: Part,
    gathers: Option<Gathers>,
}

impl DetectionBuilder {
    /// What it means when it fires.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The dataset that it looks at, where there are several.
    #[must_use]
    pub fn dataset(mut self, name: impl Into<String>) -> Self {
        self.part.dataset = Some(name.into());
        self
    }

    /// Looks at every combination of the values of these dimensions on its own.
    #[must_use]
    pub fn by<D: Into<String>>(mut self, dimensions: impl IntoIterator<Item = D>) -> Self {
        self.part.look_at.dimensions = dimensions.into_iter().map(Into::into).collect();
        self
    }

    /// Looks only at rows in which `dimension` has one of `values`.
    #[must_use]
    pub fn only<V: Into<String>>(
        mut self,
        dimension: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.part.look_at.filters.push((dimension.into(), values));
        self
    }

    /// Watches only the slices that `ranking` chooses. Without dimensions to [explore](Self::by) it is
    /// a filter on the data: days on which the metric as a whole does not pass are not watched.
    ///
    /// ```
    /// use tuatara::core::RankingSpec;
    /// # use tuatara::rules::PercentageRuleParams;
    /// # use tuatara::{Detection, Rule};
    /// # let drop = Rule::from_params("week_over_week", PercentageRuleParams::default())?;
    ///
    /// let large = RankingSpec { min_contribution: Some(0.05), k: Some(10), ..Default::default() };
    /// let detection = Detection::builder("revenue drops", "revenue")
    ///     .by(["country", "platform"])
    ///     .watch(large.build()?)
    ///     .rule(drop)
    ///     .build()?;
    /// assert_eq!(detection.ranking().map(|ranking| ranking.lookback_days()), Some(7));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn watch(mut self, ranking: Ranking) -> Self {
        self.part.ranking = Some(ranking);
        self
    }

    /// Refuses to run over more combinations than `most`, before any series is read; 20 000 by
    /// default.
    #[must_use]
    pub fn combination_limit(mut self, most: usize) -> Self {
        self.part.combination_limit = most;
        self
    }

    /// How flagged buckets become anomalies; across two hours and up to seven days by default.
    #[must_use]
    pub fn merge(mut self, policy: MergePolicy) -> Self {
        self.part.policy = policy;
        self
    }

    /// Knows of these events, too: see [`EventCalendar`].
    #[must_use]
    pub fn calendar(mut self, more: EventCalendar) -> Self {
        self.part.calendar = self.part.calendar.and(more);
        self
    }

    /// Adds a rule; a bucket is anomalous for the detection when it is for any rule.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.part.rules.push(rule);
        self
    }

    /// Gathers what is found into [incidents](Report::incidents): everything that happens at one
    /// time, over all slices; or, within each slice, what an expression over the names of the
    /// rules asks for.
    #[must_use]
    pub fn gather(mut self, gathers: Gathers) -> Self {
        self.gathers = Some(gathers);
        self
    }

    /// The checked detection.
    ///
    /// # Errors
    /// [`Error::NoRules`] without a rule, [`Error::DuplicateName`] when two rules, or two filters
    /// of one rule, have one name, [`Error::UnknownMember`] when an expression names no rule.
    pub fn build(self) -> Result<Detection> {
        let part = self.part;
        let group = self.gathers;
        let group = group.map(|gathers| GroupPlan::of(&part, gathers, part.policy));
        let mut plan = Plan {
            name: part.name.clone(),
            description: self.description,
            active: true,
            parts: vec![part],
            groups: group.into_iter().collect(),
            fingerprint: 0,
        };
        plan.fingerprint = fingerprint(&plan);
        checked(plan)
    }
}

/// The settings as their debug text, which names every field and prints numbers exactly.
pub(crate) fn fingerprint(plan: &Plan) -> u128 {
    let mut hash = StableHash::new();
    hash.write_str(&plan.name);
    for part in &plan.parts {
        hash.write_str(&format!("{:?}", part.look_at));
        hash.write_str(&format!("{:?}", part.policy));
        if !part.calendar.is_empty() {
            hash.write_str(&format!("{:?}", part.calendar));
        }
        if let Some(ranking) = &part.ranking {
            hash.write_str(&format!("{ranking:?}"));
        }
        for rule in &part.rules {
            hash.write_str(&format!("{rule:?}"));
        }
    }
    if plan.parts.len() > 1 {
        let names = |part: &Part| format!("{:?} {:?}", part.name, part.dataset);
        hash.write_str(&plan.parts.iter().map(names).collect::<String>());
    }
    for group in &plan.groups {
        hash.write_str(&format!("{group:?}"));
    }
    hash.finish()
}

pub(crate) fn checked(plan: Plan) -> Result<Detection> {
    let mut rules = BTreeSet::new();
    let mut parts = BTreeSet::new();
    if plan.parts.is_empty() {
        return Err(Error::NoRules {
            detection: plan.name,
        });
    }
    for part in &plan.parts {
        if part.rules.is_empty() {
            return Err(Error::NoRules {
                detection: part.name.clone(),
            });
        }
        let taken = |name: &str| Error::DuplicateName {
            name: name.to_owned(),
            detection: plan.name.clone(),
        };
        if !parts.insert(part.name.as_str()) {
            return Err(taken(&part.name));
        }
        for rule in &part.rules {
            let mut filters = BTreeSet::new();
            let duplicate = Some(rule.name())
                .filter(|name| !rules.insert(*name))
                .or_else(|| rule.filter_names().find(|name| !filters.insert(*name)));
            if let Some(name) = duplicate {
                return Err(taken(name));
            }
        }
    }
    let mut groups = BTreeSet::new();
    if let Some(twice) = plan.groups.iter().find(|group| !groups.insert(&group.name)) {
        return Err(Error::DuplicateName {
            name: twice.name.clone(),
            detection: plan.name.clone(),
        });
    }
    if let Some(unknown) = plan.groups.iter().find_map(|group| group.unknown(&plan)) {
        return Err(unknown);
    }
    Ok(Detection {
        plan: Arc::new(plan),
    })
}
