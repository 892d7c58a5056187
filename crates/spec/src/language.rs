//! The configuration of one detection: what may be written, and what it means.
//!
//! One file a level: [the top](self), rules, their detectors and filters, the merger, dimension
//! filters and exploration. Each level has a table of its keys in two classes: effective,
//! accepted without effect (a note says why). Any other is an error.

mod component;
mod events;
mod exploration;
mod filters;
mod grouper;
mod keys;
mod merger;
mod risk;
mod rule;
mod setting;
mod thinning;
mod top;
mod window;

use std::collections::BTreeMap;

use tuatara_core::{Component, Detector, Expression, Filter, Ranking};
use tuatara_frame::events::EventCalendar;
use tuatara_frame::{Duration, Granularity, Zone};

use crate::fields::Said;
use crate::tree::{MAX_DEPTH, Node};
use crate::{Code, Diagnosis, Diagnostic, Registry, Schedule, Span, Spanned, SpecError};

pub(crate) use exploration::ASKING;
pub use exploration::COMBINATION_LIMIT;
pub use keys::{Class, KeyEntry, Level};
pub(crate) use keys::{Count, Folding, Form, TEXT, key, named, words};

/// A detection that was read and checked: every component is built, every name is unique.
#[derive(Debug)]
#[non_exhaustive]
pub struct DetectionSpec {
    /// `detectionName`, or the `name` of an item of `alerts`.
    pub name: Spanned<String>,
    /// `description`.
    pub description: Option<String>,
    /// `metric`: the name of a column; none for one that is composed of others.
    pub metric: Option<Spanned<String>>,
    /// `dataset`: the name of a table.
    pub dataset: Option<Spanned<String>>,
    /// `active`; true by default.
    pub active: bool,
    /// `cron`: when whoever runs the detection should run it. Results do not depend on it.
    pub schedule: Option<Spanned<Schedule>>,
    /// `filters`: dimensions in alphabetical order, each with the values that are kept.
    pub filters: Vec<(String, Vec<String>)>,
    /// `dimensionExploration.dimensions`: each combination of their values is a series of its
    /// own. Empty: the metric as a whole.
    pub dimensions: Vec<String>,
    /// The rest of `dimensionExploration`: which of these are watched. None: all.
    pub ranking: Option<Ranking>,
    /// `dimensionExploration.combinationLimit`: the most combinations there may be. 20 000 by
    /// default.
    pub combination_limit: usize,
    /// `merger`.
    pub merge: MergeSpec,
    /// `events` and `holidays`: what is known of the calendar.
    pub calendar: EventCalendar,
    /// `rules`, at least one where there is a metric; they are alternatives.
    pub rules: Vec<RuleSpec>,
    /// `alerts`, at least one where there is no metric: what it is composed of.
    pub alerts: Vec<DetectionSpec>,
    /// `grouper`.
    pub grouper: Option<GrouperSpec>,
    fingerprint: u128,
}

/// What becomes one incident.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GrouperSpec {
    /// `type`, with what it takes.
    pub gathers: GatherSpec,
    /// Across which gaps incidents are joined, and how long they may become: as anomalies are,
    /// unless the grouper says otherwise.
    pub merge: MergeSpec,
}

/// What a grouper gathers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum GatherSpec {
    /// `INCIDENT_GROUPER`: whatever is found at one time.
    Everything,
    /// `GROUPER`: what an expression asks for, over the names of detectors within each slice, or
    /// over those of `alerts`.
    Expression(Spanned<Expression>),
}

/// How anomalies are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MergeSpec {
    /// The longest gap across which two anomalies become one. 2 hours by default.
    pub max_gap: Duration,
    /// The longest an anomaly may become. At least 15 minutes, 7 days by default.
    pub max_duration: Duration,
}

/// One rule: detectors, and the filters that their anomalies have to pass, in this order.
#[derive(Debug)]
#[non_exhaustive]
pub struct RuleSpec {
    /// `detection`, at least one where there is no `quality`; all of [`Component::Detector`].
    pub detections: Vec<ComponentSpec>,
    /// `filter`; all of [`Component::Filter`].
    pub filters: Vec<ComponentSpec>,
    /// `labeler`; a [`Component::Labeler`].
    pub labeler: Option<ComponentSpec>,
    /// `quality`: detectors that look at the data as a whole, without filters and dimensions.
    pub quality: Vec<ComponentSpec>,
    /// `thinning`.
    pub thinning: ThinningSpec,
}

/// Which flagged buckets of a rule are worth an anomaly.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ThinningSpec {
    /// The score that a bucket must exceed to open one. 1 or more, 1 by default.
    pub enter: f64,
    /// The score that a bucket must exceed to go on with one that is open. 0 to `enter`, 1 by
    /// default.
    pub leave: f64,
    /// How many of the last `n` buckets must be flagged for one to open. 1 by default.
    pub k: u32,
    /// 1 to 48, `k` by default.
    pub n: u32,
    /// How long before one no other may lie for it to open. None by default.
    pub quiet: Duration,
}

/// A detector, filter or labeler, built.
#[derive(Debug)]
#[non_exhaustive]
pub struct ComponentSpec {
    /// `name`, unique in the configuration.
    pub name: Spanned<String>,
    /// `type`, in its canonical spelling.
    pub type_name: Spanned<String>,
    /// `timezone`: the zone of its calendar. None: that of the dataset.
    pub zone: Option<Spanned<Zone>>,
    /// `monitoringGranularity`: the step on which it judges. None: that of the dataset.
    pub monitoring: Option<Spanned<Granularity>>,
    /// `windowDelay`: how long after its end a bucket is judged, where the data themselves do not wait
    /// longer. None: as long as they do.
    pub delay: Option<Spanned<Duration>>,
    /// The detector or filter itself.
    pub component: Component,
}

impl ComponentSpec {
    /// The detector, if this stands under `detection`.
    pub fn detector(&self) -> Option<&dyn Detector> {
        match &self.component {
            Component::Detector(detector) => Some(detector.as_ref()),
            _ => None,
        }
    }

    /// The filter, if this stands under `filter`.
    pub fn filter(&self) -> Option<&dyn Filter> {
        match &self.component {
            Component::Filter(filter) => Some(filter.as_ref()),
            _ => None,
        }
    }
}

/// A detection, and what is to be said about it all the same.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// What was read.
    pub spec: DetectionSpec,
    /// Warnings and notes; no errors.
    pub diagnosis: Diagnosis,
}

impl DetectionSpec {
    /// Reads and checks a configuration in YAML. `file` is its name, for messages.
    ///
    /// # Errors
    /// [`SpecError::Refused`] with everything that is wrong, as far as it can be told at once.
    #[cfg(feature = "yaml")]
    pub fn from_yaml(text: &str, file: &str, registry: &Registry) -> Result<Checked, SpecError> {
        let (tree, found) = crate::yaml::read(text);
        // What a merge key would have brought is missing below; no need to complain about that.
        let readable = !found.iter().any(|d| d.code == Code::MergeKey);
        Reading::new(registry, found).run(tree.as_ref().filter(|_| readable), file, text)
    }

    /// Reads and checks a configuration that was built in code. Messages call it `name`, and point
    /// into the text that [`Node::print`] gives.
    ///
    /// # Errors
    /// [`SpecError::Refused`] with everything that is wrong, as far as it can be told at once.
    pub fn from_tree(tree: &Node, name: &str, registry: &Registry) -> Result<Checked, SpecError> {
        if tree.is_deeper_than(MAX_DEPTH) {
            let message = format!("the tree is nested more than {MAX_DEPTH} levels deep");
            let found = Diagnostic::error(Code::TooDeep, Span::NONE, message)
                .allowed(format!("{MAX_DEPTH} levels"))
                .remedy("a detection needs ten at most");
            return Err(SpecError::Refused(Diagnosis::new(name, "", vec![found])));
        }
        let printed = tree.print();
        Reading::new(registry, Vec::new()).run(Some(&printed.tree), name, &printed.text)
    }

    /// Names what the configuration says: equal for texts that differ in places, comments, quotes
    /// or the order of keys; different, but for an accident in 2¹²⁸, for all others.
    pub fn fingerprint(&self) -> u128 {
        self.fingerprint
    }
}

/// A configuration being read: what may be named in it, and what was found so far.
struct Reading<'r> {
    registry: &'r Registry,
    said: Said,
    names: BTreeMap<String, Span>,
    /// The names of detections, one within another.
    alerts: BTreeMap<String, Span>,
    duration_filters: Vec<risk::DurationFilter>,
    /// `quiet` of the thinnings that were met, with the place of the key.
    quiets: Vec<Spanned<Duration>>,
}

impl<'r> Reading<'r> {
    fn new(registry: &'r Registry, found: Vec<Diagnostic>) -> Self {
        Self {
            registry,
            said: Said::new(found),
            names: BTreeMap::new(),
            alerts: BTreeMap::new(),
            duration_filters: Vec::new(),
            quiets: Vec::new(),
        }
    }

    fn run(mut self, tree: Option<&Node>, file: &str, text: &str) -> Result<Checked, SpecError> {
        let spec = tree.and_then(|tree| self.top(tree));
        let diagnosis = Diagnosis::new(file, text, self.said.into_diagnostics());
        match spec {
            Some(spec) if !diagnosis.has_errors() => Ok(Checked { spec, diagnosis }),
            _ => Err(SpecError::Refused(diagnosis)),
        }
    }
}
