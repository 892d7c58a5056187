//! Training from end to end, on so little that it takes seconds.

#![cfg(feature = "train")]

use tuatara_neural::Model;
use tuatara_neural::train::{OwnSeries, Stage, Trained, TrainingSettings, train};

fn small() -> TrainingSettings {
    TrainingSettings {
        name: "small".to_owned(),
        epochs: 3,
        series: 48,
        levels: vec![0.9, 0.995],
        ..TrainingSettings::default()
    }
}

fn trained(own: &[OwnSeries]) -> Trained {
    train(&small(), own, |_| {}).unwrap()
}

#[test]
fn losses_fall_and_the_same_seed_gives_the_same_file() {
    let (one, two) = (trained(&[]), trained(&[]));
    assert_eq!(one.model.to_bytes(), two.model.to_bytes());
    assert_eq!(one.curve, two.curve);
    for stage in [Stage::Forecaster, Stage::Classifier] {
        let of = one.curve.points.iter().filter(|point| point.stage == stage);
        let losses: Vec<f64> = of.map(|point| point.validation).collect();
        assert!(
            losses.len() == 3 && losses[2] < losses[0],
            "{stage}: {losses:?}"
        );
    }
    assert_eq!(one.curve.to_csv().lines().count(), 7);
    assert!(one.curve.to_svg().starts_with("<svg") && one.curve.to_svg().ends_with("</svg>\n"));
}

#[test]
fn a_file_gives_back_the_model_and_its_card() {
    let model = trained(&[]).model;
    let again = Model::from_bytes(&model.to_bytes()).unwrap();
    assert_eq!(again, model);
    let card = again.card();
    assert_eq!((card.name.as_str(), card.seed), ("small", 1));
    assert_eq!(card.quantiles, [0.005, 0.1, 0.5, 0.9, 0.995]);
    assert_eq!(card.validation.len(), 12);
}

#[test]
fn data_of_the_callers_is_learned_from() {
    // A month of zeros and ones, and a spike that is called normal.
    let own = OwnSeries {
        values: (0..200)
            .map(|t| if t % 7 == 0 { 50.0 } else { f64::from(t % 2) })
            .collect(),
        labels: vec![false; 200],
        period: 7,
    };
    let (with, without) = (trained(&[own]), trained(&[]));
    assert_ne!(with.model, without.model);
    assert!(with.model.card().generator.contains("caller"));
}

#[test]
fn settings_that_cannot_be_used_are_refused_with_the_remedy() {
    let refused =
        |settings: TrainingSettings| train(&settings, &[], |_| {}).unwrap_err().to_string();
    assert_eq!(
        refused(TrainingSettings {
            levels: vec![0.995, 0.9],
            ..small()
        }),
        "levels is [0.995, 0.9]; allowed: one or more growing numbers in (0.5, 1); those below the \
         median are their mirror; 0.995 is customary"
    );
    assert_eq!(
        refused(TrainingSettings {
            epochs: 0,
            ..small()
        }),
        "epochs is 0; allowed: 1 to 10000; leave it out for the customary number"
    );
    assert_eq!(
        refused(TrainingSettings {
            rate: 2.0,
            ..small()
        }),
        "rate is 2; allowed: a number in (0, 1]; 0.003 is customary"
    );
}

#[test]
fn series_that_cannot_be_learned_from_are_refused_with_the_remedy() {
    let own = |labels: usize, period: usize| OwnSeries {
        values: vec![1.0; 100],
        labels: vec![false; labels],
        period,
    };
    let refused = |own: OwnSeries| train(&small(), &[own], |_| {}).unwrap_err().to_string();
    assert_eq!(
        refused(own(99, 7)),
        "labels is 99 labels of 100 values; allowed: as many labels as values; give each value a label, \
         and missing ones, too: NaN and false"
    );
    assert_eq!(
        refused(own(100, 0)),
        "period is 0; allowed: 1 to 20000; it counts steps: 7 for daily data, 168 for hourly"
    );
}
