//! One file per command.

pub(crate) mod check;
pub(crate) mod detect;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod points;
