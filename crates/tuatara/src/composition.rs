//! A detection that is composed of others.

use tuatara_merge::{Gathers, MergePolicy};

use crate::detection::{Plan, checked, fingerprint};
use crate::group::{GroupPlan, Input, is_last};
use crate::{Detection, Result};

/// A detection of others under construction; see [`Detection::compose`].
#[derive(Debug)]
pub struct CompositionBuilder {
    name: String,
    description: String,
    of: Vec<Detection>,
    gathers: Option<Gathers>,
    policy: MergePolicy,
}

impl Detection {
    /// Starts a detection called `name` that is composed of others, in code. What each of them
    /// finds is found; what happens at the same time can be [gathered](CompositionBuilder::gather)
    /// into incidents.
    ///
    /// ```
    /// use tuatara::merge::Gathers;
    /// use tuatara::rules::ThresholdParams;
    /// use tuatara::{Detection, Rule};
    ///
    /// let above = |name: &str, metric: &str, max: f64| {
    ///     let limit = ThresholdParams { max: Some(max), min: None };
    ///     let rule = Rule::from_params(&format!("{name} limit"), limit).expect("it has a limit");
    ///     Detection::builder(name, metric).rule(rule).build()
    /// };
    /// let both = Detection::compose("overload")
    ///     .with(above("cpu", "cpu", 90.0)?)
    ///     .with(above("errors", "errors", 10.0)?)
    ///     .gather(Gathers::Expression("cpu && errors".parse()?))
    ///     .build()?;
    /// let metrics: Vec<_> = both.parts().iter().map(|part| part.metric()).collect();
    /// assert_eq!(metrics, ["cpu", "errors"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compose(name: &str) -> CompositionBuilder {
        CompositionBuilder {
            name: name.to_owned(),
            description: String::new(),
            of: Vec::new(),
            gathers: None,
            policy: MergePolicy::default(),
        }
    }
}

impl CompositionBuilder {
    /// What it means when it fires.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a detection, under its name.
    #[must_use]
    pub fn with(mut self, detection: Detection) -> Self {
        self.of.push(detection);
        self
    }

    /// Gathers what is found into [incidents](crate::Report::incidents): everything that happens
    /// at one time, or what an expression over the names of the detections asks for.
    #[must_use]
    pub fn gather(mut self, gathers: Gathers) -> Self {
        self.gathers = Some(gathers);
        self
    }

    /// Across which gaps incidents are joined, and how long they may become; two hours and seven
    /// days by default.
    #[must_use]
    pub fn merge(mut self, policy: MergePolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The checked detection.
    ///
    /// # Errors
    /// [`Error::NoRules`](crate::Error::NoRules) when it is composed of nothing,
    /// [`Error::DuplicateName`](crate::Error::DuplicateName) when two detections or two rules have
    /// one name, [`Error::UnknownMember`](crate::Error::UnknownMember) when an expression names no
    /// detection.
    pub fn build(self) -> Result<Detection> {
        let mut plan = self.plan();
        plan.fingerprint = fingerprint(&plan);
        checked(plan)
    }

    /// The plan without a fingerprint, unchecked.
    pub(crate) fn plan(self) -> Plan {
        let (mut parts, mut groups) = (Vec::new(), Vec::new());
        let mut inputs = Vec::new();
        for detection in self.of {
            let name = detection.name().to_owned();
            let (first_part, first_group) = (parts.len(), groups.len());
            let theirs = &detection.plan;
            let last = (0..theirs.groups.len()).filter(|&group| is_last(&theirs.groups, group));
            let gathered = last.map(|group| Input::Group {
                group: first_group + group,
                name: name.clone(),
            });
            inputs.extend(gathered);
            if theirs.groups.is_empty() {
                let parts = theirs.parts.iter().enumerate();
                let watched = parts.filter(|(_, part)| !part.is_of_quality);
                inputs.extend(watched.map(|(part, _)| Input::Part {
                    part: first_part + part,
                    name: name.clone(),
                }));
            }
            parts.extend(theirs.parts.iter().cloned());
            let moved = theirs.groups.iter().cloned().map(|mut group| {
                for input in &mut group.of {
                    match input {
                        Input::Rules { part } | Input::Part { part, .. } => *part += first_part,
                        Input::Group { group, .. } => *group += first_group,
                    }
                }
                group
            });
            groups.extend(moved);
        }
        groups.extend(self.gathers.map(|gathers| GroupPlan {
            name: self.name.clone(),
            gathers,
            policy: self.policy,
            of: inputs,
        }));
        Plan {
            name: self.name,
            description: self.description,
            active: true,
            parts,
            groups,
            fingerprint: 0,
        }
    }
}
