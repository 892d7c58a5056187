//! What holds of the measures whatever the labels and scores.

use proptest::prelude::*;
use tuatara_metrics::{
    ALERT_GAP, Answer, Decisions, Labels, Probation, Scores, Summary, Truth, affiliation,
    point_adjusted_f1, summarise,
};

/// Labels in runs, and a score for each row: few different ones, some of them none.
fn rows() -> impl Strategy<Value = (Vec<bool>, Vec<f64>)> {
    let run = (any::<bool>(), 1..15_usize);
    let labels = prop::collection::vec(run, 1..8).prop_map(|runs| {
        let runs = runs.into_iter();
        runs.flat_map(|(label, length)| vec![label; length])
            .collect::<Vec<bool>>()
    });
    labels.prop_flat_map(|labels| {
        let score = prop_oneof![4 => (-8_i8..8).prop_map(f64::from), 1 => Just(f64::NAN)];
        let scores = prop::collection::vec(score, labels.len());
        (Just(labels), scores)
    })
}

fn summary(labels: &[bool], scores: &[f64], threshold: f64) -> Summary {
    let truth = Truth::from_labels(Labels::new(labels.to_vec()), Probation::Share).unwrap();
    let scores = Scores::new(scores.to_vec()).unwrap();
    let decisions = scores.at_least(threshold);
    let answer = Answer { scores, decisions };
    summarise("ours", &[truth.with_buffer(9)], &[answer], ALERT_GAP).unwrap()
}

/// The measures that are shares.
fn shares(of: &Summary) -> [Option<f64>; 14] {
    [
        of.vus_pr,
        of.average_precision,
        of.best_f1,
        of.best_range_f1,
        of.pooled_best_f1,
        of.f1,
        of.range_precision,
        of.range_recall,
        of.range_f1,
        of.affiliation_precision,
        of.affiliation_recall,
        of.affiliation_f1,
        of.events.precision(),
        of.events.recall(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn shares_lie_between_0_and_1((labels, scores) in rows(), threshold in -8_i8..9) {
        let of = summary(&labels, &scores, f64::from(threshold));
        for (place, share) in shares(&of).into_iter().enumerate() {
            let is_share = share.is_none_or(|share| (-1e-12..=1.0 + 1e-12).contains(&share));
            prop_assert!(is_share, "number {place}: {share:?}");
        }
    }

    #[test]
    fn only_the_order_of_scores_matters((labels, scores) in rows()) {
        let mapped: Vec<f64> = scores.iter().map(|score| 3.0 * score * score * score - 7.0).collect();
        let (plain, mapped) = (summary(&labels, &scores, 100.0), summary(&labels, &mapped, 1e9));
        prop_assert_eq!(shares(&plain), shares(&mapped));
        let nab = |of: &Summary| of.nab_searched.map(|nab| (nab.score, nab.raw));
        prop_assert_eq!(nab(&plain), nab(&mapped));
    }

    #[test]
    fn no_decision_at_a_threshold_beats_the_searched_nab((labels, scores) in rows(), threshold in -8_i8..9) {
        let of = summary(&labels, &scores, f64::from(threshold));
        for (searched, decided) in of.nab_searched.iter().zip(&of.nab_decided) {
            prop_assert!(searched.raw >= decided.raw - 1e-9);
            prop_assert!(searched.score.is_none_or(|score| (-1e-9..=100.0 + 1e-9).contains(&score)));
        }
    }

    #[test]
    fn turning_time_round_changes_no_affiliation((labels, scores) in rows()) {
        let of = |labels: Vec<bool>, scores: Vec<f64>| {
            let decisions = Scores::new(scores).unwrap().at_least(3.0);
            affiliation(&Labels::new(labels), &decisions).unwrap()
        };
        let turned = of(labels.iter().rev().copied().collect(), scores.iter().rev().copied().collect());
        let (Some(a), Some(b)) = (of(labels, scores), turned) else { return Ok(()) };
        prop_assert_eq!(a.precision.is_some(), b.precision.is_some());
        let (p, q) = (a.precision.unwrap_or(0.0), b.precision.unwrap_or(0.0));
        prop_assert!((p - q).abs() < 1e-9 && (a.recall - b.recall).abs() < 1e-9);
    }

    #[test]
    fn point_adjustment_never_lowers_f1((labels, scores) in rows()) {
        let truth = Labels::new(labels);
        let decisions = Decisions::new(scores.iter().map(|score| *score >= 2.0).collect());
        let plain = tuatara_metrics::f1(&truth, &decisions).unwrap();
        prop_assert!(point_adjusted_f1(&truth, &decisions, None).unwrap() >= plain);
    }
}
