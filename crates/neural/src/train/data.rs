//! What there is to learn from: fresh series for each epoch, and the caller's own.

use tuatara_synth::alertiger::Recipe;
use tuatara_synth::draw::Draw;
use tuatara_synth::training::Mixture;
use tuatara_synth::{Cadence, LabelledSeries};

use super::settings::TrainingSettings;
use super::windows::{Family, Prepared};
use crate::detector::LONGEST_PERIOD;
use crate::error::{NeuralError, Result};

/// Hourly and weekly series for each of so many daily ones.
const DAILY_FOR_EACH_OTHER: u32 = 16;
const DAYS_OF_WEEK: usize = 7;
/// The epoch that no training reaches.
const HELD_OUT: u32 = 1 << 31;
/// The seeds of the sets by AlerTiger's recipe on which a threshold is chosen come from this one on,
/// ten for each seed of a training.
const RECIPES: u64 = 500;
/// The first of the ten seeds of recipes that tests use, and nothing else.
const OF_TESTS: u64 = 1_000;

/// Labelled data of the caller's.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnSeries {
    /// One for each step, oldest first; NaN where missing.
    pub values: Vec<f64>,
    /// Whether each is an anomaly. As long as `values`.
    pub labels: Vec<bool>,
    /// Steps of a season, from 1 to 20 000.
    pub period: usize,
}

impl OwnSeries {
    /// Refuses what cannot be learned from.
    pub(crate) fn check(&self) -> Result<()> {
        let (values, labels) = (self.values.len(), self.labels.len());
        if values != labels {
            return Err(NeuralError::Setting {
                setting: "labels",
                value: format!("{labels} labels of {values} values"),
                allowed: "as many labels as values",
                remedy: "give each value a label, and missing ones, too: NaN and false",
            });
        }
        if !(1..=LONGEST_PERIOD).contains(&self.period) {
            return Err(NeuralError::Setting {
                setting: "period",
                value: self.period.to_string(),
                allowed: "1 to 20000",
                remedy: "it counts steps: 7 for daily data, 168 for hourly",
            });
        }
        Ok(())
    }
}

/// The share of a series of the caller's that is learned from; the rest, at its end, is held out.
const LEARNED: f64 = 0.8;

fn draw(settings: &TrainingSettings, epoch: u32) -> Vec<Prepared> {
    let others = settings.series / DAILY_FOR_EACH_OTHER;
    let of = |cadence: Cadence, count: u32| {
        let mixture = Mixture::new(cadence);
        let period = cadence.periods()[cadence.periods().len() - 1];
        (0..count).map(move |index| {
            Prepared::new(
                &mixture.draw(settings.seed, epoch, index),
                period,
                Family::Mixture,
            )
        })
    };
    let by_recipe = (0..settings.series / 2).map(|index| {
        let number = (u64::from(epoch) << 32) | u64::from(index);
        Prepared::new(
            &by_recipe(settings.seed, number),
            DAYS_OF_WEEK,
            Family::Recipe,
        )
    });
    of(Cadence::Daily, settings.series - settings.series / 2)
        .chain(of(Cadence::Hourly, others))
        .chain(of(Cadence::Weekly, others))
        .chain(by_recipe)
        .collect()
}

/// A series by AlerTiger's recipe: any shape, noise from 0.02 to 0.3, and an anomaly, half the time a
/// drop, of two and a half deviations of the noise at least.
fn by_recipe(seed: u64, number: u64) -> LabelledSeries {
    let mut draw = Draw::new(seed, "neural recipe", number);
    let noise = libm::exp(draw.between(libm::log(0.02), libm::log(0.3)));
    let least = 2.5 * noise + draw.between(0.0, 0.3);
    let recipe = Recipe::mixed()
        .with_noise(noise)
        .and_then(|recipe| recipe.with_size([least, least + draw.between(0.1, 0.6)]))
        .expect("noise and sizes are in the ranges of the recipe");
    let index = draw.below(recipe.len());
    // Another seed for each: what a recipe draws comes from the seed and the index.
    recipe.one(draw.below(usize::MAX) as u64, index)
}

/// The series of an epoch.
pub(crate) fn epoch(settings: &TrainingSettings, own: &[OwnSeries], epoch: u32) -> Vec<Prepared> {
    let mut set = draw(settings, epoch);
    set.extend(own.iter().map(|own| {
        let mut series = Prepared::of(own);
        series.rows.end = learned(own);
        series
    }));
    set
}

/// Series that nothing is learned from.
pub(crate) fn held_out(settings: &TrainingSettings, own: &[OwnSeries]) -> Vec<Prepared> {
    let mut set = draw(settings, HELD_OUT);
    set.extend(own.iter().map(|own| {
        let mut series = Prepared::of(own);
        series.rows.start = learned(own);
        series
    }));
    set
}

fn learned(own: &OwnSeries) -> usize {
    // In range: a share of a length.
    (own.values.len() as f64 * LEARNED) as usize
}

/// A set by AlerTiger's recipe.
pub(crate) struct Named {
    pub(crate) name: &'static str,
    pub(crate) series: Vec<LabelledSeries>,
}

/// Seed `at`, of ten, of the sets of the training with `seed`: never one that a test uses.
fn seed_of_recipe(seed: u64, at: u64) -> u64 {
    let number = RECIPES.wrapping_add(seed.wrapping_mul(10)).wrapping_add(at);
    match number < OF_TESTS {
        true => number,
        false => number.wrapping_add(10),
    }
}

/// The sets on which the threshold is chosen and that the card speaks of: no test uses their seeds.
pub(crate) fn recipes(seed: u64) -> Vec<Named> {
    let all = [
        ("standard", Recipe::standard()),
        ("mixed", Recipe::mixed()),
        ("noisy", Recipe::noisy()),
        ("subtle", Recipe::subtle()),
    ];
    let sets = all.into_iter().zip(0..);
    sets.map(|((name, recipe), at)| Named {
        name,
        series: [0, 1]
            .into_iter()
            .flat_map(|again| recipe.series(seed_of_recipe(seed, 2 * at + again)))
            .collect(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_training_sees_the_sets_of_the_tests() {
        // 500 + 10 · 50 is the first of them, and near 2⁶⁴ / 10 the numbers begin anew.
        for seed in (0..200).chain([u64::MAX / 10, u64::MAX / 10 + 50, u64::MAX - 50, u64::MAX]) {
            for at in 0..8 {
                assert!(
                    !(1_000..1_010).contains(&seed_of_recipe(seed, at)),
                    "{seed}"
                );
            }
        }
        assert_eq!(seed_of_recipe(1, 0), 510);
        assert_eq!(seed_of_recipe(50, 3), 1_013);
    }
}
