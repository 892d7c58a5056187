//! How wide a band must be to hold what it promises, by how regular a series is.
//!
//! Split conformal prediction: on series that took no part in training, the half-width on the side of
//! a residual is multiplied by the factor that makes the promised share of normal values lie within.
//! A network's own quantiles are about right on average; the factors make them right where series
//! are regular and where they are noisy.
//!
//! Source: V. Vovk, A. Gammerman, G. Shafer, *Algorithmic Learning in a Random World* (2005), §4.5,
//! and Y. Romano, E. Patterson, E. Candès, *Conformalized Quantile Regression* (2019), in its
//! multiplicative form.

use crate::forecaster::Shape;

/// Factors on the half-widths of bands, by regularity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Calibration {
    /// Where the second and every later factor begins, in growing order.
    edges: Vec<f32>,
    /// One more than there are edges, each above 0.
    factors: Vec<f32>,
}

impl Calibration {
    /// `factors[0]` below `edges[0]`, and so on; `None` where the numbers do not fit together.
    pub(crate) fn new(edges: Vec<f32>, factors: Vec<f32>) -> Option<Self> {
        let fits = factors.len() == edges.len() + 1
            && edges.is_sorted_by(|a, b| a < b)
            && factors
                .iter()
                .all(|factor| factor.is_finite() && *factor > 0.0);
        fits.then_some(Self { edges, factors })
    }

    pub(crate) fn edges(&self) -> &[f32] {
        &self.edges
    }

    pub(crate) fn factors(&self) -> &[f32] {
        &self.factors
    }

    /// The number of the factor for a regularity.
    pub(crate) fn bucket(&self, regularity: f32) -> usize {
        self.edges.partition_point(|edge| *edge <= regularity)
    }

    /// The half-widths of `shape` times the factor.
    pub(crate) fn widened(&self, shape: Shape, regularity: f32) -> Shape {
        let factor = self.factors[self.bucket(regularity)];
        Shape {
            centre: shape.centre,
            below: shape.below * factor,
            above: shape.above * factor,
        }
    }
}
