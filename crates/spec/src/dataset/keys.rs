//! The keys of a dataset file.

use tuatara_core::Bounds;

use super::missing::POLICY_WORDS;
use super::read::{AGGREGATION_WORDS, DELIMITER_WORDS, LAYOUT_WORDS, ORDER_WORDS, UNIT_WORDS};
use crate::language::{Count, Folding, Form, Level, TEXT, key, named};

const BOUND: Form = Form::OrNothing(&Form::AnyNumber);

/// The whole file.
pub(super) const DATASET: Level = Level {
    name: "a dataset file",
    keys: &[
        key("dataset", TEXT, "the name of the dataset")
            .default("that of the file without its endings"),
        key(
            "layout",
            Form::Word(&LAYOUT_WORDS, Folding::Trimmed),
            "how rows are written",
        )
        .default("`long`, or JSON where the file begins like it"),
        key(
            "delimiter",
            Form::Word(&DELIMITER_WORDS, Folding::Case),
            "what stands between two cells",
        )
        .default("found in the header"),
        key("timeColumn", TEXT, "the column with the time").default("found in the header"),
        key(
            "timeUnit",
            Form::Word(&UNIT_WORDS, Folding::Trimmed),
            "the unit of numbers in the time column, since 1970; `rows` for a row counter",
        ),
        key(
            "start",
            named("date or instant"),
            "of row counters: when row 0 is",
        )
        .default("`1970-01-01T00:00:00Z`"),
        key(
            "timezone",
            Form::ZONE,
            "that of local stamps and of the dataset's days",
        )
        .default("`UTC`"),
        key("granularity", Form::GRANULARITY, "the time between points")
            .default("found in the data"),
        key(
            "order",
            Form::Word(&ORDER_WORDS, Folding::Trimmed),
            "`time`: the stamps of a series never decrease",
        ),
        key(
            "ignore",
            Form::List(&Form::AnyText, Count::ANY),
            "columns that are not read",
        ),
        key(
            "dimensions",
            Form::List(
                &Form::Either(&[Form::AnyText, Form::Level("dimension")]),
                Count::ANY,
            ),
            "names, or mappings of `name` and `column`",
        ),
        key(
            "fileDimension",
            TEXT,
            "the dimension that is the name of the file",
        ),
        key(
            "completenessDelay",
            Form::DURATION,
            "how long after its end a bucket may still get rows",
        ),
        key(
            "metrics",
            Form::List(
                &Form::Either(&[Form::AnyText, Form::Level("metric")]),
                Count::ANY,
            ),
            "names, or mappings that say more",
        ),
    ],
    hint: "a dataset file says how data are read; what to look for in them is said by a detection",
};

/// An item of `dimensions`.
pub(super) const DIMENSION: Level = Level {
    name: "a dimension",
    keys: &[
        key("name", TEXT, "by which a detection asks for it").required(),
        key("column", TEXT, "the column it is read from").default("`name`"),
    ],
    hint: "a dimension is its name, or `name:` and the `column:` it is read from",
};

/// An item of `metrics`.
pub(super) const METRIC: Level = Level {
    name: "a metric",
    keys: &[
        key("name", TEXT, "by which a detection asks for it").required(),
        key("column", TEXT, "the column it is read from").default("`name`"),
        key(
            "aggregation",
            Form::Word(&AGGREGATION_WORDS, Folding::Trimmed),
            "how rows of one bucket become one",
        )
        .default("`SUM`"),
        key("min", BOUND, "the smallest value that is possible at all"),
        key("max", BOUND, "the largest value that is possible at all"),
        key(
            "missing",
            Form::Word(&POLICY_WORDS, Folding::Trimmed),
            "what becomes of empty buckets",
        )
        .default("`LEAVE`"),
        key(
            "missingLimit",
            Form::Whole(Bounds::closed(1.0, u32::MAX as f64)),
            "how many buckets are filled at most; `CARRY` and `INTERPOLATE` need it",
        ),
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
