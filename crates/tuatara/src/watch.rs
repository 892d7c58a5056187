//! Being told how far a run has come, and stopping it.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Error, Result};

/// Whoever is told of each finished slice of a run. Nothing that a watcher does changes a result:
/// it sees the run and can stop it, no more.
///
/// A closure over the two numbers is one:
///
/// ```
/// use std::ops::ControlFlow;
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// # use tuatara::frame::{Frame, Granularity, Instant, Metric};
/// # use tuatara::rules::ThresholdParams;
/// use tuatara::{Detection, Rule};
/// # let mut builder = Frame::builder("shop", [Metric::new("orders")]).granularity(Granularity::days());
/// # builder.row(Instant::from_millis(0)?, &[], &[7.0])?;
/// # builder.row(Instant::from_millis(86_400_000)?, &[], &[7.0])?;
/// # let frame = builder.build()?;
/// # let limit = ThresholdParams { max: Some(10.0), min: None };
/// # let detection = Detection::builder("too many", "orders")
/// #     .rule(Rule::from_params("limit", limit)?)
/// #     .build()?;
///
/// let seen = AtomicUsize::new(0);
/// let watch = |done: usize, of: usize| {
///     seen.fetch_max(done, Ordering::Relaxed);
///     if of < 100_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
/// };
/// let interval = detection.extent(&frame)?;
/// let report = detection.run_watched(&frame, interval, None, &watch)?;
/// assert_eq!(seen.into_inner(), report.slices().len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Watch: Sync {
    /// Called once for each slice when all rules have judged it, on the thread that did: `done`
    /// slices of `of` are finished. Each number from 1 to `of` comes once; of two that come at
    /// nearly the same time either may be the first. To break stops the run.
    fn finished(&self, done: usize, of: usize) -> ControlFlow<()>;
}

impl<F: Fn(usize, usize) -> ControlFlow<()> + Sync> Watch for F {
    fn finished(&self, done: usize, of: usize) -> ControlFlow<()> {
        self(done, of)
    }
}

/// Counts the slices of one run for its watcher.
pub(crate) struct Count<'w> {
    watch: Option<&'w dyn Watch>,
    done: AtomicUsize,
    of: usize,
}

impl<'w> Count<'w> {
    pub(crate) fn new(watch: Option<&'w dyn Watch>, of: usize) -> Self {
        let done = AtomicUsize::new(0);
        Self { watch, done, of }
    }

    /// One more.
    ///
    /// # Errors
    /// [`Error::Stopped`] when the watcher has seen enough.
    pub(crate) fn one(&self) -> Result<()> {
        let Some(watch) = self.watch else {
            return Ok(());
        };
        let (done, of) = (self.done.fetch_add(1, Ordering::Relaxed) + 1, self.of);
        match watch.finished(done, of) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Stopped { done, of }),
        }
    }
}
