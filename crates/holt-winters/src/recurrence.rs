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
use crate::{Model, Residuals, Season, Variant};

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

/// What moves with one bucket.
#[derive(Debug, Clone, Copy)]
struct Moving<T> {
    level: T,
    trend: T,
    short: T,
    long: T,
}

/// One of the recurrences.
trait Form {
    /// ŷ of `p` and both seasons.
    fn expected<T: Scalar>(p: T, short: T, long: T) -> T;
    /// What follows from observing `y` where `expected` was expected; `p` as in the module
    /// documentation, `damped` is φ·b, `before` what there was.
    fn moved<T: Scalar>(
        gains: &Gains<T>,
        before: &Moving<T>,
        p: T,
        damped: T,
        y: T,
        expected: T,
    ) -> Moving<T>;
}

struct Additive<const SEASONS: usize>;

impl<const SEASONS: usize> Form for Additive<SEASONS> {
    #[inline(always)]
    fn expected<T: Scalar>(p: T, short: T, long: T) -> T {
        match SEASONS {
            0 => p,
            1 => p + short,
            _ => p + short + long,
        }
    }

    #[inline(always)]
    fn moved<T: Scalar>(
        gains: &Gains<T>,
        before: &Moving<T>,
        p: T,
        damped: T,
        y: T,
        expected: T,
    ) -> Moving<T> {
        let e = y - expected;
        let mut after = Moving {
            level: p + gains.alpha * e,
            trend: damped + gains.trend * e,
            ..*before
        };
        if SEASONS > 0 {
            after.short = before.short + gains.short * e;
        }
        if SEASONS > 1 {
            after.long = before.long + gains.long * e;
        }
        after
    }
}

struct Multiplicative<const SEASONS: usize>;

impl<const SEASONS: usize> Form for Multiplicative<SEASONS> {
    #[inline(always)]
    fn expected<T: Scalar>(p: T, short: T, long: T) -> T {
        if SEASONS > 1 {
            p * (short * long)
        } else {
            p * short
        }
    }

    #[inline(always)]
    fn moved<T: Scalar>(
        gains: &Gains<T>,
        before: &Moving<T>,
        p: T,
        damped: T,
        y: T,
        expected: T,
    ) -> Moving<T> {
        let e = y - expected;
        let factor = if SEASONS > 1 {
            before.short * before.long
        } else {
            before.short
        };
        let of_level = e / factor;
        let level = p + gains.alpha * of_level;
        let of_season = e / level;
        let (short, long) = if SEASONS > 1 {
            (
                before.short + gains.short * of_season / before.long,
                before.long + gains.long * of_season / before.short,
            )
        } else {
            (before.short + gains.short * of_season, before.long)
        };
        Moving {
            level,
            trend: damped + gains.trend * of_level,
            short,
            long,
        }
    }
}

/// See [`Model::third_eye`].
struct ThirdEye;

impl Form for ThirdEye {
    #[inline(always)]
    fn expected<T: Scalar>(p: T, short: T, _: T) -> T {
        p * short
    }

    #[inline(always)]
    fn moved<T: Scalar>(
        gains: &Gains<T>,
        before: &Moving<T>,
        p: T,
        damped: T,
        y: T,
        _: T,
    ) -> Moving<T> {
        let one = T::of(1.0);
        let level = gains.alpha * y / before.short + (one - gains.alpha) * p;
        let trend = gains.beta * (level - before.level) + (one - gains.beta) * damped;
        let short = gains.gamma * y / (level * before.short) + (one - gains.gamma) * before.short;
        Moving {
            level,
            trend,
            short,
            long: before.long,
        }
    }
}

/// Goes over `values`, NaN where missing, at `places`, from `state` on. `seen` gets, of each value
/// there is, its index, what was expected, and the value.
#[inline(always)]
fn pass<F: Form, T: Scalar, const LINGERS: bool>(
    gains: &Gains<T>,
    state: &mut State<T>,
    values: &[f64],
    places: &[Place],
    mut seen: impl FnMut(usize, T, f64),
) {
    let [shorts, longs] = &mut state.seasons;
    let (mut level, mut trend) = (state.level, state.trend);
    let mut deviation = state.deviation;
    for (i, (&y, &[short, long])) in values.iter().zip(places).enumerate() {
        let damped = gains.phi * trend;
        let p = level + damped;
        if y.is_nan() {
            (level, trend) = (p, damped);
            if LINGERS {
                deviation = gains.rho * deviation;
            }
            continue;
        }
        let (short, long) = (&mut shorts[short as usize], &mut longs[long as usize]);
        let before = Moving {
            level,
            trend,
            short: *short,
            long: *long,
        };
        let expected = F::expected(p, *short, *long);
        let after = F::moved(gains, &before, p, damped, T::of(y), expected);
        (level, trend) = (after.level, after.trend);
        (*short, *long) = (after.short, after.long);
        if LINGERS {
            let more = gains.rho * deviation;
            deviation = T::of(y) - expected;
            seen(i, expected + more, y);
        } else {
            seen(i, expected, y);
        }
    }
    (state.level, state.trend) = (level, trend);
    state.deviation = deviation;
}

/// [`pass`] of the recurrence of `model`.
#[inline]
pub(crate) fn run<T: Scalar>(
    model: Model,
    gains: &Gains<T>,
    state: &mut State<T>,
    values: &[f64],
    places: &[Place],
    seen: impl FnMut(usize, T, f64),
) {
    match model.residuals() {
        Residuals::Independent => of_form::<T, false>(model, gains, state, values, places, seen),
        Residuals::Autocorrelated => of_form::<T, true>(model, gains, state, values, places, seen),
    }
}

#[inline]
fn of_form<T: Scalar, const LINGERS: bool>(
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
            pass::<ThirdEye, T, false>(gains, state, values, places, seen);
        }
        (_, Season::None) => {
            pass::<Additive<0>, T, LINGERS>(gains, state, values, places, seen);
        }
        (_, Season::Additive) if of_two => {
            pass::<Additive<2>, T, LINGERS>(gains, state, values, places, seen);
        }
        (_, Season::Additive) => {
            pass::<Additive<1>, T, LINGERS>(gains, state, values, places, seen);
        }
        (_, Season::Multiplicative) if of_two => {
            pass::<Multiplicative<2>, T, LINGERS>(gains, state, values, places, seen);
        }
        (_, Season::Multiplicative) => {
            pass::<Multiplicative<1>, T, LINGERS>(gains, state, values, places, seen);
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
    match (model.variant(), model.season()) {
        (Variant::ThirdEye, _) => ThirdEye::expected(p, short, long),
        (_, Season::None) => p,
        (_, Season::Additive) if of_two => Additive::<2>::expected(p, short, long),
        (_, Season::Additive) => Additive::<1>::expected(p, short, long),
        (_, Season::Multiplicative) if of_two => Multiplicative::<2>::expected(p, short, long),
        (_, Season::Multiplicative) => Multiplicative::<1>::expected(p, short, long),
    }
}
