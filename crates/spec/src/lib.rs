//! The configuration language.

pub mod de;
mod diagnostic;
mod error;
mod language;
mod registry;
mod span;
pub mod tree;
#[cfg(feature = "yaml")]
pub mod yaml;

pub use diagnostic::{Code, Diagnosis, Diagnostic, Severity};
pub use error::SpecError;
pub use language::{
    Checked, Class, ComponentSpec, DetectionSpec, KeyEntry, Level, MergeSpec, RuleSpec,
};
pub use registry::{Kind, Registry};
pub use span::{Span, Spanned};
