//! Which components a model has, and its weights.

use crate::{Result, SmoothingError};

/// How the level moves on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Trend {
    /// It stays: `l`.
    None,
    /// It goes on as before: `l + b`.
    #[default]
    Additive,
    /// It goes on ever less: `l + φ·b`.
    Damped,
}

/// What repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Season {
    /// Nothing.
    None,
    /// So much more or less at each position: `l + s`.
    Additive,
    /// So many times as much at each position: `l · s`.
    #[default]
    Multiplicative,
}

/// What is left of a deviation one bucket later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Residuals {
    /// Nothing but what level, trend and season have learnt from it.
    #[default]
    Independent,
    /// The part ρ of how far the value lay from level and season, ρ² after two: a warm hour is
    /// followed by a warm one, and the day after is like any other.
    Autocorrelated,
}

/// Which recurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Variant {
    /// The textbook's: see [`crate`].
    #[default]
    Textbook,
    /// That of ThirdEye, which starts at the first value as it is and divides the season by level
    /// and season; see [`Model::third_eye`].
    ThirdEye,
}

/// The components of a model. What exists can be fitted.
///
/// ```
/// use tuatara_holt_winters::{Model, Season, Trend};
///
/// let weekly = Model::new(Trend::Additive, Season::Multiplicative, &[7])?;
/// assert_eq!(weekly.to_string(), "additive trend, multiplicative season of 7");
/// let error = Model::new(Trend::None, Season::Additive, &[1]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the seasonal periods are [1]; allowed: one or two, each of 2 steps and more, the second a \
///      longer one; 7 for daily data, 24 and 168 for hourly"
/// );
/// # Ok::<(), tuatara_holt_winters::SmoothingError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Model {
    trend: Trend,
    season: Season,
    residuals: Residuals,
    variant: Variant,
    /// Steps of the short and of the long season; 1 where there is none.
    periods: [usize; 2],
}

/// The longest season, in steps: a year of hours, and more than a week of minutes.
pub const LONGEST_PERIOD: usize = 20_000;

impl Model {
    /// A model with `season` over `periods` steps: none for [`Season::None`], else one, or two of
    /// which the second is longer.
    ///
    /// # Errors
    /// [`SmoothingError::Periods`] for periods that cannot be.
    pub fn new(trend: Trend, season: Season, periods: &[usize]) -> Result<Self> {
        let refused = |allowed, remedy| SmoothingError::Periods {
            periods: periods.to_vec(),
            allowed,
            remedy,
        };
        let periods = match (season, periods) {
            (Season::None, []) => [1, 1],
            (Season::None, _) => {
                return Err(refused("none without a season", "choose a season"));
            }
            (_, &[one]) if (2..=LONGEST_PERIOD).contains(&one) => [one, 1],
            (_, &[one, two]) if 2 <= one && one < two && two <= LONGEST_PERIOD => [one, two],
            _ => {
                return Err(refused(
                    "one or two, each of 2 steps and more, the second a longer one",
                    "7 for daily data, 24 and 168 for hourly",
                ));
            }
        };
        Ok(Self {
            trend,
            season,
            residuals: Residuals::Independent,
            variant: Variant::Textbook,
            periods,
        })
    }

    /// The model of ThirdEye, with p steps per season:
    ///
    /// ```text
    /// s₀ = y₀     b₀ = Σ_{i<p} (y_{p+i} − y_i) / p²     S_i = mean of y_{jp+i} / mean of season j
    /// F_i  = (s + b)·S_i
    /// s'   = α·y_i/S_i + (1 − α)·(s + b)
    /// b'   = β·(s' − s) + (1 − β)·b
    /// S_i' = γ·y_i/(s'·S_i) + (1 − γ)·S_i
    /// ```
    ///
    /// # Errors
    /// [`SmoothingError::Periods`] for a period of 0 or above [`LONGEST_PERIOD`].
    pub fn third_eye(period: usize) -> Result<Self> {
        if (1..=LONGEST_PERIOD).contains(&period) {
            return Ok(Self {
                trend: Trend::Additive,
                season: Season::Multiplicative,
                residuals: Residuals::Independent,
                variant: Variant::ThirdEye,
                periods: [period, 1],
            });
        }
        Err(SmoothingError::Periods {
            periods: vec![period],
            allowed: "1 to 20000 steps",
            remedy: "7 is customary",
        })
    }

    /// How the level moves on.
    pub fn trend(self) -> Trend {
        self.trend
    }

    /// What repeats.
    pub fn season(self) -> Season {
        self.season
    }

    /// What is left of a deviation one bucket later.
    pub fn residuals(self) -> Residuals {
        self.residuals
    }

    /// The same with `residuals`; ThirdEye's recurrence stays as it is.
    #[must_use]
    pub fn with_residuals(self, residuals: Residuals) -> Self {
        match self.variant {
            Variant::Textbook => Self { residuals, ..self },
            Variant::ThirdEye => self,
        }
    }

    /// Which recurrence.
    pub fn variant(self) -> Variant {
        self.variant
    }

    /// Steps per season: none, one, or two in growing order.
    pub fn periods(&self) -> &[usize] {
        match (self.season, self.periods) {
            (Season::None, _) => &[],
            (_, [_, 1]) => &self.periods[..1],
            _ => &self.periods,
        }
    }

    /// Steps of the short and of the long season, 1 where there is none.
    pub(crate) fn both_periods(self) -> [usize; 2] {
        self.periods
    }

    /// Steps of the longest season; 1 without one.
    pub fn longest_period(self) -> usize {
        self.periods[0].max(self.periods[1])
    }

    /// The fewest buckets that it can be fitted to: two seasons, and three values.
    pub fn shortest_history(self) -> usize {
        match self.variant {
            Variant::ThirdEye => 2 * self.periods[0],
            Variant::Textbook => (2 * self.longest_period()).max(3),
        }
    }

    /// The same with an additive season.
    #[must_use]
    pub fn with_additive_season(self) -> Self {
        let season = match self.season {
            Season::None => Season::None,
            _ => Season::Additive,
        };
        Self { season, ..self }
    }

    /// The weights it has, in the order of [`Weights::to_array`].
    pub fn has(self) -> [bool; 6] {
        let trend = self.trend != Trend::None;
        let seasons = self.periods().len();
        [
            true,
            trend,
            seasons > 0,
            seasons > 1,
            self.trend == Trend::Damped,
            self.residuals == Residuals::Autocorrelated,
        ]
    }

    /// Weights with which nothing is learnt and nothing fades: those of what it does not have.
    pub(crate) fn neutral(self) -> [f64; 6] {
        // Without a trend there is nothing to damp.
        let phi = if self.trend == Trend::None { 0.0 } else { 1.0 };
        [0.0, 0.0, 0.0, 0.0, phi, 0.0]
    }

    /// `weights` as far as it has them, and neutral ones.
    pub(crate) fn own(self, weights: Weights) -> [f64; 6] {
        let (weights, has) = (weights.to_array(), self.has());
        let mut own = self.neutral();
        for (own, (weight, has)) in own.iter_mut().zip(weights.into_iter().zip(has)) {
            if has {
                *own = weight;
            }
        }
        own
    }
}

impl Model {
    fn write_residuals(self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.residuals {
            Residuals::Independent => Ok(()),
            Residuals::Autocorrelated => f.write_str(", autocorrelated residuals"),
        }
    }
}

impl std::fmt::Display for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.variant == Variant::ThirdEye {
            return write!(f, "ThirdEye's recurrence, season of {}", self.periods[0]);
        }
        f.write_str(match self.trend {
            Trend::None => "no trend",
            Trend::Additive => "additive trend",
            Trend::Damped => "damped trend",
        })?;
        f.write_str(match self.season {
            Season::None => {
                f.write_str(", no season")?;
                return self.write_residuals(f);
            }
            Season::Additive => ", additive season of ",
            Season::Multiplicative => ", multiplicative season of ",
        })?;
        match self.periods() {
            [one, two] => write!(f, "{one} and {two}")?,
            periods => write!(f, "{}", periods.first().unwrap_or(&1))?,
        }
        self.write_residuals(f)
    }
}

/// How much of an error goes into each component. Of what a model does not have it is 0, and φ of a trend that is
/// not damped 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Weights {
    /// Of the level, in [0, 1]: 0 never learns, 1 knows the last value alone.
    pub alpha: f64,
    /// Of the trend, as a fraction of what the level learns, in [0, 1].
    pub beta: f64,
    /// Of the season (the short one of two), as a fraction of what the level leaves, in [0, 1].
    pub gamma: f64,
    /// The same of the long season.
    pub gamma_long: f64,
    /// What is left of the trend after one step, in [0, 1]; 1 where it is not damped.
    pub phi: f64,
    /// What is left of a deviation after one step, in [0, 1]; 0 where residuals are independent.
    pub rho: f64,
}

/// The weights as configurations call them, in the order of [`Weights::to_array`].
pub const WEIGHT_NAMES: [&str; 6] = ["alpha", "beta", "gamma", "gammaLong", "phi", "rho"];

impl Weights {
    /// `[alpha, beta, gamma, gamma_long, phi, rho]`.
    pub fn to_array(self) -> [f64; 6] {
        let Self {
            alpha,
            beta,
            gamma,
            gamma_long,
            phi,
            rho,
        } = self;
        [alpha, beta, gamma, gamma_long, phi, rho]
    }

    /// From `[alpha, beta, gamma, gamma_long, phi, rho]`.
    pub fn from_array([alpha, beta, gamma, gamma_long, phi, rho]: [f64; 6]) -> Self {
        Self {
            alpha,
            beta,
            gamma,
            gamma_long,
            phi,
            rho,
        }
    }
}
