//! What can be wrong with a model or with the data for a fit.

use thiserror::Error;

/// Result of this crate.
pub type Result<T, E = SmoothingError> = std::result::Result<T, E>;

/// A model that cannot be, or data that it cannot be fitted to.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SmoothingError {
    /// The seasonal periods of a model cannot be used.
    #[error("the seasonal periods are {periods:?}; allowed: {allowed}; {remedy}")]
    Periods {
        /// Steps per season, as given.
        periods: Vec<usize>,
        /// What is allowed.
        allowed: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A smoothing weight lies outside its range.
    #[error("{weight} is {value}, outside {range}; leave it out to have it fitted")]
    Weight {
        /// The weight: alpha, beta, gamma, gammaLong or phi.
        weight: &'static str,
        /// What it was set to.
        value: f64,
        /// What is allowed, in interval notation.
        range: &'static str,
    },
    /// There are fewer values than two seasons.
    #[error(
        "{have} buckets of history with {found} values; two seasons are {need} buckets, of which \
         every position needs a value; lengthen the history or shorten the season"
    )]
    TooShort {
        /// Buckets from the first value on.
        have: usize,
        /// Values among them.
        found: usize,
        /// Buckets that are needed.
        need: usize,
    },
    /// A multiplicative season cannot be had of these values.
    #[error("no multiplicative season: {reason}; use an additive one")]
    NotMultiplicative {
        /// What is in the way.
        reason: NotMultiplicative,
    },
    /// No weights give finite errors.
    #[error("no weights give finite errors: {what}; are the values of one size?")]
    NotFinite {
        /// What became too large for a number.
        what: &'static str,
    },
}

/// What is in the way of a multiplicative season.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum NotMultiplicative {
    /// Some values are zero.
    Zeros,
    /// Some values are negative and some positive.
    Signs,
    /// A position of the season is nearly zero, as a fraction of the level.
    NearZero {
        /// The smallest seasonal factor.
        factor: f64,
    },
    /// The level of the first seasons passes zero.
    Level,
    /// Its errors are not finite.
    Diverged,
}

impl std::fmt::Display for NotMultiplicative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Zeros => f.write_str("there are zeros in the history"),
            Self::Signs => f.write_str("the history has values of both signs"),
            Self::NearZero { factor } => write!(
                f,
                "one position of the season is {} of the level, nearly zero",
                tuatara_core::Short(*factor)
            ),
            Self::Level => f.write_str("the level of the first seasons passes zero"),
            Self::Diverged => f.write_str("its errors are not finite"),
        }
    }
}
