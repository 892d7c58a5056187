//! Holt-Winters smoothing: a level, a trend and seasons that learn from each value, fitted by
//! optimisation, and a forecaster that is fitted anew at instants of the calendar.
//!
//! | to …                                                | see                                    |
//! |-----------------------------------------------------|----------------------------------------|
//! | choose components                                   | [`Model`], [`Trend`], [`Season`]       |
//! | fit them, and look ahead with growing uncertainty   | [`Model::fit`], [`Fit::forecast`]      |
//! | judge the buckets of a series                       | [`HoltWinters`], a forecaster          |
//! | name it in a configuration                          | [`HOLT_WINTERS_RULE`]                  |
//! | do as ThirdEye did                                  | [`Model::third_eye`], [`PointByPoint`] |
//! | find how long the season is                         | [`detect_period`]                      |
//! | minimise with another solver of argmin              | [`Objective`]                          |
//!
//! [`HOLT_WINTERS_RULE`]: HoltWintersParams
//!
//! ```
//! use tuatara_holt_winters::{FitSettings, Model, Season, Trend};
//!
//! // Eight weeks of days: weekends are low, and each week is a little higher.
//! let week = [100.0, 104.0, 98.0, 102.0, 110.0, 50.0, 40.0];
//! let days: Vec<f64> = (0..56).map(|t| week[t % 7] * (1.0 + 0.002 * t as f64)).collect();
//!
//! let model = Model::new(Trend::Additive, Season::Multiplicative, &[7])?;
//! let fit = model.fit(&days, &FitSettings::default())?;
//! let next_week = fit.forecast(7);
//! assert!((next_week[5].expected - 50.0 * (1.0 + 0.002 * 61.0)).abs() < 0.5);
//! assert!(next_week[6].deviation >= next_week[0].deviation); // farther is less certain
//! # Ok::<(), tuatara_holt_winters::SmoothingError>(())
//! ```
//!
//! The recurrences, with `p = l + φ·b` and the two seasons s and S (one is the usual case):
//!
//! ```text
//!               additive season                multiplicative season
//! ŷ  =          p + s + S                      p · s · S
//! l' =          p + α·e                        p + α·e / (s·S)             e = y − ŷ
//! b' =          φ·b + αβ·e                     φ·b + αβ·e / (s·S)
//! s' =          s + γ(1 − α)·e                 s + γ(1 − α)·e / (l'·S)
//! S' =          S + Γ(1 − α)·e                 S + Γ(1 − α)·e / (l'·s)
//! ```
//!
//! and, where residuals are autocorrelated, ρ times the deviation of the last value from level and
//! season is added to ŷ. A missing value carries the state forward and counts nothing. The weights minimise the squared
//! one-step error in a box: α, β, γ and Γ in [0.001, 0.999], φ in [0.8, 0.999].
//!
//! Sources: C. C. Holt (1957); P. R. Winters, *Forecasting sales by exponentially weighted moving
//! averages*, Management Science 6 (1960); R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder,
//! *Forecasting with Exponential Smoothing* (2008), chapters 2 and 6; J. W. Taylor, *Short-term
//! electricity demand forecasting using double seasonal exponential smoothing* (2003).

mod bobyqa_solver;
mod clock;
mod detect;
mod error;
mod fingerprint;
mod fit;
mod gauss_newton;
mod initial;
mod learned;
mod model;
mod objective;
mod params;
mod plan;
mod point_by_point;
mod recurrence;
mod scalar;
mod smoother;
mod steady;
mod trace;
mod uncertainty;
mod unseen;
mod walk;
mod width;

pub use bobyqa_solver::{BobyqaSolver, FitState};
pub use clock::Refit;
pub use detect::{Evidence, detect_period};
pub use error::{NotMultiplicative, Result, SmoothingError};
pub use fit::{Ahead, Components, Fit, FitSettings, Optimizer};
pub use gauss_newton::GaussNewtonSolver;
pub use learned::Outliers;
pub use model::{LONGEST_PERIOD, Model, Residuals, Season, Trend, Variant, WEIGHT_NAMES, Weights};
pub use objective::{LeastSquares, Normal, Objective};
pub use params::{
    HistoryParam, HoltWintersParams, OptimizerParam, OutliersParam, RefitParam, SeasonalityParam,
    TrendParam, VariantParam, WidthParam,
};
pub use plan::Periods;
pub use point_by_point::{History, PointByPoint};
pub use smoother::Smoothing;
pub use uncertainty::Uncertainty;
pub use walk::HoltWinters;
pub use width::{Width, coverage_of, deviations_for};
