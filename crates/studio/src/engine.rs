//! The production engine, behind one door.

use std::sync::Arc;

use tuatara::frame::{Interval, Source};
use tuatara::{Detection, Report, Result, Watch};

/// Runs detections over one source.
#[derive(Debug)]
pub(crate) struct Engine {
    source: Arc<dyn Source + Send + Sync>,
}

/// What a run found, and what had to be done for it.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) report: Report,
    /// The stages that ran, in words.
    pub(crate) stages: String,
}

impl Engine {
    pub(crate) fn new(source: Arc<dyn Source + Send + Sync>) -> Self {
        Self { source }
    }

    /// Runs `detection` as production does; `watch` can stop it.
    ///
    /// # Errors
    /// Those of [`Detection::run`], and [`Stopped`](tuatara::Error::Stopped).
    pub(crate) fn run(
        &mut self,
        detection: &Detection,
        interval: Interval,
        watch: &dyn Watch,
    ) -> Result<Judged> {
        let report = detection.run_watched(&*self.source, interval, None, watch)?;
        let stages = "every stage ran".to_owned();
        Ok(Judged { report, stages })
    }
}
