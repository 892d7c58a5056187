//! What the two networks make small.
//!
//! ```text
//! pin_q(e) = max(q e, (q − 1) e) = q e + max(0, −e)
//! forecast   mean over all rows of w [(y − mean)² + pin_0.005(y − lower) + pin_0.995(y − upper)]
//! score      mean over all rows of max(0, x) − x a + ln(1 + e^−|x|)
//! ```
//!
//! in the unit of the values, which are on one scale. w is 0 for a labelled day and else 1, but every
//! row counts in the mean. x is the logit and a the label: the binary cross-entropy, written so that
//! no exponential overflows.

use candle_core::{Result, Tensor};

use super::network::{ClassifierVariables, ForecasterVariables};

const LEVELS: [f64; 2] = [0.005, 0.995];

/// The loss of a batch of [`Rows::for_forecaster`](super::rows::Rows::for_forecaster).
pub(crate) fn of_forecast(network: &ForecasterVariables, batch: &[Tensor]) -> Result<Tensor> {
    let [history, weekday, rest] = batch else {
        unreachable!("rows of the forecaster have three tensors");
    };
    let column = |at| rest.narrow(1, at, 1);
    let bounds = network.forward(history, weekday, &column(0)?.contiguous()?)?;
    forecast_loss(&bounds, &column(1)?, &column(2)?, &column(3)?)
}

/// `bounds` mean, lower, upper `[rows, 3]` and `value` `[rows, 1]` in units `[rows, 1]` of the window.
fn forecast_loss(
    bounds: &Tensor,
    value: &Tensor,
    unit: &Tensor,
    weight: &Tensor,
) -> Result<Tensor> {
    let errors = value.broadcast_sub(bounds)?.broadcast_mul(unit)?;
    let error = |at| errors.narrow(1, at, 1);
    let squares = error(0)?.sqr()?;
    let low = pinball(&error(1)?, LEVELS[0])?;
    let high = pinball(&error(2)?, LEVELS[1])?;
    ((squares + low)? + high)?.mul(weight)?.mean_all()
}

/// See the formula.
fn pinball(error: &Tensor, level: f64) -> Result<Tensor> {
    (error * level)? + error.neg()?.relu()?
}

/// The loss of a batch of [`Rows::for_classifier`](super::rows::Rows::for_classifier).
pub(crate) fn of_score(network: &ClassifierVariables, batch: &[Tensor]) -> Result<Tensor> {
    let [inputs, label] = batch else {
        unreachable!("rows of the classifier have two tensors");
    };
    cross_entropy(&network.forward(inputs)?, label)
}

/// The mean of the binary cross-entropy of `logits` where `label` is 0 or 1.
fn cross_entropy(logits: &Tensor, label: &Tensor) -> Result<Tensor> {
    let overflowing = logits.relu()?;
    let bounded = (logits.abs()?.neg()?.exp()? + 1.0)?.log()?;
    ((overflowing - logits.mul(label)?)? + bounded)?.mean_all()
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device, Var};
    use tuatara_synth::draw::Draw;

    use super::*;

    fn column(numbers: &[f64]) -> Tensor {
        Tensor::from_slice(numbers, (numbers.len(), 1), &Device::Cpu).unwrap()
    }

    fn number(loss: Result<Tensor>) -> f64 {
        loss.unwrap().to_scalar().unwrap()
    }

    #[test]
    fn a_forecast_is_judged_by_its_square_and_both_pinballs_and_a_labelled_row_by_nothing() {
        // Row 1, in units of 2: errors 1, 3 and −1, so 1 + 0.005 · 3 + 0.005 · 1. Row 2 weighs nothing.
        let bounds = [[1.0, 0.0, 2.0], [9.0, 9.0, 9.0]];
        let bounds = Tensor::new(&bounds, &Device::Cpu).unwrap();
        let loss = forecast_loss(
            &bounds,
            &column(&[1.5, 0.0]),
            &column(&[2.0, 2.0]),
            &column(&[1.0, 0.0]),
        );
        assert!((number(loss) - (1.0 + 0.015 + 0.005) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_value_beyond_its_bounds_costs_nearly_all_of_the_distance() {
        let of = |error: f64, level| number(pinball(&column(&[error]), level).unwrap().mean_all());
        assert!((of(2.0, 0.995) - 1.99).abs() < 1e-12 && (of(-2.0, 0.995) - 0.01).abs() < 1e-12);
        assert!((of(2.0, 0.005) - 0.01).abs() < 1e-12 && (of(-2.0, 0.005) - 1.99).abs() < 1e-12);
    }

    #[test]
    fn the_entropy_is_the_logarithm_of_the_probability_and_does_not_overflow() {
        let of =
            |logit: f64, label: f64| number(cross_entropy(&column(&[logit]), &column(&[label])));
        assert!((of(0.0, 1.0) - 2.0_f64.ln()).abs() < 1e-12);
        assert!((of(3.0, 1.0) - (1.0 + (-3.0_f64).exp()).ln()).abs() < 1e-12);
        assert!((of(1e4, 0.0) - 1e4).abs() < 1e-9 && of(1e4, 1.0).abs() < 1e-12);
        assert!((of(-1e4, 1.0) - 1e4).abs() < 1e-9 && of(-1e4, 0.0).abs() < 1e-12);
    }

    /// Compares the gradients of `variables` with differences of the loss, for some numbers of each.
    fn check(variables: &[Var], loss: impl Fn() -> Result<Tensor>) {
        const STEP: f64 = 1e-6;
        let gradients = loss().unwrap().backward().unwrap();
        for (which, variable) in variables.iter().enumerate() {
            let gradient = gradients.get(variable).expect("every variable matters");
            let gradient = gradient.flatten_all().unwrap().to_vec1::<f64>().unwrap();
            let numbers = variable.flatten_all().unwrap().to_vec1::<f64>().unwrap();
            for place in (0..numbers.len()).step_by(1 + numbers.len() / 6) {
                let moved = |by: f64| {
                    let mut moved = numbers.clone();
                    moved[place] += by;
                    let shape = variable.dims().to_vec();
                    let tensor = Tensor::from_vec(moved, shape, &Device::Cpu).unwrap();
                    variable.set(&tensor).unwrap();
                    number(loss())
                };
                let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                moved(0.0);
                assert!(
                    (slope - gradient[place]).abs() < 1e-6 * (1.0 + slope.abs()),
                    "variable {which}, number {place}: {} where differences give {slope}",
                    gradient[place]
                );
            }
        }
    }

    fn drawn(rows: usize, width: usize, draw: &mut Draw) -> Tensor {
        let numbers: Vec<f64> = (0..rows * width).map(|_| draw.normal()).collect();
        Tensor::from_vec(numbers, (rows, width), &Device::Cpu).unwrap()
    }

    #[test]
    fn the_gradients_of_both_losses_are_those_of_finite_differences() {
        let mut draw = Draw::new(1, "gradients", 0);
        let rows = 16;
        let forecaster = ForecasterVariables::new(DType::F64, &mut draw).unwrap();
        let [history, weekday, value] = [25, 7, 1].map(|width| drawn(rows, width, &mut draw));
        let [irregularity, unit] = [0, 1].map(|_| drawn(rows, 1, &mut draw).abs().unwrap());
        let weight: Vec<f64> = (0..rows)
            .map(|row| f64::from(u8::from(row % 5 != 0)))
            .collect();
        let rest = [&irregularity, &value, &unit, &column(&weight)];
        let batch = [history, weekday, Tensor::cat(&rest, 1).unwrap()];
        check(&forecaster.all(), || of_forecast(&forecaster, &batch));

        let classifier = ClassifierVariables::new(DType::F64, &mut draw).unwrap();
        let label: Vec<f64> = (0..rows)
            .map(|row| f64::from(u8::from(row % 3 == 0)))
            .collect();
        let batch = [drawn(rows, 10, &mut draw), column(&label)];
        check(&classifier.all(), || of_score(&classifier, &batch));
    }
}
