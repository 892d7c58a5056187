//! The keys of a subscription.

use tuatara_core::Bounds;

use super::links::STYLE_WORDS;
use super::recipients::ADDRESS;
use super::routing::{SEVERITY_WORDS, TYPE_WORDS};
use super::scheme::{SCHEME_WORDS, TEMPLATE_WORDS};
use super::suppressor::SUPPRESSOR_WORDS;
use crate::language::{Count, Folding, Form, KeyEntry, Level, TEXT, key, named};

const ADDRESS_ALONE: Form = Form::Text(ADDRESS);
const ADDRESSES: Form = Form::List(&ADDRESS_ALONE, Count::ANY);
const NAMES: Form = Form::List(&Form::AnyText, Count::ANY);
const LINKS: Form = Form::Either(&[
    Form::OrNothing(&Form::Mapping(&TEXT, 0)),
    Form::List(&Form::Mapping(&TEXT, 0), Count::ANY),
]);
const STAMP: Form = named("milliseconds since 1970, or instant");
const FRACTION: Form = Form::OrNothing(&Form::Number(Bounds::FINITE));

const OWN_LINKS: KeyEntry = key(
    "referenceLinks",
    LINKS,
    "names, each with its link; they stand in these messages alone",
);
const NOTIFY_KEY: KeyEntry = key(
    "notify",
    Form::Level("notify"),
    "the parameters of each scheme by which it is told",
)
.required();

/// The whole file.
pub(super) const SUBSCRIPTION: Level = Level {
    name: "a subscription",
    keys: &[
        key(
            "subscriptionGroupName",
            TEXT,
            "its name; part of the subject of mails",
        )
        .required(),
        key(
            "application",
            Form::List(&TEXT, Count { least: 1, most: 1 }),
            "what is watched",
        )
        .required(),
        key(
            "subscribedDetections",
            Form::List(&TEXT, Count::ONE_OR_MORE),
            "the `detectionName` of each detection it is about",
        )
        .required(),
        key(
            "alertSchemes",
            Form::List(&Form::Level("scheme"), Count::ONE_OR_MORE),
            "how the group is told",
        )
        .required(),
        key(
            "type",
            Form::Word(&TYPE_WORDS, Folding::Trimmed),
            "who is told of what",
        )
        .default("`DEFAULT_ALERTER_PIPELINE`"),
        key(
            "active",
            Form::Answer,
            "`false`: nobody is told; detections go on",
        )
        .default("`true`"),
        key("cron", Form::CRON, "when what is new is told").default("`0 0/5 * * * ? *`"),
        key(
            "recipients",
            Form::Level("recipients"),
            "whom an `EMAIL` scheme without recipients of its own writes to",
        ),
        key("fromAddress", ADDRESS_ALONE, "the sender of mails"),
        key(
            "emailSubjectStyle",
            Form::Word(&STYLE_WORDS, Folding::Trimmed),
            "what stands behind `Thirdeye Alert : name` in the subject: nothing, the metrics, \
             their datasets",
        )
        .default("`METRICS`"),
        key(
            "referenceLinks",
            LINKS,
            "names, each with its link; they stand in every message",
        ),
        key(
            "alertSuppressors",
            Form::List(&Form::Level("suppressor"), Count::ANY),
            "anomalies that are not told",
        ),
        key(
            "dimension",
            Form::Sometimes("text"),
            "the dimension whose values stand under `dimensionRecipients`",
        ),
        key(
            "dimensionRecipients",
            Form::Sometimes(
                "mapping, each value: list: address; or list: \
                 [an item of `dimensionRecipients`](#an-item-of-dimensionrecipients)",
            ),
            "who is told, by the value of `dimension`, or by what each item says",
        ),
        key(
            "severityRecipients",
            Form::Sometimes(
                "list: [an item of `severityRecipients`](#an-item-of-severityrecipients)",
            ),
            "who is told, by severity",
        ),
        key("owners", NAMES, "whose subscription it is"),
    ],
    hint: "a subscription says who is told of anomalies; how they are found is said by a detection",
};

/// An item of `alertSchemes`.
pub(super) const SCHEME: Level = Level {
    name: "an alert scheme",
    keys: &[
        key(
            "type",
            Form::Word(&SCHEME_WORDS, Folding::Trimmed),
            "the way of being told",
        )
        .required(),
        key(
            "params",
            Form::OrNothing(&Form::Params),
            "the parameters of the type",
        ),
    ],
    hint: "settings of a scheme go under `params:`, indented below it",
};

/// The parameters of `EMAIL`.
pub(super) const EMAIL: Level = Level {
    name: "EMAIL",
    keys: &[
        key(
            "recipients",
            Form::Level("recipients"),
            "whom this scheme writes to",
        )
        .default("those of the subscription"),
        key("subject", TEXT, "the subject").default("by `emailSubjectStyle`"),
        key(
            "template",
            Form::Word(&TEMPLATE_WORDS, Folding::Trimmed),
            "how the anomalies of a mail are laid out",
        )
        .default("`DEFAULT_EMAIL`"),
    ],
    hint: "who is written to goes under `recipients:`, as `to:`, `cc:` and `bcc:`",
};

/// The parameters of `JIRA`.
pub(super) const JIRA: Level = Level {
    name: "JIRA",
    keys: &[
        key("project", TEXT, "the project in which issues are opened").required(),
        key("issuetype", TEXT, "the type of an issue").default("that of the project"),
        key("assignee", TEXT, "who gets it"),
        key("components", NAMES, "components of the issue"),
        key("labels", NAMES, "labels, by which an issue is found again"),
        key(
            "mergeGap",
            named("-1, milliseconds or duration"),
            "an issue untouched for longer is not opened again; -1: any is",
        )
        .default("-1"),
        key(
            "custom",
            Form::OrNothing(&Form::Mapping(&Form::Anything, 0)),
            "fields of the project's own, handed on as written",
        ),
    ],
    hint: "fields of your own go under `custom:`",
};

/// The parameters of `IRIS`.
pub(super) const IRIS: Level = Level {
    name: "IRIS",
    keys: &[key("plan", TEXT, "the plan of escalation").required()],
    hint: "who is told, and in which order, is said by the plan",
};

/// `recipients`.
pub(super) const RECIPIENTS: Level = Level {
    name: "`recipients`",
    keys: &[
        key("to", ADDRESSES, "whom a mail goes to"),
        key("cc", ADDRESSES, "who gets a copy"),
        key(
            "bcc",
            ADDRESSES,
            "who gets a copy that the others do not see",
        ),
    ],
    hint: "addresses go in a list under `to:`, `cc:` or `bcc:`",
};

/// An item of `alertSuppressors`.
pub(super) const SUPPRESSOR: Level = Level {
    name: "a suppressor",
    keys: &[
        key(
            "type",
            Form::Word(&SUPPRESSOR_WORDS, Folding::Trimmed),
            "what it goes by",
        )
        .required(),
        key("params", Form::Level("window"), "the window").required(),
    ],
    hint: "the window goes under `params:`, indented below it",
};

/// The parameters of `TIME_WINDOW`.
pub(super) const TIME_WINDOW: Level = Level {
    name: "TIME_WINDOW",
    keys: &[
        key(
            "windowStartTime",
            STAMP,
            "anomalies that start from here on are meant",
        )
        .required(),
        key("windowEndTime", STAMP, "up to here, itself not included").required(),
        key(
            "isThresholdApplied",
            Form::OrNothing(&Form::Answer),
            "whether only expected changes are meant",
        )
        .default("`false`"),
        key(
            "expectedChange",
            FRACTION,
            "the change that is expected: -0.25 is a drop by 25 %",
        )
        .default("required with `isThresholdApplied`"),
        key(
            "acceptableDeviation",
            FRACTION,
            "how far from it a change may be, 0 or more, both ends included",
        )
        .default("required with `isThresholdApplied`"),
    ],
    hint: "a window has a start, an end, and what may be expected in it",
};

/// An item of `dimensionRecipients`.
pub(super) const SLICE_ROUTE: Level = Level {
    name: "an item of `dimensionRecipients`",
    keys: &[
        key(
            "dimensions",
            Form::Mapping(&Form::List(&Form::AnyText, Count::ONE_OR_MORE), 1),
            "an anomaly is meant that has one of the values in each",
        )
        .required(),
        NOTIFY_KEY,
        OWN_LINKS,
    ],
    hint: "which anomalies are meant goes under `dimensions:`, who is told of them under `notify:`",
};

/// An item of `severityRecipients`.
pub(super) const SEVERITY_ROUTE: Level = Level {
    name: "an item of `severityRecipients`",
    keys: &[
        key(
            "severity",
            Form::List(
                &Form::Word(&SEVERITY_WORDS, Folding::Trimmed),
                Count::ONE_OR_MORE,
            ),
            "an anomaly is meant that has one of these; `DEFAULT`: no labeler spoke",
        )
        .required(),
        NOTIFY_KEY,
        OWN_LINKS,
    ],
    hint: "which anomalies are meant goes under `severity:`, who is told of them under `notify:`",
};

/// `notify`.
pub(super) const NOTIFY: Level = Level {
    name: "`notify`",
    keys: &[
        key(
            "emailScheme",
            Form::OrNothing(&Form::Level("email")),
            "the parameters of `EMAIL`",
        ),
        key(
            "jiraScheme",
            Form::Level("jira"),
            "the parameters of `JIRA`",
        ),
        key(
            "irisScheme",
            Form::Level("iris"),
            "the parameters of `IRIS`",
        ),
    ],
    hint: "parameters of a scheme go below its name, such as `emailScheme: { recipients: { to: a@example.com } }`",
};

/// The levels of a subscription with their keys, from the outermost inward.
pub const LEVELS: [Level; 11] = [
    SUBSCRIPTION,
    SCHEME,
    EMAIL,
    JIRA,
    IRIS,
    RECIPIENTS,
    SUPPRESSOR,
    TIME_WINDOW,
    SLICE_ROUTE,
    SEVERITY_ROUTE,
    NOTIFY,
];

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
