//! From a configuration to a detection.

use std::sync::Arc;

use tuatara_core::Component;
use tuatara_frame::Exploration;
use tuatara_merge::MergePolicy;
use tuatara_rules::{
    AbsoluteChangeFilterParams, AbsoluteChangeRuleParams, DurationFilterParams, FlatlineParams,
    MeanVarianceRuleParams, MissingDataParams, PercentageChangeFilterParams, PercentageRuleParams,
    RobustZscoreParams, SitewideImpactFilterParams, ThresholdParams, ThresholdRuleFilterParams,
    ThresholdSeverityLabelerParams, TimeOfWeekFilterParams, VolumeFilterParams,
};
use tuatara_spec::{ComponentSpec, DetectionSpec, Registry};

use crate::detection::{Plan, checked};
use crate::rule::{RuleFilter, RuleLabeler};
use crate::{Detection, Error, Result, Rule};

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
        let fingerprint = spec.fingerprint();
        let policy = MergePolicy::new(spec.merge.max_gap, spec.merge.max_duration)
            .map_err(Error::merge(&spec.name.value))?;
        let mut rules = Vec::new();
        for rule in spec.rules {
            let filters: Vec<RuleFilter> = rule.filters.into_iter().filter_map(filter).collect();
            let labeler = rule.labeler.and_then(labeler);
            rules.extend(
                rule.detections
                    .into_iter()
                    .filter_map(|detection| detector(detection, &filters, labeler.as_ref())),
            );
        }
        checked(Plan {
            name: spec.name.value,
            description: spec.description.unwrap_or_default(),
            dataset: spec.dataset.map(|dataset| dataset.value),
            active: spec.active,
            look_at: Exploration {
                metric: spec.metric.value,
                dimensions: spec.dimensions,
                filters: spec.filters,
            },
            policy,
            rules,
            fingerprint,
        })
    }
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
            filters: filters.to_vec(),
            labeler: labeler.cloned(),
        }),
        _ => None,
    }
}
