//! `tuatara schema`: what can be written, for editors and for people.

use std::io::Write;

use tuatara::spec::{reference, schema};
use tuatara::standard_registry;

use crate::Found;
use crate::args::{Described, Schema};
use crate::failure::Failure;

/// What stands above the tables of the reference.
const PREFACE: &str = "\
# Reference

Every key of every file that people write: what may be written, what holds where nothing is written, and what
it means. This page is made of the types and tables by which the files are read, by `tuatara schema --reference`;
a test compares it with them. [configuration.md](configuration.md), [data.md](data.md) and
[subscriptions.md](subscriptions.md) explain, with examples;
[how values are written](configuration.md#how-values-are-written) is said there, too.

";

pub(crate) fn run(args: &Schema, out: &mut dyn Write) -> Result<Found, Failure> {
    if args.reference {
        write!(out, "{PREFACE}{}", reference::page(&standard_registry()))?;
        return Ok(Found::Nothing);
    }
    let schema = match args.of {
        Described::Detection => schema::detection(&standard_registry()),
        Described::Subscription => schema::subscription(),
        Described::Dataset => schema::dataset(),
        Described::Calendar => schema::calendar(),
    };
    write!(out, "{}", schema::to_json(&schema))?;
    Ok(Found::Nothing)
}
