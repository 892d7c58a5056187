//! What a layer does to its sums.

/// A function of one number, applied to each output of a layer.
///
/// The transcendental ones come from `libm`, so that every target gives the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// x.
    Linear,
    /// max(0, x).
    Relu,
    /// 1 / (1 + e⁻ˣ), in (0, 1).
    Sigmoid,
    /// ln(1 + eˣ), above 0: written as max(0, x) + ln(1 + e^−|x|), which does not overflow.
    Softplus,
    /// x / (1 + e⁻ˣ).
    Silu,
    /// tanh x, odd, in (−1, 1).
    Tanh,
}

impl Activation {
    /// The function of `x`; NaN stays NaN.
    #[must_use]
    pub fn of(self, x: f32) -> f32 {
        match self {
            Self::Linear => x,
            // Not `max`, which would make 0 of NaN.
            Self::Relu if x < 0.0 => 0.0,
            Self::Relu => x,
            Self::Sigmoid => sigmoid(x),
            Self::Softplus if x.is_nan() => x,
            Self::Softplus => x.max(0.0) + libm::log1pf(libm::expf(-x.abs())),
            Self::Silu => x * sigmoid(x),
            Self::Tanh => libm::tanhf(x),
        }
    }

    /// Applies the function to each of `values` in place.
    pub fn apply(self, values: &mut [f32]) {
        match self {
            Self::Linear => {}
            // A loop of its own, which the compiler makes wide.
            Self::Relu => {
                for value in values {
                    *value = if *value < 0.0 { 0.0 } else { *value };
                }
            }
            other => {
                for value in values {
                    *value = other.of(*value);
                }
            }
        }
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-x))
}

#[cfg(test)]
mod tests {
    use super::Activation::{Relu, Sigmoid, Silu, Softplus, Tanh};

    #[test]
    fn each_gives_its_textbook_value_at_one() {
        let e = 1.0_f32.exp();
        assert!((Sigmoid.of(1.0) - e / (1.0 + e)).abs() < 1e-7);
        assert!((Softplus.of(1.0) - (1.0 + e).ln()).abs() < 1e-6);
        assert!((Silu.of(1.0) - e / (1.0 + e)).abs() < 1e-7);
        assert!((Tanh.of(1.0) - 0.761_594_2).abs() < 1e-6);
        assert_eq!(
            [Relu.of(1.0), Relu.of(-1.0)].map(f32::to_bits),
            [1.0_f32, 0.0].map(f32::to_bits)
        );
    }

    #[test]
    fn far_out_nothing_overflows() {
        assert!((Softplus.of(1e4) - 1e4).abs() < 1e-3);
        assert!(Softplus.of(-1e4).abs() < 1e-30);
        assert!((Sigmoid.of(1e4) - 1.0).abs() < 1e-7);
        assert!(Sigmoid.of(-1e4).abs() < 1e-30);
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        for activation in [Relu, Sigmoid, Softplus, Silu, Tanh] {
            assert!(activation.of(f32::NAN).is_nan(), "{activation:?}");
            let mut one = [f32::NAN];
            activation.apply(&mut one);
            assert!(one[0].is_nan(), "{activation:?}");
        }
    }
}
