//! Why a cron expression cannot be used.

use std::ops::Range;

use super::ScheduleField;

/// Why a cron expression cannot be used: its first mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; allowed: {allowed}; {remedy}")]
pub struct ScheduleError {
    pub(super) field: Option<ScheduleField>,
    pub(super) at: Range<usize>,
    pub(super) what: String,
    pub(super) allowed: String,
    pub(super) remedy: String,
}

impl ScheduleError {
    /// The field it is in; none when it is about the expression as a whole.
    pub fn field(&self) -> Option<ScheduleField> {
        self.field
    }

    /// The bytes of the expression it is about.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// What is wrong: the field and its value.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What is allowed instead.
    pub fn allowed(&self) -> &str {
        &self.allowed
    }

    /// What to do, if possible with the text to write.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// The name that was probably meant, if the remedy is one.
    pub(crate) fn suggestion(&self) -> Option<&str> {
        let name = self.remedy.strip_prefix("did you mean `")?;
        name.strip_suffix("`?")
    }
}
