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
fn processor() -> Outcome<f64> {
    let mut nanos = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        let spent = text.split_whitespace().next().ok_or("a number")?;
        nanos += spent.parse::<u64>()?;
    }
    Ok(nanos as f64 / 1e9)
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
        let model = match task.rsplit_once(' ').map_or("", |(_, name)| name) {
            "365" => Model::new(Trend::Additive, Season::Additive, &[7])?,
            "720" => Model::new(Trend::Additive, Season::Additive, &[24])?,
            _ => Model::new(Trend::Additive, Season::None, &[])?,
        };
        match task.split(' ').collect::<Vec<_>>()[..] {
            ["fit", optimizer, name] => {
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
