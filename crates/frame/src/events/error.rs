//! What can be wrong with events, each with its remedy.

use super::Country;
use crate::FrameError;

/// What events refuse. A message names the thing, the value it had, what is allowed and what to do
/// about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// A text that should be the time of an event is none.
    #[error(
        "`{text}` is not the time of an event; allowed: a date such as 2026-12-25, a time of the \
         clock of the data such as 2026-12-25T08:00, or an instant such as 2026-12-25T08:00:00Z; \
         write the year first"
    )]
    TimeText {
        /// The text as it was given.
        text: String,
    },

    /// A setting of an event that cannot be meant.
    #[error("event `{event}`: `{key}` is {value}; allowed: {allowed}; {remedy}")]
    Setting {
        /// The name of the event.
        event: String,
        /// The setting, as in a configuration.
        key: &'static str,
        /// What it is.
        value: String,
        /// What would do.
        allowed: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },

    /// A change that no suppression window can be meant for.
    #[error("`{key}` is {value}; allowed: {allowed}; suppress any change without the two")]
    Change {
        /// `expectedChange` or `acceptableDeviation`.
        key: &'static str,
        /// What it is.
        value: f64,
        /// What would do.
        allowed: &'static str,
    },

    /// A country whose holidays are not known.
    #[error(
        "no holidays are known of `{text}`; allowed: {}; {}",
        Country::all().map(Country::code).collect::<Vec<_>>().join(", "),
        suggestion.map_or_else(
            || "give its holidays as events".to_owned(),
            |code| format!("did you mean `{code}`?")
        )
    )]
    UnknownCountry {
        /// The text as it was given.
        text: String,
        /// The code of the country that was probably meant.
        suggestion: Option<&'static str>,
    },
}

impl From<EventError> for FrameError {
    fn from(error: EventError) -> Self {
        Self::Event(Box::new(error))
    }
}
