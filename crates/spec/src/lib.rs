//! The configuration language: from YAML to a checked detection, or a diagnosis that shows each
//! place, says what is allowed and what to do.
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
//!
//! The crate knows no detector. Types are registered, and their errors have exact places:
//!
//! ```
//! use tuatara_core::{BuildContext, Detector, ParamError, Params};
//! use tuatara_spec::tree::Node;
//! use tuatara_spec::{DetectionSpec, GatherSpec, GrouperSpec, Registry};
//! # use tuatara_core::*;
//! # use tuatara_frame::{SeriesView, TimeAxis};
//! # #[derive(Debug)] struct Never;
//! # impl Detector for Never {
//! #     fn lookback(&self, _: &TimeAxis) -> Result<Lookback> { Ok(Lookback::buckets(0)) }
//! #     fn evaluate(&self, _: SeriesView<'_>, _: Window, _: &mut Memo, _: &mut Evaluation)
//! #         -> Result<()> { Ok(()) }
//! # }
//!
//! #[derive(serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct CeilingParams {
//!     ceiling: f64,
//! }
//!
//! impl Params for CeilingParams {
//!     const TYPE: &'static str = "CEILING";
//!     type Built = Box<dyn Detector>;
//!     fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
//!         # let _ = self.ceiling;
//!         Ok(Box::new(Never))
//!     }
//! }
//!
//! let detection = |params: Node| {
//!     let detector = Node::mapping([
//!         ("name", Node::text("too_high")),
//!         ("type", Node::text("ceiling")),
//!         ("params", params),
//!     ]);
//!     Node::mapping([
//!         ("detectionName", Node::text("load")),
//!         ("metric", Node::text("load")),
//!         ("rules", Node::list([Node::mapping([("detection", detector)])])),
//!     ])
//! };
//! let registry = Registry::new().with::<CeilingParams>();
//!
//! let good = detection(Node::mapping([("ceiling", Node::from(7000.0))]));
//! let checked = DetectionSpec::from_tree(&good, "load", &registry)?;
//! assert_eq!(checked.spec.rules[0].detections[0].type_name.value, "CEILING");
//!
//! let bad = detection(Node::mapping([("cieling", Node::from(7000.0))]));
//! let error = DetectionSpec::from_tree(&bad, "load", &registry).unwrap_err();
//! let shown = [
//!     "error[unknown-key]: `cieling` is not a parameter of CEILING",
//!     "  --> load:8:9",
//!     "   |",
//!     " 8 |         cieling: 7000",
//!     "   |         ^^^^^^^ did you mean `ceiling`?",
//!     "   = allowed: ceiling",
//! ];
//! assert_eq!(error.to_string(), shown.join("\n"));
//! # Ok::<(), tuatara_spec::SpecError>(())
//! ```
//!
//! # Features
//!
//! Both are on by default.
//!
//! - `yaml`: the YAML reader, `yaml::parse` and `DetectionSpec::from_yaml`. Without it the crate
//!   has no parser among its dependencies.
//! - `files`: the module `dataset`. Without it the crate has no reader of data files among its
//!   dependencies.

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
