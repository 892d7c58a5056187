//! The levels by the names that they have in a schema.

use crate::language::Level;
use crate::subscription;

/// The level of that name.
///
/// # Panics
/// If there is none: forms of keys name levels that are there.
pub(crate) fn level(id: &str) -> Level {
    if let Some((_, level)) = of_detections().find(|(name, _)| *name == id) {
        return level;
    }
    if let Some((_, level)) = of_subscriptions().find(|(name, _)| *name == id) {
        return level;
    }
    #[cfg(feature = "files")]
    if let Some((_, level)) = of_datasets().find(|(name, _)| *name == id) {
        return level;
    }
    unreachable!("invariant: `{id}` is a level")
}

/// Those of a detection, from the outermost inward.
pub(crate) fn of_detections() -> impl Iterator<Item = (&'static str, Level)> {
    const NAMES: [&str; 16] = [
        "detection",
        "alert",
        "grouper",
        "expression",
        "operand",
        "incidents",
        "exploration",
        "merger",
        "event",
        "suppress",
        "rule",
        "thinning",
        "detector",
        "filter",
        "labeler",
        "quality",
    ];
    NAMES.into_iter().zip(Level::ALL)
}

/// Those of a subscription, from the outermost inward.
pub(crate) fn of_subscriptions() -> impl Iterator<Item = (&'static str, Level)> {
    const NAMES: [&str; 11] = [
        "subscription",
        "scheme",
        "email",
        "jira",
        "iris",
        "recipients",
        "suppressor",
        "window",
        "slice",
        "severity",
        "notify",
    ];
    NAMES.into_iter().zip(subscription::LEVELS)
}

/// Those of a dataset file, from the outermost inward.
#[cfg(feature = "files")]
pub(crate) fn of_datasets() -> impl Iterator<Item = (&'static str, Level)> {
    const NAMES: [&str; 3] = ["dataset", "dimension", "metric"];
    NAMES.into_iter().zip(crate::dataset::LEVELS)
}
