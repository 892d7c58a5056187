//! Commands that a build may leave out.

use std::ffi::OsString;

/// What was asked of a command that this build does not have.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct LeftOut {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _asked: Vec<OsString>,
}
