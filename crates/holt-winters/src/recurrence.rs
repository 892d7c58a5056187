//! The recurrences, each written once, over anything that is a `Scalar`.
//!
//! With `p = l + φ·b`, the two seasons s and S at the positions of the bucket, and e = y − ŷ:
//!
//! ```text
//!               additive season                multiplicative season
//! ŷ  =          p + s + S                      p · s · S
//! l' =          p + α·e                        p + α·e / (s·S)
//! b' =          φ·b + αβ·e                     φ·b + αβ·e / (s·S)
//! s' =          s + γ(1 − α)·e                 s + γ(1 − α)·e / (l'·S)
//! S' =          S + Γ(1 − α)·e                 S + Γ(1 − α)·e / (l'·s)
//! ```
//!
//! These are the smoothing equations of Holt and Winters in error-correction form: the first line
//! of each is `l' = α·(y − s − S) + (1 − α)·p`, and so on. Without a trend b and β are 0; without
//! damping φ is 1. A missing value carries on: `l' = p`, `b' = φ·b`, and no error counts.
//!
//! Where residuals are autocorrelated, d is how far the last value lay from level and season:
//!
//! ```text
//! ŷ = p + s + S + ρ·d        d' = y − (p + s + S)        and e above is d'
//! ```
//!
//! and so with factors. A missing value leaves `d' = ρ·d`. The level then follows what lasts, and ρ
//! what passes.
//!
//! Source: R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder, *Forecasting with Exponential
//! Smoothing* (2008), chapter 2, tables 2.1 and 2.2; of two seasons J. W. Taylor, *Short-term
//! electricity demand forecasting using double seasonal exponential smoothing* (2003), eq. 1-5, and
//! its adjustment for first-order autocorrelation of the error.

use crate::objective::MOST;
use crate::scalar::Scalar;
use crate::{Model, Residuals, Season, Trend, Variant};

/// The weights, and the products of them that the recurrences need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gains<T> {
    alpha: T,
    beta: T,
    gamma: T,
    phi: T,
    rho: T,
    /// αβ
    trend: T,
    /// α + φ·αβ
    ahead: T,
    /// γ(1 − α)
    short: T,
    /// Γ(1 − α)
    long: T,
}

impl<T: Scalar> Gains<T> {
    pub(crate) fn of([alpha, beta, gamma, gamma_long, phi, rho]: [T; MOST]) -> Self {
        let rest = T::of(1.0) - alpha;
        Self {
            alpha,
            beta,
            gamma,
            phi,
            rho,
            trend: alpha * beta,
            ahead: alpha + phi * (alpha * beta),
            short: gamma * rest,
            long: gamma_long * rest,
        }
    }
}

/// Level, trend and seasons after some bucket.
#[derive(Debug, Clone)]
pub(crate) struct State<T> {
    pub(crate) level: T,
    pub(crate) trend: T,
    /// By position; one neutral element where there is no such season.
    pub(crate) seasons: [Vec<T>; 2],
    /// How far the last value lay from level and season.
    pub(crate) deviation: T,
}

impl<T: Scalar> State<T> {
    /// Takes over `start`, without a new allocation where there is room.
    pub(crate) fn reset(&mut self, start: &State<f64>) {
        self.level = T::of(start.level);
        self.trend = T::of(start.trend);
        self.deviation = T::of(start.deviation);
        for (season, start) in self.seasons.iter_mut().zip(&start.seasons) {
            season.clear();
            season.extend(start.iter().map(|&s| T::of(s)));
        }
    }

    pub(crate) fn empty() -> Self {
        Self {
            level: T::of(0.0),
            trend: T::of(0.0),
            seasons: [Vec::new(), Vec::new()],
            deviation: T::of(0.0),
        }
    }
}

/// Where in both seasons a bucket lies.
pub(crate) type Place = [u32; 2];

/// Both seasons at the positions of a bucket.
#[derive(Debug, Clone, Copy)]
struct Pair<T> {
    short: T,
    long: T,
}

/// Level and trend on their way through a pass. It keeps p instead of the level, so that from one p
/// to the next only a subtraction, a product and a sum wait for each other:
///
/// ```text
/// p' = l' + φ·b' = (p + φ·φb) + (α + φ·αβ)·e        b' = φb + αβ·e
/// ```
#[derive(Debug, Clone, Copy)]
struct Line<T> {
    p: T,
    trend: T,
}

impl<T: Scalar> Line<T> {
    #[inline(always)]
    fn from<S: Slope>(gains: &Gains<T>, level: T, trend: T) -> Self {
        let p = level + S::damped(gains, trend);
        Self { p, trend }
    }

    #[inline(always)]
    fn level<S: Slope>(&self, gains: &Gains<T>) -> T {
        self.p - S::damped(gains, self.trend)
    }

    /// Over a bucket without a value.
    #[inline(always)]
    fn carried<S: Slope>(&self, gains: &Gains<T>) -> Self {
        let trend = S::damped(gains, self.trend);
        let p = self.p + S::damped(gains, trend);
        Self { p, trend }
    }

    /// Over one that lies `e` from p.
    #[inline(always)]
    fn moved<S: Slope>(&self, gains: &Gains<T>, e: T) -> Self {
        let damped = S::damped(gains, self.trend);
        Self {
            p: (self.p + S::damped(gains, damped)) + gains.ahead * e,
            trend: damped + gains.trend * e,
        }
    }
}

/// What a trend comes to in a step.
trait Slope {
    /// φ·b
    fn damped<T: Scalar>(gains: &Gains<T>, trend: T) -> T;
}

/// With any φ.
struct Damped;

impl Slope for Damped {
    #[inline(always)]
    fn damped<T: Scalar>(gains: &Gains<T>, trend: T) -> T {
        gains.phi * trend
    }
}

/// Of a φ of 1, or of no trend, so that φ is never looked at: a product less where one step waits for the last.
struct Lasting;

impl Slope for Lasting {
    #[inline(always)]
    fn damped<T: Scalar>(_: &Gains<T>, trend: T) -> T {
        trend
    }
}

/// One of the recurrences.
trait Form {
    /// How many seasons there are.
    const SEASONS: usize;
    /// ŷ of `p` and both seasons.
    fn expected<T: Scalar>(p: T, seasons: &Pair<T>) -> T;
    /// What follows from observing `y`.
    fn moved<S: Slope, T: Scalar>(
        gains: &Gains<T>,
        line: &Line<T>,
        seasons: &Pair<T>,
        y: f64,
    ) -> (Line<T>, Pair<T>);
}

struct Additive<const SEASONS: usize>;

impl<const SEASONS: usize> Form for Additive<SEASONS> {
    const SEASONS: usize = SEASONS;

    #[inline(always)]
    fn expected<T: Scalar>(p: T, seasons: &Pair<T>) -> T {
        match SEASONS {
            0 => p,
            1 => p + seasons.short,
            _ => p + (seasons.short + seasons.long),
        }
    }

    #[inline(always)]
    fn moved<S: Slope, T: Scalar>(
        gains: &Gains<T>,
        line: &Line<T>,
        &Pair { short, long }: &Pair<T>,
        y: f64,
    ) -> (Line<T>, Pair<T>) {
        let y = T::of(y);
        // Seasons are known long before p is.
        let e = match SEASONS {
            0 => y - line.p,
            1 => (y - short) - line.p,
            _ => (y - (short + long)) - line.p,
        };
        let after = Pair {
            short: if SEASONS > 0 {
                short + gains.short * e
            } else {
                short
            },
            long: if SEASONS > 1 {
                long + gains.long * e
            } else {
                long
            },
        };
        (line.moved::<S>(gains, e), after)
    }
}

struct Multiplicative<const SEASONS: usize>;

impl<const SEASONS: usize> Form for Multiplicative<SEASONS> {
    const SEASONS: usize = SEASONS;

    #[inline(always)]
    fn expected<T: Scalar>(p: T, seasons: &Pair<T>) -> T {
        if SEASONS > 1 {
            p * (seasons.short * seasons.long)
        } else {
            p * seasons.short
        }
    }

    #[inline(always)]
    fn moved<S: Slope, T: Scalar>(
        gains: &Gains<T>,
        line: &Line<T>,
        &Pair { short, long }: &Pair<T>,
        y: f64,
    ) -> (Line<T>, Pair<T>) {
        // Factors are known long before p is, so the quotient waits for nothing; that of one, not even for its inverse.
        let e = if SEASONS > 1 {
            T::over(y, (short * long).divisor()) - line.p
        } else {
            T::over(y, short) - line.p
        };
        let of_level = e / (line.p + gains.alpha * e);
        let moved = short + (gains.short * of_level) * short;
        let after = Pair {
            short: if SEASONS > 1 { moved } else { moved.divisor() },
            long: if SEASONS > 1 {
                long + (gains.long * of_level) * long
            } else {
                long
            },
        };
        (line.moved::<S>(gains, e), after)
    }
}

/// See [`Model::third_eye`].
struct ThirdEye;

impl Form for ThirdEye {
    const SEASONS: usize = 1;

    #[inline(always)]
    fn expected<T: Scalar>(p: T, seasons: &Pair<T>) -> T {
        p * seasons.short
    }

    #[inline(always)]
    fn moved<S: Slope, T: Scalar>(
        gains: &Gains<T>,
        line: &Line<T>,
        &Pair { short, long }: &Pair<T>,
        y: f64,
    ) -> (Line<T>, Pair<T>) {
        let y = T::of(y);
        let one = T::of(1.0);
        let level = gains.alpha * y / short + (one - gains.alpha) * line.p;
        let trend = gains.beta * (level - line.level::<S>(gains))
            + (one - gains.beta) * S::damped(gains, line.trend);
        let short = gains.gamma * y / (level * short) + (one - gains.gamma) * short;
        (Line::from::<S>(gains, level, trend), Pair { short, long })
    }
}

/// Goes over `values`, NaN where missing, at `places`, from `state` on. `seen` gets, of each value
/// there is, its index, what was expected, and the value.
#[inline(always)]
fn pass<F: Form, S: Slope, T: Scalar, const LINGERS: bool>(
    gains: &Gains<T>,
    state: &mut State<T>,
    values: &[f64],
    places: &[Place],
    mut seen: impl FnMut(usize, T, f64),
) {
    let [shorts, longs] = &mut state.seasons;
    let none = T::of(0.0);
    let mut line = Line::from::<S>(gains, state.level, state.trend);
    let mut deviation = state.deviation;
    for (i, (&y, &[short, long])) in values.iter().zip(places).enumerate() {
        if y.is_nan() {
            line = line.carried::<S>(gains);
            if LINGERS {
                deviation = gains.rho * deviation;
            }
            continue;
        }
        // The one element of a season that is not there is never asked for.
        let (short, long) = (short as usize, long as usize);
        let seasons = Pair {
            short: if F::SEASONS > 0 { shorts[short] } else { none },
            long: if F::SEASONS > 1 { longs[long] } else { none },
        };
        let expected = F::expected(line.p, &seasons);
        let (moved, after) = F::moved::<S, T>(gains, &line, &seasons, y);
        line = moved;
        if F::SEASONS > 0 {
            shorts[short] = after.short;
        }
        if F::SEASONS > 1 {
            longs[long] = after.long;
        }
        if LINGERS {
            let more = gains.rho * deviation;
            deviation = T::of(y) - expected;
            seen(i, expected + more, y);
        } else {
            seen(i, expected, y);
        }
    }
    (state.level, state.trend) = (line.level::<S>(gains), line.trend);
    state.deviation = deviation;
}

/// [`pass`] of the recurrence of `model`. Inlined, for what [`widest`](crate::wide::widest) runs.
#[inline(always)]
pub(crate) fn run<T: Scalar>(
    model: Model,
    gains: &Gains<T>,
    state: &mut State<T>,
    values: &[f64],
    places: &[Place],
    seen: impl FnMut(usize, T, f64),
) {
    match model.residuals() {
        Residuals::Independent if model.trend() != Trend::Damped => {
            of_form::<Lasting, T, false>(model, gains, state, values, places, seen)
        }
        Residuals::Independent => {
            of_form::<Damped, T, false>(model, gains, state, values, places, seen)
        }
        Residuals::Autocorrelated => {
            of_form::<Damped, T, true>(model, gains, state, values, places, seen)
        }
    }
}

#[inline(always)]
fn of_form<S: Slope, T: Scalar, const LINGERS: bool>(
    model: Model,
    gains: &Gains<T>,
    state: &mut State<T>,
    values: &[f64],
    places: &[Place],
    seen: impl FnMut(usize, T, f64),
) {
    let of_two = model.periods().len() > 1;
    match (model.variant(), model.season()) {
        (Variant::ThirdEye, _) => {
            pass::<ThirdEye, S, T, false>(gains, state, values, places, seen);
        }
        (_, Season::None) => {
            pass::<Additive<0>, S, T, LINGERS>(gains, state, values, places, seen);
        }
        (_, Season::Additive) if of_two => {
            pass::<Additive<2>, S, T, LINGERS>(gains, state, values, places, seen);
        }
        (_, Season::Additive) => {
            pass::<Additive<1>, S, T, LINGERS>(gains, state, values, places, seen);
        }
        (_, Season::Multiplicative) if of_two => {
            pass::<Multiplicative<2>, S, T, LINGERS>(gains, state, values, places, seen);
        }
        (_, Season::Multiplicative) => {
            pass::<Multiplicative<1>, S, T, LINGERS>(gains, state, values, places, seen);
        }
    }
}

/// What `model` with `weights` expects `ahead` buckets after the one that `state` belongs to (1 is
/// the next), at `place`.
pub(crate) fn expected_ahead(
    model: Model,
    weights: &[f64; MOST],
    state: &State<f64>,
    ahead: usize,
    place: Place,
) -> f64 {
    let [.., phi, rho] = *weights;
    // One step after the other, as in a pass over missing values: the same bits.
    let (mut level, mut trend) = (state.level, state.trend);
    for _ in 0..ahead {
        trend *= phi;
        level += trend;
    }
    let short = state.seasons[0][place[0] as usize];
    let long = state.seasons[1][place[1] as usize];
    let expected = combined(model, level, short, long);
    if model.residuals() == Residuals::Independent {
        return expected;
    }
    let mut deviation = state.deviation;
    for _ in 0..ahead {
        deviation *= rho;
    }
    expected + deviation
}

/// ŷ of `p` and both seasons.
#[inline]
pub(crate) fn combined(model: Model, p: f64, short: f64, long: f64) -> f64 {
    let of_two = model.periods().len() > 1;
    let seasons = Pair { short, long };
    match (model.variant(), model.season()) {
        (Variant::ThirdEye, _) => ThirdEye::expected(p, &seasons),
        (_, Season::None) => p,
        (_, Season::Additive) if of_two => Additive::<2>::expected(p, &seasons),
        (_, Season::Additive) => Additive::<1>::expected(p, &seasons),
        (_, Season::Multiplicative) if of_two => Multiplicative::<2>::expected(p, &seasons),
        (_, Season::Multiplicative) => Multiplicative::<1>::expected(p, &seasons),
    }
}
