//! The fold on a few hours, worked out by hand.

use tuatara_core::{
    Anomaly, Direction, Evaluation, Evidence, Filter, FilterError, Judgement, Memo, Needs, Row,
    Verdict, Window,
};
use tuatara_frame::{
    Aggregation, Duration, Granularity, Instant, Interval, Series, SliceKey, TimeAxis, Zone,
};
use tuatara_merge::{Folded, MergeError, MergePolicy, NamedFilter, RuleCarry, Stage, Thinning};

const NAN: f64 = f64::NAN;

fn hour(hour: i64) -> Instant {
    Instant::from_millis(hour * 3_600_000).unwrap()
}

/// Hours of a metric that is expected to be 10; above 20 is an anomaly.
fn series(values: &[f64]) -> Series {
    let span = Interval::new(hour(0), hour(values.len() as i64)).unwrap();
    let step = Granularity::fixed(Duration::hours(1)).unwrap();
    let axis = TimeAxis::covering(step, Zone::UTC, span).unwrap();
    Series::new(axis, values.to_vec()).unwrap()
}

fn rows(values: &[f64]) -> Evaluation {
    let mut out = Evaluation::default();
    let mut columns = out.columns(values.len());
    for (i, &observed) in values.iter().enumerate() {
        let (expected, lower, upper) = (10.0, f64::NEG_INFINITY, 20.0);
        let (score, verdict) = match observed {
            y if y.is_nan() => (NAN, Verdict::Missing),
            y if y > upper => ((y - 10.0) / 10.0, Verdict::Anomalous(Direction::Up)),
            y => ((y - 10.0) / 10.0, Verdict::Normal),
        };
        columns.set(
            i,
            Row {
                observed,
                expected,
                lower,
                upper,
                score,
                verdict,
            },
        );
    }
    out
}

/// Keeps what lasts from `least` to `most` hours.
#[derive(Debug)]
struct Lasts(u32, u32);

impl Filter for Lasts {
    fn needs(&self, _: &SliceKey, _: &TimeAxis) -> Result<Needs, FilterError> {
        Ok(Needs::NOTHING)
    }

    fn judge(
        &self,
        anomaly: &Anomaly,
        _: &Evidence<'_>,
        _: &mut Memo,
    ) -> Result<Judgement, FilterError> {
        let lasted = anomaly.interval.duration();
        let kept = (Duration::hours(self.0)..=Duration::hours(self.1)).contains(&lasted);
        Ok(Judgement::new(
            kept,
            "duration",
            lasted.millis() as f64,
            format!("it lasted {lasted}"),
        ))
    }
}

struct Told {
    /// `hour word start..end`, in hours.
    events: Vec<String>,
    folded: Folded,
    carry: RuleCarry,
}

fn told(values: &[f64], gap: u32, longest: u32, filter: Option<&dyn Filter>) -> Told {
    let slice = SliceKey::new("errors");
    let filters: Vec<NamedFilter<'_>> = filter
        .map(|filter| NamedFilter {
            name: "lasts",
            filter,
            axis: None,
            others: &[],
        })
        .into_iter()
        .collect();
    let stage = Stage {
        detection: "detection",
        rule: "rule:TYPE",
        slice: &slice,
        aggregation: Aggregation::Sum,
        policy: MergePolicy::new(Duration::hours(gap), Duration::hours(longest)).unwrap(),
        thinning: Thinning::default(),
        delay: Duration::ZERO,
        filters: &filters,
        labeler: None,
        windows: &[],
    };
    let series = series(values);
    let (mut carry, mut folded) = (RuleCarry::default(), Folded::default());
    let window = Window::whole(series.axis());
    stage
        .fold(
            series.view(),
            window,
            &rows(values),
            &mut carry,
            &mut folded,
        )
        .unwrap();
    let hours = |instant: Instant| instant.millis() / 3_600_000;
    let events = folded
        .events
        .iter()
        .map(|event| {
            let interval = event.anomaly.interval;
            let (start, end) = (hours(interval.start()), hours(interval.end()));
            format!("{} {} {start}..{end}", hours(event.at), event.kind)
        })
        .collect();
    Told {
        events,
        folded,
        carry,
    }
}

#[test]
fn an_anomaly_opens_grows_gets_worse_and_closes_when_nothing_can_join() {
    let told = told(&[10.0, 30.0, 25.0, 50.0, 10.0, 10.0, 10.0], 1, 100, None);
    assert_eq!(
        told.events,
        [
            "2 opened 1..2",
            "3 extended 1..3",
            "4 rescored 1..4",
            "6 closed 1..4"
        ]
    );
    let closed = &told.folded.events[3].anomaly;
    assert_eq!((closed.peak.at, closed.flagged), (hour(3), 3));
    assert_eq!(closed.reportable_at, Some(hour(2)));
    assert!(told.carry.is_empty());
}

#[test]
fn flags_on_both_sides_of_a_gap_are_one_anomaly_with_the_gap_inside() {
    let joined = told(&[30.0, 10.0, 30.0, 10.0, 10.0], 1, 100, None);
    assert_eq!(
        joined.events,
        ["1 opened 0..1", "3 extended 0..3", "5 closed 0..3"]
    );
    // 30 + 10 + 30 against three times 10, and two flags.
    let whole = &joined.folded.events[2].anomaly;
    assert_eq!(
        (whole.flagged, whole.observed.to_bits()),
        (2, 70.0_f64.to_bits())
    );
    assert_eq!(whole.expected.to_bits(), 30.0_f64.to_bits());
    // With no gap allowed they are two.
    let apart = told(&[30.0, 10.0, 30.0, 10.0], 0, 100, None);
    assert_eq!(
        apart.events,
        [
            "1 opened 0..1",
            "2 closed 0..1",
            "3 opened 2..3",
            "4 closed 2..3"
        ]
    );
}

#[test]
fn missing_hours_inside_count_for_time_and_not_for_the_sums() {
    let told = told(&[30.0, NAN, 40.0, NAN, NAN], 1, 100, None);
    let whole = &told.folded.events[2].anomaly;
    assert_eq!(
        (whole.observed.to_bits(), whole.expected.to_bits()),
        (70.0_f64.to_bits(), 20.0_f64.to_bits())
    );
}

#[test]
fn beyond_max_duration_the_next_bucket_begins_another() {
    let told = told(&[30.0, 30.0, 30.0, 30.0, 30.0], 0, 2, None);
    assert_eq!(
        told.events,
        [
            "1 opened 0..1",
            "2 extended 0..2",
            "3 closed 0..2",
            "3 opened 2..3",
            "4 extended 2..4",
            "5 closed 2..4",
            "5 opened 4..5",
        ]
    );
    assert!(told.carry.is_reported());
}

#[test]
fn a_single_bucket_longer_than_max_duration_is_one_anomaly() {
    let slice = SliceKey::new("errors");
    let half = Duration::from_millis(1_800_000).unwrap();
    let stage = Stage {
        detection: "detection",
        rule: "rule:TYPE",
        slice: &slice,
        aggregation: Aggregation::Sum,
        policy: MergePolicy::new(Duration::ZERO, half).unwrap(),
        thinning: Thinning::default(),
        delay: Duration::ZERO,
        filters: &[],
        labeler: None,
        windows: &[],
    };
    let values = [30.0, 30.0];
    let series = series(&values);
    let (mut carry, mut folded) = (RuleCarry::default(), Folded::default());
    let window = Window::whole(series.axis());
    stage
        .fold(
            series.view(),
            window,
            &rows(&values),
            &mut carry,
            &mut folded,
        )
        .unwrap();
    let words: Vec<&str> = folded
        .events
        .iter()
        .map(|event| event.kind.as_str())
        .collect();
    assert_eq!(words, ["opened", "closed", "opened"]);
}

#[test]
fn a_filter_delays_the_report_until_it_keeps() {
    let told = told(&[30.0, 30.0, 30.0, 10.0], 0, 100, Some(&Lasts(2, 9)));
    assert_eq!(
        told.events,
        ["2 opened 0..2", "3 extended 0..3", "4 closed 0..3"]
    );
    assert_eq!(told.folded.events[2].anomaly.reportable_at, Some(hour(2)));
}

#[test]
fn what_no_filter_ever_kept_is_removed_without_an_event() {
    let told = told(&[30.0, 10.0, 10.0], 0, 100, Some(&Lasts(2, 9)));
    assert!(told.events.is_empty());
    assert_eq!(told.folded.removed.len(), 1);
    assert_eq!(
        told.folded.removed[0].judgements[0].to_string(),
        "removed by lasts: it lasted PT1H"
    );
    assert_eq!(told.folded.removed[0].reportable_at, None);
}

#[test]
fn what_outgrows_a_filter_is_taken_back_and_removed() {
    let told = told(&[30.0, 30.0, 30.0, 10.0], 0, 100, Some(&Lasts(1, 2)));
    assert_eq!(
        told.events,
        [
            "1 opened 0..1",
            "2 extended 0..2",
            "3 retracted: lasts no longer keeps it 0..3"
        ]
    );
    assert_eq!(told.folded.removed.len(), 1);
}

#[test]
fn a_series_that_starts_after_the_carried_anomaly_is_refused_with_the_remedy() {
    let first = told(&[10.0, 30.0], 2, 100, Some(&Lasts(1, 9)));
    let mut carry = first.carry;
    let slice = SliceKey::new("errors");
    let lasts = Lasts(1, 9);
    let filters = [NamedFilter {
        name: "lasts",
        filter: &lasts,
        axis: None,
        others: &[],
    }];
    let stage = Stage {
        detection: "detection",
        rule: "rule:TYPE",
        slice: &slice,
        aggregation: Aggregation::Sum,
        policy: MergePolicy::default(),
        thinning: Thinning::default(),
        delay: Duration::ZERO,
        filters: &filters,
        labeler: None,
        windows: &[],
    };
    let span = Interval::new(hour(2), hour(3)).unwrap();
    let step = Granularity::fixed(Duration::hours(1)).unwrap();
    let axis = TimeAxis::covering(step, Zone::UTC, span).unwrap();
    let later = Series::new(axis, vec![30.0]).unwrap();
    let window = Window::whole(later.axis());
    let answer = stage.fold(
        later.view(),
        window,
        &rows(&[30.0]),
        &mut carry,
        &mut Folded::default(),
    );
    let error = answer.unwrap_err();
    assert!(matches!(error, MergeError::SeriesTooShort { .. }));
    assert!(
        error
            .to_string()
            .contains("serve the series from maxDuration + maxGap"),
        "{error}"
    );
}
