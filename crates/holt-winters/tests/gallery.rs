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
const AS_A_PERSON: [&str; 0] = [];

#[test]
fn it_answers_most_toys_as_a_person_does() {
    for toy in gallery::all() {
        println!("{:30} {:?} {:?}", toy.name, toy.anomalous, found(&toy));
    }
    for name in AS_A_PERSON {
        let toy = gallery::toy(name).unwrap();
        assert_eq!(found(&toy), toy.anomalous, "{name}: {}", toy.answer);
    }
}
