//! Slow and plain: what a formula or a documented text says, written down with nothing in common
//! with the code it is held against.
//!
//! | oracle              | made of                                                           |
//! |---------------------|-------------------------------------------------------------------|
//! | [`expected`]        | baselines by another calendar (`jiff`) and a linear search        |
//! | [`lagged`]          | one lag of them                                                   |
//! | [`median`]          | sorting                                                           |
//! | [`merge`]           | the documented merge, all pairs until nothing changes             |
//! | [`fold`]            | the fold of Law 2: each candidate from its buckets afresh         |
//! | [`across`]          | the fold across rules: at every instant all parents anew          |
//! | [`Smoothing`]       | level, trend and seasons, each by its own smoothing equation      |

mod across;
mod baseline;
mod fold;
mod merge;
mod smoothing;

pub use across::across;
pub use baseline::{Lagged, expected, lagged, median};
pub use fold::{NaiveFold, anomaly_text, event_text, fold};
pub use merge::merge;
pub use smoothing::{Combined, Smoothing};
