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
    assert_eq!(of(Aggregation::Median), ["4", "9"]);
    assert_eq!(of(Aggregation::Last), ["7", "9"]);
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
    assert_eq!((report.out_of_order.count, report.merged.count), (0, 0));
    assert_eq!(
        (report.repeated.count, report.repeated.first),
        (2, Some(at("00:00")))
    );
}

#[test]
fn the_last_value_is_that_of_the_latest_stamp_and_then_of_the_latest_row() {
    let rows = [
        ("00:40", 3.0),
        ("00:50", 1.0),
        ("00:50", 2.0),
        ("00:59", NAN),
        ("00:00", 9.0),
    ];
    assert_eq!(run(&rows, 1, Aggregation::Last).0, ["2"]);
}

#[test]
fn a_median_has_the_middle_of_each_bucket_by_itself() {
    let rows = [
        ("00:00", 9.0),
        ("00:10", 1.0),
        ("00:20", 3.0),
        ("01:00", NAN),
        ("02:00", 8.0),
        ("02:01", 2.0),
    ];
    assert_eq!(run(&rows, 3, Aggregation::Median).0, ["3", "NaN", "5"]);
}

#[test]
fn the_widest_gap_is_named_with_where_it_ends() {
    let rows = [
        ("00:00", 1.0),
        ("02:00", 1.0),
        ("06:00", 1.0),
        ("10:00", 1.0),
    ];
    let (_, report) = run(&rows, 12, Aggregation::Sum);
    let widest = report.widest_gap.unwrap();
    assert_eq!(widest.buckets, 3, "the earlier of two");
    assert_eq!(
        widest.interval,
        Interval::new(at("03:00"), at("06:00")).unwrap()
    );
    let (_, alone) = run(&[("00:00", 1.0), ("04:00", 1.0)], 6, Aggregation::Sum);
    assert!(
        alone.to_string().ends_with(
            " 3 buckets inside are empty, in a row from 2024-05-01T01:00:00Z to \
             2024-05-01T04:00:00Z."
        ),
        "{alone}"
    );
    let mut both = alone;
    both.absorb(&report);
    assert_eq!(both.widest_gap.unwrap().interval.start(), at("01:00"));
}

/// Stamps as local clocks showed them in spring, read as UTC: every five minutes at four past, an
/// hour of them is skipped, and twelve rows of the next are written at its start.
#[test]
fn repeated_stamps_a_jump_and_a_phase_are_named() {
    let spring = |clock: &str| {
        format!("2014-03-09T{clock}:00Z")
            .parse::<Instant>()
            .unwrap()
    };
    let mut rows: Vec<Instant> = (0..24)
        .map(|n| spring(&format!("{:02}:{:02}", n / 12, n % 12 * 5 + 4)))
        .collect();
    rows.extend([spring("03:00"); 12]);
    rows.extend((0..12).map(|n| spring(&format!("03:{:02}", n * 5 + 4))));
    let step: Granularity = "PT5M".parse().unwrap();
    let phase = tuatara_frame::Duration::minutes(4);
    let span = Interval::new(spring("00:04"), spring("04:00")).unwrap();
    let axis = TimeAxis::covering(step.with_phase(phase).unwrap(), Zone::UTC, span).unwrap();
    let rows = rows.into_iter().map(|at| (at, 1.0));
    let (_, report) = regularise(rows, &axis, Aggregation::Mean);
    assert_eq!(
        report.to_string(),
        "48 rows filled 37 of 48 buckets: 11 with the stamp of another, merged with it (first at \
         2014-03-09T03:00:00Z); 12 off the grid (first at 2014-03-09T03:00:00Z). 11 buckets inside \
         are empty, in a row from 2014-03-09T02:04:00Z to 2014-03-09T02:59:00Z."
    );
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
         into the bucket of another (first at 2024-05-01T00:30:00Z); 1 off the grid (first at \
         2024-05-01T00:30:00Z); 1 without a value (first at \
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
