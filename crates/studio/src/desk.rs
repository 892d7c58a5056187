//! What is worked on: one run at a time, the latest that was asked for.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tuatara::frame::{Interval, SliceKey};
use tuatara::{Detection, standard_registry};
use tuatara_backtest::{BacktestError, Ran, Side};

use crate::Studio;
use crate::figures::incidents;
use crate::knobs::Types;
use crate::read::{Said, read};
use crate::sources::{Opened, Sources, Trouble};

/// Answers on all slices that are kept, and as many on those in view, of which traces can be asked and which
/// need not be made again.
const KEPT: usize = 4;
/// Pages that are told apart.
const PAGES: usize = 64;

/// A run with what was said of its text.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) id: u64,
    text: String,
    pub(crate) said: Said,
    /// The data that it ran over.
    pub(crate) opened: Arc<Opened>,
    pub(crate) ran: Ran,
    /// The slices that ran, where those in view did alone.
    only: Option<Vec<SliceKey>>,
    /// What was told on all slices; none where those in view ran alone.
    pub(crate) totals: Option<Side>,
    pub(crate) stages: String,
    pub(crate) took: Duration,
    pub(crate) labelled: Arc<Labelled>,
}

/// What is known of a time, by slice; in words why nothing is.
pub(crate) type Labelled = Result<BTreeMap<SliceKey, Vec<Interval>>, String>;

/// Why a run has no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// Something newer was asked for on the same page.
    Stale,
    /// The text, the data or the engine refuse.
    Refused(Said),
}

impl From<tuatara::Error> for Unanswered {
    fn from(error: tuatara::Error) -> Self {
        match error {
            tuatara::Error::Stopped { .. } => Self::Stale,
            error => Self::Refused(Said::whole(error)),
        }
    }
}

impl From<BacktestError> for Unanswered {
    fn from(error: BacktestError) -> Self {
        match error {
            BacktestError::Engine(error) => error.into(),
            error => Self::Refused(Said::whole(error)),
        }
    }
}

impl From<Trouble> for Unanswered {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(error) => error.into(),
            Trouble::Unreadable(error) => Self::Refused(Said::whole(error)),
        }
    }
}

/// A text that can be run.
#[derive(Debug)]
pub(crate) struct Ready {
    detection: Detection,
    said: Said,
    text: String,
    /// The time that it is about.
    pub(crate) history: Interval,
    /// What it looks at.
    pub(crate) slices: Vec<SliceKey>,
}

/// What is worked on.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) studio: Studio,
    pub(crate) types: Types,
    sources: Sources,
    /// Held by the one run that is under way.
    running: Mutex<()>,
    /// Per page the latest request.
    newest: Mutex<BTreeMap<String, u64>>,
    kept: Mutex<VecDeque<Arc<Shown>>>,
    count: AtomicU64,
}

/// What a mutex holds: nothing here is left half done by a panic.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    pub(crate) fn new(mut studio: Studio) -> Self {
        Self {
            sources: Sources::new(Arc::clone(&studio.source), studio.read.take()),
            running: Mutex::new(()),
            studio,
            types: Types::of(standard_registry()),
            newest: Mutex::new(BTreeMap::new()),
            kept: Mutex::new(VecDeque::new()),
            count: AtomicU64::new(0),
        }
    }

    /// Takes note of a request of `page`: what it asked for before is stale.
    pub(crate) fn announce(&self, page: &str, ticket: u64) {
        let mut newest = held(&self.newest);
        if newest.len() >= PAGES && !newest.contains_key(page) {
            newest.pop_first();
        }
        let last = newest.entry(page.to_owned()).or_insert(ticket);
        *last = ticket.max(*last);
    }

    fn is_stale(&self, page: &str, ticket: u64) -> bool {
        held(&self.newest)
            .get(page)
            .is_some_and(|newest| *newest > ticket)
    }

    /// Reads a text and finds the time that it is about.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn ready(&self, name: &str, text: &str) -> Result<Ready, Unanswered> {
        let studio = &self.studio;
        let read = read(text, name, &self.types.registry, &studio.calendars);
        let (detection, said) = read.map_err(Unanswered::Refused)?;
        let there = |opened: &Opened| {
            let source = &*opened.source;
            Ok((detection.extent(source)?, detection.slices(source)?))
        };
        let (_, (extent, slices)) = self.sources.ask(&detection, there)?;
        let start = studio.since.unwrap_or(extent.start());
        let end = studio.until.unwrap_or(extent.end());
        let history = Interval::new(start, end).map_err(BacktestError::from)?;
        Ok(Ready {
            detection,
            said,
            text: text.to_owned(),
            history,
            slices,
        })
    }

    /// Runs what was read over `history`, on all slices or `only` some, unless that was done, which the
    /// answer says, too, or something newer has been asked for.
    ///
    /// # Errors
    /// [`Unanswered`]
    pub(crate) fn run(
        &self,
        ready: Ready,
        history: Interval,
        only: Option<&[SliceKey]>,
        (page, ticket): (&str, u64),
    ) -> Result<(Arc<Shown>, bool), Unanswered> {
        let known = |shown: &Arc<Shown>, only: Option<&[SliceKey]>| {
            let is_it = shown.text == ready.text && shown.ran.history() == history;
            is_it && shown.only.as_deref() == only
        };
        {
            let mut kept = held(&self.kept);
            // What is known of all slices says most.
            let all = kept.iter().position(|shown| known(shown, None));
            let found = all.or_else(|| kept.iter().position(|shown| known(shown, only)));
            if let Some(at) = found {
                // What is used stays longest: the one that others are compared with.
                let shown = kept.remove(at).expect("invariant: it is there");
                kept.push_back(Arc::clone(&shown));
                return Ok((shown, true));
            }
        }
        // One at a time; who waited too long is stale.
        let running = held(&self.running);
        if self.is_stale(page, ticket) {
            return Err(Unanswered::Stale);
        }
        let watch = |_: usize, _: usize| match self.is_stale(page, ticket) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let began = Instant::now();
        let run = |opened: &Opened| {
            let interval = Ran::interval(&ready.detection, &*opened.source, history)?;
            let mut session = held(&opened.session);
            let detection = &ready.detection;
            let answer = match only {
                Some(only) => session.run_only(detection, interval, only, &watch)?,
                None => session.run_watched(detection, interval, &watch)?,
            };
            let ran = Ran::of(answer.report, &*opened.source, history)?;
            Ok((ran, answer.ran.to_string()))
        };
        let (opened, (ran, stages)) = self.sources.ask(&ready.detection, run)?;
        let took = began.elapsed();
        drop(running);
        let labelled = match only {
            Some(_) => self.labelled_before(&ran),
            None => self.labelled(&ran, &opened),
        };
        let shown = Arc::new(Shown {
            id: self.count.fetch_add(1, Ordering::Relaxed),
            text: ready.text,
            said: ready.said,
            only: only.map(<[SliceKey]>::to_vec),
            totals: only.is_none().then(|| Side::of(&ran)),
            ran,
            opened,
            stages,
            took,
            labelled,
        });
        let mut kept = held(&self.kept);
        kept.push_back(Arc::clone(&shown));
        let is_like = |other: &Arc<Shown>| other.only.is_some() == only.is_some();
        if kept.iter().filter(|other| is_like(other)).count() > KEPT {
            let oldest = kept.iter().position(is_like);
            oldest.and_then(|oldest| kept.remove(oldest));
        }
        Ok((shown, false))
    }

    /// What is known of the time of `ran`: of the same time and slices it is worked out once.
    fn labelled(&self, ran: &Ran, opened: &Opened) -> Arc<Labelled> {
        let keys = |ran: &Ran| -> Vec<SliceKey> {
            let slices = ran.report().slices().iter();
            slices.map(|slice| slice.key().clone()).collect()
        };
        let own = keys(ran);
        let same = |shown: &&Arc<Shown>| {
            shown.only.is_none() && shown.ran.history() == ran.history() && keys(&shown.ran) == own
        };
        if let Some(shown) = held(&self.kept).iter().find(same) {
            return Arc::clone(&shown.labelled);
        }
        let known = incidents(ran, &*opened.source, &self.studio.known);
        Arc::new(known.map_err(|error| error.to_string()))
    }

    /// What was known of the time of `ran` when all slices ran; nothing before they did.
    fn labelled_before(&self, ran: &Ran) -> Arc<Labelled> {
        let kept = held(&self.kept);
        let mut all = kept.iter().filter(|shown| shown.only.is_none());
        let same = all.find(|shown| shown.ran.history() == ran.history());
        same.map_or_else(
            || Arc::new(Ok(BTreeMap::new())),
            |shown| Arc::clone(&shown.labelled),
        )
    }

    /// An answer that is still kept.
    pub(crate) fn shown(&self, id: u64) -> Option<Arc<Shown>> {
        held(&self.kept)
            .iter()
            .find(|shown| shown.id == id)
            .cloned()
    }
}
