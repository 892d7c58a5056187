//! The configuration language.

pub mod de;
mod diagnostic;
mod span;
pub mod tree;
#[cfg(feature = "yaml")]
pub mod yaml;

pub use diagnostic::{Code, Diagnosis, Diagnostic, Severity};
pub use span::{Span, Spanned};
