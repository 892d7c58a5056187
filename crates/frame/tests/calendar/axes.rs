//! Grids: rounding, growth, anchors, month ends, and the ends of the calendar.

use tuatara_frame::{Granularity, Instant, Interval, NaiveDate, TimeAxis, Weekday, Zone};

use crate::{at, axis, grid, lag, on, source, starts, zone};

#[test]
fn months_meet_the_last_day_of_a_shorter_one() {
    let daily = axis(
        "P1D",
        "Europe/London",
        "2019-01-01T00:00:00Z",
        "2021-12-31T00:00:00Z",
    );
    let hourly = axis(
        "PT1H",
        "UTC",
        "2019-01-01T00:00:00Z",
        "2021-12-31T00:00:00Z",
    );
    for (from, back, to) in [
        ("2021-03-31", "1mo", "2021-02-28"),
        ("2020-03-31", "1mo", "2020-02-29"),
        ("2020-03-29", "1mo", "2020-02-29"),
        ("2020-02-29", "1mo", "2020-01-29"),
        ("2021-02-28", "1y", "2020-02-28"),
        ("2020-02-29", "1y", "2019-02-28"),
        ("2020-12-31", "6mo", "2020-06-30"),
        ("2020-03-31", "1d", "2020-03-30"),
    ] {
        let day = |text: &str| {
            let date: NaiveDate = text.parse().unwrap();
            zone("Europe/London")
                .start_of_day(date)
                .unwrap()
                .to_string()
        };
        assert_eq!(
            source(&daily, &day(from), back),
            Some(day(to)),
            "{from} - {back}"
        );
        let nine = |date| format!("{date}T09:00:00Z");
        assert_eq!(
            source(&hourly, &nine(from), back),
            Some(nine(to)),
            "{from} - {back}"
        );
    }
}

#[test]
fn day_and_week_lags_on_daily_data_count_dates() {
    let days = axis(
        "P1D",
        "America/Los_Angeles",
        "2020-01-01T12:00:00Z",
        "2020-12-31T12:00:00Z",
    );
    for index in 0..days.len() {
        let index_of_source = i64::try_from(index).unwrap();
        assert_eq!(days.lag(index, lag("1d")), Some(index_of_source - 1));
        assert_eq!(days.lag(index, lag("4w")), Some(index_of_source - 28));
    }
}

#[test]
fn on_coarser_civil_steps_a_lag_means_the_bucket_that_holds_the_moved_date() {
    let sundays = Granularity::weeks(Weekday::Sun);
    let weeks = grid(
        sundays,
        "Europe/London",
        "2020-01-01T00:00:00Z",
        "2020-12-31T00:00:00Z",
    );
    assert_eq!(weeks.start(0), at("2019-12-29T00:00:00Z"));
    for (back, shift) in [
        ("1d", 1),
        ("7d", 1),
        ("8d", 2),
        ("1w", 1),
        ("4w", 4),
        ("1h", 1),
    ] {
        assert_eq!(weeks.lag(30, lag(back)), Some(30 - shift), "{back}");
    }
    // Sunday 29 March - 1 month is Saturday 29 February, in the week of the 23rd.
    assert_eq!(
        source(&weeks, "2020-03-29T12:00:00Z", "1mo").as_deref(),
        Some("2020-02-23T00:00:00Z")
    );

    let months = axis("P1M", "UTC", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z");
    assert_eq!(months.len(), 12);
    for (back, shift) in [
        ("1d", 1),
        ("4w", 1),
        ("1mo", 1),
        ("3mo", 3),
        ("30d", 2),
        ("1h", 1),
    ] {
        assert_eq!(months.lag(2, lag(back)), Some(2 - shift), "March - {back}");
    }
    let quarters = axis("P3M", "UTC", "2020-02-01T00:00:00Z", "2020-05-01T00:00:00Z");
    assert_eq!(
        starts(&quarters),
        [
            "2020-01-01T00:00:00Z",
            "2020-04-01T00:00:00Z",
            "2020-07-01T00:00:00Z"
        ]
    );
    assert_eq!(quarters.lag(1, lag("1mo")), Some(0));
    assert_eq!(quarters.lag(1, lag("1y")), Some(-3));
}

#[test]
fn several_days_are_counted_from_their_anchor() {
    let step = Granularity::days_from(3, on(2020, 1, 2)).unwrap();
    let threes = grid(step, "UTC", "2020-01-05T00:00:00Z", "2020-01-09T00:00:00Z");
    assert_eq!(
        starts(&threes),
        [
            "2020-01-05T00:00:00Z",
            "2020-01-08T00:00:00Z",
            "2020-01-11T00:00:00Z"
        ]
    );
    assert_eq!(threes.lag(1, lag("3d")), Some(0));
    assert_eq!(threes.lag(1, lag("4d")), Some(-1));
    assert_eq!(threes.lag(1, lag("1w")), Some(-2));
}

#[test]
fn data_at_four_past_keep_their_phase() {
    let step: Granularity = "PT1H".parse().unwrap();
    let step = step.with_phase("4m".parse().unwrap()).unwrap();
    let hourly = grid(step, "UTC", "2020-01-01T00:00:00Z", "2020-01-01T02:00:00Z");
    assert_eq!(
        starts(&hourly),
        [
            "2019-12-31T23:04:00Z",
            "2020-01-01T00:04:00Z",
            "2020-01-01T01:04:00Z",
            "2020-01-01T02:04:00Z"
        ]
    );
    assert_eq!(hourly.lag(2, lag("1d")), Some(-22));
    assert_eq!(hourly.lag(2, lag("1h")), Some(1));
}

#[test]
fn an_interval_is_rounded_outward_to_whole_buckets() {
    let hourly = |start, end| axis("PT1H", "UTC", start, end).span().to_string();
    assert_eq!(
        hourly("2020-01-01T00:30:00Z", "2020-01-01T01:00:00.001Z"),
        "2020-01-01T00:00:00Z/2020-01-01T02:00:00Z"
    );
    assert_eq!(
        hourly("2020-01-01T00:00:00Z", "2020-01-01T01:00:00Z"),
        "2020-01-01T00:00:00Z/2020-01-01T01:00:00Z"
    );
    let empty = axis(
        "PT1H",
        "UTC",
        "2020-01-01T00:30:00Z",
        "2020-01-01T00:30:00Z",
    );
    assert!(empty.is_empty() && empty.span().is_empty());
    assert_eq!(empty.index_of(at("2020-01-01T00:30:00Z")), None);
    assert!(empty.lag_plan(lag("1d"), 0..0).runs.is_empty());
}

#[test]
fn an_axis_grows_backward_on_the_same_grid() {
    for step in ["PT5M", "PT1H", "P1D", "P1W", "P1M", "P1Y"] {
        let axis = axis(
            step,
            "Europe/London",
            "2020-03-01T00:00:00Z",
            "2021-03-01T00:00:00Z",
        );
        let longer = axis.extended_back(7).unwrap();
        assert_eq!(longer.len(), axis.len() + 7);
        assert_eq!(longer.ordinal(), axis.ordinal() - 7);
        assert_eq!(longer.start(7), axis.start(0));
        assert_eq!(longer.span().end(), axis.span().end());
        assert_eq!(axis.extended_back(0).unwrap(), axis);
    }
}

#[test]
fn the_zone_of_a_rule_changes_the_wall_clock_and_not_the_grid() {
    let utc = axis(
        "PT1H",
        "UTC",
        "2020-03-01T00:00:00Z",
        "2020-04-01T00:00:00Z",
    );
    let west = utc.with_zone(zone("America/Los_Angeles")).unwrap();
    assert_eq!(starts(&utc), starts(&west));
    assert_ne!(utc, west);
    let index = utc.index_of(at("2020-03-09T07:00:00Z")).unwrap();
    let before =
        |axis: &TimeAxis| i64::try_from(index).unwrap() - axis.lag(index, lag("1d")).unwrap();
    assert_eq!((before(&utc), before(&west)), (24, 23));

    let days = axis("P1D", "UTC", "2020-03-01T00:00:00Z", "2020-04-01T00:00:00Z");
    assert_eq!(days.with_zone(Zone::UTC).unwrap(), days);
    assert_eq!(
        days.with_zone(zone("Asia/Kathmandu"))
            .unwrap_err()
            .to_string(),
        "a grid of P1D is made of local dates and cannot be read in another zone; allowed: fixed \
         steps such as PT1H; cover the interval anew in that zone"
    );
}

#[test]
fn a_grid_that_leaves_the_calendar_is_refused() {
    let last = Interval::new(at("9999-12-31T12:00:00Z"), Instant::MAX).unwrap();
    let error = TimeAxis::covering("P1D".parse().unwrap(), Zone::UTC, last).unwrap_err();
    assert!(
        error.to_string().ends_with("ask for a shorter interval"),
        "{error}"
    );

    let first = axis("P1D", "UTC", "0001-01-01T00:00:00Z", "0001-01-05T00:00:00Z");
    assert!(first.extended_back(1).is_err());
    assert!(first.extended_back(usize::MAX).is_err());
    assert_eq!(first.lag(4, lag("4d")), Some(0));
    assert_eq!(first.lag(4, lag("5d")), None);
    assert_eq!(first.lag(4, lag("1y")), None);
    for name in ["Asia/Tokyo", "America/Los_Angeles"] {
        for step in ["PT1H", "P1D", "P1W", "P1M", "P1Y"] {
            let whole = Interval::new(Instant::MIN, Instant::MAX).unwrap();
            assert!(TimeAxis::covering(step.parse().unwrap(), zone(name), whole).is_err());
        }
    }
    let huge = lag("4294967295y");
    let hourly = axis(
        "PT1H",
        "Asia/Tokyo",
        "0001-01-02T00:00:00Z",
        "0001-01-05T00:00:00Z",
    );
    assert_eq!(hourly.lag(0, huge), None);
    assert_eq!(hourly.lag(15, lag("1d")), Some(-9));
    assert_eq!(hourly.lag(0, lag("33h")), None);
    assert_eq!(hourly.lag_plan(huge, 0..hourly.len()).runs.len(), 1);
    assert_eq!(hourly.lag_plan(huge, 0..hourly.len()).source(5), None);
}
