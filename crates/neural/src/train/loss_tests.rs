//! Losses against their formulas, their gradients against finite differences, and our kernel against
//! candle.

use candle_core::{Device, Result, Tensor, Var};
use tuatara_synth::draw::Draw;

use super::loss;
use super::network::Network;
use crate::forecaster::{EVEN, Forecaster, INPUTS, ODD, Space};

fn numbers(seed: u64, count: usize, reach: f64) -> Vec<f64> {
    let mut draw = Draw::new(seed, "loss tests", 0);
    (0..count).map(|_| draw.between(-reach, reach)).collect()
}

/// The sum of a loss over `x`, and its gradient by candle, in f64.
fn value_and_gradient(x: &[f64], of: impl Fn(&Tensor) -> Result<Tensor>) -> (f64, Vec<f64>) {
    let x = Var::new(x, &Device::Cpu).unwrap();
    let loss = of(x.as_tensor()).unwrap().sum_all().unwrap();
    let gradients = loss.backward().unwrap();
    let gradient = gradients.get(&x).unwrap().to_vec1::<f64>().unwrap();
    (loss.to_scalar::<f64>().unwrap(), gradient)
}

/// (f(x + h) − f(x − h)) / 2h for each number, away from the kinks of the losses.
fn check_gradient(name: &str, of: impl Fn(&Tensor) -> Result<Tensor>) {
    let x: Vec<f64> = numbers(7, 24, 3.0)
        .into_iter()
        .filter(|x| x.abs() > 1e-3 && (x.abs() - 1.0).abs() > 1e-3)
        .collect();
    let (_, gradient) = value_and_gradient(&x, &of);
    let step = 1e-5;
    for (at, found) in gradient.iter().enumerate() {
        let moved = |by: f64| {
            let mut x = x.clone();
            x[at] += by;
            value_and_gradient(&x, &of).0
        };
        let wanted = (moved(step) - moved(-step)) / (2.0 * step);
        assert!(
            (found - wanted).abs() < 1e-6,
            "{name} at {}: {found}, not {wanted}",
            x[at]
        );
    }
}

#[test]
fn the_gradient_of_every_loss_is_its_finite_difference() {
    check_gradient("huber", loss::huber);
    for level in [0.005, 0.5, 0.995] {
        check_gradient("pinball", |x| loss::pinball(x, level));
    }
    check_gradient("softplus", loss::softplus);
    for label in [0.0, 1.0] {
        let labels = |x: &Tensor| x.ones_like()? * label;
        check_gradient("cross-entropy", |x| loss::cross_entropy(x, &labels(x)?));
        for gamma in [1.0, 2.0] {
            check_gradient("focal", |x| loss::focal(x, &labels(x)?, gamma));
        }
    }
}

#[test]
fn each_loss_is_its_formula_worked_out_by_hand() {
    let of = |x: f64, of: &dyn Fn(&Tensor) -> Result<Tensor>| value_and_gradient(&[x], of).0;
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-12, "{found}");
    near(of(0.5, &loss::huber), 0.125);
    near(of(-3.0, &loss::huber), 2.5);
    near(of(2.0, &|x| loss::pinball(x, 0.9)), 1.8);
    near(of(-2.0, &|x| loss::pinball(x, 0.9)), 0.2);
    let one = |x: &Tensor| x.ones_like();
    near(
        of(0.0, &|x| loss::cross_entropy(x, &one(x)?)),
        std::f64::consts::LN_2,
    );
    // p = 1/2, so that the focal factor is a half.
    near(
        of(0.0, &|x| loss::focal(x, &one(x)?, 1.0)),
        0.5 * std::f64::consts::LN_2,
    );
    // Nothing overflows where the logit is sure and wrong.
    near(of(-800.0, &|x| loss::cross_entropy(x, &one(x)?)), 800.0);
}

fn network(levels: usize) -> Network {
    let mut draw = Draw::new(3, "loss tests", 1);
    Network::new("forecaster", &[INPUTS, 32, 16, 1 + levels], &mut draw).unwrap()
}

fn rows(count: usize) -> Vec<f32> {
    numbers(11, count * INPUTS, 4.0)
        .iter()
        .map(|x| *x as f32)
        .collect()
}

#[test]
fn our_kernel_is_candle_to_a_hundred_thousandth() {
    let network = network(2);
    let rows = rows(64);
    let tensor = Tensor::from_vec(rows.clone(), (64, INPUTS), &Device::Cpu).unwrap();
    let wanted = network.forward(&tensor).unwrap().flatten_all().unwrap();
    let wanted = wanted.to_vec1::<f32>().unwrap();
    let ours = network.trained().unwrap();
    let mut found = vec![0.0; wanted.len()];
    ours.forward(&rows, &mut Default::default(), &mut found);
    for (found, wanted) in found.iter().zip(&wanted) {
        assert!(
            (found - wanted).abs() <= 1e-5 * wanted.abs().max(1.0),
            "{found}, not {wanted}"
        );
    }
}

#[test]
fn the_bounds_of_inference_are_those_of_training() {
    let network = network(2);
    let rows = rows(32);
    let tensor = Tensor::from_vec(rows.clone(), (32, INPUTS), &Device::Cpu).unwrap();
    let bounds = loss::bounds(|x| network.forward(x), &tensor, 2).unwrap();
    let column = |tensor: &Tensor| tensor.to_vec1::<f32>().unwrap();
    let wanted = [&bounds.centre, &bounds.below[1], &bounds.above[1]].map(column);
    let mut shapes = Vec::new();
    let forecaster = Forecaster::new(network.trained().unwrap());
    forecaster.forward(&rows, &mut Space::default(), &mut shapes);
    for (row, shape) in shapes.iter().enumerate() {
        let found = [shape.centre, shape.below, shape.above];
        for (found, wanted) in found.iter().zip(&wanted) {
            let wanted = wanted[row];
            assert!(
                (found - wanted).abs() <= 1e-5 * wanted.abs().max(1.0),
                "{found}, not {wanted}"
            );
        }
    }
    // A higher level is never inside a lower one.
    let (inner, outer) = (column(&bounds.above[0]), column(&bounds.above[1]));
    assert!(
        inner
            .iter()
            .zip(&outer)
            .all(|(inner, outer)| 0.0 < *inner && inner < outer)
    );
}

/// Upside down, the centre changes its sign and the widths change places, to the bit.
#[test]
fn a_mirrored_window_has_a_mirrored_forecast() {
    let forecaster = Forecaster::new(network(1).trained().unwrap());
    let rows = rows(16);
    let mut mirrored = rows.clone();
    for row in mirrored.chunks_exact_mut(ODD + EVEN) {
        row[..ODD].iter_mut().for_each(|input| *input = -*input);
    }
    let (mut plain, mut turned) = (Vec::new(), Vec::new());
    forecaster.forward(&rows, &mut Space::default(), &mut plain);
    forecaster.forward(&mirrored, &mut Space::default(), &mut turned);
    for (plain, turned) in plain.iter().zip(&turned) {
        assert_eq!(plain.centre.to_bits(), (-turned.centre).to_bits());
        assert_eq!(plain.below.to_bits(), turned.above.to_bits());
        assert_eq!(plain.above.to_bits(), turned.below.to_bits());
    }
}
