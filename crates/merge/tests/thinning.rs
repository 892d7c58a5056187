//! Thinning on a few hours, worked out by hand from their scores: above 1 is flagged.

use tuatara_core::{Direction, Evaluation, Row, Verdict, Window};
use tuatara_frame::{
    Aggregation, Duration, Granularity, Instant, Interval, Series, SliceKey, TimeAxis, Zone,
};
use tuatara_merge::{Admission, Folded, MergePolicy, RuleCarry, Stage, Thinning, ThinningParams};

const NAN: f64 = f64::NAN;

fn hour(hour: i64) -> Instant {
    Instant::from_millis(hour * 3_600_000).unwrap()
}

fn row(score: f64) -> Row {
    let (observed, expected, lower, upper) = (10.0 * score, 0.0, f64::NEG_INFINITY, 10.0);
    let verdict = match score {
        y if y.is_nan() => Verdict::Missing,
        y if y > 1.0 => Verdict::Anomalous(Direction::Up),
        _ => Verdict::Normal,
    };
    Row {
        observed,
        expected,
        lower,
        upper,
        score,
        verdict,
    }
}

/// Gaps of up to `gap` hours, anomalies of up to `longest`.
fn policy(gap: u32, longest: u32) -> MergePolicy {
    MergePolicy::new(Duration::hours(gap), Duration::hours(longest)).unwrap()
}

struct Told {
    /// `start..end` of what closed or is open, in hours, and how many of them were flagged.
    found: Vec<String>,
    /// Of each flagged hour that is part of nothing: the hour, and why.
    thinned: Vec<String>,
    carry: RuleCarry,
}

fn told(scores: &[f64], policy: MergePolicy, params: ThinningParams) -> Told {
    let slice = SliceKey::new("errors");
    let stage = Stage {
        detection: "detection",
        rule: "rule:TYPE",
        slice: &slice,
        aggregation: Aggregation::Sum,
        policy,
        thinning: Thinning::new(params).unwrap(),
        delay: Duration::ZERO,
        filters: &[],
        labeler: None,
        windows: &[],
    };
    let span = Interval::new(hour(0), hour(scores.len() as i64)).unwrap();
    let step = Granularity::fixed(Duration::hours(1)).unwrap();
    let axis = TimeAxis::covering(step, Zone::UTC, span).unwrap();
    let series = Series::new(axis, scores.to_vec()).unwrap();
    let (mut carry, mut folded, mut thinned) = (RuleCarry::default(), Folded::default(), vec![]);
    for (i, &score) in scores.iter().enumerate() {
        let (bucket, row) = (series.axis().bucket(i), row(score));
        if let Admission::Thinned(why) = stage.admission(&carry, bucket, &row) {
            thinned.push(format!("{i}: {why}"));
        }
        let mut rows = Evaluation::default();
        rows.columns(1).set(0, row);
        let window = Window::new(series.axis(), i, i + 1).unwrap();
        stage
            .fold(series.view(), window, &rows, &mut carry, &mut folded)
            .unwrap();
    }
    let closed = folded
        .events
        .iter()
        .filter(|event| event.kind.as_str() == "closed");
    let closed = closed.map(|event| &*event.anomaly);
    let found = closed.chain(carry.candidate()).map(|one| {
        let hours = [one.interval.start(), one.interval.end()].map(|at| at.millis() / 3_600_000);
        format!("{}..{}, {} flagged", hours[0], hours[1], one.flagged)
    });
    Told {
        found: found.collect(),
        thinned,
        carry,
    }
}

fn off() -> ThinningParams {
    ThinningParams::default()
}

#[test]
fn without_it_every_flagged_hour_is_part_of_an_anomaly() {
    let told = told(&[0.5, 1.1, 0.5, 0.5, 9.0, 1.1], policy(0, 100), off());
    assert_eq!(told.found, ["1..2, 1 flagged", "4..6, 2 flagged"]);
    assert!(told.thinned.is_empty());
}

#[test]
fn it_opens_above_enter_and_goes_on_above_leave() {
    let params = ThinningParams {
        enter: 2.0,
        leave: 1.2,
        ..off()
    };
    // 2 is not above 2; 1.2 is not above 1.2.
    let told = told(&[1.5, 2.0, 3.0, 1.3, 1.2, 1.3], policy(0, 100), params);
    assert_eq!(told.found, ["2..4, 2 flagged"]);
    assert_eq!(
        told.thinned,
        [
            "0: its score is 1.5, above 2 is asked to open",
            "1: its score is 2, above 2 is asked to open",
            "4: its score is 1.2, above 1.2 is asked to go on",
            "5: its score is 1.3, above 2 is asked to open",
        ]
    );
}

#[test]
fn below_one_leave_holds_what_dips_together() {
    let params = ThinningParams {
        leave: 0.5,
        ..off()
    };
    // The fifth hour is at 0.5 and not above it; a missing one is above nothing.
    let told = told(
        &[2.0, 0.8, 0.6, 3.0, 0.5, 2.0, NAN, 0.8],
        policy(0, 100),
        params,
    );
    assert_eq!(told.found, ["0..4, 2 flagged", "5..6, 1 flagged"]);
}

#[test]
fn below_one_leave_makes_an_anomaly_longer_and_no_new_one() {
    let params = ThinningParams {
        leave: 0.5,
        ..off()
    };
    // Full after three hours; the next flagged one is the next piece.
    let told = told(&[2.0, 0.8, 0.8, 0.8, 0.8, 2.0], policy(0, 3), params);
    assert_eq!(told.found, ["0..3, 1 flagged", "5..6, 1 flagged"]);
}

#[test]
fn it_opens_when_k_of_the_last_n_hours_are_flagged() {
    let params = ThinningParams {
        k: 2,
        n: 3,
        ..off()
    };
    let told = told(
        &[2.0, 0.5, 0.5, 2.0, 0.5, 2.0, 0.5, 0.5, 2.0],
        policy(0, 100),
        params,
    );
    // 3 and 5 lie within three hours; it begins with the hour that opens it.
    assert_eq!(told.found, ["5..6, 1 flagged"]);
    assert_eq!(
        told.thinned,
        [
            "0: 1 of the last 3 buckets, 2 are asked",
            "3: 1 of the last 3 buckets, 2 are asked",
            "8: 1 of the last 3 buckets, 2 are asked",
        ]
    );
}

#[test]
fn a_missing_hour_is_one_of_the_last_n_and_is_not_flagged() {
    let params = ThinningParams {
        k: 2,
        n: 2,
        ..off()
    };
    assert!(
        told(&[2.0, NAN, 2.0], policy(0, 100), params)
            .found
            .is_empty()
    );
    assert_eq!(
        told(&[2.0, 2.0], policy(0, 100), params).found,
        ["1..2, 1 flagged"]
    );
}

#[test]
fn what_is_near_an_open_anomaly_is_part_of_it_however_few_there_are() {
    let params = ThinningParams {
        k: 2,
        n: 2,
        quiet: Duration::hours(9),
        ..off()
    };
    let told = told(&[2.0, 2.0, 0.5, 0.5, 2.0], policy(2, 100), params);
    assert_eq!(told.found, ["1..5, 2 flagged"]);
}

#[test]
fn it_opens_after_the_quiet_and_not_within_it() {
    let params = ThinningParams {
        quiet: Duration::hours(3),
        ..off()
    };
    // Two quiet hours before 3; then three before 7: exactly enough.
    let told = told(
        &[2.0, 0.5, 0.5, 2.0, 0.5, 0.5, 0.5, 2.0],
        policy(0, 100),
        params,
    );
    assert_eq!(told.found, ["0..1, 1 flagged", "7..8, 1 flagged"]);
    assert_eq!(
        told.thinned,
        ["3: another PT2H before it, PT3H without one are asked"]
    );
}

/// By what counts alone, the hours 0 and 1 would disturb each other, and nothing would ever open.
#[test]
fn only_what_counts_disturbs_the_quiet() {
    let params = ThinningParams {
        enter: 1.5,
        k: 2,
        n: 2,
        quiet: Duration::hours(4),
        ..off()
    };
    // Flagged alone at 0, too low at 2 and 3, and then high.
    let scores = [2.0, 0.5, 1.2, 1.2, 2.0];
    let told = told(&scores, policy(0, 100), params);
    assert_eq!(told.found, ["4..5, 1 flagged"]);
}

#[test]
fn a_stretch_that_max_duration_cuts_goes_on_within_the_quiet() {
    let params = ThinningParams {
        enter: 3.0,
        quiet: Duration::hours(9),
        ..off()
    };
    let told = told(&[4.0, 2.0, 2.0, 2.0], policy(0, 2), params);
    assert_eq!(told.found, ["0..2, 2 flagged", "2..4, 2 flagged"]);
}

#[test]
fn what_is_remembered_is_forgotten_when_it_no_longer_matters() {
    let params = ThinningParams {
        k: 2,
        n: 4,
        quiet: Duration::hours(6),
        ..off()
    };
    let calm = |hours: usize| {
        let mut scores = vec![2.0, 2.0];
        scores.resize(2 + hours, 0.5);
        told(&scores, policy(0, 100), params).carry.is_empty()
    };
    assert!(!calm(5));
    assert!(calm(6));
}

#[test]
fn settings_out_of_their_range_are_refused_with_the_remedy() {
    let refused = |params: ThinningParams| Thinning::new(params).unwrap_err().to_string();
    let enter = |enter: f64| refused(ThinningParams { enter, ..off() });
    assert_eq!(
        enter(0.5),
        "thinning: `enter` is 0.5; allowed: a number, 1 or more; 1 takes every flagged bucket"
    );
    assert!(enter(NAN).contains("`enter` is NaN"));
    let leave = |leave: f64| refused(ThinningParams { leave, ..off() });
    assert_eq!(
        leave(1.5),
        "thinning: `leave` is 1.5; allowed: 0 to `enter`, which is 1; 1 takes every flagged bucket"
    );
    assert!(leave(-0.1).contains("`leave` is -0.1"));
    let of = |k: u32, n: u32| refused(ThinningParams { k, n, ..off() });
    assert_eq!(
        of(3, 2),
        "thinning: `k` is 3; allowed: 1 to `n`, which is 2; 1 takes every flagged bucket"
    );
    assert_eq!(
        of(1, 49),
        "thinning: `n` is 49; allowed: 1 to 48; 1 counts the bucket alone"
    );
    assert!(of(0, 1).contains("`k` is 0") && of(0, 0).contains("`n` is 0"));
}
