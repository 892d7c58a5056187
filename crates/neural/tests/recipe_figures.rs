//! The recipe's sets are as hard as those of its source: two yardsticks that need no training get the
//! figures there that were measured on sets of the original's own generator.
//!
//! The figures are of one set of 100 series each; ours are means of ten, whose own error is small
//! beside that of the one. The tolerances are three deviations of a single set, as the ten of ours
//! scatter, and 0.01 for what the description leaves open.

#[allow(dead_code)] // an example of the crate uses the rest
mod yardsticks;

use tuatara_synth::LabelledSeries;
use tuatara_synth::alertiger::Recipe;
use yardsticks::{FOUR_LAGS_FLAG, Judged, Said, all, four_lags, oracle};

/// Ten sets as one method judges them.
fn ten(recipe: Recipe, method: fn(&LabelledSeries) -> Said) -> Vec<Judged> {
    let judged = |seed| Judged::new(&recipe.series(seed), method);
    (1..=10).map(judged).collect()
}

/// Compares a figure of one set with the mean of ten.
fn check(what: &str, sets: &[Judged], figure: impl Fn(&Judged) -> f64, published: f64) {
    let figures: Vec<f64> = sets.iter().map(figure).collect();
    let count = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / count;
    let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
    let deviation = (squares / (count - 1.0)).sqrt();
    assert!(
        (mean - published).abs() < 3.0 * deviation + 0.01,
        "{what}: {mean:.4} ± {deviation:.4}, published {published}"
    );
}

const SETS: [(&str, Recipe); 5] = [
    ("readme", Recipe::readme()),
    ("standard", Recipe::standard()),
    ("noisy", Recipe::noisy()),
    ("subtle", Recipe::subtle()),
    ("mixed", Recipe::mixed()),
];

#[test]
fn who_knows_trend_and_season_gets_the_published_figures() {
    // AUROC, AUPRC, best F1 of points.
    let published = [
        [0.999, 0.994, 0.978],
        [0.998, 0.990, 0.978],
        [0.915, 0.689, 0.671],
        [0.957, 0.833, 0.799],
        [0.998, 0.992, 0.980],
    ];
    for ((name, recipe), [auroc, auprc, f1]) in SETS.into_iter().zip(published) {
        let sets = ten(recipe, oracle);
        check(&format!("{name} AUROC"), &sets, Judged::auroc, auroc);
        check(&format!("{name} AUPRC"), &sets, Judged::auprc, auprc);
        check(&format!("{name} best F1"), &sets, Judged::best_f1, f1);
    }
}

#[test]
fn four_lags_get_the_published_figures() {
    // AUROC, AUPRC, best F1 of points; precision and recall of events.
    let published = [
        [0.989, 0.954, 0.911, 0.972, 1.000],
        [0.987, 0.919, 0.869, 0.932, 0.988],
        [0.868, 0.287, 0.365, 0.500, 0.054],
        [0.917, 0.591, 0.569, 0.935, 0.458],
        [0.991, 0.931, 0.893, 0.962, 1.000],
    ];
    for ((name, recipe), [auroc, auprc, f1, precision, recall]) in SETS.into_iter().zip(published) {
        let sets = ten(recipe, four_lags);
        check(&format!("{name} AUROC"), &sets, Judged::auroc, auroc);
        check(&format!("{name} AUPRC"), &sets, Judged::auprc, auprc);
        check(&format!("{name} best F1"), &sets, Judged::best_f1, f1);
        let events = |judged: &Judged| judged.events(FOUR_LAGS_FLAG, all);
        let of = |judged: &Judged| events(judged).precision().unwrap_or(0.0);
        check(&format!("{name} precision"), &sets, of, precision);
        let of = |judged: &Judged| events(judged).recall().unwrap_or(0.0);
        check(&format!("{name} recall"), &sets, of, recall);
    }
}
