//! From rows to a grid, in cases worked out by hand.

use tuatara_frame::{Aggregation, Granularity, Instant, Interval, TimeAxis, Zone, regularise};

const NAN: f64 = f64::NAN;

/// An instant on 1 May 2024, from `HH:MM`.
fn at(clock: &str) -> Instant {
    format!("2024-05-01T{clock}:00Z").parse().unwrap()
}

/// Hours from midnight on.
fn hours(count: usize) -> TimeAxis {
    let end = at(&format!("{count:02}:00"));
    let granularity: Granularity = "PT1H".parse().unwrap();
    TimeAxis::covering(
        granularity,
        Zone::UTC,
        Interval::new(at("00:00"), end).unwrap(),
    )
    .unwrap()
}

/// Values as text, so that NaN equals NaN.
fn text(values: &[f64]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn run(
    rows: &[(&str, f64)],
    buckets: usize,
    aggregation: Aggregation,
) -> (Vec<String>, tuatara_frame::RegulariseReport) {
    let rows = rows.iter().map(|&(clock, value)| (at(clock), value));
    let (values, report) = regularise(rows, &hours(buckets), aggregation);
    (text(&values), report)
}

#[test]
fn rows_on_the_grid_stay_as_they_are() {
    let (values, report) = run(&[("00:00", 1.0), ("01:00", 0.0)], 2, Aggregation::Sum);
    assert_eq!(values, ["1", "0"]);
    assert!(report.is_clean());
    assert_eq!(report.to_string(), "2 rows filled 2 of 2 buckets.");
}

#[test]
fn a_bucket_without_rows_is_missing_and_never_zero() {
    for aggregation in Aggregation::ALL {
        let (values, report) = run(&[("00:00", 1.0), ("02:00", 1.0)], 4, aggregation);
        assert_eq!(values, ["1", "NaN", "1", "NaN"], "{aggregation}");
        assert_eq!(
            (report.missing.count, report.missing.first),
            (2, Some(at("01:00")))
        );
        assert_eq!(report.gaps.count, 1, "the end of the grid is no gap");
    }
}

#[test]
fn rows_of_one_bucket_become_one_value() {
    let rows = [
        ("00:00", 4.0),
        ("00:20", 1.0),
        ("00:40", 7.0),
        ("01:00", 9.0),
    ];
    let of = |aggregation| run(&rows, 2, aggregation).0;
    assert_eq!(of(Aggregation::Sum), ["12", "9"]);
    assert_eq!(of(Aggregation::Count), ["3", "1"]);
    assert_eq!(of(Aggregation::Min), ["1", "9"]);
    assert_eq!(of(Aggregation::Max), ["7", "9"]);
    assert_eq!(of(Aggregation::Mean), ["4", "9"]);
    let (_, report) = run(&rows, 2, Aggregation::Sum);
    assert_eq!(
        (report.merged.count, report.merged.first),
        (2, Some(at("00:20")))
    );
    assert_eq!(
        (report.off_grid.count, report.off_grid.first),
        (2, Some(at("00:20")))
    );
}

#[test]
fn rows_without_a_value_leave_their_bucket_to_the_others() {
    let rows = [("00:00", NAN), ("00:10", 5.0), ("01:00", NAN)];
    let (values, report) = run(&rows, 2, Aggregation::Mean);
    assert_eq!(values, ["5", "NaN"]);
    assert_eq!(
        (report.empty.count, report.empty.first),
        (2, Some(at("00:00")))
    );
    assert_eq!(run(&rows, 2, Aggregation::Count).0, ["1", "NaN"]);
}

#[test]
fn infinite_values_are_missing_and_counted() {
    let rows = [
        ("00:00", f64::INFINITY),
        ("01:00", f64::NEG_INFINITY),
        ("01:30", 2.0),
    ];
    let (values, report) = run(&rows, 2, Aggregation::Sum);
    assert_eq!(values, ["NaN", "2"]);
    assert_eq!(
        (report.infinite.count, report.infinite.first),
        (2, Some(at("00:00")))
    );
}

#[test]
fn a_sum_that_overflows_is_missing_and_counted() {
    let (values, report) = run(
        &[("00:00", f64::MAX), ("00:30", f64::MAX)],
        1,
        Aggregation::Sum,
    );
    assert_eq!(values, ["NaN"]);
    assert_eq!(
        (report.infinite.count, report.infinite.first),
        (1, Some(at("00:00")))
    );
}

#[test]
fn rows_in_any_order_give_the_same_values() {
    let rows = [
        ("02:00", 3.0),
        ("00:00", 1.0),
        ("01:00", 2.0),
        ("03:00", 4.0),
    ];
    let (values, report) = run(&rows, 4, Aggregation::Sum);
    assert_eq!(values, ["1", "2", "3", "4"]);
    // 00:00 and 01:00 come after 02:00 in the input.
    assert_eq!(
        (report.out_of_order.count, report.out_of_order.first),
        (2, Some(at("00:00")))
    );
}

#[test]
fn sums_run_in_order_of_time_and_then_of_input() {
    // In f64, 1e16 + 1 is 1e16: the ones survive only when they are added first.
    let early_ones = [("00:00", 1.0), ("00:01", 1.0), ("00:02", 1e16)];
    let shuffled = [early_ones[2], early_ones[1], early_ones[0]];
    assert_eq!(
        run(&early_ones, 1, Aggregation::Sum).0,
        ["10000000000000002"]
    );
    assert_eq!(run(&shuffled, 1, Aggregation::Sum).0, ["10000000000000002"]);

    let same_stamp = [("00:00", 1e16), ("00:00", 1.0), ("00:00", 1.0)];
    let (values, report) = run(&same_stamp, 1, Aggregation::Sum);
    assert_eq!(values, ["10000000000000000"]);
    assert_eq!((report.out_of_order.count, report.merged.count), (0, 2));
}

#[test]
fn rows_outside_the_axis_are_left_out_and_counted() {
    let rows = [("00:00", 1.0), ("05:00", 2.0), ("06:00", 3.0)];
    let (values, report) = run(&rows, 2, Aggregation::Sum);
    assert_eq!(values, ["1", "NaN"]);
    assert_eq!((report.rows, report.outside.count), (3, 2));
    assert_eq!(report.outside.first, Some(at("05:00")));
}

#[test]
fn no_rows_and_no_buckets_are_fine() {
    assert_eq!(run(&[], 2, Aggregation::Sum).0, ["NaN", "NaN"]);
    let empty = Interval::new(at("00:00"), at("00:00")).unwrap();
    let axis = TimeAxis::covering("PT1H".parse().unwrap(), Zone::UTC, empty).unwrap();
    let (values, report) = regularise([(at("00:00"), 1.0)], &axis, Aggregation::Sum);
    assert!(values.is_empty());
    assert_eq!(report.outside.count, 1);
}

#[test]
fn the_report_reads_as_plain_sentences() {
    let rows = [
        ("02:00", 3.0),
        ("00:00", 1.0),
        ("00:30", NAN),
        ("09:00", 1.0),
        ("04:00", 1.0),
    ];
    let (_, mut report) = run(&rows, 5, Aggregation::Sum);
    assert_eq!(
        report.to_string(),
        "5 rows filled 3 of 5 buckets: 3 out of order (first at 2024-05-01T00:00:00Z); 1 merged \
         into the bucket of another (first at 2024-05-01T00:30:00Z); 1 without a value (first at \
         2024-05-01T00:30:00Z); 1 outside the grid, left out (first at 2024-05-01T09:00:00Z). 2 \
         buckets inside are empty, first at 2024-05-01T01:00:00Z."
    );
    let other = run(&[("00:00", 1.0), ("02:00", 1.0)], 3, Aggregation::Sum).1;
    assert!(
        other
            .to_string()
            .ends_with(" 1 bucket inside is empty, at 2024-05-01T01:00:00Z.")
    );
    report.absorb(&other);
    assert_eq!((report.rows, report.buckets, report.gaps.count), (7, 8, 3));
}

#[test]
fn a_day_of_25_hours_takes_all_of_its_rows() {
    let zone: Zone = "America/Los_Angeles".parse().unwrap();
    let start: Instant = "2024-11-03T07:00:00Z".parse().unwrap();
    let end: Instant = "2024-11-04T08:00:00Z".parse().unwrap();
    let day = Interval::new(start, end).unwrap();
    let axis = TimeAxis::covering(Granularity::days(), zone, day).unwrap();
    let rows = (0..25).map(|hour| {
        (
            Instant::from_millis(start.millis() + hour * 3_600_000).unwrap(),
            1.0,
        )
    });
    let (values, _) = regularise(rows, &axis, Aggregation::Sum);
    assert_eq!(text(&values), ["25"]);
}
