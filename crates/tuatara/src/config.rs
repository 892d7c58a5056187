//! From a configuration to a detection.

use std::sync::Arc;

use tuatara_core::Component;
use tuatara_frame::{Duration, Exploration};
use tuatara_merge::{Gathers, MergeError, MergePolicy, Thinning, ThinningParams};
use tuatara_rules::{
    AbsoluteChangeFilterParams, AbsoluteChangeRuleParams, DataSlaParams, DurationFilterParams,
    FlatlineParams, MeanVarianceRuleParams, MissingDataParams, PercentageChangeFilterParams,
    PercentageRuleParams, RobustZscoreParams, SitewideImpactFilterParams, ThresholdParams,
    ThresholdRuleFilterParams, ThresholdSeverityLabelerParams, TimeOfWeekFilterParams,
    VolumeFilterParams,
};
use tuatara_spec::{
    ComponentSpec, DetectionSpec, GatherSpec, GrouperSpec, MergeSpec, Registry, ThinningSpec,
};

use crate::detection::{Plan, checked};
use crate::group::GroupPlan;
use crate::rule::{RuleFilter, RuleLabeler};
use crate::{Detection, Error, Part, Result, Rule};

/// Every detector, filter and labeler that ships with Tuatara. Add your own with
/// [`Registry::with`].
///
/// ```
/// use tuatara_spec::Kind;
///
/// let known: Vec<_> = tuatara::standard_registry().types(Kind::Detector).collect();
/// assert!(known.contains(&"PERCENTAGE_RULE"));
/// ```
pub fn standard_registry() -> Registry {
    let registry = Registry::new()
        .with::<ThresholdParams>()
        .with::<PercentageRuleParams>()
        .with::<AbsoluteChangeRuleParams>()
        .with::<MeanVarianceRuleParams>()
        .with::<RobustZscoreParams>()
        .with::<FlatlineParams>()
        .with::<MissingDataParams>()
        .with::<DataSlaParams>()
        .with::<DurationFilterParams>()
        .with::<PercentageChangeFilterParams>()
        .with::<AbsoluteChangeFilterParams>()
        .with::<SitewideImpactFilterParams>()
        .with::<ThresholdRuleFilterParams>()
        .with::<VolumeFilterParams>()
        .with::<TimeOfWeekFilterParams>()
        .with::<ThresholdSeverityLabelerParams>();
    #[cfg(feature = "holt-winters")]
    let registry = registry.with::<tuatara_holt_winters::HoltWintersParams>();
    #[cfg(feature = "neural")]
    let registry = registry.with::<tuatara_neural::AlerTigerParams>();
    registry
}

impl Detection {
    /// Reads a configuration that names the detectors and filters of Tuatara.
    ///
    /// ```
    /// let detection = tuatara::Detection::from_yaml("
    /// detectionName: revenue drops
    /// metric: revenue
    /// rules:
    ///   - detection:
    ///       - name: week_over_week
    ///         type: PERCENTAGE_RULE
    ///         params: { offset: wo1w, percentageChange: 0.2, pattern: DOWN }
    /// ")?;
    /// assert_eq!(detection.metric(), "revenue");
    /// # Ok::<(), tuatara::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Spec`], which shows every error with its line, what is allowed and the remedy.
    #[cfg(feature = "yaml")]
    pub fn from_yaml(text: &str) -> Result<Self> {
        let (detection, _) = Self::from_yaml_with(text, "spec.yaml", &standard_registry())?;
        Ok(detection)
    }

    /// Reads a configuration that names the detectors and filters of `registry`; `file` stands in
    /// messages. The second part of the answer holds warnings and notes.
    ///
    /// # Errors
    /// As [`from_yaml`](Self::from_yaml).
    #[cfg(feature = "yaml")]
    pub fn from_yaml_with(
        text: &str,
        file: &str,
        registry: &Registry,
    ) -> Result<(Self, tuatara_spec::Diagnosis)> {
        let checked = DetectionSpec::from_yaml(text, file, registry)?;
        Ok((Self::from_spec(checked.spec)?, checked.diagnosis))
    }

    /// The detection that a checked configuration describes.
    ///
    /// # Errors
    /// [`Error::NoRules`] when it has no detector.
    pub fn from_spec(spec: DetectionSpec) -> Result<Self> {
        let (active, fingerprint) = (spec.active, spec.fingerprint());
        let mut plan = plan(spec)?;
        (plan.active, plan.fingerprint) = (active, fingerprint);
        checked(plan)
    }
}

fn plan(spec: DetectionSpec) -> Result<Plan> {
    let name = spec.name.value;
    let policy = |merge: MergeSpec| {
        MergePolicy::new(merge.max_gap, merge.max_duration).map_err(Error::merge(&name))
    };
    let gathers = |grouper: &GrouperSpec| match &grouper.gathers {
        GatherSpec::Expression(expression) => Gathers::Expression(expression.value.clone()),
        _ => Gathers::Everything,
    };
    let description = spec.description.unwrap_or_default();
    let Some(metric) = spec.metric else {
        let mut composed = Detection::compose(&name).description(description);
        for alert in spec.alerts {
            composed = composed.with(checked(plan(alert)?)?);
        }
        if let Some(grouper) = &spec.grouper {
            composed = composed
                .merge(policy(grouper.merge)?)
                .gather(gathers(grouper));
        }
        let mut plan = composed.plan();
        // What is known of the calendar holds for all of it.
        for part in &mut plan.parts {
            part.calendar = std::mem::take(&mut part.calendar).and(spec.calendar.clone());
        }
        return Ok(plan);
    };
    let policy_of_rules = policy(spec.merge)?;
    let (mut rules, mut quality) = (Vec::new(), Vec::new());
    for rule in spec.rules {
        let filters: Vec<RuleFilter> = rule.filters.into_iter().filter_map(filter).collect();
        let labeler = rule.labeler.and_then(labeler);
        let thinning = thinning(rule.thinning).map_err(Error::merge(&name))?;
        let of_rule = rule.detections.into_iter();
        let of_rule = of_rule.filter_map(|item| detector(item, &filters, labeler.as_ref()));
        rules.extend(of_rule.map(|rule| rule.with_thinning(thinning)));
        let of_quality = rule.quality.into_iter();
        quality.extend(of_quality.filter_map(|item| detector(item, &[], None)));
    }
    let part = Part {
        name: name.clone(),
        is_of_quality: false,
        dataset: spec.dataset.map(|dataset| dataset.value),
        look_at: Exploration {
            metric: metric.value,
            dimensions: spec.dimensions,
            filters: spec.filters,
        },
        ranking: spec.ranking,
        combination_limit: spec.combination_limit,
        calendar: spec.calendar,
        policy: policy_of_rules,
        rules,
    };
    // The quality of the data is looked at as a whole.
    let whole = Part {
        name: format!("{name} (quality)"),
        is_of_quality: true,
        look_at: Exploration::of(part.metric()),
        ranking: None,
        rules: quality,
        ..part.clone()
    };
    let group = match &spec.grouper {
        Some(grouper) => Some(GroupPlan::of(
            &part,
            gathers(grouper),
            policy(grouper.merge)?,
        )),
        None => None,
    };
    let parts = [part, whole].into_iter();
    Ok(Plan {
        name,
        description,
        active: true,
        parts: parts.filter(|part| !part.rules.is_empty()).collect(),
        groups: group.into_iter().collect(),
        fingerprint: 0,
    })
}

fn thinning(spec: ThinningSpec) -> Result<Thinning, MergeError> {
    let ThinningSpec {
        enter,
        leave,
        k,
        n,
        quiet,
        ..
    } = spec;
    Thinning::new(ThinningParams {
        enter,
        leave,
        k,
        n,
        quiet,
    })
}

fn full_name(component: &ComponentSpec) -> String {
    format!("{}:{}", component.name.value, component.type_name.value)
}

/// A component under `filter:` is a filter: the configuration was checked.
fn filter(component: ComponentSpec) -> Option<RuleFilter> {
    let name = full_name(&component);
    match component.component {
        Component::Filter(filter) => Some(RuleFilter {
            name,
            filter: Arc::from(filter),
            zone: component.zone.map(|zone| zone.value),
        }),
        _ => None,
    }
}

/// A component under `labeler:` is a labeler.
fn labeler(component: ComponentSpec) -> Option<RuleLabeler> {
    let name = full_name(&component);
    match component.component {
        Component::Labeler(labeler) => Some(RuleLabeler {
            name,
            labeler: Arc::from(labeler),
            zone: component.zone.map(|zone| zone.value),
        }),
        _ => None,
    }
}

/// A component under `detection:` is a detector; all of one rule share its filters and labeler.
fn detector(
    component: ComponentSpec,
    filters: &[RuleFilter],
    labeler: Option<&RuleLabeler>,
) -> Option<Rule> {
    let name = full_name(&component);
    match component.component {
        Component::Detector(detector) => Some(Rule {
            name,
            detector: Arc::from(detector),
            zone: component.zone.map(|zone| zone.value),
            granularity: component.monitoring.map(|granularity| granularity.value),
            thinning: Thinning::default(),
            delay: component.delay.map_or(Duration::ZERO, |delay| delay.value),
            filters: filters.to_vec(),
            labeler: labeler.cloned(),
        }),
        _ => None,
    }
}
