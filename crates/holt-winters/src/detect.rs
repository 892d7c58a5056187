//! The season that a history shows.
//!
//! 1. The spectrum of the history, its trend taken off and gaps filled with the mean: the strongest
//!    lines name candidates of 2 steps and more of which the history has two.
//! 2. The autocorrelation confirms: it has a peak within a step or so of the candidate, the higher the
//!    better, and above [`LEAST`].
//!
//! What is left out is longer than the longest season that is customary.

use realfft::RealFftPlanner;

use crate::{Model, Season};

/// Autocorrelation below this confirms no season.
const LEAST: f64 = 0.3;
/// Lines of the spectrum that are looked at.
const LINES: usize = 12;

/// A season that was found, or not, and what speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// Steps of the season; `None` where nothing is confirmed.
    pub period: Option<usize>,
    /// Autocorrelation of the history at that distance; the highest seen where nothing is confirmed.
    pub autocorrelation: f64,
    /// Part of the variance that lies in the line of the spectrum that named it.
    pub share: f64,
}

impl Evidence {
    /// The model with the season that was found, or none.
    pub(crate) fn model(&self, model: Model) -> Model {
        let found = match self.period {
            Some(period) => Model::new(model.trend(), model.season(), &[period]),
            None => Model::new(model.trend(), Season::None, &[]),
        };
        found
            .expect("invariant: detected periods are 2 and more")
            .with_residuals(model.residuals())
    }
}

/// The season of `values`, oldest first, NaN where missing, of `longest` steps at most.
///
/// ```
/// use tuatara_holt_winters::detect_period;
///
/// let weeks: Vec<f64> = (0..70).map(|t| [5.0, 9.0, 8.0, 9.0, 8.0, 3.0, 1.0][t % 7]).collect();
/// let evidence = detect_period(&weeks, 30);
/// assert_eq!(evidence.period, Some(7));
/// assert!(evidence.autocorrelation > 0.8);
/// ```
pub fn detect_period(values: &[f64], longest: usize) -> Evidence {
    let n = values.len();
    let none = Evidence::default();
    let Some(centred) = centred(values) else {
        return none;
    };
    let total: f64 = centred.iter().map(|y| y * y).sum();
    if !(total > 0.0 && total.is_finite()) {
        return none;
    }
    let longest = longest.min(n / 2);
    let mut lines = spectrum(&centred);
    let power: f64 = lines.iter().map(|(power, _)| power).sum();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut best = none;
    for &(line, k) in lines.iter().take(LINES) {
        // The line lies between the periods n/(k + ½) and n/(k − ½).
        let from = (n as f64 / (k as f64 + 0.5)).floor().max(2.0) as usize;
        let to = (n as f64 / (k as f64 - 0.5)).ceil() as usize;
        for period in from..=to.min(longest) {
            let at = |lag: usize| autocorrelation(&centred, lag);
            let here = at(period);
            let is_peak = here >= at(period - 1) && here >= at(period + 1);
            if is_peak && here > best.autocorrelation {
                best = Evidence {
                    period: (here >= LEAST).then_some(period),
                    autocorrelation: here,
                    share: line / power,
                };
            }
        }
    }
    best
}

/// The values less their straight line, 0 where missing, by a power of two near 1.
fn centred(values: &[f64]) -> Option<Vec<f64>> {
    let largest = values.iter().map(|y| y.abs()).fold(0.0, f64::max);
    if !(largest > 0.0 && largest.is_finite()) || values.len() < 4 {
        return None;
    }
    let (_, exponent) = libm::frexp(largest);
    let scale = libm::ldexp(1.0, exponent.clamp(-1021, 1022));
    let there = || values.iter().enumerate().filter(|(_, y)| !y.is_nan());
    let count = there().count() as f64;
    let mean_t = there().map(|(t, _)| t as f64).sum::<f64>() / count;
    let mean_y = there().map(|(_, y)| y / scale).sum::<f64>() / count;
    let (mut of_both, mut of_time) = (0.0, 0.0);
    for (t, y) in there() {
        let t = t as f64 - mean_t;
        of_both += t * (y / scale - mean_y);
        of_time += t * t;
    }
    let slope = if of_time > 0.0 {
        of_both / of_time
    } else {
        0.0
    };
    let off = |(t, y): (usize, &f64)| {
        let y = y / scale - mean_y - slope * (t as f64 - mean_t);
        if y.is_nan() { 0.0 } else { y }
    };
    Some(values.iter().enumerate().map(off).collect())
}

/// Power and number of cycles of each line but the first.
fn spectrum(centred: &[f64]) -> Vec<(f64, usize)> {
    let plan = RealFftPlanner::<f64>::new().plan_fft_forward(centred.len());
    let mut input = centred.to_vec();
    let mut output = plan.make_output_vec();
    plan.process(&mut input, &mut output)
        .expect("invariant: the plan was made for this length");
    let lines = output.iter().enumerate().skip(1);
    lines.map(|(k, line)| (line.norm_sqr(), k)).collect()
}

fn autocorrelation(centred: &[f64], lag: usize) -> f64 {
    if lag == 0 || lag >= centred.len() {
        return f64::NEG_INFINITY;
    }
    let (early, late) = (&centred[..centred.len() - lag], &centred[lag..]);
    let both: f64 = early.iter().zip(late).map(|(a, b)| a * b).sum();
    let of_early: f64 = early.iter().map(|a| a * a).sum();
    let of_late: f64 = late.iter().map(|b| b * b).sum();
    let size = (of_early * of_late).sqrt();
    if size > 0.0 { both / size } else { 0.0 }
}
