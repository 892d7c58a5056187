#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | to …                                             | use                                        |
//! |--------------------------------------------------|--------------------------------------------|
//! | read a configuration                             | `DetectionSpec::from_yaml`                 |
//! | build one in code, without a YAML parser         | [`tree::Node`], [`DetectionSpec::from_tree`] |
//! | say which detectors and filters can be named     | [`Registry`]                               |
//! | show what is wrong                               | [`Diagnosis`], its `Display`               |
//! | act on what is wrong                             | [`Diagnostic`], [`Code`], [`Span`]         |
//! | look up the keys of a level and what they do     | [`Level`]                                  |
//! | read a derived type with places in its errors    | [`de::from_node`]                          |
//! | read what is declared of data files              | `dataset::DatasetSpec`                     |
//! | know when a detection runs                       | [`Schedule`]                               |
//! | read who is told of anomalies                    | [`subscription::SubscriptionSpec`]         |
//! | read a file of events                            | `calendar_from_yaml`                       |
//! | give an editor a JSON Schema                     | [`schema`]                                 |
//! | have a page with every key                       | [`reference::page`]                        |
//! | know what a registered type reads                | [`Registry::describe`], [`schema::Shape`]  |

mod calendar;
#[cfg(feature = "files")]
pub mod dataset;
pub mod de;
mod diagnostic;
mod error;
mod fields;
mod language;
pub mod reference;
mod registry;
mod schedule;
pub mod schema;
mod span;
pub mod subscription;
pub mod tree;
#[cfg(feature = "yaml")]
pub mod yaml;

pub use calendar::calendar_from_tree;
#[cfg(feature = "yaml")]
pub use calendar::calendar_from_yaml;
pub use diagnostic::{Code, Diagnosis, Diagnostic, Severity};
pub use error::SpecError;
pub use language::{
    COMBINATION_LIMIT, Checked, Class, ComponentSpec, DetectionSpec, GatherSpec, GrouperSpec,
    KeyEntry, Level, MergeSpec, RuleSpec, ThinningSpec,
};
pub use registry::{Kind, Registry, TypeEntry};
pub use schedule::{Schedule, ScheduleError, ScheduleField};
pub use span::{Span, Spanned};
