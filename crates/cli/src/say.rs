//! What is not a result: notes, warnings and errors, on standard error.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes `text` as a line of its own. Nobody has to listen: where standard error is closed, it
/// is lost, and the results are not.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
