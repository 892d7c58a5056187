//! What a recurrence is worked out in: one number, many side by side, or a number with its
//! derivatives. The recurrences are written once, over [`Scalar`].

use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Sub, SubAssign};

/// A number of the recurrences. Every operation on lanes is the operation on each lane, so lane i
/// has the bits of the run of its own.
pub(crate) trait Scalar:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// A constant.
    fn of(value: f64) -> Self;

    /// The same, made ready to [divide](Self::over) by.
    #[inline(always)]
    fn divisor(self) -> Self {
        self
    }

    /// `value / divisor`, which is a constant or what [`divisor`](Self::divisor) made.
    #[inline(always)]
    fn over(value: f64, divisor: Self) -> Self {
        Self::of(value) / divisor
    }
}

impl Scalar for f64 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }
}

/// Lanes of a pass over the data that are worked out side by side.
pub(crate) const LANES: usize = 8;

/// The same of a pass in single precision: a register holds twice as many.
pub(crate) const ROUGH_LANES: usize = 2 * LANES;

/// A number of one lane.
pub(crate) trait Lane: Copy + AddAssign + SubAssign + MulAssign + DivAssign {
    /// The nearest to `value`.
    fn near(value: f64) -> Self;
    /// The same number.
    fn exactly(self) -> f64;
}

impl Lane for f64 {
    #[inline(always)]
    fn near(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn exactly(self) -> f64 {
        self
    }
}

impl Lane for f32 {
    #[inline(always)]
    fn near(value: f64) -> Self {
        value as f32
    }

    #[inline(always)]
    fn exactly(self) -> f64 {
        f64::from(self)
    }
}

/// `N` numbers side by side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lanes<F, const N: usize>(pub(crate) [F; N]);

macro_rules! lane_by_lane {
    ($($operation:ident, $method:ident, $sign:tt;)+) => {
        $(impl<F: Lane, const N: usize> $operation for Lanes<F, N> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                let mut out = self.0;
                for (a, b) in out.iter_mut().zip(other.0) {
                    *a $sign b;
                }
                Self(out)
            }
        })+
    };
}

lane_by_lane! {
    Add, add, +=;
    Sub, sub, -=;
    Mul, mul, *=;
    Div, div, /=;
}

impl<F: Lane, const N: usize> Scalar for Lanes<F, N> {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Self([F::near(value); N])
    }
}

/// A number `v` and its exact derivatives `d` by `K` weights (forward differentiation). The number
/// stands beside each derivative, so that all of it is worked out side by side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dual<const K: usize> {
    pub(crate) v: [f64; K],
    pub(crate) d: [f64; K],
    /// 1/v right after [`Scalar::of`] and [`Scalar::divisor`], and anything after an operation. Most of a step waits for
    /// a quotient by a factor of the season, and a processor looks no more than about two steps ahead: the division is
    /// done where the factor was made, a season before.
    inverse: [f64; K],
}

impl<const K: usize> Dual<K> {
    /// `v`, which is itself weight number `weight`.
    pub(crate) fn weight(v: f64, weight: usize) -> Self {
        let mut d = [0.0; K];
        d[weight] = 1.0;
        Self { d, ..Self::of(v) }
    }

    /// The number.
    #[inline(always)]
    pub(crate) fn value(&self) -> f64 {
        self.v[0]
    }

    /// The number `v(x, y)`, and of each derivative x' and y' `d([x, y], x', y')`.
    #[inline(always)]
    fn with(
        mut self,
        other: &Self,
        v: impl Fn(f64, f64) -> f64,
        d: impl Fn([f64; 2], f64, f64) -> f64,
    ) -> Self {
        for k in 0..K {
            let pair = [self.v[k], other.v[k]];
            self.v[k] = v(pair[0], pair[1]);
            self.d[k] = d(pair, self.d[k], other.d[k]);
        }
        self
    }
}

impl<const K: usize> Add for Dual<K> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(&other, |x, y| x + y, |_, a, b| a + b)
    }
}

impl<const K: usize> Sub for Dual<K> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(&other, |x, y| x - y, |_, a, b| a - b)
    }
}

impl<const K: usize> Mul for Dual<K> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(&other, |x, y| x * y, |[x, y], a, b| a * y + x * b)
    }
}

impl<const K: usize> Div for Dual<K> {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        // In each place alike: what one place alone has to do, compilers spread over several registers.
        self.with(
            &other,
            |x, y| x / y,
            |[x, y], a, b| (a - x / y * b) * (1.0 / y),
        )
    }
}

impl<const K: usize> Scalar for Dual<K> {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Self {
            v: [value; K],
            d: [0.0; K],
            inverse: [1.0 / value; K],
        }
    }

    #[inline(always)]
    fn divisor(mut self) -> Self {
        for k in 0..K {
            self.inverse[k] = 1.0 / self.v[k];
        }
        self
    }

    #[inline(always)]
    fn over(value: f64, divisor: Self) -> Self {
        let mut quotient = divisor;
        for k in 0..K {
            let inverse = divisor.inverse[k];
            debug_assert!(inverse.to_bits() == (1.0 / divisor.v[k]).to_bits() || inverse.is_nan());
            quotient.v[k] = value * inverse;
            quotient.d[k] = -(quotient.v[k] * inverse) * divisor.d[k];
        }
        quotient
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// f(x, y) = (x·y + 3) / (x − y) at (2, 1) is 5; ∂x = (y(x−y) − (xy+3)) / (x−y)² = −4 and
    /// ∂y = (x(x−y) + (xy+3)) / (x−y)² = 7, worked out by hand.
    #[test]
    fn derivatives_are_exact() {
        let (x, y) = (Dual::<2>::weight(2.0, 0), Dual::<2>::weight(1.0, 1));
        let f = (x * y + Dual::of(3.0)) / (x - y);
        assert_eq!((f.value().to_bits(), f.d), (5.0f64.to_bits(), [-4.0, 7.0]));
    }

    /// 3 / (x·y) at (2, 4) is 3/8, and its derivatives are −3/16 and −3/32.
    #[test]
    fn a_divisor_has_its_inverse() {
        let (x, y) = (Dual::<2>::weight(2.0, 0), Dual::<2>::weight(4.0, 1));
        let f = Dual::over(3.0, (x * y).divisor());
        assert_eq!((f.v, f.d), ([0.375; 2], [-0.1875, -0.09375]));
        let of_constant = Dual::over(3.0, Dual::<2>::of(4.0));
        assert_eq!((of_constant.v, of_constant.d), ([0.75; 2], [0.0; 2]));
    }

    #[test]
    fn a_lane_is_what_it_is_alone() {
        let lanes = Lanes([0.1_f64, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
        let all = (lanes * Lanes::of(3.7) + lanes) / (lanes - Lanes::of(2.0));
        for (lane, x) in all.0.into_iter().zip(lanes.0) {
            assert_eq!(lane.to_bits(), ((x * 3.7 + x) / (x - 2.0)).to_bits());
        }
    }
}
