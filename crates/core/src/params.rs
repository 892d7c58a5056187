//! How a detector, filter or labeler enters a configuration: three moments, three types.
//!
//! A `Params` type is what is written (it may be wrong), [`Params::build`] checks it, and what
//! comes out cannot be wrong. Whoever registers a `Params` type gets errors with exact positions
//! without knowing how a configuration is read.

use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::{Detector, Filter, Labeler, ParamDoc};

/// The parameters of a detector, filter or labeler, as written in a configuration.
///
/// Derive `Deserialize` with `#[serde(deny_unknown_fields)]`, so that a misspelt key is an error.
pub trait Params: DeserializeOwned {
    /// The name under `type:`, in UPPER_SNAKE.
    const TYPE: &'static str;
    /// `Box<dyn Detector>`, `Box<dyn Filter>` or `Box<dyn Labeler>`.
    type Built: Into<Component>;
    /// What the type does, in half a sentence: "a bucket lies above `max` or below `min`". Markdown;
    /// for the reference and for schemas.
    const SUMMARY: &'static str = "";
    /// What its parameters are, in the order in which a reader should meet them. One that is missing
    /// here is described by its type alone.
    const DOCS: &'static [ParamDoc] = &[];

    /// Checks every parameter. What comes back cannot be misconfigured.
    ///
    /// # Errors
    /// [`ParamError`], which names the key, the value, what is allowed and the remedy.
    fn build(self, context: &BuildContext) -> Result<Self::Built, ParamError>;

    /// What is allowed but probably not meant, such as a limit that can never be met.
    fn warnings(&self) -> Vec<ParamWarning> {
        Vec::new()
    }
}

/// What a component may know of where it stands in a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BuildContext {
    /// Name of the component, as in `rule_1:PERCENTAGE_RULE`.
    pub name: String,
}

impl BuildContext {
    /// The context of a component of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

/// A parameter that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{key} is {value}; allowed: {allowed}; {remedy}")]
pub struct ParamError {
    /// The key inside `params`, as in `threshold`, or `severity.high.change` for one of a mapping in
    /// it; empty when the component as a whole is meant.
    pub key: &'static str,
    /// The value as written.
    pub value: String,
    /// What is allowed.
    pub allowed: String,
    /// What to do about it.
    pub remedy: String,
    /// The value that was probably meant.
    pub suggestion: Option<String>,
}

impl ParamError {
    /// `key` is `value`, which is not one of `allowed`.
    pub fn new(
        key: &'static str,
        value: impl ToString,
        allowed: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            key,
            value: value.to_string(),
            allowed: allowed.into(),
            remedy: remedy.into(),
            suggestion: None,
        }
    }

    /// Adds what was probably meant.
    pub fn with_suggestion(self, suggestion: Option<String>) -> Self {
        Self { suggestion, ..self }
    }
}

/// A parameter that is allowed but probably not meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamWarning {
    /// The key, as in [`ParamError::key`].
    pub key: &'static str,
    /// What will happen.
    pub message: String,
    /// What was probably meant.
    pub remedy: String,
}

impl ParamWarning {
    /// `message` will happen because of `key`; `remedy` says what was probably meant.
    pub fn new(key: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            key,
            message: message.into(),
            remedy: remedy.into(),
        }
    }
}

/// A part of a pipeline that a configuration can name.
#[derive(Debug)]
#[non_exhaustive]
pub enum Component {
    /// Gives verdicts; stands under `detection:`.
    Detector(Box<dyn Detector>),
    /// Keeps or drops anomalies; stands under `filter:`.
    Filter(Box<dyn Filter>),
    /// Says how much anomalies matter; stands under `labeler:`.
    Labeler(Box<dyn Labeler>),
}

impl From<Box<dyn Detector>> for Component {
    fn from(detector: Box<dyn Detector>) -> Self {
        Self::Detector(detector)
    }
}

impl From<Box<dyn Filter>> for Component {
    fn from(filter: Box<dyn Filter>) -> Self {
        Self::Filter(filter)
    }
}

impl From<Box<dyn Labeler>> for Component {
    fn from(labeler: Box<dyn Labeler>) -> Self {
        Self::Labeler(labeler)
    }
}
