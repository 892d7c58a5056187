//! Which combinations of values are series of their own, and which of these are watched.

use tuatara_core::Bounds;

use super::{Count, Folding, Form, Level, TEXT, key, without_effect};
use crate::language::exploration::WORDS;

const NUMBER: Form = Form::OrNothing(&Form::Number(Bounds::FINITE));
const SHARE: Form = Form::OrNothing(&Form::Number(Bounds::closed(0.0, 1.0)));
const COUNT: Form = Form::OrNothing(&Form::Whole(Bounds::at_least(1.0)));

pub(super) const EXPLORATION: Level = Level {
    name: "`dimensionExploration`",
    keys: &[
        key(
            "dimensions",
            Form::List(&Form::AnyText, Count::ONE_OR_MORE),
            "every combination of their values that occurs is a series of its own; without it \
             the metric is one, as a whole",
        ),
        key(
            "minContribution",
            SHARE,
            "its share of the sum of all combinations is at least this: 0.05 is 5 %",
        ),
        key(
            "k",
            COUNT,
            "it is among the first `k` by value of those that pass the rest",
        ),
        key("minValue", NUMBER, "its value is at least this"),
        key(
            "minValueHourly",
            NUMBER,
            "its value per hour is at least this",
        ),
        key(
            "maxValueHourly",
            NUMBER,
            "its value per hour is at most this",
        ),
        key(
            "minValueDaily",
            NUMBER,
            "its value per 24 hours is at least this",
        ),
        key(
            "maxValueDaily",
            NUMBER,
            "its value per 24 hours is at most this",
        ),
        key(
            "minLiveZone",
            NUMBER,
            "enough buckets lie above this, and the mean of those is at least `minValue` (which \
             is needed, and then asks nothing else)",
        ),
        key(
            "liveBucketPercentageThreshold",
            SHARE,
            "with `minLiveZone`: the share of buckets above it that is enough",
        )
        .default("0.5"),
        key(
            "dimensionFilterMetric",
            TEXT,
            "the metric they are compared by: another one of the same dataset",
        )
        .default("`metric`"),
        key(
            "lookback",
            Form::Length("whole days, `P1D` to `P3660D`"),
            "how far back combinations are compared",
        )
        .default("`P7D`"),
        key("timezone", Form::ZONE, "whose days are ranked").default("that of the data"),
        key("timeZone", Form::ZONE, "the same as `timezone`"),
        key(
            "explore",
            Form::Word(&WORDS, Folding::Case),
            "when they are ranked",
        )
        .default("`daily`"),
        key(
            "combinationLimit",
            COUNT,
            "more combinations are an error, before any series is read",
        )
        .default("20000"),
        without_effect(
            "cachingPeriodLookback",
            Form::Anything,
            "nothing is cached between runs",
        ),
    ],
    hint: "the dimensions go in a list under `dimensions:`; the other keys say which combinations \
           are watched",
};
