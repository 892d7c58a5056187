//! Holt-Winters smoothing.
mod bobyqa_solver;
mod error;
mod fit;
mod gauss_newton;
mod initial;
mod model;
mod objective;
mod recurrence;
mod scalar;
mod uncertainty;

pub use bobyqa_solver::{BobyqaSolver, FitState};
pub use error::{NotMultiplicative, Result, SmoothingError};
pub use fit::{Ahead, Components, Fit, FitSettings, Optimizer};
pub use gauss_newton::GaussNewtonSolver;
pub use model::{LONGEST_PERIOD, Model, Season, Trend, Variant, WEIGHT_NAMES, Weights};
pub use objective::{LeastSquares, Normal, Objective};
pub use uncertainty::Uncertainty;
