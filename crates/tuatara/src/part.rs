//! What a detection watches: a metric, its slices, and the rules to look with.

use tuatara_core::Ranking;
use tuatara_frame::events::EventCalendar;
use tuatara_frame::{Exploration, Source};
use tuatara_merge::MergePolicy;

use crate::{Detection, Error, Result, Rule};

/// What a detection watches: one metric, the slices of it, and the rules to look with. Most
/// detections have one part; one that is composed of others has theirs.
#[derive(Debug, Clone)]
pub struct Part {
    /// The detection that it is, or was before it became part of another.
    pub(crate) name: String,
    /// Whether it looks at the quality of the data: it finds nothing of the metric.
    pub(crate) is_of_quality: bool,
    pub(crate) dataset: Option<String>,
    pub(crate) look_at: Exploration,
    pub(crate) calendar: EventCalendar,
    /// Which of the slices are watched; `None`: all.
    pub(crate) ranking: Option<Ranking>,
    /// The most slices there may be.
    pub(crate) combination_limit: usize,
    pub(crate) policy: MergePolicy,
    pub(crate) rules: Vec<Rule>,
}

impl Part {
    /// The name of the detection that it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The metric it looks at.
    pub fn metric(&self) -> &str {
        &self.look_at.metric
    }

    /// The dataset that its configuration names, if any.
    pub fn dataset(&self) -> Option<&str> {
        self.dataset.as_deref()
    }

    /// The slices it looks at: dimensions that are explored, and filters on the data.
    pub fn exploration(&self) -> &Exploration {
        &self.look_at
    }

    /// What is known of the calendar.
    pub fn calendar(&self) -> &EventCalendar {
        &self.calendar
    }

    /// Which of those slices are watched on a day; `None` where all are.
    pub fn ranking(&self) -> Option<&Ranking> {
        self.ranking.as_ref()
    }

    /// How flagged buckets become anomalies.
    pub fn merge_policy(&self) -> MergePolicy {
        self.policy
    }

    /// Refuses more combinations than are allowed.
    pub(crate) fn check_combinations(&self, count: usize) -> Result<()> {
        let limit = self.combination_limit;
        if count <= limit {
            return Ok(());
        }
        Err(Error::TooManyCombinations {
            detection: self.name.clone(),
            dimensions: self.look_at.dimensions.clone(),
            count,
            limit,
        })
    }

    /// Whether it looks at the quality of the data as a whole: it finds nothing of the metric.
    pub fn is_of_quality(&self) -> bool {
        self.is_of_quality
    }

    /// The names of its rules, as `name:TYPE`, in their order.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(Rule::name)
    }

    /// What its filters compare with, as far as a day of hours tells.
    #[cfg(all(feature = "files", feature = "yaml"))]
    pub(crate) fn beside(&self) -> Vec<tuatara_core::OtherSlice> {
        use tuatara_frame::{Duration, Granularity, Instant, Interval, SliceKey, TimeAxis, Zone};

        let own = SliceKey::new(self.metric());
        let day = Instant::from_millis(86_400_000).and_then(|end| {
            let start = Instant::from_millis(0)?;
            let hourly = Granularity::fixed(Duration::hours(1))?;
            TimeAxis::covering(hourly, Zone::UTC, Interval::new(start, end)?)
        });
        let Ok(axis) = day else {
            return Vec::new();
        };
        let judges = self.rules.iter().flat_map(Rule::behind);
        // A filter that does not fit hours says so when it is run.
        let needs = judges.filter_map(|judge| judge.needs(&own, &axis).ok());
        needs.flat_map(|needs| needs.others().to_vec()).collect()
    }

    /// Whether a rule of it is called `rule`.
    pub(crate) fn has_rule(&self, rule: &str) -> bool {
        self.rule_names().any(|name| name == rule)
    }
}

/// Of several datasets the one that `part` names.
pub(crate) fn dataset_of<'p>(detection: &Detection, part: &'p Part) -> Option<&'p str> {
    let parts = detection.parts();
    let is_one = parts.iter().all(|other| other.dataset == part.dataset);
    part.dataset().filter(|_| !is_one)
}

/// The data of `part`: of several datasets the one that it names, otherwise all there is.
pub(crate) fn source_of<'s>(
    detection: &Detection,
    part: &Part,
    source: &'s dyn Source,
) -> Result<&'s dyn Source> {
    let Some(name) = dataset_of(detection, part) else {
        return Ok(source);
    };
    source.dataset(name).ok_or_else(|| Error::MissingDataset {
        dataset: name.to_owned(),
        part: part.name.clone(),
        detection: detection.name().to_owned(),
    })
}
