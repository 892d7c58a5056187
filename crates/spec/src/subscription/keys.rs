//! The keys of a subscription.

use crate::language::{Level, effective};

/// The whole file.
pub(super) const SUBSCRIPTION: Level = Level {
    name: "a subscription",
    keys: &[
        effective("subscriptionGroupName"),
        effective("application"),
        effective("subscribedDetections"),
        effective("alertSchemes"),
        effective("type"),
        effective("active"),
        effective("cron"),
        effective("recipients"),
        effective("fromAddress"),
        effective("emailSubjectStyle"),
        effective("referenceLinks"),
        effective("alertSuppressors"),
        effective("dimension"),
        effective("dimensionRecipients"),
        effective("severityRecipients"),
        effective("owners"),
    ],
    hint: "a subscription says who is told of anomalies; how they are found is said by a detection",
};

/// An item of `alertSchemes`.
pub(super) const SCHEME: Level = Level {
    name: "an alert scheme",
    keys: &[effective("type"), effective("params")],
    hint: "settings of a scheme go under `params:`, indented below it",
};

/// The parameters of `EMAIL`.
pub(super) const EMAIL: Level = Level {
    name: "EMAIL",
    keys: &[
        effective("recipients"),
        effective("subject"),
        effective("template"),
    ],
    hint: "who is written to goes under `recipients:`, as `to:`, `cc:` and `bcc:`",
};

/// The parameters of `JIRA`.
pub(super) const JIRA: Level = Level {
    name: "JIRA",
    keys: &[
        effective("project"),
        effective("issuetype"),
        effective("assignee"),
        effective("components"),
        effective("labels"),
        effective("mergeGap"),
        effective("custom"),
    ],
    hint: "fields of your own go under `custom:`",
};

/// The parameters of `IRIS`.
pub(super) const IRIS: Level = Level {
    name: "IRIS",
    keys: &[effective("plan")],
    hint: "who is told, and in which order, is said by the plan",
};

/// `recipients`.
pub(super) const RECIPIENTS: Level = Level {
    name: "`recipients`",
    keys: &[effective("to"), effective("cc"), effective("bcc")],
    hint: "addresses go in a list under `to:`, `cc:` or `bcc:`",
};

/// An item of `alertSuppressors`.
pub(super) const SUPPRESSOR: Level = Level {
    name: "a suppressor",
    keys: &[effective("type"), effective("params")],
    hint: "the window goes under `params:`, indented below it",
};

/// The parameters of `TIME_WINDOW`.
pub(super) const TIME_WINDOW: Level = Level {
    name: "TIME_WINDOW",
    keys: &[
        effective("windowStartTime"),
        effective("windowEndTime"),
        effective("isThresholdApplied"),
        effective("expectedChange"),
        effective("acceptableDeviation"),
    ],
    hint: "a window has a start, an end, and what may be expected in it",
};

/// An item of `dimensionRecipients`.
pub(super) const SLICE_ROUTE: Level = Level {
    name: "an item of `dimensionRecipients`",
    keys: &[
        effective("dimensions"),
        effective("notify"),
        effective("referenceLinks"),
    ],
    hint: "which anomalies are meant goes under `dimensions:`, who is told of them under `notify:`",
};

/// An item of `severityRecipients`.
pub(super) const SEVERITY_ROUTE: Level = Level {
    name: "an item of `severityRecipients`",
    keys: &[
        effective("severity"),
        effective("notify"),
        effective("referenceLinks"),
    ],
    hint: "which anomalies are meant goes under `severity:`, who is told of them under `notify:`",
};

/// `notify`.
pub(super) const NOTIFY: Level = Level {
    name: "`notify`",
    keys: &[
        effective("emailScheme"),
        effective("jiraScheme"),
        effective("irisScheme"),
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
