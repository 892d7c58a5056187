//! The gallery of toy series: what smoothing finds in them.

use tuatara_core::{BuildContext, Detector, Evaluation, Memo, Params, Window};
use tuatara_holt_winters::HoltWintersParams;
use tuatara_testkit::gallery::{self, Toy};

fn rule() -> Box<dyn Detector> {
    HoltWintersParams {
        sensitivity: Some(0.0),
        min_rel: 0.05,
        ..Default::default()
    }
    .build(&BuildContext::new("gallery"))
    .expect("the parameters are valid")
}

fn found(toy: &Toy) -> Vec<usize> {
    let (view, window) = (toy.series.view(), Window::whole(toy.series.axis()));
    let mut rows = Evaluation::default();
    rule()
        .evaluate(view, window, &mut Memo::default(), &mut rows)
        .expect("any series is judged");
    (0..rows.len())
        .filter(|&i| rows.verdict().is_anomalous(i))
        .collect()
}

/// Where three usual residuals, and a twentieth at least, are the answer of a person.
const AS_A_PERSON: [&str; 16] = [
    "flat",
    "flat with a breath",
    "weekend shape",
    "drop to zero",
    "ramp",
    "gap",
    "gap ending in a spike",
    "all missing",
    "spike on noise",
    "spike at the last point",
    "two spikes one lag apart",
    "clock change",
    "doubled hour",
    "quantised",
    "negative",
    "tiny scale",
];

#[test]
fn it_answers_most_toys_as_a_person_does() {
    for name in AS_A_PERSON {
        let toy = gallery::toy(name).unwrap();
        assert_eq!(found(&toy), toy.anomalous, "{name}: {}", toy.answer);
    }
}

/// What smoothing does with the others. The first value has no history, and of two seasons of it
/// nobody can tell which is right; a value that repeats is
/// what smoothing expects; a twentieth of 10¹² is more than any change; the bounce after a holiday
/// is off; and a new level is told each day until the next refit.
#[test]
fn where_it_does_not_the_answer_is_known() {
    for (name, ours) in [
        ("spike at the first point", &[14][..]),
        ("stuck at a changing value", &[]),
        ("huge offset", &[]),
        ("holiday and bounce", &[28, 29]),
        ("level shift kept", &[28, 29, 30, 31, 32, 33, 34]),
    ] {
        assert_eq!(found(&gallery::toy(name).unwrap()), ours, "{name}");
    }
}
