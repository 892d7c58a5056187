//! How far long work has come, on a terminal and nowhere else.
//!
//! A bar is drawn on standard error when that is a terminal, `--quiet` was not given, and the work
//! takes longer than a person waits without wondering. It is gone before anything else is said.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tuatara::Watch;

/// Work that is shorter is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Bytes that are read.
    Bytes,
    /// Slices that are judged.
    Slices,
    /// Epochs of a training.
    #[cfg(feature = "train")]
    Epochs,
}

impl Work {
    /// The line, in the template language of `indicatif`.
    const fn line(self) -> &'static str {
        match self {
            Self::Bytes => "reading  [{wide_bar}] {bytes} of {total_bytes}, {eta} left",
            Self::Slices => "judging  [{wide_bar}] {pos} of {len} slices, {eta} left",
            #[cfg(feature = "train")]
            Self::Epochs => "training [{wide_bar}] {pos} of {len} epochs at most, {eta} left",
        }
    }
}

/// A bar for one piece of work; it disappears when it is dropped.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    began: Instant,
    drawn: AtomicBool,
}

impl Bar {
    /// A bar on standard error, where somebody may look at it.
    pub(crate) fn new(work: Work, quiet: bool) -> Self {
        Self::on(io::stderr().is_terminal(), work, quiet)
    }

    fn on(terminal: bool, work: Work, quiet: bool) -> Self {
        let seen = terminal && !quiet;
        let style = || ProgressStyle::with_template(work.line()).expect("the line is well-formed");
        let bar = || {
            let hidden = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            hidden.with_style(style().progress_chars("=> "))
        };
        Self {
            bar: seen.then(bar),
            began: Instant::now(),
            drawn: AtomicBool::new(false),
        }
    }

    /// `done` of `of` is done; what was said before counts where it was more.
    pub(crate) fn at(&self, done: u64, of: u64) {
        let Some(bar) = &self.bar else { return };
        if self.began.elapsed() < PATIENCE {
            return;
        }
        bar.set_length(of);
        bar.set_position(done.max(bar.position()));
        if !self.drawn.swap(true, Ordering::Relaxed) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Bar {
    fn finished(&self, done: usize, of: usize) -> ControlFlow<()> {
        self.at(done as u64, of as u64);
        ControlFlow::Continue(())
    }
}

/// A bar for files that are read one after the other.
#[derive(Debug)]
pub(crate) struct Reading {
    bar: Bar,
    done: AtomicU64,
    /// Bytes of all files.
    of: u64,
}

impl Reading {
    pub(crate) fn of(paths: &[PathBuf], quiet: bool) -> Self {
        let sizes = paths
            .iter()
            .map(|path| Some(fs::metadata(path).ok()?.len()));
        Self {
            bar: Bar::new(Work::Bytes, quiet),
            done: AtomicU64::new(0),
            of: sizes.map(Option::unwrap_or_default).sum(),
        }
    }

    /// `file`, counted as it is read.
    pub(crate) fn through(&self, file: File) -> impl Read {
        Counted {
            reading: self,
            file,
        }
    }
}

struct Counted<'r> {
    reading: &'r Reading,
    file: File,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let Reading { bar, done, of } = self.reading;
        bar.at(
            done.fetch_add(count as u64, Ordering::Relaxed) + count as u64,
            *of,
        );
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bar, Work};

    #[test]
    fn there_is_a_bar_on_a_terminal_only_and_not_when_told_to_be_quiet() {
        for work in [Work::Bytes, Work::Slices] {
            assert!(Bar::on(true, work, false).bar.is_some());
            assert!(Bar::on(true, work, true).bar.is_none());
            assert!(Bar::on(false, work, false).bar.is_none());
            assert!(Bar::on(false, work, true).bar.is_none());
        }
    }
}
