//! What can be wrong with a request for data.

use chrono::{Datelike, NaiveDate};

/// Why no data could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// No generator has this name.
    #[error("no dataset is called `{name}`; there are: {allowed}; choose one of them")]
    UnknownDataset {
        /// The name asked for.
        name: String,
        /// The names there are, separated by commas.
        allowed: String,
    },
    /// A setting lies outside its range.
    #[error("{setting} is {value}, outside {allowed}; {remedy}")]
    OutOfRange {
        /// The setting, as its field is spelled.
        setting: &'static str,
        /// The value it was given.
        value: String,
        /// The values it may have.
        allowed: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The incidents do not fit between warm-up, holidays and each other.
    #[error(
        "{incidents} incidents do not fit into {steps} {unit} with a warm-up of {warm_up} and {gap} \
         between two of them; ask for fewer incidents or for more days"
    )]
    NoRoom {
        /// How many incidents were asked for.
        incidents: usize,
        /// The length of the series, in `unit`.
        steps: usize,
        /// How long no incident may start after the beginning, in `unit`.
        warm_up: usize,
        /// The distance that two incidents keep, in `unit`.
        gap: usize,
        /// What the numbers count: `days`, `hours` or `steps`.
        unit: &'static str,
    },
}

/// A result of this crate.
pub type Result<T, E = SynthError> = std::result::Result<T, E>;

/// Refuses a number outside `[min, max]`; a NaN is outside every range.
pub(crate) fn require(
    setting: &'static str,
    value: f64,
    [min, max]: [f64; 2],
    allowed: &'static str,
    remedy: &'static str,
) -> Result<()> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(SynthError::OutOfRange {
        setting,
        value: value.to_string(),
        allowed,
        remedy,
    })
}

/// Refuses a first day outside the years that every zone's rules are known for.
pub(crate) fn require_start(start: NaiveDate) -> Result<()> {
    require(
        "start",
        f64::from(start.year()),
        [1970.0, 2090.0],
        "the years 1970 to 2090",
        "choose another first day",
    )
}

/// Refuses a deviation of the relative noise outside [0, 1].
pub(crate) fn require_noise(deviation: f64) -> Result<()> {
    require(
        "noise",
        deviation,
        [0.0, 1.0],
        "[0, 1]",
        "0.03 is three per cent",
    )
}
