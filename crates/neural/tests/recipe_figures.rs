//! The recipe's sets are as hard as those of its source: two yardsticks that need no training get the
//! figures there that were measured on sets of the original's own generator.
//!
//! The figures are of one set of 100 series each; ours are means of ten, whose own error is small
//! beside that of the one. The tolerances are three deviations of a single set, as the ten of ours
//! scatter, and 0.01 for what the description leaves open.

mod yardsticks;

use tuatara_synth::alertiger::Recipe;
use yardsticks::{Judged, all, four_lags, oracle};

/// Mean of ten sets, and the deviation of one.
fn ten(recipe: Recipe, figure: impl Fn(&[tuatara_synth::LabelledSeries]) -> f64) -> [f64; 2] {
    let figures: Vec<f64> = (1..=10).map(|seed| figure(&recipe.series(seed))).collect();
    let mean = figures.iter().sum::<f64>() / 10.0;
    let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
    [mean, (squares / 9.0).sqrt()]
}

fn check(what: &str, [mean, deviation]: [f64; 2], published: f64) {
    println!("{what}: {mean:.4} ± {deviation:.4}, published {published}");
    let tolerance = 3.0 * deviation + 0.01;
    assert!(
        (mean - published).abs() < tolerance,
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
        let figure = |of: fn(&Judged) -> f64| ten(recipe, |set| of(&Judged::new(set, oracle)));
        check(
            &format!("oracle {name} AUROC"),
            figure(Judged::auroc),
            auroc,
        );
        check(
            &format!("oracle {name} AUPRC"),
            figure(Judged::auprc),
            auprc,
        );
        check(
            &format!("oracle {name} best F1"),
            figure(Judged::best_f1),
            f1,
        );
    }
}

#[test]
fn four_lags_get_the_published_figures() {
    // AUROC, AUPRC, best F1 of points; precision and recall of events above 6.
    let published = [
        [0.989, 0.954, 0.911, 0.972, 1.000],
        [0.987, 0.919, 0.869, 0.932, 0.988],
        [0.868, 0.287, 0.365, 0.500, 0.054],
        [0.917, 0.591, 0.569, 0.935, 0.458],
        [0.991, 0.931, 0.893, 0.962, 1.000],
    ];
    for ((name, recipe), [auroc, auprc, f1, precision, recall]) in SETS.into_iter().zip(published) {
        let figure = |of: fn(&Judged) -> f64| ten(recipe, |set| of(&Judged::new(set, four_lags)));
        check(
            &format!("four lags {name} AUROC"),
            figure(Judged::auroc),
            auroc,
        );
        check(
            &format!("four lags {name} AUPRC"),
            figure(Judged::auprc),
            auprc,
        );
        check(
            &format!("four lags {name} best F1"),
            figure(Judged::best_f1),
            f1,
        );
        let of = |judged: &Judged| judged.events(6.0, all).precision().unwrap_or(0.0);
        check(
            &format!("four lags {name} precision"),
            figure(of),
            precision,
        );
        let of = |judged: &Judged| judged.events(6.0, all).recall().unwrap_or(0.0);
        check(&format!("four lags {name} recall"), figure(of), recall);
    }
}
