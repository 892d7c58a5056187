//! Trials, and what they come to.

use rayon::prelude::*;
use tuatara::Detection;
use tuatara::frame::{
    Aggregation, Duration, Exploration, Fetched, Frame, FrameError, Instant, Interval, Profile,
    SliceKey, SliceRequest, Source,
};

use crate::chance::wilson;
use crate::{BacktestError, Known, Ran, Result};

use super::kind::{Injected, Shape};
use super::place::{Place, Room, drawn, places};
use super::rows::SliceRows;

/// How incidents are tried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InjectionParams {
    /// How long an incident lasts that does not stay.
    pub lasting: Duration,
    /// How long after its start somebody must be told.
    pub within: Duration,
    /// How many places are drawn.
    pub trials: usize,
    /// What places are drawn from.
    pub seed: u64,
    /// How long after the end of their bucket data arrive.
    pub arrival: Duration,
}

/// A detection with the history into which incidents are put.
#[derive(Debug)]
pub struct Injection<'a> {
    detection: &'a Detection,
    frame: &'a Frame,
    base: &'a dyn Source,
    metric: usize,
    params: InjectionParams,
    rows: SliceRows,
    usual: Ran,
    places: Vec<Place>,
}

/// What became of one incident in all its trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// What was put in.
    pub incident: Injected,
    /// Each trial, as it was drawn.
    pub trials: Vec<Trial>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Where.
    pub slice: SliceKey,
    /// When the incident began.
    pub start: Instant,
    /// How long after that somebody was told of it; none if nobody was, in time.
    pub told_after: Option<Duration>,
}

impl<'a> Injection<'a> {
    /// Runs the detection over `history` as it is, and finds the places: buckets that it judges, at
    /// least `maxGap` from what it finds, from what its filters removed and from known incidents.
    /// `frame` is the dataset of its first part, whose slices are tried, and `base` answers for every
    /// other.
    ///
    /// # Errors
    /// [`BacktestError::NoPlace`] when there is none; [`BacktestError::NoTime`] for incidents without
    /// length, or to be told before the end of a bucket and its delay; those of the labels and of the
    /// engine.
    pub fn new(
        detection: &'a Detection,
        frame: &'a Frame,
        base: &'a dyn Source,
        history: Interval,
        known: &Known,
        params: InjectionParams,
    ) -> Result<Self> {
        let part = &detection.parts()[0];
        in_time(detection, frame, params)?;
        let usual = Ran::over(detection, base, history, params.arrival, None)?;
        let gap = part.merge_policy().max_gap();
        let room = Room {
            trial: params.lasting.max(params.within),
            apart: gap,
        };
        let places = places(&usual, base, known, room)?;
        if places.is_empty() {
            return Err(BacktestError::NoPlace {
                detection: detection.name().to_owned(),
                trial: room.trial,
                apart: room.apart,
            });
        }
        let metric = part.metric();
        let metric = frame
            .metrics()
            .iter()
            .position(|known| known.name() == metric);
        Ok(Self {
            detection,
            frame,
            base,
            metric: metric.unwrap_or_default(),
            params,
            rows: SliceRows::of(frame, part.exploration())?,
            usual,
            places,
        })
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.places.len()
    }

    /// Tries `incident`, number `number` of those that are tried: each draws places of its own.
    ///
    /// # Errors
    /// [`BacktestError::CountsRows`] for a change of values in a metric that counts rows; those of the
    /// engine.
    pub fn run(&self, number: u64, incident: Injected) -> Result<Reported> {
        let metric = &self.frame.metrics()[self.metric];
        if metric.aggregation() == Aggregation::Count && incident.shape() != Shape::Gap {
            return Err(BacktestError::CountsRows {
                incident: incident.to_string(),
                metric: metric.name().to_owned(),
            });
        }
        let InjectionParams { trials, seed, .. } = self.params;
        let places = drawn(self.places.clone(), trials, seed, number);
        let trials = places
            .into_par_iter()
            .map(|place| self.trial(incident, place));
        Ok(Reported {
            incident,
            trials: trials.collect::<Result<_>>()?,
        })
    }

    fn trial(&self, incident: Injected, place: Place) -> Result<Trial> {
        let InjectionParams {
            lasting,
            within,
            arrival,
            ..
        } = self.params;
        let Place { slice, start } = place;
        let after = |time: Duration| start.checked_add(time).unwrap_or(Instant::MAX);
        let until = match incident.shape().stays() {
            true => after(lasting.max(within)),
            false => after(lasting),
        };
        let span = Interval::new(start, until)?;
        let values = self
            .rows
            .with(self.frame, self.metric, &slice, incident, span);
        let changed = Changed {
            frame: self.frame.with_values(self.metric, values),
            base: self.base,
            name: self.detection.dataset().map(str::to_owned),
            // A ranking looks at every slice.
            only: (self.detection.ranking().is_none() && self.detection.parts().len() == 1)
                .then(|| slice.clone()),
        };
        let ran = Ran::over(
            self.detection,
            &changed,
            Interval::new(start, after(within))?,
            arrival,
            None,
        )?;
        let usual = self.usual.told();
        let told = ran.told().into_iter().filter(|told| {
            told.slice == slice
                && told.alert.interval.overlaps(span)
                && told.alert.reportable_at <= after(within)
                && !usual.contains(told)
        });
        let first = told.map(|told| told.alert.reportable_at).min();
        let told_after = match first {
            Some(at) => Some(Interval::new(start, at.max(start))?.duration()),
            None => None,
        };
        Ok(Trial {
            slice,
            start,
            told_after,
        })
    }
}

/// Refuses trials in which nothing could be told.
fn in_time(detection: &Detection, frame: &Frame, params: InjectionParams) -> Result<()> {
    let profile = frame.profile(detection.parts()[0].metric())?;
    let bucket = profile.granularity.nominal();
    let waits = profile.completeness_delay.max(params.arrival);
    let least = Duration::from_millis(bucket.millis().saturating_add(waits.millis()))?;
    if params.lasting > Duration::ZERO && params.within >= least {
        return Ok(());
    }
    Err(BacktestError::NoTime {
        detection: detection.name().to_owned(),
        lasting: params.lasting,
        within: params.within,
        bucket,
        waits,
        least,
    })
}

impl Reported {
    /// Trials in which somebody was told in time.
    pub fn told(&self) -> usize {
        self.trials
            .iter()
            .filter(|trial| trial.told_after.is_some())
            .count()
    }

    /// The share of such trials; `None` without a trial.
    pub fn share(&self) -> Option<f64> {
        let count = self.trials.len();
        (count > 0).then(|| self.told() as f64 / count as f64)
    }

    /// The 95 % interval of the share, see [`wilson`].
    pub fn share_range(&self) -> [f64; 2] {
        wilson(self.told(), self.trials.len())
    }

    /// The time within which somebody is told in the share `level` of all trials, in (0, 1]: trials
    /// in which nobody was told count as longest. `None` where it is told in fewer.
    pub fn within(&self, level: f64) -> Option<Duration> {
        let mut delays: Vec<Duration> = self
            .trials
            .iter()
            .filter_map(|trial| trial.told_after)
            .collect();
        delays.sort_unstable();
        // The least time that so many trials do not exceed.
        let needed = libm::ceil(level * self.trials.len() as f64) as usize;
        delays.get(needed.checked_sub(1)?).copied()
    }

    /// The longest time it took where somebody was told.
    pub fn longest(&self) -> Option<Duration> {
        self.trials
            .iter()
            .filter_map(|trial| trial.told_after)
            .max()
    }
}

/// Data in which the main dataset is another.
#[derive(Debug)]
struct Changed<'a> {
    frame: Frame,
    base: &'a dyn Source,
    /// What the detection calls the main dataset.
    name: Option<String>,
    /// The one slice that is looked at.
    only: Option<SliceKey>,
}

impl Source for Changed<'_> {
    fn profile(&self, metric: &str) -> Result<Profile, FrameError> {
        self.frame.profile(metric)
    }

    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError> {
        self.frame.series(request)
    }

    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError> {
        match &self.only {
            Some(only) => Ok(vec![only.clone()]),
            None => self.frame.explore(exploration),
        }
    }

    fn aggregate(&self, slice: &SliceKey, interval: Interval) -> Result<f64, FrameError> {
        self.frame.aggregate(slice, interval)
    }

    fn dataset(&self, name: &str) -> Option<&dyn Source> {
        match self.name.as_deref() == Some(name) {
            true => Some(&self.frame),
            false => self.base.dataset(name),
        }
    }
}
