//! The part of Tuatara that `benches/peers/beside.py` measures.
//!
//! Reads the name of a task per line, and answers with the processor time of doing it once in seconds.
//! The inputs lie in the folder that is its argument: series as rows of numbers in `fit-….csv`, one
//! long series with stamps in `long.csv`.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, BufRead, Write};

use tuatara::Detection;
use tuatara::frame::files::{self, ReadOptions};
use tuatara::frame::{Frame, Metric};
use tuatara_holt_winters::{FitSettings, Model, Optimizer, Season, Trend};

/// How often all series are fitted or gone over for one answer.
const ROUNDS: usize = 20;

/// A week of five-minute values: their median, and the median distance from it.
const ROBUST: &str = "
detectionName: robust
metric: value
rules:
  - detection: { name: z, type: ROBUST_ZSCORE, params: { lookback: P7D, threshold: 8 } }
";

/// The median of the same time on the four weeks before.
const WEEKS: &str = "
detectionName: weeks
metric: value
rules:
  - detection: { name: weeks, type: PERCENTAGE_RULE, params: { offset: median4w, percentageChange: 0.5 } }
";

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The processor time of all threads of this process so far, in seconds.
#[cfg(unix)]
fn processor() -> Outcome<f64> {
    use rustix::time::{ClockId, clock_gettime};
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Ok(spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9)
}

#[cfg(not(unix))]
fn processor() -> Outcome<f64> {
    Err("processor time is read as Unix tells it; run this there".into())
}

struct Inputs {
    folder: String,
}

impl Inputs {
    fn series(&self, name: &str) -> Outcome<Vec<Vec<f64>>> {
        let text = fs::read_to_string(format!("{}/fit-{name}.csv", self.folder))?;
        let row = |line: &str| line.split(',').map(str::parse).collect::<Result<_, _>>();
        Ok(text.lines().map(row).collect::<Result<_, _>>()?)
    }

    fn long(&self) -> Outcome<Frame> {
        let options = ReadOptions::new().metric(Metric::new("value"));
        Ok(files::read_path(
            format!("{}/long.csv", self.folder),
            &options,
        )?)
    }

    /// The processor time of a task, once.
    fn took(&self, task: &str) -> Outcome<f64> {
        match task.split(' ').collect::<Vec<_>>()[..] {
            ["fit", optimizer, season, name] => {
                let model = model(season, name)?;
                let optimizer = match optimizer {
                    "BOBYQA" => Optimizer::Bobyqa,
                    _ => Optimizer::GaussNewton,
                };
                let settings = FitSettings::default().with_optimizer(optimizer);
                let series = self.series(name)?;
                each(&series, ROUNDS, |values| {
                    black_box(model.fit(black_box(values), &settings)?);
                    Ok(())
                })
            }
            ["pass", name] => {
                let model = model("add", name)?;
                let series = self.series(name)?;
                let fit = model.fit(&series[0], &FitSettings::default())?;
                let (weights, start) = (fit.weights(), fit.start());
                each(&series, 50 * ROUNDS, |values| {
                    black_box(model.expected(weights, &start, black_box(values))?);
                    Ok(())
                })
            }
            ["rolling", what] => {
                let detection = Detection::from_yaml(if what == "weeks" { WEEKS } else { ROBUST })?;
                let frame = self.long()?;
                let extent = detection.extent(&frame)?;
                once(|| {
                    black_box(detection.run(&frame, extent)?);
                    Ok(())
                })
            }
            ["anomalies"] => once(|| {
                let detection = Detection::from_yaml(ROBUST)?;
                let frame = self.long()?;
                let report = detection.run(&frame, detection.extent(&frame)?)?;
                black_box(report.anomalies().len());
                Ok(())
            }),
            _ => Err(format!("`{task}` is no task").into()),
        }
    }
}

/// A trend, and the season of a set of series as statsmodels calls it.
fn model(season: &str, name: &str) -> Outcome<Model> {
    let season = match season {
        "add" => Season::Additive,
        "mul" => Season::Multiplicative,
        "none" => Season::None,
        _ => return Err(format!("`{season}` is no season").into()),
    };
    let period: &[usize] = match name {
        "365" => &[7],
        "720" => &[24],
        _ => &[],
    };
    Ok(Model::new(Trend::Additive, season, period)?)
}

fn once(mut run: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let before = processor()?;
    run()?;
    Ok(processor()? - before)
}

fn each(
    series: &[Vec<f64>],
    rounds: usize,
    mut run: impl FnMut(&[f64]) -> Outcome<()>,
) -> Outcome<f64> {
    let all = once(|| {
        let mut all = series.iter().cycle().take(rounds * series.len());
        all.try_for_each(|values| run(values))
    })?;
    Ok(all / (rounds * series.len()) as f64)
}

fn main() -> Outcome<()> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("give the folder of the inputs")?;
    let inputs = Inputs { folder };
    for task in io::stdin().lock().lines() {
        println!("{:e}", inputs.took(&task?)?);
        io::stdout().flush()?;
    }
    Ok(())
}
