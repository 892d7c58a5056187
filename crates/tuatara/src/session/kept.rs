//! What the stages of a run made, each beside everything that it was made of.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use tuatara_core::{Detector, Evaluation, Expectations, Filter, Labeler, Ranking, Window};
use tuatara_frame::events::{Factors, SliceEvents};
use tuatara_frame::{
    Aggregation, Duration, Exploration, Instant, Interval, Mask, RegulariseReport, Series,
    SliceKey, TimeAxis,
};
use tuatara_merge::{AcrossCarry, Event, Folded, MergePolicy, RuleCarry, Thinning};

use super::{Counted, Known, Ran, Same};
use crate::Result;
use crate::watched::Watched;

/// Where a series lies: the names of datasets on the way to it, and its slice; and the position of
/// the part that looks at it, so that what is made at one place is made by one at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) part: usize,
    pub(crate) datasets: Vec<String>,
    pub(crate) slice: SliceKey,
}

/// What a series is made of, beside its place.
#[derive(Debug, PartialEq)]
pub(crate) struct SeriesKey {
    pub(crate) axis: TimeAxis,
    /// Until when it is complete, where that is said of it.
    pub(crate) complete: Option<Instant>,
    pub(crate) mask: Mask,
    pub(crate) factors: Factors,
    pub(crate) is_there: bool,
}

/// A series on a grid, and how it got there.
#[derive(Debug, Clone)]
pub(crate) struct Gridded {
    pub(crate) series: Arc<Series>,
    pub(crate) report: Arc<RegulariseReport>,
}

/// What an expectation is made of.
#[derive(Debug, PartialEq)]
pub(crate) struct ForecastKey {
    pub(crate) series: Same<Series>,
    /// The settings of the forecaster.
    pub(crate) forecaster: String,
    pub(crate) seen: Window,
}

/// What rows are made of.
#[derive(Debug, PartialEq)]
pub(crate) struct RowsKey {
    pub(crate) series: Same<Series>,
    pub(crate) detector: Arc<Known<dyn Detector>>,
    pub(crate) seen: Window,
    pub(crate) idle: Vec<Range<usize>>,
}

/// What a fold is made of.
#[derive(Debug)]
pub(crate) struct FoldKey {
    /// Whose key names the series.
    pub(crate) rows: Same<Evaluation>,
    pub(crate) by: Arc<FoldedBy>,
    pub(crate) window: Window,
    /// What is shown to each of what stands behind the rule.
    pub(crate) others: Vec<Vec<(Same<Series>, Aggregation)>>,
    pub(crate) aggregation: Aggregation,
    pub(crate) events: Arc<SliceEvents>,
}

impl PartialEq for FoldKey {
    fn eq(&self, other: &Self) -> bool {
        // Of the events only windows count: the rest of them is in the series.
        (&self.rows, self.window, self.aggregation)
            == (&other.rows, other.window, other.aggregation)
            && self.by == other.by
            && self.others == other.others
            && self.events.windows() == other.events.windows()
    }
}

/// What a rule folds by, on every slice.
#[derive(Debug, PartialEq)]
pub(crate) struct FoldedBy {
    pub(crate) detection: String,
    pub(crate) rule: String,
    pub(crate) policy: MergePolicy,
    pub(crate) thinning: Thinning,
    pub(crate) delay: Duration,
    pub(crate) filters: Vec<(String, Known<dyn Filter>)>,
    pub(crate) labeler: Option<(String, Known<dyn Labeler>)>,
    /// For each of these, its axis where it goes by another clock.
    pub(crate) axes: Vec<Option<TimeAxis>>,
}

/// What a rule is recognised by.
#[derive(Debug)]
pub(crate) struct KnownRule {
    /// Its rows.
    pub(crate) detector: Arc<Known<dyn Detector>>,
    /// Its folds.
    pub(crate) folded_by: Arc<FoldedBy>,
}

/// What came out of a fold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fold {
    pub(crate) carry: RuleCarry,
    pub(crate) folded: Folded,
}

/// What a join is made of.
#[derive(Debug, PartialEq)]
pub(crate) struct JoinKey {
    /// Of each rule; the key of each says how late it speaks.
    pub(crate) folds: Vec<Same<Fold>>,
    pub(crate) policy: MergePolicy,
    pub(crate) instants: Arc<[Instant]>,
}

/// What several rules found together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Join {
    pub(crate) carry: AcrossCarry,
    pub(crate) events: Vec<Event>,
}

/// What a ranking is made of.
#[derive(Debug, PartialEq)]
pub(crate) struct RankingKey {
    pub(crate) datasets: Vec<String>,
    pub(crate) ranking: Ranking,
    pub(crate) look_at: Exploration,
    pub(crate) slices: Vec<SliceKey>,
    pub(crate) complete: Interval,
    pub(crate) starts: Option<(Instant, Instant)>,
}

/// What one run made of one place, by stages.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    rankings: Vec<(RankingKey, Arc<Watched>)>,
    series: Vec<(SeriesKey, Gridded)>,
    forecasts: Vec<(ForecastKey, Arc<Expectations>)>,
    rows: Vec<(RowsKey, Arc<Evaluation>)>,
    folds: Vec<(FoldKey, Arc<Fold>)>,
    joins: Vec<(JoinKey, Arc<Join>)>,
}

impl Shelf {
    fn append(&mut self, mut other: Self) {
        self.rankings.append(&mut other.rankings);
        self.series.append(&mut other.series);
        self.forecasts.append(&mut other.forecasts);
        self.rows.append(&mut other.rows);
        self.folds.append(&mut other.folds);
        self.joins.append(&mut other.joins);
    }
}

/// Everything that a stage depends on.
pub(crate) trait Key: PartialEq + Sized {
    type Made: Clone;
    fn on(shelf: &Shelf) -> &[(Self, Self::Made)];
    fn onto(shelf: &mut Shelf) -> &mut Vec<(Self, Self::Made)>;
    fn counted(ran: &mut Ran) -> &mut Counted;
}

macro_rules! key {
    ($key:ty, $made:ty, $column:ident, $counted:ident) => {
        impl Key for $key {
            type Made = $made;
            fn on(shelf: &Shelf) -> &[(Self, Self::Made)] {
                &shelf.$column
            }
            fn onto(shelf: &mut Shelf) -> &mut Vec<(Self, Self::Made)> {
                &mut shelf.$column
            }
            fn counted(ran: &mut Ran) -> &mut Counted {
                &mut ran.$counted
            }
        }
    };
}

key!(RankingKey, Arc<Watched>, rankings, rankings);
key!(SeriesKey, Gridded, series, series);
key!(ForecastKey, Arc<Expectations>, forecasts, forecasts);
key!(RowsKey, Arc<Evaluation>, rows, judgings);
key!(FoldKey, Arc<Fold>, folds, folds);
key!(JoinKey, Arc<Join>, joins, joins);

/// What runs before made.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    places: BTreeMap<Option<Place>, Shelves>,
}

/// What was made of one place: by the last run that went through, by the one before it, and since then
/// by the last that came by and did not go through.
type Shelves = [Shelf; 3];

/// What a run makes.
#[derive(Debug, Default)]
pub(crate) struct Made {
    places: BTreeMap<Option<Place>, Shelf>,
    ran: Ran,
}

impl Made {
    pub(crate) fn ran(&self) -> Ran {
        self.ran
    }
}

impl Kept {
    /// Adds what a run made. One that went through takes the place of the one before the last; one
    /// that did not displaces nothing but another of its kind.
    pub(crate) fn settle(&mut self, made: Made, went_through: bool) {
        let mut made = made.places;
        for (place, shelves) in &mut self.places {
            let new = made.remove(place);
            if went_through {
                let last = std::mem::take(&mut shelves[0]);
                *shelves = [new.unwrap_or_default(), last, Shelf::default()];
            } else if let Some(new) = new {
                shelves[2] = new;
            }
        }
        for (place, new) in made {
            let shelves = self.places.entry(place).or_default();
            shelves[if went_through { 0 } else { 2 }] = new;
        }
        let is_empty = |shelf: &Shelf| {
            // Where there is anything, there is a series or a ranking.
            shelf.series.is_empty() && shelf.rankings.is_empty()
        };
        let is_there = |shelves: &Shelves| !shelves.iter().all(is_empty);
        self.places.retain(|_, shelves| is_there(shelves));
    }
}

/// What a run may take over, and what it leaves.
#[derive(Debug)]
pub(crate) struct Keep<'k> {
    /// `None` for a run that stands alone: nothing is taken over and nothing left.
    kept: Option<&'k Kept>,
    made: Mutex<Made>,
}

impl<'k> Keep<'k> {
    /// For a run that stands alone.
    pub(crate) fn nothing() -> Self {
        let made = Mutex::default();
        Self { kept: None, made }
    }

    /// For a run after those that made `kept`.
    pub(crate) fn after(kept: &'k Kept) -> Self {
        let (kept, made) = (Some(kept), Mutex::default());
        Self { kept, made }
    }

    /// Whether anything is kept.
    pub(crate) fn is_on(&self) -> bool {
        self.kept.is_some()
    }

    /// Runs `work` with what was made of a place before, and keeps what it makes; `None` is the place
    /// of what belongs to no slice. What was made before an error is kept, too.
    pub(crate) fn at<T>(
        &self,
        place: impl FnOnce() -> Option<Place>,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T>,
    ) -> Result<T> {
        let Some(kept) = self.kept else {
            return work(&mut Desk::default());
        };
        let place = place();
        let mut desk = Desk {
            before: kept.places.get(&place).map(Shelves::as_slice),
            made: Some(Shelf::default()),
            ran: Ran::default(),
        };
        let done = work(&mut desk);
        // What another thread was about when it panicked does not matter here.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.ran += desk.ran;
        let shelf = desk.made.unwrap_or_default();
        made.places.entry(place).or_default().append(shelf);
        done
    }

    pub(crate) fn into_made(self) -> Made {
        let made = self.made.into_inner();
        made.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the stages of one place are worked on.
#[derive(Debug, Default)]
pub(crate) struct Desk<'k> {
    before: Option<&'k [Shelf]>,
    /// `None` where nothing is kept.
    made: Option<Shelf>,
    ran: Ran,
}

impl Desk<'_> {
    /// Whether anything is kept.
    pub(crate) fn keeps(&self) -> bool {
        self.made.is_some()
    }

    /// What the forecaster of these settings expected of the place before, with the series.
    pub(crate) fn expected_before(
        &self,
        forecaster: &str,
    ) -> Vec<(Arc<Series>, Arc<Expectations>)> {
        let before = self.before.unwrap_or_default().iter();
        let before = before.flat_map(|shelf| &shelf.forecasts);
        let of_it = before.filter(|(key, _)| key.forecaster == forecaster);
        let found = of_it.map(|(key, found)| (Arc::clone(&key.series.0), Arc::clone(found)));
        found.collect()
    }

    /// What has just been made was all there.
    pub(crate) fn was_kept<K: Key>(&mut self) {
        let counted = K::counted(&mut self.ran);
        counted.ran -= 1;
        counted.kept += 1;
    }

    /// What was made of `key` before, or else what `make` makes.
    pub(crate) fn once<K: Key>(
        &mut self,
        key: impl FnOnce() -> K,
        make: impl FnOnce() -> Result<K::Made>,
    ) -> Result<K::Made> {
        let Some(made) = &self.made else {
            return make();
        };
        let key = key();
        let is_it = |(known, _): &&(K, K::Made)| *known == key;
        if let Some((_, found)) = K::on(made).iter().find(is_it) {
            let found = found.clone();
            K::counted(&mut self.ran).kept += 1;
            return Ok(found);
        }
        let mut before = self.before.unwrap_or_default().iter().flat_map(K::on);
        let found = before.find(is_it).map(|(_, found)| found.clone());
        let counted = K::counted(&mut self.ran);
        let found = match found {
            Some(found) => {
                counted.kept += 1;
                found
            }
            None => {
                counted.ran += 1;
                make()?
            }
        };
        if let Some(made) = &mut self.made {
            K::onto(made).push((key, found.clone()));
        }
        Ok(found)
    }
}
