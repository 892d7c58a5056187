//! The keys of each level, in two classes.

use std::fmt;

/// What becomes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// It does what is documented.
    Effective,
    /// It is accepted and changes nothing, for this reason.
    WithoutEffect(&'static str),
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

const WINDOWS: &str = "results here do not depend on the window in which they are computed";

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
            effective("alerts"),
            effective("grouper"),
        ],
        hint: "parameters of a detector go under `params:` of an item of `detection:`; who is told \
               of an anomaly is said by a subscription",
    };

    /// An item of `alerts`: a detection that is part of another.
    pub const ALERT: Self = Self {
        name: "an item of `alerts`",
        keys: &[
            effective("name"),
            effective("description"),
            effective("type"),
            effective("metric"),
            effective("dataset"),
            effective("filters"),
            effective("dimensionExploration"),
            effective("rules"),
            effective("merger"),
            effective("alerts"),
            effective("grouper"),
            effective("events"),
            effective("holidays"),
        ],
        hint: "an item of `alerts` is a detection with a `name:`; when it runs is said at the top",
    };

    /// `grouper`.
    pub const GROUPER: Self = Self {
        name: "a grouper",
        keys: &[
            without_effect("name", "its incidents go by the name of the detection"),
            effective("type"),
            effective("params"),
        ],
        hint: "a grouper is `type:` and `params:`",
    };

    /// `params` of a `GROUPER`.
    pub const EXPRESSION: Self = Self {
        name: "`params` of a GROUPER",
        keys: &[
            effective("expression"),
            effective("operator"),
            effective("leftOp"),
            effective("rightOp"),
        ],
        hint: "write `expression: first && second`",
    };

    /// `leftOp` and `rightOp` of a `GROUPER`.
    pub const OPERAND: Self = Self {
        name: "an operand",
        keys: &[
            effective("value"),
            effective("operator"),
            effective("leftOp"),
            effective("rightOp"),
        ],
        hint: "an operand is `value: a_name`, or `operator:`, `leftOp:` and `rightOp:`",
    };

    /// `params` of an `INCIDENT_GROUPER`.
    pub const INCIDENTS: Self = Self {
        name: "`params` of an INCIDENT_GROUPER",
        keys: &[effective("maxGap"), effective("maxDuration")],
        hint: "what is gathered is everything; these two say across which gaps, and how long",
    };

    /// `dimensionExploration`.
    pub const EXPLORATION: Self = Self {
        name: "`dimensionExploration`",
        keys: &[
            effective("dimensions"),
            effective("minContribution"),
            effective("k"),
            effective("minValue"),
            effective("minValueHourly"),
            effective("maxValueHourly"),
            effective("minValueDaily"),
            effective("maxValueDaily"),
            effective("minLiveZone"),
            effective("liveBucketPercentageThreshold"),
            effective("dimensionFilterMetric"),
            effective("lookback"),
            effective("timezone"),
            effective("timeZone"),
            effective("explore"),
            effective("combinationLimit"),
            without_effect("cachingPeriodLookback", "nothing is cached between runs"),
        ],
        hint: "the dimensions go in a list under `dimensions:`; the other keys say which combinations \
               are watched",
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
            effective("quality"),
            effective("thinning"),
        ],
        hint: "a rule is `detection:`, `filter:`, `labeler:` and `quality:`, each a list of `name:`, `type:` and `params:`",
    };

    /// `thinning`.
    pub const THINNING: Self = Self {
        name: "`thinning`",
        keys: &[
            effective("enter"),
            effective("leave"),
            effective("k"),
            effective("n"),
            effective("quiet"),
        ],
        hint: "write `enter` and `leave`, `k` and `n`, or `quiet`",
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
            effective("windowDelay"),
            effective("windowDelayUnit"),
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

    /// An item of `quality`.
    pub const QUALITY: Self = Self {
        name: "a check of quality",
        keys: Self::DETECTOR.keys,
        hint: "parameters of the type go under `params:`, indented below it",
    };

    /// All levels, from the outermost inward.
    pub const ALL: [Self; 16] = [
        Self::TOP,
        Self::ALERT,
        Self::GROUPER,
        Self::EXPRESSION,
        Self::OPERAND,
        Self::INCIDENTS,
        Self::EXPLORATION,
        Self::MERGER,
        Self::EVENT,
        Self::SUPPRESS,
        Self::RULE,
        Self::THINNING,
        Self::DETECTOR,
        Self::FILTER,
        Self::LABELER,
        Self::QUALITY,
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
