//! How do I add a detector of my own, and name it in a configuration?
//!
//! Three moments, three types: `StuckParams` is what is written and may be wrong, `Stuck` is
//! checked and cannot be. Registered under its own type name, it gets filters, merging,
//! explanations and error messages with line and column like every other.

use std::error::Error;

use serde::Deserialize;
use tuatara::core::{
    BuildContext, Detail, Detector, Direction, Evaluation, Fact, Lookback, Memo, ParamError,
    Params, Readiness, Result, Row, Verdict, Window, unjudged_because,
};
use tuatara::frame::{Frame, Granularity, Instant, Metric, SeriesView, TimeAxis};
use tuatara::{Detection, standard_registry};

/// Parameters of `STUCK_SENSOR`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StuckParams {
    /// Equal values in a row that are one too many. In 2 to 1000; 5 by default.
    repeats: usize,
}

impl Default for StuckParams {
    fn default() -> Self {
        Self { repeats: 5 }
    }
}

impl Params for StuckParams {
    const TYPE: &'static str = "STUCK_SENSOR";
    type Built = Box<dyn Detector>;

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        if (2..=1000).contains(&self.repeats) {
            let Self { repeats } = self;
            return Ok(Box::new(Stuck { repeats }));
        }
        let remedy = "5 is customary";
        Err(ParamError::new(
            "repeats",
            self.repeats,
            "a whole number from 2 to 1000",
            remedy,
        ))
    }
}

/// A bucket is anomalous when it and those before it, `repeats` in all, have the same value.
#[derive(Debug)]
struct Stuck {
    repeats: usize,
}

impl Detector for Stuck {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(self.repeats - 1))
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()> {
        window.check(series.len())?;
        let trace = out.detail() == Detail::Trace;
        let values = series.values();
        let mut columns = out.columns(window.len());
        for (row, i) in window.range().enumerate() {
            let observed = values[i];
            let oldest = (i + 1).saturating_sub(self.repeats);
            let same = values[oldest..=i]
                .iter()
                .rev()
                .take_while(|value| value.to_bits() == observed.to_bits())
                .count();
            let why = unjudged_because(series.is_complete(i), observed, true, Readiness::Ready);
            columns.set(
                row,
                match why {
                    Some(verdict) => Row::unjudged(observed, verdict),
                    None => {
                        let stuck = same >= self.repeats;
                        // One repeat short of stuck is the boundary.
                        let score = same as f64 / (self.repeats - 1) as f64;
                        Row {
                            score: if stuck { score } else { score.min(1.0) },
                            verdict: match stuck {
                                true => Verdict::Anomalous(Direction::Neither),
                                false => Verdict::Normal,
                            },
                            ..Row::unjudged(observed, Verdict::Normal)
                        }
                    }
                },
            );
            if trace {
                let said = format!("{same} equal values in a row, {} are stuck", self.repeats);
                columns.facts[row].push(Fact::Remark(said));
            }
        }
        Ok(())
    }
}

const SPEC: &str = "
detectionName: sensors that repeat themselves
metric: celsius
rules:
  - detection:
      - name: stuck
        type: STUCK_SENSOR
        params: { repeats: 4 }
";

fn main() -> Result<(), Box<dyn Error>> {
    let registry = standard_registry().with::<StuckParams>();
    let (detection, _) = Detection::from_yaml_with(SPEC, "sensors.yaml", &registry)?;

    let readings = [20.1, 20.3, 20.2, 20.4, 20.4, 20.4, 20.4, 20.4, 20.6, 20.5];
    let mut builder = Frame::builder("greenhouse", [Metric::new("celsius")])
        .granularity("PT1H".parse::<Granularity>()?);
    for (hour, celsius) in readings.into_iter().enumerate() {
        let stamp = Instant::from_millis(1_767_571_200_000 + hour as i64 * 3_600_000)?;
        builder.row(stamp, &[], &[celsius])?;
    }
    let frame = builder.build()?;

    let report = detection.run(&frame, detection.extent(&frame)?)?;
    for anomaly in report.anomalies() {
        println!(
            "stuck from {} to {}",
            anomaly.interval.start(),
            anomaly.interval.end()
        );
        print!("{}", report.explain(&anomaly.slice, anomaly.peak.at)?[0]);
    }

    // A mistake in its parameters is shown like any other.
    let wrong = SPEC.replace("repeats: 4", "repeats: 1");
    let error = Detection::from_yaml_with(&wrong, "sensors.yaml", &registry);
    println!("\n{}", error.expect_err("one is too few"));
    Ok(())
}
