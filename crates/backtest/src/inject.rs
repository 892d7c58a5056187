//! Incidents put into a user's own series, to see which are told, and how soon.
//!
//! ```text
//! draw places  →  per place: change the rows, run the engine  →  told that was not told before?
//! ```
//!
//! A place is a slice and a bucket that the engine judges, away from everything that was found or is
//! labelled: at least `maxGap` from it, so that nothing merges with what is put in. Every trial runs
//! the production engine over rows that were changed; what it would have told all the same does not
//! count. The places are drawn from a seed, each once.

mod kind;
mod place;
mod rows;
mod trial;

pub use kind::{Injected, Shape};
pub use trial::{Injection, InjectionParams, Reported, Trial};
