//! What the residuals' own curvature adds to a Gauss-Newton matrix, learnt from the steps that were tried.
//!
//! ```text
//! ½∇²Σ e² = H + S        H = Σ ∂e·∂eᵀ exact, S = Σ e·∂²e learnt
//! y = g' − g             the change of the gradient g along the step s
//! z = y − H'·s           what of it H' does not tell, so that (H' + S')·s = y
//! S' = τS + (r·yᵀ + y·rᵀ)/(yᵀs) − (rᵀs)·y·yᵀ/(yᵀs)²,   r = z − τS·s,   τ = min(1, |sᵀz| / |sᵀS·s|)
//! ```
//!
//! Without S, steps end in a linear approach where errors are large at the end, as those of a
//! forecast always are. A step along which the gradient does not rise tells nothing.
//!
//! Source: J. E. Dennis, D. M. Gay, R. E. Welsch, *An adaptive nonlinear least-squares algorithm*, ACM
//! TOMS 7 (1981), §3: the update and its sizing τ. Departs from it: z is what H' leaves of the change of the
//! whole gradient, so that the residuals themselves need not be kept.

use crate::objective::{MOST, Normal};

/// A gradient that rises by less than this fraction of what H foretells tells nothing.
const RISES: f64 = 1e-12;

/// S, of which nothing is known at first.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Secant([[f64; MOST]; MOST]);

impl Secant {
    /// `normal` with S added to its matrix.
    pub(crate) fn added_to(&self, normal: &Normal) -> Normal {
        let mut bent = *normal;
        for (row, more) in bent.hessian.iter_mut().zip(&self.0) {
            row.iter_mut().zip(more).for_each(|(h, s)| *h += s);
        }
        bent
    }

    /// Learns from a step between two places.
    pub(crate) fn learn(&mut self, step: &[f64; MOST], from: &Normal, to: &Normal) {
        let along = |m: &[[f64; MOST]; MOST]| m.map(|row| dot(&row, step));
        let foretold = along(&to.hessian);
        let y: [f64; MOST] = std::array::from_fn(|k| to.gradient[k] - from.gradient[k]);
        let rise = dot(&y, step);
        let rises = rise > RISES * dot(&foretold, step);
        if !rises {
            return;
        }
        let z: [f64; MOST] = std::array::from_fn(|k| y[k] - foretold[k]);
        let known = along(&self.0);
        let bend = dot(&known, step).abs();
        let size = match bend > 0.0 {
            true => (dot(&z, step).abs() / bend).min(1.0),
            false => 1.0,
        };
        let r: [f64; MOST] = std::array::from_fn(|k| z[k] - size * known[k]);
        let rest = dot(&r, step);
        for a in 0..MOST {
            for b in 0..MOST {
                self.0[a][b] = size * self.0[a][b] + (r[a] * y[b] + y[a] * r[b]) / rise
                    - rest * y[a] * y[b] / (rise * rise);
            }
        }
    }
}

fn dot(a: &[f64; MOST], b: &[f64; MOST]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuatara_testkit::Draw;

    /// Whatever was known before: along the last step the gradient changes as it did, and what is learnt is
    /// symmetric.
    #[test]
    fn the_last_step_is_told_as_it_was() {
        let mut draw = Draw::new(81);
        let mut learnt = 0;
        let mut secant = Secant::default();
        for case in 0..200 {
            let mut any = || std::array::from_fn(|_| draw.within(-1.0, 1.0));
            let (step, rows): ([f64; MOST], [[f64; MOST]; MOST]) =
                (any(), [(); MOST].map(|()| any()));
            let normal = |gradient| Normal {
                cost: 1.0,
                gradient,
                hessian: std::array::from_fn(|a| std::array::from_fn(|b| dot(&rows[a], &rows[b]))),
            };
            let (from, to) = (normal(any()), normal(any()));
            secant.learn(&step, &from, &to);
            let y: [f64; MOST] = std::array::from_fn(|k| to.gradient[k] - from.gradient[k]);
            if dot(&y, &step) < 0.1 {
                continue;
            }
            learnt += 1;
            let bent = secant.added_to(&to).hessian;
            for a in 0..MOST {
                let told = dot(&bent[a], &step);
                let size = bent[a].iter().map(|h| h.abs()).fold(1.0, f64::max);
                assert!((told - y[a]).abs() < 1e-9 * size, "{case}: {told} {}", y[a]);
                for (b, row) in bent.iter().enumerate() {
                    assert!((bent[a][b] - row[a]).abs() < 1e-9 * size, "{case}");
                }
            }
        }
        assert!(learnt > 50, "{learnt}");
    }

    /// Along a step on which the gradient falls, nothing is learnt.
    #[test]
    fn a_falling_gradient_tells_nothing() {
        let normal = |g: f64| Normal {
            cost: 1.0,
            gradient: [g, 0.0, 0.0, 0.0, 0.0, 0.0],
            hessian: [[0.0; MOST]; MOST],
        };
        let mut secant = Secant::default();
        let step = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        secant.learn(&step, &normal(2.0), &normal(1.0));
        assert!(secant.0.iter().flatten().all(|s| s.abs() < 1e-300));
        secant.learn(&step, &normal(1.0), &normal(4.0));
        assert!((secant.0[0][0] - 3.0).abs() < 1e-12);
    }
}
