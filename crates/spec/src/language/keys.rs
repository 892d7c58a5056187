//! The keys of each level, in three classes.

use std::fmt;

/// What becomes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// It does what is documented.
    Effective,
    /// It is accepted and changes nothing, for this reason.
    WithoutEffect(&'static str),
    /// It is documented and refused, as this version does not have it; what to do instead.
    NotAvailable(&'static str),
}

/// A key of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyEntry {
    /// The key as it is written.
    pub name: &'static str,
    /// What becomes of it.
    pub class: Class,
}

/// A level of a configuration: a mapping with keys of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Level {
    /// What it is called in messages.
    pub name: &'static str,
    /// Its keys.
    pub keys: &'static [KeyEntry],
    /// What to do with a key that is none of them.
    pub(crate) hint: &'static str,
}

pub(crate) const fn effective(name: &'static str) -> KeyEntry {
    KeyEntry {
        name,
        class: Class::Effective,
    }
}

const fn without_effect(name: &'static str, reason: &'static str) -> KeyEntry {
    KeyEntry {
        name,
        class: Class::WithoutEffect(reason),
    }
}

const fn not_available(name: &'static str, remedy: &'static str) -> KeyEntry {
    KeyEntry {
        name,
        class: Class::NotAvailable(remedy),
    }
}

const WINDOWS: &str = "results here do not depend on the window in which they are computed";
const ONE_METRIC: &str = "write one detection for each metric, each in a file of its own";
const EVERY_SLICE: &str = "delete it: every combination that occurs is watched";

impl Level {
    /// The whole configuration.
    pub const TOP: Self = Self {
        name: "a detection",
        keys: &[
            effective("detectionName"),
            effective("description"),
            effective("type"),
            effective("metric"),
            effective("dataset"),
            effective("active"),
            effective("cron"),
            effective("filters"),
            effective("dimensionExploration"),
            effective("rules"),
            effective("merger"),
            effective("events"),
            effective("holidays"),
            without_effect(
                "owners",
                "who is told is decided where alerts are delivered",
            ),
            without_effect("lastTimestamp", "where a run begins is given to the run"),
            without_effect("disableValidation", "every configuration is checked"),
            not_available("alerts", ONE_METRIC),
            not_available(
                "grouper",
                "delete it: the anomalies of each rule are reported",
            ),
        ],
        hint: "parameters of a detector go under `params:` of an item of `detection:`; who is told \
               of an anomaly is no part of a detection",
    };

    /// `dimensionExploration`.
    pub const EXPLORATION: Self = Self {
        name: "`dimensionExploration`",
        keys: &[
            effective("dimensions"),
            not_available("dimensionFilterMetric", EVERY_SLICE),
            not_available("k", EVERY_SLICE),
            not_available("minContribution", EVERY_SLICE),
            not_available("minValue", EVERY_SLICE),
            not_available("minValueHourly", EVERY_SLICE),
            not_available("maxValueHourly", EVERY_SLICE),
            not_available("minValueDaily", EVERY_SLICE),
            not_available("maxValueDaily", EVERY_SLICE),
            not_available("minLiveZone", EVERY_SLICE),
            not_available("liveBucketPercentageThreshold", EVERY_SLICE),
            not_available("lookback", EVERY_SLICE),
            not_available("timezone", EVERY_SLICE),
            not_available("cachingPeriodLookback", EVERY_SLICE),
        ],
        hint: "the dimensions go in a list under `dimensions:`",
    };

    /// `merger`.
    pub const MERGER: Self = Self {
        name: "`merger`",
        keys: &[effective("maxGap"), effective("maxDuration")],
        hint: "how anomalies merge is said by these two alone",
    };

    /// An item of `events`.
    pub const EVENT: Self = Self {
        name: "an event",
        keys: &[
            effective("name"),
            effective("start"),
            effective("end"),
            effective("before"),
            effective("after"),
            effective("knownAt"),
            effective("filters"),
            effective("leaveOut"),
            effective("expect"),
            effective("suppress"),
        ],
        hint: "an event says when it is, for whom, and what it means: `leaveOut:`, `expect:`, \
               `suppress:`",
    };

    /// `suppress` of an event.
    pub const SUPPRESS: Self = Self {
        name: "`suppress`",
        keys: &[
            effective("expectedChange"),
            effective("acceptableDeviation"),
        ],
        hint: "the window of an event is its `start:`, `end:`, `before:` and `after:`",
    };

    /// An item of `rules`.
    pub const RULE: Self = Self {
        name: "a rule",
        keys: &[
            effective("detection"),
            effective("filter"),
            effective("labeler"),
            not_available(
                "quality",
                "delete it: buckets without data have a verdict of their own",
            ),
        ],
        hint: "a rule is `detection:`, `filter:` and `labeler:`, each a list of `name:`, `type:` and `params:`",
    };

    /// An item of `detection`.
    pub const DETECTOR: Self = Self {
        name: "a detector",
        keys: &[
            effective("name"),
            effective("type"),
            effective("params"),
            effective("timezone"),
            effective("timeZone"),
            without_effect("windowSize", WINDOWS),
            without_effect("windowUnit", WINDOWS),
            without_effect("windowDelay", WINDOWS),
            without_effect("windowDelayUnit", WINDOWS),
            without_effect("bucketPeriod", WINDOWS),
            without_effect("cachingPeriodLookback", "nothing is cached between runs"),
        ],
        hint: "parameters of the type go under `params:`, indented below it",
    };

    /// An item of `filter`.
    pub const FILTER: Self = Self {
        name: "a filter",
        keys: &[effective("name"), effective("type"), effective("params")],
        hint: "parameters of the type go under `params:`, indented below it",
    };

    /// An item of `labeler`.
    pub const LABELER: Self = Self {
        name: "a labeler",
        keys: &[effective("name"), effective("type"), effective("params")],
        hint: "parameters of the type go under `params:`, indented below it",
    };

    /// All levels, from the outermost inward.
    pub const ALL: [Self; 9] = [
        Self::TOP,
        Self::EXPLORATION,
        Self::MERGER,
        Self::EVENT,
        Self::SUPPRESS,
        Self::RULE,
        Self::DETECTOR,
        Self::FILTER,
        Self::LABELER,
    ];

    /// The entry of `key`.
    pub fn entry(&self, key: &str) -> Option<&'static KeyEntry> {
        self.keys.iter().find(|entry| entry.name == key)
    }

    /// Names of the keys that do something.
    pub(crate) fn writable(&self) -> impl Iterator<Item = &'static str> {
        self.keys
            .iter()
            .filter(|entry| entry.class == Class::Effective)
            .map(|entry| entry.name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_level_has_a_key_twice() {
        for level in Level::ALL {
            let mut names: Vec<_> = level.keys.iter().map(|entry| entry.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), level.keys.len(), "{level}");
        }
    }
}
