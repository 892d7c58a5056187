//! JSON Schemas of the files that people write, made of the types and tables by which they are read.
//!
//! | to …                                              | use                                     |
//! |---------------------------------------------------|-----------------------------------------|
//! | give an editor the schema of a detection          | [`detection`], [`to_json`]              |
//! | … of a subscription, a dataset file, a calendar   | [`subscription`], `dataset`, [`calendar`] |
//! | see what a type reads                             | [`Shape::of`]                           |
//!
//! What a schema rejects the reader rejects, too. The converse does not hold: a schema sees one value
//! at a time, and not what two of them make of each other. [`UNSEEN`] is the list of what it does not
//! see.
//!
//! A schema is of JSON; [`to_json`] says what a file is as JSON, too.
//!
//! ```
//! use tuatara_spec::{Registry, schema};
//!
//! let schema = schema::detection(&Registry::new());
//! assert_eq!(schema.get("title").unwrap().as_text(), Some("a detection"));
//! assert!(schema::to_json(&schema).starts_with("{\n  \"$schema\": "));
//! ```

mod conditions;
mod json;
mod levels;
mod probe;
mod shape;
mod terms;
mod types;
mod unseen;

pub use json::to_json;
#[cfg(feature = "files")]
pub(crate) use levels::of_datasets;
pub(crate) use levels::{level, of_detections, of_subscriptions};
pub use shape::{Field, Shape, Variant};
pub use unseen::UNSEEN;

use self::terms::Terms;
use crate::Registry;
use crate::language::Level;
use crate::tree::Node;

/// The schema of a detection whose components are of the types of `registry`.
pub fn detection(registry: &Registry) -> Node {
    document("detection", Level::TOP, Some(registry))
}

/// The schema of a file of events.
pub fn calendar() -> Node {
    document("calendar", crate::calendar::CALENDAR, None)
}

/// The schema of a dataset file.
#[cfg(feature = "files")]
pub fn dataset() -> Node {
    document("dataset", crate::dataset::LEVELS[0], None)
}

/// The schema of a subscription.
pub fn subscription() -> Node {
    document("subscription", crate::subscription::LEVELS[0], None)
}

fn document(id: &str, level: Level, registry: Option<&Registry>) -> Node {
    let mut terms = Terms::new(registry);
    let outermost = terms.level_node(id, &level);
    let mut entries = vec![
        (
            "$schema".to_owned(),
            Node::text("https://json-schema.org/draft/2020-12/schema"),
        ),
        ("$id".to_owned(), Node::text(format!("urn:tuatara:{id}"))),
        ("title".to_owned(), Node::text(level.name)),
    ];
    entries.extend(terms::entries(outermost));
    entries.push(("$defs".to_owned(), terms.into_defs()));
    Node::mapping(entries)
}
