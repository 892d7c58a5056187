//! How the losses went down.

use std::fmt;

/// The two networks, in the order in which they are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The quantile forecaster.
    Forecaster,
    /// The anomaly classifier.
    Classifier,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forecaster => "forecaster",
            Self::Classifier => "classifier",
        })
    }
}

/// The losses of an epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Which network.
    pub stage: Stage,
    /// The number of the epoch, from 1.
    pub epoch: u32,
    /// The mean loss of its batches, while the network still changed.
    pub training: f64,
    /// The loss on series that nothing is learned from, after it.
    pub validation: f64,
}

/// The losses of all epochs, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// One for each epoch of each stage.
    pub points: Vec<CurvePoint>,
}

impl Curve {
    /// A table: `stage,epoch,training,validation`, a line for each epoch.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = String::from("stage,epoch,training,validation\n");
        for point in &self.points {
            text += &format!(
                "{},{},{},{}\n",
                point.stage, point.epoch, point.training, point.validation
            );
        }
        text
    }

    /// A picture: for each network a panel of the losses over the epochs, in training and on what was
    /// held out. It needs nothing from outside.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {HEIGHT}\" \
             font-family=\"sans-serif\" font-size=\"11\">\n",
            2.0 * PANEL
        );
        for (at, stage) in [Stage::Forecaster, Stage::Classifier]
            .into_iter()
            .enumerate()
        {
            let points = self.points.iter().filter(|point| point.stage == stage);
            svg += &panel(stage, points.copied().collect(), PANEL * at as f64);
        }
        svg + "</svg>\n"
    }
}

/// Width of a panel, height of the picture, and the space around a panel's curves.
const PANEL: f64 = 360.0;
const HEIGHT: f64 = 240.0;
const MARGIN: f64 = 48.0;
/// Colours of the two curves and of text.
const TRAINING: &str = "#b35900";
const VALIDATION: &str = "#004d99";
const INK: &str = "#333333";

fn panel(stage: Stage, points: Vec<CurvePoint>, left: f64) -> String {
    let losses = points
        .iter()
        .flat_map(|point| [point.training, point.validation]);
    let losses = losses.filter(|loss| loss.is_finite());
    let (low, high) = losses.fold((f64::INFINITY, 0.0_f64), |(low, high), loss| {
        (low.min(loss), high.max(loss))
    });
    let span = if high > low { high - low } else { 1.0 };
    let last = points.last().map_or(1, |point| point.epoch.max(2));
    let x = |epoch: u32| {
        let share = f64::from(epoch - 1) / f64::from(last - 1);
        left + MARGIN + (PANEL - 1.5 * MARGIN) * share
    };
    let y = |loss: f64| HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * (loss - low) / span;
    let line = |loss: fn(&CurvePoint) -> f64, colour: &str| {
        let seen = points.iter().filter(|point| loss(point).is_finite());
        let places = seen.map(|point| format!("{:.1},{:.1}", x(point.epoch), y(loss(point))));
        let places: Vec<String> = places.collect();
        format!(
            "<polyline fill=\"none\" stroke=\"{colour}\" points=\"{}\"/>\n",
            places.join(" ")
        )
    };
    let text = |x: f64, y: f64, anchor: &str, colour: &str, said: &str| {
        format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{said}</text>\n"
        )
    };
    let mut svg = line(|point| point.training, TRAINING);
    svg += &line(|point| point.validation, VALIDATION);
    let (begin, end) = (left + MARGIN, left + PANEL - 0.5 * MARGIN);
    svg += &text(begin, 20.0, "start", INK, &format!("loss of the {stage}"));
    svg += &text(begin, 36.0, "start", TRAINING, "training");
    svg += &text(begin + 60.0, 36.0, "start", VALIDATION, "held out");
    if low.is_finite() {
        svg += &text(
            begin - 6.0,
            y(high) + 4.0,
            "end",
            INK,
            &format!("{high:.4}"),
        );
        svg += &text(begin - 6.0, y(low) + 4.0, "end", INK, &format!("{low:.4}"));
    }
    svg += &text(begin, HEIGHT - MARGIN + 18.0, "middle", INK, "1");
    svg += &text(
        end,
        HEIGHT - MARGIN + 18.0,
        "middle",
        INK,
        &last.to_string(),
    );
    svg + &text(
        0.5 * (begin + end),
        HEIGHT - MARGIN + 18.0,
        "middle",
        INK,
        "epoch",
    )
}
