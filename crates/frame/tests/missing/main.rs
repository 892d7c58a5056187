//! What stands in for missing values, in cases worked out by hand and against the definition.

mod laws;

use tuatara_frame::{
    Aggregation, Exploration, Fill, Frame, Granularity, Instant, Interval, Metric, Missing,
    RegulariseReport, Series, SliceKey, SliceRequest, Source, TimeAxis, ValueRange, Zone,
    regularise_metric,
};

const NAN: f64 = f64::NAN;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn axis(granularity: &str, zone: &str, from: &str, to: &str) -> TimeAxis {
    let (granularity, zone) = (granularity.parse().unwrap(), zone.parse().unwrap());
    let interval = Interval::new(at(from), at(to)).unwrap();
    TimeAxis::covering(granularity, zone, interval).unwrap()
}

/// `days` days from 1 May 2024 on, numbered from 1.
fn may(days: std::ops::Range<usize>) -> TimeAxis {
    let day = |n: usize| format!("2024-05-{n:02}T00:00:00Z");
    axis("P1D", "UTC", &day(days.start), &day(days.end))
}

/// A value on each of some days of May 2024.
fn rows(values: &[(usize, f64)]) -> Vec<(Instant, f64)> {
    let row = |&(day, value): &(usize, f64)| (at(&format!("2024-05-{day:02}T00:00:00Z")), value);
    values.iter().map(row).collect()
}

fn text(values: &[f64]) -> String {
    let words: Vec<String> = values.iter().map(ToString::to_string).collect();
    words.join(" ")
}

fn percent(missing: Missing) -> Metric {
    Metric::new("cpu")
        .with_aggregation(Aggregation::Mean)
        .with_range(ValueRange::new(0.0, 100.0).unwrap())
        .with_missing(missing)
}

fn series(values: &[(usize, f64)], axis: &TimeAxis, missing: Missing) -> Series {
    regularise_metric(rows(values), axis, &percent(missing))
        .unwrap()
        .series
}

fn report(values: &[(usize, f64)], axis: &TimeAxis, missing: Missing) -> RegulariseReport {
    regularise_metric(rows(values), axis, &percent(missing))
        .unwrap()
        .report
}

/// What every bucket may know of every other, as text: NaN equals NaN.
fn all_history(series: &Series) -> Vec<String> {
    (0..series.len())
        .map(|as_of| {
            let of = |j| series.view().history(j, as_of);
            text(&(0..series.len()).map(of).collect::<Vec<f64>>())
        })
        .collect()
}

const POLICIES: [Missing; 4] = [
    Missing::Leave,
    Missing::Zero,
    Missing::Carry { limit: 2 },
    Missing::Interpolate { limit: 2 },
];

#[test]
fn left_alone_they_stay_missing() {
    let left = series(&[(2, 5.0), (4, 7.0)], &may(1..6), Missing::Leave);
    assert_eq!(text(left.values()), "NaN 5 NaN 7 NaN");
}

#[test]
fn zero_begins_with_the_first_value_and_goes_on_to_the_end_of_the_axis() {
    let rows = [(3, 5.0), (5, 7.0)];
    let zero = series(&rows, &may(1..8), Missing::Zero);
    assert_eq!(text(zero.values()), "NaN NaN 5 0 7 0 0");
    // The value before the axis counts: the slice has begun.
    let later = series(&rows, &may(6..8), Missing::Zero);
    assert_eq!(text(later.values()), "0 0");
    let report = report(&rows, &may(1..8), Missing::Zero);
    assert_eq!(report.filled.zero.count, 3);
    assert_eq!(report.filled.zero.first, Some(at("2024-05-04T00:00:00Z")));
}

#[test]
fn a_row_without_a_value_does_not_begin_a_slice() {
    let zero = series(&[(2, NAN), (3, 5.0), (4, NAN)], &may(1..6), Missing::Zero);
    assert_eq!(text(zero.values()), "NaN NaN 5 0 0");
    let later = series(&[(2, NAN), (3, f64::INFINITY)], &may(4..6), Missing::Zero);
    assert_eq!(text(later.values()), "NaN NaN");
}

#[test]
fn the_last_value_is_carried_for_as_many_buckets_as_the_limit_says() {
    let rows = [(2, 5.0), (6, 7.0)];
    let carried = series(&rows, &may(1..9), Missing::Carry { limit: 2 });
    assert_eq!(text(carried.values()), "NaN 5 5 5 NaN 7 7 7");
    // Asked from the 4th on: the 2nd lies two buckets before.
    let later = series(&rows, &may(4..7), Missing::Carry { limit: 2 });
    assert_eq!(text(later.values()), "5 NaN 7");
    let report = report(&rows, &may(1..9), Missing::Carry { limit: 2 });
    assert_eq!(report.filled.carried.count, 4);
    assert_eq!(report.gaps.count, 3, "gaps are those of the rows");
}

#[test]
fn a_gap_is_interpolated_for_buckets_after_its_end_and_judged_missing() {
    let series = series(
        &[(1, 1.0), (3, 5.0), (4, 6.0)],
        &may(1..6),
        Missing::Interpolate { limit: 1 },
    );
    assert_eq!(text(series.values()), "1 NaN 5 6 NaN");
    let as_of = |i| series.view().history(1, i).to_string();
    // Bucket 2 is the sample that ends the gap: it does not see itself in its own past.
    assert_eq!([1, 2, 3, 4].map(as_of), ["NaN", "NaN", "3", "3"]);
    assert!(series.view().history(3, 2).is_nan(), "nothing lies ahead");
    let fill = &series.view().fills()[0];
    assert_eq!((fill.buckets(), fill.known_from()), (1..2, 3));
    assert_eq!(fill.made_from(), may(1..4).span());
}

#[test]
fn only_a_view_that_knows_the_bucket_after_the_gap_knows_the_fill() {
    let series = series(
        &[(1, 1.0), (3, 5.0), (4, 6.0)],
        &may(1..6),
        Missing::Interpolate { limit: 1 },
    );
    let known = |buckets| series.view().known_until(buckets);
    assert!(known(3).fills().is_empty());
    assert!(known(3).history(1, 4).is_nan());
    assert_eq!(known(4).history(1, 3).to_string(), "3");
    assert!(known(3).history(3, 4).is_nan(), "not known yet");
    assert_eq!(known(3).amended(0..5).count(), 0);
    assert_eq!(known(4).amended(0..5).next(), Some(1..2));
}

#[test]
fn a_longer_gap_and_one_at_an_end_stay_empty() {
    let rows = [(3, 1.0), (6, 4.0), (7, 5.0), (10, 8.0), (11, 9.0)];
    let whole = series(&rows, &may(1..14), Missing::Interpolate { limit: 2 });
    assert_eq!(whole.view().fills().len(), 2);
    let one_less = series(&rows, &may(1..14), Missing::Interpolate { limit: 1 });
    assert!(one_less.view().fills().is_empty());
    let last = text(
        &(0..13)
            .map(|j| whole.view().history(j, 12))
            .collect::<Vec<_>>(),
    );
    assert_eq!(last, "NaN NaN 1 2 3 4 5 6 7 8 9 NaN NaN");
}

#[test]
fn a_gap_across_the_start_of_the_axis_is_filled_from_both_sides() {
    let rows = [(1, 1.0), (4, 4.0), (5, 0.0)];
    let part = series(&rows, &may(3..7), Missing::Interpolate { limit: 2 });
    assert_eq!(text(part.values()), "NaN 4 0 NaN");
    assert_eq!(part.view().history(0, 2).to_string(), "3");
    assert_eq!(part.view().fills()[0].made_from(), may(1..5).span());
    let too_long = series(&rows, &may(3..7), Missing::Interpolate { limit: 1 });
    assert!(too_long.view().fills().is_empty());
}

#[test]
fn the_line_is_drawn_by_time() {
    // March and April have 31 and 30 days: 0 and 61 have 31 between them.
    let months = axis("P1M", "UTC", "2024-03-01T00:00:00Z", "2024-08-01T00:00:00Z");
    let rows = [
        (at("2024-03-01T00:00:00Z"), 0.0),
        (at("2024-05-01T00:00:00Z"), 61.0),
    ];
    let metric = Metric::new("level").with_missing(Missing::Interpolate { limit: 1 });
    let fetched = regularise_metric(rows, &months, &metric).unwrap();
    assert_eq!(fetched.series.view().history(1, 3).to_string(), "31");

    // A day of 25 hours lies between: after 24 hours and after 49 of 73.
    let days = axis(
        "P1D",
        "America/Los_Angeles",
        "2024-11-02T07:00:00Z",
        "2024-11-08T08:00:00Z",
    );
    let rows = [(days.start(0), 0.0), (days.start(3), 73.0)];
    let metric = Metric::new("level").with_missing(Missing::Interpolate { limit: 2 });
    let series = regularise_metric(rows, &days, &metric).unwrap().series;
    assert_eq!(series.view().history(1, 4).to_string(), "24");
    assert_eq!(series.view().history(2, 4).to_string(), "49");
}

#[test]
fn a_doubled_hour_is_two_buckets() {
    // 01:00 comes twice in London on 27 October 2024; the second has no row.
    let hours = axis(
        "PT1H",
        "Europe/London",
        "2024-10-27T00:00:00Z",
        "2024-10-27T04:00:00Z",
    );
    let rows = [(hours.start(0), 4.0), (hours.start(2), 8.0)];
    let of = |missing| {
        let metric = Metric::new("level").with_missing(missing);
        regularise_metric(rows, &hours, &metric).unwrap().series
    };
    assert_eq!(text(of(Missing::Zero).values()), "4 0 8 0");
    assert_eq!(text(of(Missing::Carry { limit: 1 }).values()), "4 4 8 8");
    let line = of(Missing::Interpolate { limit: 1 });
    assert_eq!(line.view().history(1, 3).to_string(), "6");
}

#[test]
fn nothing_stands_in_for_a_date_that_clocks_skip() {
    // Samoa had no 30 December 2011: bucket 2 has no length.
    let days = axis(
        "P1D",
        "Pacific/Apia",
        "2011-12-28T10:00:00Z",
        "2012-01-02T10:00:00Z",
    );
    assert!(days.bucket(2).is_empty());
    let rows = [(days.start(1), 4.0), (days.start(3), 8.0)];
    for missing in POLICIES {
        let metric = Metric::new("level").with_missing(missing);
        let series = regularise_metric(rows, &days, &metric).unwrap().series;
        assert!(series.values()[2].is_nan(), "{missing}");
        assert!(series.view().history(2, 5).is_nan(), "{missing}");
    }
}

#[test]
fn no_rows_and_one_value_are_fine_under_every_policy() {
    for missing in POLICIES {
        assert_eq!(
            text(series(&[], &may(1..4), missing).values()),
            "NaN NaN NaN"
        );
        assert_eq!(
            text(series(&[(2, NAN)], &may(1..4), missing).values()),
            "NaN NaN NaN"
        );
        assert!(series(&[(1, 1.0)], &may(3..3), missing).is_empty());
    }
    let one = |missing| text(series(&[(2, 5.0)], &may(1..6), missing).values());
    assert_eq!(
        POLICIES.map(one),
        [
            "NaN 5 NaN NaN NaN",
            "NaN 5 0 0 0",
            "NaN 5 5 5 NaN",
            "NaN 5 NaN NaN NaN"
        ]
    );
}

#[test]
fn a_limit_of_0_fills_nothing_and_a_huge_one_everything() {
    let rows = [(2, 5.0), (9, 12.0)];
    let left = all_history(&series(&rows, &may(1..12), Missing::Leave));
    for none in [
        Missing::Carry { limit: 0 },
        Missing::Interpolate { limit: 0 },
    ] {
        assert_eq!(all_history(&series(&rows, &may(1..12), none)), left);
    }
    let all = u32::MAX;
    let carried = series(&rows, &may(8..12), Missing::Carry { limit: all });
    assert_eq!(text(carried.values()), "5 12 12 12");
    let line = series(&rows, &may(8..12), Missing::Interpolate { limit: all });
    assert_eq!(line.view().history(0, 2).to_string(), "11");
}

#[test]
fn what_is_out_of_range_stays_and_is_neither_history_nor_carried() {
    let rows = [(1, 10.0), (2, 900.0), (4, 40.0), (5, 50.0)];
    let of = |missing| series(&rows, &may(1..6), missing);
    let left = of(Missing::Leave);
    assert_eq!(text(left.values()), "10 900 NaN 40 50");
    assert!(left.view().history(1, 4).is_nan());
    assert!(!left.view().is_measured(1));
    assert_eq!(left.view().present_before(4, 9).collect::<Vec<_>>(), [3, 0]);
    assert_eq!(left.view().amended(0..5).next(), Some(1..2));

    let carried = of(Missing::Carry { limit: 2 });
    assert_eq!(text(carried.values()), "10 900 10 40 50");
    let line = of(Missing::Interpolate { limit: 2 });
    assert_eq!(text(line.values()), "10 900 NaN 40 50");
    assert_eq!(
        text(&[line.view().history(1, 4), line.view().history(2, 4)]),
        "20 30"
    );
    let report = report(&rows, &may(1..6), Missing::Leave);
    assert_eq!(report.out_of_range.count, 1);
    assert_eq!(report.out_of_range.first, Some(at("2024-05-02T00:00:00Z")));
    assert!(!report.is_clean());
}

#[test]
fn a_sum_that_overflows_is_not_taken_for_nothing() {
    let rows = [(1, 1.0), (2, f64::MAX), (2, f64::MAX), (4, 4.0)];
    for missing in POLICIES {
        let metric = Metric::new("bytes").with_missing(missing);
        let fetched = regularise_metric(self::rows(&rows), &may(1..6), &metric).unwrap();
        assert!(fetched.series.values()[1].is_nan(), "{missing}");
        assert!(fetched.series.view().history(1, 4).is_nan(), "{missing}");
    }
}

#[test]
fn the_report_says_how_many_buckets_were_filled_and_where() {
    let rows = [(1, 1.0), (3, 900.0), (5, 5.0), (9, 9.0), (10, 1.0)];
    let said = |missing| report(&rows, &may(1..11), missing).to_string();
    let gaps = "5 rows filled 5 of 10 buckets: 1 outside the declared range, no measurement (first \
                at 2024-05-03T00:00:00Z). 5 buckets inside are empty, first at \
                2024-05-02T00:00:00Z, 3 of them in a row from 2024-05-06T00:00:00Z to \
                2024-05-09T00:00:00Z";
    assert_eq!(said(Missing::Leave), format!("{gaps}."));
    assert_eq!(
        said(Missing::Zero),
        format!("{gaps}; 5 buckets are filled with 0, first at 2024-05-02T00:00:00Z.")
    );
    assert_eq!(
        said(Missing::Carry { limit: 1 }),
        format!(
            "{gaps}; 2 buckets are filled with the value before, first at 2024-05-02T00:00:00Z."
        )
    );
    // The value that is no measurement lies in the gap, and is replaced for later buckets, too.
    assert_eq!(
        said(Missing::Interpolate { limit: 3 }),
        format!(
            "{gaps}; 6 buckets are interpolated for later ones, first at 2024-05-02T00:00:00Z."
        )
    );
}

#[test]
fn a_fill_that_cannot_be_is_refused() {
    let refused = |fills: Vec<Fill>| {
        let series = Series::new(may(1..6), vec![NAN; 5]).unwrap();
        series.with_fills(fills).unwrap_err().to_string()
    };
    let fill = |first, values: &[f64], known_from| {
        Fill::new(first, values.to_vec(), known_from, may(1..3).span())
    };
    assert_eq!(
        refused(vec![fill(1, &[2.0], 2)]),
        "the fill of buckets 1 to 2 is known before the sample after it; allowed on an axis of 5 \
         buckets: fills in order of time, of finite values or NaN, each known only after the \
         sample that ends its gap"
    );
    for (fills, problem) in [
        (vec![fill(4, &[1.0, 1.0], 9)], "does not lie on the axis"),
        (
            vec![fill(usize::MAX, &[1.0], 9)],
            "does not lie on the axis",
        ),
        (vec![fill(1, &[], 9)], "does not lie on the axis"),
        (
            vec![fill(1, &[f64::INFINITY], 9)],
            "holds an infinite value",
        ),
        (
            vec![fill(1, &[1.0, 1.0], 4), fill(2, &[1.0], 4)],
            "starts before the one before it ends",
        ),
        (
            vec![fill(0, &[1.0], 5), fill(2, &[1.0], 4)],
            "is known before the one before it",
        ),
    ] {
        let message = refused(fills);
        assert!(message.contains(problem), "{message}");
    }
}

/// Two shops, by the hour: one has a row at 0, 1 and 30, the other at 26.
fn shops(missing: Missing) -> Frame {
    let metric = Metric::new("orders").with_missing(missing);
    let mut rows = Frame::builder("shops", [metric])
        .dimensions(["shop"])
        .granularity("PT1H".parse().unwrap());
    for (hour, shop, orders) in [(0, "a", 1.0), (1, "a", 2.0), (26, "b", 5.0), (30, "a", 3.0)] {
        rows.row(hours(hour), &[shop], &[orders]).unwrap();
    }
    rows.build().unwrap()
}

fn hours(n: i64) -> Instant {
    Instant::from_millis(n * 3_600_000).unwrap()
}

fn served(frame: &Frame, slice: &str, granularity: &str, from: i64, to: i64) -> Series {
    let interval = Interval::new(hours(from), hours(to)).unwrap();
    let axis = TimeAxis::covering(granularity.parse().unwrap(), Zone::UTC, interval).unwrap();
    let slice: SliceKey = slice.parse().unwrap();
    frame.series(&SliceRequest { slice, axis }).unwrap().series
}

#[test]
fn a_frame_counts_nothing_as_zero_beyond_its_last_row_and_before_no_first_one() {
    let frame = shops(Missing::Zero);
    let of = |slice, from, to| text(served(&frame, slice, "PT1H", from, to).values());
    assert_eq!(of("orders{shop=a}", 0, 4), "1 2 0 0");
    assert_eq!(of("orders{shop=b}", 24, 29), "NaN NaN 5 0 0");
    assert_eq!(of("orders{shop=b}", 29, 36), "0 0 0 0 0 0 0");
    assert_eq!(of("orders", 24, 28), "0 0 5 0");
    assert_eq!(frame.explore(&Exploration::of("orders")).unwrap().len(), 1);
}

#[test]
fn the_day_in_which_the_data_end_has_what_is_there() {
    // The data end at hour 31, in the second day.
    for missing in [Missing::Zero, Missing::Carry { limit: 9 }] {
        let days = served(&shops(missing), "orders{shop=a}", "P1D", 0, 96);
        let after = if missing == Missing::Zero {
            "0 0"
        } else {
            "3 3"
        };
        assert_eq!(text(days.values()), format!("3 3 {after}"));
    }
}

#[test]
fn an_interval_without_a_row_is_zero_once_the_slice_has_begun() {
    let of = |missing, slice: &str, from, to| {
        let interval = Interval::new(hours(from), hours(to)).unwrap();
        let slice = slice.parse().unwrap();
        shops(missing)
            .aggregate(&slice, interval)
            .unwrap()
            .to_string()
    };
    assert_eq!(of(Missing::Zero, "orders{shop=a}", 5, 9), "0");
    assert_eq!(of(Missing::Zero, "orders{shop=b}", 5, 9), "NaN");
    assert_eq!(of(Missing::Zero, "orders{shop=b}", 5, 27), "5");
    assert_eq!(of(Missing::Zero, "orders{shop=a}", 5, 5), "NaN");
    for missing in [
        Missing::Carry { limit: 99 },
        Missing::Interpolate { limit: 99 },
    ] {
        assert_eq!(of(missing, "orders{shop=a}", 5, 9), "NaN");
    }
}

#[test]
fn the_policy_belongs_to_the_fingerprint() {
    let all = [
        Missing::Leave,
        Missing::Zero,
        Missing::Carry { limit: 1 },
        Missing::Carry { limit: 2 },
        Missing::Interpolate { limit: 1 },
    ];
    let mut prints: Vec<_> = all.map(|missing| shops(missing).fingerprint()).to_vec();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), all.len());
}

/// The step of a grid only says how far a limit reaches.
#[test]
fn limits_count_buckets_of_the_grid_that_is_asked_for() {
    let metric = Metric::new("level")
        .with_aggregation(Aggregation::Last)
        .with_missing(Missing::Carry { limit: 1 });
    let rows = [(hours(0), 4.0), (hours(49), 9.0)];
    let of = |granularity: Granularity| {
        let axis = TimeAxis::covering(
            granularity,
            Zone::UTC,
            Interval::new(hours(0), hours(72)).unwrap(),
        );
        regularise_metric(rows, &axis.unwrap(), &metric)
            .unwrap()
            .series
    };
    assert_eq!(text(of(Granularity::days()).values()), "4 4 9");
    let by_hour = of("PT1H".parse().unwrap());
    assert_eq!(text(&by_hour.values()[..3]), "4 4 NaN");
}
