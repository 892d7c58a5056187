//! How much better than AlerTiger is what comes with this crate, on sets by AlerTiger's own recipe?
//!
//! ```sh
//! cargo run --release -p tuatara-neural --features train,pretrained --example alertiger_table
//! cargo run --release -p tuatara-neural --features train,pretrained --example alertiger_table -- 2000
//! ```
//!
//! Trains the original on the set of its notebook, then judges ten sets of each kind by four methods.
//! The seeds of the sets are 1000 to 1009; another first one can be given, so that these stay unseen
//! while something is being changed. Thresholds "chosen" are those that were best on one more set, at
//! the seed before the first; "shipped" are those that the method comes with.
//!
//! Events are runs of labelled days, alerts runs of flags. The first 28 days are not scored. Of the
//! original, events are counted after its filters, which look ahead.

#[path = "../tests/yardsticks/mod.rs"]
mod yardsticks;

use std::time::Instant;

use tuatara_metrics::EventTally;
use tuatara_neural::original::training::{Training, train};
use tuatara_neural::original::{Original, PostFilter, THRESHOLD, Verdict};
use tuatara_neural::{Model, Workspace};
use tuatara_synth::LabelledSeries;
use tuatara_synth::alertiger::Recipe;
use yardsticks::{Band, FOUR_LAGS_FLAG, Judged, Said, UNSCORED, all, four_lags, oracle};

const SETS: [(&str, Recipe); 5] = [
    ("standard", Recipe::standard()),
    ("mixed", Recipe::mixed()),
    ("noisy", Recipe::noisy()),
    ("subtle", Recipe::subtle()),
    ("readme", Recipe::readme()),
];
const SEEDS: u64 = 10;
const FIRST_SEED: u64 = 1000;
/// Of the processor, for a series of 181 days with the function of the original.
const SECONDS_AT_HOME: f64 = 1.05;

/// What a method says of a set, with the flags that it shows.
struct Outcome {
    judged: Judged,
    /// The verdicts of the original, whose filters need them.
    verdicts: Vec<Vec<Verdict>>,
    values: Vec<Vec<f64>>,
}

impl Outcome {
    fn events(&self, threshold: f64) -> EventTally {
        self.judged
            .events(threshold, |number, flags| self.shown(number, flags))
    }

    fn best_threshold(&self) -> f64 {
        self.judged
            .best_threshold(|number, flags| self.shown(number, flags))
    }

    fn shown(&self, number: usize, flags: &[bool]) -> Vec<bool> {
        let Some(verdicts) = self.verdicts.get(number) else {
            return all(number, flags);
        };
        let flagged = verdicts
            .iter()
            .zip(flags)
            .map(|(verdict, &is_flagged)| Verdict {
                is_flagged,
                ..*verdict
            });
        let verdicts: Vec<Verdict> = flagged.collect();
        PostFilter::ORIGINAL.shown(&self.values[number], &verdicts)
    }
}

enum Method<'m> {
    Ours(&'m Model),
    Original(&'m Original),
    FourLags,
    Oracle,
}

impl Method<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Ours(_) => "ours",
            Self::Original(_) => "original",
            Self::FourLags => "four lags",
            Self::Oracle => "oracle",
        }
    }

    /// The threshold that it comes with.
    fn shipped(&self) -> Option<f64> {
        match self {
            Self::Ours(_) => Some(1.0),
            Self::Original(_) => Some(f64::from(THRESHOLD)),
            Self::FourLags => Some(FOUR_LAGS_FLAG),
            Self::Oracle => None,
        }
    }

    fn on(&self, set: &[LabelledSeries]) -> Outcome {
        let mut outcome = Outcome {
            judged: Judged::new(set, |series| match self {
                Self::Ours(model) => ours(model, series),
                Self::Original(original) => by_original(original, series),
                Self::FourLags => four_lags(series),
                Self::Oracle => oracle(series),
            }),
            verdicts: Vec::new(),
            values: Vec::new(),
        };
        if let Self::Original(original) = self {
            for series in set {
                let mut verdicts = judge(original, series);
                outcome.verdicts.push(verdicts.split_off(UNSCORED));
                outcome.values.push(series.values[UNSCORED..].to_vec());
            }
        }
        outcome
    }
}

fn judge(original: &Original, series: &LabelledSeries) -> Vec<Verdict> {
    original.judge(&series.values, series.first_weekday(), THRESHOLD)
}

fn ours(model: &Model, series: &LabelledSeries) -> Said {
    let mut opinions = Vec::new();
    model.opinions(&series.values, 7, &mut Workspace::default(), &mut opinions);
    let mut said = Said::default();
    for opinion in opinions {
        said.score
            .push(opinion.map_or(f64::NAN, |said| said.row.score));
        said.may_flag.push(true);
        said.band.push(opinion.map(|said| Band {
            is_within: said.is_within,
            width: said.row.upper - said.row.lower,
        }));
    }
    said
}

fn by_original(original: &Original, series: &LabelledSeries) -> Said {
    let mut said = Said::default();
    for (value, verdict) in series.values.iter().zip(judge(original, series)) {
        let is_within = (verdict.lower..=verdict.upper).contains(value);
        said.score.push(verdict.probability);
        said.may_flag.push(!is_within);
        said.band.push((!verdict.expected.is_nan()).then_some(Band {
            is_within,
            width: verdict.upper - verdict.lower,
        }));
    }
    said
}

/// Mean, and the least.
fn mean_and_worst(figures: &[f64]) -> [f64; 2] {
    let sum: f64 = figures.iter().sum();
    let least = figures.iter().copied().fold(f64::INFINITY, f64::min);
    [sum / figures.len() as f64, least]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let first = match std::env::args().nth(1) {
        Some(word) => word.parse()?,
        None => FIRST_SEED,
    };
    let trained = train(&Recipe::training().series(1), &Training::quick(1), |_| ())?;
    let methods = [
        Method::Ours(Model::pretrained()),
        Method::Original(&trained.original),
        Method::FourLags,
        Method::Oracle,
    ];
    println!(
        "{:9} {:9}  {:^13}  {:^13}  {:>5}  {:>8}  {:^19}  {:^21}  {:^13}  {:>6}",
        "set",
        "method",
        "AUPRC",
        "event F1",
        "AUROC",
        "point F1",
        "shipped P R F1",
        "chosen P R F1",
        "coverage",
        "width"
    );
    println!("{:20}  {:^13}  {:^13}", "", "mean   worst", "mean   worst");
    for (name, recipe) in SETS {
        let validation = recipe.series(first - 1);
        let sets: Vec<_> = (first..first + SEEDS)
            .map(|seed| recipe.series(seed))
            .collect();
        for method in &methods {
            let chosen = method.on(&validation).best_threshold();
            let outcomes: Vec<Outcome> = sets.iter().map(|set| method.on(set)).collect();
            let of = |figure: &dyn Fn(&Outcome) -> f64| {
                mean_and_worst(&outcomes.iter().map(figure).collect::<Vec<f64>>())
            };
            let auprc = of(&|outcome| outcome.judged.auprc());
            let events = |threshold: f64| {
                let part = |get: fn(&EventTally) -> Option<f64>| {
                    of(&|outcome| get(&outcome.events(threshold)).unwrap_or(0.0))
                };
                [EventTally::precision, EventTally::recall, EventTally::f1].map(part)
            };
            let best = events(chosen);
            let means = |events: [[f64; 2]; 3]| {
                let [p, r, f1] = events.map(|[mean, _]| mean);
                format!("{p:.3} {r:.3} {f1:.3}")
            };
            let shipped = method
                .shipped()
                .map_or(String::new(), |at| means(events(at)));
            let bands = outcomes
                .iter()
                .filter_map(|outcome| outcome.judged.coverage());
            let bands: Vec<[f64; 2]> = bands.collect();
            let band = if bands.is_empty() {
                String::new()
            } else {
                let [coverage, worst] = mean_and_worst(&Vec::from_iter(bands.iter().map(|b| b[0])));
                let [width, _] = mean_and_worst(&Vec::from_iter(bands.iter().map(|b| b[1])));
                format!("{coverage:.4} {worst:.4}  {width:6.3}")
            };
            println!(
                "{name:9} {:9}  {:.4} {:.4}  {:.4} {:.4}  {:.3}  {:8.3}  {shipped:19}  {:21}  {band}",
                method.name(),
                auprc[0],
                auprc[1],
                best[2][0],
                best[2][1],
                of(&|outcome| outcome.judged.auroc())[0],
                of(&|outcome| outcome.judged.best_f1())[0],
                means(best),
            );
        }
    }
    println!("\nseconds for a series of 181 days, at home {SECONDS_AT_HOME}:");
    let set = Recipe::standard().series(first);
    for method in &methods[..2] {
        let clock = Instant::now();
        for series in &set {
            match method {
                Method::Ours(model) => drop(ours(model, series)),
                Method::Original(original) => drop(judge(original, series)),
                Method::FourLags | Method::Oracle => {}
            }
        }
        let each = clock.elapsed().as_secs_f64() / set.len() as f64;
        println!(
            "{:9} {each:.6}, 1/{:.0} of it",
            method.name(),
            SECONDS_AT_HOME / each
        );
    }
    Ok(())
}
