#![doc = include_str!("../README.md")]
//!
//! # Contents
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
//! | formula of …                                        | stands in                              |
//! |-----------------------------------------------------|----------------------------------------|
//! | one step of level, trend and seasons                | [`recurrence`]                         |
//! | where they start                                    | [`initial`], [`initial::around`]       |
//! | what is held as an outlier, and what is a new level | [`steady`]                             |
//! | what a refit learns, and from which residuals       | [`learned`], [`unseen`]                |
//! | the unit of width, and how it grows                 | [`width`], [`tail`], [`uncertainty`]   |
//! | the expectation of a bucket                         | [`walk`], [`smoother`]                 |
//! | the rule, and that of ThirdEye                      | [`params`], [`point_by_point`]         |
//! | the faster solver                                   | [`gauss_newton`]                       |
//!
//! [`HOLT_WINTERS_RULE`]: HoltWintersParams

mod bobyqa_solver;
mod clock;
mod detect;
mod error;
mod fingerprint;
mod fit;
pub mod gauss_newton;
pub mod initial;
pub mod learned;
mod model;
mod objective;
pub mod params;
mod plan;
pub mod point_by_point;
pub mod recurrence;
mod scalar;
pub mod secant;
pub mod smoother;
pub mod spread;
pub mod steady;
pub mod tail;
mod trace;
pub mod uncertainty;
pub mod unseen;
pub mod walk;
mod wide;
pub mod width;

pub use bobyqa_solver::{BobyqaSolver, FitState};
pub use clock::Refit;
pub use detect::{Evidence, detect_period};
pub use error::{NotMultiplicative, Result, SmoothingError};
pub use fit::{Ahead, Components, Fit, FitSettings, Optimizer};
pub use gauss_newton::{GaussNewtonSolver, Minimum};
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
