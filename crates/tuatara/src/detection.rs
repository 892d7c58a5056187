//! A detection: what to look at, the rules to look with, and how what they find is merged.

use std::collections::BTreeSet;
use std::sync::Arc;

use tuatara_frame::{Exploration, Interval, Source, StableHash};
use tuatara_merge::MergePolicy;

use crate::run::run;
use crate::{Carry, Error, Report, Result, Rule, Watch};

/// A checked detection, ready to run over any source. Cheap to clone.
///
/// Built from a configuration ([`from_yaml`](Self::from_yaml)) or in code
/// ([`builder`](Self::builder)); the two are the same afterwards.
#[derive(Debug, Clone)]
pub struct Detection {
    pub(crate) plan: Arc<Plan>,
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) dataset: Option<String>,
    pub(crate) active: bool,
    pub(crate) look_at: Exploration,
    pub(crate) policy: MergePolicy,
    pub(crate) rules: Vec<Rule>,
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
            plan: Plan {
                name: name.to_owned(),
                description: String::new(),
                dataset: None,
                active: true,
                look_at: Exploration {
                    metric: metric.to_owned(),
                    dimensions: Vec::new(),
                    filters: Vec::new(),
                },
                policy: MergePolicy::default(),
                rules: Vec::new(),
                fingerprint: 0,
            },
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

    /// The metric it looks at.
    pub fn metric(&self) -> &str {
        &self.plan.look_at.metric
    }

    /// The dataset its configuration names, if any.
    pub fn dataset(&self) -> Option<&str> {
        self.plan.dataset.as_deref()
    }

    /// Whether its configuration says that it is in use.
    pub fn is_active(&self) -> bool {
        self.plan.active
    }

    /// The slices it looks at: dimensions that are explored, and filters on the data.
    pub fn exploration(&self) -> &Exploration {
        &self.plan.look_at
    }

    /// The slices of the same dataset that its filters compare with, as far as a day of hours tells.
    #[cfg(all(feature = "files", feature = "yaml"))]
    pub(crate) fn beside(&self) -> Vec<tuatara_frame::SliceKey> {
        use tuatara_frame::{Duration, Granularity, Instant, SliceKey, TimeAxis, Zone};

        let own = SliceKey::new(self.metric());
        let day = Instant::from_millis(86_400_000).and_then(|end| {
            let start = Instant::from_millis(0)?;
            let hourly = Granularity::fixed(Duration::hours(1))?;
            TimeAxis::covering(hourly, Zone::UTC, Interval::new(start, end)?)
        });
        let Ok(axis) = day else {
            return Vec::new();
        };
        let judges = self.plan.rules.iter().flat_map(Rule::behind);
        // A filter that does not fit hours says so when it is run.
        let needs = judges.filter_map(|judge| judge.needs(&own, &axis).ok());
        let others: Vec<_> = needs.flat_map(|needs| needs.others().to_vec()).collect();
        let here = |dataset: Option<&str>| dataset.is_none() || dataset == self.dataset();
        let others = others
            .into_iter()
            .filter(|other| here(other.dataset.as_deref()));
        others.map(|other| other.slice).collect()
    }

    /// The names of its rules, as `name:TYPE`, in their order.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.plan.rules.iter().map(Rule::name)
    }

    /// The same for the same configuration: names, settings and their values, not their layout.
    /// Of a detection built in code the settings are what `Debug` prints of its detectors and
    /// filters, so that should name all of them, in a fixed order.
    pub fn fingerprint(&self) -> u128 {
        self.plan.fingerprint
    }

    /// Everything the source has on the metric, from its first bucket to the end of its last.
    ///
    /// # Errors
    /// [`Error::Frame`] when the source has nothing on it.
    pub fn extent(&self, source: &dyn Source) -> Result<Interval> {
        Ok(source.profile(self.metric())?.extent)
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
        run(self, source, interval, None, None)
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
        run(self, source, interval, Some(carry), None)
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
        run(self, source, interval, carry, Some(watch))
    }
}

/// A detection under construction; see [`Detection::builder`].
#[derive(Debug)]
pub struct DetectionBuilder {
    plan: Plan,
}

impl DetectionBuilder {
    /// What it means when it fires.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.plan.description = description.into();
        self
    }

    /// Looks at every combination of the values of these dimensions on its own.
    #[must_use]
    pub fn by<D: Into<String>>(mut self, dimensions: impl IntoIterator<Item = D>) -> Self {
        self.plan.look_at.dimensions = dimensions.into_iter().map(Into::into).collect();
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
        self.plan.look_at.filters.push((dimension.into(), values));
        self
    }

    /// How flagged buckets become anomalies; across two hours and up to seven days by default.
    #[must_use]
    pub fn merge(mut self, policy: MergePolicy) -> Self {
        self.plan.policy = policy;
        self
    }

    /// Adds a rule; a bucket is anomalous for the detection when it is for any rule.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.plan.rules.push(rule);
        self
    }

    /// The checked detection.
    ///
    /// # Errors
    /// [`Error::NoRules`] without a rule, [`Error::DuplicateName`] when two rules, or two filters
    /// of one rule, have one name.
    pub fn build(self) -> Result<Detection> {
        let mut plan = self.plan;
        plan.fingerprint = fingerprint(&plan);
        checked(plan)
    }
}

/// The settings as their debug text, which names every field and prints numbers exactly.
fn fingerprint(plan: &Plan) -> u128 {
    let mut hash = StableHash::new();
    hash.write_str(&plan.name);
    hash.write_str(&format!("{:?}", plan.look_at));
    hash.write_str(&format!("{:?}", plan.policy));
    for rule in &plan.rules {
        hash.write_str(&format!("{rule:?}"));
    }
    hash.finish()
}

pub(crate) fn checked(plan: Plan) -> Result<Detection> {
    if plan.rules.is_empty() {
        return Err(Error::NoRules {
            detection: plan.name,
        });
    }
    let mut rules = BTreeSet::new();
    for rule in &plan.rules {
        let mut filters = BTreeSet::new();
        let duplicate = Some(rule.name())
            .filter(|name| !rules.insert(*name))
            .or_else(|| rule.filter_names().find(|name| !filters.insert(*name)));
        if let Some(name) = duplicate {
            return Err(Error::DuplicateName {
                name: name.to_owned(),
                detection: plan.name.clone(),
            });
        }
    }
    Ok(Detection {
        plan: Arc::new(plan),
    })
}
