//! How good the weights that come with the crate are, on sets by AlerTiger's recipe that took no part
//! in training or in the choice of the threshold: seeds 1000 to 1009, 100 series of 181 days each, of
//! which the first 28 days are not scored.
//!
//! | set      | event F1 | AUPRC of points | coverage of the 99 % band |
//! |----------|----------|-----------------|---------------------------|
//! | standard | 0.99     | 0.95            | 0.985 to 0.995            |
//! | mixed    | 0.99     | 0.95            | the same                  |
//! | noisy    |          | 0.55            | the same                  |
//! | subtle   |          | 0.70            | the same                  |
//!
//! Means of ten; the coverage is that of each set.

use tuatara_metrics::{Decisions, EventTally, Labels, Scores, average_precision};
use tuatara_neural::{Model, Workspace};
use tuatara_synth::alertiger::Recipe;

/// Days of a series that are not scored.
const UNSCORED: usize = 28;

/// Event F1, AUPRC and coverage on one set.
fn figures(model: &Model, recipe: Recipe, seed: u64) -> [f64; 3] {
    let (mut workspace, mut opinions) = (Workspace::default(), Vec::new());
    let (mut labels, mut scores, mut tally) = (Vec::new(), Vec::new(), EventTally::default());
    let (mut within, mut normal) = (0.0, 0.0);
    for series in recipe.series(seed) {
        model.opinions(&series.values, 7, &mut workspace, &mut opinions);
        let truth = &series.labels()[UNSCORED..];
        let said = opinions[UNSCORED..].iter().map(|said| said.unwrap());
        let flagged = said.clone().map(|said| said.row.verdict.is_anomalous());
        let decisions = Decisions::new(flagged.collect());
        tally.add(&EventTally::count(&Labels::new(truth.to_vec()), &decisions, 1).unwrap());
        for (said, label) in said.zip(truth) {
            labels.push(*label);
            scores.push(said.row.score);
            normal += f64::from(!label);
            within += f64::from(!label && said.is_within);
        }
    }
    let ranked = average_precision(&Labels::new(labels), &Scores::new(scores).unwrap());
    [
        tally.f1().unwrap(),
        ranked.unwrap().unwrap(),
        within / normal,
    ]
}

fn check(name: &str, recipe: Recipe, least_events: f64, least_ranked: f64) {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/models/pretrained.safetensors");
    let model = Model::read(model).unwrap();
    let sets: Vec<[f64; 3]> = (1000..1010)
        .map(|seed| figures(&model, recipe, seed))
        .collect();
    let mean = |at: usize| sets.iter().map(|set| set[at]).sum::<f64>() / 10.0;
    let worst = |at: usize| sets.iter().map(|set| set[at]).fold(1.0, f64::min);
    for (at, what) in ["event F1", "AUPRC", "coverage"].into_iter().enumerate() {
        println!("{name} {what}: {:.4}, worst {:.4}", mean(at), worst(at));
    }
    assert!(mean(0) >= least_events, "{name}: event F1 {}", mean(0));
    assert!(mean(1) >= least_ranked, "{name}: AUPRC {}", mean(1));
    for [_, _, coverage] in sets {
        assert!(
            (0.985..=0.995).contains(&coverage),
            "{name}: coverage {coverage}"
        );
    }
}

#[test]
fn rises_in_faint_noise_are_found_and_nothing_else_is() {
    check("standard", Recipe::standard(), 0.99, 0.95);
}

#[test]
fn drops_are_found_as_well_as_rises() {
    check("mixed", Recipe::mixed(), 0.99, 0.95);
}

#[test]
fn strong_noise_hides_some_anomalies_and_the_band_stays_right() {
    check("noisy", Recipe::noisy(), 0.75, 0.55);
}

#[test]
fn small_anomalies_are_ranked_before_noise() {
    check("subtle", Recipe::subtle(), 0.9, 0.7);
}
