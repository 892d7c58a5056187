//! Why a configuration cannot be used.

use crate::Diagnosis;

/// Why a configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// It has errors. The message shows all that was found, with lines and carets.
    #[error("{0}")]
    Refused(Diagnosis),
}

impl SpecError {
    /// All that was found: errors, warnings and notes.
    pub fn diagnosis(&self) -> &Diagnosis {
        match self {
            Self::Refused(diagnosis) => diagnosis,
        }
    }
}
