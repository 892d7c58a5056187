//! The keys of a dataset file.

use crate::language::{Level, effective};

/// The whole file.
pub(super) const DATASET: Level = Level {
    name: "a dataset file",
    keys: &[
        effective("dataset"),
        effective("layout"),
        effective("delimiter"),
        effective("timeColumn"),
        effective("timeUnit"),
        effective("start"),
        effective("timezone"),
        effective("granularity"),
        effective("order"),
        effective("ignore"),
        effective("dimensions"),
        effective("fileDimension"),
        effective("completenessDelay"),
        effective("metrics"),
    ],
    hint: "a dataset file says how data are read; what to look for in them is said by a detection",
};

/// An item of `dimensions`.
pub(super) const DIMENSION: Level = Level {
    name: "a dimension",
    keys: &[effective("name"), effective("column")],
    hint: "a dimension is its name, or `name:` and the `column:` it is read from",
};

/// An item of `metrics`.
pub(super) const METRIC: Level = Level {
    name: "a metric",
    keys: &[
        effective("name"),
        effective("column"),
        effective("aggregation"),
        effective("min"),
        effective("max"),
        effective("missing"),
        effective("missingLimit"),
    ],
    hint: "limits that make an anomaly go into a rule of a detection",
};

/// The levels of a dataset file with their keys, from the outermost inward.
pub const LEVELS: [Level; 3] = [DATASET, DIMENSION, METRIC];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_level_has_a_key_twice() {
        for level in LEVELS {
            let mut names: Vec<_> = level.keys.iter().map(|entry| entry.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), level.keys.len(), "{level}");
        }
    }
}
