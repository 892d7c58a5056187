//! From settings to a model on a grid: what is customary where nothing is said.

use tuatara_core::DetectError;
use tuatara_frame::{Duration, Granularity, TimeAxis};

use crate::clock::Refit;
use crate::fit::Kind;
use crate::model::LONGEST_PERIOD;
use crate::smoother::{Smoother, Smoothing};
use crate::{Model, Residuals, Season, Trend};

const DAY: i64 = 86_400_000;

/// How long the seasons are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Periods {
    /// As is customary for the granularity: 7 for days, a day and a week for finer data, 52 for
    /// weeks, 12 for months.
    #[default]
    Customary,
    /// So many steps.
    Steps(Vec<usize>),
    /// So long.
    Lasting(Vec<Duration>),
    /// What the history shows, among what is customary; see [`detect`](crate::detect_period).
    Detected,
}

/// A model on a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) model: Model,
    /// Whether its kind of season was asked for.
    pub(crate) kind: Kind,
    /// Buckets that a fit sees.
    pub(crate) span: usize,
    pub(crate) refit: Refit,
    /// Buckets after which a new level is adopted.
    pub(crate) adopt: usize,
    /// How the history is smoothed before it is learnt from.
    pub(crate) smoother: Option<Smoother>,
    /// The longest period that may be detected, where it is to be.
    pub(crate) detect: Option<usize>,
}

/// The periods that are customary for `granularity`.
pub(crate) fn customary(granularity: Granularity) -> Vec<usize> {
    let step = granularity.nominal().millis().max(1);
    if step < DAY {
        if DAY % step != 0 {
            return Vec::new();
        }
        let day = usize::try_from(DAY / step).unwrap_or(usize::MAX);
        let seasons = [day, day.saturating_mul(7)];
        return seasons
            .into_iter()
            .filter(|&period| period <= LONGEST_PERIOD)
            .collect();
    }
    let period = match step / DAY {
        1 => 7,
        7 => 52,
        30 => 12,
        90 => 4,
        _ => return Vec::new(),
    };
    vec![period]
}

/// How many buckets a fit sees where nothing is said: a year of days, four weeks of finer data, five
/// years of weeks, ten of months; four of the longest season at least.
fn customary_span(granularity: Granularity, longest: usize) -> usize {
    let step = granularity.nominal().millis().max(1);
    let buckets = match step {
        step if step < DAY => usize::try_from(28 * DAY / step).unwrap_or(usize::MAX),
        step if step < 7 * DAY => 365,
        step if step < 28 * DAY => 260,
        _ => 120,
    };
    buckets.max(longest.saturating_mul(4))
}

/// After how many buckets a new level is adopted where nothing is said: seven days of days, one day
/// of finer data, four buckets of coarser.
fn customary_adoption(granularity: Granularity) -> usize {
    let step = granularity.nominal().millis().max(1);
    match step {
        step if step < DAY => usize::try_from(DAY / step).unwrap_or(usize::MAX).max(4),
        DAY => 7,
        _ => 4,
    }
}

/// How many whole buckets fit into `duration`.
fn buckets_within(duration: Duration, granularity: Granularity) -> usize {
    let step = granularity.nominal().millis().max(1);
    usize::try_from(duration.millis() / step).unwrap_or(usize::MAX)
}

fn refused(field: &'static str, value: f64, range: &'static str, fix: &'static str) -> DetectError {
    DetectError::Setting {
        field,
        value,
        range,
        fix,
    }
}

impl Plan {
    pub(crate) fn of(
        axis: &TimeAxis,
        (trend, season, residuals): (Option<Trend>, Option<Season>, Option<Residuals>),
        periods: &Periods,
        lookback: Option<Duration>,
        refit: Option<Refit>,
        adopt_after: Option<Duration>,
    ) -> Result<Self, DetectError> {
        let granularity = axis.granularity();
        let is_fine = granularity.nominal().millis() < DAY;
        let kind = match season {
            None if is_fine => Kind::Better,
            _ => Kind::Asked,
        };
        let season = season.unwrap_or_default();
        let trend = trend.unwrap_or(match is_fine {
            true => Trend::Damped,
            false => Trend::Additive,
        });
        let residuals = residuals.unwrap_or(match is_fine {
            true => Residuals::Autocorrelated,
            false => Residuals::Independent,
        });
        let steps = match periods {
            _ if season == Season::None => Vec::new(),
            Periods::Customary | Periods::Detected => customary(granularity),
            Periods::Steps(steps) => steps.clone(),
            Periods::Lasting(durations) => lasting(durations, granularity)?,
        };
        let season = if steps.is_empty() {
            Season::None
        } else {
            season
        };
        let model = Model::new(trend, season, &steps).map_err(|_| {
            let longest = steps.iter().copied().max().unwrap_or(0);
            refused(
                "season",
                longest as f64,
                "[2, 20000] buckets of the data, two of them in growing order",
                "choose a season for this granularity, or monitor a coarser one",
            )
        })?;
        let model = model.with_residuals(residuals);
        let longest = model.longest_period();
        let span = match lookback {
            None => customary_span(granularity, longest),
            Some(lookback) => buckets_within(lookback, granularity),
        };
        if span < model.shortest_history() {
            return Err(refused(
                "lookback",
                span as f64,
                "two seasons and more, in buckets of the data",
                "lengthen lookback, or shorten the season",
            ));
        }
        Ok(Self {
            model,
            kind,
            span,
            refit: refit.unwrap_or_else(|| Refit::customary(granularity)),
            adopt: match adopt_after {
                Some(duration) => buckets_within(duration, granularity).max(2),
                None => customary_adoption(granularity),
            },
            smoother: None,
            detect: (*periods == Periods::Detected).then_some(longest),
        })
    }

    /// The same with a history that is smoothed.
    pub(crate) fn smoothed(self, smoothing: Smoothing, granularity: Granularity) -> Self {
        let smoother = Smoother::of(smoothing, granularity);
        Self { smoother, ..self }
    }

    /// How many buckets after a bucket what is learnt from it is known.
    pub(crate) fn delay(&self) -> usize {
        self.smoother.map_or(0, Smoother::delay)
    }

    /// How far back a row can look.
    pub(crate) fn reach(&self, granularity: Granularity) -> usize {
        let before = self.smoother.map_or(0, Smoother::before);
        let reach = self.span.saturating_add(self.refit.reach(granularity));
        reach.saturating_add(before)
    }
}

fn lasting(durations: &[Duration], granularity: Granularity) -> Result<Vec<usize>, DetectError> {
    let step = granularity.nominal().millis().max(1);
    let of = |duration: &Duration| {
        if duration.millis() % step == 0 {
            return Ok(usize::try_from(duration.millis() / step).unwrap_or(usize::MAX));
        }
        Err(refused(
            "season",
            duration.millis() as f64 / step as f64,
            "whole numbers of buckets of the data",
            "choose a season that the granularity divides",
        ))
    };
    durations.iter().map(of).collect()
}
