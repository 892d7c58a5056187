//! `HOLT_WINTERS_RULE`: a bucket is farther from what smoothing expects than it usually is.
//!
//! ```text
//! anomalous  ⇔  y < ŷ − w where DOWN counts,  or  y > ŷ + w where UP counts
//! w = max(z · width, minAbs, minRel · |ŷ|)          z = 1 + (10 − sensitivity) / 5
//! ```

use serde::{Deserialize, Serialize};
use tuatara_core::{
    Bounds, BuildContext, Detector, Judge, Judged, ParamDoc, ParamError, Params, Pattern, TextForm,
};
use tuatara_frame::{Duration, FrameError};

use crate::model::LONGEST_PERIOD;
use crate::{
    FitSettings, History, HoltWinters, Model, Optimizer, Outliers, Periods, PointByPoint, Refit,
    Residuals, Season, Smoothing, Trend, Variant, WEIGHT_NAMES, Width, deviations_for,
};

/// How a trend is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrendParam {
    /// [`Trend::None`]
    None,
    /// [`Trend::Additive`]
    #[default]
    Additive,
    /// [`Trend::Damped`]
    Damped,
}

/// How a kind of season is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SeasonalityParam {
    /// [`Season::None`]
    None,
    /// [`Season::Additive`]
    Additive,
    /// [`Season::Multiplicative`]
    #[default]
    Multiplicative,
}

/// How a variant is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VariantParam {
    /// The textbook's recurrence, fitted at instants of the calendar.
    #[default]
    Textbook,
    /// ThirdEye's, fitted for every bucket.
    #[serde(rename = "THIRDEYE")]
    ThirdEye,
}

/// How a solver is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OptimizerParam {
    /// [`Optimizer::Bobyqa`]
    Bobyqa,
    /// [`Optimizer::GaussNewton`]
    GaussNewton,
}

/// How an instant of refits is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefitParam {
    /// [`Refit::Bucket`]
    Bucket,
    /// [`Refit::Day`]
    Day,
    /// [`Refit::Week`]
    Week,
}

/// How a history is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HistoryParam {
    /// [`History::SameTime`]
    SameTime,
    /// [`History::Recent`]
    Recent,
}

/// How the treatment of outliers is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OutliersParam {
    /// [`Outliers::LeaveOut`]
    #[default]
    LeaveOut,
    /// [`Outliers::Learn`]
    Learn,
}

/// How a unit of width is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WidthParam {
    /// [`Width::Spread`]
    #[default]
    Spread,
    /// [`Width::Calibrated`]
    Calibrated,
}

/// Parameters of `HOLT_WINTERS_RULE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct HoltWintersParams {
    /// Weight of the level, in [0, 1]; fitted when it is not given, or negative.
    pub alpha: Option<f64>,
    /// Weight of the trend, in [0, 1]; fitted when it is not given, or negative.
    pub beta: Option<f64>,
    /// Weight of the season (the short one of two), in [0, 1]; fitted when it is not given, or
    /// negative.
    pub gamma: Option<f64>,
    /// Weight of the long season of two, in [0, 1]; fitted when it is not given, or negative.
    pub gamma_long: Option<f64>,
    /// What is left of a damped trend after a step, in [0, 1]; fitted when it is not given, or
    /// negative.
    pub phi: Option<f64>,
    /// Steps per season: one number, or two in growing order.
    pub period: Vec<u32>,
    /// The season as a duration (`P7D`), or two, or `DETECT`. By granularity when neither this nor
    /// `period` is given.
    pub season: Vec<String>,
    /// What is left of a deviation one bucket later, in [0, 1]; fitted when it is negative, and on data
    /// finer than a day when it is not given; 0 by default on coarser.
    pub rho: Option<f64>,
    /// How the level moves on. `DAMPED` by default on data finer than a day, `ADDITIVE` on coarser.
    pub trend: Option<TrendParam>,
    /// Whether a season adds or multiplies. By default whichever fits better on data finer than a day,
    /// `MULTIPLICATIVE` on coarser; and additive where factors have no meaning.
    pub seasonality: Option<SeasonalityParam>,
    /// Half-width of the band: 0 is three units of width to a side, 10 is one. 5 by default.
    pub sensitivity: Option<f64>,
    /// The fraction of normal residuals inside the band, in (0, 1), instead of `sensitivity`.
    pub coverage: Option<f64>,
    /// The sides that count. Both by default.
    pub pattern: Pattern,
    /// The deviation that is always normal, in units of the metric. In [0, ∞); 0 by default.
    pub min_abs: f64,
    /// The deviation that is always normal, as a fraction of the expectation. In [0, ∞); 0 by
    /// default.
    pub min_rel: f64,
    /// How much history a fit sees.
    pub lookback: Option<String>,
    /// When the model is fitted anew.
    pub refit: Option<RefitParam>,
    /// What looks for the weights. By default `GAUSS_NEWTON` where no more than alpha, beta and gamma are fitted,
    /// as on days, and `BOBYQA` otherwise.
    pub optimizer: Option<OptimizerParam>,
    /// What becomes of values that stand out. `LEAVE_OUT` by default.
    pub outliers: OutliersParam,
    /// After how long a new level is adopted.
    pub adopt_after: Option<String>,
    /// Whether sub-hourly history is smoothed over an hour. By default where a model is fitted for
    /// each bucket, and not otherwise.
    #[serde(alias = "kernelSmoothing")]
    pub smoothing: Option<bool>,
    /// What a unit of width is. `CALIBRATED` by default with `coverage`, and `SPREAD` otherwise.
    pub width: Option<WidthParam>,
    /// Which earlier values a model is fitted to, one for each bucket.
    pub history: Option<HistoryParam>,
    /// Which recurrence. `TEXTBOOK` by default.
    pub variant: VariantParam,
}

impl Default for HoltWintersParams {
    fn default() -> Self {
        Self {
            alpha: None,
            beta: None,
            gamma: None,
            gamma_long: None,
            phi: None,
            rho: None,
            period: Vec::new(),
            season: Vec::new(),
            trend: None,
            seasonality: None,
            sensitivity: None,
            coverage: None,
            pattern: Pattern::default(),
            min_abs: 0.0,
            min_rel: 0.0,
            lookback: None,
            refit: None,
            optimizer: None,
            outliers: OutliersParam::default(),
            adopt_after: None,
            smoothing: None,
            width: None,
            history: None,
            variant: VariantParam::default(),
        }
    }
}

const SENSITIVITY: f64 = 5.0;

impl HoltWintersParams {
    /// Units of width to a side.
    fn deviations(&self) -> Result<f64, ParamError> {
        const EITHER: &str = "give one of the two";
        if let Some(coverage) = self.coverage {
            if self.sensitivity.is_some() {
                let allowed = "no coverage together with sensitivity";
                return Err(ParamError::new("coverage", coverage, allowed, EITHER));
            }
            if coverage > 0.0 && coverage < 1.0 {
                return Ok(deviations_for(coverage));
            }
            let remedy = "0.99 leaves one normal bucket in a hundred outside";
            return Err(ParamError::new(
                "coverage",
                coverage,
                "a number in (0, 1)",
                remedy,
            ));
        }
        let sensitivity = self.sensitivity.unwrap_or(SENSITIVITY);
        if (0.0..=10.0).contains(&sensitivity) {
            return Ok(1.0 + 0.2 * (10.0 - sensitivity));
        }
        Err(ParamError::new(
            "sensitivity",
            sensitivity,
            "a number in [0, 10]",
            "10 gives the narrowest band, 0 the widest; 5 is customary",
        ))
    }

    fn weights(&self) -> Result<[Option<f64>; 6], ParamError> {
        let given = [
            self.alpha,
            self.beta,
            self.gamma,
            self.gamma_long,
            self.phi,
            self.rho,
        ];
        let mut weights = [None; 6];
        for ((weight, given), key) in weights.iter_mut().zip(given).zip(WEIGHT_NAMES) {
            // Negative numbers are how the original says that a weight is to be fitted.
            *weight = given.filter(|value| *value >= 0.0);
            if let Some(value) = *weight
                && value > 1.0
            {
                let remedy = "leave it out to have it fitted";
                return Err(ParamError::new(key, value, "a number in [0, 1]", remedy));
            }
        }
        Ok(weights)
    }

    fn periods(&self) -> Result<Periods, ParamError> {
        if !self.period.is_empty() && !self.season.is_empty() {
            return Err(ParamError::new(
                "season",
                self.season.join(", "),
                "no season together with period",
                "period counts steps, season is a duration: give one of the two",
            ));
        }
        if !self.period.is_empty() {
            let steps: Vec<usize> = self.period.iter().map(|&p| p as usize).collect();
            let least = match self.variant {
                VariantParam::ThirdEye => 1,
                VariantParam::Textbook => 2,
            };
            let fits = |p: &usize| (least..=LONGEST_PERIOD).contains(p);
            if steps.len() <= 2 && steps.iter().all(fits) && steps.is_sorted_by(|a, b| a < b) {
                return Ok(Periods::Steps(steps));
            }
            let written: Vec<String> = self.period.iter().map(u32::to_string).collect();
            return Err(ParamError::new(
                "period",
                written.join(", "),
                format!("a whole number from {least} to {LONGEST_PERIOD}, or two in growing order"),
                "it counts steps: 7 for daily data, [24, 168] for hourly",
            ));
        }
        match self.season.as_slice() {
            [] => Ok(Periods::Customary),
            [word] if word.eq_ignore_ascii_case("detect") => Ok(Periods::Detected),
            texts if texts.len() <= 2 => {
                let durations: Result<Vec<Duration>, ParamError> =
                    texts.iter().map(|text| duration("season", text)).collect();
                let durations = durations?;
                if durations.is_sorted_by(|a, b| a < b) {
                    return Ok(Periods::Lasting(durations));
                }
                Err(self.seasons_refused())
            }
            _ => Err(self.seasons_refused()),
        }
    }

    fn seasons_refused(&self) -> ParamError {
        ParamError::new(
            "season",
            self.season.join(", "),
            "a duration, two in growing order, or DETECT",
            "P7D for daily data, [P1D, P7D] for hourly",
        )
    }

    /// What would have no effect.
    fn check_effects(&self, weights: &[Option<f64>; 6]) -> Result<(), ParamError> {
        let by_point = self.variant == VariantParam::ThirdEye || self.history.is_some();
        let without = |key, value: &str, remedy| {
            Err(ParamError::new(
                key,
                value,
                "nothing where a model is fitted for each bucket (variant: THIRDEYE, or history)",
                remedy,
            ))
        };
        const LEAVE: &str = "leave it out, or leave variant and history out";
        if self.outliers == OutliersParam::Learn
            && let Some(after) = &self.adopt_after
        {
            return Err(ParamError::new(
                "adoptAfter",
                after,
                "nothing with outliers: LEARN, which adopts at once",
                "leave one of the two out",
            ));
        }
        if by_point {
            if let Some(lookback) = &self.lookback {
                return without("lookback", lookback, "it is 60 values there: leave it out");
            }
            if let Some(after) = &self.adopt_after {
                return without("adoptAfter", after, LEAVE);
            }
            if self.refit.is_some() {
                return without("refit", "set", "it is each bucket there: leave it out");
            }
            if self.width == Some(WidthParam::Calibrated) {
                return without("width", "CALIBRATED", LEAVE);
            }
            if !self.season.is_empty() {
                return without("season", &self.season.join(", "), "give period instead");
            }
            if self.period.len() > 1 {
                return without("period", "two seasons", "give one");
            }
            if let Some(rho) = self.rho {
                return without("rho", &rho.to_string(), LEAVE);
            }
        }
        let damped = self.trend == Some(TrendParam::Damped);
        if let (Some(phi), false) = (weights[4], damped) {
            let remedy = "set trend: DAMPED, or leave it out";
            return Err(ParamError::new(
                "phi",
                phi,
                "nothing without a damped trend",
                remedy,
            ));
        }
        if self.variant == VariantParam::ThirdEye
            && self
                .trend
                .is_some_and(|trend| trend != TrendParam::Additive)
        {
            let remedy = "leave it out, or leave variant out";
            return Err(ParamError::new(
                "trend",
                "set",
                "ADDITIVE with variant: THIRDEYE",
                remedy,
            ));
        }
        if self.variant == VariantParam::ThirdEye
            && self
                .seasonality
                .is_some_and(|kind| kind != SeasonalityParam::Multiplicative)
        {
            let allowed = "MULTIPLICATIVE with variant: THIRDEYE";
            let remedy = "leave it out, or leave variant out";
            return Err(ParamError::new("seasonality", "set", allowed, remedy));
        }
        Ok(())
    }
}

fn smoothing(smooths: bool) -> Smoothing {
    match smooths {
        true => Smoothing::Hour,
        false => Smoothing::Raw,
    }
}

/// Reads a duration.
fn duration(key: &'static str, text: &str) -> Result<Duration, ParamError> {
    text.parse().map_err(|error| {
        let remedy = match error {
            FrameError::DurationText { remedy, .. } => remedy,
            _ => "write a number and its unit",
        };
        let allowed = "a duration in ISO 8601 (PT15M, PT1H, P7D) or short (15m, 1h, 7d)";
        ParamError::new(key, text, allowed, remedy)
    })
}

impl Params for HoltWintersParams {
    const TYPE: &'static str = "HOLT_WINTERS_RULE";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str =
        "a bucket is far from what level, trend and season lead to expect";
    const DOCS: &'static [ParamDoc] = &[
        ParamDoc::new("sensitivity", "half-width of the band: 0 is 3 units of width, 5 is 2, 10 is 1").default("5").within(Bounds::closed(0.0, 10.0)),
        ParamDoc::new("coverage", "instead of `sensitivity`: the fraction of normal residuals inside the band").within(Bounds::open(0.0, 1.0)),
        ParamDoc::new("pattern", "the sides that count").default("`UP_OR_DOWN`"),
        ParamDoc::new("minAbs", "the deviation that is always normal, in units of the metric").default("0").within(Bounds::at_least(0.0)),
        ParamDoc::new("minRel", "the deviation that is always normal, as a fraction of the expectation").default("0").within(Bounds::at_least(0.0)),
        ParamDoc::new("period", "steps per season: `7`, or `[24, 168]` for two").default("by granularity").within(Bounds::closed(2.0, 20_000.0)),
        ParamDoc::new("season", "the same as durations: `P7D`, `[P1D, P7D]`; `DETECT` finds it in the history").default("by granularity").text(TextForm::new("duration, or `DETECT`", "")),
        ParamDoc::new("seasonality", "whether a season multiplies or adds").default("whichever fits better on data finer than a day, `MULTIPLICATIVE` on coarser"),
        ParamDoc::new("trend", "how the level moves on").default("`DAMPED` on data finer than a day, `ADDITIVE` on coarser"),
        ParamDoc::new("alpha", "weight of the level; a negative number means fitted, too").default("fitted").within(Bounds::at_most(1.0)),
        ParamDoc::new("beta", "weight of the trend").default("fitted").within(Bounds::at_most(1.0)),
        ParamDoc::new("gamma", "weight of the season, the short one of two").default("fitted").within(Bounds::at_most(1.0)),
        ParamDoc::new("gammaLong", "weight of the long season of two").default("fitted").within(Bounds::at_most(1.0)),
        ParamDoc::new("phi", "with `trend: DAMPED`, what is left of the trend after a step").default("fitted").within(Bounds::at_most(1.0)),
        ParamDoc::new("rho", "what is left of a deviation one bucket later; a negative number means fitted, too").default("fitted on data finer than a day, 0 on coarser").within(Bounds::at_most(1.0)),
        ParamDoc::new("lookback", "how much history a fit sees; two seasons at least").default("by granularity").text(TextForm::DURATION),
        ParamDoc::new("refit", "when it is fitted anew: each bucket, each local midnight, each local Monday").default("by granularity"),
        ParamDoc::new("optimizer", "what looks for the weights").default("`GAUSS_NEWTON` where no more than alpha, beta and gamma are fitted, else `BOBYQA`"),
        ParamDoc::new("outliers", "what becomes of values that stand out from the history").default("`LEAVE_OUT`"),
        ParamDoc::new("adoptAfter", "after how long of values that all stand out on one side they are a new level").default("by granularity").text(TextForm::DURATION),
        ParamDoc::new("smoothing", "whether history finer than half an hour is smoothed over an hour before it is learnt from").default("with `variant` or `history`"),
        ParamDoc::new("width", "what a unit of width is").default("`CALIBRATED` with `coverage`, else `SPREAD`"),
        ParamDoc::new("variant", "whose recurrence").default("`TEXTBOOK`"),
        ParamDoc::new("history", "one model for each bucket, fitted to 60 earlier values"),
    ];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        let z = self.deviations()?;
        let given = self.weights()?;
        let periods = self.periods()?;
        self.check_effects(&given)?;
        for (key, value) in [("minAbs", self.min_abs), ("minRel", self.min_rel)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(ParamError::new(
                    key,
                    value,
                    "a number in [0, ∞)",
                    "0 means none",
                ));
            }
        }
        let judge = Judge::new(self.pattern)
            .with_factor(z)
            .and_then(|judge| judge.with_min_abs(self.min_abs))
            .and_then(|judge| judge.with_min_rel(self.min_rel))
            .map_err(|error| ParamError::new("sensitivity", z, "[0, 10]", error.to_string()))?;
        let fit = FitSettings {
            given,
            optimizer: self.optimizer.map(|optimizer| match optimizer {
                OptimizerParam::Bobyqa => Optimizer::Bobyqa,
                OptimizerParam::GaussNewton => Optimizer::GaussNewton,
            }),
        };
        let trend = self.trend.map(|trend| match trend {
            TrendParam::None => Trend::None,
            TrendParam::Additive => Trend::Additive,
            TrendParam::Damped => Trend::Damped,
        });
        let season = self.seasonality.map(|kind| match kind {
            SeasonalityParam::None => Season::None,
            SeasonalityParam::Additive => Season::Additive,
            SeasonalityParam::Multiplicative => Season::Multiplicative,
        });
        let variant = match self.variant {
            VariantParam::Textbook => Variant::Textbook,
            VariantParam::ThirdEye => Variant::ThirdEye,
        };
        if variant == Variant::ThirdEye || self.history.is_some() {
            let (trend, season) = (trend.unwrap_or_default(), season.unwrap_or_default());
            let period = match periods {
                Periods::Steps(steps) => steps[0],
                _ => 7,
            };
            let model = match (variant, season) {
                (Variant::ThirdEye, _) => Model::third_eye(period),
                (_, Season::None) => Model::new(trend, season, &[]),
                _ => Model::new(trend, season, &[period]),
            };
            let model = model.map_err(|error| {
                ParamError::new("period", period, "2 to 20000", error.to_string())
            })?;
            let history = self.history.map(|history| match history {
                HistoryParam::SameTime => History::SameTime,
                HistoryParam::Recent => History::Recent,
            });
            let forecaster = PointByPoint {
                model,
                fit,
                history,
                smoothing: smoothing(self.smoothing.unwrap_or(true)),
            };
            return Ok(Box::new(Judged::new(forecaster, judge)));
        }
        let lookback = match &self.lookback {
            Some(text) => Some(duration("lookback", text)?),
            None => None,
        };
        let forecaster = HoltWinters {
            trend,
            season,
            residuals: self.rho.map(|rho| match rho.abs() > 0.0 {
                true => Residuals::Autocorrelated,
                false => Residuals::Independent,
            }),
            periods,
            lookback,
            refit: self.refit.map(|refit| match refit {
                RefitParam::Bucket => Refit::Bucket,
                RefitParam::Day => Refit::Day,
                RefitParam::Week => Refit::Week,
            }),
            fit,
            outliers: match self.outliers {
                OutliersParam::LeaveOut => Outliers::LeaveOut,
                OutliersParam::Learn => Outliers::Learn,
            },
            adopt_after: match &self.adopt_after {
                Some(text) => Some(duration("adoptAfter", text)?),
                None => None,
            },
            smoothing: smoothing(self.smoothing.unwrap_or(false)),
            width: match (self.width, self.coverage) {
                (Some(WidthParam::Calibrated), _) | (None, Some(_)) => Width::Calibrated { z },
                (Some(WidthParam::Spread), _) | (None, None) => Width::Spread,
            },
        };
        Ok(Box::new(Judged::new(forecaster, judge)))
    }
}
