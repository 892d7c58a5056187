//! Epochs until the validation loss grows no smaller.

use candle_core::Tensor;
use candle_nn::{AdamW, Optimizer, ParamsAdamW};
use tuatara_synth::draw::Draw;

use super::batch::{Batch, Rows, shuffled};
use super::curve::{CurvePoint, Stage};
use super::network::Network;
use super::settings::TrainingSettings;
use crate::error::Result;

/// Trains `network` on rows that are fresh in each epoch; leaves it as it was when the loss on
/// `validation` was least. `progress` hears of each epoch.
pub(crate) fn fit(
    stage: Stage,
    network: &Network,
    settings: &TrainingSettings,
    mut rows_of: impl FnMut(u32) -> Result<Rows>,
    validation: &Rows,
    loss_of: impl Fn(&Network, &Batch) -> candle_core::Result<Tensor>,
    progress: &mut dyn FnMut(CurvePoint),
) -> Result<()> {
    let adam = ParamsAdamW {
        lr: settings.rate,
        weight_decay: 0.0,
        ..ParamsAdamW::default()
    };
    let mut optimizer = AdamW::new(network.variables(), adam)?;
    let mut draw = Draw::new(settings.seed, "neural shuffle", stage as u64);
    let mut best = (f64::INFINITY, network.snapshot()?);
    let mut since = 0;
    for epoch in 0..settings.epochs {
        let rows = rows_of(epoch)?;
        let share = f64::from(epoch) / f64::from(settings.epochs.max(1));
        // From the whole rate down to nothing along half a cosine.
        let rate = settings.rate * 0.5 * (1.0 + libm::cos(std::f64::consts::PI * share));
        optimizer.set_learning_rate(rate);
        let order = shuffled(rows.len(), &mut draw);
        let (mut sum, mut batches) = (0.0, 0);
        for places in order.chunks(settings.batch) {
            let loss = loss_of(network, &rows.batch(places)?)?;
            optimizer.backward_step(&loss)?;
            sum += f64::from(loss.to_scalar::<f32>()?);
            batches += 1;
        }
        let held_out = whole_loss(network, validation, settings.batch, &loss_of)?;
        progress(CurvePoint {
            stage,
            epoch: epoch + 1,
            training: sum / f64::from(batches.max(1)),
            validation: held_out,
        });
        if held_out < best.0 {
            best = (held_out, network.snapshot()?);
            since = 0;
        } else {
            since += 1;
            if since >= settings.patience {
                break;
            }
        }
    }
    network.restore(&best.1)
}

/// The loss over all of `rows`.
fn whole_loss(
    network: &Network,
    rows: &Rows,
    batch: usize,
    loss_of: &impl Fn(&Network, &Batch) -> candle_core::Result<Tensor>,
) -> Result<f64> {
    let places: Vec<usize> = (0..rows.len()).collect();
    let (mut sum, mut total) = (0.0, 0.0);
    for places in places.chunks(batch.max(1)) {
        let weight: f64 = places.iter().map(|&at| f64::from(rows.weights[at])).sum();
        let loss = loss_of(network, &rows.batch(places)?)?;
        sum += weight * f64::from(loss.to_scalar::<f32>()?);
        total += weight;
    }
    Ok(sum / f64::max(total, 1.0))
}
