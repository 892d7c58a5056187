//! Detectors, filters and labelers, whatever their type.

use tuatara_core::Bounds;

use super::{Folding, Form, KeyEntry, Level, TEXT, key, named, without_effect};
use crate::language::window;

const WINDOWS: &str = "results here do not depend on the window in which they are computed";

const NAME: KeyEntry = key(
    "name",
    TEXT,
    "unique in the configuration; output says `name:TYPE`",
)
.required();
const TYPE: KeyEntry = key("type", named("type"), "what it is").required();
const PARAMS: KeyEntry = key(
    "params",
    Form::OrNothing(&Form::Params),
    "the parameters of the type",
);
const TIMEZONE: KeyEntry =
    key("timezone", Form::ZONE, "the clock of its lags").default("that of the data");
const TIME_ZONE: KeyEntry = key("timeZone", Form::ZONE, "the same as `timezone`");

const UNIT: Form = Form::OrNothing(&Form::Word(&window::UNIT_WORDS, Folding::Trimmed));

pub(super) const DETECTOR: Level = Level {
    name: "a detector",
    keys: &[
        NAME,
        TYPE,
        PARAMS,
        TIMEZONE,
        TIME_ZONE,
        without_effect(
            "windowSize",
            Form::OrNothing(&Form::Whole(Bounds::at_least(1.0))),
            WINDOWS,
        ),
        without_effect("windowUnit", UNIT, WINDOWS),
        key(
            "windowDelay",
            Form::OrNothing(&Form::Whole(Bounds::at_least(0.0))),
            "how long after its end a bucket is judged, up to ten years",
        )
        .default("0"),
        key("windowDelayUnit", UNIT, "the unit of `windowDelay`").default("`DAYS`"),
        without_effect(
            "bucketPeriod",
            Form::OrNothing(&named("ISO 8601 period")),
            WINDOWS,
        ),
        without_effect(
            "cachingPeriodLookback",
            Form::Anything,
            "nothing is cached between runs",
        ),
    ],
    hint: "parameters of the type go under `params:`, indented below it",
};

pub(super) const FILTER: Level = Level {
    name: "a filter",
    keys: &[NAME, TYPE, PARAMS],
    hint: "parameters of the type go under `params:`, indented below it",
};

pub(super) const LABELER: Level = Level {
    name: "a labeler",
    keys: &[NAME, TYPE, PARAMS],
    hint: "parameters of the type go under `params:`, indented below it",
};

pub(super) const QUALITY: Level = Level {
    name: "a check of quality",
    keys: DETECTOR.keys,
    hint: "parameters of the type go under `params:`, indented below it",
};

pub(super) const SETTINGS: Level = Level {
    name: "`params` of any detector",
    keys: &[
        TIMEZONE,
        TIME_ZONE,
        key(
            "monitoringGranularity",
            Form::GRANULARITY,
            "the buckets it judges, no finer than the data",
        )
        .default("that of the data"),
        key(
            "weekStart",
            named("day of the week"),
            "with weekly buckets: the day on which they begin",
        )
        .default("`MONDAY`"),
    ],
    hint: "",
};

pub(super) const CLOCK: Level = Level {
    name: "`params` of any filter or labeler",
    keys: &[TIMEZONE, TIME_ZONE],
    hint: "",
};
