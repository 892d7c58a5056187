//! Why a command stopped.

use std::io;
use std::path::Path;

use tuatara::frame::FrameError;
use tuatara_backtest::BacktestError;
use tuatara_metrics::MetricsError;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Standard output could not be written.
    Output(io::Error),
    /// The library refused.
    Library(tuatara::Error),
    /// Anything else, in words that name the place and the remedy.
    Said(String),
}

impl Failure {
    pub(crate) fn said(text: impl Into<String>) -> Self {
        Self::Said(text.into())
    }

    pub(crate) fn unread(path: &Path, error: &io::Error) -> Self {
        Self::Said(format!(
            "{} cannot be read: {error}; check the path and the permission",
            path.display()
        ))
    }

    pub(crate) fn unwritten(path: &Path, error: &io::Error) -> Self {
        Self::Said(format!(
            "{} cannot be written: {error}; check the folder, its permission and its space",
            path.display()
        ))
    }

    /// A command that this build does not have, and the flags of one that has it.
    #[cfg(not(all(feature = "studio", feature = "train")))]
    pub(crate) fn left_out(command: &str, flags: &str) -> Self {
        Self::Said(format!(
            "this build has no `tuatara {command}`; one that has it is built by `cargo install \
             --path crates/cli{flags}`"
        ))
    }

    /// Whether whoever reads standard output has stopped reading.
    pub(crate) fn is_closed_output(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Output(error) => format!("error: standard output: {error}"),
            // It brings its own heading for each error.
            Self::Library(tuatara::Error::Spec(error)) => error.to_string(),
            Self::Library(error) => format!("error: {error}"),
            Self::Said(text) => format!("error: {text}"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<tuatara::Error> for Failure {
    fn from(error: tuatara::Error) -> Self {
        Self::Library(error)
    }
}

impl From<BacktestError> for Failure {
    fn from(error: BacktestError) -> Self {
        match error {
            BacktestError::Engine(error) => Self::Library(error),
            BacktestError::Frame(error) => error.into(),
            other => Self::Said(other.to_string()),
        }
    }
}

impl From<MetricsError> for Failure {
    fn from(error: MetricsError) -> Self {
        Self::Said(error.to_string())
    }
}

#[cfg(feature = "studio")]
impl From<tuatara_studio::StudioError> for Failure {
    fn from(error: tuatara_studio::StudioError) -> Self {
        Self::Said(error.to_string())
    }
}

impl From<FrameError> for Failure {
    fn from(error: FrameError) -> Self {
        Self::Library(error.into())
    }
}
