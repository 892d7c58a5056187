//! What training makes small. Every loss is in units of the scale of its window, so that no series
//! counts more than another because its numbers are large.
//!
//! ```text
//! pinball_q(e) = max(q e, (q − 1) e)                         least at the q-quantile of e
//! huber(e)     = e²/2 where |e| ≤ 1, else |e| − 1/2
//! L_forecast   = Σ w [huber(y − c) + Σ_i pinball_{q_i}(y − u_i) + Σ_i pinball_{1−q_i}(y − l_i)] / Σ w
//! bce(x, a)    = max(x, 0) − x a + ln(1 + e^−|x|)            x the logit, a the label
//! focal(x, a)  = bce(x, a) · (1 − p_a)^γ                     p_a the probability of what is true
//! L_classify   = Σ w focal(x, a) / Σ w
//! ```
//!
//! Sources: R. Koenker, G. Bassett, *Regression Quantiles* (1978); P. Huber (1964); T.-Y. Lin et al.,
//! *Focal Loss for Dense Object Detection* (2017), eq. 4.

use candle_core::{Result, Tensor};

use crate::forecaster::ODD;

/// ln(1 + eˣ) of each element, without overflow.
pub(crate) fn softplus(x: &Tensor) -> Result<Tensor> {
    x.relu()? + (x.abs()?.neg()?.exp()? + 1.0)?.log()?
}

/// See the formula.
pub(crate) fn pinball(error: &Tensor, level: f64) -> Result<Tensor> {
    (error * level)?.maximum(&(error * (level - 1.0))?)
}

/// See the formula.
pub(crate) fn huber(error: &Tensor) -> Result<Tensor> {
    let size = error.abs()?;
    let inner = size.minimum(1.0)?;
    // e²/2 within, |e| − 1/2 beyond: inner (|e| − inner/2).
    inner.mul(&(size - (&inner * 0.5)?)?)
}

/// See the formula; `x` logits, `label` 0 or 1.
pub(crate) fn cross_entropy(x: &Tensor, label: &Tensor) -> Result<Tensor> {
    (x.relu()? - x.mul(label)?)? + (x.abs()?.neg()?.exp()? + 1.0)?.log()?
}

/// See the formula.
pub(crate) fn focal(x: &Tensor, label: &Tensor, gamma: f64) -> Result<Tensor> {
    let entropy = cross_entropy(x, label)?;
    if gamma == 0.0 {
        return Ok(entropy);
    }
    // p_a = e^−bce
    let missing = (entropy.neg()?.exp()?.neg()? + 1.0)?;
    entropy.mul(&missing.powf(gamma)?)
}

/// What the forecaster's network makes of rows of inputs: the centre and the distances of its bounds
/// from it, downwards and upwards, each `[rows]`, the innermost first.
pub(crate) struct Bounds {
    pub(crate) centre: Tensor,
    pub(crate) below: Vec<Tensor>,
    pub(crate) above: Vec<Tensor>,
}

/// The symmetric forward pass of [`crate::forecaster`], on `[rows, INPUTS]`.
pub(crate) fn bounds(
    forward: impl Fn(&Tensor) -> Result<Tensor>,
    rows: &Tensor,
    levels: usize,
) -> Result<Bounds> {
    let count = rows.dim(0)?;
    let odd = rows.narrow(1, 0, ODD)?;
    let even = rows.narrow(1, ODD, rows.dim(1)? - ODD)?;
    let mirrored = Tensor::cat(&[&odd.neg()?, &even], 1)?;
    let answers = forward(&Tensor::cat(&[rows, &mirrored], 0)?)?;
    let straight = answers.narrow(0, 0, count)?;
    let mirrored = answers.narrow(0, count, count)?;
    let column = |of: &Tensor, at: usize| of.narrow(1, at, 1)?.squeeze(1);
    let centre = ((column(&straight, 0)? - column(&mirrored, 0)?)? * 0.5)?;
    let growing = |of: &Tensor| -> Result<Vec<Tensor>> {
        let mut reached: Vec<Tensor> = Vec::with_capacity(levels);
        for at in 1..=levels {
            let step = softplus(&column(of, at)?)?;
            let next = match reached.last() {
                Some(last) => (last + step)?,
                None => step,
            };
            reached.push(next);
        }
        Ok(reached)
    };
    Ok(Bounds {
        centre,
        below: growing(&mirrored)?,
        above: growing(&straight)?,
    })
}

/// The loss of a forecast, one number.
pub(crate) fn of_forecast(
    bounds: &Bounds,
    target: &Tensor,
    weight: &Tensor,
    levels: &[f64],
) -> Result<Tensor> {
    let error = (target - &bounds.centre)?;
    let mut loss = huber(&error)?;
    for ((level, below), above) in levels.iter().zip(&bounds.below).zip(&bounds.above) {
        loss = (loss + pinball(&(&error - above)?, *level)?)?;
        loss = (loss + pinball(&(&error + below)?, 1.0 - level)?)?;
    }
    weighted(&loss, weight)
}

/// The loss of a classification, one number.
pub(crate) fn of_classification(
    logits: &Tensor,
    label: &Tensor,
    weight: &Tensor,
    gamma: f64,
) -> Result<Tensor> {
    weighted(&focal(logits, label, gamma)?, weight)
}

fn weighted(loss: &Tensor, weight: &Tensor) -> Result<Tensor> {
    loss.mul(weight)?.sum_all()? / (weight.sum_all()?.to_scalar::<f32>()?.max(1.0) as f64)
}
