//! A detection, its rules and its merger.

use tuatara_core::Bounds;

use super::{Count, Folding, Form, KeyEntry, Level, TEXT, key, without_effect};
use crate::language::{thinning, top};

const DESCRIPTION: KeyEntry = key(
    "description",
    Form::OrNothing(&Form::AnyText),
    "what it means when it fires; part of JSON output",
);
const TYPE: KeyEntry = key(
    "type",
    Form::Word(&top::TYPES, Folding::Case),
    "of one metric, or composed of others",
)
.default("by its keys");
const METRIC: KeyEntry = key(
    "metric",
    TEXT,
    "a column of the data, or the NAME in `--metric NAME=COLUMN`",
)
.default("required with `rules`");
const DATASET: KeyEntry = key("dataset", TEXT, "which file to read when several are given");
const FILTERS: KeyEntry = key(
    "filters",
    Form::OrNothing(&Form::VALUES),
    "rows to look at: any of the values, in all of the dimensions",
);
const DIMENSIONS: KeyEntry = key(
    "dimensionExploration",
    Form::Level("exploration"),
    "which combinations of values are series of their own, and which of these are watched",
);
const RULES: KeyEntry = key(
    "rules",
    Form::List(&Form::Level("rule"), Count::ONE_OR_MORE),
    "alternatives: each finds its own anomalies",
)
.default("required with `metric`");
const MERGER_KEY: KeyEntry = key(
    "merger",
    Form::OrNothing(&Form::Level("merger")),
    "how anomalous buckets become anomalies",
);
const EVENTS: KeyEntry = key(
    "events",
    Form::List(&Form::Level("event"), Count::ANY),
    "what is known of the calendar",
);
const HOLIDAYS: KeyEntry = key(
    "holidays",
    Form::List(&Form::Country, Count::ANY),
    "whose public holidays are left out",
);
const ALERTS: KeyEntry = key(
    "alerts",
    Form::List(&Form::Level("alert"), Count::ONE_OR_MORE),
    "what a composed detection consists of, in place of `metric` and `rules`",
);
const GROUPER_KEY: KeyEntry = key(
    "grouper",
    Form::OrNothing(&Form::List(
        &Form::Level("grouper"),
        Count { least: 1, most: 1 },
    )),
    "what becomes one incident",
);

pub(super) const TOP: Level = Level {
    name: "a detection",
    keys: &[
        key(
            "detectionName",
            TEXT,
            "its name; part of the id of its anomalies",
        )
        .required(),
        DESCRIPTION,
        TYPE,
        METRIC,
        DATASET,
        key(
            "active",
            Form::Answer,
            "for the host to read; the command runs either way",
        )
        .default("`true`"),
        key(
            "cron",
            Form::CRON,
            "when it runs: checked and listed, left to the host",
        ),
        FILTERS,
        DIMENSIONS,
        RULES,
        MERGER_KEY,
        EVENTS,
        HOLIDAYS,
        without_effect(
            "owners",
            Form::Anything,
            "who is told is decided where alerts are delivered",
        ),
        without_effect(
            "lastTimestamp",
            Form::Anything,
            "where a run begins is given to the run",
        ),
        without_effect(
            "disableValidation",
            Form::Anything,
            "every configuration is checked",
        ),
        ALERTS,
        GROUPER_KEY,
    ],
    hint: "parameters of a detector go under `params:` of an item of `detection:`; who is told \
           of an anomaly is said by a subscription",
};

pub(super) const ALERT: Level = Level {
    name: "an item of `alerts`",
    keys: &[
        key("name", TEXT, "by which the grouper knows it").required(),
        DESCRIPTION,
        TYPE,
        METRIC,
        DATASET,
        FILTERS,
        DIMENSIONS,
        RULES,
        KeyEntry {
            default: "as the whole",
            ..MERGER_KEY
        },
        ALERTS,
        GROUPER_KEY,
        EVENTS,
        HOLIDAYS,
    ],
    hint: "an item of `alerts` is a detection with a `name:`; when it runs is said at the top",
};

pub(super) const MERGER: Level = Level {
    name: "`merger`",
    keys: &[
        key(
            "maxGap",
            Form::Length("0 to `P3660D`"),
            "anomalous buckets with a gap up to this between them become one anomaly",
        )
        .default("`PT2H`"),
        key(
            "maxDuration",
            Form::Length("`PT15M` to `P3660D`"),
            "no anomaly grows longer by merging",
        )
        .default("`P7D`"),
    ],
    hint: "how anomalies merge is said by these two alone",
};

pub(super) const RULE: Level = Level {
    name: "a rule",
    keys: &[
        key(
            "detection",
            Form::List(&Form::Level("detector"), Count::ONE_OR_MORE),
            "detectors, each of which finds anomalies of its own",
        )
        .default("required without `quality`"),
        key(
            "filter",
            Form::List(&Form::Level("filter"), Count::ANY),
            "all must keep an anomaly; they are asked in this order and as of each bucket",
        ),
        key(
            "labeler",
            Form::List(&Form::Level("labeler"), Count::UP_TO_ONE),
            "says how much an anomaly matters, as of each bucket",
        ),
        key(
            "quality",
            Form::List(&Form::Level("quality"), Count::ONE_OR_MORE),
            "detectors that look at the data as a whole",
        ),
        key(
            "thinning",
            Form::OrNothing(&Form::Level("thinning")),
            "which anomalous buckets are worth an anomaly",
        ),
    ],
    hint: "a rule is `detection:`, `filter:`, `labeler:` and `quality:`, each a list of `name:`, `type:` and `params:`",
};

const BUCKETS: Form = Form::OrNothing(&Form::Whole(Bounds::closed(1.0, thinning::MOST as f64)));

pub(super) const THINNING: Level = Level {
    name: "`thinning`",
    keys: &[
        key(
            "enter",
            Form::OrNothing(&Form::Number(Bounds::at_least(1.0))),
            "a bucket counts when its score is above this",
        )
        .default("1"),
        key(
            "leave",
            Form::OrNothing(&Form::Number(Bounds::at_least(0.0))),
            "one within `maxGap` of an open anomaly is part of it when its score is above this; \
             not above `enter`",
        )
        .default("1"),
        key(
            "k",
            BUCKETS,
            "one that counts opens an anomaly when at least so many of the last `n` buckets, it \
             included, are anomalous",
        )
        .default("1"),
        key("n", BUCKETS, "how many buckets `k` is counted over").default("`k`"),
        key(
            "quiet",
            Form::OrNothing(&Form::Length("0 to `P3660D`")),
            "one that counts opens an anomaly when no other has counted so long before it",
        )
        .default("`PT0S`"),
    ],
    hint: "write `enter` and `leave`, `k` and `n`, or `quiet`",
};
