//! From what a model says of a value to a verdict: the classifier and the band must agree.
//!
//! ```text
//! f      2^((5 − sensitivity) / 5)                                    2 at 0, 1 at 5, ½ at 10
//! lower  ŷ − max(f · below, minAbs, minRel |ŷ|)        upper  ŷ + max(f · above, …)
//! band   the score of y within [lower, upper]
//! p      ln(1 − p) / (f ln(1 − τ))                     the score of the tail 1 − p at the rate 1 − τ
//! score  the smaller of the two                        anomalous ⇔ score > 1
//! ```
//!
//! Where the band has a value outside and the classifier does not take it for an anomaly, the edge moves
//! out to that value: what lies outside the edges of a row is anomalous, always.

use tuatara_core::{Direction, Pattern, Row, Verdict, score};

use crate::model::Answer;

/// What makes an anomaly of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bar {
    /// On the half-widths, and on the logarithm of the rate.
    pub(crate) factor: f64,
    pub(crate) min_abs: f64,
    pub(crate) min_rel: f64,
    pub(crate) pattern: Pattern,
}

impl Default for Bar {
    fn default() -> Self {
        Self {
            factor: 1.0,
            min_abs: 0.0,
            min_rel: 0.0,
            pattern: Pattern::UpOrDown,
        }
    }
}

impl Bar {
    /// The factor of a sensitivity in [0, 10].
    pub(crate) fn factor_of(sensitivity: f64) -> f64 {
        libm::exp2((5.0 - sensitivity) / 5.0)
    }

    /// The bounds of an answer.
    pub(crate) fn band(&self, answer: &Answer) -> [f64; 2] {
        let floor = self.min_abs.max(self.min_rel * answer.expected.abs());
        [
            answer.expected - (self.factor * answer.below).max(floor),
            answer.expected + (self.factor * answer.above).max(floor),
        ]
    }

    /// The same, infinite on a side that does not count.
    pub(crate) fn edges(&self, answer: &Answer) -> [f64; 2] {
        let [lower, upper] = self.band(answer);
        let open = |side: bool, edge: f64, open: f64| match side || edge.is_nan() {
            true => edge,
            false => open,
        };
        [
            open(self.pattern.admits_down(), lower, f64::NEG_INFINITY),
            open(self.pattern.admits_up(), upper, f64::INFINITY),
        ]
    }

    /// Judges a value by an answer that has an expectation and a probability; `threshold` is the
    /// model's.
    pub(crate) fn judge(&self, observed: f64, answer: &Answer, threshold: f64) -> Row {
        let expected = answer.expected;
        let [lower, upper] = self.band(answer);
        let (is_above, is_below) = (observed > upper, observed < lower);
        let (side, width) = match observed > expected {
            true => (self.pattern.admits_up(), upper - expected),
            false => (self.pattern.admits_down(), expected - lower),
        };
        let is_outside = side && (is_above || is_below);
        let by_band = match side {
            true => score::of_band(observed, expected, width, is_outside),
            false => 0.0,
        };
        let rate = libm::pow(1.0 - threshold, self.factor);
        let is_likely = 1.0 - answer.probability < rate;
        let by_probability = score::of_tail(1.0 - answer.probability, rate, is_likely);
        let is_anomalous = is_outside && is_likely;
        let [lower, upper] = match is_anomalous {
            true => self.edges(answer),
            false => {
                let [lower, upper] = self.edges(answer);
                [lower.min(observed), upper.max(observed)]
            }
        };
        Row {
            observed,
            expected,
            lower,
            upper,
            score: by_band.min(by_probability),
            verdict: match (is_anomalous, is_above) {
                (false, _) => Verdict::Normal,
                (true, true) => Verdict::Anomalous(Direction::Up),
                (true, false) => Verdict::Anomalous(Direction::Down),
            },
        }
    }
}
