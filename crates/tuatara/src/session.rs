//! One data set, asked again and again while a specification is edited.

mod kept;
mod known;
mod ran;
pub(crate) mod stretch;

use std::sync::Arc;

use tuatara_frame::{Interval, SliceKey, Source};

use crate::run::run;
use crate::{Detection, Report, Result, Watch};
pub(crate) use kept::{
    Desk, Fold, FoldKey, FoldedBy, ForecastKey, Gridded, Join, JoinKey, Keep, KnownRule, Place,
    RankingKey, RowsKey, SeriesKey,
};
pub(crate) use known::{Known, Same};
pub use ran::{Counted, Ran};

use kept::Kept;

/// Runs detections over one source and keeps what their stages made, so that after a change only
/// the stages below it run again.
///
/// ```text
/// series ─ per slice and clock ─── what is expected ─── rows ─── fold ─── join across rules ─── report
///   ↑ data, grid, events             ↑ forecaster         ↑ judge   ↑ filters, labeler, thinning, merger
/// ```
///
/// The answer is the report that [`Detection::run`] gives, bit for bit, whatever ran before; it says
/// which stages [ran](Answer::ran). What a stage made is taken over only where everything that it
/// depends on is the same: the very series, window and rows that it was made of, and
/// [settings](tuatara_core::Detector::settings) that agree. A detector, filter or labeler that does
/// not tell its settings is asked in every run, unless it is the very same one.
///
/// What the last two runs made is kept, with what the last made since that did not go through, or was
/// about [some slices](Self::run_only) alone, and nothing older: turning a setting to and fro costs no
/// more than its first turn. In memory that is, for each of them, some 60 bytes per bucket, slice and
/// rule, beside a copy of the values, and what was found; what they have in common, and what a report still holds, is there once.
///
/// A session reads one snapshot: the source must give the same answers as long as the session lasts.
/// Where data have come in, begin another.
///
/// ```
/// use std::sync::Arc;
/// use tuatara::{Detection, Session};
/// # use tuatara::frame::{Frame, Granularity, Instant, Metric};
/// # let mut builder = Frame::builder("shop", [Metric::new("orders")]).granularity(Granularity::days());
/// # for day in 0..28_i64 {
/// #     let usual = [120.0, 118.0, 121.0, 119.0, 130.0, 80.0, 70.0][day as usize % 7];
/// #     let orders = if day == 24 { 60.0 } else { usual };
/// #     builder.row(Instant::from_millis(1_767_571_200_000 + day * 86_400_000)?, &[], &[orders])?;
/// # }
/// # let frame = builder.build()?;
///
/// let detection = |change: f64| Detection::from_yaml(&format!("
/// detectionName: orders drop
/// metric: orders
/// rules:
///   - detection:
///       - name: against_last_weeks
///         type: PERCENTAGE_RULE
///         params: {{ offset: median3w, percentageChange: {change}, pattern: DOWN }}
/// "));
/// let interval = detection(0.3)?.extent(&frame)?;
/// let mut session = Session::new(Arc::new(frame));
/// let first = session.run(&detection(0.3)?, interval)?;
/// assert_eq!(first.report.anomalies().len(), 1);
///
/// let second = session.run(&detection(0.6)?, interval)?;
/// assert_eq!(second.report.anomalies().len(), 0);
/// assert_eq!(
///     second.ran.to_string(),
///     "ran 1 judging and 1 fold; kept 1 series and 1 forecast"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session {
    source: Arc<dyn Source + Send + Sync>,
    kept: Kept,
}

/// What a [`Session`] says to one question.
#[derive(Debug)]
pub struct Answer {
    /// What was found: the same as without a session.
    pub report: Report,
    /// What it took.
    pub ran: Ran,
}

impl Session {
    /// A session over `source` in which nothing has run yet.
    pub fn new(source: Arc<dyn Source + Send + Sync>) -> Self {
        Self {
            source,
            kept: Kept::default(),
        }
    }

    /// What `detection` finds in `interval`: the report of [`Detection::run`].
    ///
    /// # Errors
    /// As [`Detection::run`]. The session goes on afterwards: what the runs before made is still
    /// there, and so is what this one made on slices that it finished.
    pub fn run(&mut self, detection: &Detection, interval: Interval) -> Result<Answer> {
        self.go(detection, interval, None, None)
    }

    /// The same with somebody who is told of each finished slice and can stop the run, as of
    /// [`Detection::run_watched`].
    ///
    /// # Errors
    /// As [`run`](Self::run), and [`Error::Stopped`](crate::Error::Stopped) when `watch` stops it.
    pub fn run_watched(
        &mut self,
        detection: &Detection,
        interval: Interval,
        watch: &dyn Watch,
    ) -> Result<Answer> {
        self.go(detection, interval, Some(watch), None)
    }

    /// The same on some of the slices alone, those of `slices` that `detection` looks at, before the
    /// others are worked out: what a person has in view.
    ///
    /// On these everything is as in the answer on all of them, bit for bit: rows, the
    /// [anomalies](Report::anomalies) of one rule and of several, what was removed, and events. A
    /// ranking, and whatever a filter compares with, is that of all slices, too. What is told across slices
    /// is not part of it: there are no [incidents](Report::incidents), no note on events that hold for no
    /// series, and nothing to [go on](Report::carry) from. It says how many slices it
    /// [leaves out](Report::left_out).
    ///
    /// The run on all of them afterwards takes over what this one made, and this one takes the place of
    /// none that was kept but another that did not go through on all slices.
    ///
    /// # Errors
    /// As [`run_watched`](Self::run_watched).
    pub fn run_only(
        &mut self,
        detection: &Detection,
        interval: Interval,
        slices: &[SliceKey],
        watch: &dyn Watch,
    ) -> Result<Answer> {
        let mut slices = slices.to_vec();
        slices.sort_unstable();
        self.go(detection, interval, Some(watch), Some(&slices))
    }

    /// The data.
    pub fn source(&self) -> &(dyn Source + Send + Sync) {
        &*self.source
    }

    /// Drops everything that was kept: the next run is as the first.
    pub fn forget(&mut self) {
        self.kept = Kept::default();
    }

    fn go(
        &mut self,
        detection: &Detection,
        interval: Interval,
        watch: Option<&dyn Watch>,
        only: Option<&[SliceKey]>,
    ) -> Result<Answer> {
        let keep = Keep::after(&self.kept);
        let source = &*self.source;
        let report = run(detection, source, interval, None, watch, &keep, only);
        let made = keep.into_made();
        let mut ran = made.ran();
        self.kept.settle(made, report.is_ok() && only.is_none());
        let report = report?;
        ran.gatherings.ran = report.gatherings();
        Ok(Answer { report, ran })
    }
}
