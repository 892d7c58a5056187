//! Several detections over the same history, scored by the same truth.

use std::collections::{BTreeMap, BTreeSet};

use tuatara::frame::{Interval, SliceKey, Source, TimeAxis};
use tuatara_metrics::RandomDetector;
use tuatara_metrics::operator::OperatorTally;

use crate::known::Gridded;
use crate::paired::{Comparison, compare};
use crate::ran::dataset;
use crate::{BacktestError, Figures, Known, Outcome, Ran, Result, ScoredSeries, Told};

/// The share of rows that the random contestant flags.
const BY_CHANCE: f64 = 0.01;

/// The name of the contestant that flags rows by chance.
pub const RANDOM: &str = "random";

/// The name of the contestant that flags every row.
pub const EVERYTHING: &str = "flag everything";

/// Detections over the same history, scored by the same truth: what an operator would have counted,
/// and the measures of the field, beside a contestant that flags one row in a hundred by chance and
/// one that flags all.
///
/// The time that counts of a series begins where every detection that looks at it has judged a
/// bucket, so that none is called silent while it was still learning; of a labelled file it begins
/// behind the training part. What is looked at for the quality of the data is no series where another
/// part of the detection looks at a metric. Truth is never shown to the engine.
#[derive(Debug, Default)]
pub struct Backtest {
    names: Vec<String>,
    labelled: bool,
    elsewhere: usize,
    series: Vec<ScoredSeries>,
    /// Per series, what each contestant made of it; none where it does not look at it.
    outcomes: Vec<Vec<Option<Outcome>>>,
}

/// One contestant with what was counted and measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Contestant {
    /// Its name.
    pub name: String,
    /// Over all series that it looks at.
    pub total: Figures,
    /// Per series; none where it does not look at it.
    pub series: Vec<Option<Figures>>,
}

impl Backtest {
    /// A backtest of detections that are called `names`.
    pub fn new<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            names: names.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Adds history: a run of each detection with the source that it ran over, in the order of the
    /// names, and what is known of the time. `case` stands before the slices where there are several
    /// sets of data.
    ///
    /// # Errors
    /// [`BacktestError::RowsOfSeveral`] for labels by row and several slices,
    /// [`BacktestError::RowsElsewhere`], [`BacktestError::NoDimension`],
    /// [`BacktestError::NoClock`], [`BacktestError::BadLabel`], and those of the source and the
    /// measures.
    ///
    /// # Panics
    /// Unless there is a run for each name.
    pub fn add(
        &mut self,
        case: Option<&str>,
        runs: &[(&Ran, &dyn Source)],
        known: &Known,
    ) -> Result<()> {
        assert_eq!(runs.len(), self.names.len(), "a run for each detection");
        self.labelled |= known.is_labelled();
        let told: Vec<BTreeMap<SliceKey, Vec<Told>>> = runs.iter().map(|r| by_slice(r.0)).collect();
        let taken_back: Vec<_> = runs.iter().map(|(ran, _)| ran.taken_back()).collect();
        let mut seen: BTreeSet<&SliceKey> = BTreeSet::new();
        let mut keys = Vec::new();
        for slice in runs.iter().flat_map(|(ran, _)| ran.series()) {
            if seen.insert(slice) {
                keys.push(slice);
            }
        }
        known.check_slices(case.unwrap_or("the data"), keys.len())?;
        known.check_dimensions(&keys)?;
        let alone = runs.iter().all(|(ran, _)| ran.series().len() == 1);
        let mut spans: Vec<(&SliceKey, Interval)> = Vec::new();
        for slice in keys {
            let looks = |(ran, _): &&(&Ran, &dyn Source)| ran.part_at(slice).is_some();
            let judged = runs.iter().filter(looks);
            let judged_from = judged.filter_map(|(ran, _)| ran.judged_from(slice)).max();
            let (ran, source) = runs.iter().find(looks).expect("a run has the slice");
            let part = ran.part_at(slice).expect("this one has it");
            let part = &ran.report().detection().parts()[part];
            let source = dataset(*source, part);
            let profile = source.profile(slice.metric())?;
            spans.push((slice, ran.history()));
            let name = match (case, alone) {
                (Some(case), true) => case.to_owned(),
                (Some(case), false) => format!("{case} {slice}"),
                (None, _) => slice.to_string(),
            };
            let series = known.scored(Gridded {
                name,
                slice,
                source,
                axis: TimeAxis::covering(profile.granularity, profile.zone, ran.history())?,
                judged_from,
            })?;
            let outcomes = runs.iter().enumerate().map(|(at, (ran, _))| {
                if ran.part_at(slice).is_none() {
                    return Ok(None);
                }
                let told = told[at].get(slice).map_or(&[][..], Vec::as_slice);
                let back = taken_back[at].get(slice).copied().unwrap_or_default();
                Outcome::of(ran, told, slice, back, &series).map(Some)
            });
            let outcomes = outcomes.collect::<Result<Vec<_>>>()?;
            self.outcomes.push(outcomes);
            self.series.push(series);
        }
        self.elsewhere += known.elsewhere(&spans);
        Ok(())
    }

    /// The series, in the order in which they came.
    pub fn series(&self) -> &[ScoredSeries] {
        &self.series
    }

    /// How many incidents of lists concern none of the series, or lie outside of their history.
    pub fn elsewhere(&self) -> usize {
        self.elsewhere
    }

    /// Whether anything is known of incidents.
    pub fn is_labelled(&self) -> bool {
        self.labelled
    }

    /// Every detection, and where incidents are known [`RANDOM`], drawn from `seed`, and
    /// [`EVERYTHING`].
    ///
    /// # Errors
    /// [`BacktestError::Nothing`] without a series; those of the measures.
    pub fn contestants(&self, seed: u64) -> Result<Vec<Contestant>> {
        if self.series.is_empty() {
            return Err(BacktestError::Nothing);
        }
        let detections = self.names.iter().enumerate().map(|(at, name)| {
            let outcomes: Vec<Option<&Outcome>> =
                self.outcomes.iter().map(|all| all[at].as_ref()).collect();
            self.contestant(name, &outcomes)
        });
        let mut all = detections.collect::<Result<Vec<_>>>()?;
        if self.labelled {
            let random = RandomDetector::new(seed, BY_CHANCE)?;
            let by_chance = (0..).zip(&self.series);
            let by_chance: Vec<Outcome> = by_chance
                .map(|(i, s)| Outcome::by_chance(random, i, s))
                .collect();
            let everything: Vec<Outcome> = self.series.iter().map(Outcome::of_everything).collect();
            for (name, outcomes) in [(RANDOM, by_chance), (EVERYTHING, everything)] {
                let outcomes: Vec<_> = outcomes.iter().map(Some).collect();
                all.push(self.contestant(name, &outcomes)?);
            }
        }
        Ok(all)
    }

    /// What an operator counts of each detection over all series that it looks at: the first part of what
    /// [`contestants`](Self::contestants) says, in a fraction of its time.
    ///
    /// # Errors
    /// Those of the measures.
    pub fn operators(&self) -> Result<Vec<OperatorTally>> {
        let total = |at: usize| {
            let mut total = OperatorTally::default();
            for (series, outcomes) in self.series.iter().zip(&self.outcomes) {
                if let Some(outcome) = &outcomes[at] {
                    total.add(&outcome.tally(series)?);
                }
            }
            Ok(total)
        };
        (0..self.names.len()).map(total).collect()
    }

    fn contestant(&self, name: &str, outcomes: &[Option<&Outcome>]) -> Result<Contestant> {
        let pairs = || self.series.iter().zip(outcomes);
        let there: Vec<(&ScoredSeries, &Outcome)> =
            pairs().filter_map(|(s, o)| o.map(|o| (s, o))).collect();
        let one = |(series, outcome): (&ScoredSeries, &Option<&Outcome>)| match outcome {
            Some(outcome) => Figures::of(name, &[(series, outcome)], self.labelled).map(Some),
            None => Ok(None),
        };
        Ok(Contestant {
            name: name.to_owned(),
            total: Figures::of(name, &there, self.labelled)?,
            series: pairs().map(one).collect::<Result<_>>()?,
        })
    }

    /// The first detection beside each other one, series by series: see [`Comparison`].
    pub fn comparisons(&self, contestants: &[Contestant], seed: u64) -> Vec<Comparison> {
        let detections = contestants.iter().take(self.names.len());
        let mut detections = detections.collect::<Vec<_>>().into_iter();
        let Some(first) = detections.next() else {
            return Vec::new();
        };
        detections
            .map(|other| compare(first, other, seed))
            .collect()
    }
}

fn by_slice(ran: &Ran) -> BTreeMap<SliceKey, Vec<Told>> {
    let mut all: BTreeMap<SliceKey, Vec<Told>> = BTreeMap::new();
    for told in ran.told() {
        all.entry(told.slice.clone()).or_default().push(told);
    }
    all
}
