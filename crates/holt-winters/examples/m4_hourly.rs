//! How far off are forecasts of two days of hours? Over the hourly series of the M4 competition.
//!
//! ```text
//! cargo run --release -p tuatara-holt-winters --example m4_hourly -- FOLDER [EVERY]
//! ```
//!
//! `FOLDER` holds `Hourly-train.csv` and `Hourly-test.csv` as the competition published them, or the
//! same with `.gz`; `EVERY` takes one series in so many (1). Each of the 414 series has 700 or 960 hours, and 48 more to be forecast:
//!
//! ```text
//! sMAPE = 200/48 · Σ |y − ŷ| / (|y| + |ŷ|)
//! MASE  = Σ |y − ŷ| / 48  /  mean |y_t − y_{t−24}| of the hours that are known
//! ```
//!
//! Means over all series, and the median of MASE beside them. `benches/peers/m4_hourly.py` prints the
//! same of other libraries.
//!
//! Source: S. Makridakis, E. Spiliotis, V. Assimakopoulos, *The M4 Competition: 100,000 time series
//! and 61 forecasting methods*, International Journal of Forecasting 36 (2020), §2.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Instant as Clock;

use flate2::read::GzDecoder;
use tuatara_core::{Detail, Forecast, Forecaster, Memo, Window};
use tuatara_frame::{Duration, Granularity, Instant, Interval, Series, TimeAxis, Zone};
use tuatara_holt_winters::{
    FitSettings, HoltWinters, Model, Outliers, Refit, Residuals, Season, Trend,
};

const DAY: usize = 24;
const WEEK: usize = 168;
/// Hours to be forecast.
const STEPS: usize = 48;

/// What is known of one series, and what came.
struct Hourly {
    known: Vec<f64>,
    came: Vec<f64>,
}

fn rows(folder: &Path, name: &str) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let plain = folder.join(name);
    let text: Box<dyn Read> = if plain.exists() {
        Box::new(File::open(plain)?)
    } else {
        Box::new(GzDecoder::new(File::open(
            folder.join(format!("{name}.gz")),
        )?))
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row?;
        let cells = row.iter().skip(1).filter(|cell| !cell.is_empty());
        rows.push(cells.map(str::parse).collect::<Result<_, _>>()?);
    }
    Ok(rows)
}

fn smape(of: &Hourly, forecast: &[f64]) -> f64 {
    let pairs = of.came.iter().zip(forecast);
    let terms = pairs.map(|(y, f)| (y - f).abs() / (y.abs() + f.abs()).max(f64::MIN_POSITIVE));
    200.0 * terms.sum::<f64>() / STEPS as f64
}

fn mase(of: &Hourly, forecast: &[f64]) -> f64 {
    let steps = of.known.iter().zip(&of.known[DAY..]);
    let scale = steps.map(|(y, later)| (later - y).abs()).sum::<f64>();
    let scale = scale / (of.known.len() - DAY) as f64;
    let pairs = of.came.iter().zip(forecast);
    pairs.map(|(y, f)| (y - f).abs()).sum::<f64>() / STEPS as f64 / scale
}

/// Prints one line of the table; a series without a forecast is counted, and has that of one period
/// before.
fn line(name: &str, all: &[Hourly], forecast: impl Fn(&Hourly) -> Option<Vec<f64>>) {
    let before = Clock::now();
    let mut without = 0;
    let forecasts: Vec<Vec<f64>> = all
        .iter()
        .map(|of| {
            forecast(of).unwrap_or_else(|| {
                without += 1;
                naive(of, DAY)
            })
        })
        .collect();
    let took = before.elapsed().as_secs_f64();
    let n = all.len() as f64;
    let pairs = || all.iter().zip(&forecasts);
    let smape = pairs().map(|(of, f)| smape(of, f)).sum::<f64>() / n;
    let mut mases: Vec<f64> = pairs().map(|(of, f)| mase(of, f)).collect();
    let mean = mases.iter().sum::<f64>() / n;
    mases.sort_unstable_by(f64::total_cmp);
    let median = mases[mases.len() / 2];
    println!(
        "| {name:<58} | {smape:>7.3} | {mean:>6.3} | {median:>6.3} | {without:>3} | {took:>6.1} |"
    );
}

/// The last `period` hours again and again.
fn naive(of: &Hourly, period: usize) -> Vec<f64> {
    let last = &of.known[of.known.len() - period..];
    (0..STEPS).map(|h| last[h % period]).collect()
}

/// What a forecaster expects when nothing comes for two days after the refit of a Monday.
fn as_the_rule(of: &Hourly, forecaster: &HoltWinters) -> Option<Vec<f64>> {
    let (hour, known) = (3_600_000, i64::try_from(of.known.len()).ok()?);
    // A Monday.
    let monday = 1_704_067_200_000;
    let span = Interval::new(
        Instant::from_millis(monday - known * hour).ok()?,
        Instant::from_millis(monday + STEPS as i64 * hour).ok()?,
    )
    .ok()?;
    let granularity = Granularity::fixed(Duration::hours(1)).ok()?;
    let axis = TimeAxis::covering(granularity, Zone::UTC, span).ok()?;
    let mut values = of.known.clone();
    values.resize(of.known.len() + STEPS, f64::NAN);
    let window = Window::new(&axis, of.known.len(), values.len()).ok()?;
    let series = Series::new(axis, values).ok()?;
    let mut out = Forecast::new(Detail::Columns);
    forecaster
        .forecast(series.view(), window, &mut Memo::default(), &mut out)
        .ok()?;
    let expected = out.expected().to_vec();
    expected.iter().all(|y| y.is_finite()).then_some(expected)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("name the folder that holds Hourly-train.csv and Hourly-test.csv")?;
    let folder = Path::new(&folder);
    let every: usize = std::env::args().nth(2).map_or(Ok(1), |text| text.parse())?;
    let known = rows(folder, "Hourly-train.csv")?;
    let came = rows(folder, "Hourly-test.csv")?;
    let all: Vec<Hourly> = known
        .into_iter()
        .zip(came)
        .step_by(every.max(1))
        .map(|(known, came)| Hourly { known, came })
        .collect();
    println!("{} series, {STEPS} hours ahead", all.len());
    println!(
        "| {:<58} | {:>7} | {:>6} | {:>6} | {:>3} | {:>6} |",
        "", "sMAPE", "MASE", "median", "no", "s"
    );
    println!("|{:-<60}|--------:|-------:|-------:|----:|-------:|", "");
    line("the day before", &all, |of| Some(naive(of, DAY)));
    line("the week before", &all, |of| Some(naive(of, WEEK)));

    for (name, forecaster) in [
        (
            "HOLT_WINTERS_RULE as it is by default",
            HoltWinters::default(),
        ),
        (
            "the same, outliers learnt",
            HoltWinters {
                outliers: Outliers::Learn,
                ..Default::default()
            },
        ),
        (
            "the same, additive trend",
            HoltWinters {
                trend: Some(Trend::Additive),
                ..Default::default()
            },
        ),
        (
            "the same, no trend",
            HoltWinters {
                trend: Some(Trend::None),
                ..Default::default()
            },
        ),
        (
            "the same, independent residuals",
            HoltWinters {
                residuals: Some(Residuals::Independent),
                ..Default::default()
            },
        ),
        (
            "the same, multiplicative season",
            HoltWinters {
                season: Some(Season::Multiplicative),
                ..Default::default()
            },
        ),
        (
            "the same, additive season",
            HoltWinters {
                season: Some(Season::Additive),
                ..Default::default()
            },
        ),
    ] {
        let forecaster = HoltWinters {
            refit: Some(Refit::Week),
            ..forecaster
        };
        line(name, &all, |of| as_the_rule(of, &forecaster));
    }
    for periods in [&[DAY][..], &[WEEK], &[DAY, WEEK]] {
        for season in [Season::Additive, Season::Multiplicative] {
            for trend in [Trend::None, Trend::Additive, Trend::Damped] {
                let model = Model::new(trend, season, periods)?;
                line(&model.to_string(), &all, |of| {
                    let fit = model
                        .fit_or_fall_back(&of.known, &FitSettings::default())
                        .ok()?;
                    Some(
                        fit.forecast(STEPS)
                            .iter()
                            .map(|ahead| ahead.expected)
                            .collect(),
                    )
                });
            }
        }
    }
    Ok(())
}
