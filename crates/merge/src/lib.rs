//! Law 2: everything after the points is a left fold over rows in time order.
//!
//! ```text
//! step(carry, rows of one bucket) → (carry, events)
//! run(a..c, k) = run(b..c, carry after run(a..b, k))
//! ```
//!
//! The [`RuleCarry`] is the only state in the system: serialisable, bounded, and enough to go on
//! from. Preview, backtest, production and stream are the same fold over different intervals.
//!
//! | to …                                             | see                  |
//! |--------------------------------------------------|----------------------|
//! | fold the rows of one rule on one slice           | [`Stage`]            |
//! | keep what is open between two runs               | [`RuleCarry`]        |
//! | hear what happened                               | [`Event`]            |
//! | tell once what several rules found               | [`Across`], [`fold_across`] |
//! | keep what they have open between two runs        | [`AcrossCarry`]      |
//! | tell once what belongs together, across slices and detections | [`Grouping`], [`Incident`] |
//! | ask for what happens at the same time            | [`Gathers`], [`Expression`](tuatara_core::Expression) |
//! | join finished anomalies of one's own             | [`merge_anomalies`]  |
//! | decide whether two stretches belong together     | [`MergePolicy`]      |
//! | leave out what is not worth an anomaly           | [`Thinning`]         |
//! | merge finished intervals of one's own            | [`merge_intervals`]  |
//!
//! ```
//! use tuatara_core::{Direction, Evaluation, Row, Verdict, Window};
//! use tuatara_frame::*;
//! use tuatara_merge::{EventKind, Folded, MergePolicy, RuleCarry, Stage, Thinning};
//!
//! // Five hours; a detector flagged the second and the third.
//! let span = Interval::new("2026-01-01T00:00:00Z".parse()?, "2026-01-01T05:00:00Z".parse()?)?;
//! let axis = TimeAxis::covering("PT1H".parse()?, Zone::UTC, span)?;
//! let series = Series::new(axis, vec![10.0, 30.0, 40.0, 11.0, 9.0])?;
//! let mut rows = Evaluation::default();
//! let mut columns = rows.columns(5);
//! for (i, &observed) in series.values().iter().enumerate() {
//!     let verdict = match observed > 20.0 {
//!         true => Verdict::Anomalous(Direction::Up),
//!         false => Verdict::Normal,
//!     };
//!     let (expected, lower, upper, score) = (10.0, 0.0, 20.0, (observed - 10.0) / 10.0);
//!     columns.set(i, Row { observed, expected, lower, upper, score, verdict });
//! }
//!
//! let slice = SliceKey::new("errors");
//! let stage = Stage {
//!     detection: "too many errors",
//!     rule: "limit:THRESHOLD",
//!     slice: &slice,
//!     aggregation: Aggregation::Sum,
//!     policy: MergePolicy::new(Duration::ZERO, Duration::days(7))?,
//!     thinning: Thinning::default(),
//!     delay: Duration::ZERO,
//!     filters: &[],
//!     labeler: None,
//!     windows: &[],
//! };
//! let (mut carry, mut out) = (RuleCarry::default(), Folded::default());
//! stage.fold(series.view(), Window::whole(series.axis()), &rows, &mut carry, &mut out)?;
//!
//! let said: Vec<_> = out.events.iter().map(|event| event.kind.as_str()).collect();
//! assert_eq!(said, ["opened", "rescored", "closed"]);
//! assert_eq!(out.events[2].anomaly.observed, 70.0); // 30 + 40 over two hours
//! assert!(carry.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod across;
mod across_carry;
mod across_fold;
mod carry;
mod error;
mod event;
mod grouping;
mod grouping_carry;
mod grouping_fold;
mod incident;
mod intervals;
mod policy;
mod spans;
mod stage;
mod thinning;
mod totals;

pub use across::{Across, merge_anomalies};
pub use across_carry::AcrossCarry;
pub use across_fold::{FoldedRule, fold_across};
pub use carry::RuleCarry;
pub use error::{MergeError, Result};
pub use event::{Event, EventKind, Retraction};
pub use grouping::{Change, Gathers, Grouping};
pub use grouping_carry::GroupCarry;
pub use grouping_fold::{Settled, fold_groups};
pub use incident::{Found, Incident, IncidentEvent, Member};
pub use intervals::merge_intervals;
pub use policy::{MergePolicy, Placement};
pub use stage::{Folded, NamedFilter, NamedLabeler, Spell, Stage};
pub use thinning::{Admission, Thinned, Thinning, ThinningParams};
